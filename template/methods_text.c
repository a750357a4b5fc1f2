/* Methods of texts that tell or change what kind of characters they have. */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "template/iterate.h"
#include "template/method_bodies.h"
#include "template/print.h"
#include "template/scalar.h"
#include "template/text_method.h"

static const struct arguments NONE = {.items = NULL};

/* The text after upper(), lower(), ... */
static enum bamboo_status changed(struct evaluation *evaluation, struct object text,
                                  const char *method, const struct text_object **out)
{
    struct object result = object_none();
    enum bamboo_status status = text_method_call(evaluation, text, method, &NONE, &result);
    if (status == BAMBOO_OK) *out = result.as.text;
    return status;
}

static bool are_same(const struct text_object *left, const struct text_object *right)
{
    return texts_compare(left, right) == 0;
}

/* Is it as `method` would make it, and would `other` change it? */
static enum bamboo_status is_all(struct evaluation *evaluation, struct object text,
                                 const char *method, const char *other, struct object *out)
{
    const struct text_object *same = NULL, *different = NULL;
    enum bamboo_status status = changed(evaluation, text, method, &same);
    if (status == BAMBOO_OK) status = changed(evaluation, text, other, &different);
    if (status == BAMBOO_OK)
        *out = object_bool(are_same(same, text.as.text) && !are_same(different, text.as.text));
    return status;
}

METHOD_BODY(TEXT, isupper)
{
    (void)arguments;
    return is_all(evaluation, receiver, "upper", "lower", out);
}

METHOD_BODY(TEXT, islower)
{
    (void)arguments;
    return is_all(evaluation, receiver, "lower", "upper", out);
}

METHOD_BODY(TEXT, istitle)
{
    (void)arguments;
    const struct text_object *title = NULL, *upper = NULL, *lower = NULL;
    enum bamboo_status status = changed(evaluation, receiver, "title", &title);
    if (status == BAMBOO_OK) status = changed(evaluation, receiver, "upper", &upper);
    if (status == BAMBOO_OK) status = changed(evaluation, receiver, "lower", &lower);
    if (status == BAMBOO_OK)
        *out = object_bool(are_same(title, receiver.as.text) && !are_same(upper, lower));
    return status;
}

METHOD_BODY(TEXT, casefold)
{
    return text_method_call(evaluation, receiver, "lower", arguments, out);
}

/* Capital letters become small ones and the other way round. */
METHOD_BODY(TEXT, swapcase)
{
    (void)arguments;
    struct list_object *characters = NULL;
    struct text text = {0};
    enum bamboo_status status = object_items(evaluation, receiver, &characters);
    for (size_t i = 0; status == BAMBOO_OK && i < characters->count; i++) {
        struct object character = characters->items[i];
        const struct text_object *upper = NULL, *lower = NULL;
        status = changed(evaluation, character, "upper", &upper);
        if (status == BAMBOO_OK) status = changed(evaluation, character, "lower", &lower);
        if (status != BAMBOO_OK) break;
        bool is_small = are_same(lower, character.as.text);
        text_append(&text, is_small ? upper->bytes : lower->bytes,
                    is_small ? upper->size : lower->size);
    }
    if (status == BAMBOO_OK) return object_take_text(evaluation, &text, out);
    text_release(&text);
    return status;
}

/* --- questions about each character --- */

static enum bamboo_status is_alphanumeric(struct evaluation *evaluation, struct object character,
                                          bool *out)
{
    struct object answer = object_none();
    enum bamboo_status status = text_method_call(evaluation, character, "isalpha", &NONE, &answer);
    if (status == BAMBOO_OK && !answer.as.boolean)
        status = text_method_call(evaluation, character, "isdigit", &NONE, &answer);
    *out = object_is_true(answer);
    return status;
}

METHOD_BODY(TEXT, isalnum)
{
    (void)arguments;
    struct list_object *characters = NULL;
    bool is_one = true;
    enum bamboo_status status = object_items(evaluation, receiver, &characters);
    for (size_t i = 0; status == BAMBOO_OK && is_one && i < characters->count; i++)
        status = is_alphanumeric(evaluation, characters->items[i], &is_one);
    *out = object_bool(is_one && receiver.as.text->size > 0);
    return status;
}

