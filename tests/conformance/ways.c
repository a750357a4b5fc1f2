#include "tests/conformance/ways.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/conformance/child.h"
#include "tests/conformance/observe.h"
#include "tests/conformance/operation.h"

const char *root_of(struct bamboo_value content)
{
    struct bamboo_value pipeline = bamboo_map_get(content, "pipeline");
    struct bamboo_value id =
        pipeline.type == BAMBOO_MAP ? bamboo_map_get(pipeline, "id") : bamboo_missing();
    return id.type == BAMBOO_STRING ? bamboo_string_bytes(id, NULL) : "";
}

const char *way_name(enum way way)
{
    static const char *const NAMES[WAY_COUNT] = {"direct", "converted", "killed"};
    return NAMES[way];
}

/* --- What a process does --- */

/* A part of a case: `first` starts the run, otherwise `run` goes on; then steps; `last` observes.
 */
struct part {
    const struct bamboo_library *library;
    struct bamboo_value content;
    const char *store;
    bool converted, first, last;
    char run[BAMBOO_RUN_ID_SIZE];
    size_t step, step_count;
};

static enum bamboo_status tell_rejected(const struct bamboo_error *why, struct bamboo_value *out,
                                        struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_take(&map, "accepted", bamboo_bool(false));
    bamboo_map_builder_set_text(&map, "reason", why->message);
    return bamboo_map_builder_finish(&map, out, error);
}

/* What each step came to. */
struct step_results {
    struct bamboo_list_builder accepted; /* bool */
    struct bamboo_list_builder reasons;  /* why not, or null */
};

static void add_result(struct step_results *results, enum bamboo_status status,
                       const struct bamboo_error *error)
{
    struct bamboo_value reason = bamboo_null();
    bamboo_list_builder_append_take(&results->accepted, bamboo_bool(status == BAMBOO_OK));
    if (status != BAMBOO_OK &&
        bamboo_string_create(error->message, strlen(error->message), &reason, NULL) != BAMBOO_OK)
        reason = bamboo_null();
    bamboo_list_builder_append_take(&results->reasons, reason);
}

static enum bamboo_status do_steps(struct session *session, const struct part *part,
                                   struct step_results *results, struct bamboo_error *error)
{
    struct bamboo_value steps = bamboo_map_get(part->content, "steps");
    for (size_t i = 0; i < part->step_count; i++) {
        enum bamboo_status status =
            operate(session, part->content, bamboo_list_at(steps, part->step + i), error);
        if (status != BAMBOO_OK && !is_refusal(status)) return status;
        add_result(results, status, error);
        status = session_settle(session, error);
        if (status != BAMBOO_OK) return status;
    }
    return BAMBOO_OK;
}

static enum bamboo_status tell_part(struct session *session, const struct part *part,
                                    struct step_results *results, struct bamboo_value *out,
                                    struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    struct bamboo_value observed = bamboo_missing(), step_ok, reasons;
    enum bamboo_status status = bamboo_list_builder_finish(&results->accepted, &step_ok, error);
    if (status != BAMBOO_OK) return status;
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_take(&map, "accepted", bamboo_bool(true));
    bamboo_map_builder_set_text(&map, "run", session->run);
    bamboo_map_builder_set_take(&map, "step_ok", step_ok);
    status = bamboo_list_builder_finish(&results->reasons, &reasons, error);
    if (status == BAMBOO_OK) bamboo_map_builder_set_take(&map, "reasons", reasons);
    if (status == BAMBOO_OK && part->last)
        status = observe(session, root_of(part->content), &observed, error);
    if (status != BAMBOO_OK) {
        bamboo_map_builder_release(&map);
        return status;
    }
    for (size_t i = 0; part->last && i < bamboo_map_count(observed); i++)
        bamboo_map_builder_put_take(&map, bamboo_map_key_at(observed, i),
                                    bamboo_value_retain(bamboo_map_value_at(observed, i)));
    bamboo_value_release(observed);
    return bamboo_map_builder_finish(&map, out, error);
}

static enum bamboo_status do_part(struct session *session, const struct part *part,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    struct step_results results;
    enum bamboo_status status = session_settle(session, error);
    if (status != BAMBOO_OK) return status;
    bamboo_list_builder_init(&results.accepted);
    bamboo_list_builder_init(&results.reasons);
    status = do_steps(session, part, &results, error);
    if (status == BAMBOO_OK) status = tell_part(session, part, &results, out, error);
    bamboo_list_builder_release(&results.accepted);
    bamboo_list_builder_release(&results.reasons);
    return status;
}

