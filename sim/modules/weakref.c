/* weakref.c - module _weakref: references and proxies that the collector clears. CPython clears a reference the moment the last
 * strong one goes; here that is at a collection, so the first dereferences of a run collect before they answer. */
#include "sim/runtime/weakref.h"
#include "sim/modules/support.h"
#include "sim/runtime/container.h"
#include "sim/runtime/gc_tables.h"
#include "sim/runtime/layout_size.h"
#include "sim/runtime/number.h"
#include "sim/runtime/type.h"

static struct weakref_object *weakref_of(value v)
{
    return (struct weakref_object *)value_object(v);
}

static bool is_proxy(value v)
{
    return is_exact(v, &weakproxy_type) || is_exact(v, &callable_weakproxy_type);
}

static void weakref_trace(struct vm *vm, struct object *object)
{
    struct weakref_object *weak = (struct weakref_object *)object;
    if (weak->callback != VALUE_NULL)
        gc_mark(vm, weak->callback);
}

void weakref_clear(struct vm *vm, value weakref)
{
    struct weakref_object *weak = weakref_of(weakref);
    weak->referent = NONE;
    if (weak->callback != VALUE_NULL)
        gc_queue(vm, weak->callback, weakref);
    weak->callback = VALUE_NULL;
}

static void collect_promptly(struct vm *vm, value weakref, const value *sought)
{
    value callee;
    uintptr_t base = engine_direct_base(vm, &callee);
    gc_collect_promptly(vm, base && callee == weakref ? base : 0, sought);
}

/* What the reference leads to, or NONE. */
static value weakref_target(struct vm *vm, value weakref)
{
    struct weakref_object *weak = weakref_of(weakref);
    if (weak->referent != NONE)
        collect_promptly(vm, weakref, &weak->referent);
    return weak->referent;
}

/* Where a reference stands among those to the same object: the shared ones come first. */
static int rank_of(value watcher)
{
    bool shared = weakref_of(watcher)->callback == VALUE_NULL;
    return shared && is_exact(watcher, &weakref_type) ? 0 : shared && is_proxy(watcher) ? 1 : 2;
}

/* The references to an object as a list, in CPython's order: those of a rank the newest first. */
static value weakrefs_of(struct vm *vm, value object)
{
    value list = list_new(vm, 0);
    if (!is_object(object) || list == VALUE_NULL)
        return list;
    collect_promptly(vm, VALUE_NULL, NULL);
    size_t count = gc_watchers(vm, object, NULL, 0);
    value watchers = tuple_new(vm, count);
    if (watchers == VALUE_NULL)
        return VALUE_NULL;
    count = gc_watchers(vm, object, tuple_of(watchers)->items, count);
    for (int rank = 0; rank <= 2; rank++)
        for (size_t i = 0; i < count; i++) {
            value watcher = tuple_of(watchers)->items[i];
            bool is_reference = is_instance(vm, watcher, &weakref_type) || is_proxy(watcher);
            if (is_reference && weakref_of(watcher)->referent == object &&
                rank_of(watcher) == rank && !list_append(vm, list_of(list), watcher))
                return VALUE_NULL;
        }
    return list;
}

/* References of one kind without a callback are the same object. */
static value weakref_shared(struct vm *vm, const struct type *type, value referent)
{
    value few[8];
    size_t count = gc_watchers(vm, referent, few, sizeof few / sizeof *few);
    value many = count > sizeof few / sizeof *few ? tuple_new(vm, count) : VALUE_NULL, *watchers = few;
    if (many != VALUE_NULL)
        count = gc_watchers(vm, referent, watchers = tuple_of(many)->items, count);
    else if (count > sizeof few / sizeof *few)
        return VALUE_NULL;
    value shared = VALUE_NULL;
    for (size_t i = 0; i < count && shared == VALUE_NULL; i++)
        if (is_exact(watchers[i], type) && weakref_of(watchers[i])->callback == VALUE_NULL &&
            weakref_of(watchers[i])->referent == referent)
            shared = watchers[i];
    gc_keep(many);
    return shared;
}

