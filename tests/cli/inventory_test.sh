# Programs told to people and to other tools: altc graph, docs, types.

# Two stages; a component with a comment, a setting with a check, a secret, a guard, a domain, a task.
described() {
    cat >infra.alt <<'ALT'
// A shop of one queue.

app { name: "shop", region: "eu-west-1", defaultStage: "dev" }
stages {
  /// Where we try things.
  dev:  { tier: "small" }
  prod: { tier: "large", aliases: ["production"] }
}

domain shop on prod { host: "shop.example.com", zone: "Z1" }
domain press { host: "example.org", elsewhere: true }

/// Days that an order may wait.
var keep: int = 4 { env: "KEEP", require it > 0, "a day or more" }
var key: string = null { secret: true, env: "KEY" }

component Inbox(topic: AWS::SNS::Topic, secret: string) {
  resource Queue: AWS::SQS::Queue { MessageRetentionPeriod: keep * 86400 }
  @DependsOn(Queue)
  resource Link: AWS::SNS::Subscription { Protocol: "sqs", TopicArn: topic, Endpoint: Queue.Arn }
  output link = { name: self.name, type: "shop.Inbox", values: { url: Queue.QueueUrl, days: keep } }
}

resource Orders: AWS::SNS::Topic { TopicName: "${stage.name}|orders", DisplayName: key ?? "none" }
/// Takes orders.
resource Box: Inbox { topic: Orders, secret: "s" }
on prod {
  @retain
  resource Invoices: AWS::S3::Bucket
  resource Files: Alt::Site::Files { Source: "web", Bucket: Invoices }
}
guard "invoices stay" on prod unless allowed "lose" { deny delete of Invoices }
stack edge in "us-east-1" { resource Far: AWS::SNS::Topic }
/// Where to write to.
output Url = Box.Queue.QueueUrl
output FarArn = Far.TopicArn
resource Asker: AWS::IAM::Role {
  AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }
  Tags: { Name: "asker" }
}
resource Wall: AWS::EC2::SecurityGroup { GroupDescription: "none", Tags: { Name: "wall" } }
resource Job: AWS::Lambda::Function { Role: Asker.Arn, Code: { ZipFile: "0" }, Runtime: "nodejs22.x", Handler: "i.h" }
resource Right: AWS::Lambda::Permission { FunctionName: Job, Action: "lambda:InvokeFunction", Principal: "sns.amazonaws.com" }
ALT
}

test_docs_files() {
    described
    KEY=hunter2 altc docs -d pages
    exits 0
    [ "$(ls pages | tr '\n' ' ')" = "README.md dev.md dev.svg index.html prod.md prod.svg " ] ||
        fail "files: $(ls pages)"
    ! grep -rq hunter2 pages || fail "a secret was told"
    cp -r pages first
    KEY=hunter2 altc docs -d pages
    diff -r first pages >diff || fail "two runs differ: $(cat diff)"
}

# Who fills a parameter when nobody says anything: a default, Parameter Store, or nobody.
test_docs_of_parameters() {
    cat >infra.alt <<'ALT'
import "std/vpc.alt" { Vpc }
param Given: String
param Preset: String { Default: "hunter2", NoEcho: true }
resource Net: Vpc { bastion: true, with Bastion { KeyName: Given, UserData: Preset } }
ALT
    altc docs -d pages
    exits 0
    has pages/template.md '| `Given` | whoever deploys |'
    has pages/template.md '| `Preset` | its default, or whoever deploys |'
    has pages/template.md '/al2023-ami-kernel-default-arm64` in Parameter Store, or what whoever deploys names |'
    ! grep -rq hunter2 pages || fail "a secret's default was told"
}

# has FILE TEXT
has() {
    grep -qF -- "$2" "$1" || fail "$1 lacks: $2"
}

