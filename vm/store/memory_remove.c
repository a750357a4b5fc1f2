#include <string.h>

#include "base/memory.h"
#include "vm/store/store_memory.h"
#include "vm/store/store_refusals.h"

static void remove_mail(struct memory_store *memory, uint64_t run)
{
    for (size_t i = memory->mail.count; i-- > 0;) {
        struct memory_mail *mail = memory->mail.items[i];
        if (mail->run != run) continue;
        if (!mail->answered)
            list_remove(&memory->open_mail, list_place(&memory->open_mail, mail->number));
        list_remove(&memory->mail, i);
        memory_mail_destroy(mail);
    }
}

static void remove_unused_artifact(struct memory_store *memory, const uint8_t digest[DIGEST_SIZE])
{
    for (size_t i = 0; i < memory->runs.count; i++) {
        const struct memory_run *run = memory->runs.items[i];
        if (memcmp(run->row.digest, digest, DIGEST_SIZE) == 0) return;
    }
    for (size_t i = 0; i < memory->artifacts.count; i++) {
        struct memory_artifact *artifact = memory->artifacts.items[i];
        if (memcmp(artifact->digest, digest, DIGEST_SIZE) != 0) continue;
        list_remove(&memory->artifacts, i);
        memory_free(artifact);
        return;
    }
}

enum bamboo_status memory_forget_run(struct store *store, const char *id, bool force,
                                     struct bamboo_error *error)
{
    struct memory_store *memory = memory_of(store);
    struct memory_run *run = memory_run_with_id(memory, id);
    if (!run) return fail_no_run(id, error);
    struct store_run row = memory_look(memory, run);
    enum bamboo_status status = refuse_unless_removable(&row, force, error);
    if (status != BAMBOO_OK) return status;
    list_remove(&memory->runs, list_place(&memory->runs, row.number));
    list_remove(&memory->runs_by_id, memory_place_of_id(memory, id));
    remove_mail(memory, row.number);
    remove_unused_artifact(memory, row.digest);
    memory_run_destroy(run);
    return BAMBOO_OK;
}

/* Nothing is left of what was forgotten, and freed memory goes back by itself. */
enum bamboo_status memory_sweep(struct store *store, uint64_t limit, bool *done,
                                struct bamboo_error *error)
{
    (void)store;
    (void)limit;
    (void)error;
    *done = true;
    return BAMBOO_OK;
}

enum bamboo_status memory_shrink(struct store *store, uint64_t limit, bool *done,
                                 struct bamboo_error *error)
{
    return memory_sweep(store, limit, done, error);
}

enum bamboo_status memory_measure(struct store *store, struct store_size *out,
                                  struct bamboo_error *error)
{
    (void)store;
    (void)error;
    *out = (struct store_size){0};
    return BAMBOO_OK;
}
