#include <string.h>

#include "cli/command.h"
#include "cli/eval_lines.h"
#include "cli/parameters.h"

static int print_result(struct bamboo_value value, bool as_text)
{
    if (!as_text || value.type != BAMBOO_STRING) return print_json(stdout, value, 0);
    write_text(stdout, value);
    putchar('\n');
    return EXIT_FINISHED;
}

static enum bamboo_language language_of(const struct invocation *invocation)
{
    if (option_given(invocation, OPTION_TEMPLATE)) return BAMBOO_TEMPLATE;
    return option_given(invocation, OPTION_RULE) ? BAMBOO_RULE : BAMBOO_EXPRESSION;
}

static int evaluate(const struct session *session, struct bamboo_value context)
{
    const struct invocation *invocation = session->invocation;
    struct pen pen = standard_error(invocation);
    struct bamboo_report report = {.color = pen.color};
    struct bamboo_value value;
    struct bamboo_error error;
    enum bamboo_language language = language_of(invocation);
    enum bamboo_status status = bamboo_evaluate(session->library, operand(invocation, 0), language,
                                                context, &report, &value, &error);
    write_text(stderr, report.text);
    bamboo_report_release(&report);
    if (status == BAMBOO_E_SOURCE) return EXIT_USAGE; /* the report has said why */
    if (status != BAMBOO_OK) return complain_error(&error);
    int code =
        print_result(value, language == BAMBOO_TEMPLATE && !option_given(invocation, OPTION_JSON));
    bamboo_value_release(value);
    return code;
}

/* Either one text, or the lines of standard input, which say themselves what they are. */
static int check_usage(const struct invocation *invocation)
{
    bool is_template = option_given(invocation, OPTION_TEMPLATE);
    bool is_rule = option_given(invocation, OPTION_RULE);
    bool has_lines = option_given(invocation, OPTION_JSONL);
    const char *wrong = NULL;
    if (is_template && is_rule) wrong = "either a template (-t) or a condition (-b)";
    if (has_lines && (invocation->operand_count > 0 || is_template || is_rule))
        wrong = "--jsonl reads from standard input what to evaluate, and as what";
    if (!has_lines && invocation->operand_count == 0)
        wrong = "what is to be evaluated? Write it behind `bamboo eval`, or use --jsonl";
    if (!wrong) return EXIT_FINISHED;
    complain("eval: %s", wrong);
    return EXIT_USAGE;
}

int eval_command(const struct invocation *invocation)
{
    struct session session = {0};
    struct bamboo_value context = bamboo_missing();
    int code = check_usage(invocation);
    if (code == EXIT_FINISHED) code = read_map_option(invocation, OPTION_CONTEXT, &context);
    if (code == EXIT_FINISHED) code = session_open_library(&session, invocation);
    if (code == EXIT_FINISHED)
        code = option_given(invocation, OPTION_JSONL) ? eval_lines(session.library, context, stdin)
                                                      : evaluate(&session, context);
    bamboo_value_release(context);
    session_close(&session);
    return code;
}
