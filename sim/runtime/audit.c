/* audit.c - see audit.h. */
#include "sim/runtime/audit.h"

#include "sim/runtime/exception.h"
#include "sim/runtime/types.h"

bool audit_event(struct vm *vm, value event, value arguments)
{
    if (!audit_wanted(vm))
        return true;
    for (uint32_t i = 0; i < list_of(vm->audit_hooks)->length; i++) /* a hook may add another one */
        if (call_2(vm, list_of(vm->audit_hooks)->items[i], event, arguments) == VALUE_NULL)
            return false;
    return true;
}

bool audit_values(struct vm *vm, const char *event, const value *arguments, size_t count)
{
    value name = string_from_text(vm, event), tuple = tuple_from(vm, arguments, count);
    if (name == VALUE_NULL || tuple == VALUE_NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (tuple_of(tuple)->items[i] == VALUE_NULL)
            tuple_of(tuple)->items[i] = NONE;
    return audit_event(vm, name, tuple);
}

/* Those that are there may refuse a new one, which then is passed over. */
bool audit_add(struct vm *vm, value hook)
{
    if (!audit_event(vm, string_from_text(vm, "sys.addaudithook"), vm->empty_tuple)) {
        if (!exception_matches(vm, &exc_Exception))
            return false;
        exception_clear(vm);
        return true;
    }
    if (!audit_wanted(vm))
        vm->audit_hooks = list_new(vm, 0);
    return vm->audit_hooks != VALUE_NULL && list_append(vm, list_of(vm->audit_hooks), hook);
}
