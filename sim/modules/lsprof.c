/* lsprof.c - module _lsprof, which cProfile stands on: a profile function that adds up calls and their time on the program's own
 * clock. So a profile shows the simulated machine. */
#include "sim/modules/sys.h"
#include "sim/runtime/clock.h"
#include "sim/runtime/container.h"
#include "sim/runtime/record.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

struct totals { /* of a function, or of a function called from another one */
    value key;               /* code object, or the name of a native function */
    uint64_t calls, recursive_calls;
    double total, inside;    /* seconds: with what it called, without */
    uint32_t depth;          /* how often it is on the stack */
    uint32_t callee_count, callee_capacity;
    uint32_t *callees;       /* functions: indices into `entries` of the pairs */
};

struct activation {
    uint32_t entry, pair;    /* UINT32_MAX: no caller */
    double start, in_callees;
};

struct profiler_object {
    struct object head;
    value index;             /* dict: key -> number of its entry */
    value callback;          /* what sys.setprofile got; VALUE_NULL: disabled */
    value timer;             /* a Python function; NONE: the program's clock */
    double unit;
    bool subcalls, natives;
    struct totals *entries;
    uint32_t entry_count, entry_capacity;
    struct activation *stack;
    uint32_t depth, stack_capacity;
};

static const char *const entry_fields[] = {"code", "callcount", "reccallcount", "totaltime", "inlinetime", "calls"};
static struct record_type entry_type = RECORD_TYPE("_lsprof.profiler_entry", entry_fields, 6, 6, NULL);
static struct record_type subentry_type = RECORD_TYPE("_lsprof.profiler_subentry", entry_fields, 5, 5, NULL);
static struct type profiler_type;

static struct profiler_object *profiler_of(value v)
{
    return (struct profiler_object *)value_object(v);
}

static void *grow(void *memory, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return memory;
    *capacity = *capacity ? 2 * *capacity : 16;
    memory = realloc(memory, *capacity * size);
    if (!memory)
        abort();
    return memory;
}

/* ---- life ---- */

static void clear_entries(struct profiler_object *profiler)
{
    for (uint32_t i = 0; i < profiler->entry_count; i++)
        free(profiler->entries[i].callees);
    free(profiler->entries);
    free(profiler->stack);
    profiler->entries = NULL;
    profiler->stack = NULL;
    profiler->entry_count = profiler->entry_capacity = profiler->depth = profiler->stack_capacity = 0;
}

static void profiler_release(struct vm *vm, struct object *object)
{
    (void)vm;
    clear_entries((struct profiler_object *)object);
}

static void profiler_trace(struct vm *vm, struct object *object)
{
    struct profiler_object *profiler = (struct profiler_object *)object;
    gc_mark(vm, profiler->index);
    gc_mark(vm, profiler->callback);
    gc_mark(vm, profiler->timer);
    for (uint32_t i = 0; i < profiler->entry_count; i++)
        gc_mark(vm, profiler->entries[i].key);
}

static value profiler_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct profiler_object *profiler = instance_allocate(vm, type, sizeof *profiler);
    if (!profiler)
        return VALUE_NULL;
    profiler->index = profiler->callback = VALUE_NULL;
    profiler->timer = NONE;
    return object_value(profiler);
}

static bool profiler_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"timer", "timeunit", "subcalls", "builtins", NULL};
    struct profiler_object *profiler = profiler_of(self);
    value bound[4];
    if (!arguments_bind(vm, &(struct argument_names){"Profiler", names, 0, 4}, arguments, count, keyword_names, bound))
        return false;
    int subcalls = bound[2] == VALUE_NULL ? 1 : value_truth(vm, bound[2]);
    int natives = subcalls < 0 ? -1 : bound[3] == VALUE_NULL ? 1 : value_truth(vm, bound[3]);
    profiler->unit = 0;
    if (natives < 0 || (bound[1] != VALUE_NULL && !value_to_double(vm, bound[1], &profiler->unit)))
        return false;
    profiler->timer = bound[0] == VALUE_NULL ? NONE : bound[0];
    profiler->subcalls = subcalls;
    profiler->natives = natives;
    profiler->index = dict_new(vm);
    return profiler->index != VALUE_NULL;
}

/* ---- time ---- */

static bool read_timer(struct vm *vm, const struct profiler_object *profiler, double *seconds)
{
    if (profiler->timer == NONE) {
        *seconds = (double)clock_now(vm) * 1e-9;
        return true;
    }
    value reading = call_0(vm, profiler->timer);
    if (reading == VALUE_NULL || !value_to_double(vm, reading, seconds))
        return false;
    if (profiler->unit > 0)
        *seconds *= profiler->unit;
    return true;
}

/* ---- calls ---- */

