/* What all passes of one compilation share: where memory comes from, where mistakes go, and what is
 * known of the outside. Running out of memory sticks here and is asked once, after each pass; until
 * then passes see a NULL and leave things out. */
#ifndef COMPILER_COMPILATION_H
#define COMPILER_COMPILATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diagnostics.h"
#include "base/name_table.h"
#include "compiler/compile.h"

struct compilation {
    const struct compile_options *options;
    struct diagnostics *diagnostics; /* the caller's */
    struct arena *arena;
    struct name_table components; /* code -> index in options->components */
    struct name_table functions;  /* name -> index in options->functions; no methods */
    struct name_table methods;    /* name -> index of the first method of that name */
    /* Something of the sources could not be read: a callee that is not known may stand there. */
    bool incomplete;
    bool out_of_memory;
};

/* Starts a compilation; `options` and `diagnostics` are borrowed. Errors: MEMORY. */
MUST_CHECK enum bamboo_status compilation_init(struct compilation *compilation,
                                               const struct compile_options *options,
                                               struct diagnostics *diagnostics,
                                               struct bamboo_error *error);
void compilation_release(struct compilation *compilation);

/* Zeroed memory that lives as long as the compilation; NULL, remembered, if there is none. */
void *compilation_allocate(struct compilation *compilation, size_t count, size_t element_size);

/* printf into the arena; NULL, remembered, if there is no memory. */
__attribute__((format(printf, 2, 3))) char *compilation_format(struct compilation *compilation,
                                                               const char *format, ...);

/* Makes *array hold one element more than `count`. Returns false, remembered, without memory. */
bool compilation_grow(struct compilation *compilation, void **array, size_t *capacity, size_t count,
                      size_t element_size);

/* Puts a name into a table; a failure is remembered. */
void compilation_name(struct compilation *compilation, struct name_table *table, const char *name,
                      size_t value);

/* MEMORY if it ran out, SOURCE if the sources have mistakes, else OK: asked after each pass. */
MUST_CHECK enum bamboo_status compilation_status(const struct compilation *compilation,
                                                 const char *name, struct bamboo_error *error);

/* What is known under a name; NULL if nothing. */
const struct bamboo_component *compilation_component(const struct compilation *compilation,
                                                     const char *code);
const struct function *compilation_function(const struct compilation *compilation,
                                            const char *name);

/* The methods of a name: the first, then those that follow it. NULL at the end. */
const struct function *compilation_method(const struct compilation *compilation, const char *name);
const struct function *compilation_method_next(const struct compilation *compilation,
                                               const struct function *method);

#endif
