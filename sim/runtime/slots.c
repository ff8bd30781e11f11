/* slots.c - slot_definitions: the one table that ties special methods and type slots together, both ways.
 *
 * For a static type every slot it fills itself gets a slot wrapper under the special name in its dict (int.__add__). For a
 * heap type every special name found in its MRO fills the slot: with the C function itself when the name leads to a slot
 * wrapper of the same slot, with a trampoline that calls the Python method otherwise. */
#include "sim/runtime/type.h"
#include "sim/runtime/exception.h"

#include <stddef.h>

enum wrapper_kind {
    WRAP_UNARY, WRAP_NEXT, WRAP_BINARY, WRAP_REFLECTED, WRAP_POWER, WRAP_REFLECTED_POWER, WRAP_TERNARY, WRAP_COMPARE,
    WRAP_HASH, WRAP_TRUTH, WRAP_LENGTH, WRAP_STORE, WRAP_DELETE, WRAP_CONTAINS, WRAP_CALL, WRAP_SETATTR, WRAP_DELATTR,
    WRAP_GET, WRAP_INIT, WRAP_REPEAT, WRAP_NONE
};

struct slot_definition {
    const char *name;
    enum name_id id;
    enum wrapper_kind kind;
    unsigned extra; /* compare kind; 1: the trampoline only counts when it is the only candidate */
    size_t offset;  /* of the slot in struct type */
    any_function trampoline;
    const char *doc;
};

/* ---- calling special methods ---- */

value special_lookup(struct vm *vm, value object, enum name_id id, value *self)
{
    struct type *type = value_type(vm, object);
    value found = type_lookup(vm, type, vm->special_names[id]);
    *self = VALUE_NULL;
    if (found == VALUE_NULL)
        return VALUE_NULL;
    struct type *found_type = value_type(vm, found);
    if (found_type->flags & TYPE_METHOD_DESCRIPTOR) {
        *self = object;
        return found;
    }
    if (found_type->descriptor_get)
        return found_type->descriptor_get(vm, found, object, object_value(type));
    return found;
}

static value call_found(struct vm *vm, value function, value self, const value *arguments, size_t count)
{
    if (self == VALUE_NULL)
        return call(vm, function, arguments, count, VALUE_NULL);
    value all[4] = {self};
    if (count > 3)
        return call_prepend(vm, function, self, arguments, count, VALUE_NULL);
    for (size_t i = 0; i < count; i++)
        all[i + 1] = arguments[i];
    return call(vm, function, all, count + 1, VALUE_NULL);
}

value call_special(struct vm *vm, value object, enum name_id id, const value *arguments, size_t count)
{
    value self, function = special_lookup(vm, object, id, &self);
    if (function == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_attribute_error(vm, object, vm->special_names[id]);
        return VALUE_NULL;
    }
    return call_found(vm, function, self, arguments, count);
}

static value call_0_special(struct vm *vm, value a, enum name_id id) { return call_special(vm, a, id, NULL, 0); }
static value call_1_special(struct vm *vm, value a, enum name_id id, value b)
{
    return call_special(vm, a, id, &b, 1);
}

/* ---- trampolines: unary ---- */

