#!/bin/sh
# kill -9 at random moments, then continue: KILLS times (default 200) over examples/etl.bamboo and a
# generated flow of 40 nodes. After each kill and each continuation:
#   1. what the journal said was FINISHED when the process died has no effect after that;
#   2. a `once` node in flight becomes FAILED `interrupted`, and its effect is not repeated;
#   3. the run ends with the outputs of an undisturbed run.
# Effects are lines that the activities append to a file by themselves. SEED repeats a sequence.
set -u
cd "$(dirname "$0")/../.."
: "${BAMBOO:=$PWD/build/debug/bamboo}" "${KILLS:=200}" "${SEED:=$$}"
work=$(mktemp -d "${TMPDIR:-/tmp}/bamboo-crash.XXXXXX")
trap 'rm -rf "$work"' EXIT
export BAMBOO_STORE="$work/store.db" EFFECTS="$work/effects"
passed=0
failed=0
interruptions=0

# Sets $chance to a number below $1, from SEED.
draw() {
    SEED=$(((SEED * 1103515245 + 12345) % 2147483648))
    chance=$((SEED / 65536 % $1))
}

# A value of the JSON on standard input, by an SQL expression over the column `document`.
query() {
    cat >"$work/query.json"
    sqlite3 :memory: "SELECT $1 FROM (SELECT readfile('$work/query.json') AS document)"
}

# Paths of the nodes that the journal has as FINISHED.
finished_nodes() {
    "$BAMBOO" show "$1" --json >"$work/show.json" 2>/dev/null || return 0
    sqlite3 :memory: "SELECT json_extract(node.value, '\$.node')
        FROM json_each(readfile('$work/show.json'), '\$.nodes') AS node
        WHERE json_extract(node.value, '\$.state') = 'FINISHED'"
}

# How often each of the nodes named on standard input had its effect.
effects_of() {
    while read -r node; do
        [ -n "$node" ] && echo "$node $(grep -c -x -F -- "$node" "$EFFECTS")"
    done
}

generate_flow() { # 40 nodes: chains, branches, conditions, a subprocess, a loop, some `once`
    {
        echo 'bamboo 1'
        echo 'pipeline crash() -> total {'
        n=0
        for block in 1 2 3; do
            echo "    a$block = shell(\"echo a$block >> \$EFFECTS; sleep 0.01; echo $block\")"
            echo "    parallel p$block {"
            for branch in 1 2 3; do
                once=
                [ $branch = 2 ] && once=' { once }'
                echo "        { b${block}_$branch = shell(\"echo b${block}_$branch >> \$EFFECTS; sleep 0.0$branch\")$once"
                echo "          c${block}_$branch = shell(\"echo c${block}_$branch >> \$EFFECTS\") }"
            done
            echo '    }'
            echo "    if int(a$block.stdout) > 1 { d$block = shell(\"echo d$block >> \$EFFECTS\") }"
            echo "    else { e$block = shell(\"echo e$block >> \$EFFECTS\") }"
            n=$((n + 1))
        done
        echo '    sub = inner(start: 20)'
        echo '    total = sub.result + int(a3.stdout)'
        echo '}'
        echo 'pipeline inner(start: int) -> result {'
        echo '    x = shell("echo sub/x >> $EFFECTS; sleep 0.01")'
        echo '    nap = sleep(20ms)'
        echo '    y = shell("echo sub/y >> $EFFECTS; echo ${start + 19}") { retry 2 every 10ms }'
        echo '    result = int(y.stdout)'
        echo '}'
    } >"$1"
}

# Retries what was interrupted until the run has ended; prints its outputs as JSON.
finish() {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        "$BAMBOO" continue "$1" --progress none >/dev/null 2>"$work/continue.err"
        status=$?
        [ $status = 1 ] || break
        "$BAMBOO" show "$1" --json >"$work/show.json"
        sqlite3 :memory: "SELECT json_extract(node.value, '\$.node')
            FROM json_each(readfile('$work/show.json'), '\$.nodes') AS node
            WHERE json_extract(node.value, '\$.state') = 'FAILED'" >"$work/failed"
        while read -r node; do
            why=$("$BAMBOO" show "$1" --json | query "(SELECT json_extract(n.value, '\$.outputs.ex_data')
                FROM json_each(document, '\$.nodes') AS n WHERE json_extract(n.value, '\$.node') = '$node')")
            if [ "$why" != interrupted ]; then
                echo "node $node failed: $why"
                return 1
            fi
            echo "$node" >>"$work/interrupted"
            "$BAMBOO" retry "$1" "$node" --no-continue >/dev/null || return 1
        done <"$work/failed"
    done
    "$BAMBOO" show "$1" --json | query "json_extract(document, '\$.state') || ' ' || coalesce(json_extract(document, '\$.outputs'), '')"
}

