#include "base/json_scan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static char peek(const struct json_scan *scan)
{
    if (scan->at < scan->size) return scan->text[scan->at];
    return '\0'; /* which is in no JSON, so it stands for the end */
}

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

static bool skip_digits(struct json_scan *scan)
{
    size_t start = scan->at;
    while (is_digit(peek(scan)))
        scan->at++;
    return scan->at > start;
}

static bool skip_any_of(struct json_scan *scan, const char *characters)
{
    char character = peek(scan);
    bool is_there = character && strchr(characters, character);
    scan->at += is_there;
    return is_there;
}

/* Stops the scan at `at`. */
static bool refuse(struct json_scan *scan, size_t at, const char *wrong)
{
    scan->at = at;
    scan->wrong = wrong;
    return false;
}

static bool is_beyond_64_bits(const char *digits, size_t count, bool negative)
{
    const char *limit = negative ? "9223372036854775808" : "9223372036854775807";
    return count > 19 || (count == 19 && memcmp(digits, limit, 19) > 0);
}

/* Would this number be infinite as a float? Longer ones than the buffer are left to json-c. */
static bool is_infinite(const char *number, size_t size)
{
    char text[400];
    if (size >= sizeof text) return false;
    memcpy(text, number, size);
    text[size] = '\0';
    return isinf(strtod(text, NULL));
}

/* Skips a number; returns true if it is an integer beyond 64 bits. */
static bool scan_number(struct json_scan *scan)
{
    size_t start = scan->at;
    bool negative = skip_any_of(scan, "-");
    size_t digits = scan->at;
    bool is_zero_first = peek(scan) == '0';
    if (!skip_digits(scan)) return refuse(scan, start, "a number needs digits after its '-'");
    size_t count = scan->at - digits;
    if (is_zero_first && count > 1) return refuse(scan, start, "a number begins with a zero");
    bool is_integer = true;
    if (skip_any_of(scan, ".")) {
        is_integer = false;
        if (!skip_digits(scan)) return refuse(scan, start, "a number needs digits after its '.'");
    }
    if (skip_any_of(scan, "eE")) {
        is_integer = false;
        skip_any_of(scan, "+-");
        if (!skip_digits(scan)) return refuse(scan, start, "a number needs digits after its 'e'");
    }
    if (is_integer && !is_beyond_64_bits(scan->text + digits, count, negative)) return false;
    if (is_infinite(scan->text + start, scan->at - start))
        return refuse(scan, start, "a number is too large");
    return is_integer;
}

static bool is_space(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

/* Skips a text in quotes. json-c's keys end at a NUL, so that two keys would become one. */
static void scan_string(struct json_scan *scan)
{
    static const char ESCAPED_NUL[] = "\\u0000";
    size_t start = scan->at++;
    bool has_nul = false;
    while (scan->at < scan->size && peek(scan) != '"') {
        size_t rest = scan->size - scan->at;
        if ((unsigned char)peek(scan) < 0x20) {
            refuse(scan, scan->at, "a control character in a text must be escaped");
            return;
        }
        if (rest >= 6 && memcmp(scan->text + scan->at, ESCAPED_NUL, 6) == 0) has_nul = true;
        scan->at += peek(scan) == '\\' && rest > 1 ? 2 : 1;
    }
    if (scan->at < scan->size) scan->at++;
    size_t after = scan->at;
    while (after < scan->size && is_space(scan->text[after]))
        after++;
    if (has_nul && after < scan->size && scan->text[after] == ':')
        refuse(scan, start, "a key must not contain a NUL");
}

bool json_scan_next(struct json_scan *scan)
{
    while (!scan->wrong && scan->at < scan->size) {
        char character = peek(scan);
        if (character == '"') {
            scan_string(scan);
        } else if (character == '-' || is_digit(character)) {
            if (scan_number(scan)) return true;
        } else if ((unsigned char)character < 0x20 && !is_space(character)) {
            refuse(scan, scan->at, "an unexpected control character");
        } else if (character == 'N' || character == 'I') {
            refuse(scan, scan->at, "there is no NaN and no Infinity in JSON");
        } else {
            scan->at++;
        }
    }
    return false;
}
