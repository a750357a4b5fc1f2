#include "vm/engine/program_path.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

static bool is_program(const char *path)
{
    struct stat about;
    return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0 && stat(path, &about) == 0 &&
           S_ISREG(about.st_mode);
}

/* Puts the path into `out`; false if it is to be left to the system. */
static bool search(const char *folders, const char *name, struct text *out)
{
    while (*folders == '/') {
        size_t size = strcspn(folders, ":");
        text_clear(out);
        text_append(out, folders, size);
        text_append_format(out, "/%s", name);
        if (out->failed) return false;
        if (is_program(out->bytes)) return true;
        folders += size;
        if (*folders == ':') folders++;
    }
    return false;
}

static void forget(struct program_path *program)
{
    memory_free(program->name);
    memory_free(program->path);
    *program = (struct program_path){0};
}

/* What was found holds for one PATH. */
static bool follow_folders(struct program_paths *paths, const char *folders)
{
    if (paths->folders && strcmp(paths->folders, folders) == 0) return true;
    program_paths_release(paths);
    paths->folders = memory_copy_text(folders, strlen(folders));
    return paths->folders != NULL;
}

static const struct program_path *known(const struct program_paths *paths, const char *name)
{
    for (size_t i = 0; i < PROGRAM_PATH_COUNT; i++)
        if (paths->found[i].name && strcmp(paths->found[i].name, name) == 0)
            return &paths->found[i];
    return NULL;
}

static const struct program_path *remember(struct program_paths *paths, const char *name,
                                           const struct text *path)
{
    struct program_path *place = &paths->found[paths->next];
    paths->next = (paths->next + 1) % PROGRAM_PATH_COUNT;
    forget(place);
    place->name = memory_copy_text(name, strlen(name));
    place->path = memory_copy_text(path->bytes, path->size);
    if (place->name && place->path) return place;
    forget(place);
    return NULL;
}

const char *program_path_find(struct program_paths *paths, const char *name)
{
    const char *folders = getenv("PATH");
    if (!folders || !*name || strchr(name, '/') || !follow_folders(paths, folders)) return NULL;
    const struct program_path *program = known(paths, name);
    if (!program) {
        struct text path = {0};
        if (search(folders, name, &path)) program = remember(paths, name, &path);
        text_release(&path);
    }
    return program ? program->path : NULL;
}

void program_paths_release(struct program_paths *paths)
{
    for (size_t i = 0; i < PROGRAM_PATH_COUNT; i++)
        forget(&paths->found[i]);
    memory_free(paths->folders);
    *paths = (struct program_paths){0};
}
