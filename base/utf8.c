#include "base/utf8.h"

#include <string.h>

/* What the first byte of a sequence says: how many bytes there are, and the smallest code point
 * that needs so many. */
static size_t sequence_size(unsigned char first, uint32_t *bits, uint32_t *smallest)
{
    if (first < 0x80) return *bits = first, *smallest = 0, 1;
    if (first < 0xC2) return 0;
    if (first < 0xE0) return *bits = first & 0x1Fu, *smallest = 0x80, 2;
    if (first < 0xF0) return *bits = first & 0x0Fu, *smallest = 0x800, 3;
    if (first < 0xF5) return *bits = first & 0x07u, *smallest = 0x10000, 4;
    return 0;
}

static bool is_scalar(uint32_t code_point)
{
    return code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
}

size_t utf8_decode(const char *bytes, size_t size, uint32_t *code_point)
{
    uint32_t value;
    uint32_t smallest;
    size_t needed = size ? sequence_size((unsigned char)bytes[0], &value, &smallest) : 0;
    if (!needed || needed > size) return 0;
    for (size_t i = 1; i < needed; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if ((byte & 0xC0u) != 0x80u) return 0;
        value = value << 6 | (byte & 0x3Fu);
    }
    if (value < smallest || !is_scalar(value)) return 0;
    *code_point = value;
    return needed;
}

/* Are these eight bytes ASCII? Nearly all text is, and this is how validation becomes cheap. */
static bool is_ascii_word(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return !(word & UINT64_C(0x8080808080808080));
}

bool utf8_is_valid(const char *bytes, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint32_t ignored;
        if (size - at >= 8 && is_ascii_word(bytes + at)) {
            at += 8;
            continue;
        }
        size_t step =
            (unsigned char)bytes[at] < 0x80 ? 1 : utf8_decode(bytes + at, size - at, &ignored);
        if (!step) return false;
        at += step;
    }
    return true;
}

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xC0u) != 0x80u;
}

size_t utf8_count(const char *bytes, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += begins_character(bytes[i]);
    return count;
}

size_t utf8_offset(const char *bytes, size_t size, size_t index)
{
    size_t begun = 0;
    for (size_t i = 0; i < size; i++)
        if (begins_character(bytes[i]) && begun++ == index) return i;
    return size;
}

size_t utf8_encode(uint32_t code_point, char out[4])
{
    if (!is_scalar(code_point)) return 0;
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char MARKS[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80u | (code_point & 0x3Fu));
        code_point >>= 6;
    }
    out[0] = (char)(MARKS[size] | code_point);
    return size;
}

void utf8_sanitize(char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        uint32_t code_point = 0;
        size_t step = utf8_decode(bytes + at, size - at, &code_point);
        bool is_layout = code_point == '\n' || code_point == '\t';
        bool is_control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
        if (!step || (is_control && !is_layout)) memset(bytes + at, '?', step ? step : 1);
        at += step ? step : 1;
    }
}
