#include "cli/output.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/characters.h"
#include "cli/exit_code.h"

static const char *const STYLES[] = {
    [STYLE_PLAIN] = "",        [STYLE_BOLD] = "\033[1m",   [STYLE_DIM] = "\033[2m",
    [STYLE_RED] = "\033[31m",  [STYLE_GREEN] = "\033[32m", [STYLE_YELLOW] = "\033[33m",
    [STYLE_CYAN] = "\033[36m",
};

struct pen pen_create(FILE *file, enum color_choice choice)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    struct pen pen = {.file = file, .is_terminal = isatty(fileno(file)) == 1};
    bool is_dumb = !terminal || strcmp(terminal, "dumb") == 0;
    pen.color = choice == COLOR_ALWAYS ||
                (choice == COLOR_AUTO && pen.is_terminal && !is_dumb && !(no_color && *no_color));
    pen.unicode = characters_init();
    return pen;
}

const char *pen_on(const struct pen *pen, enum style style)
{
    return pen->color ? STYLES[style] : "";
}

const char *pen_off(const struct pen *pen, enum style style)
{
    return pen->color && style != STYLE_PLAIN ? "\033[0m" : "";
}

void pen_print(const struct pen *pen, enum style style, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs(pen_on(pen, style), pen->file);
    vfprintf(pen->file, format, arguments);
    fputs(pen_off(pen, style), pen->file);
    va_end(arguments);
}

void complain(const char *format, ...)
{
    char sentence[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    fflush(stdout); /* so that both streams of a terminal or a log stay in order */
    fputs("bamboo: ", stderr);
    print_escaped(stderr, sentence, strlen(sentence), true);
    fputs("\n", stderr);
}

/* What may help, by what went wrong; the sentence itself says what is special. */
static const char *advice(enum bamboo_status status)
{
    switch (status) {
    case BAMBOO_E_NOT_FOUND: return "  `bamboo ps -a` lists runs, `bamboo show RUN` its nodes";
    case BAMBOO_E_OWNERSHIP: return "  `bamboo watch RUN` follows a run of another process";
    case BAMBOO_E_STORE: return "  `bamboo paths` shows where the store is looked for";
    case BAMBOO_E_INTERNAL: return "  this is a defect of bamboo; please report it";
    case BAMBOO_E_OK:
    case BAMBOO_E_USAGE:
    case BAMBOO_E_SOURCE:
    case BAMBOO_E_ARTIFACT:
    case BAMBOO_E_COMPONENT:
    case BAMBOO_E_PARAMETER:
    case BAMBOO_E_EVALUATION:
    case BAMBOO_E_LIMIT:
    case BAMBOO_E_REFUSED:
    case BAMBOO_E_MEMORY:
    case BAMBOO_E_IO:
    case BAMBOO_E_INTERRUPTED:
    case BAMBOO_STATUS_COUNT: break;
    }
    return NULL;
}

int complain_error(const struct bamboo_error *error)
{
    if (error->file[0] && error->line)
        complain("%s:%u:%u: %s", error->file, error->line, error->column, error->message);
    else
        complain("%s", error->message);
    const char *help = advice(error->status);
    if (help) fprintf(stderr, "%s\n", help);
    return bamboo_status_exit(error->status);
}

int print_json(FILE *file, struct bamboo_value value, unsigned indent)
{
    struct bamboo_value text;
    struct bamboo_error error;
    if (bamboo_json_print(value, indent, &text, &error) != BAMBOO_OK) {
        output_lacks(file);
        return complain_error(&error);
    }
    write_text(file, text);
    putc('\n', file);
    bamboo_value_release(text);
    return EXIT_FINISHED;
}

void write_text(FILE *file, struct bamboo_value text)
{
    size_t size;
    if (text.type != BAMBOO_STRING) return;
    const char *bytes = bamboo_string_bytes(text, &size);
    fwrite(bytes, 1, size, file);
}

int print_rows_document(const char *name, struct bamboo_value rows)
{
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_integer(&map, "version", 1);
    bamboo_map_builder_set_take(&map, name, bamboo_value_retain(rows));
    return print_document(&map);
}

int print_document(struct bamboo_map_builder *document)
{
    struct bamboo_value value;
    struct bamboo_error error;
    if (bamboo_map_builder_finish(document, &value, &error) != BAMBOO_OK)
        return complain_error(&error);
    int code = print_json(stdout, value, 2);
    bamboo_value_release(value);
    return code;
}

void print_stream_header(FILE *file, const char *stream)
{
    fprintf(file, "{\"version\": 1, \"stream\": \"%s\"}\n", stream);
}

/* Reading from a stream that is for writing fails, which the stream remembers. */
void output_lacks(FILE *file)
{
    (void)fgetc(file);
}

int output_finish(int code)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    complain("standard output: %s", errno ? strerror(errno) : "it is not complete");
    return code == EXIT_FINISHED ? EXIT_STORE : code;
}
