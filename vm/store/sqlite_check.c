/* A look at every row of a store. Each table has a function that reads it in order and tells what
 * is not as it should be; none stops at the first problem. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "vm/store/store_sqlite.h"

#define SENTENCE_SIZE 512

struct check {
    struct sqlite_store *sqlite;
    const struct store_finder *finder;
    struct store_counts *counts;
};

/* --- What the tables share --- */

__attribute__((format(printf, 5, 6))) static void tell(const struct check *check, const char *table,
                                                       const char *run, uint64_t event,
                                                       const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    const struct store_problem problem = {
        .table = table, .run = run, .event = event, .sentence = sentence};
    check->finder->found(check->finder->context, &problem);
}

static bool column_is_null(const struct statement *row, int column)
{
    return sqlite3_column_type(row->handle, column) == SQLITE_NULL;
}

/* Has the column this sum? What schema 1 wrote has none. */
static bool has_sum(const struct statement *row, int column, int64_t sum)
{
    return column_is_null(row, column) || column_integer(row, column) == sum;
}

static bool is_id(const char *text)
{
    return strlen(text) == RUN_ID_SIZE - 1 && strspn(text, "0123456789abcdef") == RUN_ID_SIZE - 1;
}

/* Rows of runs that are not there; told once for each run. */
struct orphans {
    uint64_t run; /* the last that was told */
};

/* Does the row belong to a run that is there? `id` is the column of its id, the column after the
 * last says whether the run is garbage, whose rows wait to be swept. */
static bool belongs(const struct check *check, struct orphans *orphans, const struct statement *row,
                    const char *table, uint64_t run, int id, int garbage)
{
    if (!column_is_null(row, id)) return true;
    if (column_integer(row, garbage) == 0 && orphans->run != run)
        tell(check, table, "", 0, "belongs to run number %" PRIu64 ", which is not there", run);
    orphans->run = run;
    return false;
}

/* --- Tables --- */

static enum bamboo_status check_file(const struct check *check, struct bamboo_error *error)
{
    struct statement rows = statement_of(&check->sqlite->reader, STATEMENT_CHECK_FILE);
    while (statement_next(&rows))
        if (strcmp(column_text(&rows, 0), "ok") != 0)
            tell(check, "file", "", 0, "%s", column_text(&rows, 0));
    return statement_finish(&rows, error);
}

static void tell_definition(void *context, const char *name)
{
    tell(context, "file", "", 0, "the definition of %s is not what was written", name);
}

static enum bamboo_status check_definitions(const struct check *check, struct bamboo_error *error)
{
    struct check told = *check;
    return sqlite_schema_compare(&check->sqlite->reader, tell_definition, &told, error);
}

static void check_run(const struct check *check, const struct statement *row)
{
    const char *id = column_text(row, 1);
    size_t size = 0;
    const void *digest = column_blob(row, 3, &size);
    if (!is_id(id)) tell(check, "run", id, 0, "has no proper id");
    if (size != DIGEST_SIZE)
        tell(check, "run", id, 0, "has a digest of %zu bytes", size);
    else if (!has_sum(row, 5,
                      sqlite_sum_run(id, column_text(row, 2), digest, column_integer(row, 4))))
        tell(check, "run", id, 0, "its id, name, digest or time is not what was written");
    if (column_integer(row, 6) < 1)
        tell(check, "run", id, 0, "has the fence %lld", (long long)column_integer(row, 6));
    bool ended = column_integer(row, 8) != 0, owned = column_integer(row, 7) != 0;
    if (owned && !ended && column_integer(row, 11) == 0)
        tell(check, "run", id, 0, "is owned by engine %lld, which is not there",
             (long long)column_integer(row, 7));
    if (column_integer(row, 10) == 0) tell(check, "run", id, 0, "its artifact is not there");
    if (column_integer(row, 9) > 0 && column_integer(row, 12) == 0)
        tell(check, "event", id, 1, "is missing, as are all others");
    if (column_integer(row, 13) != 0) tell(check, "garbage", id, 0, "is there and removed as well");
}

static enum bamboo_status check_runs(const struct check *check, struct bamboo_error *error)
{
    struct statement rows = statement_of(&check->sqlite->reader, STATEMENT_CHECK_RUNS);
    for (; statement_next(&rows); check->counts->runs++)
        check_run(check, &rows);
    return statement_finish(&rows, error);
}

/* Where the events of a run have got to. */
struct chain {
    uint64_t run, next, fence;
    uint64_t sequence;    /* the last event that has to be there */
    char id[RUN_ID_SIZE]; /* "": the run is not there */
};

static void end_chain(const struct check *check, const struct chain *chain)
{
    if (chain->id[0] == '\0' || chain->next == chain->sequence + 1) return;
    if (chain->next <= chain->sequence)
        tell(check, "event", chain->id, chain->next, "is missing, as are all up to %" PRIu64,
             chain->sequence);
    else
        tell(check, "event", chain->id, chain->next - 1,
             "is there, but the run has only %" PRIu64 " events", chain->sequence);
}

