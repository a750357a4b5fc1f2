/* Going back (docs/rollback.md). The way back is what was reached from the target since it was
 * entered: flows and branches are known from the program, the order from the versions of
 * executions. So nothing is kept about the way but what is kept anyway. */
#ifndef VM_RUN_ROLLBACK_H
#define VM_RUN_ROLLBACK_H

#include "vm/run/state.h"

struct rollback_request {
    uint32_t scope, node;           /* the target */
    uint32_t from_scope, from_node; /* where the way back begins; IMAGE_NONE: where the token is */
    enum rollback_mode mode;
    bool skip_token_check; /* of mode `any`: out of branches and subprocesses */
    bool is_reserved;      /* its node has just finished: the token is on its way */
};

/* A scope and the branches of its pipeline (borrowed from the program). */
struct rollback_view {
    const struct run *run;
    uint32_t scope;
    const uint32_t *branches;
};

MUST_CHECK enum bamboo_status rollback_view_create(const struct run *run, uint32_t scope,
                                                   struct rollback_view *out,
                                                   struct bamboo_error *error);

/* May the run go back as `request` says, now? *token is the one that does. The view is of the
 * target's scope. Errors: REFUSED, with the reason. */
MUST_CHECK enum bamboo_status may_roll_back(const struct rollback_view *view,
                                            const struct rollback_request *request, uint32_t *token,
                                            struct bamboo_error *error);

/* May a rollback be reserved, for when `from` has finished? Fills in `from` where it is not given.
 * Errors: REFUSED. */
MUST_CHECK enum bamboo_status may_reserve_rollback(const struct rollback_view *view,
                                                   struct rollback_request *request,
                                                   struct bamboo_error *error);

/* The reservation that waits for a node, or the node that a reservation for this target waits for
 * (then *scope and *node become that one's). Errors: REFUSED: there is none. */
MUST_CHECK enum bamboo_status find_reservation(const struct run *run, uint32_t *scope,
                                               uint32_t *node, struct bamboo_error *error);

/* Has this execution something that takes it back? */
bool node_has_undo(const struct run *run, uint32_t node);
/* The attached node that undoes a node, or IMAGE_NONE. */
uint32_t node_undo(const struct run *run, uint32_t node);

/* The newest execution since the target that is to be taken back; *node is IMAGE_NONE if there is
 * none. Errors: MEMORY. */
MUST_CHECK enum bamboo_status rollback_next(const struct run *run, uint32_t target_scope,
                                            uint32_t target, uint32_t *scope, uint32_t *node,
                                            struct bamboo_error *error);

/* Calls `visit` for the target and each node that was reached from it since it was entered, with
 * those of the subprocesses among them; stops at a failure. */
typedef enum bamboo_status (*rollback_visit)(void *context, uint32_t scope, uint32_t node,
                                             struct bamboo_error *error);
MUST_CHECK enum bamboo_status rollback_each(const struct run *run, uint32_t scope, uint32_t target,
                                            rollback_visit visit, void *context,
                                            struct bamboo_error *error);

/* The node of `scope` that a token is at, or in whose subprocess it is; IMAGE_NONE: neither. */
uint32_t token_node_in_scope(const struct run *run, const struct token *token, uint32_t scope);

/* Is the token, when it can run, to take back the next execution, instead of running code? */
static inline bool token_takes_back(const struct run *run, const struct token *token)
{
    return token->back_node != IMAGE_NONE &&
           !(node_of(run, token->node)->flags & NODE_FLAG_ATTACHED);
}

/* May the run go back to this node without further data, may a rollback to it be reserved, and is
 * one waiting that could be cancelled? */
MUST_CHECK enum bamboo_status may_roll_back_to(const struct run *run, uint32_t scope, uint32_t node,
                                               struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_reserve_rollback_to(const struct run *run, uint32_t scope,
                                                      uint32_t node, struct bamboo_error *error);
MUST_CHECK enum bamboo_status may_cancel_rollback_of(const struct run *run, uint32_t scope,
                                                     uint32_t node, struct bamboo_error *error);

#endif
