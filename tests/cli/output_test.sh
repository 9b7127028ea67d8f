# Where results go, and that nobody ever sees half of one.

test_template_on_stdout() {
    program infra.alt
    altc infra.alt
    exits 0
    out_has '"TopicName": "news"'
    err_empty
    cp out first
    altc infra.alt -o -
    exits 0
    cmp out first
}

test_output_file() {
    program infra.alt
    altc infra.alt -o out.json
    exits 0
    out_empty
    grep -q '"news"' out.json || fail "no template"
    [ "$(ls | tr '\n' ' ')" = "err infra.alt out out.json " ] || fail "other files: $(ls)"
}

test_yaml() {
    program infra.alt
    altc --format yaml
    exits 0
    out_has "TopicName: news"
}

test_manifest() {
    program infra.alt
    altc -o out.json --manifest
    exits 0
    grep -q 'infra.alt' out.manifest.json || fail "no manifest"
    # Nothing stands beside a device.
    mkfifo pipe
    altc -o pipe --manifest
    exits 2
    err_has "'--manifest' is written beside the output"
    [ ! -e pipe.manifest.json ] || fail "a manifest beside a pipe"
}

test_every_stage() {
    staged infra.alt
    altc --all -d deep/out
    exits 0
    out_empty
    [ "$(ls deep/out | tr '\n' ' ')" = "dev.json dev.manifest.json prod.json prod.manifest.json " ] ||
        fail "files: $(ls deep/out)"
    grep -q news-prod deep/out/prod.json || fail "not the stage's template"
}

# What stages have in common is made once, when the first of them asks for it.
test_every_stage_is_what_it_is_alone() {
    cat >infra.alt <<'ALT'
app { name: "demo" }
stages {
  one: { tier: "small" }
  two: { tier: "large" }
}
on two {
  resource Late: AWS::SNS::Topic { TopicName: "${item["q"]}-${join("-", keys(item))}-${sized}" }
}
on one {
  resource Early: AWS::SNS::Topic { TopicName: "${joined}-${sized}" }
}
let joined = "${second}-${third}"
var second: string = first { env: "DEMO_SECOND" }
var first: string = "x" { env: "DEMO_FIRST" }
var third: string = "z" { env: "DEMO_THIRD" }
for key in split(",", listing) {
  var item[key]: string = third { env: "DEMO_${upper(key)}" }
}
var listing: string = "p,q" { env: "DEMO_LISTING" }
var sized: string = stage.tier == "small" ? first : third { env: "DEMO_SIZED_${upper(stage.name)}" }
ALT
    export DEMO_FIRST=f DEMO_THIRD=t DEMO_Q=qq DEMO_LISTING=r,q DEMO_SIZED_TWO=big
    altc --all -d all
    exits 0
    altc --stage one -d alone
    altc --stage two -d alone
    exits 0
    diff -r all alone || fail "the same in other words, or in another order"
    grep -q '"qq-r-q-big"' all/two.json || fail "not the settings' values"
    grep -q '"f-t-f"' all/one.json || fail "not the settings' values"
}

test_a_finding_of_all_stages_is_told_once() {
    staged infra.alt
    echo 'let wrong = [1][5]' >>infra.alt
    altc --all -d out
    exits 1
    err_has "5 is no index of a list with 1 elements [ALT4117]"
    [ "$(grep -c 'error' err)" -eq 2 ] || fail "not one finding and its count"
}

test_stage_by_alias_and_settings() {
    staged infra.alt
    altc --stage production --set size=7
    exits 0
    out_has '"news-prod"'
    out_has '"size 7"'
}

test_environment_and_values() {
    staged infra.alt
    DEMO_SIZE=5 altc
    exits 0
    out_has '"size 5"'
    printf '{"size": 6}\n' >values.json
    altc --values values.json
    exits 0
    out_has '"size 6"'
    printf 'size: 8\n' >values.yaml
    altc --values values.yaml
    exits 0
    out_has '"size 8"'
    altc --values missing.json
    [ "$status" -ne 0 ] || fail "a values file that is missing"
}

