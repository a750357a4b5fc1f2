/* Mailboxes: how a process asks the owner of a run for something. */
#include "vm/store/store_sqlite.h"

#include "base/crash_point.h"
#include "base/memory.h"
#include "vm/store/store_refusals.h"

enum bamboo_status sqlite_submit(struct store *store, const char *id, const void *program,
                                 size_t size, const char *actor, uint64_t *mail,
                                 struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    const struct store_mail row = {
        .program = program, .size = size, .actor = actor, .time = sqlite_now(sqlite)};
    struct statement statement = statement_of(&sqlite->writer, STATEMENT_INSERT_MAIL);
    statement_blob(&statement, program, size);
    statement_string(&statement, actor);
    statement_integer(&statement, row.time);
    statement_integer(&statement, sqlite_sum_mail(id, &row));
    statement_string(&statement, id);
    int changes = 0;
    enum bamboo_status status = statement_run(&statement, &changes, error);
    if (status != BAMBOO_OK) return status;
    if (changes == 0) return fail_no_run(id, error);
    may_crash("after mail was sent");
    *mail = (uint64_t)sqlite3_last_insert_rowid(sqlite->writer.database);
    sqlite_wake(sqlite);
    return BAMBOO_OK;
}

enum bamboo_status sqlite_read_mail(struct store *store, uint64_t engine,
                                    enum bamboo_status (*each)(void *context,
                                                               const struct store_mail *,
                                                               struct bamboo_error *),
                                    void *context, struct bamboo_error *error)
{
    struct statement rows = statement_of(&sqlite_of(store)->reader, STATEMENT_LIST_MAIL);
    statement_number(&rows, engine);
    enum bamboo_status told = BAMBOO_OK;
    while (told == BAMBOO_OK && statement_next(&rows)) {
        struct store_mail mail = {
            .mail = column_number(&rows, 0),
            .run = column_number(&rows, 1),
            .actor = column_text(&rows, 3),
            .time = column_integer(&rows, 4),
        };
        mail.program = column_blob(&rows, 2, &mail.size);
        told = each(context, &mail, error);
    }
    return statement_finish_each(&rows, told, error);
}

enum bamboo_status sqlite_read_reply(struct store *store, uint64_t mail, bool *answered,
                                     enum bamboo_status *status, char **text,
                                     struct bamboo_error *error)
{
    struct statement row = statement_of(&sqlite_of(store)->reader, STATEMENT_FIND_REPLY);
    statement_number(&row, mail);
    enum bamboo_status read = BAMBOO_OK;
    if (statement_next(&row)) {
        *answered = column_integer(&row, 0) != 0;
        if (*answered) {
            int64_t number = column_integer(&row, 1);
            size_t size = 0;
            const char *bytes = column_blob(&row, 2, &size);
            *status = number >= 0 && number < BAMBOO_STATUS_COUNT ? (enum bamboo_status)number
                                                                  : BAMBOO_E_STORE;
            *text = memory_copy_text(bytes ? bytes : "", size);
            if (!*text) read = fail_memory(error);
        }
    } else if (row.result == SQLITE_DONE) {
        read = fail_no_mail(error);
    }
    return statement_finish_each(&row, read, error);
}
