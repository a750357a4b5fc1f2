#include "compiler/shell_quoting.h"

#include <ctype.h>
#include <string.h>

static struct shell_scope *scope(struct shell_reader *reader)
{
    return &reader->scopes[reader->depth];
}

/* Forgets what was known of the last characters; `inside_word`: a word goes on here. */
static void reset(struct shell_reader *reader, bool inside_word)
{
    if (reader->less_signs == 2) reader->heredoc_follows = true; /* "<<<" begins none */
    reader->escaped = reader->after_dollar = reader->after_paren = reader->inside_name = false;
    reader->case_letters = reader->less_signs = 0;
    reader->inside_word = inside_word;
}

static void enter(struct shell_reader *reader, enum shell_scope_kind kind)
{
    bool is_full = reader->depth + 1 == SHELL_DEPTH_MAX;
    reset(reader, false);
    if (!is_full) reader->depth++;
    *scope(reader) = (struct shell_scope){.kind = is_full ? SHELL_UNKNOWN : kind};
}

static void leave(struct shell_reader *reader)
{
    reader->depth--;
    reset(reader, true);
}

/* --- Characters that mean something in several scopes --- */

/* Does a '"' or '\'' here quote for one shell and stand for itself for the other? So it is in ${ }
 * in double quotes or in arithmetic. */
static bool is_ambiguous(const struct shell_reader *reader)
{
    size_t depth = reader->depth;
    if (reader->scopes[depth].kind == SHELL_ARITHMETIC) return true;
    while (depth > 0 && reader->scopes[depth].kind == SHELL_PARAMETER)
        depth--;
    return reader->scopes[depth].kind == SHELL_DOUBLE ||
           reader->scopes[depth].kind == SHELL_ARITHMETIC;
}

static void open_quote(struct shell_reader *reader, char character)
{
    bool is_dollar = reader->after_dollar;
    if (character == '`')
        enter(reader, SHELL_BACKQUOTE);
    else if (is_ambiguous(reader))
        enter(reader, SHELL_UNKNOWN);
    else if (character == '"')
        enter(reader, SHELL_DOUBLE);
    else
        enter(reader, is_dollar ? SHELL_DOLLAR_SINGLE : SHELL_SINGLE);
}

/* Reads what begins with '$', wherever that is special; false if this character is no part of it.
 */
static bool read_dollar(struct shell_reader *reader, char character)
{
    bool follows = reader->after_dollar;
    if (character == '$') {
        reset(reader, true);
        reader->after_dollar = !follows; /* $$ is a parameter */
    } else if (follows && character == '(') {
        enter(reader, SHELL_WORDS);
        reader->after_paren = true;
    } else if (follows && character == '{') {
        enter(reader, SHELL_PARAMETER);
    } else if (follows && character == '[') {
        enter(reader, SHELL_UNKNOWN); /* arithmetic for bash, a pattern for sh */
    } else {
        return false;
    }
    return true;
}

/* --- Words --- */

/* "((" is arithmetic, "$((" too. */
static void open_paren(struct shell_reader *reader)
{
    struct shell_scope *words = scope(reader);
    bool is_arithmetic = reader->after_paren;
    bool is_substitution = is_arithmetic && reader->depth > 0 && words->parens == 0;
    reset(reader, false);
    if (!is_arithmetic) {
        words->parens++;
        reader->after_paren = true;
        return;
    }
    if (is_substitution)
        words->kind = SHELL_ARITHMETIC;
    else
        enter(reader, SHELL_ARITHMETIC);
    if (!is_substitution) words->parens--;
    scope(reader)->parens = 2;
}

/* In a `case` of the shell parentheses are not in pairs: where does $( ) end then? */
static const char CASE[] = "case";

static bool has_read_case(const struct shell_reader *reader, char character)
{
    bool is_blank = character == ' ' || character == '\t' || character == '\n';
    return reader->depth > 0 && reader->case_letters == strlen(CASE) && is_blank;
}

