/* gc_module.c - module gc. The collector is a tracing one: switching it off would change nothing a program can see, so enable
 * and disable only remember the answer of isenabled, and of generations only the program's own collections are counted. */
#include "sim/modules/support.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"
#include "sim/runtime/type.h"
#include "sim/tensor/ndarray.h"

#define FUNCTION(name)                                                                                                 \
    static value gc_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* numpy's own objects, which CPython's collector does not know: neither what they hold, nor arrays whose memory was given back
 * (sim/tensor/dropped.c) and that have not been collected yet. */
static bool is_numpy_object(value v)
{
    return is_array(v) || is_exact(v, &dtype_type) || is_exact(v, &ufunc_type) ||
           (is_scalar_object(v) && !(value_object(v)->shape->type->flags & TYPE_HEAP));
}

/* Whether CPython's collector would watch it after a collection: tuples and dicts of plain values are not. */
static bool is_tracked(value v, unsigned depth)
{
    static const struct type *const plain[] = {&int_type, &bool_type, &float_type, &complex_type, &string_type, &bytes_type,
        &bytearray_type, &none_type, &ellipsis_type, &not_implemented_type, &range_type, &slice_type, &object_type_object};
    if (!is_object(v))
        return false;
    if (depth > 100) /* deep enough not to matter */
        return true;
    if (is_type(v)) /* a class of the language's own is static */
        return (type_of_value(v)->flags & TYPE_HEAP) != 0;
    if (depth && is_exact(v, &dict_type))
        return true; /* what holds it does not look into it */
    if (is_exact(v, &tuple_type)) {
        for (size_t i = 0; i < tuple_of(v)->length; i++)
            if (is_tracked(tuple_of(v)->items[i], depth + 1))
                return true;
        return false;
    }
    if (is_exact(v, &dict_type)) {
        uint32_t position = 0;
        value key, item;
        while (dict_next(dict_of(v), &position, &key, &item))
            if ((!is_exact(key, &string_type) && is_tracked(key, depth + 1)) || is_tracked(item, depth + 1))
                return true;
        return false;
    }
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (value_object(v)->shape->type == plain[i])
            return plain[i] == &slice_type;
    return !is_numpy_object(v);
}

static bool counts_as_garbage(value v)
{
    return is_tracked(v, 0);
}

/* Of get_stats(). */
static bool count_up(struct vm *vm, value self, const char *name, int64_t amount)
{
    value now = dict_get_text(vm, support_dict(self), name);
    return dict_set_text(vm, support_dict(self), name, small_int((now == VALUE_NULL ? 0 : small_int_value(now)) + amount));
}

static const char *const collections_names[] = {"_collections0", "_collections1", "_collections2"};
static const char *const collected_names[] = {"_collected0", "_collected1", "_collected2"};

/* What get_count() tells of the older generations: how often the one before was collected since. */
static bool count_generations(struct vm *vm, value self, int64_t generation)
{
    static const char *const names[] = {"_count1", "_count2"};
    for (int64_t i = 0; i < generation && i < 2; i++)
        if (!dict_set_text(vm, support_dict(self), names[i], small_int(0)))
            return false;
    return generation == 2 || count_up(vm, self, names[generation], 1);
}

/* Calls gc.callbacks with ("start" or "stop", information). What they raise is shown and forgotten. */
static bool tell_callbacks(struct vm *vm, value self, const char *phase, int64_t generation, int64_t found)
{
    value callbacks = dict_get_text(vm, support_dict(self), "callbacks");
    if (callbacks == VALUE_NULL || !has_flag(callbacks, TYPE_LIST) || !list_of(callbacks)->length)
        return true;
    value information = dict_new(vm), arguments[] = {string_from_text(vm, phase), information};
    if (information == VALUE_NULL || !dict_set_text(vm, dict_of(information), "generation", small_int(generation)) ||
        !dict_set_text(vm, dict_of(information), "collected", small_int(found)) ||
        !dict_set_text(vm, dict_of(information), "uncollectable", small_int(0)))
        return false;
    for (uint32_t i = 0; i < list_of(callbacks)->length; i++) {
        value callback = list_of(callbacks)->items[i];
        if (call(vm, callback, arguments, 2, VALUE_NULL) == VALUE_NULL)
            unraisable_report(vm, "in", callback);
    }
    return true;
}

FUNCTION(module_collect)
{
    UNUSED;
    value callee;
    uintptr_t base = engine_direct_base(vm, &callee);
    bool is_direct = base && is_exact(callee, &native_function_type) &&
                     ((struct native_function_object *)value_object(callee))->definition->function == gc_module_collect;
    int64_t generation = 2;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &generation))
        return VALUE_NULL;
    if (generation < 0 || generation > 2)
        return raise_error(vm, &exc_ValueError, "invalid generation");
    if (!tell_callbacks(vm, self, "start", generation, 0))
        return VALUE_NULL;
    size_t found = gc_collect_counting(vm, is_direct ? base : 0, counts_as_garbage);
    if (vm->finalizers_pending)
        gc_run_pending(vm);
    bool done = count_up(vm, self, collections_names[generation], 1) &&
                count_up(vm, self, collected_names[generation], (int64_t)found) && count_generations(vm, self, generation) &&
                tell_callbacks(vm, self, "stop", generation, (int64_t)found);
    return done ? small_int((int64_t)found) : VALUE_NULL;
}

