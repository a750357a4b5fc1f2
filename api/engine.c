/* Opening an engine, and executing runs with it. */
#include "api/engine.h"

#include <assert.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

static_assert(BAMBOO_RUN_ID_SIZE == RUN_ID_SIZE, "the store's ids are the public ones");

#define LOCK_TIMEOUT_DEFAULT_MS 10000
#define HOST_NAME_SIZE          256
#define USER_ENTRY_SIZE         4096

static enum store_durability durability_of(enum bamboo_durability durability)
{
    switch (durability) {
    case BAMBOO_DURABILITY_NONE: return STORE_DURABILITY_NONE;
    case BAMBOO_DURABILITY_OS: return STORE_DURABILITY_OS;
    case BAMBOO_DURABILITY_FULL: break;
    }
    return STORE_DURABILITY_FULL;
}

/* As the environment says, else as the system knows the user, else the user's number. */
static void append_user(struct text *text)
{
    struct passwd entry, *found = NULL;
    char buffer[USER_ENTRY_SIZE];
    const char *user = getenv("USER");
    if (!user || !*user) user = getenv("LOGNAME");
    if ((!user || !*user) && getpwuid_r(getuid(), &entry, buffer, sizeof buffer, &found) == 0)
        user = found ? found->pw_name : NULL;
    if (user && *user)
        text_append_string(text, user);
    else
        text_append_format(text, "%u", (unsigned)getuid());
}

/* "user@host". */
static char *make_actor(const char *given)
{
    if (given) return memory_copy_text(given, strlen(given));
    struct text text = {0};
    char host[HOST_NAME_SIZE] = "";
    append_user(&text);
    if (gethostname(host, sizeof host - 1) == 0) text_append_format(&text, "@%s", host);
    char *actor = text.failed ? NULL : memory_copy_text(text.bytes, text.size);
    text_release(&text);
    return actor;
}

struct run_library engine_run_library(const struct bamboo_engine *engine)
{
    return (struct run_library){&engine->library->components, &engine->library->functions};
}

static enum bamboo_status open_parts(struct bamboo_engine *engine,
                                     const struct bamboo_engine_options *options,
                                     struct bamboo_error *error)
{
    struct store_options how = {.durability = durability_of(options->durability),
                                .timeout_ms = options->lock_timeout_ms > 0
                                                  ? options->lock_timeout_ms
                                                  : LOCK_TIMEOUT_DEFAULT_MS,
                                .read_only = options->read_only};
    engine->actor = make_actor(options->actor);
    if (!engine->actor) return fail_memory(error);
    enum bamboo_status status = store_open(options->store, &how, &engine->store, error);
    if (status != BAMBOO_OK || options->read_only) return status;
    struct engine_options parts = {.store = engine->store,
                                   .library = engine_run_library(engine),
                                   .actor = engine->actor,
                                   .handles_signals = options->handle_signals,
                                   .lease_ms = options->lease_ms};
    return engine_create(&parts, &engine->engine, error);
}

enum bamboo_status bamboo_engine_open(const struct bamboo_library *library,
                                      const struct bamboo_engine_options *options,
                                      struct bamboo_engine **out, struct bamboo_error *error)
{
    if (!options->store || !*options->store)
        return fail(error, BAMBOO_E_USAGE, "the engine needs a store");
    if ((unsigned)options->durability > BAMBOO_DURABILITY_NONE)
        return fail(error, BAMBOO_E_USAGE, "this is no durability that is known");
    struct bamboo_engine *engine = memory_allocate_zeroed(1, sizeof *engine);
    if (!engine) return fail_memory(error);
    engine->library = library;
    enum bamboo_status status = open_parts(engine, options, error);
    if (status != BAMBOO_OK) {
        bamboo_engine_close(engine);
        return status;
    }
    *out = engine;
    return BAMBOO_OK;
}

void bamboo_engine_close(struct bamboo_engine *engine)
{
    if (!engine) return;
    engine_destroy(engine->engine);
    store_close(engine->store);
    memory_free(engine->actor);
    memory_free(engine);
}

enum bamboo_status engine_for_change(struct bamboo_engine *engine, struct engine **out,
                                     struct bamboo_error *error)
{
    if (!engine->engine)
        return fail(error, BAMBOO_E_USAGE,
                    "the store was opened read-only: nothing can be changed");
    *out = engine->engine;
    return BAMBOO_OK;
}

void engine_describe_row(const struct store_run *row, struct bamboo_map_builder *map)
{
    uint32_t state = row->summary.state;
    bamboo_map_builder_set_text(map, "id", row->id);
    bamboo_map_builder_set_text(map, "flow", row->name);
    bamboo_map_builder_set_text(
        map, "state", state < RUN_STATE_COUNT ? run_state_name((enum run_state)state) : "unknown");
}

