/* call.c - calls: everything that is called from C comes through call(), which guards the depth of the C stack. */
#include "sim/runtime/exception.h"
#include "sim/runtime/native_counters.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

#include <alloca.h>

enum { RAISING_DEPTH = 50, STACK_ARGUMENTS = 64 };

bool recursion_enter(struct vm *vm, const char *where)
{
    uint32_t depth = ++vm->c_depth + engine_frame_depth(vm);
    bool low = c_stack_low(vm);
    if (depth <= vm->recursion_limit + 1 && !low) /* one more than frames: those called from here say it first */
        return true;
    if (depth > vm->recursion_limit + RAISING_DEPTH || vm->c_raising) { /* raising itself went too deep */
        vm->c_depth--;
        raise_value(vm, object_value(&exc_RecursionError));
        return false;
    }
    vm->c_raising = low;
    raise_error(vm, &exc_RecursionError, "maximum recursion depth exceeded%s", where);
    vm->c_raising = false;
    vm->c_depth--;
    return false;
}

bool recursion_check(struct vm *vm, const char *where)
{
    if (!c_stack_low(vm))
        return true;
    if (!recursion_enter(vm, where))
        return false;
    recursion_leave(vm);
    return true;
}

value call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    struct type *type = value_type(vm, callee);
    if (!type->call) {
        if (!(type->flags & TYPE_READY))
            type_ready(vm, type);
        if (!type->call)
            return raise_error(vm, &exc_TypeError, "'%T' object is not callable", callee);
    }
    if (type == &function_type || type == &method_type) /* its frame counts */
        return type->call(vm, callee, arguments, count, keyword_names);
    if (!recursion_enter(vm, " while calling a Python object"))
        return VALUE_NULL;
    value result = type->call(vm, callee, arguments, count, keyword_names);
    recursion_leave(vm);
    return result;
}

value call_0(struct vm *vm, value callee) { return call(vm, callee, NULL, 0, VALUE_NULL); }
value call_1(struct vm *vm, value callee, value a) { return call(vm, callee, &a, 1, VALUE_NULL); }

value call_2(struct vm *vm, value callee, value a, value b)
{
    value arguments[2] = {a, b};
    return call(vm, callee, arguments, 2, VALUE_NULL);
}

value call_3(struct vm *vm, value callee, value a, value b, value c)
{
    value arguments[3] = {a, b, c};
    return call(vm, callee, arguments, 3, VALUE_NULL);
}

value call_prepend(struct vm *vm, value callee, value first, const value *arguments, size_t count, value keyword_names)
{
    size_t all = count + keyword_count(keyword_names);
    if (all < STACK_ARGUMENTS) {
        value *copy = alloca((all + 1) * sizeof *copy);
        copy[0] = first;
        if (all)
            memcpy(copy + 1, arguments, all * sizeof *copy);
        return call(vm, callee, copy, count + 1, keyword_names);
    }
    value tuple = tuple_new(vm, all + 1); /* keeps the arguments alive */
    if (tuple == VALUE_NULL)
        return VALUE_NULL;
    tuple_of(tuple)->items[0] = first;
    memcpy(tuple_of(tuple)->items + 1, arguments, all * sizeof(value));
    return call(vm, callee, tuple_of(tuple)->items, count + 1, keyword_names);
}

value call_method(struct vm *vm, value object, const char *name, const value *arguments, size_t count)
{
    value method[2];
    if (!load_method(vm, object, intern_text(vm, name), method))
        return VALUE_NULL;
    if (method[0] == VALUE_NULL)
        return call(vm, method[1], arguments, count, VALUE_NULL);
    return call_prepend(vm, method[0], method[1], arguments, count, VALUE_NULL);
}