static void begin_chain(struct chain *chain, const struct statement *row)
{
    *chain = (struct chain){
        .run = column_number(row, 0), .next = 1, .fence = 1, .sequence = column_number(row, 7)};
    snprintf(chain->id, sizeof chain->id, "%s", column_text(row, 6));
}

static void check_batch(const struct check *check, struct chain *chain, const struct statement *row)
{
    uint64_t first = column_number(row, 1), last = column_number(row, 2);
    uint64_t fence = column_number(row, 5);
    size_t size = 0;
    const void *bytes = column_blob(row, 3, &size);
    if (sqlite_sum_events(chain->run, first, last, fence, bytes, size) != column_integer(row, 4))
        tell(check, "event", chain->id, first, "is not what was written");
    if (first > chain->next)
        tell(check, "event", chain->id, chain->next, "is missing, as are all before %" PRIu64,
             first);
    else if (first < chain->next || last < first)
        tell(check, "event", chain->id, first, "is there twice, or out of order");
    if (fence != 0 && fence < chain->fence)
        tell(check, "event", chain->id, first,
             "was written under fence %" PRIu64 " after one under %" PRIu64, fence, chain->fence);
    if (fence > column_number(row, 8))
        tell(check, "event", chain->id, first,
             "was written under fence %" PRIu64 ", but the run's is %" PRIu64, fence,
             column_number(row, 8));
    if (fence > chain->fence) chain->fence = fence;
    chain->next = last + 1;
    check->counts->events += last - first + 1;
}

static enum bamboo_status check_events(const struct check *check, struct bamboo_error *error)
{
    struct chain chain = {0};
    struct orphans orphans = {0};
    struct statement rows = statement_of(&check->sqlite->reader, STATEMENT_CHECK_EVENTS);
    for (; statement_next(&rows); check->counts->batches++) {
        uint64_t run = column_number(&rows, 0);
        if (run != chain.run) {
            end_chain(check, &chain);
            begin_chain(&chain, &rows);
        }
        if (belongs(check, &orphans, &rows, "event", run, 6, 9)) check_batch(check, &chain, &rows);
    }
    end_chain(check, &chain);
    return statement_finish(&rows, error);
}

static void check_snapshot(const struct check *check, const struct statement *row)
{
    const char *id = column_text(row, 4);
    uint64_t sequence = column_number(row, 1);
    size_t size = 0;
    const void *bytes = column_blob(row, 2, &size);
    if (sqlite_sum_snapshot(column_number(row, 0), sequence, bytes, size) != column_integer(row, 3))
        tell(check, "snapshot", id, sequence, "is not what was written");
    if (sequence > column_number(row, 5))
        tell(check, "snapshot", id, sequence, "is newer than the run, which has %" PRIu64 " events",
             column_number(row, 5));
}

static enum bamboo_status check_snapshots(const struct check *check, struct bamboo_error *error)
{
    struct orphans orphans = {0};
    struct statement rows = statement_of(&check->sqlite->reader, STATEMENT_CHECK_SNAPSHOTS);
    for (; statement_next(&rows); check->counts->snapshots++)
        if (belongs(check, &orphans, &rows, "snapshot", column_number(&rows, 0), 4, 6))
            check_snapshot(check, &rows);
    return statement_finish(&rows, error);
}

static enum bamboo_status check_artifacts(const struct check *check, struct bamboo_error *error)
{
    struct statement rows = statement_of(&check->sqlite->reader, STATEMENT_CHECK_ARTIFACTS);
    for (; statement_next(&rows); check->counts->artifacts++) {
        uint8_t actual[DIGEST_SIZE], named[DIGEST_SIZE] = {0};
        char name[DIGEST_TEXT_SIZE];
        size_t size = 0, digest_size = 0;
        const void *digest = column_blob(&rows, 0, &digest_size);
        if (digest) memcpy(named, digest, digest_size < DIGEST_SIZE ? digest_size : DIGEST_SIZE);
        digest_print(named, name);
        const void *bytes = column_blob(&rows, 1, &size);
        digest_compute(bytes, size, actual);
        if (digest_size != DIGEST_SIZE || memcmp(actual, named, DIGEST_SIZE) != 0)
            tell(check, "artifact", "", 0, "%s is not what was stored", name);
        if (column_integer(&rows, 2) == 0) tell(check, "artifact", "", 0, "%s is not used", name);
    }
    return statement_finish(&rows, error);
}

static enum bamboo_status check_logs(const struct check *check, struct bamboo_error *error)
{
    struct orphans orphans = {0};
    struct statement rows = statement_of(&check->sqlite->reader, STATEMENT_CHECK_LOGS);
    for (; statement_next(&rows); check->counts->logs++) {
        uint64_t run = column_number(&rows, 1);
        if (!belongs(check, &orphans, &rows, "log", run, 8, 9)) continue;
        struct store_log log = {.number = column_number(&rows, 0),
                                .node = column_text(&rows, 2),
                                .attempt = column_number(&rows, 3),
                                .stream = (uint32_t)column_integer(&rows, 4),
                                .time = column_integer(&rows, 5)};
        log.bytes = column_blob(&rows, 6, &log.size);
        if (!has_sum(&rows, 7, sqlite_sum_log(run, &log)))
            tell(check, "log", column_text(&rows, 8), 0,
                 "piece %" PRIu64 " of the output is not what was written", log.number);
    }
    return statement_finish(&rows, error);
}

