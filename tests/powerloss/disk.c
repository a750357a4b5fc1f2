#include "tests/powerloss/disk.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/generate/choices.h"

#define SECTOR         512
#define FILE_COUNT_MAX 8

/* A write, or (without bytes) a change of size, that was not synchronised yet. */
struct change {
    int64_t offset, size;
    char *bytes; /* NULL: the file has this size now */
};

struct watched_file {
    char *name;               /* NULL: free */
    bool is_there, was_there; /* now, and by what is certain */
    char *durable;
    int64_t durable_size;
    struct change *changes;
    size_t change_count, change_capacity;
};

static struct {
    pthread_mutex_t lock;
    const char *path;
    void (*before_sync)(void *context);
    void *context;
    struct watched_file files[FILE_COUNT_MAX];
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *get(void *memory, size_t size)
{
    memory = realloc(memory, size ? size : 1);
    if (!memory) abort();
    return memory;
}

/* --- What is certain, and what is not --- */

static struct watched_file *find(const char *name, bool create)
{
    if (!name || !disk.path || strncmp(name, disk.path, strlen(disk.path)) != 0) return NULL;
    struct watched_file *free_one = NULL;
    for (size_t i = 0; i < FILE_COUNT_MAX; i++) {
        struct watched_file *file = &disk.files[i];
        if (file->name && strcmp(file->name, name) == 0) return file;
        if (!file->name && !free_one) free_one = file;
    }
    if (!create || !free_one) return NULL;
    free_one->name = strdup(name);
    return free_one;
}

static void change(struct watched_file *file, int64_t offset, int64_t size, const void *bytes)
{
    if (file->change_count == file->change_capacity) {
        file->change_capacity = 2 * file->change_capacity + 16;
        file->changes = get(file->changes, file->change_capacity * sizeof *file->changes);
    }
    struct change *added = &file->changes[file->change_count++];
    *added = (struct change){offset, size, NULL};
    if (!bytes) return;
    added->bytes = get(NULL, (size_t)size);
    memcpy(added->bytes, bytes, (size_t)size);
}

/* Applies the first `size` bytes of a change. */
static void apply(char **bytes, int64_t *size, const struct change *one, int64_t part)
{
    int64_t end = one->bytes ? one->offset + part : one->offset;
    if (end > *size || !one->bytes) {
        *bytes = get(*bytes, (size_t)end);
        if (end > *size) memset(*bytes + *size, 0, (size_t)(end - *size));
        *size = end;
    }
    if (one->bytes) memcpy(*bytes + one->offset, one->bytes, (size_t)part);
}

static void forget_changes(struct watched_file *file)
{
    for (size_t i = 0; i < file->change_count; i++)
        free(file->changes[i].bytes);
    file->change_count = 0;
}

static void make_certain(struct watched_file *file)
{
    for (size_t i = 0; i < file->change_count; i++)
        apply(&file->durable, &file->durable_size, &file->changes[i], file->changes[i].size);
    forget_changes(file);
    /* Journalling file systems keep the order of what is made and removed: whatever was before this
     * is on the disk, too. */
    for (size_t i = 0; i < FILE_COUNT_MAX; i++) {
        struct watched_file *other = &disk.files[i];
        other->was_there = other->is_there;
        if (!other->is_there) other->durable_size = 0;
    }
}

/* --- A cut --- */

static bool write_cut(const struct watched_file *file, const char *to, uint64_t *random)
{
    char *bytes = get(NULL, (size_t)file->durable_size);
    int64_t size = file->durable_size;
    uint32_t kind = random_next(random) % 4;
    if (size) memcpy(bytes, file->durable, (size_t)size);
    for (size_t i = 0; i < file->change_count; i++) {
        const struct change *one = &file->changes[i];
        /* All, none, or any of them; in an order of their own where they do not overlap. */
        if (kind == 0 || (kind > 1 && random_next(random) % 2)) continue;
        int64_t part = one->size;
        if (kind == 3 && one->bytes && random_next(random) % 4 == 0)
            part = SECTOR * (random_next(random) % (one->size / SECTOR + 1));
        apply(&bytes, &size, one, part);
    }
    FILE *stream = fopen(to, "wb");
    bool is_written = stream && fwrite(bytes, 1, (size_t)size, stream) == (size_t)size;
    if (stream && fclose(stream) != 0) is_written = false;
    free(bytes);
    return is_written;
}

bool disk_cut(const char *to, uint64_t *random)
{
    bool is_written = true;
    for (size_t i = 0; i < FILE_COUNT_MAX; i++) {
        const struct watched_file *file = &disk.files[i];
        char name[512];
        if (!file->name) continue;
        /* That it was made, or removed, may not have reached the disk either. */
        bool is_there = random_next(random) % 2 ? file->is_there : file->was_there;
        if (!is_there) continue;
        snprintf(name, sizeof name, "%s%s", to, file->name + strlen(disk.path));
        is_written &= write_cut(file, name, random);
    }
    return is_written;
}

/* --- The VFS --- */

static int (*decide_call)(enum disk_call call);

void disk_ask(int (*decide)(enum disk_call call))
{
    decide_call = decide;
}

static int fault(enum disk_call call)
{
    return decide_call ? decide_call(call) : SQLITE_OK;
}

struct disk_file {
    sqlite3_file base;
    struct watched_file *watched; /* NULL: not watched */
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;
static sqlite3_vfs disk_vfs;

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct disk_file *)(void *)file)->real;
}

static struct watched_file *watched_of(sqlite3_file *file)
{
    return ((struct disk_file *)(void *)file)->watched;
}