static uint32_t add_entry(struct profiler_object *profiler, value key)
{
    profiler->entries = grow(profiler->entries, profiler->entry_count, &profiler->entry_capacity, sizeof *profiler->entries);
    profiler->entries[profiler->entry_count] = (struct totals){.key = key};
    return profiler->entry_count++;
}

static bool find_entry(struct vm *vm, struct profiler_object *profiler, value key, uint32_t *out)
{
    value number;
    int found = dict_find(vm, dict_of(profiler->index), key, &number);
    if (found > 0)
        *out = (uint32_t)small_int_value(number);
    if (found)
        return found > 0;
    *out = add_entry(profiler, key);
    return dict_set(vm, dict_of(profiler->index), key, small_int(*out));
}

static uint32_t find_pair(struct profiler_object *profiler, uint32_t caller, uint32_t callee)
{
    struct totals *from = &profiler->entries[caller];
    value key = profiler->entries[callee].key;
    for (uint32_t i = 0; i < from->callee_count; i++)
        if (profiler->entries[from->callees[i]].key == key)
            return from->callees[i];
    uint32_t pair = add_entry(profiler, key);
    from = &profiler->entries[caller];
    from->callees = grow(from->callees, from->callee_count, &from->callee_capacity, sizeof *from->callees);
    return from->callees[from->callee_count++] = pair;
}

static bool enter(struct vm *vm, struct profiler_object *profiler, value key)
{
    uint32_t entry, pair = UINT32_MAX;
    double now;
    if (!find_entry(vm, profiler, key, &entry) || !read_timer(vm, profiler, &now))
        return false;
    if (profiler->depth && profiler->subcalls)
        pair = find_pair(profiler, profiler->stack[profiler->depth - 1].entry, entry);
    profiler->stack = grow(profiler->stack, profiler->depth, &profiler->stack_capacity, sizeof *profiler->stack);
    profiler->stack[profiler->depth++] = (struct activation){entry, pair, now, 0};
    profiler->entries[entry].depth++;
    if (pair != UINT32_MAX)
        profiler->entries[pair].depth++;
    return true;
}

static void add_call(struct totals *totals, double whole, double inside)
{
    if (--totals->depth == 0) {
        totals->total += whole;
        totals->calls++;
    } else {
        totals->calls++;
        totals->recursive_calls++;
    }
    totals->inside += inside;
}

static bool leave(struct vm *vm, struct profiler_object *profiler)
{
    double now;
    if (!read_timer(vm, profiler, &now))
        return false;
    if (!profiler->depth)
        return true; /* called before profiling began */
    struct activation *left = &profiler->stack[--profiler->depth];
    double whole = now - left->start, inside = whole - left->in_callees;
    if (profiler->depth)
        left[-1].in_callees += whole;
    add_call(&profiler->entries[left->entry], whole, inside);
    if (left->pair != UINT32_MAX)
        add_call(&profiler->entries[left->pair], whole, inside);
    return true;
}

/* The class of the bound object's that has the method. */
static struct type *defining_type(struct vm *vm, const struct native_function_object *function)
{
    struct type *type = value_type(vm, function->self);
    for (uint32_t i = 0; i < type->mro_count; i++) {
        value found = dict_get_text(vm, type->mro[i]->dict, function->definition->name);
        if (is_exact(found, &method_descriptor_type) &&
            ((const struct native_function_object *)value_object(found))->definition == function->definition)
            return type->mro[i];
    }
    return type;
}

/* What CPython calls a native function: "<built-in method math.sqrt>", "<method 'append' of 'list' objects>". */
static value native_name(struct vm *vm, value callee)
{
    if (!is_exact(callee, &native_function_type) && !is_exact(callee, &method_descriptor_type))
        return value_repr(vm, callee);
    const struct native_function_object *function = (const struct native_function_object *)value_object(callee);
    if (is_exact(callee, &native_function_type) && function->module)
        return string_printf(vm, "<built-in method %s.%s>", function->module, function->definition->name);
    if (is_exact(callee, &native_function_type) && is_object(function->self) && has_flag(function->self, TYPE_TYPE))
        return string_printf(vm, "<built-in method %s>", function->definition->name);
    struct type *owner = function->owner ? function->owner : defining_type(vm, function);
    return string_printf(vm, "<method '%s' of '%s' objects>", function->definition->name, owner->name);
}

static value profiler_event(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct profiler_object *profiler = profiler_of(self);
    value event = arguments[1];
    bool native = string_of(event)->length > 2 && string_at(string_of(event), 1) == '_';
    if (native && !profiler->natives)
        return NONE;
    bool good;
    if (string_is(event, "call")) {
        good = enter(vm, profiler, ((struct frame_object *)value_object(arguments[0]))->code);
    } else if (string_is(event, "c_call")) {
        value name = native_name(vm, arguments[2]);
        good = name != VALUE_NULL && enter(vm, profiler, name);
    } else {
        good = leave(vm, profiler);
    }
    return good ? NONE : VALUE_NULL;
}

