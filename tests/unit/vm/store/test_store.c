/* The contract of a store, over each implementation. */
#include "tests/unit/vm/store/each_store.h"

#include <pthread.h>

static void a_run_is_found_as_it_was_created(void **state)
{
    struct fixture *fixture = *state;
    struct test_run made = create_run(fixture->store, "00000000000000a1", fixture->engine);
    assert_int_equal(made.fence, 1);
    struct store_run run = find(fixture->store, "00000000000000a1");
    uint8_t digest[DIGEST_SIZE];
    digest_compute(image, sizeof image, digest);
    assert_int_equal(run.number, made.number);
    assert_string_equal(run.id, "00000000000000a1");
    assert_string_equal(run.name, "release");
    assert_memory_equal(run.digest, digest, DIGEST_SIZE);
    assert_int_equal(run.created, 1234);
    assert_int_equal(run.sequence, 0);
    assert_int_equal(run.owner, fixture->engine);
    assert_true(run.owner_alive);
    assert_int_equal(run.fence, 1);
    assert_int_equal(run.summary.state, 2);
    assert_int_equal(run.summary.running, 3);
    assert_int_equal(run.summary.failed, 1);
    assert_int_equal(run.summary.waiting, 4);
    assert_int_equal(run.summary.wake_at, 77);
    assert_false(run.summary.ended);
    store_run_release(&run);
}

static void an_id_is_taken_only_once(void **state)
{
    struct fixture *fixture = *state;
    struct test_run first = create_run(fixture->store, "00000000000000a1", fixture->engine);
    struct test_run second = {.number = 7, .fence = 7};
    uint8_t digest[DIGEST_SIZE] = {0};
    struct store_write write = create_write(&second, first.id, digest, fixture->engine);
    fails(store_commit(fixture->store, &write, 1, NULL, &error), BAMBOO_E_STORE, "id");
    assert_int_equal(second.number, 0);
    assert_int_equal(second.fence, 0);
}

static void events_come_back_in_order(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->store, "00000000000000a1", fixture->engine);
    struct test_run other = create_run(fixture->store, "00000000000000a2", fixture->engine);
    struct store_write writes[] = {
        append_write(&run, "one", &running),
        append_write(&other, "other", &running),
        append_write(&run, "two", &running),
    };
    writes[2].last = 4;
    succeed(store_commit(fixture->store, writes, 3, NULL, &error));
    run.sequence = 4;
    commit_one(fixture->store, append_write(&run, "", &ended));
    assert_events(fixture->store, run.number, 0, "1-1:one 2-4:two 5-5: ");
    assert_events(fixture->store, run.number, 1, "2-4:two 5-5: ");
    assert_events(fixture->store, run.number, 3, "2-4:two 5-5: ");
    assert_events(fixture->store, run.number, 4, "5-5: ");
    assert_events(fixture->store, run.number, 5, "");
    struct store_run row = find(fixture->store, run.id);
    assert_int_equal(row.sequence, 5);
    assert_int_equal(row.summary.state, 5);
    assert_true(row.summary.ended);
    assert_int_equal(row.summary.finished, 99);
    store_run_release(&row);
}

static enum bamboo_status stop(void *context, uint64_t first, uint64_t last, const void *bytes,
                               size_t size, struct bamboo_error *error)
{
    (void)last, (void)bytes, (void)size, (void)first;
    ++*(int *)context;
    return fail(error, BAMBOO_E_LIMIT, "enough");
}

static struct store_write create_with_events(struct test_run *run, const char *id,
                                             const uint8_t *digest)
{
    struct store_write write = create_write(run, id, digest, 0);
    write.first = 1;
    write.last = 3;
    write.bytes = "three";
    write.size = 5;
    write.summary = &ended;
    return write;
}

