# What is given to read, and that nothing of it hangs or crashes.

test_stdin() {
    program infra.alt
    status=0
    "$ALTC" - <infra.alt >out 2>err || status=$?
    exits 0
    out_has '"news"'
    broken bad.alt
    status=0
    "$ALTC" check - <bad.alt >out 2>err || status=$?
    exits 1
    err_has "<stdin>:2:3: error:"
}

test_stdin_filename() {
    mkdir sub
    echo 'let name = "imported"' >sub/lib.alt
    printf 'import "./lib.alt"\nresource Topic: AWS::SNS::Topic {\n  TopicName: name\n}\n' >text
    status=0
    "$ALTC" - --stdin-filename sub/unsaved.alt <text >out 2>err || status=$?
    exits 0
    out_has '"imported"'
    broken bad.alt
    status=0
    "$ALTC" check - --stdin-filename sub/x.alt <bad.alt >out 2>err || status=$?
    exits 1
    err_has "sub/x.alt:2:3: error:"
    program infra.alt
    altc --stdin-filename x.alt infra.alt
    exits 2
}

test_missing_file() {
    altc nowhere.alt
    exits 2
    out_empty
    err_has "nowhere.alt"
    altc check nowhere.alt
    exits 2
}

test_folder_of_a_program() {
    mkdir -p shop/deep
    program shop/infra.alt
    altc shop
    exits 0
    out_has '"news"'
    altc check shop/ shop/deep/..
    exits 0
    altc docs shop -d pages
    exits 0
    altc check shop/deep
    exits 2
    err_has "directory"
}

test_folder() {
    mkdir folder.alt
    altc check folder.alt
    exits 2
    err_has "directory"
}

test_fifo_does_not_hang() {
    mkfifo fifo.alt
    status=0
    timeout 5 "$ALTC" check fifo.alt >out 2>err || status=$?
    exits 2
    err_has "regular file"
}

test_device_does_not_hang() {
    status=0
    timeout 5 "$ALTC" check /dev/zero >out 2>err || status=$?
    exits 2
}

test_imported_fifo_does_not_hang() {
    mkfifo lib.alt
    printf 'import "./lib.alt"\n' >infra.alt
    status=0
    timeout 5 "$ALTC" check >out 2>err || status=$?
    [ "$status" -eq 1 ] || [ "$status" -eq 2 ] || fail "hung"
    err_has "lib.alt"
}

test_hundred_megabytes() {
    truncate -s 100M big.alt
    status=0
    timeout 10 "$ALTC" check big.alt >out 2>err || status=$?
    [ "$status" -eq 1 ] || [ "$status" -eq 2 ] || fail "no clear answer"
    err_has "too large"
    status=0
    timeout 10 "$ALTC" check - <big.alt >out 2>err || status=$?
    [ "$status" -eq 1 ] || [ "$status" -eq 2 ] || fail "no clear answer"
    err_has "too large"
}

test_brackets() {
    head -c 1000000 /dev/zero | tr '\0' '[' >brackets.alt
    status=0
    timeout 20 "$ALTC" check brackets.alt >out 2>err || status=$?
    exits 1
    [ "$(wc -c <err)" -lt 100000 ] || fail "too much is said"
    printf 'let x = ' >deep.alt
    head -c 1000000 /dev/zero | tr '\0' '(' >>deep.alt
    status=0
    timeout 20 "$ALTC" check deep.alt >out 2>err || status=$?
    exits 1
    printf 'let x = ' >deep.alt
    head -c 1000000 /dev/zero | tr '\0' '!' >>deep.alt
    status=0
    timeout 20 "$ALTC" check deep.alt >out 2>err || status=$?
    exits 1
}

test_invalid_utf8() {
    printf 'resource Topic: AWS::SNS::Topic {\n  TopicName: "a\377b"\n}\n' >infra.alt
    altc
    exits 1
    out_empty
    err_has "infra.alt:2:"
    err_has "UTF-8"
}

test_nul_bytes() {
    printf 'let a = "x\000y"\n' >infra.alt
    altc check
    exits 1
    err_has "infra.alt:1:"
}

test_random_bytes() {
    i=0
    while [ $i -lt 20 ]; do
        head -c 4096 /dev/urandom >random.alt
        altc check random.alt
        [ "$status" -le 2 ] || fail "crashed"
        i=$((i + 1))
    done
}

test_empty_file() {
    : >infra.alt
    altc check
    [ "$status" -le 1 ] || fail "crashed"
}

test_file_outside_of_the_root() {
    mkdir project
    echo 'let secret = 1' >outside.alt
    printf 'import "../outside.alt"\n' >project/infra.alt
    altc check project/infra.alt
    exits 1
    err_has "outside"
    ln -s ../outside.alt project/link.alt
    printf 'import "./link.alt"\n' >project/infra.alt
    altc check project/infra.alt
    exits 1
}
