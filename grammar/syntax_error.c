/* The grammar expects up to fifty tokens at many places. They are put into a few words: "a value"
 * for all that can begin one, "a statement", "a name"; operators are left out where something else
 * could stand as well. */
#include <string.h>

#include "base/text.h"
#include "grammar/flow.h"
#include "grammar/flow_parser.h"
#include "grammar/keyword.h"

/* Tokens that the grammar has, and some more. */
#define TOKEN_COUNT_MAX 128

/* What a set of expected tokens amounts to; one token stands for each group. */
struct expectation {
    const char *const *names;
    size_t count;
    const char *end; /* what the end of the source is called */
    bool value, operation, statement, policy, word, line_end;
    bool called; /* behind a call that may be all of its statement */
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
        "a number",         "a fraction", "a duration", "a text", "a name", "'null'", "'true'",
        "'false'",          "'('",        "'['",        "'{'",    "'-'",    "'+'",    "'not'",
        "the '{' of a map", "'='"};
    return IS_ONE_OF(name, NAMES);
}

static bool is_operator(const char *name)
{
    static const char *const NAMES[] = {"'+'",
                                        "'-'",
                                        "'*'",
                                        "'/'",
                                        "'//'",
                                        "'%'",
                                        "'<'",
                                        "'>'",
                                        "'<='",
                                        "'>='",
                                        "'=='",
                                        "'!='",
                                        ("'?"
                                         "?'"),
                                        "'or'",
                                        "'and'",
                                        "'not'",
                                        "'in'",
                                        "'if'",
                                        "'.'",
                                        "'?.'",
                                        "'('",
                                        "'['"};
    return IS_ONE_OF(name, NAMES);
}

static bool begins_statement(const char *name)
{
    static const char *const NAMES[] = {"'parallel'", "'inclusive'", "'exclusive'", "'if'",
                                        "'repeat'",   "'graph'",     "'context'",   "a name"};
    return IS_ONE_OF(name, NAMES);
}

static bool begins_policy(const char *name)
{
    static const char *const NAMES[] = {"'timeout'", "'retry'", "'on'",   "'once'",
                                        "'no'",      "'loop'",  "'undo'", "'after'",
                                        "'at'",      "'every'", "'title'"};
    return IS_ONE_OF(name, NAMES);
}

static const char *source_end(const struct parser *parser)
{
    return parser->layout.is_file ? "the end of the file" : "the end";
}

/* A word that is also a name. */
static bool is_context_word(const char *name)
{
    size_t size = strlen(name);
    const struct keyword *keyword = size > 2 ? keyword_find(name + 1, size - 2) : NULL;
    return keyword && keyword->kind == KEYWORD_CONTEXT;
}

static struct expectation summarize(const struct parser *parser, const char *const *names,
                                    size_t count)
{
    struct expectation all = {.names = names, .count = count, .end = source_end(parser)};
    all.value = expects(&all, "a number") && expects(&all, "'null'");
    all.operation = expects(&all, "'*'");
    all.statement = expects(&all, "'parallel'");
    all.word = expects(&all, "a name");
    all.policy = expects(&all, "'timeout'") && !all.word;
    all.line_end = expects(&all, "the end of the line");
    all.called = all.line_end && parser->layout.before.kind == ')' && expects(&all, "'='");
    return all;
}

/* Is this token said by one of the groups, or not worth saying? */
static bool is_covered(const struct expectation *all, const char *name)
{
    bool has_closer = expects(all, "'}'") || expects(all, "'when'");
    if (all->called) return strcmp(name, "'{'") != 0 && strcmp(name, "the end of the line") != 0;
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
    return strcmp(name, "'bamboo'") == 0 || strcmp(name, "'for'") == 0 || strcmp(name, "text") == 0;
}

/* Words first, then what goes on, what closes, what ends. */
static unsigned rank(const char *name)
{
    if (strncmp(name, "the end", strlen("the end")) == 0) return 3;
    if (strcmp(name, "')'") == 0 || strcmp(name, "']'") == 0 || strcmp(name, "'}'") == 0) return 2;
    return strcmp(name, "','") == 0;
}

