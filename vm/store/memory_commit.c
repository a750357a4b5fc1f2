/* A batch of writes, all or nothing: what each write changes is kept until the last one has
 * succeeded, and put back in reverse order if one does not. */
#include <string.h>

#include "base/memory.h"
#include "vm/store/store_memory.h"
#include "vm/store/store_refusals.h"

/* What a write changed, as it was before. */
struct change {
    struct memory_run *run;
    struct store_summary summary;  /* APPEND */
    uint64_t sequence;             /* APPEND */
    struct memory_batch *snapshot; /* SNAPSHOT */
    uint64_t owner;                /* RELEASE */
    struct memory_mail *mail;      /* REPLY; NULL: nothing */
    bool adds_artifact;            /* CREATE_RUN */
};

static struct memory_batch *batch_create(uint64_t first, uint64_t last, const void *bytes,
                                         size_t size)
{
    struct memory_batch *batch = memory_allocate(sizeof *batch + size);
    if (!batch) return NULL;
    *batch = (struct memory_batch){.first = first, .last = last, .size = size};
    if (size > 0) memcpy(batch->bytes, bytes, size);
    return batch;
}

static enum bamboo_status add_artifact(struct memory_store *memory, const struct store_write *write,
                                       bool *adds, struct bamboo_error *error)
{
    if (memory_artifact_with(memory, write->digest)) return BAMBOO_OK;
    struct memory_artifact *artifact = memory_allocate(sizeof *artifact + write->image_size);
    if (!artifact || !list_reserve(&memory->artifacts)) {
        memory_free(artifact);
        return fail_memory(error);
    }
    memcpy(artifact->digest, write->digest, DIGEST_SIZE);
    artifact->size = write->image_size;
    if (write->image_size > 0) memcpy(artifact->bytes, write->image, write->image_size);
    list_add(&memory->artifacts, artifact);
    *adds = true;
    return BAMBOO_OK;
}

static void remove_last_artifact(struct memory_store *memory)
{
    memory_free(memory->artifacts.items[--memory->artifacts.count]);
}

/* There must be no other way to fail afterwards. */
static enum bamboo_status add_events(struct memory_store *memory, struct memory_run *run,
                                     const struct store_write *write, struct bamboo_error *error)
{
    struct memory_batch *batch = NULL;
    if (!list_reserve(&run->batches) ||
        !(batch = batch_create(write->first, write->last, write->bytes, write->size)))
        return fail_memory(error);
    batch->number = ++memory->last_batch;
    list_add(&run->batches, batch);
    run->row.summary = *write->summary;
    run->row.sequence = write->last;
    return BAMBOO_OK;
}

static struct memory_run *run_create(const struct store_write *write)
{
    struct memory_run *run = memory_allocate_zeroed(1, sizeof *run);
    if (!run) return NULL;
    run->row = (struct store_run){.created = write->time,
                                  .owner = write->engine,
                                  .fence = 1,
                                  .summary = *write->summary,
                                  .name = memory_copy_text(write->name, strlen(write->name))};
    memcpy(run->row.id, write->id, strlen(write->id));
    memcpy(run->row.digest, write->digest, DIGEST_SIZE);
    if (run->row.name) return run;
    memory_run_destroy(run);
    return NULL;
}

static enum bamboo_status create_run(struct memory_store *memory, const struct store_write *write,
                                     struct change *change, struct bamboo_error *error)
{
    if (memory_run_with_id(memory, write->id))
        return fail(error, BAMBOO_E_STORE, "there is a run with the id %s already", write->id);
    enum bamboo_status status = add_artifact(memory, write, &change->adds_artifact, error);
    if (status != BAMBOO_OK) return status;
    struct memory_run *run = run_create(write);
    bool has_room = run && list_reserve(&memory->runs) && list_reserve(&memory->runs_by_id);
    if (!has_room || (write->last > 0 && add_events(memory, run, write, error) != BAMBOO_OK)) {
        memory_run_destroy(run);
        if (change->adds_artifact) remove_last_artifact(memory);
        return fail_memory(error);
    }
    if (!list_find(&memory->engines, write->engine)) run->row.owner = 0;
    *write->number = run->row.number = ++memory->last_run;
    list_add(&memory->runs, run);
    list_insert(&memory->runs_by_id, memory_place_of_id(memory, write->id), run);
    *write->fence = 1;
    return BAMBOO_OK;
}

/* The run of a write that carries its fence. */
static enum bamboo_status find_fenced(const struct memory_store *memory,
                                      const struct store_write *write, struct change *change,
                                      struct bamboo_error *error)
{
    change->run = list_find(&memory->runs, *write->number);
    if (change->run && change->run->row.fence == *write->fence) return BAMBOO_OK;
    return refuse_write(write, error);
}

static enum bamboo_status append(struct memory_store *memory, const struct store_write *write,
                                 struct change *change, struct bamboo_error *error)
{
    enum bamboo_status status = find_fenced(memory, write, change, error);
    if (status != BAMBOO_OK) return status;
    const struct memory_run *run = change->run;
    if (run->row.sequence != write->first - 1) return refuse_write(write, error);
    change->summary = run->row.summary;
    change->sequence = run->row.sequence;
    return add_events(memory, change->run, write, error);
}

static enum bamboo_status write_snapshot(struct memory_store *memory,
                                         const struct store_write *write, struct change *change,
                                         struct bamboo_error *error)
{
    enum bamboo_status status = find_fenced(memory, write, change, error);
    if (status != BAMBOO_OK) return status;
    struct memory_batch *snapshot = batch_create(0, write->last, write->bytes, write->size);
    if (!snapshot) return fail_memory(error);
    change->snapshot = change->run->snapshot;
    change->run->snapshot = snapshot;
    return BAMBOO_OK;
}