static void a_run_may_be_created_with_its_first_events(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = {0}, second = {0};
    uint8_t digest[DIGEST_SIZE];
    digest_compute(image, sizeof image, digest);
    commit_one(fixture->store, create_with_events(&run, "00000000000000a1", digest));
    assert_events(fixture->store, run.number, 0, "1-3:three ");
    struct store_run row = find(fixture->store, run.id);
    assert_int_equal(row.sequence, 3);
    assert_int_equal(row.owner, 0);
    assert_true(row.summary.ended);
    store_run_release(&row);

    run.sequence = 3;
    struct store_write writes[] = {
        append_write(&run, "four", &running),
        create_with_events(&second, "00000000000000a2", digest),
        append_write(&run, "late", &running),
    };
    writes[2].first = writes[2].last = 9;
    fails(store_commit(fixture->store, writes, 3, NULL, &error), BAMBOO_E_OWNERSHIP, "owns");
    assert_int_equal(second.number, 0);
    assert_events(fixture->store, run.number, 0, "1-3:three ");
    fails(store_find_run(fixture->store, "00000000000000a2", &row, &error), BAMBOO_E_NOT_FOUND,
          "no run 00000000000000a2");
}

static void a_reader_may_stop(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->store, "00000000000000a1", fixture->engine);
    int calls = 0;
    commit_one(fixture->store, append_write(&run, "one", &running));
    commit_one(fixture->store, append_write(&run, "two", &running));
    fails(store_read_events(fixture->store, run.number, 0, stop, &calls, &error), BAMBOO_E_LIMIT,
          "enough");
    assert_int_equal(calls, 1);
    assert_events(fixture->store, run.number, 0, "1-1:one 2-2:two ");
}

static void a_wrong_fence_or_sequence_refuses_the_whole_batch(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->store, "00000000000000a1", fixture->engine);
    struct test_run bad = create_run(fixture->store, "00000000000000a2", fixture->engine);
    struct test_run fresh = {0};
    uint8_t digest[DIGEST_SIZE] = {0};
    for (int i = 0; i < 4; i++) {
        size_t refused = 99;
        struct store_write writes[] = {
            create_write(&fresh, "00000000000000a3", digest, fixture->engine),
            append_write(&run, "one", &running),
            append_write(&bad, "bad", &running),
            append_write(&fresh, "fresh", &running),
        };
        bad.fence = i == 0 ? 1 : 2;
        writes[2].first = writes[2].last = i == 0 ? 2 : 1;
        if (i == 2) writes[2].kind = STORE_SNAPSHOT;
        if (i == 3) writes[2].kind = STORE_RELEASE;
        fails(store_commit(fixture->store, writes, 4, &refused, &error), BAMBOO_E_OWNERSHIP,
              "owns");
        assert_int_equal(refused, 2);
        assert_int_equal(fresh.number, 0);
        assert_int_equal(fresh.fence, 0);
        run.sequence = bad.sequence = fresh.sequence = 0;
    }
    assert_events(fixture->store, run.number, 0, "");
    struct store_run row;
    fails(store_find_run(fixture->store, "00000000000000a3", &row, &error), BAMBOO_E_NOT_FOUND,
          "no run 00000000000000a3");
    commit_one(fixture->store, append_write(&run, "one", &running));
    assert_events(fixture->store, run.number, 0, "1-1:one ");
}

static void a_refused_batch_leaves_nothing_of_any_kind(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct test_run run = create_run(store, "00000000000000a1", fixture->engine);
    struct test_run other = create_run(store, "00000000000000a2", fixture->engine);
    struct store_write first[] = {append_write(&run, "one", &running), {0}};
    first[1] = first[0];
    first[1].kind = STORE_SNAPSHOT;
    succeed(store_commit(store, first, 2, NULL, &error));
    struct store_run before = find(store, run.id);
    uint64_t mail = 0;
    succeed(store_submit(store, run.id, "SKIP", 4, "ann", &mail, &error));
    struct mixed_batch mixed;
    fill_mixed_batch(&mixed, &run, mail);
    struct store_write writes[MIXED_COUNT + 1];
    memcpy(writes, mixed.writes, sizeof mixed.writes);
    writes[MIXED_COUNT] = release_write(&other);
    other.fence++;
    size_t refused = 0;
    fails(store_commit(store, writes, MIXED_COUNT + 1, &refused, &error), BAMBOO_E_OWNERSHIP,
          "owns");
    assert_int_equal(refused, MIXED_COUNT);
    assert_nothing_of_mixed_batch(store, &before, &mixed, mail);
    succeed(store_commit(store, writes, MIXED_COUNT, NULL, &error));
    assert_events(store, run.number, 0, "1-1:one 2-2:event ");
    assert_events(store, mixed.fresh.number, 0, "1-1:new ");
    store_run_release(&before);
}

