# What scripts that compile the programs of templates/ share; read with `.`.

# Runs altc on a program with the settings that it needs: with_settings PROGRAM COMMAND…
with_settings() {
    case $1 in
    templates/alternun/*) settings=$(grep -v '^#' tests/support/alternun.env) ;;
    *) settings= ;;
    esac
    shift
    # shellcheck disable=SC2086 # one setting a word
    env $settings "$@"
}

# "--allow NAME" for every stage, so that escape hatches can be compiled too.
allow_all_stages() { # ALTC PROGRAM
    with_settings "$2" "$1" stages "$2" --format json 2>/dev/null |
        sed -n 's/^      "name": "\([^"*]*\)",$/--allow \1/p' | tr '\n' ' '
}
