#include "template/scope.h"

#include <string.h>

struct scope *scope_find(struct scope *scope, const char *name, size_t size)
{
    for (; scope; scope = scope->outer)
        if (scope->size == size && memcmp(scope->name, name, size) == 0) return scope;
    return NULL;
}

enum bamboo_status scope_push(struct evaluation *evaluation, struct scope **scopes,
                              const struct node *name, struct object value)
{
    struct scope *scope = evaluation_allocate(evaluation, 1, sizeof *scope);
    if (!scope) return evaluation->status;
    *scope = (struct scope){
        .name = name->name, .size = name->name_size, .value = value, .outer = *scopes};
    *scopes = scope;
    return BAMBOO_OK;
}
