/* A pattern becomes states of a machine, each of which reads a character or goes on at one or two
 * others; offsets are relative, so that a part can be moved and copied. Matching follows all ways
 * at once (Thompson). */
#include "base/pattern.h"

#include "base/memory.h"
#include "base/pattern_states.h"
#include "base/utf8.h"

struct pattern {
    struct pattern_states states;
    /* The states that the text read so far leads to, and those after one more character. */
    uint32_t *now;
    uint32_t *next;
    uint64_t *added_at; /* by state: the position (+ 1) for which it was added last */
    size_t now_count;
    size_t next_count;
};

enum bamboo_status pattern_compile(const char *bytes, size_t size, struct pattern **out,
                                   struct bamboo_error *error)
{
    struct pattern *pattern = memory_allocate_zeroed(1, sizeof *pattern);
    if (!pattern) return fail_memory(error);
    enum bamboo_status status = pattern_read(bytes, size, &pattern->states, error);
    if (status == BAMBOO_OK) {
        size_t count = pattern->states.count;
        pattern->now = memory_allocate_zeroed(count, sizeof *pattern->now);
        pattern->next = memory_allocate_zeroed(count, sizeof *pattern->next);
        pattern->added_at = memory_allocate_zeroed(count, sizeof *pattern->added_at);
        if (!pattern->now || !pattern->next || !pattern->added_at) status = fail_memory(error);
    }
    if (status == BAMBOO_OK)
        *out = pattern;
    else
        pattern_destroy(pattern);
    return status;
}

void pattern_destroy(struct pattern *pattern)
{
    if (!pattern) return;
    pattern_states_release(&pattern->states);
    memory_free(pattern->now);
    memory_free(pattern->next);
    memory_free(pattern->added_at);
    memory_free(pattern);
}

/* Adds a state, and those that it leads to without a character, for the position `at`; true: the
 * end is among them. The depth is at most the number of states. */
static bool add_state(struct pattern *pattern, size_t index, size_t at, size_t size)
{
    for (;;) {
        const struct pattern_state *state = &pattern->states.items[index];
        if (pattern->added_at[index] == at + 1) return false;
        pattern->added_at[index] = at + 1;
        switch (state->operation) {
        case PATTERN_DONE: return true;
        case PATTERN_AT_START:
            if (at > 0) return false;
            index++;
            break;
        case PATTERN_AT_END:
            if (at < size) return false;
            index++;
            break;
        case PATTERN_SPLIT:
            if (add_state(pattern, index + (size_t)state->second, at, size)) return true;
            index += (size_t)state->first;
            break;
        case PATTERN_JUMP: index += (size_t)state->first; break;
        case PATTERN_CHARACTER:
        case PATTERN_ANY:
        case PATTERN_SET: pattern->next[pattern->next_count++] = (uint32_t)index; return false;
        }
    }
}

static bool reads(const struct pattern_states *states, const struct pattern_state *state,
                  uint32_t code_point)
{
    if (state->operation == PATTERN_ANY) return true;
    if (state->operation == PATTERN_CHARACTER) return (uint32_t)state->first == code_point;
    for (int32_t i = 0; i < state->second; i++) {
        const struct pattern_range *range = &states->ranges[state->first + i];
        if (code_point >= range->first && code_point <= range->last) return !state->negated;
    }
    return state->negated;
}

static void swap_sets(struct pattern *pattern)
{
    uint32_t *swap = pattern->now;
    pattern->now = pattern->next;
    pattern->next = swap;
    pattern->now_count = pattern->next_count;
    pattern->next_count = 0;
}

enum bamboo_status pattern_occurs(struct pattern *pattern, const char *bytes, size_t size,
                                  bool *out, struct bamboo_error *error)
{
    for (size_t i = 0; i < pattern->states.count; i++)
        pattern->added_at[i] = 0;
    pattern->next_count = 0;
    *out = false;
    uint64_t work = 0, work_max = (uint64_t)size * PATTERN_WORK_PER_BYTE + PATTERN_WORK_FREE;
    for (size_t at = 0; !*out;) {
        *out = add_state(pattern, 0, at, size); /* it may begin anywhere */
        if (at >= size) break;
        swap_sets(pattern);
        if ((work += pattern->now_count + 1) > work_max)
            return fail(error, BAMBOO_E_LIMIT,
                        "the pattern is too large for so long a text: too many ways to match");
        uint32_t code_point = 0;
        size_t width = utf8_decode(bytes + at, size - at, &code_point);
        at += width > 0 ? width : 1;
        for (size_t i = 0; i < pattern->now_count && !*out; i++) {
            uint32_t index = pattern->now[i];
            if (reads(&pattern->states, &pattern->states.items[index], code_point))
                *out = add_state(pattern, index + 1, at, size);
        }
    }
    return BAMBOO_OK;
}