#define PASS(file, method, ...) (real_of(file)->pMethods->method(real_of(file), __VA_ARGS__))

static int close_file(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int read_file(sqlite3_file *file, void *bytes, int size, sqlite3_int64 offset)
{
    int failure = fault(DISK_READ);
    if (failure != SQLITE_OK) return failure;
    return PASS(file, xRead, bytes, size, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 offset)
{
    int failure = fault(DISK_WRITE);
    if (failure != SQLITE_OK) { /* some of it is there */
        (void)PASS(file, xWrite, bytes, size / 2, offset);
        return failure;
    }
    pthread_mutex_lock(&disk.lock);
    if (watched_of(file) && disk.path) {
        disk.before_sync(disk.context);
        change(watched_of(file), offset, size, bytes);
    }
    pthread_mutex_unlock(&disk.lock);
    return PASS(file, xWrite, bytes, size, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    int failure = fault(DISK_TRUNCATE);
    if (failure != SQLITE_OK) return failure;
    pthread_mutex_lock(&disk.lock);
    if (watched_of(file) && disk.path) change(watched_of(file), size, 0, NULL);
    pthread_mutex_unlock(&disk.lock);
    return PASS(file, xTruncate, size);
}

static int sync_file(sqlite3_file *file, int flags)
{
    int failure = fault(DISK_SYNC);
    if (failure != SQLITE_OK) return failure;
    int result = PASS(file, xSync, flags);
    pthread_mutex_lock(&disk.lock);
    if (watched_of(file) && disk.path) {
        disk.before_sync(disk.context);
        make_certain(watched_of(file));
        disk.before_sync(disk.context);
    }
    pthread_mutex_unlock(&disk.lock);
    return result;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return PASS(file, xFileSize, size);
}

static int lock_file(sqlite3_file *file, int level)
{
    int failure = fault(DISK_LOCK);
    if (failure != SQLITE_OK) return failure;
    return PASS(file, xLock, level);
}

static int unlock_file(sqlite3_file *file, int level)
{
    return PASS(file, xUnlock, level);
}

static int check_reserved_lock(sqlite3_file *file, int *out)
{
    return PASS(file, xCheckReservedLock, out);
}

static int file_control(sqlite3_file *file, int operation, void *argument)
{
    return PASS(file, xFileControl, operation, argument);
}

static int sector_size(sqlite3_file *file)
{
    (void)file;
    return SECTOR;
}

static int device_characteristics(sqlite3_file *file)
{
    (void)file;
    return 0; /* nothing is promised */
}

static int shm_map(sqlite3_file *file, int region, int size, int extend, void volatile **out)
{
    int failure = fault(DISK_SHM_MAP);
    if (failure != SQLITE_OK) return failure;
    return PASS(file, xShmMap, region, size, extend, out);
}

static int shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return PASS(file, xShmLock, offset, count, flags);
}

static void shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int shm_unmap(sqlite3_file *file, int remove)
{
    return PASS(file, xShmUnmap, remove);
}

static const sqlite3_io_methods METHODS = {2,
                                           close_file,
                                           read_file,
                                           write_file,
                                           truncate_file,
                                           sync_file,
                                           file_size,
                                           lock_file,
                                           unlock_file,
                                           check_reserved_lock,
                                           file_control,
                                           sector_size,
                                           device_characteristics,
                                           shm_map,
                                           shm_lock,
                                           shm_barrier,
                                           shm_unmap,
                                           NULL,
                                           NULL};

static int open_file(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                     int *out_flags)
{
    int failure = fault(DISK_OPEN);
    struct disk_file *opened = (struct disk_file *)(void *)file;
    (void)vfs;
    opened->base.pMethods = NULL;
    if (failure != SQLITE_OK) return failure;
    opened->real = (sqlite3_file *)(void *)(opened + 1);
    int result = real_vfs->xOpen(real_vfs, name, opened->real, flags, out_flags);
    if (!opened->real->pMethods) return result;
    pthread_mutex_lock(&disk.lock);
    opened->watched = find(name, true);
    if (opened->watched) opened->watched->is_there = true;
    pthread_mutex_unlock(&disk.lock);
    opened->base.pMethods = &METHODS;
    return result;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    pthread_mutex_lock(&disk.lock);
    struct watched_file *file = find(name, false);
    if (file) {
        file->is_there = false;
        if (sync_folder) file->was_there = false;
        forget_changes(file);
        if (sync_folder) file->durable_size = 0;
    }
    pthread_mutex_unlock(&disk.lock);
    return real_vfs->xDelete(real_vfs, name, sync_folder);
}

void disk_install(void)
{
    sqlite3_initialize();
    real_vfs = sqlite3_vfs_find(NULL);
    disk_vfs = *real_vfs;
    disk_vfs.zName = "power";
    disk_vfs.szOsFile = real_vfs->szOsFile + (int)sizeof(struct disk_file);
    disk_vfs.xOpen = open_file;
    disk_vfs.xDelete = delete_file;
    disk_vfs.pNext = NULL;
    sqlite3_vfs_register(&disk_vfs, 1);
}

void disk_watch(const char *path, void (*before_sync)(void *context), void *context)
{
    pthread_mutex_lock(&disk.lock);
    for (size_t i = 0; i < FILE_COUNT_MAX; i++) {
        forget_changes(&disk.files[i]);
        free(disk.files[i].changes);
        free(disk.files[i].durable);
        free(disk.files[i].name);
        disk.files[i] = (struct watched_file){0};
    }
    disk.path = path;
    disk.before_sync = before_sync;
    disk.context = context;
    pthread_mutex_unlock(&disk.lock);
}
