/* operator.c - module _operator: the operators as functions; attrgetter, itemgetter, methodcaller. */
#include "sim/modules/containers.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define NEW(name)                                                                                                      \
    static value name(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
#define FUNCTION(name, expression)                                                                                     \
    METHOD(name)                                                                                                       \
    {                                                                                                                  \
        (void)self, (void)count, (void)keyword_names;                                                                  \
        return expression;                                                                                             \
    }
#define A arguments[0]
#define B arguments[1]

static value truth_value(int truth)
{
    return truth < 0 ? VALUE_NULL : bool_value(truth);
}

static value unless_failed(bool good)
{
    return good ? NONE : VALUE_NULL;
}

#define BINARY_FUNCTIONS(X)                                                                                            \
    X(add, BINARY_ADD) X(and_, BINARY_AND) X(floordiv, BINARY_FLOOR_DIVIDE) X(lshift, BINARY_LSHIFT)                   \
    X(matmul, BINARY_MATMUL) X(mul, BINARY_MUL) X(mod, BINARY_REMAINDER) X(or_, BINARY_OR) X(pow, BINARY_POWER)        \
    X(rshift, BINARY_RSHIFT) X(sub, BINARY_SUB) X(truediv, BINARY_DIV) X(xor, BINARY_XOR)
#define INPLACE_FUNCTIONS(X)                                                                                           \
    X(iadd, BINARY_ADD) X(iand, BINARY_AND) X(ifloordiv, BINARY_FLOOR_DIVIDE) X(ilshift, BINARY_LSHIFT)                \
    X(imatmul, BINARY_MATMUL) X(imul, BINARY_MUL) X(imod, BINARY_REMAINDER) X(ior, BINARY_OR) X(ipow, BINARY_POWER)    \
    X(irshift, BINARY_RSHIFT) X(isub, BINARY_SUB) X(itruediv, BINARY_DIV) X(ixor, BINARY_XOR)
#define COMPARE_FUNCTIONS(X)                                                                                           \
    X(lt, COMPARE_LT) X(le, COMPARE_LE) X(eq, COMPARE_EQ) X(ne, COMPARE_NE) X(gt, COMPARE_GT) X(ge, COMPARE_GE)
#define UNARY_FUNCTIONS(X) X(pos, UNARY_POS) X(neg, UNARY_NEG) X(inv, UNARY_INVERT) X(invert, UNARY_INVERT)

#define X(name, kind) FUNCTION(operator_##name, binary_operation(vm, kind, A, B))
BINARY_FUNCTIONS(X)
#undef X
#define X(name, kind) FUNCTION(operator_##name, inplace_operation(vm, kind, A, B))
INPLACE_FUNCTIONS(X)
#undef X
#define X(name, kind) FUNCTION(operator_##name, compare_operation(vm, kind, A, B))
COMPARE_FUNCTIONS(X)
#undef X
#define X(name, kind) FUNCTION(operator_##name, unary_operation(vm, kind, A))
UNARY_FUNCTIONS(X)
#undef X

static value negated(int truth)
{
    return truth < 0 ? VALUE_NULL : bool_value(!truth);
}

static bool check_sequences(struct vm *vm, value a, value b)
{
    for (int i = 0; i < 2; i++) {
        value v = i ? b : a;
        if (!value_type(vm, v)->get_item || has_flag(v, TYPE_DICT)) {
            raise_error(vm, &exc_TypeError, "'%T' object can't be concatenated", v);
            return false;
        }
    }
    return true;
}

static value absolute(struct vm *vm, value v)
{
    value function = dict_get_text(vm, dict_of(vm->builtins), "abs");
    return function == VALUE_NULL ? function : call_1(vm, function, v);
}

static value hint(struct vm *vm, value v, value otherwise)
{
    int64_t number = 0;
    if (otherwise != VALUE_NULL && !value_to_int64(vm, otherwise, &number))
        return VALUE_NULL;
    number = length_hint(vm, v, number);
    return vm->pending != VALUE_NULL ? VALUE_NULL : small_int(number);
}

FUNCTION(operator_truth, truth_value(value_truth(vm, A)))
FUNCTION(operator_not, negated(value_truth(vm, A)))
FUNCTION(operator_is, ((void)vm, bool_value(A == B)))
FUNCTION(operator_is_not, ((void)vm, bool_value(A != B)))
FUNCTION(operator_abs, absolute(vm, A))
FUNCTION(operator_index, number_index(vm, A))
FUNCTION(operator_contains, truth_value(contains(vm, A, B)))
FUNCTION(operator_getitem, get_item(vm, A, B))
FUNCTION(operator_setitem, unless_failed(set_item(vm, A, B, arguments[2])))
FUNCTION(operator_delitem, unless_failed(delete_item(vm, A, B)))
FUNCTION(operator_concat, check_sequences(vm, A, B) ? binary_operation(vm, BINARY_ADD, A, B) : VALUE_NULL)
FUNCTION(operator_iconcat, check_sequences(vm, A, B) ? inplace_operation(vm, BINARY_ADD, A, B) : VALUE_NULL)
FUNCTION(operator_length_hint, hint(vm, A, B))

METHOD(operator_count_of)
{
    (void)self, (void)count, (void)keyword_names;
    value iterator = get_iterator(vm, A), item;
    int64_t total = 0;
    while (iterator != VALUE_NULL && (item = iterator_next(vm, iterator)) != VALUE_NULL) {
        int equal = values_equal(vm, item, B);
        if (equal < 0)
            return VALUE_NULL;
        total += equal;
    }
    return vm->pending == VALUE_NULL ? small_int(total) : VALUE_NULL;
}

METHOD(operator_index_of)
{
    (void)self, (void)count, (void)keyword_names;
    value iterator = get_iterator(vm, A), item;
    for (int64_t i = 0; iterator != VALUE_NULL && (item = iterator_next(vm, iterator)) != VALUE_NULL; i++) {
        int equal = values_equal(vm, item, B);
        if (equal)
            return equal < 0 ? VALUE_NULL : small_int(i);
    }
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    return raise_error(vm, &exc_ValueError, "sequence.index(x): x not in sequence");
}

METHOD(operator_call)
{
    (void)self;
    if (!count)
        return raise_error(vm, &exc_TypeError, "call expected at least 1 argument, got 0");
    return call(vm, A, arguments + 1, count - 1, keyword_names);
}

/* ---- getters: items a tuple of keys, names, or (for methodcaller) the positional arguments ---- */

struct getter {
    struct object head;
    value items;
    value name, keywords;        /* methodcaller */
};

static struct getter *getter_of(value v)
{
    return (struct getter *)value_object(v);
}

static void getter_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct getter *)object)->items);
    gc_mark(vm, ((struct getter *)object)->name);
    gc_mark(vm, ((struct getter *)object)->keywords);
}

