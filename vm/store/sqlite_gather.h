/* SQLite writes its write-ahead log frame by frame, each as a header and a page: two calls of the
 * system for a page. Gathered, all frames of a commit go to the file in one.
 *
 * Nothing that others may see is held back: the end of a commit is written before SQLite is told
 * that it was, so that a failure reaches it before anybody learns of the frames. What is read, cut,
 * measured or synchronised is written before. */
#ifndef VM_STORE_SQLITE_GATHER_H
#define VM_STORE_SQLITE_GATHER_H

#include <sqlite3.h>

#include "base/error.h"

struct gathered_log;

/* From now on for this connection, which must use a write-ahead log and be in no transaction. *out
 * is to be destroyed after the connection was closed. Errors: MEMORY. */
MUST_CHECK enum bamboo_status gathered_log_create(sqlite3 *database, struct gathered_log **out,
                                                  struct bamboo_error *error);
/* NULL is accepted. */
void gathered_log_destroy(struct gathered_log *log);

#endif
