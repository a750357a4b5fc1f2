#!/bin/sh
# The runner tells what differs (each case of wrong/ is wrong in one way; wrong/expected.txt is what it
# says), all derived cases pass, and all recorded ones. BLESS=1: write wrong/expected.txt; review it with git diff.
set -u
cd "$(dirname "$0")/../.."
: "${BUILD:=build/debug}"
runner=$BUILD/tests/conformance/run_cases
plugin=$BUILD/tests/conformance/components.so
wrong=tests/conformance/wrong
said=$("$runner" "$plugin" "$wrong" 2>&1)
status=$?
[ -z "${BLESS:-}" ] || printf '%s\n' "$said" >"$wrong/expected.txt"
if [ $status != 1 ] || [ "$said" != "$(cat "$wrong/expected.txt")" ]; then
    echo "FAILED the runner tells what differs (exit $status)"
    printf '%s\n' "$said" | diff "$wrong/expected.txt" -
    exit 1
fi
derived=$("$runner" "$plugin" tests/conformance/derived) || {
    echo "FAILED the derived cases pass"
    printf '%s\n' "$derived"
    exit 1
}
exec "$runner" "$plugin" tests/conformance/cases
