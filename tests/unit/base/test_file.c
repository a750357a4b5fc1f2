#include "tests/unit/base/support.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

/* A folder for each test: *state is its path. */
static int make_folder(void **state)
{
    char *folder = strdup("/tmp/bamboo_test_file_XXXXXX");
    *state = folder;
    return folder && mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    int failed = rmdir(*state); /* a test leaves nothing behind, no temporary file either */
    free(*state);
    return failed;
}

static const char *path_in(const char *folder, const char *name)
{
    static _Thread_local char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void assert_content(const char *path, const char *expected)
{
    char *bytes = NULL;
    size_t size = 0;
    struct bamboo_error error = {0};
    if (file_read(path, 1000000, &bytes, &size, &error)) fail_msg("%s", error.message);
    assert_int_equal(size, strlen(expected));
    assert_string_equal(bytes, expected);
    memory_free(bytes);
}

static void what_is_written_is_read(void **state)
{
    const char *path = path_in(*state, "file");
    assert_int_equal(file_write(path, "first", 5, NULL), BAMBOO_OK);
    assert_content(path, "first");
    assert_int_equal(file_write(path, "second", 6, NULL), BAMBOO_OK);
    assert_content(path, "second");
    assert_int_equal(file_write(path, NULL, 0, NULL), BAMBOO_OK);
    assert_content(path, "");
    unlink(path);
}

static void large_files_come_whole(void **state)
{
    const char *path = path_in(*state, "file");
    size_t size = 300000;
    char *written = malloc(size + 1);
    assert_non_null(written);
    for (size_t i = 0; i < size; i++)
        written[i] = (char)('a' + i % 26);
    written[size] = '\0';
    assert_int_equal(file_write(path, written, size, NULL), BAMBOO_OK);
    assert_content(path, written);
    free(written);
    unlink(path);
}

static void a_file_at_the_limit_is_read_and_one_beyond_is_not(void **state)
{
    const char *path = path_in(*state, "file");
    char *bytes = NULL;
    size_t size = 0;
    struct bamboo_error error;
    assert_int_equal(file_write(path, "12345", 5, NULL), BAMBOO_OK);
    assert_int_equal(file_read(path, 5, &bytes, &size, &error), BAMBOO_OK);
    memory_free(bytes);
    assert_int_equal(file_read(path, 4, &bytes, &size, &error), BAMBOO_E_LIMIT);
    assert_non_null(strstr(error.message, "is larger than the limit of 4 bytes"));
    unlink(path);
}

static void a_missing_file_is_named(void **state)
{
    char *bytes = NULL;
    size_t size = 0;
    struct bamboo_error error;
    (void)state;
    assert_int_equal(file_read("/tmp/no/such/file", 5, &bytes, &size, &error), BAMBOO_E_IO);
    assert_string_equal(error.message,
                        "cannot open '/tmp/no/such/file': No such file or directory");
    assert_int_equal(file_write("/tmp/no/such/file", "x", 1, &error), BAMBOO_E_IO);
    assert_non_null(strstr(error.message, "No such file or directory"));
}

static void a_folder_is_neither_read_nor_written(void **state)
{
    char *bytes = NULL;
    size_t size = 0;
    struct bamboo_error error;
    assert_int_equal(file_read(*state, 5, &bytes, &size, &error), BAMBOO_E_IO);
    assert_non_null(strstr(error.message, "Is a directory"));
    assert_int_equal(file_write(*state, "x", 1, &error), BAMBOO_E_IO);
    assert_non_null(strstr(error.message, "Is a directory"));
}

static void permissions_are_kept(void **state)
{
    const char *path = path_in(*state, "file");
    struct stat info;
    assert_int_equal(file_write(path, "x", 1, NULL), BAMBOO_OK);
    assert_int_equal(chmod(path, 0741), 0);
    assert_int_equal(file_write(path, "y", 1, NULL), BAMBOO_OK);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0741);
    unlink(path);
}

static void a_symbolic_link_stays_one(void **state)
{
    char target[256];
    const char *path = path_in(*state, "target");
    struct stat info;
    snprintf(target, sizeof target, "%s", path);
    path = path_in(*state, "link");
    assert_int_equal(file_write(target, "old", 3, NULL), BAMBOO_OK);
    assert_int_equal(symlink("target", path), 0);
    assert_int_equal(file_write(path, "new", 3, NULL), BAMBOO_OK);
    assert_content(target, "new");
    assert_int_equal(lstat(path, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    unlink(path);
    unlink(target);
}

static void a_device_is_written_in_place(void **state)
{
    struct stat info;
    (void)state;
    assert_int_equal(file_write("/dev/null", "x", 1, NULL), BAMBOO_OK);
    assert_int_equal(stat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
}

static void a_full_disk_is_an_error(void **state)
{
    struct bamboo_error error;
    (void)state;
    assert_int_equal(file_write("/dev/full", "x", 1, &error), BAMBOO_E_IO);
    assert_string_equal(error.message, "cannot write '/dev/full': No space left on device");
}

#define FILE_TEST(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(what_is_written_is_read),
        FILE_TEST(large_files_come_whole),
        FILE_TEST(a_file_at_the_limit_is_read_and_one_beyond_is_not),
        FILE_TEST(a_missing_file_is_named),
        FILE_TEST(a_folder_is_neither_read_nor_written),
        FILE_TEST(permissions_are_kept),
        FILE_TEST(a_symbolic_link_stays_one),
        FILE_TEST(a_device_is_written_in_place),
        FILE_TEST(a_full_disk_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
