#!/bin/sh
# What the product withstands, through the command line: each check is a function named after its
# promise. A sanitizer's report is a failure wherever it happens.
set -u
cd "$(dirname "$0")/../.."
: "${BAMBOO:=$PWD/build/debug/bamboo}" "${BUILD:=build/debug}"
work=$(mktemp -d "${TMPDIR:-/tmp}/bamboo-limits.XXXXXX")
trap 'rm -rf "$work"' EXIT
export BAMBOO_STORE="$work/store.db"
passed=0
failed=0

# Runs bamboo; $status is its exit status, $work/out and $work/err what it said.
bamboo() {
    "$BAMBOO" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    if grep -q -E 'AddressSanitizer|LeakSanitizer|runtime error' "$work/err"; then
        cat "$work/err"
        return 1
    fi
}

expect_exit() {
    [ "$status" = "$1" ] || { echo "exit $status instead of $1"; tail -n 5 "$work/err"; return 1; }
}

says() {
    cat "$work/out" "$work/err" | grep -q -e "$1" || { echo "does not say '$1'"; tail -n 5 "$work/err"; return 1; }
}

flow() { # its text on standard input
    cat >"$work/flow.bamboo"
}

check() {
    if report=$("$1" 2>&1); then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $1"
        echo "$report" | tail -n 20
    fi
}

ten_thousand_nodes_in_one_flow_run() {
    { echo 'pipeline p() {'; for i in $(seq 10000); do echo '    noop()'; done; echo '}'; } | flow
    bamboo run "$work/flow.bamboo" --progress none && expect_exit 0
}

a_gateway_of_five_thousand_branches_joins() {
    { echo 'pipeline p() -> n {'; echo '    parallel {'; for i in $(seq 5000); do echo "        b$i = set(n: $i)"; done
      echo '    }'; echo '    n = b1.n + b5000.n'; echo '}'; } | flow
    bamboo run "$work/flow.bamboo" --progress none && expect_exit 0 && says 'n = 5001'
}

subprocesses_nest_a_hundred_deep() {
    { for i in $(seq 0 99); do echo "pipeline p$i() -> r {"; echo "    s = p$((i + 1))()"; echo '    r = s.r + 1'; echo '}'; done
      echo 'pipeline p100() -> r {'; echo '    r = 0'; echo '}'; } | flow
    bamboo run "$work/flow.bamboo" --progress none && expect_exit 0 && says 'r = 100'
}

unicode_works_everywhere() {
    printf 'pipeline größe(名前: string = "世界") -> ответ {\n    δ = shell("echo ${名前} 🎋")\n    ответ = δ.stdout.strip()\n}\n' | flow
    bamboo run "$work/flow.bamboo" -p '名前=čau' --progress none && expect_exit 0 && says 'čau 🎋'
}

a_hundred_megabytes_of_output_are_survived() {
    printf 'pipeline p() -> t {\n    a = shell("head -c 100000000 /dev/zero | tr \\\\\\\\0 x")\n    t = a.truncated\n}\n' | flow
    bamboo run "$work/flow.bamboo" --progress none && expect_exit 0 && says 't = true'
}

a_damaged_artifact_is_refused_with_one_sentence() {
    printf 'pipeline p() {\n    noop()\n}\n' | flow
    for form in '' --compress; do
        # shellcheck disable=SC2086 # none or one
        bamboo compile "$work/flow.bamboo" $form -o "$work/good.bbc" || return 1
        size=$(stat -c %s "$work/good.bbc")
        for at in 0 9 20 30 60 100 200 $((size - 1)); do
            head -c "$at" "$work/good.bbc" >"$work/bad.bbc"
            bamboo disasm "$work/bad.bbc" || return 1
            [ "$at" = 0 ] || { expect_exit 2 && [ "$(wc -l <"$work/err")" -le 3 ]; } || return 1
            { head -c "$at" "$work/good.bbc"; printf '\377'; tail -c +$((at + 2)) "$work/good.bbc"; } >"$work/bad.bbc"
            cmp -s "$work/good.bbc" "$work/bad.bbc" && continue
            bamboo disasm "$work/bad.bbc" && expect_exit 2 || return 1
        done
    done
}

