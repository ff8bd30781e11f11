/* operations.c - see operations.h: arithmetic, names, with and exceptions. Displays and unpacking are in displays.c. */
#include "sim/engine/operations.h"

#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/names.h"
#include "sim/runtime/site_names.h"
#include "sim/runtime/super.h"

/* ---- arithmetic ---- */

static inline bool as_double(value v, double *d)
{
    if (is_small_int(v)) {
        *d = (double)small_int_value(v);
        return true;
    }
    if (is_immediate_float(v)) {
        *d = immediate_float(v);
        return true;
    }
    return false;
}

/* Mixed int and float, and int / int where the quotient of doubles is the correctly rounded one. */
static value mixed_arithmetic(struct vm *vm, enum binary_kind kind, value a, value b)
{
    double x, y;
    if (!as_double(a, &x) || !as_double(b, &y))
        return VALUE_NULL;
    const double exact = 9007199254740992.0; /* which 2^53 + 1 is rounded to */
    if (x >= exact || x <= -exact || y >= exact || y <= -exact) {
        if (is_small_int(a) || is_small_int(b))
            return VALUE_NULL;
    }
    if (both_small_int(a, b) && kind != BINARY_DIV)
        return VALUE_NULL;
    switch ((int)kind) {
    case BINARY_ADD:
        return float_value(vm, x + y);
    case BINARY_SUB:
        return float_value(vm, x - y);
    case BINARY_MUL:
        return float_value(vm, x * y);
    case BINARY_DIV:
        return y != 0.0 ? float_value(vm, x / y) : VALUE_NULL;
    default:
        return VALUE_NULL;
    }
}

value arithmetic_slow(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (is_object(a) && is_object(b)) {
        if (kind == BINARY_ADD && is_exact(a, &tuple_type) && is_exact(b, &tuple_type))
            return tuple_type.concat(vm, a, b);
        return binary_operation(vm, kind, a, b);
    }
    value result = mixed_arithmetic(vm, kind, a, b);
    if (result != VALUE_NULL)
        return result;
    return binary_operation(vm, kind, a, b);
}

value inplace_slow(struct vm *vm, enum binary_kind kind, value a, value b)
{
    if (kind == BINARY_ADD && is_exact(a, &string_type) && is_exact(b, &string_type))
        return append_text(vm, a, b);
    value result = mixed_arithmetic(vm, kind, a, b);
    if (result != VALUE_NULL)
        return result;
    return inplace_operation(vm, kind, a, b);
}

value compare_slow(struct vm *vm, enum compare_kind kind, value a, value b)
{
    if ((kind == COMPARE_EQ || kind == COMPARE_NE) && is_exact(a, &string_type) && is_exact(b, &string_type))
        return bool_value(string_equal(a, b) == (kind == COMPARE_EQ));
    return compare_operation(vm, kind, a, b);
}

/* ---- names ---- */

static const struct code *current_code(struct vm *vm)
{
    return vm->frame->state->code;
}

static value local_name(struct vm *vm, uint32_t local)
{
    return tuple_of(vm->frame->state->object->local_names)->items[local];
}

static value raise_named(struct vm *vm, struct type *type, value name, const char *format)
{
    raise_error(vm, type, format, name);
    struct exception_object *exception = (struct exception_object *)value_object(vm->pending);
    exception->fields[0] = name;
    return VALUE_NULL;
}

value raise_name_error(struct vm *vm, value name)
{
    return raise_named(vm, &exc_NameError, name, "name '%U' is not defined");
}

value raise_unbound_local(struct vm *vm, uint32_t local)
{
    return raise_error(vm, &exc_UnboundLocalError, "cannot access local variable '%U' where it is not associated with a value",
                       local_name(vm, local));
}

value raise_unbound_cell(struct vm *vm, uint32_t local)
{
    const struct code *code = current_code(vm);
    if (code->local_kinds[local] & LOCAL_FREE)
        return raise_named(vm, &exc_NameError, local_name(vm, local),
                           "cannot access free variable '%U' where it is not associated with a value in enclosing scope");
    return raise_unbound_local(vm, local);
}

/* A namespace look-up that finds nothing leaves no error: dicts directly, other mappings through __getitem__. */
static int namespace_find(struct vm *vm, value namespace, value name, value *result)
{
    if (is_exact(namespace, &dict_type)) {
        *result = dict_get_interned(dict_of(namespace), name);
        return *result != VALUE_NULL;
    }
    *result = get_item(vm, namespace, name);
    if (*result != VALUE_NULL)
        return 1;
    if (!exception_matches(vm, &exc_KeyError))
        return -1;
    exception_clear(vm);
    return 0;
}

