#include "compiler/yaml_tree.h"

#include <string.h>

struct yaml_node *yaml_make(struct yaml_builder *builder, enum yaml_kind kind)
{
    struct yaml_node *node =
        builder->out_of_memory ? NULL : arena_allocate(builder->arena, sizeof *node);
    if (!node) {
        builder->out_of_memory = true;
        builder->scratch = (struct yaml_node){.bytes = ""};
        node = &builder->scratch;
    }
    node->kind = kind;
    return node;
}

static const char *copy(struct yaml_builder *builder, const char *bytes, size_t size)
{
    const char *copied = arena_copy_text(builder->arena, bytes, size);
    if (!copied) builder->out_of_memory = true;
    return copied ? copied : "";
}

struct yaml_node *yaml_make_text(struct yaml_builder *builder, const char *bytes, size_t size)
{
    struct yaml_node *node = yaml_make(builder, YAML_TEXT);
    node->bytes = copy(builder, bytes, size);
    node->size = builder->out_of_memory ? 0 : size;
    return node;
}

struct yaml_node *yaml_make_word(struct yaml_builder *builder, const char *word)
{
    struct yaml_node *node = yaml_make_text(builder, word, strlen(word));
    node->kind = YAML_WORD;
    return node;
}

struct yaml_node *yaml_make_bool(struct yaml_builder *builder, bool value)
{
    return yaml_make_word(builder, value ? "true" : "false");
}

void yaml_append(struct yaml_builder *builder, struct yaml_node *list, struct yaml_node *node)
{
    if (builder->out_of_memory) return;
    if (list->last)
        list->last->next = node;
    else
        list->first = node;
    list->last = node;
}

void yaml_set(struct yaml_builder *builder, struct yaml_node *map, const char *key,
              struct yaml_node *node)
{
    node->key = copy(builder, key, strlen(key));
    yaml_append(builder, map, node);
}
