/* States of nodes and runs as people see them: a word, a symbol, a colour. */
#ifndef CLI_LOOK_H
#define CLI_LOOK_H

#include "cli/output.h"

enum look {
#define LOOK(name, word, symbol, plain, style) LOOK_##name,
#include "cli/looks.def"
#undef LOOK
    LOOK_COUNT
};

/* Columns of the longest word. */
#define LOOK_COLUMNS 9

const char *look_word(enum look look);
const char *look_symbol(const struct pen *pen, enum look look);
enum style look_style(enum look look);

/* Of a node, as bamboo_show() and events describe it. */
enum look look_of_node(struct bamboo_value node);

/* Of a run: a row of bamboo_list_runs(). */
enum look look_of_run(struct bamboo_value row);

/* Of `settled` of bamboo_show(). */
enum look look_of_settled(const char *settled);

/* Is the node one that people want to see: work, a subprocess, or something that needs attention?
 */
bool node_is_interesting(struct bamboo_value node);

/* The entry of a map; missing if it is not there, or if `map` is no map. */
struct bamboo_value map_at(struct bamboo_value map, const char *key);

/* A text, an integer or a flag of a map; "", 0 or false if it is not there. */
const char *map_text(struct bamboo_value map, const char *key);
int64_t map_integer(struct bamboo_value map, const char *key);
bool map_flag(struct bamboo_value map, const char *key);

/* What people call a node: `label` of a description where it has one, else its path. */
const char *node_label(struct bamboo_value node);

/* The part of a path behind the last '/'. */
const char *path_name(const char *path);

#endif
