#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "vm/store/store_memory.h"
#include "vm/store/store_refusals.h"

enum bamboo_status memory_find_run(struct store *store, const char *reference,
                                   struct store_run *out, struct bamboo_error *error)
{
    const struct memory_store *memory = memory_of(store);
    size_t count = memory->runs.count;
    if (strcmp(reference, "@last") == 0)
        return count == 0 ? fail_no_run(NO_RUN_YET, error)
                          : memory_copy_run(memory, memory->runs.items[count - 1], out, error);
    struct candidates candidates = {0};
    size_t place = memory_place_of_id(memory, reference);
    for (size_t i = place; i < count && candidates.count <= CANDIDATES_MAX; i++) {
        const struct memory_run *run = memory->runs_by_id.items[i];
        if (strncmp(run->row.id, reference, strlen(reference)) != 0) break;
        candidates_add(&candidates, run->row.id, run->row.name);
    }
    enum bamboo_status status = candidates_finish(&candidates, reference, error);
    if (status != BAMBOO_OK) return status;
    return memory_copy_run(memory, memory->runs_by_id.items[place], out, error);
}

enum bamboo_status memory_find_number(struct store *store, uint64_t number, struct store_run *out,
                                      struct bamboo_error *error)
{
    const struct memory_store *memory = memory_of(store);
    const struct memory_run *run = list_find(&memory->runs, number);
    char reference[40];
    snprintf(reference, sizeof reference, "number %llu", (unsigned long long)number);
    return run ? memory_copy_run(memory, run, out, error) : fail_no_run(reference, error);
}

enum bamboo_status memory_list_runs(struct store *store, bool with_ended, size_t limit,
                                    enum bamboo_status (*each)(void *context,
                                                               const struct store_run *,
                                                               struct bamboo_error *),
                                    void *context, struct bamboo_error *error)
{
    const struct memory_store *memory = memory_of(store);
    enum bamboo_status told = BAMBOO_OK;
    size_t count = 0;
    for (size_t i = memory->runs.count; i-- > 0 && told == BAMBOO_OK;) {
        if (limit > 0 && count == limit) break;
        struct store_run row = memory_look(memory, memory->runs.items[i]);
        if (row.summary.ended && !with_ended) continue;
        told = each(context, &row, error);
        count++;
    }
    return told;
}

/* A copy of bytes, with at least a byte of memory. */
static enum bamboo_status copy(const uint8_t *from, size_t from_size, void **bytes, size_t *size,
                               struct bamboo_error *error)
{
    *bytes = memory_copy_text((const char *)from, from_size);
    if (!*bytes) return fail_memory(error);
    *size = from_size;
    return BAMBOO_OK;
}

enum bamboo_status memory_read_artifact(struct store *store, const uint8_t digest[DIGEST_SIZE],
                                        void **bytes, size_t *size, struct bamboo_error *error)
{
    const struct memory_artifact *artifact = memory_artifact_with(memory_of(store), digest);
    if (!artifact) return fail_no_artifact(digest, error);
    /* Whoever stored it may have been wrong about its digest. */
    uint8_t actual[DIGEST_SIZE];
    digest_compute(artifact->bytes, artifact->size, actual);
    if (memcmp(actual, digest, DIGEST_SIZE) != 0)
        return fail(error, BAMBOO_E_STORE,
                    "the store in memory is damaged: an artifact is not what was stored");
    return copy(artifact->bytes, artifact->size, bytes, size, error);
}

enum bamboo_status memory_read_snapshot(struct store *store, uint64_t run, uint64_t *sequence,
                                        void **bytes, size_t *size, struct bamboo_error *error)
{
    *sequence = 0;
    *bytes = NULL;
    *size = 0;
    const struct memory_run *found = list_find(&memory_of(store)->runs, run);
    if (!found || !found->snapshot) return BAMBOO_OK;
    const struct memory_batch *snapshot = found->snapshot;
    enum bamboo_status status = copy(snapshot->bytes, snapshot->size, bytes, size, error);
    if (status == BAMBOO_OK) *sequence = snapshot->last;
    return status;
}

enum bamboo_status memory_read_events(struct store *store, uint64_t run, uint64_t after,
                                      enum bamboo_status (*each)(void *context, uint64_t first,
                                                                 uint64_t last, const void *bytes,
                                                                 size_t size,
                                                                 struct bamboo_error *),
                                      void *context, struct bamboo_error *error)
{
    const struct memory_run *found = list_find(&memory_of(store)->runs, run);
    enum bamboo_status told = BAMBOO_OK;
    for (size_t i = 0; found && i < found->batches.count && told == BAMBOO_OK; i++) {
        const struct memory_batch *batch = found->batches.items[i];
        if (batch->last > after)
            told = each(context, batch->first, batch->last, batch->bytes, batch->size, error);
    }
    return told;
}

/* The batch with the smallest number that is at least `from`; NULL if there is none. */
static const struct memory_batch *first_batch(const struct memory_store *memory, uint64_t from,
                                              const struct memory_run **of)
{
    const struct memory_batch *found = NULL;
    for (size_t i = 0; i < memory->runs.count; i++) {
        const struct memory_run *run = memory->runs.items[i];
        size_t place = list_place(&run->batches, from);
        if (place == run->batches.count) continue;
        const struct memory_batch *batch = run->batches.items[place];
        if (found && found->number < batch->number) continue;
        found = batch;
        *of = run;
    }
    return found;
}

enum bamboo_status memory_read_journal(struct store *store, uint64_t from, size_t limit,
                                       enum bamboo_status (*each)(void *context,
                                                                  const struct store_batch *,
                                                                  struct bamboo_error *),
                                       void *context, struct bamboo_error *error)
{
    const struct memory_run *run = NULL;
    const struct memory_batch *batch;
    enum bamboo_status told = BAMBOO_OK;
    for (; limit > 0 && told == BAMBOO_OK; limit--, from = batch->number + 1) {
        batch = first_batch(memory_of(store), from, &run);
        if (!batch) break;
        const struct store_batch row = {.number = batch->number,
                                        .run = run->row.number,
                                        .id = run->row.id,
                                        .first = batch->first,
                                        .last = batch->last,
                                        .bytes = batch->bytes,
                                        .size = batch->size};
        told = each(context, &row, error);
    }
    return told;
}

enum bamboo_status memory_read_logs(
    struct store *store, uint64_t run, const char *node, uint64_t after,
    enum bamboo_status (*each)(void *context, const struct store_log *, struct bamboo_error *),
    void *context, struct bamboo_error *error)
{
    const struct memory_run *found = list_find(&memory_of(store)->runs, run);
    enum bamboo_status told = BAMBOO_OK;
    for (size_t i = 0; found && i < found->logs.count && told == BAMBOO_OK; i++) {
        const struct memory_log *log = found->logs.items[i];
        if (log->number <= after || (node && strcmp(log->node, node) != 0)) continue;
        const struct store_log row = {.number = log->number,
                                      .node = log->node,
                                      .attempt = log->attempt,
                                      .stream = log->stream,
                                      .time = log->time,
                                      .bytes = log->bytes,
                                      .size = log->size};
        told = each(context, &row, error);
    }
    return told;
}
