#!/bin/sh
# What got slower or faster than a revision: BASE=REV bench/compare.sh [NAME...]. Builds REV in a work
# tree below build/, with the benchmarks of the present tree, so that both are asked the same, and runs
# both in turn, ROUNDS times. A figure counts as changed when its medians differ by more than a tenth
# and by more than both spread from round to round.
set -eu
cd "$(dirname "$0")/.."
: "${BASE:?say which revision: BASE=REV}" "${BUILD:=build/release}" "${ROUNDS:=3}"
[ $# -gt 0 ] || set -- start transitions step activities
revision=$(git rev-parse --verify --short "$BASE^{commit}")
tree=build/compare/$revision
here=$PWD
if [ ! -d "$tree" ]; then
    git worktree prune
    git worktree add -f --detach "$tree" "$revision" >/dev/null
fi
rm -rf "$tree/bench"
cp -R bench "$tree/bench"
programs=
for name; do programs="$programs build/release/bench/bench_$name"; done
# A benchmark that an old revision cannot be built with is left out.
# shellcheck disable=SC2086 # one word a program
make -C "$tree" -s -k MODE=release build/release/bamboo $programs >"$tree.log" 2>&1 || true
out=build/compare/$revision-rounds
: >"$out"
round=0
while [ "$round" -lt "$ROUNDS" ]; do
    round=$((round + 1))
    for name; do
        if [ ! -x "$tree/build/release/bench/bench_$name" ]; then
            [ "$round" != 1 ] || echo "bench_$name: does not build on $revision, not compared ($tree.log)"
            continue
        fi
        echo "round $round of $ROUNDS, bench_$name" >&2
        (cd "$tree" && BAMBOO=$here/$tree/build/release/bamboo "build/release/bench/bench_$name") |
            sed 's/^/base /' >>"$out"
        BAMBOO=$here/$BUILD/bamboo "$BUILD/bench/bench_$name" | sed 's/^/here /' >>"$out"
    done
done
awk -v base="$revision" -f bench/compare.awk "$out"
