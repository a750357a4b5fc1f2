/* Flows without running them: compile, check, disasm. */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/memory.h"
#include "cli/session.h"

/* --- compile --- */

/* "flows/nightly.bamboo" gives "flows/nightly.bbc"; to be freed, NULL after a complaint. */
static char *artifact_path(const char *path)
{
    static const char SUFFIX[] = ".bbc";
    if (strcmp(path, "-") == 0) {
        complain("compile: a flow from standard input needs --output FILE");
        return NULL;
    }
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    size_t size =
        dot && dot > path && (!slash || dot > slash + 1) ? (size_t)(dot - path) : strlen(path);
    if (strcmp(path + size, SUFFIX) == 0) {
        complain("compile: %s would be overwritten; give --output FILE", path);
        return NULL;
    }
    char *result = NULL;
    size_t capacity = 0;
    if (!grow((void **)&result, &capacity, size + sizeof SUFFIX, 1)) {
        complain("out of memory");
        return NULL;
    }
    memcpy(result, path, size);
    memcpy(result + size, SUFFIX, sizeof SUFFIX);
    return result;
}

int compile_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_flow *flow = NULL;
    struct bamboo_error error;
    const char *path = operand(invocation, 0), *output = option_text(invocation, OPTION_OUTPUT);
    char *derived = output ? NULL : artifact_path(path);
    if (!output && !derived) return EXIT_USAGE;
    int code = session_open_library(&session, invocation);
    if (code == EXIT_FINISHED) code = session_read_flow(&session, path, &flow);
    if (code == EXIT_FINISHED &&
        bamboo_flow_write(flow, output ? output : derived,
                          option_given(invocation, OPTION_COMPRESS), &error) != BAMBOO_OK)
        code = complain_error(&error);
    free(derived);
    bamboo_flow_release(flow);
    session_close(&session);
    return code;
}

/* --- check --- */

/* What all files have to say together. */
struct findings {
    bool json, color, tolerate_cycles;
    size_t errors, warnings;
    struct bamboo_list_builder list;
};

static void add_report(struct findings *findings, const struct bamboo_report *report)
{
    findings->errors += report->errors;
    findings->warnings += report->warnings;
    if (!findings->json) write_text(stdout, report->text);
    size_t count = report->list.type == BAMBOO_LIST ? bamboo_list_count(report->list) : 0;
    for (size_t i = 0; i < count; i++)
        bamboo_list_builder_append_take(&findings->list,
                                        bamboo_value_retain(bamboo_list_at(report->list, i)));
}

static int check_file(const struct session *session, const char *path, struct findings *findings)
{
    struct bamboo_report report = {.color = findings->color,
                                   .tolerate_cycles = findings->tolerate_cycles};
    struct bamboo_flow *flow = NULL;
    struct bamboo_error error;
    enum bamboo_status status = bamboo_flow_read(session->library, path, &report, &flow, &error);
    add_report(findings, &report);
    bamboo_report_release(&report);
    bamboo_flow_release(flow);
    if (status == BAMBOO_OK) return EXIT_FINISHED;
    return status == BAMBOO_E_SOURCE ? EXIT_USAGE : complain_error(&error);
}

static int print_findings(struct findings *findings)
{
    struct bamboo_value list;
    struct bamboo_error error;
    struct bamboo_map_builder map;
    if (bamboo_list_builder_finish(&findings->list, &list, &error) != BAMBOO_OK)
        return complain_error(&error);
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_integer(&map, "version", 1);
    bamboo_map_builder_set_integer(&map, "errors", (int64_t)findings->errors);
    bamboo_map_builder_set_integer(&map, "warnings", (int64_t)findings->warnings);
    bamboo_map_builder_set_take(&map, "diagnostics", list);
    return print_document(&map);
}

int check_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct pen pen = standard_output(invocation);
    struct findings findings = {.json = option_given(invocation, OPTION_JSON),
                                .color = pen.color,
                                .tolerate_cycles = option_given(invocation, OPTION_CYCLES)};
    int worst = session_open_library(&session, invocation);
    if (worst != EXIT_FINISHED) return worst;
    bamboo_list_builder_init(&findings.list);
    for (size_t i = 0; i < invocation->operand_count; i++) {
        int code = check_file(&session, operand(invocation, i), &findings);
        if (code > worst) worst = code;
    }
    if (findings.json) {
        int printed = print_findings(&findings);
        if (worst == EXIT_FINISHED) worst = printed;
    } else {
        bamboo_list_builder_release(&findings.list);
    }
    session_close(&session);
    return worst;
}

/* --- disasm --- */

int disasm_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_flow *flow = NULL;
    struct bamboo_value listing;
    struct bamboo_error error;
    int code = session_open_library(&session, invocation);
    if (code == EXIT_FINISHED) code = session_read_flow(&session, operand(invocation, 0), &flow);
    if (code == EXIT_FINISHED) {
        if (bamboo_flow_disassemble(flow, &listing, &error) == BAMBOO_OK) {
            write_text(stdout, listing);
            bamboo_value_release(listing);
        } else {
            code = complain_error(&error);
        }
    }
    bamboo_flow_release(flow);
    session_close(&session);
    return code;
}
