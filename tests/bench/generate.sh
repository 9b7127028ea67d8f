#!/bin/sh
# Writes programs of any size: generate.sh resources N FILE, generate.sh jobs N FILE, or
# generate.sh lines N FOLDER
set -eu

here=$(dirname "$0")

# Copies of site.alt's resources until there are N.
resources() { # N FILE
    awk -v wanted="$1" '
        /^\/\/ ---- resources ----/ { body = 1; next }
        !body { print; next }
        { lines[++count] = $0 }
        END {
            made = 0
            for (copy = 0; made < wanted; copy++)
                for (i = 1; i <= count && made <= wanted; i++) {
                    line = lines[i]
                    if (line ~ /^resource /) {
                        if (made == wanted) break
                        made++
                    }
                    # Of the last copy only whole resources; what they refer to is in the first.
                    target = wanted - copy * 31 >= 31 || line ~ /^resource / ? copy : 0
                    gsub(/-0/, "-" copy, line)
                    if (line ~ /^resource /) sub(/0:/, copy ":", line)
                    else line = renumber(line, target)
                    print line
                }
        }
        # Names that end in 0, as in `Bucket0.Arn`.
        function renumber(text, number,    out) {
            out = ""
            while (match(text, /[A-Za-z]0[^0-9A-Za-z]|[A-Za-z]0$/)) {
                out = out substr(text, 1, RSTART) number
                text = substr(text, RSTART + 2)
            }
            return out text
        }' "$here/site.alt" >"$2"
}

# N resources that can stand beside each other, six for each queue with its worker.
jobs() { # N FILE
    awk -v wanted="$1" 'BEGIN {
        print "app { name: \"bench\", region: \"us-east-1\", defaultStage: \"dev\" }"
        print "stages { dev: {} }"
        for (i = 0; i < wanted / 6; i++) {
            printf "resource Dead%d: AWS::SQS::Queue { MessageRetentionPeriod: 1209600 }\n", i
            printf "resource Jobs%d: AWS::SQS::Queue {\n  VisibilityTimeout: 90\n", i
            printf "  RedrivePolicy: { deadLetterTargetArn: Dead%d.Arn, maxReceiveCount: 5 }\n}\n", i
            printf "resource Logs%d: AWS::Logs::LogGroup { RetentionInDays: 30 }\n", i
            printf "resource Role%d: AWS::IAM::Role {\n  AssumeRolePolicyDocument: {\n", i
            printf "    Version: \"2012-10-17\"\n    Statement: [{ Effect: \"Allow\", "
            printf "Principal: { Service: \"lambda.amazonaws.com\" }, Action: \"sts:AssumeRole\" }]\n  }\n"
            printf "  Policies: [{ PolicyName: \"jobs\", PolicyDocument: { Version: \"2012-10-17\", "
            printf "Statement: [{ Effect: \"Allow\", Action: [\"sqs:ReceiveMessage\", "
            printf "\"sqs:DeleteMessage\"], Resource: Jobs%d.Arn }] } }]\n}\n", i
            printf "resource Work%d: AWS::Lambda::Function {\n  Role: Role%d.Arn\n", i, i
            printf "  Runtime: \"nodejs24.x\"\n  Handler: \"index.handler\"\n"
            printf "  Code: { ZipFile: \"exports.handler = async () => %d\" }\n", i
            printf "  LoggingConfig: { LogGroup: Logs%d }\n}\n", i
            printf "resource Feed%d: AWS::Lambda::EventSourceMapping {\n", i
            printf "  EventSourceArn: Jobs%d.Arn\n  FunctionName: Work%d\n}\n", i, i
        }
    }' >"$2"
}

# N lines over N / 1000 files: components, functions, types and values that use each other, and a
# root that imports them all.
lines() { # N FOLDER
    mkdir -p "$2"
    files=$(($1 / 1000))
    file=0
    {
        echo 'app { name: "bench", defaultStage: "dev" }'
        echo 'stages { dev: { tier: "dev" } }'
    } >"$2/infra.alt"
    while [ "$file" -lt "$files" ]; do
        printf 'import "./part%d.alt" { Service%d_0 }\n' "$file" "$file" >>"$2/infra.alt"
        awk -v file="$file" 'BEGIN {
            for (i = 0; i < 28; i++) {
                id = file "_" i
                printf "/// Size of service %s, by tier.\n", id
                printf "type Settings%s = { name: string, size: int = %d, zones: list<string> = [] }\n", id, i + 1
                printf "fn sizeOf%s(tier: string, base: int): int = match tier {\n", id
                printf "  production: base * 4\n  dev:        base + %d\n  else:       base\n}\n", i
                printf "let tier%s = \"tier-%s\"\n", id, id
                printf "component Service%s(settings: Settings%s, label: string = \"none\") {\n", id, id
                printf "  resource Queue: AWS::SQS::Queue {\n"
                printf "    QueueName:         \"${settings.name}-${tier%s}\"\n", id
                printf "    VisibilityTimeout: sizeOf%s(\"dev\", settings.size)\n", id
                printf "    KmsMasterKeyId:    settings.size > 10 ? \"alias/aws/sqs\" : null\n  }\n"
                printf "  resource Role: AWS::IAM::Role {\n"
                printf "    AssumeRolePolicyDocument: {\n      Version: \"2012-10-17\"\n      Statement: [{\n"
                printf "        Effect:    \"Allow\"\n        Principal: { Service: \"lambda.amazonaws.com\" }\n"
                printf "        Action:    \"sts:AssumeRole\"\n      }]\n    }\n"
                printf "    Tags: { Label: label, Tier: tier%s }\n  }\n", id
                printf "  resource Topic: AWS::SNS::Topic {\n"
                printf "    DisplayName:  \"topic of ${settings.name} in ${aws.region}\"\n"
                printf "    Subscription: [{ Endpoint: Queue.Arn, Protocol: \"sqs\" }]\n  }\n"
                printf "  output queue: Arn = Queue.Arn\n  output topic: string = Topic\n}\n\n"
                printf "let list%s = [for n in range(0, 3): \"${tier%s}-${n}\"]\n\n", id, id
            }
            # 28 times 35 lines; with these the file has 1000.
            for (i = 0; i < 20; i++)
                printf "let total%d_%d = sizeOf%d_%d(\"production\", %d)\n", file, i, file, i, i
        }' >"$2/part$file.alt"
        file=$((file + 1))
    done
    cat >>"$2/infra.alt" <<'ALT'
resource First: Service0_0 { settings: { name: "first" } }
ALT
}

case ${1:-} in
resources) resources "$2" "$3" ;;
jobs) jobs "$2" "$3" ;;
lines) lines "$2" "$3" ;;
*)
    echo "usage: generate.sh resources N FILE | jobs N FILE | lines N FOLDER" >&2
    exit 2
    ;;
esac
