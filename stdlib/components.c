#include "stdlib/components.h"

#include "stdlib/component_list.h"

static const struct bamboo_component *const ITEMS[] = {
#define COMPONENT(code) &STDLIB_##code,
#include "stdlib/components.def"
#undef COMPONENT
};

static const struct bamboo_component_set COMPONENTS = {ITEMS, 0
#define COMPONENT(code) +1
#include "stdlib/components.def"
#undef COMPONENT
};

const struct bamboo_component_set *stdlib_components(void)
{
    return &COMPONENTS;
}
