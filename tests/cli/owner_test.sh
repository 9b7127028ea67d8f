# A part of a program that is named alone stands for its program, in check and test.

parts() {
    mkdir -p net/deep
    cat >infra.alt <<'ALT'
import "./net/topic.alt"
import "./net/deep/queue.alt"
stages {
  dev: { tier: "small" }
}
ALT
    cat >net/topic.alt <<'ALT'
resource Topic: AWS::SNS::Topic {
  DisplayName: stage.tier
}
test "tier" {
  assert template.Resources.Topic.Properties.DisplayName == "small"
}
ALT
    cat >net/deep/queue.alt <<'ALT'
on dev {
  resource Queue: AWS::SQS::Queue {}
}
ALT
    cat >net/alone.alt <<'ALT'
resource Alone: AWS::SQS::Queue {
  QueueName: stage.tier
}
ALT
}

test_a_part_stands_for_its_program() {
    parts
    altc check net/topic.alt net/deep/queue.alt
    exits 0
    err_has "2 files checked, no findings"
    altc check "$PWD/net/deep/queue.alt"
    exits 0
    cd net
    altc check topic.alt
    exits 1
    cd ..
    sed -i 's/AWS::SQS::Queue/AWS::SQS::Queu/' net/deep/queue.alt
    altc check net/topic.alt net/deep/queue.alt infra.alt
    exits 1
    err_has "net/deep/queue.alt:2:19: error: there is no resource type"
    err_has "1 error"
}

test_a_file_that_nobody_imports_stands_for_itself() {
    parts
    altc check net/alone.alt
    exits 1
    err_has "net/alone.alt:2:20: error"
}

test_tests_of_a_program_run_once() {
    parts
    altc test net/topic.alt infra.alt net/deep/queue.alt
    exits 0
    out_has "1 passed, 0 failed"
}

# Runs each hook of .pre-commit-hooks.yaml as pre-commit does: the entry, then the changed files.
test_pre_commit_entries() {
    mkdir bin
    ln -s "$ALTC" bin/altc
    PATH=$PWD/bin:$PATH
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
