/* What to say about a token that the grammar does not expect. */
#ifndef GRAMMAR_SYNTAX_ERROR_H
#define GRAMMAR_SYNTAX_ERROR_H

#include <stddef.h>

#include "grammar/parser.h"

/* Reports the last token that the layout gave. `expected` are the names of the tokens that could
 * stand there, as flow.y writes them ("'when'", "a name", "a duration", ...). Says nothing if that
 * token was made up or has been reported. */
void syntax_error_report(struct parser *parser, const char *const *expected, size_t count);

#endif
