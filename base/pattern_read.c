/* Reading a pattern: recursive descent, each part appended as states. A failure sticks; reading
 * then goes on at the end of the pattern, so that nothing has to ask. */
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "base/pattern_states.h"
#include "base/text.h"
#include "base/utf8.h"

#define REPEAT_MAX 1000
#define FOR_EVER   (-1)

struct pattern_reader {
    const char *at;
    const char *end;
    unsigned depth;
    struct pattern_states *states;
    enum bamboo_status status;
    struct bamboo_error *error;
};

static void read_choice(struct pattern_reader *reader);

static void stop(struct pattern_reader *reader, enum bamboo_status status)
{
    if (reader->status == BAMBOO_OK) reader->status = status;
    reader->at = reader->end;
}

static void refuse(struct pattern_reader *reader, const char *why)
{
    if (reader->status == BAMBOO_OK)
        stop(reader, fail(reader->error, BAMBOO_E_EVALUATION, "%s", why));
}

static bool next_is(const struct pattern_reader *reader, char character)
{
    return reader->at < reader->end && *reader->at == character;
}

static bool take(struct pattern_reader *reader, char character)
{
    if (!next_is(reader, character)) return false;
    reader->at++;
    return true;
}

static uint32_t take_code_point(struct pattern_reader *reader)
{
    uint32_t code_point = 0;
    size_t width = utf8_decode(reader->at, (size_t)(reader->end - reader->at), &code_point);
    if (width == 0) {
        refuse(reader, "the pattern is not UTF-8");
        return 0;
    }
    reader->at += width;
    return code_point;
}

/* --- States --- */

/* Puts a state at `index`, before those that are there already. */
static void insert(struct pattern_reader *reader, size_t index, struct pattern_state state)
{
    struct pattern_states *states = reader->states;
    if (reader->status != BAMBOO_OK) return;
    if (states->count == PATTERN_STATE_MAX) {
        stop(reader, fail(reader->error, BAMBOO_E_LIMIT,
                          "the pattern is too large: its repetitions make more than %d states",
                          PATTERN_STATE_MAX));
        return;
    }
    if (!memory_grow((void **)&states->items, &states->capacity, states->count + 1,
                     sizeof *states->items)) {
        stop(reader, fail_memory(reader->error));
        return;
    }
    memmove(states->items + index + 1, states->items + index,
            (states->count - index) * sizeof *states->items);
    states->items[index] = state;
    states->count++;
}

static void append(struct pattern_reader *reader, enum pattern_operation operation, size_t first,
                   size_t second)
{
    insert(reader, reader->states->count,
           (struct pattern_state){operation, false, (int32_t)first, (int32_t)second});
}

static void append_copy(struct pattern_reader *reader, size_t start, size_t count)
{
    for (size_t i = 0; i < count && reader->status == BAMBOO_OK; i++)
        insert(reader, reader->states->count, reader->states->items[start + i]);
}

/* Makes the states from `start` on optional. */
static void make_optional(struct pattern_reader *reader, size_t start)
{
    int32_t over = (int32_t)(reader->states->count - start) + 1;
    insert(reader, start, (struct pattern_state){PATTERN_SPLIT, false, 1, over});
}

/* Makes the last `count` states repeat, once at least. */
static void make_repeat(struct pattern_reader *reader, size_t count)
{
    append(reader, PATTERN_SPLIT, (size_t)0 - count, 1);
}

/* --- Sets --- */

static void append_range(struct pattern_reader *reader, uint32_t first, uint32_t last)
{
    struct pattern_states *states = reader->states;
    if (!memory_grow((void **)&states->ranges, &states->range_capacity, states->range_count + 1,
                     sizeof *states->ranges)) {
        stop(reader, fail_memory(reader->error));
        return;
    }
    states->ranges[states->range_count++] = (struct pattern_range){first, last};
}

struct character_class {
    const char *name;
    const char *ranges; /* pairs of first and last */
};

static const struct character_class CLASSES[] = {
    {"alnum", "09AZaz"},   {"alpha", "AZaz"},   {"blank", "  \t\t"}, {"cntrl", "\1\37\177\177"},
    {"digit", "09"},       {"graph", "!~"},     {"lower", "az"},     {"print", " ~"},
    {"punct", "!/:@[`{~"}, {"space", "\t\r  "}, {"upper", "AZ"},     {"xdigit", "09AFaf"},
    {"word", "09AZaz__"}, /* for \w; not POSIX */
};

