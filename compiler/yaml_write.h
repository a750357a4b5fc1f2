/* From the tree of a flow to its YAML form (docs/yaml.md), which yaml_read.h reads back as a tree
 * that compiles to the same. */
#ifndef COMPILER_YAML_WRITE_H
#define COMPILER_YAML_WRITE_H

#include "compiler/compile.h"
#include "grammar/ast.h"

/* Appends a file without ERROR nodes. Of the options, components and functions are looked at.
 * Errors: MEMORY. */
MUST_CHECK enum bamboo_status yaml_write(const struct ast_file *file,
                                         const struct compile_options *options, struct text *out,
                                         struct bamboo_error *error);

#endif
