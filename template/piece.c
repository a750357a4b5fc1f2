#include "template/tree.h"

enum bamboo_status piece_parse(struct evaluation *evaluation, const char *text, size_t size,
                               struct piece **out)
{
    (void)text, (void)size;
    *out = NULL;
    return evaluation_pay(evaluation, 1);
}
