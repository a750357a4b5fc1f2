/* What a command works with: the library, and an engine on the store that the options name. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/options.h"
#include "cli/output.h"

#define STORE_URL_SIZE 4352

/* Where the store is, and what said so: "--store", "$BAMBOO_STORE", ... */
struct store_place {
    char url[STORE_URL_SIZE];
    const char *reason;
};

/* Finds the store: the operand of a command that takes one, or what the options and the environment
 * say. Returns false after a complaint: no home, a path that is too long. */
bool store_place_find(const struct invocation *invocation, struct store_place *out);

/* Is there anything at the store's place? Always, unless it is a file that does not exist. */
bool store_exists(const struct store_place *place);

enum color_choice color_choice(const struct invocation *invocation);
struct pen standard_output(const struct invocation *invocation);
struct pen standard_error(const struct invocation *invocation);

struct session {
    const struct invocation *invocation;
    struct bamboo_library *library;
    struct bamboo_engine *engine;
};

/* Makes the library. Returns an exit code: 0, or after a complaint another. */
int session_open_library(struct session *session, const struct invocation *invocation);

enum session_use {
    SESSION_LOOKS,    /* only reads */
    SESSION_WRITES,   /* changes the store, but executes nothing for long */
    SESSION_EXECUTES, /* runs flows: SIGINT, SIGTERM and SIGHUP end it gracefully */
};

/* Makes the library, if it is not there yet, and opens the store. Returns an exit code, as above.
 */
int session_open(struct session *session, const struct invocation *invocation,
                 enum session_use use);

void session_close(struct session *session);

/* The id of the run that is meant by a prefix or by "@last", which can become another one. Returns
 * an exit code, as above. */
int session_find_run(const struct session *session, const char *reference,
                     char run[BAMBOO_RUN_ID_SIZE]);

/* Tells on standard error what reading the flow at `path` has to say. Returns an exit code. */
int session_tell_report(const char *path, const struct bamboo_report *report,
                        enum bamboo_status status, const struct bamboo_error *error);

/* Reads a flow and tells its diagnostics on standard error. Returns an exit code. */
int session_read_flow(struct session *session, const char *path, struct bamboo_flow **out);

#endif
