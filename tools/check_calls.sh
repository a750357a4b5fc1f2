#!/bin/sh
# tools/check_calls.sh OBJECT...: refuses a call of the C library or of libuv that no test makes fail,
# unless tests/faults/not_failing says why. (SQLite's disk and memory fail below it; what json-c and
# libyaml call does, too; liblzma's memory is ours.)
set -eu
known=$(sed -n '/^CALL/{s/^CALL.//;s/,.*//;p}' tests/faults/calls.def && sed '/^#/d' tests/faults/not_failing | tr ' ' '\n')
ours=$(nm --defined-only "$@" | awk 'NF == 3 {print $3}')
unknown=$(nm -u "$@" | awk '$1 == "U" {print $2}' | sort -u |
    grep -v -E '^(sqlite3_|json_|yaml_|lzma_|nettle_|__gmp|__asan_|__ubsan_|__gcov_|_GLOBAL_)' |
    grep -v -x -F -e "$known" -e "$ours") || exit 0
printf '%s\n    no test makes this call fail: add it to tests/faults/calls.def\n' "$unknown"
exit 1
