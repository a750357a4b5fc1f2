#include "cli/rows.h"

#include <stdlib.h>
#include <string.h>

#include "cli/memory.h"

static size_t hash(const char *path, size_t size)
{
    uint64_t value = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < size; i++)
        value = (value ^ (unsigned char)path[i]) * UINT64_C(1099511628211);
    return (size_t)(value ^ value >> 32);
}

/* The slot of a path: it holds the path's row, or is free. There is always a free one. */
static size_t *find_slot(const struct rows *rows, const char *path, size_t size)
{
    size_t mask = rows->slot_count - 1;
    for (size_t at = hash(path, size) & mask;; at = (at + 1) & mask) {
        size_t index = rows->slots[at];
        if (index == 0) return &rows->slots[at];
        const char *other = rows->items[index - 1].path;
        if (strncmp(other, path, size) == 0 && other[size] == '\0') return &rows->slots[at];
    }
}

static bool grow_slots(struct rows *rows)
{
    if (rows->count * 2 < rows->slot_count) return true;
    struct rows larger = *rows;
    size_t capacity = 0;
    larger.slots = NULL;
    larger.slot_count = rows->slot_count ? rows->slot_count * 2 : 64;
    if (!grow((void **)&larger.slots, &capacity, larger.slot_count, sizeof *larger.slots))
        return false;
    for (size_t i = 0; rows->items && i < rows->count; i++)
        *find_slot(&larger, rows->items[i].path, strlen(rows->items[i].path)) = i + 1;
    free(rows->slots);
    *rows = larger;
    return true;
}

struct row *rows_find(struct rows *rows, const char *path)
{
    if (rows->slot_count == 0) return NULL;
    size_t index = *find_slot(rows, path, strlen(path));
    return index ? &rows->items[index - 1] : NULL;
}

/* Hangs the new row behind the last child of its parent, or of the root. */
static void hang(struct rows *rows, size_t index)
{
    const char *path = rows->items[index].path;
    const char *slash = strrchr(path, '/');
    size_t parent = slash ? *find_slot(rows, path, (size_t)(slash - path)) : 0;
    size_t *first = parent ? &rows->items[parent - 1].first_child : &rows->first;
    size_t *last = parent ? &rows->items[parent - 1].last_child : &rows->last;
    bool is_first = parent ? *first == ROW_NONE : index == 0;
    if (is_first)
        *first = index;
    else
        rows->items[*last].next = index;
    *last = index;
    rows->items[index].depth = parent ? rows->items[parent - 1].depth + 1 : 0;
}

struct row *rows_get(struct rows *rows, const char *path)
{
    struct row *row = rows_find(rows, path);
    if (row) return row;
    if (!grow_slots(rows) ||
        !grow((void **)&rows->items, &rows->capacity, rows->count + 1, sizeof *rows->items))
        return NULL;
    char *copy = copy_text(path, strlen(path));
    if (!copy) return NULL;
    size_t index = rows->count;
    rows->items[index] = (struct row){
        .path = copy, .first_child = ROW_NONE, .last_child = ROW_NONE, .next = ROW_NONE};
    *find_slot(rows, path, strlen(path)) = index + 1;
    rows->count++;
    hang(rows, index);
    return &rows->items[index];
}

void row_begin_attempt(struct row *row, int64_t attempt)
{
    if (row->attempt == attempt) return;
    tail_clear(&row->tail);
    row->attempt = attempt;
}

const char *row_label(const struct row *row)
{
    return row->label ? row->label : row->path;
}

void row_update(struct row *row, struct bamboo_value node)
{
    const char *label = map_text(node, "label");
    if (*label && !row->label) row->label = copy_text(label, strlen(label));
    row->look = look_of_node(node);
    row->is_interesting = node_is_interesting(node);
    row->started = map_integer(node, "started");
    row->archived = map_integer(node, "archived");
    row->wake_at = map_integer(node, "wake_at");
}

/* Goes into the children if there are any and there is memory to come back. */
static bool descend(const struct rows *rows, struct row_walk *walk)
{
    size_t child = rows->items[walk->at].first_child;
    if (child == ROW_NONE) return false;
    if (!grow((void **)&walk->stack, &walk->capacity, walk->depth + 1, sizeof *walk->stack))
        return false;
    walk->stack[walk->depth++] = walk->at;
    walk->at = child;
    return true;
}

const struct row *rows_next(const struct rows *rows, struct row_walk *walk)
{
    if (!walk->started) {
        walk->started = true;
        walk->at = rows->count ? rows->first : ROW_NONE;
    } else if (walk->at != ROW_NONE && !descend(rows, walk)) {
        while (rows->items[walk->at].next == ROW_NONE && walk->depth > 0)
            walk->at = walk->stack[--walk->depth];
        walk->at = rows->items[walk->at].next;
    }
    return walk->at == ROW_NONE ? NULL : &rows->items[walk->at];
}

void row_walk_release(struct row_walk *walk)
{
    free(walk->stack);
    *walk = (struct row_walk){0};
}

void rows_release(struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        tail_release(&rows->items[i].tail);
        free(rows->items[i].path);
        free(rows->items[i].label);
    }
    free(rows->items);
    free(rows->slots);
    *rows = (struct rows){0};
}
