/* Where programs lie. The system looks for a program in each folder of PATH, with a call for each,
 * whenever a process is started; what was found is remembered here, as a shell does. */
#ifndef VM_ENGINE_PROGRAM_PATH_H
#define VM_ENGINE_PROGRAM_PATH_H

#include <stddef.h>

#define PROGRAM_PATH_COUNT 8

struct program_path {
    char *name, *path;
};

/* All zero: nothing is known yet. */
struct program_paths {
    char *folders; /* PATH, when they were found */
    struct program_path found[PROGRAM_PATH_COUNT];
    size_t next; /* the one that makes room */
};

/* The absolute path of a program that is not named by a path itself; lives until the next call.
 * NULL: leave it to the system, since it was not found, or by a relative folder, or there is no
 * memory. The file may be gone by the time that it is wanted. */
const char *program_path_find(struct program_paths *paths, const char *name);
void program_paths_release(struct program_paths *paths);

#endif
