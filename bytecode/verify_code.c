/* Instructions: each is well formed and fits the node it is in (rules 30 to 34), and the operand
 * stack has one depth at each, on every way (rules 35 to 39). */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/memory.h"
#include "bytecode/verify.h"

/* Where an instruction may stand: a bit for each kind of node, and two for images without nodes. */
#define IN(kind)      (1u << NODE_KIND_##kind)
#define IN_NODES      ((1u << NODE_KIND_COUNT) - 1)
#define IN_EXPRESSION (1u << NODE_KIND_COUNT)
#define IN_CONTROL    (1u << (NODE_KIND_COUNT + 1))
#define WITH_CONTEXT  (1u << 31) /* and only if the pipeline has one */

/* Rule 32. */
static const uint32_t PLACES[] = {
#define PLACES(name, bits, meaning) [PLACES_##name] = (bits),
#include "bytecode/places.def"
#undef PLACES
};

/* What is known of the way to an instruction: the depth of the stack there, and whether the node
 * has been executed. 0 is "not reached". */
typedef uint16_t way;
static_assert(2 * (STACK_DEPTH_MAX + 1) <= UINT16_MAX, "a way fits");

static way way_of(uint32_t depth, bool executed)
{
    return (way)(2 * depth + executed + 1);
}

/* The code of a node, or all of an image without nodes. */
struct unit {
    uint32_t first, end;
    uint32_t place;                        /* one of the bits above */
    uint32_t node;                         /* or IMAGE_NONE */
    const struct image_node *row;          /* or NULL */
    const struct image_pipeline *pipeline; /* or NULL */
};

struct code_check {
    const struct verifier *verifier;
    struct program *program;
    way *ways;         /* by instruction */
    uint32_t *pending; /* reached, and not followed yet: each instruction at most once */
    uint32_t pending_count;
    struct unit unit;
    uint32_t assigned; /* behind the last ASSIGN of the unit so far, or its first instruction */
};

BAMBOO_FORMAT(3, 4)
static enum bamboo_status refuse_at(const struct code_check *check, uint32_t pc, const char *format,
                                    ...)
{
    char detail[256];
    va_list arguments;
    const struct instruction_info *info =
        instruction_info(instruction_opcode(check->program->code[pc]));
    va_start(arguments, format);
    if (vsnprintf(detail, sizeof detail, format, arguments) < 0) detail[0] = '\0';
    va_end(arguments);
    const char *name = info ? info->name : "?";
    if (check->unit.node == IMAGE_NONE)
        return refuse(check->verifier, "instruction %u (%s): %s", pc, name, detail);
    return refuse_node(check->verifier, check->unit.node, "instruction %u (%s): %s", pc, name,
                       detail);
}

/* --- each instruction by itself --- */

static enum bamboo_status check_index(const struct code_check *check, uint32_t pc, const char *what,
                                      uint32_t count)
{
    uint32_t operand = instruction_operand(check->program->code[pc]);
    if (operand < count) return BAMBOO_OK;
    return refuse_at(check, pc, "there is no %s %u", what, operand);
}

static enum bamboo_status check_string(const struct code_check *check, uint32_t pc)
{
    uint32_t operand = instruction_operand(check->program->code[pc]);
    if (is_string_constant(check->program, operand)) return BAMBOO_OK;
    return refuse_at(check, pc, "constant %u is no string", operand);
}

static enum bamboo_status check_local(struct code_check *check, uint32_t pc)
{
    uint32_t word = check->program->code[pc];
    uint8_t opcode = instruction_opcode(word);
    bool is_iteration = opcode == OP_BEGIN_ITERATION || opcode == OP_ITERATE;
    uint32_t last = instruction_operand(word) + (is_iteration ? 2 : 0);
    if (last >= LOCAL_COUNT_MAX) return refuse_at(check, pc, "there is no local %u", last);
    if (last >= check->program->local_count) check->program->local_count = last + 1;
    return BAMBOO_OK;
}

