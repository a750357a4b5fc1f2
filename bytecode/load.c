/* program_load(): the only maker of a struct program. */
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/value_codec.h"
#include "bytecode/image_reader.h"
#include "bytecode/verify.h"

static void point_at_sections(struct program *program, const struct image_header *header)
{
    const uint8_t *image = program->image;
    program->kind = (enum image_kind)header->kind;
    program->pipelines = image_rows(image, header, SECTION_PIPELINES, &program->pipeline_count);
    program->nodes = image_rows(image, header, SECTION_NODES, &program->node_count);
    program->flows = image_rows(image, header, SECTION_FLOWS, &program->flow_count);
    program->variables = image_rows(image, header, SECTION_VARIABLES, &program->variable_count);
    program->outputs = image_rows(image, header, SECTION_OUTPUTS, &program->output_count);
    program->components = image_rows(image, header, SECTION_COMPONENTS, &program->component_count);
    program->functions = image_rows(image, header, SECTION_FUNCTIONS, &program->function_count);
    program->policies = image_rows(image, header, SECTION_POLICIES, &program->policy_count);
    program->code = image_rows(image, header, SECTION_CODE, &program->code_count);
    program->lines = image_rows(image, header, SECTION_LINES, &program->line_count);
    program->sources = image_rows(image, header, SECTION_SOURCES, &program->source_count);
    program->copies = image_rows(image, header, SECTION_COPIES, &program->copy_count);
    program->timers = image_rows(image, header, SECTION_TIMERS, &program->timer_count);
    program->titles = image_rows(image, header, SECTION_TITLES, &program->title_count);
}

static enum bamboo_status decode_constant(const uint8_t *bytes, uint32_t size, uint32_t index,
                                          const char *name, struct bamboo_value *out,
                                          struct bamboo_error *error)
{
    struct byte_reader reader = reader_of(bytes, size);
    struct bamboo_error cause;
    struct bamboo_value value;
    enum bamboo_status status = value_decode(&reader, &value, &cause);
    if (status == BAMBOO_E_MEMORY) return fail_memory(error);
    if (status != BAMBOO_OK)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: constant %u: %s", name, index, cause.message);
    if (!reader_at_end(&reader)) {
        bamboo_value_release(value);
        return fail(error, BAMBOO_E_ARTIFACT, "%s: constant %u goes on behind its value", name,
                    index);
    }
    *out = value;
    return BAMBOO_OK;
}

/* Constants lie one behind the other: so the work is bounded by the size of the section. */
static enum bamboo_status decode_constants(struct program *program,
                                           const struct image_header *header, const char *name,
                                           struct bamboo_error *error)
{
    uint32_t count;
    uint32_t size;
    uint32_t next = 0;
    const struct image_constant *rows =
        image_rows(program->image, header, SECTION_CONSTANT_INDEX, &count);
    const uint8_t *bytes = image_rows(program->image, header, SECTION_CONSTANT_BYTES, &size);
    program->constants = memory_allocate_zeroed(count, sizeof *program->constants);
    if (!program->constants) return fail_memory(error);
    for (uint32_t i = 0; i < count; i++) {
        if (rows[i].offset != next || rows[i].size > size - next)
            return fail(error, BAMBOO_E_ARTIFACT,
                        "%s: constant %u does not lie at its place in its section", name, i);
        enum bamboo_status status =
            decode_constant(bytes + next, rows[i].size, i, name, &program->constants[i], error);
        if (status != BAMBOO_OK) return status;
        program->constant_count = i + 1;
        next += rows[i].size;
    }
    if (next != size)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: there are bytes behind the last constant", name);
    return BAMBOO_OK;
}

static enum bamboo_status copy_image(struct program *program, const void *bytes, size_t size,
                                     const char *name, struct image_header *header,
                                     struct bamboo_error *error)
{
    uint8_t *image = memory_allocate(size);
    if (!image) return fail_memory(error);
    memcpy(image, bytes, size);
    program->image = image;
    program->image_size = size;
    return image_read_header(image, size, name, header, error);
}

enum bamboo_status program_load(const void *bytes, size_t size, const char *name,
                                struct program **out, struct bamboo_error *error)
{
    enum bamboo_status status;
    struct image_header header = {.size = 0};
    struct program *program = NULL;
    if (!program_is_image(bytes, size))
        return fail(error, BAMBOO_E_ARTIFACT, "%s: this is not an artifact of bamboo", name);
    if (size > IMAGE_SIZE_MAX)
        return fail(error, BAMBOO_E_LIMIT, "%s: an artifact has at most %u MiB", name,
                    IMAGE_SIZE_MAX >> 20);
    program = memory_allocate_zeroed(1, sizeof *program);
    if (!program) return fail_memory(error);
    program->owners = 1;

    if ((status = copy_image(program, bytes, size, name, &header, error)) != BAMBOO_OK) goto done;
    point_at_sections(program, &header);
    if ((status = decode_constants(program, &header, name, error)) != BAMBOO_OK) goto done;
    if ((status = program_verify(program, name, error)) != BAMBOO_OK) goto done;
    digest_compute(bytes, size, program->digest);
    *out = program;
    program = NULL; /* now the caller's */
done:
    program_release(program);
    return status;
}
