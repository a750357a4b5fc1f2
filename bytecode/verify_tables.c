/* Rows that are not nodes: names, references, pipelines' ranges, policies, the debug section. */
#include <string.h>

#include "base/limits.h"
#include "bytecode/image_reader.h"
#include "bytecode/verify.h"

/* Rule 10: a name is a string constant, neither empty nor with a NUL inside. */
static enum bamboo_status check_name(const struct verifier *verifier, const char *what,
                                     uint32_t index, uint32_t name)
{
    size_t size;
    if (!is_string_constant(verifier->program, name))
        return refuse(verifier, "the name of %s %u is constant %u, which is no string", what, index,
                      name);
    const char *bytes = bamboo_string_bytes(verifier->program->constants[name], &size);
    if (size == 0 || memchr(bytes, '\0', size))
        return refuse(verifier, "the name of %s %u is empty or has a NUL inside", what, index);
    return BAMBOO_OK;
}

static enum bamboo_status check_references(const struct verifier *verifier, const char *what,
                                           const struct image_reference *rows, uint32_t count)
{
    enum bamboo_status status = BAMBOO_OK;
    for (uint32_t i = 0; i < count && status == BAMBOO_OK; i++)
        status = check_name(verifier, what, i, rows[i].name);
    return status;
}

static enum bamboo_status check_outputs(const struct verifier *verifier)
{
    enum bamboo_status status = BAMBOO_OK;
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->output_count && status == BAMBOO_OK; i++)
        status = check_name(verifier, "output", i, program->outputs[i].name);
    return status;
}

/* Rule 11. The variables of an expression are the keys of any map: their names may be anything. */
static enum bamboo_status check_variables(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->variable_count; i++) {
        const struct image_variable *row = &program->variables[i];
        enum bamboo_status status = BAMBOO_OK;
        if (!is_string_constant(program, row->name) || program->kind == IMAGE_FLOW)
            status = check_name(verifier, "variable", i, row->name);
        if (status != BAMBOO_OK) return status;
        if (!is_string_constant(program, row->type) || row->flags & ~(unsigned)VARIABLE_FLAGS_ALL)
            return refuse(verifier, "the type of variable %u '%.80s' is not valid", i,
                          program_name(program, row->name));
        bool has_value = row->value != IMAGE_NONE, has_component = row->component != IMAGE_NONE;
        if (row->kind >= VARIABLE_KIND_COUNT || has_value != (row->kind != VARIABLE_KIND_SLOT) ||
            has_component != (row->kind == VARIABLE_KIND_LAZY) ||
            (has_value && row->value >= program->constant_count) ||
            (has_component && row->component >= program->component_count))
            return refuse(verifier, "variable %u '%.80s' has not what its kind wants", i,
                          program_name(program, row->name));
    }
    return BAMBOO_OK;
}

/* Rule 18: copies ascend by node, and are of its pipeline. */
static enum bamboo_status check_copies(const struct verifier *verifier,
                                       const struct image_pipeline *pipeline)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < pipeline->copy_count; i++) {
        const struct image_copy *row = &program->copies[pipeline->first_copy + i];
        if (!is_in_range(row->node, pipeline->first_node, pipeline->node_count) ||
            (i > 0 && row->node < row[-1].node))
            return refuse(verifier,
                          "copy %u is of a node that is not there, or before the copy "
                          "above",
                          pipeline->first_copy + i);
        if (!is_string_constant(program, row->key) || row->variable >= pipeline->variable_count)
            return refuse(verifier, "copy %u is of a key or variable that is not there",
                          pipeline->first_copy + i);
    }
    return BAMBOO_OK;
}

/* --- what an image of each kind has --- */

struct section_count {
    enum image_section section;
    uint32_t count;
};

/* Rule 12: a control program and an expression have no more than they need. */
static enum bamboo_status check_shape(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    bool is_control = program->kind == IMAGE_CONTROL;
    const struct section_count counts[] = {
        {SECTION_NODES, program->node_count},
        {SECTION_FLOWS, program->flow_count},
        {SECTION_OUTPUTS, program->output_count},
        {SECTION_COMPONENTS, program->component_count},
        {SECTION_POLICIES, program->policy_count},
        {SECTION_COPIES, program->copy_count},
        {SECTION_TIMERS, program->timer_count},
        {SECTION_TITLES, program->title_count},
        {SECTION_PIPELINES, is_control ? program->pipeline_count : 0},
        {SECTION_VARIABLES, is_control ? program->variable_count : 0},
        {SECTION_FUNCTIONS, is_control ? program->function_count : 0},
    };
    if (program->kind == IMAGE_FLOW)
        return program->pipeline_count ? BAMBOO_OK : refuse(verifier, "there is no pipeline");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i].count)
            return refuse(verifier, "%s has no use for a section %s",
                          is_control ? "a control program" : "an expression",
                          image_section_name(counts[i].section));
    if (!is_control && program->pipeline_count != 1)
        return refuse(verifier, "an expression has one pipeline row, not %u",
                      program->pipeline_count);
    return BAMBOO_OK;
}

