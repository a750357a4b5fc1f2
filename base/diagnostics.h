/* What the author of a source got wrong. A pass that finds a mistake adds a diagnostic and goes on,
 * so that one run reports many; cascades are suppressed by error nodes in the tree. */
#ifndef BASE_DIAGNOSTICS_H
#define BASE_DIAGNOSTICS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "base/text.h"
#include "include/bamboo_value.h"

enum diagnostic_code {
#define DIAGNOSTIC(name, code, severity, title) DIAGNOSTIC_##name,
#include "base/diagnostics.def"
#undef DIAGNOSTIC
    DIAGNOSTIC_CODE_COUNT
};

enum diagnostic_severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* A row of diagnostics.def. */
struct diagnostic_info {
    const char *code; /* "E0302" */
    enum diagnostic_severity severity;
    const char *title;
};

const struct diagnostic_info *diagnostic_info(enum diagnostic_code code);

struct diagnostic {
    enum diagnostic_code code;
    struct span span;
    const char *message; /* one sentence, no newline: what is wrong, with what was expected */
    const char *pointer; /* the JSON pointer of the place, in a document; else NULL */
    const char *help;    /* how to mend it, or NULL: "did you mean 'command'?" */
    struct span related; /* where the other definition is, if related_message */
    const char *related_message; /* or NULL */
};

/* The sources of one compilation and what is wrong with them. Everything in it lives in its arena.
 */
struct diagnostics;

/* NULL if there is no memory. */
struct diagnostics *diagnostics_create(void);
void diagnostics_destroy(struct diagnostics *diagnostics);

/* Adds a source and returns its index for spans. `name` and `bytes` are copied. Out of memory
 * sticks, and gives the index of an empty source. */
uint32_t diagnostics_add_source(struct diagnostics *diagnostics, const char *name,
                                const char *bytes, size_t size);
/* `source` is an index that was returned. */
const struct source *diagnostics_source(const struct diagnostics *diagnostics, uint32_t source);
uint32_t diagnostics_source_count(const struct diagnostics *diagnostics);

/* What is said from now on about a place in this source gets the JSON pointer that `append_pointer`
 * appends; NULL: none any more. `context` is borrowed until then. */
void diagnostics_set_pointers(struct diagnostics *diagnostics, uint32_t source,
                              void (*append_pointer)(const void *context, struct span span,
                                                     struct text *out),
                              const void *context);

/* Adds a diagnostic with a printf-formatted message. One with the same code and span is not added
 * again; above DIAGNOSTIC_COUNT_MAX errors nothing more is added, nor above as many warnings a
 * warning. Returns it, so that help can be given; never NULL (a scratch one if it was not added;
 * out of memory sticks). */
__attribute__((format(printf, 4, 5))) struct diagnostic *diagnostics_add(
    struct diagnostics *diagnostics, enum diagnostic_code code, struct span span,
    const char *format, ...);

/* Sets help or related message (printf-formatted) of one that was added. */
__attribute__((format(printf, 3, 4))) void diagnostic_help(struct diagnostics *diagnostics,
                                                           struct diagnostic *diagnostic,
                                                           const char *format, ...);
__attribute__((format(printf, 4, 5))) void diagnostic_relate(struct diagnostics *diagnostics,
                                                             struct diagnostic *diagnostic,
                                                             struct span related,
                                                             const char *format, ...);

size_t diagnostics_error_count(const struct diagnostics *diagnostics);
size_t diagnostics_warning_count(const struct diagnostics *diagnostics);

/* All of them, sorted by source and offset; index < count. */
size_t diagnostics_count(const struct diagnostics *diagnostics);
const struct diagnostic *diagnostics_at(const struct diagnostics *diagnostics, size_t index);

/* Was memory out while collecting? Then the list is not complete. */
bool diagnostics_failed(const struct diagnostics *diagnostics);

/* Appends all, sorted by place, for people:
 *
 *     flow.bamboo:3:13: error: shell has no input 'comand' [E0302]
 *         3 |     b = shell(comand: "make")
 *           |               ^~~~~~ did you mean 'command'?
 *
 * with colours if asked. Tabs and wide characters keep the caret under the span. */
void diagnostics_print(const struct diagnostics *diagnostics, bool color, struct text *out);

/* The same as a list of maps: {code, severity, title, message, help, file, line, column, end_line,
 * end_column, pointer, related: {...}}. */
MUST_CHECK enum bamboo_status diagnostics_to_value(const struct diagnostics *diagnostics,
                                                   struct bamboo_value *out,
                                                   struct bamboo_error *error);

/* The nearest of `count` names to `name` by edit distance, if it is near enough to be a slip, else
 * NULL. `name_at(context, i)` gives the i-th candidate. */
const char *nearest_name(const char *name, size_t count,
                         const char *(*name_at)(const void *context, size_t index),
                         const void *context);

#endif
