/* What is right in some places only, and known when its statement ends: names for the arguments of
 * a call. */
#ifndef GRAMMAR_SETTLE_H
#define GRAMMAR_SETTLE_H

#include "grammar/parser.h"

/* At the end of what began at `span.offset`: reports what did not find its place, or forgets it
 * where a mistake was reported anyway. */
void settle(struct parser *parser, struct span span, bool report);

#endif
