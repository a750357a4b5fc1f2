#include <string.h>

#include "base/memory.h"
#include "vm/store/store_memory.h"
#include "vm/store/store_refusals.h"

enum bamboo_status memory_submit(struct store *store, const char *id, const void *program,
                                 size_t size, const char *actor, uint64_t *mail,
                                 struct bamboo_error *error)
{
    struct memory_store *memory = memory_of(store);
    const struct memory_run *run = memory_run_with_id(memory, id);
    if (!run) return fail_no_run(id, error);
    struct memory_mail *sent = memory_allocate(sizeof *sent + size);
    char *name = memory_copy_text(actor, strlen(actor));
    if (!sent || !name || !list_reserve(&memory->mail) || !list_reserve(&memory->open_mail)) {
        memory_free(sent);
        memory_free(name);
        return fail_memory(error);
    }
    *sent = (struct memory_mail){.number = ++memory->last_mail,
                                 .run = run->row.number,
                                 .time = memory_now(memory),
                                 .actor = name,
                                 .size = size};
    if (size > 0) memcpy(sent->program, program, size);
    list_add(&memory->mail, sent);
    list_add(&memory->open_mail, sent);
    *mail = sent->number;
    return BAMBOO_OK;
}

enum bamboo_status memory_read_mail(struct store *store, uint64_t engine,
                                    enum bamboo_status (*each)(void *context,
                                                               const struct store_mail *,
                                                               struct bamboo_error *),
                                    void *context, struct bamboo_error *error)
{
    const struct memory_store *memory = memory_of(store);
    enum bamboo_status told = BAMBOO_OK;
    for (size_t i = 0; i < memory->open_mail.count && told == BAMBOO_OK; i++) {
        const struct memory_mail *mail = memory->open_mail.items[i];
        const struct memory_run *run = list_find(&memory->runs, mail->run);
        if (!run || run->row.owner != engine) continue;
        const struct store_mail row = {.mail = mail->number,
                                       .run = mail->run,
                                       .program = mail->program,
                                       .size = mail->size,
                                       .actor = mail->actor,
                                       .time = mail->time};
        told = each(context, &row, error);
    }
    return told;
}

enum bamboo_status memory_read_reply(struct store *store, uint64_t mail, bool *answered,
                                     enum bamboo_status *status, char **text,
                                     struct bamboo_error *error)
{
    const struct memory_mail *sent = list_find(&memory_of(store)->mail, mail);
    if (!sent) return fail_no_mail(error);
    *answered = sent->answered;
    if (!sent->answered) return BAMBOO_OK;
    *status = sent->status;
    *text = memory_copy_text(sent->reply, strlen(sent->reply));
    return *text ? BAMBOO_OK : fail_memory(error);
}