value load_class_cell(struct vm *vm, value cell, uint32_t local)
{
    value result;
    int found = namespace_find(vm, vm->frame->locals, local_name(vm, local), &result);
    if (found < 0)
        return VALUE_NULL;
    if (found)
        return result;
    result = ((struct cell_object *)value_object(cell))->content;
    return result != VALUE_NULL ? result : raise_unbound_cell(vm, local);
}

/* 1 found, 0 not there, -1: an exception is pending. */
static int find_item(struct vm *vm, value mapping, value name, value *result)
{
    *result = get_item(vm, mapping, name);
    if (*result != VALUE_NULL || !exception_matches(vm, &exc_KeyError))
        return *result != VALUE_NULL ? 1 : -1;
    exception_clear(vm);
    return 0;
}

value load_foreign_builtin(struct vm *vm, value name)
{
    value dict = object_value(vm->frame->builtins), behind = builtins_behind(vm, dict), result;
    int found = behind == dict ? 0 : find_item(vm, behind, name, &result);
    return found > 0 ? result : found < 0 ? VALUE_NULL : raise_name_error(vm, name);
}

int find_in_globals(struct vm *vm, value name, value *result)
{
    return find_item(vm, object_value(vm->frame->globals), name, result);
}

value load_name(struct vm *vm, value name)
{
    struct frame *frame = vm->frame;
    value result;
    if (frame->locals != VALUE_NULL) {
        int found = namespace_find(vm, frame->locals, name, &result);
        if (found < 0)
            return VALUE_NULL;
        if (found)
            return result;
    }
    result = dict_get_interned(frame->globals, name);
    if (result == VALUE_NULL)
        result = dict_get_interned(frame->builtins, name);
    if (result != VALUE_NULL && is_site_placeholder(result))
        return site_name_resolve(vm, result);
    return result != VALUE_NULL ? result : load_foreign_builtin(vm, name);
}

bool store_name(struct vm *vm, value name, value item)
{
    value namespace = vm->frame->locals;
    if (is_exact(namespace, &dict_type))
        return dict_set_interned(vm, dict_of(namespace), name, item);
    return set_item(vm, namespace, name, item);
}

/* A variable gave up a value whose end would be noticed: CPython's reference count may end here. */
void finalize_promptly(struct vm *vm)
{
    gc_collect_promptly(vm, vm->engine->loop_base, NULL);
}

bool delete_name(struct vm *vm, value name)
{
    value namespace = vm->frame->locals, present;
    if (!is_exact(namespace, &dict_type)) {
        bool deleted = delete_item(vm, namespace, name);
        if (!deleted)
            exception_clear(vm), raise_name_error(vm, name);
        return deleted;
    }
    int found = namespace_find(vm, namespace, name, &present);
    if (found < 0)
        return false;
    if (!found) {
        raise_name_error(vm, name);
        return false;
    }
    bool matters = gc_death_matters(vm, present);
    if (!delete_item(vm, namespace, name))
        return false;
    if (matters)
        finalize_promptly(vm);
    return true;
}

bool delete_global(struct vm *vm, value name)
{
    value present = dict_get_interned(vm->frame->globals, name);
    if (present == VALUE_NULL) {
        raise_name_error(vm, name);
        return false;
    }
    bool matters = gc_death_matters(vm, present);
    if (dict_delete(vm, vm->frame->globals, name) < 0)
        return false;
    if (matters)
        finalize_promptly(vm);
    return true;
}

value load_build_class(struct vm *vm)
{
    value dict = object_value(vm->frame->builtins), behind = builtins_behind(vm, dict), result = VALUE_NULL;
    if (behind == dict)
        result = dict_get_text(vm, dict_of(dict), "__build_class__");
    else if (find_item(vm, behind, intern_text(vm, "__build_class__"), &result) < 0)
        return VALUE_NULL;
    return result != VALUE_NULL ? result : raise_error(vm, &exc_NameError, "__build_class__ not found");
}

bool setup_annotations(struct vm *vm)
{
    value name = intern_text(vm, "__annotations__"), present;
    int found = namespace_find(vm, vm->frame->locals, name, &present);
    if (found)
        return found > 0;
    value dict = dict_new(vm);
    return dict != VALUE_NULL && store_name(vm, name, dict);
}

value engine_import(struct vm *vm, value name, value from_list, value level)
{
    value builtins = builtins_behind(vm, object_value(vm->frame->builtins));
    if (!has_flag(builtins, TYPE_DICT))
        return raise_error(vm, &exc_SystemError, "Objects/dictobject.c:1756: bad argument to internal function");
    value import = dict_get_text(vm, dict_of(builtins), "__import__");
    if (import == VALUE_NULL)
        return raise_error(vm, &exc_ImportError, "__import__ not found");
    value globals = object_value(vm->frame->globals);
    if (is_exact(import, &native_function_type)) {
        int64_t depth;
        if (!value_to_int64(vm, level, &depth))
            return VALUE_NULL;
        return import_name(vm, name, globals, from_list, depth);
    }
    value locals = vm->frame->locals == VALUE_NULL ? NONE : vm->frame->locals;
    value arguments[5] = {name, globals, locals, from_list, level};
    return call(vm, import, arguments, 5, VALUE_NULL);
}

