/* alias.c - list[int] (types.GenericAlias) and int | str (types.UnionType). */
#include "sim/runtime/exception.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/type.h"

struct alias_object { /* both types; a union's origin is VALUE_NULL */
    struct object head;
    value origin, arguments; /* a tuple */
    value parameters;        /* tuple, or VALUE_NULL: not computed */
    bool starred;
};

static struct alias_object *alias_of(value v) { return (struct alias_object *)value_object(v); }
static struct tuple_object *items_of(value v) { return tuple_of(alias_of(v)->arguments); }

/* Of types.GenericAlias or a subclass: collections.abc.Callable[[int], str] has one of its own. */
static bool is_alias(struct vm *vm, value v) { return is_object(v) && is_instance(vm, v, &generic_alias_type); }

static void alias_trace(struct vm *vm, struct object *object)
{
    struct alias_object *a = (struct alias_object *)object;
    const value held[] = {a->origin, a->arguments, a->parameters};
    for (size_t i = 0; i < 3; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
}

static value alias_make(struct vm *vm, struct type *type, value origin, value arguments)
{
    struct alias_object *a = gc_object(vm, type->instance_size, &type->shape);
    if (!a)
        return VALUE_NULL;
    a->origin = origin;
    a->arguments = arguments;
    a->parameters = VALUE_NULL;
    return object_value(a);
}

value generic_alias_new(struct vm *vm, value origin, value arguments)
{
    if (!has_flag(arguments, TYPE_TUPLE) && (arguments = tuple_pack(vm, 1, arguments)) == VALUE_NULL)
        return VALUE_NULL;
    return alias_make(vm, &generic_alias_type, origin, arguments);
}

/* ---- repr ---- */

static value item_repr(struct vm *vm, value item)
{
    value qualified, module;
    if (item == object_value(&ellipsis_object))
        return string_from_text(vm, "...");
    if (item == object_value(&none_type))
        return string_from_text(vm, "None");
    if (is_exact(item, &generic_alias_type))
        return value_repr(vm, item);
    if (is_object(item) && is_type(item)) {
        qualified = type_long_name(vm, type_of_value(item));
        module = type_module_name(vm, type_of_value(item));
        if (has_flag(module, TYPE_STRING) && string_is(module, "builtins"))
            return qualified;
        return string_printf(vm, "%S.%U", module, qualified);
    }
    return value_repr(vm, item);
}

static value joined_reprs(struct vm *vm, struct tuple_object *items, const char *separator)
{
    value list = list_new(vm, 0);
    for (size_t i = 0; list != VALUE_NULL && i < items->length; i++) {
        value text = item_repr(vm, items->items[i]);
        if (text == VALUE_NULL || !list_append(vm, list_of(list), text))
            return VALUE_NULL;
    }
    return list == VALUE_NULL ? VALUE_NULL
                              : string_join(vm, string_from_text(vm, separator), list_of(list)->items, list_of(list)->length);
}

static value alias_repr(struct vm *vm, value a)
{
    value inside = joined_reprs(vm, items_of(a), ", "), origin = item_repr(vm, alias_of(a)->origin);
    if (inside == VALUE_NULL || origin == VALUE_NULL)
        return VALUE_NULL;
    if (items_of(a)->length == 0)
        inside = string_from_text(vm, "()");
    return string_printf(vm, "%s%U[%U]", alias_of(a)->starred ? "*" : "", origin, inside);
}

static value union_repr(struct vm *vm, value a) { return joined_reprs(vm, items_of(a), " | "); }

/* ---- type variables ---- */

static bool is_type_variable(struct vm *vm, value v)
{
    return is_object(v) && !is_type(v) && type_lookup(vm, value_type(vm, v), NAMED(vm, __typing_subst__)) != VALUE_NULL;
}

static bool add_once(struct vm *vm, value list, value item)
{
    for (uint32_t i = 0; i < list_of(list)->length; i++)
        if (list_of(list)->items[i] == item)
            return true;
    return list_append(vm, list_of(list), item);
}

static value alias_parameters(struct vm *vm, value a)
{
    struct alias_object *alias = alias_of(a);
    if (alias->parameters != VALUE_NULL)
        return alias->parameters;
    value list = list_new(vm, 0);
    for (size_t i = 0; list != VALUE_NULL && i < items_of(a)->length; i++) {
        value item = items_of(a)->items[i], inner;
        if (is_type_variable(vm, item)) {
            if (!add_once(vm, list, item))
                return VALUE_NULL;
            continue;
        }
        if (!is_object(item) || is_type(item))
            continue;
        int found = find_attribute(vm, item, NAMED(vm, __parameters__), &inner);
        if (found < 0)
            return VALUE_NULL;
        for (size_t j = 0; found && has_flag(inner, TYPE_TUPLE) && j < tuple_of(inner)->length; j++)
            if (!add_once(vm, list, tuple_of(inner)->items[j]))
                return VALUE_NULL;
    }
    alias->parameters = list == VALUE_NULL ? VALUE_NULL : tuple_from(vm, list_of(list)->items, list_of(list)->length);
    return alias->parameters;
}

/* The index of a parameter; -1: it is none. */
static int64_t parameter_index(const struct tuple_object *parameters, value item)
{
    for (size_t i = 0; i < parameters->length; i++)
        if (parameters->items[i] == item)
            return (int64_t)i;
    return -1;
}

static bool append_all(struct vm *vm, value list, value tuple)
{
    for (size_t i = 0; i < tuple_of(tuple)->length; i++)
        if (!list_append(vm, list_of(list), tuple_of(tuple)->items[i]))
            return false;
    return true;
}

/* What a parameter stands for goes into an argument that has parameters of its own: Dict[str, T]. */
static value substitute_inside(struct vm *vm, value item, const struct tuple_object *parameters,
                               const struct tuple_object *given)
{
    value inner;
    if (!is_object(item) || is_type(item) || find_attribute(vm, item, NAMED(vm, __parameters__), &inner) != 1 ||
        !has_flag(inner, TYPE_TUPLE) || tuple_of(inner)->length == 0)
        return vm->pending == VALUE_NULL ? item : VALUE_NULL;
    value chosen = list_new(vm, 0);
    for (size_t j = 0; chosen != VALUE_NULL && j < tuple_of(inner)->length; j++) {
        value own = tuple_of(inner)->items[j];
        int64_t i = parameter_index(parameters, own);
        bool several = i >= 0 && has_flag(given->items[i], TYPE_TUPLE) && value_type(vm, own)->iter; /* a TypeVarTuple */
        if (!(several ? append_all(vm, chosen, given->items[i]) : list_append(vm, list_of(chosen), i >= 0 ? given->items[i] : own)))
            return VALUE_NULL;
    }
    return chosen == VALUE_NULL ? VALUE_NULL
                                : get_item(vm, item, tuple_from(vm, list_of(chosen)->items, list_of(chosen)->length));
}

/* *tuple[int, str] among what is given counts as its items. */
static value unpack_given(struct vm *vm, value key)
{
    value given = has_flag(key, TYPE_TUPLE) ? key : tuple_pack(vm, 1, key), list = list_new(vm, 0);
    for (size_t i = 0; list != VALUE_NULL && given != VALUE_NULL && i < tuple_of(given)->length; i++) {
        value item = tuple_of(given)->items[i], inner = NONE;
        int found = is_object(item) && is_type(item)
                        ? 0 : find_attribute(vm, item, intern_text(vm, "__typing_unpacked_tuple_args__"), &inner);
        if (found < 0)
            return VALUE_NULL;
        bool open = found && has_flag(inner, TYPE_TUPLE) && tuple_of(inner)->length &&
                    tuple_of(inner)->items[tuple_of(inner)->length - 1] == vm->ellipsis;
        if (!(found && has_flag(inner, TYPE_TUPLE) && !open ? append_all(vm, list, inner) : list_append(vm, list_of(list), item)))
            return VALUE_NULL;
    }
    return list == VALUE_NULL || given == VALUE_NULL ? VALUE_NULL : tuple_from(vm, list_of(list)->items, list_of(list)->length);
}

static value prepare_given(struct vm *vm, value a, value parameters, value key)
{
    value given = unpack_given(vm, key), prepare;
    for (size_t i = 0; given != VALUE_NULL && i < tuple_of(parameters)->length; i++) {
        int found = find_attribute(vm, tuple_of(parameters)->items[i], intern_text(vm, "__typing_prepare_subst__"), &prepare);
        if (found < 0)
            return VALUE_NULL;
        if (found && prepare != NONE) {
            value result = call_2(vm, prepare, a, given);
            given = result == VALUE_NULL ? VALUE_NULL
                    : has_flag(result, TYPE_TUPLE) ? result : tuple_pack(vm, 1, result);
        }
    }
    return given;
}

static bool append_substituted(struct vm *vm, value list, value item, const struct tuple_object *parameters,
                               const struct tuple_object *given)
{
    value flag = FALSE;
    int found = is_object(item) && is_type(item)
                    ? 0 : find_attribute(vm, item, intern_text(vm, "__typing_is_unpacked_typevartuple__"), &flag);
    int unpack = found > 0 ? value_truth(vm, flag) : found;
    if (unpack < 0)
        return false;
    int64_t index = parameter_index(parameters, item);
    value result = index >= 0 ? call_special(vm, item, NAME___typing_subst__, &given->items[index], 1)
                              : substitute_inside(vm, item, parameters, given);
    if (result == VALUE_NULL)
        return false;
    return unpack && has_flag(result, TYPE_TUPLE) ? append_all(vm, list, result) : list_append(vm, list_of(list), result);
}

static value alias_get_item(struct vm *vm, value a, value key)
{
    value parameters = alias_parameters(vm, a);
    if (parameters == VALUE_NULL)
        return VALUE_NULL;
    size_t count = tuple_of(parameters)->length;
    if (count == 0)
        return raise_error(vm, &exc_TypeError, "%R is not a generic class", a);
    value given = prepare_given(vm, a, parameters, key), list = list_new(vm, 0);
    if (given == VALUE_NULL || list == VALUE_NULL)
        return VALUE_NULL;
    if (tuple_of(given)->length != count)
        return raise_error(vm, &exc_TypeError, "Too %s arguments for %R; actual %zu, expected %zu",
                           tuple_of(given)->length > count ? "many" : "few", a, (size_t)tuple_of(given)->length, count);
    for (size_t i = 0; i < items_of(a)->length; i++)
        if (!append_substituted(vm, list, items_of(a)->items[i], tuple_of(parameters), tuple_of(given)))
            return VALUE_NULL;
    value arguments = tuple_from(vm, list_of(list)->items, list_of(list)->length);
    if (arguments == VALUE_NULL)
        return VALUE_NULL;
    if (alias_of(a)->origin != VALUE_NULL) {
        value made = alias_make(vm, &generic_alias_type, alias_of(a)->origin, arguments);
        if (made != VALUE_NULL)
            alias_of(made)->starred = alias_of(a)->starred;
        return made;
    }
    value result = tuple_of(arguments)->items[0];
    for (size_t i = 1; result != VALUE_NULL && i < tuple_of(arguments)->length; i++)
        result = binary_operation(vm, BINARY_OR, result, tuple_of(arguments)->items[i]);
    return result;
}

/* ---- GenericAlias ---- */

static const char *const own_names[] = {"__class__", "__origin__", "__args__", "__unpacked__", "__parameters__",
                                        "__typing_unpacked_tuple_args__", "__mro_entries__", "__reduce_ex__", "__reduce__",
                                        "__copy__", "__deepcopy__"};

static bool own_name(value name)
{
    for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
        if (string_is(name, own_names[i]))
            return true;
    return false;
}

static value alias_getattr(struct vm *vm, value a, value name)
{
    if (own_name(name))
        return generic_getattr(vm, a, name);
    return get_attribute(vm, alias_of(a)->origin, name);
}

static value alias_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    value made = call(vm, alias_of(callee)->origin, arguments, count, keyword_names);
    if (made != VALUE_NULL && !set_attribute(vm, made, NAMED(vm, __orig_class__), callee)) {
        if (!exception_matches(vm, &exc_AttributeError) && !exception_matches(vm, &exc_TypeError))
            return VALUE_NULL;
        exception_clear(vm);
    }
    return made;
}

