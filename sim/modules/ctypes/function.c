/* function.c - CFuncPtr and its metaclass PyCFuncPtrType: foreign functions made from an address, a library's symbol or a Python
 * function; their prototypes; calls with parameter flags. */
#include "sim/modules/ctypes/ctypes.h"
#include "sim/runtime/number.h"

enum { PARAMETER_IN = 1, PARAMETER_OUT = 2, PARAMETER_LCID = 4, PARAMETER_KINDS = 7 };

/* ---- classes ---- */

static value types_tuple(struct vm *vm, value given)
{
    value list = list_from_sequence(vm, given, "_argtypes_ must be a sequence of types");
    return list == VALUE_NULL ? list : tuple_from(vm, list_of(list)->items, list_of(list)->length);
}

static bool is_result_type(struct vm *vm, value type)
{
    return type == NONE || c_type_of_class(type) || value_type(vm, type)->call;
}

static bool find_checker(struct vm *vm, value result_type, value *checker)
{
    int found = find_attribute(vm, result_type, intern_text(vm, "_check_retval_"), checker);
    if (found == 0)
        *checker = VALUE_NULL;
    return found >= 0;
}

static bool read_prototype(struct vm *vm, struct type *type, struct c_type *c)
{
    value flags = class_attribute(vm, type, "_flags_"), types = class_attribute(vm, type, "_argtypes_"),
          result = class_attribute(vm, type, "_restype_");
    int64_t number;
    if (flags == VALUE_NULL || !is_int(flags) || !value_to_int64(vm, flags, &number)) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "class must define _flags_ which must be an integer");
        return false;
    }
    c->call_flags = (unsigned)number;
    if (types != VALUE_NULL) {
        if ((c->argument_types = types_tuple(vm, types)) == VALUE_NULL)
            return false;
        if ((c->converters = converters_of(vm, c->argument_types)) == VALUE_NULL)
            return false;
    }
    if (result == VALUE_NULL)
        return true;
    if (!is_result_type(vm, result)) {
        raise_error(vm, &exc_TypeError, "_restype_ must be a type, a callable, or None");
        return false;
    }
    c->result_type = result;
    return find_checker(vm, result, &c->checker);
}

static value function_class_new(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names)
{
    bool made;
    struct type *type = class_make(vm, metaclass, arguments, count, keyword_names, &made);
    if (!type || !made)
        return type ? object_value(type) : VALUE_NULL;
    struct c_type *c = c_type_new(vm, type, C_FUNCTION);
    if (!c)
        return VALUE_NULL;
    c->size = c->align = c->item_size = sizeof(void *);
    c->length = 1;
    c->ffi = ffi_type_pointer;
    c->flags |= C_IS_POINTER;
    c->format = format_printf("X{}");
    return read_prototype(vm, type, c) ? object_value(type) : VALUE_NULL;
}

static const struct method_definition function_class_methods[] = {CLASS_METHODS(class_from_param_method), {0}};

struct type function_metatype = {.name = "_ctypes.PyCFuncPtrType",
                                 .base = &type_type,
                                 .flags = TYPE_SUBCLASSABLE,
                                 .instance_size = sizeof(struct type),
                                 .doc = "metatype for C function pointers",
                                 .methods = function_class_methods,
                                 .new = function_class_new,
                                 .repeat = class_repeat};

/* ---- parameter flags: a tuple of (kind, name, default) for each argument ---- */

struct parameter {
    int kind;
    value name, otherwise; /* VALUE_NULL: not given */
};

static bool read_parameter(struct vm *vm, value given, struct parameter *out)
{
    size_t count = has_flag(given, TYPE_TUPLE) ? tuple_of(given)->length : 0;
    const value *items = count ? tuple_of(given)->items : NULL;
    bool good = count >= 1 && count <= 3 && is_int(items[0]) && value_to_c_int(vm, items[0], &out->kind) &&
                (count < 2 || items[1] == NONE || is_string(items[1]));
    if (!good) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "paramflags must be a sequence of (int [,string [,value]]) tuples");
        return false;
    }
    out->name = count > 1 && items[1] != NONE ? items[1] : VALUE_NULL;
    out->otherwise = count > 2 ? items[2] : VALUE_NULL;
    return true;
}