#define UNARY(function, name) \
    static value function(struct vm *vm, value a) { return call_0_special(vm, a, NAME_##name); }
UNARY(slot_repr, __repr__)
UNARY(slot_string, __str__)
UNARY(slot_to_int, __int__)
UNARY(slot_to_float, __float__)
UNARY(slot_index, __index__)
UNARY(slot_pos, __pos__)
UNARY(slot_neg, __neg__)
UNARY(slot_invert, __invert__)
UNARY(slot_await, __await__)
UNARY(slot_aiter, __aiter__)
UNARY(slot_anext, __anext__)
UNARY(slot_finalize, __del__)
#undef UNARY

static value slot_iter(struct vm *vm, value a)
{
    value self, function = special_lookup(vm, a, NAME___iter__, &self);
    if (function == NONE || (function == VALUE_NULL && vm->pending == VALUE_NULL))
        return raise_error(vm, &exc_TypeError, "'%T' object is not iterable", a);
    return function == VALUE_NULL ? VALUE_NULL : call_found(vm, function, self, NULL, 0);
}

/* StopIteration becomes "exhausted"; its value goes where a generator's result goes, for `yield from`. */
static value slot_next(struct vm *vm, value a)
{
    value result = call_0_special(vm, a, NAME___next__);
    if (result == VALUE_NULL && exception_matches(vm, &exc_StopIteration)) {
        struct exception_object *stop = (struct exception_object *)value_object(exception_take(vm));
        vm->generator_result = stop->fields[0] == VALUE_NULL ? NONE : stop->fields[0];
    }
    return result;
}

static bool slot_hash(struct vm *vm, value a, int64_t *hash)
{
    value self, function = special_lookup(vm, a, NAME___hash__, &self);
    if (function == NONE || function == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError, "unhashable type: '%T'", a);
        return false;
    }
    value result = call_found(vm, function, self, NULL, 0);
    if (result == VALUE_NULL)
        return false;
    if (!is_int(result)) {
        raise_error(vm, &exc_TypeError, "__hash__ method should return an integer");
        return false;
    }
    if (is_small_int(result)) { /* any 64-bit number is taken as it is */
        *hash = small_int_value(result) == -1 ? -2 : small_int_value(result);
        return true;
    }
    if (value_to_int64(vm, result, hash)) {
        if (*hash == -1)
            *hash = -2;
        return true;
    }
    exception_clear(vm);
    return int_type.hash(vm, result, hash);
}

static int slot_truth(struct vm *vm, value a)
{
    value result = call_0_special(vm, a, NAME___bool__);
    if (result == VALUE_NULL)
        return -1;
    if (result != TRUE && result != FALSE) {
        raise_error(vm, &exc_TypeError, "__bool__ should return bool, returned %T", result);
        return -1;
    }
    return result == TRUE;
}

static int64_t slot_length(struct vm *vm, value a)
{
    value result = call_0_special(vm, a, NAME___len__);
    int64_t length;
    if (result == VALUE_NULL)
        return -1;
    if (!is_small_int(result) && !is_int(result) && !value_type(vm, result)->index) {
        raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", result);
        return -1;
    }
    if (!is_small_int(result) && is_int(result) && int_sign(result) < 0) {
        raise_error(vm, &exc_ValueError, "__len__() should return >= 0");
        return -1;
    }
    if (!value_to_index(vm, result, &length)) {
        if (exception_matches(vm, &exc_IndexError)) {
            exception_clear(vm);
            raise_error(vm, &exc_OverflowError, "cannot fit 'int' into an index-sized integer");
        }
        return -1;
    }
    if (length < 0) {
        raise_error(vm, &exc_ValueError, "__len__() should return >= 0");
        return -1;
    }
    return length;
}

/* ---- trampolines: binary operators ---- */

static bool method_is_overloaded(struct vm *vm, value a, value b, enum name_id id)
{
    value of_b = type_lookup(vm, value_type(vm, b), vm->special_names[id]);
    value of_a = type_lookup(vm, value_type(vm, a), vm->special_names[id]);
    return of_b != VALUE_NULL && of_a != of_b;
}

static value call_or_not_implemented(struct vm *vm, value a, enum name_id id, value b)
{
    value self, function = special_lookup(vm, a, id, &self);
    if (function == VALUE_NULL)
        return vm->pending == VALUE_NULL ? vm->not_implemented : VALUE_NULL;
    return call_found(vm, function, self, &b, 1);
}

static value binary_trampoline(struct vm *vm, value a, value b, enum binary_kind kind, binary_function own,
                               enum name_id name, enum name_id reflected)
{
    struct type *type_a = value_type(vm, a), *type_b = value_type(vm, b);
    bool other = type_a != type_b && type_b->binary[kind] == own;
    if (type_a->binary[kind] == own) {
        if (other && type_is_subtype(type_b, type_a) && method_is_overloaded(vm, a, b, reflected)) {
            value result = call_or_not_implemented(vm, b, reflected, a);
            if (result != vm->not_implemented)
                return result;
            other = false;
        }
        value result = call_or_not_implemented(vm, a, name, b);
        if (result != vm->not_implemented || type_a == type_b)
            return result;
    }
    return other ? call_or_not_implemented(vm, b, reflected, a) : vm->not_implemented;
}

#define BINARY_OPERATORS(X) \
    X(ADD, add) X(AND, and) X(FLOOR_DIVIDE, floordiv) X(LSHIFT, lshift) X(MATMUL, matmul) X(MUL, mul) X(REMAINDER, mod) \
    X(OR, or) X(POWER, pow) X(RSHIFT, rshift) X(SUB, sub) X(DIV, truediv) X(XOR, xor)

#define X(kind, name) \
    static value slot_##name(struct vm *vm, value a, value b) \
    { \
        return binary_trampoline(vm, a, b, BINARY_##kind, slot_##name, NAME___##name##__, NAME___r##name##__); \
    } \
    static value slot_i##name(struct vm *vm, value a, value b) \
    { \
        return call_or_not_implemented(vm, a, NAME___i##name##__, b); \
    }
BINARY_OPERATORS(X)
#undef X

static value slot_power(struct vm *vm, value a, value b, value c)
{
    value arguments[2] = {b, c}, self, function = special_lookup(vm, a, NAME___pow__, &self);
    if (function == VALUE_NULL)
        return vm->pending == VALUE_NULL ? vm->not_implemented : VALUE_NULL;
    return call_found(vm, function, self, arguments, 2);
}

static value slot_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    static const enum name_id names[] = {NAME___lt__, NAME___le__, NAME___eq__, NAME___ne__, NAME___gt__, NAME___ge__};
    value self, function = special_lookup(vm, a, names[kind], &self);
    if (function == VALUE_NULL) { /* as CPython: what looking it up raised is forgotten */
        if (vm->pending != VALUE_NULL)
            exception_clear(vm);
        return vm->not_implemented;
    }
    return call_found(vm, function, self, &b, 1);
}

/* ---- trampolines: containers ---- */

static value slot_get_item(struct vm *vm, value a, value b) { return call_1_special(vm, a, NAME___getitem__, b); }

static bool slot_set_item(struct vm *vm, value a, value key, value item)
{
    value arguments[2] = {key, item};
    if (item == VALUE_NULL)
        return call_special(vm, a, NAME___delitem__, arguments, 1) != VALUE_NULL;
    return call_special(vm, a, NAME___setitem__, arguments, 2) != VALUE_NULL;
}

static int slot_contains(struct vm *vm, value a, value item)
{
    value self, function = special_lookup(vm, a, NAME___contains__, &self);
    if (function == NONE)
        raise_error(vm, &exc_TypeError, "'%T' object is not a container", a);
    if (function == VALUE_NULL && vm->pending == VALUE_NULL)
        raise_error(vm, &exc_TypeError, "argument of type '%T' is not iterable", a);
    value result = vm->pending != VALUE_NULL ? VALUE_NULL : call_found(vm, function, self, &item, 1);
    return result == VALUE_NULL ? -1 : value_truth(vm, result);
}

/* ---- trampolines: the rest ---- */

static value slot_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    value self, function = special_lookup(vm, callee, NAME___call__, &self);
    if (function == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError, "'%T' object is not callable", callee);
        return VALUE_NULL;
    }
    if (self == VALUE_NULL)
        return call(vm, function, arguments, count, keyword_names);
    return call_prepend(vm, function, self, arguments, count, keyword_names);
}

