/* Runs a fuzz target over files without a fuzzer: the corpus is a test. */
#include <stdio.h>

#include "base/file.h"
#include "base/memory.h"
#include "tests/fuzz/fuzz.h"

int main(int count, char **paths)
{
    int failed = 0;
    for (int i = 1; i < count; i++) {
        char *bytes;
        size_t size;
        struct bamboo_error error;
        if (file_read(paths[i], (size_t)1 << 30, &bytes, &size, &error) != BAMBOO_OK) {
            fprintf(stderr, "%s\n", error.message);
            failed++;
            continue;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
        memory_free(bytes);
    }
    printf("%d passed, %d failed\n", count - 1 - failed, failed);
    return failed > 0;
}