static void a_snapshot_is_replaced(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->store, "00000000000000a1", fixture->engine);
    void *bytes;
    size_t size;
    uint64_t sequence = 9;
    succeed(store_read_snapshot(fixture->store, run.number, &sequence, &bytes, &size, &error));
    assert_null(bytes);
    assert_int_equal(sequence, 0);
    for (int i = 1; i <= 2; i++) {
        struct store_write write = append_write(&run, i == 1 ? "first" : "second", NULL);
        write.kind = STORE_SNAPSHOT;
        commit_one(fixture->store, write);
    }
    succeed(store_read_snapshot(fixture->store, run.number, &sequence, &bytes, &size, &error));
    assert_int_equal(sequence, 2);
    assert_int_equal(size, 6);
    assert_memory_equal(bytes, "second", 6);
    memory_free(bytes);
}

static void an_artifact_is_stored_once_and_checked(void **state)
{
    struct fixture *fixture = *state;
    create_run(fixture->store, "00000000000000a1", fixture->engine);
    create_run(fixture->store, "00000000000000a2", fixture->engine);
    uint8_t digest[DIGEST_SIZE];
    void *bytes = NULL;
    size_t size = 0;
    digest_compute(image, sizeof image, digest);
    succeed(store_read_artifact(fixture->store, digest, &bytes, &size, &error));
    assert_int_equal(size, sizeof image);
    assert_memory_equal(bytes, image, sizeof image);
    memory_free(bytes);
    struct test_run lying = {0};
    digest[0] ^= 1;
    fails(store_read_artifact(fixture->store, digest, &bytes, &size, &error), BAMBOO_E_NOT_FOUND,
          "no artifact");
    commit_one(fixture->store, create_write(&lying, "00000000000000a3", digest, fixture->engine));
    fails(store_read_artifact(fixture->store, digest, &bytes, &size, &error), BAMBOO_E_STORE,
          "damaged");
}

struct reference_row {
    const char *reference;
    const char *id;    /* or NULL */
    const char *error; /* part of it */
};

static void a_run_is_found_by_prefix_and_last(void **state)
{
    static const struct reference_row rows[] = {
        {"a", "a000000000000000", NULL},
        {"a000000000000000", "a000000000000000", NULL},
        {"@last", "b100000000000005", NULL},
        {"b2", "b2ffffffffffffff", NULL},
        {"b2ffffffffffffff", "b2ffffffffffffff", NULL},
        {"b1", NULL, "several runs begin with b1: b100000000000000 (release)"},
        {"b1", NULL, "b100000000000004 (release), ..."},
        {"b", NULL, "several runs begin with b: "},
        {"c", NULL, "there is no run c"},
        {"a0000000000000000", NULL, "there is no run"},
        {"", NULL, "empty"},
        {"@first", NULL, "there is no run @first"},
        {"%", NULL, "there is no run %"},
    };
    struct fixture *fixture = *state;
    struct store_run row;
    fails(store_find_run(fixture->store, "@last", &row, &error), BAMBOO_E_NOT_FOUND, "empty");
    create_run(fixture->store, "a000000000000000", fixture->engine);
    create_run(fixture->store, "b2ffffffffffffff", fixture->engine);
    for (unsigned char i = 0; i < 6; i++) {
        char id[] = "b10000000000000x";
        id[15] = (char)('0' + i);
        create_run(fixture->store, id, fixture->engine);
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].id) {
            struct store_run run = find(fixture->store, rows[i].reference);
            assert_string_equal(run.id, rows[i].id);
            store_run_release(&run);
        } else {
            fails(store_find_run(fixture->store, rows[i].reference, &row, &error),
                  BAMBOO_E_NOT_FOUND, rows[i].error);
        }
    }
}

