# altc new, and that what it writes is a program.

test_new_lists_the_starters() {
    altc new
    exits 0
    out_has "  api             an HTTP API with a function behind it"
    out_has "  site "
    err_empty
}

# The names of options.def, for completion, are those that there are.
test_new_completes_the_starters() {
    altc help --format bash
    names=$(cd "$here/../../templates/starters" && echo *)
    out_has "$names"
}

test_new_writes_programs_that_are_fine() {
    for starter in "$here"/../../templates/starters/*/; do
        starter=$(basename "$starter")
        altc new "$starter-copy" --from "$starter"
        exits 0
        out_has "  cd $starter-copy"
        [ -f "$starter-copy/README.md" ] || fail "$starter has no README.md"
        ! grep -rq "starter-" "$starter-copy" || fail "$starter still has its old name"
        cd "$starter-copy"
        altc check ./*.alt
        exits 0
        err_has "no findings"
        altc test
        exits 0
        altc --all -d built -q
        exits 0
        err_empty
        cd ..
    done
}

test_new_takes_the_site_by_itself() {
    altc new shop
    exits 0
    out_has "shop/site/index.html"
    grep -q 'name: *"shop"' shop/infra.alt || fail "not called like its folder"
    altc new -q shop2
    exits 0
    out_empty
}

test_new_in_folders_with_blanks() {
    altc new "my stacks/it's/shop/" --from api
    exits 0
    out_has "  cd 'my stacks/it'\\''s/shop'"
    [ -f "my stacks/it's/shop/src/index.js" ] || fail "nothing was written"
    altc new -- -x/shop
    exits 0
    out_has "  cd './-x/shop'"
}

test_new_overwrites_nothing() {
    mkdir shop
    echo mine >shop/README.md
    altc new shop
    exits 2
    err_has "'shop/README.md' is there already; nothing was written"
    [ "$(ls shop)" = README.md ] || fail "something was written"
    [ "$(cat shop/README.md)" = mine ] || fail "it was overwritten"
    rm shop/README.md
    ln -s nowhere shop/infra.alt
    altc new shop
    exits 2
    err_has "'shop/infra.alt' is there already"
    rm shop/infra.alt
    echo kept >shop/notes.txt
    altc new shop
    exits 0
    [ "$(cat shop/notes.txt)" = kept ] || fail "a file of the user changed"
}

test_new_where_nothing_can_be_written() {
    echo file >taken
    altc new taken/shop
    exits 2
    err_has "taken/shop"
    err_has "Not a directory"
}

# The page and the program fit, the code behind them does not.
test_new_that_failed_can_be_tried_again() {
    status=0
    (
        trap '' XFSZ
        ulimit -f 4
        "$ALTC" new shop --from api 2>err
    ) || status=$?
    exits 2
    err_has "cannot write 'shop/"
    [ -z "$(find shop -type f)" ] || fail "left behind: $(find shop -type f)"
    altc new shop --from api
    exits 0
}

test_new_knows_the_nearest_starter() {
    altc new shop --from sites
    exits 2
    err_has "did you mean 'site'?"
    altc new shop --from pyramid
    exits 2
    err_has "there are: api-postgres, api, monorepo, site"
    [ ! -e shop ] || fail "something was written"
    altc new --from api
    exits 2
    err_has "altc new [NAME]"
}

test_new_wants_a_name_that_aws_takes() {
    for name in Shop 9lives a_b a--b dash- "" . .. / ; do
        altc new -- "$name"
        exits 2
        err_has "cannot name a program"
    done
    altc new aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeee
    exits 2
}
