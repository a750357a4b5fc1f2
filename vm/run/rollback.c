#include "vm/run/rollback.h"

#include "bytecode/branches.h"
#include "vm/run/legal.h"

static const char *name_of(const struct run *run, uint32_t node)
{
    return program_name(run->linked->program, node_of(run, node)->name);
}

enum bamboo_status rollback_view_create(const struct run *run, uint32_t scope,
                                        struct rollback_view *out, struct bamboo_error *error)
{
    *out = (struct rollback_view){.run = run, .scope = scope};
    return linked_branches(run->linked, scope_pipeline_index(run, scope), &out->branches, error);
}

static uint32_t branch_of(const struct rollback_view *view, uint32_t node)
{
    return view->branches[node - scope_pipeline(view->run, view->scope)->first_node];
}

/* --- The token of a branch --- */

uint32_t token_node_in_scope(const struct run *run, const struct token *token, uint32_t scope)
{
    uint32_t at = token->scope, node = token->node;
    while (at != scope && run->scopes[at].parent != SCOPE_NONE) {
        node = run->scopes[at].parent_node;
        at = run->scopes[at].parent;
    }
    return at == scope ? node : IMAGE_NONE;
}

/* Is the token in this branch, wherever in it? What a timer began is in none. */
static bool is_in_branch(const struct rollback_view *view, uint32_t token, uint32_t branch)
{
    const struct run *run = view->run;
    if (token == TOKEN_NONE || run->tokens[token].state == TOKEN_DEAD) return false;
    const struct token *at = &run->tokens[token];
    if (node_of(run, at->node)->flags & NODE_FLAG_ATTACHED && at->back_node == IMAGE_NONE)
        return false;
    uint32_t node = token_node_in_scope(run, at, view->scope);
    return node != IMAGE_NONE && branch_of(view, node) == branch;
}

/* The token of a branch: children that wait at the branch's converge, or are in its subprocesses,
 * have a parent there. */
static uint32_t find_token(const struct rollback_view *view, uint32_t branch)
{
    for (uint32_t i = 0; i < view->run->token_count; i++)
        if (is_in_branch(view, i, branch) &&
            !is_in_branch(view, view->run->tokens[i].parent, branch))
            return i;
    return TOKEN_NONE;
}

/* The token that a jump takes to a node: of its branch, or, when that has ended, of the nearest one
 * around it. */
static uint32_t find_jumper(const struct rollback_view *view, uint32_t branch)
{
    const struct program *program = view->run->linked->program;
    uint32_t token = find_token(view, branch);
    while (token == TOKEN_NONE && branch != BRANCH_NONE) {
        branch = branch_of(view, program->flows[branch].source);
        token = find_token(view, branch);
    }
    return token;
}

/* Is the token itself on the way, not waiting for others or inside a subprocess? */
static bool is_on_the_way(const struct rollback_view *view, const struct token *token)
{
    return token->scope == view->scope && token->state != TOKEN_CHILDREN;
}

/* --- What may be done --- */

static enum bamboo_status check_run(const struct run *run, struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    if (run->state != RUN_RUNNING)
        return fail(error, BAMBOO_E_REFUSED, "the run is %s: resume it first",
                    run_state_name((enum run_state)run->state));
    for (uint32_t i = 0; i < run->token_count; i++)
        if (run->tokens[i].state != TOKEN_DEAD && run->tokens[i].back_node != IMAGE_NONE)
            return fail(error, BAMBOO_E_REFUSED, "a rollback to '%s' is under way",
                        name_of(run, run->tokens[i].back_node));
    return BAMBOO_OK;
}

static enum bamboo_status check_state(const struct run *run, uint32_t scope, uint32_t node,
                                      bool may_have_failed, struct bamboo_error *error)
{
    const struct node_record *record = record_of(run, scope, node);
    if (record->state == NODE_NONE)
        return fail(error, BAMBOO_E_REFUSED, "'%s' was not reached yet", name_of(run, node));
    if (record->state == NODE_FINISHED || (may_have_failed && record->state == NODE_FAILED))
        return BAMBOO_OK;
    return fail(error, BAMBOO_E_REFUSED, "'%s' is %s, not FINISHED%s", name_of(run, node),
                node_state_name((enum node_state)record->state),
                may_have_failed ? " or FAILED" : "");
}

/* An activity or the start; a call of a pipeline too, but in flows with a context, where
 * bamboo-engine refuses it. */
