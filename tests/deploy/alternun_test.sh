# Every stage of the whole system: deployed, found unchanged, changed, destroyed.

system() {
    # The program says that its project is two folders up.
    mkdir -p repository/infra
    cp -R "$root/templates/alternun" repository/infra/program
    grep -v '^#' "$root/tests/support/alternun.env" >settings
    mkdir -p repository/apps/api/dist-lambda repository/apps/admin repository/apps/mobile bin
    echo 'exports.handler = async () => 1' >repository/apps/api/dist-lambda/index.js
    # What builds a site: it leaves a page with what it was told.
    cat >bin/pnpm <<'SH'
#!/bin/sh
mkdir -p dist/assets
env | grep -c '^EXPO_\|^VITE_' >dist/assets/settings.txt
echo "<html>$EXPO_PUBLIC_ENV$VITE_APP_ENV</html>" >dist/index.html
SH
    chmod +x bin/pnpm
    here_is=$PWD
    standin timing '{"invalidation":0}'
}

with_system() {
    # shellcheck disable=SC2046 # one setting a word
    (PATH=$PWD/bin:$PATH
        cd repository/infra/program && env $(cat "$here_is/settings") "$ALTC" "$@" \
            >"$here_is/out" 2>"$here_is/err" </dev/null)
}

# What is guarded is named first, and must then be allowed by name.
on_stage() { # command, stage, options…
    command=$1
    stage=$2
    shift 2
    status=0
    with_system "$command" --stage "$stage" --yes --poll 1 "$@" || status=$?
    [ "$status" -eq 12 ] || return 0
    needed=$(sed -n 's/.*if that is wanted: \(--allow .*\)/\1/p' out | sort -u)
    status=0
    # shellcheck disable=SC2086 # words
    with_system "$command" --stage "$stage" --yes --poll 1 "$@" $needed || status=$?
}

stages() {
    with_system stages --format json || fail "the program has no stages"
    sed -n 's/^      "name": "\([^"*]*\)",$/\1/p' out
}

test_every_stage_of_alternun() {
    system
    all=$(stages)
    allow=$(for stage in $all; do printf -- '--allow %s ' "$stage"; done)
    count=0
    for stage in $all; do
        fresh
        rm -rf repository/.altc repository/.sst
        cp "$root/templates/alternun/infra.alt" repository/infra/program/infra.alt
        # shellcheck disable=SC2086 # words
        on_stage deploy "$stage" $allow
        [ "$status" -eq 0 ] || fail "$stage: not deployed"
        # shellcheck disable=SC2086 # words
        on_stage deploy "$stage" $allow
        [ "$status" -eq 0 ] || fail "$stage: not deployed again"
        grep -q "nothing to change" out || fail "$stage: something changed"
        echo 'resource Extra: AWS::SNS::Topic { DisplayName: "changed" }' >>repository/infra/program/infra.alt
        # shellcheck disable=SC2086 # words
        on_stage deploy "$stage" $allow
        [ "$status" -eq 0 ] || fail "$stage: not changed"
        grep -q "Extra (SNS::Topic) CREATE_COMPLETE" out || fail "$stage: the change is not there"
        # shellcheck disable=SC2086 # words
        on_stage destroy "$stage" --empty-buckets --unprotect $allow --allow data
        [ "$status" -eq 0 ] || fail "$stage: not destroyed"
        standin GET stacks
        grep '"status"' answer | grep -vq DELETE_COMPLETE && fail "$stage: a stack is left"
        count=$((count + 1))
    done
    [ "$count" -ge 11 ] || fail "only $count stages"
}
