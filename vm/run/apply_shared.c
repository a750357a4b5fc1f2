#include "vm/run/apply_shared.h"

void wake_suspended(struct run *run)
{
    for (uint32_t i = 0; i < run->token_count; i++)
        if (run->tokens[i].state == TOKEN_SUSPENDED &&
            !place_is_suspended(run, run->tokens[i].scope, token_record(run, &run->tokens[i])))
            token_make_ready(run, i);
}

void scope_preset(struct run *run, uint32_t scope, struct bamboo_value presets)
{
    const struct program *program = run->linked->program;
    const struct image_pipeline *pipeline = scope_pipeline(run, scope);
    if (presets.type != BAMBOO_MAP || !(pipeline->flags & PIPELINE_FLAG_CONTEXT)) return;
    for (uint32_t i = 0; i < pipeline->variable_count; i++) {
        struct bamboo_value value = bamboo_map_find(
            presets, program->constants[program->variables[pipeline->first_variable + i].name]);
        if (value.type != BAMBOO_MISSING) value_replace(&run->scopes[scope].variables[i], value);
    }
}
