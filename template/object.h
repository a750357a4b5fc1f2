/* Objects: what expressions of templates and conditions compute with. They behave as Python's do,
 * where that differs from the values of flows: a bool is an integer, integers have no 64 bits,
 * lists and maps change in place, and there are tuples, sets, ranges and iterators. Two words,
 * passed by value; what they point to belongs to the evaluation. */
#ifndef TEMPLATE_OBJECT_H
#define TEMPLATE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/bamboo_value.h"
#include "template/evaluation.h"

enum object_kind {
#define OBJECT(name, spelling) OBJECT_##name,
#include "template/objects.def"
#undef OBJECT
    OBJECT_KIND_COUNT
};

struct text_object {
    const char *bytes; /* UTF-8 */
    size_t size;
    size_t count; /* characters */
};

/* An integer of more than 64 bits: limbs, the least first; the last is not 0. */
struct big_object {
    bool is_negative;
    size_t count;
    const uint64_t *limbs;
};

struct object {
    enum object_kind kind;
    union {
        bool boolean;
        int64_t integer;
        double number;
        const struct text_object *text;
        const struct big_object *big;
        struct list_object *list; /* of a tuple too */
        struct map_object *map;   /* of a set too */
        const struct range_object *range;
        const struct view_object *view;
        struct iterator_object *iterator;
        const struct builtin *builtin;
        const struct method_object *method;
        const struct lambda_object *lambda;
    } as;
};

struct list_object {
    struct object *items;
    size_t count;
    size_t capacity;
};

/* Entries in order of insertion; a removed one has `is_live` unset. In a set, values are None. */
struct map_entry {
    struct object key;
    struct object value;
    uint64_t hash;
    bool is_live;
};
struct map_object {
    struct map_entry *entries;
    size_t used; /* entries, the removed ones too */
    size_t capacity;
    size_t count;
    uint32_t *index; /* of entries, + 1; 0: free. `index_size` is a power of two */
    size_t index_size;
};

struct range_object {
    int64_t start;
    int64_t step;
    int64_t count;
    int64_t stop; /* as it was written */
};

enum view_kind { VIEW_KEYS, VIEW_VALUES, VIEW_ITEMS };
struct view_object {
    enum view_kind kind;
    struct map_object *map;
};

/* What is left of an iteration; `failed`: what happens when it is asked for more. */
struct iterator_object {
    struct list_object *items;
    size_t next;
    enum bamboo_status failed;
};

/* A method without its call: of `receiver`, or of a type if `is_bound` is unset. */
struct method_object {
    struct object receiver;
    bool is_bound;
    const char *name; /* ends with NUL */
};

struct keyword_argument {
    const char *name; /* ends with NUL */
    struct object value;
};

/* The arguments of a call. */
struct arguments {
    const struct object *items;
    size_t count;
    const struct keyword_argument *keywords;
    size_t keyword_count;
};

typedef enum bamboo_status (*builtin_body)(struct evaluation *evaluation,
                                           const struct arguments *arguments, struct object *out);

/* A function of Python. */
struct builtin {
    const char *name;
    bool is_type;
    enum object_kind kind; /* of the objects of this type */
    unsigned argument_min, argument_max;
    const char *keywords; /* the names that arguments may have, each between blanks */
    builtin_body body;
};

static inline struct object object_none(void)
{
    return (struct object){.kind = OBJECT_NONE, .as = {.integer = 0}};
}
static inline struct object object_bool(bool boolean)
{
    return (struct object){.kind = OBJECT_BOOL, .as = {.boolean = boolean}};
}
static inline struct object object_integer(int64_t integer)
{
    return (struct object){.kind = OBJECT_INTEGER, .as = {.integer = integer}};
}
static inline struct object object_float(double number)
{
    return (struct object){.kind = OBJECT_FLOAT, .as = {.number = number}};
}

/* "int", "str", "NoneType": the name of a kind's type in Python. Constant storage. */
const char *object_type(struct object object);

/* A text of these bytes, which stay where they are and are UTF-8. */
MUST_CHECK enum bamboo_status object_borrow_text(struct evaluation *evaluation, const char *bytes,
                                                 size_t size, struct object *out);
/* The same with a copy of the bytes. Errors of both: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status object_copy_text(struct evaluation *evaluation, const char *bytes,
                                               size_t size, struct object *out);

/* An empty list or tuple (`kind`) with room for `capacity` elements. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status object_list(struct evaluation *evaluation, enum object_kind kind,
                                          size_t capacity, struct object *out);
MUST_CHECK enum bamboo_status list_append(struct evaluation *evaluation, struct list_object *list,
                                          struct object item);

/* A tuple of two. */
MUST_CHECK enum bamboo_status object_pair(struct evaluation *evaluation, struct object first,
                                          struct object second, struct object *out);

/* An iterator over the rest of a list. */
MUST_CHECK enum bamboo_status object_iterator(struct evaluation *evaluation,
                                              struct list_object *items, struct object *out);

/* Truth as in Python: None, False, 0, "", and what has no elements are false. */
bool object_is_true(struct object object);

/* Elements or characters; -1 if the object has no length. */
int64_t object_length(struct object object);

/* Is it a bool or an integer, of any size? */
static inline bool object_is_integer(struct object object)
{
    return object.kind == OBJECT_BOOL || object.kind == OBJECT_INTEGER || object.kind == OBJECT_BIG;
}
static inline bool object_is_number(struct object object)
{
    return object_is_integer(object) || object.kind == OBJECT_FLOAT;
}
/* A bool's or small integer's 64 bits. */
static inline int64_t object_small(struct object object)
{
    return object.kind == OBJECT_BOOL ? object.as.boolean : object.as.integer;
}

#endif
