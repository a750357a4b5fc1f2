/* Static types: what is known of an expression's value before the run. A type is the set of the
 * types that the value may have, so an expression is wrong only if no value of it can be right;
 * what is only possibly wrong is found when it runs. */
#ifndef COMPILER_TYPES_H
#define COMPILER_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "grammar/ast.h"
#include "include/bamboo_value.h"

/* Bit t: the value may be of enum bamboo_type t. Never empty. */
typedef uint32_t type_set;

#define TYPE_OF(type) (1u << BAMBOO_##type)
#define TYPE_ANY \
    (TYPE_OF(NULL) | TYPE_OF(BOOL) | TYPE_OF(INTEGER) | TYPE_OF(FLOAT) | TYPE_OF(DURATION) | \
     TYPE_OF(STRING) | TYPE_OF(LIST) | TYPE_OF(MAP) | TYPE_OF(BIG_INTEGER))

static inline type_set type_of_value(struct bamboo_value value)
{
    return value.type == BAMBOO_MISSING ? TYPE_ANY : 1u << value.type;
}

/* Reads a declared type: "int", "duration|string", "any". Returns 0 for what is not a type. */
type_set type_parse(const char *name);

/* Could a value of `type` be given where `wanted` is declared? An int passes for a float. */
bool type_may_be(type_set type, type_set wanted);

/* What the operator gives (AND, OR and COALESCE included); 0 if it takes no such operands. For one
 * operand, `right` is not looked at. */
type_set type_of_operation(enum ast_operator which, type_set left, type_set right);

/* Appends "a string", "an int or a float", "any value". */
void type_describe(type_set type, struct text *out);

#endif
