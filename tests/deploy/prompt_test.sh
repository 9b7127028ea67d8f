# The question before anything is changed, in a real terminal.

# asked QUESTION ANSWER [OPTION…]
asked() {
    question=$1
    answer_=$2
    shift 2
    status=0
    python3 "$root/tests/deploy/terminal.py" "$question" "$answer_" "$ALTC" deploy --poll 1 "$@" \
        >out 2>err </dev/null || status=$?
}

test_yes_at_the_prompt() {
    program
    asked "[y/N]" 'y\n'
    exits 0
    stack_is shop-dev CREATE_COMPLETE
    KEEP=9 asked "[y/N]" 'yes\n'
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_anything_else_at_the_prompt() {
    program
    for word in 'n\n' '\n' 'yess\n' '^D' '^C'; do
        asked "[y/N]" "$word"
        exits 11
        no_stack shop-dev
    done
    out_has "interrupted: nothing was changed"
}

test_the_name_is_typed_when_data_is_at_stake() {
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
    SIZE=b asked "to go on:" 'y\n' --allow Table
    exits 11
    stack_is shop-dev CREATE_COMPLETE
    SIZE=b asked "to go on:" 'shop-dev\n' --allow Table
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_the_change_set_grows_old_while_a_person_thinks() {
    program
    deploy
    cat >cue.json <<'JSON'
{"fault":"foreign","action":"GetTemplate","when":"after",
 "call":{"action":"UpdateStack","region":"eu-west-1","params":{"StackName":"shop-dev",
 "TemplateBody":"{\"Resources\":{\"Orders\":{\"Type\":\"AWS::SQS::Queue\",\"Properties\":{\"DelaySeconds\":1}}}}"}}}
JSON
    standin cues "$(cat cue.json)"
    KEEP=9 asked "[y/N]" 'y\n'
    # The new change set is another one, so the person is asked again, and does not answer.
    out_has "made anew"
    [ "$status" -ne 0 ] || fail "the second change set was not agreed to"
}
