/* One evaluation: the memory of everything that it makes, and how much work it may still do. Its
 * functions return a status and put the sentence into the evaluation's error, so that it is named
 * in one place only. */
#ifndef TEMPLATE_EVALUATION_H
#define TEMPLATE_EVALUATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/function.h"

/* Levels of recursion: expressions, and values in values. What is walked takes some 100 bytes of
 * the C stack for each. */
#define EVALUATION_DEPTH_MAX 1000

struct object;
struct arguments;

struct evaluation {
    struct arena *arena;
    uint64_t steps;        /* that are left */
    size_t memory;         /* bytes that are left */
    unsigned depth;        /* levels of recursion that are left */
    struct scope *scope;   /* the innermost variable (evaluate.c) */
    struct scope *outside; /* what was taken from `names` */
    const struct piece *piece;
    /* Calls a function: for builtins that are given one. */
    enum bamboo_status (*call)(struct evaluation *evaluation, const struct object *function,
                               const struct arguments *arguments, struct object *out);
    const struct function_set *functions;
    const struct template_names *names;
    enum bamboo_status status;  /* of the last failure */
    struct bamboo_error *error; /* may be NULL */
};

/* A fresh evaluation with its whole budget. The arena stays the caller's. */
struct evaluation evaluation_begin(struct arena *arena, struct bamboo_error *error);

/* Zeroed memory of the arena; NULL if its budget or the memory is used up:
 * then return evaluation->status. */
void *evaluation_allocate(struct evaluation *evaluation, size_t count, size_t size);

/* Pays for work. Errors: LIMIT. */
MUST_CHECK enum bamboo_status evaluation_pay(struct evaluation *evaluation, uint64_t steps);

/* Goes one level down; every evaluation_descend() that succeeds is followed by evaluation_ascend().
 * Errors: LIMIT. */
MUST_CHECK enum bamboo_status evaluation_descend(struct evaluation *evaluation);
void evaluation_ascend(struct evaluation *evaluation);

/* Fails with a sentence. */
BAMBOO_FORMAT(2, 3)
enum bamboo_status evaluation_refuse(struct evaluation *evaluation, const char *format, ...);

/* Fails because something would be larger than it may be. */
enum bamboo_status evaluation_refuse_size(struct evaluation *evaluation, const char *what);

#endif
