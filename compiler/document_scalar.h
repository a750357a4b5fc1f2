/* What a plain scalar means: the core schema of YAML 1.2. */
#ifndef COMPILER_DOCUMENT_SCALAR_H
#define COMPILER_DOCUMENT_SCALAR_H

#include "compiler/document.h"

/* Sets kind, is_big and `as` of a plain scalar from its text. Returns NULL, or what is wrong with
 * it: a number that is not finite. */
const char *document_scalar_resolve(struct document_node *node);

#endif
