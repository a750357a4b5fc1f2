#include "cli/characters.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

/* One character, ready to be shown. */
struct shown {
    char text[12];
    size_t size;
    size_t columns;
};

bool characters_init(void)
{
    bool is_utf8 = setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    /* Text inside bamboo is UTF-8 whatever the terminal is. */
    if (!is_utf8 && !setlocale(LC_CTYPE, "C.UTF-8")) setlocale(LC_CTYPE, "C");
    return is_utf8;
}

/* Marks that reverse the direction of what follows can make text look like another one. */
static bool is_direction_mark(wchar_t character)
{
    return (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0x200e ||
           character == 0x200f;
}

static void escape_control(struct shown *shown, wchar_t character)
{
    int size;
    if (character == L'\n' || character == L'\t' || character == L'\r')
        size = snprintf(shown->text, sizeof shown->text, "\\%c",
                        character == L'\n' ? 'n' : (character == L'\t' ? 't' : 'r'));
    else if (character > 0xff)
        size = snprintf(shown->text, sizeof shown->text, "\\u%04x", (unsigned)character);
    else
        size = snprintf(shown->text, sizeof shown->text, "\\x%02x", (unsigned)character);
    shown->size = shown->columns = (size_t)size;
}

/* Takes the next character of `bytes` (size > 0); returns how many bytes it took. */
static size_t take_character(const char *bytes, size_t size, struct shown *shown)
{
    if (*bytes >= ' ' && *bytes <= '~') { /* most are ASCII, whatever the terminal is */
        shown->text[0] = *bytes;
        shown->size = shown->columns = 1;
        return 1;
    }
    mbstate_t state = {0};
    wchar_t character = 0;
    size_t taken = mbrtowc(&character, bytes, size, &state);
    if (taken == (size_t)-1 || taken == (size_t)-2) {
        escape_control(shown, (unsigned char)*bytes);
        return 1;
    }
    if (taken == 0) taken = 1; /* a NUL */
    int width = wcwidth(character);
    if (width < 0 || is_direction_mark(character)) {
        escape_control(shown, character);
        return taken;
    }
    memcpy(shown->text, bytes, taken);
    shown->size = taken;
    shown->columns = (size_t)width;
    return taken;
}

void print_escaped(FILE *file, const char *bytes, size_t size, bool keep_lines)
{
    for (size_t at = 0; at < size;) {
        struct shown shown;
        if (keep_lines && (bytes[at] == '\n' || bytes[at] == '\t')) {
            putc(bytes[at++], file);
            continue;
        }
        at += take_character(bytes + at, size - at, &shown);
        fwrite(shown.text, 1, shown.size, file);
    }
}

void print_shell_word(FILE *file, const char *word)
{
    static const char PLAIN[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:@%+,";
    if (*word && word[strspn(word, PLAIN)] == '\0') {
        fputs(word, file);
        return;
    }
    putc('\'', file);
    while (*word) {
        size_t size = strcspn(word, "'");
        print_escaped(file, word, size, false);
        word += size;
        if (*word) fputs("'\\''", file);
        word += *word != '\0';
    }
    putc('\'', file);
}

size_t text_columns(const char *bytes, size_t size)
{
    size_t columns = 0;
    for (size_t at = 0; at < size;) {
        struct shown shown;
        at += take_character(bytes + at, size - at, &shown);
        columns += shown.columns;
    }
    return columns;
}

size_t print_fitted(FILE *file, const char *bytes, size_t size, size_t columns)
{
    bool fits = size <= columns || text_columns(bytes, size) <= columns;
    size_t limit = fits || columns == 0 ? columns : columns - 1, used = 0;
    for (size_t at = 0; at < size;) {
        struct shown shown;
        at += take_character(bytes + at, size - at, &shown);
        if (used + shown.columns > limit) break;
        fwrite(shown.text, 1, shown.size, file);
        used += shown.columns;
    }
    if (fits || columns == 0) return used;
    fputs("\u2026", file);
    return used + 1;
}

void print_column(FILE *file, const char *text, size_t columns)
{
    size_t used = print_fitted(file, text, strlen(text), columns);
    for (; used < columns; used++)
        putc(' ', file);
}
