#!/bin/sh
# Other programs on what altc writes: cfn-lint, AWS's own validator, and another reader of JSON and
# YAML. The templates are those of templates/ and of the golden cases. A program that is missing is
# skipped by name. The last line counts a test for each program and template.
set -u

altc=build/altc
work=build/interop
rm -rf "$work"
mkdir -p "$work"
passed=0
failed=0

count() { # NAME STATUS
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $1"
    fi
}

# Every stage of every program below templates/, in JSON and YAML.
for program in $(find templates -name infra.alt | sort); do
    name=$(echo "${program%/infra.alt}" | tr / -)
    allow=$("$altc" stages "$program" --format json 2>/dev/null |
        sed -n 's/^      "name": "\([^"*]*\)",$/--allow \1/p' | tr '\n' ' ')
    # shellcheck disable=SC2086 # words
    "$altc" -q "$program" --all $allow -d "$work/$name" 2>"$work/log" &&
        "$altc" -q "$program" --all $allow -d "$work/$name" --format yaml 2>>"$work/log"
    status=$?
    count "$program compiles in every stage" $status
    [ $status -eq 0 ] || sed 's/^/    /' "$work/log"
done
find "$work" tests/golden -name '*.json' 2>/dev/null | grep -v manifest | sort >"$work/templates"
if [ ! -s "$work/templates" ]; then
    echo "interop: no template was found" >&2
    exit 1
fi

if command -v python3 >/dev/null && python3 -c 'import yaml' 2>/dev/null; then
    while read -r template; do
        yaml=${template%.json}.yaml
        [ -f "$yaml" ] || continue
        python3 tests/interop/same.py "$template" "$yaml"
        count "$yaml reads as its JSON" $?
    done <"$work/templates"
else
    echo "SKIP PyYAML is not installed"
fi

if command -v cfn-lint >/dev/null && cfn-lint --version >/dev/null 2>&1; then
    while read -r template; do
        # Only errors: altc has its own opinion on style.
        cfn-lint --non-zero-exit-code error --ignore-checks W I -- "$template"
        count "cfn-lint $template" $?
    done <"$work/templates"
else
    echo "SKIP cfn-lint is not installed"
fi

# The validator is part of the package that `make bench` compares with.
validator=build/bench/cdk/node_modules/aws-cdk-lib/node_modules/@aws/cloudformation-validate
if command -v node >/dev/null && command -v npm >/dev/null && [ ! -d "$validator" ]; then
    mkdir -p build/bench/cdk
    cp tests/bench/cdk/package.json build/bench/cdk/
    (cd build/bench/cdk && timeout 300 npm install --no-audit --no-fund --silent >install.log 2>&1)
fi
if command -v node >/dev/null && [ -d "$validator" ]; then
    while read -r template; do
        node tests/interop/validate.js "$validator" "$template"
        count "AWS's validator $template" $?
    done <"$work/templates"
else
    echo "SKIP AWS's validator: node or its package is missing"
fi
echo "interop: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
