#!/bin/sh
# Runs the examples to their ends, each on a store of its own. `release` is run by `make demo`.
set -eu
cd "$(dirname "$0")/.."
: "${BAMBOO:=$PWD/bamboo}" "${BUILD:=build/release}"
work=$(mktemp -d "${TMPDIR:-/tmp}/bamboo-examples.XXXXXX")
trap 'rm -rf "$work"' EXIT
export BAMBOO_STORE="$work/store.db"

"$BAMBOO" run examples/etl.bamboo -p out="$work/etl"
test -s "$work/etl/report.txt"

"$BAMBOO" run examples/backup.bamboo -p database="$work/sample.db" -p folder="$work/kept"
"$BAMBOO" run examples/backup.bamboo -p database="$work/sample.db" -p folder="$work/kept" -p keep=1
test "$(ls "$work/kept" | wc -l)" = 1

"$BAMBOO" run -d examples/approval.bamboo -p file="$work/approved.txt"
tries=0
until "$BAMBOO" callback @last approve --data '{"ok": true, "by": "ada"}'; do
    tries=$((tries + 1))
    [ $tries -lt 100 ]
    sleep 0.1
done
"$BAMBOO" watch @last
grep -q 'raise the limit' "$work/approved.txt"

"$BAMBOO" run --plugin "$BUILD/examples/plugin.so" examples/plugin.bamboo
gcc -o "$work/embed" examples/embed.c -Iinclude "$BUILD/libbamboo.a" \
    $(pkg-config --libs sqlite3 libuv json-c yaml-0.1 nettle gmp) -ldl -lpthread -lm
(cd "$work" && ./embed)
echo "the examples ran to their ends"
