#include "template/binding.h"

#include <string.h>

/* Names that are bound around the place where the walk is. */
struct bound {
    const char *name;
    size_t size;
    const struct bound *outer;
};

struct binding {
    struct evaluation *evaluation;
    struct piece *piece;
    struct free_name *own; /* what comprehensions outside of lambdas bind */
    bool in_lambda;
    bool is_allowed;
};

static bool is_name(const char *name, size_t size, const char *other, size_t other_size)
{
    return size == other_size && memcmp(name, other, size) == 0;
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}
#define IS_ONE_OF(name, table) is_one_of(name, table, sizeof(table) / sizeof(table)[0])

/* Names that mako gives a meaning in every template. */
static bool is_reserved(const char *name)
{
    static const char *const NAMES[] = {"self",   "context",  "local",     "parent",        "next",
                                        "caller", "pageargs", "UNDEFINED", "STOP_RENDERING"};
    return IS_ONE_OF(name, NAMES) || strncmp(name, "__", 2) == 0;
}

/* Attributes that would lead to the machine, and formatting that would lead to attributes. */
static bool is_forbidden(const char *attribute)
{
    static const char *const NAMES[] = {
        "os",       "sys",     "subprocess", "shutil",   "ctypes",  "socket",  "threading",
        "builtins", "modules", "popen",      "popen2",   "popen3",  "popen4",  "system",
        "spawnl",   "spawnle", "spawnlp",    "spawnlpe", "spawnv",  "spawnve", "spawnvp",
        "spawnvpe", "execl",   "execle",     "execlp",   "execlpe", "execv",   "execve",
        "execvp",   "execvpe", "fork",       "forkpty",  "kill",    "format",  "format_map"};
    return attribute[0] == '_' || IS_ONE_OF(attribute, NAMES);
}

static bool is_private_key(const struct node *index)
{
    return index->kind == NODE_LITERAL && index->literal.kind == OBJECT_TEXT &&
           index->literal.as.text->size >= 2 && memcmp(index->literal.as.text->bytes, "__", 2) == 0;
}

static enum bamboo_status add(struct evaluation *evaluation, struct free_name **names,
                              const struct node *node)
{
    uint64_t steps = 1;
    for (const struct free_name *name = *names; name; name = name->next, steps++)
        if (is_name(name->name, name->size, node->name, node->name_size)) return BAMBOO_OK;
    struct free_name *name = evaluation_allocate(evaluation, 1, sizeof *name);
    if (!name) return evaluation->status;
    *name = (struct free_name){.name = node->name, .size = node->name_size, .next = *names};
    *names = name;
    return evaluation_pay(evaluation, steps);
}

static enum bamboo_status walk(struct binding *binding, const struct node *node,
                               const struct bound *outer);

static enum bamboo_status walk_name(struct binding *binding, const struct node *node,
                                    const struct bound *outer)
{
    if (is_reserved(node->name)) binding->is_allowed = false;
    for (const struct bound *bound = outer; bound; bound = bound->outer)
        if (is_name(bound->name, bound->size, node->name, node->name_size)) return BAMBOO_OK;
    return add(binding->evaluation, &binding->piece->names, node);
}

/* Binds the names in a target; *bound becomes the innermost. */
static enum bamboo_status bind(struct binding *binding, const struct node *target,
                               const struct bound **bound)
{
    enum bamboo_status status = BAMBOO_OK;
    if (target->kind == NODE_STAR) return bind(binding, target->first, bound);
    for (const struct node *item = target->items; status == BAMBOO_OK && item; item = item->next)
        status = bind(binding, item, bound);
    if (target->kind == NODE_TUPLE || status != BAMBOO_OK) return status;
    struct bound *inner = evaluation_allocate(binding->evaluation, 1, sizeof *inner);
    if (!inner) return binding->evaluation->status;
    *inner = (struct bound){.name = target->name, .size = target->name_size, .outer = *bound};
    *bound = inner;
    if (strncmp(target->name, "__", 2) == 0) binding->is_allowed = false;
    if (binding->in_lambda || target->kind == NODE_PARAMETER) return BAMBOO_OK;
    return add(binding->evaluation, &binding->own, target);
}

