#include "bytecode/program.h"

#include <assert.h>
#include <string.h>

#include "base/memory.h"

bool program_is_image(const void *bytes, size_t size)
{
    const char *start = bytes;
    size_t same = 0;
    for (size_t i = 0; i < size && i < IMAGE_MAGIC_SIZE; i++)
        same += start[i] == IMAGE_MAGIC[i];
    /* No text begins with the first byte, so that a damaged image is not taken for a source. */
    return same > IMAGE_MAGIC_SIZE / 2 || (size > 0 && start[0] == IMAGE_MAGIC[0]);
}

struct program *program_retain(struct program *program)
{
    program->owners++;
    return program;
}

void program_release(struct program *program)
{
    if (!program || --program->owners > 0) return;
    for (uint32_t i = 0; i < program->constant_count; i++)
        bamboo_value_release(program->constants[i]);
    memory_free(program->constants);
    memory_free((void *)(uintptr_t)program->image);
    memory_free(program);
}

/* --- asking --- */

const char *program_name(const struct program *program, uint32_t name)
{
    if (name == IMAGE_NONE) return "";
    assert(name < program->constant_count && program->constants[name].type == BAMBOO_STRING);
    return bamboo_string_bytes(program->constants[name], NULL);
}

uint32_t program_title(const struct program *program, uint32_t node)
{
    uint32_t low = 0;
    uint32_t high = program->title_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct image_title *row = &program->titles[middle];
        if (row->node == node) return row->title;
        if (row->node < node)
            low = middle + 1;
        else
            high = middle;
    }
    return IMAGE_NONE;
}

const struct image_pipeline *program_pipeline_of(const struct program *program, uint32_t node)
{
    uint32_t low = 0;
    uint32_t high = program->pipeline_count;
    assert(node < program->node_count);
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (program->pipelines[middle].first_node <= node)
            low = middle;
        else
            high = middle;
    }
    return &program->pipelines[low];
}

const struct image_line *program_line(const struct program *program, uint32_t pc)
{
    uint32_t low = 0;
    uint32_t high = program->line_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (program->lines[middle].pc <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &program->lines[low - 1] : NULL;
}
