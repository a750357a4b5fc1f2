#include "vm/run/legal.h"

enum bamboo_status must_not_have_ended(const struct run *run, struct bamboo_error *error)
{
    if (run_state_is_ended((enum run_state)run->state))
        return fail(error, BAMBOO_E_REFUSED, "the run is %s: nothing can be done with it any more",
                    run_state_name((enum run_state)run->state));
    return BAMBOO_OK;
}

enum bamboo_status may_pause_run(const struct run *run, struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    if (run->state != RUN_RUNNING)
        return fail(error, BAMBOO_E_REFUSED, "the run is %s, not running",
                    run_state_name((enum run_state)run->state));
    return BAMBOO_OK;
}

enum bamboo_status may_resume_run(const struct run *run, struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    if (run->state != RUN_SUSPENDED)
        return fail(error, BAMBOO_E_REFUSED, "the run is %s, not suspended",
                    run_state_name((enum run_state)run->state));
    return BAMBOO_OK;
}

enum bamboo_status may_revoke_run(const struct run *run, struct bamboo_error *error)
{
    return must_not_have_ended(run, error);
}

static const char *name_of(const struct run *run, uint32_t node)
{
    return program_name(run->linked->program, node_of(run, node)->name);
}

/* "'build' is FINISHED, not FAILED", or that it was not reached. */
static enum bamboo_status refuse_state(const struct run *run, uint32_t scope, uint32_t node,
                                       const char *wanted, struct bamboo_error *error)
{
    const struct node_record *record = record_of(run, scope, node);
    if (record->state == NODE_NONE)
        return fail(error, BAMBOO_E_REFUSED, "'%s' was not reached yet, it is not %s",
                    name_of(run, node), wanted);
    return fail(error, BAMBOO_E_REFUSED, "'%s' is %s, not %s", name_of(run, node),
                node_state_name((enum node_state)record->state), wanted);
}

enum bamboo_status may_pause_node(const struct run *run, uint32_t scope, uint32_t node,
                                  struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    const struct node_record *record = record_of(run, scope, node);
    if (node_of(run, node)->flags & NODE_FLAG_ATTACHED)
        return fail(error, BAMBOO_E_REFUSED, "no token passes '%s': it is part of another node",
                    name_of(run, node));
    if (node_of(run, node)->kind == NODE_KIND_SUBPROCESS) {
        if (record->state == NODE_RUNNING) return BAMBOO_OK;
        return refuse_state(run, scope, node, "RUNNING, as a subprocess has to be", error);
    }
    if (record->state == NODE_RUNNING)
        return fail(error, BAMBOO_E_REFUSED, "'%s' is running already: it can only be failed",
                    name_of(run, node));
    if (record->state != NODE_NONE && record->state != NODE_READY)
        return refuse_state(run, scope, node, "waiting to be reached", error);
    /* Its undo was skipped: it is forgotten when the rollback is through. */
    if (record->state == NODE_READY && record->flags & RECORD_SKIPPED)
        return fail(error, BAMBOO_E_REFUSED, "'%s' is being taken back", name_of(run, node));
    return BAMBOO_OK;
}

enum bamboo_status may_resume_node(const struct run *run, uint32_t scope, uint32_t node,
                                   struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    if (record_of(run, scope, node)->state != NODE_SUSPENDED)
        return refuse_state(run, scope, node, "paused", error);
    return BAMBOO_OK;
}

static enum bamboo_status must_have_failed(const struct run *run, uint32_t scope, uint32_t node,
                                           struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    const struct node_record *record = record_of(run, scope, node);
    if (record->state != NODE_FAILED && record->state != NODE_ROLL_BACK_FAILED)
        return refuse_state(run, scope, node, "FAILED", error);
    if (record->token == TOKEN_NONE || (run->tokens[record->token].state != TOKEN_FAILED &&
                                        run->tokens[record->token].state != TOKEN_RETRY))
        return fail(error, BAMBOO_E_REFUSED, "no token waits at '%s'", name_of(run, node));
    return BAMBOO_OK;
}

enum bamboo_status may_retry_node(const struct run *run, uint32_t scope, uint32_t node,
                                  struct bamboo_error *error)
{
    enum bamboo_status status = must_have_failed(run, scope, node, error);
    if (record_of(run, scope, node)->state == NODE_ROLL_BACK_FAILED) return status;
    if (status == BAMBOO_OK && (node_of(run, node)->flags & NODE_FLAG_NO_RETRY))
        return fail(error, BAMBOO_E_REFUSED, "the author of the flow wrote `no retry` at '%s'",
                    name_of(run, node));
    return status;
}

