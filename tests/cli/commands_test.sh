# stages, test, why, same, and --watch.

test_stages() {
    staged infra.alt
    altc stages
    exits 0
    out_has "dev"
    out_has "production"
    altc stages --format json
    exits 0
    python3 -m json.tool <out >/dev/null || fail "no JSON"
}

test_test_blocks() {
    staged infra.alt
    cat >>infra.alt <<'ALT'
test "one topic" on dev {
  assert count("AWS::SNS::Topic") == 1
}
ALT
    DEMO_SIZE=9 altc test
    exits 0
    out_has "1 passed, 0 failed"
    sed -i 's/== 1$/== 2/' infra.alt
    altc test
    exits 1
    out_has "FAIL one topic [dev]"
    out_has "0 passed, 1 failed"
    altc test --filter nothing
    exits 0
}

test_tests_have_an_empty_environment() {
    staged infra.alt
    cat >>infra.alt <<'ALT'
test "the default size" on dev {
  assert size == 1
}
ALT
    DEMO_SIZE=9 altc test
    exits 0
}

test_why() {
    program infra.alt
    altc why /Resources/Topic/Properties/TopicName
    exits 0
    out_has "infra.alt:2:"
    out_has '"news"'
    altc why /Resources/Topik
    exits 2
    out_empty
    err_has "did you mean 'Topic'?"
}

test_why_names_the_components() {
    cat >infra.alt <<'ALT'
component News(name: string) {
  resource Topic: AWS::SNS::Topic {
    TopicName: name
  }
}

resource Daily: News {
  name: "daily"
}
ALT
    altc why /Resources/DailyTopic/Properties/TopicName
    exits 0
    out_has "infra.alt:"
    out_has "Daily"
}

test_same() {
    staged a.alt
    staged b.alt
    altc same a.alt b.alt
    exits 0
    out_has "dev: same"
    out_has "prod: same"
    sed -i 's/"size /"count /' b.alt
    altc same a.alt b.alt
    exits 1
    out_has "dev: different"
    out_has '/Resources/Topic/Properties/DisplayName: "size 1" -> "count 1"'
    altc same a.alt b.alt --stage prod
    exits 1
    ! grep -q '^dev' out || fail "a stage that was not asked for"
    broken c.alt
    altc same a.alt c.alt
    exits 2
    altc same a.alt
    exits 2
}

test_same_of_revisions() {
    command -v git >/dev/null || skip "git is not installed"
    git init -q .
    git config user.email t@example.org
    git config user.name t
    mkdir sub
    echo 'let name = "old"' >sub/lib.alt
    printf 'import "./sub/lib.alt"\nresource Topic: AWS::SNS::Topic {\n  TopicName: name\n}\n' >infra.alt
    git add .
    git commit -qm one
    altc same HEAD:infra.alt infra.alt
    exits 0
    echo 'let name = "new"' >sub/lib.alt
    altc same HEAD:infra.alt infra.alt
    exits 1
    out_has '"old" -> "new"'
    git commit -qam two
    altc same HEAD~1:infra.alt HEAD:infra.alt
    exits 1
    # A revision alone is the same file there.
    altc same HEAD~1 HEAD
    exits 1
    out_has '"old" -> "new"'
    altc same HEAD infra.alt
    exits 0
    altc same infra.alt HEAD~1
    exits 1
    altc same HEADER infra.alt
    exits 2
    err_has "'HEADER'"
    # From a folder below: paths are those of the current folder.
    cd sub
    altc same HEAD~1:../infra.alt ../infra.alt
    exits 1
    altc same nowhere:../infra.alt ../infra.alt
    exits 2
    err_has "no revision 'nowhere'"
    altc same -- --upload-pack=x:../infra.alt ../infra.alt
    exits 2
}

test_watch() {
    program infra.alt one
    "$ALTC" infra.alt -o out.json --watch >out 2>err </dev/null &
    process=$!
    status=0
    eventually grep -qs '"one"' out.json
    program infra.alt two
    eventually grep -qs '"two"' out.json
    # As editors save: a new file takes the place of the old one.
    program next three
    mv next infra.alt
    eventually grep -qs '"three"' out.json
    broken infra.alt
    eventually grep -qs 'error:' err
    grep -q '"three"' out.json || fail "the old output is gone"
    program infra.alt four
    eventually grep -qs '"four"' out.json
    rm infra.alt
    sleep 0.5
    program infra.alt five
    eventually grep -qs '"five"' out.json
    kill -TERM $process
    wait $process || fail "exit code $? after Ctrl-C"
    # grep says nothing of a file that is missing for a moment.
    [ "$(ls | grep -c tmp)" -eq 0 ] || fail "a temporary file is left"
}

test_watch_sees_imports_that_were_missing() {
    printf 'import "./lib.alt"\nresource Topic: AWS::SNS::Topic {\n  TopicName: name\n}\n' >infra.alt
    "$ALTC" infra.alt -o out.json --watch >out 2>err </dev/null &
    process=$!
    status=0
    eventually grep -qs 'error:' err
    echo 'let name = "late"' >lib.alt
    eventually grep -qs '"late"' out.json
    kill -TERM $process
    wait $process || fail "exit code $?"
}

test_watch_refuses_stdin() {
    altc check - --watch
    exits 2
}

test_same_names_what_differs() {
    printf 'resource T: AWS::SQS::Queue {\n  Tags: [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }]\n}\n' >a.alt
    printf 'resource T: AWS::SQS::Queue {\n  Tags: [{ Key: "a", Value: "1" }]\n  DelaySeconds: 1\n}\n' >b.alt
    altc same a.alt b.alt
    exits 1
    out_has '/Resources/T/Properties/Tags/1: {"Key":"b","Value":"2"} -> nothing'
    out_has '/Resources/T/Properties/DelaySeconds: nothing -> 1'
}

test_same_notes_another_order() {
    printf 'resource A: AWS::SQS::Queue\nresource B: AWS::SNS::Topic\n' >a.alt
    printf 'resource B: AWS::SNS::Topic\nresource A: AWS::SQS::Queue\n' >b.alt
    altc same a.alt b.alt
    exits 0
    out_has "same (in another order)"
}

test_same_shows_five_and_counts_the_rest() {
    for side in a b; do
        i=0
        while [ $i -lt 9 ]; do
            printf 'resource T%d: AWS::SQS::Queue {\n  QueueName: "%s%d"\n}\n' $i $side $i
            i=$((i + 1))
        done >$side.alt
    done
    altc same a.alt b.alt
    exits 1
    [ "$(grep -c -- '->' out)" -eq 5 ] || fail "not five"
    out_has "and 4 more"
}

test_same_of_revisions_reads_as_git_does() {
    command -v git >/dev/null || skip "git is not installed"
    git init -q .
    git config user.email t@example.org
    git config user.name t
    mkdir folder.alt
    program folder.alt/inner.alt
    program real.alt
    ln -s real.alt link.alt
    ln -s /etc/passwd outside.alt
    ln -s nowhere.alt dangling.alt
    git add .
    git commit -qm one
    altc same HEAD:link.alt real.alt
    exits 0
    for name in folder.alt outside.alt dangling.alt missing.alt real.alt/below ../above.alt; do
        altc same "HEAD:$name" real.alt
        exits 2
        err_has "does not compile"
    done
}
