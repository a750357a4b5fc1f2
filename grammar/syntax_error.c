/* The grammar expects up to fifty tokens at many places. They are put into a few words: "a value"
 * for all that can begin one, "a statement", "a name"; operators are left out where something else
 * could stand as well. */
#include "grammar/syntax_error.h"

#include <string.h>

#include "base/text.h"
#include "grammar/flow_parser.h"
#include "grammar/keyword.h"

/* What a set of expected tokens amounts to; one token stands for each group. */
struct expectation {
    const char *const *names;
    size_t count;
    bool value, operation, statement, policy, word, line_end;
};

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) return true;
    return false;
}

static bool expects(const struct expectation *expectation, const char *name)
{
    return is_one_of(name, expectation->names, expectation->count);
}

#define IS_ONE_OF(name, table) is_one_of(name, table, sizeof(table) / sizeof(table)[0])

static bool begins_value(const char *name)
{
    static const char *const NAMES[] = {
        "a number", "a fraction", "a duration", "a text", "a name", "'null'", "'true'",
        "'false'",  "'('",        "'['",        "'{'",    "'-'",    "'+'",    "'not'",
        "the '{' of a map",       "'='"};
    return IS_ONE_OF(name, NAMES);
}

static bool is_operator(const char *name)
{
    static const char *const NAMES[] = {
        "'+'", "'-'",  "'*'",  "'/'",  "'//'",  "'%'",  "'<'",   "'>'", "'<='", "'>='", "'=='",
        "'!='", "'?" "?'", "'or'", "'and'", "'not'", "'in'", "'if'", "'.'", "'?.'", "'('",  "'['"};
    return IS_ONE_OF(name, NAMES);
}

static bool begins_statement(const char *name)
{
    static const char *const NAMES[] = {"'parallel'", "'inclusive'", "'exclusive'", "'if'",
                                        "'repeat'",   "a name"};
    return IS_ONE_OF(name, NAMES);
}

static bool begins_policy(const char *name)
{
    static const char *const NAMES[] = {"'timeout'", "'retry'", "'on'", "'once'", "'no'",
                                        "'loop'"};
    return IS_ONE_OF(name, NAMES);
}

/* A word that is also a name. */
static bool is_context_word(const char *name)
{
    size_t size = strlen(name);
    const struct keyword *keyword = size > 2 ? keyword_find(name + 1, size - 2) : NULL;
    return keyword && keyword->kind == KEYWORD_CONTEXT;
}

static struct expectation summarize(const char *const *names, size_t count)
{
    struct expectation all = {.names = names, .count = count};
    all.value = expects(&all, "a number") && expects(&all, "'null'");
    all.operation = expects(&all, "'*'");
    all.statement = expects(&all, "'parallel'");
    all.word = expects(&all, "a name");
    all.policy = expects(&all, "'timeout'") && !all.word;
    all.line_end = expects(&all, "the end of the line");
    return all;
}

/* Is this token said by one of the groups, or not worth saying? */
static bool is_covered(const struct expectation *all, const char *name)
{
    bool has_closer = expects(all, "'}'") || expects(all, "'when'");
    if (strcmp(name, "the end of the line") == 0)
        return all->statement || all->policy || has_closer || expects(all, "'='");
    if (all->value && begins_value(name)) return true;
    if (all->statement && begins_statement(name)) return true;
    if (all->policy && begins_policy(name)) return true;
    if (all->word && is_context_word(name)) return true;
    if (all->operation && (is_operator(name) || (all->line_end && strcmp(name, "'{'") == 0)))
        return true;
    if (!all->operation && expects(all, "'('") && !all->value &&
        (strcmp(name, "'.'") == 0 || strcmp(name, "'?.'") == 0 || strcmp(name, "'['") == 0))
        return true;
    return strcmp(name, "'bamboo'") == 0 || strcmp(name, "'for'") == 0 ||
           strcmp(name, "text") == 0;
}

