# Code and sites of a program: what is built, uploaded and forgotten when, and how often.

# A site behind CloudFront whose build gets KEY, a parameter, and the bucket's name; and code.
site_program() {
    cat >infra.alt <<'ALT'
import "std/web.alt" { StaticSite }

app { name: "shop", region: "eu-west-1", defaultStage: "dev" }

stages { dev: {} }

param Title: String { Default: "none" }

resource Layer: AWS::Lambda::LayerVersion { Content: zip("code") }

resource Web: StaticSite {
  path:        "web"
  build:       { command: "sh build.sh", output: "dist" }
  environment: { TITLE: Title, NAME: "x-${aws.stackName}" }
}
ALT
    mkdir -p web code
    echo 'exports.handler = 1' >code/index.js
    echo 'mkdir -p dist && echo "built $TITLE $NAME" | tee dist/index.html && echo 1 >dist/app.js' >web/build.sh
}

# The keys of the site's bucket.
site_has() { # key, content type
    standin GET buckets
    python3 - "$1" "$2" <<'PY' || fail "the bucket lacks $1"
import json, sys
for name, bucket in json.load(open("answer")).items():
    found = bucket["objects"].get(sys.argv[1])
    if found and found["headers"]["content-type"] == sys.argv[2]:
        sys.exit(0)
sys.exit(1)
PY
}

test_a_site_is_built_uploaded_and_left_alone() {
    site_program
    deploy --parameter Title=hello
    exits 0
    grep -q 'built hello x-shop-dev' web/dist/index.html || fail "the build did not see its environment"
    site_has index.html "text/html;charset=utf-8"
    site_has app.js "text/javascript;charset=utf-8"
    site_has .altc/main.WebFiles "text/plain;charset=utf-8"
    standin GET calls
    grep -q '"cloudfront:CreateInvalidation": 1' answer || fail "no invalidation"
    standin DELETE log
    deploy --parameter Title=hello
    exits 0
    out_has "up to date"
    standin GET calls
    ! grep -q 'Put\|CreateInvalidation' answer || fail "something was written: $(cat answer)"
}

test_a_build_that_fails_costs_nothing() {
    site_program
    echo 'exit 7' >web/build.sh
    sed -i 's/NAME: .*/NAME: "x" }/' infra.alt
    deploy --parameter Title=hello
    exits 2
    out_has "failed with exit code 7"
    standin GET calls
    ! grep -q 'Create\|Put' answer || fail "something was made: $(cat answer)"
}

test_code_that_is_missing_costs_nothing() {
    site_program
    rm -r code
    deploy
    exits 2
    out_has "build it first"
    standin GET calls
    ! grep -q 'Create\|Put' answer || fail "something was made: $(cat answer)"
}

# A version is replaced by every change of its code, and that needs nobody's leave.
test_each_change_of_code_is_a_version() {
    cat >infra.alt <<'ALT'
import "std/function.alt" { Function }
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages { dev: {} }
resource Resize: Function { handler: "index.handler", bundle: "code", versioning: true }
output Version = Resize.qualifiedArn
ALT
    mkdir code
    echo 'exports.handler = async () => 1' >code/index.js
    deploy
    exits 0
    cp .sst/outputs.json first
    echo 'exports.handler = async () => 2' >code/index.js
    deploy
    exits 0
    out_has ResizeVersion
    ! cmp -s .sst/outputs.json first || fail "the version is that of the first code: $(cat first)"
    deploy
    exits 0
    out_has "nothing to change"
}

test_sites_wait_for_all_stacks() {
    site_program
    echo 'stack data in "us-east-1" { resource Queue: AWS::SQS::Queue }' >>infra.alt
    standin resources '{"type":"AWS::SQS::Queue","on":"create","fail":"no queues today"}'
    deploy --parameter Title=hello
    exits 15
    out_has "sites stay as they are until every stack of the stage stands"
    stack_is shop-dev CREATE_COMPLETE
    standin GET buckets
    ! grep -q '"index.html"' answer || fail "the site was published"
    standin DELETE resources
    deploy --parameter Title=hello --replace-failed
    exits 0
    site_has index.html "text/html;charset=utf-8"
}

test_a_site_that_fails_leaves_live_stacks() {
    site_program
    echo 'exit 7' >web/build.sh
    deploy --parameter Title=hello
    exits 16
    out_has "failed with exit code 7"
    stack_is shop-dev CREATE_COMPLETE
    [ -s .sst/outputs.json ] || fail "the outputs are missing"
}

test_policy_names_the_site_once_it_is_there() {
    site_program
    altc policy --poll 1
    exits 0
    grep -A 15 '"Sites"' out | grep -q '"Resource": "\*"' || fail "the site is not open"
    deploy --parameter Title=hello
    altc policy --poll 1
    exits 0
    grep -A 25 '"Sites"' out | grep -q 'arn:aws:cloudfront::[0-9]*:distribution/' ||
        fail "the distribution has no name"
    grep -A 25 '"Sites"' out | grep -q 'arn:aws:s3:::.*/\*"' || fail "the bucket has no name"
}
