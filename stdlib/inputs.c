#include "stdlib/inputs.h"

#include <string.h>

#include "base/value.h"

static bool is_given(struct bamboo_value value)
{
    return value.type != BAMBOO_MISSING && value.type != BAMBOO_NULL;
}

bool inputs_fit(struct bamboo_activity *activity, const struct bamboo_input *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct bamboo_input *row = &rows[i];
        struct bamboo_value value = bamboo_activity_input(activity, row->name);
        if (!is_given(value) && !row->required) continue;
        if (is_given(value) && value_has_type(value, row->type)) continue;
        if (is_given(value))
            bamboo_activity_fail(activity, "input %s wants a value of type %s, not %s", row->name,
                                 row->type, value_type_phrase(value.type));
        else
            bamboo_activity_fail(activity, "input %s is not given", row->name);
        return false;
    }
    return true;
}

const char *input_c_string(struct bamboo_activity *activity, const char *name, bool *failed)
{
    size_t size;
    struct bamboo_value value = bamboo_activity_input(activity, name);
    if (value.type != BAMBOO_STRING) return NULL;
    const char *bytes = bamboo_string_bytes(value, &size);
    if (strlen(bytes) == size) return bytes;
    bamboo_activity_fail(activity, "input %s has a NUL character in it", name);
    *failed = true;
    return NULL;
}
