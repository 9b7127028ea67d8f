# Parameters, secrets, outputs, capabilities, protections, tags.

topic_with_a_secret() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
var password: string { secret: true, env: "DB_PASSWORD" }
resource Topic: AWS::SNS::Topic { DisplayName: password }
ALT
}

test_a_secret_goes_nowhere_but_to_aws() {
    topic_with_a_secret
    DB_PASSWORD=only-for-compiling altc build --all -d dist
    exits 0
    deploy dist/dev.manifest.json
    exits 2
    out_has "DB_PASSWORD"
    out_has "not deployed: what it is given does not fit"
    no_stack shop-dev
    DB_PASSWORD=s3cret-of-the-day deploy --debug
    exits 0
    standin GET log
    grep -q s3cret-of-the-day answer || fail "AWS was not told"
    rm answer
    ! grep -rq s3cret-of-the-day . || fail "the secret was written: $(grep -rl s3cret . )"
    # What is not given again stays as it is.
    deploy dist/dev.manifest.json
    exits 0
    out_has "nothing to change"
    DB_PASSWORD=another-one deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_a_secret_that_a_service_repeats_is_masked() {
    topic_with_a_secret
    standin resources '{"id":"Topic","on":"create","fail":"the name hunter2-hunter2 is taken"}'
    for form in "" "--format json"; do
        # shellcheck disable=SC2086 # no word, or two
        DB_PASSWORD=hunter2-hunter2 deploy --replace-failed $form
        exits 15
        out_has "the name **** is taken"
        ! grep -q hunter2 out err || fail "the secret was told: $(grep -h hunter2 out err)"
    done
}

test_parameters_are_given_kept_and_defaulted() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
param Title: String
param Extra: String { Default: "none" }
resource Topic: AWS::SNS::Topic { DisplayName: "${Title}-${Extra}" }
ALT
    deploy
    exits 2
    out_has "--parameter Title=VALUE"
    deploy --parameter Title=one --parameter Extra=two
    exits 0
    standin GET "stacks?name=shop-dev"
    grep -q 'one-two' answer || fail "parameters were not taken"
    deploy --parameter Title=three
    exits 0
    standin GET "stacks?name=shop-dev"
    grep -q 'three-two' answer || fail "the other parameter was not kept"
    deploy --parameter Nothing=x
    exits 2
    err_has "no template has the parameter 'Nothing'"
}

test_protection_policy_and_tags() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev", terminationProtection: true, tags: { Team: "orders" } }
stages { dev: {} }
var keep: int = 4 { env: "KEEP" }
@retain
resource Orders: AWS::SQS::Queue { MessageRetentionPeriod: keep * 86400 }
guard "orders are kept" unless allowed "loss" { deny replace, delete of Orders }
ALT
    deploy
    exits 0
    standin GET "stacks?name=shop-dev"
    grep -q '"protected": true' answer || fail "not protected"
    called UpdateTerminationProtection 1
    called SetStackPolicy 1
    KEEP=5 deploy
    exits 0
    called UpdateTerminationProtection 1
    called SetStackPolicy 1
}

# AWS keeps a stack policy until another one is set.
test_a_lifted_guard_is_lifted_in_the_stack_policy_too() {
    guarded() { # name of the topic
        cat >infra.alt <<ALT
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
resource News: AWS::SNS::Topic { TopicName: "$1" }
guard "news stay" unless allowed "loss" { deny replace of News }
ALT
    }
    guarded one
    deploy
    exits 0
    guarded two
    deploy
    exits 12
    deploy --allow loss
    exits 0
    guarded three
    deploy
    exits 12
    # A manifest that was compiled without --allow has the policy of all guards.
    altc build --all -d dist
    exits 0
    deploy dist/dev.manifest.json
    exits 12
    deploy dist/dev.manifest.json --allow loss
    exits 0
    guarded four
    deploy
    exits 12
}

test_a_guard_that_is_taken_out_is_still_in_the_stack_policy() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
resource News: AWS::SNS::Topic { TopicName: "one" }
guard "news stay" { deny replace of News }
ALT
    deploy
    exits 0
    sed -i '/^guard/d; s/"one"/"two"/' infra.alt
    deploy
    exits 15
    out_has "taken out of the program, so lift it before"
}

test_capabilities_are_worked_out() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
resource Role: AWS::IAM::Role {
  RoleName: "shop-dev-role"
  AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] }
}
ALT
    deploy
    exits 0
    out_has "CAPABILITY_NAMED_IAM"
    stack_is shop-dev CREATE_COMPLETE
}

test_outputs_go_where_they_are_wanted() {
    program
    deploy --outputs-file here.json
    exits 0
    cmp here.json .sst/outputs.json || fail "the files differ"
    deploy --outputs-file /dev/full
    exits 16
    standin DELETE log
    deploy --outputs-file missing/folder.json
    exits 2
    err_has "missing/folder.json"
    calls_are ""
}

test_json_lines() {
    program
    deploy --format json
    exits 0
    python3 -c 'import json, sys
for line in open("out"):
    json.loads(line)["event"]' || fail "not JSON lines"
}

test_nobody_reads_the_output() {
    program
    "$ALTC" deploy --yes --poll 1 | true
    eventually stack_in shop-dev CREATE_COMPLETE
}

test_an_answer_that_does_not_fit_the_disk_is_none() {
    program
    deploy
    for command in status outputs history drift; do
        status=0
        "$ALTC" $command --format json >/dev/full 2>err </dev/null || status=$?
        exits 2
        err_has "not all could be written: No space left on device"
    done
}

test_the_output_does_not_fit_the_disk() {
    program
    status=0
    "$ALTC" deploy --yes --poll 1 >/dev/full 2>err </dev/null || status=$?
    exits 0
    err_has "not all could be written: No space left on device"
    stack_is shop-dev CREATE_COMPLETE
}

test_the_journal_cannot_be_written() {
    program
    mkdir -p .altc/dev
    ln -s /dev/full .altc/dev/journal.jsonl
    deploy
    exits 2
    calls_are ""
}

test_tags_that_the_program_drops_are_taken_away() {
    tagged() {
        program
        sed -i "s/defaultStage: \"dev\"/defaultStage: \"dev\", tags: { $1 }/" infra.alt
    }
    tagged 'Team: "orders", Cost: "7"'
    deploy
    exits 0
    tagged 'Team: "sales"'
    deploy
    exits 0
    standin GET "stacks?name=shop-dev"
    grep -q sales answer || fail "the tag was not changed"
    ! grep -q '"Cost"' answer || fail "a tag of before is there"
    program
    deploy
    exits 0
    standin GET "stacks?name=shop-dev"
    ! grep -q '"Team"' answer || fail "the last tag is there"
    deploy
    exits 0
    out_has "nothing to change"
}