static bool alias_hash(struct vm *vm, value a, int64_t *hash)
{
    int64_t of_items, of_origin = 0;
    if (!value_hash(vm, alias_of(a)->arguments, &of_items) ||
        (alias_of(a)->origin != VALUE_NULL && !value_hash(vm, alias_of(a)->origin, &of_origin)))
        return false;
    *hash = of_items ^ of_origin;
    return true;
}

static value alias_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_alias(vm, a) || !is_alias(vm, b))
        return vm->not_implemented;
    int equal = alias_of(a)->starred != alias_of(b)->starred ? 0 : values_equal(vm, alias_of(a)->origin, alias_of(b)->origin);
    if (equal > 0)
        equal = values_equal(vm, alias_of(a)->arguments, alias_of(b)->arguments);
    return equal < 0 ? VALUE_NULL : bool_value(equal == (kind == COMPARE_EQ));
}

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)arguments, (void)count, (void)keyword_names

METHOD(alias_mro_entries) { UNUSED_ARGUMENTS; return tuple_pack(vm, 1, alias_of(self)->origin); }
METHOD(alias_check)
{
    (void)self;
    UNUSED_ARGUMENTS;
    return raise_error(vm, &exc_TypeError, "isinstance() argument 2 cannot be a parameterized generic");
}
METHOD(alias_subclass_check)
{
    (void)self;
    UNUSED_ARGUMENTS;
    return raise_error(vm, &exc_TypeError, "issubclass() argument 2 cannot be a parameterized generic");
}
METHOD(alias_dir)
{
    UNUSED_ARGUMENTS;
    value dir = get_attribute_text(vm, import_module(vm, "builtins"), "dir");
    value names = dir == VALUE_NULL ? dir : call_1(vm, dir, alias_of(self)->origin);
    for (size_t i = 0; names != VALUE_NULL && i < sizeof own_names / sizeof *own_names; i++) {
        value name = intern_text(vm, own_names[i]);
        int found = contains(vm, names, name);
        if (found < 0 || (!found && !list_append(vm, list_of(names), name)))
            return VALUE_NULL;
    }
    return names;
}

