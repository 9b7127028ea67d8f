#!/bin/sh
# Tests of the stand-in for AWS: sh tests/standin/run.sh [PATTERN]. Those that need boto3 are
# skipped by name where it is not installed. The last line counts.
set -u

here=$(cd "$(dirname "$0")" && pwd)
unset AWS_PROFILE AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
AWS_EC2_METADATA_DISABLED=true
AWS_CONFIG_FILE=/dev/null
AWS_SHARED_CREDENTIALS_FILE=/dev/null
PYTHONDONTWRITEBYTECODE=1
export AWS_EC2_METADATA_DISABLED AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE \
    PYTHONDONTWRITEBYTECODE
exec python3 -W error::ResourceWarning "$here/../support/unittests.py" "$here" "$@"
