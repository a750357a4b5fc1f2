#include "vm/store/store_refusals.h"
#include "vm/store/store_sqlite.h"

/* Everything of a run, and its artifact if no other run uses it; in a transaction. */
static enum bamboo_status delete_rows(struct connection *writer, const struct store_run *run,
                                      struct bamboo_error *error)
{
    static const enum statement_kind kinds[] = {STATEMENT_DELETE_EVENTS, STATEMENT_DELETE_SNAPSHOT,
                                                STATEMENT_DELETE_LOGS, STATEMENT_DELETE_MAIL,
                                                STATEMENT_DELETE_RUN};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct statement statement = statement_of(writer, kinds[i]);
        statement_number(&statement, run->number);
        enum bamboo_status status = statement_run(&statement, NULL, error);
        if (status != BAMBOO_OK) return status;
    }
    struct statement artifact = statement_of(writer, STATEMENT_DELETE_ARTIFACT);
    statement_blob(&artifact, run->digest, DIGEST_SIZE);
    return statement_run(&artifact, NULL, error);
}

enum bamboo_status sqlite_remove_run(struct store *store, const char *id, bool force,
                                     struct bamboo_error *error)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    struct store_run run = {0};
    enum bamboo_status status = transaction_begin(&sqlite->writer, error);
    if (status != BAMBOO_OK) return status;
    status = sqlite_find_exactly(sqlite, &sqlite->writer, id, &run, error);
    if (status == BAMBOO_OK) status = refuse_unless_removable(&run, force, error);
    if (status == BAMBOO_OK) status = delete_rows(&sqlite->writer, &run, error);
    store_run_release(&run);
    return transaction_end(&sqlite->writer, status, error);
}
