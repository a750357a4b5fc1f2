/* Reads and parses a source with all that it imports. */
#ifndef COMPILER_READ_SOURCES_H
#define COMPILER_READ_SOURCES_H

#include "compiler/graph.h"

/* Parses `text` into graph->files, then the files that it imports, each once, nearest first. What
 * cannot be read is a mistake at its import. Errors: MEMORY, LIMIT (a source that is too large). */
MUST_CHECK enum bamboo_status read_sources(struct graph *graph, const char *name, const char *text,
                                           size_t size, struct bamboo_error *error);

#endif
