# What tests of the command line share; read after support/shell.sh.

out_empty() {
    [ ! -s out ] || fail "standard output should be empty"
}

err_empty() {
    [ ! -s err ] || fail "standard error should be empty"
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
