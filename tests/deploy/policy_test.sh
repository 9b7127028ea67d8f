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