static bool check_out_type(struct vm *vm, value type, size_t position)
{
    const struct c_type *c = c_type_of_class(type);
    if (c && (c->kind == C_POINTER || c->kind == C_ARRAY || (c->kind == C_SIMPLE && strchr("PzZ", c->code))))
        return true;
    raise_error(vm, &exc_TypeError, "'out' parameter %zu must be a pointer type, not %s", position,
                is_type(type) ? type_of_value(type)->name : value_type(vm, type)->name);
    return false;
}

static bool check_parameters(struct vm *vm, const struct c_type *c, value given)
{
    struct parameter parameter;
    if (!c) {
        raise_error(vm, &exc_TypeError, "abstract class");
        return false;
    }
    if (given == NONE || c->argument_types == VALUE_NULL)
        return true;
    if (!has_flag(given, TYPE_TUPLE))
        raise_error(vm, &exc_TypeError, "paramflags must be a tuple or None");
    else if (tuple_of(given)->length != tuple_of(c->argument_types)->length)
        raise_error(vm, &exc_ValueError, "paramflags must have the same length as argtypes");
    for (size_t i = 0; vm->pending == VALUE_NULL && i < tuple_of(given)->length; i++) {
        if (!read_parameter(vm, tuple_of(given)->items[i], &parameter))
            return false;
        int kind = parameter.kind & PARAMETER_KINDS;
        if (kind == PARAMETER_OUT)
            check_out_type(vm, tuple_of(c->argument_types)->items[i], i + 1);
        else if (kind > (PARAMETER_IN | PARAMETER_LCID) || kind == PARAMETER_LCID)
            raise_error(vm, &exc_TypeError, "paramflag value %d not supported", parameter.kind);
    }
    return vm->pending == VALUE_NULL;
}

/* ---- making functions ---- */

static value with_address(struct vm *vm, struct type *type, void *address)
{
    value made = cdata_new(vm, type, NULL, 0, VALUE_NULL);
    if (made != VALUE_NULL)
        memcpy(cdata_of(made)->data, &address, sizeof address);
    return made;
}

/* The symbol's name, as bytes; VALUE_NULL: an exception is pending. */
static value symbol_name(struct vm *vm, value given)
{
    if (is_bytes(given))
        return given;
    if (is_string(given))
        return string_encode(vm, given, "ascii", "strict");
    return raise_error(vm, &exc_TypeError, "function name must be string, bytes object or integer");
}

static value from_library(struct vm *vm, struct type *type, const value *arguments, size_t count)
{
    value pair = arguments[0];
    if (!has_flag(pair, TYPE_TUPLE) || tuple_of(pair)->length != 2 || count > 2)
        return raise_error(vm, &exc_TypeError, "a tuple of a function's name and a library is required");
    value name = symbol_name(vm, tuple_of(pair)->items[0]), library = tuple_of(pair)->items[1];
    value handle = name == VALUE_NULL ? name : get_attribute_text(vm, library, "_handle");
    if (handle == VALUE_NULL)
        return VALUE_NULL;
    if (!is_int(handle))
        return raise_error(vm, &exc_TypeError, "the _handle attribute of the second argument must be an integer");
    void *address = library_symbol(vm, handle, (const char *)bytes_of(name)->data);
    value flags = count > 1 && arguments[1] != NONE ? arguments[1] : VALUE_NULL;
    if (!address || (flags != VALUE_NULL && !check_parameters(vm, c_type_of(type), flags)))
        return VALUE_NULL;
    value made = with_address(vm, type, address);
    if (made == VALUE_NULL || !cdata_keep(vm, made, 0, library))
        return VALUE_NULL;
    c_function_of(made)->parameter_flags = flags;
    c_function_of(made)->callable = made;
    c_function_of(made)->name = string_from_text(vm, (const char *)bytes_of(name)->data);
    return made;
}

