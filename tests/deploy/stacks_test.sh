# Several stacks of a stage: their order, their regions, what flows between them.

two_stacks() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
stack data in "us-east-1" { resource Queue: AWS::SQS::Queue }
stack alone { resource Alone: AWS::SNS::Topic }
resource Topic: AWS::SNS::Topic { DisplayName: Queue.QueueName }
output Url = Queue
ALT
}

test_outputs_flow_between_stacks_and_regions() {
    two_stacks
    deploy
    exits 0
    standin GET stacks
    grep -q '"region": "us-east-1"' answer || fail "no stack in us-east-1"
    [ "$(grep -o '"status": "CREATE_COMPLETE"' answer | wc -l)" -ge 3 ] || fail "not all stacks stand"
    deploy
    exits 0
    [ "$(grep -c "nothing to change" out)" -eq 3 ] || fail "something changed"
}

test_a_producer_fails() {
    two_stacks
    standin resources '{"type":"AWS::SQS::Queue","on":"create","fail":"no queues today"}'
    deploy
    exits 15
    out_has "no queues today"
    out_has "a stack that it depends on"
    stack_is shop-dev-alone CREATE_COMPLETE
    no_stack shop-dev
    [ ! -e .sst/outputs.json ] || fail "outputs of half a stage"
    standin DELETE resources
    deploy --replace-failed
    exits 0
    stack_is shop-dev CREATE_COMPLETE
}

# The compiler refuses a circle; a manifest that was changed by hand may have one.
test_stacks_in_a_circle() {
    two_stacks
    altc build -d dist
    exits 0
    python3 - <<'PY'
import json
with open("dist/dev.manifest.json", encoding="utf-8") as file:
    manifest = json.load(file)
for stack in manifest["stacks"]:
    if stack["id"] == "data":
        stack["dependsOn"] = ["main"]
with open("dist/dev.manifest.json", "w", encoding="utf-8") as file:
    json.dump(manifest, file)
PY
    altc deploy --yes --poll 1 dist/dev.manifest.json
    exits 14
    [ "$(grep -c "in a circle" out)" -eq 2 ] || fail "it is not told of both stacks"
    stack_is shop-dev-alone CREATE_COMPLETE
    no_stack shop-dev
}
