/* callback.c - Python functions that C calls. An exception in one is shown (sys.unraisablehook), and the C code goes on. */
#include "sim/modules/ctypes/ctypes.h"
#include "sim/runtime/warning.h"

#include <errno.h>

static void callback_trace(struct vm *vm, struct object *object)
{
    struct callback_object *callback = (struct callback_object *)object;
    gc_mark(vm, callback->callable);
    gc_mark(vm, callback->converters);
    gc_mark(vm, callback->result_type);
}

static void callback_release(struct vm *vm, struct object *object)
{
    struct callback_object *callback = (struct callback_object *)object;
    struct ctypes_state *state = vm->ctypes;
    for (size_t i = 0; state && i < state->callback_count; i++)
        if (state->callbacks[i] == callback->address) {
            state->callbacks[i] = state->callbacks[--state->callback_count];
            break;
        }
    if (callback->closure)
        ffi_closure_free(callback->closure);
    free(callback->types);
}

struct type callback_type = {.name = "_ctypes.CThunkObject",
                             .instance_size = sizeof(struct callback_object),
                             .trace = callback_trace,
                             .release = callback_release};

bool callback_exists(struct vm *vm, const void *address)
{
    const struct ctypes_state *state = vm->ctypes;
    for (size_t i = 0; i < state->callback_count; i++)
        if (state->callbacks[i] == address)
            return true;
    return false;
}

static bool remember(struct vm *vm, void *address)
{
    struct ctypes_state *state = vm->ctypes;
    if ((state->callback_count & (state->callback_count + 1)) == 0) { /* full: capacities are 2^n - 1 */
        void **more = realloc(state->callbacks, (2 * state->callback_count + 2) * sizeof *more);
        if (!more) {
            raise_no_memory(vm);
            return false;
        }
        state->callbacks = more;
    }
    state->callbacks[state->callback_count++] = address;
    return true;
}

/* ---- C calls ---- */

static value argument_value(struct vm *vm, value type, void *memory)
{
    const struct c_type *c = c_type_of_class(type);
    if (is_plain_simple(type_of_value(type)))
        return c_load(vm, c->code, c->swapped, memory, c->size);
    value made = call_0(vm, type);
    if (made != VALUE_NULL && is_cdata(vm, made))
        memcpy(cdata_of(made)->data, memory, (size_t)size_minimum((size_t)cdata_of(made)->size, (size_t)c->size));
    return made;
}

static void warn_leak(struct vm *vm, struct callback_object *callback)
{
    if (!warning_issue(vm, &exc_RuntimeWarning, 1, "memory leak in callback function."))
        unraisable_report(vm, "on converting result of ctypes callback function", callback->callable);
}

static void give_result(struct vm *vm, struct callback_object *callback, value result, void *memory)
{
    const struct c_type *c = c_type_of_class(callback->result_type);
    value kept = c_store(vm, c->code, c->swapped, memory, result, 0);
    if (kept == VALUE_NULL)
        unraisable_report(vm, "on converting result of ctypes callback function", callback->callable);
    else if (kept != NONE && c->code != 'O')
        warn_leak(vm, callback);
}

static void run(struct callback_object *callback, void *result_memory, void **memory)
{
    struct vm *vm = callback->vm;
    size_t count = tuple_of(callback->converters)->length;
    value arguments = tuple_new(vm, count);
    for (size_t i = 0; arguments != VALUE_NULL && i < count; i++) {
        value item = argument_value(vm, tuple_of(callback->converters)->items[i], memory[i]);
        if (item == VALUE_NULL)
            arguments = VALUE_NULL;
        else
            tuple_of(arguments)->items[i] = item;
    }
    value result = arguments == VALUE_NULL ? arguments
                                           : call(vm, callback->callable, tuple_of(arguments)->items, count, VALUE_NULL);
    gc_keep(arguments);
    if (result == VALUE_NULL)
        unraisable_report(vm, "on calling ctypes callback function", callback->callable);
    else if (callback->result_type != NONE)
        give_result(vm, callback, result, result_memory);
}

static void called(ffi_cif *cif, void *result_memory, void **memory, void *context)
{
    struct callback_object *callback = context;
    struct vm *vm = callback->vm;
    if (cif->rtype != &ffi_type_void)
        memset(result_memory, 0, cif->rtype->size < sizeof(ffi_arg) ? sizeof(ffi_arg) : cif->rtype->size);
    if (vm->pending != VALUE_NULL) /* an earlier callback ended the program */
        return;
    int saved = errno;
    bool with_errno = callback->flags & CALL_USE_ERRNO;
    if (with_errno)
        saved = own_errno_exchange(vm, saved);
    run(callback, result_memory, memory);
    if (with_errno)
        saved = own_errno_exchange(vm, saved);
    errno = saved;
    gc_keep(object_value(callback));
}

/* ---- making one ---- */

static bool describe(struct vm *vm, struct callback_object *callback)
{
    size_t count = tuple_of(callback->converters)->length;
    ffi_type *result = &ffi_type_void;
    callback->types = calloc(count + 1, sizeof *callback->types);
    if (!callback->types) {
        raise_no_memory(vm);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct c_type *c = c_type_of_class(tuple_of(callback->converters)->items[i]);
        if (!c) {
            raise_error(vm, &exc_TypeError, "cannot build parameter");
            return false;
        }
        callback->types[i] = c->kind == C_ARRAY ? &ffi_type_pointer : c_ffi_type(c);
    }
    if (callback->result_type != NONE) {
        struct c_type *c = c_type_of_class(callback->result_type);
        if (!c || c->kind != C_SIMPLE) {
            raise_error(vm, &exc_TypeError, "invalid result type for callback function");
            return false;
        }
        result = &c->ffi;
    }
    if (ffi_prep_cif(&callback->cif, FFI_DEFAULT_ABI, (unsigned)count, result, callback->types) == FFI_OK)
        return true;
    raise_error(vm, &exc_RuntimeError, "ffi_prep_cif failed");
    return false;
}

value callback_new(struct vm *vm, value callable, value converters, value result_type, unsigned flags)
{
    struct callback_object *callback = GC_NEW(vm, struct callback_object, &callback_type);
    if (!callback)
        return VALUE_NULL;
    callback->vm = vm;
    callback->callable = callable;
    callback->converters = converters;
    callback->result_type = result_type == VALUE_NULL ? NONE : result_type;
    callback->flags = flags;
    if (!describe(vm, callback))
        return VALUE_NULL;
    callback->closure = ffi_closure_alloc(sizeof *callback->closure, &callback->address);
    if (!callback->closure)
        return raise_no_memory(vm);
    if (ffi_prep_closure_loc(callback->closure, &callback->cif, called, callback, callback->address) != FFI_OK)
        return raise_error(vm, &exc_RuntimeError, "ffi_prep_closure failed");
    return remember(vm, callback->address) ? object_value(callback) : VALUE_NULL;
}
