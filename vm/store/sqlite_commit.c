/* One transaction for a batch of writes of many runs. */
#include <string.h>

#include "base/crash_point.h"
#include "vm/store/store_refusals.h"
#include "vm/store/store_sqlite.h"

/* A transaction under way. */
struct commit {
    struct connection *writer;
    const uint8_t *artifact; /* the digest of one that it has put in, or NULL */
};

/* Runs a statement that changes one row if the fence is right. */
static enum bamboo_status run_fenced(struct statement *statement, const struct store_write *write,
                                     struct bamboo_error *error)
{
    int changes = 0;
    enum bamboo_status status = statement_run(statement, &changes, error);
    if (status != BAMBOO_OK) return status;
    return changes == 1 ? BAMBOO_OK : refuse_write(write, error);
}

static enum bamboo_status insert_events(struct commit *commit, const struct store_write *write,
                                        struct bamboo_error *error)
{
    struct statement event = statement_of(commit->writer, STATEMENT_INSERT_EVENT);
    statement_number(&event, *write->number);
    statement_number(&event, write->first);
    statement_number(&event, write->last);
    statement_blob(&event, write->bytes, write->size);
    statement_integer(&event, sqlite_sum_events(*write->number, write->first, write->last,
                                                *write->fence, write->bytes, write->size));
    statement_number(&event, *write->fence);
    return statement_run(&event, NULL, error);
}

/* Many runs that are created together are of one artifact. */
static enum bamboo_status insert_artifact(struct commit *commit, const struct store_write *write,
                                          struct bamboo_error *error)
{
    if (commit->artifact && memcmp(commit->artifact, write->digest, DIGEST_SIZE) == 0)
        return BAMBOO_OK;
    struct statement artifact = statement_of(commit->writer, STATEMENT_INSERT_ARTIFACT);
    statement_blob(&artifact, write->digest, DIGEST_SIZE);
    statement_blob(&artifact, write->image, write->image_size);
    commit->artifact = write->digest;
    return statement_run(&artifact, NULL, error);
}

static enum bamboo_status create_run(struct commit *commit, const struct store_write *write,
                                     struct bamboo_error *error)
{
    const struct store_summary *summary = write->summary;
    enum bamboo_status status = insert_artifact(commit, write, error);
    if (status != BAMBOO_OK) return status;
    struct statement run = statement_of(commit->writer, STATEMENT_INSERT_RUN);
    statement_string(&run, write->id);
    statement_string(&run, write->name);
    statement_blob(&run, write->digest, DIGEST_SIZE);
    statement_integer(&run, write->time);
    statement_number(&run, write->engine);
    statement_integer(&run, summary->state);
    statement_integer(&run, summary->ended);
    statement_integer(&run, summary->running);
    statement_integer(&run, summary->failed);
    statement_integer(&run, summary->waiting);
    statement_integer(&run, summary->wake_at);
    statement_integer(&run, summary->finished);
    statement_integer(&run, sqlite_sum_run(write->id, write->name, write->digest, write->time));
    statement_number(&run, write->last);
    if ((status = statement_run(&run, NULL, error)) != BAMBOO_OK) return status;
    *write->number = (uint64_t)sqlite3_last_insert_rowid(commit->writer->database);
    *write->fence = 1;
    return write->last > 0 ? insert_events(commit, write, error) : BAMBOO_OK;
}

static enum bamboo_status append(struct commit *commit, const struct store_write *write,
                                 struct bamboo_error *error)
{
    const struct store_summary *summary = write->summary;
    struct statement run =
        statement_of(commit->writer, summary->ended ? STATEMENT_END_RUN : STATEMENT_ADVANCE_RUN);
    statement_number(&run, write->last);
    statement_integer(&run, summary->state);
    statement_integer(&run, summary->running);
    statement_integer(&run, summary->failed);
    statement_integer(&run, summary->waiting);
    statement_integer(&run, summary->wake_at);
    statement_integer(&run, summary->finished);
    statement_number(&run, *write->number);
    statement_number(&run, *write->fence);
    statement_number(&run, write->first - 1);
    enum bamboo_status status = run_fenced(&run, write, error);
    return status == BAMBOO_OK ? insert_events(commit, write, error) : status;
}

