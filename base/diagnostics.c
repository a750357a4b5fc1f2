#include "base/diagnostics.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/utf8.h"

#define NO_SOURCE UINT32_MAX

static const struct diagnostic_info INFOS[] = {
#define DIAGNOSTIC(name, code, severity, title) \
    [DIAGNOSTIC_##name] = {code, SEVERITY_##severity, title},
#include "base/diagnostics.def"
#undef DIAGNOSTIC
};

const struct diagnostic_info *diagnostic_info(enum diagnostic_code code)
{
    assert(code < DIAGNOSTIC_CODE_COUNT);
    return &INFOS[code];
}

/* A source, and how to find JSON pointers in it. */
struct known_source {
    struct source source;
    void (*append_pointer)(const void *context, struct span span, struct text *out); /* or NULL */
    const void *context;
};

struct diagnostics {
    struct arena *arena;
    struct known_source **sources;
    size_t source_count;
    size_t source_capacity;
    struct diagnostic **items; /* sorted by place */
    size_t count;
    size_t capacity;
    size_t error_count;
    size_t warning_count;
    bool failed;
    struct source no_source;   /* what an index that was never given stands for */
    struct diagnostic scratch; /* what is not added is written here */
};

struct diagnostics *diagnostics_create(void)
{
    struct diagnostics *diagnostics = memory_allocate_zeroed(1, sizeof *diagnostics);
    if (!diagnostics) return NULL;
    diagnostics->no_source = (struct source){"", "", 0};
    diagnostics->arena = arena_create();
    if (diagnostics->arena) return diagnostics;
    memory_free(diagnostics);
    return NULL;
}

void diagnostics_destroy(struct diagnostics *diagnostics)
{
    if (!diagnostics) return;
    arena_destroy(diagnostics->arena);
    memory_free(diagnostics->sources);
    memory_free(diagnostics->items);
    memory_free(diagnostics);
}

bool diagnostics_failed(const struct diagnostics *diagnostics)
{
    return diagnostics->failed;
}

/* --- sources --- */

uint32_t diagnostics_add_source(struct diagnostics *diagnostics, const char *name,
                                const char *bytes, size_t size)
{
    struct known_source *source = arena_allocate(diagnostics->arena, sizeof *source);
    void *sources = diagnostics->sources;
    bool grown = memory_grow(&sources, &diagnostics->source_capacity, diagnostics->source_count + 1,
                             sizeof(void *));
    diagnostics->sources = sources;
    char *name_copy = arena_copy_text(diagnostics->arena, name, strlen(name));
    char *bytes_copy = arena_copy_text(diagnostics->arena, bytes, size);
    if (!source || !grown || !name_copy || !bytes_copy) {
        diagnostics->failed = true;
        return NO_SOURCE;
    }
    utf8_sanitize(name_copy, strlen(name_copy));
    source->source = (struct source){name_copy, bytes_copy, size};
    diagnostics->sources[diagnostics->source_count] = source;
    return (uint32_t)diagnostics->source_count++;
}

const struct source *diagnostics_source(const struct diagnostics *diagnostics, uint32_t source)
{
    if (source >= diagnostics->source_count) return &diagnostics->no_source;
    return &diagnostics->sources[source]->source;
}

void diagnostics_set_pointers(struct diagnostics *diagnostics, uint32_t source,
                              void (*append_pointer)(const void *context, struct span span,
                                                     struct text *out),
                              const void *context)
{
    if (source >= diagnostics->source_count) return;
    diagnostics->sources[source]->append_pointer = append_pointer;
    diagnostics->sources[source]->context = context;
}

uint32_t diagnostics_source_count(const struct diagnostics *diagnostics)
{
    return (uint32_t)diagnostics->source_count;
}

/* --- diagnostics --- */

size_t diagnostics_error_count(const struct diagnostics *diagnostics)
{
    return diagnostics->error_count;
}

size_t diagnostics_warning_count(const struct diagnostics *diagnostics)
{
    return diagnostics->warning_count;
}

size_t diagnostics_count(const struct diagnostics *diagnostics)
{
    return diagnostics->count;
}

const struct diagnostic *diagnostics_at(const struct diagnostics *diagnostics, size_t index)
{
    assert(index < diagnostics->count);
    return diagnostics->items[index];
}

static bool is_after(struct span left, struct span right)
{
    if (left.source != right.source) return left.source > right.source;
    return left.offset > right.offset;
}

static bool is_known(const struct diagnostics *diagnostics, enum diagnostic_code code,
                     struct span span)
{
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *item = diagnostics->items[i];
        if (item->code == code && item->span.source == span.source &&
            item->span.offset == span.offset && item->span.size == span.size)
            return true;
    }
    return false;
}