/* Gathers "a, b or c". */
struct enumeration {
    struct text text;
    const char *last;
};

static void enumerate(struct enumeration *enumeration, const char *name)
{
    if (enumeration->last) {
        if (enumeration->text.size > 0) text_append_string(&enumeration->text, ", ");
        text_append_string(&enumeration->text, enumeration->last);
    }
    enumeration->last = name;
}

static void end_enumeration(struct enumeration *enumeration)
{
    if (enumeration->text.size > 0) text_append_string(&enumeration->text, " or ");
    if (enumeration->last) text_append_string(&enumeration->text, enumeration->last);
}

/* "a value, ')' or '}'" */
static void append_expected(struct text *out, const struct expectation *all)
{
    struct enumeration enumeration = {.last = NULL};
    if (all->statement) enumerate(&enumeration, "a statement");
    if (all->value) enumerate(&enumeration, "a value");
    if (all->policy) enumerate(&enumeration, "a policy (timeout, retry, on fail, once, no retry, "
                                             "no skip)");
    for (size_t i = 0; i < all->count; i++) {
        const char *name = all->names[i];
        if (is_covered(all, name)) continue;
        enumerate(&enumeration, strcmp(name, "the '}' of '${'") == 0 ? "'}'" : name);
    }
    if (!enumeration.last) enumerate(&enumeration, all->operation ? "an operator" : "something else");
    end_enumeration(&enumeration);
    text_append(out, text_string(&enumeration.text), enumeration.text.size);
    out->failed = out->failed || enumeration.text.failed;
    text_release(&enumeration.text);
}

/* --- What was found --- */

#define FOUND_SIZE_MAX 40

static void append_found(const struct parser *parser, struct text *out, struct token found)
{
    const char *bytes = parser_bytes(parser, found.span);
    uint32_t size = found.span.size;
    if (found.kind == TOKEN_TEXT_BEGIN) {
        text_append_string(out, "a text");
    } else if (size == 0 && found.kind == TOKEN_NEWLINE) {
        text_append_string(out, "the end of the line");
    } else if (size == 0) {
        text_append_string(out, parser->layout.is_file ? "the end of the file" : "the end");
    } else {
        bool is_cut = size > FOUND_SIZE_MAX;
        if (is_cut) size = FOUND_SIZE_MAX;
        while (is_cut && size > 0 && ((unsigned char)bytes[size] & 0xC0) == 0x80)
            size--;
        text_append_format(out, "'%.*s%s'", (int)size, bytes, is_cut ? "..." : "");
    }
}

/* --- What may help --- */

/* The keywords that could stand where a word was found. */
struct candidates {
    const char *names[64];
    size_t count;
};

static const char *candidate_at(const void *context, size_t index)
{
    return ((const struct candidates *)context)->names[index];
}

static void add_candidate(struct candidates *candidates, const char *quoted)
{
    size_t size = strlen(quoted);
    const struct keyword *keyword = size > 2 ? keyword_find(quoted + 1, size - 2) : NULL;
    if (keyword && candidates->count < sizeof candidates->names / sizeof candidates->names[0])
        candidates->names[candidates->count++] = keyword->text;
}

/* The keyword that was meant by a word, or NULL. */
static const char *nearest_keyword(const struct parser *parser, struct span word,
                                   const struct candidates *candidates)
{
    char name[FOUND_SIZE_MAX];
    if (word.size >= sizeof name) return NULL;
    memcpy(name, parser_bytes(parser, word), word.size);
    name[word.size] = '\0';
    return nearest_name(name, candidates->count, candidate_at, candidates);
}

