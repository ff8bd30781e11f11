/* abc.c - module _abc: what abc.ABCMeta does in C: abstract methods, registered subclasses, and the caches of subclass checks.
 * The caches hold classes strongly (CPython: weakly): classes are few. */
#include "sim/modules/support.h"
#include "sim/runtime/container.h"
#include "sim/runtime/type.h"

struct abc_state { /* one a vm, in the module's dict: counts registrations, which make negative answers stale */
    struct object head;
    int64_t token;
};

struct abc_data { /* cls._abc_impl */
    struct object head;
    value state;
    value registry, cache, negative_cache; /* sets */
    int64_t negative_token;
};

static void data_trace(struct vm *vm, struct object *object)
{
    struct abc_data *data = (struct abc_data *)object;
    gc_mark(vm, data->state);
    gc_mark(vm, data->registry);
    gc_mark(vm, data->cache);
    gc_mark(vm, data->negative_cache);
}

static struct type abc_state_type = {.name = "_abc_state", .instance_size = sizeof(struct abc_state)};
static struct type abc_data_type = {
    .name = "_abc_data", .module = VALUE_NULL, .instance_size = sizeof(struct abc_data), .trace = data_trace};

#define FUNCTION(name)                                                                                                 \
    static value abc_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct abc_data *data_of(struct vm *vm, value class)
{
    value data = is_object(class) && is_type(class) ? type_lookup(vm, type_of_value(class), intern_text(vm, "_abc_impl"))
                                                    : get_attribute_text(vm, class, "_abc_impl");
    if (data != VALUE_NULL && is_exact(data, &abc_data_type))
        return (struct abc_data *)value_object(data);
    if (vm->pending == VALUE_NULL)
        raise_error(vm, &exc_TypeError, "_abc_impl is set to a wrong type");
    return NULL;
}

static int64_t *token_of(struct abc_data *data)
{
    return &((struct abc_state *)value_object(data->state))->token;
}

FUNCTION(get_cache_token)
{
    UNUSED;
    value state = dict_get_text(vm, support_dict(self), "_state");
    return int_from_int64(vm, ((struct abc_state *)value_object(state))->token);
}

/* ---- abstract methods ---- */

static int is_abstract(struct vm *vm, value v)
{
    value mark;
    int found = find_attribute(vm, v, NAMED(vm, __isabstractmethod__), &mark);
    return found <= 0 ? found : value_truth(vm, mark);
}

static bool add_inherited(struct vm *vm, value class, value base, value names)
{
    value abstract, item;
    int found = find_attribute(vm, base, NAMED(vm, __abstractmethods__), &abstract);
    if (found <= 0)
        return found == 0;
    value list = list_from_iterable(vm, abstract);
    for (uint32_t i = 0; list != VALUE_NULL && i < list_of(list)->length; i++) {
        value name = list_of(list)->items[i];
        found = find_attribute(vm, class, name, &item);
        int abstract_still = found > 0 ? is_abstract(vm, item) : found;
        if (abstract_still < 0 || (abstract_still && !set_add(vm, names, name)))
            return false;
    }
    return list != VALUE_NULL;
}

static bool abstract_methods_compute(struct vm *vm, value class)
{
    struct type *type = type_of_value(class);
    value names = set_new(vm, &set_type), name, item, pairs = names == VALUE_NULL ? VALUE_NULL : list_new(vm, 0);
    uint32_t position = 0;
    if (pairs == VALUE_NULL)
        return false;
    while (dict_next(type->dict, &position, &name, &item))
        if (!list_append(vm, list_of(pairs), name) || !list_append(vm, list_of(pairs), item))
            return false;
    for (uint32_t i = 0; i < list_of(pairs)->length; i += 2) {
        int abstract = is_abstract(vm, list_of(pairs)->items[i + 1]);
        if (abstract < 0 || (abstract && !set_add(vm, names, list_of(pairs)->items[i])))
            return false;
    }
    for (uint64_t i = 0; i < tuple_of(type->bases)->length; i++)
        if (!add_inherited(vm, class, tuple_of(type->bases)->items[i], names))
            return false;
    value frozen = set_copy(vm, names, &frozenset_type);
    return frozen != VALUE_NULL && set_attribute(vm, class, NAMED(vm, __abstractmethods__), frozen);
}

enum { PATTERN_SEQUENCE = 1 << 5, PATTERN_MAPPING = 1 << 6 }; /* values of __abc_tpflags__ */

