#include "vm/store/store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

static const char *const synchronous[] = {
    [STORE_DURABILITY_NONE] = "PRAGMA synchronous = OFF",
    [STORE_DURABILITY_OS] = "PRAGMA synchronous = NORMAL",
    [STORE_DURABILITY_FULL] = "PRAGMA synchronous = FULL",
};

/* The log is copied into the database every 16 MiB: rarely enough not to matter, often enough for a
 * fast recovery after a crash. */
#define WRITER_PRAGMAS \
    "PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 67108864;" \
    "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;"

/* A commit writes whole pages, and most of ours change a few bytes in each of three to six: small
 * pages halve what a step costs beside the disk, and waste less behind the row of a batch. A new
 * file keeps track of them, so that free ones can be given back a few at a time (store_shrink());
 * that costs a page in 200. On a file with tables neither has an effect. */
#define NEW_FILE_PRAGMAS "PRAGMA page_size = 1024; PRAGMA auto_vacuum = INCREMENTAL"

enum bamboo_status sqlite_order_begin(struct sqlite_store *sqlite, struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    if (sqlite->durability == STORE_DURABILITY_FULL)
        status = connection_execute(&sqlite->writer, synchronous[STORE_DURABILITY_OS], error);
    if (status != BAMBOO_OK) return status;
    status = transaction_begin(&sqlite->writer, error);
    if (status == BAMBOO_OK) return status;
    return sqlite_order_end(sqlite, status, error);
}

enum bamboo_status sqlite_order_end(struct sqlite_store *sqlite, enum bamboo_status status,
                                    struct bamboo_error *error)
{
    status = transaction_end(&sqlite->writer, status, error);
    if (sqlite->durability != STORE_DURABILITY_FULL) return status;
    enum bamboo_status restored = connection_execute(
        &sqlite->writer, synchronous[STORE_DURABILITY_FULL], status == BAMBOO_OK ? error : NULL);
    return status == BAMBOO_OK ? restored : status;
}

void sqlite_wake(const struct sqlite_store *sqlite)
{
    /* A failure costs the owner a few milliseconds: it looks into its mailbox by itself too. */
    if (sqlite->wake_file >= 0) (void)futimens(sqlite->wake_file, NULL);
}

/* Copying the log into the database takes three waits for the disk, opening with a small log a
 * millisecond: leave a small one to the next who opens. */
#define LOG_LEFT_MAX (1 << 20)

static void leave_small_log(struct sqlite_store *sqlite)
{
    struct text path = {0};
    struct stat log;
    text_append_format(&path, "%s-wal", sqlite->path ? sqlite->path : "");
    if (!path.failed && stat(path.bytes, &log) == 0 && log.st_size <= LOG_LEFT_MAX &&
        sqlite->durability != STORE_DURABILITY_NONE) {
        sqlite3 *const databases[] = {sqlite->reader.database, sqlite->writer.database};
        for (size_t i = 0; i < 2; i++)
            if (databases[i])
                sqlite3_db_config(databases[i], SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    text_release(&path);
}

static void sqlite_store_close(struct store *store)
{
    struct sqlite_store *sqlite = sqlite_of(store);
    leave_small_log(sqlite);
    connection_close(&sqlite->reader);
    connection_close(&sqlite->writer);
    const int files[] = {sqlite->owners_file, sqlite->writer_probe, sqlite->reader_probe,
                         sqlite->wake_file};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i] >= 0) close(files[i]);
    memory_free(sqlite->path);
    memory_free(sqlite->owners_path);
    memory_free(sqlite->wake_path);
    memory_free(sqlite);
}

static const char *wake_path(const struct store *store)
{
    return ((const struct sqlite_store *)(const void *)store)->wake_path;
}

