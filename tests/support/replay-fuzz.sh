#!/bin/sh
# Replays kept fuzz inputs: replay-fuzz.sh PROGRAM…. Each reads tests/fuzz/corpus/TARGET and
# tests/fuzz/crashes/TARGET; a target without an input fails.
set -u

if [ $# -eq 0 ]; then
    echo "fuzz-replay: no target was found" >&2
    exit 1
fi
passed=0
failed=0
for program in "$@"; do
    target=${program##*/fuzz_}
    inputs=$(find "tests/fuzz/corpus/$target" "tests/fuzz/crashes/$target" -type f 2>/dev/null |
        wc -l)
    if [ "$inputs" -eq 0 ]; then
        echo "FAIL $target: no inputs in tests/fuzz/corpus/$target"
        failed=$((failed + 1))
        continue
    fi
    if find "tests/fuzz/corpus/$target" "tests/fuzz/crashes/$target" -type f -print0 2>/dev/null |
        timeout 300 xargs -0 "$program"; then
        passed=$((passed + inputs))
    else
        echo "FAIL $target: the input named last"
        failed=$((failed + 1))
    fi
done
echo "fuzz-replay: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
