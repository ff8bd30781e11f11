/* sys_async.c - what module sys says about asynchronous generators and coroutines. */
#include "sim/modules/sys.h"
#include "sim/runtime/async.h"
#include "sim/runtime/record.h"

#define FUNCTION(name) \
    static value sys_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static const char *const hook_names[] = {"firstiter", "finalizer"};
static struct record_type hooks_type = RECORD_TYPE("asyncgen_hooks", hook_names, 2, 2, NULL);

FUNCTION(set_asyncgen_hooks)
{
    UNUSED;
    for (int i = 0; i < 2; i++)
        if (arguments[i] != VALUE_NULL && arguments[i] != NONE && !value_type(vm, arguments[i])->call)
            return raise_error(vm, &exc_TypeError, "callable %s expected, got %T", hook_names[i], arguments[i]);
    for (int i = 0; i < 2; i++)
        if (arguments[i] != VALUE_NULL)
            vm->async_hooks[i] = arguments[i];
    return NONE;
}

FUNCTION(get_asyncgen_hooks)
{
    UNUSED;
    return record_new(vm, &hooks_type, vm->async_hooks);
}

FUNCTION(set_coroutine_origin_tracking_depth)
{
    UNUSED;
    int64_t depth;
    if (!value_to_int64(vm, arguments[0], &depth))
        return VALUE_NULL;
    if (depth < 0)
        return raise_error(vm, &exc_ValueError, "depth must be >= 0");
    vm->origin_depth = depth > UINT32_MAX ? UINT32_MAX : (uint32_t)depth;
    return NONE;
}

FUNCTION(get_coroutine_origin_tracking_depth)
{
    UNUSED;
    return small_int(vm->origin_depth);
}

static const struct method_definition functions[] = {
    {"set_asyncgen_hooks", "(firstiter=None, finalizer=None)", sys_set_asyncgen_hooks, 0, NULL},
    {"get_asyncgen_hooks", "()", sys_get_asyncgen_hooks, 0, NULL},
    {"set_coroutine_origin_tracking_depth", "(depth)", sys_set_coroutine_origin_tracking_depth, 0, NULL},
    {"get_coroutine_origin_tracking_depth", "()", sys_get_coroutine_origin_tracking_depth, 0, NULL},
    {0},
};

bool sys_async_add(struct vm *vm, struct dict_object *dict, value module)
{
    for (const struct method_definition *definition = functions; definition->name; definition++) {
        value function = native_function_new(vm, definition, module, "sys");
        if (function == VALUE_NULL || !dict_set_text(vm, dict, definition->name, function))
            return false;
    }
    return record_ready(vm, &hooks_type);
}
