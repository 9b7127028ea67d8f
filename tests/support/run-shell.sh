# Read by the run.sh of tests in shell: run_tests SECONDS FIRST [PATTERN] runs every function test_* of
# the *_test.sh files beside it, in a folder of its own below $work, in a shell of its own, after the
# command FIRST; it fails when it calls `fail`, ends with an error, or takes too long. The last line
# counts.
run_tests() {
    passed=0
    failed=0
    for file in "$here"/*_test.sh; do
        for name in $(sed -n 's/^\(test_[a-z0-9_]*\)().*/\1/p' "$file"); do
            case $name in *${3:-}*) ;; *) continue ;; esac
            mkdir "$work/$name"
            [ -z "${TIMES:-}" ] || printf '%s %s\n' "$(date +%T)" "$name"
            if (cd "$work/$name" && timeout "$1" sh -eu -c \
                ". \"$here/../support/shell.sh\"; . \"$here/lib.sh\"; . \"$file\"; $2; $name") \
                >"$work/log" 2>&1; then
                if grep -q '^SKIP' "$work/log"; then
                    sed -n "s/^SKIP/SKIP $name:/p" "$work/log"
                else
                    passed=$((passed + 1))
                fi
            else
                failed=$((failed + 1))
                echo "FAIL $name"
                tail -n 60 "$work/log" | sed 's/^/    /'
            fi
            chmod -R u+rwx "$work/$name"
            rm -rf "${work:?}/$name"
        done
    done
    echo "$(basename "$here"): $passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