static bool pattern_flags_take(struct vm *vm, value class)
{
    struct type *type = type_of_value(class);
    value name = intern_text(vm, "__abc_tpflags__"), flags = dict_get_interned(type->dict, name);
    if (flags == VALUE_NULL || !is_small_int(flags))
        return true;
    int64_t bits = small_int_value(flags) & (PATTERN_SEQUENCE | PATTERN_MAPPING);
    if (bits == (PATTERN_SEQUENCE | PATTERN_MAPPING)) {
        raise_error(vm, &exc_TypeError, "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
        return false;
    }
    if (bits)
        type->flags = (type->flags & ~(unsigned)(TYPE_SEQUENCE | TYPE_MAPPING)) |
                      (bits == PATTERN_SEQUENCE ? TYPE_SEQUENCE : TYPE_MAPPING);
    return set_attribute(vm, class, name, VALUE_NULL);
}

FUNCTION(init)
{
    UNUSED;
    value class = arguments[0];
    if (!is_object(class) || !is_type(class))
        return raise_error(vm, &exc_TypeError, "_abc_init() argument must be a class");
    if (!abstract_methods_compute(vm, class))
        return VALUE_NULL;
    struct abc_data *data = GC_NEW(vm, struct abc_data, &abc_data_type);
    if (!data)
        return VALUE_NULL;
    data->state = dict_get_text(vm, support_dict(self), "_state");
    data->registry = set_new(vm, &set_type);
    data->cache = set_new(vm, &set_type);
    data->negative_cache = set_new(vm, &set_type);
    data->negative_token = *token_of(data);
    if (data->registry == VALUE_NULL || data->cache == VALUE_NULL || data->negative_cache == VALUE_NULL ||
        !set_attribute(vm, class, intern_text(vm, "_abc_impl"), object_value(data)))
        return VALUE_NULL;
    return pattern_flags_take(vm, class) ? NONE : VALUE_NULL;
}

/* ---- registration ---- */

static void pattern_flags_spread(struct vm *vm, value class, unsigned flags)
{
    struct type *type = type_of_value(class);
    if (type->flags & (TYPE_STRING | TYPE_BYTES) || type == &bytearray_type) /* texts are no sequences to match statements */
        return;
    if ((type->flags & (TYPE_SEQUENCE | TYPE_MAPPING)) == flags)
        return;
    type->flags = (type->flags & ~(unsigned)(TYPE_SEQUENCE | TYPE_MAPPING)) | flags;
    if (type->subclasses == VALUE_NULL || !has_flag(type->subclasses, TYPE_LIST))
        return;
    for (uint32_t i = 0; i < list_of(type->subclasses)->length; i++)
        pattern_flags_spread(vm, list_of(type->subclasses)->items[i], flags);
}

FUNCTION(register)
{
    UNUSED;
    value class = arguments[0], subclass = arguments[1];
    if (!is_object(subclass) || !is_type(subclass))
        return raise_error(vm, &exc_TypeError, "Can only register classes");
    int already = object_is_subclass(vm, subclass, class);
    if (already != 0)
        return already < 0 ? VALUE_NULL : subclass;
    int cycle = object_is_subclass(vm, class, subclass);
    if (cycle != 0)
        return cycle < 0 ? VALUE_NULL : raise_error(vm, &exc_RuntimeError, "Refusing to create an inheritance cycle");
    struct abc_data *data = data_of(vm, class);
    if (!data || !set_add(vm, data->registry, subclass))
        return VALUE_NULL;
    ++*token_of(data);
    unsigned flags = type_of_value(class)->flags & (TYPE_SEQUENCE | TYPE_MAPPING);
    if (flags)
        pattern_flags_spread(vm, subclass, flags);
    return subclass;
}

/* ---- checks ---- */

/* 1, 0: the caches know; -1: they do not; -2: error */
static int ask_caches(struct vm *vm, struct abc_data *data, value subclass)
{
    int cached = set_contains(vm, data->cache, subclass);
    if (cached)
        return cached < 0 ? -2 : 1;
    if (data->negative_token != *token_of(data))
        return -1;
    cached = set_contains(vm, data->negative_cache, subclass);
    return cached < 0 ? -2 : cached ? 0 : -1;
}

static value remember(struct vm *vm, value cache, value subclass, value answer)
{
    return set_add(vm, cache, subclass) ? answer : VALUE_NULL;
}

static value subclass_check(struct vm *vm, value class, value subclass)
{
    value name = intern_text(vm, "__subclasscheck__"), method = get_attribute(vm, class, name);
    return method == VALUE_NULL ? VALUE_NULL : call_1(vm, method, subclass);
}

FUNCTION(instancecheck)
{
    UNUSED;
    value class = arguments[0], instance = arguments[1];
    struct abc_data *data = data_of(vm, class);
    value subclass = data ? get_attribute(vm, instance, NAMED(vm, __class__)) : VALUE_NULL;
    if (subclass == VALUE_NULL)
        return VALUE_NULL;
    value type = object_value(value_type(vm, instance));
    int known = ask_caches(vm, data, subclass);
    if (known == -2)
        return VALUE_NULL;
    if (known == 1 || (known == 0 && type == subclass))
        return bool_value(known);
    value answer = subclass_check(vm, class, subclass);
    if (answer == VALUE_NULL || type == subclass)
        return answer;
    int truth = value_truth(vm, answer);
    return truth < 0 ? VALUE_NULL : truth ? answer : subclass_check(vm, class, type);
}

/* A class among `classes` (of the registry, or the direct subclasses) has it as a subclass: -1, 0, 1 */
static int any_has_subclass(struct vm *vm, value classes, value subclass)
{
    value list = list_from_iterable(vm, classes);
    if (list == VALUE_NULL)
        return -1;
    for (uint32_t i = 0; i < list_of(list)->length; i++) {
        int answer = object_is_subclass(vm, subclass, list_of(list)->items[i]);
        if (answer)
            return answer;
    }
    return 0;
}

static bool negative_cache_renew(struct vm *vm, struct abc_data *data)
{
    if (data->negative_token == *token_of(data))
        return true;
    value fresh = set_new(vm, &set_type);
    if (fresh == VALUE_NULL)
        return false;
    data->negative_cache = fresh;
    data->negative_token = *token_of(data);
    return true;
}

FUNCTION(subclasscheck)
{
    UNUSED;
    value class = arguments[0], subclass = arguments[1];
    if (!is_object(subclass) || !is_type(subclass))
        return raise_error(vm, &exc_TypeError, "issubclass() arg 1 must be a class");
    struct abc_data *data = data_of(vm, class);
    int known = data ? ask_caches(vm, data, subclass) : -2;
    if (known != -1)
        return known == -2 ? VALUE_NULL : bool_value(known);
    if (!negative_cache_renew(vm, data))
        return VALUE_NULL;
    value answer = call_method(vm, class, "__subclasshook__", &subclass, 1);
    if (answer == VALUE_NULL)
        return VALUE_NULL;
    if (answer == TRUE || answer == FALSE)
        return remember(vm, answer == TRUE ? data->cache : data->negative_cache, subclass, answer);
    if (answer != vm->not_implemented)
        return raise_error(vm, &exc_AssertionError, "__subclasshook__ must return either False, True, or NotImplemented");
    if (type_is_subtype(type_of_value(subclass), type_of_value(class)))
        return remember(vm, data->cache, subclass, TRUE);
    int found = any_has_subclass(vm, data->registry, subclass);
    if (found == 0) {
        value subclasses = call_method(vm, class, "__subclasses__", NULL, 0);
        found = subclasses == VALUE_NULL ? -1 : any_has_subclass(vm, subclasses, subclass);
    }
    if (found < 0)
        return VALUE_NULL;
    return remember(vm, found ? data->cache : data->negative_cache, subclass, bool_value(found));
}

FUNCTION(get_dump)
{
    UNUSED;
    struct abc_data *data = data_of(vm, arguments[0]);
    return data ? tuple_pack(vm, 4, data->registry, data->cache, data->negative_cache,
                             int_from_int64(vm, data->negative_token))
                : VALUE_NULL;
}

FUNCTION(reset_registry)
{
    UNUSED;
    struct abc_data *data = data_of(vm, arguments[0]);
    if (data)
        set_clear(vm, set_of(data->registry));
    return data ? NONE : VALUE_NULL;
}

FUNCTION(reset_caches)
{
    UNUSED;
    struct abc_data *data = data_of(vm, arguments[0]);
    if (data) {
        set_clear(vm, set_of(data->cache));
        set_clear(vm, set_of(data->negative_cache));
    }
    return data ? NONE : VALUE_NULL;
}

static const struct method_definition functions[] = {
    {"get_cache_token", "()", abc_get_cache_token, 0, NULL},
    {"_abc_init", "(self, /)", abc_init, 0, NULL},
    {"_abc_register", "(self, subclass, /)", abc_register, 0, NULL},
    {"_abc_instancecheck", "(self, instance, /)", abc_instancecheck, 0, NULL},
    {"_abc_subclasscheck", "(self, subclass, /)", abc_subclasscheck, 0, NULL},
    {"_get_dump", "(self, /)", abc_get_dump, 0, NULL},
    {"_reset_registry", "(self, /)", abc_reset_registry, 0, NULL},
    {"_reset_caches", "(self, /)", abc_reset_caches, 0, NULL},
    {0},
};

static bool abc_initialize(struct vm *vm, value module)
{
    type_ready(vm, &abc_state_type);
    type_ready(vm, &abc_data_type);
    struct abc_state *state = GC_NEW(vm, struct abc_state, &abc_state_type);
    return state && dict_set_text(vm, support_dict(module), "_state", object_value(state));
}

const struct native_module abc_module = {"_abc", abc_initialize, functions};