static bool is_referable(struct vm *vm, value v)
{
    if (!is_object(v))
        return false;
    struct type *type = value_type(vm, v);
    return type == &function_type || type == &type_type || layout_has_weak(type); /* the first: what is asked for most */
}

static value weak_new(struct vm *vm, struct type *type, value referent, value callback)
{
    if (!is_referable(vm, referent))
        return raise_error(vm, &exc_TypeError, "cannot create weak reference to '%T' object", referent);
    if (callback == NONE && !(type->flags & TYPE_HEAP)) {
        value shared = weakref_shared(vm, type, referent);
        if (shared != VALUE_NULL)
            return shared;
    }
    struct weakref_object *weak = instance_allocate(vm, type, sizeof *weak);
    if (!weak)
        return VALUE_NULL;
    weak->referent = referent;
    weak->callback = callback == NONE ? VALUE_NULL : callback;
    weak->hash = -1;
    gc_watch(vm, referent, object_value(weak));
    return object_value(weak);
}

/* ---- ref ---- */

static value ref_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)keyword_names; /* for a subclass's __init__ */
    if (count < 1 || (count > 2 && type == &weakref_type))
        return raise_error(vm, &exc_TypeError, "__new__ expected at %s %d argument%s, got %zu", count ? "most" : "least",
                           count ? 2 : 1, count ? "s" : "", count);
    return weak_new(vm, type, arguments[0], count > 1 ? arguments[1] : NONE);
}

static bool ref_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)arguments;
    return check_positional(vm, "__init__", count, keyword_names, 1, 2);
}

static value ref_call(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments;
    return check_positional(vm, "__call__", count, keyword_names, 0, 0) ? weakref_target(vm, self) : VALUE_NULL;
}

static value ref_repr(struct vm *vm, value self)
{
    value target = weakref_of(self)->referent;
    unsigned long where = (unsigned long)object_identity(vm, self);
    if (target == NONE)
        return string_printf(vm, "<weakref at 0x%lx; dead>", where);
    return string_printf(vm, "<weakref at 0x%lx; to '%T' at 0x%lx>", where, target,
                         (unsigned long)object_identity(vm, target));
}

static bool ref_hash(struct vm *vm, value self, int64_t *hash)
{
    struct weakref_object *weak = weakref_of(self);
    if (weak->hash == -1) {
        if (weak->referent == NONE) {
            raise_error(vm, &exc_TypeError, "weak object has gone away");
            return false;
        }
        if (!value_hash(vm, weak->referent, &weak->hash))
            return false;
    }
    *hash = weak->hash;
    return true;
}

static value ref_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_instance(vm, a, &weakref_type) ||
        !is_instance(vm, b, &weakref_type))
        return vm->not_implemented;
    value target_a = weakref_of(a)->referent, target_b = weakref_of(b)->referent;
    if (target_a == NONE || target_b == NONE)
        return bool_value((a == b) == (kind == COMPARE_EQ));
    return compare_operation(vm, kind, target_a, target_b);
}

static value get_callback(struct vm *vm, value self)
{
    weakref_target(vm, self); /* a dead referent takes the callback along */
    value callback = weakref_of(self)->callback;
    return callback == VALUE_NULL ? NONE : callback;
}

struct type weakref_type = {
    .name = "weakref.ReferenceType",
    .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES, /* what is watched for must be the object itself, not a copy's source */
    .instance_size = sizeof(struct weakref_object),
    .trace = weakref_trace,
    .new = ref_new,
    .init = ref_init,
    .call = ref_call,
    .repr = ref_repr,
    .hash = ref_hash,
    .compare = ref_compare,
    .properties = (const struct property_definition[]){{"__callback__", get_callback, NULL}, {0}},
    .methods = (const struct method_definition[]){CLASS_GETITEM, {0}},
};

/* ---- proxy: every operation is the referent's ---- */

static value unwrap(struct vm *vm, value v)
{
    if (!is_proxy(v))
        return v;
    value target = weakref_target(vm, v);
    return target == NONE ? raise_error(vm, &exc_ReferenceError, "weakly-referenced object no longer exists") : target;
}

static value proxy_getattr(struct vm *vm, value self, value name)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? VALUE_NULL : get_attribute(vm, target, name);
}

