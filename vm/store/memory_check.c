/* A store in memory has no checksums: nothing can damage it but its own process. What can be wrong
 * is the order of events. */
#include <stdio.h>

#include "vm/store/store_memory.h"

/* Others who write in this process are its own engine, which waits for its answer. */
enum bamboo_status memory_freeze(struct store *store, struct bamboo_error *error)
{
    (void)store;
    (void)error;
    return BAMBOO_OK;
}

enum bamboo_status memory_thaw(struct store *store, enum bamboo_status status,
                               struct bamboo_error *error)
{
    (void)store;
    (void)error;
    return status;
}

static void check_run(const struct memory_run *run, const struct store_finder *finder,
                      struct store_counts *counts)
{
    uint64_t next = 1;
    for (size_t i = 0; i < run->batches.count; i++) {
        const struct memory_batch *batch = run->batches.items[i];
        if (batch->first != next) break;
        next = batch->last + 1;
    }
    counts->batches += run->batches.count;
    counts->events += next - 1;
    counts->logs += run->logs.count;
    counts->snapshots += run->snapshot != NULL;
    if (next == run->row.sequence + 1) return;
    const struct store_problem problem = {
        .table = "event", .run = run->row.id, .event = next, .sentence = "is missing"};
    finder->found(finder->context, &problem);
}

enum bamboo_status memory_check(struct store *store, const struct store_finder *finder,
                                struct store_counts *counts, struct bamboo_error *error)
{
    const struct memory_store *memory = memory_of(store);
    (void)error;
    *counts = (struct store_counts){.runs = memory->runs.count,
                                    .artifacts = memory->artifacts.count,
                                    .mails = memory->mail.count,
                                    .engines = memory->engines.count};
    for (size_t i = 0; i < memory->runs.count; i++)
        check_run(memory->runs.items[i], finder, counts);
    return BAMBOO_OK;
}
