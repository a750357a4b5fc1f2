#!/bin/sh
# Runs every group of tests and adds up: the last line is "N passed, M failed".
# BUILD: the build folder; BAMBOO: the binary. Each group ends with such a line of its own.
set -u
cd "$(dirname "$0")/.."
: "${BUILD:=build/debug}" "${BAMBOO:=$PWD/build/debug/bamboo}"
export BUILD BAMBOO
# A leak in a process that a test starts must fail that test.
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
logs=$BUILD/tests/logs
mkdir -p "$logs"
passed=0
failed=0

count() { # a name, then the group's log
    line=$(sed -n -E 's/^([a-z]+: )?([0-9]+ passed, [0-9]+ failed)$/\2/p' "$2" | tail -n 1)
    if [ -z "$line" ]; then
        echo "FAILED $1: it did not count its tests"
        tail -n 40 "$2"
        failed=$((failed + 1))
        return
    fi
    set -- "$1" "$2" $line
    passed=$((passed + $3))
    failed=$((failed + $5))
    printf '%-28s %s passed, %s failed\n' "$1" "$3" "$5"
    [ "$5" = 0 ] || cat "$2"
}

group() { # a name, then a command
    name=$1
    shift
    "$@" >"$logs/$name.log" 2>&1 </dev/null
    status=$?
    before=$failed
    count "$name" "$logs/$name.log"
    if [ $status != 0 ] && [ "$failed" = "$before" ]; then
        echo "FAILED $name: exit $status"
        tail -n 40 "$logs/$name.log"
        failed=$((failed + 1))
    fi
}

units() {
    unit_passed=0
    unit_failed=0
    for program in $(find "$BUILD/tests/unit" -name 'test_*' -type f -perm -u+x | sort); do
        log=$program.log
        "$program" >"$log" 2>&1
        status=$?
        # Of all its groups.
        p=$(awk '/^\[  PASSED  \] [0-9]+ test/ {n += $4} END {print n + 0}' "$log")
        f=$(awk '/^\[  FAILED  \] [0-9]+ test.*listed below:/ {n += $4} END {print n + 0}' "$log")
        # A program that dies, or leaks, has failed whatever it counted.
        [ $status = 0 ] || [ "$f" != 0 ] || f=1
        [ "$p" != 0 ] || [ "$f" != 0 ] || f=1
        unit_passed=$((unit_passed + p))
        unit_failed=$((unit_failed + f))
        if [ "$f" != 0 ]; then
            echo "--- $program (exit $status)"
            tail -n 60 "$log"
        fi
    done
    echo "$unit_passed passed, $unit_failed failed"
}

units >"$logs/units.log" 2>&1
count units "$logs/units.log"
for target in "$BUILD"/tests/fuzz/replay_*; do
    case $target in *.o | *.d) continue ;; esac
    name=${target##*/replay_}
    group "corpus-$name" "$target" tests/fuzz/corpus/"$name"/*
done
group language tests/language/run.sh
group command tests/command/run.sh
group generated tests/docs/run.sh
group limits tests/limits/run.sh
group crash tests/crash/run.sh
group crash-points build/crash/tests/crash/points
group conformance tests/conformance/run.sh
group property "$BUILD/tests/property/property" 1 10000
group faults "$BUILD/tests/faults/faults" "$BUILD/examples/plugin.so" 40
group faults-of-commands "$BUILD/tests/faults/commands" "$BUILD/tests/faults/bamboo" 40
group powerloss "$BUILD/tests/powerloss/powerloss" 1 4
group simulate "$BUILD/tests/simulate/simulate" 1 300
echo "$passed passed, $failed failed"
[ $failed = 0 ]
