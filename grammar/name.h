/* Names as they are written: words, or any text between backquotes. */
#ifndef GRAMMAR_NAME_H
#define GRAMMAR_NAME_H

#include "grammar/ast.h"
#include "grammar/parser.h"

/* The name at `span`, in the arena; reports one that is too long, empty or has a NUL inside. */
struct ast_name parser_name(struct parser *parser, struct span span);

#endif
