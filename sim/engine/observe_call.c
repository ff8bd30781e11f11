/* observe_call.c - what calls of native code read and write: which function it comes to in the end, and with which arguments.
 * Python functions are followed as they run. */
#include "sim/engine/observe.h"

#include "sim/engine/forms.h"
#include "sim/runtime/container.h"
#include "sim/runtime/gc_survey.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/type.h"
#include "sim/tensor/ufunc.h"

#include <string.h>

struct observed_call {
    struct vm *vm;
    struct observed_frame *frame;
    const value *arguments;
    uint32_t count;          /* with those that have names */
    value names;             /* tuple, or VALUE_NULL */
    uint32_t site;
};

/* numpy's `out=`: an array, or a tuple of them. */
static void write_outputs(struct vm *vm, value out)
{
    if (observed_is_memory(out))
        observe_write_all(vm, out);
    for (uint64_t i = 0; is_exact(out, &tuple_type) && i < tuple_of(out)->length; i++)
        write_outputs(vm, tuple_of(out)->items[i]);
}

static void write_named_outputs(const struct observed_call *call)
{
    uint64_t named = call->names == VALUE_NULL ? 0 : tuple_of(call->names)->length;
    for (uint64_t i = 0; i < named && named <= call->count; i++) {
        const struct string_object *name = string_of(tuple_of(call->names)->items[i]);
        if (name->length == 3 && memcmp(name->data, "out", 3) == 0)
            write_outputs(call->vm, call->arguments[call->count - named + i]);
    }
}

/* Arguments behind a universal function's inputs are its outputs. */
static bool observe_ufunc(const struct observed_call *call, value callee)
{
    const struct type *type = value_object(callee)->shape->type;
    if (!type->native_function || strcmp(type->name, "numpy.ufunc") != 0)
        return false;
    const struct ufunc *ufunc = ((const struct ufunc_object *)value_object(callee))->ufunc;
    uint64_t named = call->names == VALUE_NULL ? 0 : tuple_of(call->names)->length;
    for (uint64_t i = 0; i < call->count; i++)
        observe_read_deep(call->vm, call->arguments[i], call->site);
    for (uint64_t i = ufunc->inputs; i + named < call->count; i++)
        write_outputs(call->vm, call->arguments[i]);
    return true;
}

/* An lru_cache's answer for these arguments was computed when it was first asked for them. */
static bool observe_cached(const struct observed_call *call, value callee)
{
    if (strcmp(value_object(callee)->shape->type->name, "functools._lru_cache_wrapper") != 0)
        return false;
    struct dependence *dependence = call->vm->engine->observer->dependence;
    uint64_t number = 0x2545f4914f6cdd1du, one;
    bool known = call->names == VALUE_NULL;
    for (uint32_t i = 0; i < call->count && known; i++) {
        known = observed_key_number(call->vm, call->arguments[i], &one);
        number = (number ^ one) * 0x9e3779b97f4a7c15u + (number >> 29);
    }
    struct shadow *shadow = observed_shadow_new(call->vm, callee);
    const struct stamp *stamp = known ? shadow_read_key(shadow, number) : NULL;
    if (!known) {
        observe_read_all(call->vm, callee, call->site);
        observe_write_all(call->vm, callee);
    } else if (stamp) {
        observe_read(call->vm, stamp, VARIABLE_ITEM, call->site);
    } else {
        dependence_settle(dependence);
        shadow_write_key(&dependence->memory, shadow, number, &dependence->result);
    }
    return true;
}

static void observe_callee(const struct observed_call *call, value callee, int depth);

/* A partial object's function, and its arguments before the call's. */
static bool observe_partial(const struct observed_call *call, value callee, int depth)
{
    enum { MOST = 32 };
    value parts[3], arguments[MOST];
    if (strcmp(value_object(callee)->shape->type->name, "functools.partial") != 0 || gc_referents(call->vm, callee, parts, 3) < 2)
        return false;
    uint64_t own = is_exact(parts[1], &tuple_type) ? tuple_of(parts[1])->length : 0;
    struct observed_call inner = *call;
    for (uint64_t i = 0; i < own && i < MOST; i++)
        arguments[i] = tuple_of(parts[1])->items[i];
    own = own < MOST ? own : MOST;
    for (uint64_t i = 0; i < call->count && own + i < MOST; i++)
        arguments[own + i] = call->arguments[i];
    inner.count = own + call->count < MOST ? (uint32_t)own + call->count : MOST;
    inner.arguments = arguments;
    observe_callee(&inner, parts[0], depth + 1);
    return true;
}

