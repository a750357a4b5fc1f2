/* What the tests of vm/store share: a store in a fresh folder (or in memory), short ways to write
 * to it and to collect what is read. */
#ifndef TESTS_UNIT_VM_STORE_SUPPORT_H
#define TESTS_UNIT_VM_STORE_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "vm/store/store.h"

/* cmocka has a macro of the name of our fail(). */
#include <cmocka.h>
#undef fail
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#define LEASE_MS 60000

/* Where a test keeps its store. */
struct place {
    char folder[64];
    char url[100];
    bool memory;
};

static inline struct place place_create(const char *kind)
{
    struct place place = {.memory = strcmp(kind, "memory:") == 0};
    snprintf(place.folder, sizeof place.folder, "/tmp/bamboo-store-XXXXXX");
    if (!mkdtemp(place.folder)) fail_msg("no folder for the test");
    if (place.memory)
        snprintf(place.url, sizeof place.url, "memory:");
    else
        snprintf(place.url, sizeof place.url, "sqlite:%s/below/test.db", place.folder);
    return place;
}

static inline void place_destroy(const struct place *place)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    if (system(command) != 0) fail_msg("cannot remove %s", place->folder);
}

/* A place in SQLite is what a test gets. */
static inline int place_set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (!place) return -1;
    *place = place_create("sqlite:");
    *state = place;
    return 0;
}

static inline int place_tear_down(void **state)
{
    place_destroy(*state);
    free(*state);
    return 0;
}

static const struct store_options usual = {.durability = STORE_DURABILITY_OS, .timeout_ms = 2000};

static inline struct store *open_store(const struct place *place)
{
    struct bamboo_error error = {0};
    struct store *store = NULL;
    if (store_open(place->url, &usual, &store, &error)) fail_msg("%s", error.message);
    return store;
}

