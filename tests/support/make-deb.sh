#!/bin/sh
# `make deb`: build/altc_VERSION_ARCH.deb out of `make install`. The bytes depend on nothing but
# the sources: times are those of the last commit.
set -eu

version=$1
root=build/deb
arch=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
rm -rf "$root"
${MAKE:-make} --no-print-directory install DESTDIR="$root" PREFIX=/usr >/dev/null
gzip -9n "$root/usr/share/man/man1/altc.1"
mkdir -p "$root/DEBIAN" "$root/usr/share/doc/altc"
cp LICENSE "$root/usr/share/doc/altc/copyright"
cat >"$root/DEBIAN/control" <<TEXT
Package: altc
Version: $version
Architecture: $arch
Maintainer: The altc authors <altc@example.org>
Section: devel
Depends: libc6, libcurl4, libnettle8, libssl3, libyaml-0-2, zlib1g
Priority: optional
Installed-Size: $(du -sk "$root/usr" | cut -f1)
Description: compiler from a small stack language to CloudFormation
 altc resolves a program in the alt language for one stage and writes the
 CloudFormation template of that stage, checked against the schemas of all
 resource types, together with a manifest that ties each value to its source.
TEXT
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group --build "$root" "build/altc_${version}_$arch.deb"
