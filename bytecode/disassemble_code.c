/* Instructions of a listing. */
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "base/value.h"
#include "bytecode/disassemble.h"
#include "bytecode/listing.h"

/* Bytes of a constant or of a source line that are shown; the rest is "...". */
#define SHOWN_SIZE_MAX 100

/* Appends what is shown of a text, without half a character at its end. */
static void append_cut(struct text *out, const char *bytes, size_t size)
{
    size_t shown = size;
    if (shown > SHOWN_SIZE_MAX) {
        shown = SHOWN_SIZE_MAX;
        while (shown > 0 && ((unsigned char)bytes[shown] & 0xC0u) == 0x80u)
            shown--;
    }
    text_append(out, bytes, shown);
    if (shown < size) text_append_string(out, "...");
}

void listing_append_value(struct text *out, struct bamboo_value value)
{
    struct text whole = {0};
    if (value.type == BAMBOO_DURATION)
        value_append_text(&whole, value);
    else
        json_append(&whole, value, 0);
    append_cut(out, text_string(&whole), whole.size);
    out->failed = out->failed || whole.failed;
    text_release(&whole);
}

static bool is_plain(const char *name)
{
    for (; *name; name++)
        if ((unsigned char)*name <= ' ' || *name == '"' || *name == 0x7F) return false;
    return true;
}

void listing_append_name(const struct program *program, uint32_t name, struct text *out)
{
    const char *bytes = program_name(program, name);
    if (*bytes && is_plain(bytes))
        text_append_string(out, bytes);
    else if (name != IMAGE_NONE)
        listing_append_value(out, program->constants[name]);
}

static void append_node(const struct program *program, uint32_t node, struct text *out)
{
    listing_append_name(program, program->nodes[node].name, out);
}

static void append_flow(const struct program *program, uint32_t flow, struct text *out)
{
    append_node(program, program->flows[flow].source, out);
    text_append_string(out, "->");
    append_node(program, program->flows[flow].target, out);
}

/* The node whose code has `pc`: code lies in the order of the nodes. */
static uint32_t node_at(const struct program *program, uint32_t pc)
{
    uint32_t low = 0;
    uint32_t high = program->node_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (program->nodes[middle].entry <= pc)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void append_variable(const struct program *program, uint32_t pc, uint32_t variable,
                            struct text *out)
{
    uint32_t first = 0;
    if (program->node_count > 0)
        first = program_pipeline_of(program, node_at(program, pc))->first_variable;
    listing_append_name(program, program->variables[first + variable].name, out);
}

static void append_call(const struct program *program, uint32_t operand, struct text *out)
{
    listing_append_name(program, program->functions[operand >> 8].name, out);
    text_append_format(out, "/%u", operand & 0xFF);
}

static void append_operand(const struct program *program, uint32_t pc, enum operand_kind kind,
                           struct text *out)
{
    uint32_t operand = instruction_operand(program->code[pc]);
    switch (kind) {
    case OPERAND_NONE:
    case OPERAND_KIND_COUNT: break;
    case OPERAND_CONSTANT:
    case OPERAND_STRING: listing_append_value(out, program->constants[operand]); break;
    case OPERAND_VARIABLE: append_variable(program, pc, operand, out); break;
    case OPERAND_NODE: append_node(program, operand, out); break;
    case OPERAND_FLOW: append_flow(program, operand, out); break;
    case OPERAND_LOCAL:
    case OPERAND_TARGET:
    case OPERAND_COUNT:
    case OPERAND_PAIRS: text_append_format(out, "%u", operand); break;
    case OPERAND_CALL: append_call(program, operand, out); break;
    case OPERAND_COMPONENT:
        listing_append_name(program, program->components[operand].name, out);
        break;
    case OPERAND_PIPELINE:
        listing_append_name(program, program->pipelines[operand].name, out);
        break;
    }
}

/* Operands begin in the same column if `name_width` is that of the longest name. */
static void append_instruction(const struct program *program, uint32_t pc, int name_width,
                               struct text *out)
{
    const struct instruction_info *info =
        instruction_info(instruction_opcode(program->code[pc])); /* verified: never NULL */
    if (info->operand == OPERAND_NONE) {
        text_append_string(out, info->name);
        return;
    }
    text_append_format(out, "%-*s ", name_width, info->name);
    append_operand(program, pc, info->operand, out);
}

void disassemble_instruction(const struct program *program, uint32_t pc, struct text *out)
{
    append_instruction(program, pc, 0, out);
}

/* --- with their sources --- */

bool listing_init(struct listing *listing, const struct program *program, struct text *out)
{
    *listing = (struct listing){.program = program, .out = out, .last_source = IMAGE_NONE};
    if (!source_lines_init(&listing->lines, program)) return false;
    listing->is_target = memory_allocate_zeroed(program->code_count, sizeof *listing->is_target);
    if (!listing->is_target) return false;
    for (uint32_t pc = 0; pc < program->code_count; pc++) {
        const struct instruction_info *info =
            instruction_info(instruction_opcode(program->code[pc]));
        if (info->operand == OPERAND_TARGET)
            listing->is_target[instruction_operand(program->code[pc])] = true;
    }
    return true;
}

void listing_release(struct listing *listing)
{
    source_lines_release(&listing->lines);
    memory_free(listing->is_target);
    *listing = (struct listing){0};
}

static void append_line_text(struct listing *listing, const char *text, size_t size)
{
    while (size > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        size--;
    }
    size_t before = listing->out->size;
    append_cut(listing->out, text, size);
    if (listing->out->size > before)
        utf8_sanitize(listing->out->bytes + before, listing->out->size - before);
}

/* "; line 12: build = shell(...)", when the line is another one than before. */
static void append_place(struct listing *listing, uint32_t pc)
{
    const struct program *program = listing->program;
    const struct image_line *row = program_line(program, pc);
    const char *text = "";
    size_t size = 0;
    if (!row) return;
    uint32_t line = source_lines_find(&listing->lines, row->source, row->offset, &text, &size);
    uint32_t place = line ? line : row->offset;
    if (row->source == listing->last_source && place == listing->last_place) return;
    listing->last_source = row->source;
    listing->last_place = place;

    text_append_string(listing->out, "        ; ");
    if (program->source_count > 1 || !line) {
        listing_append_name(program, program->sources[row->source].name, listing->out);
        text_append_string(listing->out, ", ");
    }
    if (line) {
        text_append_format(listing->out, "line %u: ", line);
        append_line_text(listing, text, size);
    } else {
        text_append_format(listing->out, "byte %u", row->offset);
    }
    text_append_character(listing->out, '\n');
}

void listing_append_code(struct listing *listing, uint32_t first, uint32_t end)
{
    for (uint32_t pc = first; pc < end; pc++) {
        append_place(listing, pc);
        text_append_format(listing->out, "%6u%s ", pc, listing->is_target[pc] ? ">" : " ");
        append_instruction(listing->program, pc, LISTING_NAME_WIDTH, listing->out);
        text_append_character(listing->out, '\n');
    }
}
