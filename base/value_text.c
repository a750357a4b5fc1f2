/* Values as text in interpolations, and as words of a shell. */
#include <inttypes.h>
#include <string.h>

#include "base/duration.h"
#include "base/json.h"
#include "base/number.h"
#include "base/value.h"

void value_append_text(struct text *text, struct bamboo_value value)
{
    switch (value.type) {
    case BAMBOO_MISSING:
    case BAMBOO_TYPE_COUNT: text_append_string(text, "missing"); break;
    case BAMBOO_NULL: text_append_string(text, "null"); break;
    case BAMBOO_BOOL: text_append_string(text, value.as.boolean ? "true" : "false"); break;
    case BAMBOO_INTEGER: text_append_format(text, "%" PRId64, value.as.integer); break;
    case BAMBOO_FLOAT: number_append(text, value.as.number); break;
    case BAMBOO_DURATION: duration_append(text, value.as.integer); break;
    case BAMBOO_BIG_INTEGER:
    case BAMBOO_STRING: {
        size_t size;
        const char *bytes = bamboo_string_bytes(value, &size);
        text_append(text, bytes, size);
        break;
    }
    case BAMBOO_LIST:
    case BAMBOO_MAP: json_append(text, value, 0); break;
    }
}

/* --- words of a shell --- */

/* Always, even if no character asks for it: a bare word could be a keyword of the shell, the name
 * of an assignment (${x}=1) or the number of a redirection (echo ${x}>file). */
static void append_quoted(struct text *text, const char *bytes, size_t size)
{
    text_append_character(text, '\'');
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\'')
            text_append_string(text, "'\\''");
        else
            text_append_character(text, bytes[i]);
    }
    text_append_character(text, '\'');
}

static enum bamboo_status append_word(struct text *text, const char *bytes, size_t size,
                                      struct bamboo_error *error)
{
    if (size && memchr(bytes, '\0', size))
        return fail(error, BAMBOO_E_EVALUATION, "a word of a shell command cannot contain a NUL");
    append_quoted(text, bytes, size);
    return BAMBOO_OK;
}

static enum bamboo_status append_scalar(struct text *text, struct bamboo_value value,
                                        struct bamboo_error *error)
{
    if (value.type == BAMBOO_MISSING || value.type == BAMBOO_MAP || value.type == BAMBOO_LIST)
        return fail(error, BAMBOO_E_EVALUATION,
                    "%s cannot become a word of a shell command: use json() or name a part of it",
                    value.type == BAMBOO_LIST  ? "a list in a list"
                    : value.type == BAMBOO_MAP ? "a map"
                                               : "a missing value");
    struct text word = {0};
    value_append_text(&word, value);
    enum bamboo_status status =
        word.failed ? fail_memory(error) : append_word(text, text_string(&word), word.size, error);
    text_release(&word);
    return status;
}

enum bamboo_status value_append_shell(struct text *text, struct bamboo_value value,
                                      struct bamboo_error *error)
{
    if (value.type != BAMBOO_LIST) return append_scalar(text, value, error);
    enum bamboo_status status = BAMBOO_OK;
    size_t count = bamboo_list_count(value);
    for (size_t i = 0; i < count && status == BAMBOO_OK; i++) {
        if (i > 0) text_append_character(text, ' ');
        status = append_scalar(text, bamboo_list_at(value, i), error);
    }
    return status;
}