FUNCTION(enable)
{
    UNUSED;
    return dict_set_text(vm, support_dict(self), "_enabled", TRUE) ? NONE : VALUE_NULL;
}

FUNCTION(disable)
{
    UNUSED;
    return dict_set_text(vm, support_dict(self), "_enabled", FALSE) ? NONE : VALUE_NULL;
}

FUNCTION(isenabled)
{
    UNUSED;
    return dict_get_text(vm, support_dict(self), "_enabled");
}

FUNCTION(get_threshold)
{
    UNUSED;
    return dict_get_text(vm, support_dict(self), "_threshold");
}

FUNCTION(set_threshold)
{
    UNUSED;
    value now = dict_get_text(vm, support_dict(self), "_threshold");
    value given[3];
    for (int i = 0; i < 3; i++) {
        given[i] = arguments[i] == VALUE_NULL ? tuple_of(now)->items[i] : arguments[i];
        if (!is_int(given[i]))
            return raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", given[i]);
    }
    value threshold = tuple_from(vm, given, 3);
    return threshold != VALUE_NULL && dict_set_text(vm, support_dict(self), "_threshold", threshold) ? NONE : VALUE_NULL;
}

FUNCTION(get_count)
{
    UNUSED;
    value young = dict_get_text(vm, support_dict(self), "_count1"), old = dict_get_text(vm, support_dict(self), "_count2");
    return tuple_pack(vm, 3, small_int(0), young == VALUE_NULL ? small_int(0) : young, old == VALUE_NULL ? small_int(0) : old);
}

FUNCTION(set_debug)
{
    UNUSED;
    int flags;
    return value_to_c_int(vm, arguments[0], &flags) && dict_set_text(vm, support_dict(self), "_debug", small_int(flags)) ? NONE
                                                                                                                      : VALUE_NULL;
}

FUNCTION(get_debug)
{
    UNUSED;
    value flags = dict_get_text(vm, support_dict(self), "_debug");
    return flags == VALUE_NULL ? small_int(0) : flags;
}

FUNCTION(get_objects)
{
    UNUSED;
    int64_t generation = -1;
    bool is_given = arguments[0] != VALUE_NULL && arguments[0] != NONE;
    if (is_given && !value_to_int64(vm, arguments[0], &generation))
        return VALUE_NULL;
    if (generation < -1)
        return raise_error(vm, &exc_ValueError, "generation parameter cannot be negative");
    if (generation > 2)
        return raise_error(vm, &exc_ValueError, "generation parameter must be less than the number of available generations (3)");
    value found = list_new(vm, 0), kept = list_new(vm, 0);
    if (generation >= 0 && generation < 2) /* whatever lives has survived the collection made here */
        return kept;
    if (found == VALUE_NULL || kept == VALUE_NULL || !gc_add_objects(vm, list_of(found)))
        return VALUE_NULL;
    for (size_t i = 0; i < list_of(found)->length; i++) {
        value v = list_of(found)->items[i];
        if (v != found && v != kept && is_tracked(v, 0) && !list_append(vm, list_of(kept), v))
            return VALUE_NULL;
    }
    return kept;
}

FUNCTION(get_referrers)
{
    UNUSED;
    value found = list_new(vm, 0), kept = list_new(vm, 0);
    struct tuple_object *targets = tuple_of(arguments[0]);
    if (found == VALUE_NULL || kept == VALUE_NULL || !gc_add_referrers(vm, targets->items, targets->length, list_of(found)))
        return VALUE_NULL;
    for (size_t i = 0; i < list_of(found)->length; i++) {
        value v = list_of(found)->items[i];
        if (v != arguments[0] && is_tracked(v, 0) && !list_append(vm, list_of(kept), v))
            return VALUE_NULL;
    }
    return kept;
}

/* In the order CPython visits them; the collector's own eyes see no numbers. */
static bool add_referents(struct vm *vm, value v, struct list_object *found)
{
    bool is_list = is_exact(v, &list_type), named = true;
    uint32_t position = 0;
    value key, item;
    if (is_list || is_exact(v, &tuple_type)) {
        for (size_t i = is_list ? list_of(v)->length : tuple_of(v)->length; i-- > 0;)
            if (!list_append(vm, found, is_list ? list_of(v)->items[i] : tuple_of(v)->items[i]))
                return false;
        return true;
    }
    if (!is_exact(v, &dict_type))
        return is_numpy_object(v) || gc_add_referents(vm, v, found);
    while (dict_next(dict_of(v), &position, &key, &item))
        named &= is_exact(key, &string_type); /* such keys are not visited */
    position = 0;
    while (dict_next(dict_of(v), &position, &key, &item))
        if (!list_append(vm, found, item) || (!named && !list_append(vm, found, key)))
            return false;
    return true;
}