#define succeed(call) \
    do { \
        struct bamboo_error error = {0}; \
        if ((call) != BAMBOO_OK) fail_msg("%s: %s", #call, error.message); \
    } while (0)

/* The call must fail with this status and a sentence that has this text in it. */
#define fails(call, wanted, text) \
    do { \
        struct bamboo_error error = {0}; \
        enum bamboo_status status_ = (call); \
        if (status_ != (wanted) || !strstr(error.message, text)) \
            fail_msg("%s: %s: %s", #call, bamboo_status_name(status_), error.message); \
    } while (0)

/* A run that a test writes. */
struct test_run {
    uint64_t number, fence, sequence;
    char id[RUN_ID_SIZE];
};

static const struct store_summary running = {
    .state = 2, .running = 3, .failed = 1, .waiting = 4, .wake_at = 77};
static const struct store_summary ended = {.state = 5, .ended = true, .finished = 99};
static const char image[] = "an image";

static inline struct store_write create_write(struct test_run *run, const char *id,
                                              const uint8_t *digest, uint64_t engine)
{
    snprintf(run->id, sizeof run->id, "%s", id);
    return (struct store_write){.kind = STORE_CREATE_RUN,
                                .number = &run->number,
                                .fence = &run->fence,
                                .id = run->id,
                                .name = "release",
                                .digest = digest,
                                .image = image,
                                .image_size = sizeof image,
                                .engine = engine,
                                .time = 1234,
                                .summary = &running};
}

/* One event more; the fence and the number are the run's. */
static inline struct store_write append_write(struct test_run *run, const char *bytes,
                                              const struct store_summary *summary)
{
    run->sequence++;
    return (struct store_write){.kind = STORE_APPEND,
                                .number = &run->number,
                                .fence = &run->fence,
                                .first = run->sequence,
                                .last = run->sequence,
                                .summary = summary,
                                .bytes = bytes,
                                .size = strlen(bytes)};
}

static inline struct store_write release_write(struct test_run *run)
{
    return (struct store_write){
        .kind = STORE_RELEASE, .number = &run->number, .fence = &run->fence};
}

static inline void commit_one(struct store *store, struct store_write write)
{
    succeed(store_commit(store, &write, 1, NULL, &error));
}

static inline struct test_run create_run(struct store *store, const char *id, uint64_t engine)
{
    struct test_run run = {0};
    uint8_t digest[DIGEST_SIZE];
    digest_compute(image, sizeof image, digest);
    commit_one(store, create_write(&run, id, digest, engine));
    return run;
}

static inline uint64_t join(struct store *store)
{
    uint64_t engine = 0;
    succeed(store_engine_join(store, LEASE_MS, &engine, &error));
    return engine;
}

static inline struct store_run find(struct store *store, const char *reference)
{
    struct store_run run = {0};
    succeed(store_find_run(store, reference, &run, &error));
    return run;
}

/* All events after `after` as "1-2:bytes ". */
static inline enum bamboo_status add_event(void *context, uint64_t first, uint64_t last,
                                           const void *bytes, size_t size,
                                           struct bamboo_error *error)
{
    (void)error;
    text_append_format(context, "%d-%d:%.*s ", (int)first, (int)last, (int)size,
                       (const char *)bytes);
    return BAMBOO_OK;
}

static inline void assert_events(struct store *store, uint64_t run, uint64_t after,
                                 const char *expected)
{
    struct text text = {0};
    succeed(store_read_events(store, run, after, add_event, &text, &error));
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
}

/* A batch with a write of each kind: a new run, and everything that can happen to `run`, which has
 * the unanswered mail `mail`. */
#define MIXED_COUNT 7
struct mixed_batch {
    struct test_run fresh;
    uint8_t digest[DIGEST_SIZE];
    struct store_write writes[MIXED_COUNT];
};

static inline void fill_mixed_batch(struct mixed_batch *mixed, struct test_run *run, uint64_t mail)
{
    const char *text = "text";
    *mixed = (struct mixed_batch){.digest = {7}};
    mixed->writes[0] = create_write(&mixed->fresh, "f000000000000000", mixed->digest, 0);
    mixed->writes[1] = append_write(&mixed->fresh, "new", &running);
    mixed->writes[2] = append_write(run, "event", &ended);
    mixed->writes[3] = mixed->writes[2];
    mixed->writes[3].kind = STORE_SNAPSHOT;
    mixed->writes[4] = mixed->writes[2];
    mixed->writes[4].kind = STORE_LOG;
    mixed->writes[4].node = "build";
    mixed->writes[5] = (struct store_write){
        .kind = STORE_REPLY, .mail = mail, .bytes = text, .size = strlen(text)};
    mixed->writes[6] = release_write(run);
}

static inline enum bamboo_status forbid_log(void *context, const struct store_log *log,
                                            struct bamboo_error *error)
{
    (void)context, (void)error;
    fail_msg("there is output %llu", (unsigned long long)log->number);
    return BAMBOO_E_STORE;
}

/* Nothing of such a batch is in the store; `before` is the run as it was. */
static inline void assert_nothing_of_mixed_batch(struct store *store,
                                                 const struct store_run *before,
                                                 const struct mixed_batch *mixed, uint64_t mail)
{
    struct store_run run = find(store, before->id), none = {0};
    assert_int_equal(run.sequence, before->sequence);
    assert_int_equal(run.owner, before->owner);
    assert_int_equal(run.summary.ended, before->summary.ended);
    assert_int_equal(run.summary.state, before->summary.state);
    store_run_release(&run);
    assert_int_equal(mixed->fresh.number, 0);
    assert_int_equal(mixed->fresh.fence, 0);
    fails(store_find_run(store, "f", &none, &error), BAMBOO_E_NOT_FOUND, "no run");
    assert_events(store, before->number, before->sequence, "");
    void *bytes = NULL;
    size_t size = 0;
    uint64_t sequence = 0;
    succeed(store_read_snapshot(store, before->number, &sequence, &bytes, &size, &error));
    assert_int_equal(sequence, before->sequence);
    memory_free(bytes);
    succeed(store_read_logs(store, before->number, NULL, 0, forbid_log, NULL, &error));
    fails(store_read_artifact(store, mixed->digest, &bytes, &size, &error), BAMBOO_E_NOT_FOUND,
          "no artifact");
    bool answered = true;
    enum bamboo_status status = BAMBOO_OK;
    char *text = NULL;
    succeed(store_read_reply(store, mail, &answered, &status, &text, &error));
    assert_false(answered);
}

#endif
