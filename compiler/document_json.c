#include "compiler/document_json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

struct rewriter {
    const char *bytes;
    size_t size;
    size_t at;     /* what is looked at */
    size_t copied; /* what stands in the rewritten text already */
    struct document_rewritten *out;
    bool *maps; /* of what is open: is it a map? */
    size_t depth, depth_capacity;
    bool expects_key;
    bool failed;
};

static void note_shift(struct rewriter *rewriter)
{
    struct document_rewritten *out = rewriter->out;
    void *shifts = out->shifts;
    if (!memory_grow(&shifts, &out->shift_capacity, out->shift_count + 1, sizeof *out->shifts)) {
        rewriter->failed = true;
        return;
    }
    out->shifts = shifts;
    out->shifts[out->shift_count++] =
        (struct document_shift){.to = out->text.size, .from = rewriter->copied};
}

static void copy_up_to(struct rewriter *rewriter, size_t end)
{
    text_append(&rewriter->out->text, rewriter->bytes + rewriter->copied, end - rewriter->copied);
    rewriter->copied = end;
}

/* Writes `instead` where `size` bytes stand at `at`, and goes on behind them. */
static void replace(struct rewriter *rewriter, size_t size, const char *instead)
{
    copy_up_to(rewriter, rewriter->at);
    note_shift(rewriter);
    text_append_string(&rewriter->out->text, instead);
    rewriter->at += size;
    rewriter->copied = rewriter->at;
    note_shift(rewriter);
}

/* The 16 bits of an escape such as \u00e4 at `at`, or -1. */
static long escape_at(const struct rewriter *rewriter, size_t at)
{
    char digits[5] = "";
    if (at > rewriter->size || rewriter->size - at < 6) return -1;
    if (rewriter->bytes[at] != '\\' || rewriter->bytes[at + 1] != 'u') return -1;
    memcpy(digits, rewriter->bytes + at + 2, 4);
    return strspn(digits, "0123456789abcdefABCDEF") == 4 ? strtol(digits, NULL, 16) : -1;
}

static void rewrite_escape(struct rewriter *rewriter)
{
    long high = escape_at(rewriter, rewriter->at);
    long low = high >= 0xD800 && high < 0xDC00 ? escape_at(rewriter, rewriter->at + 6) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
        rewriter->at += rewriter->at + 1 < rewriter->size ? 2 : 1;
        return;
    }
    uint32_t character = 0x10000u + (((uint32_t)high & 0x3FFu) << 10) + ((uint32_t)low & 0x3FFu);
    char encoded[5] = "";
    utf8_encode(character, encoded);
    replace(rewriter, 12, encoded);
}

/* What libyaml must read instead of a character that JSON allows in a text, or NULL. */
static const char *escaped(uint32_t character)
{
    switch (character) {
    case 0x7F: return "\\x7F";
    case 0x85: return "\\N";
    case 0x2028: return "\\L";
    case 0x2029: return "\\P";
    case 0xFEFF: return "\\uFEFF";
    case 0xFFFE: return "\\uFFFE";
    case 0xFFFF: return "\\uFFFF";
    default: return NULL;
    }
}

static void rewrite_character(struct rewriter *rewriter)
{
    uint32_t character = 0;
    size_t size =
        utf8_decode(rewriter->bytes + rewriter->at, rewriter->size - rewriter->at, &character);
    const char *instead = escaped(character);
    char control[] = "\\x80";
    if (instead == NULL && character > 0x7F && character < 0xA0) {
        control[2] = "0123456789ABCDEF"[character >> 4];
        control[3] = "0123456789ABCDEF"[character & 15];
        instead = control;
    }
    if (instead != NULL)
        replace(rewriter, size, instead);
    else
        rewriter->at += size != 0 ? size : 1;
}

static void rewrite_text(struct rewriter *rewriter)
{
    rewriter->at++;
    while (rewriter->at < rewriter->size && rewriter->bytes[rewriter->at] != '"') {
        char character = rewriter->bytes[rewriter->at];
        if (character == '\\')
            rewrite_escape(rewriter);
        else if (character == 0x7F || (character & 0x80) != 0)
            rewrite_character(rewriter);
        else
            rewriter->at++;
    }
    if (rewriter->at < rewriter->size) rewriter->at++;
}

/* libyaml knows a key without a mark only on one line and up to 1,024 characters. */
static void rewrite_key(struct rewriter *rewriter)
{
    size_t start = rewriter->at;
    const char *quote = memchr(rewriter->bytes + start + 1, '"', rewriter->size - start - 1);
    bool is_simple = quote != NULL && (size_t)(quote - rewriter->bytes) + 1 < rewriter->size &&
                     quote[1] == ':' && quote - rewriter->bytes < (ptrdiff_t)start + 250;
    if (!is_simple) replace(rewriter, 0, "? ");
    rewrite_text(rewriter);
}

static void open_level(struct rewriter *rewriter, bool is_map)
{
    void *maps = rewriter->maps;
    if (!memory_grow(&maps, &rewriter->depth_capacity, rewriter->depth + 1, sizeof(bool))) {
        rewriter->failed = true;
        return;
    }
    rewriter->maps = maps;
    rewriter->maps[rewriter->depth++] = is_map;
    rewriter->expects_key = is_map;
}

static bool is_in_map(const struct rewriter *rewriter)
{
    return rewriter->depth > 0 && rewriter->maps[rewriter->depth - 1];
}

/* Goes over one token; returns false at what is not JSON. */
static bool rewrite_token(struct rewriter *rewriter)
{
    char character = rewriter->bytes[rewriter->at];
    if (character == '"') {
        if (rewriter->expects_key)
            rewrite_key(rewriter);
        else
            rewrite_text(rewriter);
        rewriter->expects_key = false;
        return true;
    }
    if (character == '{' || character == '[') open_level(rewriter, character == '{');
    if (character == ',') rewriter->expects_key = is_in_map(rewriter);
    if (character == '}' || character == ']') {
        if (rewriter->depth > 0) rewriter->depth--;
        rewriter->expects_key = false;
    }
    rewriter->at++;
    return character != '\'' && character != '#' && character != '\0';
}

bool document_rewrite_json(const char *bytes, size_t size, struct document_rewritten *out)
{
    struct rewriter rewriter = {.bytes = bytes, .size = size, .out = out};
    while (rewriter.at < size && !rewriter.failed && rewrite_token(&rewriter))
        continue;
    copy_up_to(&rewriter, size);
    memory_free(rewriter.maps);
    return !rewriter.failed && !out->text.failed;
}

void document_rewritten_release(struct document_rewritten *rewritten)
{
    text_release(&rewritten->text);
    memory_free(rewritten->shifts);
    rewritten->shifts = NULL;
}

size_t document_rewritten_source(const struct document_rewritten *rewritten, size_t offset)
{
    size_t low = 0, high = rewritten->shift_count; /* the last shift at or before `offset` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rewritten->shifts[middle].to <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0) return offset;
    const struct document_shift *shift = &rewritten->shifts[low - 1];
    size_t source = shift->from + (offset - shift->to);
    bool is_replaced = low < rewritten->shift_count && source > rewritten->shifts[low].from;
    return is_replaced ? shift->from : source;
}
