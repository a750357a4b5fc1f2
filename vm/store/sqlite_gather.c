#include "vm/store/sqlite_gather.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"

/* Of SQLite's format (sqlite.org/fileformat2.html#walformat): a frame is this and a page. Nothing
 * else of this size is written. */
#define FRAME_HEADER_SIZE 24
/* In the header: the size of the database after a commit, or zero. */
#define FRAME_COMMIT_OFFSET 4
#define FRAME_COMMIT_SIZE   4

#define GATHER_SIZE (64 << 10)

/* The log's file is SQLite's; its methods are ours. */
struct gathered_log {
    sqlite3_io_methods methods; /* first: all that a call brings is the file, which points to it */
    const sqlite3_io_methods *original;
    int64_t end;  /* of what was written last, or is held back */
    int size;     /* of what is held back */
    bool commits; /* the commit's last frame is being written */
    uint8_t bytes[GATHER_SIZE];
};

static struct gathered_log *log_of(sqlite3_file *file)
{
    return (struct gathered_log *)(uintptr_t)file->pMethods;
}

/* Nothing is tried again: what fails here ends SQLite's transaction, and the next one writes to the
 * same place. */
static int write_held(struct gathered_log *log, sqlite3_file *file)
{
    int size = log->size;
    log->size = 0;
    return size > 0 ? log->original->xWrite(file, log->bytes, size, log->end - size) : SQLITE_OK;
}

static bool is_commit(const uint8_t *header)
{
    static const uint8_t none[FRAME_COMMIT_SIZE] = {0};
    return memcmp(header + FRAME_COMMIT_OFFSET, none, sizeof none) != 0;
}

static int gather(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    struct gathered_log *log = log_of(file);
    bool is_header = size == FRAME_HEADER_SIZE;
    bool follows = offset == log->end;
    if (is_header) log->commits = is_commit(bytes);
    if (!follows || size > GATHER_SIZE - log->size) {
        int result = write_held(log, file);
        if (result != SQLITE_OK) return result;
    }
    log->end = offset + size;
    if (size > GATHER_SIZE) return log->original->xWrite(file, bytes, size, offset);
    memcpy(log->bytes + log->size, bytes, (size_t)size);
    log->size += size;
    /* The page comes at once, unless only the header is written again. */
    bool may_wait = !log->commits || (is_header && follows);
    return may_wait ? SQLITE_OK : write_held(log, file);
}

static int read_file(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset)
{
    struct gathered_log *log = log_of(file);
    int result = write_held(log, file);
    return result == SQLITE_OK ? log->original->xRead(file, bytes, size, offset) : result;
}

static int cut_file(sqlite3_file *file, sqlite3_int64 size)
{
    struct gathered_log *log = log_of(file);
    int result = write_held(log, file);
    return result == SQLITE_OK ? log->original->xTruncate(file, size) : result;
}

static int synchronise(sqlite3_file *file, int flags)
{
    struct gathered_log *log = log_of(file);
    int result = write_held(log, file);
    return result == SQLITE_OK ? log->original->xSync(file, flags) : result;
}

static int measure(sqlite3_file *file, sqlite3_int64 *size)
{
    struct gathered_log *log = log_of(file);
    int result = write_held(log, file);
    return result == SQLITE_OK ? log->original->xFileSize(file, size) : result;
}

/* What is still held back belongs to no commit. */
static int close_file(sqlite3_file *file)
{
    file->pMethods = log_of(file)->original;
    return file->pMethods->xClose(file);
}

enum bamboo_status gathered_log_create(sqlite3 *database, struct gathered_log **out,
                                       struct bamboo_error *error)
{
    sqlite3_file *file = NULL;
    int result =
        sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&file);
    if (result != SQLITE_OK || !file || !file->pMethods) return BAMBOO_OK; /* it writes as it did */
    struct gathered_log *log = memory_allocate_zeroed(1, sizeof *log);
    if (!log) return fail_memory(error);
    log->original = file->pMethods;
    log->methods = *log->original;
    if (log->methods.iVersion > 3) log->methods.iVersion = 3; /* as many as we know */
    log->methods.xWrite = gather;
    log->methods.xRead = read_file;
    log->methods.xTruncate = cut_file;
    log->methods.xSync = synchronise;
    log->methods.xFileSize = measure;
    log->methods.xClose = close_file;
    file->pMethods = &log->methods;
    *out = log;
    return BAMBOO_OK;
}

void gathered_log_destroy(struct gathered_log *log)
{
    memory_free(log);
}
