#include "stdlib/functions.h"

#include "stdlib/function_bodies.h"

static const struct function ITEMS[] = {
#define FUNCTION(name, minimum, maximum, result, signature, documentation) \
    {#name, BAMBOO_MISSING, minimum, maximum, result, signature, documentation, function_##name},
#define METHOD(type, name, minimum, maximum, result, signature, documentation) \
    {#name,  BAMBOO_##type, minimum,       maximum, \
     result, signature,     documentation, method_##type##_##name},
#include "stdlib/functions.def"
#undef FUNCTION
#undef METHOD
};

static const struct function_set FUNCTIONS = {ITEMS, sizeof ITEMS / sizeof *ITEMS};

const struct function_set *stdlib_functions(void)
{
    return &FUNCTIONS;
}

enum bamboo_status refuse_type(struct bamboo_error *error, const char *function, const char *wanted,
                               struct bamboo_value given)
{
    return fail(error, BAMBOO_E_EVALUATION, "%s() wants %s, not %s", function, wanted,
                value_type_phrase(given.type));
}

const char *string_argument(struct bamboo_value argument, const char *function, size_t *size,
                            struct bamboo_error *error)
{
    if (argument.type == BAMBOO_STRING) return bamboo_string_bytes(argument, size);
    (void)refuse_type(error, function, "a string", argument);
    return NULL;
}

enum bamboo_status times_argument(const char *function, const struct bamboo_value *arguments,
                                  size_t count, size_t index, uint64_t *out,
                                  struct bamboo_error *error)
{
    *out = UINT64_MAX;
    if (count <= index) return BAMBOO_OK;
    if (arguments[index].type != BAMBOO_INTEGER)
        return refuse_type(error, function, "a whole number for how often", arguments[index]);
    if (arguments[index].as.integer >= 0) *out = (uint64_t)arguments[index].as.integer;
    return BAMBOO_OK;
}

enum bamboo_status take_text(struct text *text, struct bamboo_value *out,
                             struct bamboo_error *error)
{
    enum bamboo_status status = value_from_text(text, out, error);
    text_release(text);
    return status;
}