test_unknown_stage() {
    staged infra.alt
    altc --stage prd
    [ "$status" -ne 0 ] || fail "a stage that does not exist"
    out_empty
    err_has "prod"
}

test_old_output_stays_on_an_error() {
    broken infra.alt
    echo old >out.json
    altc -o out.json -MD
    exits 1
    out_empty
    [ "$(cat out.json)" = old ] || fail "the old output is gone"
    [ ! -e out.d ] || fail "a depfile after an error"
    [ "$(ls | tr '\n' ' ')" = "err infra.alt out out.json " ] || fail "other files: $(ls)"
}

test_unchanged_output_is_not_touched() {
    program infra.alt
    altc -o out.json --manifest -MD
    exits 0
    touch -d '2001-02-03' out.json out.manifest.json out.d
    altc -o out.json --manifest -MD
    exits 0
    for file in out.json out.manifest.json out.d; do
        [ "$(date -r $file +%Y)" = 2001 ] || fail "$file was touched"
    done
    program infra.alt other
    altc -o out.json
    exits 0
    [ "$(date -r out.json +%Y)" != 2001 ] || fail "out.json was not written"
}

test_mode_and_links_are_kept() {
    program infra.alt
    mkdir real
    echo old >real/out.json
    chmod 600 real/out.json
    ln -s real/out.json link.json
    altc -o link.json
    exits 0
    [ -L link.json ] || fail "the link is gone"
    grep -q news real/out.json || fail "the file behind the link is old"
    [ "$(stat -c %a real/out.json)" = 600 ] || fail "the mode changed"
}

test_full_disk_on_stdout() {
    [ -c /dev/full ] || skip "there is no /dev/full"
    program infra.alt
    status=0
    "$ALTC" infra.alt >/dev/full 2>err || status=$?
    exits 2
    err_has "No space left"
    "$ALTC" --version >/dev/full 2>err || status=$?
    exits 2
}

test_full_disk_in_a_file() {
    [ -c /dev/full ] || skip "there is no /dev/full"
    program infra.alt
    altc -o /dev/full
    exits 2
    err_has "No space left"
}

test_file_size_limit_leaves_the_old_output() {
    program infra.alt
    # Larger than a block, so that the write fails in the middle.
    i=0
    while [ $i -lt 40 ]; do
        printf 'resource T%d: AWS::SNS::Topic {\n  TopicName: "name-of-a-topic-%d"\n}\n' $i $i
        i=$((i + 1))
    done >infra.alt
    echo old >out.json
    status=0
    (
        trap '' XFSZ
        ulimit -f 1
        "$ALTC" infra.alt -o out.json 2>err
    ) || status=$?
    exits 2
    [ "$(cat out.json)" = old ] || fail "the old output is gone"
    [ "$(ls | grep -c tmp)" -eq 0 ] || fail "a temporary file is left"
}

test_closed_pipe() {
    program infra.alt
    mkfifo pipe
    : <pipe &
    # The reader goes away at once; what is written then meets a closed pipe.
    exec 3>pipe
    wait
    status=0
    "$ALTC" infra.alt >&3 2>err || status=$?
    exec 3>&-
    exits 2
    err_has "Broken pipe"
}

test_closed_stdout() {
    program infra.alt
    status=0
    "$ALTC" infra.alt >&- 2>err || status=$?
    exits 2
    err_has "cannot write standard output"
    # A file that is opened must not become standard output.
    "$ALTC" infra.alt -o out.json >&- 2>err || true
    [ "$(head -c 1 out.json)" = "{" ] || fail "the output is damaged"
}

test_folder_as_output() {
    program infra.alt
    mkdir out.json
    altc -o out.json
    exits 2
    err_has "cannot write 'out.json'"
}

test_output_in_a_missing_folder() {
    program infra.alt
    altc -o no/such/out.json
    exits 2
    err_has "cannot write 'no/such/out.json'"
}

test_read_only_folder() {
    [ "$(id -u)" -ne 0 ] || skip "root may write everywhere"
    program infra.alt
    mkdir locked
    chmod 555 locked
    altc -o locked/out.json
    exits 2
    err_has "Permission denied"
}

