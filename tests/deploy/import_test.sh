# altc import: what is there already becomes a stack's, and nothing else changes.

# A program that declares a bucket and a table beside the queue that is deployed.
wider_program() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }

stages { dev: {} }

resource Orders: AWS::SQS::Queue {
  MessageRetentionPeriod: 7 * 86400
}

@retain
resource Files: AWS::S3::Bucket {}

@retain
resource Named: AWS::S3::Bucket {
  BucketName: "shop-named"
}

resource Loose: AWS::S3::Bucket {}

resource Fresh: AWS::SNS::Topic {}

@retain
resource Bound: AWS::S3::Bucket {
  Tags: [{ Key: "topic", Value: Fresh.TopicName }]
}

output Url = Orders.QueueUrl
output FilesName = Files.Arn
ALT
}

import() {
    altc import --yes --poll 1 "$@"
}

deployed_then_wider() {
    program
    deploy
    exits 0
    wider_program
}

test_import_into_a_deployed_stack_changes_nothing_else() {
    deployed_then_wider
    import --resource Files=my-files --resource Named
    exits 0
    out_has "BucketName my-files"
    out_has "BucketName shop-named"
    stack_is shop-dev IMPORT_COMPLETE
    standin GET "stacks?name=shop-dev"
    grep -q my-files answer || fail "the bucket is not in the stack"
    # The queue is as it was deployed, not as the program has it by now.
    grep -q 345600 answer || fail "the queue was changed"
    ! grep -q FilesName answer || fail "an output was added"
    ! grep -q Fresh answer || fail "something was made"
    # What is left is for a deployment.
    deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_import_makes_the_stack_that_is_not_there() {
    wider_program
    import --resource Files=my-files
    exits 0
    stack_is shop-dev IMPORT_COMPLETE
    called SetStackPolicy 0
    deploy
    exits 0
}

test_import_protects_the_stack_that_it_makes() {
    wider_program
    sed -i 's/defaultStage: "dev"/defaultStage: "dev", terminationProtection: true/' infra.alt
    echo 'guard "files stay" { deny delete of Files }' >>infra.alt
    import --resource Files=my-files
    exits 0
    stack_is shop-dev IMPORT_COMPLETE
    grep -q '"protected": true' answer || fail "it may be deleted"
    called SetStackPolicy 1
}

test_import_asks_and_takes_back_what_it_made() {
    wider_program
    altc import --poll 1 --resource Files=my-files
    exits 11
    out_has "without a terminal only --yes goes on"
    called ExecuteChangeSet 0
    no_stack shop-dev
    deployed_then_wider
    altc import --poll 1 --resource Files=my-files
    exits 11
    stack_is shop-dev CREATE_COMPLETE
    called DeleteChangeSet 2
}

test_import_that_aws_refuses_leaves_nothing() {
    wider_program
    standin changesets '{"stack":"shop-dev","fail":"it is in another stack"}'
    import --resource Files=my-files
    exits 14
    out_has "AWS refuses the import: it is in another stack"
    no_stack shop-dev
}

test_import_that_fails_is_rolled_back() {
    deployed_then_wider
    standin resources '{"id":"Files","on":"import","fail":"it is not there"}'
    import --resource Files=my-files
    exits 15
    out_has "it is not there"
    stack_is shop-dev IMPORT_ROLLBACK_COMPLETE
}

# Nothing of these reaches AWS as a change.
refused_import() { # what it says, arguments of import…
    expected=$1
    shift
    import "$@"
    exits 2
    cat err >>out
    out_has "$expected"
    called CreateChangeSet 0
}

test_import_says_what_does_not_fit() {
    wider_program
    refused_import "nothing says which resources are to be imported"
    refused_import "comes twice" --resource Files=a --resource Files=b
    refused_import "says no resource" --resource =a
    refused_import "no resource with the logical id 'Nope'" --resource Nope=a
    refused_import "'Loose' has no DeletionPolicy" --resource Loose=a
    refused_import "'Bound' refers to 'Fresh', which is not deployed" --resource Bound=a
    refused_import "AWS finds it by its BucketName" --resource Files
    refused_import "is 'shop-named' in the program, not 'other'" --resource Named=other
}

test_import_of_what_is_deployed() {
    program
    deploy
    sed -i 's/^resource Orders/@retain\nresource Orders/' infra.alt
    import --resource Orders=https://sqs/1/orders
    exits 2
    out_has "'Orders' is deployed already"
}

test_import_into_a_stack_that_cannot() {
    wider_program
    standin stacks '{"name":"shop-dev","region":"eu-west-1","status":"UPDATE_ROLLBACK_FAILED",
        "template":{"Resources":{"Old":{"Type":"AWS::SNS::Topic"}}}}'
    import --resource Files=my-files
    exits 16
    out_has "altc continue"
}

