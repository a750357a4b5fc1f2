/* The loader, the verifier and a short execution: any bytes are refused with one sentence, or run
 * without reading or writing out of bounds. The checksum is mended first, so that it does not keep
 * the fuzzer out; so is that of an image which comes compressed. */
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "bytecode/disassemble.h"
#include "bytecode/image_compress.h"
#include "bytecode/program.h"
#include "tests/fuzz/execute.h"
#include "tests/fuzz/fuzz.h"

static void mend_checksum(uint8_t *bytes, size_t size)
{
    const size_t at = offsetof(struct image_header, checksum);
    if (size < at + DIGEST_SIZE) return;
    memset(bytes + at, 0, DIGEST_SIZE);
    uint8_t digest[DIGEST_SIZE];
    digest_compute(bytes, size, digest);
    memcpy(bytes + at, digest, DIGEST_SIZE);
}

/* The bytes, or what they hold compressed; to be freed, NULL if they hold nothing. */
static uint8_t *copy_image(const uint8_t *bytes, size_t *size)
{
    uint8_t *copy = NULL;
    if (image_is_compressed(bytes, *size)) {
        if (image_decompress(bytes, *size, "fuzz.bbc", &copy, size, NULL) != BAMBOO_OK) return NULL;
        return copy;
    }
    copy = memory_allocate(*size);
    if (copy) memcpy(copy, bytes, *size);
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = copy_image(bytes, &size);
    if (!copy) return 0;
    mend_checksum(copy, size);
    struct program *program = NULL;
    struct bamboo_error error = {0};
    if (program_load(copy, size, "fuzz.bbc", &program, &error) == BAMBOO_OK) {
        struct text listing = {0};
        disassemble_program(program, &listing);
        text_release(&listing);
        execute(program);
        program_release(program);
    }
    memory_free(copy);
    return 0;
}
