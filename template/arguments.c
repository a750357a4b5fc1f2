#include "template/arguments.h"

#include <string.h>

const struct object *argument_at(const struct arguments *arguments, size_t position,
                                 const char *name)
{
    if (position < arguments->count) return &arguments->items[position];
    for (size_t i = 0; name && i < arguments->keyword_count; i++)
        if (strcmp(arguments->keywords[i].name, name) == 0) return &arguments->keywords[i].value;
    return NULL;
}

static bool is_word_of(const char *word, const char *words)
{
    size_t size = strlen(word);
    if (strcmp(words, "*") == 0) return true;
    for (const char *at = words; (at = strstr(at, word)); at += size) {
        bool begins = at == words || at[-1] == ' ';
        if (begins && (at[size] == ' ' || at[size] == '\0')) return true;
    }
    return false;
}

enum bamboo_status arguments_fit(struct evaluation *evaluation, const char *function,
                                 const struct arguments *arguments, size_t minimum, size_t maximum,
                                 const char *keywords)
{
    for (size_t i = 0; i < arguments->keyword_count; i++)
        if (!is_word_of(arguments->keywords[i].name, keywords))
            return evaluation_refuse(evaluation, "%s() has no argument %s", function,
                                     arguments->keywords[i].name);
    if (arguments->count < minimum && arguments->keyword_count == 0)
        return evaluation_refuse(evaluation, "%s() needs more arguments", function);
    if (arguments->count > maximum)
        return evaluation_refuse(evaluation, "%s() takes fewer arguments", function);
    return BAMBOO_OK;
}

enum bamboo_status argument_integer(struct evaluation *evaluation, const struct object *argument,
                                    int64_t otherwise, int64_t *out)
{
    *out = otherwise;
    if (!argument || argument->kind == OBJECT_NONE) return BAMBOO_OK;
    if (!object_is_integer(*argument))
        return evaluation_refuse(evaluation, "an integer is needed, not %s",
                                 object_type(*argument));
    if (argument->kind == OBJECT_BIG)
        *out = argument->as.big->is_negative ? INT64_MIN : INT64_MAX;
    else
        *out = object_small(*argument);
    return BAMBOO_OK;
}

enum bamboo_status argument_count(struct evaluation *evaluation, const struct object *argument,
                                  int64_t otherwise, int64_t *out)
{
    if (argument && argument->kind == OBJECT_NONE)
        return evaluation_refuse(evaluation, "an integer is needed, not None");
    return argument_integer(evaluation, argument, otherwise, out);
}

enum bamboo_status argument_text(struct evaluation *evaluation, const struct object *argument,
                                 const struct text_object **out)
{
    if (!argument || argument->kind != OBJECT_TEXT)
        return evaluation_refuse(evaluation, "a text is needed, not %s",
                                 argument ? object_type(*argument) : "nothing");
    *out = argument->as.text;
    return BAMBOO_OK;
}
