/* test_support.c - module _testinternalcapi, as far as test.support asks it how the interpreter was configured: without it the
 * library's tests of tracebacks, code objects and dis would leave themselves out. What it does in CPython's C code is absent. */
#include "sim/modules/support.h"

#define FUNCTION(name)                                                                                                 \
    static value test_support_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

FUNCTION(get_config)
{
    UNUSED;
    value config = dict_new(vm);
    bool done = config != VALUE_NULL && dict_set_text(vm, dict_of(config), "code_debug_ranges", small_int(1)) &&
                dict_set_text(vm, dict_of(config), "use_hash_seed", small_int(1)) &&
                dict_set_text(vm, dict_of(config), "hash_seed", small_int(0));
    return done ? config : VALUE_NULL;
}

FUNCTION(get_recursion_depth)
{
    UNUSED;
    return small_int(vm->depth + vm->c_depth);
}

static const struct method_definition functions[] = {
    {"get_config", "()", test_support_get_config, 0, NULL},
    {"get_recursion_depth", "()", test_support_get_recursion_depth, 0, NULL},
    {0},
};

static bool test_support_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {{"SIZEOF_PYGC_HEAD", 16}, {0}};
    return support_add_constants(vm, module, constants);
}

const struct native_module test_support_module = {"_testinternalcapi", test_support_initialize, functions};
