#include "vm/store/store_refusals.h"

#include <stdio.h>

static const char *const write_phrases[] = {
    [STORE_CREATE_RUN] = "the creation", [STORE_APPEND] = "an event",
    [STORE_SNAPSHOT] = "a snapshot",     [STORE_LOG] = "output",
    [STORE_REPLY] = "an answer",         [STORE_RELEASE] = "the release",
};

enum bamboo_status refuse_write(const struct store_write *write, struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_OWNERSHIP,
                "%s of run number %llu is refused: another process owns the run now",
                write_phrases[write->kind], (unsigned long long)*write->number);
}

enum bamboo_status refuse_claim(const struct store_run *run, uint64_t engine, int64_t process,
                                struct bamboo_error *error)
{
    if (run->owner == engine)
        return fail(error, BAMBOO_E_OWNERSHIP, "this process owns run %s already", run->id);
    return fail(error, BAMBOO_E_OWNERSHIP, "run %s is owned by process %lld, which is alive",
                run->id, (long long)process);
}

enum bamboo_status refuse_renewal(uint64_t engine, struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_OWNERSHIP,
                "the lease of this engine (%llu) ran out, and another process took its runs over",
                (unsigned long long)engine);
}

enum bamboo_status refuse_unless_removable(const struct store_run *run, bool force,
                                           struct bamboo_error *error)
{
    if (run->owner_alive)
        return fail(error, BAMBOO_E_REFUSED,
                    "run %s cannot be removed while a process is executing it", run->id);
    if (!run->summary.ended && !force)
        return fail(error, BAMBOO_E_REFUSED,
                    "run %s has not ended; revoke it first, or force its removal", run->id);
    return BAMBOO_OK;
}

enum bamboo_status fail_no_run(const char *reference, struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_NOT_FOUND, "there is no run %s", reference);
}

enum bamboo_status fail_no_mail(struct bamboo_error *error)
{
    return fail(error, BAMBOO_E_NOT_FOUND,
                "the request is gone: its run was removed before it was answered");
}

enum bamboo_status fail_no_artifact(const uint8_t digest[DIGEST_SIZE], struct bamboo_error *error)
{
    char name[DIGEST_TEXT_SIZE];
    digest_print(digest, name);
    return fail(error, BAMBOO_E_NOT_FOUND, "there is no artifact %s", name);
}

void candidates_add(struct candidates *candidates, const char *id, const char *name)
{
    if (candidates->count < CANDIDATES_MAX)
        text_append_format(&candidates->list, "%s%s (%s)", candidates->count > 0 ? ", " : "", id,
                           name);
    else if (candidates->count == CANDIDATES_MAX)
        text_append_string(&candidates->list, ", ...");
    snprintf(candidates->id, sizeof candidates->id, "%s", id);
    candidates->count++;
}

enum bamboo_status candidates_finish(struct candidates *candidates, const char *prefix,
                                     struct bamboo_error *error)
{
    enum bamboo_status status = BAMBOO_OK;
    if (candidates->list.failed)
        status = fail_memory(error);
    else if (candidates->count == 0)
        status = fail_no_run(prefix, error);
    else if (candidates->count > 1)
        status = fail(error, BAMBOO_E_NOT_FOUND, "several runs begin with %s: %s", prefix,
                      text_string(&candidates->list));
    text_release(&candidates->list);
    return status;
}