static const char *meant_keyword(const struct parser *parser, const struct expectation *all,
                                 struct token found)
{
    static const char *const STATEMENTS[] = {"'parallel'", "'inclusive'", "'exclusive'", "'if'",
                                             "'repeat'",   "'pause'",     "'fail'",      "'revoke'",
                                             "'start'",    "'end'",       "'pipeline'"};
    struct candidates candidates = {.count = 0};
    struct token before = parser->layout.before;
    if (found.kind == TOKEN_IDENTIFIER) {
        for (size_t i = 0; i < all->count; i++)
            if (!all->word || !is_context_word(all->names[i]))
                add_candidate(&candidates, all->names[i]);
        const char *meant = nearest_keyword(parser, found.span, &candidates);
        if (meant) return meant;
    }
    bool is_statement = !all->value && !all->operation && expects(all, "'='");
    if (before.kind != TOKEN_IDENTIFIER || !is_statement) return NULL;
    candidates.count = 0;
    for (size_t i = 0; i < sizeof STATEMENTS / sizeof STATEMENTS[0]; i++)
        add_candidate(&candidates, STATEMENTS[i]);
    return nearest_keyword(parser, before.span, &candidates);
}

static const char *advice(const struct expectation *all, struct token found)
{
    bool wants_block = expects(all, "'{'") && !all->line_end && !all->value;
    if (found.kind == TOKEN_NEWLINE && found.span.size == 0 && wants_block)
        return "the '{' stands on the same line";
    if (found.kind == '{' && all->statement)
        return "a block alone is a branch and stands in 'parallel' only";
    if ((found.kind == TOKEN_INTEGER || found.kind == TOKEN_FLOAT) && expects(all, "a duration"))
        return "a duration has a unit: 500ms, 10s, 5m, 1h30m";
    if (found.kind == '=' && all->operation) return "to compare, write '=='";
    if (found.kind == TOKEN_ELSE && all->statement) return "'else' follows the '}' of an 'if'";
    return NULL;
}

/* A bracket of an earlier line may be what is wrong. */
static void relate_bracket(struct parser *parser, struct diagnostic *diagnostic,
                           const struct expectation *all, struct span found)
{
    const struct layout *layout = &parser->layout;
    if (layout->count == 0 || !(expects(all, "')'") || expects(all, "']'"))) return;
    const struct frame *frame = &layout->frames[layout->count - 1];
    if (frame->kind != FRAME_PAREN && frame->kind != FRAME_BRACKET) return;
    if (source_place(parser->text, frame->span.offset).line !=
        source_place(parser->text, found.offset).line)
        diagnostic_relate(parser->diagnostics, diagnostic, frame->span, "this '%c' is open",
                          frame->kind == FRAME_PAREN ? '(' : '[');
}

static void report(struct parser *parser, const struct expectation *all, struct token found)
{
    struct text message = {0};
    append_expected(&message, all);
    text_append_string(&message, ", found ");
    append_found(parser, &message, found);
    if (message.failed) parser_out_of_memory(parser);
    struct diagnostic *diagnostic =
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_SYNTAX, found.span, "expected %s",
                        text_string(&message));
    text_release(&message);
    const char *help = advice(all, found);
    const char *meant = help ? NULL : meant_keyword(parser, all, found);
    if (help) diagnostic_help(parser->diagnostics, diagnostic, "%s", help);
    if (meant) diagnostic_help(parser->diagnostics, diagnostic, "did you mean '%s'?", meant);
    relate_bracket(parser, diagnostic, all, found.span);
}

void syntax_error_report(struct parser *parser, const char *const *expected, size_t count)
{
    struct token found = parser->layout.previous;
    bool is_known = parser->layout.is_virtual || found.kind == TOKEN_INVALID;
    if (parser->stopped || is_known) return;
    struct expectation all = summarize(expected, count);
    bool is_later = found.kind == TOKEN_UNDO || found.kind == TOKEN_GRAPH ||
                    (found.kind == TOKEN_FOR && all.statement);
    if (is_later)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_RESERVED_WORD, found.span,
                        "'%.*s' is kept for what comes later", (int)found.span.size,
                        parser_bytes(parser, found.span));
    else
        report(parser, &all, found);
}
