#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#define READ_SIZE_FIRST ((size_t)64 << 10)

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* --- reading --- */

struct reading {
    char *bytes;
    size_t size;
    size_t capacity;
};

/* Reads until the end, or until there is a byte more than `size_max`. */
static enum bamboo_status read_all(int file, const char *path, size_t size_max,
                                   struct reading *reading, struct bamboo_error *error)
{
    for (;;) {
        void *bytes = reading->bytes;
        size_t needed = reading->size + READ_SIZE_FIRST;
        if (!memory_grow(&bytes, &reading->capacity, needed + 1, 1)) return fail_memory(error);
        reading->bytes = bytes;
        ssize_t count =
            read(file, reading->bytes + reading->size, reading->capacity - reading->size - 1);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno(error, BAMBOO_E_IO, errno, "cannot read '%s'", path);
        if (count == 0) break;
        reading->size += (size_t)count;
        if (reading->size > size_max)
            return fail(error, BAMBOO_E_LIMIT, "'%s' is larger than the limit of %zu bytes", path,
                        size_max);
    }
    reading->bytes[reading->size] = '\0';
    return BAMBOO_OK;
}

enum bamboo_status file_read(const char *path, size_t size_max, char **bytes, size_t *size,
                             struct bamboo_error *error)
{
    struct reading reading = {0};
    int file = is_standard(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail_errno(error, BAMBOO_E_IO, errno, "cannot open '%s'", path);
    enum bamboo_status status = read_all(file, path, size_max, &reading, error);
    if (!is_standard(path)) close(file);
    if (status) {
        memory_free(reading.bytes);
        return status;
    }
    *bytes = reading.bytes;
    *size = reading.size;
    return BAMBOO_OK;
}

/* --- writing --- */

static enum bamboo_status write_all(int file, const char *path, const char *bytes, size_t size,
                                    struct bamboo_error *error)
{
    while (size > 0) {
        ssize_t count = write(file, bytes, size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno(error, BAMBOO_E_IO, errno, "cannot write '%s'", path);
        bytes += count;
        size -= (size_t)count;
    }
    return BAMBOO_OK;
}

/* Devices and pipes cannot be replaced by another file: they are written to. */
static enum bamboo_status write_in_place(const char *path, const void *bytes, size_t size,
                                         struct bamboo_error *error)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return fail_errno(error, BAMBOO_E_IO, errno, "cannot open '%s'", path);
    enum bamboo_status status = write_all(file, path, bytes, size, error);
    if (close(file) < 0 && !status)
        status = fail_errno(error, BAMBOO_E_IO, errno, "cannot write '%s'", path);
    return status;
}

/* Fills the temporary file and brings it to the disk. */
static enum bamboo_status write_temporary(const char *temporary, const char *path, mode_t mode,
                                          const void *bytes, size_t size,
                                          struct bamboo_error *error)
{
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) return fail_errno(error, BAMBOO_E_IO, errno, "cannot write '%s'", path);
    enum bamboo_status status = write_all(file, path, bytes, size, error);
    if (!status && ((mode && fchmod(file, mode) < 0) || fsync(file) < 0))
        status = fail_errno(error, BAMBOO_E_IO, errno, "cannot write '%s'", path);
    if (close(file) < 0 && !status)
        status = fail_errno(error, BAMBOO_E_IO, errno, "cannot write '%s'", path);
    if (status) unlink(temporary);
    return status;
}

/* The new file keeps the permissions of the old one; `mode` 0: there is no old one. */
static enum bamboo_status replace(const char *path, mode_t mode, const void *bytes, size_t size,
                                  struct bamboo_error *error)
{
    char temporary[PATH_MAX];
    int length = snprintf(temporary, sizeof temporary, "%s.%ld.new", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof temporary)
        return fail_errno(error, BAMBOO_E_IO, ENAMETOOLONG, "cannot write '%s'", path);
    if (unlink(temporary) < 0 && errno != ENOENT) /* of a process that died and had our number */
        return fail_errno(error, BAMBOO_E_IO, errno, "cannot replace '%s'", temporary);
    enum bamboo_status status = write_temporary(temporary, path, mode, bytes, size, error);
    if (status) return status;
    if (rename(temporary, path) == 0) return BAMBOO_OK;
    status = fail_errno(error, BAMBOO_E_IO, errno, "cannot write '%s'", path);
    unlink(temporary);
    return status;
}

enum bamboo_status file_write(const char *path, const void *bytes, size_t size,
                              struct bamboo_error *error)
{
    char resolved[PATH_MAX];
    struct stat info;
    if (is_standard(path)) return write_all(STDOUT_FILENO, "standard output", bytes, size, error);
    if (stat(path, &info) < 0) return replace(path, 0, bytes, size, error);
    if (!S_ISREG(info.st_mode)) return write_in_place(path, bytes, size, error);
    if (!realpath(path, resolved)) /* a symbolic link stays, and its target is replaced */
        return fail_errno(error, BAMBOO_E_IO, errno, "cannot write '%s'", path);
    return replace(resolved, info.st_mode & 07777, bytes, size, error);
}