/* Classes that only keep what they get, and use it later; those that copy the items, no deeper. */
static bool observe_class(const struct observed_call *call, const struct type *type)
{
    static const struct type *const keepers[] = {&enumerate_type, &zip_type, &map_type, &filter_type, &reversed_type};
    static const struct type *const copiers[] = {&list_type, &tuple_type, &set_type, &frozenset_type};
    bool keeps = strncmp(type->name, "itertools.", 10) == 0;
    for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++)
        keeps |= type == keepers[i];
    if (keeps)
        return true;
    value given = call->count ? call->arguments[0] : VALUE_NULL;
    bool copies = false;
    for (size_t i = 0; i < sizeof copiers / sizeof *copiers; i++)
        copies |= type == copiers[i] && call->count && (has_flag(given, TYPE_LIST) || has_flag(given, TYPE_SET));
    if (copies)
        observe_read_all(call->vm, given, call->site);
    return copies;
}

/* An object that can be called: it may use, and change, whatever it holds. */
static void observe_object(const struct observed_call *call, value callee, int depth)
{
    const struct type *type = value_object(callee)->shape->type;
    if (observe_ufunc(call, callee) || observe_cached(call, callee) || observe_partial(call, callee, depth))
        return;
    for (uint32_t i = 0; i < call->count; i++)
        observe_consume(call->vm, call->arguments[i], call->site);
    if (type->flags & TYPE_HEAP)
        return;
    observe_read_deep(call->vm, callee, call->site);
    bool only_gets = strncmp(type->name, "operator.", 9) == 0;
    if (!only_gets)
        observe_write_all(call->vm, callee);
}

static void observe_callee(const struct observed_call *call, value callee, int depth)
{
    enum { DEPTH_MOST = 4 };
    if (!is_object(callee) || depth > DEPTH_MOST || is_exact(callee, &function_type) || is_exact(callee, &method_type))
        return;
    const struct native_function_object *function = (const struct native_function_object *)value_object(callee);
    if (has_flag(callee, TYPE_TYPE)) {
        const struct type *type = (const struct type *)value_object(callee);
        if (type->flags & TYPE_HEAP)
            return;
        call->frame->callee = callee;
        if (!observe_class(call, type))
            for (uint32_t i = 0; i < call->count; i++)
                observe_consume(call->vm, call->arguments[i], call->site);
    } else if (is_exact(callee, &native_function_type)) {
        call->frame->callee = callee;
        observe_native(call->vm, call->site, function, function->self, call->arguments, call->count);
    } else if (is_exact(callee, &method_descriptor_type) && call->count) {
        call->frame->callee = callee;
        observe_native(call->vm, call->site, function, call->arguments[0], call->arguments + 1, call->count - 1);
    } else {
        observe_object(call, callee, depth);
    }
    write_named_outputs(call);
}

/* `f(*args, **kwargs)` */
static void observe_call_ex(struct observed_call *call, const word *w, const value *slots, bool has_named)
{
    value given = slots[w->f.b + 2], named = has_named ? slots[w->f.b + 3] : VALUE_NULL;
    observe_consume(call->vm, given, call->site);
    if (is_exact(given, &tuple_type)) {
        call->arguments = tuple_of(given)->items;
        call->count = (uint32_t)tuple_of(given)->length;
    } else if (is_exact(given, &list_type)) {
        call->arguments = list_of(given)->items;
        call->count = (uint32_t)list_of(given)->length;
    }
    observe_callee(call, slots[w->f.b + 1], 0);
    if (named == VALUE_NULL || !is_exact(named, &dict_type))
        return;
    observe_read_deep(call->vm, named, call->site);
    value out;
    WORK_UNTRACKED(call->vm, out = dict_get_text(call->vm, dict_of(named), "out"));
    if (out != VALUE_NULL)
        write_outputs(call->vm, out);
}

void observe_call(struct vm *vm, struct observed_frame *frame, const word *w, value *slots, uint32_t site)
{
    struct observed_call call = {.vm = vm, .frame = frame, .names = VALUE_NULL, .site = site};
    if (frame->latest->form == FORM_call_ex) {
        observe_call_ex(&call, w, slots, w->f.c & 1);
        return;
    }
    value callee = slots[w->f.b];
    call.arguments = &slots[w->f.b + 1];
    call.count = w->f.c;
    call.names = w[1].v;
    if (frame->latest->form == FORM_call && callee != VALUE_NULL) {
        call.count++;
    } else {
        callee = slots[w->f.b + 1];
        call.arguments++;
    }
    observe_callee(&call, callee, 0);
}