/* ENTER begins the node's code and stands nowhere else. */
static enum bamboo_status check_node_operand(const struct code_check *check, uint32_t pc)
{
    const struct unit *unit = &check->unit;
    uint32_t word = check->program->code[pc];
    uint32_t operand = instruction_operand(word);
    if (instruction_opcode(word) == OP_ENTER) {
        if (pc == unit->first && operand == unit->node) return BAMBOO_OK;
        return refuse_at(check, pc, "it may only begin node %u, and name that", unit->node);
    }
    if (is_in_range(operand, unit->pipeline->first_node, unit->pipeline->node_count))
        return BAMBOO_OK;
    return refuse_at(check, pc, "node %u is not one of the same pipeline", operand);
}

static enum bamboo_status check_count(const struct code_check *check, uint32_t pc)
{
    const struct image_node *row = check->unit.row;
    uint32_t word = check->program->code[pc];
    uint8_t opcode = instruction_opcode(word);
    if (opcode != OP_CHOOSE_ONLY && opcode != OP_FORK_WHEN) return BAMBOO_OK;
    bool has_other = row->other_flow != IMAGE_NONE;
    uint32_t conditions = row->flow_count - has_other;
    if (instruction_operand(word) == conditions) return BAMBOO_OK;
    /* The other flow, the last, may have a condition too. */
    if (has_other && instruction_operand(word) == row->flow_count) return BAMBOO_OK;
    return refuse_at(check, pc, "the node has %u conditional flows, not %u", conditions,
                     instruction_operand(word));
}

static enum bamboo_status check_call(const struct code_check *check, uint32_t pc)
{
    const struct program *program = check->program;
    uint32_t operand = instruction_operand(program->code[pc]);
    uint32_t function = operand >> 8;
    if (function >= program->function_count)
        return refuse_at(check, pc, "there is no function %u", function);
    const char *name = program_name(program, program->functions[function].name);
    if (name[0] == '.' && (operand & 0xFF) == 0)
        return refuse_at(check, pc, "the method '%.80s' needs a value", name);
    return BAMBOO_OK;
}

static enum bamboo_status check_companion(const struct code_check *check, uint32_t pc)
{
    uint32_t operand = instruction_operand(check->program->code[pc]);
    if (operand == check->unit.row->companion) return BAMBOO_OK;
    return refuse_at(check, pc, "its operand %u is not the node's companion %u", operand,
                     check->unit.row->companion);
}

static enum bamboo_status check_flow(const struct code_check *check, uint32_t pc)
{
    const struct image_node *row = check->unit.row;
    uint32_t operand = instruction_operand(check->program->code[pc]);
    if (is_in_range(operand, row->first_flow, row->flow_count)) return BAMBOO_OK;
    return refuse_at(check, pc, "flow %u does not leave the node", operand);
}

/* Not to the ENTER either: a node is begun once. Rule 40: an ASSIGN is in no loop, since what it
 * assigns is kept until the node is left. */
static enum bamboo_status check_target(const struct code_check *check, uint32_t pc)
{
    const struct unit *unit = &check->unit;
    uint32_t operand = instruction_operand(check->program->code[pc]);
    uint32_t first = unit->node == IMAGE_NONE ? unit->first : unit->first + 1;
    if (operand < first || operand >= unit->end)
        return refuse_at(check, pc, "the jump to instruction %u leaves the %s", operand,
                         unit->node == IMAGE_NONE ? "code" : "node");
    if (operand < check->assigned)
        return refuse_at(check, pc, "the jump to instruction %u leads back over an ASSIGN",
                         operand);
    return BAMBOO_OK;
}

