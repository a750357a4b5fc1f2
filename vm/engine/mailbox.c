#include "vm/engine/away.h"
#include "vm/engine/mailbox.h"

#include "base/memory.h"
#include "vm/engine/commit.h"
#include "vm/engine/idle.h"

/* After these the run is as it was. */
static bool changes_nothing(enum bamboo_status status)
{
    return status == BAMBOO_E_REFUSED || status == BAMBOO_E_NOT_FOUND ||
           status == BAMBOO_E_PARAMETER || status == BAMBOO_E_USAGE ||
           status == BAMBOO_E_EVALUATION;
}

enum bamboo_status mailbox_operate(struct engine *engine, struct owned_run *owned,
                                   const void *image, size_t size, const char *actor,
                                   struct text *reply, struct bamboo_error *error)
{
    struct program *control = NULL;
    if (owned->is_parked)
        return fail(error, BAMBOO_E_REFUSED, "run %s is out of order in the process that owns it",
                    run_id(owned->run));
    enum bamboo_status status = program_load(image, size, "a control operation", &control, error);
    if (status != BAMBOO_OK) return status;
    struct bamboo_error why = {0};
    status = run_operate(engine->machine, owned->run, control, actor, host_wall_ms(engine->host),
                         reply, &why);
    program_release(control);
    if (status != BAMBOO_OK) {
        if (error) *error = why;
        if (!changes_nothing(status)) engine_park(engine, owned, &why);
    }
    engine_touch(engine, owned);
    return status;
}

/* Runs that one reading of mail brings back into memory; the rest follows in the next turn. */
#define RECALL_COUNT_MAX 4096

/* The store is not to be read in here. */
static enum bamboo_status note_absent(struct engine *engine, const struct store_mail *mail,
                                      struct bamboo_error *error)
{
    struct absent_runs *absent = &engine->absent;
    if (!idle_may_be_away(engine, mail->run)) return BAMBOO_OK; /* a batch is about to make it */
    if (absent->count == RECALL_COUNT_MAX) {
        engine->mail_arrived = true;
        return BAMBOO_OK;
    }
    if (!memory_grow((void **)&absent->items, &absent->capacity, absent->count + 1,
                     sizeof *absent->items))
        return fail_memory(error);
    absent->items[absent->count++] = (struct absent_run){mail->run, mail->mail};
    return BAMBOO_OK;
}

static bool was_refused(struct engine *engine, uint64_t mail)
{
    for (size_t i = 0; i < engine->refused.count; i++) {
        if (engine->refused.items[i].mail != mail) continue;
        engine->refused.items[i].is_open = true;
        return true;
    }
    return false;
}

/* Those whose answers are durable are not heard of any more. */
static void forget_answered(struct refused_mails *refused)
{
    size_t kept = 0;
    for (size_t i = 0; i < refused->count; i++) {
        if (!refused->items[i].is_open) continue;
        refused->items[kept] = refused->items[i];
        refused->items[kept++].is_open = false;
    }
    refused->count = kept;
}

static void refuse(struct engine *engine, uint64_t mail, const struct bamboo_error *why)
{
    struct refused_mails *refused = &engine->refused;
    struct bamboo_error error;
    struct text reply = {0};
    if (!memory_grow((void **)&refused->items, &refused->capacity, refused->count + 1,
                     sizeof *refused->items)) {
        fail_memory(&error);
        engine_break(engine, &error);
        return;
    }
    refused->items[refused->count++] = (struct refused_mail){mail, true};
    text_append_string(&reply, why->message);
    commit_reply_take(engine, NULL, mail, why->status, &reply);
}

/* A run that cannot be brought back answers its mail with the reason. */
static void recall(struct engine *engine, const struct absent_run *absent)
{
    struct bamboo_error error;
    struct owned_run *owned;
    if (run_set_find(&engine->runs, absent->run)) return;
    enum bamboo_status status = away_recall(engine, absent->run, &owned, &error);
    if (status == BAMBOO_OK || status == BAMBOO_E_OWNERSHIP || status == BAMBOO_E_NOT_FOUND)
        return; /* the last two: it is another's now, who answers, or nobody's */
    if (status == BAMBOO_E_MEMORY)
        engine_break(engine, &error);
    else
        refuse(engine, absent->mail, &error);
}

static enum bamboo_status read_one(void *context, const struct store_mail *mail,
                                   struct bamboo_error *error)
{
    struct engine *engine = context;
    if (was_refused(engine, mail->mail)) return BAMBOO_OK;
    struct owned_run *owned = run_set_find(&engine->runs, mail->run);
    if (!owned) return note_absent(engine, mail, error);
    /* Numbers of mail grow; what is answered in a batch under way is still unanswered there. */
    if (mail->mail <= owned->last_mail) return BAMBOO_OK;
    owned->last_mail = mail->mail;
    struct text reply = {0};
    struct bamboo_error why = {0};
    enum bamboo_status answer =
        mailbox_operate(engine, owned, mail->program, mail->size, mail->actor, &reply, &why);
    if (answer != BAMBOO_OK) {
        text_clear(&reply);
        text_append_string(&reply, why.message);
    }
    trace_print(&engine->trace, TRACE_SCHEDULER, "%s: mail from %s: %s", run_id(owned->run),
                mail->actor, text_string(&reply));
    commit_reply_take(engine, owned, mail->mail, answer, &reply);
    return BAMBOO_OK;
}

static enum bamboo_status read_all(struct engine *engine, struct bamboo_error *error)
{
    engine->absent.count = 0;
    return store_read_mail(engine->store, engine->number, read_one, engine, error);
}

void mailbox_read(struct engine *engine)
{
    struct bamboo_error error;
    engine->mail_arrived = false;
    if (engine->number == 0 || engine->runs.count + engine->runs.away_count == 0) return;
    enum bamboo_status status = read_all(engine, &error);
    if (status == BAMBOO_OK && engine->absent.count > 0) {
        for (size_t i = 0; i < engine->absent.count && !engine->is_broken; i++)
            recall(engine, &engine->absent.items[i]);
        status = read_all(engine, &error); /* what is absent now is the next turn's */
        if (engine->absent.count > 0) engine->mail_arrived = true;
    }
    forget_answered(&engine->refused);
    if (status != BAMBOO_OK) engine_break(engine, &error);
}

void mailbox_release(struct engine *engine)
{
    memory_free(engine->absent.items);
    engine->absent = (struct absent_runs){0};
    memory_free(engine->refused.items);
    engine->refused = (struct refused_mails){0};
}
