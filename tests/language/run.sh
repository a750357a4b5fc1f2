#!/bin/sh
# Compiles wrong and right programs through the command line: every wrong one gives exactly the
# diagnostics that stand beside it (.expected), every right one gives none.
# BAMBOO: the program to test. BLESS=1: write the expected diagnostics; review them with git diff.
set -u
bamboo=${BAMBOO:-./bamboo}
case $bamboo in /*) ;; *) bamboo=$PWD/$bamboo ;; esac
cd "$(dirname "$0")" || exit 2
passed=0
failed=0
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# 1: the name of the case, 2: whether it is as promised
count() {
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "FAILED $1"
    fi
}

for source in wrong/*.bamboo; do
    expected=${source%.bamboo}.expected
    "$bamboo" check "$source" >"$scratch/output" 2>&1
    status=$?
    [ "${BLESS:-}" = 1 ] && cp "$scratch/output" "$expected"
    diff -u "$expected" "$scratch/output"
    same=$?
    [ $status -eq 2 ] || { echo "$source: exit status $status, not 2"; same=1; }
    count "$source" $same
done
for source in right/*.bamboo; do
    "$bamboo" check "$source" >"$scratch/output" 2>&1
    status=$?
    [ $status -eq 0 ] || cat "$scratch/output"
    count "$source" $status
done
echo "language: $passed passed, $failed failed"
[ $failed -eq 0 ]
