#include "grammar/keyword.h"

#include <string.h>

#include "grammar/flow_parser.h"

static const struct keyword KEYWORDS[] = {
#define KEYWORD(token, text, kind) {text, TOKEN_##token, KEYWORD_##kind},
#include "grammar/keywords.def"
#undef KEYWORD
};

const struct keyword *keyword_find(const char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof KEYWORDS / sizeof KEYWORDS[0]; i++)
        if (strlen(KEYWORDS[i].text) == size && memcmp(KEYWORDS[i].text, bytes, size) == 0)
            return &KEYWORDS[i];
    return NULL;
}

bool keyword_is_reserved(const char *bytes, size_t size)
{
    const struct keyword *keyword = keyword_find(bytes, size);
    return keyword && keyword->kind != KEYWORD_CONTEXT && keyword->kind != KEYWORD_BRACED &&
           keyword->kind != KEYWORD_TOP;
}
