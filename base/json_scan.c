#include "base/json_scan.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

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
    double value;
    return number_read(text, NULL, &value) && isinf(value);
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
    if (is_integer) return is_beyond_64_bits(scan->text + digits, count, negative);
    if (is_infinite(scan->text + start, scan->at - start))
        return refuse(scan, start, "a number is too large");
    return false;
}

static bool is_space(char character)
{
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

/* --- strings --- */

/* The 16 bits of an escape such as \u00e4 at `at`, or -1. */
static long read_escape(const struct json_scan *scan, size_t at)
{
    char digits[5] = "";
    if (at > scan->size || scan->size - at < 6) return -1;
    if (scan->text[at] != '\\' || scan->text[at + 1] != 'u') return -1;
    memcpy(digits, scan->text + at + 2, 4);
    return strspn(digits, "0123456789abcdefABCDEF") == 4 ? strtol(digits, NULL, 16) : -1;
}

/* Does a pair of escapes begin here, whose character json-c would take for half a pair? Then it is
 * to read the character itself. */
static bool replaces_pair(struct json_scan *scan)
{
    long high = read_escape(scan, scan->at);
    long low = high >= 0xD800 && high < 0xDC00 ? read_escape(scan, scan->at + 6) : -1;
    if (low < 0xDC00 || low > 0xDFFF) return false;
    uint32_t character = 0x10000u + (((uint32_t)high & 0x3FFu) << 10) + ((uint32_t)low & 0x3FFu);
    if ((character & 0xF800u) != 0xD800u) return false;
    scan->instead_size = utf8_encode(character, scan->instead);
    scan->skipped = 12;
    return true;
}

/* The string has ended: was it a key? json-c's keys end at a NUL, so that two would become one. */
static void end_string(struct json_scan *scan)
{
    scan->in_string = false;
    size_t after = scan->at;
    while (after < scan->size && is_space(scan->text[after]))
        after++;
    bool is_key = after < scan->size && scan->text[after] == ':';
    scan->values += !is_key;
    if (scan->has_nul && is_key) refuse(scan, scan->string_start, "a key must not contain a NUL");
}

/* Goes to the end of the string that the scan is in; returns true if it stops at a pair. */
static bool scan_string(struct json_scan *scan)
{
    for (; scan->at < scan->size && peek(scan) != '"'; scan->at++) {
        if ((unsigned char)peek(scan) < 0x20)
            return refuse(scan, scan->at, "a control character in a text must be escaped");
        if (peek(scan) != '\\') continue;
        if (replaces_pair(scan)) return true;
        if (read_escape(scan, scan->at) == 0) scan->has_nul = true;
        if (scan->at + 1 < scan->size) scan->at++;
    }
    if (scan->at < scan->size) scan->at++;
    end_string(scan);
    return false;
}

static void begin_string(struct json_scan *scan)
{
    scan->in_string = true;
    scan->has_nul = false;
    scan->string_start = scan->at++;
}

/* A large integer gets a mark behind it, by which json-c keeps its text. */
static bool replaces_number(struct json_scan *scan)
{
    scan->values++;
    if (!scan_number(scan)) return false;
    scan->instead_size = sizeof JSON_BIG_MARK - 1;
    memcpy(scan->instead, JSON_BIG_MARK, scan->instead_size);
    scan->skipped = 0;
    return true;
}

/* A list, a map, or true, false, null, by the letter that only one of them has, once. */
static bool begins_value(char character)
{
    return character == '[' || character == '{' || character == 't' || character == 'f' ||
           character == 'n';
}

bool json_scan_next(struct json_scan *scan)
{
    while (!scan->wrong && scan->at < scan->size) {
        char character = peek(scan);
        if (scan->in_string) {
            if (scan_string(scan)) return true;
        } else if (character == '"') {
            begin_string(scan);
        } else if (character == '-' || is_digit(character)) {
            if (replaces_number(scan)) return true;
        } else if ((unsigned char)character < 0x20 && !is_space(character)) {
            refuse(scan, scan->at, "an unexpected control character");
        } else if (character == 'N' || character == 'I') {
            refuse(scan, scan->at, "there is no NaN and no Infinity in JSON");
        } else {
            scan->values += begins_value(character);
            scan->at++;
        }
    }
    return false;
}
