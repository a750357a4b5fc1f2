#include "bytecode/disassemble.h"

#include "base/duration.h"
#include "base/iso_time.h"
#include "bytecode/listing.h"

static const char *const IMAGE_KIND_NAMES[] = {
    [IMAGE_FLOW] = "flow", [IMAGE_CONTROL] = "control program", [IMAGE_EXPRESSION] = "expression"};
static_assert(sizeof IMAGE_KIND_NAMES / sizeof *IMAGE_KIND_NAMES == IMAGE_KIND_COUNT, "names");

/* --- facts --- */

static void append_references(struct listing *listing, const char *what,
                              const struct image_reference *rows, uint32_t count)
{
    if (count == 0) return;
    text_append_string(listing->out, what);
    for (uint32_t i = 0; i < count; i++) {
        text_append_string(listing->out, i ? ", " : " ");
        listing_append_name(listing->program, rows[i].name, listing->out);
    }
    text_append_character(listing->out, '\n');
}

static void append_facts(struct listing *listing)
{
    const struct program *program = listing->program;
    char digest[DIGEST_TEXT_SIZE];
    digest_print(program->digest, digest);
    text_append_format(listing->out, "artifact: %s, format %u, %zu bytes\n",
                       IMAGE_KIND_NAMES[program->kind], (unsigned)IMAGE_FORMAT,
                       program->image_size);
    text_append_format(listing->out, "digest: %s\n", digest);
    text_append_format(listing->out,
                       "pipelines: %u, nodes: %u, flows: %u, instructions: %u, constants: %u, "
                       "stack: %u, locals: %u\n",
                       program->pipeline_count, program->node_count, program->flow_count,
                       program->code_count, program->constant_count, program->stack_depth,
                       program->local_count);
    append_references(listing, "components:", program->components, program->component_count);
    append_references(listing, "functions:", program->functions, program->function_count);
    for (uint32_t i = 0; i < program->source_count; i++) {
        text_append_string(listing->out, "source: ");
        listing_append_name(program, program->sources[i].name, listing->out);
        digest_print(program->sources[i].digest, digest);
        text_append_format(listing->out, ", %s, digest %s\n",
                           program->sources[i].text == IMAGE_NONE ? "not embedded" : "embedded",
                           digest);
    }
}

/* --- pipelines --- */

static const char *const VARIABLE_KIND_NAMES[] = {[VARIABLE_KIND_SLOT] = "",
                                                  [VARIABLE_KIND_PLAIN] = ", plain ",
                                                  [VARIABLE_KIND_SPLICE] = ", splice ",
                                                  [VARIABLE_KIND_LAZY] = ", lazy "};
static_assert(sizeof VARIABLE_KIND_NAMES / sizeof *VARIABLE_KIND_NAMES == VARIABLE_KIND_COUNT,
              "names");

/* ", lazy upper_case \"x\", required" */
static void append_variable_kind(struct listing *listing, const struct image_variable *row)
{
    const struct program *program = listing->program;
    text_append_string(listing->out, VARIABLE_KIND_NAMES[row->kind]);
    if (row->component != IMAGE_NONE) {
        listing_append_name(program, program->components[row->component].name, listing->out);
        text_append_character(listing->out, ' ');
    }
    if (row->value != IMAGE_NONE)
        listing_append_value(listing->out, program->constants[row->value]);
    if (row->flags & VARIABLE_FLAG_REQUIRED) text_append_string(listing->out, ", required");
    if (row->flags & VARIABLE_FLAG_PRERENDERED)
        text_append_string(listing->out, ", rendered first");
    text_append_character(listing->out, '\n');
}

static void append_copies(struct listing *listing, const struct image_pipeline *pipeline)
{
    const struct program *program = listing->program;
    for (uint32_t i = 0; i < pipeline->copy_count; i++) {
        const struct image_copy *row = &program->copies[pipeline->first_copy + i];
        text_append_string(listing->out, "  copy ");
        listing_append_name(program, program->nodes[row->node].name, listing->out);
        text_append_character(listing->out, '.');
        listing_append_name(program, row->key, listing->out);
        text_append_string(listing->out, " -> ");
        listing_append_name(program,
                            program->variables[pipeline->first_variable + row->variable].name,
                            listing->out);
        text_append_character(listing->out, '\n');
    }
}