test_docs_tell() {
    described
    KEEP=7 KEY=hunter2 altc docs -d pages
    exits 0
    has pages/README.md "| [dev](dev.md) |  | tier: small |"
    has pages/README.md '| [prod](prod.md) | production | tier: large | infra | `shop.example.com` |'
    has pages/README.md "A shop of one queue."
    has pages/dev.md "Where we try things."
    has pages/dev.md '| `keep` | `int` | `7` | environment KEEP | `4` | `KEEP` |'
    has pages/dev.md "Days that an order may wait. Checked: a day or more"
    has pages/dev.md '| `key` | `string` | a secret, given |'
    has pages/dev.md '| Box.Queue | `AWS::SQS::Queue` | `BoxQueue` |'
    has pages/dev.md "kept 604800 s"
    has pages/dev.md '`Box` is an `Inbox`: Takes orders.'
    # What only leads to another resource is no name, nor is a tag where AWS shows none.
    has pages/dev.md '| Right | `AWS::Lambda::Permission` | `Right` |  |'
    has pages/dev.md '| Asker | `AWS::IAM::Role` | `Asker` |  |'
    has pages/dev.md '| Wall | `AWS::EC2::SecurityGroup` | `Wall` | `wall` |'
    has pages/dev.md '`dev\|orders`'
    has pages/dev.md "the output \`FarTopicArn\` of the stack edge"
    has pages/dev.md "Where to write to."
    has pages/dev.md "none: it is elsewhere"
    ! grep -q Invoices pages/dev.md || fail "dev holds what only prod has"
    has pages/prod.md "shop (owned here)"
    has pages/prod.md "On deletion: Retain"
    has pages/prod.md "invoices stay"
    has pages/prod.md '| `delete` | `Invoices` |'
    has pages/prod.md '`--allow lose`'
    has pages/prod.md '| `Alt::Site::Files` | `Files` | Source `web`, Bucket `${Invoices}` |'
}

test_docs_page_stands_alone() {
    described
    altc docs -d pages
    exits 0
    for stage in dev prod; do
        has pages/index.html "id=\"$stage\""
    done
    grep -c '<svg' pages/index.html >count
    [ "$(cat count)" -ge 2 ] || fail "a picture is missing"
    ! grep -Eq '<script|<link|src=|@import' pages/index.html || fail "something from outside"
    command -v python3 >/dev/null || skip "python3 is not installed"
    python3 - pages/index.html pages/dev.svg pages/prod.svg <<'PY' || fail "not well-formed"
import sys, xml.dom.minidom, html.parser
class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []
    def handle_starttag(self, tag, attrs):
        if tag not in ('meta', 'br', 'img', 'hr', 'link', 'input'):
            self.open.append(tag)
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.getpos())
tags = Tags()
tags.feed(open(sys.argv[1], encoding='utf-8').read())
assert not tags.open, tags.open
for path in sys.argv[2:]:
    xml.dom.minidom.parse(path)
PY
}

test_docs_of_one_stage() {
    described
    altc docs --stage production -d pages
    exits 0
    [ "$(ls pages | tr '\n' ' ')" = "README.md index.html prod.md prod.svg " ] || fail "files: $(ls pages)"
}

test_docs_refuse_what_does_not_compile() {
    described
    KEEP=0 altc docs -d pages
    exits 1
    err_has "a day or more"
    [ ! -e pages ] || fail "it wrote all the same"
}

test_graph_json() {
    described
    altc graph --stage prod --format json
    exits 0
    command -v python3 >/dev/null || skip "python3 is not installed"
    python3 - <<'PY' || fail "other nodes or edges"
import json
graph = json.load(open('out', encoding='utf-8'))
ids = [n['id'] for n in graph['nodes']]
groups = [g['name'] for g in graph['groups']]
assert sorted(ids) == ['Asker', 'BoxLink', 'BoxQueue', 'Far', 'Invoices', 'Job', 'Orders', 'Right', 'Wall'], ids
edges = {(ids[e['from']], ids[e['to']]): e['needs'] for e in graph['edges']}
assert set(edges) == {('BoxLink', 'Orders'), ('BoxLink', 'BoxQueue'), ('Job', 'Asker'), ('Right', 'Job')}, edges
assert edges[('BoxLink', 'BoxQueue')] == ['GetAtt', 'DependsOn'], edges
assert 'Box' in groups and 'edge' in groups, groups
PY
}

