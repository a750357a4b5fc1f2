/* A YAML document that is to be written: nodes in an arena, then their text. Out of memory is
 * sticky, and asked for at the end. */
#ifndef COMPILER_YAML_TREE_H
#define COMPILER_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

enum yaml_kind {
    YAML_WORD, /* a scalar that stands as it is: true, 30s, 5 */
    YAML_TEXT, /* a scalar in the quotes that it needs */
    YAML_LIST,
    YAML_MAP
};

struct yaml_node {
    enum yaml_kind kind;
    bool has_lines;    /* a LIST or MAP whose entries stand on lines of their own */
    const char *bytes; /* of a scalar */
    size_t size;
    const char *key; /* of an entry of a map */
    struct yaml_node *first, *last, *next;
};

struct yaml_builder {
    struct arena *arena;
    bool out_of_memory;
    struct yaml_node scratch; /* what is made when memory is out */
};

/* Each makes a node, never NULL. `bytes` are copied. */
struct yaml_node *yaml_make(struct yaml_builder *builder, enum yaml_kind kind);
struct yaml_node *yaml_make_text(struct yaml_builder *builder, const char *bytes, size_t size);
struct yaml_node *yaml_make_word(struct yaml_builder *builder, const char *word);
struct yaml_node *yaml_make_bool(struct yaml_builder *builder, bool value);

/* Adds an entry. Keys are copied, and are unique. */
void yaml_append(struct yaml_builder *builder, struct yaml_node *list, struct yaml_node *node);
void yaml_set(struct yaml_builder *builder, struct yaml_node *map, const char *key,
              struct yaml_node *node);

/* Appends the document. Lists and maps stand on one line where they fit. */
void yaml_emit(const struct yaml_node *root, struct text *out);

/* Appends a scalar in the style that it needs, on one line. */
void yaml_emit_scalar(struct text *out, const char *bytes, size_t size, bool is_in_brackets);

#endif
