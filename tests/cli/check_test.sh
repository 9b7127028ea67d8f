# check, and the reports that editors and code hosts read.

test_check_says_nothing_on_stdout() {
    program infra.alt
    altc check
    exits 0
    out_empty
    altc check -q
    exits 0
    out_empty
    err_empty
}

test_line_that_editors_read() {
    broken infra.alt
    altc check
    exits 1
    out_empty
    grep -qE '^infra\.alt:2:3: error: .* \[ALT[0-9]{4}\]$' err || fail "no line for editors"
    err_has "did you mean 'TopicName'?"
}

test_many_files_in_one_call() {
    program a.alt
    broken b.alt
    broken c.alt
    altc check a.alt b.alt c.alt
    exits 1
    err_has "b.alt:2:3: error:"
    err_has "c.alt:2:3: error:"
}

test_check_finds_errors_of_every_stage() {
    staged infra.alt
    printf 'on prod {\n  resource Two: AWS::SNS::Topic {\n    Nothing: 1\n  }\n}\n' >>infra.alt
    altc -o out.json
    exits 0
    altc check
    exits 1
    err_has "Nothing"
    altc check --stage dev
    exits 0
}

test_a_shared_file_is_reported_once() {
    echo 'let a = nowhere' >lib.alt
    for name in one two; do
        printf 'import "./lib.alt"\nresource Topic: AWS::SNS::Topic {\n  TopicName: a\n}\n' >$name.alt
    done
    altc check one.alt two.alt
    exits 1
    [ "$(grep -c '^lib.alt:1:9: error' err)" -eq 1 ] || fail "reported more than once"
}

test_formats_on_stdout() {
    broken infra.alt
    for format in json sarif github; do
        altc check --format $format
        exits 1
        [ -s out ] || fail "no $format"
        err_empty
    done
    out_has "::error file=infra.alt,line=2"
    program good.alt
    for format in json sarif; do
        altc check --format $format good.alt
        exits 0
        [ -s out ] || fail "no $format without findings"
        python3 -m json.tool <out >/dev/null || fail "no JSON"
    done
}

test_reports_beside_the_text() {
    broken infra.alt
    altc check --report sarif:out.sarif --report json:out.json --report github:-
    exits 1
    err_has "infra.alt:2:3: error:"
    out_has "::error"
    grep -q '"2.1.0"' out.sarif || fail "no SARIF"
    python3 -m json.tool <out.json >/dev/null || fail "no JSON"
    altc check --report sarf:x
    exits 2
    altc check --report sarif:no/such/file
    exits 2
}

test_max_errors() {
    i=0
    while [ $i -lt 30 ]; do
        printf 'resource T%d: AWS::SNS::Topic {\n  Nothing: 1\n}\n' $i
        i=$((i + 1))
    done >infra.alt
    altc check
    exits 1
    [ "$(grep -c ': error: ' err)" -eq 20 ] || fail "not 20 by default"
    altc check --max-errors 3
    [ "$(grep -c ': error: ' err)" -eq 3 ] || fail "not 3"
    altc check --max-errors=0
    [ "$(grep -c ': error: ' err)" -eq 30 ] || fail "not all"
}

test_vim_make() {
    command -v vim >/dev/null || skip "vim is not installed"
    broken infra.alt
    # A copy: options of vim want blanks of a path escaped.
    cp -r "$here/../../spec/editors/vim" vimfiles
    PATH=$(dirname "$ALTC"):$PATH vim -u NONE -N -es -c 'set runtimepath^=vimfiles' \
        -c 'edit infra.alt' -c 'compiler altc' -c 'silent make' -c 'redir! > quickfix' \
        -c 'silent clist' -c 'redir END' -c 'qall!' >/dev/null 2>&1 || true
    grep -q 'infra.alt:2 col 3 error' quickfix || fail "$(cat quickfix)"
}

test_pre_commit_hook() {
    command -v pre-commit >/dev/null && command -v git >/dev/null || skip "pre-commit is not installed"
    root=$(cd "$here/../.." && pwd)
    # The hooks file in a repository of its own: only what is committed counts to pre-commit.
    mkdir hooks project
    cp "$root/.pre-commit-hooks.yaml" hooks/
    for folder in hooks project; do
        git -C $folder init -q
        git -C $folder config user.email t@example.org
        git -C $folder config user.name t
    done
    git -C hooks add .
    git -C hooks commit -qm hooks
    cd project
    program good.alt
    broken 'bad one.alt'
    git add .
    PATH=$(dirname "$ALTC"):$PATH
    export PATH PRE_COMMIT_HOME="$PWD/../cache"
    status=0
    pre-commit try-repo ../hooks altc-check --all-files >out 2>err || status=$?
    exits 1
    out_has "bad one.alt:2:3: error"
    git rm -qf 'bad one.alt'
    status=0
    pre-commit try-repo ../hooks altc-check --all-files >out 2>err || status=$?
    exits 0
    out_has "Passed"
}

test_quiet_prints_errors_only() {
    # A template of more than 51,200 bytes has a note on its size.
    i=0
    while [ $i -lt 450 ]; do
        printf 'resource T%d: AWS::SNS::Topic {\n  TopicName: "name-%d"\n  DisplayName: "%080d"\n}\n' $i $i $i
        i=$((i + 1))
    done >infra.alt
    altc -o out.json
    exits 0
    err_has "note:"
    altc -q -o out.json
    exits 0
    err_empty
}
