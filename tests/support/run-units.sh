#!/bin/sh
# Runs unit test programs: run-units.sh LOGDIR PROGRAM…
# Prints a line for each and, at the end, `unit: N passed, N failed` (counted in test functions).
set -u

logs=$1
shift
if [ $# -eq 0 ]; then
    echo "unit: no test program was found" >&2
    exit 1
fi
mkdir -p "$logs"
passed=0
failed=0
for program in "$@"; do
    log="$program.log"
    CMOCKA_MESSAGE_OUTPUT=stdout timeout 300 "$program" >"$log" 2>&1
    status=$?
    ok=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s)\..*/\1/p' "$log" | tail -n 1)
    bad=$(sed -n 's/^\[  FAILED  \] \([0-9]*\) test(s), listed below.*/\1/p' "$log" | tail -n 1)
    ok=${ok:-0}
    bad=${bad:-0}
    # A crash, a sanitizer's finding or a program without a test is one failure.
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$ok" -eq 0 ]; }; then bad=1; fi
    passed=$((passed + ok))
    failed=$((failed + bad))
    name=${program##*/unit/}
    if [ "$bad" -gt 0 ]; then
        echo "FAIL $name (exit $status)"
        grep -vE '^\[( RUN|       OK)' "$log" | tail -n 40 | sed 's/^/    /'
    else
        echo "ok   $name: $ok"
    fi
done
echo "unit: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
