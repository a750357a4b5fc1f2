/* From text to tree. Re-entrant; nothing global. Mistakes go to the diagnostics, and parsing goes
 * on after them at the next statement or pipeline. */
#ifndef GRAMMAR_PARSE_H
#define GRAMMAR_PARSE_H

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/error.h"
#include "grammar/ast.h"

/* Parses source number `source` of `diagnostics` as a file. *out lives in the arena and is complete
 * as far as the text allowed; ask diagnostics_error_count(). Errors: MEMORY only. */
MUST_CHECK enum bamboo_status parse_file(struct diagnostics *diagnostics, uint32_t source,
                                         struct arena *arena, struct ast_file **out,
                                         struct bamboo_error *error);

/* The same for one expression. *out is an ERROR node if it could not be parsed. */
MUST_CHECK enum bamboo_status parse_expression(struct diagnostics *diagnostics, uint32_t source,
                                               struct arena *arena, struct ast_expression **out,
                                               struct bamboo_error *error);

/* The same for a template: text with ${...}, as inside quotes, without escapes. */
MUST_CHECK enum bamboo_status parse_template(struct diagnostics *diagnostics, uint32_t source,
                                             struct arena *arena, struct ast_expression **out,
                                             struct bamboo_error *error);

/* Is this word a keyword of the language, so that it cannot be a name? */
bool is_keyword(const char *bytes, size_t size);

#endif
