#!/bin/sh
# Installs Debian packages, and only what is missing: with everything there, apt is not called.
#   install-deps.sh           what building and checking need; fails when it cannot be had
#   install-deps.sh judges    other programs that judge what altc writes, those that Debian has;
#                             never fails, for a judge that is missing is skipped by name
set -eu

missing=
need() { # package, file or command that shows it is there
    case $2 in
    /*) [ -e "$2" ] || missing="$missing $1" ;;
    *) command -v "$2" >/dev/null 2>&1 || missing="$missing $1" ;;
    esac
}

module() { # package, Python module that shows it is there
    python3 -c "import $2" 2>/dev/null || dpkg -s "$1" >/dev/null 2>&1 || missing="$missing $1"
}

requirements() {
    include=/usr/include
    need gcc gcc
    need make make
    need libc6-dev $include/stdio.h
    need binutils objdump
    need git git
    need python3 python3
    need tmux tmux
    need clang clang
    need clang-format clang-format
    need libyaml-dev $include/yaml.h
    need libjansson-dev $include/jansson.h
    need libpcre2-dev $include/pcre2.h
    need libssl-dev $include/openssl/sha.h
    need libcurl4-openssl-dev "$(echo $include/*/curl/curl.h)"
    need curl curl
    need libexpat1-dev $include/expat.h
    need libarchive-dev $include/archive.h
    need zlib1g-dev $include/zlib.h
    need libcmocka-dev $include/cmocka.h
}

judges() {
    module python3-yaml yaml
    module python3-boto3 boto3
    need awscli aws
    need nodejs node
    need npm npm
    need vim vim
    need pre-commit pre-commit
}

install() {
    echo "installing:$missing"
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || {
            echo "install these packages as root:$missing" >&2
            return 2
        }
        as_root=sudo
    fi
    $as_root apt-get update -qq || return
    # Word splitting is wanted: one package a word.
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends \
        $missing >/dev/null
}

if [ "${1:-}" = judges ]; then
    judges
    [ -z "$missing" ] || install || echo "SKIP judges of Debian's:$missing"
else
    requirements
    [ -z "$missing" ] || install
fi
