/* test_cache_folder.c - the cache's folder stays below its limit, and what was used last stays in it. */
#include "core/cache_folder.h"

#include <CUnit/Basic.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/hybridsim-cache-XXXXXX";

static void path_of(char *path, size_t size, int number)
{
    snprintf(path, size, "%s/entry%02d", folder, number);
}

/* 20 files of 1000 bytes, each used a minute after the one before. */
static void fill(void)
{
    static const char bytes[1000];
    for (int i = 0; i < 20; i++) {
        char path[128];
        path_of(path, sizeof path, i);
        int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        CU_ASSERT_EQUAL_FATAL(write(file, bytes, sizeof bytes), (ssize_t)sizeof bytes);
        struct timespec used = {1000000 + 60 * i, 0};
        futimens(file, (struct timespec[]){used, used});
        close(file);
    }
}

static int first_left(void)
{
    for (int i = 0; i < 20; i++) {
        char path[128];
        path_of(path, sizeof path, i);
        if (access(path, F_OK) == 0)
            return i;
    }
    return 20;
}

static void test_below_limit(void)
{
    fill();
    cache_folder_prune(folder, 20000);
    CU_ASSERT_EQUAL(first_left(), 0);
}

static void test_above_limit(void)
{
    fill();
    cache_folder_prune(folder, 19999); /* until 9999 bytes are left */
    CU_ASSERT_EQUAL(first_left(), 11);
    cache_folder_written(folder, 1, 100);
    CU_ASSERT_EQUAL(first_left(), 11);
    cache_folder_written(folder, 0x300, 100);
    CU_ASSERT_EQUAL(first_left(), 20);
}

static void test_no_folder(void)
{
    cache_folder_prune("/no/such/folder", 1); /* nothing to do is no error */
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("cache folder", NULL, NULL);
    CU_add_test(suite, "below the limit", test_below_limit);
    CU_add_test(suite, "above the limit", test_above_limit);
    CU_add_test(suite, "no folder", test_no_folder);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    rmdir(folder);
    return failures != 0;
}
