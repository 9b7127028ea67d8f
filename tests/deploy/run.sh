#!/bin/sh
# altc deploy against the stand-in for AWS: ALTC=build/altc sh tests/deploy/run.sh [PATTERN]
# Every function test_* of the files beside this one runs in a folder of its own and finds the
# stand-in as at its start. The last line counts.
set -u

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
ALTC=${ALTC:-build/altc}
case $ALTC in /*) ;; *) ALTC=$PWD/$ALTC ;; esac
if [ ! -x "$ALTC" ]; then
    echo "deploy: no program $ALTC" >&2
    exit 1
fi
work=$(mktemp -d) || exit 2
trap 'kill $standin 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
python3 "$root/tests/standin/server.py" --ready-file "$work/port" >"$work/standin.log" 2>&1 &
standin=$!
tries=0
until [ -s "$work/port" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ]; then
        echo "deploy: the stand-in does not start:" >&2
        cat "$work/standin.log" >&2
        exit 1
    fi
    sleep 0.1
done
# Nothing of who runs the tests may matter.
unset NO_COLOR COLUMNS AWS_PROFILE AWS_SESSION_TOKEN AWS_REGION AWS_DEFAULT_REGION
AWS_ENDPOINT_URL=http://127.0.0.1:$(cat "$work/port")
AWS_ACCESS_KEY_ID=AKIASTANDIN000000001
AWS_SECRET_ACCESS_KEY=standin-secret
AWS_CONFIG_FILE=/dev/null
AWS_SHARED_CREDENTIALS_FILE=/dev/null
AWS_EC2_METADATA_DISABLED=true
TERM=dumb
LC_ALL=C.UTF-8
export ALTC root AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_CONFIG_FILE \
    AWS_SHARED_CREDENTIALS_FILE AWS_EC2_METADATA_DISABLED TERM LC_ALL

. "$here/../support/run-shell.sh"
run_tests 120 fresh "${1:-}"
