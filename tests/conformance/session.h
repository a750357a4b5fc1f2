/* A run of a case in one process: what the runner does with the API of the library stands here and
 * in operation.h and observe.h alone. */
#ifndef TESTS_CONFORMANCE_SESSION_H
#define TESTS_CONFORMANCE_SESSION_H

#include "include/bamboo.h"

struct session {
    const struct bamboo_library *library;
    struct bamboo_engine *engine;
    char run[BAMBOO_RUN_ID_SIZE];
};

/* Opens `store`. Close the session whatever the answer is. */
BAMBOO_MUST_CHECK enum bamboo_status session_open(struct session *session,
                                                  const struct bamboo_library *library,
                                                  const char *store, struct bamboo_error *error);
void session_close(struct session *session);

/* Compiles the tree of a case, with `converted` by way of its text, and starts it with the case's
 * `run`. A tree or start that is refused is SOURCE or REFUSED and the like (is_refusal), with the
 * first reason. */
BAMBOO_MUST_CHECK enum bamboo_status session_start(struct session *session,
                                                   struct bamboo_value content, bool converted,
                                                   struct bamboo_error *error);

/* Goes on with a run that another process has left; one that has ended is only looked at. */
BAMBOO_MUST_CHECK enum bamboo_status session_continue(struct session *session, const char *run,
                                                      struct bamboo_error *error);

/* Lets the run go until nothing can happen by itself, and makes that durable. */
BAMBOO_MUST_CHECK enum bamboo_status session_settle(struct session *session,
                                                    struct bamboo_error *error);

/* Whether an error says that something is refused, not that something broke. */
bool is_refusal(enum bamboo_status status);

#endif
