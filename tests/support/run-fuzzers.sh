#!/bin/sh
# Fuzzes: run-fuzzers.sh SECONDS PROGRAM…, each for so long. Starts from tests/fuzz/corpus/TARGET
# and keeps what it learns in build/fuzz/TARGET; a crash is written to tests/fuzz/crashes/TARGET,
# where `make check` replays it.
set -u

seconds=$1
shift
if [ $# -eq 0 ]; then
    echo "fuzz: no target was found" >&2
    exit 1
fi
failed=0
for program in "$@"; do
    target=${program##*/fuzz_}
    learned=build/fuzz-corpus/$target
    kept=tests/fuzz/corpus/$target
    crashes=tests/fuzz/crashes/$target
    mkdir -p "$learned" "$crashes"
    [ -d "$kept" ] || kept=
    # What reads alt starts from all programs of the cases too.
    case $target in syntax | compile)
        find tests -name '*.alt' | while read -r program; do
            cp "$program" "$learned/$(echo "$program" | tr / -)"
        done
        ;;
    esac
    echo "== $target, $seconds s"
    # shellcheck disable=SC2086 # an empty $kept is no argument
    if ! "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
        -print_final_stats=1 -verbosity=0 -artifact_prefix="$crashes/" "$learned" $kept; then
        failed=$((failed + 1))
    fi
    rmdir "$crashes" tests/fuzz/crashes 2>/dev/null
done
echo "fuzz: $(($# - failed)) passed, $failed failed"
[ "$failed" -eq 0 ]
