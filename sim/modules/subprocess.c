/* subprocess.c - module _posixsubprocess: a simulated program starts no processes. */
#include "sim/modules/sandbox.h"
#include "sim/modules/support.h"

static value fork_exec(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)arguments, (void)count, (void)keyword_names;
    return sandbox_refuse(vm, "subprocess");
}

static const struct method_definition functions[] = {{"fork_exec", NULL, fork_exec, 0, NULL}, {0}};

const struct native_module subprocess_module = {"_posixsubprocess", NULL, functions};
