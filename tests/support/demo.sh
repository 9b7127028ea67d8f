#!/bin/sh
# `make demo`: what altc does, on the programs of this repository.
set -u

altc=build/altc
out=build/demo
mkdir -p "$out"

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}

program=templates/starters/site/infra.alt
show cat "$program"
show "$altc" "$program" || exit 1

printf '\nA mistake, as altc reports it:\n'
printf 'resource Site: AWS::S3::Buckt {\n  BucketName: "a"\n}\n' >"$out/wrong.alt"
show "$altc" check "$out/wrong.alt"

printf '\nWhat AWS wants of a property:\n'
show "$altc" schema AWS::SQS::Queue VisibilityTimeout

alternun=templates/alternun/infra.alt
if [ -f "$alternun" ]; then
    printf '\nA whole system: every stage of it, and what each holds:\n'
    show "$altc" stages "$alternun" || exit 1
    show "$altc" "$alternun" --stage api-dev --allow api-dev -o "$out/api-dev.json" || exit 1
    printf '\n'
    ls -l "$out/api-dev.json"
fi
