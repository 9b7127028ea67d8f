# What change sets can turn into before they are carried out.

deployed() {
    program
    deploy
    exits 0
    standin DELETE log
}

test_pending_for_minutes() {
    program
    standin changesets '{"stack":"shop-dev","seconds":600}'
    deploy
    exits 0
    stack_is shop-dev CREATE_COMPLETE
}

test_no_change_in_the_other_words() {
    deployed
    standin changesets '{"stack":"shop-dev","fail":"No updates are to be performed. And more."}'
    KEEP=9 deploy
    exits 0
    out_has "nothing to change"
    called DeleteChangeSet 1
    called ExecuteChangeSet 0
}

test_early_validation_is_told_in_detail() {
    program
    standin changesets '{"stack":"shop-dev","validation":[{"LogicalResourceId":"Orders",
        "ValidationName":"NAME_CONFLICT_VALIDATION","ValidationFailureMode":"FAIL",
        "ValidationPath":"/Resources/Orders","ValidationStatusReason":"shop-orders already exists."}]}'
    deploy
    exits 14
    out_has "shop-orders already exists."
    out_has "take it in with 'altc import'"
    out_has "infra.alt:7"
    no_stack shop-dev
}

test_early_validation_without_permission_for_details() {
    program
    standin changesets '{"stack":"shop-dev","validation":[{"LogicalResourceId":"Orders",
        "ValidationName":"NAME_CONFLICT_VALIDATION","ValidationFailureMode":"FAIL",
        "ValidationPath":"/Resources/Orders","ValidationStatusReason":"the name is taken"}]}'
    standin cues '{"fault":"deny","action":"DescribeEvents","times":0}'
    deploy
    exits 14
    out_has "cloudformation:DescribeEvents"
    out_has "AWS::EarlyValidation::"
}

test_warnings_of_early_validation_do_not_stop() {
    program
    standin changesets '{"stack":"shop-dev","validation":[{"LogicalResourceId":"Orders",
        "ValidationName":"QUOTA","ValidationFailureMode":"WARN",
        "ValidationPath":"/Resources/Orders","ValidationStatusReason":"the quota is near"}]}'
    deploy
    exits 0
    out_has "the quota is near"
}

test_a_hook_refuses() {
    program
    standin changesets '{"stack":"shop-dev","hook":"Acme::Guard::Hook","hookReason":"not on Fridays"}'
    deploy
    exits 14
    out_has "hook"
    no_stack shop-dev
}

test_values_that_leave_changes_out() {
    deployed
    standin changesets '{"stack":"shop-dev","incomplete":["Orders"]}'
    KEEP=9 deploy
    exits 0
    out_has "Orders"
    out_has "MessageRetentionPeriod"
    stack_is shop-dev UPDATE_COMPLETE
}

test_an_empty_list_of_changes_is_carried_out() {
    deployed
    standin changesets '{"stack":"shop-dev","changes":[]}'
    KEEP=9 deploy
    exits 0
    called ExecuteChangeSet 1
    stack_is shop-dev UPDATE_COMPLETE
}

test_obsolete_is_made_anew() {
    deployed
    standin changesets '{"stack":"shop-dev","obsolete":true,"times":1}'
    KEEP=9 deploy
    exits 0
    out_has "made anew"
    called CreateChangeSet 2
    stack_is shop-dev UPDATE_COMPLETE
}

test_deleted_by_somebody_while_it_is_shown() {
    deployed
    cat >call.json <<'JSON'
{"fault":"foreign","action":"GetTemplate","when":"after",
 "call":{"action":"UpdateStack","params":{"StackName":"shop-dev","TemplateBody":
 "{\"Resources\":{\"Orders\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"DelaySeconds\":1}}}}"}}}
JSON
    standin cues "$(cat call.json)"
    KEEP=9 deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
    # The other's update was not lost in silence: it stands in the events, and ours came after it.
    called UpdateStack 0
    called CreateChangeSet 2
}

test_limits_are_told() {
    deployed
    standin limits '{"changeSets":0}'
    KEEP=9 deploy
    exits 14
    out_has "limit"
}

test_guarded_and_allowed() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
var size: string = "a" { env: "SIZE" }
resource Table: AWS::DynamoDB::Table {
  TableName:            "t-${size}"
  BillingMode:          "PAY_PER_REQUEST"
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }]
  KeySchema:            [{ AttributeName: "id", KeyType: "HASH" }]
}
ALT
    deploy
    exits 0
    SIZE=b deploy
    exits 12
    out_has "--allow Table"
    stack_is shop-dev CREATE_COMPLETE
    standin GET "stacks?name=shop-dev"
    SIZE=b deploy --allow Table
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
    SIZE=c deploy --allow Table --no-rollback
    exits 12
    out_has "without rollback"
}

test_declined_leaves_nothing() {
    program
    altc deploy --poll 1
    exits 11
    out_has "--yes"
    no_stack shop-dev
    [ ! -e .sst/outputs.json ] || fail "outputs of a stack that is not there"
}