static value slot_getattribute(struct vm *vm, value a, value name)
{
    return call_1_special(vm, a, NAME___getattribute__, name);
}

/* __getattr__ is defined: first __getattribute__ (or the plain look-up), then, on AttributeError, __getattr__. */
value slot_getattr_hook(struct vm *vm, value a, value name)
{
    struct type *type = value_type(vm, a);
    value hook = type_lookup(vm, type, NAMED(vm, __getattr__)); /* as it is now: __getattribute__ may replace it */
    if (hook == VALUE_NULL)
        return slot_getattribute(vm, a, name);
    value getattribute = type_lookup(vm, type, NAMED(vm, __getattribute__)), result;
    if (is_exact(getattribute, &slot_wrapper_type))
        result = slot_wrapper_invoke(vm, (struct slot_wrapper_object *)value_object(getattribute), a, &name, 1,
                                     VALUE_NULL);
    else
        result = slot_getattribute(vm, a, name);
    if (result != VALUE_NULL || !exception_matches(vm, &exc_AttributeError))
        return result;
    exception_clear(vm);
    return is_exact(hook, &function_type) ? call_2(vm, hook, a, name) : call_1_special(vm, a, NAME___getattr__, name);
}

static bool slot_setattr(struct vm *vm, value a, value name, value item)
{
    value arguments[2] = {name, item};
    if (item == VALUE_NULL)
        return call_special(vm, a, NAME___delattr__, arguments, 1) != VALUE_NULL;
    return call_special(vm, a, NAME___setattr__, arguments, 2) != VALUE_NULL;
}

static value slot_descriptor_get(struct vm *vm, value descriptor, value object, value type)
{
    value arguments[2] = {object == VALUE_NULL ? NONE : object, type == VALUE_NULL ? NONE : type};
    value get = type_lookup(vm, value_type(vm, descriptor), NAMED(vm, __get__)); /* as CPython: not bound by its own __get__ */
    if (get == VALUE_NULL)
        return descriptor;
    return call_prepend(vm, get, descriptor, arguments, 2, VALUE_NULL);
}

