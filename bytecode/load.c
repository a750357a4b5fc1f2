/* program_load(): the only maker of a struct program. */
#include <string.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/value_codec.h"
#include "base/value_layout.h"
#include "bytecode/image_compress.h"
#include "bytecode/image_reader.h"
#include "bytecode/verify.h"

static void point_at_sections(struct program *program, const struct image_content *content)
{
    const uint8_t *image = program->image;
    program->kind = content->kind;
    program->pipelines = image_rows(image, content, SECTION_PIPELINES, &program->pipeline_count);
    program->nodes = image_rows(image, content, SECTION_NODES, &program->node_count);
    program->flows = image_rows(image, content, SECTION_FLOWS, &program->flow_count);
    program->variables = image_rows(image, content, SECTION_VARIABLES, &program->variable_count);
    program->outputs = image_rows(image, content, SECTION_OUTPUTS, &program->output_count);
    program->components = image_rows(image, content, SECTION_COMPONENTS, &program->component_count);
    program->functions = image_rows(image, content, SECTION_FUNCTIONS, &program->function_count);
    program->policies = image_rows(image, content, SECTION_POLICIES, &program->policy_count);
    program->code = image_rows(image, content, SECTION_CODE, &program->code_count);
    program->lines = image_rows(image, content, SECTION_LINES, &program->line_count);
    program->sources = image_rows(image, content, SECTION_SOURCES, &program->source_count);
    program->copies = image_rows(image, content, SECTION_COPIES, &program->copy_count);
    program->timers = image_rows(image, content, SECTION_TIMERS, &program->timer_count);
    program->titles = image_rows(image, content, SECTION_TITLES, &program->title_count);
}

/* Appends the next constant; *memory counts what they take. */
static enum bamboo_status decode_constant(struct program *program, struct byte_reader *reader,
                                          size_t *memory, const char *name,
                                          struct bamboo_error *error)
{
    struct bamboo_error cause;
    struct bamboo_value *value = &program->constants[program->constant_count];
    enum bamboo_status status = value_decode(reader, value, &cause);
    if (status == BAMBOO_E_MEMORY) return fail_memory(error);
    if (status != BAMBOO_OK)
        return fail(error, BAMBOO_E_ARTIFACT, "%s: constant %u: %s", name, program->constant_count,
                    cause.message);
    program->constant_count++;
    *memory += sizeof *value + value_total(*value);
    if (*memory > CONSTANT_MEMORY_MAX)
        return fail(error, BAMBOO_E_LIMIT, "%s: the constants of an artifact take at most %u MiB",
                    name, CONSTANT_MEMORY_MAX >> 20);
    return BAMBOO_OK;
}

/* Constants lie one behind the other and fill their section: so memory grows with what was seen. */
static enum bamboo_status decode_constants(struct program *program,
                                           const struct image_content *content, const char *name,
                                           struct bamboo_error *error)
{
    uint32_t size;
    const uint8_t *bytes = image_rows(program->image, content, SECTION_CONSTANTS, &size);
    struct byte_reader reader = reader_of(bytes, size);
    size_t capacity = 0, memory = 0;
    enum bamboo_status status = BAMBOO_OK;
    while (status == BAMBOO_OK && !reader_at_end(&reader)) {
        if (!memory_grow((void **)&program->constants, &capacity,
                         (size_t)program->constant_count + 1, sizeof *program->constants))
            return fail_memory(error);
        status = decode_constant(program, &reader, &memory, name, error);
    }
    return status;
}

/* The image of a program is a copy of `bytes`, or what they hold compressed. */
static enum bamboo_status take_image(struct program *program, const void *bytes, size_t size,
                                     const char *name, struct image_content *content,
                                     struct bamboo_error *error)
{
    uint8_t *image;
    if (image_is_compressed(bytes, size)) {
        enum bamboo_status status = image_decompress(bytes, size, name, &image, &size, error);
        if (status != BAMBOO_OK) return status;
    } else {
        image = memory_allocate(size);
        if (!image) return fail_memory(error);
        memcpy(image, bytes, size);
    }
    program->image = image;
    program->image_size = size;
    return image_read_header(image, size, name, content, error);
}

enum bamboo_status program_load(const void *bytes, size_t size, const char *name,
                                struct program **out, struct bamboo_error *error)
{
    enum bamboo_status status;
    struct image_content content = {.kind = IMAGE_FLOW};
    struct program *program = NULL;
    if (!program_is_image(bytes, size))
        return fail(error, BAMBOO_E_ARTIFACT, "%s: this is not an artifact of bamboo", name);
    if (size > IMAGE_SIZE_MAX)
        return fail(error, BAMBOO_E_LIMIT, "%s: an artifact has at most %u MiB", name,
                    IMAGE_SIZE_MAX >> 20);
    program = memory_allocate_zeroed(1, sizeof *program);
    if (!program) return fail_memory(error);
    program->owners = 1;

    if ((status = take_image(program, bytes, size, name, &content, error)) != BAMBOO_OK) goto done;
    point_at_sections(program, &content);
    if ((status = decode_constants(program, &content, name, error)) != BAMBOO_OK) goto done;
    if ((status = program_verify(program, name, error)) != BAMBOO_OK) goto done;
    digest_compute(program->image, program->image_size, program->digest);
    *out = program;
    program = NULL; /* now the caller's */
done:
    program_release(program);
    return status;
}