static void append_variables(struct listing *listing, const struct image_pipeline *pipeline)
{
    for (uint32_t i = 0; i < pipeline->variable_count; i++) {
        const struct image_variable *row =
            &listing->program->variables[pipeline->first_variable + i];
        bool is_parameter = i < pipeline->parameter_count;
        text_append_string(listing->out, is_parameter ? "  parameter " : "  variable ");
        listing_append_name(listing->program, row->name, listing->out);
        text_append_string(listing->out, ": ");
        listing_append_name(listing->program, row->type, listing->out);
        append_variable_kind(listing, row);
    }
}

static void append_pipeline(struct listing *listing, uint32_t index)
{
    const struct program *program = listing->program;
    const struct image_pipeline *pipeline = &program->pipelines[index];
    text_append_format(listing->out, "\npipeline %u ", index);
    listing_append_name(program, pipeline->name, listing->out);
    text_append_character(listing->out, '\n');
    append_variables(listing, pipeline);
    append_copies(listing, pipeline);
    for (uint32_t i = 0; i < pipeline->output_count; i++) {
        text_append_string(listing->out, "  output ");
        listing_append_name(program, program->outputs[pipeline->first_output + i].name,
                            listing->out);
        text_append_character(listing->out, '\n');
    }
    if (pipeline->rerun_limit > 0)
        text_append_format(listing->out, "  a node runs again at most %u times\n",
                           pipeline->rerun_limit);
}

/* --- nodes --- */

static void append_flags(struct text *out, unsigned flags)
{
    if (flags & NODE_FLAG_DERIVED_NAME) text_append_string(out, ", unnamed");
    if (flags & NODE_FLAG_ONCE) text_append_string(out, ", once");
    if (flags & NODE_FLAG_NO_RETRY) text_append_string(out, ", no retry");
    if (flags & NODE_FLAG_NO_SKIP) text_append_string(out, ", no skip");
    if (flags & NODE_FLAG_IGNORE_ERROR) text_append_string(out, ", on fail ignore");
    if (flags & NODE_FLAG_ATTACHED) text_append_string(out, ", attached");
}

static void append_time(struct text *out, const char *what, uint32_t low, uint32_t high)
{
    uint64_t milliseconds = image_u64(low, high);
    if (milliseconds == 0) return;
    text_append_string(out, what);
    duration_append(out, (int64_t)milliseconds);
}

static void append_retry(const struct program *program, const struct image_policy *policy,
                         struct text *out)
{
    if (policy->retry_count == 0) return;
    text_append_format(out, ", retry %u", policy->retry_count);
    append_time(out, " every ", policy->retry_delay_low, policy->retry_delay_high);
    if (policy->retry_backoff) text_append_string(out, " backoff");
    append_time(out, " max ", policy->retry_delay_max_low, policy->retry_delay_max_high);
    if (policy->retry_pattern == IMAGE_NONE) return;
    text_append_string(out, " when ");
    listing_append_value(out, program->constants[policy->retry_pattern]);
}

static void append_loop(const struct program *program, const struct image_policy *policy,
                        uint32_t node, struct text *out)
{
    if (policy->loop_count == 0) return;
    text_append_format(out, ", loop %u", policy->loop_count);
    if (policy->loop_variable != IMAGE_NONE) {
        uint32_t first = program_pipeline_of(program, node)->first_variable;
        text_append_string(out, " into ");
        listing_append_name(program, program->variables[first + policy->loop_variable].name, out);
    }
    if (policy->loop_flags & LOOP_FLAG_FAIL_SKIP) text_append_string(out, " fail skip");
    if (policy->loop_flags & LOOP_FLAG_NO_RETRY) text_append_string(out, " no retry");
    if (policy->loop_flags & LOOP_FLAG_NO_SKIP) text_append_string(out, " no skip");
}

static void append_policy(const struct program *program, uint32_t node, struct text *out)
{
    if (program->nodes[node].policy == IMAGE_NONE) return;
    const struct image_policy *policy = &program->policies[program->nodes[node].policy];
    append_time(out, ", timeout ", policy->timeout_low, policy->timeout_high);
    if (policy->timeout_action == TIMEOUT_SKIP) text_append_string(out, " then skip");
    append_retry(program, policy, out);
    append_loop(program, policy, node, out);
    if (policy->undo == IMAGE_NONE) return;
    text_append_string(out, ", undo ");
    listing_append_name(program, program->nodes[policy->undo].name, out);
}

