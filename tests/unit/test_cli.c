/* test_cli.c - the command line from inside: finding specs, the commands' exit statuses, runs in processes and their comparison. */
#include "cli/commands.h"
#include "cli/run_process.h"
#include "cli/spec_path.h"

#include <CUnit/Basic.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Standard output and error while a command runs: what it printed is not the subject here. */
static int silenced[2];

static void silence(void)
{
    fflush(NULL);
    int null = open("/dev/null", O_WRONLY);
    for (int i = 0; i < 2; i++) {
        silenced[i] = dup(STDOUT_FILENO + i);
        dup2(null, STDOUT_FILENO + i);
    }
    close(null);
}

static void restore(void)
{
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        dup2(silenced[i], STDOUT_FILENO + i);
        close(silenced[i]);
    }
}

static int quietly(int (*command)(int, char **), int argc, char **argv)
{
    silence();
    int status = command(argc, argv);
    restore();
    return status;
}

static void test_spec_path(void)
{
    struct diag diag;
    diag_init(&diag);
    char *by_name = spec_path_isa("hybrid", &diag), *by_path = spec_path_isa(SOURCE_DIR "/isa-specs/hybrid.yaml", &diag);
    char *machine = spec_path_machine("ideal", &diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(by_name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(by_path);
    CU_ASSERT_PTR_NOT_NULL_FATAL(machine);
    CU_ASSERT_PTR_NOT_NULL(strstr(by_name, "hybrid.yaml"));
    CU_ASSERT_STRING_EQUAL(by_path, SOURCE_DIR "/isa-specs/hybrid.yaml");
    CU_ASSERT_PTR_NOT_NULL(strstr(machine, "machines/ideal.yaml"));
    CU_ASSERT_EQUAL(diag.count, 0);
    CU_ASSERT_PTR_NULL(spec_path_isa("no-such-isa", &diag));
    CU_ASSERT_EQUAL(diag.count, 1);
    free(by_name);
    free(by_path);
    free(machine);
    diag_free(&diag);
}

static void test_command_statuses(void)
{
    char isa[] = "isa", check[] = "check", hybrid[] = "hybrid", nothing[] = "no-such-isa", translate_name[] = "translate";
    char run[] = "run", missing[] = "/no/such/program.py", bad[] = "--no-such-option";
    CU_ASSERT_EQUAL(quietly(command_isa, 3, (char *[]){isa, check, hybrid, NULL}), 0);
    CU_ASSERT_EQUAL(quietly(command_isa, 3, (char *[]){isa, check, nothing, NULL}), EXIT_USER_ERROR);
    CU_ASSERT_EQUAL(quietly(command_isa, 2, (char *[]){isa, bad, NULL}), EXIT_USER_ERROR);
    CU_ASSERT_EQUAL(quietly(command_translate, 2, (char *[]){translate_name, missing, NULL}), EXIT_USER_ERROR);
    CU_ASSERT_EQUAL(quietly(command_run, 2, (char *[]){run, bad, NULL}), EXIT_USER_ERROR);
}

static struct isa *load(const char *name)
{
    struct diag diag;
    diag_init(&diag);
    char *path = spec_path_isa(name, &diag);
    struct isa *isa = path ? isa_load(path, NULL, &diag) : NULL;
    free(path);
    diag_free(&diag);
    return isa;
}

/* Two runs of a program: the second's output is compared with the first's, and is not shown. */
static void test_runs(void)
{
    struct isa *isas[] = {load("stack"), load("hybrid")};
    CU_ASSERT_FATAL(isas[0] && isas[1]);
    struct diag diag;
    diag_init(&diag);
    struct run_program program = {.command = "import sys\nprint('one')\nprint('two', file=sys.stderr)\nsys.exit(5)",
                                  .python = "/usr/bin/python3"};
    silence();
    struct run_set *set = run_set_new(&program, isas, 2, &diag);
    struct run_outcome first = run_set_next(set), second = run_set_next(set);
    bool same = run_set_compare(set, isas[1], isas[0], &diag);
    restore();
    CU_ASSERT_TRUE(first.started && second.started && same);
    CU_ASSERT_EQUAL(first.exit_status, 5);
    CU_ASSERT_EQUAL(second.exit_status, 5);
    CU_ASSERT_EQUAL(first.died_of, 0);
    CU_ASSERT_FATAL(first.timing && second.timing);
    CU_ASSERT_TRUE(first.timing->total.instructions > second.timing->total.instructions);
    CU_ASSERT_TRUE(second.timing->total.instructions > 0);
    CU_ASSERT_EQUAL(run_set_signal(set), 0);
    timing_result_free(first.timing);
    timing_result_free(second.timing);
    run_set_free(set);
    isa_free(isas[0]);
    isa_free(isas[1]);
    diag_free(&diag);
}

int main(void)
{
    setenv("HYBRIDSIM_SPECS", SOURCE_DIR "/isa-specs", 1);
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("cli", NULL, NULL);
    CU_add_test(suite, "spec_path", test_spec_path);
    CU_add_test(suite, "command_statuses", test_command_statuses);
    CU_add_test(suite, "runs", test_runs);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