static bool proxy_setattr(struct vm *vm, value self, value name, value item)
{
    value target = unwrap(vm, self);
    return target != VALUE_NULL && set_attribute(vm, target, name, item);
}

static value proxy_call(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? VALUE_NULL : call(vm, target, arguments, count, keyword_names);
}

static value proxy_repr(struct vm *vm, value self)
{
    value target = weakref_of(self)->referent;
    return string_printf(vm, "<weakproxy at 0x%lx to %T at 0x%lx>", (unsigned long)object_identity(vm, self), target,
                         (unsigned long)object_identity(vm, target));
}

static value proxy_string(struct vm *vm, value self)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? VALUE_NULL : value_string(vm, target);
}

static value proxy_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((a = unwrap(vm, a)) == VALUE_NULL || (b = unwrap(vm, b)) == VALUE_NULL)
        return VALUE_NULL;
    return compare_operation(vm, kind, a, b);
}

static value proxy_iter(struct vm *vm, value self)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? VALUE_NULL : get_iterator(vm, target);
}

static int proxy_truth(struct vm *vm, value self)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? -1 : value_truth(vm, target);
}

static int64_t proxy_length(struct vm *vm, value self)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? -1 : value_length(vm, target);
}

static value proxy_get_item(struct vm *vm, value self, value key)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? VALUE_NULL : get_item(vm, target, key);
}

static bool proxy_set_item(struct vm *vm, value self, value key, value item)
{
    value target = unwrap(vm, self);
    if (target == VALUE_NULL)
        return false;
    return item == VALUE_NULL ? delete_item(vm, target, key) : set_item(vm, target, key, item);
}

static int proxy_contains(struct vm *vm, value self, value item)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? -1 : contains(vm, target, item);
}

#define PROXY_BINARY(X)                                                                                                \
    X(ADD) X(AND) X(FLOOR_DIVIDE) X(LSHIFT) X(MATMUL) X(MUL) X(REMAINDER) X(OR) X(POWER) X(RSHIFT) X(SUB) X(DIV) X(XOR)
