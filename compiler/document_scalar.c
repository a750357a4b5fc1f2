#include "compiler/document_scalar.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

static bool is_one_of(const struct document_node *node, const char *const *words)
{
    for (; *words != NULL; words++)
        if (document_is_text(node, *words)) return true;
    return false;
}

static bool is_digits(const char *text, size_t size, const char *digits)
{
    return size > 0 && strspn(text, digits) == size;
}

/* Sets an integer of `digits`; false if it is none. */
static bool read_integer(struct document_node *node)
{
    const char *digits = node->text;
    size_t size = node->size;
    int base = 10;
    const char *alphabet = "0123456789";
    if (size > 2 && digits[0] == '0' && (digits[1] == 'o' || digits[1] == 'x')) {
        base = digits[1] == 'o' ? 8 : 16;
        alphabet = base == 8 ? "01234567" : "0123456789abcdefABCDEF";
        digits += 2;
        size -= 2;
    } else if (digits[0] == '-' || digits[0] == '+') {
        digits++;
        size--;
    }
    if (!is_digits(digits, size, alphabet)) return false;
    errno = 0;
    long long integer = strtoll(base == 10 ? node->text : digits, NULL, base);
    node->kind = DOCUMENT_INTEGER;
    node->is_big = errno == ERANGE;
    node->as.integer = integer;
    return true;
}

static size_t skip_digits(const char *text)
{
    return strspn(text, "0123456789");
}

static bool has_form_of_float(const char *text)
{
    if (*text == '-' || *text == '+') text++;
    size_t whole = skip_digits(text);
    text += whole;
    size_t fraction = 0;
    if (*text == '.') {
        fraction = skip_digits(text + 1);
        text += 1 + fraction;
    }
    if (whole == 0 && fraction == 0) return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        if (*text == '-' || *text == '+') text++;
        size_t exponent = skip_digits(text);
        if (exponent == 0) return false;
        text += exponent;
    }
    return *text == '\0';
}

const char *document_scalar_resolve(struct document_node *node)
{
    static const char *const nulls[] = {"", "null", "Null", "NULL", "~", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    static const char *const infinite[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf",
                                           "+.INF", "-.inf", "-.Inf", "-.INF", ".nan",
                                           ".NaN",  ".NAN",  NULL};
    static const char not_finite[] = "a number has to be finite";
    node->kind = DOCUMENT_STRING;
    if (is_one_of(node, nulls)) {
        node->kind = DOCUMENT_NULL;
    } else if (is_one_of(node, trues) || is_one_of(node, falses)) {
        node->as.boolean = is_one_of(node, trues);
        node->kind = DOCUMENT_BOOL;
    } else if (is_one_of(node, infinite)) {
        return not_finite;
    } else if (strlen(node->text) == node->size && !read_integer(node) &&
               has_form_of_float(node->text)) {
        node->kind = DOCUMENT_FLOAT;
        if (!number_read(node->text, NULL, &node->as.number)) return "there is no memory for it";
        if (!isfinite(node->as.number)) return not_finite;
    }
    return NULL;
}