METHOD(alias_reduce)
{
    UNUSED_ARGUMENTS;
    if (alias_of(self)->starred) { /* next(iter(alias)) */
        value plain = alias_make(vm, &generic_alias_type, alias_of(self)->origin, alias_of(self)->arguments);
        value next = plain == VALUE_NULL ? plain : get_attribute_text(vm, import_module(vm, "builtins"), "next");
        value iterator = next == VALUE_NULL ? next : get_iterator(vm, plain);
        return iterator == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, next, tuple_pack(vm, 1, iterator));
    }
    return tuple_pack(vm, 2, object_value(&generic_alias_type),
                      tuple_pack(vm, 2, alias_of(self)->origin, alias_of(self)->arguments));
}
static value get_origin(struct vm *vm, value a) { (void)vm; return alias_of(a)->origin; }
static value get_items(struct vm *vm, value a) { (void)vm; return alias_of(a)->arguments; }
static value get_unpacked_arguments(struct vm *vm, value a);
static value get_unpacked(struct vm *vm, value a) { (void)vm; return bool_value(alias_of(a)->starred); }

static const struct method_definition alias_methods[] = {
    {"__mro_entries__", "(bases, /)", alias_mro_entries, METHOD_INSTANCE, NULL},
    {"__instancecheck__", "(instance, /)", alias_check, METHOD_INSTANCE, NULL},
    {"__subclasscheck__", "(subclass, /)", alias_subclass_check, METHOD_INSTANCE, NULL},
    {"__reduce__", "()", alias_reduce, METHOD_INSTANCE, NULL},
    {"__dir__", "()", alias_dir, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL}};