static value getter_make(struct vm *vm, struct type *type, value items, value name, value keywords)
{
    struct getter *self = items == VALUE_NULL ? NULL : instance_allocate(vm, type, sizeof(struct getter));
    if (!self)
        return VALUE_NULL;
    self->items = items;
    self->name = name;
    self->keywords = keywords;
    return object_value(self);
}

NEW(itemgetter_new)
{
    if (!check_positional(vm, "itemgetter", count, keyword_names, 1, count ? -1 : 1))
        return VALUE_NULL;
    return getter_make(vm, type, tuple_from(vm, arguments, count), NONE, NONE);
}

static value itemgetter_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "itemgetter", count, keyword_names, 1, 1))
        return VALUE_NULL;
    const struct tuple_object *keys = tuple_of(getter_of(callee)->items);
    if (keys->length == 1)
        return get_item(vm, A, keys->items[0]);
    value result = tuple_new(vm, keys->length);
    for (uint64_t i = 0; result != VALUE_NULL && i < keys->length; i++) {
        value item = get_item(vm, A, keys->items[i]);
        if (item == VALUE_NULL)
            return item;
        tuple_of(result)->items[i] = item;
    }
    return result;
}

NEW(attrgetter_new)
{
    if (!check_positional(vm, "attrgetter", count, keyword_names, 1, count ? -1 : 1))
        return VALUE_NULL;
    for (size_t i = 0; i < count; i++)
        if (!has_flag(arguments[i], TYPE_STRING))
            return raise_error(vm, &exc_TypeError, "attribute name must be a string");
    return getter_make(vm, type, tuple_from(vm, arguments, count), NONE, NONE);
}