static enum bamboo_status add_run(void *context, const struct store_run *run,
                                  struct bamboo_error *error)
{
    (void)error;
    text_append_format(context, "%s ", run->id + 14);
    return BAMBOO_OK;
}

static void a_run_is_found_by_its_number(void **state)
{
    struct fixture *fixture = *state;
    struct store_run row;
    fails(store_find_number(fixture->store, 1, &row, &error), BAMBOO_E_NOT_FOUND, "number 1");
    create_run(fixture->store, "a000000000000000", fixture->engine);
    struct test_run second = create_run(fixture->store, "b000000000000000", fixture->engine);
    assert_int_equal(store_find_number(fixture->store, second.number, &row, NULL), BAMBOO_OK);
    assert_string_equal(row.id, "b000000000000000");
    assert_int_equal(row.owner, fixture->engine);
    store_run_release(&row);
}

static void assert_list(struct store *store, bool with_ended, size_t limit, const char *expected)
{
    struct text text = {0};
    succeed(store_list_runs(store, with_ended, limit, add_run, &text, &error));
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
}

static void runs_are_listed_newest_first(void **state)
{
    struct fixture *fixture = *state;
    assert_list(fixture->store, true, 0, "");
    create_run(fixture->store, "00000000000000a3", fixture->engine);
    struct test_run over = create_run(fixture->store, "00000000000000a1", fixture->engine);
    create_run(fixture->store, "00000000000000a2", fixture->engine);
    commit_one(fixture->store, append_write(&over, "end", &ended));
    assert_list(fixture->store, true, 0, "a2 a1 a3 ");
    assert_list(fixture->store, true, 2, "a2 a1 ");
    assert_list(fixture->store, false, 0, "a2 a3 ");
    assert_list(fixture->store, false, 1, "a2 ");
}

static enum bamboo_status add_log(void *context, const struct store_log *log,
                                  struct bamboo_error *error)
{
    (void)error;
    text_append_format(context, "%d/%s#%d.%u@%d:%.*s ", (int)log->number, log->node,
                       (int)log->attempt, log->stream, (int)log->time, (int)log->size, log->bytes);
    return BAMBOO_OK;
}

static void assert_logs(struct store *store, uint64_t run, const char *node, uint64_t after,
                        const char *expected)
{
    struct text text = {0};
    succeed(store_read_logs(store, run, node, after, add_log, &text, &error));
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
}

static void logs_are_read_by_node_and_from_a_number(void **state)
{
    static const char *const nodes[] = {"build", "test", "build"};
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->store, "00000000000000a1", fixture->engine);
    for (unsigned i = 0; i < 3; i++)
        commit_one(fixture->store, (struct store_write){.kind = STORE_LOG,
                                                        .number = &run.number,
                                                        .fence = &run.fence,
                                                        .node = nodes[i],
                                                        .attempt = 1 + i,
                                                        .stream = i % 2,
                                                        .time = 5,
                                                        .bytes = "out",
                                                        .size = 3});
    assert_logs(fixture->store, run.number, NULL, 0,
                "1/build#1.0@5:out 2/test#2.1@5:out 3/build#3.0@5:out ");
    assert_logs(fixture->store, run.number, "build", 1, "3/build#3.0@5:out ");
    assert_logs(fixture->store, run.number, NULL, 3, "");
    assert_logs(fixture->store, run.number + 1, NULL, 0, "");
}

static enum bamboo_status add_mail(void *context, const struct store_mail *mail,
                                   struct bamboo_error *error)
{
    (void)error;
    text_append_format(context, "%d:%d:%.*s:%s ", (int)mail->mail, (int)mail->run, (int)mail->size,
                       (const char *)mail->program, mail->actor);
    return mail->time > 0 ? BAMBOO_OK : BAMBOO_E_STORE;
}

