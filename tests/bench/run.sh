#!/bin/sh
# `make bench`: what altc costs, as ratios within one run, held against budgets.txt.
# Needs nothing but the C compiler; the comparison with aws-cdk-lib needs node and npm, and
# installs the pinned package into build/bench/cdk.
set -u

. tests/support/programs.sh
here=$(dirname "$0")
work=build/bench
altc=build/altc
mkdir -p "$work"
gcc -std=c17 -D_XOPEN_SOURCE=700 -O1 -Wall -o "$work/measure" "$here/measure.c" || exit 2
passed=0
failed=0
skipped=0

measure() { # RUNS [=STATUS] PROGRAM…; sets wall, cpu (microseconds) and rss (KiB)
    # shellcheck disable=SC2046 # three numbers
    set -- $(with_settings "${program:-}" "$work/measure" "$@")
    [ $# -eq 3 ] || return 1
    wall=$1
    cpu=$2
    rss=$3
}

calculate() {
    awk "BEGIN { printf \"%.2f\", $1 }"
}

row() { # WHAT FIGURE
    printf '%-46s %s\n' "$1" "$2"
}

# Holds a figure against its budget.
judge() { # NAME FIGURE
    # shellcheck disable=SC2046 # four words
    set -- "$1" "$2" $(sed -n "s|^$1  *||p" "$here/budgets.txt")
    verdict=$(awk -v kind="$3" -v figure="$2" -v bound="$4" \
        'BEGIN { print (kind == "max" ? figure + 0 <= bound + 0 : figure + 0 >= bound + 0) ? "ok" : "MISSED" }')
    printf '%-6s %-20s %10s %-6s (%s %s)\n' "$verdict" "$1" "$2" "$5" "$3" "$4"
    if [ "$verdict" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

trouble() {
    echo "FAIL   $1"
    failed=$((failed + 1))
}

bench_site() {
    measure 500 /bin/true || return
    true_wall=$wall
    row "/bin/true" "$wall us"
    if ! measure 300 "$altc" "$here/site.alt" -o -; then
        trouble "site.alt does not compile"
        return
    fi
    site_wall=$wall
    row "altc, 31 resources" "$wall us, $cpu us CPU, $rss KiB"
    judge site/true "$(calculate "$site_wall / $true_wall")"
    judge site/memory "$(calculate "$rss / 1024")"
}

bench_cdk() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        echo "SKIP   cdk/site: node and npm are not installed"
        skipped=$((skipped + 1))
        return
    fi
    mkdir -p "$work/cdk"
    cp "$here/cdk/package.json" "$here/cdk/site.js" "$work/cdk/"
    if [ ! -d "$work/cdk/node_modules/aws-cdk-lib" ] &&
        ! (cd "$work/cdk" && npm install --no-audit --no-fund --silent >install.log 2>&1); then
        echo "SKIP   cdk/site: npm could not install aws-cdk-lib, see $work/cdk/install.log"
        skipped=$((skipped + 1))
        return
    fi
    if ! measure 5 node "$work/cdk/site.js" "$work/cdk/out"; then
        trouble "the CDK program does not run"
        return
    fi
    row "aws-cdk-lib in node, 31 resources" "$wall us, $cpu us CPU, $rss KiB"
    judge cdk/site "$(calculate "$wall / $site_wall")"
}

bench_large() {
    sh "$here/generate.sh" resources 450 "$work/large.alt"
    if ! measure 50 "$altc" -q "$work/large.alt" -o -; then
        trouble "the program of 450 resources does not compile"
        return
    fi
    row "altc, 450 resources" "$wall us, $cpu us CPU, $rss KiB"
    judge large/cpu "$(calculate "$cpu / 1000")"
    judge large/memory "$(calculate "$rss / 1024")"
}

# Against the saved template of a program in which two properties of each site differ.
bench_plan() {
    sed 's/PriceClass_100/PriceClass_All/; s/? 1024 : 512/? 777 : 512/' "$work/large.alt" \
        >"$work/changed.alt"
    if ! "$altc" -q "$work/large.alt" -o "$work/large.json" ||
        ! measure 50 =10 "$altc" plan "$work/changed.alt" --against "$work/large.json"; then
        trouble "there is no plan of 450 resources"
        return
    fi
    row "altc plan, 450 resources" "$wall us, $cpu us CPU, $rss KiB"
    judge plan/cpu "$(calculate "$cpu / 1000")"
    judge plan/memory "$(calculate "$rss / 1024")"
}

bench_lines() {
    for lines in 10000 100000; do
        rm -rf "${work:?}/lines$lines"
        sh "$here/generate.sh" lines $lines "$work/lines$lines"
    done
    if ! measure 20 "$altc" check -q "$work/lines10000/infra.alt"; then
        trouble "10,000 lines do not compile"
        return
    fi
    small=$cpu
    row "altc check, 10,000 lines over 10 files" "$wall us, $cpu us CPU, $rss KiB"
    if ! measure 10 "$altc" check -q "$work/lines100000/infra.alt"; then
        trouble "100,000 lines do not compile"
        return
    fi
    row "altc check, 100,000 lines over 100 files" "$wall us, $cpu us CPU, $rss KiB"
    bytes=$(cat "$work"/lines100000/*.alt | wc -c)
    judge lines/growth "$(calculate "$cpu / $small")"
    judge lines/speed "$(calculate "$bytes / $cpu")"
}

bench_stages() {
    program=templates/alternun/infra.alt
    if [ ! -f "$program" ]; then
        trouble "there is no $program"
        return
    fi
    rm -rf "${work:?}/stages"
    # Every stage is allowed: what is measured is compiling, not guarding.
    allow=$(allow_all_stages "$altc" "$program")
    largest=0
    largest_stage=
    for stage in $allow; do
        [ "$stage" != --allow ] || continue
        # shellcheck disable=SC2086 # words
        measure 20 "$altc" "$program" --stage "$stage" $allow -d "$work/stages" -q || continue
        if [ "$cpu" -gt "$largest" ]; then
            largest=$cpu
            largest_stage=$stage
        fi
    done
    # shellcheck disable=SC2086 # words
    if [ "$largest" -eq 0 ] ||
        ! measure 20 "$altc" "$program" --all $allow -d "$work/stages" -q; then
        trouble "not every stage of $program compiles"
        return
    fi
    row "altc, the largest stage ($largest_stage)" "$largest us CPU"
    row "altc, all stages" "$wall us, $cpu us CPU, $rss KiB"
    judge stages/largest "$(calculate "$cpu / $largest")"
}

# A thousand small files of a site into the stand-in, against the least that libcurl needs for it.
bench_upload() {
    if ! command -v python3 >/dev/null; then
        echo "SKIP   upload/bare: python3 is not installed"
        skipped=$((skipped + 1))
        return
    fi
    folder=$work/upload
    rm -rf "${folder:?}"
    mkdir -p "$folder/web"
    printf 'resource Files: Alt::Site::Files { Source: "web", Bucket: "bench" }\n' >"$folder/infra.alt"
    i=0
    while [ $i -lt 1000 ]; do
        awk -v seed=$i 'BEGIN { srand(seed); for (n = 0; n < 200; n++) printf "x%d=%f\n", n, rand() }' \
            >"$folder/web/f$i.js"
        i=$((i + 1))
    done
    (cd "$folder/web" && i=0 && while [ $i -lt 1000 ]; do echo "f$i.js"; i=$((i + 1)); done |
        xargs sha256sum) >"$folder/digests"
    python3 tests/standin/server.py --ready-file "$folder/port" >"$folder/log" 2>&1 &
    server=$!
    while [ ! -s "$folder/port" ] && kill -0 $server 2>/dev/null; do sleep 0.1; done
    url=http://127.0.0.1:$(cat "$folder/port")
    if ! gcc -std=c17 -D_XOPEN_SOURCE=700 -O2 -Wall -o "$work/bare" "$here/bare.c" -lcurl ||
        ! "$altc" -q "$folder/infra.alt" -d "$folder/out"; then
        trouble "the uploads cannot be prepared"
        kill $server
        return
    fi
    least_bare=
    for _ in 1 2 3 4 5 6 7 8; do
        empty_bucket && AWS_KEYS=AKIASTANDIN000000001:standin-secret \
            measure 1 "$work/bare" "$url/bench" "$folder/web" 1000 16 "$folder/digests" || break
        [ -n "$least_bare" ] && [ "$least_bare" -lt "$wall" ] || least_bare=$wall
        empty_bucket && AWS_ENDPOINT_URL=$url AWS_REGION=eu-west-1 AWS_CONFIG_FILE=/dev/null \
            AWS_ACCESS_KEY_ID=AKIASTANDIN000000001 AWS_SECRET_ACCESS_KEY=standin-secret \
            measure 1 build/release/uploads sites "$folder/out/template.manifest.json" "$folder" || break
        [ -n "${least_site:-}" ] && [ "$least_site" -lt "$wall" ] || least_site=$wall
    done
    kill $server
    if [ -z "${least_site:-}" ]; then
        trouble "the files cannot be uploaded"
        return
    fi
    row "libcurl alone, 1,000 files" "$least_bare us"
    row "a site of 1,000 files" "$least_site us, $cpu us CPU, $rss KiB"
    judge upload/bare "$(calculate "$least_bare / $least_site")"
}

# The deployer's own share of a deployment of 450 resources, which the stand-in carries out at once:
# the plan, waiting, following each resource, outputs.
bench_deploy() {
    if ! command -v python3 >/dev/null; then
        echo "SKIP   deploy/cpu: python3 is not installed"
        skipped=$((skipped + 1))
        return
    fi
    folder=$work/deploy
    rm -rf "${folder:?}"
    mkdir -p "$folder"
    sh "$here/generate.sh" jobs 450 "$folder/infra.alt"
    python3 tests/standin/server.py --ready-file "$folder/port" >"$folder/log" 2>&1 &
    server=$!
    while [ ! -s "$folder/port" ] && kill -0 $server 2>/dev/null; do sleep 0.1; done
    url=http://127.0.0.1:$(cat "$folder/port")
    least=
    if "$altc" -q "$folder/infra.alt" -d "$folder/out"; then
        for _ in 1 2 3; do
            reset_standin && AWS_ENDPOINT_URL=$url AWS_REGION=eu-west-1 AWS_CONFIG_FILE=/dev/null \
                AWS_ACCESS_KEY_ID=AKIASTANDIN000000001 AWS_SECRET_ACCESS_KEY=standin-secret \
                measure 1 build/altc-deploy deploy --yes --poll 100 --root "$folder" \
                --manifest "$folder/out/dev.manifest.json" || break
            [ -n "$least" ] && [ "$least" -lt "$cpu" ] || least=$cpu
        done
    fi
    kill $server
    if [ -z "$least" ]; then
        trouble "450 resources are not deployed"
        return
    fi
    row "altc-deploy, 450 resources" "$least us CPU, $rss KiB"
    judge deploy/cpu "$(calculate "$least / 1000")"
    judge deploy/memory "$(calculate "$rss / 1024")"
}

reset_standin() {
    python3 -c 'import sys, urllib.request as r
r.urlopen(sys.argv[1] + "/_standin/reset", b"").read()' "$url"
}

empty_bucket() {
    python3 -c 'import sys, urllib.request as r
r.urlopen(sys.argv[1] + "/_standin/buckets", b"{\"name\": \"bench\"}").read()' "$url"
}

bench_site
bench_cdk
bench_large
bench_plan
bench_lines
bench_stages
bench_upload
bench_deploy
echo "bench: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
