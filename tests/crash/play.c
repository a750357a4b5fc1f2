#include "tests/crash/play.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

void play_begin(struct play *play)
{
    char path[160];
    static const char *const ENDS[] = {"", "-wal", "-shm", "-owners", "-wake", "-artifact"};
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        snprintf(path, sizeof path, "%s%s", play->store, ENDS[i]);
        unlink(path);
    }
    *play->id = *play->failure = '\0';
    play->step = 0;
    play->operations = UINT64_MAX;
    memset(play->effects, 0, sizeof play->effects);
}

static int give_up(struct play *play, const char *what, const struct bamboo_error *error)
{
    snprintf(play->failure, sizeof play->failure, "%s: %s", what, error->message);
    return 1;
}

static bool is_text(struct bamboo_value value, const char *text)
{
    return value.type == BAMBOO_STRING && strcmp(bamboo_string_bytes(value, NULL), text) == 0;
}

/* --- Beginning --- */

static enum bamboo_status begin(struct play *play, const struct bamboo_library *library,
                                struct bamboo_engine *engine, const char *text,
                                struct bamboo_error *error)
{
    struct bamboo_report report = {0};
    struct bamboo_flow *flow = NULL;
    struct bamboo_value parameters;
    struct bamboo_map_builder none;
    enum bamboo_status status =
        bamboo_flow_compile(library, "flow", text, strlen(text), &report, &flow, error);
    if (report.errors > 0) fputs(bamboo_string_bytes(report.text, NULL), stderr);
    bamboo_report_release(&report);
    if (status != BAMBOO_OK) return status;
    bamboo_map_builder_init(&none);
    status = bamboo_map_builder_finish(&none, &parameters, error);
    if (status == BAMBOO_OK) {
        status = bamboo_start(engine, flow, parameters, NULL, play->id, error);
        bamboo_value_release(parameters);
    }
    if (status == BAMBOO_OK) status = bamboo_engine_flush(engine, error);
    bamboo_flow_release(flow);
    return status;
}

/* The run of the process before, or a new one if that did not get so far. */
static enum bamboo_status carry_on(struct play *play, const struct bamboo_library *library,
                                   struct bamboo_engine *engine, const struct scenario *scenario,
                                   struct bamboo_error *error)
{
    if (*play->id == '\0') return begin(play, library, engine, scenario->flow, error);
    enum bamboo_status status = bamboo_claim(engine, play->id, error);
    if (status == BAMBOO_E_NOT_FOUND && play->step > 0) return BAMBOO_OK; /* gc was there */
    if (status == BAMBOO_E_NOT_FOUND) return begin(play, library, engine, scenario->flow, error);
    return status == BAMBOO_E_REFUSED ? BAMBOO_OK : status; /* it has ended */
}

/* --- Operations --- */

static void count_operation(void *context, struct bamboo_value event)
{
    uint64_t *count = context;
    *count += bamboo_map_get(event, "actor").type != BAMBOO_MISSING;
}

static void ignore(void *context, struct bamboo_value value)
{
    (void)context;
    (void)value;
}

static enum bamboo_status collect(struct bamboo_engine *engine, struct bamboo_error *error)
{
    static const struct bamboo_retention nothing = {0};
    struct bamboo_value sum;
    enum bamboo_status status = bamboo_collect(engine, &nothing, ignore, NULL, &sum, error);
    if (status == BAMBOO_OK) bamboo_value_release(sum);
    return status;
}

static enum bamboo_status check(struct bamboo_engine *engine, struct bamboo_error *error)
{
    struct bamboo_value sum;
    enum bamboo_status status = bamboo_check_store(engine, ignore, NULL, &sum, error);
    if (status == BAMBOO_OK) bamboo_value_release(sum);
    return status;
}

/* To YAML and back. */
static enum bamboo_status convert(const struct bamboo_library *library, const char *text,
                                  struct bamboo_error *error)
{
    static const enum bamboo_form FORMS[] = {BAMBOO_FORM_YAML, BAMBOO_FORM_TEXT};
    struct bamboo_value before = bamboo_missing(), after;
    for (size_t i = 0; i < 2; i++) {
        struct bamboo_report report = {0};
        enum bamboo_status status =
            bamboo_convert(library, "flow", text, strlen(text), FORMS[i], &report, &after, error);
        bamboo_report_release(&report);
        bamboo_value_release(before);
        if (status != BAMBOO_OK) return status;
        before = after;
        text = bamboo_string_bytes(after, NULL);
    }
    bamboo_value_release(before);
    return BAMBOO_OK;
}

