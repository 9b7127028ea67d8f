# Interrupts in each phase, and deployments that take up what was broken off. The clock is real
# here: a resource takes so long that the signal comes first.

slowly() {
    program
    standin clock '{"mode":"real","speed":10}'
    standin resources '{"type":"AWS::SQS::Queue","seconds":600}'
}

# Starts a deployment in the background; its process is $deployer.
start() {
    "$ALTC" deploy --yes --poll 20 "$@" >out 2>err </dev/null &
    deployer=$!
}

ends_with() {
    status=0
    wait "$deployer" || status=$?
    exits "$1"
}

finish() {
    standin run
    standin clock '{"mode":"event"}'
}

test_interrupted_while_it_goes_on() {
    for signal in INT TERM HUP; do
        fresh
        rm -rf .altc
        slowly
        start
        eventually grep -q "CREATE_IN_PROGRESS: Resource" out
        kill -"$signal" "$deployer"
        ends_with 17
        out_has "altc watch"
        out_has "altc cancel"
        stack_is shop-dev CREATE_IN_PROGRESS
        finish
        stack_is shop-dev CREATE_COMPLETE
        deploy
        exits 0
        out_has "nothing to change"
    done
}

test_taken_up_while_it_goes_on() {
    slowly
    start
    eventually grep -q "CREATE_IN_PROGRESS: Resource" out
    kill -KILL "$deployer"
    wait "$deployer" || true
    standin clock '{"mode":"request","step":60}'
    standin DELETE log
    deploy
    exits 0
    out_has "taking up deployment altc-"
    out_has "shop-dev: done"
    called ExecuteChangeSet 0
    stack_is shop-dev CREATE_COMPLETE
}

test_taken_up_after_it_failed() {
    program
    deploy
    slowly
    standin DELETE resources
    standin resources '[{"type":"AWS::SQS::Queue","on":"update","seconds":600,"fail":"too large"},
        {"type":"AWS::SQS::Queue","seconds":1}]'
    KEEP=9 start
    eventually grep -q "Orders (SQS::Queue) UPDATE_IN_PROGRESS" out
    kill -KILL "$deployer"
    wait "$deployer" || true
    standin clock '{"mode":"request","step":60}'
    KEEP=9 deploy
    exits 15
    out_has "too large"
    stack_is shop-dev UPDATE_ROLLBACK_COMPLETE
}

test_interrupted_while_the_change_set_is_pending() {
    program
    standin clock '{"mode":"real","speed":10}'
    standin changesets '{"stack":"shop-dev","seconds":600}'
    start
    eventually stack_in shop-dev REVIEW_IN_PROGRESS
    kill -INT "$deployer"
    ends_with 11
    out_has "interrupted: nothing was changed"
    finish
    no_stack shop-dev
}

test_killed_while_the_change_set_is_pending() {
    program
    standin clock '{"mode":"real","speed":10}'
    standin changesets '{"stack":"shop-dev","seconds":600,"times":1}'
    start
    eventually stack_in shop-dev REVIEW_IN_PROGRESS
    kill -KILL "$deployer"
    wait "$deployer" || true
    finish
    altc deploy --poll 1
    exits 11
    # What the first left is gone with what the second made.
    no_stack shop-dev
    deploy
    exits 0
}

test_cancelled_by_an_interrupt() {
    program
    deploy
    slowly
    KEEP=9 start --cancel-on-interrupt
    eventually grep -q "Orders (SQS::Queue) UPDATE_IN_PROGRESS" out
    standin DELETE resources
    kill -INT "$deployer"
    ends_with 15
    out_has "cancelled"
    stack_is shop-dev UPDATE_ROLLBACK_COMPLETE
}

test_a_creation_is_cancelled_by_an_interrupt() {
    slowly
    start --cancel-on-interrupt
    eventually grep -q "CREATE_IN_PROGRESS: Resource" out
    standin DELETE resources
    kill -INT "$deployer"
    ends_with 15
    out_has "cancelled"
    no_stack shop-dev
}

test_a_second_signal_leaves_at_once() {
    program
    deploy
    slowly
    KEEP=9 start --cancel-on-interrupt
    eventually grep -q "Orders (SQS::Queue) UPDATE_IN_PROGRESS" out
    kill -INT "$deployer"
    eventually grep -q "cancelling" out
    kill -INT "$deployer"
    ends_with 130
}

test_nobody_waits() {
    slowly
    deploy --no-wait
    exits 17
    out_has "altc watch"
    stack_is shop-dev CREATE_IN_PROGRESS
    finish
}

test_two_deployers_of_one_machine() {
    slowly
    start
    eventually grep -q "CREATE_IN_PROGRESS: Resource" out
    mkdir second
    (cd second && cp ../infra.alt .)
    "$ALTC" deploy --yes --poll 1 >out2 2>err2 </dev/null && fail "two at once"
    grep -q "another deployment of this stage goes on" err2 || fail "nobody said who"
    grep -q "deployment altc-" err2 || fail "nobody said which"
    kill -INT "$deployer"
    ends_with 17
    finish
}

# On two machines each has its own journal: AWS's states keep them apart.
test_two_deployers_of_two_machines() {
    slowly
    start
    eventually grep -q "CREATE_IN_PROGRESS: Resource" out
    mkdir second
    cp infra.alt second
    (cd second && KEEP=9 "$ALTC" deploy --yes --poll 20 >out 2>err </dev/null) &
    second=$!
    eventually grep -q "goes on: altc waits" second/out
    standin DELETE resources
    finish
    ends_with 0
    wait "$second" || fail "the second deployer failed: $(cat second/out second/err)"
    stack_is shop-dev UPDATE_COMPLETE
}
