/* One source in any form that a flow may have: .bamboo text, the same language as YAML, or a tree
 * of bamboo-engine as JSON or YAML. All become the same syntax tree. */
#ifndef COMPILER_READ_FILE_H
#define COMPILER_READ_FILE_H

#include "compiler/compilation.h"
#include "grammar/ast.h"

/* Reads source number `source` of the compilation's diagnostics; what it is, its text says. *out
 * lives in the compilation's arena and is complete as far as the text allowed; mistakes go to the
 * diagnostics. Errors: MEMORY only. */
MUST_CHECK enum bamboo_status read_flow_file(struct compilation *compilation, uint32_t source,
                                             struct ast_file **out, struct bamboo_error *error);

/* Is this JSON or YAML, and not .bamboo text? JSON begins with a bracket, YAML with "---" or a key
 * and a colon, which no .bamboo text does. */
bool is_document(const char *text, size_t size);

#endif