static const struct property_definition alias_properties[] = {
    {"__origin__", get_origin, NULL}, {"__args__", get_items, NULL}, {"__parameters__", alias_parameters, NULL},
    {"__unpacked__", get_unpacked, NULL}, {"__typing_unpacked_tuple_args__", get_unpacked_arguments, NULL},
    {NULL, NULL, NULL}};

static value alias_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "GenericAlias", count, keyword_names, 2, 2))
        return VALUE_NULL;
    value items = has_flag(arguments[1], TYPE_TUPLE) ? arguments[1] : tuple_pack(vm, 1, arguments[1]);
    return alias_make(vm, type, arguments[0], items);
}
static value alias_or(struct vm *vm, value a, value b) { return union_of(vm, a, b); }

/* *list[int]: the alias, marked as unpacked, is all there is to iterate over. */
struct alias_iterator {
    struct object head;
    value alias; /* NONE: it was given */
};

static void alias_iterator_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct alias_iterator *)object)->alias);
}

static value alias_iterator_next(struct vm *vm, value self)
{
    struct alias_iterator *iterator = (struct alias_iterator *)value_object(self);
    value alias = iterator->alias;
    if (alias == NONE)
        return VALUE_NULL;
    iterator->alias = NONE;
    value made = alias_make(vm, &generic_alias_type, alias_of(alias)->origin, alias_of(alias)->arguments);
    if (made != VALUE_NULL)
        alias_of(made)->starred = true;
    return made;
}