static enum bamboo_status write_log(struct memory_store *memory, const struct store_write *write,
                                    struct change *change, struct bamboo_error *error)
{
    enum bamboo_status status = find_fenced(memory, write, change, error);
    if (status != BAMBOO_OK) return status;
    struct memory_log *log = memory_allocate(sizeof *log + write->size);
    char *node = memory_copy_text(write->node, strlen(write->node));
    if (!log || !node || !list_reserve(&change->run->logs)) {
        memory_free(log);
        memory_free(node);
        return fail_memory(error);
    }
    *log = (struct memory_log){.number = ++memory->last_log,
                               .attempt = write->attempt,
                               .stream = write->stream,
                               .time = write->time,
                               .size = write->size,
                               .node = node};
    if (write->size > 0) memcpy(log->bytes, write->bytes, write->size);
    list_add(&change->run->logs, log);
    return BAMBOO_OK;
}

static enum bamboo_status write_reply(struct memory_store *memory, const struct store_write *write,
                                      struct change *change, struct bamboo_error *error)
{
    struct memory_mail *mail = list_find(&memory->mail, write->mail);
    /* Gone with its run, or answered: nobody waits for this answer. */
    if (!mail || mail->answered) return BAMBOO_OK;
    const struct memory_run *run = list_find(&memory->runs, mail->run);
    if (write->fence && run && run->row.fence != *write->fence) return BAMBOO_OK;
    mail->reply = memory_copy_text(write->bytes ? write->bytes : "", write->size);
    if (!mail->reply) return fail_memory(error);
    mail->status = (enum bamboo_status)write->status;
    mail->answered = true;
    change->mail = mail;
    list_remove(&memory->open_mail, list_place(&memory->open_mail, mail->number));
    return BAMBOO_OK;
}

static enum bamboo_status release_run(struct memory_store *memory, const struct store_write *write,
                                      struct change *change, struct bamboo_error *error)
{
    enum bamboo_status status = find_fenced(memory, write, change, error);
    if (status != BAMBOO_OK) return status;
    change->owner = change->run->row.owner;
    change->run->row.owner = 0;
    return BAMBOO_OK;
}

typedef enum bamboo_status (*write_function)(struct memory_store *memory,
                                             const struct store_write *write, struct change *change,
                                             struct bamboo_error *error);

static const write_function functions[] = {
    [STORE_CREATE_RUN] = create_run, [STORE_APPEND] = append,     [STORE_SNAPSHOT] = write_snapshot,
    [STORE_LOG] = write_log,         [STORE_REPLY] = write_reply, [STORE_RELEASE] = release_run,
};

/* Of the newest run, which is the last one. */
static void undo_creation(struct memory_store *memory, const struct store_write *write,
                          const struct change *change)
{
    list_remove(&memory->runs_by_id, memory_place_of_id(memory, write->id));
    memory_run_destroy(memory->runs.items[--memory->runs.count]);
    if (change->adds_artifact) remove_last_artifact(memory);
}

/* The list of open mail has the room that it had before. */
static void undo_reply(struct memory_store *memory, struct memory_mail *mail)
{
    memory_free(mail->reply);
    mail->reply = NULL;
    mail->answered = false;
    list_insert(&memory->open_mail, list_place(&memory->open_mail, mail->number), mail);
}

static void undo(struct memory_store *memory, const struct store_write *write,
                 const struct change *change)
{
    struct memory_run *run = change->run;
    switch (write->kind) {
    case STORE_CREATE_RUN: undo_creation(memory, write, change); break;
    case STORE_APPEND:
        memory_free(run->batches.items[--run->batches.count]);
        run->row.summary = change->summary;
        run->row.sequence = change->sequence;
        break;
    case STORE_SNAPSHOT:
        memory_free(run->snapshot);
        run->snapshot = change->snapshot;
        break;
    case STORE_LOG: memory_log_destroy(run->logs.items[--run->logs.count]); break;
    case STORE_REPLY:
        if (change->mail) undo_reply(memory, change->mail);
        break;
    case STORE_RELEASE: run->row.owner = change->owner; break;
    }
}

/* `done` writes were tried; the last of them failed and changed nothing. */
static void undo_all(struct memory_store *memory, const struct store_write *writes,
                     const struct change *changes, size_t done)
{
    for (size_t i = done; i-- > 0;) {
        if (i + 1 < done) undo(memory, &writes[i], &changes[i]);
        if (writes[i].kind == STORE_CREATE_RUN) *writes[i].number = *writes[i].fence = 0;
    }
}

enum bamboo_status memory_commit(struct store *store, const struct store_write *writes,
                                 size_t count, size_t *refused, struct bamboo_error *error)
{
    struct memory_store *memory = memory_of(store);
    struct change *changes = memory_allocate_zeroed(count, sizeof *changes);
    if (!changes) return fail_memory(error);
    enum bamboo_status status = BAMBOO_OK;
    size_t done = 0;
    for (; done < count && status == BAMBOO_OK; done++)
        status = functions[writes[done].kind](memory, &writes[done], &changes[done], error);
    if (status == BAMBOO_E_OWNERSHIP && refused) *refused = done - 1;
    if (status != BAMBOO_OK) undo_all(memory, writes, changes, done);
    for (size_t i = 0; status == BAMBOO_OK && i < count; i++)
        memory_free(changes[i].snapshot); /* the one that was replaced */
    memory_free(changes);
    return status;
}
