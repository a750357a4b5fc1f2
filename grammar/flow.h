/* What the grammar (flow.y) needs and others give: its tokens, and what is said about a wrong one.
 * They know the grammar's tokens, so the grammar must not know them. */
#ifndef GRAMMAR_FLOW_H
#define GRAMMAR_FLOW_H

#include <stddef.h>

#include "grammar/parser.h"

union FLOW_STYPE;

/* layout.c: the next token; it has no value but its span. */
int flow_lex(union FLOW_STYPE *value, struct span *span, struct parser *parser);

/* layout.c: the brace that was given last opens a map literal and not a block. */
void layout_open_map(struct parser *parser);

/* layout.c: the brace that was given last opens something that is not to be parsed: the next token
 * is its closing brace. */
void layout_skip_block(struct parser *parser);

/* layout.c: after a syntax error, forgets brackets that are open and, as it seems, never closed, so
 * that the end of the line can end the statement. */
void layout_recover(struct parser *parser);

/* syntax_error.c: reports the last token that was given. `expected` are the names of the tokens
 * that could stand there, as flow.y writes them ("'when'", "a name", "a duration", ...). Says
 * nothing if that token was made up or has been reported. */
void syntax_error_report(struct parser *parser, const char *const *expected, size_t count);

#endif