METHOD(alias_iterator_reduce)
{
    UNUSED_ARGUMENTS;
    value alias = ((struct alias_iterator *)value_object(self))->alias;
    value iter = get_attribute_text(vm, import_module(vm, "builtins"), "iter");
    return iter == VALUE_NULL ? iter : tuple_pack(vm, 2, iter, tuple_pack(vm, 1, alias == NONE ? vm->empty_tuple : alias));
}

static const struct method_definition alias_iterator_methods[] = {
    {"__reduce__", "()", alias_iterator_reduce, METHOD_INSTANCE, NULL}, {0}};

struct type generic_alias_iterator_type = {.name = "generic_alias_iterator",
                                           .instance_size = sizeof(struct alias_iterator),
                                           .trace = alias_iterator_trace,
                                           .methods = alias_iterator_methods,
                                           .iter = iterator_self,
                                           .next = alias_iterator_next};

static value alias_iter(struct vm *vm, value a)
{
    struct alias_iterator *iterator = GC_NEW(vm, struct alias_iterator, &generic_alias_iterator_type);
    if (!iterator)
        return VALUE_NULL;
    iterator->alias = a;
    return object_value(iterator);
}

static value get_unpacked_arguments(struct vm *vm, value a)
{
    (void)vm;
    const struct alias_object *alias = alias_of(a);
    return alias->starred && alias->origin == object_value(&tuple_type) ? alias->arguments : NONE;
}

struct type generic_alias_type = {.name = "types.GenericAlias",
                                  .flags = TYPE_SUBCLASSABLE,
                                  .instance_size = sizeof(struct alias_object),
                                  .trace = alias_trace,
                                  .methods = alias_methods,
                                  .properties = alias_properties,
                                  .new = alias_new_slot,
                                  .call = alias_call,
                                  .repr = alias_repr,
                                  .hash = alias_hash,
                                  .compare = alias_compare,
                                  .iter = alias_iter,
                                  .getattr = alias_getattr,
                                  .get_item = alias_get_item,
                                  .binary = {[BINARY_OR] = alias_or}};

/* ---- unions ---- */

