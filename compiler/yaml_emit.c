/* The text of a YAML document. Scalars get quotes where a reader of YAML 1.2, or an older one,
 * could take them for something else than a text. */
#include <string.h>

#include "base/duration.h"
#include "base/utf8.h"
#include "compiler/document_scalar.h"
#include "compiler/yaml_tree.h"

/* Columns of a line, and blanks of a level. */
#define WIDTH  100
#define INDENT 2
/* Bytes of a key that libyaml takes without a mark before it. */
#define KEY_SIZE_MAX 250

/* --- Scalars --- */

/* May the character stand in a text without being escaped? */
static bool is_printable(uint32_t code_point)
{
    return code_point >= ' ' && code_point != 0x7f && !(code_point >= 0x80 && code_point < 0xA0) &&
           code_point != 0x2028 && code_point != 0x2029 && code_point != 0xFEFF &&
           code_point != 0xFFFE && code_point != 0xFFFF;
}

/* Are all characters printable, or among `others`? */
static bool is_readable(const char *bytes, size_t size, const char *others)
{
    size_t step = 0;
    for (size_t i = 0; i < size; i += step) {
        uint32_t code_point = 0;
        step = utf8_decode(bytes + i, size - i, &code_point);
        if (step == 0) return false;
        bool is_other = bytes[i] != '\0' && strchr(others, bytes[i]);
        if (!is_other && !is_printable(code_point)) return false;
    }
    return true;
}

/* Would it be read as something else than a text? */
static bool is_ambiguous(const char *bytes, size_t size)
{
    static const char *const WORDS[] = {"yes", "Yes", "YES", "no",  "No",  "NO", "on",
                                        "On",  "ON",  "off", "Off", "OFF", "<<", "="};
    struct document_node node = {.text = bytes, .size = size};
    int64_t milliseconds;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strlen(WORDS[i]) == size && memcmp(WORDS[i], bytes, size) == 0) return true;
    return document_scalar_resolve(&node) != NULL || node.kind != DOCUMENT_STRING ||
           duration_parse(bytes, size, &milliseconds, NULL) == BAMBOO_OK;
}

static bool begins_plain(const char *bytes, size_t size)
{
    bool is_option = size > 1 && bytes[0] == '-' &&
                     (strchr("-/.$", bytes[1]) || (bytes[1] >= 'a' && bytes[1] <= 'z') ||
                      (bytes[1] >= 'A' && bytes[1] <= 'Z'));
    if (size >= 3 && (memcmp(bytes, "---", 3) == 0 || memcmp(bytes, "...", 3) == 0)) return false;
    return is_option || !strchr(" -?:,[]{}#&*!|>'\"%@`", bytes[0]);
}

static bool is_plain(const char *bytes, size_t size, bool is_in_brackets)
{
    if (size == 0 || strlen(bytes) != size || !begins_plain(bytes, size)) return false;
    if (bytes[size - 1] == ' ' || bytes[size - 1] == ':') return false;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == ':' && (is_in_brackets || bytes[i + 1] == ' ')) return false;
        if (bytes[i] == '#' && i > 0 && bytes[i - 1] == ' ') return false;
        if (is_in_brackets && strchr(",[]{}", bytes[i])) return false;
    }
    return is_readable(bytes, size, "") && !is_ambiguous(bytes, size);
}

static void append_double_quoted(struct text *out, const char *bytes, size_t size)
{
    size_t step = 0;
    text_append_character(out, '"');
    for (size_t i = 0; i < size; i += step) {
        uint32_t code_point = 0;
        step = utf8_decode(bytes + i, size - i, &code_point);
        if (step == 0) step = 1;
        if (bytes[i] == '"' || bytes[i] == '\\')
            text_append_format(out, "\\%c", bytes[i]);
        else if (bytes[i] == '\n')
            text_append_string(out, "\\n");
        else if (bytes[i] == '\t')
            text_append_string(out, "\\t");
        else if (is_printable(code_point))
            text_append(out, bytes + i, step);
        else
            text_append_format(out, code_point < 0x100 ? "\\x%02X" : "\\u%04X", code_point);
    }
    text_append_character(out, '"');
}

static void append_single_quoted(struct text *out, const char *bytes, size_t size)
{
    text_append_character(out, '\'');
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\'') text_append_character(out, '\'');
        text_append_character(out, bytes[i]);
    }
    text_append_character(out, '\'');
}

void yaml_emit_scalar(struct text *out, const char *bytes, size_t size, bool is_in_brackets)
{
    bool has_special = size > 0 && (memchr(bytes, '"', size) || memchr(bytes, '\\', size));
    if (is_plain(bytes, size, is_in_brackets))
        text_append(out, bytes, size);
    else if (has_special && is_readable(bytes, size, ""))
        append_single_quoted(out, bytes, size);
    else
        append_double_quoted(out, bytes, size);
}

/* --- Texts of several lines --- */

