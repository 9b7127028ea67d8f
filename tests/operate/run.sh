#!/bin/sh
# Tests of the commands that watch and mend stacks, and of the view in a real terminal (tmux),
# against the stand-in for AWS: sh tests/operate/run.sh [PATTERN]. ALTC is the program. The last line
# counts.
set -u

here=$(cd "$(dirname "$0")" && pwd)
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
exec python3 -W error::ResourceWarning "$here/../support/unittests.py" "$here" "$@"
