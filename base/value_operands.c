#include "base/value_operands.h"

#include <math.h>

enum bamboo_status refuse_operands(const struct operator_name *name, struct bamboo_value left,
                                   struct bamboo_value right, const char *hint,
                                   struct bamboo_error *error)
{
    const char *phrases[2] = {value_type_phrase(left.type), value_type_phrase(right.type)};
    if (left.type == BAMBOO_MISSING || right.type == BAMBOO_MISSING)
        return fail(error, BAMBOO_E_EVALUATION,
                    "the %s side of '%s' is missing: use '?\?' to give a default",
                    left.type == BAMBOO_MISSING ? "left" : "right", name->symbol);
    return fail(error, BAMBOO_E_EVALUATION, "cannot %s %s %s %s%s%s", name->verb,
                phrases[name->swapped], name->link, phrases[!name->swapped], hint ? ": " : "",
                hint ? hint : "");
}

enum bamboo_status finish_float(double number, struct bamboo_value *out, struct bamboo_error *error)
{
    if (!isfinite(number))
        return fail(error, BAMBOO_E_EVALUATION, "the result is too large for a float");
    *out = bamboo_float(number);
    return BAMBOO_OK;
}

enum bamboo_status refuse_overflow(enum bamboo_type type, struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_EVALUATION, "the result is too large for %s of 64 bits",
                value_type_phrase(type));
}

enum bamboo_status refuse_zero(struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_EVALUATION, "division by zero");
}
