#include "base/trace.h"

#include <ctype.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <string.h>

#include "base/text.h"

struct channel {
    const char *name;
    const char *meaning;
};

static const struct channel CHANNELS[] = {
#define CHANNEL(name, meaning) [TRACE_##name] = {#name, meaning},
#include "base/trace.def"
#undef CHANNEL
};

static void append_lower(struct text *text, const char *name)
{
    for (; *name; name++)
        text_append_character(text, (char)tolower((unsigned char)*name));
}

static void explain_unknown(const char *name, size_t size)
{
    struct text text = {0};
    text_append_format(&text, "BAMBOO_TRACE: unknown channel '%.*s'; there are:\n", (int)size,
                       name);
    for (size_t i = 0; i < TRACE_CHANNEL_COUNT; i++) {
        size_t before = text.size;
        text_append_string(&text, "  ");
        append_lower(&text, CHANNELS[i].name);
        text_append_format(&text, "%*s%s\n", (int)(18 - (text.size - before)), "",
                           CHANNELS[i].meaning);
    }
    fputs(text_string(&text), stderr);
    text_release(&text);
}

/* The bits that a name stands for; 0 if it is unknown. */
static unsigned channels_of(const char *name, size_t size)
{
    if (size == 3 && memcmp(name, "all", 3) == 0) return (1u << TRACE_CHANNEL_COUNT) - 1;
    for (size_t i = 0; i < TRACE_CHANNEL_COUNT; i++)
        if (strlen(CHANNELS[i].name) == size && strncasecmp(CHANNELS[i].name, name, size) == 0)
            return 1u << i;
    return 0;
}

void trace_init(struct trace *trace)
{
    *trace = (struct trace){0};
    const char *names = getenv("BAMBOO_TRACE");
    while (names && *names) {
        size_t size = strcspn(names, ",");
        unsigned channels = channels_of(names, size);
        if (size && !channels) explain_unknown(names, size);
        trace->channels |= channels;
        names += names[size] ? size + 1 : size;
    }
}

void trace_print(const struct trace *trace, enum trace_channel channel, const char *format, ...)
{
    if (!trace_on(trace, channel)) return;
    struct text line = {0};
    append_lower(&line, CHANNELS[channel].name);
    text_append_string(&line, ": ");
    va_list arguments;
    va_start(arguments, format);
    text_append_arguments(&line, format, arguments);
    va_end(arguments);
    text_append_character(&line, '\n');
    fputs(text_string(&line), stderr);
    text_release(&line);
}