/* --- pipelines --- */

/* Rows that the pipelines share out among themselves, in order and without a rest. */
struct share {
    const char *what;
    uint32_t next, count;
};

static enum bamboo_status take_share(const struct verifier *verifier, struct share *share,
                                     uint32_t pipeline, uint32_t first, uint32_t count)
{
    if (first != share->next || count > share->count - share->next)
        return refuse(verifier, "the %s of pipeline %u are not those behind the pipeline before",
                      share->what, pipeline);
    share->next += count;
    return BAMBOO_OK;
}

/* Rule 14: one START and one END for each pipeline; an expression has neither. */
static enum bamboo_status check_ends(const struct verifier *verifier, uint32_t index)
{
    const struct program *program = verifier->program;
    const struct image_pipeline *row = &program->pipelines[index];
    const char *name = program_name(program, row->name);
    if (program->kind == IMAGE_EXPRESSION) {
        if (row->start_node != IMAGE_NONE || row->end_node != IMAGE_NONE)
            return refuse(verifier, "an expression has neither start nor end");
        return BAMBOO_OK;
    }
    if (!is_in_range(row->start_node, row->first_node, row->node_count) ||
        program->nodes[row->start_node].kind != NODE_KIND_START)
        return refuse(verifier, "pipeline %u '%.80s' has no start", index, name);
    if (!is_in_range(row->end_node, row->first_node, row->node_count) ||
        program->nodes[row->end_node].kind != NODE_KIND_END)
        return refuse(verifier, "pipeline %u '%.80s' has no end", index, name);
    return BAMBOO_OK;
}

/* Rule 13, for one pipeline. `shares` are of nodes, variables, outputs and copies. */
static enum bamboo_status check_pipeline(const struct verifier *verifier, uint32_t index,
                                         struct share *shares)
{
    const struct image_pipeline *row = &verifier->program->pipelines[index];
    enum bamboo_status status = check_name(verifier, "pipeline", index, row->name);
    if (status == BAMBOO_OK)
        status = take_share(verifier, &shares[0], index, row->first_node, row->node_count);
    if (status == BAMBOO_OK)
        status = take_share(verifier, &shares[1], index, row->first_variable, row->variable_count);
    if (status == BAMBOO_OK)
        status = take_share(verifier, &shares[2], index, row->first_output, row->output_count);
    if (status == BAMBOO_OK)
        status = take_share(verifier, &shares[3], index, row->first_copy, row->copy_count);
    if (status == BAMBOO_OK && row->flags & ~(unsigned)PIPELINE_FLAGS_ALL)
        status = refuse(verifier, "pipeline %u '%.80s' has unknown flags (0x%x)", index,
                        program_name(verifier->program, row->name), row->flags);
    if (status == BAMBOO_OK) status = check_copies(verifier, row);
    if (status == BAMBOO_OK && row->parameter_count > row->variable_count)
        status = refuse(verifier, "pipeline %u '%.80s' has more parameters than variables", index,
                        program_name(verifier->program, row->name));
    return status == BAMBOO_OK ? check_ends(verifier, index) : status;
}

static enum bamboo_status check_pipelines(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    struct share shares[] = {{"nodes", 0, program->node_count},
                             {"variables", 0, program->variable_count},
                             {"outputs", 0, program->output_count},
                             {"copies", 0, program->copy_count}};
    for (uint32_t i = 0; i < program->pipeline_count; i++) {
        enum bamboo_status status = check_pipeline(verifier, i, shares);
        if (status != BAMBOO_OK) return status;
    }
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
        if (shares[i].next != shares[i].count)
            return refuse(verifier, "there are %s that belong to no pipeline", shares[i].what);
    return BAMBOO_OK;
}

/* --- policies --- */

static bool is_time(uint32_t low, uint32_t high)
{
    return image_u64(low, high) <= (uint64_t)POLICY_TIME_MAX;
}