static value dotted_attribute(struct vm *vm, value object, value name)
{
    const struct string_object *text = string_of(name);
    size_t start = 0;
    for (size_t i = 0; object != VALUE_NULL && i <= text->length; i++) {
        if (i < text->length && string_at(text, i) != '.')
            continue;
        value part = string_slice(vm, name, (int64_t)start, (int64_t)i);
        object = part == VALUE_NULL ? part : get_attribute(vm, object, intern(vm, part));
        start = i + 1;
    }
    return object;
}

static value attrgetter_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "attrgetter", count, keyword_names, 1, 1))
        return VALUE_NULL;
    const struct tuple_object *names = tuple_of(getter_of(callee)->items);
    if (names->length == 1)
        return dotted_attribute(vm, A, names->items[0]);
    value result = tuple_new(vm, names->length);
    for (uint64_t i = 0; result != VALUE_NULL && i < names->length; i++) {
        value item = dotted_attribute(vm, A, names->items[i]);
        if (item == VALUE_NULL)
            return item;
        tuple_of(result)->items[i] = item;
    }
    return result;
}

NEW(methodcaller_new)
{
    if (!count)
        return raise_error(vm, &exc_TypeError, "methodcaller needs at least one argument, the method name");
    if (!has_flag(A, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "method name must be a string");
    value keywords = dict_new(vm), name = intern(vm, A);
    for (size_t i = 0; keywords != VALUE_NULL && i < keyword_count(keyword_names); i++)
        if (!dict_set(vm, dict_of(keywords), tuple_of(keyword_names)->items[i], arguments[count + i]))
            return VALUE_NULL;
    if (keywords == VALUE_NULL || name == VALUE_NULL)
        return VALUE_NULL;
    return getter_make(vm, type, tuple_from(vm, arguments + 1, count - 1), name, keywords);
}

static value methodcaller_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    const struct getter *self = getter_of(callee);
    if (!check_positional(vm, "methodcaller", count, keyword_names, 1, 1))
        return VALUE_NULL;
    value method = get_attribute(vm, A, self->name);
    if (method == VALUE_NULL)
        return method;
    if (!dict_of(self->keywords)->count)
        return call(vm, method, tuple_of(self->items)->items, tuple_of(self->items)->length, VALUE_NULL);
    return call_with_dict(vm, method, self->items, self->keywords);
}

static value getter_repr(struct vm *vm, value v)
{
    const struct getter *self = getter_of(v);
    value text = string_printf(vm, "%T(", v), key, item;
    const char *separator = "";
    if (self->name != NONE) {
        text = text == VALUE_NULL ? text : string_printf(vm, "%U%R", text, self->name);
        separator = ", ";
    }
    for (uint64_t i = 0; text != VALUE_NULL && i < tuple_of(self->items)->length; i++, separator = ", ")
        text = string_printf(vm, "%U%s%R", text, separator, tuple_of(self->items)->items[i]);
    for (uint32_t at = 0; text != VALUE_NULL && self->keywords != NONE && dict_next(dict_of(self->keywords), &at, &key, &item);)
        text = string_printf(vm, "%U, %U=%R", text, key, item);
    return text == VALUE_NULL ? text : string_printf(vm, "%U)", text);
}

/* How it is made again. methodcaller with keyword arguments: partial(methodcaller, name, **keywords)(*items). */
METHOD(getter_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct getter *getter = getter_of(self);
    value type = type_object_value(value_type(vm, self)), first = getter->items;
    if (getter->name == NONE)
        return tuple_pack(vm, 2, type, first);
    value name = tuple_pack(vm, 1, getter->name);
    if (name == VALUE_NULL)
        return name;
    if (!dict_of(getter->keywords)->count) {
        first = binary_operation(vm, BINARY_ADD, name, first);
        return first == VALUE_NULL ? first : tuple_pack(vm, 2, type, first);
    }
    value module = import_module(vm, "functools");
    value partial = module == VALUE_NULL ? module : get_attribute_text(vm, module, "partial");
    value given = partial == VALUE_NULL ? partial : tuple_pack(vm, 2, type, getter->name);
    value made = given == VALUE_NULL ? given : call_with_dict(vm, partial, given, getter->keywords);
    return made == VALUE_NULL ? made : tuple_pack(vm, 2, made, first);
}

