#include "cli/eval_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/exit_code.h"
#include "cli/look.h"
#include "cli/output.h"

static enum bamboo_status evaluate(const struct bamboo_library *library, struct bamboo_value line,
                                   struct bamboo_value otherwise, struct bamboo_value *out,
                                   struct bamboo_error *error)
{
    struct bamboo_value context = bamboo_map_get(line, "context");
    struct bamboo_value template = bamboo_map_get(line, "template");
    struct bamboo_value text = bamboo_map_get(line, "expr");
    enum bamboo_language language = BAMBOO_RULE;
    if (context.type == BAMBOO_MISSING) context = otherwise;
    if (template.type != BAMBOO_MISSING)
        return bamboo_render(library, template, context, out, error);
    if (text.type == BAMBOO_MISSING) {
        text = bamboo_map_get(line, "evaluate");
        language = BAMBOO_RENDERED_RULE;
    }
    if (text.type == BAMBOO_STRING)
        return bamboo_evaluate(library, bamboo_string_bytes(text, NULL), language, context, NULL,
                               out, error);
    error->status = BAMBOO_E_USAGE;
    snprintf(error->message, sizeof error->message,
             "a line needs a text as expr or evaluate, or a template");
    return BAMBOO_E_USAGE;
}

static enum bamboo_status evaluate_line(const struct bamboo_library *library, const char *bytes,
                                        size_t size, struct bamboo_value otherwise,
                                        struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_value line = bamboo_missing();
    enum bamboo_status status = bamboo_json_parse(bytes, size, &line, error);
    if (status != BAMBOO_OK) return status;
    if (line.type == BAMBOO_MAP) {
        status = evaluate(library, line, otherwise, out, error);
    } else {
        status = error->status = BAMBOO_E_USAGE;
        snprintf(error->message, sizeof error->message, "a line is a JSON map");
    }
    bamboo_value_release(line);
    return status;
}

/* {"result": ...} or {"error": ...}; `result` is taken. */
static int print_answer(enum bamboo_status status, struct bamboo_value result,
                        const struct bamboo_error *error)
{
    struct bamboo_map_builder builder;
    struct bamboo_value answer = bamboo_missing();
    struct bamboo_error failure;
    bamboo_map_builder_init(&builder);
    if (status == BAMBOO_OK)
        bamboo_map_builder_set_take(&builder, "result", result);
    else
        bamboo_map_builder_set_text(&builder, "error", error->message);
    if (bamboo_map_builder_finish(&builder, &answer, &failure) != BAMBOO_OK)
        return complain_error(&failure);
    int code = print_json(stdout, answer, 0);
    bamboo_value_release(answer);
    fflush(stdout); /* whoever writes the lines may wait for their answers */
    return code;
}

int eval_lines(const struct bamboo_library *library, struct bamboo_value context, FILE *file)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size = 0;
    int code = EXIT_FINISHED;
    while (code == EXIT_FINISHED && (size = getline(&line, &capacity, file)) >= 0) {
        struct bamboo_value result = bamboo_missing();
        struct bamboo_error error = {.message = ""};
        if (strspn(line, " \t\r\n") == (size_t)size) continue;
        enum bamboo_status status =
            evaluate_line(library, line, (size_t)size, context, &result, &error);
        code = print_answer(status, result, &error);
    }
    if (code == EXIT_FINISHED && ferror(file)) {
        complain("standard input: %s", strerror(errno));
        code = EXIT_STORE;
    }
    free(line);
    return code;
}
