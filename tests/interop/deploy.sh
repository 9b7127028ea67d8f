#!/bin/sh
# altc deploy against moto_server, an independent CloudFormation, S3 and STS, with Debian's or
# Python's `aws` client as the witness: deploy.sh ALTC. moto does everything at once, knows no events
# of resources and no outputs of change sets; what it is good for is the protocol. The last line is
# "deploy: N passed, N failed".
set -u

altc=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d) || exit 2
here=$(cd "$(dirname "$0")" && pwd)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
passed=0
failed=0

check() { # NAME COMMAND…
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        tail -n 20 "$work/log" | sed 's/^/    /'
    fi
}

for variable in $(env | sed -n 's/^\(AWS_[A-Z0-9_]*\)=.*/\1/p'); do unset "$variable"; done
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=very-secret AWS_REGION=us-east-1
export AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true HOME="$work" NO_COLOR=1

python3 - "$work/port" <<'PY' &
import logging, sys, threading
logging.disable(logging.CRITICAL)
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
with open(sys.argv[1] + ".new", "w") as out:
    out.write(str(server.get_host_and_port()[1]))
import os
os.rename(sys.argv[1] + ".new", sys.argv[1])
threading.Event().wait()
PY
server=$!
tries=0
until [ -s "$work/port" ] || [ $tries -ge 300 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
# By this name, since moto takes the bucket of a template's address from the host's first part.
AWS_ENDPOINT_URL="http://localhost:$(cat "$work/port")"
export AWS_ENDPOINT_URL

cp -R "$here/deploy" "$work/app"
cd "$work/app" || exit 2
# The bucket that altc would make is closed to unencrypted requests, and moto, which does not look at
# the conditions of policies, closes it to all.
export ALTC_ASSET_BUCKET=shop-assets
aws s3api create-bucket --bucket shop-assets >/dev/null || echo "the client 'aws' does not work"

deploy() { "$altc" deploy --yes --poll 50 "$@" >"$work/out" 2>"$work/err"; }
told() { cat "$work/out" "$work/err"; grep -q "$1" "$work/out" "$work/err"; }
aws_says() { # EXPECTED ARGUMENTS…
    expected=$1
    shift
    found=$(aws "$@" --output text 2>&1)
    [ "$found" = "$expected" ] || {
        echo "expected '$expected', found '$found'"
        return 1
    }
}
status_is() { aws_says "$1" cloudformation describe-stacks --stack-name shop-dev --query 'Stacks[0].StackStatus'; }
leaves_no_change_set() {
    aws_says "" cloudformation list-change-sets --stack-name shop-dev \
        --query "Summaries[?ExecutionStatus=='AVAILABLE'].ChangeSetName"
}
template_is_the_same() {
    aws cloudformation get-template --stack-name shop-dev --query TemplateBody --output json >"$work/theirs.json"
    python3 -c 'import json,sys
ours, theirs = (json.load(open(f)) for f in sys.argv[1:])
theirs = json.loads(theirs) if isinstance(theirs, str) else theirs
sys.exit(ours != theirs)' .altc/dev/dev.json "$work/theirs.json"
}
code_is_there() {
    key=$(aws cloudformation describe-stacks --stack-name shop-dev --output text \
        --query "Stacks[0].Parameters[?contains(ParameterKey,'Key')].ParameterValue")
    aws s3api head-object --bucket shop-assets --key "$key"
}
page_has() { aws_says "$2" s3api head-object --bucket shop-dev-pages --key "$1" --query "CacheControl"; }

check "create" deploy
check "create: aws sees the stack" status_is CREATE_COMPLETE
check "create: aws has the same template" template_is_the_same
check "create: the code is in the bucket of assets" code_is_there
check "create: pages are not kept by caches" page_has index.html "max-age=0,no-cache"
check "create: assets are" page_has assets/app.js "max-age=31536000,public,immutable"
check "create: nothing is left behind" leaves_no_change_set

check "no change" deploy
check "no change: it says so" told "nothing\|unchanged\|no change"
check "no change: the stack is as it was" status_is CREATE_COMPLETE
check "no change: nothing is left behind" leaves_no_change_set

SHOP_TITLE="All the news"
export SHOP_TITLE
echo 'console.log("more");' >site/assets/more.js
rm site/assets/app.js
check "update" deploy
check "update: aws sees it" status_is UPDATE_COMPLETE
check "update: aws has the same template" template_is_the_same
check "update: a new file is there" page_has assets/more.js "max-age=31536000,public,immutable"
gone() { ! aws s3api head-object --bucket shop-dev-pages --key assets/app.js; }
check "update: a file that went is gone" gone

whoami_is() { "$altc" whoami --format json | grep -q '"account": "123456789012"'; }
check "whoami" whoami_is

echo "deploy: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