enum bamboo_status engine_find_run(struct bamboo_engine *engine, const char *reference,
                                   struct store_run *out, struct bamboo_error *error)
{
    enum bamboo_status status = engine->engine ? engine_flush(engine->engine, error) : BAMBOO_OK;
    return status == BAMBOO_OK ? store_find_run(engine->store, reference, out, error) : status;
}

/* The options that were given, as a map; missing if there are none. */
static enum bamboo_status describe_options(const struct bamboo_start_options *options,
                                           struct bamboo_value *out, struct bamboo_error *error)
{
    *out = bamboo_missing();
    if (!options) return BAMBOO_OK;
    const struct {
        const char *name;
        struct bamboo_value value;
    } maps[] = {{"data", options->data},
                {"context", options->context},
                {"subprocess_context", options->subprocess_context}};
    struct bamboo_map_builder builder;
    bamboo_map_builder_init(&builder);
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
        if (maps[i].value.type != BAMBOO_MISSING)
            bamboo_map_builder_set_take(&builder, maps[i].name, bamboo_value_retain(maps[i].value));
    if (options->start) bamboo_map_builder_set_text(&builder, "start", options->start);
    if (options->rerun_limit != 0)
        bamboo_map_builder_set_integer(&builder, "rerun_limit", options->rerun_limit);
    enum bamboo_status status = bamboo_map_builder_finish(&builder, out, error);
    if (status != BAMBOO_OK || bamboo_map_count(*out) > 0) return status;
    bamboo_value_release(*out);
    *out = bamboo_missing();
    return BAMBOO_OK;
}

enum bamboo_status bamboo_start(struct bamboo_engine *engine, const struct bamboo_flow *flow,
                                struct bamboo_value parameters,
                                const struct bamboo_start_options *options,
                                char id[BAMBOO_RUN_ID_SIZE], struct bamboo_error *error)
{
    struct engine *changed = NULL;
    struct bamboo_value described = bamboo_missing();
    enum bamboo_status status = engine_for_change(engine, &changed, error);
    if (status == BAMBOO_OK) status = describe_options(options, &described, error);
    if (status == BAMBOO_OK)
        status = engine_start(changed, flow->linked, parameters, described, id, error);
    bamboo_value_release(described);
    return status;
}

enum bamboo_status bamboo_engine_flush(struct bamboo_engine *engine, struct bamboo_error *error)
{
    return engine->engine ? engine_flush(engine->engine, error) : BAMBOO_OK;
}

enum bamboo_status bamboo_claim(struct bamboo_engine *engine, const char *run,
                                struct bamboo_error *error)
{
    struct engine *changed = NULL;
    struct store_run row = {0};
    enum bamboo_status status = engine_for_change(engine, &changed, error);
    if (status == BAMBOO_OK) status = engine_find_run(engine, run, &row, error);
    if (status == BAMBOO_OK && !engine_owns(changed, &row)) {
        if (row.summary.ended)
            status = fail(error, BAMBOO_E_REFUSED, "run %s is %s: it cannot go on", row.id,
                          run_state_name((enum run_state)row.summary.state));
        else
            status = engine_claim(changed, row.id, error);
    }
    store_run_release(&row);
    return status;
}

enum bamboo_status bamboo_engine_loop(struct bamboo_engine *engine, enum bamboo_until until,
                                      struct bamboo_error *error)
{
    struct engine *changed = NULL;
    if ((unsigned)until > BAMBOO_UNTIL_STOPPED)
        return fail(error, BAMBOO_E_USAGE, "this is no end of a loop that is known");
    enum bamboo_status status = engine_for_change(engine, &changed, error);
    return status == BAMBOO_OK ? engine_loop(changed, until, error) : status;
}

enum bamboo_status bamboo_engine_step(struct bamboo_engine *engine, int64_t timeout_ms, bool *busy,
                                      struct bamboo_error *error)
{
    struct engine *changed = NULL;
    enum bamboo_status status = engine_for_change(engine, &changed, error);
    *busy = false;
    return status == BAMBOO_OK ? engine_step(changed, timeout_ms, busy, error) : status;
}

void bamboo_engine_stop(struct bamboo_engine *engine)
{
    if (engine->engine) engine_stop(engine->engine);
}

void bamboo_engine_observe(struct bamboo_engine *engine, bamboo_observer observer, void *context)
{
    if (engine->engine) engine_observe(engine->engine, observer, context);
}