test_depfile() {
    mkdir 'a b'
    cat >'a b/in#$.alt' <<'ALT'
let name = "x"
ALT
    printf 'import "./a b/in#$.alt"\nresource Topic: AWS::SNS::Topic {\n  TopicName: name\n}\n' >infra.alt
    altc infra.alt -o 'out x.json' -MD -MP
    exits 0
    [ -e 'out x.d' ] || fail "no depfile"
    grep -qF 'out\ x.json: infra.alt' 'out x.d' || fail "$(cat 'out x.d')"
    grep -qF 'a\ b/in\#$$.alt' 'out x.d' || fail "$(cat 'out x.d')"
    grep -qF 'a\ b/in\#$$.alt:' 'out x.d' || fail "no empty rule: $(cat 'out x.d')"
    # make reads the names back as they are.
    printf 'include out\\ x.d\nall: out\\ x.json\n\t@echo "$^"\n' >Makefile
    make -s -f Makefile all >made 2>&1 || fail "$(cat made)"
    make -sn -W 'a b/in#$.alt' -d all 2>/dev/null | grep -q 'a b/in#\$.alt' ||
        fail "make does not know the file"
}

test_depfile_names() {
    program infra.alt
    altc infra.alt -MD -MF deps -MT 'a b' -o out.json
    exits 0
    grep -qx 'a b: infra.alt' deps || fail "$(cat deps)"
    altc infra.alt -MD -MF- -MT x -o out.json
    exits 0
    out_has "x: infra.alt"
}

# A program of two stacks, in two regions.
two_stacks() {
    cat >"$1" <<'ALT'
app {
  name:         "demo"
  region:       "eu-west-1"
  defaultStage: "dev"
}

stages {
  dev: {}
}

stack edge in "us-east-1" {
  resource Far: AWS::SNS::Topic {
    TopicName: "far"
  }
}

resource Near: AWS::SQS::Queue {
  QueueName: "near"
}
ALT
}

test_several_stacks() {
    two_stacks infra.alt
    altc
    exits 2
    out_empty
    err_has "stacks"
    altc -o out.json --manifest
    exits 0
    err_has "out.edge.json"
    grep -q near out.json || fail "not the main stack"
    grep -q far out.edge.json || fail "not the stack edge"
    altc --all -d folder
    exits 0
    [ "$(ls folder | tr '\n' ' ')" = "dev.edge.json dev.json dev.manifest.json " ] ||
        fail "files: $(ls folder)"
    altc -o deps.json -MD
    exits 0
    grep -qF 'deps.json deps.edge.json: infra.alt' deps.d || fail "$(cat deps.d)"
    altc why /Resources/Far/Properties/TopicName
    exits 0
    out_has '"far"'
}

test_same_of_several_stacks() {
    two_stacks a.alt
    two_stacks b.alt
    altc same a.alt b.alt
    exits 0
    sed -i 's/"far"/"farther"/' b.alt
    altc same a.alt b.alt
    exits 1
    out_has 'edge:/Resources/Far/Properties/TopicName: "far" -> "farther"'
    program c.alt
    altc same a.alt c.alt
    exits 1
    out_has "only in a.alt"
}

test_the_program_is_not_written_over() {
    program infra.alt
    cp infra.alt before
    ln -s infra.alt link
    for wrong in "-o infra.alt" "-o link" "-o out.json -MD -MF infra.alt" "--report json:infra.alt -o out.json"; do
        # shellcheck disable=SC2086 # words
        altc infra.alt $wrong
        exits 2
        err_has "the program was read from it"
        cmp infra.alt before || fail "$wrong took the source"
    done
    altc graph infra.alt -o infra.alt
    exits 2
    altc types infra.alt -o infra.alt
    exits 2
    cmp infra.alt before || fail "the source is gone"
}

test_two_results_in_one_file() {
    program infra.alt
    altc -o out.json -MD -MF out.json
    exits 2
    err_has "two results would be written to 'out.json'"
    [ ! -e out.json ] || fail "out.json was written"
}
