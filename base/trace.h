/* Tracing for those who work on bamboo: BAMBOO_TRACE=events,store prints a line to standard error
 * for everything that happens on those channels. */
#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include <stdbool.h>

enum trace_channel {
#define CHANNEL(name, meaning) TRACE_##name,
#include "base/trace.def"
#undef CHANNEL
    TRACE_CHANNEL_COUNT
};

/* Zeroed traces nothing. */
struct trace {
    unsigned channels; /* a bit for each that is on */
};

/* Reads BAMBOO_TRACE: names with commas between them, or "all". For an unknown name it prints those
 * that there are to standard error. */
void trace_init(struct trace *trace);

/* Is it on? `trace` may be NULL. To be asked before what is printed is computed. */
static inline bool trace_on(const struct trace *trace, enum trace_channel channel)
{
    return trace && (trace->channels >> channel & 1u);
}

/* Prints "channel: ..." and a newline, in one write, if the channel is on. */
__attribute__((format(printf, 3, 4))) void trace_print(const struct trace *trace,
                                                       enum trace_channel channel,
                                                       const char *format, ...);

#endif
