# What tests of deploying share; read after support/shell.sh. spec: tests/standin/README.md.

# Says something to the stand-in, or asks: standin reset; standin clock '{"mode":"event"}';
# standin GET calls.
standin() {
    method=POST
    case $1 in GET | DELETE)
        method=$1
        shift
        ;;
    esac
    curl -sS -f -X "$method" --data-binary "${2:-}" "$AWS_ENDPOINT_URL/_standin/$1" >answer ||
        fail "the stand-in does not take: $*"
}

# The stand-in as at its start; each request brings the next thing that happens.
fresh() {
    standin reset
    standin clock '{"mode":"event"}'
}

# Deploys ./infra.alt without asking, with polls that do not wait.
deploy() {
    altc deploy --yes --poll 1 "$@"
}

# A program of one queue, whose messages are kept KEEP days.
program() {
    cat >infra.alt <<'ALT'
app { name: "shop", region: "eu-west-1", defaultStage: "dev" }

stages { dev: {} }

var keep: int = 4 { env: "KEEP" }

resource Orders: AWS::SQS::Queue {
  MessageRetentionPeriod: keep * 86400
}

output Url = Orders.QueueUrl
ALT
}

# The stack is in this state, by what the stand-in itself says.
stack_in() { # name, status
    standin GET "stacks?name=$1"
    grep -q "\"status\": \"$2\"" answer
}

stack_is() {
    stack_in "$@" || {
        cat answer
        fail "stack $1 is not in $2"
    }
}

no_stack() {
    standin GET "stacks?name=$1"
    ! grep -q '"status": "[A-Z_]*\(COMPLETE\|PROGRESS\|FAILED\)"' answer ||
        ! grep -v DELETE_COMPLETE answer | grep -q '"status"' || {
        cat answer
        fail "stack $1 is there"
    }
}

# How often each operation of CloudFormation was asked for, as "Create=1 Describe=2".
calls() {
    standin GET calls
    tr ',{}' '\n\n\n' <answer | sed -n 's/.*"cloudformation:\([A-Za-z]*\)": \([0-9]*\).*/\1=\2/p' |
        sort | tr '\n' ' ' | sed 's/ $//'
}

calls_are() {
    found=$(calls)
    [ "$found" = "$1" ] || fail "calls: $found
expected: $1"
}

called() { # operation, times
    calls | tr ' ' '\n' >called
    found=$(sed -n "s/^$1=//p" called)
    [ "${found:-0}" -eq "$2" ] || fail "$1 was called ${found:-0} times, expected $2"
}
