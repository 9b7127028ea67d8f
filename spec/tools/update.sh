#!/bin/sh
# `make spec-update`: the resource types anew from AWS's published packages.
exec "$(dirname "$0")/../import/update" "$@"
