/* Runs recorded cases: run_cases PLUGIN FOLDER [NAME]. Prints each difference, then "N passed, M
 * failed". With NAME, only cases with that in their name; it also prints what each of them came
 * to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/conformance/compare.h"
#include "tests/conformance/expression.h"
#include "tests/conformance/ways.h"

struct runner {
    const struct bamboo_library *library;
    const char *folder; /* for stores */
    const char *only;   /* or NULL */
    size_t passed, failed;
};

static void print_outcome(const struct differences *differences, struct bamboo_value got)
{
    struct bamboo_value text;
    if (bamboo_json_print(got, 2, &text, NULL) != BAMBOO_OK) return;
    printf("%s [%s] came to %s\n", differences->name, differences->way,
           bamboo_string_bytes(text, NULL));
    bamboo_value_release(text);
}

static void check_flow_in(enum way way, struct runner *runner, struct differences *differences,
                          struct bamboo_value content)
{
    struct bamboo_value got;
    struct bamboo_error error = {0};
    differences->way = way_name(way);
    if (run_case(way, runner->library, content, runner->folder, &got, &error) != BAMBOO_OK) {
        differ(differences, "%s", error.message);
        return;
    }
    if (runner->only) print_outcome(differences, got);
    compare_run(differences, root_of(content), bamboo_map_get(content, "expect"), got);
    bamboo_value_release(got);
}

static void check_flow(struct runner *runner, struct differences *differences,
                       struct bamboo_value content)
{
    for (enum way way = 0; way < WAY_COUNT; way++)
        check_flow_in(way, runner, differences, content);
}

static void check_case(void *context, const struct conformance_case *each)
{
    struct runner *runner = context;
    struct differences differences = {.file = each->file, .name = each->name};
    if (runner->only && !strstr(each->name, runner->only)) return;
    switch (each->kind) {
    case CASE_FLOW: check_flow(runner, &differences, each->content); break;
    case CASE_RULE: check_rule(&differences, runner->library, each->content); break;
    case CASE_TEMPLATE: check_template(&differences, runner->library, each->content); break;
    }
    if (differences.count == 0)
        runner->passed++;
    else
        runner->failed++;
}

static bool run_folder(struct runner *runner, const char *cases)
{
    char folder[] = "/tmp/bamboo-conformance.XXXXXX";
    if (!mkdtemp(folder)) {
        perror(folder);
        return false;
    }
    runner->folder = folder;
    bool read = read_cases(cases, check_case, runner);
    rmdir(folder);
    printf("%zu passed, %zu failed\n", runner->passed, runner->failed);
    return read && runner->failed == 0;
}

int main(int argc, char **argv)
{
    struct bamboo_library *library = NULL;
    struct bamboo_error error = {0};
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: run_cases PLUGIN FOLDER [NAME]\n");
        return 2;
    }
    const char *plugins[] = {argv[1]};
    if (bamboo_library_create(plugins, 1, &library, &error) != BAMBOO_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 2;
    }
    struct runner runner = {.library = library, .only = argc == 4 ? argv[3] : NULL};
    bool good = run_folder(&runner, argv[2]);
    bamboo_library_destroy(library);
    return good ? 0 : 1;
}
