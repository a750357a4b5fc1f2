#include "template/method.h"

#include <string.h>

#include "template/method_bodies.h"
#include "template/text_method.h"

struct method {
    enum object_kind kind;
    const char *name;
    unsigned argument_min, argument_max;
    const char *keywords;
    method_body body;
};

static const struct method METHODS[] = {
#define METHOD(kind, name, minimum, maximum, keywords) \
    {OBJECT_##kind, #name, minimum, maximum, keywords, object_##kind##_##name},
#include "template/methods.def"
#undef METHOD
};

/* Integers of all sizes have the same methods. */
static enum object_kind family(enum object_kind kind)
{
    return kind == OBJECT_BOOL || kind == OBJECT_BIG ? OBJECT_INTEGER : kind;
}

static const struct method *find(enum object_kind kind, const char *name)
{
    for (size_t i = 0; i < sizeof METHODS / sizeof METHODS[0]; i++)
        if (METHODS[i].kind == family(kind) && strcmp(METHODS[i].name, name) == 0)
            return &METHODS[i];
    return NULL;
}

bool method_exists(const struct evaluation *evaluation, enum object_kind kind, const char *name)
{
    return find(kind, name) || (kind == OBJECT_TEXT && text_method_exists(evaluation, name));
}

enum bamboo_status method_call(struct evaluation *evaluation, struct object receiver,
                               const char *name, const struct arguments *arguments,
                               struct object *out)
{
    const struct method *method = find(receiver.kind, name);
    if (!method && receiver.kind == OBJECT_TEXT)
        return text_method_call(evaluation, receiver, name, arguments, out);
    if (!method)
        return evaluation_refuse(evaluation, "a %s has no %s", object_type(receiver), name);
    enum bamboo_status status = arguments_fit(evaluation, name, arguments, method->argument_min,
                                              method->argument_max, method->keywords);
    return status == BAMBOO_OK ? method->body(evaluation, receiver, arguments, out) : status;
}
