#include "vm/engine/load.h"

#include "base/memory.h"

enum bamboo_status load_program(struct store *store, const struct run_library *library,
                                const uint8_t digest[DIGEST_SIZE], const char *name,
                                struct linked_program **out, struct bamboo_error *error)
{
    void *image = NULL;
    size_t size = 0;
    struct program *program = NULL;
    enum bamboo_status status = store_read_artifact(store, digest, &image, &size, error);
    if (status == BAMBOO_OK) status = program_load(image, size, name, &program, error);
    if (status == BAMBOO_OK)
        status = link_program(program, library->components, library->functions, out, error);
    program_release(program);
    memory_free(image);
    return status;
}

struct replay {
    struct run *run;
    uint64_t before;
};

static enum bamboo_status replay_batch(void *context, uint64_t first, uint64_t last,
                                       const void *bytes, size_t size, struct bamboo_error *error)
{
    (void)last;
    struct replay *replay = context;
    if (replay->before > 0 && first >= replay->before) return BAMBOO_OK;
    return run_replay(replay->run, bytes, size, error);
}

enum bamboo_status load_run(struct store *store, struct linked_program *linked, const char *id,
                            uint64_t number, uint64_t before, struct run **out,
                            struct bamboo_error *error)
{
    enum bamboo_status status;
    uint64_t sequence = 0;
    void *snapshot = NULL;
    size_t size = 0;
    struct replay replay = {.before = before};

    if ((status = store_read_snapshot(store, number, &sequence, &snapshot, &size, error)) !=
        BAMBOO_OK)
        goto done;
    if (before > 0 && sequence >= before) { /* too new: all events are still there */
        memory_free(snapshot);
        snapshot = NULL;
        sequence = 0;
    }
    if ((status = run_restore(linked, id, snapshot, size, &replay.run, error)) != BAMBOO_OK)
        goto done;
    status = store_read_events(store, number, sequence, replay_batch, &replay, error);
    if (status != BAMBOO_OK) goto done;
    *out = replay.run;
    replay.run = NULL; /* now the caller's */
done:
    run_destroy(replay.run);
    memory_free(snapshot);
    return status;
}