static const struct store_functions sqlite_functions = {
    .close = sqlite_store_close,
    .wake_path = wake_path,
    .commit = sqlite_commit,
    .engine_join = sqlite_engine_join,
    .engine_renew = sqlite_engine_renew,
    .engine_leave = sqlite_engine_leave,
    .claim = sqlite_claim,
    .claim_some = sqlite_claim_some,
    .submit = sqlite_submit,
    .read_mail = sqlite_read_mail,
    .read_reply = sqlite_read_reply,
    .find_run = sqlite_find_run,
    .find_number = sqlite_find_number,
    .list_runs = sqlite_list_runs,
    .read_artifact = sqlite_read_artifact,
    .read_snapshot = sqlite_read_snapshot,
    .read_events = sqlite_read_events,
    .read_journal = sqlite_read_journal,
    .read_logs = sqlite_read_logs,
    .forget_run = sqlite_forget_run,
    .sweep = sqlite_sweep,
    .shrink = sqlite_shrink,
    .measure = sqlite_measure,
    .freeze = sqlite_freeze,
    .thaw = sqlite_thaw,
    .check = sqlite_check,
};

/* Makes the folders above `path` that are missing. */
static enum bamboo_status make_folders(const char *path, struct bamboo_error *error)
{
    char *folder = memory_copy_text(path, strlen(path));
    if (!folder) return fail_memory(error);
    enum bamboo_status status = BAMBOO_OK;
    for (char *slash = strchr(folder + 1, '/'); slash && status == BAMBOO_OK;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(folder, 0700) < 0 && errno != EEXIST && access(folder, F_OK) < 0)
            status = fail_errno(error, BAMBOO_E_STORE, errno,
                                "the folder %s for the store cannot be made; make it, or use "
                                "another path",
                                folder);
        *slash = '/';
    }
    memory_free(folder);
    return status;
}

