/* A program with its component and function references resolved, so that nothing is looked up by
 * name while it runs. Constant, counted, one thread. */
#ifndef VM_RUN_LINK_H
#define VM_RUN_LINK_H

#include "base/function.h"
#include "base/name_table.h"
#include "bytecode/program.h"
#include "include/bamboo_component.h"

struct linked_function {
    const struct function *plain;                      /* or NULL: a method */
    const struct function *methods[BAMBOO_TYPE_COUNT]; /* by the receiver's type */
    const char *name;
};

struct template_cache;

struct linked_program {
    struct program *program;
    const struct bamboo_component **components; /* by component reference */
    bool has_hooks;                             /* one of them wants to be told of ends */
    struct linked_function *functions;          /* by function reference */
    struct name_table *variables;               /* by pipeline: key of its context -> variable */
    struct arena *arena;                        /* of the tables */
    struct template_cache *templates;           /* of the contexts; NULL if there are none */
    uint32_t **branches; /* by pipeline, see branches_find(); NULL until they are asked for */
    uint32_t owners;
};

/* Resolves all references; keeps a reference to `program`. The sets must outlive the result.
 * Errors: COMPONENT (a component or function is missing: names it), MEMORY. */
MUST_CHECK enum bamboo_status link_program(struct program *program,
                                           const struct bamboo_component_set *components,
                                           const struct function_set *functions,
                                           struct linked_program **out, struct bamboo_error *error);
/* The variable of a pipeline's context with this key; IMAGE_NONE if there is none. */
uint32_t linked_variable(const struct linked_program *linked, uint32_t pipeline, const char *key);
/* The branches of a pipeline, found when a rollback first asks. Borrowed. Errors: MEMORY. */
MUST_CHECK enum bamboo_status linked_branches(struct linked_program *linked, uint32_t pipeline,
                                              const uint32_t **out, struct bamboo_error *error);
struct linked_program *linked_program_retain(struct linked_program *linked);
void linked_program_release(struct linked_program *linked);

#endif
