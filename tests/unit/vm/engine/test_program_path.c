/* Programs are found where the system would find them, and a stale memory does no harm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "vm/engine/program_path.h"

static char folder[] = "/tmp/bamboo-program-path-XXXXXX";
static char before[8192];

static void path_of(char *out, size_t size, const char *name)
{
    snprintf(out, size, "%s/%s", folder, name);
}

static void make_file(const char *name, mode_t mode)
{
    char path[256];
    path_of(path, sizeof path, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(before, sizeof before, "%s", getenv("PATH"));
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[300];
    (void)state;
    setenv("PATH", before, 1);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void the_first_executable_file_of_the_folders_is_found(void **state)
{
    (void)state;
    struct program_paths paths = {0};
    char folders[300], expected[256], directory[256];
    make_file("plain", 0644);
    make_file("tool", 0755);
    path_of(directory, sizeof directory, "folder");
    assert_int_equal(mkdir(directory, 0755), 0);
    snprintf(folders, sizeof folders, "/no/such/folder:%s:/usr/bin:/bin", folder);
    setenv("PATH", folders, 1);
    path_of(expected, sizeof expected, "tool");
    assert_string_equal(program_path_find(&paths, "tool"), expected);
    assert_string_equal(program_path_find(&paths, "tool"), expected);
    assert_null(program_path_find(&paths, "plain"));
    assert_null(program_path_find(&paths, "folder"));
    assert_null(program_path_find(&paths, "no-such-program"));
    program_paths_release(&paths);
}

static void what_depends_on_the_directory_is_left_to_the_system(void **state)
{
    (void)state;
    struct program_paths paths = {0};
    make_file("tool", 0755);
    setenv("PATH", folder, 1);
    assert_null(program_path_find(&paths, "./tool"));
    assert_null(program_path_find(&paths, "/bin/sh"));
    assert_null(program_path_find(&paths, ""));
    char folders[300];
    const char *const FIRST[] = {"", ".", "relative"};
    for (size_t i = 0; i < sizeof FIRST / sizeof *FIRST; i++) {
        snprintf(folders, sizeof folders, "%s:%s", FIRST[i], folder);
        setenv("PATH", folders, 1);
        assert_null(program_path_find(&paths, "tool"));
    }
    unsetenv("PATH");
    assert_null(program_path_find(&paths, "tool"));
    program_paths_release(&paths);
}

static void another_path_is_searched_anew(void **state)
{
    (void)state;
    struct program_paths paths = {0};
    make_file("sh", 0755);
    setenv("PATH", "/bin", 1);
    assert_string_equal(program_path_find(&paths, "sh"), "/bin/sh");
    char expected[256];
    path_of(expected, sizeof expected, "sh");
    setenv("PATH", folder, 1);
    assert_string_equal(program_path_find(&paths, "sh"), expected);
    program_paths_release(&paths);
}

static void more_programs_than_are_remembered_are_all_found(void **state)
{
    (void)state;
    struct program_paths paths = {0};
    char name[16], expected[256];
    setenv("PATH", folder, 1);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 2 * PROGRAM_PATH_COUNT; i++) {
            snprintf(name, sizeof name, "tool%d", i);
            if (round == 0) make_file(name, 0755);
            path_of(expected, sizeof expected, name);
            assert_string_equal(program_path_find(&paths, name), expected);
        }
    program_paths_release(&paths);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_first_executable_file_of_the_folders_is_found),
        TEST(what_depends_on_the_directory_is_left_to_the_system),
        TEST(another_path_is_searched_anew),
        TEST(more_programs_than_are_remembered_are_all_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
