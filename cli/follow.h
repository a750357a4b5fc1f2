/* Following a run as it goes: an observer of events and output that draws a tree on a terminal,
 * prints a line for each change, or prints the events as JSON. */
#ifndef CLI_FOLLOW_H
#define CLI_FOLLOW_H

#include "cli/session.h"

/* In the order of the words of --progress. */
enum progress { PROGRESS_TTY, PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_NONE, PROGRESS_AUTO };

struct follower;

/* What --progress says, with `auto` resolved for the pen. */
enum progress progress_choice(const struct invocation *invocation, const struct pen *pen);

/* Begins to follow as --progress says, for people on `file`, one of the standard streams; events as
 * JSON always go to standard output. *out is the caller's, to be closed. Returns an exit code. */
int follower_open(const struct invocation *invocation, FILE *file, struct follower **out);

enum progress follower_progress(const struct follower *follower);

/* Hands all events of this engine to the follower, until it is closed: the engine lives longer. */
void follower_observe(struct follower *follower, struct bamboo_engine *engine);

/* A bamboo_observer; its context is the follower. */
void follower_tell(void *context, struct bamboo_value event);

/* Names the run that is being started. It is announced as soon as it is durable, and never if it
 * could not be made so. */
void follower_start(struct follower *follower, const char *run, const char *flow);

/* A line about the run, where progress is lines. */
void follower_announce(const struct follower *follower, const char *what);

/* What has happened before: `shown` is what bamboo_show() gave. */
void follower_begin_with(struct follower *follower, struct bamboo_value shown);

/* Draws the last picture and leaves it there. NULL is accepted. */
void follower_close(struct follower *follower);

#endif
