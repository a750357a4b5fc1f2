#include "tests/crash/components.h"

#include <stdlib.h>
#include <string.h>

#include "api/library.h"
#include "base/error.h"
#include "base/memory.h"

/* A component has no context: one test, one place. */
static unsigned *effects;

void crash_effects_set(unsigned *counts)
{
    effects = counts;
}

static void count_effect(const struct bamboo_activity *activity)
{
    struct bamboo_value key = bamboo_activity_input(activity, "key");
    if (key.type != BAMBOO_STRING) return;
    effects[(unsigned char)*bamboo_string_bytes(key, NULL) % EFFECT_COUNT]++;
}

static enum bamboo_outcome mark_execute(struct bamboo_activity *activity)
{
    struct bamboo_value ok = bamboo_activity_input(activity, "ok");
    count_effect(activity);
    if (ok.type == BAMBOO_BOOL && !ok.as.boolean) return bamboo_activity_fail(activity, "not ok");
    return BAMBOO_SUCCESS;
}

#define LARGE_SIZE 40000

static enum bamboo_outcome large_execute(struct bamboo_activity *activity)
{
    struct bamboo_value text;
    char *bytes = memory_allocate(LARGE_SIZE);
    count_effect(activity);
    if (!bytes) return BAMBOO_FAILURE;
    memset(bytes, 'x', LARGE_SIZE);
    enum bamboo_status status = bamboo_string_create(bytes, LARGE_SIZE, &text, NULL);
    memory_free(bytes);
    if (status != BAMBOO_OK) return BAMBOO_FAILURE;
    bamboo_activity_set_output_take(activity, "text", text);
    return BAMBOO_SUCCESS;
}

static enum bamboo_outcome ask_execute(struct bamboo_activity *activity)
{
    count_effect(activity);
    return BAMBOO_PENDING;
}

static enum bamboo_outcome ask_schedule(struct bamboo_activity *activity, struct bamboo_value data)
{
    struct bamboo_value before = bamboo_activity_output(activity, "count");
    struct bamboo_value times = bamboo_activity_input(activity, "times");
    int64_t count = before.type == BAMBOO_INTEGER ? before.as.integer + 1 : 1;
    (void)data;
    bamboo_activity_set_output_take(activity, "count", bamboo_integer(count));
    return count < times.as.integer ? BAMBOO_PENDING : BAMBOO_SUCCESS;
}

static int64_t ask_interval(uint64_t count)
{
    (void)count;
    return 1;
}

#define OURS \
    .abi_version = BAMBOO_COMPONENT_ABI, .summary = "", .documentation = "", \
    .effect = BAMBOO_EFFECT_EXTERNAL, .any_output = true, .accepts_any_input = true
static const struct bamboo_component MARK = {OURS, .code = "mark", .execute = mark_execute};
static const struct bamboo_component LARGE = {OURS, .code = "large", .execute = large_execute};
static const struct bamboo_component ASK = {OURS,
                                            .code = "ask",
                                            .kind = BAMBOO_KIND_POLL,
                                            .execute = ask_execute,
                                            .schedule = ask_schedule,
                                            .interval = ask_interval};
#undef OURS

struct bamboo_library *crash_library(const char *plugin, struct bamboo_error *error)
{
    static const struct bamboo_component *const ours[] = {&MARK, &LARGE, &ASK};
    struct bamboo_library *library = NULL;
    if (bamboo_library_create(&plugin, plugin ? 1 : 0, &library, error) != BAMBOO_OK) return NULL;
    size_t count = library->components.count, added = sizeof ours / sizeof *ours;
    const struct bamboo_component **items = memory_allocate((count + added) * sizeof *items);
    if (!items) {
        (void)fail_memory(error);
        bamboo_library_destroy(library);
        return NULL;
    }
    memcpy(items, library->components.items, count * sizeof *items);
    memcpy(items + count, ours, sizeof ours);
    memory_free(library->storage);
    library->storage = items;
    library->components = (struct bamboo_component_set){items, count + added};
    return library;
}