static void check_one_mail(const struct check *check, const struct statement *row)
{
    const char *id = column_text(row, 10);
    struct store_mail mail = {.mail = column_number(row, 0),
                              .run = column_number(row, 1),
                              .actor = column_text(row, 3),
                              .time = column_integer(row, 4)};
    mail.program = column_blob(row, 2, &mail.size);
    if (!has_sum(row, 5, sqlite_sum_mail(id, &mail)))
        tell(check, "mail", id, 0, "mail %" PRIu64 " is not what was written", mail.mail);
    int64_t answered = column_integer(row, 6), status = column_integer(row, 7);
    if (answered < 0 || answered > 1 || status < 0 || status >= BAMBOO_STATUS_COUNT)
        tell(check, "mail", id, 0, "mail %" PRIu64 " has a state that there is not", mail.mail);
    size_t size = 0;
    const void *reply = column_blob(row, 8, &size);
    if (answered && !has_sum(row, 9, sqlite_sum_reply(mail.mail, (uint32_t)status, reply, size)))
        tell(check, "mail", id, 0, "the answer to mail %" PRIu64 " is not what was written",
             mail.mail);
    if (!answered && (size > 0 || status != 0 || !column_is_null(row, 9)))
        tell(check, "mail", id, 0, "mail %" PRIu64 " has an answer and counts as open", mail.mail);
}

static enum bamboo_status check_mail(const struct check *check, struct bamboo_error *error)
{
    struct orphans orphans = {0};
    struct statement rows = statement_of(&check->sqlite->reader, STATEMENT_CHECK_MAIL);
    for (; statement_next(&rows); check->counts->mails++)
        if (belongs(check, &orphans, &rows, "mail", column_number(&rows, 1), 10, 11))
            check_one_mail(check, &rows);
    return statement_finish(&rows, error);
}

static enum bamboo_status check_engines(const struct check *check, struct bamboo_error *error)
{
    struct statement rows = statement_of(&check->sqlite->reader, STATEMENT_CHECK_ENGINES);
    for (; statement_next(&rows); check->counts->engines++) {
        long long number = column_integer(&rows, 0);
        int64_t lease = column_integer(&rows, 3);
        size_t boot = strlen(column_text(&rows, 1));
        if (number < 1 || (boot != 0 && boot != BOOT_ID_SIZE - 1) || column_integer(&rows, 2) < 1 ||
            lease < 1)
            tell(check, "engine", "", 0, "engine %lld has no proper process or lease", number);
        else if (column_integer(&rows, 4) > sqlite_now(check->sqlite) + lease)
            tell(check, "engine", "", 0, "the lease of engine %lld is longer than it can be",
                 number);
    }
    return statement_finish(&rows, error);
}

/* The numbers of removed runs are not given again. */
static enum bamboo_status check_removed(const struct check *check, struct bamboo_error *error)
{
    struct statement row = statement_of(&check->sqlite->reader, STATEMENT_CHECK_REMOVED);
    if (statement_next(&row)) {
        if (column_integer(&row, 0) != 1)
            tell(check, "removed", "", 0, "has %lld rows", (long long)column_integer(&row, 0));
        else if (column_integer(&row, 1) < column_integer(&row, 2))
            tell(check, "removed", "", 0, "the highest number of a removed run is %lld, not %lld",
                 (long long)column_integer(&row, 2), (long long)column_integer(&row, 1));
    }
    return statement_finish(&row, error);
}

enum bamboo_status sqlite_check(struct store *store, const struct store_finder *finder,
                                struct store_counts *counts, struct bamboo_error *error)
{
    static enum bamboo_status (*const tables[])(const struct check *, struct bamboo_error *) = {
        check_file,      check_definitions, check_runs, check_events,  check_snapshots,
        check_artifacts, check_logs,        check_mail, check_engines, check_removed};
    const struct check check = {sqlite_of(store), finder, counts};
    *counts = (struct store_counts){0};
    enum bamboo_status status = BAMBOO_OK;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && status == BAMBOO_OK; i++)
        status = tables[i](&check, error);
    return status;
}

enum bamboo_status sqlite_freeze(struct store *store, struct bamboo_error *error)
{
    return connection_execute(&sqlite_of(store)->reader, "BEGIN", error);
}

enum bamboo_status sqlite_thaw(struct store *store, enum bamboo_status status,
                               struct bamboo_error *error)
{
    struct bamboo_error ignored;
    enum bamboo_status ended = connection_execute(&sqlite_of(store)->reader, "COMMIT",
                                                  status == BAMBOO_OK ? error : &ignored);
    return status == BAMBOO_OK ? ended : status;
}
