/* Control operations: made into a control program, which the run's owner executes. The owner is
 * this engine, or another living process, which finds it in the run's mailbox, or nobody: then this
 * engine becomes the owner. */
#include <string.h>
#include <time.h>

#include "api/engine.h"
#include "base/diagnostics.h"
#include "base/memory.h"
#include "base/value.h"
#include "bytecode/control_program.h"

/* How long an owner has to answer, and how often is asked; how often is looked whether it lives. */
#define ANSWER_TIMEOUT_MS   10000
#define ASK_INTERVAL_MIN_MS 2
#define ASK_INTERVAL_MAX_MS 20
#define OWNER_INTERVAL_MS   200
/* Tries to become the owner before somebody else does. */
#define CLAIM_COUNT_MAX 3

#define OP_NONE OPCODE_COUNT
struct operation_info {
    const char *name;
    enum opcode run, node;
    bool takes_data;
};
static const struct operation_info OPERATIONS[] = {
#define OPERATION(name, run, may_run, node, may_node, data, meaning) \
    {#name, OP_##run, OP_##node, (data) != NULL},
#include "vm/run/operations.def"
#undef OPERATION
};
#define OPERATION_COUNT (sizeof OPERATIONS / sizeof *OPERATIONS)

/* An operation on its way to a run. */
struct request {
    struct bamboo_engine *engine;
    struct engine *executor;
    uint8_t *image;
    size_t size;
    struct text reply;
    bool claimed;
};

/* --- The control program --- */

static const char *operation_name_at(const void *context, size_t index)
{
    (void)context;
    return OPERATIONS[index].name;
}

static enum bamboo_status find_operation(const char *name, const struct operation_info **out,
                                         struct bamboo_error *error)
{
    for (size_t i = 0; i < OPERATION_COUNT; i++)
        if (strcmp(OPERATIONS[i].name, name) == 0) {
            *out = &OPERATIONS[i];
            return BAMBOO_OK;
        }
    const char *nearest = nearest_name(name, OPERATION_COUNT, operation_name_at, NULL);
    return fail(error, BAMBOO_E_USAGE, "there is no operation '%s'%s%s%s", name,
                nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static enum bamboo_status build(const struct bamboo_operation *operation, struct request *request,
                                struct bamboo_error *error)
{
    const struct operation_info *info = NULL;
    enum bamboo_status status = find_operation(operation->operation, &info, error);
    if (status != BAMBOO_OK) return status;
    enum opcode opcode = operation->node ? info->node : info->run;
    if (opcode == OP_NONE)
        return operation->node ? fail(error, BAMBOO_E_USAGE,
                                      "'%s' is of a run, not of a node of it", info->name)
                               : fail(error, BAMBOO_E_USAGE, "'%s' needs a node", info->name);
    if (!info->takes_data && operation->data.type != BAMBOO_MISSING)
        return fail(error, BAMBOO_E_USAGE, "'%s' takes no data", info->name);
    return control_program_build(opcode, operation->node, operation->data, operation->reason,
                                 &request->image, &request->size, error);
}

/* --- By this engine --- */

static enum bamboo_status operate_here(struct request *request, uint64_t number,
                                       struct bamboo_error *error)
{
    enum bamboo_status status = engine_operate(request->executor, number, request->image,
                                               request->size, &request->reply, error);
    return status == BAMBOO_OK ? engine_flush(request->executor, error) : status;
}

/* Earlier mail of the run is done first: it was asked for first. */
static enum bamboo_status claim(struct request *request, const struct store_run *row,
                                struct bamboo_error *error)
{
    enum bamboo_status status = engine_claim(request->executor, row->id, error);
    if (status != BAMBOO_OK) return status;
    request->claimed = true;
    status = engine_read_mail(request->executor, error);
    return status == BAMBOO_OK ? engine_flush(request->executor, error) : status;
}

static enum bamboo_status operate_by_claim(struct request *request, const struct store_run *row,
                                           struct bamboo_error *error)
{
    enum bamboo_status status = claim(request, row, error);
    return status == BAMBOO_OK ? operate_here(request, row->number, error) : status;
}

/* --- By another process --- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(int64_t interval_ms)
{
    struct timespec interval = {.tv_nsec = (long)interval_ms * 1000000};
    nanosleep(&interval, NULL);
}

static enum bamboo_status take_answer(struct request *request, uint64_t mail, bool *answered,
                                      struct bamboo_error *error)
{
    enum bamboo_status answer = BAMBOO_OK;
    char *text = NULL;
    enum bamboo_status status =
        store_read_reply(request->engine->store, mail, answered, &answer, &text, error);
    if (status != BAMBOO_OK || !*answered) return status;
    if (answer == BAMBOO_OK)
        text_append_string(&request->reply, text);
    else
        status = fail(error, answer, "%s", text);
    memory_free(text);
    return status;
}

/* Looks after the run while its owner does not answer: if the owner has died, the mail is done
 * here. *ended says whether the run has ended, whose mail nobody reads any more. */
static enum bamboo_status look_after_owner(struct request *request, const char *id, bool *ended,
                                           struct bamboo_error *error)
{
    struct store_run row = {0};
    enum bamboo_status status = store_find_run(request->engine->store, id, &row, error);
    if (status == BAMBOO_OK && !row.owner_alive && !row.summary.ended) {
        status = claim(request, &row, error);
        if (status == BAMBOO_E_OWNERSHIP) status = BAMBOO_OK; /* the new owner will answer */
    }
    *ended = row.summary.ended;
    store_run_release(&row);
    return status == BAMBOO_OK ? engine_keep(request->executor, error) : status;
}

static enum bamboo_status fail_unanswered(const struct store_run *row, bool ended,
                                          struct bamboo_error *error)
{
    if (ended)
        return fail(error, BAMBOO_E_REFUSED, "run %s ended before it got the operation", row->id);
    return fail(error, BAMBOO_E_OWNERSHIP,
                "the process that owns run %s has not answered for %d seconds; the operation waits "
                "in its mailbox and is done when it, or another owner, goes on",
                row->id, ANSWER_TIMEOUT_MS / 1000);
}

static enum bamboo_status wait_for_answer(struct request *request, const struct store_run *row,
                                          uint64_t mail, struct bamboo_error *error)
{
    int64_t interval = ASK_INTERVAL_MIN_MS;
    int64_t now = now_ms(), end = now + ANSWER_TIMEOUT_MS, look_at = now + OWNER_INTERVAL_MS;
    for (; now < end; now = now_ms()) {
        bool answered = false, ended = false;
        enum bamboo_status status = take_answer(request, mail, &answered, error);
        if (status != BAMBOO_OK || answered) return status;
        if (now >= look_at) {
            status = look_after_owner(request, row->id, &ended, error);
            if (status != BAMBOO_OK) return status;
            look_at = now + OWNER_INTERVAL_MS;
            /* What was answered before the end is there by the next look. */
            if (ended && end > look_at) end = look_at;
        }
        sleep_ms(interval);
        interval += interval < ASK_INTERVAL_MAX_MS;
    }
    struct store_run after = {0};
    enum bamboo_status status = store_find_run(request->engine->store, row->id, &after, error);
    if (status == BAMBOO_OK) status = fail_unanswered(row, after.summary.ended, error);
    store_run_release(&after);
    return status;
}

static enum bamboo_status operate_by_mail(struct request *request, const struct store_run *row,
                                          struct bamboo_error *error)
{
    uint64_t mail;
    enum bamboo_status status = store_submit(request->engine->store, row->id, request->image,
                                             request->size, request->engine->actor, &mail, error);
    return status == BAMBOO_OK ? wait_for_answer(request, row, mail, error) : status;
}

/* --- By whom? --- */

static enum bamboo_status deliver_once(struct request *request, const char *reference,
                                       struct bamboo_error *error)
{
    struct store_run row = {0};
    enum bamboo_status status = engine_find_run(request->engine, reference, &row, error);
    if (status != BAMBOO_OK) return status;
    if (engine_owns(request->executor, &row))
        status = operate_here(request, row.number, error);
    else if (row.summary.ended)
        status = fail(error, BAMBOO_E_REFUSED, /* as must_not_have_ended() says it */
                      "the run is %s: nothing can be done with it any more",
                      run_state_name((enum run_state)row.summary.state));
    else if (row.owner_alive)
        status = operate_by_mail(request, &row, error);
    else
        status = operate_by_claim(request, &row, error);
    store_run_release(&row);
    return status;
}

/* Two operators may want to become the owner at the same time: then one of them sends mail. */
static enum bamboo_status deliver(struct request *request, const char *reference,
                                  struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    for (int i = 0; i < CLAIM_COUNT_MAX; i++) {
        status = deliver_once(request, reference, error);
        if (status != BAMBOO_E_OWNERSHIP || request->claimed) break;
    }
    return status;
}

enum bamboo_status bamboo_operate(struct bamboo_engine *engine,
                                  const struct bamboo_operation *operation,
                                  struct bamboo_value *reply, bool *claimed,
                                  struct bamboo_error *error)
{
    struct request request = {.engine = engine};
    *claimed = false;
    enum bamboo_status status = engine_for_change(engine, &request.executor, error);
    if (status == BAMBOO_OK) status = build(operation, &request, error);
    if (status == BAMBOO_OK) status = deliver(&request, operation->run, error);
    if (status == BAMBOO_OK) status = value_from_text(&request.reply, reply, error);
    *claimed = request.claimed;
    text_release(&request.reply);
    memory_free(request.image);
    return status;
}
