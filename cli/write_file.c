#include "cli/write_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/exit_code.h"
#include "cli/output.h"

/* mkstemp() lets nobody else read: the mode is made what open() would have made it. */
static bool write_all(int descriptor, const void *bytes, size_t size)
{
    mode_t mask = umask(0);
    umask(mask);
    FILE *file = fdopen(descriptor, "wb");
    if (!file) {
        close(descriptor);
        return false;
    }
    bool written = fchmod(descriptor, 0666 & ~mask) == 0 && fwrite(bytes, 1, size, file) == size;
    return fclose(file) == 0 && written;
}

int write_file(const char *path, const void *bytes, size_t size)
{
    char temporary[PATH_MAX];
    if (strcmp(path, "-") == 0) {
        fwrite(bytes, 1, size, stdout);
        return EXIT_FINISHED;
    }
    int length = snprintf(temporary, sizeof temporary, "%s.XXXXXX", path);
    if (length < 0 || (size_t)length >= sizeof temporary) {
        complain("%s: the path is too long", path);
        return EXIT_STORE;
    }
    int descriptor = mkstemp(temporary);
    if (descriptor < 0) {
        complain("%s: %s", path, strerror(errno));
        return EXIT_STORE;
    }
    if (write_all(descriptor, bytes, size) && rename(temporary, path) == 0) return EXIT_FINISHED;
    complain("%s: %s", path, strerror(errno));
    unlink(temporary);
    return EXIT_STORE;
}
