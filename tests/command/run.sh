#!/bin/sh
# Replays transcripts: each tests/command/*.test in a fresh folder with a store of its own.
#   # comment          kept
#   < NAME             a file; its lines follow, indented by four spaces
#   $ command          run by sh, for 2 minutes at most; then what it prints on both streams, and
#                      [exit N] unless that is 0
# Ids, times and places are normalised (normalise() below), so a transcript is the same every time.
# BAMBOO: the program to test. ONLY=name: that transcript alone. BLESS=1: write what was printed into
# the transcripts; review them with git diff.
set -u
cd "$(dirname "$0")" || exit 2
: "${BAMBOO:=$PWD/../../build/debug/bamboo}"
case $BAMBOO in /*) ;; *) BAMBOO=$OLDPWD/$BAMBOO ;; esac
# For components.test; `make plugins` builds them.
PLUGIN=$(dirname "$BAMBOO")/examples/plugin.so
PLUGINS=$(dirname "$BAMBOO")/tests/plugin
# For trees.test.
TREES=$(cd ../conformance/trees && pwd)
[ -x "$BAMBOO" ] || { echo "there is no $BAMBOO"; exit 2; }
transcripts=$PWD
source_root=$(cd ../.. && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/bamboo-command.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
ln -s "$BAMBOO" "$scratch/bin/bamboo"
PATH=$scratch/bin:$PATH
LC_ALL=C.UTF-8
TZ=UTC
USER=tester
TERM=dumb
export BAMBOO PLUGIN PLUGINS TREES PATH LC_ALL TZ USER TERM
unset NO_COLOR XDG_DATA_HOME
passed=0
failed=0

normalise() { # standard input to standard output; $1: the folder of the transcript
    sed -E \
        -e "s|$1|<folder>|g" \
        -e "s|$PLUGIN|<plugin>|g" \
        -e "s|$PLUGINS|<plugins>|g" \
        -e "s|$BAMBOO|<bamboo>|g" \
        -e "s|$source_root|<source>|g" \
        -e 's/\b[0-9a-f]{16}\b/<run>/g' \
        -e 's/\b[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\b/<date>/g' \
        -e 's/\b[0-9]{2}:[0-9]{2}:[0-9]{2}\b/<time>/g' \
        -e 's/ +([0-9]+\.[0-9]s|[0-9]+m[0-9]{2}s)( |,|$)/ <t>\2/g' \
        -e 's/ +([0-9]+\.[0-9]s|[0-9]+m[0-9]{2}s)( |,|$)/ <t>\2/g' \
        -e 's/"(time|created|finished|started|archived|wake_at|deadline)": ?[0-9]{13}/"\1": <ms>/g' \
        -e 's/tester@[^ :",]+/tester@<host>/g' \
        -e 's/\(SQLite .*\)/(<libraries>)/' \
        -e 's/ +$//'
}

replay() { # a transcript to what it is today, on standard output
    folder=$scratch/$(basename "$1" .test)
    mkdir "$folder"
    cd "$folder" || exit 2
    HOME=$folder
    BAMBOO_STORE=$folder/store.db
    export HOME BAMBOO_STORE
    file=
    skipping=
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '$ '*)
            skipping=1
            file=
            printf '%s\n' "$line"
            timeout 120 sh -c "${line#??}" >"$scratch/output" 2>&1 </dev/null
            status=$?
            normalise "$folder" <"$scratch/output"
            # What is printed last may lack a newline.
            [ -z "$(tail -c 1 "$scratch/output")" ] || echo
            [ $status = 0 ] || echo "[exit $status]"
            ;;
        '# '*)
            [ -z "$skipping" ] || echo
            skipping=
            file=
            printf '%s\n' "$line"
            ;;
        '< '*)
            [ -z "$skipping" ] || echo
            skipping=
            file=${line#??}
            : >"$file"
            printf '%s\n' "$line"
            ;;
        *)
            [ -n "$skipping" ] && continue # what was printed when it was blessed
            printf '%s\n' "$line"
            [ -n "$file" ] && printf '%s\n' "${line#    }" >>"$file"
            ;;
        esac
    done <"$transcripts/$1"
    check_store
    cd "$transcripts" || exit 2
}

# Whatever was done, what is kept is sound. One that a transcript damages is its own business.
check_store() {
    [ -e "$BAMBOO_STORE" ] && ! [ -e "$folder/damaged" ] || return 0
    "$BAMBOO" fsck >"$scratch/output" 2>&1 && return
    echo "bamboo fsck, after the last command:"
    normalise "$folder" <"$scratch/output"
}

for transcript in ${ONLY:-*}.test; do
    replay "$transcript" >"$scratch/today"
    if [ "${BLESS:-}" = 1 ]; then cp "$scratch/today" "$transcript"; fi
    if diff -u "$transcript" "$scratch/today"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $transcript"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
