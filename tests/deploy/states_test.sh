# Stacks that are found in any state, and operations that end in any.

# What deploying onto a stack in this state gives.
onto() { # status, exit code, options…
    fresh
    rm -rf .altc
    standin stacks "{\"name\":\"shop-dev\",\"region\":\"eu-west-1\",\"status\":\"$1\",
        \"template\":{\"Resources\":{\"Old\":{\"Type\":\"AWS::SNS::Topic\"}}}}"
    state=$1
    expected=$2
    shift 2
    deploy "$@"
    [ "$status" -eq "$expected" ] || fail "onto $state: expected exit code $expected"
}

test_states_that_take_an_update() {
    program
    for state in CREATE_COMPLETE UPDATE_COMPLETE UPDATE_ROLLBACK_COMPLETE IMPORT_COMPLETE \
        IMPORT_ROLLBACK_COMPLETE; do
        onto $state 0
        stack_is shop-dev UPDATE_COMPLETE
    done
}

test_states_that_wait_for_a_person() {
    program
    onto CREATE_FAILED 16
    out_has "altc rollback"
    onto ROLLBACK_COMPLETE 16
    out_has "--replace-failed"
    onto ROLLBACK_FAILED 16
    out_has "altc destroy"
    onto UPDATE_FAILED 16
    out_has "altc rollback"
    onto UPDATE_ROLLBACK_FAILED 16
    out_has "altc continue"
    onto DELETE_FAILED 16
    out_has "--retain"
    onto IMPORT_ROLLBACK_FAILED 16
    onto SOMETHING_NEW 16
    out_has "does not know this status"
    called CreateChangeSet 0
}

test_states_without_rollback_go_on() {
    program
    onto UPDATE_FAILED 0 --no-rollback
    stack_is shop-dev UPDATE_COMPLETE
}

test_a_failed_stack_is_not_well_without_changes() {
    program
    sed -i '/^output/d' infra.alt
    standin resources '{"stack":"shop-dev","on":"create","fail":"no","times":1}'
    deploy --no-rollback
    exits 16
    stack_is shop-dev CREATE_FAILED
    deploy --no-rollback
    exits 16
    out_has "there is nothing to change, but the stack is in CREATE_FAILED"
    standin GET "stacks?name=shop-dev"
    ! grep -q '"status": "FAILED"' answer || fail "a change set was left"
}

test_review_in_progress_is_used() {
    program
    standin call '{"action":"CreateChangeSet","region":"eu-west-1","params":{"StackName":"shop-dev",
        "ChangeSetName":"other","ChangeSetType":"CREATE","TemplateBody":
        "{\"Resources\":{\"Old\":{\"Type\":\"AWS::SNS::Topic\"}}}"}}'
    stack_is shop-dev REVIEW_IN_PROGRESS
    altc deploy --poll 1
    exits 11
    # Somebody else's: it stays when we are declined.
    stack_is shop-dev REVIEW_IN_PROGRESS
    deploy
    exits 0
    stack_is shop-dev CREATE_COMPLETE
}

test_a_failed_creation_is_replaced_when_asked() {
    program
    onto ROLLBACK_COMPLETE 0 --replace-failed
    called DeleteStack 1
    stack_is shop-dev CREATE_COMPLETE
}

test_what_goes_on_is_waited_for() {
    program
    for state in UPDATE_IN_PROGRESS UPDATE_COMPLETE_CLEANUP_IN_PROGRESS \
        UPDATE_ROLLBACK_IN_PROGRESS; do
        fresh
        rm -rf .altc
        standin clock '{"mode":"request","step":2}'
        standin stacks "{\"name\":\"shop-dev\",\"region\":\"eu-west-1\",\"status\":\"$state\",
            \"template\":{\"Resources\":{\"Old\":{\"Type\":\"AWS::SNS::Topic\"}}},
            \"finish\":{\"seconds\":30,\"status\":\"UPDATE_COMPLETE\"}}"
        deploy
        exits 0
        out_has "$state goes on"
        stack_is shop-dev UPDATE_COMPLETE
    done
}

test_a_deletion_that_goes_on_is_waited_for() {
    program
    standin stacks '{"name":"shop-dev","region":"eu-west-1","status":"DELETE_IN_PROGRESS",
        "template":{"Resources":{"Old":{"Type":"AWS::SNS::Topic"}}},
        "finish":{"seconds":30,"status":"DELETE_COMPLETE"}}'
    deploy
    exits 0
    stack_is shop-dev CREATE_COMPLETE
}

test_a_creation_that_fails() {
    program
    standin resources '{"type":"AWS::SQS::Queue","on":"create","fail":"the name is taken",
        "handlerErrorCode":"AlreadyExists"}'
    deploy
    exits 15
    out_has "the name is taken"
    out_has "infra.alt:7"
    stack_is shop-dev ROLLBACK_COMPLETE
    deploy
    exits 16
    standin DELETE resources
    deploy --replace-failed
    exits 0
    stack_is shop-dev CREATE_COMPLETE
}

test_an_update_that_fails() {
    program
    deploy
    exits 0
    cp .sst/outputs.json before.json
    standin resources '{"type":"AWS::SQS::Queue","on":"update","fail":"no such thing"}'
    KEEP=9 deploy
    exits 15
    out_has "no such thing"
    out_lacks "cancelled"
    stack_is shop-dev UPDATE_ROLLBACK_COMPLETE
    cmp before.json .sst/outputs.json || fail "the outputs file changed"
    standin DELETE resources
    KEEP=9 deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_a_rollback_that_fails() {
    program
    deploy
    standin resources '[{"type":"AWS::SQS::Queue","on":"update","fail":"no such thing"},
        {"type":"AWS::SQS::Queue","on":"rollback","fail":"not back either"}]'
    KEEP=9 deploy
    exits 16
    out_has "no such thing"
    out_has "altc continue"
    stack_is shop-dev UPDATE_ROLLBACK_FAILED
    KEEP=9 deploy
    exits 16
}

test_another_update_just_before_ours() {
    program
    deploy
    cat >cue.json <<'JSON'
{"fault":"foreign","action":"ExecuteChangeSet",
 "call":{"action":"UpdateStack","region":"eu-west-1","params":{"StackName":"shop-dev",
 "TemplateBody":"{\"Resources\":{\"Orders\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"DelaySeconds\":1}}}}"}}}
JSON
    standin cues "$(cat cue.json)"
    KEEP=9 deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
    standin GET "stacks?name=shop-dev"
    grep -q 777600 answer || fail "our change is not there"
}
