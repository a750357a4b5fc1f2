#include "vm/engine/away.h"
#include "vm/engine/engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "base/memory.h"
#include "vm/engine/commit.h"
#include "vm/engine/effects.h"
#include "vm/engine/idle.h"
#include "vm/engine/mailbox.h"
#include "vm/engine/ownership.h"

/* Processes at a time: more do not make a machine faster, but eat descriptors and memory. */
#define PROCESS_COUNT_MAX 512
/* Descriptors of a process here (two pipes, a pidfd, and one more while it is started), and what
 * the rest of the program needs. */
#define DESCRIPTORS_A_PROCESS 4
#define DESCRIPTORS_RESERVED  64

static size_t process_count_max(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return PROCESS_COUNT_MAX;
    if (limit.rlim_cur < DESCRIPTORS_RESERVED + DESCRIPTORS_A_PROCESS) return 1;
    size_t count = (limit.rlim_cur - DESCRIPTORS_RESERVED) / DESCRIPTORS_A_PROCESS;
    return count < PROCESS_COUNT_MAX ? count : PROCESS_COUNT_MAX;
}

enum bamboo_status engine_create(const struct engine_options *options, struct engine **out,
                                 struct bamboo_error *error)
{
    struct engine *engine = memory_allocate_zeroed(1, sizeof *engine);
    if (!engine) return fail_memory(error);
    engine->store = options->store;
    engine->library = options->library;
    engine->handles_signals = options->handles_signals;
    engine->lease_ms = options->lease_ms > 0 ? options->lease_ms : LEASE_DEFAULT_MS;
    engine->process_count_max = process_count_max();
    engine->idle_kept_max = IDLE_KEPT_MAX;
    engine->idle_deadline_ms = IDLE_DEADLINE_MS;
    trace_init(&engine->trace);
    engine->actor = memory_copy_text(options->actor, strlen(options->actor));
    enum bamboo_status status = engine->actor ? BAMBOO_OK : fail_memory(error);
    if (status == BAMBOO_OK) status = host_create(&engine->host, error);
    if (status == BAMBOO_OK) status = interpreter_create(&engine->machine, error);
    if (status == BAMBOO_OK)
        status = commit_thread_create(engine->store, engine->host, &engine->commits, error);
    if (status != BAMBOO_OK) {
        engine_destroy(engine);
        return status;
    }
    *out = engine;
    return BAMBOO_OK;
}

void engine_destroy(struct engine *engine)
{
    if (!engine) return;
    effects_kill_all(engine);
    if (engine->commits) commit_all(engine);
    commit_thread_destroy(engine->commits); /* waits, so that nothing writes any more */
    ownership_leave(engine);
    commit_release(engine);
    effects_release(engine);
    program_paths_release(&engine->program_paths);
    ownership_release(engine);
    idle_release(engine);
    mailbox_release(engine);
    scheduler_release(&engine->scheduler);
    run_set_release(&engine->runs);
    interpreter_destroy(engine->machine);
    host_destroy(engine->host);
    memory_free(engine->actor);
    memory_free(engine);
}

/* --- Runs --- */

static enum bamboo_status make_id(char id[RUN_ID_SIZE], struct bamboo_error *error)
{
    uint64_t number;
    if (getrandom(&number, sizeof number, 0) != sizeof number)
        return fail(error, BAMBOO_E_IO, "the system gives no random numbers for a run's id");
    snprintf(id, RUN_ID_SIZE, "%016" PRIx64, number);
    return BAMBOO_OK;
}

/* An observer is told in the middle of a turn: it may look, but not act. */
static enum bamboo_status check_change(const struct engine *engine, struct bamboo_error *error)
{
    if (engine->is_settling)
        return fail(error, BAMBOO_E_USAGE, "an observer may look at runs, but not change them");
    return engine_check(engine, error);
}

enum bamboo_status engine_start(struct engine *engine, struct linked_program *linked,
                                struct bamboo_value parameters, struct bamboo_value options,
                                char id[RUN_ID_SIZE], struct bamboo_error *error)
{
    struct run *run = NULL;
    struct owned_run *owned;
    enum bamboo_status status = check_change(engine, error);
    if (status == BAMBOO_OK) status = make_id(id, error);
    if (status == BAMBOO_OK)
        status =
            run_create(linked, id, parameters, options, host_wall_ms(engine->host), &run, error);
    if (status == BAMBOO_OK && (status = ownership_join(engine, error)) != BAMBOO_OK)
        run_destroy(run);
    if (status == BAMBOO_OK) status = run_set_add_take(&engine->runs, run, linked, &owned, error);
    if (status == BAMBOO_OK) engine_touch_fresh(engine, owned);
    return status;
}

enum bamboo_status engine_claim(struct engine *engine, const char *id, struct bamboo_error *error)
{
    enum bamboo_status status = check_change(engine, error);
    return status == BAMBOO_OK ? ownership_claim(engine, id, error) : status;
}

bool engine_owns(const struct engine *engine, const struct store_run *row)
{
    return run_set_find(&engine->runs, row->number) || idle_is_away(engine, row);
}

enum bamboo_status engine_operate(struct engine *engine, uint64_t number, const void *image,
                                  size_t size, struct text *reply, struct bamboo_error *error)
{
    struct owned_run *owned = run_set_find(&engine->runs, number);
    enum bamboo_status status = check_change(engine, error);
    if (status != BAMBOO_OK) return status;
    if (!owned) status = away_recall(engine, number, &owned, error);
    if (status != BAMBOO_OK) return status;
    return mailbox_operate(engine, owned, image, size, engine->actor, reply, error);
}

enum bamboo_status engine_read_mail(struct engine *engine, struct bamboo_error *error)
{
    enum bamboo_status status = check_change(engine, error);
    if (status != BAMBOO_OK) return status;
    mailbox_read(engine);
    return engine_check(engine, error);
}

enum bamboo_status engine_keep(struct engine *engine, struct bamboo_error *error)
{
    ownership_renew(engine);
    return engine_check(engine, error);
}

/* --- The rest --- */

enum bamboo_status engine_flush(struct engine *engine, struct bamboo_error *error)
{
    commit_all(engine);
    if (!engine->is_settling) run_set_sweep(&engine->runs);
    return engine_check(engine, error);
}

void engine_stop(struct engine *engine)
{
    atomic_store(&engine->stopped, true);
    host_wake(engine->host);
}

void engine_observe(struct engine *engine, bamboo_observer observer, void *context)
{
    engine->observer = observer;
    engine->observer_context = context;
}

size_t engine_commit_count(const struct engine *engine)
{
    return engine->commit_count;
}