/* What is to be said: at most every token and three groups. */
struct phrases {
    const char *items[TOKEN_COUNT_MAX + 3];
    size_t count;
};

static void add_phrase(struct phrases *phrases, const char *phrase)
{
    if (phrases->count < sizeof phrases->items / sizeof phrases->items[0])
        phrases->items[phrases->count++] = phrase;
}

static void gather_phrases(struct phrases *phrases, const struct expectation *all)
{
    if (all->statement) add_phrase(phrases, "a statement");
    if (all->value) add_phrase(phrases, "a value");
    if (all->policy)
        add_phrase(phrases,
                   "a policy (title, timeout, retry, on fail, once, no retry, no skip, loop, "
                   "undo, at, after, every)");
    for (unsigned now = 0; now <= 3; now++)
        for (size_t i = 0; i < all->count; i++) {
            bool is_splice = strcmp(all->names[i], "the '}' of '${'") == 0;
            bool is_end = strcmp(all->names[i], "the end of the source") == 0;
            const char *name = is_splice ? "'}'" : is_end ? all->end : all->names[i];
            if (rank(name) == now && !is_covered(all, name)) add_phrase(phrases, name);
        }
    if (phrases->count == 0) add_phrase(phrases, all->operation ? "an operator" : "something else");
}

/* "a value, ')' or '}'" */
static void append_expected(struct text *out, const struct expectation *all)
{
    struct phrases phrases = {.count = 0};
    gather_phrases(&phrases, all);
    for (size_t i = 0; i < phrases.count; i++) {
        if (i > 0) text_append_string(out, i + 1 == phrases.count ? " or " : ", ");
        text_append_string(out, phrases.items[i]);
    }
}

/* --- What was found --- */

#define FOUND_SIZE_MAX 40

