/* Nodes of expressions, and what their literals mean. */
#include <string.h>

#include "base/utf8.h"
#include "template/convert.h"
#include "template/expression_parser.h"
#include "template/expression_scanner.h"
#include "template/expression_tree.h"

int expression_lex(EXPRESSION_STYPE *value, struct expression_parser *parser);

int expression_lex(EXPRESSION_STYPE *value, struct expression_parser *parser)
{
    int kind = expression_scan_lex(parser->handle);
    value->lexeme = (struct lexeme){parser->scanner.base + parser->scanner.start,
                                    parser->scanner.end - parser->scanner.start};
    return kind;
}

struct node *expression_node(struct expression_parser *parser, enum node_kind kind,
                             struct node *first, struct node *second, struct node *third)
{
    struct node *node = evaluation_allocate(parser->evaluation, 1, sizeof *node);
    if (!node) return NULL;
    node->kind = kind;
    node->first = first;
    node->second = second;
    node->third = third;
    return node;
}

struct node *expression_binary(struct expression_parser *parser, enum binary sign,
                               struct node *first, struct node *second)
{
    struct node *node = expression_node(parser, NODE_BINARY, first, second, NULL);
    if (node) node->sign = (int)sign;
    return node;
}

struct node *expression_operator(struct expression_parser *parser, enum node_kind kind, int sign,
                                 struct node *first)
{
    struct node *node = expression_node(parser, kind, first, NULL, NULL);
    if (node) node->sign = (int)sign;
    return node;
}

struct node *expression_named(struct expression_parser *parser, enum node_kind kind,
                              struct lexeme name, struct node *first)
{
    struct node *node = expression_node(parser, kind, first, NULL, NULL);
    char *copy = evaluation_allocate(parser->evaluation, name.size + 1, 1);
    if (!node || !copy) return NULL;
    memcpy(copy, name.bytes, name.size);
    node->name = copy;
    node->name_size = name.size;
    return node;
}

struct node *expression_with_items(struct expression_parser *parser, enum node_kind kind,
                                   struct node *first, struct node_list items)
{
    struct node *node = expression_node(parser, kind, first, NULL, NULL);
    if (node) node->items = items.first;
    return node;
}

struct node *expression_list(struct expression_parser *parser, enum node_kind kind,
                             struct node_list items)
{
    return expression_with_items(parser, kind, NULL, items);
}

struct node *expression_literal(struct expression_parser *parser, struct object literal)
{
    struct node *node = expression_node(parser, NODE_LITERAL, NULL, NULL, NULL);
    if (node) node->literal = literal;
    return node;
}

struct node *expression_number(struct expression_parser *parser, struct lexeme lexeme)
{
    struct object number = object_none();
    if (number_from_source(parser->evaluation, lexeme.bytes, lexeme.size, &number) != BAMBOO_OK)
        return NULL;
    return expression_literal(parser, number);
}

/* --- texts --- */

/* What stands between the quotes. */
struct quoted {
    const char *at;
    const char *end;
    bool is_raw;
};

static struct quoted unquote(struct lexeme lexeme)
{
    struct quoted quoted = {lexeme.bytes, lexeme.bytes + lexeme.size, false};
    for (; *quoted.at != '"' && *quoted.at != '\''; quoted.at++)
        if (*quoted.at == 'r' || *quoted.at == 'R') quoted.is_raw = true;
    size_t size = (size_t)(quoted.end - quoted.at);
    bool is_triple = size >= 6 && quoted.at[1] == quoted.at[0] && quoted.at[2] == quoted.at[0];
    quoted.at += is_triple ? 3 : 1;
    quoted.end -= is_triple ? 3 : 1;
    return quoted;
}

static int digit_of(char character)
{
    if (character >= '0' && character <= '9') return character - '0';
    if (character >= 'a' && character <= 'f') return character - 'a' + 10;
    if (character >= 'A' && character <= 'F') return character - 'A' + 10;
    return 16;
}

/* Up to `count` digits of a base. Returns how many there are. */
static size_t read_digits(const struct quoted *quoted, size_t count, int base, uint32_t *out)
{
    size_t size = 0;
    *out = 0;
    while (size < count && quoted->at + size < quoted->end && digit_of(quoted->at[size]) < base) {
        *out = *out * (uint32_t)base + (uint32_t)digit_of(quoted->at[size]);
        size++;
    }
    return size;
}

static const char *simple_escape(char letter)
{
    switch (letter) {
    case '\n': return "";
    case '\\': return "\\";
    case '\'': return "'";
    case '"': return "\"";
    case 'a': return "\a";
    case 'b': return "\b";
    case 'f': return "\f";
    case 'n': return "\n";
    case 'r': return "\r";
    case 't': return "\t";
    case 'v': return "\v";
    default: return NULL;
    }
}

/* The escape behind a backslash, which quoted->at is behind. Returns bytes written to `out`, or
 * SIZE_MAX if it is none that Python takes. An unknown one stays as it is written. */
static size_t read_escape(struct quoted *quoted, char *out)
{
    char letter = *quoted->at;
    const char *simple = simple_escape(letter);
    uint32_t character;
    if (simple) {
        quoted->at++;
        out[0] = simple[0];
        return simple[0] != '\0'; /* a newline is left out */
    }
    size_t digits = letter == 'x' ? 2 : (letter == 'u' ? 4 : (letter == 'U' ? 8 : 0));
    if (digits > 0) {
        quoted->at++;
        if (read_digits(quoted, digits, 16, &character) < digits) return SIZE_MAX;
    } else if ((digits = read_digits(quoted, 3, 8, &character)) == 0) {
        out[0] = '\\';
        return letter == 'N' ? SIZE_MAX : 1;
    }
    quoted->at += digits;
    size_t size = utf8_encode(character, out);
    return size > 0 ? size : SIZE_MAX;
}

/* Writes the text to `out`, which has room for the lexeme. SIZE_MAX: it is no text. */
static size_t read_text(struct quoted quoted, char *out)
{
    size_t size = 0;
    while (quoted.at < quoted.end) {
        if (*quoted.at != '\\' || quoted.is_raw) {
            out[size++] = *quoted.at++;
            continue;
        }
        quoted.at++;
        size_t written = read_escape(&quoted, out + size);
        if (written == SIZE_MAX) return SIZE_MAX;
        size += written;
    }
    return size;
}

struct node *expression_text(struct expression_parser *parser, struct node *before,
                             struct lexeme lexeme)
{
    const struct text_object *joined = before ? before->literal.as.text : NULL;
    size_t start = joined ? joined->size : 0;
    /* \ooo may become two bytes, all others become shorter than they are written. */
    char *bytes = evaluation_allocate(parser->evaluation, start + lexeme.size + 4, 1);
    if (!bytes) return NULL;
    if (start > 0) memcpy(bytes, joined->bytes, start);
    size_t size = read_text(unquote(lexeme), bytes + start);
    struct object text = object_none();
    if (size == SIZE_MAX || object_borrow_text(parser->evaluation, bytes, start + size, &text))
        return NULL;
    return expression_literal(parser, text);
}
