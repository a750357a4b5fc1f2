#!/bin/sh
# The manual is tested: pages that are made from tables are current, links lead somewhere, every folder
# of sources says what it is for, and what the language reference shows compiles.
set -u
cd "$(dirname "$0")/../.."
: "${BAMBOO:=$PWD/build/debug/bamboo}"
work=$(mktemp -d "${TMPDIR:-/tmp}/bamboo-docs.XXXXXX")
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

check() { # a promise, then a command
    promise=$1
    shift
    if "$@" >"$work/said" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED $promise"
        tail -n 20 "$work/said"
    fi
}

links_lead_somewhere() {
    bad=0
    for page in $(git ls-files '*.md'); do
        for target in $(grep -o -E '\]\([^)#: ]+' "$page" | sed 's/^](//'); do
            [ -e "$(dirname "$page")/$target" ] || { echo "$page: $target is not there"; bad=1; }
        done
    done
    return $bad
}

folders_have_a_page() {
    bad=0
    for folder in $(git ls-files '*.c' '*.def' '*.y' | sed 's|/[^/]*$||' | sort -u); do
        [ -e "$folder/README.md" ] || { echo "$folder has no README.md"; bad=1; }
    done
    return $bad
}

# cli/ sees only include/, so what it knows of other tables' words is looked up here.
command_line_knows_the_words() {
    bad=0
    known() { # a word of cli/, then the files that must have it
        word=$1
        shift
        cat "$@" | grep -q -F "\"$word\"" || { echo "cli/ knows '$word', which is not in $*"; bad=1; }
    }
    for type in $(grep -h -o -E '"(run|node|pipeline|rollback|jumped)-[a-z-]+"' cli/*.c | tr -d '"' | sort -u); do
        known "$type" vm/run/events.def api/event_stream.c
    done
    for state in $(sed -n '/STATES\[\]/,/};/s/.*{"\([^"]*\)", LOOK.*/\1/p' cli/look.c); do
        known "$state" vm/run/node_states.def vm/run/run_states.def api/query.c
    done
    sed -n '/WAITING\[\]/,/};/s/.*{"\([^"]*\)", LOOK.*/\1/p' cli/look.c >"$work/waits"
    while read -r waits; do known "$waits" vm/run/token_states.def; done <"$work/waits"
    for number in $(sed -n 's/^ERROR([A-Z_]*, *\([0-9]*\),.*/\1/p' include/bamboo_errors.def | sort -u); do
        grep -q -E "^EXIT_CODE\([A-Z_]+, +$number," cli/exit_codes.def ||
            { echo "exit status $number of an error is no exit code"; bad=1; }
    done
    return $bad
}

commands_have_help() {
    "$BAMBOO" help >"$work/help" || return 1
    commands=$(sed -n 's/^COMMAND(\([a-z]*\),.*/\1/p' cli/commands.def)
    [ "$(echo "$commands" | wc -l)" -ge 20 ] || { echo "no commands found"; return 1; }
    for command in $commands; do
        "$BAMBOO" "$command" --help >"$work/out" || return 1
        grep -q bamboo "$work/out" || { echo "$command --help says nothing"; return 1; }
    done
}

artifact_has_its_sections() {
    count=$(grep -c '^SECTION(' bytecode/sections.def)
    for name in $(sed -n 's/^SECTION(\([A-Z_]*\),.*/\1/p' bytecode/sections.def); do
        grep -q "^| [0-9]* | $name |" docs/artifact.md || { echo "no section $name"; return 1; }
    done
    grep -q "how many sections there are: $count |" docs/artifact.md &&
        grep -q "There are at most $count sections" docs/artifact.md
}

# The first thing that each page of the language shows is a whole flow; the two forms are one flow.
language_compiles() {
    awk '/^    / {print substr($0, 5); shown = 1; next} /^$/ && shown {print ""; next} shown {exit}' \
        docs/language.md >"$work/flow.bamboo"
    awk '/^    / {print substr($0, 5); shown = 1; next} /^$/ && shown {print ""; next} shown {exit}' \
        docs/yaml.md >"$work/flow.yaml"
    "$BAMBOO" check "$work/flow.bamboo" "$work/flow.yaml"
}

# Every piece of a flow that a page shows: those that begin with a pipeline are flows, those that begin
# with `name = ...(` are statements of one. Other blocks (commands, JSON, the grammar) are not.
snippets_compile() {
    rm -f "$work"/snippet*
    for page in docs/*.md README.md; do
        name=$(basename "$page" .md)
        awk -v base="$work/snippet-$name" '
            function finish() {
                if (kind == "statements") print "}" >>file
                if (file) close(file)
                file = kind = ""
                inside = 0
            }
            /^    / || (/^$/ && inside) {
                line = substr($0, 5)
                if (!inside && line ~ /^(bamboo 1$|pipeline .*\{$)/) kind = "flow"
                if (!inside && line ~ /^[a-z_]+ = [a-z_]+\(/) kind = "statements"
                inside = 1
                if (!kind) next
                if (!file) {
                    file = base "-" NR ".bamboo"
                    if (kind == "statements") print "pipeline page {" >file
                }
                print line >>file
                next
            }
            { finish() }
            END { finish() }' "$page"
    done
    [ "$(ls "$work"/snippet*.bamboo | wc -l)" -ge 9 ] || { echo "no snippets found"; return 1; }
    "$BAMBOO" check "$work"/snippet*.bamboo
}

# The page about templates shows a context and, in a table, what templates give with it.
templates_give() {
    context=$(sed -n 's/^    \({"a": .*}\)$/\1/p' docs/templates.md)
    grep '^| `\${' docs/templates.md | sed 's/^| `//; s/` | `/\t/; s/` |$//' >"$work/templates"
    [ "$(wc -l <"$work/templates")" -ge 10 ] || { echo "no templates found"; return 1; }
    while IFS="$(printf '\t')" read -r template wanted; do
        given=$("$BAMBOO" eval -t -c "$context" -- "$template") || return 1
        [ "$given" = "$wanted" ] || { echo "$template gives $given"; return 1; }
    done <"$work/templates"
}

check "pages that are made from tables are current" tools/check_described.sh
check "links lead somewhere" links_lead_somewhere
check "every folder of sources has a page" folders_have_a_page
check "the command line knows the words of events, states and errors" command_line_knows_the_words
check "every command has help" commands_have_help
check "what the language reference shows compiles" language_compiles
check "what pages show compiles" snippets_compile
check "the page of the artifact has all of its sections" artifact_has_its_sections
check "templates give what their page says" templates_give
echo "$passed passed, $failed failed"
[ $failed = 0 ]
