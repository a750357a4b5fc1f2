#include "vm/store/store_memory.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/memory.h"

static_assert(offsetof(struct memory_run, row.number) == 0 &&
                  offsetof(struct memory_batch, number) == 0 &&
                  offsetof(struct memory_mail, number) == 0 &&
                  offsetof(struct memory_engine, number) == 0,
              "list_place() reads the number at the beginning");

/* --- Lists --- */

bool list_reserve(struct object_list *list)
{
    void *items = list->items;
    if (!memory_grow(&items, &list->capacity, list->count + 1, sizeof *list->items)) return false;
    list->items = items;
    return true;
}

void list_add(struct object_list *list, void *object)
{
    list->items[list->count++] = object;
}

void list_insert(struct object_list *list, size_t index, void *object)
{
    memmove(&list->items[index + 1], &list->items[index],
            (list->count - index) * sizeof *list->items);
    list->items[index] = object;
    list->count++;
}

void list_remove(struct object_list *list, size_t index)
{
    list->count--;
    memmove(&list->items[index], &list->items[index + 1],
            (list->count - index) * sizeof *list->items);
}

size_t list_place(const struct object_list *list, uint64_t number)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (*(const uint64_t *)list->items[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void *list_find(const struct object_list *list, uint64_t number)
{
    size_t place = list_place(list, number);
    bool found = place < list->count && *(const uint64_t *)list->items[place] == number;
    return found ? list->items[place] : NULL;
}

static void list_release(struct object_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        memory_free(list->items[i]);
    memory_free(list->items);
}

/* --- Ends of objects --- */

void memory_log_destroy(struct memory_log *log)
{
    if (!log) return;
    memory_free(log->node);
    memory_free(log);
}

void memory_mail_destroy(struct memory_mail *mail)
{
    if (!mail) return;
    memory_free(mail->actor);
    memory_free(mail->reply);
    memory_free(mail);
}

void memory_run_destroy(struct memory_run *run)
{
    if (!run) return;
    for (size_t i = 0; i < run->logs.count; i++)
        memory_log_destroy(run->logs.items[i]);
    memory_free(run->logs.items);
    list_release(&run->batches);
    memory_free(run->snapshot);
    store_run_release(&run->row);
    memory_free(run);
}

/* --- Finding --- */

size_t memory_place_of_id(const struct memory_store *memory, const char *id)
{
    size_t low = 0, high = memory->runs_by_id.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct memory_run *run = memory->runs_by_id.items[middle];
        if (strcmp(run->row.id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct memory_run *memory_run_with_id(const struct memory_store *memory, const char *id)
{
    size_t place = memory_place_of_id(memory, id);
    if (place == memory->runs_by_id.count) return NULL;
    struct memory_run *run = memory->runs_by_id.items[place];
    return strcmp(run->row.id, id) == 0 ? run : NULL;
}

struct memory_artifact *memory_artifact_with(const struct memory_store *memory,
                                             const uint8_t digest[DIGEST_SIZE])
{
    for (size_t i = 0; i < memory->artifacts.count; i++) {
        struct memory_artifact *artifact = memory->artifacts.items[i];
        if (memcmp(artifact->digest, digest, DIGEST_SIZE) == 0) return artifact;
    }
    return NULL;
}

struct store_run memory_look(const struct memory_store *memory, const struct memory_run *run)
{
    struct store_run row = run->row;
    row.owner_alive = memory_engine_is_alive(memory, row.owner);
    return row;
}

enum bamboo_status memory_copy_run(const struct memory_store *memory, const struct memory_run *run,
                                   struct store_run *out, struct bamboo_error *error)
{
    struct store_run row = memory_look(memory, run);
    row.name = memory_copy_text(row.name, strlen(row.name));
    if (!row.name) return fail_memory(error);
    *out = row;
    return BAMBOO_OK;
}

/* --- Opening and closing --- */

static void memory_store_close(struct store *store)
{
    struct memory_store *memory = memory_of(store);
    for (size_t i = 0; i < memory->runs.count; i++)
        memory_run_destroy(memory->runs.items[i]);
    memory_free(memory->runs.items);
    memory_free(memory->runs_by_id.items);
    for (size_t i = 0; i < memory->mail.count; i++)
        memory_mail_destroy(memory->mail.items[i]);
    memory_free(memory->mail.items);
    memory_free(memory->open_mail.items);
    list_release(&memory->artifacts);
    list_release(&memory->engines);
    if (store->lock) pthread_mutex_destroy(store->lock);
    memory_free(memory);
}

static const char *no_wake_path(const struct store *store)
{
    (void)store;
    return NULL;
}

static const struct store_functions memory_functions = {
    .close = memory_store_close,
    .wake_path = no_wake_path,
    .commit = memory_commit,
    .engine_join = memory_engine_join,
    .engine_renew = memory_engine_renew,
    .engine_leave = memory_engine_leave,
    .claim = memory_claim,
    .claim_some = memory_claim_some,
    .submit = memory_submit,
    .read_mail = memory_read_mail,
    .read_reply = memory_read_reply,
    .find_run = memory_find_run,
    .find_number = memory_find_number,
    .list_runs = memory_list_runs,
    .read_artifact = memory_read_artifact,
    .read_snapshot = memory_read_snapshot,
    .read_events = memory_read_events,
    .read_journal = memory_read_journal,
    .read_logs = memory_read_logs,
    .forget_run = memory_forget_run,
    .sweep = memory_sweep,
    .shrink = memory_shrink,
    .measure = memory_measure,
    .freeze = memory_freeze,
    .thaw = memory_thaw,
    .check = memory_check,
};

/* Recursive, because a callback of a reading function may call the store. */
static bool make_lock(struct memory_store *memory)
{
    pthread_mutexattr_t attributes;
    if (pthread_mutexattr_init(&attributes) != 0) return false;
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    if (pthread_mutex_init(&memory->lock, &attributes) == 0) memory->store.lock = &memory->lock;
    pthread_mutexattr_destroy(&attributes);
    return memory->store.lock != NULL;
}

enum bamboo_status memory_store_open(struct store **out, struct bamboo_error *error)
{
    struct memory_store *memory = memory_allocate_zeroed(1, sizeof *memory);
    if (!memory) return fail_memory(error);
    memory->store.functions = &memory_functions;
    memory->store.clock.now = store_wall_clock;
    if (!make_lock(memory)) {
        memory_store_close(&memory->store);
        return fail_memory(error);
    }
    *out = &memory->store;
    return BAMBOO_OK;
}