# Else the loader would refuse them all at once, and the replay of the corpus would check nothing.
the_images_of_the_fuzzers_corpus_are_of_this_format() {
    for seed in tests/fuzz/corpus/image/*; do
        bamboo disasm "$seed" || return 1
        ! grep -q 'this bamboo reads format' "$work/err" || return 1
    done
}

stores_that_cannot_be_used_are_refused_clearly() {
    printf 'pipeline p() {\n    noop()\n}\n' | flow
    bamboo run "$work/flow.bamboo" --store /proc/nowhere/store.db && expect_exit 74 || return 1
    echo garbage-garbage-garbage-garbage >"$work/garbage.db"
    bamboo run "$work/flow.bamboo" --store "$work/garbage.db" && expect_exit 74 || return 1
    sqlite3 "$work/foreign.db" 'CREATE TABLE t(a)'
    bamboo run "$work/flow.bamboo" --store "$work/foreign.db" && expect_exit 74 || return 1
    bamboo run "$work/flow.bamboo" --store "$work/newer.db" --progress none && expect_exit 0 || return 1
    sqlite3 "$work/newer.db" 'PRAGMA user_version = 999'
    bamboo ps --store "$work/newer.db" && expect_exit 74 && says newer
}

a_full_disk_loses_no_run() {
    printf 'pipeline p() -> n {\n    a = shell("echo one")\n    b = shell("head -c 3000000 /dev/zero | tr \\\\\\\\0 x")\n    n = len(b.stdout)\n}\n' | flow
    (ulimit -f 600; trap '' XFSZ; bamboo run "$work/flow.bamboo" --store "$work/full.db" --progress none; [ "$status" != 0 ]) || return 1
    bamboo ps --store "$work/full.db" && expect_exit 0 || return 1
    bamboo continue @last --store "$work/full.db" --progress none && expect_exit 0 && says 'n = 1048576'
}

a_command_that_cannot_start_fails_its_node() {
    printf 'pipeline p() {\n    exec("/nowhere/program")\n    exec("true", cwd: "/nowhere")\n}\n' | flow
    bamboo run "$work/flow.bamboo" && expect_exit 1 && says '/nowhere/program'
}

a_timeout_leaves_no_process_behind() {
    mark=bamboo-limits-$$
    printf 'pipeline p() {\n    shell("sh -c \\"sleep 98765 & sleep 98765; : %s\\"") { timeout 300ms }\n}\n' "$mark" | flow
    bamboo run "$work/flow.bamboo" && expect_exit 1 || return 1
    sleep 0.2
    ! pgrep -f "$mark" >/dev/null
}

wrong_parameters_are_refused() {
    printf 'pipeline p(n: int, l: list = []) {\n    noop()\n}\n' | flow
    for wrong in '' '-p n=x' '-p n=1 -p m=2' '-p n=1 -p l={'; do
        # shellcheck disable=SC2086 # several words
        bamboo run "$work/flow.bamboo" $wrong && expect_exit 2 || return 1
    done
}

an_unfriendly_environment_does_no_harm() {
    printf 'pipeline p() {\n    noop()\n}\n' | flow
    env -u HOME -u TERM -u USER "$BAMBOO" run "$work/flow.bamboo" >/dev/null 2>&1 || return 1
    "$BAMBOO" show @last | head -n 1 >/dev/null || return 1
    "$BAMBOO" ps -a >/dev/full 2>"$work/err"
    status=$?
    expect_exit 74
}

only_one_process_executes_a_run() {
    printf 'pipeline owned() {\n    shell("sleep 1")\n}\n' | flow
    "$BAMBOO" run "$work/flow.bamboo" --progress none >/dev/null 2>&1 &
    until bamboo ps && says owned; do sleep 0.05; done
    bamboo continue @last --progress none
    refused=$status
    wait $!
    [ "$refused" = 74 ] || { echo "exit $refused"; return 1; }
}

# A document of bamboo-engine is refused with a place and a JSON pointer, at once.
repeated() { # a count, then a text
    awk -v count="$1" -v text="$2" 'BEGIN { for (i = 0; i < count; i++) printf "%s", text }'
}

refused_at_once() { # a document, then what is told
    started=$(date +%s%N)
    bamboo check "$1" && expect_exit 2 && says "$2" || return 1
    # A second is promised; a sanitized build on a busy machine gets three.
    [ $(($(date +%s%N) - started)) -lt 3000000000 ] || { echo "$1 takes too long"; return 1; }
}

tree_of_ids() { # an id: a tree whose nodes are called so
    printf '{"id": "p", "start_event": {"id": "s", "type": "EmptyStartEvent", "incoming": "", "outgoing": "f%s"},\n' "$1"
    printf '"end_event": {"id": "e", "type": "EmptyEndEvent", "incoming": ["g%s"], "outgoing": ""},\n' "$1"
    printf '"activities": {"%s": {"id": "%s", "type": "ServiceActivity", "incoming": ["f%s"], "outgoing": "g%s",\n' "$1" "$1" "$1" "$1"
    printf '"component": {"code": "noop", "inputs": {}}}}, "gateways": {},\n'
    printf '"flows": {"f%s": {"source": "s", "target": "%s"}, "g%s": {"source": "%s", "target": "e"}},\n' "$1" "$1" "$1" "$1"
    printf '"data": {"inputs": {}, "outputs": []}}\n'
}

trees_with_long_ids_run() {
    tree_of_ids "$(repeated 10240 i)" >"$work/tree.json"
    bamboo run "$work/tree.json" --progress none && expect_exit 0 || return 1
    tree_of_ids "$(repeated 20000 i)" >"$work/tree.json"
    refused_at_once "$work/tree.json" 'has at most 16,384 bytes'
}

documents_that_are_too_deep_are_refused() {
    { printf '{"activities":'; repeated 1000 '{"a":'; printf 1; repeated 1000 '}'; printf '}'; } >"$work/tree.json"
    refused_at_once "$work/tree.json" 'E0108' || return 1
    { printf 'activities: '; repeated 100000 '['; } >"$work/tree.yaml"
    refused_at_once "$work/tree.yaml" 'E0108' || return 1
    { printf '{"activities":{},"data":{"inputs":{"v":{"type":"plain","value":'; repeated 800 '['; repeated 800 ']'
      printf '}}}}'; } >"$work/tree.json"
    refused_at_once "$work/tree.json" '/data/inputs/v/value'
}

alias_bombs_are_refused() {
    { echo 'activities: &a0 [x, x, x, x, x, x, x, x, x, x]'
      for i in $(seq 1 30); do
          echo "a$i: &a$i [*a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1)), *a$((i - 1))]"
      done; } >"$work/tree.yaml"
    refused_at_once "$work/tree.yaml" 'aliases of a document stand for at most'
}

trees_with_duplicate_keys_are_refused() {
    { printf '{"activities": {}'; repeated 20000 ', "activities": {}'; printf '}'; } >"$work/tree.json"
    refused_at_once "$work/tree.json" 'is given twice'
}

many_mistakes_in_one_long_line_are_told() {
    { printf '{"start_event": {}, "activities": {"a": 0'
      awk 'BEGIN { for (i = 0; i < 20000; i++) printf ", \"a%d\": {\"type\": \"SurviceActivity\", \"outgoing\": \"f%d\"}", i, i }'
      printf '}}\n'; } >"$work/tree.json"
    refused_at_once "$work/tree.json" '/activities/a9/type'
}

for promise in $(sed -n 's/^\([a-z_]*\)() {$/\1/p' "$0" | grep _ | grep -v -E 'expect_exit|refused_at_once|tree_of_ids'); do
    check "$promise"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ]
