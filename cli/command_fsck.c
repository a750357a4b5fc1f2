#include <string.h>

#include "cli/characters.h"
#include "cli/command.h"
#include "cli/look.h"
#include "cli/session.h"

struct findings {
    struct pen pen;
    bool as_json;
    struct bamboo_list_builder problems, unchecked;
};

/* A line: "run 5f3a... event 17: is not what was written". */
static void print_finding(const struct pen *pen, struct bamboo_value finding)
{
    const char *run = map_text(finding, "run"), *why = map_text(finding, "unchecked");
    const char *sentence = *why ? why : map_text(finding, "problem");
    int64_t event = map_integer(finding, "event");
    pen_print(pen, *why ? STYLE_YELLOW : STYLE_RED, "%s",
              *why ? "not replayed" : map_text(finding, "table"));
    if (*run) {
        fputs("  run ", stdout);
        print_escaped(stdout, run, strlen(run), false);
    }
    if (event > 0) printf("  event %lld", (long long)event);
    fputs(": ", stdout);
    print_escaped(stdout, sentence, strlen(sentence), false);
    putchar('\n');
}

static void take_finding(void *context, struct bamboo_value finding)
{
    struct findings *findings = context;
    if (!findings->as_json) {
        print_finding(&findings->pen, finding);
        return;
    }
    bool is_problem = map_at(finding, "problem").type == BAMBOO_STRING;
    bamboo_list_builder_append_take(is_problem ? &findings->problems : &findings->unchecked,
                                    bamboo_value_retain(finding));
}

/* "3 runs, ", "1 run, ". */
static void print_count(struct bamboo_value counts, const char *key, const char *one,
                        const char *many, const char *end)
{
    int64_t count = map_integer(counts, key);
    printf("%lld %s%s", (long long)count, count == 1 ? one : many, end);
}

static void print_counts(const struct findings *findings, struct bamboo_value counts)
{
    int64_t problems = map_integer(counts, "problems");
    int64_t unchecked = map_integer(counts, "unchecked");
    print_count(counts, "runs", "run", "runs", ", ");
    print_count(counts, "events", "event", "events", ", ");
    print_count(counts, "snapshots", "snapshot", "snapshots", ", ");
    print_count(counts, "artifacts", "artifact", "artifacts", ", ");
    print_count(counts, "logs", "piece of output", "pieces of output", ", ");
    print_count(counts, "mails", "mail", "mails", ": ");
    if (problems == 0)
        pen_print(&findings->pen, STYLE_GREEN, "no problem");
    else
        pen_print(&findings->pen, STYLE_RED, "%lld problem%s", (long long)problems,
                  problems == 1 ? "" : "s");
    if (unchecked > 0)
        printf(" (%lld not replayed; give their components with --plugin)", (long long)unchecked);
    putchar('\n');
}

static int print_document_of(struct findings *findings, struct bamboo_value counts)
{
    struct bamboo_value problems, unchecked;
    struct bamboo_error error;
    struct bamboo_map_builder map;
    if (bamboo_list_builder_finish(&findings->problems, &problems, &error) != BAMBOO_OK)
        return complain_error(&error);
    if (bamboo_list_builder_finish(&findings->unchecked, &unchecked, &error) != BAMBOO_OK) {
        bamboo_value_release(problems);
        return complain_error(&error);
    }
    bamboo_map_builder_init(&map);
    bamboo_map_builder_set_integer(&map, "version", 1);
    bamboo_map_builder_set_take(&map, "problems", problems);
    bamboo_map_builder_set_take(&map, "unchecked", unchecked);
    bamboo_map_builder_set_take(&map, "counts", bamboo_value_retain(counts));
    return print_document(&map);
}

static int check(struct session *session, struct findings *findings)
{
    struct bamboo_value counts;
    struct bamboo_error error;
    if (bamboo_check_store(session->engine, take_finding, findings, &counts, &error) != BAMBOO_OK)
        return complain_error(&error);
    int code = EXIT_FINISHED;
    if (findings->as_json)
        code = print_document_of(findings, counts);
    else
        print_counts(findings, counts);
    if (code == EXIT_FINISHED && map_integer(counts, "problems") > 0) code = EXIT_DAMAGED;
    bamboo_value_release(counts);
    return code;
}

int fsck_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct findings findings = {.pen = standard_output(invocation),
                                .as_json = option_given(invocation, OPTION_JSON)};
    bamboo_list_builder_init(&findings.problems);
    bamboo_list_builder_init(&findings.unchecked);
    int code = session_open(&session, invocation, SESSION_LOOKS);
    if (code == EXIT_FINISHED) code = check(&session, &findings);
    bamboo_list_builder_release(&findings.problems);
    bamboo_list_builder_release(&findings.unchecked);
    session_close(&session);
    return code;
}
