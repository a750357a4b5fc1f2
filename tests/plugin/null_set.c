/* A plugin that must be refused: it gives no set. */
#include "../../include/bamboo_component.h"

BAMBOO_API const struct bamboo_component_set *bamboo_plugin_components(void);

const struct bamboo_component_set *bamboo_plugin_components(void)
{
    return NULL;
}
