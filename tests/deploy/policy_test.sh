# altc policy: the rights that just this change needs, out of the registry's schemas.

policy() {
    altc policy --poll 1 "$@"
}

# The actions of a statement, on one line.
actions_are() { # sid, actions
    found=$(python3 -c 'import json, sys
for one in json.load(open("out"))["Statement"]:
    if one["Sid"] == sys.argv[1]: print(*one["Action"])' "$1")
    [ "$found" = "$2" ] || fail "$1 allows: $found"
}

test_policy_of_a_new_stack() {
    program
    policy
    exits 0
    actions_are Resources "sqs:CreateQueue sqs:DeleteQueue sqs:DescribeQueue"
    out_has '"arn:aws:cloudformation:eu-west-1:'
    out_has ':stack/shop-dev/*"'
    actions_are Assets ""
    no_stack shop-dev
}

test_policy_of_a_change() {
    program
    deploy
    exits 0
    KEEP=5 policy
    exits 0
    actions_are Resources "sqs:DescribeQueue sqs:UpdateQueue"
    standin DELETE log
    KEEP=5 policy --role-arn arn:aws:iam::111122223333:role/deploy
    exits 0
    actions_are Resources ""
    actions_are Role "iam:PassRole"
    called DescribeType 0
}

test_policy_of_what_altc_cannot_see() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
resource Thing: Custom::Thing { ServiceToken: "arn:aws:lambda:eu-west-1:111122223333:function:f" }
ALT
    policy
    exits 0
    err_has "'Custom::Thing' runs what altc cannot see: add what it needs"
}

test_policy_asks_for_no_more_than_the_plan_comes_to() {
    program
    policy
    actions_are Stacks "cloudformation:CreateChangeSet cloudformation:DeleteChangeSet \
cloudformation:DeleteStack cloudformation:DescribeChangeSet cloudformation:DescribeEvents \
cloudformation:DescribeStackEvents cloudformation:DescribeStacks cloudformation:ExecuteChangeSet \
cloudformation:ListChangeSets"
    deploy
    KEEP=5 policy
    actions_are Stacks "cloudformation:CreateChangeSet cloudformation:DeleteChangeSet \
cloudformation:DescribeChangeSet cloudformation:DescribeEvents \
cloudformation:DescribeStackEvents cloudformation:DescribeStacks cloudformation:ExecuteChangeSet \
cloudformation:GetTemplate cloudformation:ListChangeSets"
}

test_policy_for_a_deletion() {
    program
    policy --for destroy
    exits 14
    err_has "no stack of the stage is deployed"
    deploy
    standin DELETE log
    policy --for destroy
    exits 0
    actions_are Resources "sqs:DeleteQueue sqs:DescribeQueue"
    actions_are Stacks "cloudformation:DeleteStack cloudformation:DescribeStackEvents \
cloudformation:DescribeStacks cloudformation:GetTemplate cloudformation:ListStackResources"
    called CreateChangeSet 0
}

test_policy_for_an_import() {
    program
    deploy
    printf '\n@retain\nresource News: AWS::SNS::Topic {}\n' >>infra.alt
    KEEP=5 policy --for import
    exits 0
    actions_are Resources "sns:DescribeTopic sns:UpdateTopic"
    actions_are Identifiers "cloudformation:GetTemplateSummary"
    altc policy --for shopping
    exits 2
}

test_policy_for_a_refactor() {
    program
    deploy
    sed -i 's/Orders/Purchases/' infra.alt
    printf '\nmoved Orders to Purchases\n' >>infra.alt
    printf '\nresource News: AWS::SNS::Topic {}\n' >>infra.alt
    policy --for refactor
    exits 0
    actions_are Resources "sqs:DescribeQueue sqs:UpdateQueue"
    actions_are Renames "cloudformation:CreateStackRefactor cloudformation:DescribeStackRefactor \
cloudformation:ExecuteStackRefactor"
}
