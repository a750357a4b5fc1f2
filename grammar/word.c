#include "grammar/word.h"

#include <string.h>

#include "base/utf8.h"
#include "grammar/character.h"
#include "grammar/keyword.h"

static bool is_letter(uint32_t code_point)
{
    return code_point == '_' || (code_point >= 'a' && code_point <= 'z') ||
           (code_point >= 'A' && code_point <= 'Z') ||
           (code_point >= 0x80 && character_is_letter(code_point));
}

static bool is_word(const char *bytes, size_t size)
{
    size_t step = 0;
    for (size_t offset = 0; offset < size; offset += step) {
        uint32_t code_point = 0;
        step = utf8_decode(bytes + offset, size - offset, &code_point);
        bool is_digit = code_point >= '0' && code_point <= '9' && offset > 0;
        if (step == 0 || (!is_letter(code_point) && !is_digit)) return false;
    }
    return size > 0;
}

bool text_is_word(const char *bytes, bool is_declared)
{
    size_t size = strlen(bytes);
    return is_word(bytes, size) && !(is_declared && keyword_is_reserved(bytes, size));
}

struct word key_word(const char *key)
{
    size_t size = strlen(key);
    struct word none = {NULL, 0};
    if (size < 4 || key[0] != '$' || key[1] != '{' || key[size - 1] != '}') return none;
    struct word word = {key + 2, size - 3};
    if (!is_word(word.bytes, word.size) || keyword_is_reserved(word.bytes, word.size)) return none;
    return word;
}
