/* Whole files, read and written safely. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

#include "base/error.h"

/* Reads a file ("-": standard input) into memory of its own, NUL after the end; *bytes is the
 * caller's (memory_free). Errors: IO (with the path and the reason), LIMIT (more than size_max),
 * MEMORY. */
MUST_CHECK enum bamboo_status file_read(const char *path, size_t size_max, char **bytes,
                                        size_t *size, struct bamboo_error *error);

/* Writes a file so that it is either the old or the new content at any time (temporary file, then
 * rename); "-": standard output. Errors: IO, MEMORY. */
MUST_CHECK enum bamboo_status file_write(const char *path, const void *bytes, size_t size,
                                         struct bamboo_error *error);

#endif