/* ---- methods ---- */

#define METHOD(name)                                                                                                   \
    static value profiler_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static const struct method_definition event = {"_event", "(frame, event, argument, /)", profiler_event, METHOD_INSTANCE, NULL};

value profiler_of_callback(value callback)
{
    if (!is_exact(callback, &native_function_type))
        return callback;
    const struct native_function_object *function = (struct native_function_object *)value_object(callback);
    return function->definition == &event ? function->self : callback;
}

METHOD(enable)
{
    UNUSED;
    struct profiler_object *profiler = profiler_of(self);
    for (int i = 0; i < 2; i++) {
        int truth = arguments[i] == VALUE_NULL ? -2 : value_truth(vm, arguments[i]);
        if (truth == -1)
            return VALUE_NULL;
        if (truth >= 0)
            *(i ? &profiler->natives : &profiler->subcalls) = truth;
    }
    profiler->callback = native_function_new(vm, &event, self, NULL);
    if (profiler->callback == VALUE_NULL)
        return VALUE_NULL;
    engine_set_profile(vm, profiler->callback);
    return NONE;
}

METHOD(disable)
{
    UNUSED;
    struct profiler_object *profiler = profiler_of(self);
    if (profiler->callback != VALUE_NULL && engine_profile_function(vm) == profiler->callback)
        engine_set_profile(vm, NONE);
    profiler->callback = VALUE_NULL;
    while (profiler->depth)
        if (!leave(vm, profiler))
            return VALUE_NULL;
    return NONE;
}

METHOD(clear)
{
    UNUSED;
    clear_entries(profiler_of(self));
    dict_clear(vm, dict_of(profiler_of(self)->index));
    return NONE;
}

static value entry_value(struct vm *vm, const struct totals *totals, const struct record_type *type, value calls)
{
    value items[6] = {totals->key, int_from_uint64(vm, totals->calls), int_from_uint64(vm, totals->recursive_calls),
                      float_value(vm, totals->total), float_value(vm, totals->inside), calls};
    return record_new(vm, type, items);
}

METHOD(getstats)
{
    UNUSED;
    struct profiler_object *profiler = profiler_of(self);
    value list = list_new(vm, 0), key, number;
    uint32_t position = 0;
    if (profiler->callback != VALUE_NULL && profiler_disable(vm, self, NULL, 0, VALUE_NULL) == VALUE_NULL)
        return VALUE_NULL;
    while (list != VALUE_NULL && dict_next(dict_of(profiler->index), &position, &key, &number)) {
        const struct totals *totals = &profiler->entries[small_int_value(number)];
        value calls = totals->callee_count ? list_new(vm, 0) : NONE;
        for (uint32_t i = 0; i < totals->callee_count; i++) {
            const struct totals *pair = &profiler->entries[totals->callees[i]];
            value sub = pair->calls ? entry_value(vm, pair, &subentry_type, NONE) : NONE;
            if (sub == VALUE_NULL || (sub != NONE && !list_append(vm, list_of(calls), sub)))
                return VALUE_NULL;
        }
        if (!totals->calls)
            continue;
        value made = entry_value(vm, totals, &entry_type, calls);
        if (made == VALUE_NULL || !list_append(vm, list_of(list), made))
            return VALUE_NULL;
    }
    return list;
}

static const struct method_definition methods[] = {
    {"enable", "(subcalls=True, builtins=True)", profiler_enable, METHOD_INSTANCE, NULL},
    {"disable", "()", profiler_disable, METHOD_INSTANCE, NULL},
    {"clear", "()", profiler_clear, METHOD_INSTANCE, NULL},
    {"getstats", "()", profiler_getstats, METHOD_INSTANCE, NULL},
    {0},
};

static struct type profiler_type = {.name = "_lsprof.Profiler",
                                    .doc = "Build a profiler object using the specified timer function.",
                                    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
                                    .instance_size = sizeof(struct profiler_object),
                                    .methods = methods,
                                    .trace = profiler_trace,
                                    .release = profiler_release,
                                    .new = profiler_new,
                                    .init = profiler_init};

static bool lsprof_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    type_ready(vm, &profiler_type);
    return record_ready(vm, &entry_type) && record_ready(vm, &subentry_type) &&
           dict_set_text(vm, dict, "Profiler", object_value(&profiler_type)) &&
           dict_set_text(vm, dict, "profiler_entry", object_value(&entry_type.type)) &&
           dict_set_text(vm, dict, "profiler_subentry", object_value(&subentry_type.type));
}

const struct native_module lsprof_module = {"_lsprof", lsprof_initialize, NULL};
