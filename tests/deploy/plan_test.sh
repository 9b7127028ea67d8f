# altc plan against what is deployed: by a real change set, which is gone afterwards.

plan() {
    altc plan --poll 1 "$@"
}

test_plan_of_a_new_stack_asks_for_no_change_set() {
    program
    plan
    exits 10
    out_has "dev: shop-dev in eu-west-1, a new stack"
    out_has "Orders  AWS::SQS::Queue  added"
    no_stack shop-dev
    called CreateChangeSet 0
    [ ! -e .sst/outputs.json ] || fail "outputs were written"
}

test_plan_of_changes() {
    program
    deploy
    exits 0
    standin DELETE log
    plan
    exits 0
    out_has "dev: no changes"
    calls_are "CreateChangeSet=1 DeleteChangeSet=1 DescribeChangeSet=2 DescribeStacks=1"
    standin DELETE log
    KEEP=5 plan
    exits 10
    out_has "Orders  AWS::SQS::Queue  in place"
    out_has "infra.alt:7"
    out_has "MessageRetentionPeriod  345600 → 432000"
    calls_are "CreateChangeSet=1 DeleteChangeSet=1 DescribeChangeSet=4 DescribeEvents=1 DescribeStacks=1 GetTemplate=1"
    stack_is shop-dev CREATE_COMPLETE
    KEEP=5 plan --format json
    exits 10
    python3 -c 'import json; p = json.load(open("out")); r = p["stacks"][0]["resources"][0]
assert r["action"] == "modify" and r["physicalId"], r' || fail "the JSON is otherwise"
    KEEP=5 plan --format markdown
    exits 10
    out_has "### Plan of shop, stage dev"
}

test_plan_of_what_is_forbidden() {
    program
    deploy
    exits 0
    sed -i 's/resource Orders:/resource Others:/; s/Orders\./Others./' infra.alt
    plan
    exits 12
    out_has "'Orders' is removed, which loses messages that wait"
    out_has "allow it with: --allow Orders"
    plan --allow Orders
    exits 10
    stack_is shop-dev CREATE_COMPLETE
}

test_plan_without_what_a_change_set_needs() {
    program
    deploy
    exits 0
    printf 'param Size: String\nresource Topic: AWS::SNS::Topic { DisplayName: Size }\n' >>infra.alt
    standin DELETE log
    plan
    exits 10
    err_has "parameters without a value: 'Size'"
    out_has "Topic  AWS::SNS::Topic  added"
    called CreateChangeSet 0
    plan --parameter Size=a
    exits 10
    called CreateChangeSet 1
}