# A `once` node (b1_2, b2_2, b3_2) had its effect at most once, and once more for each time that an
# operator retried it after it was interrupted.
once_is_once() {
    for node in b1_2 b2_2 b3_2; do
        effects=$(grep -c -x -F "$node" "$EFFECTS")
        retries=$(grep -c -x -F "$node" "$work/interrupted")
        if [ "$effects" -gt $((1 + retries)) ]; then
            echo "$node is \`once\`, but had its effect $effects times with $retries retries"
            return 1
        fi
    done
}

# One run of flow $1 (arguments: the rest) that is killed $kills times.
disturbed() {
    flow=$1
    shift
    : >"$EFFECTS"
    : >"$work/interrupted"
    "$BAMBOO" run "$flow" "$@" --progress none >"$work/run.out" 2>&1 &
    pid=$!
    draw 3
    kills=$((1 + chance))
    run=
    for kill in $(seq $kills); do
        draw "$longest"
        sleep "$(printf '0.%03d' "$chance")"
        kill -9 $pid 2>/dev/null || break
        wait $pid 2>/dev/null
        run=$("$BAMBOO" ps -a --json 2>/dev/null | query "coalesce((SELECT json_extract(r.value, '\$.id') FROM json_each(document, '\$.runs') AS r LIMIT 1), '')")
        [ -n "$run" ] && [ "$run" != "$previous" ] || return 2 # killed before the run was acknowledged
        finished_nodes "$run" >"$work/finished"
        effects_of <"$work/finished" >"$work/before"
        if [ "$kill" -lt "$kills" ]; then
            "$BAMBOO" continue "$run" --progress none >/dev/null 2>&1 &
            pid=$!
        fi
    done
    [ -n "$run" ] || { wait $pid; return 2; }
    sleep 0.05 # what the killed process had started may still write
    effects_of <"$work/finished" >"$work/before"
    outputs=$(finish "$run") || { echo "$outputs"; return 1; }
    effects_of <"$work/finished" >"$work/after"
    previous=$run
    if ! cmp -s "$work/before" "$work/after"; then
        echo "finished nodes had effects again:"
        diff "$work/before" "$work/after"
        return 1
    fi
    if [ "$flow" = "$work/crash.bamboo" ] && ! once_is_once; then
        return 1
    fi
    if [ "$outputs" != "$expected" ]; then
        echo "the run ended with '$outputs', an undisturbed one with '$expected'"
        return 1
    fi
}

campaign() { # how often, then flow and arguments
    times=$1
    shift
    : >"$EFFECTS"
    rm -f "$work"/store.db*
    "$BAMBOO" run "$@" --progress none >"$work/run.out" 2>&1 || { cat "$work/run.out"; failed=$((failed + 1)); return; }
    # Kill at any moment of a run, and now and then behind its end.
    longest=$("$BAMBOO" show @last --json | query "min(999, 20 + json_extract(document, '\$.finished') - json_extract(document, '\$.created'))")
    expected=$("$BAMBOO" show @last --json | query "json_extract(document, '\$.state') || ' ' || coalesce(json_extract(document, '\$.outputs'), '')")
    previous=$("$BAMBOO" show @last --json | query "json_extract(document, '\$.id')")
    early=0
    while [ "$times" -gt 0 ]; do
        seed=$SEED
        report=$(disturbed "$@" 2>&1; echo "status $?"; echo "SEED $SEED"; echo "PREVIOUS $previous")
        status=$(echo "$report" | sed -n 's/^status //p')
        SEED=$(echo "$report" | sed -n 's/^SEED //p')
        previous=$(echo "$report" | sed -n 's/^PREVIOUS //p')
        case $status in
        0)
            passed=$((passed + 1))
            times=$((times - 1))
            interruptions=$((interruptions + $(wc -l <"$work/interrupted")))
            ;;
        2) early=$((early + 1)); [ $early -lt 1000 ] || { echo "killed too early, always"; failed=$((failed + 1)); return; } ;;
        *) failed=$((failed + 1)); times=$((times - 1)); echo "seed $seed: $report" ;;
        esac
    done
    # Whatever was killed, what is kept is sound.
    "$BAMBOO" fsck >"$work/fsck" 2>&1 || { cat "$work/fsck"; failed=$((failed + 1)); }
    echo "$1: $early kills came before the run was acknowledged, and were repeated"
}

generate_flow "$work/crash.bamboo"
campaign $((KILLS / 2)) "$work/crash.bamboo"
campaign $((KILLS - KILLS / 2)) examples/etl.bamboo -p "out=$work/etl"
echo "$interruptions nodes were interrupted and retried by the operator"
echo "$passed passed, $failed failed"
[ $failed = 0 ]
