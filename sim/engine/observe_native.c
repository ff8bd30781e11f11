/* observe_native.c - what native functions read and write. They read their arguments and all that the containers among them hold; a
 * method reads and writes its object, too. The tables say which do less, or more. What lies deeper is not followed. */
#include "sim/engine/native_effect.h"
#include "sim/engine/observe.h"

#include "sim/runtime/container.h"

#include <string.h>

struct row {
    const char *owner;   /* the type; of functions: the module, NULL: builtins */
    const char *name;
    enum native_effect effect;
};

static const struct row methods[] = {
    {"list", "append", EFFECT_APPENDS}, {"list", "pop", EFFECT_TAKES_LAST}, {"list", "copy", EFFECT_READS},
    {"list", "index", EFFECT_READS}, {"list", "count", EFFECT_READS}, {"list", "__len__", EFFECT_READS_STATE},
    {"list", "__getitem__", EFFECT_READS_KEY}, {"list", "__setitem__", EFFECT_ADDS_KEY},
    {"dict", "get", EFFECT_READS_KEY}, {"dict", "__getitem__", EFFECT_READS_KEY}, {"dict", "__contains__", EFFECT_READS_KEY},
    {"dict", "__setitem__", EFFECT_ADDS_KEY}, {"dict", "setdefault", EFFECT_WRITES_KEY}, {"dict", "pop", EFFECT_WRITES_KEY},
    {"dict", "keys", EFFECT_NOTHING}, {"dict", "values", EFFECT_NOTHING}, {"dict", "items", EFFECT_NOTHING},
    {"dict", "copy", EFFECT_READS}, {"dict", "__len__", EFFECT_READS_STATE},
    {"set", "add", EFFECT_ADDS_KEY}, {"set", "__contains__", EFFECT_READS_KEY}, {"set", "discard", EFFECT_ADDS_KEY},
    {"set", "copy", EFFECT_READS}, {"set", "union", EFFECT_READS}, {"set", "intersection", EFFECT_READS},
    {"set", "difference", EFFECT_READS}, {"set", "symmetric_difference", EFFECT_READS}, {"set", "issubset", EFFECT_READS},
    {"set", "issuperset", EFFECT_READS}, {"set", "isdisjoint", EFFECT_READS},
    {"ndarray", "fill", EFFECT_WRITES}, {"ndarray", "sort", EFFECT_WRITES}, {"ndarray", "put", EFFECT_WRITES},
    {"ndarray", "resize", EFFECT_WRITES}, {"ndarray", "itemset", EFFECT_WRITES}, {"ndarray", "partition", EFFECT_WRITES},
    {"ndarray", "*", EFFECT_READS},
};

static const struct row functions[] = {
    {NULL, "len", EFFECT_READS_STATE}, {NULL, "isinstance", EFFECT_NOTHING}, {NULL, "id", EFFECT_NOTHING},
    {NULL, "type", EFFECT_NOTHING}, {NULL, "iter", EFFECT_NOTHING}, {NULL, "issubclass", EFFECT_NOTHING},
    {NULL, "callable", EFFECT_NOTHING}, {NULL, "next", EFFECT_WRITES}, {NULL, "print", EFFECT_PRINTS},
    {NULL, "setattr", EFFECT_WRITES}, {NULL, "delattr", EFFECT_WRITES}, {NULL, "__build_class__", EFFECT_NOTHING},
    {"_heapq", "*", EFFECT_WRITES}, {"_bisect", "insort", EFFECT_WRITES}, {"_bisect", "insort_left", EFFECT_WRITES},
    {"_bisect", "insort_right", EFFECT_WRITES}, {"_operator", "setitem", EFFECT_WRITES}, {"_operator", "delitem", EFFECT_WRITES},
    {"_operator", "iadd", EFFECT_WRITES}, {"_operator", "isub", EFFECT_WRITES}, {"_operator", "iconcat", EFFECT_WRITES},
    {"_struct", "pack_into", EFFECT_WRITES},
    {"numpy", "copyto", EFFECT_WRITES}, {"numpy", "put", EFFECT_WRITES}, {"numpy", "place", EFFECT_WRITES},
    {"numpy", "putmask", EFFECT_WRITES}, {"numpy", "fill_diagonal", EFFECT_WRITES}, {"numpy", "put_along_axis", EFFECT_WRITES},
};

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static enum native_effect look_up(const struct row *rows, size_t count, const char *owner, const char *name,
                                  enum native_effect otherwise)
{
    for (size_t i = 0; i < count; i++)
        if (same_text(rows[i].owner, owner) && (rows[i].name[0] == '*' || strcmp(rows[i].name, name) == 0))
            return rows[i].effect;
    return otherwise;
}