bool print_expression(struct vm *vm, value v)
{
    value hook;
    int found = find_attribute(vm, vm->sys_module, intern_text(vm, "displayhook"), &hook);
    if (found <= 0) {
        if (!found)
            raise_error(vm, &exc_RuntimeError, "lost sys.displayhook");
        return false;
    }
    return hook != VALUE_NULL && call_1(vm, hook, v) != VALUE_NULL;
}

/* ---- exceptions, with ---- */

void raise_statement(struct vm *vm, const value *window, uint32_t count)
{
    if (count == 2)
        raise_with_cause(vm, window[0], window[1]);
    else if (count == 1)
        raise_with_cause(vm, window[0], VALUE_NULL);
    else if (vm->handled == VALUE_NULL)
        raise_error(vm, &exc_RuntimeError, "No active exception to reraise");
    else
        vm->pending = vm->handled;
}

static bool enter_manager(struct vm *vm, value manager, value result[2], const char *enter_name, const char *exit_name,
                          const char *protocol)
{
    value enter = lookup_special(vm, manager, enter_name);
    if (enter == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError, "'%T' object does not support the %s protocol", manager, protocol);
        return false;
    }
    value exit = lookup_special(vm, manager, exit_name);
    if (exit == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError, "'%T' object does not support the %s protocol (missed %s method)", manager,
                        protocol, exit_name);
        return false;
    }
    value entered = call_0(vm, enter);
    if (entered == VALUE_NULL)
        return false;
    result[0] = exit;
    result[1] = entered;
    return true;
}

int before_with(struct vm *vm, value manager, value result[2])
{
    struct type *type = value_type(vm, manager);
    value enter = type_lookup(vm, type, NAMED(vm, __enter__)), exit = type_lookup(vm, type, NAMED(vm, __exit__));
    if (enter == VALUE_NULL || exit == VALUE_NULL || !is_exact(enter, &function_type) || !is_exact(exit, &function_type) ||
        !function_is_simple((struct function_object *)value_object(enter), 1))
        return enter_manager(vm, manager, result, "__enter__", "__exit__", "context manager") ? 0 : -1;
    value method = function_type.descriptor_get(vm, exit, manager, object_value(type));
    if (method == VALUE_NULL)
        return -1;
    result[0] = method;
    ADD_WORK(vm, objects, 1); /* __enter__, bound */
    ADD_WORK(vm, bytes, sizeof(struct method_object));
    struct function_object *function = (struct function_object *)value_object(enter);
    return frame_push_on(vm, function, manager, RETURN_ENTERED) ? 1 : -1;
}

bool before_async_with(struct vm *vm, value manager, value result[2])
{
    return enter_manager(vm, manager, result, "__aenter__", "__aexit__", "asynchronous context manager");
}

value with_except_start(struct vm *vm, value exit_function, value exception)
{
    const struct exception_object *object = (const struct exception_object *)value_object(exception);
    value traceback = object->traceback == VALUE_NULL ? NONE : object->traceback;
    return call_3(vm, exit_function, object_value(value_type(vm, exception)), exception, traceback);
}

/* ---- what builtins ask about the running frame ---- */

/* super(): the method's first argument, and the cell __class__. */
bool engine_super_arguments(struct vm *vm, value *type, value *object)
{
    struct frame *frame = vm->frame;
    const struct code *code = frame->state ? frame->state->code : NULL;
    if (!code || !code->argument_count) {
        raise_error(vm, &exc_RuntimeError, "super(): no arguments");
        return false;
    }
    const uint16_t *home = frame->state->function->local_slots;
    *object = frame->slots[home[0]];
    if ((code->local_kinds[0] & LOCAL_CELL) && *object != VALUE_NULL && is_exact(*object, &cell_type))
        *object = ((struct cell_object *)value_object(*object))->content;
    if (*object == VALUE_NULL) {
        raise_error(vm, &exc_RuntimeError, "super(): arg[0] deleted");
        return false;
    }
    for (uint32_t i = code->local_count - code->free_count; i < code->local_count; i++) {
        if (strcmp(code->local_names[i].text, "__class__") != 0)
            continue;
        *type = ((struct cell_object *)value_object(frame->slots[home[i]]))->content;
        if (*type == VALUE_NULL) {
            raise_error(vm, &exc_RuntimeError, "super(): empty __class__ cell");
            return false;
        }
        return true;
    }
    raise_error(vm, &exc_RuntimeError, "super(): __class__ cell not found");
    return false;
}
