# Faults of the network and of AWS: nothing is done twice, and no success is told as a failure.

deployed() {
    program
    deploy
    exits 0
    standin DELETE log
}

test_no_answer_to_create_change_set() {
    program
    standin cues '{"fault":"resetAfter","action":"CreateChangeSet","times":2}'
    deploy
    exits 0
    stack_is shop-dev CREATE_COMPLETE
    standin GET "stacks?name=shop-dev"
    [ "$(grep -o '"stackName"\|"name": "shop-dev"' answer | sort -u | wc -l)" -ge 1 ]
    called ExecuteChangeSet 1
}

test_never_an_answer_to_create_change_set_that_is_heard() {
    deployed
    standin cues '{"fault":"resetAfter","action":"CreateChangeSet","times":4}'
    AWS_MAX_ATTEMPTS=2 KEEP=9 deploy
    exits 0
    called ListChangeSets 1
    stack_is shop-dev UPDATE_COMPLETE
}

test_no_answer_to_execute() {
    deployed
    standin cues '{"fault":"resetAfter","action":"ExecuteChangeSet","times":2}'
    KEEP=9 deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
    standin GET "stacks?name=shop-dev"
    grep -q 777600 answer || fail "our change is not there"
}

test_no_answer_to_the_deletion_of_a_failed_stack() {
    program
    standin stacks '{"name":"shop-dev","region":"eu-west-1","status":"ROLLBACK_COMPLETE",
        "template":{"Resources":{"Old":{"Type":"AWS::SNS::Topic"}}}}'
    standin cues '{"fault":"resetAfter","action":"DeleteStack","times":2}'
    deploy --replace-failed
    exits 0
    stack_is shop-dev CREATE_COMPLETE
}

test_throttled_everywhere() {
    deployed
    standin cues '[{"fault":"throttle","action":"CreateChangeSet"},
        {"fault":"throttle","status":429,"action":"DescribeChangeSet"},
        {"fault":"throttle","status":503,"action":"ExecuteChangeSet"},
        {"fault":"throttle","action":"DescribeStackEvents","times":1},
        {"fault":"throttle","action":"GetTemplate"}]'
    KEEP=9 deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_throttled_on_the_last_look() {
    deployed
    standin cues '{"fault":"throttle","action":"DescribeStackEvents","after":2,"times":1}'
    KEEP=9 deploy
    exits 0
    standin DELETE cues
    standin cues '{"fault":"throttle","action":"DescribeStacks","after":1,"times":1}'
    KEEP=8 deploy
    exits 0
}

test_throttled_in_clean_up() {
    deployed
    standin cues '{"fault":"throttle","action":"DeleteChangeSet","times":1}'
    deploy
    exits 0
    out_has "nothing to change"
    standin GET "stacks?name=shop-dev"
    ! grep -q '"status": "FAILED"' answer || fail "a change set was left"
}

test_server_errors() {
    deployed
    standin cues '[{"fault":"error","status":500,"code":"InternalFailure","message":"oops",
        "action":"CreateChangeSet"},{"fault":"html","status":502,"action":"DescribeChangeSet"},
        {"fault":"empty","status":503,"action":"ExecuteChangeSet"},
        {"fault":"text","status":504,"action":"DescribeStackEvents"}]'
    KEEP=9 deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_stale_reads() {
    program
    standin cues '[{"fault":"stale","action":"DescribeChangeSet","times":1,"seconds":60},
        {"fault":"stale","action":"DescribeStackEvents","times":2,"seconds":60},
        {"fault":"stale","action":"DescribeStacks","after":1,"times":1,"seconds":2}]'
    deploy
    exits 0
    stack_is shop-dev CREATE_COMPLETE
    standin DELETE cues
    standin cues '[{"fault":"stale","action":"DescribeStackEvents","times":2,"seconds":60}]'
    KEEP=9 deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_events_in_pages_twice_and_out_of_order() {
    deployed
    standin cues '[{"fault":"page","action":"DescribeStackEvents","size":2,"times":0}]'
    KEEP=9 deploy
    exits 0
    standin DELETE cues
    standin cues '[{"fault":"shuffle","action":"DescribeStackEvents","times":0}]'
    KEEP=8 deploy
    exits 0
    standin DELETE cues
    standin cues '[{"fault":"duplicate","action":"DescribeStackEvents","times":0}]'
    KEEP=7 deploy
    exits 0
    [ "$(grep -c 'shop-dev UPDATE_COMPLETE$' out)" -eq 1 ] || fail "an event was told twice"
}

test_control_characters_do_not_reach_the_output() {
    deployed
    standin resources '{"type":"AWS::SQS::Queue","on":"update","fail":"no such thing"}'
    standin cues '{"fault":"control","action":"DescribeStackEvents","times":0}'
    KEEP=9 deploy
    exits 15
    ! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037]')" out || fail "control characters"
}

# ---- permissions ----

test_what_is_optional_may_be_denied() {
    deployed
    for action in DescribeEvents GetTemplate ListChangeSets DescribeStackEvents; do
        standin DELETE cues
        standin cues "{\"fault\":\"deny\",\"action\":\"$action\",\"times\":0}"
        KEEP=$((${day:-4} + 1))
        day=$KEEP
        KEEP=$KEEP deploy
        [ "$status" -eq 0 ] || fail "without $action: expected exit code 0"
    done
}

test_what_is_needed_names_itself() {
    program
    for action in DescribeStacks CreateChangeSet DescribeChangeSet ExecuteChangeSet; do
        fresh
        rm -rf .altc
        standin cues "{\"fault\":\"deny\",\"action\":\"$action\",\"times\":0}"
        deploy
        [ "$status" -eq 14 ] || fail "without $action: expected exit code 14"
        out_has "$action"
        out_has "altc policy"
        standin DELETE cues
        no_stack shop-dev
    done
}

# ---- identity ----

test_keys_of_another_account() {
    program
    sed -i 's/defaultStage/account: "123456789012", defaultStage/' infra.alt
    AWS_ACCESS_KEY_ID=AKIASTANDIN000000002 AWS_SECRET_ACCESS_KEY=standin-other-secret deploy
    exits 13
    err_has "210987654321"
    calls_are ""
    deploy --region us-east-1
    exits 13
    calls_are ""
    deploy
    exits 0
}

test_keys_that_are_wrong() {
    program
    AWS_SECRET_ACCESS_KEY=wrong deploy
    exits 13
    calls_are ""
    AWS_ACCESS_KEY_ID='' deploy
    exits 13
}

test_keys_that_expire_meanwhile() {
    program
    standin cues '{"fault":"expired","action":"DescribeStackEvents","times":0,"forever":true}'
    deploy
    exits 17
    out_has "cannot be followed"
    standin reset
}
