# What tests of the command line share; read by run.sh.

fail() {
    echo "failed: $*"
    echo "-- exit code $status, standard output:"
    cat out 2>/dev/null
    echo "-- standard error:"
    cat err 2>/dev/null
    exit 1
}

# Runs altc; its results are in the files out and err and in $status.
status=
altc() {
    status=0
    "$ALTC" "$@" >out 2>err </dev/null || status=$?
}

exits() {
    [ "$status" -eq "$1" ] || fail "expected exit code $1"
}

out_has() {
    grep -qF -- "$1" out || fail "standard output lacks: $1"
}

err_has() {
    grep -qF -- "$1" err || fail "standard error lacks: $1"
}

out_empty() {
    [ ! -s out ] || fail "standard output should be empty"
}

err_empty() {
    [ ! -s err ] || fail "standard error should be empty"
}

skip() {
    echo "SKIP $*"
    exit 0
}

# A program of one stack: program FILE [NAME].
program() {
    printf 'resource Topic: AWS::SNS::Topic {\n  TopicName: "%s"\n}\n' "${2:-news}" >"$1"
}

# One with two stages.
staged() {
    cat >"$1" <<'ALT'
app {
  name:         "demo"
  defaultStage: "dev"
}

stages {
  dev: { tier: "dev" }
  prod: { tier: "prod", aliases: ["production"] }
}

var size: int = 1 { env: "DEMO_SIZE" }

resource Topic: AWS::SNS::Topic {
  TopicName:   "news-${stage.name}"
  DisplayName: "size ${size}"
}
ALT
}

# One with an error on line 2.
broken() {
    printf 'resource Topic: AWS::SNS::Topic {\n  TopicNme: "news"\n}\n' >"$1"
}

# Waits up to five seconds until the command succeeds.
eventually() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 50 ] || fail "never: $*"
        sleep 0.1
    done
}