test_graph_forms() {
    described
    altc graph --format dot
    exits 0
    out_has "digraph"
    out_has '"main/BoxLink" -> "main/BoxQueue"'
    out_has "subgraph"
    altc graph --format mermaid
    exits 0
    out_has "flowchart"
    out_has "n2 --> n1"
    altc graph -o picture.svg
    exits 0
    out_empty
    has picture.svg "<svg"
    has picture.svg "SQS Queue"
    altc graph --format yaml
    exits 2
}

# Every picture of Alternun is legible: boxes apart, inside their frames, texts whole and inside their boxes.
test_graph_is_laid_out() {
    command -v python3 >/dev/null || skip "python3 is not installed"
    set -a
    . "$here/../../tests/golden/alternun-dev/env"
    set +a
    altc docs "$here/../../templates/alternun/infra.alt" -d pages
    exits 0
    # With a second stack too.
    AWS_REGION=eu-west-1 altc graph "$here/../../templates/alternun/infra.alt" --stage dev -o pages/ireland.svg
    exits 0
    grep -q "stack edge" pages/ireland.svg || fail "no second stack"
    python3 "$here/pictures.py" pages/*.svg >log 2>&1 || fail "$(cat log)"
    ! grep -l "…" pages/*.svg >log || fail "names are cut: $(cat log)"
}

test_types() {
    described
    altc types
    exits 0
    has sst-env.d.ts '"Box": {'
    has sst-env.d.ts '"url": string'
    has sst-env.d.ts '"days": number'
    has sst-env.d.ts '"type": "shop.Inbox"'
    has sst-env.d.ts 'reference path="sst-env.d.ts"'
    altc types -o -
    exits 0
    out_has 'declare module "sst"'
}

# Two sites of one folder, and a name that only one stage gives.
test_types_for_vite() {
    cat >infra.alt <<'ALT'
import "std/web.alt" { StaticSite }
app { name: "shop", region: "eu-west-1", defaultStage: "dev", root: ".." }
stages { dev: {}, prod: {} }
resource Web: StaticSite {
  path:        "web"
  environment: { VITE_API: "https://example.com", VITE_BETA: stage.name == "dev" ? "1" : null, NODE_ENV: "x" }
  vite:        {}
}
resource Twin: StaticSite { path: "./web/", environment: { VITE_API: "" }, vite: { types: "src/../src/sst-env.d.ts" } }
resource Plain: StaticSite { path: "plain", environment: { VITE_API: "" } }
ALT
    mkdir inner
    mv infra.alt inner
    altc types inner/infra.alt -o -
    exits 0
    [ ! -e web ] || fail "standard output was not all"
    altc types inner/infra.alt
    exits 0
    has sst-env.d.ts '"Web": {'
    has web/src/sst-env.d.ts 'reference types="vite/client"'
    has web/src/sst-env.d.ts 'readonly "VITE_API": string'
    has web/src/sst-env.d.ts 'readonly "VITE_BETA"?: string'
    ! grep -q NODE_ENV web/src/sst-env.d.ts || fail "a name that Vite hides"
    [ "$(grep -c readonly web/src/sst-env.d.ts)" = 3 ] || fail "$(cat web/src/sst-env.d.ts)"
    [ ! -e plain ] || fail "a site that asked for nothing has a file"
    sed -i 's|types: "src/../src|types: "../../..|' inner/infra.alt
    altc types inner/infra.alt
    exits 2
    err_has "not below the project root"
}
