# altc drift: what was changed past the program. The stand-in changes it on cue.

program() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev", stackName: "shop-dev" }
stages { dev: {} }
resource Orders: AWS::SQS::Queue { QueueName: "shop-orders", DelaySeconds: 1 }
resource News: AWS::SNS::Topic { TopicName: "shop-news" }
ALT
}

deployed() {
    program
    altc deploy --yes --poll 1
    exits 0
}

test_drift_of_what_is_not_deployed() {
    program
    altc drift --poll 1
    exits 14
    err_has "it is not deployed"
}

test_no_drift() {
    deployed
    altc drift --poll 1
    exits 0
    out_has "shop-dev (eu-west-1): as deployed"
    out_has "  only what the template states was compared"
}

test_drift_is_told_with_its_place() {
    deployed
    standin drift '{"stack":"shop-dev","id":"Orders","properties":{"DelaySeconds":5}}'
    altc drift --poll 1
    exits 10
    out_has "1 changed past the program"
    out_has "~ Orders  AWS::SQS::Queue  was changed  infra.alt:3"
    out_has "/DelaySeconds  1 → 5"
    altc drift --poll 1 --format json
    exits 10
    python3 -c 'import json
stack = json.load(open("out"))
found = {r["logicalId"]: r for r in stack["resources"]}
assert stack["stackName"] == "shop-dev"
assert found["Orders"]["status"] == "MODIFIED"
assert found["Orders"]["differences"][0]["path"].endswith("DelaySeconds")' ||
        fail "the JSON is not as it should be"
}

test_drift_of_what_is_gone() {
    deployed
    standin drift '{"stack":"shop-dev","id":"News","deleted":true}'
    altc drift --poll 1
    exits 10
    out_has "- News  AWS::SNS::Topic  is gone"
}

test_drift_says_what_is_not_looked_at() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev", stackName: "shop-dev" }
stages { dev: {} }
resource Own: Custom::Thing { ServiceToken: "arn:aws:lambda:eu-west-1:123456789012:function:make" }
ALT
    altc deploy --yes --poll 1
    exits 0
    altc drift --poll 1
    exits 0
    out_has "not looked at"
    out_has "Own  Custom::Thing"
}

test_drift_needs_the_permission() {
    deployed
    standin cues '{"action":"DetectStackDrift","fault":"deny","times":0}'
    altc drift --poll 1
    exits 14
    err_has "AWS does not look for drift"
}