static enum bamboo_status write_snapshot(struct commit *commit, const struct store_write *write,
                                         struct bamboo_error *error)
{
    struct statement statement = statement_of(commit->writer, STATEMENT_REPLACE_SNAPSHOT);
    statement_number(&statement, write->last);
    statement_blob(&statement, write->bytes, write->size);
    statement_integer(&statement,
                      sqlite_sum_snapshot(*write->number, write->last, write->bytes, write->size));
    statement_number(&statement, *write->number);
    statement_number(&statement, *write->fence);
    return run_fenced(&statement, write, error);
}

static enum bamboo_status write_log(struct commit *commit, const struct store_write *write,
                                    struct bamboo_error *error)
{
    const struct store_log row = {.node = write->node,
                                  .attempt = write->attempt,
                                  .stream = write->stream,
                                  .time = write->time,
                                  .bytes = write->bytes,
                                  .size = write->size};
    struct statement statement = statement_of(commit->writer, STATEMENT_INSERT_LOG);
    statement_string(&statement, write->node);
    statement_number(&statement, write->attempt);
    statement_integer(&statement, write->stream);
    statement_integer(&statement, write->time);
    statement_blob(&statement, write->bytes, write->size);
    statement_integer(&statement, sqlite_sum_log(*write->number, &row));
    statement_number(&statement, *write->number);
    statement_number(&statement, *write->fence);
    return run_fenced(&statement, write, error);
}

static enum bamboo_status write_reply(struct commit *commit, const struct store_write *write,
                                      struct bamboo_error *error)
{
    struct statement statement = statement_of(commit->writer, STATEMENT_ANSWER_MAIL);
    statement_integer(&statement, write->status);
    statement_text(&statement, write->bytes, write->size);
    statement_integer(&statement,
                      sqlite_sum_reply(write->mail, write->status, write->bytes, write->size));
    statement_number(&statement, write->mail);
    statement_number(&statement, write->fence ? *write->fence : 0);
    /* No row: the mail is gone with its run, or is answered; or the run has another owner now, who
     * will answer. Then nobody waits for this answer. */
    return statement_run(&statement, NULL, error);
}

static enum bamboo_status release_run(struct commit *commit, const struct store_write *write,
                                      struct bamboo_error *error)
{
    struct statement statement = statement_of(commit->writer, STATEMENT_RELEASE_RUN);
    statement_number(&statement, *write->number);
    statement_number(&statement, *write->fence);
    return run_fenced(&statement, write, error);
}

typedef enum bamboo_status (*write_function)(struct commit *commit, const struct store_write *write,
                                             struct bamboo_error *error);

static const write_function functions[] = {
    [STORE_CREATE_RUN] = create_run, [STORE_APPEND] = append,     [STORE_SNAPSHOT] = write_snapshot,
    [STORE_LOG] = write_log,         [STORE_REPLY] = write_reply, [STORE_RELEASE] = release_run,
};

static void forget_new_runs(const struct store_write *writes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (writes[i].kind == STORE_CREATE_RUN) *writes[i].number = *writes[i].fence = 0;
}

enum bamboo_status sqlite_commit(struct store *store, const struct store_write *writes,
                                 size_t count, size_t *refused, struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    enum bamboo_status status = transaction_begin(&sqlite->writer, error);
    if (status != BAMBOO_OK) return status;
    struct commit commit = {.writer = &sqlite->writer};
    bool wakes = false;
    size_t done = 0;
    for (; done < count && status == BAMBOO_OK; done++) {
        status = functions[writes[done].kind](&commit, &writes[done], error);
        may_crash("inside a commit");
        /* Not for a release: a run that nobody can execute would go round for ever. */
        wakes = wakes || writes[done].kind == STORE_CREATE_RUN;
    }
    if (status == BAMBOO_E_OWNERSHIP && refused) *refused = done - 1;
    status = transaction_end(&sqlite->writer, status, error);
    if (status != BAMBOO_OK)
        forget_new_runs(writes, done);
    else if (wakes)
        sqlite_wake(sqlite);
    return status;
}
