/* The loader, the verifier and a short execution: any bytes are refused with one sentence, or run
 * without reading or writing out of bounds. The checksum is mended first, so that it does not keep
 * the fuzzer out. */
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "bytecode/disassemble.h"
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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = memory_allocate(size ? size : 1);
    if (!copy) return 0;
    memcpy(copy, bytes, size);
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
