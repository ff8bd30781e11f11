/* atexit.c - module atexit, over vm->exit_functions; module_run_exit_functions calls them when the program ends. */
#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/module.h"

#define FUNCTION(name)                                                                                                 \
    static value atexit_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

static bool has_functions(struct vm *vm)
{
    return is_object(vm->exit_functions) && has_flag(vm->exit_functions, TYPE_LIST);
}

FUNCTION(register)
{
    (void)self;
    if (count == 0)
        return raise_error(vm, &exc_TypeError, "register() takes at least 1 argument (0 given)");
    if (!value_type(vm, arguments[0])->call)
        return raise_error(vm, &exc_TypeError, "the first argument must be callable");
    value positional = tuple_from(vm, arguments + 1, count - 1), keywords = dict_new(vm);
    if (positional == VALUE_NULL || keywords == VALUE_NULL)
        return VALUE_NULL;
    for (size_t i = 0; i < keyword_count(keyword_names); i++)
        if (!dict_set(vm, dict_of(keywords), tuple_of(keyword_names)->items[i], arguments[count + i]))
            return VALUE_NULL;
    if (!has_functions(vm) && (vm->exit_functions = list_new(vm, 0)) == VALUE_NULL)
        return VALUE_NULL;
    value entry = tuple_pack(vm, 3, arguments[0], positional, keywords);
    return entry != VALUE_NULL && list_append(vm, list_of(vm->exit_functions), entry) ? arguments[0] : VALUE_NULL;
}

FUNCTION(unregister)
{
    UNUSED;
    if (!has_functions(vm))
        return NONE;
    value kept = list_new(vm, 0);
    if (kept == VALUE_NULL)
        return VALUE_NULL;
    for (uint32_t i = 0; i < list_of(vm->exit_functions)->length; i++) {
        value entry = list_of(vm->exit_functions)->items[i];
        int equal = compare_truth(vm, COMPARE_EQ, tuple_of(entry)->items[0], arguments[0]);
        if (equal < 0 || (!equal && !list_append(vm, list_of(kept), entry)))
            return VALUE_NULL;
    }
    vm->exit_functions = kept;
    return NONE;
}

FUNCTION(clear)
{
    UNUSED;
    if (has_functions(vm))
        vm->exit_functions = list_new(vm, 0);
    return vm->exit_functions == VALUE_NULL && vm->pending != VALUE_NULL ? VALUE_NULL : NONE;
}

FUNCTION(run)
{
    UNUSED;
    if (has_functions(vm))
        module_run_exit_functions(vm);
    return NONE;
}

FUNCTION(count)
{
    UNUSED;
    return small_int(has_functions(vm) ? list_of(vm->exit_functions)->length : 0);
}

static const struct method_definition functions[] = {
    {"register", NULL, atexit_register, 0, NULL},
    {"unregister", "(func, /)", atexit_unregister, 0, NULL},
    {"_clear", "()", atexit_clear, 0, NULL},
    {"_run_exitfuncs", "()", atexit_run, 0, NULL},
    {"_ncallbacks", "()", atexit_count, 0, NULL},
    {0},
};

const struct native_module atexit_module = {"atexit", NULL, functions};
