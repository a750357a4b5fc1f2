#include "vm/engine/owned_run.h"

#include <assert.h>

#include "base/memory.h"

#define BUCKET_COUNT_MIN 64

static void link_first(struct owned_run **list, struct owned_run *owned)
{
    owned->previous = NULL;
    owned->next = *list;
    if (owned->next) owned->next->previous = owned;
    *list = owned;
}

static void unlink_from(struct owned_run **list, struct owned_run *owned)
{
    if (owned->next) owned->next->previous = owned->previous;
    if (owned->previous)
        owned->previous->next = owned->next;
    else
        *list = owned->next;
}

enum bamboo_status run_set_add_take(struct run_set *set, struct run *run,
                                    struct linked_program *linked, struct owned_run **out,
                                    struct bamboo_error *error)
{
    struct owned_run *owned = memory_allocate_zeroed(1, sizeof *owned);
    if (!owned) {
        run_destroy(run);
        return fail_memory(error);
    }
    owned->run = run;
    owned->linked = linked_program_retain(linked);
    owned->standing = STANDING_MOVING;
    link_first(&set->first, owned);
    set->count++;
    set->standings[STANDING_MOVING]++;
    *out = owned;
    return BAMBOO_OK;
}

static struct owned_run **bucket_of(const struct run_set *set, uint64_t number)
{
    return &set->buckets[number & (set->bucket_count - 1)];
}

/* Numbers of runs follow each other, so the low bits spread them well. */
static bool grow_buckets(struct run_set *set)
{
    if (set->indexed < set->bucket_count) return true;
    struct run_set grown = {.bucket_count =
                                set->bucket_count ? 2 * set->bucket_count : BUCKET_COUNT_MIN};
    grown.buckets = memory_allocate_zeroed(grown.bucket_count, sizeof(struct owned_run *));
    if (!grown.buckets) return false;
    for (size_t i = 0; i < set->bucket_count; i++)
        for (struct owned_run *owned = set->buckets[i], *next; owned; owned = next) {
            next = owned->next_in_bucket;
            struct owned_run **bucket = bucket_of(&grown, owned->number);
            owned->next_in_bucket = *bucket;
            *bucket = owned;
        }
    memory_free(set->buckets);
    set->buckets = grown.buckets;
    set->bucket_count = grown.bucket_count;
    return true;
}

enum bamboo_status run_set_index(struct run_set *set, struct owned_run *owned,
                                 struct bamboo_error *error)
{
    if (!grow_buckets(set)) return fail_memory(error);
    struct owned_run **bucket = bucket_of(set, owned->number);
    owned->next_in_bucket = *bucket;
    *bucket = owned;
    owned->is_created = true;
    set->indexed++;
    return BAMBOO_OK;
}

struct owned_run *run_set_find(const struct run_set *set, uint64_t number)
{
    if (set->bucket_count == 0) return NULL;
    struct owned_run *owned = *bucket_of(set, number);
    while (owned && owned->number != number)
        owned = owned->next_in_bucket;
    return owned;
}

void run_set_stand(struct run_set *set, struct owned_run *owned, enum run_standing standing)
{
    set->standings[owned->standing]--;
    owned->standing = (uint8_t)standing;
    set->standings[standing]++;
}

void run_set_idle(struct run_set *set, struct owned_run *owned, int64_t now_ns)
{
    run_set_busy(set, owned);
    owned->is_idle = true;
    owned->idle_since_ns = now_ns;
    owned->newer_idle = NULL;
    owned->older_idle = set->newest_idle;
    if (set->newest_idle)
        set->newest_idle->newer_idle = owned;
    else
        set->oldest_idle = owned;
    set->newest_idle = owned;
    set->idle_count++;
}

void run_set_busy(struct run_set *set, struct owned_run *owned)
{
    if (!owned->is_idle) return;
    owned->is_idle = false;
    if (owned->newer_idle)
        owned->newer_idle->older_idle = owned->older_idle;
    else
        set->newest_idle = owned->older_idle;
    if (owned->older_idle)
        owned->older_idle->newer_idle = owned->newer_idle;
    else
        set->oldest_idle = owned->newer_idle;
    set->idle_count--;
}

/* Nobody finds it any more. */
static void take_out(struct run_set *set, struct owned_run *owned)
{
    run_set_busy(set, owned);
    if (owned->is_created) {
        struct owned_run **at = bucket_of(set, owned->number);
        while (*at != owned)
            at = &(*at)->next_in_bucket;
        *at = owned->next_in_bucket;
        set->indexed--;
    }
    unlink_from(&set->first, owned);
    set->count--;
}

void run_set_remove(struct run_set *set, struct owned_run *owned)
{
    assert(!owned->is_gone);
    take_out(set, owned);
    set->standings[owned->standing]--;
    owned->is_gone = true;
    link_first(&set->gone, owned);
}

static void owned_run_destroy(struct owned_run *owned)
{
    run_destroy(owned->run);
    run_destroy(owned->shadow);
    linked_program_release(owned->linked);
    memory_free(owned);
}

void run_set_send_away(struct run_set *set, struct owned_run *owned)
{
    assert(owned->is_idle && owned->is_created && owned->work_count == 0);
    take_out(set, owned);
    set->away_count++;
    if (owned->number > set->away_last) set->away_last = owned->number;
    owned_run_destroy(owned);
}

void run_set_is_back(struct run_set *set, struct owned_run *owned, enum run_standing standing)
{
    set->standings[owned->standing]--; /* it was counted while it was away */
    owned->standing = (uint8_t)standing;
    set->away_count--;
}

void run_set_sweep(struct run_set *set)
{
    for (struct owned_run *owned = set->gone, *next; owned; owned = next) {
        next = owned->next;
        if (owned->is_runnable || owned->is_dirty || owned->in_batch || owned->work_count > 0)
            continue;
        unlink_from(&set->gone, owned);
        owned_run_destroy(owned);
    }
}

static void destroy_list(struct owned_run *owned)
{
    while (owned) {
        struct owned_run *next = owned->next;
        owned_run_destroy(owned);
        owned = next;
    }
}

void run_set_release(struct run_set *set)
{
    destroy_list(set->first);
    destroy_list(set->gone);
    memory_free(set->buckets);
    *set = (struct run_set){0};
}
