/* What every store refuses, and in which words: so that they agree. */
#ifndef VM_STORE_STORE_REFUSALS_H
#define VM_STORE_STORE_REFUSALS_H

#include "base/text.h"
#include "vm/store/store.h"

/* OWNERSHIP: the fence or the sequence of a write is not the run's. */
enum bamboo_status refuse_write(const struct store_write *write, struct bamboo_error *error);

/* OWNERSHIP: `run` has a living owner, which is `engine` itself or lives in `process`. */
enum bamboo_status refuse_claim(const struct store_run *run, uint64_t engine, int64_t process,
                                struct bamboo_error *error);

/* OWNERSHIP: others took the runs of `engine`, whose lease ran out. */
enum bamboo_status refuse_renewal(uint64_t engine, struct bamboo_error *error);

/* REFUSED: a run that has a living owner, or has not ended and is not removed by force. */
MUST_CHECK enum bamboo_status refuse_unless_removable(const struct store_run *run, bool force,
                                                      struct bamboo_error *error);

/* NOT_FOUND. */
enum bamboo_status fail_no_run(const char *reference, struct bamboo_error *error);
enum bamboo_status fail_no_mail(struct bamboo_error *error);
enum bamboo_status fail_no_artifact(const uint8_t digest[DIGEST_SIZE], struct bamboo_error *error);

#define NO_RUN_YET "yet: the store is empty" /* the reference for "there is no run ..." */

#define CANDIDATES_MAX 5 /* that an ambiguous prefix lists */

/* The runs whose ids begin with a prefix, in the order of their ids; zeroed are none. It is enough
 * to add one more than are listed. */
struct candidates {
    struct text list;
    size_t count;
    char id[RUN_ID_SIZE]; /* of the last one */
};
void candidates_add(struct candidates *candidates, const char *id, const char *name);
/* Is there exactly one? Ends the candidates, but for the id. */
MUST_CHECK enum bamboo_status candidates_finish(struct candidates *candidates, const char *prefix,
                                                struct bamboo_error *error);

#endif
