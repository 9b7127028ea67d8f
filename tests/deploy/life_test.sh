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

# A folder that is packed whole may be the one that altc writes to.
test_what_altc_writes_is_no_new_code() {
    mkdir project
    cat >project/infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
resource Layer: AWS::Lambda::LayerVersion { Content: zip(".") }
output Arn = Layer.LayerVersionArn
ALT
    for found in CREATE_COMPLETE "nothing to change"; do
        (cd project && "$ALTC" deploy --yes --poll 1) >out 2>err </dev/null || fail "it failed"
        out_has "$found"
        [ -s project/.altc/dev/journal.jsonl ] || fail "altc wrote no journal"
        [ -s project/.sst/outputs.json ] || fail "altc wrote no outputs"
    done
}