static bool append_class(struct pattern_reader *reader, const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof CLASSES / sizeof *CLASSES; i++) {
        if (strlen(CLASSES[i].name) != size || memcmp(CLASSES[i].name, name, size) != 0) continue;
        for (const char *range = CLASSES[i].ranges; *range; range += 2)
            append_range(reader, (uint8_t)range[0], (uint8_t)range[1]);
        return true;
    }
    return false;
}

/* "[:digit:]" inside a set; the '[' is read. */
static void read_class(struct pattern_reader *reader)
{
    const char *name = ++reader->at;
    while (reader->at < reader->end && *reader->at >= 'a' && *reader->at <= 'z')
        reader->at++;
    size_t size = (size_t)(reader->at - name);
    if (!append_class(reader, name, size) || !take(reader, ':') || !take(reader, ']'))
        refuse(reader, "[: stands before the name of a class of characters, as in [[:digit:]]");
}

static void read_set_member(struct pattern_reader *reader)
{
    bool opens = take(reader, '[');
    if (opens && next_is(reader, ':')) {
        read_class(reader);
        return;
    }
    if (opens && (next_is(reader, '.') || next_is(reader, '='))) {
        refuse(reader, "[. and [= are not supported in a set");
        return;
    }
    uint32_t first = opens ? '[' : take_code_point(reader), last = first;
    if (reader->end - reader->at >= 2 && *reader->at == '-' && reader->at[1] != ']') {
        reader->at++;
        last = take_code_point(reader);
    }
    if (last < first)
        refuse(reader, "a range in a set goes downwards: write [a-z], not [z-a]");
    else
        append_range(reader, first, last);
}

static void read_set(struct pattern_reader *reader)
{
    size_t start = reader->states->range_count;
    bool negated = take(reader, '^');
    do { /* a ']' at the beginning means itself */
        if (reader->at == reader->end) {
            refuse(reader, "a '[' has no ']'; write \\[ for the character itself");
            return;
        }
        read_set_member(reader);
    } while (!take(reader, ']'));
    append(reader, PATTERN_SET, start, reader->states->range_count - start);
    if (reader->status == BAMBOO_OK)
        reader->states->items[reader->states->count - 1].negated = negated;
}

/* --- Atoms --- */

static void append_shorthand(struct pattern_reader *reader, const char *name, bool negated)
{
    size_t start = reader->states->range_count;
    (void)append_class(reader, name, strlen(name));
    append(reader, PATTERN_SET, start, reader->states->range_count - start);
    if (reader->status == BAMBOO_OK)
        reader->states->items[reader->states->count - 1].negated = negated;
}

static void read_escape(struct pattern_reader *reader)
{
    if (reader->at == reader->end) {
        refuse(reader, "the pattern ends with a '\\'; write \\\\ for the character itself");
        return;
    }
    uint32_t code_point = take_code_point(reader);
    switch (code_point) {
    case 'd':
    case 'D': append_shorthand(reader, "digit", code_point == 'D'); return;
    case 's':
    case 'S': append_shorthand(reader, "space", code_point == 'S'); return;
    case 'w':
    case 'W': append_shorthand(reader, "word", code_point == 'W'); return;
    case 'n': append(reader, PATTERN_CHARACTER, '\n', 0); return;
    case 't': append(reader, PATTERN_CHARACTER, '\t', 0); return;
    case 'r': append(reader, PATTERN_CHARACTER, '\r', 0); return;
    default: break;
    }
    if (code_point < 0x80 && strchr(".[]()*+?{}|^$\\/\"'-,:;<>=!@#%&~` _", (int)code_point))
        append(reader, PATTERN_CHARACTER, code_point, 0);
    else if (code_point >= '1' && code_point <= '9')
        refuse(reader, "a pattern cannot refer back to a group, as \\1 would");
    else
        refuse(reader, "a '\\' stands before d, w, s, D, W, S, n, t, r or a sign that is meant "
                       "itself");
}

static void read_group(struct pattern_reader *reader)
{
    if (++reader->depth > PATTERN_DEPTH_MAX) {
        stop(reader,
             fail(reader->error, BAMBOO_E_LIMIT,
                  "the pattern has more than %d groups inside each other", PATTERN_DEPTH_MAX));
        return;
    }
    if (next_is(reader, '?')) refuse(reader, "a group has no options, as (?...) would");
    read_choice(reader);
    if (!take(reader, ')')) refuse(reader, "a '(' has no ')'; write \\( for the character itself");
    reader->depth--;
}

