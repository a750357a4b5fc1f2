#!/bin/sh
# Installs the Debian 12 packages that building, testing and the examples need, and only if one is
# missing, so that it costs nothing on a machine that has them.
set -eu
packages='
gcc libc6-dev make pkg-config git ca-certificates
flex bison
libsqlite3-dev libuv1-dev libjson-c-dev libyaml-dev nettle-dev libgmp-dev liblzma-dev libcmocka-dev
sqlite3 gawk gzip xz-utils tar coreutils findutils procps
clang clang-format clang-tidy libclang-rt-14-dev cppcheck valgrind
'
missing=
for package in $packages; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "make deps: not root and no sudo; as root: apt-get install$missing" >&2
        exit 1
    }
    as_root=sudo
fi
echo "make deps: installing$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q
# shellcheck disable=SC2086 # one word a package
$as_root apt-get install -q -y --no-install-recommends $missing