/* The type's name without its module. */
static const char *plain_name(const struct type *type)
{
    const char *dot = strrchr(type->name, '.');
    return dot ? dot + 1 : type->name;
}

enum native_effect native_effect_of(struct vm *vm, const struct native_function_object *function, value self)
{
    const char *name = function->definition->name;
    bool is_method = self != VALUE_NULL && !is_exact(self, &module_type) && !function->module;
    if (!is_method) {
        const char *module = function->module && strcmp(function->module, "builtins") == 0 ? NULL : function->module;
        return look_up(functions, sizeof functions / sizeof *functions, module, name, EFFECT_READS);
    }
    if (!observed_is_mutable(self))
        return EFFECT_READS;
    return look_up(methods, sizeof methods / sizeof *methods, plain_name(function->owner ? function->owner : value_type(vm, self)),
                   name, EFFECT_WRITES);
}

/* It only puts its arguments somewhere, or uses them as keys. */
static bool keeps_arguments(const struct native_function_object *function, enum native_effect effect)
{
    static const char *const names[] = {"insert", "append", "appendleft", "put", "put_nowait", "heappush", "heapify"};
    switch (effect) {
    case EFFECT_READS_STATE: case EFFECT_READS_KEY: case EFFECT_WRITES_KEY: case EFFECT_ADDS_KEY: case EFFECT_APPENDS:
        return true;
    default:
        break;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(function->definition->name, names[i]) == 0)
            return true;
    return false;
}

/* getattr(object, "name") and its relatives. */
static bool observe_named_attribute(struct vm *vm, const struct native_function_object *function, const value *arguments,
                                    uint32_t count, uint32_t site)
{
    const char *name = function->definition->name;
    bool gets = strcmp(name, "getattr") == 0 || strcmp(name, "hasattr") == 0;
    bool sets = strcmp(name, "setattr") == 0 || strcmp(name, "delattr") == 0;
    if ((!gets && !sets) || count < 2 || !is_exact(arguments[1], &string_type) || !is_object(arguments[0]) ||
        !function->module || strcmp(function->module, "builtins") != 0)
        return false;
    if (gets)
        observe_read_attribute(vm, arguments[0], arguments[1], site);
    else
        observe_write_attribute(vm, arguments[0], arguments[1]);
    return true;
}

void observe_native(struct vm *vm, uint32_t site, const struct native_function_object *function, value self,
                    const value *arguments, uint32_t count)
{
    bool is_method = self != VALUE_NULL && !is_exact(self, &module_type);
    enum native_effect effect = native_effect_of(vm, function, self);
    value object = is_method ? self : count ? arguments[0] : VALUE_NULL;
    if (effect == EFFECT_NOTHING)
        return;
    if (observe_named_attribute(vm, function, arguments, count, site))
        return;
    for (uint32_t i = 0; i < count && !keeps_arguments(function, effect); i++)
        if (effect == EFFECT_WRITES && !is_method && !i)
            observe_read_all(vm, arguments[i], site);
        else
            observe_consume(vm, arguments[i], site);
    switch (effect) {
    case EFFECT_READS_STATE:
        observe_read_length(vm, object, site);
        break;
    case EFFECT_READS_KEY: case EFFECT_WRITES_KEY:
        if (count)
            observe_read_item(vm, object, arguments[0], site);
        if (count && effect == EFFECT_WRITES_KEY)
            observe_write_item(vm, object, arguments[0]);
        break;
    case EFFECT_ADDS_KEY:
        if (count)
            observe_write_item(vm, object, arguments[0]);
        break;
    case EFFECT_APPENDS:
        observe_append(vm, object, list_of(object)->length, site);
        break;
    case EFFECT_TAKES_LAST:
        if (!count && list_of(object)->length) {
            observe_read_item(vm, object, small_int(-1), site);
            observe_read_state(vm, object, site);
            dependence_settle(vm->engine->observer->dependence);
            observed_shadow_new(vm, object)->state = vm->engine->observer->dependence->result;
            break;
        }
        observe_read_all(vm, object, site);
        observe_write_all(vm, object);
        break;
    case EFFECT_WRITES:
        observe_read_all(vm, object, site);
        if (is_exact(object, &generator_type))
            observe_read_state(vm, object, site);
        if (!is_method)
            observe_next(vm, object, site);
        if (is_object(object))
            observe_write_all(vm, object);
        break;
    case EFFECT_PRINTS:
        dependence_mark_output(vm->engine->observer->dependence);
        break;
    case EFFECT_READS:
        if (is_method)
            observe_read_deep(vm, object, site);
        break;
    case EFFECT_NOTHING:
        break;
    }
}
