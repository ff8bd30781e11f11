/* vm_suite.h - for unit tests of sim/runtime: a runtime of their own, and the suite that uses it. */
#ifndef HYBRIDSIM_TESTS_UNIT_VM_SUITE_H
#define HYBRIDSIM_TESTS_UNIT_VM_SUITE_H

#include "sim/runtime/types.h"

#include <CUnit/Basic.h>

/* A runtime without an engine whose C stack is scanned from the caller's frame on: to be called by main itself. */
#define VM_START() \
    vm_new(&(const struct vm_options){.c_stack_base = __builtin_frame_address(0), .work = suite_work, .stdin_fd = 0, \
                                      .stdout_fd = 1, .stderr_fd = 2, .executable = "python3"})
static uint64_t suite_work[64];

/* Runs the registered suites and ends the runtime; main's result. */
static inline int vm_suite_finish(struct vm *vm)
{
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    vm_free(vm);
    return failures ? 1 : 0;
}

#endif