static void assert_mail(struct store *store, uint64_t engine, const char *expected)
{
    struct text text = {0};
    succeed(store_read_mail(store, engine, add_mail, &text, &error));
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
}

static void mail_reaches_the_owner_and_its_answer_the_sender(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct test_run run = create_run(store, "00000000000000a1", fixture->engine);
    create_run(store, "00000000000000a2", 0);
    uint64_t first = 0, second = 0, foreign = 0;
    succeed(store_submit(store, run.id, "RETRY", 5, "ann", &first, &error));
    succeed(store_submit(store, run.id, "SKIP", 4, "bob", &second, &error));
    succeed(store_submit(store, "00000000000000a2", "SKIP", 4, "bob", &foreign, &error));
    assert_mail(store, fixture->engine, "1:1:RETRY:ann 2:1:SKIP:bob ");
    fails(store_submit(store, "a", "SKIP", 4, "bob", &second, &error), BAMBOO_E_NOT_FOUND,
          "no run a");

    bool answered = true;
    enum bamboo_status answer = BAMBOO_OK;
    char *text = NULL;
    succeed(store_read_reply(store, first, &answered, &answer, &text, &error));
    assert_false(answered);
    commit_one(store, (struct store_write){.kind = STORE_REPLY,
                                           .mail = first,
                                           .status = BAMBOO_E_REFUSED,
                                           .bytes = "it is running",
                                           .size = 13});
    succeed(store_read_reply(store, first, &answered, &answer, &text, &error));
    assert_true(answered);
    assert_int_equal(answer, BAMBOO_E_REFUSED);
    assert_string_equal(text, "it is running");
    memory_free(text);
    assert_mail(store, fixture->engine, "2:1:SKIP:bob ");
    fails(store_read_reply(store, 99, &answered, &answer, &text, &error), BAMBOO_E_NOT_FOUND,
          "gone");
}

static void answer(struct store *store, uint64_t mail, const char *text, uint64_t *fence)
{
    commit_one(store, (struct store_write){.kind = STORE_REPLY,
                                           .mail = mail,
                                           .fence = fence,
                                           .bytes = text,
                                           .size = strlen(text)});
}

static void the_first_answer_of_the_owner_stays(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct test_run run = create_run(store, "00000000000000a1", fixture->engine);
    uint64_t mail = 0, fence = run.fence + 1;
    bool answered = true;
    enum bamboo_status status;
    char *text = NULL;
    succeed(store_submit(store, run.id, "SKIP", 4, "ann", &mail, &error));
    answer(store, mail, "from somebody who is not the owner", &fence);
    succeed(store_read_reply(store, mail, &answered, &status, &text, &error));
    assert_false(answered);
    answer(store, mail, "first", &run.fence);
    answer(store, mail, "second", &run.fence);
    answer(store, mail, "third", NULL);
    succeed(store_read_reply(store, mail, &answered, &status, &text, &error));
    assert_true(answered);
    assert_string_equal(text, "first");
    memory_free(text);
}

static void only_an_ended_or_forced_run_is_removed(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct test_run run = create_run(store, "00000000000000a1", fixture->engine);
    struct test_run twin = create_run(store, "00000000000000a2", fixture->engine);
    commit_one(store, append_write(&run, "one", &running));
    fails(store_remove_run(store, run.id, true, &error), BAMBOO_E_REFUSED, "executing");
    commit_one(store, release_write(&run));
    fails(store_remove_run(store, run.id, false, &error), BAMBOO_E_REFUSED, "not ended");
    fails(store_remove_run(store, "a", false, &error), BAMBOO_E_NOT_FOUND, "no run");
    succeed(store_remove_run(store, run.id, true, &error));
    assert_events(store, run.number, 0, "");

    /* The artifact goes with the last run that uses it. */
    uint8_t digest[DIGEST_SIZE];
    void *bytes = NULL;
    size_t size = 0;
    digest_compute(image, sizeof image, digest);
    succeed(store_read_artifact(store, digest, &bytes, &size, &error));
    memory_free(bytes);
    struct store_write writes[] = {append_write(&twin, "end", &ended), release_write(&twin)};
    succeed(store_commit(store, writes, 2, NULL, &error));
    succeed(store_remove_run(store, twin.id, false, &error));
    fails(store_read_artifact(store, digest, &bytes, &size, &error), BAMBOO_E_NOT_FOUND,
          "no artifact");
    assert_list(store, true, 0, "");
}

