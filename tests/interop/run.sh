#!/bin/sh
# Other programs on what altc writes: another reader of JSON and YAML, cfn-lint, AWS's own validator,
# moto_server creating the stacks, the sst package reading links, and TypeScript's compiler. The templates are those of templates/ and Alternun's goldens.
# Errors fail; warnings fail unless answers.txt has an answer. A program that is missing and cannot be
# fetched is skipped by name. The last line counts a test for each program and template.
set -u

altc=build/altc
here=tests/interop
work=build/interop
tools=build/interop-tools
rm -rf "$work"
mkdir -p "$work" "$tools"
# Without a registry a judge is skipped in seconds, not after npm's minutes of trying again.
npm_config_fetch_retries=1
npm_config_fetch_retry_mintimeout=500
npm_config_fetch_retry_maxtimeout=2000
export npm_config_fetch_retries npm_config_fetch_retry_mintimeout npm_config_fetch_retry_maxtimeout
passed=0
failed=0
skipped=0

count() { # NAME STATUS
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $1"
    fi
}

skip() { # NAME WHY
    skipped=$((skipped + 1))
    echo "SKIP $1: $2"
}

# Adds what the last line of another suite's log counts; no such line is a failure.
add_counts() { # NAME LOG
    cat "$2"
    # shellcheck disable=SC2046 # two numbers
    set -- $(sed -n "s/^$1: \([0-9]*\) passed, \([0-9]*\) failed\$/\1 \2/p" "$2")
    passed=$((passed + ${1:-0}))
    failed=$((failed + ${2:-1}))
}

# Counts one test a template of the list: failed when `findings` has a line that starts with it.
judge() { # NAME LIST FINDINGS
    while read -r template; do
        grep -F "$template|" "$3" | sed 's/^/    /'
        grep -qF "$template|" "$3"
        count "$1 $template" $((! $?))
    done <"$2"
}

# Takes the findings that are answered out of standard input; notes which answers were of use.
answered() { # PROGRAM
    awk -F'|' -v program="$1" -v used="$work/used" -v answers="$here/answers.txt" '
        BEGIN {
            while ((getline line < answers) > 0) {
                if (line !~ ("^" program " ")) continue
                split(line, part, / *\| */)
                split(part[1], word, " ")
                rule[++n] = word[2]; about[n] = part[2]
            }
        }
        {
            for (i = 1; i <= n; i++)
                if ($3 == rule[i] && index($4, about[i])) { print program, rule[i], about[i] >> used; next }
            print
        }'
}

# ---- the templates ----

# What the Alternun programs are judged with is what their goldens are made with.
set -a
. tests/golden/alternun-dev/env
set +a

: >"$work/programs"
sh tests/alt/examples.sh "$work/examples"
for program in $(find templates -name infra.alt | sort) templates/std/tests/*.alt "$work"/examples/*.alt; do
    name=$(echo "${program%.alt}" | tr / -)
    allow=$("$altc" stages "$program" --format json 2>/dev/null |
        sed -n 's/^      "name": "\([^"*]*\)",$/--allow \1/p' | tr '\n' ' ')
    # shellcheck disable=SC2086 # words
    "$altc" -q "$program" --all $allow -d "$work/$name" --format yaml 2>"$work/log" &&
        "$altc" -q "$program" --all $allow -d "$work/$name" 2>>"$work/log"
    status=$?
    count "$program compiles in every stage" $status
    [ $status -eq 0 ] || sed 's/^/    /' "$work/log"
done
# One with a second stack.
mkdir -p "$work/ireland"
"$altc" -q templates/alternun/infra.alt --stage mobile --set region=eu-west-1 --manifest \
    -o "$work/ireland/mobile.json" && [ -s "$work/ireland/mobile.edge.json" ]
count "templates/alternun/infra.alt compiles in another region" $?
# Templates that say the same are looked at once. Other goldens are no systems anyone would deploy.
find "$work" tests/golden/alternun-* -name '*.json' 2>/dev/null | grep -v manifest | sort | xargs sha256sum |
    awk '!seen[$1]++ { print $2 }' >"$work/templates"
if [ ! -s "$work/templates" ]; then
    echo "interop: no template was found" >&2
    exit 1
fi
: >"$work/used"

# ---- another reader of YAML ----

if command -v python3 >/dev/null && python3 -c 'import yaml' 2>/dev/null; then
    while read -r template; do
        yaml=${template%.json}.yaml
        [ -f "$yaml" ] || continue
        python3 $here/same.py "$template" "$yaml"
        count "$yaml reads as its JSON" $?
    done <"$work/templates"
else
    skip "another reader of YAML" "PyYAML is not installed"
fi

# ---- another reader of manifests ----

if command -v python3 >/dev/null; then
    find "$work" -name '*.manifest.json' | sort >"$work/manifests"
    python3 $here/manifest.py "$work"/*/ >"$work/manifest"
    judge "manifest" "$work/manifests" "$work/manifest"
else
    skip "another reader of manifests" "python3 is not installed"
fi

# ---- cfn-lint ----

