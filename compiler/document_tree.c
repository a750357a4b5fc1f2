#include "compiler/document_tree.h"

#include <string.h>

/* Above so many entries a map gets a table of its names. */
#define SMALL_MAP_MAX 8

bool document_grow(struct arena *arena, void **array, size_t *capacity, size_t count,
                   size_t element_size)
{
    if (count < *capacity) return true;
    size_t larger = *capacity != 0 ? *capacity * 2 : 8;
    void *memory = arena_allocate_array(arena, larger, element_size);
    if (memory == NULL) return false;
    if (count > 0) memcpy(memory, *array, count * element_size);
    *array = memory;
    *capacity = larger;
    return true;
}

static bool add_name(struct document *document, struct document_node *map,
                     const struct document_node *entry)
{
    if (!document_grow(document->arena, (void **)&document->entries, &document->entry_capacity,
                       document->entry_count, sizeof(struct document_node *)))
        return false;
    document->entries[document->entry_count] = entry;
    return name_table_set(&map->names, document->arena, entry->key->text,
                          (uint32_t)document->entry_count++);
}

bool document_append(struct document *document, struct document_node *parent,
                     struct document_node *node)
{
    node->parent = parent;
    node->index = parent->count++;
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    if (parent->kind != DOCUMENT_MAP || parent->count <= SMALL_MAP_MAX) return true;
    if (parent->count > SMALL_MAP_MAX + 1) return add_name(document, parent, node);
    bool added = true;
    for (const struct document_node *entry = parent->first; entry != NULL; entry = entry->next)
        added = added && add_name(document, parent, entry);
    return added;
}
