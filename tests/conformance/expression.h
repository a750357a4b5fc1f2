/* Cases of conditions and templates. */
#ifndef TESTS_CONFORMANCE_EXPRESSION_H
#define TESTS_CONFORMANCE_EXPRESSION_H

#include "tests/conformance/case_file.h"
#include "tests/conformance/difference.h"

/* {expr, context?, result | error} or {evaluate, context, result | error}: which error is
 * for information. */
void check_rule(struct differences *differences, const struct bamboo_library *library,
                struct bamboo_value content);

/* {template, context?, result} */
void check_template(struct differences *differences, const struct bamboo_library *library,
                    struct bamboo_value content);

#endif
