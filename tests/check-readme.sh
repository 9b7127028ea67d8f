#!/bin/sh
# Runs what README.md shows, in a new folder with a blank in its name, in one shell from top to
# bottom. ```console blocks are transcripts: behind "$ " a command, then what it prints (both
# outputs), where a line "…" stands for any lines. ```alt NAME blocks are written to the file NAME,
# and every ```alt block must compile without a finding. The table of
# commands must have them all. The last line counts.
set -u

page=${PAGE:-README.md}
altc=${ALTC:-build/altc}
case $altc in /*) ;; *) altc=$PWD/$altc ;; esac
if [ ! -x "$altc" ]; then
    echo "check-readme: no program $altc" >&2
    exit 1
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
mkdir "$work/bin" "$work/steps" "$work/a place"
ln -s "$altc" "$work/bin/altc"

# steps/N.sh has the command, steps/N.expected what it prints, steps/N.line where it stands.
awk -v steps="$work/steps" '
    function step(line) {
        n++
        name = sprintf("%s/%03d", steps, n)
        print line > (name ".line")
        printf "" > (name ".expected")
    }
    function quoted(text) {
        gsub(/\047/, "\047\\\047\047", text)
        return "\047" text "\047"
    }
    /^```/ && kind != "" {
        if (kind == "alt") print "ALT_END" > (name ".sh")
        kind = ""
        next
    }
    /^```console$/ { kind = "console"; next }
    /^```alt/ {
        kind = "alt"
        step(NR)
        file = NF > 1 ? $2 : "example.alt"
        print "cat > " quoted(file) " <<\047ALT_END\047" > (name ".sh")
        next
    }
    /^```/ { kind = "other"; next }
    kind == "alt" { print > (name ".sh") }
    kind == "console" && /^\$ / { step(NR); print substr($0, 3) > (name ".sh"); next }
    kind == "console" { print > (name ".expected") }
    END { if (kind != "") print "a block without an end" > "/dev/stderr" }' "$page"

# Whether the lines of file 2 are those of file 1, "…" standing for any; blank lines at the end do
# not count.
matches() {
    awk '
        function fits(at, line) {
            for (; at <= wanted; at++) {
                if (want[at] == "…") {
                    for (; line <= found + 1; line++)
                        if (fits(at + 1, line)) return 1
                    return 0
                }
                if (line > found || want[at] != have[line]) return 0
                line++
            }
            return line > found
        }
        NR == FNR { want[++wanted] = $0; next }
        { have[++found] = $0 }
        END {
            while (wanted && want[wanted] == "") wanted--
            while (found && have[found] == "") found--
            exit !fits(1, 1)
        }' "$1" "$2"
}

script=$work/script.sh
{
    echo 'cd "$work/a place"'
    for step in "$work"/steps/*.sh; do
        [ -f "$step" ] || continue
        base=$(basename "$step" .sh)
        echo "{"
        cat "$step"
        echo "} >\"\$work/steps/$base.out\" 2>&1 </dev/null"
        grep -q '^ALT_END$' "$step" &&
            sed -n "1s/^cat > \(.*\) <<.*/altc check -q \1 >\"\$work\/steps\/$base.out\" 2>\&1/p" \
                "$step"
    done
} >"$script"
env -i PATH="$work/bin:$PATH" HOME="$work" TERM=dumb LC_ALL=C.UTF-8 work="$work" sh "$script"

passed=0
failed=0
for expected in "$work"/steps/*.expected; do
    [ -f "$expected" ] || continue
    base=${expected%.expected}
    # A command whose output does not end in a newline is shown as if it did.
    [ -f "$base.out" ] && sed -e '$a\' "$base.out" >"$base.got"
    if [ -f "$base.got" ] && matches "$expected" "$base.got"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $page:$(cat "$base.line"): $(head -n 1 "$base.sh")"
        diff "$expected" "$base.got" 2>&1 | sed 's/^/    /' | head -n 30
    fi
done
# The table of commands has them all.
for command in $("$altc" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    if grep -qE "^\|.* .altc \[?$command" "$page"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $page: its table of commands lacks 'altc $command'"
    fi
done
echo "readme: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
