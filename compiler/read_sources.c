#include "compiler/read_sources.h"

#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "compiler/read_file.h"

struct reader {
    struct graph *graph;
    struct compilation *compilation;
    struct name_table paths; /* of what was read -> source */
};

/* Takes "." and ".." out of a path, as far as that is possible without asking the file system. The
 * result is never longer; `path` is changed in place. */
static void path_normalize(char *path)
{
    bool is_absolute = path[0] == '/';
    char *end = path + (is_absolute ? 1 : 0); /* where the next part goes */
    char *floor = end;                        /* parts before this cannot be taken back */
    for (char *part = end; *part != '\0';) {
        size_t size = strcspn(part, "/");
        char *next = part + size + (part[size] == '/' ? 1 : 0);
        bool is_up = size == 2 && part[0] == '.' && part[1] == '.';
        if (is_up && end > floor) {
            do
                end--;
            while (end > floor && end[-1] != '/');
        } else if (size > 0 && !(size == 1 && part[0] == '.') && !(is_up && is_absolute)) {
            memmove(end, part, (size_t)(next - part));
            end += next - part;
            if (is_up) floor = end;
        }
        part = next;
    }
    *end = '\0';
}

/* `path` as seen from the file `importer`, in the arena; NULL without memory. */
static char *path_join(struct reader *reader, const char *importer, const char *path)
{
    const char *slash = strrchr(importer, '/');
    int folder_size = slash != NULL && path[0] != '/' ? (int)(slash - importer) + 1 : 0;
    char *joined = compilation_format(reader->compilation, "%.*s%s", folder_size, importer, path);
    if (joined != NULL) path_normalize(joined);
    return joined;
}

static enum bamboo_status read_file(struct reader *reader, const char *name, const char *text,
                                    size_t size, uint32_t *index, struct bamboo_error *error)
{
    struct graph *graph = reader->graph;
    struct diagnostics *diagnostics = reader->compilation->diagnostics;
    if (size > SOURCE_SIZE_MAX)
        return fail(error, BAMBOO_E_LIMIT, "%s has %zu bytes; a source has at most %u", name, size,
                    SOURCE_SIZE_MAX);
    struct ast_file *file = NULL;
    uint32_t source = diagnostics_add_source(diagnostics, name, text, size);
    *index = source;
    if (diagnostics_failed(diagnostics)) return fail_memory(error);
    compilation_name(reader->compilation, &reader->paths, name, source);
    enum bamboo_status status = read_flow_file(reader->compilation, source, &file, error);
    if (status != BAMBOO_OK) return status;
    if (!compilation_grow(reader->compilation, (void **)&graph->files, &graph->file_capacity,
                          graph->file_count, sizeof(struct ast_file *)))
        return fail_memory(error);
    graph->files[graph->file_count++] = file;
    return BAMBOO_OK;
}

static void report_import(struct reader *reader, const struct ast_import *import, const char *why)
{
    reader->compilation->incomplete = true;
    diagnostics_add(reader->compilation->diagnostics, DIAGNOSTIC_IMPORT, import->path.span,
                    "\"%s\" cannot be imported: %s", import->path.bytes, why);
}

static enum bamboo_status add_import(struct reader *reader, const struct ast_import *import,
                                     const struct ast_file *importer, uint32_t imported,
                                     struct bamboo_error *error)
{
    struct graph *graph = reader->graph;
    if (!compilation_grow(reader->compilation, (void **)&graph->imports, &graph->import_capacity,
                          graph->import_count, sizeof(struct graph_import)))
        return fail_memory(error);
    graph->imports[graph->import_count++] =
        (struct graph_import){.import = import, .importer = importer->source, .imported = imported};
    return BAMBOO_OK;
}

/* Reads what an import names, unless it was read before. */
static enum bamboo_status read_import(struct reader *reader, const struct ast_import *import,
                                      const struct ast_file *importer, struct bamboo_error *error)
{
    const struct compile_options *options = reader->compilation->options;
    if (options->read_import == NULL) {
        report_import(reader, import, "there are no files to import from here");
        return BAMBOO_OK;
    }
    if (import->path.bytes[0] == '\0') {
        /* A path that could not be read is empty too, and told already. */
        if (!reader->compilation->incomplete) report_import(reader, import, "the path is empty");
        return BAMBOO_OK;
    }
    const struct source *source =
        diagnostics_source(reader->compilation->diagnostics, importer->source);
    const char *path = path_join(reader, source->name, import->path.bytes);
    if (path == NULL) return fail_memory(error);
    uint32_t seen = name_table_find(&reader->paths, path);
    if (seen != NAME_TABLE_NONE) return add_import(reader, import, importer, seen, error);

    char *bytes = NULL;
    size_t size = 0;
    struct bamboo_error reason = {0};
    enum bamboo_status status =
        options->read_import(options->context, path, &bytes, &size, &reason);
    if (status == BAMBOO_E_MEMORY) return fail_memory(error);
    if (status != BAMBOO_OK) {
        report_import(reader, import, reason.message);
        return BAMBOO_OK;
    }
    uint32_t imported = 0;
    status = read_file(reader, path, bytes, size, &imported, error);
    memory_free(bytes);
    if (status != BAMBOO_OK) return status;
    return add_import(reader, import, importer, imported, error);
}

enum bamboo_status read_sources(struct graph *graph, const char *name, const char *text,
                                size_t size, struct bamboo_error *error)
{
    struct reader reader = {.graph = graph, .compilation = graph->compilation};
    uint32_t main_source = 0;
    enum bamboo_status status = read_file(&reader, name, text, size, &main_source, error);
    /* The list of files grows while it is walked: imports of imports come last. */
    for (size_t i = 0; status == BAMBOO_OK && i < graph->file_count; i++) {
        const struct ast_file *file = graph->files[i];
        for (const struct ast_import *import = file->imports; import != NULL && status == BAMBOO_OK;
             import = import->next)
            status = read_import(&reader, import, file, error);
    }
    if (status == BAMBOO_OK && reader.compilation->out_of_memory) return fail_memory(error);
    return status;
}
