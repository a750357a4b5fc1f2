/* Conditions as bamboo-engine has them (boolrule): comparisons joined by `and` and `or`, which are
 * walked from left to right, without precedence, and left as soon as an `or` meets true or an `and`
 * meets false. `*` alone is always true. Operators: == != < <= > >= in notin issuperset
 * notissuperset; words in any case. Values: numbers, quoted texts, true and false, paths of names,
 * and lists of them in parentheses. Comparison with an integer turns the other side into one where
 * that is possible, else comparison with a text turns it into a text. */
#ifndef TEMPLATE_RULE_H
#define TEMPLATE_RULE_H

#include "template/template.h"

/* Tests the condition in `text`. `names` is a map: the path `a.b` means the entry `b` of its entry
 * `a` (and `${a}.b` that of the entry `${a}`, written so); without names (missing, or an empty map)
 * a path means its own text. Errors: EVALUATION (not a condition, an unknown name, or values that
 * cannot be compared so), MEMORY. */
MUST_CHECK enum bamboo_status rule_test(struct template_cache *cache, const char *text, size_t size,
                                        struct bamboo_value names, bool *out,
                                        struct bamboo_error *error);

/* Renders `text` as a template, where newlines, carriage returns and tabs in the values of names
 * are written as in a source (\n \r \t), and tests the result as rule_test() does. Errors: as
 * rule_test(), LIMIT. */
MUST_CHECK enum bamboo_status rule_evaluate(struct template_cache *cache, const char *text,
                                            size_t size,
                                            const struct template_names *template_names,
                                            struct bamboo_value names, bool *out,
                                            struct bamboo_error *error);

#endif