static void a_number_is_never_given_twice(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct test_run kept = create_run(store, "00000000000000a1", 0);
    struct test_run last = create_run(store, "00000000000000a2", 0);
    assert_true(last.number > kept.number);
    succeed(store_remove_run(store, last.id, true, &error));
    struct test_run next = create_run(store, "00000000000000a3", 0);
    assert_true(next.number > last.number);
    succeed(store_remove_run(store, kept.id, true, &error));
    succeed(store_remove_run(store, next.id, true, &error));
    assert_true(create_run(store, "00000000000000a4", 0).number > next.number);
}

struct writer {
    struct store *store;
    struct test_run *run;
    enum bamboo_status status;
};

static void *write_events(void *context)
{
    struct writer *writer = context;
    for (int i = 0; i < 300 && writer->status == BAMBOO_OK; i++) {
        struct store_write write = append_write(writer->run, "x", &running);
        writer->status = store_commit(writer->store, &write, 1, NULL, NULL);
    }
    return NULL;
}

static enum bamboo_status follow(void *context, uint64_t first, uint64_t last, const void *bytes,
                                 size_t size, struct bamboo_error *error)
{
    (void)bytes, (void)size, (void)last;
    uint64_t *seen = context;
    if (first != *seen + 1) return fail(error, BAMBOO_E_STORE, "an event is missing");
    *seen = first;
    return BAMBOO_OK;
}

static void a_thread_reads_while_another_commits(void **state)
{
    struct fixture *fixture = *state;
    struct test_run run = create_run(fixture->store, "00000000000000a1", fixture->engine);
    struct writer writer = {.store = fixture->store, .run = &run};
    pthread_t thread;
    uint64_t seen = 0;
    assert_int_equal(pthread_create(&thread, NULL, write_events, &writer), 0);
    for (int i = 0; i < 100000 && seen < 300; i++)
        succeed(store_read_events(fixture->store, run.number, seen, follow, &seen, &error));
    pthread_join(thread, NULL);
    assert_int_equal(writer.status, BAMBOO_OK);
    succeed(store_read_events(fixture->store, run.number, seen, follow, &seen, &error));
    assert_int_equal(seen, 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* clang-format off */
        OVER_EACH_STORE(a_run_is_found_as_it_was_created)
        OVER_EACH_STORE(an_id_is_taken_only_once)
        OVER_EACH_STORE(events_come_back_in_order)
        OVER_EACH_STORE(a_run_may_be_created_with_its_first_events)
        OVER_EACH_STORE(a_reader_may_stop)
        OVER_EACH_STORE(a_wrong_fence_or_sequence_refuses_the_whole_batch)
        OVER_EACH_STORE(a_refused_batch_leaves_nothing_of_any_kind)
        OVER_EACH_STORE(a_snapshot_is_replaced)
        OVER_EACH_STORE(an_artifact_is_stored_once_and_checked)
        OVER_EACH_STORE(a_run_is_found_by_prefix_and_last)
        OVER_EACH_STORE(a_run_is_found_by_its_number)
        OVER_EACH_STORE(runs_are_listed_newest_first)
        OVER_EACH_STORE(logs_are_read_by_node_and_from_a_number)
        OVER_EACH_STORE(mail_reaches_the_owner_and_its_answer_the_sender)
        OVER_EACH_STORE(the_first_answer_of_the_owner_stays)
        OVER_EACH_STORE(only_an_ended_or_forced_run_is_removed)
        OVER_EACH_STORE(a_number_is_never_given_twice)
        OVER_EACH_STORE(a_thread_reads_while_another_commits)
        /* clang-format on */
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
