#!/bin/sh
# Refuses an #include that goes up the house or round in a circle.
# tools/layers: one line a folder: its name, then the folders that it may include (itself too).
set -eu
edges=$(git ls-files -co --exclude-standard '*.c' '*.h' '*.l' '*.y' | grep -v -E '^(tests|bench|examples|tools)/' |
    xargs awk '/^#include "/ {
        gsub(/"/, "", $2)
        if ($2 !~ /\//) { folder = FILENAME; sub(/[^\/]*$/, "", folder); $2 = folder $2 }
        print FILENAME, $2
    }')
echo "$edges" | awk 'NR == FNR {for (i = 1; i <= NF; i++) may[$1 " " $i] = 1; next}
    {from = $1; to = $2; sub(/\/[^\/]*$/, "", from); sub(/\/[^\/]*$/, "", to)}
    !((from " " to) in may) {print $1 ": " from " may not include " $2; bad = 1}
    END {exit bad}' tools/layers -
# Modules (x.c with x.h) must not include each other in a circle; tsort names one.
echo "$edges" | sed -E 's/\.(c|h|l|y)( |$)/\2/g; s/_(parser|scanner)$//' | awk '$1 != $2' | sort -u | tsort >/dev/null
