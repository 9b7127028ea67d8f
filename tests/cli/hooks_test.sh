# The hooks of editors, commits and continuous integration, as README.md shows them.

altc_on_the_path() {
    mkdir bin
    ln -s "$ALTC" bin/altc
    PATH=$PWD/bin:$PATH
}

# Runs each hook of .pre-commit-hooks.yaml as pre-commit does: the entry, then the changed files.
test_pre_commit_entries() {
    altc_on_the_path
    altc new shop --from api-postgres -q
    entries=$(sed -n 's/^ *entry: //p' "$here/../../.pre-commit-hooks.yaml")
    [ -n "$entries" ] || fail "no hooks"
    echo "$entries" | while read -r entry; do
        status=0
        # shellcheck disable=SC2086 # words
        $entry shop/network.alt shop/tests.alt >out 2>err </dev/null || status=$?
        exits 0
    done
    sed -i 's/CidrBlock: /CidrBlok: /' shop/network.alt
    echo "$entries" | while read -r entry; do
        status=0
        # shellcheck disable=SC2086 # words
        $entry shop/network.alt >out 2>err </dev/null || status=$?
        exits 1
    done
}

test_vim_make() {
    command -v vim >/dev/null || skip "vim is not installed"
    altc_on_the_path
    broken "with blank.alt"
    cat >try.vim <<VIM
execute 'set runtimepath^=' . fnameescape('$here/../../spec/editors/vim')
edit with\\ blank.alt
compiler altc
silent make!
let found = filter(getqflist(), 'v:val.valid')
call writefile(map(found, 'bufname(v:val.bufnr) . ":" . v:val.lnum . ":" . v:val.col . ":" . v:val.type'), 'found')
qall!
VIM
    vim -es -N -u NONE -i NONE -S try.vim >/dev/null 2>&1 </dev/null || true
    status=none
    [ "$(cat found)" = "with blank.alt:2:3:e" ] || fail "quickfix has: $(cat found)"
}

test_annotations_and_sarif_in_one_run() {
    broken infra.alt
    altc check --format github --report sarif:altc.sarif infra.alt
    exits 1
    cat out err >both
    grep -q '^::error file=infra.alt,line=2,endLine=2,col=3,' both || fail "no annotation"
    grep -q '"uri": "infra.alt"' altc.sarif || fail "no SARIF"
}
