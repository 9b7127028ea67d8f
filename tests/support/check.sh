#!/bin/sh
# All that must hold before a change lands: `make check`. The last line is the sum of all tests
# ("N passed, N failed"): test functions, case folders, structure checks, replayed inputs.
# With UPDATE set only the cases run: they rewrite what they expect.
set -u

make=${MAKE:-make}
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
logs=build/check
mkdir -p "$logs"
passed=0
failed=0

# A step that counts its tests itself, by a last line "name: N passed, N failed".
suite() { # name, command…
    name=$1
    shift
    echo "== $name"
    "$@" >"$logs/$name.log" 2>&1
    status=$?
    counts=$(sed -n 's/^[a-z-]*: \([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p' "$logs/$name.log" |
        tail -n 1)
    ok=${counts% *}
    bad=${counts#* }
    # Nothing counted: it did not come so far, or nothing ran. Both are failures.
    if [ -z "$counts" ]; then
        ok=0
        bad=1
    elif [ "$status" -ne 0 ] && [ "$bad" -eq 0 ] || [ $((ok + bad)) -eq 0 ]; then
        bad=$((bad + 1))
    fi
    if [ "$bad" -gt 0 ]; then
        grep -v '^  [A-Z][A-Z]* ' "$logs/$name.log" | tail -n 200
    else
        grep -i '^skip' "$logs/$name.log"
        tail -n 1 "$logs/$name.log"
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
}

# A step that is one test.
step() { # name, command…
    name=$1
    shift
    if "$@" >"$logs/$name.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $name"
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        tail -n 60 "$logs/$name.log" | sed 's/^/    /'
    fi
}

if [ -n "${UPDATE:-}" ] || [ -n "${CASE:-}" ]; then
    exec "$make" --no-print-directory -j"$jobs" VARIANT=debug cases
fi

sh tests/support/install-deps.sh judges
echo "== build and structure"
step build "$make" --no-print-directory -j"$jobs" CI=1 all
for check in format-check check-layers check-headers check-globals check-symbols check-size \
    check-conformance check-docs; do
    step "$check" "$make" --no-print-directory "$check"
done
suite unit "$make" --no-print-directory -j"$jobs" VARIANT=asan unit
suite cases "$make" --no-print-directory -j"$jobs" VARIANT=asan cases
suite cli "$make" --no-print-directory cli
suite plan "$make" --no-print-directory plan
suite standin "$make" --no-print-directory standin
suite uploads "$make" --no-print-directory uploads
suite deploy "$make" --no-print-directory deploy
suite kill "$make" --no-print-directory kill ROUNDS=40
suite operate "$make" --no-print-directory operate
suite alt "$make" --no-print-directory alt
suite readme sh tests/check-readme.sh
suite fuzz-replay "$make" --no-print-directory -j"$jobs" VARIANT=asan fuzz-replay
suite interop "$make" --no-print-directory interop
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