static enum bamboo_status walk_items(struct binding *binding, const struct node *items,
                                     const struct bound *outer)
{
    enum bamboo_status status = BAMBOO_OK;
    for (const struct node *item = items; status == BAMBOO_OK && item; item = item->next)
        status = walk(binding, item, outer);
    return status;
}

static enum bamboo_status walk_comprehension(struct binding *binding, const struct node *node,
                                             const struct bound *outer)
{
    const struct bound *bound = outer;
    enum bamboo_status status = BAMBOO_OK;
    for (const struct node *clause = node->items; status == BAMBOO_OK && clause;
         clause = clause->next)
        status = bind(binding, clause->first, &bound);
    for (const struct node *clause = node->items; status == BAMBOO_OK && clause;
         clause = clause->next) {
        status = walk(binding, clause->second, bound);
        if (status == BAMBOO_OK) status = walk_items(binding, clause->items, bound);
    }
    return status == BAMBOO_OK ? walk(binding, node->first, bound) : status;
}

static enum bamboo_status walk_lambda(struct binding *binding, const struct node *node,
                                      const struct bound *outer)
{
    const struct bound *bound = outer;
    enum bamboo_status status = BAMBOO_OK;
    bool was_in_lambda = binding->in_lambda;
    for (const struct node *item = node->items; status == BAMBOO_OK && item; item = item->next) {
        if (item->first) status = walk(binding, item->first, outer);
        if (status == BAMBOO_OK) status = bind(binding, item, &bound);
    }
    if (status != BAMBOO_OK) return status;
    binding->in_lambda = true;
    status = walk(binding, node->first, bound);
    binding->in_lambda = was_in_lambda;
    return status;
}

static enum bamboo_status walk_parts(struct binding *binding, const struct node *node,
                                     const struct bound *outer)
{
    enum bamboo_status status = BAMBOO_OK;
    if (node->first) status = walk(binding, node->first, outer);
    if (status == BAMBOO_OK && node->second) status = walk(binding, node->second, outer);
    if (status == BAMBOO_OK && node->third) status = walk(binding, node->third, outer);
    if (status == BAMBOO_OK) status = walk_items(binding, node->items, outer);
    return status;
}

static enum bamboo_status walk_node(struct binding *binding, const struct node *node,
                                    const struct bound *outer)
{
    if (node->kind == NODE_NAME) return walk_name(binding, node, outer);
    if (node->kind == NODE_LAMBDA) return walk_lambda(binding, node, outer);
    if (node->kind == NODE_COMPREHENSION || node->kind == NODE_GENERATOR)
        return walk_comprehension(binding, node, outer);
    if (node->kind == NODE_ATTRIBUTE && is_forbidden(node->name)) binding->is_allowed = false;
    if (node->kind == NODE_INDEX && is_private_key(node->second)) binding->is_allowed = false;
    return walk_parts(binding, node, outer);
}

static enum bamboo_status walk(struct binding *binding, const struct node *node,
                               const struct bound *outer)
{
    enum bamboo_status status = evaluation_descend(binding->evaluation);
    if (status != BAMBOO_OK) return status;
    status = walk_node(binding, node, outer);
    evaluation_ascend(binding->evaluation);
    return status;
}

enum bamboo_status piece_bind(struct evaluation *evaluation, struct piece *piece, bool *is_allowed)
{
    struct binding binding = {.evaluation = evaluation, .piece = piece, .is_allowed = true};
    enum bamboo_status status = walk(&binding, piece->expression, NULL);
    for (struct free_name *name = piece->names; name; name = name->next)
        for (const struct free_name *own = binding.own; own; own = own->next)
            name->is_own |= is_name(name->name, name->size, own->name, own->size);
    *is_allowed = binding.is_allowed;
    return status;
}
