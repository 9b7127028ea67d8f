# How the command line is read.

test_version() {
    altc --version
    exits 0
    out_has "altc "
    err_empty
}

test_help_goes_to_stdout() {
    altc --help
    exits 0
    out_has "Commands:"
    err_empty
    altc help
    exits 0
    out_has "Commands:"
}

test_help_of_a_command() {
    altc help check
    exits 0
    out_has "Usage: altc check"
    out_has "--report"
    altc check --help
    exits 0
    out_has "Usage: altc check"
}

test_help_fits_eighty_to_hundred_columns() {
    for command in '' build check stages test why same schema explain help; do
        # shellcheck disable=SC2086 # no command is no argument
        altc help $command
        exits 0
        [ "$(wc -L <out)" -le 100 ] || fail "a line of more than 100 columns in '$command'"
    done
}

test_unknown_command_names_the_nearest() {
    altc chek
    exits 2
    out_empty
    err_has "did you mean 'check'?"
}

test_unknown_option_names_the_nearest() {
    program infra.alt
    altc --stgae dev infra.alt
    exits 2
    out_empty
    err_has "did you mean '--stage'?"
}

test_option_of_another_command() {
    altc explain --manifest ALT1001
    exits 2
    err_has "does not take '--manifest'"
}

test_missing_value() {
    altc infra.alt -o
    exits 2
    err_has "wants a value"
}

test_switch_with_a_value() {
    altc --all=yes
    exits 2
    err_has "takes no value"
}

test_options_and_files_mix() {
    program infra.alt
    altc infra.alt -o one.json
    exits 0
    altc -o two.json infra.alt
    exits 0
    altc --output=three.json build infra.alt
    exits 0
    altc build -qofour.json infra.alt
    exits 0
    cmp one.json two.json
    cmp one.json three.json
    cmp one.json four.json
}

test_double_dash_ends_options() {
    program ./-odd.alt
    altc build -- -odd.alt
    exits 0
    out_has '"AWS::SNS::Topic"'
}

test_file_defaults_to_infra_alt() {
    altc
    exits 2
    err_has "infra.alt"
    program infra.alt
    altc
    exits 0
    out_has '"AWS::SNS::Topic"'
}

test_file_named_like_a_command() {
    program check
    altc ./check
    exits 0
    out_has '"AWS::SNS::Topic"'
}

test_wrong_choice_names_the_choices() {
    program infra.alt
    altc --format yml
    exits 2
    err_has "did you mean 'yaml'?"
    altc check --format xml
    exits 2
    err_has "text, json, sarif, github"
    altc --color sometimes
    exits 2
    altc --max-errors some
    exits 2
    err_has "--max-errors"
}

test_set_without_equals() {
    program infra.alt
    altc --set size
    exits 2
    err_has "NAME=VALUE"
}

test_options_that_exclude_each_other() {
    program infra.alt
    altc --all
    exits 2
    altc --all -d folder --stage dev
    exits 2
    altc -d folder -o x.json
    exits 2
    altc --manifest
    exits 2
    altc -MD
    exits 2
    altc -MF x.d -o x.json
    exits 2
    [ ! -e folder ] && [ ! -e x.json ] && [ ! -e x.d ] || fail "something was written"
}

test_too_many_operands() {
    program a.alt
    program b.alt
    altc a.alt b.alt
    exits 2
    err_has "one too many"
}

test_explain() {
    altc explain ALT1001
    exits 0
    out_has "ALT1001"
    altc explain alt1001
    exits 0
    altc explain ALT9z
    exits 2
    err_has "no finding"
    out_empty
}

test_schema() {
    altc schema AWS::SQS::Queue
    exits 0
    out_has "VisibilityTimeout"
    altc schema AWS::SQS::Queue VisibilityTimeout
    exits 0
    out_has "43200"
    altc schema AWS::SQS::Queu
    exits 2
    out_empty
    err_has "AWS::SQS::Queue"
    altc schema AWS::SQS::Queue VisibilityTimout
    exits 2
    out_empty
    err_has "VisibilityTimeout"
}

# Paths as templates, pointers and findings have them.
test_schema_of_other_paths() {
    for path in Tags.Key Tags.*.Key 'Tags[0].Key' /Tags/0/Key; do
        altc schema AWS::S3::Bucket "$path"
        exits 0
        out_has "1 to 128 characters"
    done
    for path in . Tags..Key 'Tags[0].Name' Tags.; do # none names a property
        altc schema AWS::S3::Bucket "$path"
        exits 2
        out_empty
    done
}

test_color() {
    broken infra.alt
    altc check
    ! grep -q "$(printf '\033')" err || fail "colours without a terminal"
    altc check --color always
    grep -q "$(printf '\033')" err || fail "no colours though asked for"
    NO_COLOR=1 altc check --color always
    grep -q "$(printf '\033')" err || fail "an option is stronger than NO_COLOR"
}

test_color_on_a_terminal() {
    script -qec true log >/dev/null 2>&1 </dev/null || skip "there is no script or no terminal"
    broken infra.alt
    TERM=xterm script -qec "'$ALTC' check" log >/dev/null </dev/null || true
    grep -q "$(printf '\033')\\[" log || fail "no colours on a terminal"
    TERM=xterm NO_COLOR=1 script -qec "'$ALTC' check" log >/dev/null </dev/null || true
    ! grep -q "$(printf '\033')\\[" log || fail "colours in spite of NO_COLOR"
    TERM=dumb script -qec "'$ALTC' check" log >/dev/null </dev/null || true
    ! grep -q "$(printf '\033')\\[" log || fail "colours on a dumb terminal"
}

test_man_page_and_completions() {
    altc help --format man
    exits 0
    out_has ".TH ALTC 1"
    for option in output stage report stdin-filename; do
        grep -q "$(printf '%s' "$option" | sed 's/-/\\\\-/g')" out || fail "the page lacks $option"
    done
    if command -v man >/dev/null; then
        LC_ALL=C.UTF-8 man --warnings -l out >page 2>warnings || true
        [ ! -s warnings ] || fail "$(cat warnings)"
    fi
    altc help --format bash
    exits 0
    bash -n out || fail "bash does not read its completion"
    altc help --format zsh
    exits 0
    if command -v zsh >/dev/null; then zsh -n out || fail "zsh does not read its completion"; fi
    altc help --format fish
    exits 0
    if command -v fish >/dev/null; then fish -n out || fail "fish does not read its completion"; fi
}

test_bash_completes() {
    altc help --format bash
    printf '. ./out\nCOMP_WORDS=(altc ch)\nCOMP_CWORD=1\n_altc\necho "${COMPREPLY[*]}"\n' >c.sh
    [ "$(bash c.sh 2>/dev/null)" = check ] || fail "ch is not completed to check"
    printf '. ./out\nCOMP_WORDS=(altc check --rep)\nCOMP_CWORD=2\n_altc\necho "${COMPREPLY[*]}"\n' >c.sh
    [ "$(bash c.sh 2>/dev/null)" = --report ] || fail "--rep is not completed to --report"
    printf '. ./out\nCOMP_WORDS=(altc check --color a)\nCOMP_CWORD=3\n_altc\necho "${COMPREPLY[*]}"\n' >c.sh
    [ "$(bash c.sh 2>/dev/null)" = "auto always" ] || fail "values of --color are not completed"
}
