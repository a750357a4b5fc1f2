#include "compiler/shell_quoting.h"

static bool ends_quote(const struct shell_reader *reader, char character)
{
    return character == (reader->quote == '#' ? '\n' : reader->quote);
}

static void read_quoted(struct shell_reader *reader, char character)
{
    if (reader->escaped)
        reader->escaped = false;
    else if (character == '\\' && (reader->quote == '"' || reader->quote == '`'))
        reader->escaped = true;
    else if (ends_quote(reader, character))
        reader->quote = 0;
}

/* "<<" that is not "<<<" begins a here-document behind the end of the line. */
static void count_less_signs(struct shell_reader *reader, char character)
{
    if (character == '<') {
        reader->less_signs++;
        return;
    }
    if (reader->less_signs == 2) reader->heredoc_follows = true;
    reader->less_signs = 0;
}

static void read_bare(struct shell_reader *reader, char character)
{
    if (reader->escaped) {
        reader->escaped = false;
        reader->inside_word = true;
        return;
    }
    count_less_signs(reader, character);
    bool separates = character == ' ' || character == '\t' || character == '\n' ||
                     character == ';' || character == '&' || character == '|' || character == '(' ||
                     character == ')';
    if (character == '\\')
        reader->escaped = true;
    else if (character == '\'' || character == '"' || character == '`')
        reader->quote = character;
    else if (character == '#' && !reader->inside_word)
        reader->quote = '#';
    else if (character == '\n' && reader->heredoc_follows)
        reader->in_heredoc = true;
    reader->inside_word = !separates;
}

void shell_read(struct shell_reader *reader, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size && !reader->in_heredoc; i++) {
        if (reader->quote)
            read_quoted(reader, bytes[i]);
        else
            read_bare(reader, bytes[i]);
    }
}

void shell_read_value(struct shell_reader *reader)
{
    reader->escaped = false;
    reader->inside_word = true;
    reader->less_signs = 0;
}

const char *shell_refusal(const struct shell_reader *reader)
{
    if (reader->in_heredoc) return "in a here-document of the shell, or behind one";
    switch (reader->quote) {
    case '"': return "inside the shell's double quotes";
    case '\'': return "inside the shell's single quotes";
    case '`': return "inside the shell's backquotes";
    case '#': return "in a comment of the shell";
    default: break;
    }
    return reader->escaped ? "behind a backslash of the shell" : NULL;
}
