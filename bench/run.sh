#!/bin/sh
# Runs all benchmarks: JSON lines on standard output and into build/bench.json, then a table.
set -eu
cd "$(dirname "$0")/.."
: "${BUILD:=build/release}"
out=build/bench.json
printf '{"machine": "%s", "cores": %s, "commit": "%s", "date": "%s"}\n' \
    "$(uname -srm)" "$(nproc)" "$(git rev-parse --short HEAD 2>/dev/null || echo none)" \
    "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$out"
for name in limits start transitions activities waiting; do
    "$BUILD/bench/bench_$name" >>"$out"
done
cat "$out"
echo
awk -F'"' 'NR == 1 { print; next }
    { split($0, part, /"value": |, "unit"|"low": |, "high": |, "repeats"/)
      printf "%-70s %14.4g %-22s (%.4g to %.4g)\n", $4, part[2], $10, part[4], part[5] }' "$out"