static value from_callable(struct vm *vm, struct type *type, value callable)
{
    const struct c_type *c = c_type_of(type);
    if (!value_type(vm, callable)->call)
        return raise_error(vm, &exc_TypeError, "argument must be callable or integer function address");
    if (!c || c->argument_types == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "cannot construct instance of this class: no argtypes");
    value callback = callback_new(vm, callable, c->argument_types, c->result_type, c->call_flags);
    if (callback == VALUE_NULL)
        return VALUE_NULL;
    value made = with_address(vm, type, ((struct callback_object *)value_object(callback))->address);
    if (made == VALUE_NULL || !cdata_keep(vm, made, 0, callback))
        return VALUE_NULL;
    c_function_of(made)->callback = callback;
    c_function_of(made)->callable = callable;
    return made;
}

static value function_new_instance(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    uint64_t address;
    if (keyword_count(keyword_names) && count == 0)
        return raise_error(vm, &exc_TypeError, "%s takes no keyword arguments", type->name);
    if (count == 0)
        return cdata_new(vm, type, NULL, 0, VALUE_NULL);
    if (has_flag(arguments[0], TYPE_TUPLE))
        return from_library(vm, type, arguments, count);
    if (count > 1)
        return raise_error(vm, &exc_TypeError, "CFuncPtr takes at most 1 argument (%zu given)", count);
    if (!is_int(arguments[0]))
        return from_callable(vm, type, arguments[0]);
    return c_mask(vm, arguments[0], &address) ? with_address(vm, type, (void *)(uintptr_t)address) : VALUE_NULL;
}

/* ---- calls ---- */

struct call_plan { /* arguments with parameter flags filled in */
    value arguments;       /* tuple */
    uint64_t out, in_out;  /* bits of the arguments that are results too */
    int results;
};

struct given_arguments {
    const value *items;
    size_t count;
    value keyword_names;
    size_t used;
};

static value given_argument(struct vm *vm, struct given_arguments *given, const struct parameter *parameter)
{
    if (given->used < given->count)
        return given->items[given->used++];
    for (size_t i = 0; parameter->name != VALUE_NULL && i < keyword_count(given->keyword_names); i++)
        if (string_equal(tuple_of(given->keyword_names)->items[i], parameter->name)) {
            given->used++;
            return given->items[given->count + i];
        }
    if (parameter->otherwise != VALUE_NULL)
        return parameter->otherwise;
    if (parameter->name != VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "required argument '%S' missing", parameter->name);
    return raise_error(vm, &exc_TypeError, "not enough arguments");
}

static value out_argument(struct vm *vm, value type)
{
    const struct c_type *c = c_type_of_class(type);
    if (!c)
        return raise_error(vm, &exc_RuntimeError, "NULL stgdict unexpected");
    if (c->kind == C_SIMPLE)
        return raise_error(vm, &exc_TypeError, "%s 'out' parameter must be passed as default value", type_of_value(type)->name);
    return call_0(vm, c->kind == C_ARRAY ? type : c->proto);
}

static value plan_argument(struct vm *vm, struct call_plan *plan, struct given_arguments *given, value type,
                           const struct parameter *parameter, size_t index)
{
    uint64_t bit = index < 64 ? (uint64_t)1 << index : 0;
    switch (parameter->kind & PARAMETER_KINDS) {
    case PARAMETER_IN | PARAMETER_LCID:
        return parameter->otherwise == VALUE_NULL ? small_int(0) : parameter->otherwise;
    case PARAMETER_IN | PARAMETER_OUT:
        plan->in_out |= bit;
        plan->results++;
        return given_argument(vm, given, parameter);
    case 0: case PARAMETER_IN:
        return given_argument(vm, given, parameter);
    case PARAMETER_OUT:
        plan->out |= bit;
        plan->results++;
        return parameter->otherwise == VALUE_NULL ? out_argument(vm, type) : parameter->otherwise;
    }
    return raise_error(vm, &exc_ValueError, "paramflag value %d not supported", parameter->kind);
}

