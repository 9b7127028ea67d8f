#!/bin/sh
# `make help`
cat <<'TEXT'
make                   build/altc, the release program
make demo              install what is missing, build, and show what altc does
make check             install what is missing, then all tests and structure checks
  UPDATE=1 CASE=glob     rewrite what the cases expect; UPDATE=diag: findings
  CASE=glob              run only these cases
make unit              unit tests            (VARIANT=asan, debug, release)
make cases             golden, conformance and diag cases; each is a target too
make cli               the program's behaviour from outside
make plan              what altc plan says (UPDATE=1, CASE=…)
make alt               the tests of templates/, and the examples on its pages
make asan              unit, cases, cli and plan under AddressSanitizer and UBSan
make fuzz SECONDS=120  each fuzz target for so long; make fuzz-replay: kept inputs
make coverage          lines covered by unit tests, cases and cli
make bench             times and memory, as ratios, against budgets
make interop           other tools on what altc writes
make format            clang-format; make format-check only looks
make check-structure   check-headers -layers -globals -symbols -size -conformance -docs
make spec-update       take AWS's newest resource schemas into spec/resources
make install           PREFIX=/usr/local DESTDIR=; make uninstall takes it out
make deb               a Debian package of what make install puts in place
make dist              build/altc-VERSION.tar.gz of the last commit
make compile_commands.json   build/compile_commands.json, for clangd
make clean             remove build/

VARIANT=release|debug|asan|fuzz|cov   V=1 shows commands
TEXT
