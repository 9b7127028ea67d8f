# altc refactor: what the program has moved is renamed in AWS by a stack refactor.

# A queue, called as the second argument says, and what speaks of it.
queues() { # moved or nothing, name
    cat >infra.alt <<ALT
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
var keep: int = 4 { env: "KEEP" }

resource $2: AWS::SQS::Queue { MessageRetentionPeriod: keep * 86400 }
resource Alarm: AWS::SNS::Topic { DisplayName: "\${$2.QueueName} is full" }
output Url = $2.QueueUrl
$1
ALT
}

refactor() {
    altc refactor --poll 1 "$@"
}

deployed_queue() {
    queues "" Orders
    deploy
    exits 0
    standin GET "stacks?name=shop-dev"
    physical=$(tr ',' '\n' <answer | sed -n 's/.*"physicalId": "\([^"]*shop-dev-Orders[^"]*\)".*/\1/p')
    [ -n "$physical" ] || fail "no queue in: $(cat answer)"
    standin DELETE log
}

test_refactor_renames_what_is_moved() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    KEEP=5 refactor --yes
    exits 0
    out_has "'Orders' becomes 'Sales' and stays what it is"
    called ExecuteStackRefactor 1
    stack_is shop-dev UPDATE_COMPLETE
    grep -q '"Sales"' answer || fail "the queue has its old name"
    ! grep -q '"Orders"' answer || fail "the old name is there as well"
    grep -qF "$physical" answer || fail "it is another queue"
    grep -q '"step":"execute-refactor".*"outcome":"done"' .altc/dev/journal.jsonl ||
        fail "the journal lacks it"
    # What else has changed is what is left to be deployed.
    KEEP=5 altc plan --poll 1
    exits 10
    out_has "Sales  AWS::SQS::Queue  in place"
    out_lacks "Orders"
    deploy
    exits 0
    out_has "nothing to change"
    refactor
    exits 0
    out_has "there is nothing to rename"
    called CreateStackRefactor 1
}

test_refactor_without_a_yes_changes_nothing() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    refactor
    exits 11
    out_has "without a terminal only --yes goes on"
    called CreateStackRefactor 0
    stack_is shop-dev CREATE_COMPLETE
}

test_refactor_for_programs() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    refactor --yes --format json
    exits 0
    python3 -c 'import json
lines = [json.loads(line) for line in open("out")]
assert lines[0]["event"] == "note" and lines[0]["logicalId"] == "Sales", lines[0]
assert lines[0]["place"]["line"] == 8, lines[0]
assert lines[-1]["result"] == "done", lines[-1]' || fail "the lines are otherwise"
}

test_refactor_with_nothing_deployed() {
    queues "moved Orders to Sales" Sales
    refactor
    exits 0
    out_has "there is nothing to rename"
    no_stack shop-dev
}

test_refactor_that_aws_refuses() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    standin cues '{"fault": "error", "action": "CreateStackRefactor", "status": 400,
        "code": "ValidationError", "message": "not in this region"}'
    refactor --yes
    exits 14
    out_has "AWS refuses the refactor: not in this region"
    standin cues '{"fault": "replace", "action": "DescribeStackRefactor", "times": 0,
        "what": "CREATE_COMPLETE", "with": "CREATE_FAILED"}'
    refactor --yes
    exits 14
    out_has "AWS refuses the refactor"
    called ExecuteStackRefactor 0
    stack_is shop-dev CREATE_COMPLETE
}

test_refactor_whose_answer_is_lost() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    standin cues '{"fault": "resetAfter", "action": "ExecuteStackRefactor"}'
    refactor --yes
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
    deploy
    exits 0
    out_has "nothing to change"
}

test_refactor_that_is_rolled_back() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    standin cues '{"fault": "replace", "action": "DescribeStackRefactor", "times": 0,
        "what": "EXECUTE_COMPLETE", "with": "ROLLBACK_COMPLETE"}'
    refactor --yes
    exits 15
    out_has "the refactor ended in ROLLBACK_COMPLETE"
}

# A template of more bytes than a request takes goes by way of the asset bucket.
test_refactor_of_a_large_template() {
    long() {
        queues "$@"
        for i in $(seq 200); do
            printf 'resource T%s: AWS::SNS::Topic { Tags: [{ Key: "long", Value: "%0250d" }] }\n' \
                "$i" 0
        done >>infra.alt
    }
    long "" Orders
    deploy
    exits 0
    long "moved Orders to Sales" Sales
    standin DELETE log
    refactor --yes
    exits 0
    called ExecuteStackRefactor 1
    standin GET calls
    grep -q '"s3:PutObject": 1' answer || fail "the template was not uploaded"
    stack_is shop-dev UPDATE_COMPLETE
    deploy
    exits 0
    out_has "nothing to change"
}

asked() { # operation
    standin GET calls
    grep -q "cloudformation:$1" answer
}

interrupted() { # operation, exit code
    "$ALTC" refactor --yes --poll 20 >out 2>err </dev/null &
    deployer=$!
    eventually asked "$1"
    kill -INT "$deployer"
    status=0
    wait "$deployer" || status=$?
    exits "$2"
}

