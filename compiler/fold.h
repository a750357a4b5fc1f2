/* Arithmetic on numbers and durations that are written out: 60 * 60, -5, 2 * 30s. */
#ifndef COMPILER_FOLD_H
#define COMPILER_FOLD_H

#include "base/error.h"
#include "grammar/ast.h"

enum fold_result {
    FOLD_VALUE, /* *out is its value, which needs no release */
    FOLD_NOT,   /* not known before the run */
    FOLD_FAILS  /* always fails; *error says why */
};

enum fold_result fold_expression(const struct ast_expression *expression, struct bamboo_value *out,
                                 struct bamboo_error *error);

#endif
