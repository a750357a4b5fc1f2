#!/bin/sh
# Runs benchmarks: JSON lines on standard output and into build/bench.json, then a table.
# Arguments: names of programs (bench_NAME); none: all. Curves become build/bench.svg.
set -eu
cd "$(dirname "$0")/.."
: "${BUILD:=build/release}" "${OUT:=build/bench.json}"
[ $# -gt 0 ] || set -- limits start artifact transitions step activities graph waiting history scale
printf '{"machine": "%s", "cores": %s, "load": "%s", "commit": "%s", "date": "%s"}\n' \
    "$(uname -srm)" "$(nproc)" "$(cut -d' ' -f1-3 /proc/loadavg)" \
    "$(git rev-parse --short HEAD 2>/dev/null || echo none)" \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$OUT"
for name; do
    echo "bench_$name" >&2
    "$BUILD/bench/bench_$name" >>"$OUT"
done
cat "$OUT"
echo
grep -v '"curve"' "$OUT" | awk -f bench/table.awk
if grep '"curve"' "$OUT" >build/bench-curves.json; then
    "$BUILD/bench/bench_plot" <build/bench-curves.json >build/bench.svg
    echo "curves: build/bench.svg; make bench-scale draws them ten times as long"
fi