static const struct method_definition getter_methods[] = {
    {"__reduce__", "()", getter_reduce, METHOD_INSTANCE, "Return state information for pickling"},
    {NULL, NULL, NULL, 0, NULL},
};

#define GETTER_TYPE(variable, python_name, new_function, call_slot, text)                                              \
    static struct type variable = {                                                                                    \
        .name = python_name,                                                                                           \
        .instance_size = sizeof(struct getter),                                                                        \
        .doc = text,                                                                                                   \
        .methods = getter_methods,                                                                                     \
        .trace = getter_trace,                                                                                         \
        .new = new_function,                                                                                           \
        .call = call_slot,                                                                                             \
        .repr = getter_repr,                                                                                           \
    }
GETTER_TYPE(itemgetter_type, "operator.itemgetter", itemgetter_new, itemgetter_call,
            "Return a callable object that fetches the given item(s) from its operand.");
GETTER_TYPE(attrgetter_type, "operator.attrgetter", attrgetter_new, attrgetter_call,
            "Return a callable object that fetches the given attribute(s) from its operand.");
GETTER_TYPE(methodcaller_type, "operator.methodcaller", methodcaller_new, methodcaller_call,
            "Return a callable object that calls the given method on its operand.");

static bool operator_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    struct type *const types[] = {&itemgetter_type, &attrgetter_type, &methodcaller_type};
    for (size_t i = 0; i < 3; i++) {
        type_ready(vm, types[i]);
        if (!dict_set_text(vm, dict, strrchr(types[i]->name, '.') + 1, type_object_value(types[i])))
            return false;
    }
    return true;
}

static const struct method_definition operator_functions[] = {
#define X(name, kind) {#name, "(a, b, /)", operator_##name, METHOD_STATIC, NULL},
    BINARY_FUNCTIONS(X) INPLACE_FUNCTIONS(X) COMPARE_FUNCTIONS(X)
#undef X
#define X(name, kind) {#name, "(a, /)", operator_##name, METHOD_STATIC, NULL},
        UNARY_FUNCTIONS(X)
#undef X
    {"truth", "(a, /)", operator_truth, METHOD_STATIC, NULL},
    {"not_", "(a, /)", operator_not, METHOD_STATIC, NULL},
    {"is_", "(a, b, /)", operator_is, METHOD_STATIC, NULL},
    {"is_not", "(a, b, /)", operator_is_not, METHOD_STATIC, NULL},
    {"abs", "(a, /)", operator_abs, METHOD_STATIC, NULL},
    {"index", "(a, /)", operator_index, METHOD_STATIC, NULL},
    {"contains", "(a, b, /)", operator_contains, METHOD_STATIC, NULL},
    {"getitem", "(a, b, /)", operator_getitem, METHOD_STATIC, NULL},
    {"setitem", "(a, b, c, /)", operator_setitem, METHOD_STATIC, NULL},
    {"delitem", "(a, b, /)", operator_delitem, METHOD_STATIC, NULL},
    {"concat", "(a, b, /)", operator_concat, METHOD_STATIC, NULL},
    {"iconcat", "(a, b, /)", operator_iconcat, METHOD_STATIC, NULL},
    {"length_hint", "(obj, default=0, /)", operator_length_hint, METHOD_STATIC, NULL},
    {"countOf", "(a, b, /)", operator_count_of, METHOD_STATIC, NULL},
    {"indexOf", "(a, b, /)", operator_index_of, METHOD_STATIC, NULL},
    {"call", NULL, operator_call, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

const struct native_module operator_module = {"_operator", operator_initialize, operator_functions};