value call_with_dict(struct vm *vm, value callee, value arguments_tuple, value keywords_dict)
{
    struct tuple_object *positional = tuple_of(arguments_tuple);
    if (keywords_dict == VALUE_NULL || keywords_dict == NONE || dict_of(keywords_dict)->count == 0)
        return call(vm, callee, positional->items, positional->length, VALUE_NULL);
    struct dict_object *keywords = dict_of(keywords_dict);
    size_t count = positional->length;
    value names = tuple_new(vm, keywords->count);
    value all = names == VALUE_NULL ? VALUE_NULL : tuple_new(vm, count + keywords->count);
    if (all == VALUE_NULL)
        return VALUE_NULL;
    memcpy(tuple_of(all)->items, positional->items, count * sizeof(value));
    uint32_t position = 0, i = 0, total = keywords->count;
    value key, item;
    while (i < total && dict_next(keywords, &position, &key, &item)) {
        if (!has_flag(key, TYPE_STRING))
            return raise_error(vm, &exc_TypeError, "keywords must be strings");
        tuple_of(names)->items[i] = intern(vm, key);
        tuple_of(all)->items[count + i++] = item;
    }
    return call(vm, callee, tuple_of(all)->items, count, names);
}

/* ---- native functions ---- */

/* Without the module that a native class's name may start with: "Context" of "decimal.Context". */
static const char *class_short_name(const struct type *type)
{
    const char *dot = type->flags & TYPE_HEAP ? NULL : strrchr(type->name, '.');
    return dot ? dot + 1 : type->name;
}

/* "list.append", "math.sin", "len": as messages about wrong arguments name it */
static value native_qualified_name(struct vm *vm, const struct native_function_object *f)
{
    const char *name = f->definition->name;
    if (f->owner)
        return string_printf(vm, "%s.%s", class_short_name(f->owner), name);
    if (f->module && strcmp(f->module, "builtins"))
        return string_printf(vm, "%s.%s", f->module, name);
    if (f->self != VALUE_NULL && !f->module)
        return string_printf(vm, "%s.%s", class_short_name(is_type(f->self) ? type_of_value(f->self) : value_type(vm, f->self)),
                             name);
    return string_from_text(vm, name);
}

/* Functions with positional parameters only name their class or module in these complaints. */
static bool bind_native(struct vm *vm, struct native_function_object *f, const struct signature *signature,
                        const value *arguments, size_t count, value keyword_names, value *out)
{
    if (signature_bind(vm, signature, arguments, count, keyword_names, out))
        return true;
    struct exception_object *error = (struct exception_object *)value_object(vm->pending);
    if (!is_exact(vm->pending, &exc_TypeError) || tuple_of(error->arguments)->length != 1)
        return false;
    size_t size, name_size = strlen(f->definition->name);
    const char *text = string_utf8(vm, tuple_of(error->arguments)->items[0], &size);
    const char *rest = text + name_size;
    if (strncmp(text, f->definition->name, name_size) || (strncmp(rest, "() takes no keyword", 19) &&
        strncmp(rest, "() takes no arguments", 21) && strncmp(rest, "() takes exactly one argument (", 31)))
        return false;
    value old = tuple_of(error->arguments)->items[0];
    value message = string_concat(vm, native_qualified_name(vm, f),
                                  string_slice(vm, old, (int64_t)name_size, (int64_t)string_of(old)->length));
    if (message != VALUE_NULL)
        error->arguments = tuple_pack(vm, 1, message);
    return false;
}

value native_call(struct vm *vm, struct native_function_object *f, value self, const value *arguments, size_t count,
                  value keyword_names)
{
    native_count(vm, f);
    ADD_WORK(vm, calls, 1);
    const struct method_definition *d = f->definition;
    if (!d->signature)
        return d->function(vm, self, arguments, count, keyword_names);
    const struct signature *signature = f->signature ? f->signature : signature_of(vm, f);
    if (keyword_names == VALUE_NULL && count == ((const struct signature_front *)(const void *)signature)->count &&
        signature_fits(signature, count))
        return d->function(vm, self, arguments, count, VALUE_NULL);
    value bound[26];
    if (!bind_native(vm, f, signature, arguments, count, keyword_names, bound))
        return VALUE_NULL;
    return d->function(vm, self, bound, (size_t)signature_parameter_count(signature), VALUE_NULL);
}