test_import_that_is_left_alone_is_taken_up() {
    deployed_then_wider
    import --no-wait --resource Files=my-files
    exits 17
    deploy
    exits 0
    stack_is shop-dev UPDATE_COMPLETE
}

test_import_of_a_large_template_goes_by_its_address() {
    wider_program
    {
        printf '@retain\nresource Large: AWS::SNS::Topic {\n  DisplayName: "'
        head -c 60000 /dev/zero | tr '\0' x
        printf '"\n}\n'
    } >>infra.alt
    import --resource Large=arn:aws:sns:eu-west-1:123456789012:large
    exits 0
    stack_is shop-dev IMPORT_COMPLETE
}

test_import_gives_new_parameters_their_values() {
    program
    deploy
    cat >>infra.alt <<'ALT'

param Word: String

@retain
resource Files: AWS::S3::Bucket {
  Tags: [{ Key: "word", Value: Word }]
}
ALT
    import --resource Files=my-files
    exits 2
    out_has "parameters without a value: 'Word'"
    import --resource Files=my-files --parameter Word=hello
    exits 0
    standin GET "stacks?name=shop-dev"
    grep -q hello answer || fail "the parameter has no value"
}

test_import_whose_answers_are_lost() {
    wider_program
    standin cues '{"fault":"resetAfter","action":"CreateChangeSet","times":4}'
    AWS_MAX_ATTEMPTS=2 import --resource Files=my-files
    exits 0
    called ListChangeSets 1
    stack_is shop-dev IMPORT_COMPLETE
    import --resource Named
    exits 0
    standin cues '{"fault":"resetAfter","action":"ExecuteChangeSet","times":4}'
    sed -i '/^resource Fresh/i @retain' infra.alt
    AWS_MAX_ATTEMPTS=2 import --resource Fresh=arn:aws:sns:eu-west-1:123456789012:fresh
    exits 0
    standin GET "stacks?name=shop-dev"
    grep -q 123456789012:fresh answer || fail "the topic is not in the stack"
}

test_import_drift_is_advised() {
    wider_program
    import --resource Files=my-files
    exits 0
    out_has "'altc drift' tells what differs"
    altc drift --poll 1
    exits 0
}

test_import_that_is_interrupted_takes_its_change_set_back() {
    wider_program
    standin clock '{"mode":"frozen"}'
    "$ALTC" import --yes --poll 20 --resource Files=my-files >out 2>err </dev/null &
    eventually stack_in shop-dev REVIEW_IN_PROGRESS
    kill -INT $!
    standin clock '{"mode":"event"}'
    wait $! || status=$?
    exits 11
    out_has "interrupted: nothing was changed"
    called ExecuteChangeSet 0
    no_stack shop-dev
}

test_import_leaves_the_review_of_others() {
    wider_program
    standin call '{"action":"CreateChangeSet","region":"eu-west-1","params":{"StackName":"shop-dev",
        "ChangeSetName":"other","ChangeSetType":"CREATE","TemplateBody":
        "{\"Resources\":{\"Old\":{\"Type\":\"AWS::SNS::Topic\"}}}"}}'
    altc import --poll 1 --resource Files=my-files
    exits 11
    stack_is shop-dev REVIEW_IN_PROGRESS
    import --format json --resource Files=my-files
    exits 0
    python3 -c 'import json; [json.loads(line) for line in open("out")]' || fail "no JSON lines"
    stack_is shop-dev IMPORT_COMPLETE
}