static bool plan_call(struct vm *vm, value types, value flags, struct given_arguments *given, struct call_plan *plan)
{
    *plan = (struct call_plan){.arguments = VALUE_NULL};
    if (types == VALUE_NULL || flags == VALUE_NULL || tuple_of(types)->length == 0) {
        plan->arguments = tuple_from(vm, given->items, given->count);
        return plan->arguments != VALUE_NULL;
    }
    size_t count = tuple_of(types)->length;
    plan->arguments = tuple_new(vm, count);
    for (size_t i = 0; plan->arguments != VALUE_NULL && i < count; i++) {
        struct parameter parameter;
        if (!read_parameter(vm, tuple_of(flags)->items[i], &parameter))
            return false;
        value item = plan_argument(vm, plan, given, tuple_of(types)->items[i], &parameter, i);
        if (item == VALUE_NULL)
            return false;
        tuple_of(plan->arguments)->items[i] = item;
    }
    size_t actual = given->count + keyword_count(given->keyword_names);
    if (actual != given->used)
        raise_error(vm, &exc_TypeError, "call takes exactly %zu arguments (%zu given)", given->used, actual);
    return plan->arguments != VALUE_NULL && vm->pending == VALUE_NULL;
}

/* What was filled in by the function is the result. */
static value plan_result(struct vm *vm, const struct call_plan *plan, value result)
{
    if (plan->results == 0)
        return result;
    value all = list_new(vm, 0);
    for (size_t i = 0; all != VALUE_NULL && i < tuple_of(plan->arguments)->length && i < 64; i++) {
        value item = tuple_of(plan->arguments)->items[i];
        if (plan->out >> i & 1)
            item = call_method(vm, item, "__ctypes_from_outparam__", NULL, 0);
        else if (!(plan->in_out >> i & 1))
            continue;
        if (item == VALUE_NULL || !list_append(vm, list_of(all), item))
            return VALUE_NULL;
    }
    if (all == VALUE_NULL || plan->results == 1)
        return all == VALUE_NULL ? all : list_of(all)->items[0];
    return tuple_from(vm, list_of(all)->items, list_of(all)->length);
}

static value first_of(value own, value of_class) { return own != VALUE_NULL ? own : of_class; }

static value function_call(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    const struct c_function *function = c_function_of(self);
    const struct c_type *c = c_type_of_object(vm, self);
    struct foreign_call foreign = {.name = function->name, .flags = c->call_flags,
                                   .converters = first_of(function->converters, c->converters),
                                   .result_type = first_of(function->result_type, c->result_type),
                                   .checker = first_of(function->checker, c->checker)};
    memcpy(&foreign.address, function->data.data, sizeof foreign.address);
    if (function->callback != VALUE_NULL)
        foreign.own = ((const struct callback_object *)value_object(function->callback))->address == foreign.address;
    if (!foreign.address)
        return raise_error(vm, &exc_ValueError, "attempt to call a NULL function pointer");
    struct given_arguments given = {arguments, count, keyword_names, 0};
    struct call_plan plan;
    if (!plan_call(vm, first_of(function->argument_types, c->argument_types), function->parameter_flags, &given, &plan))
        return VALUE_NULL;
    struct tuple_object *passed = tuple_of(plan.arguments);
    size_t required = foreign.converters == VALUE_NULL ? 0 : tuple_of(foreign.converters)->length;
    if (foreign.converters != VALUE_NULL && (c->call_flags & CALL_CDECL ? required > passed->length : required != passed->length))
        return raise_error(vm, &exc_TypeError, "this function takes %s%zu argument%s (%zu given)",
                           c->call_flags & CALL_CDECL ? "at least " : "", required, required == 1 ? "" : "s",
                           (size_t)passed->length);
    value result = invoke(vm, &foreign, passed->items, passed->length);
    if (result != VALUE_NULL && function->error_check != VALUE_NULL) {
        value checked = call_3(vm, function->error_check, result, self, plan.arguments);
        if (checked == VALUE_NULL || checked != plan.arguments)
            return checked;
    }
    gc_keep(self);
    return result == VALUE_NULL ? result : plan_result(vm, &plan, result);
}