static enum bamboo_status connection_open(struct sqlite_store *sqlite,
                                          struct connection *connection,
                                          const struct store_options *options,
                                          struct bamboo_error *error)
{
    int flags =
        options->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    connection->path = sqlite->path;
    int result = sqlite3_open_v2(sqlite->path, &connection->database,
                                 flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (result != SQLITE_OK) return connection_fail(connection, result, error);
    int64_t timeout = options->timeout_ms < INT_MAX ? options->timeout_ms : INT_MAX;
    connection->timeout_ms = timeout;
    sqlite3_busy_timeout(connection->database, (int)timeout);
    return BAMBOO_OK;
}

static int note_mode(void *is_log, int count, char **values, char **names)
{
    (void)count, (void)names;
    *(bool *)is_log = values[0] && strcmp(values[0], "wal") == 0;
    return 0;
}

/* SQLite does not wait by itself while another process is changing the journal mode. */
static enum bamboo_status use_write_ahead_log(struct connection *connection, int64_t timeout_ms,
                                              bool *is_log, struct bamboo_error *error)
{
    static const struct timespec pause = {.tv_nsec = 2000000};
    int64_t left_ms = timeout_ms;
    int result;
    while ((result = sqlite3_exec(connection->database, "PRAGMA journal_mode = WAL", note_mode,
                                  is_log, NULL)) != SQLITE_OK &&
           (result & 0xff) == SQLITE_BUSY && left_ms > 0) {
        nanosleep(&pause, NULL);
        left_ms -= 2;
    }
    return result == SQLITE_OK ? BAMBOO_OK : connection_fail(connection, result, error);
}

static enum bamboo_status prepare_writer(struct sqlite_store *sqlite,
                                         const struct store_options *options,
                                         struct bamboo_error *error)
{
    struct connection *writer = &sqlite->writer;
    bool is_current = false;
    bool is_log = false; /* some file systems have no memory that processes share */
    enum bamboo_status status = sqlite_schema_check(writer, &is_current, error);
    if (status != BAMBOO_OK) return status;
    if (options->read_only) {
        if (is_current) return BAMBOO_OK;
        return fail(error, BAMBOO_E_STORE,
                    "the store %s is empty or of an older bamboo; open it for writing once",
                    sqlite->path);
    }
    if (sqlite3_db_readonly(writer->database, "main"))
        return connection_fail(writer, SQLITE_READONLY, error);
    if ((status = connection_execute(writer, synchronous[sqlite->durability], error)) !=
            BAMBOO_OK ||
        (!is_current &&
         (status = connection_execute(writer, NEW_FILE_PRAGMAS, error)) != BAMBOO_OK) ||
        (status = use_write_ahead_log(writer, options->timeout_ms, &is_log, error)) != BAMBOO_OK ||
        (status = connection_execute(writer, WRITER_PRAGMAS, error)) != BAMBOO_OK)
        return status;
    if (!is_current && (status = sqlite_schema_migrate(writer, error)) != BAMBOO_OK) return status;
    /* A new file has its log from its first transaction on. */
    return is_log ? gathered_log_create(writer->database, &writer->log, error) : BAMBOO_OK;
}

static enum bamboo_status set_paths(struct sqlite_store *sqlite, const char *path,
                                    struct bamboo_error *error)
{
    struct text text = {0};
    /* SQLite gives names that begin with a colon a meaning of their own. */
    text_append_format(&text, "%s%s", path[0] == ':' ? "./" : "", path);
    size_t size = text.size;
    if (!text.failed) sqlite->path = memory_copy_text(text.bytes, size);
    bool complete = sqlite->path != NULL;
    if (complete) {
        text_append_string(&text, "-owners");
        if (!text.failed) sqlite->owners_path = memory_copy_text(text.bytes, text.size);
        text_clear(&text);
        text_append_format(&text, "%s-wake", sqlite->path);
        if (!text.failed) sqlite->wake_path = memory_copy_text(text.bytes, text.size);
        complete = sqlite->owners_path && sqlite->wake_path;
    }
    text_release(&text);
    return complete ? BAMBOO_OK : fail_memory(error);
}

static void read_boot_id(struct sqlite_store *sqlite)
{
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (file < 0) return;
    /* Without it every engine looks as one of this machine's present start, which it nearly always
     * is. */
    ssize_t size = read(file, sqlite->boot_id, sizeof sqlite->boot_id - 1);
    sqlite->boot_id[size > 0 ? size : 0] = '\0';
    close(file);
}

static enum bamboo_status open_files(struct sqlite_store *sqlite,
                                     const struct store_options *options,
                                     struct bamboo_error *error)
{
    enum bamboo_status status;
    if (options->read_only && access(sqlite->path, F_OK) < 0 && errno == ENOENT)
        return fail(error, BAMBOO_E_STORE, "there is no store %s", sqlite->path);
    if (!options->read_only && (status = make_folders(sqlite->path, error)) != BAMBOO_OK)
        return status;
    if ((status = connection_open(sqlite, &sqlite->writer, options, error)) != BAMBOO_OK ||
        (status = prepare_writer(sqlite, options, error)) != BAMBOO_OK ||
        (status = connection_open(sqlite, &sqlite->reader, options, error)) != BAMBOO_OK)
        return status;
    int flags = options->read_only ? O_RDONLY : O_RDWR | O_CREAT;
    sqlite->wake_file = open(sqlite->wake_path, flags | O_CLOEXEC, 0666);
    if (sqlite->wake_file < 0 && !options->read_only)
        return fail_errno(error, BAMBOO_E_STORE, errno, "the file %s cannot be written",
                          sqlite->wake_path);
    return BAMBOO_OK;
}

enum bamboo_status sqlite_store_open(const char *path, const struct store_options *options,
                                     struct store **out, struct bamboo_error *error)
{
    struct sqlite_store *sqlite = memory_allocate_zeroed(1, sizeof *sqlite);
    if (!sqlite) return fail_memory(error);
    sqlite->store.functions = &sqlite_functions;
    sqlite->durability = options->durability;
    sqlite->store.clock.now = store_wall_clock;
    sqlite->owners_file = sqlite->writer_probe = sqlite->reader_probe = sqlite->wake_file = -1;
    read_boot_id(sqlite);
    enum bamboo_status status = set_paths(sqlite, path, error);
    if (status == BAMBOO_OK) status = open_files(sqlite, options, error);
    if (status == BAMBOO_OK)
        *out = &sqlite->store;
    else
        sqlite_store_close(&sqlite->store);
    return status;
}
