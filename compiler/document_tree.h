/* How a document grows; for its reader only. */
#ifndef COMPILER_DOCUMENT_TREE_H
#define COMPILER_DOCUMENT_TREE_H

#include "compiler/document.h"

/* Puts `node` behind the children of `parent`; in a map it has its key, which is not there yet.
 * Returns false without memory. */
bool document_append(struct document *document, struct document_node *parent,
                     struct document_node *node);

/* Makes *array of the arena hold one element more than `count`; false without memory. */
bool document_grow(struct arena *arena, void **array, size_t *capacity, size_t count,
                   size_t element_size);

#endif
