/* Texts and names as source: what text_literal.h reads back. */
#ifndef GRAMMAR_WRITE_TEXT_H
#define GRAMMAR_WRITE_TEXT_H

#include "grammar/ast.h"
#include "grammar/write.h"

/* Where a text stands: one of several lines would not be read inside the splice of another. */
enum text_place { TEXT_ANYWHERE, TEXT_ON_ONE_LINE };

/* A text in the quotes that fit it best. */
void write_text_literal(struct flow_writer *writer, const char *bytes, size_t size,
                        enum text_place place);

/* A TEXT: its literals and splices. */
void write_text_parts(struct flow_writer *writer, const struct ast_expression *text,
                      enum text_place place);

/* t"..." or b"...": `${` is nothing special in it. */
void write_prefixed_text(struct flow_writer *writer, char prefix, const char *bytes, size_t size);

/* A name, in backquotes if it needs them, or if it was written so. */
void write_name(struct flow_writer *writer, struct ast_name name);
/* The same where it makes no difference how it was written: for what is declared. */
void write_id(struct flow_writer *writer, const char *bytes);
/* The key of a variable of a context: "${x}" is written x. */
void write_key(struct flow_writer *writer, const char *bytes);

/* May these bytes stand as a name without backquotes? `is_declared`: where words of the language
 * cannot. */
bool text_is_word(const char *bytes, bool is_declared);

/* The x of a key "${x}", if x can be written without backquotes; size 0 otherwise. */
struct word {
    const char *bytes;
    size_t size;
};
struct word key_word(const char *key);

#endif