static enum bamboo_status check_kind(const struct run *run, uint32_t scope, uint32_t node,
                                     const char *what, struct bamboo_error *error)
{
    const struct image_node *row = node_of(run, node);
    bool is_step = row->kind == NODE_KIND_ACTIVITY || row->kind == NODE_KIND_START ||
                   (row->kind == NODE_KIND_SUBPROCESS && !scope_has_context(run, scope));
    if (is_step && !(row->flags & NODE_FLAG_ATTACHED)) return BAMBOO_OK;
    return fail(error, BAMBOO_E_REFUSED, "'%s' is of kind %s%s: a rollback %s", name_of(run, node),
                row->flags & NODE_FLAG_ATTACHED ? "attached " : "", node_kind_name(row->kind),
                what);
}

/* Are the subprocesses around the node at work? */
static enum bamboo_status check_around(const struct run *run, uint32_t scope, uint32_t node,
                                       struct bamboo_error *error)
{
    for (; run->scopes[scope].parent != SCOPE_NONE; scope = run->scopes[scope].parent) {
        uint32_t around = run->scopes[scope].parent_node;
        const struct node_record *record = record_of(run, run->scopes[scope].parent, around);
        if (record->state != NODE_RUNNING)
            return fail(error, BAMBOO_E_REFUSED, "'%s' is inside the subprocess '%s', which is %s",
                        name_of(run, node), name_of(run, around),
                        node_state_name((enum node_state)record->state));
    }
    return BAMBOO_OK;
}

/* Was the node executed since what it lies in was entered? What an earlier round has left in a
 * subprocess, or behind a fork, is on the way of no token that is there now. */
static enum bamboo_status check_round(const struct rollback_view *view, uint32_t node,
                                      struct bamboo_error *error)
{
    const struct run *run = view->run;
    const struct scope *scope = &run->scopes[view->scope];
    uint64_t version = record_of(run, view->scope, node)->version;
    uint32_t around = IMAGE_NONE, fork = node;
    for (uint32_t branch; (branch = branch_of(view, fork)) != BRANCH_NONE;) {
        fork = run->linked->program->flows[branch].source;
        if (record_of(run, view->scope, fork)->version > version) around = fork;
    }
    for (; scope->parent != SCOPE_NONE; scope = &run->scopes[scope->parent])
        if (record_of(run, scope->parent, scope->parent_node)->version > version)
            around = scope->parent_node;
    if (around == IMAGE_NONE) return BAMBOO_OK;
    return fail(error, BAMBOO_E_REFUSED,
                "'%s' was executed before '%s' around it was entered again", name_of(run, node),
                name_of(run, around));
}

static enum bamboo_status check_target(const struct rollback_view *view, uint32_t node,
                                       struct bamboo_error *error)
{
    const struct run *run = view->run;
    enum bamboo_status status =
        check_kind(run, view->scope, node, "goes to an activity that is done", error);
    if (status == BAMBOO_OK) status = check_state(run, view->scope, node, false, error);
    if (status == BAMBOO_OK) status = check_around(run, view->scope, node, error);
    return status == BAMBOO_OK ? check_round(view, node, error) : status;
}

/* A jump begins where a token is, or where the token of a branch has ended. */
static enum bamboo_status check_newest(const struct run *run, uint32_t scope, uint32_t node,
                                       struct bamboo_error *error)
{
    struct rollback_view view;
    uint64_t version = record_of(run, scope, node)->version;
    enum bamboo_status status = rollback_view_create(run, scope, &view, error);
    if (status == BAMBOO_OK) status = check_around(run, scope, node, error);
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    for (uint32_t i = 0; i < pipeline->node_count && status == BAMBOO_OK; i++) {
        uint32_t later = pipeline->first_node + i;
        if (record_of(run, scope, later)->version <= version ||
            node_of(run, later)->flags & NODE_FLAG_ATTACHED ||
            !branch_is_within(run->linked->program, pipeline, view.branches,
                              branch_of(&view, later), branch_of(&view, node)))
            continue;
        status = fail(error, BAMBOO_E_REFUSED,
                      "the token that executed '%s' has gone on to '%s': a jump begins where a "
                      "token is",
                      name_of(run, node), name_of(run, later));
    }
    return status;
}

static enum bamboo_status check_from(const struct rollback_view *view,
                                     const struct rollback_request *request,
                                     struct bamboo_error *error)
{
    const struct run *run = view->run;
    uint32_t from = request->from_node;
    if (scope_has_context(run, request->from_scope)) {
        enum bamboo_status status =
            check_kind(run, request->from_scope, from, "begins at an activity", error);
        if (status != BAMBOO_OK) return status;
    }
    bool is_same_token = request->from_scope == view->scope &&
                         branch_of(view, from) == branch_of(view, request->node);
    if (!is_same_token && !request->skip_token_check)
        return fail(error, BAMBOO_E_REFUSED,
                    "'%s' and '%s' are not on the way of one token: one of them is inside a branch "
                    "or a subprocess that the other is not in",
                    name_of(run, from), name_of(run, request->node));
    if (is_same_token && record_of(run, request->from_scope, from)->version <
                             record_of(run, view->scope, request->node)->version)
        return fail(error, BAMBOO_E_REFUSED, "'%s' was executed before '%s', not after it",
                    name_of(run, from), name_of(run, request->node));
    return BAMBOO_OK;
}

