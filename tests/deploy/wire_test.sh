# What goes wrong between altc-deploy and AWS, on the way and in the answers: the deployment ends
# as it should, or says why not and does nothing twice. The faults are the stand-in's.
# shellcheck shell=sh

cue() {
    standin cues "$1"
}

# Deploys the program once, with the fault on the way, and wants it done and made once.
survives() {
    fresh
    cue "$1"
    deploy
    [ "$status" -eq 0 ] || fail "with $1"
    stack_is shop-dev CREATE_COMPLETE
    standin GET "stacks?name=shop-dev"
    [ "$(tr ',' '\n' <answer | grep -c '"name": "shop-dev"')" -eq 1 ] || fail "made more than once with $1"
    standin GET cues
    ! grep -q '"played": 0' answer || fail "never played: $1"
}

test_throttling_passes() {
    program
    for action in CreateChangeSet DescribeChangeSet ExecuteChangeSet DescribeStacks \
        DescribeStackEvents; do
        survives "{\"fault\":\"throttle\",\"action\":\"$action\",\"retryAfter\":1}"
    done
    survives '{"fault":"throttle","status":429,"times":2,"service":"cloudformation","retryAfter":1}'
    survives '{"fault":"throttle","status":503,"action":"DescribeStacks","retryAfter":1}'
    survives '{"fault":"throttle","service":"sts","retryAfter":1}'
}

test_server_errors_pass() {
    program
    for fault in '"error","status":500,"code":"InternalFailure"' '"html","status":502' \
        '"empty","status":503' '"text","status":504' \
        '"html","status":500,"doctype":false'; do
        survives "{\"fault\":$fault,\"action\":\"DescribeStacks\"}"
        survives "{\"fault\":$fault,\"action\":\"CreateChangeSet\"}"
    done
}

# The first attempt is carried out and its answer lost.
test_a_lost_answer_does_nothing_twice() {
    program
    for action in CreateChangeSet ExecuteChangeSet; do
        for fault in resetAfter resetMid; do
            survives "{\"fault\":\"$fault\",\"action\":\"$action\"}"
            called "$action" 2
        done
    done
    for fault in resetBefore closeAfter truncate; do
        survives "{\"fault\":\"$fault\",\"action\":\"CreateChangeSet\"}"
    done
}

test_answers_come_in_odd_ways() {
    program
    for fault in chunked bom cdata unknownElements noRequestId closeIdle; do
        survives "{\"fault\":\"$fault\",\"service\":\"cloudformation\",\"times\":0}"
    done
    survives '{"fault":"gzip","service":"cloudformation","times":0}'
    survives '{"fault":"trickle","bytes":40,"interval":0.01,"action":"DescribeStacks"}'
}

test_bodies_that_lie_are_asked_for_again() {
    program
    for fault in cutXml badUtf8 doctype entityBomb externalEntity wrongRoot; do
        survives "{\"fault\":\"$fault\",\"action\":\"DescribeChangeSet\"}"
        survives "{\"fault\":\"$fault\",\"action\":\"ExecuteChangeSet\"}"
    done
    survives '{"fault":"length","delta":-5,"action":"DescribeChangeSet"}'
    survives '{"fault":"deep","depth":5000,"action":"DescribeChangeSet"}'
}

test_wrong_clocks() {
    program
    for skew in 600 -600 86400 -86400; do
        fresh
        standin clock "{\"skew\":$skew}"
        deploy
        [ "$status" -eq 0 ] || fail "with a clock that is wrong by $skew s"
        standin GET calls
    done
}

test_pages() {
    program
    survives '{"fault":"page","size":1,"emptyFirst":true,"service":"cloudformation","times":0}'
    survives '{"fault":"repeatToken","service":"cloudformation","times":0}'
}

test_errors_that_do_not_pass_name_what_happened() {
    program
    fresh
    cue '{"fault":"error","status":400,"code":"NewException","message":"a \u001b[31mnew\u0007 thing","action":"CreateChangeSet","times":0}'
    deploy
    exits 14
    out_has NewException
    ! grep -q "$(printf '\033\[31m\|\007')" err out || fail "control characters"
    called CreateChangeSet 1
    for form in response json; do
        fresh
        cue "{\"fault\":\"error\",\"status\":400,\"code\":\"LimitExceededException\",\"message\":\"too many\",\"form\":\"$form\",\"action\":\"CreateChangeSet\",\"times\":0}"
        deploy
        exits 14
        out_has "too many"
        called CreateChangeSet 1
    done
    fresh
    cue '{"fault":"deny","action":"CreateChangeSet","times":0}'
    deploy
    exits 14
    out_has CreateChangeSet
    no_stack shop-dev
}

test_an_answer_without_end() {
    program
    fresh
    cue '{"fault":"huge","size":50000000,"action":"DescribeStacks","times":0}'
    deploy
    exits 14
    out_has "the answer is too large"
    no_stack shop-dev
}

test_endless_throttling_ends() {
    program
    fresh
    cue '{"fault":"throttle","action":"CreateChangeSet","times":0}'
    AWS_MAX_ATTEMPTS=2
    export AWS_MAX_ATTEMPTS
    deploy
    exits 14
    out_has Throttling
    called CreateChangeSet 2
}
