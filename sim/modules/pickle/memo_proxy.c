/* memo_proxy.c - see pickle.h: the memo of a pickler or an unpickler as an object. */
#include "sim/modules/pickle/pickle.h"

value memo_proxy_new(struct vm *vm, struct type *type, value owner)
{
    struct memo_proxy *proxy = GC_NEW(vm, struct memo_proxy, type);
    if (!proxy)
        return VALUE_NULL;
    proxy->owner = owner;
    return object_value(proxy);
}

void memo_proxy_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((const struct memo_proxy *)object)->owner);
}

/* (dict, (its copy,)) */
value memo_proxy_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value copy = call_method(vm, self, "copy", NULL, 0);
    value given = copy == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 1, copy);
    return given == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(&dict_type), given);
}
