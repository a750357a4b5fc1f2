/* What the operators share: looking at their operands, and the sentences in which they refuse them.
 */
#ifndef BASE_VALUE_OPERANDS_H
#define BASE_VALUE_OPERANDS_H

#include "base/value.h"

static inline bool both_are(struct bamboo_value left, struct bamboo_value right,
                            enum bamboo_type type)
{
    return left.type == type && right.type == type;
}

/* What an operator needs for its sentence. */
struct operator_name {
    const char *symbol; /* "+" */
    const char *verb;   /* "add" */
    const char *link;   /* "and", "from": between the operands */
    bool swapped;       /* the right operand comes first: "subtract an int from a list" */
};

/* "cannot add a list and an int: <hint>", or that an operand is missing. `hint` may be NULL. */
enum bamboo_status refuse_operands(const struct operator_name *name, struct bamboo_value left,
                                   struct bamboo_value right, const char *hint,
                                   struct bamboo_error *error);

/* A float result, or an error if it is not finite. */
enum bamboo_status finish_float(double number, struct bamboo_value *out,
                                struct bamboo_error *error);

/* Errors in one sentence: int and duration overflow, division by zero. */
enum bamboo_status refuse_overflow(enum bamboo_type type, struct bamboo_error *error);
enum bamboo_status refuse_zero(struct bamboo_error *error);

#endif