/* Mode `token`: the way back begins where the token sleeps. */
static enum bamboo_status check_sleeping(const struct rollback_view *view,
                                         const struct rollback_request *request,
                                         const struct token *token, struct bamboo_error *error)
{
    const struct run *run = view->run;
    if (token->busy)
        return fail(error, BAMBOO_E_REFUSED, "'%s' is at work", name_of(run, token->node));
    switch ((enum token_state)token->state) {
    case TOKEN_FAILED:
    case TOKEN_RETRY:
    case TOKEN_CALLBACK:
    case TOKEN_SUSPENDED: return BAMBOO_OK;
    case TOKEN_READY:
        if (request->is_reserved) return BAMBOO_OK;
        break;
    case TOKEN_WORKING:
    case TOKEN_POLL:
    case TOKEN_DEAD:
    case TOKEN_CHILDREN:
    case TOKEN_STATE_COUNT: break;
    }
    return fail(error, BAMBOO_E_REFUSED,
                "'%s' is running: make it fail, or reserve the rollback for when it has finished",
                name_of(run, token->node));
}

/* Mode `any`: nothing runs. */
static enum bamboo_status check_quiet(const struct rollback_view *view,
                                      const struct rollback_request *request, uint32_t token,
                                      struct bamboo_error *error)
{
    const struct run *run = view->run;
    for (uint32_t i = 0; i < run->token_count; i++) {
        const struct token *at = &run->tokens[i];
        bool runs = at->state == TOKEN_WORKING || at->state == TOKEN_POLL ||
                    at->state == TOKEN_CALLBACK || at->state == TOKEN_READY;
        if (!runs || (i == token && at->state == TOKEN_READY && request->is_reserved)) continue;
        return fail(error, BAMBOO_E_REFUSED,
                    "'%s' is running: a jump back needs that nothing in the run does",
                    name_of(run, at->node));
    }
    return BAMBOO_OK;
}

static enum bamboo_status choose_token(const struct rollback_view *view,
                                       const struct rollback_request *request, uint32_t *token,
                                       struct bamboo_error *error)
{
    uint32_t branch = branch_of(view, request->node);
    *token = find_token(view, branch);
    bool has_ended = *token == TOKEN_NONE;
    if (has_ended && request->skip_token_check) *token = find_jumper(view, branch);
    if (*token == TOKEN_NONE)
        return fail(error, BAMBOO_E_REFUSED, "the branch that '%s' is in has ended",
                    name_of(view->run, request->node));
    if (has_ended && view->run->tokens[*token].state == TOKEN_CHILDREN)
        return fail(error, BAMBOO_E_REFUSED,
                    "the branch that '%s' is in has ended, and others of its fork have not",
                    name_of(view->run, request->node));
    return BAMBOO_OK;
}

enum bamboo_status may_roll_back(const struct rollback_view *view,
                                 const struct rollback_request *request, uint32_t *token,
                                 struct bamboo_error *error)
{
    const struct run *run = view->run;
    enum bamboo_status status = check_run(run, error);
    if (status == BAMBOO_OK) status = check_target(view, request->node, error);
    if (status == BAMBOO_OK && request->from_node != IMAGE_NONE) {
        status = check_state(run, request->from_scope, request->from_node, true, error);
        if (status == BAMBOO_OK) status = check_from(view, request, error);
        if (status == BAMBOO_OK && request->mode == ROLLBACK_ANY)
            status = check_newest(run, request->from_scope, request->from_node, error);
    }
    if (status == BAMBOO_OK) status = choose_token(view, request, token, error);
    if (status != BAMBOO_OK) return status;
    const struct token *at = &run->tokens[*token];
    bool may_be_away = request->mode == ROLLBACK_ANY &&
                       (request->skip_token_check || request->from_node != IMAGE_NONE);
    if (!is_on_the_way(view, at) && !may_be_away)
        return fail(
            error, BAMBOO_E_REFUSED,
            "the token that executed '%s' %s '%s' now: go back inside it, or jump with mode "
            "'any' and without the check of tokens",
            name_of(run, request->node),
            at->state == TOKEN_CHILDREN ? "waits for branches at" : "is inside",
            name_of(run, token_node_in_scope(run, at, view->scope)));
    return request->mode == ROLLBACK_ANY ? check_quiet(view, request, *token, error)
                                         : check_sleeping(view, request, at, error);
}