/* Rule 33. */
static enum bamboo_status check_operand(struct code_check *check, uint32_t pc,
                                        enum operand_kind kind)
{
    const struct program *program = check->program;
    const struct image_pipeline *pipeline = check->unit.pipeline;
    switch (kind) {
    case OPERAND_NONE:
        if (instruction_operand(program->code[pc]) == 0) return BAMBOO_OK;
        return refuse_at(check, pc, "its operand is not 0");
    case OPERAND_CONSTANT: return check_index(check, pc, "constant", program->constant_count);
    case OPERAND_STRING: return check_string(check, pc);
    case OPERAND_VARIABLE:
        return check_index(check, pc, "variable", pipeline ? pipeline->variable_count : 0);
    case OPERAND_NODE: return check_node_operand(check, pc);
    case OPERAND_FLOW: return check_flow(check, pc);
    case OPERAND_LOCAL: return check_local(check, pc);
    case OPERAND_TARGET: return check_target(check, pc);
    case OPERAND_COUNT: return check_count(check, pc);
    case OPERAND_PAIRS: return BAMBOO_OK; /* the depth of the stack says whether they are there */
    case OPERAND_CALL: return check_call(check, pc);
    case OPERAND_COMPONENT:
    case OPERAND_PIPELINE: return check_companion(check, pc);
    case OPERAND_KIND_COUNT: break;
    }
    return refuse_at(check, pc, "its operand is of an unknown kind");
}

static bool has_context(const struct code_check *check)
{
    const struct image_pipeline *pipeline = check->unit.pipeline;
    return pipeline && pipeline->flags & PIPELINE_FLAG_CONTEXT;
}

/* Rules 31 to 34, and 40. Instructions that no way reaches are held to them too. */
static enum bamboo_status check_instructions(struct code_check *check)
{
    check->assigned = check->unit.first;
    for (uint32_t pc = check->unit.first; pc < check->unit.end; pc++) {
        uint8_t opcode = instruction_opcode(check->program->code[pc]);
        const struct instruction_info *info = instruction_info(opcode);
        if (!info) return refuse_at(check, pc, "the opcode %u is not known", opcode);
        if (!(PLACES[info->places] & check->unit.place))
            return refuse_at(check, pc, "it may not stand here");
        if (PLACES[info->places] & WITH_CONTEXT && !has_context(check))
            return refuse_at(check, pc, "it may stand in pipelines with a context only");
        const struct image_node *row = check->unit.row;
        if (info->places == PLACES_ATTACHED && !(row && row->flags & NODE_FLAG_ATTACHED))
            return refuse_at(check, pc, "it is for attached nodes");
        enum bamboo_status status = check_operand(check, pc, info->operand);
        if (status != BAMBOO_OK) return status;
        if (opcode == OP_ASSIGN) check->assigned = pc + 1;
    }
    if (check->unit.node != IMAGE_NONE &&
        instruction_opcode(check->program->code[check->unit.first]) != OP_ENTER)
        return refuse_at(check, check->unit.first, "the node does not begin with ENTER");
    return BAMBOO_OK;
}

/* --- the ways through them --- */

/* Rule 36: every way to an instruction agrees. */
static enum bamboo_status reach(struct code_check *check, uint32_t from, uint32_t target, way state)
{
    way *known = &check->ways[target];
    if (*known == 0) {
        *known = state;
        check->pending[check->pending_count++] = target;
        return BAMBOO_OK;
    }
    if (*known == state) return BAMBOO_OK;
    if ((*known - 1) / 2 != (state - 1) / 2)
        return refuse_at(check, from,
                         "instruction %u is reached with %d and with %d values on the "
                         "stack",
                         target, (*known - 1) / 2, (state - 1) / 2);
    return refuse_at(check, from,
                     "instruction %u is reached both before and after the node's "
                     "execution",
                     target);
}

/* Rules 35, 37 and 38. */
static enum bamboo_status step(struct code_check *check, uint32_t pc, way *state)
{
    enum opcode opcode = (enum opcode)instruction_opcode(check->program->code[pc]);
    const struct instruction_info *info = instruction_info((uint8_t)opcode);
    uint32_t depth = (*state - 1u) / 2;
    bool executed = (*state - 1) % 2;
    uint32_t pops = instruction_pops(opcode, instruction_operand(check->program->code[pc]));
    bool empties = (info->flow == FLOW_BLOCK || info->flow == FLOW_STOP) && opcode != OP_JUMP;
    bool executes = opcode == OP_EXECUTE || opcode == OP_CALL_PIPELINE;
    if (pops > depth) return refuse_at(check, pc, "it pops %u from a stack of %u", pops, depth);
    depth -= pops;
    if (empties && depth > 0)
        return refuse_at(check, pc, "it leaves %u on the stack, which must be empty", depth);
    if (executes && executed) return refuse_at(check, pc, "the node is executed a second time");
    depth += (uint32_t)info->pushes;
    if (depth > STACK_DEPTH_MAX)
        return refuse_at(check, pc, "there are more than %u values on the stack", STACK_DEPTH_MAX);
    if (depth > check->program->stack_depth) check->program->stack_depth = depth;
    *state = way_of(depth, executed || executes);
    return BAMBOO_OK;
}