static void read_atom(struct pattern_reader *reader)
{
    switch (*reader->at) {
    case '.': append(reader, PATTERN_ANY, 0, 0); break;
    case '^': append(reader, PATTERN_AT_START, 0, 0); break;
    case '$': append(reader, PATTERN_AT_END, 0, 0); break;
    case '\\':
        reader->at++;
        read_escape(reader);
        return;
    case '[':
        reader->at++;
        read_set(reader);
        return;
    case '(':
        reader->at++;
        read_group(reader);
        return;
    case '*':
    case '+':
    case '?':
    case '{':
        refuse(reader, "a '*', '+', '?' or '{' has nothing before it to repeat; write \\* for the "
                       "character itself");
        return;
    default: append(reader, PATTERN_CHARACTER, take_code_point(reader), 0); return;
    }
    reader->at++;
}

/* --- Repetitions --- */

/* -1: no digit here. */
static int read_count(struct pattern_reader *reader)
{
    int count = -1;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
        count = (count < 0 ? 0 : count) * 10 + (*reader->at++ - '0');
        if (count > REPEAT_MAX) count = REPEAT_MAX + 1;
    }
    return count;
}

/* Repeats the states from `start` on, `least` to `most` times. */
static void repeat(struct pattern_reader *reader, size_t start, int least, int most)
{
    size_t count = reader->states->count - start;
    if (most == 0) {
        reader->states->count = start;
        return;
    }
    for (int i = 1; i < least; i++)
        append_copy(reader, start, count);
    if (most == FOR_EVER) make_repeat(reader, count);
    if (least == 0) {
        make_optional(reader, start);
        start++; /* where the part itself now is */
        least = 1;
    }
    for (int i = least; i < most && reader->status == BAMBOO_OK; i++) {
        append(reader, PATTERN_SPLIT, 1, count + 1);
        append_copy(reader, start, count);
    }
}

static void read_bounds(struct pattern_reader *reader, size_t start)
{
    int least = read_count(reader), most = least;
    if (take(reader, ','))
        most = read_count(reader);
    else if (least < 0)
        most = -2; /* "{}" */
    if (!take(reader, '}') || most == -2 || (least < 0 && most < 0)) {
        refuse(reader, "a '{' stands before numbers, as in {2}, {2,} or {2,5}; write \\{ for the "
                       "character itself");
        return;
    }
    least = least < 0 ? 0 : least;
    if (least > REPEAT_MAX || most > REPEAT_MAX)
        refuse(reader, "a pattern repeats a part at most 1000 times");
    else if (most != FOR_EVER && most < least)
        refuse(reader, "a repetition's second number is smaller than its first");
    else
        repeat(reader, start, least, most);
}

static void read_sequence(struct pattern_reader *reader)
{
    while (reader->at < reader->end && *reader->at != '|' && *reader->at != ')') {
        size_t start = reader->states->count;
        read_atom(reader);
        while (reader->at < reader->end && strchr("*+?{", *reader->at) && *reader->at) {
            switch (*reader->at++) {
            case '*': repeat(reader, start, 0, FOR_EVER); break;
            case '+': repeat(reader, start, 1, FOR_EVER); break;
            case '?': repeat(reader, start, 0, 1); break;
            default: read_bounds(reader, start); break;
            }
        }
    }
}

static void read_choice(struct pattern_reader *reader)
{
    size_t start = reader->states->count;
    read_sequence(reader);
    while (take(reader, '|')) {
        append(reader, PATTERN_JUMP, 0, 0);
        make_optional(reader, start); /* goes on behind the jump, or here */
        size_t jump = reader->states->count - 1;
        read_sequence(reader);
        if (reader->status == BAMBOO_OK)
            reader->states->items[jump].first = (int32_t)(reader->states->count - jump);
    }
}

enum bamboo_status pattern_read(const char *bytes, size_t size, struct pattern_states *out,
                                struct bamboo_error *error)
{
    struct pattern_reader reader = {
        .at = bytes, .end = bytes + size, .states = out, .error = error};
    if (size > PATTERN_SIZE_MAX)
        return fail(error, BAMBOO_E_LIMIT, "the pattern has more than %d bytes", PATTERN_SIZE_MAX);
    read_choice(&reader);
    if (take(&reader, ')')) refuse(&reader, "a ')' has no '('; write \\) for the character itself");
    append(&reader, PATTERN_DONE, 0, 0);
    return reader.status;
}

void pattern_states_release(struct pattern_states *states)
{
    memory_free(states->items);
    memory_free(states->ranges);
    *states = (struct pattern_states){0};
}