/* --- Reservations --- */

static const struct reservation *reservation_of(const struct node_record *record)
{
    const struct node_extra *extra = record->extra;
    return extra && extra->reservation.mode != ROLLBACK_NONE ? &extra->reservation : NULL;
}

/* The one reservation of the run, and the node whose end it waits for; NULL: nothing is reserved.
 */
static const struct reservation *only_reservation(const struct run *run, uint32_t *scope,
                                                  uint32_t *node)
{
    for (uint32_t s = 0; run->has_reserved && s < run->scope_count; s++)
        for (uint32_t i = 0; i < scope_pipeline(run, s)->node_count; i++) {
            const struct reservation *reserved = reservation_of(&run->scopes[s].records[i]);
            if (!reserved) continue;
            *scope = s;
            *node = scope_pipeline(run, s)->first_node + i;
            return reserved;
        }
    return NULL;
}

enum bamboo_status may_reserve_rollback(const struct rollback_view *view,
                                        struct rollback_request *request,
                                        struct bamboo_error *error)
{
    const struct run *run = view->run;
    enum bamboo_status status = check_run(run, error);
    if (status == BAMBOO_OK) status = check_target(view, request->node, error);
    if (status != BAMBOO_OK) return status;
    if (request->from_node == IMAGE_NONE) {
        uint32_t token = find_token(view, branch_of(view, request->node));
        if (token == TOKEN_NONE)
            return fail(error, BAMBOO_E_REFUSED, "the branch that '%s' is in has ended",
                        name_of(run, request->node));
        request->from_scope = run->tokens[token].scope;
        request->from_node = run->tokens[token].node;
    }
    const struct image_node *row = node_of(run, request->from_node);
    const struct node_record *record = record_of(run, request->from_scope, request->from_node);
    if (row->kind != NODE_KIND_ACTIVITY || row->flags & NODE_FLAG_ATTACHED ||
        record->state != NODE_RUNNING)
        return fail(error, BAMBOO_E_REFUSED,
                    "'%s' is no running activity that a rollback could wait for",
                    name_of(run, request->from_node));
    uint32_t scope, node;
    const struct reservation *reserved = only_reservation(run, &scope, &node);
    if (reserved)
        return fail(error, BAMBOO_E_REFUSED,
                    "a rollback to '%s' is reserved for the end of '%s' already",
                    name_of(run, reserved->node), name_of(run, node));
    return check_from(view, request, error);
}

enum bamboo_status find_reservation(const struct run *run, uint32_t *scope, uint32_t *node,
                                    struct bamboo_error *error)
{
    enum bamboo_status status = must_not_have_ended(run, error);
    if (status != BAMBOO_OK) return status;
    uint32_t from_scope, from_node;
    const struct reservation *reserved = only_reservation(run, &from_scope, &from_node);
    if (reserved && ((from_scope == *scope && from_node == *node) ||
                     (reserved->scope == *scope && reserved->node == *node))) {
        *scope = from_scope;
        *node = from_node;
        return BAMBOO_OK;
    }
    return fail(error, BAMBOO_E_REFUSED, "no rollback is reserved for the end of '%s', or to it",
                name_of(run, *node));
}

/* --- For the target alone, as `bamboo can` asks --- */

enum bamboo_status may_roll_back_to(const struct run *run, uint32_t scope, uint32_t node,
                                    struct bamboo_error *error)
{
    struct rollback_view view;
    const struct rollback_request request = {
        .scope = scope, .node = node, .from_node = IMAGE_NONE, .mode = ROLLBACK_TOKEN};
    uint32_t token;
    enum bamboo_status status = rollback_view_create(run, scope, &view, error);
    return status == BAMBOO_OK ? may_roll_back(&view, &request, &token, error) : status;
}

enum bamboo_status may_reserve_rollback_to(const struct run *run, uint32_t scope, uint32_t node,
                                           struct bamboo_error *error)
{
    struct rollback_view view;
    struct rollback_request request = {
        .scope = scope, .node = node, .from_node = IMAGE_NONE, .mode = ROLLBACK_TOKEN};
    enum bamboo_status status = rollback_view_create(run, scope, &view, error);
    return status == BAMBOO_OK ? may_reserve_rollback(&view, &request, error) : status;
}

enum bamboo_status may_cancel_rollback_of(const struct run *run, uint32_t scope, uint32_t node,
                                          struct bamboo_error *error)
{
    return find_reservation(run, &scope, &node, error);
}