enum bamboo_status may_skip_node(const struct run *run, uint32_t scope, uint32_t node,
                                 struct bamboo_error *error)
{
    enum bamboo_status status = must_have_failed(run, scope, node, error);
    if (status != BAMBOO_OK || record_of(run, scope, node)->state == NODE_ROLL_BACK_FAILED)
        return status;
    if (node_of(run, node)->flags & NODE_FLAG_NO_SKIP)
        return fail(error, BAMBOO_E_REFUSED, "the author of the flow wrote `no skip` at '%s'",
                    name_of(run, node));
    switch ((enum image_node_kind)node_of(run, node)->kind) {
    case NODE_KIND_START:
    case NODE_KIND_ACTIVITY:
    case NODE_KIND_ASSIGN:
    case NODE_KIND_CONTROL:
    case NODE_KIND_EXCLUSIVE:
    case NODE_KIND_INCLUSIVE: return BAMBOO_OK;
    case NODE_KIND_SUBPROCESS:
        /* With a context its variables would be left without values, so bamboo-engine refuses. */
        if (!scope_has_context(run, scope)) return BAMBOO_OK;
        break;
    case NODE_KIND_PARALLEL:
    case NODE_KIND_CONVERGE:
    case NODE_KIND_END:
    case NODE_KIND_COUNT: break;
    }
    return fail(error, BAMBOO_E_REFUSED, "'%s' is of kind %s, which cannot be skipped",
                name_of(run, node), node_kind_name(node_of(run, node)->kind));
}

static enum bamboo_status must_be(const struct run *run, uint32_t node, enum image_node_kind kind,
                                  struct bamboo_error *error)
{
    if (node_of(run, node)->kind == kind) return BAMBOO_OK;
    return fail(error, BAMBOO_E_REFUSED, "'%s' is of kind %s, not %s", name_of(run, node),
                node_kind_name(node_of(run, node)->kind), node_kind_name(kind));
}

enum bamboo_status may_retry_subprocess(const struct run *run, uint32_t scope, uint32_t node,
                                        struct bamboo_error *error)
{
    enum bamboo_status status = must_be(run, node, NODE_KIND_SUBPROCESS, error);
    return status == BAMBOO_OK ? may_retry_node(run, scope, node, error) : status;
}

enum bamboo_status may_skip_exclusive(const struct run *run, uint32_t scope, uint32_t node,
                                      struct bamboo_error *error)
{
    enum bamboo_status status = must_be(run, node, NODE_KIND_EXCLUSIVE, error);
    return status == BAMBOO_OK ? may_skip_node(run, scope, node, error) : status;
}

enum bamboo_status may_skip_inclusive(const struct run *run, uint32_t scope, uint32_t node,
                                      struct bamboo_error *error)
{
    enum bamboo_status status = must_be(run, node, NODE_KIND_INCLUSIVE, error);
    return status == BAMBOO_OK ? may_skip_node(run, scope, node, error) : status;
}

enum bamboo_status may_fail_node(const struct run *run, uint32_t scope, uint32_t node,
                                 struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    if (node_of(run, node)->kind != NODE_KIND_ACTIVITY)
        return fail(error, BAMBOO_E_REFUSED,
                    "'%s' is of kind %s: only a running activity can be failed", name_of(run, node),
                    node_kind_name(node_of(run, node)->kind));
    if (record_of(run, scope, node)->state != NODE_RUNNING)
        return refuse_state(run, scope, node, "RUNNING", error);
    return BAMBOO_OK;
}

enum bamboo_status may_call_back_node(const struct run *run, uint32_t scope, uint32_t node,
                                      struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    const struct node_record *record = record_of(run, scope, node);
    /* A subprocess has the token that waits somewhere inside it. */
    if (node_of(run, node)->kind != NODE_KIND_ACTIVITY || record->state != NODE_RUNNING ||
        record->token == TOKEN_NONE || run->tokens[record->token].state != TOKEN_CALLBACK)
        return refuse_state(run, scope, node, "waiting for a callback", error);
    const struct bamboo_component *component =
        run->linked->components[node_of(run, node)->companion];
    if (component->kind == BAMBOO_KIND_CALLBACK && record->extra && record->extra->callback_count)
        return fail(error, BAMBOO_E_REFUSED, "'%s' has its callback already", name_of(run, node));
    return BAMBOO_OK;
}

enum bamboo_status may_not_run(const struct run *run, struct bamboo_error *error)
{
    (void)run;
    return fail(error, BAMBOO_E_REFUSED, "this is an operation on a node");
}

enum bamboo_status may_not_node(const struct run *run, uint32_t scope, uint32_t node,
                                struct bamboo_error *error)
{
    (void)run, (void)scope, (void)node;
    return fail(error, BAMBOO_E_REFUSED, "this is an operation on a run");
}
