/* invoke.c - one call of a C function: arguments converted, libffi's call, its result as a Python value. */
#include "sim/modules/ctypes/ctypes.h"

#include <errno.h>

/* The pending exception becomes ArgumentError "argument 2: TypeError: wrong type". */
static bool blame_argument(struct vm *vm, size_t position)
{
    if (unsupported_pending(vm))
        return false;
    value error = exception_take(vm);
    value message = string_printf(vm, "argument %zu: %T: %S", position, error, error);
    if (message == VALUE_NULL) {
        exception_clear(vm);
        message = string_printf(vm, "argument %zu: %T: ???", position, error);
    }
    if (message != VALUE_NULL)
        raise_error(vm, native_error(vm->ctypes->argument_error), "%U", message);
    return false;
}

static bool pass_all(struct vm *vm, const struct foreign_call *function, const value *arguments, size_t count,
                     struct passed_argument *passed)
{
    size_t converted = function->converters == VALUE_NULL ? 0 : tuple_of(function->converters)->length;
    for (size_t i = 0; i < count; i++) {
        value item = arguments[i];
        if (i < converted) {
            item = call_1(vm, tuple_of(function->converters)->items[i], item);
            if (item == VALUE_NULL)
                return blame_argument(vm, i + 1);
        }
        if (!argument_pass(vm, item, i + 1, &passed[i]))
            return blame_argument(vm, i + 1);
    }
    return true;
}

static ffi_type *result_ffi(value result_type)
{
    if (result_type == NONE)
        return &ffi_type_void;
    struct c_type *c = result_type == VALUE_NULL ? NULL : c_type_of_class(result_type);
    if (!c)
        return &ffi_type_sint;
    return c->kind == C_ARRAY ? &ffi_type_pointer : c_ffi_type(c);
}

static value result_value(struct vm *vm, const struct foreign_call *function, void *result)
{
    value type = function->result_type, made;
    int number;
    memcpy(&number, result, sizeof number);
    if (type == NONE)
        return NONE;
    if (type == VALUE_NULL)
        return small_int(number);
    const struct c_type *c = c_type_of_class(type);
    if (!c)
        return call_1(vm, type, small_int(number));
    if (is_plain_simple(type_of_value(type)))
        made = c_load(vm, c->code, c->swapped, result, c->size);
    else
        made = cdata_part(vm, type_of_value(type), VALUE_NULL, 0, result);
    return made == VALUE_NULL || function->checker == VALUE_NULL ? made : call_1(vm, function->checker, made);
}

enum { FEW_ARGUMENTS = 8 }; /* for which no storage is allocated */

static value call_native(struct vm *vm, const struct foreign_call *function, struct passed_argument *passed, size_t count)
{
    ffi_cif cif;
    ffi_type *result_type = result_ffi(function->result_type);
    void *few_words[2 * FEW_ARGUMENTS], **words = count > FEW_ARGUMENTS ? gc_storage(vm, 2 * count * sizeof *words) : few_words;
    union c_value small = {0}, *result = result_type->size > sizeof small ? gc_storage(vm, result_type->size) : &small;
    if (!words || !result)
        return VALUE_NULL;
    ffi_type **types = (ffi_type **)(void *)words;
    void **memory = words + count;
    for (size_t i = 0; i < count; i++) {
        types[i] = passed[i].type;
        memory[i] = passed[i].memory ? passed[i].memory : &passed[i].content;
    }
    if (ffi_prep_cif(&cif, FFI_DEFAULT_ABI, (unsigned)count, result_type, types) != FFI_OK)
        return raise_error(vm, &exc_RuntimeError, "ffi_prep_cif failed");
    locale_t before = vm->ctypes->locale ? uselocale(vm->ctypes->locale) : (locale_t)0;
    bool with_errno = function->flags & CALL_USE_ERRNO;
    int own = with_errno ? own_errno_exchange(vm, 0) : 0;
    errno = own;
    ffi_call(&cif, FFI_FN(function->address), result, memory);
    own = errno;
    if (with_errno)
        own_errno_exchange(vm, own);
    if (before)
        uselocale(before);
    if (vm->pending != VALUE_NULL) /* from a callback, and nobody can catch it */
        return VALUE_NULL;
    return result_value(vm, function, result);
}

value invoke(struct vm *vm, const struct foreign_call *function, const value *arguments, size_t count)
{
    if (count > ARGUMENTS_MAX)
        return raise_error(vm, native_error(vm->ctypes->argument_error), "too many arguments (%zu), maximum is %d", count,
                           (int)ARGUMENTS_MAX);
    struct passed_argument few[FEW_ARGUMENTS], *passed = count > FEW_ARGUMENTS ? gc_storage(vm, count * sizeof *passed) : few;
    if (!passed || !pass_all(vm, function, arguments, count, passed))
        return VALUE_NULL;
    const char *own = function->address;
    value result;
    if (own >= own_functions && own < own_functions + OWN_COUNT) {
        union c_value contents[3] = {{0}};
        for (size_t i = 0; i < count && i < 3; i++)
            contents[i] = passed[i].content;
        result = own_function_call(vm, (int)(own - own_functions), contents, count);
    } else if (!function->own && !library_may_call(vm, function->address, function->name, passed, count)) {
        return VALUE_NULL;
    } else {
        result = call_native(vm, function, passed, count);
    }
    for (size_t i = 0; i < count; i++)
        gc_keep(passed[i].kept);
    return result;
}