METHOD_BODY(TEXT, isdecimal)
{
    return text_method_call(evaluation, receiver, "isdigit", arguments, out);
}

METHOD_BODY(TEXT, isnumeric)
{
    return text_method_call(evaluation, receiver, "isdigit", arguments, out);
}

METHOD_BODY(TEXT, isascii)
{
    (void)arguments;
    const struct text_object *text = receiver.as.text;
    *out = object_bool(text->size == text->count);
    return evaluation_pay(evaluation, 1);
}

static bool is_name_character(char character, bool is_first)
{
    bool is_digit = character >= '0' && character <= '9';
    bool is_letter = (character >= 'a' && character <= 'z') ||
                     (character >= 'A' && character <= 'Z') || character == '_' ||
                     (character & 0x80);
    return is_letter || (is_digit && !is_first);
}

METHOD_BODY(TEXT, isidentifier)
{
    (void)arguments;
    const struct text_object *text = receiver.as.text;
    bool is_name = text->size > 0;
    for (size_t i = 0; is_name && i < text->size; i++)
        is_name = is_name_character(text->bytes[i], i == 0);
    *out = object_bool(is_name);
    return evaluation_pay(evaluation, 1 + text->size / STEP_BYTES);
}

METHOD_BODY(TEXT, isprintable)
{
    (void)arguments;
    const struct text_object *text = receiver.as.text;
    bool is_shown = true;
    for (size_t at = 0; is_shown && at < text->size;) {
        uint32_t character = 0;
        at += utf8_decode(text->bytes + at, text->size - at, &character);
        is_shown = character_is_printable(character);
    }
    *out = object_bool(is_shown);
    return evaluation_pay(evaluation, 1 + text->size / STEP_BYTES);
}

/* --- joining and filling --- */

METHOD_BODY(TEXT, join)
{
    struct list_object *items = NULL;
    struct text text = {0};
    enum bamboo_status status = object_items(evaluation, arguments->items[0], &items);
    for (size_t i = 0; status == BAMBOO_OK && i < items->count; i++) {
        if (i > 0) status = object_append_str(evaluation, &text, receiver);
        if (status == BAMBOO_OK && items->items[i].kind != OBJECT_TEXT)
            status = evaluation_refuse(evaluation, "join() wants texts, not %s",
                                       object_type(items->items[i]));
        if (status == BAMBOO_OK) status = object_append_str(evaluation, &text, items->items[i]);
        if (text.size > VALUE_SIZE_MAX) status = evaluation_refuse_size(evaluation, "a text");
    }
    if (status == BAMBOO_OK) return object_take_text(evaluation, &text, out);
    text_release(&text);
    return status;
}

#define TAB_WIDTH_MAX 1000

METHOD_BODY(TEXT, expandtabs)
{
    struct text text = {0};
    int64_t width = 8;
    size_t column = 0;
    enum bamboo_status status =
        argument_count(evaluation, argument_at(arguments, 0, "tabsize"), 8, &width);
    if (status == BAMBOO_OK && width > TAB_WIDTH_MAX)
        status = evaluation_refuse_size(evaluation, "a tab");
    if (status != BAMBOO_OK) return status;
    for (size_t i = 0; i < receiver.as.text->size && text.size <= VALUE_SIZE_MAX; i++) {
        char character = receiver.as.text->bytes[i];
        size_t blanks = width > 0 ? (size_t)width - column % (size_t)width : 0;
        if (character == '\t') {
            text_append_format(&text, "%*s", (int)blanks, "");
            column += blanks;
            continue;
        }
        text_append_character(&text, character);
        bool is_continuation = ((unsigned char)character & 0xc0) == 0x80;
        column = character == '\n' || character == '\r' ? 0 : column + !is_continuation;
    }
    return object_take_text(evaluation, &text, out);
}
