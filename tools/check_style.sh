#!/bin/sh
# Rules of style that clang-tidy does not know. Prints what breaks one, and fails.
set -eu
sources=$(git ls-files '*.c' '*.h' '*.l' '*.y' '*.rules' '*.def' | grep -E '^(include|base|bytecode|grammar|template|compiler|vm|stdlib|api|cli)/')
bad=0
refuse() { # a pattern, files to leave out, what to do instead
    # shellcheck disable=SC2086 # one word a file
    if found=$(grep -n -E "$1" $sources | grep -v -E "^($2):"); then
        printf '%s\n    %s\n' "$found" "$3"
        bad=1
    fi
}
refuse '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|atof)\(' 'none' 'unbounded or silent: use base/text.h, base/number.h'
refuse '\b(malloc|calloc|realloc|strdup|strndup)\(' 'base/memory\.c' 'allocate through base/memory.h, which can be made to fail'
refuse '\b(TODO|FIXME|XXX|HACK)\b' 'none' 'finish it, or leave it out'
refuse '\babort\(\)' 'none' 'an error is a value'
long=$(echo "$sources" | grep -E '\.(c|h|l|y|rules)$' | xargs wc -l | awk '$2 != "total" && $1 > 600')
[ -z "$long" ] || { printf '%s\n    a file of more than 600 lines: which idea splits it?\n' "$long"; bad=1; }
unformatted=$(for file in $(echo "$sources" | grep -E '\.[ch]$'); do
    clang-format "$file" | cmp -s - "$file" || echo "$file"
done)
[ -z "$unformatted" ] || { printf '%s\n    run make format\n' "$unformatted"; bad=1; }
exit $bad