/* Can and should it stand as it is, a line below the other? */
static bool is_literal(const char *bytes, size_t size)
{
    bool has_word = false;
    for (size_t i = 0; i < size && !has_word; i++)
        has_word = !strchr(" \t\n", bytes[i]) && bytes[i] != '\0';
    return has_word && memchr(bytes, '\n', size) && is_readable(bytes, size, "\t\n");
}

static void append_blanks(struct text *out, unsigned count)
{
    while (count-- > 0)
        text_append_character(out, ' ');
}

static void append_literal(struct text *out, const char *bytes, size_t size, unsigned indent)
{
    bool ends_line = bytes[size - 1] == '\n';
    bool ends_empty = ends_line && size > 1 && bytes[size - 2] == '\n';
    text_append_character(out, '|');
    if (strchr(" \t\n", bytes[0])) text_append_format(out, "%d", INDENT);
    text_append_string(out, ends_empty ? "+\n" : ends_line ? "\n" : "-\n");
    for (const char *line = bytes, *end = bytes + size; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        if (stop > line) append_blanks(out, indent + INDENT);
        text_append(out, line, (size_t)(stop - line));
        text_append_character(out, '\n');
        line = newline ? newline + 1 : end;
    }
}

/* --- On one line --- */

/* Appends {a: b} or [a, b]; false if it does not fit on the line that begins at `line`, and then
 * what is appended is of no use. */
static bool emit_flow(struct text *out, const struct yaml_node *node, size_t line)
{
    if (node->kind == YAML_WORD || node->kind == YAML_TEXT) {
        if (node->kind == YAML_TEXT && is_literal(node->bytes, node->size)) return false;
        if (node->kind == YAML_WORD)
            text_append_string(out, node->bytes);
        else
            yaml_emit_scalar(out, node->bytes, node->size, true);
        return out->size - line <= WIDTH;
    }
    if (node->has_lines && node->first) return false;
    text_append_character(out, node->kind == YAML_MAP ? '{' : '[');
    for (const struct yaml_node *entry = node->first; entry; entry = entry->next) {
        if (entry != node->first) text_append_string(out, ", ");
        if (node->kind == YAML_MAP) {
            yaml_emit_scalar(out, entry->key, strlen(entry->key), true);
            text_append_string(out, ": ");
        }
        if (!emit_flow(out, entry, line)) return false;
    }
    text_append_character(out, node->kind == YAML_MAP ? '}' : ']');
    return out->size - line <= WIDTH;
}

/* --- On several --- */

static void emit_entries(struct text *out, const struct yaml_node *node, unsigned indent,
                         size_t line);

/* A value behind "key:" or "-", up to the end of its last line. `indent` is that of what it is in;
 * `line` is where the line begins. */
static void emit_value(struct text *out, const struct yaml_node *node, unsigned indent, size_t line,
                       bool is_element)
{
    size_t size = out->size;
    text_append_character(out, ' ');
    if (node->kind == YAML_TEXT && is_literal(node->bytes, node->size)) {
        append_literal(out, node->bytes, node->size, indent);
    } else if (node->kind == YAML_TEXT) {
        yaml_emit_scalar(out, node->bytes, node->size, false);
        text_append_character(out, '\n');
    } else if (node->kind == YAML_WORD || emit_flow(out, node, line)) {
        if (node->kind == YAML_WORD) text_append_string(out, node->bytes);
        text_append_character(out, '\n');
    } else if (!out->failed) {
        out->size = size;
        bool is_compact = is_element && node->kind == YAML_MAP;
        text_append_character(out, is_compact ? ' ' : '\n');
        if (!is_compact) append_blanks(out, indent + INDENT);
        emit_entries(out, node, indent + INDENT, is_compact ? line : out->size - (indent + INDENT));
    }
}

static void emit_key(struct text *out, const char *key, unsigned indent)
{
    size_t size = strlen(key);
    if (size > KEY_SIZE_MAX) text_append_string(out, "? ");
    yaml_emit_scalar(out, key, size, false);
    if (size > KEY_SIZE_MAX) {
        text_append_character(out, '\n');
        append_blanks(out, indent);
    }
    text_append_character(out, ':');
}

/* All entries of a list or map; the first one stands where the text ends. */
static void emit_entries(struct text *out, const struct yaml_node *node, unsigned indent,
                         size_t line)
{
    for (const struct yaml_node *entry = node->first; entry; entry = entry->next) {
        if (entry != node->first) {
            line = out->size;
            append_blanks(out, indent);
        }
        if (node->kind == YAML_MAP)
            emit_key(out, entry->key, indent);
        else
            text_append_character(out, '-');
        emit_value(out, entry, indent, line, node->kind == YAML_LIST);
    }
}

void yaml_emit(const struct yaml_node *root, struct text *out)
{
    if (root->first)
        emit_entries(out, root, 0, out->size);
    else
        text_append_string(out, root->kind == YAML_MAP ? "{}\n" : "[]\n");
}
