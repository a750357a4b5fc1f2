#!/bin/sh
# Are the pages of docs/ that tools/describe.c makes from the .def files current?
# With --write they are written anew.
set -eu
program=$(mktemp)
trap 'rm -f "$program" "$program.md"' EXIT
${CC:-gcc} -std=c11 -Wall -Wextra -Werror -I. tools/describe.c -o "$program"
bad=0
for page in instructions errors; do
    "$program" "$page" >"$program.md"
    if [ "${1:-}" = --write ]; then
        cat "$program.md" >"docs/$page.md"
    elif ! diff -u "docs/$page.md" "$program.md"; then
        echo "docs/$page.md is not current: tools/check_described.sh --write" >&2
        bad=1
    fi
done
exit $bad