/* Into a compressed artifact and back. */
static enum bamboo_status keep_artifact(const struct play *play,
                                        const struct bamboo_library *library, const char *text,
                                        struct bamboo_error *error)
{
    char path[160];
    struct bamboo_flow *flow = NULL, *read = NULL;
    snprintf(path, sizeof path, "%s-artifact", play->store);
    enum bamboo_status status =
        bamboo_flow_compile(library, "flow", text, strlen(text), NULL, &flow, error);
    if (status == BAMBOO_OK) status = bamboo_flow_write(flow, path, true, error);
    if (status == BAMBOO_OK) status = bamboo_flow_read(library, path, NULL, &read, error);
    bamboo_flow_release(flow);
    bamboo_flow_release(read);
    return status;
}

/* One that was not acknowledged: is it in the journal? Otherwise it is sent again. */
static enum bamboo_status look_for_operation(struct play *play, struct bamboo_engine *engine,
                                             struct bamboo_error *error)
{
    uint64_t count = 0;
    if (play->operations == UINT64_MAX) return BAMBOO_OK;
    enum bamboo_status status = bamboo_events(engine, play->id, 0, count_operation, &count, error);
    if (status != BAMBOO_OK) return status;
    if (count > play->operations) play->step++;
    play->operations = UINT64_MAX;
    return BAMBOO_OK;
}

/* What is no control operation of the run; false: it is one. */
static bool look_after(const struct play *play, const struct bamboo_library *library,
                       struct bamboo_engine *engine, const struct scenario *scenario,
                       const char *what, enum bamboo_status *status, struct bamboo_error *error)
{
    if (strcmp(what, "gc") == 0)
        *status = collect(engine, error);
    else if (strcmp(what, "fsck") == 0)
        *status = check(engine, error);
    else if (strcmp(what, "convert") == 0)
        *status = convert(library, scenario->flow, error);
    else if (strcmp(what, "artifact") == 0)
        *status = keep_artifact(play, library, scenario->flow, error);
    else
        return false;
    return true;
}

static enum bamboo_status operate(struct play *play, struct bamboo_engine *engine,
                                  const struct step *step, struct bamboo_error *error)
{
    struct bamboo_operation operation = {
        .operation = step->operation, .run = play->id, .node = step->node};
    struct bamboo_value reply;
    uint64_t count = 0;
    bool claimed;
    enum bamboo_status status = bamboo_events(engine, play->id, 0, count_operation, &count, error);
    if (status == BAMBOO_OK && step->data)
        status = bamboo_json_parse(step->data, strlen(step->data), &operation.data, error);
    if (status != BAMBOO_OK) return status;
    play->operations = count;
    status = bamboo_operate(engine, &operation, &reply, &claimed, error);
    if (status == BAMBOO_OK) bamboo_value_release(reply);
    bamboo_value_release(operation.data);
    return status;
}

/* Each node that is FAILED; without a run there is none. What is refused is not to be retried. */
static void retry_failed(struct play *play, struct bamboo_engine *engine)
{
    struct bamboo_value shown, reply;
    struct bamboo_error error;
    bool claimed;
    if (!*play->id || bamboo_show(engine, play->id, &shown, &error) != BAMBOO_OK) return;
    struct bamboo_value nodes = bamboo_map_get(shown, "nodes");
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        if (!is_text(bamboo_map_get(node, "state"), "FAILED")) continue;
        struct bamboo_operation retry = {
            .operation = "retry",
            .run = play->id,
            .node = bamboo_string_bytes(bamboo_map_get(node, "node"), NULL),
            .data = bamboo_missing()};
        if (bamboo_operate(engine, &retry, &reply, &claimed, &error) == BAMBOO_OK)
            bamboo_value_release(reply);
    }
    bamboo_value_release(shown);
}

static enum bamboo_status play_steps(struct play *play, const struct bamboo_library *library,
                                     struct bamboo_engine *engine, const struct scenario *scenario,
                                     struct bamboo_error *error)
{
    enum bamboo_status status = bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, error);
    while (status == BAMBOO_OK && play->step < STEPS_MAX && scenario->steps[play->step].operation) {
        const struct step *step = &scenario->steps[play->step];
        if (!look_after(play, library, engine, scenario, step->operation, &status, error))
            status = operate(play, engine, step, error);
        if (status != BAMBOO_OK) break;
        play->operations = UINT64_MAX;
        play->step++;
        status = bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, error);
    }
    return status;
}

