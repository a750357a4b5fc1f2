/* Between the scanner and the grammar: which line ends are ends of statements, which braces are
 * blocks, which words are keywords where they stand, and what to close when the source forgot it.
 *
 * 1. A line end is a NEWLINE token only directly inside the braces of a block, never twice, never
 *    behind an operator or a comma, nor before a line that begins with `.`, `?.`, `else`, `until`
 *    or `while`. A block's closing brace has a NEWLINE before it, written or not.
 * 2. Every text and splice that is opened is closed, by the source or by a token that is made up.
 * 3. At the end of the file and at a line that begins with `pipeline`, every block is closed. */
#ifndef GRAMMAR_LAYOUT_H
#define GRAMMAR_LAYOUT_H

#include "base/error.h"
#include "grammar/parser.h"

/* Prepares to read the parser's source; the grammar gets the token `first` before all others.
 * Errors: MEMORY. layout_release() accepts what failed. The grammar then
 * asks for tokens by the functions of flow.h. */
MUST_CHECK enum bamboo_status layout_init(struct parser *parser, int first,
                                          struct bamboo_error *error);
void layout_release(struct parser *parser);

#endif
