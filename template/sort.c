#include "template/sort.h"

#include "template/compare.h"

/* An element and what it is compared by. */
struct sorted {
    struct object key;
    struct object element;
};

struct sorting {
    struct evaluation *evaluation;
    bool is_descending;
};

enum bamboo_status sort_key_of(struct evaluation *evaluation, const struct sort_key *key,
                               struct object element, struct object *out)
{
    struct arguments arguments = {.items = &element, .count = 1};
    *out = element;
    if (!key->function || key->function->kind == OBJECT_NONE) return BAMBOO_OK;
    return evaluation->call(evaluation, key->function, &arguments, out);
}

/* Must the right one come first? */
static enum bamboo_status must_swap(const struct sorting *sorting, struct object left,
                                    struct object right, bool *out)
{
    if (sorting->is_descending)
        return object_ordered(sorting->evaluation, left, ORDER_LESS, right, out);
    return object_ordered(sorting->evaluation, right, ORDER_LESS, left, out);
}

/* Merges the sorted parts [from, middle) and [middle, to) of `in` into `out`. */
static enum bamboo_status merge(const struct sorting *sorting, const struct sorted *in,
                                struct sorted *out, size_t from, size_t middle, size_t to)
{
    size_t left = from, right = middle;
    for (size_t at = from; at < to; at++) {
        bool takes_right = left == middle;
        if (left < middle && right < to) {
            enum bamboo_status status =
                must_swap(sorting, in[left].key, in[right].key, &takes_right);
            if (status != BAMBOO_OK) return status;
        }
        out[at] = takes_right ? in[right++] : in[left++];
    }
    return BAMBOO_OK;
}

static size_t smaller(size_t left, size_t right)
{
    return left < right ? left : right;
}

enum bamboo_status list_sort(struct evaluation *evaluation, struct list_object *list,
                             const struct sort_key *key, bool is_descending)
{
    struct sorting sorting = {evaluation, is_descending};
    size_t count = list->count;
    struct sorted *from = evaluation_allocate(evaluation, count, sizeof *from);
    struct sorted *to = evaluation_allocate(evaluation, count, sizeof *to);
    if (!from || !to) return evaluation->status;
    enum bamboo_status status = BAMBOO_OK;
    for (size_t i = 0; status == BAMBOO_OK && i < count; i++) {
        from[i].element = list->items[i];
        status = sort_key_of(evaluation, key, list->items[i], &from[i].key);
    }
    for (size_t width = 1; status == BAMBOO_OK && width < count; width *= 2) {
        for (size_t at = 0; status == BAMBOO_OK && at < count; at += 2 * width)
            status = merge(&sorting, from, to, at, smaller(at + width, count),
                           smaller(at + 2 * width, count));
        struct sorted *swap = from;
        from = to;
        to = swap;
    }
    for (size_t i = 0; status == BAMBOO_OK && i < count && i < list->count; i++)
        list->items[i] = from[i].element;
    return status;
}
