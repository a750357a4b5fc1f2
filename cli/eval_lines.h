/* `bamboo eval --jsonl`. */
#ifndef CLI_EVAL_LINES_H
#define CLI_EVAL_LINES_H

#include <stdio.h>

#include "include/bamboo.h"

/* Reads a JSON map a line: {"expr": a condition}, {"evaluate": a condition that is rendered first}
 * or
 * {"template": a value}, each with a "context" (without one: `context`). Writes {"result": ...} or
 * {"error": a sentence} for each line that is not empty, in order. Returns an exit code. */
int eval_lines(const struct bamboo_library *library, struct bamboo_value context, FILE *file);

#endif
