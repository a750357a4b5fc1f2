/* Numbers and durations, from the source to values. What cannot be read is reported and becomes an
 * ERROR node, or a harmless value. */
#ifndef GRAMMAR_LITERAL_H
#define GRAMMAR_LITERAL_H

#include "grammar/parser.h"

/* Decimal or 0x..., with _ between digits. Beyond 64 bits it is a big integer, which the check
 * takes in pipelines with a context only: there are the data of trees. */
struct ast_expression *literal_integer(struct parser *parser, struct span span);
/* A minus before a value. Before a big integer it is a part of it: -9223372036854775808 is one of
 * 64 bits. */
struct ast_expression *literal_negated(struct parser *parser, struct span span, struct span minus,
                                       struct ast_expression *operand);
struct ast_expression *literal_float(struct parser *parser, struct span span);
struct ast_expression *literal_duration(struct parser *parser, struct span span);

/* How often, at least once: artifacts have 32 bits for it. */
#define LITERAL_COUNT_MAX 1000000000
int64_t literal_count(struct parser *parser, struct span span);
/* Any whole number; -1 if it cannot be read. */
int64_t literal_plain_integer(struct parser *parser, struct span span);
/* How long, longer than zero. */
int64_t literal_milliseconds(struct parser *parser, struct span span);

#endif
