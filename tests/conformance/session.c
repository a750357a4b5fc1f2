#include "tests/conformance/session.h"

#include <stdio.h>
#include <string.h>

bool is_refusal(enum bamboo_status status)
{
    return status == BAMBOO_E_SOURCE || status == BAMBOO_E_REFUSED ||
           status == BAMBOO_E_NOT_FOUND || status == BAMBOO_E_USAGE ||
           status == BAMBOO_E_PARAMETER || status == BAMBOO_E_COMPONENT;
}

enum bamboo_status session_open(struct session *session, const struct bamboo_library *library,
                                const char *store, struct bamboo_error *error)
{
    *session = (struct session){.library = library};
    struct bamboo_engine_options options = {
        .store = store, .durability = BAMBOO_DURABILITY_OS, .actor = "conformance"};
    return bamboo_engine_open(library, &options, &session->engine, error);
}

void session_close(struct session *session)
{
    bamboo_engine_close(session->engine);
    session->engine = NULL;
}

/* The first thing that the report says becomes the message. */
static void tell_reason(const struct bamboo_report *report, struct bamboo_error *error)
{
    if (report->list.type != BAMBOO_LIST || bamboo_list_count(report->list) == 0) return;
    struct bamboo_value message = bamboo_map_get(bamboo_list_at(report->list, 0), "message");
    if (message.type == BAMBOO_STRING)
        snprintf(error->message, sizeof error->message, "%s", bamboo_string_bytes(message, NULL));
}

static enum bamboo_status compile_text(const struct session *session, const char *name,
                                       struct bamboo_value text, bool tolerates_cycles,
                                       struct bamboo_flow **out, struct bamboo_error *error)
{
    struct bamboo_report report = {.tolerate_cycles = tolerates_cycles};
    size_t size;
    const char *bytes = bamboo_string_bytes(text, &size);
    enum bamboo_status status =
        bamboo_flow_compile(session->library, name, bytes, size, &report, out, error);
    if (status == BAMBOO_E_SOURCE) tell_reason(&report, error);
    bamboo_report_release(&report);
    return status;
}

static enum bamboo_status convert(const struct session *session, struct bamboo_value tree,
                                  struct bamboo_value *out, struct bamboo_error *error)
{
    struct bamboo_report report = {0};
    size_t size;
    const char *bytes = bamboo_string_bytes(tree, &size);
    enum bamboo_status status = bamboo_convert(session->library, "tree.json", bytes, size,
                                               BAMBOO_FORM_TEXT, &report, out, error);
    if (status == BAMBOO_E_SOURCE) tell_reason(&report, error);
    bamboo_report_release(&report);
    return status;
}

static enum bamboo_status compile_converted(const struct session *session, struct bamboo_value tree,
                                            bool tolerates_cycles, struct bamboo_flow **out,
                                            struct bamboo_error *error)
{
    struct bamboo_value text;
    enum bamboo_status status = convert(session, tree, &text, error);
    if (status != BAMBOO_OK) return status;
    status = compile_text(session, "converted.bamboo", text, tolerates_cycles, out, error);
    bamboo_value_release(text);
    return status;
}

static bool tolerates_cycles(struct bamboo_value content)
{
    struct bamboo_value run = bamboo_map_get(content, "run");
    if (run.type != BAMBOO_MAP) return false;
    struct bamboo_value tolerance = bamboo_map_get(run, "cycle_tolerate");
    return tolerance.type == BAMBOO_BOOL && tolerance.as.boolean;
}

static enum bamboo_status compile_case(const struct session *session, struct bamboo_value content,
                                       bool converted, struct bamboo_flow **out,
                                       struct bamboo_error *error)
{
    struct bamboo_value tree;
    enum bamboo_status status =
        bamboo_json_print(bamboo_map_get(content, "pipeline"), 0, &tree, error);
    if (status != BAMBOO_OK) return status;
    if (converted)
        status = compile_converted(session, tree, tolerates_cycles(content), out, error);
    else
        status = compile_text(session, "tree.json", tree, tolerates_cycles(content), out, error);
    bamboo_value_release(tree);
    return status;
}

/* The `run` of a case. */
static struct bamboo_start_options start_options(struct bamboo_value run)
{
    struct bamboo_start_options options = {.data = bamboo_missing()};
    if (run.type != BAMBOO_MAP) return options;
    struct bamboo_value start = bamboo_map_get(run, "start_node");
    options.data = bamboo_map_get(run, "data");
    options.context = bamboo_map_get(run, "context");
    options.subprocess_context = bamboo_map_get(run, "subprocess_context");
    if (start.type == BAMBOO_STRING) options.start = bamboo_string_bytes(start, NULL);
    return options;
}

enum bamboo_status session_start(struct session *session, struct bamboo_value content,
                                 bool converted, struct bamboo_error *error)
{
    struct bamboo_flow *flow = NULL;
    struct bamboo_value parameters;
    struct bamboo_start_options options = start_options(bamboo_map_get(content, "run"));
    struct bamboo_map_builder none;
    enum bamboo_status status = compile_case(session, content, converted, &flow, error);
    if (status != BAMBOO_OK) return status;
    bamboo_map_builder_init(&none);
    status = bamboo_map_builder_finish(&none, &parameters, error);
    if (status == BAMBOO_OK) {
        status = bamboo_start(session->engine, flow, parameters, &options, session->run, error);
        bamboo_value_release(parameters);
    }
    bamboo_flow_release(flow);
    return status;
}

enum bamboo_status session_continue(struct session *session, const char *run,
                                    struct bamboo_error *error)
{
    snprintf(session->run, sizeof session->run, "%s", run);
    enum bamboo_status status = bamboo_claim(session->engine, run, error);
    return status == BAMBOO_E_REFUSED ? BAMBOO_OK : status;
}

enum bamboo_status session_settle(struct session *session, struct bamboo_error *error)
{
    enum bamboo_status status = bamboo_engine_loop(session->engine, BAMBOO_UNTIL_SETTLED, error);
    return status == BAMBOO_OK ? bamboo_engine_flush(session->engine, error) : status;
}
