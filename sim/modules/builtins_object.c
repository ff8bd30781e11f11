/* builtins_object.c - builtins about attributes, classes and iterators: getattr, isinstance, dir, vars, iter, next, ... */
#include "sim/modules/builtins.h"
#include "sim/runtime/args.h"
#include "sim/runtime/async.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/text.h"

#define BUILTIN(name)                                                                                                  \
    static value builtin_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* An attribute's name, interned; VALUE_NULL: TypeError pending. */
static value attribute_name(struct vm *vm, value name)
{
    if (!is_string(name))
        return raise_error(vm, &exc_TypeError, "attribute name must be string, not '%T'", name);
    return intern(vm, name);
}

BUILTIN(getattr)
{
    UNUSED_ARGUMENTS;
    value name = attribute_name(vm, arguments[1]), result;
    if (name == VALUE_NULL)
        return VALUE_NULL;
    if (arguments[2] == VALUE_NULL)
        return get_attribute(vm, arguments[0], name);
    int found = find_attribute(vm, arguments[0], name, &result);
    return found < 0 ? VALUE_NULL : found ? result : arguments[2];
}

BUILTIN(hasattr)
{
    UNUSED_ARGUMENTS;
    value name = attribute_name(vm, arguments[1]), result;
    if (name == VALUE_NULL)
        return VALUE_NULL;
    int found = find_attribute(vm, arguments[0], name, &result);
    return found < 0 ? VALUE_NULL : bool_value(found);
}

BUILTIN(setattr)
{
    UNUSED_ARGUMENTS;
    value name = attribute_name(vm, arguments[1]);
    return name != VALUE_NULL && set_attribute(vm, arguments[0], name, arguments[2]) ? NONE : VALUE_NULL;
}

BUILTIN(delattr)
{
    UNUSED_ARGUMENTS;
    value name = attribute_name(vm, arguments[1]);
    return name != VALUE_NULL && set_attribute(vm, arguments[0], name, VALUE_NULL) ? NONE : VALUE_NULL;
}

BUILTIN(isinstance)
{
    UNUSED_ARGUMENTS;
    int answer = object_is_instance(vm, arguments[0], arguments[1]);
    return answer < 0 ? VALUE_NULL : bool_value(answer);
}

BUILTIN(issubclass)
{
    UNUSED_ARGUMENTS;
    int answer = object_is_subclass(vm, arguments[0], arguments[1]);
    return answer < 0 ? VALUE_NULL : bool_value(answer);
}

BUILTIN(callable)
{
    UNUSED_ARGUMENTS;
    return bool_value(value_type(vm, arguments[0])->call != NULL);
}

/* ---- namespaces ---- */

static value sorted_keys(struct vm *vm, value names)
{
    value list = list_from_iterable(vm, names);
    return list != VALUE_NULL && list_sort(vm, list, VALUE_NULL, false) ? list : VALUE_NULL;
}

BUILTIN(dir)
{
    (void)self;
    if (!check_positional(vm, "dir", count, keyword_names, 0, 1))
        return VALUE_NULL;
    if (count == 0) {
        value names = engine_locals(vm);
        if (names != VALUE_NULL && !is_exact(names, &dict_type))
            names = call_method(vm, names, "keys", NULL, 0);
        return names == VALUE_NULL ? names : sorted_keys(vm, names);
    }
    value method = lookup_special(vm, arguments[0], "__dir__");
    if (method != VALUE_NULL) {
        value names = call_0(vm, method);
        return names == VALUE_NULL ? names : sorted_keys(vm, names);
    }
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    value names = dict_new(vm);
    return names != VALUE_NULL && attribute_names(vm, arguments[0], names) ? sorted_keys(vm, names) : VALUE_NULL;
}

BUILTIN(vars)
{
    (void)self;
    if (!check_positional(vm, "vars", count, keyword_names, 0, 1))
        return VALUE_NULL;
    if (count == 0)
        return engine_locals(vm);
    value result;
    int found = find_attribute(vm, arguments[0], intern_text(vm, "__dict__"), &result);
    if (found == 0)
        return raise_error(vm, &exc_TypeError, "vars() argument must have __dict__ attribute");
    return found < 0 ? VALUE_NULL : result;
}

/* ---- iterators ---- */

BUILTIN(iter)
{
    UNUSED_ARGUMENTS;
    if (arguments[1] == VALUE_NULL)
        return get_iterator(vm, arguments[0]);
    if (!value_type(vm, arguments[0])->call)
        return raise_error(vm, &exc_TypeError, "iter(v, w): v must be callable");
    return callable_iterator_new(vm, arguments[0], arguments[1]);
}

BUILTIN(next)
{
    UNUSED_ARGUMENTS;
    if (!value_type(vm, arguments[0])->next)
        return raise_error(vm, &exc_TypeError, "'%T' object is not an iterator", arguments[0]);
    vm->generator_result = NONE;
    value item = iterator_next(vm, arguments[0]);
    if (item != VALUE_NULL)
        return item;
    if (arguments[1] != VALUE_NULL) {
        if (vm->pending != VALUE_NULL) {
            if (!exception_matches(vm, &exc_StopIteration))
                return VALUE_NULL;
            exception_clear(vm);
        }
        return arguments[1];
    }
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    return raise_stop_iteration(vm, vm->generator_result); /* a finished generator's result goes with it */
}

BUILTIN(aiter)
{
    UNUSED_ARGUMENTS;
    struct type *type = value_type(vm, arguments[0]);
    if (!type->aiter)
        return raise_error(vm, &exc_TypeError, "'%T' object is not an async iterable", arguments[0]);
    value result = type->aiter(vm, arguments[0]);
    if (result != VALUE_NULL && !value_type(vm, result)->anext)
        return raise_error(vm, &exc_TypeError, "aiter() returned not an async iterator of type '%T'", result);
    return result;
}

BUILTIN(anext)
{
    UNUSED_ARGUMENTS;
    struct type *type = value_type(vm, arguments[0]);
    if (!type->anext)
        return raise_error(vm, &exc_TypeError, "'%T' object is not an async iterator", arguments[0]);
    value awaitable = type->anext(vm, arguments[0]);
    if (awaitable == VALUE_NULL || arguments[1] == VALUE_NULL)
        return awaitable;
    return anext_awaitable_new(vm, awaitable, arguments[1]);
}

const struct method_definition builtins_object_functions[] = {
    {"getattr", "(object, name, default=None, /)", builtin_getattr, 0, NULL},
    {"hasattr", "(obj, name, /)", builtin_hasattr, 0, NULL},
    {"setattr", "(obj, name, value, /)", builtin_setattr, 0, NULL},
    {"delattr", "(obj, name, /)", builtin_delattr, 0, NULL},
    {"isinstance", "(obj, class_or_tuple, /)", builtin_isinstance, 0, NULL},
    {"issubclass", "(cls, class_or_tuple, /)", builtin_issubclass, 0, NULL},
    {"callable", "(obj, /)", builtin_callable, 0, NULL},
    {"dir", NULL, builtin_dir, 0, NULL},
    {"vars", NULL, builtin_vars, 0, NULL},
    {"iter", "(object, sentinel=None, /)", builtin_iter, 0, NULL},
    {"next", "(iterator, default=None, /)", builtin_next, 0, NULL},
    {"aiter", "(async_iterable, /)", builtin_aiter, 0, NULL},
    {"anext", "(aiterator, default=None, /)", builtin_anext, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
