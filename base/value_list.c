#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/value.h"
#include "base/value_layout.h"

/* A debug build begins small, so that lists grow all the time. */
#ifdef BAMBOO_DEBUG
#define CAPACITY_FIRST 1u
#else
#define CAPACITY_FIRST 4u
#endif

static const struct bamboo_list EMPTY_LIST = {
    .owners = OWNERS_FOREVER, .depth = 1, .total = sizeof EMPTY_LIST};

struct bamboo_value value_empty_list(void)
{
    return value_of_list((struct bamboo_list *)&EMPTY_LIST); /* never written */
}

size_t bamboo_list_count(struct bamboo_value list)
{
    assert(list.type == BAMBOO_LIST);
    return list.as.list->count;
}

struct bamboo_value bamboo_list_at(struct bamboo_value list, size_t index)
{
    assert(list.type == BAMBOO_LIST && index < list.as.list->count);
    return list.as.list->items[index];
}

void list_free(struct bamboo_list *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        bamboo_value_release(list->items[i]);
    memory_free(list);
}

/* Makes room for `capacity` items in the list (NULL: a new one) that has one owner. */
static struct bamboo_list *list_resize(struct bamboo_list *list, uint32_t capacity)
{
    bool is_new = !list;
    list = memory_resize(list, sizeof *list + capacity * sizeof list->items[0]);
    if (!list) return NULL;
    if (is_new) *list = (struct bamboo_list){.owners = 1, .depth = 1, .total = sizeof *list};
    list->capacity = capacity;
    return list;
}

/* Appends to *list (NULL: a new one), which has one owner; takes the value only if it succeeds. */
static enum bamboo_status list_append(struct bamboo_list **list, struct bamboo_value value)
{
    uint32_t count = *list ? (*list)->count : 0;
    uint32_t total = (*list ? (*list)->total : (uint32_t)sizeof **list) + (uint32_t)sizeof value;
    if (count >= VALUE_COUNT_MAX || !value_fits_inside(value, total)) return BAMBOO_E_LIMIT;
    if (!*list || count == (*list)->capacity) {
        uint32_t capacity = count < CAPACITY_FIRST ? CAPACITY_FIRST : count * 2;
        struct bamboo_list *grown = list_resize(*list, capacity);
        if (!grown) return BAMBOO_E_MEMORY;
        *list = grown;
    }
    (*list)->items[(*list)->count++] = value;
    (*list)->total = total + value_total(value);
    if ((*list)->depth <= value_depth(value)) (*list)->depth = value_depth(value) + 1;
    return BAMBOO_OK;
}

void bamboo_list_builder_init(struct bamboo_list_builder *builder)
{
    *builder = (struct bamboo_list_builder){0};
}

void bamboo_list_builder_append_take(struct bamboo_list_builder *builder, struct bamboo_value value)
{
    if (!builder->failed) builder->failed = list_append(&builder->list, value);
    if (builder->failed) bamboo_value_release(value);
}

enum bamboo_status bamboo_list_builder_finish(struct bamboo_list_builder *builder,
                                              struct bamboo_value *out, struct bamboo_error *error)
{
    enum bamboo_status status = builder->failed;
    if (status)
        status = builder_fail(status, "list", builder->list ? builder->list->count : 0, error);
    else
        *out = builder->list ? value_of_list(builder->list) : value_empty_list();
    if (!status) builder->list = NULL;
    bamboo_list_builder_release(builder);
    return status;
}

void bamboo_list_builder_release(struct bamboo_list_builder *builder)
{
    if (builder->list) list_free(builder->list);
    bamboo_list_builder_init(builder);
}

/* A new list with the same items and room for `capacity`. */
static enum bamboo_status list_copy(const struct bamboo_list *list, uint32_t capacity,
                                    struct bamboo_list **out)
{
    struct bamboo_list *copy = list_resize(NULL, capacity);
    if (!copy) return BAMBOO_E_MEMORY;
    for (uint32_t i = 0; i < list->count; i++)
        copy->items[i] = bamboo_value_retain(list->items[i]);
    copy->count = list->count;
    copy->depth = list->depth;
    copy->total = list->total;
    *out = copy;
    return BAMBOO_OK;
}

enum bamboo_status value_list_append_take(struct bamboo_value *list, struct bamboo_value value,
                                          struct bamboo_error *error)
{
    assert(list->type == BAMBOO_LIST);
    struct bamboo_list *target = list->as.list;
    bool is_shared = target->owners != 1;
    uint32_t count = target->count;
    enum bamboo_status status = BAMBOO_OK;
    if (is_shared) status = list_copy(list->as.list, count + CAPACITY_FIRST, &target);
    if (!status) status = list_append(&target, value);
    if (status) {
        bamboo_value_release(value);
        if (is_shared && target != list->as.list) list_free(target);
        return builder_fail(status, "list", count, error);
    }
    if (is_shared) bamboo_value_release(*list);
    *list = value_of_list(target);
    return BAMBOO_OK;
}
