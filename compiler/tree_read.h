/* The tree front end: a JSON or YAML document that is a pipeline of bamboo-engine, as its builder
 * makes them, becomes the syntax tree of a file. Every pipeline of it keeps its data as
 * bamboo-engine does (a context) and is a graph; a subprocess becomes a pipeline of its own, named
 * after its node.
 *
 * What a tree leaves out and bamboo-engine makes up is written down: variables that a caller's
 * params or a loop write are declared, and a lazy input becomes a lazy variable. */
#ifndef COMPILER_TREE_READ_H
#define COMPILER_TREE_READ_H

#include "compiler/compilation.h"
#include "compiler/document.h"
#include "grammar/ast.h"

/* Is the document a tree? It has at least one of the keys that only a tree has. */
bool document_is_tree(const struct document *document);

/* Reads a tree into `file`; what is wrong with it goes to the diagnostics. Running out of memory is
 * remembered in the compilation. */
void tree_read(struct compilation *compilation, const struct document *document,
               struct ast_file *file);

#endif
