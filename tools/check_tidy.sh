#!/bin/sh
# clang-tidy over C sources: tools/check_tidy.sh [-f FILE]... COMPILER-FLAGS...
# Without -f: all of the project's. One process a file: several files in one make the analyzer see
# va_lists that nobody started. What was clean is remembered in build/tidy under the digest of
# everything that clang-tidy looks at, so that only what has changed is looked at again.
set -eu
files=
while [ "${1:-}" = -f ]; do
    files="$files $2"
    shift 2
done
[ -n "$files" ] || files=$(git ls-files '*.c' | grep -E '^(base|bytecode|grammar|template|compiler|vm|stdlib|api|cli)/')
clean=build/tidy
mkdir -p "$clean"
CLANG_TIDY=${CLANG_TIDY:-clang-tidy}
SETTING=$("$CLANG_TIDY" --version && cat .clang-tidy && echo "$*")
export CLANG_TIDY SETTING clean

# Whatever goes wrong (a finding, a missing header, a crash, no clang-tidy) fails and is printed.
# shellcheck disable=SC2016 # expanded by the inner shell
printf '%s\n' $files | xargs -P "$(nproc)" -I '{}' sh -c '
    file=$1
    shift
    said=$("${CC:-gcc}" -std=c11 -E -CC -dD "$@" "$file" 2>&1) || { printf "%s\n" "$said"; exit 1; }
    stamp=$clean/$(printf "%s\n%s" "$SETTING" "$said" | sha256sum | cut -d" " -f1)
    [ ! -e "$stamp" ] || exit 0
    if said=$("$CLANG_TIDY" --quiet "$file" -- -std=c11 "$@" 2>&1); then
        : >"$stamp"
    else
        printf "%s\ntidy: %s: exit %s\n" "$said" "$file" "$?"
        exit 1
    fi
' tidy '{}' "$@"
