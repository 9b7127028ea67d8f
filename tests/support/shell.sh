# What tests of the program from outside share, the command line's and the deployer's; read by
# support/run-shell.sh.

status=
fail() {
    echo "failed: $*"
    echo "-- exit code $status, standard output:"
    cat out 2>/dev/null
    echo "-- standard error:"
    cat err 2>/dev/null
    exit 1
}

# Runs altc; its results are in the files out and err and in $status.
altc() {
    status=0
    "$ALTC" "$@" >out 2>err </dev/null || status=$?
}

exits() {
    [ "$status" -eq "$1" ] || fail "expected exit code $1"
}

out_has() {
    grep -qF -- "$1" out || fail "standard output lacks: $1"
}

out_lacks() {
    ! grep -qF -- "$1" out || fail "standard output has: $1"
}

err_has() {
    grep -qF -- "$1" err || fail "standard error lacks: $1"
}

skip() {
    echo "SKIP $*"
    exit 0
}

# Waits up to ten seconds until the command succeeds.
eventually() {
    tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || fail "never: $*"
        sleep 0.1
    done
}
