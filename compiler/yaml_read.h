/* The YAML form of the language (docs/yaml.md): from a document to the tree that the parser makes
 * of the same flow as text. */
#ifndef COMPILER_YAML_READ_H
#define COMPILER_YAML_READ_H

#include "compiler/compile.h"
#include "compiler/document.h"
#include "grammar/ast.h"

/* Is this document a flow in the form of YAML, and not a tree of bamboo-engine? */
bool yaml_is_flow(const struct document *document);

/* Reads a flow into `file`, whose `source` is set. Mistakes go to the document's diagnostics, with
 * their places in the source. Everything lives in the document's arena and is complete as far as
 * the source allowed. Errors: MEMORY. */
MUST_CHECK enum bamboo_status yaml_read(const struct document *document,
                                        const struct compile_options *options,
                                        struct ast_file *file, struct bamboo_error *error);

#endif
