#include "cli/start.h"

#include <errno.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/parameters.h"

static int read_limit(const struct invocation *invocation, int64_t *out)
{
    const char *text = option_text(invocation, OPTION_RERUN_LIMIT);
    char *end;
    if (!text) return EXIT_FINISHED;
    errno = 0;
    long long limit = strtoll(text, &end, 10);
    if (errno || end == text || *end || limit < 1 || limit > UINT32_MAX) {
        complain("--rerun-limit '%s': wants a number from 1 on", text);
        return EXIT_USAGE;
    }
    *out = limit;
    return EXIT_FINISHED;
}

int start_read(const struct invocation *invocation, const struct bamboo_flow *flow,
               struct start *out)
{
    struct bamboo_start_options *options = &out->options;
    *out = (struct start){.options.start = option_text(invocation, OPTION_START)};
    int code = parameters_read(invocation, flow, &out->parameters);
    if (code == EXIT_FINISHED) code = read_map_option(invocation, OPTION_RUN_DATA, &options->data);
    if (code == EXIT_FINISHED)
        code = read_map_option(invocation, OPTION_RUN_CONTEXT, &options->context);
    if (code == EXIT_FINISHED)
        code = read_map_option(invocation, OPTION_SUBPROCESS_CONTEXT, &options->subprocess_context);
    return code == EXIT_FINISHED ? read_limit(invocation, &options->rerun_limit) : code;
}

int start_complain(const struct bamboo_error *error)
{
    if (error->status != BAMBOO_E_NOT_FOUND) return complain_error(error);
    complain("%s", error->message);
    fputs("  `bamboo run FLOW --list-start-nodes` lists them\n", stderr);
    return EXIT_NOT_FOUND;
}

void start_release(struct start *start)
{
    bamboo_value_release(start->parameters);
    bamboo_value_release(start->options.data);
    bamboo_value_release(start->options.context);
    bamboo_value_release(start->options.subprocess_context);
}