if command -v cfn-lint >/dev/null && cfn-lint --version >/dev/null 2>&1; then
    # Notes of style are not asked for: altc has its own opinion.
    # shellcheck disable=SC2046 # a word for each template
    cfn-lint --format parseable --ignore-checks I -- $(cat "$work/templates") >"$work/cfn-lint.log" 2>&1
    sed -n 's/^\([^:]*\):[0-9]*:[0-9]*:[0-9]*:[0-9]*:\([A-Z][0-9]*\):\(.*\)$/\1|FINDING|\2|\3/p' \
        "$work/cfn-lint.log" | answered cfn-lint >"$work/cfn-lint"
    judge "cfn-lint" "$work/templates" "$work/cfn-lint"
else
    skip "cfn-lint" "it is not installed"
fi

# ---- AWS's validator ----

# Fetches the package that tools.lock names, and holds it to its hash.
fetch() { # PACKAGE
    line=$(grep "^$1 " $here/tools.lock) || return 1
    version=$(echo "$line" | cut -d' ' -f2)
    folder=$tools/$(basename "$1")-$version
    if [ ! -d "$folder/package" ]; then
        mkdir -p "$folder" &&
            (cd "$folder" && timeout 120 npm pack --silent --ignore-scripts "$1@$version" >/dev/null 2>&1) &&
            archive=$(ls "$folder"/*.tgz) &&
            [ "sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w0)" = "$(echo "$line" | cut -d' ' -f3)" ] &&
            tar xzf "$archive" -C "$folder" || {
            rm -rf "$folder"
            return 1
        }
    fi
    echo "$folder/package"
}

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    skip "AWS's validator" "node is not installed"
elif validator=$(fetch @aws/cloudformation-validate); then
    # shellcheck disable=SC2046
    node $here/validate.js "$validator" $(cat "$work/templates") >"$work/validator.log"
    count "AWS's validator runs" $?
    answered validator <"$work/validator.log" >"$work/validator"
    judge "AWS's validator" "$work/templates" "$work/validator"
else
    skip "AWS's validator" "its package cannot be fetched, or is not the one of tools.lock"
fi

# ---- the sst package, and tsc ----

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    skip "the sst package and tsc" "node is not installed"
elif sst=$(fetch sst) && aws4fetch=$(fetch aws4fetch) && typescript=$(fetch typescript) &&
    vite=$(fetch vite); then
    sh $here/sst/run.sh "$altc" "$sst" "$aws4fetch" "$typescript" "$vite" >"$work/sst.log"
    add_counts sst "$work/sst.log"
else
    skip "the sst package and tsc" "a package cannot be fetched, or is not the one of tools.lock"
fi

# ---- moto ----

if command -v python3 >/dev/null && python3 -c 'import moto.server, boto3' 2>/dev/null; then
    # shellcheck disable=SC2046
    python3 $here/create.py $(cat "$work/templates") >"$work/moto.log" 2>"$work/moto.err"
    count "moto runs to its end" $(($(wc -l <"$work/moto.log") != $(wc -l <"$work/templates")))
    grep '|FAIL|' "$work/moto.log" >"$work/moto"
    judge "moto creates" "$work/templates" "$work/moto"
else
    skip "moto" "moto or boto3 is not installed"
fi

# ---- moto as another S3 and CloudFront ----

if command -v python3 >/dev/null && python3 -c 'import moto.server, boto3' 2>/dev/null; then
    timeout 300 python3 $here/uploads.py build/release/uploads "$altc" >"$work/uploads"
    add_counts uploads "$work/uploads"
else
    skip "uploads to moto" "moto or boto3 is not installed"
fi

# ---- moto as the AWS of altc deploy ----

if command -v aws >/dev/null && command -v python3 >/dev/null && python3 -c 'import moto.server' 2>/dev/null; then
    sh $here/deploy.sh "$altc" >"$work/deploy"
    cat "$work/deploy"
    # shellcheck disable=SC2046 # two numbers
    set -- $(sed -n 's/^deploy: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$work/deploy")
    passed=$((passed + ${1:-0}))
    failed=$((failed + ${2:-1}))
else
    skip "altc deploy on moto" "moto or the client 'aws' is not installed"
fi

# ---- templates of others, written in alt: is anything lost? ----

if command -v python3 >/dev/null; then
    python3 $here/roundtrip/run.py "$altc" >"$work/roundtrip"
    add_counts roundtrip "$work/roundtrip"
    skipped=$((skipped + $(grep -c '^SKIP' "$work/roundtrip")))
else
    skip "roundtrip" "python3 is not installed"
fi

# ---- answers that answer nothing ----

if [ "$skipped" -eq 0 ]; then
    grep -v '^#' $here/answers.txt | while IFS='|' read -r rule about _; do
        about=$(echo "$about" | sed 's/^ *//; s/ *$//')
        grep -qF "$(echo "$rule" | sed 's/ *$//') $about" "$work/used" || echo "$rule: $about"
    done >"$work/unused"
    [ ! -s "$work/unused" ]
    count "every answer is of use" $?
    sed 's/^/    /' "$work/unused"
fi

echo "interop: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
