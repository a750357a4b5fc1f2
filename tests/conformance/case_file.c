#include "tests/conformance/case_file.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    void (*run)(void *context, const struct conformance_case *each);
    void *context;
    size_t count; /* cases so far */
};

/* Which kind a case is of: the first key that it has. */
static const struct {
    const char *key;
    enum case_kind kind;
} KINDS[] = {
    {"pipeline", CASE_FLOW},
    {"expr", CASE_RULE},
    {"evaluate", CASE_RULE},
    {"template", CASE_TEMPLATE},
};

static bool find_kind(struct bamboo_value content, enum case_kind *out)
{
    if (content.type != BAMBOO_MAP) return false;
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++)
        if (bamboo_map_get(content, KINDS[i].key).type != BAMBOO_MISSING) {
            *out = KINDS[i].kind;
            return true;
        }
    return false;
}

static bool read_line(struct reading *reading, const char *file, unsigned line, const char *text,
                      size_t size)
{
    struct conformance_case each = {.file = file};
    struct bamboo_error error = {0};
    char name[32];
    snprintf(name, sizeof name, "line %u", line);
    if (bamboo_json_parse(text, size, &each.content, &error) != BAMBOO_OK) {
        fprintf(stderr, "%s:%u: %s\n", file, line, error.message);
        return false;
    }
    bool is_case = find_kind(each.content, &each.kind);
    if (is_case) {
        struct bamboo_value given = bamboo_map_get(each.content, "name");
        each.name = given.type == BAMBOO_STRING ? bamboo_string_bytes(given, NULL) : name;
        reading->run(reading->context, &each);
        reading->count++;
    } else {
        fprintf(stderr,
                "%s:%u: this is not a case: it has none of the keys pipeline, expr, "
                "evaluate, template\n",
                file, line);
    }
    bamboo_value_release(each.content);
    return is_case;
}

/* The whole file, so that it is closed before a case starts processes: they would share its place.
 * The caller frees it; NULL if it cannot be read. */
static char *read_whole(const char *path, size_t *size)
{
    char *text = NULL;
    size_t capacity = 0;
    FILE *stream = fopen(path, "r");
    ssize_t length = stream ? getdelim(&text, &capacity, '\0', stream) : -1;
    if (length < 0) {
        fprintf(stderr, "%s: it is empty, or cannot be read\n", path);
        free(text);
        text = NULL;
    }
    if (stream) fclose(stream);
    *size = length < 0 ? 0 : (size_t)length;
    return text;
}

static bool read_file(struct reading *reading, const char *folder, const char *file)
{
    char path[4096];
    size_t size;
    if (snprintf(path, sizeof path, "%s/%s", folder, file) >= (int)sizeof path) return false;
    char *text = read_whole(path, &size);
    if (!text) return false;
    bool good = true;
    unsigned number = 1;
    for (const char *line = text; *line; number++) {
        size_t length = strcspn(line, "\n");
        if (strspn(line, " \t\r") < length && !read_line(reading, file, number, line, length))
            good = false;
        line += length + (line[length] == '\n');
    }
    free(text);
    return good;
}

static int is_case_file(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 6 && strcmp(entry->d_name + length - 6, ".jsonl") == 0;
}

bool read_cases(const char *folder, void (*run)(void *context, const struct conformance_case *each),
                void *context)
{
    struct reading reading = {.run = run, .context = context};
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_case_file, alphasort);
    if (count < 0) {
        perror(folder);
        return false;
    }
    bool good = true;
    for (int i = 0; i < count; i++) {
        if (!read_file(&reading, folder, entries[i]->d_name)) good = false;
        free(entries[i]);
    }
    free(entries);
    if (reading.count == 0) fprintf(stderr, "%s: there are no cases\n", folder);
    return good && reading.count > 0;
}
