/* What `shell` and `exec` share: a process described by inputs env, cwd, stdin, timeout and
 * ok_codes, whose result becomes outputs exit_code, stdout, stderr and truncated. */
#ifndef STDLIB_PROCESS_H
#define STDLIB_PROCESS_H

#include "include/bamboo_component.h"

/* Rows of INPUTS and OUTPUTS of a component that starts a process. */
#define PROCESS_INPUTS \
    {.name = "env", \
     .type = "map", \
     .documentation = "Environment variables beside those of the engine; values become text."}, \
        {.name = "cwd", \
         .type = "string", \
         .documentation = "The folder to run in; default: the engine's."}, \
        {.name = "stdin", .type = "string", .documentation = "Text for its standard input."}, \
        {.name = "timeout", \
         .type = "duration", \
         .documentation = "The process is killed after this. Prefer the policy `timeout` of the " \
                          "node, which counts on over restarts."}, \
    { \
        .name = "ok_codes", .type = "list", .default_json = "[0]", \
        .documentation = "Exit codes that count as success." \
    }

#define PROCESS_OUTPUTS \
    {.name = "exit_code", \
     .type = "int", \
     .documentation = "Its exit code; 128 + N if signal N ended it."}, \
        {.name = "stdout", \
         .type = "string", \
         .documentation = "Its standard output, the first MiB; bytes that are not UTF-8 are " \
                          "replaced. The log has all of it."}, \
        {.name = "stderr", .type = "string", .documentation = "Its standard error, the same."}, \
    { \
        .name = "truncated", .type = "bool", \
        .documentation = "Was there more output than stdout and stderr hold?" \
    }

/* Starts the process with the inputs of the activity, whose types fit; PENDING, or FAILURE with the
 * reason. `argv` ends with NULL. */
enum bamboo_outcome process_start(struct bamboo_activity *activity, const char *const *argv);

#endif