static bool slot_descriptor_set(struct vm *vm, value descriptor, value object, value item)
{
    value arguments[2] = {object, item};
    if (item == VALUE_NULL)
        return call_special(vm, descriptor, NAME___delete__, arguments, 1) != VALUE_NULL;
    return call_special(vm, descriptor, NAME___set__, arguments, 2) != VALUE_NULL;
}

bool slot_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    value bound, function = special_lookup(vm, self, NAME___init__, &bound), result;
    if (function == VALUE_NULL)
        return vm->pending == VALUE_NULL;
    if (bound == VALUE_NULL)
        result = call(vm, function, arguments, count, keyword_names);
    else
        result = call_prepend(vm, function, bound, arguments, count, keyword_names);
    if (result == VALUE_NULL)
        return false;
    if (result != NONE)
        raise_error(vm, &exc_TypeError, "__init__() should return None, not '%T'", result);
    return result == NONE;
}

value slot_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value function = type_getattr(vm, object_value(type), NAMED(vm, __new__));
    if (function == VALUE_NULL)
        return VALUE_NULL;
    return call_prepend(vm, function, object_value(type), arguments, count, keyword_names);
}

/* ---- the table ---- */

#define SLOT(name, field, kind, extra, trampoline, doc) \
    {#name, NAME_##name, kind, extra, offsetof(struct type, field), (any_function)(trampoline), doc}
#define X(kind, name) \
    SLOT(__##name##__, binary[BINARY_##kind], BINARY_##kind == BINARY_POWER ? WRAP_POWER : WRAP_BINARY, 0, slot_##name, \
         "Return self " #name " value."), \
    SLOT(__r##name##__, binary[BINARY_##kind], BINARY_##kind == BINARY_POWER ? WRAP_REFLECTED_POWER : WRAP_REFLECTED, 0, \
         slot_##name, "Return value " #name " self."), \
    SLOT(__i##name##__, inplace[BINARY_##kind], WRAP_BINARY, 0, slot_i##name, "In-place " #name "."),

static const struct slot_definition slot_definitions[] = {
    SLOT(__getattribute__, getattr, WRAP_BINARY, 0, slot_getattr_hook, "Return getattr(self, name)."),
    SLOT(__getattr__, getattr, WRAP_NONE, 0, slot_getattr_hook, NULL),
    SLOT(__setattr__, setattr, WRAP_SETATTR, 0, slot_setattr, "Implement setattr(self, name, value)."),
    SLOT(__delattr__, setattr, WRAP_DELATTR, 0, slot_setattr, "Implement delattr(self, name)."),
    SLOT(__repr__, repr, WRAP_UNARY, 0, slot_repr, "Return repr(self)."),
    SLOT(__hash__, hash, WRAP_HASH, 0, slot_hash, "Return hash(self)."),
    SLOT(__call__, call, WRAP_CALL, 0, slot_call, "Call self as a function."),
    SLOT(__str__, string, WRAP_UNARY, 0, slot_string, "Return str(self)."),
    SLOT(__lt__, compare, WRAP_COMPARE, COMPARE_LT, slot_compare, "Return self<value."),
    SLOT(__le__, compare, WRAP_COMPARE, COMPARE_LE, slot_compare, "Return self<=value."),
    SLOT(__eq__, compare, WRAP_COMPARE, COMPARE_EQ, slot_compare, "Return self==value."),
    SLOT(__ne__, compare, WRAP_COMPARE, COMPARE_NE, slot_compare, "Return self!=value."),
    SLOT(__gt__, compare, WRAP_COMPARE, COMPARE_GT, slot_compare, "Return self>value."),
    SLOT(__ge__, compare, WRAP_COMPARE, COMPARE_GE, slot_compare, "Return self>=value."),
    SLOT(__iter__, iter, WRAP_UNARY, 0, slot_iter, "Implement iter(self)."),
    SLOT(__next__, next, WRAP_NEXT, 0, slot_next, "Implement next(self)."),
    SLOT(__get__, descriptor_get, WRAP_GET, 0, slot_descriptor_get, "Return an attribute of instance, which is of type owner."),
    SLOT(__set__, descriptor_set, WRAP_STORE, 0, slot_descriptor_set, "Set an attribute of instance to value."),
    SLOT(__delete__, descriptor_set, WRAP_DELETE, 0, slot_descriptor_set, "Delete an attribute of instance."),
    SLOT(__init__, init, WRAP_INIT, 0, slot_init, "Initialize self.  See help(type(self)) for accurate signature."),
    SLOT(__del__, finalize, WRAP_UNARY, 0, slot_finalize, NULL),
    SLOT(__await__, await, WRAP_UNARY, 0, slot_await, "Return an iterator to be used in await expression."),
    SLOT(__aiter__, aiter, WRAP_UNARY, 0, slot_aiter, "Return an awaitable, that resolves in asynchronous iterator."),
    SLOT(__anext__, anext, WRAP_UNARY, 0, slot_anext, "Return a value or raise StopAsyncIteration."),
    SLOT(__bool__, truth, WRAP_TRUTH, 0, slot_truth, "True if self else False"),
    SLOT(__len__, length, WRAP_LENGTH, 0, slot_length, "Return len(self)."),
    SLOT(__getitem__, get_item, WRAP_BINARY, 0, slot_get_item, "Return self[key]."),
    SLOT(__setitem__, set_item, WRAP_STORE, 0, slot_set_item, "Set self[key] to value."),
    SLOT(__delitem__, set_item, WRAP_DELETE, 0, slot_set_item, "Delete self[key]."),
    SLOT(__contains__, contains, WRAP_CONTAINS, 0, slot_contains, "Return key in self."),
    SLOT(__pos__, unary[UNARY_POS], WRAP_UNARY, 0, slot_pos, "+self"),
    SLOT(__neg__, unary[UNARY_NEG], WRAP_UNARY, 0, slot_neg, "-self"),
    SLOT(__invert__, unary[UNARY_INVERT], WRAP_UNARY, 0, slot_invert, "~self"),
    SLOT(__int__, to_int, WRAP_UNARY, 0, slot_to_int, "int(self)"),
    SLOT(__float__, to_float, WRAP_UNARY, 0, slot_to_float, "float(self)"),
    SLOT(__index__, index, WRAP_UNARY, 0, slot_index,
         "Return self converted to an integer, if self is suitable for use as an index into a list."),
    BINARY_OPERATORS(X)
    SLOT(__pow__, power, WRAP_TERNARY, 1, slot_power, NULL),
    SLOT(__add__, concat, WRAP_BINARY, 1, NULL, "Return self+value."),
    SLOT(__mul__, repeat, WRAP_REPEAT, 1, NULL, "Return self*value."),
    SLOT(__rmul__, repeat, WRAP_REPEAT, 1, NULL, "Return value*self."),
};
#undef X
enum { SLOT_DEFINITION_COUNT = sizeof slot_definitions / sizeof slot_definitions[0] };

const char *slot_definition_name(const struct slot_definition *definition) { return definition->name; }
const char *slot_definition_doc(const struct slot_definition *definition) { return definition->doc; }

static any_function slot_read(const struct type *type, size_t offset)
{
    any_function function;
    memcpy(&function, (const char *)type + offset, sizeof function);
    return function;
}

static void slot_write(struct type *type, size_t offset, any_function function)
{
    memcpy((char *)type + offset, &function, sizeof function);
}

/* ---- slot wrappers ---- */

static bool wrong_count(struct vm *vm, size_t count, size_t minimum, size_t maximum)
{
    if (count >= minimum && count <= maximum)
        return false;
    if (minimum == maximum)
        raise_error(vm, &exc_TypeError, "expected %zu argument%s, got %zu", minimum, minimum == 1 ? "" : "s", count);
    else
        raise_error(vm, &exc_TypeError, "expected at %s %zu argument%s, got %zu", count < minimum ? "least" : "most",
                    count < minimum ? minimum : maximum, (count < minimum ? minimum : maximum) == 1 ? "" : "s", count);
    return true;
}

static const uint8_t wrapper_arguments[][2] = {
    [WRAP_UNARY] = {0, 0}, [WRAP_NEXT] = {0, 0}, [WRAP_BINARY] = {1, 1}, [WRAP_REFLECTED] = {1, 1}, [WRAP_POWER] = {1, 2},
    [WRAP_REFLECTED_POWER] = {1, 2}, [WRAP_TERNARY] = {2, 2}, [WRAP_COMPARE] = {1, 1}, [WRAP_HASH] = {0, 0},
    [WRAP_TRUTH] = {0, 0}, [WRAP_LENGTH] = {0, 0}, [WRAP_STORE] = {2, 2}, [WRAP_DELETE] = {1, 1}, [WRAP_CONTAINS] = {1, 1},
    [WRAP_CALL] = {0, 255}, [WRAP_SETATTR] = {2, 2}, [WRAP_DELATTR] = {1, 1}, [WRAP_GET] = {1, 2}, [WRAP_INIT] = {0, 255},
    [WRAP_REPEAT] = {1, 1}, [WRAP_NONE] = {0, 0}};

static value invoke_power(struct vm *vm, struct slot_wrapper_object *w, value self, const value *a, size_t count)
{
    bool reflected = w->definition->kind == WRAP_REFLECTED_POWER;
    value base = reflected ? a[0] : self, exponent = reflected ? self : a[0];
    if (count == 1 || a[1] == NONE)
        return ((binary_function)w->function)(vm, base, exponent);
    struct type *type = value_type(vm, self);
    return type->power ? type->power(vm, base, exponent, a[1]) : vm->not_implemented;
}

static value invoke_store(struct vm *vm, struct slot_wrapper_object *w, value self, value key, value item)
{
    enum wrapper_kind kind = w->definition->kind;
    if ((kind == WRAP_SETATTR || kind == WRAP_DELATTR) && !is_instance(vm, key, &string_type))
        return raise_error(vm, &exc_TypeError, "attribute name must be string, not '%T'", key);
    if ((kind == WRAP_SETATTR || kind == WRAP_DELATTR)) {
        if (is_type(self) && w->owner == &object_type_object)
            return raise_error(vm, &exc_TypeError, "can't apply this %s to %T object", w->definition->name, self);
        key = intern(vm, key);
    }
    return ((store_function)w->function)(vm, self, key, item) ? NONE : VALUE_NULL;
}

static value invoke_get(struct vm *vm, struct slot_wrapper_object *w, value self, const value *a, size_t count)
{
    value object = a[0] == NONE ? VALUE_NULL : a[0], type = count < 2 || a[1] == NONE ? VALUE_NULL : a[1];
    if (object == VALUE_NULL && type == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "__get__(None, None) is invalid");
    return ((ternary_function)w->function)(vm, self, object, type);
}

static value invoke_number(struct vm *vm, struct slot_wrapper_object *w, value self, const value *a)
{
    int64_t number = 0;
    int truth;
    switch (w->definition->kind) {
    case WRAP_HASH:
        return ((hash_function)w->function)(vm, self, &number) ? int_from_int64(vm, number) : VALUE_NULL;
    case WRAP_TRUTH:
        truth = ((test_function)w->function)(vm, self);
        return truth < 0 ? VALUE_NULL : bool_value(truth);
    case WRAP_CONTAINS:
        truth = ((contains_function)w->function)(vm, self, a[0]);
        return truth < 0 ? VALUE_NULL : bool_value(truth);
    case WRAP_LENGTH:
        number = ((length_function)w->function)(vm, self);
        return number < 0 ? VALUE_NULL : int_from_int64(vm, number);
    default: /* WRAP_REPEAT */
        if (!value_to_count(vm, a[0], &number))
            return VALUE_NULL;
        return ((value(*)(struct vm *, value, int64_t))w->function)(vm, self, number);
    }
}

typedef bool (*init_function_type)(struct vm *, value, const value *, size_t, value);

value slot_wrapper_invoke(struct vm *vm, struct slot_wrapper_object *w, value self, const value *a, size_t count,
                          value keyword_names)
{
    const struct slot_definition *d = w->definition;
    if (!is_instance(vm, self, w->owner))
        return raise_error(vm, &exc_TypeError, "descriptor '%s' requires a '%s' object but received a '%T'", d->name,
                           w->owner->name, self);
    if (d->kind == WRAP_CALL)
        return ((call_function)w->function)(vm, self, a, count, keyword_names);
    if (d->kind == WRAP_INIT)
        return ((init_function_type)w->function)(vm, self, a, count, keyword_names) ? NONE : VALUE_NULL;
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "wrapper %s() takes no keyword arguments", d->name);
    if (wrong_count(vm, count, wrapper_arguments[d->kind][0], wrapper_arguments[d->kind][1]))
        return VALUE_NULL;
    switch (d->kind) {
    case WRAP_UNARY:
        return ((unary_function)w->function)(vm, self);
    case WRAP_NEXT: {
        vm->generator_result = NONE;
        value result = ((unary_function)w->function)(vm, self);
        if (result == VALUE_NULL && vm->pending == VALUE_NULL)
            return raise_stop_iteration(vm, vm->generator_result);
        return result;
    }
    case WRAP_BINARY:
        if (d->id == NAME___getattribute__) {
            if (!is_instance(vm, a[0], &string_type))
                return raise_error(vm, &exc_TypeError, "attribute name must be string, not '%T'", a[0]);
            return ((binary_function)w->function)(vm, self, intern(vm, a[0]));
        }
        return ((binary_function)w->function)(vm, self, a[0]);
    case WRAP_REFLECTED:
        return ((binary_function)w->function)(vm, a[0], self);
    case WRAP_POWER:
    case WRAP_REFLECTED_POWER:
        return invoke_power(vm, w, self, a, count);
    case WRAP_TERNARY:
        return ((ternary_function)w->function)(vm, self, a[0], a[1]);
    case WRAP_COMPARE:
        return ((compare_function)w->function)(vm, self, a[0], (enum compare_kind)d->extra);
    case WRAP_STORE:
    case WRAP_SETATTR:
        return invoke_store(vm, w, self, a[0], a[1]);
    case WRAP_DELETE:
    case WRAP_DELATTR:
        return invoke_store(vm, w, self, a[0], VALUE_NULL);
    case WRAP_GET:
        return invoke_get(vm, w, self, a, count);
    case WRAP_HASH:
    case WRAP_TRUTH:
    case WRAP_LENGTH:
    case WRAP_CONTAINS:
    case WRAP_REPEAT:
        return invoke_number(vm, w, self, a);
    case WRAP_CALL:
    case WRAP_INIT:
    case WRAP_NONE:
        break;
    }
    return raise_error(vm, &exc_SystemError, "bad slot wrapper");
}

void slots_to_dict(struct vm *vm, struct type *type)
{
    for (size_t i = 0; i < SLOT_DEFINITION_COUNT; i++) {
        const struct slot_definition *d = &slot_definitions[i];
        any_function function = slot_read(type, d->offset);
        if (!function || d->kind == WRAP_NONE || d->kind == WRAP_TERNARY ||
            dict_get_interned(type->dict, vm->special_names[d->id]) != VALUE_NULL)
            continue;
        struct slot_wrapper_object *wrapper = GC_NEW(vm, struct slot_wrapper_object, &slot_wrapper_type);
        wrapper->definition = d;
        wrapper->owner = type;
        wrapper->function = function;
        dict_set_interned(vm, type->dict, vm->special_names[d->id], object_value(wrapper));
    }
}

/* ---- inheritance ---- */

void slots_inherit(struct type *type, const struct type *base)
{
    bool own_comparison = type->compare || type->hash;
    bool own_truth = type->truth || type->length;
    for (size_t i = 0; i < SLOT_DEFINITION_COUNT; i++) {
        size_t offset = slot_definitions[i].offset;
        if (offset == offsetof(struct type, hash) || offset == offsetof(struct type, compare) ||
            offset == offsetof(struct type, truth))
            continue;
        if (!slot_read(type, offset))
            slot_write(type, offset, slot_read(base, offset));
    }
    if (!own_comparison) {
        type->compare = base->compare;
        type->hash = base->hash;
    }
    if (!own_truth)
        type->truth = base->truth;
    if (!type->new && base != &object_type_object)
        type->new = base->new;
}

/* A built-in type's method that does what the type's slot does: list.__getitem__. */
static bool coexists(const struct type *type, value found, const struct slot_definition *d)
{
    struct type *owner = ((struct native_function_object *)value_object(found))->owner;
    return (d->id == NAME___getitem__ || d->id == NAME___contains__) && !(owner->flags & TYPE_HEAP) &&
           type_is_subtype(type, owner) && slot_read(owner, d->offset);
}

/* The function for one slot of a heap type, from all the names tied to it. */
static any_function slot_resolve(struct vm *vm, struct type *type, size_t offset)
{
    any_function specific = NULL, generic = NULL;
    bool use_generic = false;
    for (size_t i = 0; i < SLOT_DEFINITION_COUNT; i++) {
        const struct slot_definition *d = &slot_definitions[i];
        if (d->offset != offset)
            continue;
        value found = type_lookup(vm, type, vm->special_names[d->id]);
        if (found == VALUE_NULL)
            continue;
        if (is_exact(found, &slot_wrapper_type)) {
            struct slot_wrapper_object *wrapper = (struct slot_wrapper_object *)value_object(found);
            bool same = wrapper->definition->offset == offset && wrapper->definition->id == d->id;
            if (!same && (d->extra == 1 || slot_definitions[i].kind == WRAP_BINARY || d->kind == WRAP_REFLECTED)) {
                bool stranger = d->extra != 1 && !type_is_subtype(type, wrapper->owner); /* calling it raises TypeError */
                if (wrapper->definition->offset != offset && wrapper->definition->id == d->id && !stranger)
                    continue; /* the other slot of the same name: list.__add__ is concat, not binary[ADD] */
            }
            if (same && type_is_subtype(type, wrapper->owner) && (!specific || specific == wrapper->function)) {
                specific = wrapper->function;
                generic = d->trampoline;
                continue;
            }
        } else if (is_exact(found, &method_descriptor_type) && coexists(type, found, d)) {
            specific = slot_read(((struct native_function_object *)value_object(found))->owner, offset);
            generic = d->trampoline;
            continue;
        } else if (found == NONE && d->id == NAME___hash__) {
            return NULL;
        } else if (d->extra == 1 && d->kind != WRAP_TERNARY && d->kind != WRAP_COMPARE) {
            continue; /* a Python __add__ fills binary[ADD] only (of comparisons, extra is which one: 1 is <=) */
        }
        use_generic = true;
        generic = d->trampoline;
    }
    return specific && !use_generic ? specific : generic;
}

static void slot_update(struct vm *vm, struct type *type, size_t offset)
{
    any_function function = slot_resolve(vm, type, offset);
    if (offset == offsetof(struct type, power) && function == (any_function)slot_power) {
        /* pow(a, b, c) keeps the C function when __pow__ is the base's */
        for (struct type *base = type->base; base; base = base->base)
            if (!(base->flags & TYPE_HEAP) && base->power && type->binary[BINARY_POWER] == base->binary[BINARY_POWER])
                function = (any_function)base->power;
    }
    if (offset == offsetof(struct type, getattr) && function == (any_function)slot_getattr_hook &&
        type_lookup(vm, type, NAMED(vm, __getattr__)) == VALUE_NULL)
        function = (any_function)slot_getattribute;
    slot_write(type, offset, function);
}

static void update_flags(struct type *type)
{
    type->flags &= ~(unsigned)(TYPE_GETATTR_PLAIN | TYPE_HAS_FINALIZER);
    if (type->getattr == generic_getattr)
        type->flags |= TYPE_GETATTR_PLAIN;
    if (type->finalize)
        type->flags |= TYPE_HAS_FINALIZER;
}

static void update_new(struct vm *vm, struct type *type)
{
    value found = type_lookup(vm, type, NAMED(vm, __new__));
    type->new = found == VALUE_NULL || is_new_wrapper(found) ? class_new : slot_new;
}

/* Names are looked up in the type itself and then as its base does. Other native types keep functions in slots that no name
 * stands for. */
static bool follows_base(const struct type *type)
{
    const struct type *base = type->base;
    return base && (base == &object_type_object || (base->flags & TYPE_HEAP)) && type->mro_count == base->mro_count + 1 &&
           type->mro[0] == type && !memcmp(type->mro + 1, base->mro, base->mro_count * sizeof *base->mro);
}

void slots_update(struct vm *vm, struct type *type)
{
    size_t own[SLOT_DEFINITION_COUNT + 2], own_count = 0; /* offsets of slots that the type's own names fill */
    bool follows = follows_base(type);
    for (size_t i = 0; follows && i < SLOT_DEFINITION_COUNT; i++)
        if (dict_get_interned(type->dict, vm->special_names[slot_definitions[i].id]) != VALUE_NULL)
            own[own_count++] = slot_definitions[i].offset;
    if (own_count || (follows && dict_get_interned(type->dict, NAMED(vm, __getattr__)) != VALUE_NULL)) {
        own[own_count++] = offsetof(struct type, getattr);
        own[own_count++] = offsetof(struct type, power);
    }
    for (size_t i = 0; i < SLOT_DEFINITION_COUNT; i++) {
        size_t offset = slot_definitions[i].offset, k = 0;
        while (k < own_count && own[k] != offset)
            k++;
        if (follows && k == own_count)
            slot_write(type, offset, slot_read(type->base, offset));
        else if (!i || slot_definitions[i - 1].offset != offset)
            slot_update(vm, type, offset);
    }
    update_new(vm, type);
    update_flags(type);
}

void slots_update_name(struct vm *vm, struct type *type, value name)
{
    bool changed = false;
    for (size_t i = 0; i < SLOT_DEFINITION_COUNT; i++)
        if (vm->special_names[slot_definitions[i].id] == name) {
            slot_update(vm, type, slot_definitions[i].offset);
            changed = true;
        }
    if (name == NAMED(vm, __new__)) {
        update_new(vm, type);
        changed = true;
    }
    if (!changed)
        return;
    update_flags(type);
    if (!is_object(type->subclasses))
        return;
    struct list_object *list = list_of(type->subclasses);
    for (uint32_t i = 0; i < list->length; i++) {
        struct type *subclass = type_of_value(list->items[i]);
        if (dict_get_interned(subclass->dict, name) == VALUE_NULL)
            slots_update_name(vm, subclass, name);
    }
}