static bool unionable(struct vm *vm, value v)
{
    return v == NONE || (is_object(v) && (is_type(v) || is_alias(vm, v) || is_exact(v, &union_type)));
}

static bool union_add(struct vm *vm, value list, value item)
{
    if (item == NONE)
        item = object_value(&none_type);
    if (is_exact(item, &union_type)) {
        for (size_t i = 0; i < items_of(item)->length; i++)
            if (!union_add(vm, list, items_of(item)->items[i]))
                return false;
        return true;
    }
    for (uint32_t i = 0; i < list_of(list)->length; i++) {
        int equal = values_equal(vm, list_of(list)->items[i], item);
        if (equal)
            return equal > 0;
    }
    return list_append(vm, list_of(list), item);
}

value union_of(struct vm *vm, value a, value b)
{
    if (!unionable(vm, a) || !unionable(vm, b) || (a == NONE && b == NONE))
        return vm->not_implemented;
    value list = list_new(vm, 0);
    if (list == VALUE_NULL || !union_add(vm, list, a) || !union_add(vm, list, b))
        return VALUE_NULL;
    if (list_of(list)->length == 1)
        return list_of(list)->items[0];
    return alias_make(vm, &union_type, VALUE_NULL, tuple_from(vm, list_of(list)->items, list_of(list)->length));
}

static value union_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(b, &union_type))
        return vm->not_implemented;
    value x = set_new(vm, &frozenset_type), y = set_new(vm, &frozenset_type);
    if (x == VALUE_NULL || y == VALUE_NULL || !set_update(vm, x, alias_of(a)->arguments) ||
        !set_update(vm, y, alias_of(b)->arguments))
        return VALUE_NULL;
    return compare_operation(vm, kind, x, y);
}

static bool union_hash(struct vm *vm, value a, int64_t *hash)
{
    value set = set_new(vm, &frozenset_type);
    return set != VALUE_NULL && set_update(vm, set, alias_of(a)->arguments) && value_hash(vm, set, hash);
}

static value union_check(struct vm *vm, value self, value item, bool subclass)
{
    value function = dict_get_text(vm, dict_of(vm->builtins), subclass ? "issubclass" : "isinstance");
    for (size_t i = 0; i < items_of(self)->length; i++) {
        value kind = items_of(self)->items[i];
        if (is_alias(vm, kind))
            return raise_error(vm, &exc_TypeError, "%s() argument 2 cannot be a parameterized generic",
                               subclass ? "issubclass" : "isinstance");
        value answer = call_2(vm, function, item, kind);
        if (answer == VALUE_NULL || answer == TRUE)
            return answer;
    }
    return FALSE;
}
METHOD(union_instancecheck) { UNUSED_ARGUMENTS; return union_check(vm, self, arguments[0], false); }
METHOD(union_subclasscheck) { UNUSED_ARGUMENTS; return union_check(vm, self, arguments[0], true); }

/* A union has its type's __module__: typing asks for it. */
static value union_getattr(struct vm *vm, value a, value name)
{
    return string_is(name, "__module__") ? type_module_name(vm, &union_type) : generic_getattr(vm, a, name);
}

static const struct method_definition union_methods[] = {
    {"__instancecheck__", "(instance, /)", union_instancecheck, METHOD_INSTANCE, NULL},
    {"__subclasscheck__", "(subclass, /)", union_subclasscheck, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL}};
static const struct property_definition union_properties[] = {
    {"__args__", get_items, NULL}, {"__parameters__", alias_parameters, NULL}, {NULL, NULL, NULL}};

struct type union_type = {.name = "types.UnionType",
                          .instance_size = sizeof(struct alias_object),
                          .trace = alias_trace,
                          .methods = union_methods,
                          .properties = union_properties,
                          .repr = union_repr,
                          .hash = union_hash,
                          .compare = union_compare,
                          .getattr = union_getattr,
                          .get_item = alias_get_item,
                          .binary = {[BINARY_OR] = alias_or}};