#define X(kind)                                                                                                        \
    static value proxy_##kind(struct vm *vm, value a, value b)                                                         \
    {                                                                                                                  \
        if ((a = unwrap(vm, a)) == VALUE_NULL || (b = unwrap(vm, b)) == VALUE_NULL)                                    \
            return VALUE_NULL;                                                                                         \
        return binary_operation(vm, BINARY_##kind, a, b);                                                              \
    }
PROXY_BINARY(X)
#undef X
#define X(kind)                                                                                                        \
    static value proxy_inplace_##kind(struct vm *vm, value a, value b)                                                 \
    {                                                                                                                  \
        if ((a = unwrap(vm, a)) == VALUE_NULL || (b = unwrap(vm, b)) == VALUE_NULL)                                    \
            return VALUE_NULL;                                                                                         \
        return inplace_operation(vm, BINARY_##kind, a, b);                                                             \
    }
PROXY_BINARY(X)
#undef X

#define PROXY_UNARY(X) X(POS) X(NEG) X(INVERT)
#define X(kind)                                                                                                        \
    static value proxy_##kind(struct vm *vm, value self)                                                               \
    {                                                                                                                  \
        value target = unwrap(vm, self);                                                                               \
        return target == VALUE_NULL ? VALUE_NULL : unary_operation(vm, UNARY_##kind, target);                          \
    }
PROXY_UNARY(X)
#undef X

static value proxy_index(struct vm *vm, value self)
{
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? VALUE_NULL : number_index(vm, target);
}

static value proxy_bytes(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? VALUE_NULL : call_method(vm, target, "__bytes__", NULL, 0);
}

static value proxy_reversed(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value target = unwrap(vm, self);
    return target == VALUE_NULL ? VALUE_NULL : call_1(vm, dict_get_text(vm, dict_of(vm->builtins), "reversed"), target);
}

static const struct method_definition proxy_methods[] = {
    {"__bytes__", "()", proxy_bytes, METHOD_INSTANCE, NULL},
    {"__reversed__", "()", proxy_reversed, METHOD_INSTANCE, NULL},
    {0},
};

static value proxy_next(struct vm *vm, value self)
{
    value target = unwrap(vm, self);
    if (target == VALUE_NULL || value_type(vm, target)->next)
        return target == VALUE_NULL ? VALUE_NULL : value_type(vm, target)->next(vm, target);
    return raise_error(vm, &exc_TypeError, "Weakref proxy referenced a non-iterator '%T' object", target);
}

#define PROXY_SLOTS                                                                                                    \
    .instance_size = sizeof(struct weakref_object), .trace = weakref_trace, .getattr = proxy_getattr,                  \
    .setattr = proxy_setattr, .repr = proxy_repr, .string = proxy_string, .compare = proxy_compare,                    \
    .iter = proxy_iter, .next = proxy_next, .truth = proxy_truth, .length = proxy_length,                              \
    .get_item = proxy_get_item, .set_item = proxy_set_item, .contains = proxy_contains, .index = proxy_index,          \
    .methods = proxy_methods

struct type weakproxy_type = {
    .name = "weakref.ProxyType",
    PROXY_SLOTS,
#define X(kind) .binary[BINARY_##kind] = proxy_##kind, .inplace[BINARY_##kind] = proxy_inplace_##kind,
    PROXY_BINARY(X)
#undef X
#define X(kind) .unary[UNARY_##kind] = proxy_##kind,
    PROXY_UNARY(X)
#undef X
};

struct type callable_weakproxy_type = {
    .name = "weakref.CallableProxyType",
    .call = proxy_call,
    PROXY_SLOTS,
#define X(kind) .binary[BINARY_##kind] = proxy_##kind, .inplace[BINARY_##kind] = proxy_inplace_##kind,
    PROXY_BINARY(X)
#undef X
#define X(kind) .unary[UNARY_##kind] = proxy_##kind,
    PROXY_UNARY(X)
#undef X
};

/* ---- the module ---- */

#define FUNCTION(name)                                                                                                 \
    static value weak_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

FUNCTION(proxy)
{
    UNUSED;
    struct type *type = value_type(vm, arguments[0])->call ? &callable_weakproxy_type : &weakproxy_type;
    return weak_new(vm, type, arguments[0], arguments[1] == VALUE_NULL ? NONE : arguments[1]);
}

FUNCTION(remove_dead)
{
    UNUSED;
    value weak;
    int found = dict_find(vm, dict_of(arguments[0]), arguments[1], &weak);
    if (found > 0 && is_instance(vm, weak, &weakref_type) && weakref_of(weak)->referent == NONE)
        found = dict_delete(vm, dict_of(arguments[0]), arguments[1]);
    return found < 0 ? VALUE_NULL : NONE;
}

FUNCTION(getweakrefcount)
{
    UNUSED;
    value list = weakrefs_of(vm, arguments[0]);
    return list == VALUE_NULL ? VALUE_NULL : small_int(list_of(list)->length);
}

FUNCTION(getweakrefs)
{
    UNUSED;
    return weakrefs_of(vm, arguments[0]);
}

static const struct method_definition functions[] = {
    {"proxy", "(object, callback=None, /)", weak_proxy, 0, NULL},
    {"_remove_dead_weakref", "(dct, key, /)", weak_remove_dead, 0, NULL},
    {"getweakrefcount", "(object, /)", weak_getweakrefcount, 0, NULL},
    {"getweakrefs", "(object, /)", weak_getweakrefs, 0, NULL},
    {0},
};

static bool weakref_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    type_ready(vm, &weakref_type);
    type_ready(vm, &weakproxy_type);
    type_ready(vm, &callable_weakproxy_type);
    return dict_set_text(vm, dict, "ref", object_value(&weakref_type)) &&
           dict_set_text(vm, dict, "ReferenceType", object_value(&weakref_type)) &&
           dict_set_text(vm, dict, "ProxyType", object_value(&weakproxy_type)) &&
           dict_set_text(vm, dict, "CallableProxyType", object_value(&callable_weakproxy_type));
}

const struct native_module weakref_module = {"_weakref", weakref_initialize, functions};