static enum bamboo_status be_process(void *context, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    const struct part *part = context;
    struct session session;
    bool rejected = false;
    enum bamboo_status status = session_open(&session, part->library, part->store, error);
    if (status == BAMBOO_OK && part->first) {
        status = session_start(&session, part->content, part->converted, error);
        rejected = is_refusal(status);
    } else if (status == BAMBOO_OK) {
        status = session_continue(&session, part->run, error);
    }
    if (rejected)
        status = tell_rejected(error, out, error);
    else if (status == BAMBOO_OK)
        status = do_part(&session, part, out, error);
    /* One that will be killed must not give up its run before that. */
    if (part->last || rejected || status != BAMBOO_OK) session_close(&session);
    return status;
}

/* --- Ways --- */

static size_t count_steps(struct bamboo_value content)
{
    struct bamboo_value steps = bamboo_map_get(content, "steps");
    return steps.type == BAMBOO_LIST ? bamboo_list_count(steps) : 0;
}

static bool is_accepted(struct bamboo_value answer)
{
    struct bamboo_value accepted = bamboo_map_get(answer, "accepted");
    return accepted.type == BAMBOO_BOOL && accepted.as.boolean;
}

static void add_list(struct bamboo_list_builder *list, struct bamboo_value answer, const char *key)
{
    struct bamboo_value part = bamboo_map_get(answer, key);
    for (size_t i = 0; i < bamboo_list_count(part); i++)
        bamboo_list_builder_append_take(list, bamboo_value_retain(bamboo_list_at(part, i)));
}

/* The last answer, with what all processes said on their steps. */
static enum bamboo_status with_results(struct bamboo_value answer, struct step_results *results,
                                       struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_map_builder map;
    struct bamboo_value step_ok, reasons;
    enum bamboo_status status = bamboo_list_builder_finish(&results->accepted, &step_ok, error);
    if (status != BAMBOO_OK) return status;
    status = bamboo_list_builder_finish(&results->reasons, &reasons, error);
    if (status != BAMBOO_OK) {
        bamboo_value_release(step_ok);
        return status;
    }
    bamboo_map_builder_init(&map);
    for (size_t i = 0; i < bamboo_map_count(answer); i++)
        bamboo_map_builder_put_take(&map, bamboo_map_key_at(answer, i),
                                    bamboo_value_retain(bamboo_map_value_at(answer, i)));
    bamboo_map_builder_set_take(&map, "step_ok", step_ok);
    bamboo_map_builder_set_take(&map, "reasons", reasons);
    return bamboo_map_builder_finish(&map, out, error);
}

/* One process starts the run, one does each step, the last looks; all but the last are killed. */
static enum bamboo_status run_killed(struct part *part, struct bamboo_value *out,
                                     struct bamboo_error *error)
{
    size_t count = count_steps(part->content);
    struct step_results results;
    struct bamboo_value answer = bamboo_missing();
    enum bamboo_status status = BAMBOO_OK;
    bamboo_list_builder_init(&results.accepted);
    bamboo_list_builder_init(&results.reasons);
    for (size_t i = 0; i <= count + 1 && status == BAMBOO_OK; i++) {
        part->first = i == 0;
        part->last = i == count + 1;
        part->step = i - !part->first;
        part->step_count = !part->first && !part->last;
        bamboo_value_release(answer);
        status = in_child(part->last ? CHILD_EXITS : CHILD_DIES, be_process, part, &answer, error);
        if (status != BAMBOO_OK || !is_accepted(answer)) break;
        add_list(&results.accepted, answer, "step_ok");
        add_list(&results.reasons, answer, "reasons");
        snprintf(part->run, sizeof part->run, "%s",
                 bamboo_string_bytes(bamboo_map_get(answer, "run"), NULL));
    }
    if (status == BAMBOO_OK) status = with_results(answer, &results, out, error);
    bamboo_list_builder_release(&results.accepted);
    bamboo_list_builder_release(&results.reasons);
    bamboo_value_release(answer);
    return status;
}

static enum bamboo_status run_undisturbed(struct part *part, struct bamboo_value *out,
                                          struct bamboo_error *error)
{
    part->first = part->last = true;
    part->step_count = count_steps(part->content);
    return in_child(CHILD_EXITS, be_process, part, out, error);
}

/* A store is several files. */
static void empty_folder(const char *folder)
{
    char path[4096];
    DIR *directory = opendir(folder);
    if (!directory) return;
    for (const struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        if (entry->d_name[0] == '.') continue;
        if (snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path)
            unlink(path);
    }
    closedir(directory);
}

enum bamboo_status run_case(enum way way, const struct bamboo_library *library,
                            struct bamboo_value content, const char *folder,
                            struct bamboo_value *out, struct bamboo_error *error)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/store.db", folder);
    struct part part = {.library = library,
                        .content = content,
                        .store = way == WAY_KILLED ? path : "memory:",
                        .converted = way == WAY_CONVERTED};
    *out = bamboo_missing();
    if (way != WAY_KILLED) return run_undisturbed(&part, out, error);
    enum bamboo_status status = run_killed(&part, out, error);
    empty_folder(folder);
    return status;
}
