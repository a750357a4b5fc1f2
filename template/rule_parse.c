#include "template/rule_tree.h"

#include <string.h>

#include "base/utf8.h"
#include "template/convert.h"
#include "template/rule_parser.h"
#include "template/rule_scanner.h"

int rule_lex(RULE_STYPE *value, struct rule_parser *parser);

/* bison calls it for the next token. A node takes its text from the scanner: the grammar makes each
 * simple value before it needs to look further. */
int rule_lex(RULE_STYPE *value, struct rule_parser *parser)
{
    (void)value;
    return rule_scan_lex(parser->handle);
}

static struct rule_value *value_node(struct rule_parser *parser, enum rule_value_kind kind)
{
    struct rule_value *value = evaluation_allocate(parser->evaluation, 1, sizeof *value);
    if (value)
        value->kind = kind;
    else
        parser->status = parser->evaluation->status;
    return value;
}

static const char *token_bytes(const struct rule_parser *parser, size_t *size)
{
    *size = parser->scanner.end - parser->scanner.start;
    return parser->scanner.base + parser->scanner.start;
}

static struct rule_value *finish(struct rule_parser *parser, struct rule_value *value,
                                 enum bamboo_status status)
{
    if (status == BAMBOO_OK) return value;
    parser->status = status;
    return NULL;
}

/* The token as a text object. */
static enum bamboo_status token_text(struct rule_parser *parser, struct object *out)
{
    size_t size;
    const char *bytes = token_bytes(parser, &size);
    return object_borrow_text(parser->evaluation, bytes, size, out);
}

struct rule_value *rule_integer(struct rule_parser *parser)
{
    struct rule_value *value = value_node(parser, RULE_LITERAL);
    struct object text = object_none();
    if (!value) return NULL;
    enum bamboo_status status = token_text(parser, &text);
    if (status == BAMBOO_OK) /* 1e3 is an integer for the grammar, and none for Python: an error */
        status = object_to_integer(parser->evaluation, text, 10, &value->literal);
    return finish(parser, value, status);
}

struct rule_value *rule_float(struct rule_parser *parser)
{
    struct rule_value *value = value_node(parser, RULE_LITERAL);
    struct object text = object_none();
    if (!value) return NULL;
    enum bamboo_status status = token_text(parser, &text);
    if (status == BAMBOO_OK) status = object_to_float(parser->evaluation, text, &value->literal);
    return finish(parser, value, status);
}

struct rule_value *rule_bool(struct rule_parser *parser)
{
    struct rule_value *value = value_node(parser, RULE_LITERAL);
    if (value) value->literal = object_bool(parser->scanner.end - parser->scanner.start == 4);
    return value;
}

struct rule_value *rule_path(struct rule_parser *parser)
{
    struct rule_value *value = value_node(parser, RULE_PATH);
    if (!value) return NULL;
    return finish(parser, value, token_text(parser, &value->literal));
}

/* The character that a backslash and this letter stand for, or the letter itself. */
static char escaped(char letter)
{
    switch (letter) {
    case 't': return '\t';
    case 'n': return '\n';
    case 'f': return '\f';
    case 'r': return '\r';
    default: return letter;
    }
}

struct rule_value *rule_text(struct rule_parser *parser)
{
    size_t size;
    const char *bytes = token_bytes(parser, &size);
    struct rule_value *value = value_node(parser, RULE_LITERAL);
    char *unescaped = evaluation_allocate(parser->evaluation, size, 1);
    if (!value || !unescaped) return finish(parser, NULL, parser->evaluation->status);
    size_t count = 0;
    for (size_t i = 1; i + 1 < size; i++) {
        char letter = bytes[i];
        bool is_escape = letter == '\\' && i + 2 < size && escaped(bytes[i + 1]) != bytes[i + 1];
        if (is_escape) letter = escaped(bytes[++i]);
        unescaped[count++] = letter;
    }
    return finish(parser, value,
                  object_borrow_text(parser->evaluation, unescaped, count, &value->literal));
}

struct rule_value *rule_list(struct rule_parser *parser, struct rule_values values)
{
    struct rule_value *value = value_node(parser, RULE_LIST);
    if (value) value->first = values.first;
    return value;
}

static struct rule_item *item_node(struct rule_parser *parser)
{
    struct rule_item *item = evaluation_allocate(parser->evaluation, 1, sizeof *item);
    if (!item) parser->status = parser->evaluation->status;
    return item;
}

struct rule_item *rule_comparison(struct rule_parser *parser, struct rule_value *left,
                                  enum rule_operator sign, struct rule_value *right)
{
    struct rule_item *item = item_node(parser);
    if (item) *item = (struct rule_item){.sign = sign, .left = left, .right = right};
    return item;
}

struct rule_item *rule_nested(struct rule_parser *parser, struct rule_item *nested)
{
    struct rule_item *item = item_node(parser);
    if (item) item->nested = nested;
    return item;
}

/* --- the parse --- */

#define TAB_WIDTH 8

/* A copy with tabs as the blanks that they show as, and two NULs at its end. boolrule's parser does
 * that to the whole condition, to the texts in it too. */
static char *expand_tabs(struct evaluation *evaluation, const char *text, size_t size,
                         size_t *expanded_size)
{
    size_t tabs = 0, column = 0, count = 0;
    for (size_t i = 0; i < size; i++)
        tabs += text[i] == '\t';
    char *copy = evaluation_allocate(evaluation, size + tabs * TAB_WIDTH + 2, 1);
    if (!copy) return NULL;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '\t') {
            size_t blanks = TAB_WIDTH - column % TAB_WIDTH;
            memset(copy + count, ' ', blanks);
            count += blanks;
            column += blanks;
            continue;
        }
        copy[count++] = text[i];
        bool is_continuation = ((unsigned char)text[i] & 0xc0) == 0x80;
        column = text[i] == '\n' || text[i] == '\r' ? 0 : column + !is_continuation;
    }
    *expanded_size = count;
    return copy;
}

enum bamboo_status rule_parse_text(struct evaluation *evaluation, const char *text, size_t size,
                                   struct rule_item **out)
{
    struct rule_parser parser = {.evaluation = evaluation};
    if (!utf8_is_valid(text, size))
        return evaluation_refuse(evaluation, "the condition is not UTF-8");
    char *copy = expand_tabs(evaluation, text, size, &parser.scanner.size);
    enum bamboo_status status = evaluation_pay(evaluation, 1 + size);
    if (!copy || status != BAMBOO_OK) return evaluation->status;
    parser.scanner.base = copy;
    parser.scanner.wants_value = true;
    if (rule_scan_lex_init_extra(&parser.scanner, &parser.handle) != 0)
        return fail_memory(evaluation->error);
    rule_scan__scan_buffer(copy, parser.scanner.size + 2, parser.handle);
    int result = rule_parse(&parser);
    rule_scan_lex_destroy(parser.handle);
    if (result == 0) {
        *out = parser.result;
        return BAMBOO_OK;
    }
    return parser.status != BAMBOO_OK ? parser.status : fail_memory(evaluation->error);
}
