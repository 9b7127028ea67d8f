#!/bin/sh
# Uploads against the stand-in for AWS: sh tests/uploads/run.sh DRIVER ALTC [PATTERN]. The last line
# counts.
set -u

here=$(cd "$(dirname "$0")" && pwd)
DRIVER=$(realpath "$1")
ALTC=$(realpath "$2")
shift 2
unset AWS_PROFILE AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_SESSION_TOKEN AWS_CA_BUNDLE
AWS_CONFIG_FILE=/dev/null
AWS_SHARED_CREDENTIALS_FILE=/dev/null
PYTHONDONTWRITEBYTECODE=1
PYTHONPATH=$here/../standin
export DRIVER ALTC AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE PYTHONDONTWRITEBYTECODE PYTHONPATH
exec python3 -W error::ResourceWarning "$here/../support/unittests.py" "$here" "$@"
