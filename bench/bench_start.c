/* Cold start: a whole `bamboo run` of a flow with one node, as a process, on a store that exists,
 * beside `sqlite3 :memory: "select 1"`, in turn. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/measure.h"

#define STARTS 50

static void measure(char **bamboo, const char *durability)
{
    char *nothing[] = {(char *)"/bin/true", NULL};
    char *sqlite[] = {(char *)"sqlite3", (char *)":memory:", (char *)"select 1", NULL};
    double ours[STARTS], theirs[STARTS], bare[STARTS];
    for (int i = -5; i < STARTS; i++) {
        int at = i < 0 ? 0 : i;
        ours[at] = time_command(bamboo);
        theirs[at] = time_command(sqlite);
        bare[at] = time_command(nothing);
    }
    const char *name = "cold start of bamboo run, one node";
    report("limit: start of /bin/true", "-", "ms", bare, STARTS);
    report("limit: sqlite3 :memory: select 1", "-", "ms", theirs, STARTS);
    report(name, durability, "ms", ours, STARTS);
    report_ratio(name, durability, "sqlite3 :memory: select 1", AT_MOST(3), ours, theirs, STARTS);
}

int main(void)
{
    static const char *const DURABILITIES[] = {"none", "full"};
    char *bamboo = getenv("BAMBOO");
    if (!bamboo) bamboo = (char *)"./bamboo";
    char flow[128], store[128];
    const char *folder = make_folder();
    snprintf(flow, sizeof flow, "%s/one.bamboo", folder);
    FILE *file = fopen(flow, "w");
    if (!file || fputs("pipeline one() {\n    noop()\n}\n", file) < 0 || fclose(file) != 0) {
        perror(flow);
        return 1;
    }
    for (size_t i = 0; i < 2; i++) {
        snprintf(store, sizeof store, "--store=%s/%s.db", folder, DURABILITIES[i]);
        measure((char *[]){bamboo, (char *)"run", flow, store, (char *)"--durability",
                           (char *)DURABILITIES[i], NULL},
                DURABILITIES[i]);
    }
    remove_folder();
    return 0;
}