/* ---- attributes ---- */

static value get_error_check(struct vm *vm, value self)
{
    (void)vm;
    return value_or_none(first_of(c_function_of(self)->error_check, NONE));
}

static bool set_error_check(struct vm *vm, value self, value item)
{
    if (item != VALUE_NULL && !value_type(vm, item)->call) {
        raise_error(vm, &exc_TypeError, "the errcheck attribute must be callable");
        return false;
    }
    c_function_of(self)->error_check = item;
    return true;
}

static value get_result_type(struct vm *vm, value self)
{
    const struct c_type *c = c_type_of_object(vm, self);
    return first_of(first_of(c_function_of(self)->result_type, c->result_type), NONE);
}

static bool set_result_type(struct vm *vm, value self, value item)
{
    struct c_function *function = c_function_of(self);
    if (item == VALUE_NULL) {
        function->result_type = function->checker = VALUE_NULL;
        return true;
    }
    if (!is_result_type(vm, item)) {
        raise_error(vm, &exc_TypeError, "restype must be a type, a callable, or None");
        return false;
    }
    if (!find_checker(vm, item, &function->checker))
        return false;
    function->result_type = item;
    return true;
}

static value get_argument_types(struct vm *vm, value self)
{
    const struct c_type *c = c_type_of_object(vm, self);
    return first_of(first_of(c_function_of(self)->given_types, c->argument_types), NONE);
}

static bool set_argument_types(struct vm *vm, value self, value item)
{
    struct c_function *function = c_function_of(self);
    if (item == VALUE_NULL || item == NONE) {
        function->argument_types = function->given_types = function->converters = VALUE_NULL;
        return true;
    }
    value types = types_tuple(vm, item), converters = types == VALUE_NULL ? types : converters_of(vm, types);
    if (converters == VALUE_NULL)
        return false;
    function->argument_types = types;
    function->given_types = item;
    function->converters = converters;
    return true;
}

static const struct property_definition function_properties[] = {{"errcheck", get_error_check, set_error_check},
                                                                  {"restype", get_result_type, set_result_type},
                                                                  {"argtypes", get_argument_types, set_argument_types},
                                                                  {NULL, NULL, NULL}};

static void function_trace(struct vm *vm, struct object *object)
{
    cdata_type.trace(vm, object);
    const struct c_function *function = (const struct c_function *)object;
    const value values[] = {function->callback, function->callable, function->result_type, function->argument_types,
                            function->converters, function->checker, function->error_check, function->parameter_flags,
                            function->given_types, function->name};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        gc_mark(vm, values[i]);
}

static value function_repr(struct vm *vm, value self)
{
    return string_printf(vm, "<%T object at 0x%lx>", self, (unsigned long)object_identity(vm, self));
}

static int function_truth(struct vm *vm, value self)
{
    (void)vm;
    uint64_t address;
    memcpy(&address, cdata_of(self)->data, sizeof address);
    return address != 0;
}

static bool function_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names; /* __new__ has done it */
    return true;
}

struct type c_function_type = {.name = "_ctypes.CFuncPtr",
                               .base = &cdata_type,
                               .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                               .doc = "Function Pointer",
                               .instance_size = sizeof(struct c_function),
                               .trace = function_trace,
                               .properties = function_properties,
                               .new = function_new_instance,
                               .init = function_init,
                               .call = function_call,
                               .repr = function_repr,
                               .truth = function_truth};
