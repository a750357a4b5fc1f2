#!/bin/sh
# Are the pages of docs/ that tools/describe*.c make from the tables and descriptors current?
# With --write they are written anew.
set -eu
write=${1:-}
programs=$(mktemp -d)
trap 'rm -rf "$programs"' EXIT
compile() { # the program's name, then what it is made of
    program=$1
    shift
    ${CC:-gcc} -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -I. "$@" -o "$programs/$program"
}
compile describe tools/describe.c
# Only descriptors are read: what the components' functions call need not be there.
compile describe_stdlib tools/describe_stdlib.c stdlib/components.c stdlib/component_*.c \
    -static -Wl,--unresolved-symbols=ignore-all
bad=0
check() { # a program, then the pages that it makes
    program=$1
    shift
    for page in "$@"; do
        "$programs/$program" "$page" >"$programs/page.md"
        if [ "$write" = --write ]; then
            cat "$programs/page.md" >"docs/$page.md"
        elif ! diff -u "docs/$page.md" "$programs/page.md"; then
            echo "docs/$page.md is not current: tools/check_described.sh --write" >&2
            bad=1
        fi
    done
}
check describe instructions errors
check describe_stdlib functions components
exit $bad