/* A character that has no meaning of its own. */
static void read_letter(struct shell_reader *reader, char character)
{
    bool was_inside = reader->inside_word;
    bool is_name = character == '_' || isalpha((unsigned char)character) ||
                   (was_inside && isdigit((unsigned char)character));
    bool inside_name = is_name && (!was_inside || reader->inside_name);
    unsigned letters = reader->case_letters;
    bool is_case =
        (!was_inside || letters > 0) && letters < strlen(CASE) && character == CASE[letters];
    bool is_subscript = character == '[' && reader->inside_name;
    reset(reader, true);
    reader->inside_name = inside_name;
    if (is_case) reader->case_letters = letters + 1;
    if (is_subscript) scope(reader)->in_subscript = true;
    if (character == ']') scope(reader)->in_subscript = false;
}

static void close_paren(struct shell_reader *reader)
{
    bool is_substitution = scope(reader)->parens == 0 && reader->depth > 0;
    if (is_substitution) {
        leave(reader);
        return;
    }
    if (scope(reader)->parens > 0) scope(reader)->parens--;
    reset(reader, false);
}

/* Does a word end before this character? */
static bool separates(char character)
{
    return character != '\0' && strchr(" \t\n;&|<>", character) != NULL;
}

static void read_words(struct shell_reader *reader, char character)
{
    unsigned less_signs = reader->less_signs;
    if (has_read_case(reader, character)) {
        enter(reader, SHELL_UNKNOWN);
    } else if (character == '<') {
        reader->less_signs = 0;
        reset(reader, false);
        reader->less_signs = less_signs + 1;
    } else if (separates(character)) {
        reset(reader, false);
    } else if (character == '\'' || character == '"' || character == '`') {
        open_quote(reader, character);
    } else if (character == '(') {
        open_paren(reader);
    } else if (character == ')') {
        close_paren(reader);
    } else if (character == '#' && !reader->inside_word) {
        enter(reader, SHELL_COMMENT);
    } else {
        read_letter(reader, character);
    }
}

/* --- Other scopes --- */

static void read_double(struct shell_reader *reader, char character)
{
    reader->after_dollar = false;
    if (character == '"')
        leave(reader);
    else if (character == '`')
        open_quote(reader, character);
}

static void read_parameter(struct shell_reader *reader, char character)
{
    if (character == '\'' || character == '"' || character == '`')
        open_quote(reader, character);
    else if (character == '}')
        leave(reader);
    else
        reader->after_dollar = false;
}

/* Where it ends is known as long as nothing in it could hide a parenthesis. */
static void read_arithmetic(struct shell_reader *reader, char character)
{
    struct shell_scope *arithmetic = scope(reader);
    bool is_comment = character == '#' && !reader->inside_word;
    if (is_comment || has_read_case(reader, character)) {
        enter(reader, SHELL_UNKNOWN);
    } else if (character == '\'' || character == '"' || character == '`') {
        open_quote(reader, character);
    } else if (character == '(' || character == ')') {
        reset(reader, false);
        arithmetic->parens += character == '(' ? 1U : -1U;
        if (arithmetic->parens == 0) leave(reader);
    } else if (separates(character)) {
        reset(reader, false);
    } else {
        read_letter(reader, character);
    }
}

static void read_unescaped(struct shell_reader *reader, char character)
{
    enum shell_scope_kind kind = scope(reader)->kind;
    bool has_dollars = kind == SHELL_WORDS || kind == SHELL_DOUBLE || kind == SHELL_PARAMETER ||
                       kind == SHELL_ARITHMETIC;
    if (has_dollars && read_dollar(reader, character)) return;
    switch (kind) {
    case SHELL_WORDS: read_words(reader, character); break;
    case SHELL_DOUBLE: read_double(reader, character); break;
    case SHELL_PARAMETER: read_parameter(reader, character); break;
    case SHELL_ARITHMETIC: read_arithmetic(reader, character); break;
    case SHELL_SINGLE:
    case SHELL_DOLLAR_SINGLE:
        if (character == '\'') leave(reader);
        break;
    case SHELL_BACKQUOTE:
        if (character == '`') leave(reader);
        break;
    case SHELL_COMMENT:
        if (character != '\n') break;
        leave(reader);
        reset(reader, false);
        break;
    case SHELL_HEREDOC:
    case SHELL_UNKNOWN: break;
    }
}