static bool is_full(const struct diagnostics *diagnostics, enum diagnostic_severity severity)
{
    return diagnostics->error_count >= DIAGNOSTIC_COUNT_MAX ||
           (severity == SEVERITY_WARNING && diagnostics->warning_count >= DIAGNOSTIC_COUNT_MAX);
}

/* Puts it behind those of the same place. */
static void insert(struct diagnostics *diagnostics, struct diagnostic *diagnostic)
{
    size_t at = diagnostics->count++;
    for (; at > 0 && is_after(diagnostics->items[at - 1]->span, diagnostic->span); at--)
        diagnostics->items[at] = diagnostics->items[at - 1];
    diagnostics->items[at] = diagnostic;
    if (INFOS[diagnostic->code].severity == SEVERITY_ERROR)
        diagnostics->error_count++;
    else
        diagnostics->warning_count++;
}

/* One line of text for people in the arena; "" if memory is out. */
__attribute__((format(printf, 2, 0))) static const char *format_message(
    struct diagnostics *diagnostics, const char *format, va_list arguments)
{
    char *text = arena_format_arguments(diagnostics->arena, format, arguments);
    if (!text) {
        diagnostics->failed = true;
        return "";
    }
    utf8_sanitize(text, strlen(text));
    for (char *at = text; (at = strpbrk(at, "\n\t")) != NULL;)
        *at = ' ';
    return text;
}

/* The JSON pointer of a place, in the arena; NULL if its source has none. */
static const char *find_pointer(struct diagnostics *diagnostics, struct span span)
{
    if (span.source >= diagnostics->source_count) return NULL;
    const struct known_source *known = diagnostics->sources[span.source];
    if (!known->append_pointer) return NULL;
    struct text text = {0};
    known->append_pointer(known->context, span, &text);
    char *pointer = arena_copy_text(diagnostics->arena, text_string(&text), text.size);
    if (text.failed || !pointer) diagnostics->failed = true;
    text_release(&text);
    if (pointer) utf8_sanitize(pointer, strlen(pointer));
    return pointer;
}

static struct diagnostic *use_scratch(struct diagnostics *diagnostics, enum diagnostic_code code,
                                      struct span span)
{
    diagnostics->scratch = (struct diagnostic){.code = code, .span = span, .message = ""};
    return &diagnostics->scratch;
}

struct diagnostic *diagnostics_add(struct diagnostics *diagnostics, enum diagnostic_code code,
                                   struct span span, const char *format, ...)
{
    assert(code < DIAGNOSTIC_CODE_COUNT);
    if (is_full(diagnostics, INFOS[code].severity) || is_known(diagnostics, code, span))
        return use_scratch(diagnostics, code, span);
    struct diagnostic *added = arena_allocate(diagnostics->arena, sizeof *added);
    void *items = diagnostics->items;
    bool grown =
        memory_grow(&items, &diagnostics->capacity, diagnostics->count + 1, sizeof(void *));
    diagnostics->items = items;
    if (!added || !grown) {
        diagnostics->failed = true;
        return use_scratch(diagnostics, code, span);
    }
    va_list arguments;
    va_start(arguments, format);
    *added = (struct diagnostic){.code = code, .span = span};
    added->message = format_message(diagnostics, format, arguments);
    va_end(arguments);
    added->pointer = find_pointer(diagnostics, span);
    insert(diagnostics, added);
    return added;
}

void diagnostic_help(struct diagnostics *diagnostics, struct diagnostic *diagnostic,
                     const char *format, ...)
{
    va_list arguments;
    if (diagnostic == &diagnostics->scratch) return;
    va_start(arguments, format);
    diagnostic->help = format_message(diagnostics, format, arguments);
    va_end(arguments);
}

void diagnostic_relate(struct diagnostics *diagnostics, struct diagnostic *diagnostic,
                       struct span related, const char *format, ...)
{
    va_list arguments;
    if (diagnostic == &diagnostics->scratch) return;
    va_start(arguments, format);
    diagnostic->related = related;
    diagnostic->related_message = format_message(diagnostics, format, arguments);
    va_end(arguments);
}
