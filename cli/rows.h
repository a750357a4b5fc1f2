/* The nodes of a followed run, as far as tokens have reached them: a tree of rows by path. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include <stdint.h>

#include "cli/look.h"
#include "cli/tail.h"

#define ROW_NONE SIZE_MAX

struct row {
    char *path;
    char *label; /* with titles; NULL: as the path */
    unsigned depth;
    enum look look;
    bool is_interesting;
    int64_t started, archived, wake_at;
    struct tail tail;
    int64_t attempt;                      /* whose output is in `tail` */
    size_t first_child, last_child, next; /* in the order in which they were reached */
};

/* Zeroed is empty. */
struct rows {
    struct row *items;
    size_t count, capacity;
    size_t *slots; /* a hash table of index + 1; 0: free */
    size_t slot_count;
    size_t first, last; /* of the root pipeline; meaningless while empty */
};

/* The row of a path, which is made if it is not there. NULL if there is no memory. Valid until the
 * next row is made. */
struct row *rows_get(struct rows *rows, const char *path);

/* NULL if there is none. */
struct row *rows_find(struct rows *rows, const char *path);

/* What people call it. */
const char *row_label(const struct row *row);

/* Begins the output of another execution, unless it is the same one. */
void row_begin_attempt(struct row *row, int64_t attempt);

/* Makes the row say what the description of a node says: an event's, or one of bamboo_show(). */
void row_update(struct row *row, struct bamboo_value node);

/* The row after this one (ROW_NONE: the first), children behind their parent; ROW_NONE at the end.
 * `stack` holds `depth` ancestors on the way. */
struct row_walk {
    size_t *stack;
    size_t depth, capacity;
    size_t at;
    bool started;
};
const struct row *rows_next(const struct rows *rows, struct row_walk *walk);
void row_walk_release(struct row_walk *walk);

void rows_release(struct rows *rows);

#endif