/* A backslash before the end of a line takes both away, also in the middle of "$(" or "<<". */
static void read_escaped(struct shell_reader *reader, char character)
{
    bool is_quote = scope(reader)->kind == SHELL_DOLLAR_SINGLE && character == '\'';
    reader->escaped = false;
    if (is_quote)
        enter(reader, SHELL_UNKNOWN); /* closes for sh, but not for bash */
    else if (character != '\n')
        reset(reader, true);
}

static void read_character(struct shell_reader *reader, char character)
{
    enum shell_scope_kind kind = scope(reader)->kind;
    bool has_escapes = kind != SHELL_SINGLE && kind != SHELL_COMMENT;
    if (character == '\n' && reader->less_signs == 2) reset(reader, reader->inside_word);
    if (character == '\n' && reader->heredoc_follows && !reader->escaped)
        scope(reader)->kind = SHELL_HEREDOC;
    if (reader->escaped)
        read_escaped(reader, character);
    else if (character == '\\' && has_escapes)
        reader->escaped = true;
    else
        read_unescaped(reader, character);
}

void shell_read(struct shell_reader *reader, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        read_character(reader, bytes[i]);
}

void shell_read_value(struct shell_reader *reader)
{
    reset(reader, true);
}

const struct shell_refusal *shell_refusal(const struct shell_reader *reader)
{
#define BY_ENVIRONMENT "pass it by env: and write \"$NAME\""
#define NO_QUOTES \
    "it is quoted as a word already: leave the shell's quotes away, or " BY_ENVIRONMENT
    static const struct shell_refusal REFUSALS[] = {
        [SHELL_WORDS] = {NULL, NULL},
        [SHELL_SINGLE] = {"inside the shell's single quotes", NO_QUOTES},
        [SHELL_DOLLAR_SINGLE] = {"inside the shell's single quotes", NO_QUOTES},
        [SHELL_DOUBLE] = {"inside the shell's double quotes", NO_QUOTES},
        [SHELL_BACKQUOTE] = {"inside the shell's backquotes", "write $( ) instead of backquotes"},
        [SHELL_PARAMETER] = {"inside the shell's ${ }", "choose in the flow: ${x ?? y}"},
        [SHELL_ARITHMETIC] = {"inside the shell's arithmetic", "compute in the flow: ${n + 1}"},
        [SHELL_COMMENT] = {"in a comment of the shell", "leave it away"},
        [SHELL_HEREDOC] = {"in a here-document of the shell, or behind one",
                           "give the text by stdin:, or " BY_ENVIRONMENT},
        [SHELL_UNKNOWN] = {"where it is not clear how the shell reads it", BY_ENVIRONMENT},
    };
    static const struct shell_refusal ESCAPED = {"behind a backslash of the shell",
                                                 "leave the backslash away"};
    static const struct shell_refusal DOLLAR = {"behind a $ of the shell",
                                                "${x} alone is the value of x"};
    static const struct shell_refusal SUBSCRIPT = {"inside the shell's [ ]", BY_ENVIRONMENT};
    const struct shell_scope *innermost = &reader->scopes[reader->depth];
    if (REFUSALS[innermost->kind].where != NULL) return &REFUSALS[innermost->kind];
    if (reader->escaped) return &ESCAPED;
    if (reader->after_dollar) return &DOLLAR;
    return innermost->in_subscript ? &SUBSCRIPT : NULL;
}
