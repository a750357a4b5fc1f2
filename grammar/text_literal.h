/* Texts, from the source to values: escapes, indentation, splices. */
#ifndef GRAMMAR_TEXT_LITERAL_H
#define GRAMMAR_TEXT_LITERAL_H

#include "grammar/ast_build.h"
#include "grammar/parser.h"

/* A piece of text as it was written, to be resolved when its whole text is known. */
struct ast_expression *text_piece(struct parser *parser, struct span span);

/* The text with these parts behind these opening quotes: a LITERAL if there is no splice. */
struct ast_expression *text_literal(struct parser *parser, struct span span, struct span quotes,
                                    struct expression_list parts);

/* The same without quotes, escapes and indentation. */
struct ast_expression *text_template(struct parser *parser, struct span span,
                                     struct expression_list parts);

/* A text that is known before the run (`what` names it in the diagnostic), as a name. */
struct ast_name text_constant(struct parser *parser, const struct ast_expression *expression,
                              const char *what);

#endif