FUNCTION(get_referents)
{
    UNUSED;
    value found = list_new(vm, 0);
    struct tuple_object *asked = tuple_of(arguments[0]);
    for (size_t i = 0; found != VALUE_NULL && i < asked->length; i++)
        if (is_object(asked->items[i]) && !add_referents(vm, asked->items[i], list_of(found)))
            return VALUE_NULL;
    return found;
}

FUNCTION(is_tracked)
{
    UNUSED;
    return bool_value(is_tracked(arguments[0], 0));
}

FUNCTION(is_finalized)
{
    UNUSED;
    return bool_value(gc_was_finalized(vm, arguments[0]));
}

/* What is frozen is looked at by no collection of CPython's; here only its number is told. */
FUNCTION(freeze)
{
    UNUSED;
    value none = NONE, objects = gc_get_objects(vm, self, &none, 1, VALUE_NULL);
    return objects != VALUE_NULL && dict_set_text(vm, support_dict(self), "_frozen", small_int((int64_t)list_of(objects)->length))
               ? NONE
               : VALUE_NULL;
}

FUNCTION(unfreeze)
{
    UNUSED;
    return dict_set_text(vm, support_dict(self), "_frozen", small_int(0)) ? NONE : VALUE_NULL;
}

FUNCTION(get_freeze_count)
{
    UNUSED;
    value frozen = dict_get_text(vm, support_dict(self), "_frozen");
    return frozen == VALUE_NULL ? small_int(0) : frozen;
}

/* Only what the program collects itself counts: when the collector runs of its own is no matter of the program. */
FUNCTION(get_stats)
{
    UNUSED;
    value list = list_new(vm, 0), zero = small_int(0);
    for (int generation = 0; list != VALUE_NULL && generation < 3; generation++) {
        value times = dict_get_text(vm, support_dict(self), collections_names[generation]), row = dict_new(vm);
        value found = dict_get_text(vm, support_dict(self), collected_names[generation]);
        times = times == VALUE_NULL ? zero : times;
        found = found == VALUE_NULL ? zero : found;
        if (row == VALUE_NULL || !dict_set_text(vm, dict_of(row), "collections", times) ||
            !dict_set_text(vm, dict_of(row), "collected", found) || !dict_set_text(vm, dict_of(row), "uncollectable", zero) ||
            !list_append(vm, list_of(list), row))
            return VALUE_NULL;
    }
    return list;
}

static const struct method_definition functions[] = {
    {"collect", "(generation=2)", gc_module_collect, 0, NULL},
    {"enable", "()", gc_enable, 0, NULL},
    {"disable", "()", gc_disable, 0, NULL},
    {"isenabled", "()", gc_isenabled, 0, NULL},
    {"get_threshold", "()", gc_get_threshold, 0, NULL},
    {"set_threshold", "(threshold0, threshold1=0, threshold2=0, /)", gc_set_threshold, 0, NULL},
    {"get_count", "()", gc_get_count, 0, NULL},
    {"freeze", "()", gc_freeze, 0, NULL},
    {"unfreeze", "()", gc_unfreeze, 0, NULL},
    {"get_freeze_count", "()", gc_get_freeze_count, 0, NULL},
    {"set_debug", "(flags, /)", gc_set_debug, 0, NULL},
    {"get_debug", "()", gc_get_debug, 0, NULL},
    {"get_objects", "(generation=None)", gc_get_objects, 0, NULL},
    {"get_referrers", "(*objs)", gc_get_referrers, 0, NULL},
    {"get_referents", "(*objs)", gc_get_referents, 0, NULL},
    {"is_tracked", "(obj, /)", gc_is_tracked, 0, NULL},
    {"is_finalized", "(obj, /)", gc_is_finalized, 0, NULL},
    {"get_stats", "()", gc_get_stats, 0, NULL},
    {0},
};

static bool gc_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {
        {"DEBUG_STATS", 1}, {"DEBUG_COLLECTABLE", 2}, {"DEBUG_UNCOLLECTABLE", 4}, {"DEBUG_SAVEALL", 32}, {"DEBUG_LEAK", 38}, {0},
    };
    value threshold = tuple_pack(vm, 3, small_int(700), small_int(10), small_int(10)), garbage = list_new(vm, 0),
          callbacks = list_new(vm, 0);
    struct dict_object *dict = support_dict(module);
    return threshold != VALUE_NULL && garbage != VALUE_NULL && callbacks != VALUE_NULL &&
           support_add_constants(vm, module, constants) && dict_set_text(vm, dict, "_enabled", TRUE) &&
           dict_set_text(vm, dict, "_threshold", threshold) && dict_set_text(vm, dict, "garbage", garbage) &&
           dict_set_text(vm, dict, "callbacks", callbacks);
}

const struct native_module gc_module = {"gc", gc_initialize, functions};