static enum bamboo_status follow(struct code_check *check, uint32_t pc)
{
    way state = check->ways[pc];
    uint32_t word = check->program->code[pc];
    enum bamboo_status status = step(check, pc, &state);
    if (status != BAMBOO_OK) return status;
    const struct instruction_info *info = instruction_info(instruction_opcode(word));
    if (info->operand == OPERAND_TARGET)
        status = reach(check, pc, instruction_operand(word), state);
    if (status != BAMBOO_OK || info->flow == FLOW_STOP) return status;
    if (pc + 1 == check->unit.end) /* rule 39 */
        return refuse_at(check, pc, "the code goes on behind its last instruction");
    return reach(check, pc, pc + 1, state);
}

static enum bamboo_status check_unit(struct code_check *check)
{
    enum bamboo_status status = check_instructions(check);
    if (status != BAMBOO_OK) return status;
    check->pending_count = 0;
    status = reach(check, check->unit.first, check->unit.first, way_of(0, false));
    while (check->pending_count > 0 && status == BAMBOO_OK)
        status = follow(check, check->pending[--check->pending_count]);
    return status;
}

/* --- units --- */

/* Rule 30: each node has the code from its entry to that of the next node. */
static enum bamboo_status find_code(struct code_check *check, uint32_t node)
{
    const struct program *program = check->program;
    uint32_t before = check->unit.end;
    uint32_t end =
        node + 1 < program->node_count ? program->nodes[node + 1].entry : program->code_count;
    if (program->nodes[node].entry != before || end <= before || end > program->code_count)
        return refuse_node(check->verifier, node,
                           "its code does not lie between that of the nodes "
                           "beside it");
    check->unit = (struct unit){.first = before,
                                .end = end,
                                .place = 1u << program->nodes[node].kind,
                                .node = node,
                                .row = &program->nodes[node],
                                .pipeline = check->unit.pipeline};
    return BAMBOO_OK;
}

static enum bamboo_status check_nodes(struct code_check *check)
{
    const struct program *program = check->program;
    enum bamboo_status status = BAMBOO_OK;
    for (uint32_t i = 0; i < program->pipeline_count; i++) {
        const struct image_pipeline *pipeline = &program->pipelines[i];
        for (uint32_t node = pipeline->first_node;
             node - pipeline->first_node < pipeline->node_count; node++) {
            check->unit.pipeline = pipeline;
            status = find_code(check, node);
            if (status == BAMBOO_OK) status = check_unit(check);
            if (status != BAMBOO_OK) return status;
        }
    }
    return status;
}

static enum bamboo_status check_without_nodes(struct code_check *check)
{
    const struct program *program = check->program;
    bool is_control = program->kind == IMAGE_CONTROL;
    if (program->code_count == 0) return refuse(check->verifier, "there is no code");
    check->unit = (struct unit){.end = program->code_count,
                                .place = is_control ? IN_CONTROL : IN_EXPRESSION,
                                .node = IMAGE_NONE,
                                .pipeline = is_control ? NULL : program->pipelines};
    return check_unit(check);
}

enum bamboo_status verify_code(struct verifier *verifier)
{
    enum bamboo_status status;
    struct program *program = verifier->program;
    struct code_check check = {.verifier = verifier, .program = program};
    check.ways = memory_allocate_zeroed(program->code_count, sizeof *check.ways);
    check.pending = memory_allocate_zeroed(program->code_count, sizeof *check.pending);
    if (!check.ways || !check.pending)
        status = fail_memory(verifier->error);
    else if (program->kind == IMAGE_FLOW)
        status = check_nodes(&check);
    else
        status = check_without_nodes(&check);
    memory_free(check.ways);
    memory_free(check.pending);
    return status;
}
