# altc plan: what can be compared, and the exit codes. What it says is in tests/plan.

shop() { # FILE NAME
    cat >"$1" <<ALT
app { name: "shop", defaultStage: "dev" }
stages { dev: {}, prod: {} }
resource Topic: AWS::SNS::Topic { DisplayName: "$2-\${stage.name}" }
ALT
}

test_plan_against_what_was_built() {
    shop infra.alt old
    altc --all -d dist -q
    altc --stage prod -q --format yaml -o prod.yaml
    altc plan --against dist/dev.json
    exits 0
    out_has "dev: no changes"
    shop infra.alt new
    for against in dist dist/dev.json dist/dev.manifest.json; do
        altc plan --against "$against"
        exits 10
        out_has '"old-dev" → "new-dev"'
    done
    altc plan --stage prod --against prod.yaml
    exits 10
    out_has '"old-prod" → "new-prod"'
    altc plan --all --against dist
    exits 10
    out_has 'dev: 1 to change in place'
    out_has 'prod: 1 to change in place'
    altc plan --all --against dist --format json
    python3 -c 'import json, sys; plans = json.load(open("out")); sys.exit(len(plans) != 2)' ||
        fail "no list of two plans"
    # A manifest and its templates are a new side as well.
    altc --all -d new -q
    rm infra.alt
    altc plan new/prod.manifest.json --against dist
    exits 10
    out_has '"old-prod" → "new-prod"'
    out_has 'infra.alt:3'
}

test_plan_against_programs_and_stages() {
    shop infra.alt old
    shop next.alt new
    altc plan next.alt --against infra.alt --stage prod
    exits 10
    out_has '"old-prod" → "new-prod"'
    altc plan --stage prod --against-stage dev
    exits 10
    out_has '"old-dev" → "old-prod"'
    status=0
    "$ALTC" plan - --against infra.alt <next.alt >out 2>err || status=$?
    exits 10
    out_has '"old-dev" → "new-dev"'
    echo 'resource Other: AWS::SNS::Topic' >other.alt
    altc plan other.alt --against infra.alt
    exits 10
    out_has "1 to add, 1 to remove"
    altc plan next.alt --against infra.alt --set none=1
    exits 1
    err_has "does not compile"
}

test_plan_against_revisions() {
    command -v git >/dev/null || skip "git is not installed"
    git init -q .
    git config user.email t@example.org
    git config user.name t
    shop infra.alt old
    altc -o saved.json -q
    git add .
    git commit -qm one
    shop infra.alt new
    altc -o saved.json -q
    for against in HEAD HEAD:infra.alt HEAD:saved.json; do
        altc plan --against "$against"
        exits 10
        out_has '"old-dev" → "new-dev"'
    done
    altc plan --all --against HEAD
    exits 10
    out_has '"old-prod" → "new-prod"'
    altc plan --against nowhere
    exits 2
    err_has "'nowhere' is no file, and no revision of git"
    "$ALTC" plan - --against HEAD <infra.alt >out 2>err && fail "standard input has revisions"
    grep -q "standard input has no revisions" err || fail "it says something else"
}

test_plan_that_a_guard_forbids() {
    cat >infra.alt <<'ALT'
resource Table: AWS::DynamoDB::Table {
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }]
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }]
  BillingMode: "PAY_PER_REQUEST"
}
ALT
    altc -o old.json -q
    program infra.alt
    altc plan --against old.json
    exits 12
    out_has "--allow Table"
    altc plan --against old.json --allow Table
    exits 10
}

test_plan_of_files_that_are_none() {
    program infra.alt
    echo '{"a": 1}' >a.json
    altc plan --against a.json
    exits 2
    err_has "'a.json' is no template: it has no Resources"
    echo '{"Resources": {' >a.json
    altc plan --against a.json
    exits 2
    err_has "a.json:"
    printf '\377' >a.json
    altc plan --against a.json
    exits 2
    head -c 5000000 /dev/zero | tr '\0' ' ' >a.json
    altc plan --against a.json
    exits 2
    altc plan --against nothing.json
    exits 2
    mkdir empty
    altc plan --against empty
    exits 10
    out_has "a new stack"
    altc plan --all
    exits 2
    altc plan --all --against a.json
    exits 2
    altc plan --against a.json --against-stage dev
    exits 2
    err_has "exclude each other"
}

test_plan_against_aws_is_the_deployers() {
    mkdir bin
    cp "$ALTC" bin/altc
    printf '#!/bin/sh\nfor word; do echo "[$word]"; done\nexit 10\n' >bin/altc-deploy
    chmod +x bin/altc-deploy
    ALTC=$PWD/bin/altc
    shop infra.alt old
    altc plan --stage prod --format markdown --parameter A=1
    exits 10
    printf '[%s]\n' plan --manifest ./.altc/prod/prod.manifest.json --root . --format markdown \
        --parameter A=1 >expected
    diff expected out || fail "it was started otherwise"
}
