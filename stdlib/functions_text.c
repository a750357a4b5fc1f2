/* Functions that make or read texts. */
#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/pattern.h"
#include "stdlib/function_bodies.h"

/* The elements as one text; `strict`: only strings, as the method wants it. */
static enum bamboo_status join(struct bamboo_value list, struct bamboo_value separator, bool strict,
                               struct bamboo_value *out, struct bamboo_error *error)
{
    size_t size;
    const char *between = string_argument(separator, "join", &size, error);
    if (!between) return BAMBOO_E_EVALUATION;
    if (list.type != BAMBOO_LIST) return refuse_type(error, "join", "a list", list);
    struct text text = {0};
    for (size_t i = 0; i < bamboo_list_count(list); i++) {
        struct bamboo_value element = bamboo_list_at(list, i);
        if (strict && element.type != BAMBOO_STRING) {
            text_release(&text);
            return refuse_type(error, "join", "a list of strings", element);
        }
        if (i > 0) text_append(&text, between, size);
        value_append_text(&text, element);
        if (text.size > VALUE_SIZE_MAX) break; /* making the value says so */
    }
    return take_text(&text, out, error);
}

BODY(function_join)
{
    struct bamboo_value separator;
    if (count == 2) return join(arguments[0], arguments[1], false, out, error);
    enum bamboo_status status = value_from_string("", &separator, error);
    if (status != BAMBOO_OK) return status;
    status = join(arguments[0], separator, false, out, error);
    bamboo_value_release(separator);
    return status;
}

BODY(method_STRING_join)
{
    (void)count;
    return join(arguments[1], arguments[0], true, out, error);
}

BODY(function_matches)
{
    (void)count;
    size_t size, pattern_size;
    struct pattern *pattern;
    struct bamboo_error why = {0};
    bool found = false;
    const char *text = string_argument(arguments[0], "matches", &size, error);
    const char *bytes =
        text ? string_argument(arguments[1], "matches", &pattern_size, error) : NULL;
    if (!bytes) return BAMBOO_E_EVALUATION;
    enum bamboo_status status = pattern_compile(bytes, pattern_size, &pattern, &why);
    if (status == BAMBOO_E_EVALUATION)
        return fail(error, status, "'%s' is not a regular expression: %s", bytes, why.message);
    if (status != BAMBOO_OK) return fail(error, status, "%s", why.message);
    status = pattern_occurs(pattern, text, size, &found, error);
    pattern_destroy(pattern);
    *out = bamboo_bool(found);
    return status;
}

/* Without the slashes at its end; "/" stays. */
static size_t trimmed(const char *path, size_t size)
{
    while (size > 1 && path[size - 1] == '/')
        size--;
    return size;
}

BODY(function_basename)
{
    (void)count;
    size_t size;
    const char *path = string_argument(arguments[0], "basename", &size, error);
    if (!path) return BAMBOO_E_EVALUATION;
    size = trimmed(path, size);
    size_t start = size;
    while (start > 0 && path[start - 1] != '/')
        start--;
    if (size == 1 && path[0] == '/') start = 0;
    return bamboo_string_create(path + start, size - start, out, error);
}

BODY(function_dirname)
{
    (void)count;
    size_t size;
    const char *path = string_argument(arguments[0], "dirname", &size, error);
    if (!path) return BAMBOO_E_EVALUATION;
    size = trimmed(path, size);
    while (size > 0 && path[size - 1] != '/')
        size--;
    if (size == 0) return value_from_string(".", out, error);
    return bamboo_string_create(path, trimmed(path, size), out, error);
}

BODY(function_shell_quote)
{
    (void)count;
    struct text text = {0};
    enum bamboo_status status = value_append_shell(&text, arguments[0], error);
    if (status == BAMBOO_OK) return take_text(&text, out, error);
    text_release(&text);
    return status;
}

BODY(function_sha256)
{
    (void)count;
    size_t size;
    uint8_t digest[DIGEST_SIZE];
    char hexadecimal[DIGEST_TEXT_SIZE];
    const char *bytes = string_argument(arguments[0], "sha256", &size, error);
    if (!bytes) return BAMBOO_E_EVALUATION;
    digest_compute(bytes, size, digest);
    digest_print(digest, hexadecimal);
    return value_from_string(hexadecimal, out, error);
}
