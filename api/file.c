/* Files that programs of bamboo read and write beside flows. */
#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/memory.h"
#include "include/bamboo.h"

enum bamboo_status bamboo_file_write(const char *path, const void *bytes, size_t size,
                                     struct bamboo_error *error)
{
    return file_write(path, bytes, size, error);
}

enum bamboo_status bamboo_json_read(const char *path, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    char *text = NULL;
    size_t size = 0;
    enum bamboo_status status = file_read(path, SOURCE_SIZE_MAX, &text, &size, error);
    if (status != BAMBOO_OK) return status;
    status = bamboo_json_parse(text, size, out, error);
    if (status == BAMBOO_E_PARAMETER && error)
        snprintf(error->file, sizeof error->file, "%s", path);
    memory_free(text);
    return status;
}