test_refactor_that_is_interrupted() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    standin clock '{"mode":"real"}'
    standin timing '{"changeSet":1000,"resource":1000}'
    interrupted CreateStackRefactor 11
    out_has "nothing was changed"
    called ExecuteStackRefactor 0
    standin run
    stack_is shop-dev CREATE_COMPLETE
    standin timing '{"changeSet":0}'
    interrupted ExecuteStackRefactor 17
    out_has "the operation goes on without altc"
    standin run
    stack_is shop-dev UPDATE_COMPLETE
    refactor
    exits 0
    out_has "shop-dev: done"
    called ExecuteStackRefactor 1
    refactor
    exits 0
    out_has "there is nothing to rename"
}

# ---- altc deploy, which renames before it changes ----

the_queue_is() { # name, days that messages are kept
    stack_is shop-dev UPDATE_COMPLETE
    grep -q "\"$1\"" answer || fail "no queue is called $1"
    grep -qF "$physical" answer || fail "it is another queue"
    grep -q "$(($2 * 86400))" answer || fail "it does not keep messages for $2 days"
}

test_deploy_renames_what_is_moved_and_then_changes() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    KEEP=5 deploy
    exits 0
    out_has "'Orders' becomes 'Sales' and stays what it is"
    out_has "Sales  AWS::SQS::Queue  in place"
    called ExecuteStackRefactor 1
    called ExecuteChangeSet 1
    the_queue_is Sales 5
    KEEP=5 deploy
    exits 0
    out_has "nothing to change"
    called CreateStackRefactor 1
}

test_deploy_of_nothing_but_a_rename() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    deploy
    exits 0
    out_has "shop-dev: done"
    called ExecuteStackRefactor 1
    called ExecuteChangeSet 0
    the_queue_is Sales 4
    [ -s .sst/outputs.json ] || fail "the outputs are missing"
}

test_deploy_asks_before_it_renames() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    altc deploy --poll 1
    exits 11
    out_has "nobody said yes, so nothing was changed"
    called CreateStackRefactor 0
    # A rename that was agreed to is told when what comes after it is declined.
    status=0
    KEEP=5 python3 "$root/tests/deploy/terminal.py" "[y/N]" 'y\nn\n' "$ALTC" deploy --poll 1 \
        >out 2>err </dev/null || status=$?
    exits 11
    out_has "nothing but logical ids was changed"
    called ExecuteStackRefactor 1
    called ExecuteChangeSet 0
    the_queue_is Sales 4
}

test_deploy_renames_what_a_guard_protects() {
    deployed_queue
    queues 'moved Orders to Sales
guard "the queue stays" { deny replace, delete, modify of Sales }' Sales
    deploy
    exits 0
    called ExecuteStackRefactor 1
    the_queue_is Sales 4
}

test_deploy_when_aws_refuses_the_refactor() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    standin cues '{"fault": "replace", "action": "DescribeStackRefactor", "times": 0,
        "what": "CREATE_COMPLETE", "with": "CREATE_FAILED"}'
    deploy
    exits 14
    out_has "AWS refuses the refactor"
    out_has "--allow Orders"
    called ExecuteStackRefactor 0
    called CreateChangeSet 0
    deploy --allow Orders
    exits 0
    called ExecuteStackRefactor 0
    stack_is shop-dev UPDATE_COMPLETE
    ! grep -qF "$physical" answer || fail "the old queue is there"
}

test_plan_of_what_is_moved() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    altc plan --poll 1
    exits 10
    out_has "> Sales  AWS::SQS::Queue  renamed"
    out_has "was Orders"
    out_has "1 to rename"
    out_lacks "MessageRetentionPeriod"
    KEEP=5 altc plan --poll 1
    exits 10
    out_has "> Sales  AWS::SQS::Queue  renamed"
    out_has "MessageRetentionPeriod"
    out_lacks "removed"
    called CreateStackRefactor 0
    stack_is shop-dev CREATE_COMPLETE
}

# What a condition keeps out is in the template, but there is nothing to be renamed.
test_deploy_of_what_is_moved_but_not_there() {
    conditional() { # moved or nothing, name
        cat >infra.alt <<ALT
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
param More: String { Default: "no" }
condition Wide = More == "yes"
if Wide { resource $2: AWS::SNS::Topic }
resource Queue: AWS::SQS::Queue
$1
ALT
    }
    conditional "" Orders
    deploy
    exits 0
    conditional "moved Orders to Sales" Sales
    deploy
    exits 0
    called CreateStackRefactor 0
    deploy --parameter More=yes
    exits 0
    conditional "moved Sales to Deals" Deals
    deploy
    exits 0
    called ExecuteStackRefactor 1
}

test_policy_of_a_rename() {
    deployed_queue
    altc policy --poll 1
    out_lacks "StackRefactor"
    queues "moved Orders to Sales" Sales
    altc policy --poll 1
    exits 0
    out_has "cloudformation:ExecuteStackRefactor"
    out_lacks "sqs:createqueue"
}

# The refactor of a deployment that was killed is looked at before another one is begun.
test_deploy_takes_up_a_refactor() {
    deployed_queue
    queues "moved Orders to Sales" Sales
    standin clock '{"mode":"real"}'
    standin timing '{"changeSet":0,"resource":1000}'
    KEEP=5 "$ALTC" deploy --yes --poll 20 >out 2>err </dev/null &
    deployer=$!
    eventually asked ExecuteStackRefactor
    kill -KILL "$deployer"
    wait "$deployer" || true
    standin clock '{"mode":"event"}'
    KEEP=5 deploy
    exits 0
    called ExecuteStackRefactor 1
    the_queue_is Sales 5
}
