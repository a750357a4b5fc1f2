/* What the checksums of rows are over. */
#include <assert.h>
#include <string.h>

#include "base/bytes.h"
#include "vm/store/store_sqlite.h"

int64_t sqlite_sum(const uint64_t *numbers, size_t count, const void *bytes, size_t size)
{
    uint8_t head[8 * SQLITE_SUM_NUMBERS] = {0};
    assert(count <= SQLITE_SUM_NUMBERS);
    for (size_t i = 0; i < 8 * count; i++)
        head[i] = (uint8_t)(numbers[i / 8] >> (8 * (i % 8)));
    uint8_t digest[DIGEST_SIZE];
    digest_compute_two(head, 8 * count, bytes, size, digest);
    struct byte_reader reader = reader_of(digest, sizeof digest);
    return (int64_t)reader_u64(&reader);
}

/* A text as one of the numbers. */
static uint64_t text_number(const char *text)
{
    return (uint64_t)sqlite_sum(NULL, 0, text, strlen(text));
}

int64_t sqlite_sum_events(uint64_t run, uint64_t first, uint64_t last, uint64_t fence,
                          const void *bytes, size_t size)
{
    const uint64_t numbers[] = {run, first, last, fence};
    return sqlite_sum(numbers, fence == 0 ? 3 : 4, bytes, size);
}

int64_t sqlite_sum_snapshot(uint64_t run, uint64_t sequence, const void *bytes, size_t size)
{
    const uint64_t numbers[] = {run, 0, sequence};
    return sqlite_sum(numbers, 3, bytes, size);
}

int64_t sqlite_sum_run(const char *id, const char *name, const uint8_t digest[DIGEST_SIZE],
                       int64_t created)
{
    const uint64_t numbers[] = {text_number(id), text_number(name), (uint64_t)created};
    return sqlite_sum(numbers, 3, digest, DIGEST_SIZE);
}

int64_t sqlite_sum_log(uint64_t run, const struct store_log *log)
{
    const uint64_t numbers[] = {run, log->attempt, log->stream, (uint64_t)log->time,
                                text_number(log->node)};
    return sqlite_sum(numbers, 5, log->bytes, log->size);
}

int64_t sqlite_sum_mail(const char *id, const struct store_mail *mail)
{
    const uint64_t numbers[] = {text_number(id), text_number(mail->actor), (uint64_t)mail->time};
    return sqlite_sum(numbers, 3, mail->program, mail->size);
}

int64_t sqlite_sum_reply(uint64_t mail, uint32_t status, const void *text, size_t size)
{
    const uint64_t numbers[] = {mail, status};
    return sqlite_sum(numbers, 2, text, size);
}
