# The life of a stack, with the number of calls that each deployment takes.

test_new_changed_and_unchanged() {
    program
    deploy
    exits 0
    stack_is shop-dev CREATE_COMPLETE
    out_has "CREATE_COMPLETE"
    grep -q '"Url": "https://sqs.eu-west-1' .sst/outputs.json || fail "no output"
    calls_are "CreateChangeSet=1 DescribeChangeSet=3 DescribeEvents=1 DescribeStackEvents=3 DescribeStacks=2 ExecuteChangeSet=1"
    standin DELETE log
    KEEP=5 deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
    calls_are "CreateChangeSet=1 DescribeChangeSet=4 DescribeEvents=1 DescribeStackEvents=3 DescribeStacks=2 ExecuteChangeSet=1 GetTemplate=1"
    standin DELETE log
    KEEP=5 deploy
    exits 0
    out_has "nothing to change"
    calls_are "CreateChangeSet=1 DeleteChangeSet=1 DescribeChangeSet=2 DescribeStacks=1"
    standin GET "stacks?name=shop-dev"
    ! grep -q '"FAILED"' answer || fail "a change set was left"
}
