/* What a disk holds while the power may fail: a VFS under SQLite that writes down what is written
 * to each file and what was synchronised, and passes everything on. From that, a disk after a power
 * loss is made: of what was not synchronised some writes are there, in whole or torn. */
#ifndef TESTS_POWERLOSS_DISK_H
#define TESTS_POWERLOSS_DISK_H

#include <stdbool.h>
#include <stdint.h>

/* Puts the VFS in place of SQLite's own. Called once, before a store is opened. */
void disk_install(void);

/* Files whose path begins so are written down from now on; NULL: none. `before_sync` is called
 * before a file is synchronised and before each write, in whatever thread that is. */
void disk_watch(const char *path, void (*before_sync)(void *context), void *context);

enum disk_call {
    DISK_OPEN,
    DISK_READ,
    DISK_WRITE,
    DISK_SYNC,
    DISK_TRUNCATE,
    DISK_LOCK,
    DISK_SHM_MAP,
    DISK_CALL_COUNT
};
/* Asked before each call from now on: 0, or the result that it has instead. NULL: nobody. */
void disk_ask(int (*decide)(enum disk_call call));

/* Writes files as a power loss right now might leave them, the path's beginning replaced by `to`.
 * Chance comes from *random. For use in `before_sync`. False if a file cannot be written. */
bool disk_cut(const char *to, uint64_t *random);

#endif