/* Rule 15. */
static enum bamboo_status check_policies(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->policy_count; i++) {
        const struct image_policy *row = &program->policies[i];
        if (!is_time(row->timeout_low, row->timeout_high) ||
            !is_time(row->retry_delay_low, row->retry_delay_high) ||
            !is_time(row->retry_delay_max_low, row->retry_delay_max_high))
            return refuse(verifier, "policy %u has a time that is too long", i);
        if (row->timeout_action >= TIMEOUT_ACTION_COUNT || row->retry_backoff > 1)
            return refuse(verifier, "policy %u has an unknown action or backoff", i);
        if (row->retry_pattern != IMAGE_NONE && !is_string_constant(program, row->retry_pattern))
            return refuse(verifier, "the pattern of policy %u is no string", i);
        if (row->loop_flags & ~(unsigned)LOOP_FLAGS_ALL)
            return refuse(verifier, "the loop of policy %u has unknown flags", i);
        if (row->first_timer > program->timer_count ||
            row->timer_count > program->timer_count - row->first_timer)
            return refuse(verifier, "policy %u has timers that are not there", i);
    }
    return BAMBOO_OK;
}

/* Rule 19. */
static enum bamboo_status check_timers(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->timer_count; i++) {
        const struct image_timer *row = &program->timers[i];
        if (row->kind >= TIMER_KIND_COUNT || !is_time(row->time_low, row->time_high))
            return refuse(verifier, "timer %u is of an unknown kind, or its time is too long", i);
        if (row->kind == TIMER_KIND_EVERY && image_u64(row->time_low, row->time_high) == 0)
            return refuse(verifier, "timer %u repeats without an interval", i);
    }
    return BAMBOO_OK;
}

/* --- debug section --- */

/* Rule 16: sources have names, and their text, where it is there, is a string. */
static enum bamboo_status check_sources(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->source_count; i++) {
        const struct image_source *row = &program->sources[i];
        if (!is_string_constant(program, row->name) ||
            (row->text != IMAGE_NONE && !is_string_constant(program, row->text)))
            return refuse(verifier, "the name or text of source %u is no string", i);
    }
    return BAMBOO_OK;
}

/* Rule 17: lines ascend, and lie inside their sources. */
static enum bamboo_status check_lines(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    for (uint32_t i = 0; i < program->line_count; i++) {
        const struct image_line *row = &program->lines[i];
        size_t size = UINT32_MAX;
        if (row->pc >= program->code_count || (i > 0 && row->pc <= row[-1].pc))
            return refuse(verifier,
                          "line row %u does not belong to an instruction behind that of "
                          "the row before",
                          i);
        if (row->source >= program->source_count)
            return refuse(verifier, "line row %u is of source %u, which is not there", i,
                          row->source);
        if (program->sources[row->source].text != IMAGE_NONE)
            bamboo_string_bytes(program->constants[program->sources[row->source].text], &size);
        if (row->offset > size || row->size > size - row->offset)
            return refuse(verifier, "line row %u lies outside its source", i);
    }
    return BAMBOO_OK;
}

/* Rule 46: titles ascend by node, and are as names are. */
static enum bamboo_status check_titles(const struct verifier *verifier)
{
    const struct program *program = verifier->program;
    enum bamboo_status status = BAMBOO_OK;
    for (uint32_t i = 0; i < program->title_count && status == BAMBOO_OK; i++) {
        const struct image_title *row = &program->titles[i];
        if (row->node >= program->node_count || (i > 0 && row->node <= row[-1].node))
            return refuse(verifier,
                          "title %u is of a node that is not there, or before the title above", i);
        status = check_name(verifier, "title", i, row->title);
    }
    return status;
}

enum bamboo_status verify_tables(struct verifier *verifier)
{
    const struct program *program = verifier->program;
    enum bamboo_status status = check_shape(verifier);
    if (status == BAMBOO_OK)
        status =
            check_references(verifier, "component", program->components, program->component_count);
    if (status == BAMBOO_OK)
        status =
            check_references(verifier, "function", program->functions, program->function_count);
    if (status == BAMBOO_OK) status = check_outputs(verifier);
    if (status == BAMBOO_OK) status = check_variables(verifier);
    if (status == BAMBOO_OK) status = check_pipelines(verifier);
    if (status == BAMBOO_OK) status = check_policies(verifier);
    if (status == BAMBOO_OK) status = check_timers(verifier);
    if (status == BAMBOO_OK) status = check_sources(verifier);
    if (status == BAMBOO_OK) status = check_lines(verifier);
    if (status == BAMBOO_OK) status = check_titles(verifier);
    return status;
}