static int process(struct play *play, struct bamboo_library *library,
                   const struct scenario *scenario, bool mends)
{
    struct bamboo_engine_options options = {.store = play->store, .durability = play->durability};
    struct bamboo_engine *engine = NULL;
    struct bamboo_error error;
    if (bamboo_engine_open(library, &options, &engine, &error) != BAMBOO_OK)
        return give_up(play, "opening", &error);
    enum bamboo_status status = carry_on(play, library, engine, scenario, &error);
    if (status == BAMBOO_OK) status = look_for_operation(play, engine, &error);
    if (status == BAMBOO_OK && mends)
        status = bamboo_engine_loop(engine, BAMBOO_UNTIL_SETTLED, &error);
    if (status == BAMBOO_OK && mends) retry_failed(play, engine);
    if (status == BAMBOO_OK) status = play_steps(play, library, engine, scenario, &error);
    bamboo_engine_close(engine);
    return status == BAMBOO_OK ? 0 : give_up(play, "playing", &error);
}

int play_process(struct play *play, struct bamboo_library *library, const struct scenario *scenario)
{
    return process(play, library, scenario, false);
}

int play_mended(struct play *play, struct bamboo_library *library, const struct scenario *scenario)
{
    return process(play, library, scenario, true);
}

/* --- The judge --- */

static void append(char text[PLAY_STATE_SIZE], const char *key, struct bamboo_value value)
{
    struct bamboo_value json;
    size_t used = strlen(text);
    if (value.type == BAMBOO_MISSING || bamboo_json_print(value, 0, &json, NULL) != BAMBOO_OK)
        return;
    snprintf(text + used, PLAY_STATE_SIZE - used, "%s %.200s\n", key,
             bamboo_string_bytes(json, NULL));
    bamboo_value_release(json);
}

static void append_both(struct play_state *state, const char *key, struct bamboo_value value)
{
    append(state->text, key, value);
    append(state->outline, key, value);
}

static void describe(struct bamboo_value shown, struct play_state *out)
{
    struct bamboo_value nodes = bamboo_map_get(shown, "nodes");
    append_both(out, "state", bamboo_map_get(shown, "state"));
    append_both(out, "settled", bamboo_map_get(shown, "settled"));
    append_both(out, "outputs", bamboo_map_get(shown, "outputs"));
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        const char *name = bamboo_string_bytes(bamboo_map_get(node, "node"), NULL);
        append_both(out, name, bamboo_map_get(node, "state"));
        /* When a sleep ends depends on when it begins. */
        if (!is_text(bamboo_map_get(node, "component"), "sleep"))
            append(out->text, name, bamboo_map_get(node, "outputs"));
        append_both(out, name, bamboo_map_get(node, "skip"));
        append_both(out, name, bamboo_map_get(node, "error_ignored"));
    }
}

static void count_finished(const struct play *play, struct bamboo_value shown,
                           unsigned counts[EFFECT_COUNT])
{
    struct bamboo_value nodes = bamboo_map_get(shown, "nodes");
    for (size_t i = 0; i < bamboo_list_count(nodes); i++) {
        struct bamboo_value node = bamboo_list_at(nodes, i);
        struct bamboo_value inputs = bamboo_map_get(node, "inputs");
        if (inputs.type != BAMBOO_MAP || !is_text(bamboo_map_get(node, "state"), "FINISHED"))
            continue;
        struct bamboo_value key = bamboo_map_get(inputs, "key");
        if (key.type != BAMBOO_STRING) continue;
        unsigned at = (unsigned char)*bamboo_string_bytes(key, NULL) % EFFECT_COUNT;
        counts[at] = play->effects[at];
    }
}

static void note_problem(void *context, struct bamboo_value finding)
{
    struct play *play = context;
    struct bamboo_value problem = bamboo_map_get(finding, "problem");
    if (problem.type == BAMBOO_STRING && !*play->failure)
        snprintf(play->failure, sizeof play->failure, "fsck: %s",
                 bamboo_string_bytes(problem, NULL));
}

bool play_judge(struct play *play, struct bamboo_library *library, struct play_state *out)
{
    struct bamboo_engine_options options = {.store = play->store, .read_only = true};
    struct bamboo_engine *engine = NULL;
    struct bamboo_value value;
    struct bamboo_error error;
    *out = (struct play_state){.text = ""};
    enum bamboo_status status = bamboo_engine_open(library, &options, &engine, &error);
    /* It came to its end before there were tables. */
    if (status != BAMBOO_OK) return *play->id == '\0';
    status = bamboo_check_store(engine, note_problem, play, &value, &error);
    if (status == BAMBOO_OK) {
        bamboo_value_release(value);
        status = *play->id ? bamboo_show(engine, play->id, &value, &error) : BAMBOO_E_NOT_FOUND;
        if (status == BAMBOO_OK) {
            describe(value, out);
            count_finished(play, value, out->finished);
            bamboo_value_release(value);
        }
    }
    bamboo_engine_close(engine);
    if (status != BAMBOO_OK && status != BAMBOO_E_NOT_FOUND) give_up(play, "looking", &error);
    return !*play->failure;
}