static void append_found(const struct parser *parser, struct text *out, struct token found)
{
    const char *bytes = parser_bytes(parser, found.span);
    uint32_t size = found.span.size;
    if (found.kind == TOKEN_TEXT_BEGIN) {
        text_append_string(out, "a text");
    } else if (size == 0 && found.kind != TOKEN_END) {
        text_append_string(out, "the end of the line");
    } else if (size == 0) {
        text_append_string(out, source_end(parser));
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

/* Another language's `else if`? */
static bool is_elif(const struct parser *parser, struct span word)
{
    static const char *const WORDS[] = {"elif", "elsif", "elseif"};
    const char *bytes = parser_bytes(parser, word);
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strlen(WORDS[i]) == word.size && memcmp(WORDS[i], bytes, word.size) == 0) return true;
    return false;
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
    if (expects(all, "'else'") && is_elif(parser, found.span)) return "else if";
    if (before.kind != TOKEN_IDENTIFIER || !is_statement) return NULL;
    if (is_elif(parser, before.span)) return "else if";
    candidates.count = 0;
    for (size_t i = 0; i < sizeof STATEMENTS / sizeof STATEMENTS[0]; i++)
        add_candidate(&candidates, STATEMENTS[i]);
    return nearest_keyword(parser, before.span, &candidates);
}

static bool is_policy_word(int kind)
{
    return kind == TOKEN_TIMEOUT || kind == TOKEN_RETRY || kind == TOKEN_ON || kind == TOKEN_ONCE ||
           kind == TOKEN_NO || kind == TOKEN_LOOP || kind == TOKEN_TITLE || kind == TOKEN_AT ||
           kind == TOKEN_AFTER || kind == TOKEN_EVERY;
}

static const char *advice(const struct expectation *all, struct token found, struct token before)
{
    bool begins = !all->value && !all->operation && expects(all, "'='");
    if ((begins && is_policy_word(before.kind)) || (found.kind == TOKEN_UNDO && all->statement))
        return "a policy stands in braces behind its call: name = f(...) { timeout 10m }";
    if (expects(all, "a time")) return "a time is written as 2026-12-01T10:00:00Z";
    if (found.kind == '{' && before.kind == TOKEN_PARALLEL)
        return "in a graph the ways of a parallel gateway are its arrows: name -> node";
    bool wants_block = expects(all, "'{'") && !all->line_end && !all->value;
    if (found.kind == TOKEN_NEWLINE && found.span.size == 0 && wants_block)
        return "the '{' stands on the same line";
    if (found.kind == '{' && all->statement)
        return "a block alone is a branch and stands in 'parallel' only";
    if ((found.kind == TOKEN_INTEGER || found.kind == TOKEN_FLOAT) && expects(all, "a duration"))
        return "a duration has a unit: 500ms, 10s, 5m, 1h30m";
    if (found.kind == '=' && expects(all, "')'"))
        return "an input is named with ':', as in f(name: value)";
    if (found.kind == '=' && all->operation && !all->line_end) return "to compare, write '=='";
    if (found.kind == TOKEN_ELSE && !expects(all, "'then'"))
        return "'else' follows the '}' of an 'if'";
    if ((found.kind == TOKEN_WHILE || found.kind == TOKEN_UNTIL) && all->statement)
        return "a loop is written: repeat up to N times { } while c";
    if (all->called && found.kind == TOKEN_IDENTIFIER) return "a statement ends with its line";
    return NULL;
}

/* A bracket of an earlier line may be what is wrong. */
static void relate_bracket(struct parser *parser, struct diagnostic *diagnostic,
                           const struct expectation *all, struct span found)
{
    const struct layout *layout = &parser->layout;
    const char *closer = NULL;
    const struct frame *frame = layout->count > 0 ? &layout->frames[layout->count - 1] : NULL;
    if (frame && frame->kind == FRAME_PAREN) closer = "')'";
    if (frame && frame->kind == FRAME_BRACKET) closer = "']'";
    if (frame && frame->kind == FRAME_MAP) closer = "'}'";
    if (!closer || !expects(all, closer)) return;
    if (source_place(parser->text, frame->span.offset).line !=
        source_place(parser->text, found.offset).line)
        diagnostic_relate(parser->diagnostics, diagnostic, frame->span, "this '%c' is open",
                          *parser_bytes(parser, frame->span));
}

static void report(struct parser *parser, const struct expectation *all, struct token found)
{
    struct text message = {0};
    append_expected(&message, all);
    text_append_string(&message, ", found ");
    append_found(parser, &message, found);
    if (message.failed) parser_out_of_memory(parser);
    struct diagnostic *diagnostic = diagnostics_add(
        parser->diagnostics, DIAGNOSTIC_SYNTAX, found.span, "expected %s", text_string(&message));
    text_release(&message);
    const char *help = advice(all, found, parser->layout.before);
    const char *meant = help ? NULL : meant_keyword(parser, all, found);
    if (help) diagnostic_help(parser->diagnostics, diagnostic, "%s", help);
    if (meant) diagnostic_help(parser->diagnostics, diagnostic, "did you mean '%s'?", meant);
    relate_bracket(parser, diagnostic, all, found.span);
}

/* The brace that is the next thing in the source, at least one line on; 0 if there is none. */
static uint32_t next_brace(const struct source *source, size_t offset)
{
    while (offset < source->size && strchr(" \t\r\n", source->bytes[offset]))
        offset++;
    return offset < source->size && source->bytes[offset] == '{' ? (uint32_t)offset : 0;
}

void syntax_error_report(struct parser *parser, const char *const *expected, size_t count)
{
    struct token found = parser->layout.previous;
    bool is_known = parser->layout.is_virtual || parser->layout.is_broken ||
                    found.kind == TOKEN_INVALID ||
                    (found.kind == '{' && found.span.offset == parser->misplaced_brace);
    if (parser->stopped || is_known) return;
    struct expectation all = summarize(parser, expected, count);
    parser->reported = found.span;
    if (found.kind == TOKEN_NEWLINE && expects(&all, "'{'"))
        parser->misplaced_brace = next_brace(parser->text, found.span.offset);
    bool is_later = found.kind == TOKEN_FOR && all.statement;
    if (is_later)
        diagnostics_add(parser->diagnostics, DIAGNOSTIC_RESERVED_WORD, found.span,
                        "'%.*s' is kept for what comes later", (int)found.span.size,
                        parser_bytes(parser, found.span));
    else
        report(parser, &all, found);
    if (diagnostics_error_count(parser->diagnostics) >= DIAGNOSTIC_COUNT_MAX)
        parser->stopped = true; /* nothing more would be kept */
}