/* "  every 30s up to 5 times: build_timer" */
static void append_timers(struct listing *listing, const struct image_node *row)
{
    const struct program *program = listing->program;
    if (row->policy == IMAGE_NONE) return;
    const struct image_policy *policy = &program->policies[row->policy];
    for (uint32_t i = 0; i < policy->timer_count; i++) {
        const struct image_timer *timer = &program->timers[policy->first_timer + i];
        int64_t time = (int64_t)image_u64(timer->time_low, timer->time_high);
        text_append_string(listing->out, timer->kind == TIMER_KIND_AT      ? "  at "
                                         : timer->kind == TIMER_KIND_AFTER ? "  after "
                                                                           : "  every ");
        if (timer->kind == TIMER_KIND_AT)
            iso_time_append(listing->out, time);
        else
            duration_append(listing->out, time);
        if (timer->count > 0) text_append_format(listing->out, " up to %u times", timer->count);
        text_append_string(listing->out, ": ");
        listing_append_name(program, program->nodes[timer->node].name, listing->out);
        text_append_character(listing->out, '\n');
    }
}

/* ", component shell", ", until build_join": what a node's companion is to its kind. */
static void append_companion(const struct program *program, const struct image_node *row,
                             struct text *out)
{
    if (row->companion == IMAGE_NONE) return;
    if (row->kind == NODE_KIND_ACTIVITY) {
        text_append_string(out, ", component ");
        listing_append_name(program, program->components[row->companion].name, out);
    } else if (row->kind == NODE_KIND_SUBPROCESS) {
        text_append_string(out, ", pipeline ");
        listing_append_name(program, program->pipelines[row->companion].name, out);
    } else {
        text_append_string(out, ", until ");
        listing_append_name(program, program->nodes[row->companion].name, out);
    }
}

static void append_flows(struct listing *listing, const struct image_node *row)
{
    const struct program *program = listing->program;
    bool executes = row->kind == NODE_KIND_ACTIVITY || row->kind == NODE_KIND_SUBPROCESS;
    for (uint32_t i = row->first_flow; i - row->first_flow < row->flow_count; i++) {
        text_append_string(listing->out, "  -> ");
        listing_append_name(program, program->nodes[program->flows[i].target].name, listing->out);
        if (i == row->other_flow)
            text_append_string(listing->out, executes ? " on failure" : " by default");
        if (program->flows[i].name != IMAGE_NONE) {
            text_append_string(listing->out, ", called ");
            listing_append_name(program, program->flows[i].name, listing->out);
        }
        text_append_character(listing->out, '\n');
    }
}

static void append_title(struct listing *listing, uint32_t node)
{
    uint32_t title = program_title(listing->program, node);
    if (title == IMAGE_NONE) return;
    text_append_string(listing->out, "  title ");
    listing_append_value(listing->out, listing->program->constants[title]);
    text_append_character(listing->out, '\n');
}

static void append_node(struct listing *listing, uint32_t node)
{
    const struct program *program = listing->program;
    const struct image_node *row = &program->nodes[node];
    uint32_t end = node + 1 < program->node_count ? row[1].entry : program->code_count;
    text_append_format(listing->out, "\nnode %u ", node);
    listing_append_name(program, row->name, listing->out);
    text_append_format(listing->out, ": %s", node_kind_name(row->kind));
    append_companion(program, row, listing->out);
    append_flags(listing->out, row->flags);
    append_policy(program, node, listing->out);
    text_append_character(listing->out, '\n');
    append_title(listing, node);
    append_timers(listing, row);
    append_flows(listing, row);
    listing_append_code(listing, row->entry, end);
}

void disassemble_program(const struct program *program, struct text *out)
{
    struct listing listing;
    if (!listing_init(&listing, program, out)) {
        out->failed = true;
        listing_release(&listing);
        return;
    }
    append_facts(&listing);
    for (uint32_t i = 0; i < program->pipeline_count; i++) {
        const struct image_pipeline *pipeline = &program->pipelines[i];
        append_pipeline(&listing, i);
        for (uint32_t node = 0; node < pipeline->node_count; node++)
            append_node(&listing, pipeline->first_node + node);
    }
    if (program->node_count == 0) {
        text_append_character(out, '\n');
        listing_append_code(&listing, 0, program->code_count);
    }
    listing_release(&listing);
}
