#!/bin/sh
# `make demo`: what altc does, on the programs of this repository.
set -u

. tests/support/programs.sh
altc=build/altc
out=build/demo
mkdir -p "$out"

show() {
    printf '\n$ %s\n' "$(printf '%s' "$*" | sed 's/^with_settings [^ ]* //')"
    "$@"
}

program=templates/starters/site/infra.alt
show cat "$program"
show "$altc" "$program" || exit 1

printf '\nA mistake, as altc reports it:\n'
printf 'resource Site: AWS::S3::Buckt {\n  BucketName: "a"\n}\n' >"$out/wrong.alt"
show "$altc" check "$out/wrong.alt"
[ $? -eq 1 ] || exit 1

printf '\nWhat AWS wants of a property:\n'
show "$altc" schema AWS::SQS::Queue VisibilityTimeout

alternun=templates/alternun/infra.alt
printf '\nA whole system: every stage of it, and what each holds:\n'
show with_settings "$alternun" "$altc" stages "$alternun" || exit 1
show with_settings "$alternun" "$altc" -q "$alternun" --stage dashboard-dev \
    -o "$out/dashboard-dev.json" --manifest || exit 1
ls -l "$out/dashboard-dev.json" "$out/dashboard-dev.manifest.json"
