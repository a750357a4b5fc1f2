/* Names and their objects while an expression is evaluated. */
#ifndef TEMPLATE_SCOPE_H
#define TEMPLATE_SCOPE_H

#include "template/tree.h"

/* A variable of a comprehension or lambda, or what was taken from outside already. Never freed: a
 * lambda may keep it. */
struct scope {
    const char *name;
    size_t size;
    struct object value;
    struct scope *outer;
};

/* A lambda without its call. */
struct lambda_object {
    const struct node *node;
    struct object *defaults; /* one for each parameter; those without are undefined */
    struct scope *scope;     /* around it */
};

/* The innermost variable of a name, or NULL. */
struct scope *scope_find(struct scope *scope, const char *name, size_t size);

/* A new innermost variable, named as the node is. Errors: LIMIT, MEMORY. */
MUST_CHECK enum bamboo_status scope_push(struct evaluation *evaluation, struct scope **scopes,
                                         const struct node *name, struct object value);

#endif
