#include "vm/engine/mailbox.h"

#include "vm/engine/commit.h"

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

static enum bamboo_status read_one(void *context, const struct store_mail *mail,
                                   struct bamboo_error *error)
{
    struct engine *engine = context;
    struct owned_run *owned = run_set_find(&engine->runs, mail->run);
    (void)error;
    /* Numbers of mail grow; what is answered in a batch under way is still unanswered there. */
    if (!owned || mail->mail <= owned->last_mail) return BAMBOO_OK;
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

void mailbox_read(struct engine *engine)
{
    struct bamboo_error error;
    engine->mail_arrived = false;
    if (engine->number == 0 || engine->runs.count == 0) return;
    if (store_read_mail(engine->store, engine->number, read_one, engine, &error) != BAMBOO_OK)
        engine_break(engine, &error);
}
