/* A shared object that is no plugin. */
extern const int not_a_plugin;
const int not_a_plugin = 1;
