#ifndef CLI_WRITE_FILE_H
#define CLI_WRITE_FILE_H

#include <stddef.h>

/* Writes a file so that at any time it is the old or the new one; "-": standard output. Returns an
 * exit code, not 0 after a complaint. */
int write_file(const char *path, const void *bytes, size_t size);

#endif
