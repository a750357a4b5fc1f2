#include "grammar/settle.h"

static void report_named_call(struct parser *parser, const struct named_call *named)
{
    struct diagnostic *diagnostic =
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, named->name,
                        "only the inputs of a component or pipeline have names");
    if (named->call->kind == EXPRESSION_METHOD)
        diagnostic_help(parser->diagnostics, diagnostic,
                        "a method takes its arguments by their order");
    else
        diagnostic_help(parser->diagnostics, diagnostic,
                        "a component is called in a statement of its own: name = %s(...)",
                        named->call->as.call.name.bytes);
}

void settle(struct parser *parser, struct span span, bool report)
{
    for (; parser->named_calls && parser->named_calls->call->span.offset >= span.offset;
         parser->named_calls = parser->named_calls->next)
        if (report) report_named_call(parser, parser->named_calls);
}
