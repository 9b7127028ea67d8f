#!/bin/sh
# The links of a program read by the unmodified sst package, and their types by TypeScript's compiler:
# run.sh ALTC SST AWS4FETCH TYPESCRIPT VITE, folders of the packages. The last line counts.
set -u

altc=$1
here=tests/interop/sst
work=$PWD/build/interop/sst
rm -rf "$work"
mkdir -p "$work/node_modules"
for package in "$2" "$3" "$5"; do
    # build/interop-tools/NAME-VERSION/package
    name=$(basename "$(dirname "$package")")
    cp -R "$package" "$work/node_modules/${name%-*}"
done
passed=0
failed=0

try() { # NAME COMMAND…
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        sed 's/^/    /' "$work/log"
    fi
}

export STRIPE_KEY=sk_test_1
try "the program compiles" "$altc" "$here/infra.alt" -o "$work/infra.json"
try "the sst package reads the links" \
    node "$here/links.mjs" "$work/infra.json" "$here/expect.json" "$work"

# In a place of its own: types for Vite are written below the program.
cp "$here/use.ts" "$here/page.ts" "$here/infra.alt" "$work/"
try "types are written" "$altc" types "$work/infra.alt" -o "$work/sst-env.d.ts"
try "tsc accepts them" node "$4/bin/tsc" --noEmit --strict --skipLibCheck --target es2022 \
    --module esnext --moduleResolution bundler "$work/sst-env.d.ts" "$work/use.ts"
try "tsc accepts those for Vite" node "$4/bin/tsc" --noEmit --strict --skipLibCheck --target es2022 --lib es2022,dom \
    --module esnext --moduleResolution bundler "$work/web/src/sst-env.d.ts" "$work/page.ts"
echo "sst: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
