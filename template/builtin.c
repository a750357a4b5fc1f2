#include "template/builtin.h"

#include <string.h>

#include "template/arguments.h"
#include "template/builtin_bodies.h"

static const struct builtin BUILTINS[] = {
#define FUNCTION(name, minimum, maximum, keywords) \
    {#name, false, OBJECT_BUILTIN, minimum, maximum, keywords, builtin_##name},
#define TYPE(name, kind, minimum, maximum, keywords) \
    {#name, true, OBJECT_##kind, minimum, maximum, keywords, builtin_##name},
#include "template/builtins.def"
#undef FUNCTION
#undef TYPE
};

const struct builtin *builtin_find(const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof BUILTINS / sizeof BUILTINS[0]; i++)
        if (strlen(BUILTINS[i].name) == size && memcmp(BUILTINS[i].name, name, size) == 0)
            return &BUILTINS[i];
    return NULL;
}

enum bamboo_status builtin_call(struct evaluation *evaluation, const struct builtin *builtin,
                                const struct arguments *arguments, struct object *out)
{
    enum bamboo_status status =
        arguments_fit(evaluation, builtin->name, arguments, builtin->argument_min,
                      builtin->argument_max, builtin->keywords);
    return status == BAMBOO_OK ? builtin->body(evaluation, arguments, out) : status;
}
