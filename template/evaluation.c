#include "template/evaluation.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"

struct evaluation evaluation_begin(struct arena *arena, struct bamboo_error *error)
{
    return (struct evaluation){.arena = arena,
                               .steps = EVALUATION_STEPS_MAX,
                               .memory = TEMPLATE_MEMORY_MAX,
                               .depth = EVALUATION_DEPTH_MAX,
                               .error = error};
}

static void *refuse_memory(struct evaluation *evaluation)
{
    evaluation->status = fail(evaluation->error, BAMBOO_E_LIMIT,
                              "the evaluation needs more than %u bytes", TEMPLATE_MEMORY_MAX);
    return NULL;
}

void *evaluation_allocate(struct evaluation *evaluation, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total) || total > evaluation->memory)
        return refuse_memory(evaluation);
    evaluation->memory -= total;
    void *memory = arena_allocate(evaluation->arena, total > 0 ? total : 1);
    if (!memory) evaluation->status = fail_memory(evaluation->error);
    return memory;
}

enum bamboo_status evaluation_pay(struct evaluation *evaluation, uint64_t steps)
{
    if (steps > evaluation->steps) {
        evaluation->steps = 0;
        return evaluation->status =
                   fail(evaluation->error, BAMBOO_E_LIMIT,
                        "the evaluation needs more than %u steps", EVALUATION_STEPS_MAX);
    }
    evaluation->steps -= steps;
    return BAMBOO_OK;
}

enum bamboo_status evaluation_descend(struct evaluation *evaluation)
{
    if (evaluation->depth == 0)
        return evaluation->status =
                   fail(evaluation->error, BAMBOO_E_LIMIT,
                        "more than %d levels are inside each other", EVALUATION_DEPTH_MAX);
    evaluation->depth--;
    return BAMBOO_OK;
}

void evaluation_ascend(struct evaluation *evaluation)
{
    evaluation->depth++;
}

enum bamboo_status evaluation_refuse(struct evaluation *evaluation, const char *format, ...)
{
    char sentence[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    return evaluation->status = fail(evaluation->error, BAMBOO_E_EVALUATION, "%s", sentence);
}

enum bamboo_status evaluation_refuse_size(struct evaluation *evaluation, const char *what)
{
    return evaluation->status =
               fail(evaluation->error, BAMBOO_E_LIMIT, "%s would be too large", what);
}
