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

answer() { # a node of the last run, then the data; waits until the node does
    tries=0
    until "$BAMBOO" callback @last "$1" --data "$2"; do
        tries=$((tries + 1))
        [ $tries -lt 100 ]
        sleep 0.1
    done
}

"$BAMBOO" run -d examples/approval.bamboo -p file="$work/approved.txt"
answer approve '{"ok": true, "by": "ada"}'
"$BAMBOO" watch @last
grep -q 'raise the limit' "$work/approved.txt"

"$BAMBOO" run examples/delivery.bamboo -p inbox="$work/inbox"
test "$(wc -l <"$work/inbox/reminders.txt")" = 3
test -s "$work/inbox/escalation.txt"

"$BAMBOO" run examples/bisect.bamboo -p bad=1000 -p 'test=test $RELEASE -lt 640' | grep -q 'bad.* = 640'

ends() { # the exit status that is right, then a command
    wanted=$1
    shift
    status=0
    "$@" || status=$?
    test $status = "$wanted"
}
site=$work/site
ends 4 "$BAMBOO" run examples/deploy.bamboo -p folder="$site"
ends 0 "$BAMBOO" callback @last choose --data '{"version": "1", "greeting": "hello"}'
ends 4 "$BAMBOO" run examples/deploy.bamboo -p folder="$site"
ends 1 "$BAMBOO" callback @last choose --data '{"version": "2", "greeting": "helo"}'
test "$(readlink "$site/current")" = releases/2
ends 4 "$BAMBOO" rollback @last choose
test "$(readlink "$site/current")" = releases/1
test ! -e "$site/releases/2"
ends 0 "$BAMBOO" callback @last choose --data '{"version": "2", "greeting": "hello"}'
grep -q hello "$site/current/index.html"

"$BAMBOO" run --plugin "$BUILD/examples/plugin.so" examples/plugin.bamboo
gcc -o "$work/embed" examples/embed.c -Iinclude "$BUILD/libbamboo.a" \
    $(pkg-config --libs sqlite3 libuv json-c yaml-0.1 nettle gmp liblzma) -ldl -lpthread -lm
(cd "$work" && ./embed)
echo "the examples ran to their ends"
