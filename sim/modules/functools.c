/* functools.c - module _functools: partial, reduce, cmp_to_key and the cache behind lru_cache. */
#include "sim/modules/containers.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define NEW(name)                                                                                                      \
    static value name(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)

static void trace_tail(struct vm *vm, struct object *object)
{
    const struct subclass_tail *tail = instance_tail(object);
    if (tail && object_type(object)->flags & TYPE_HAS_INSTANCE_DICT)
        gc_mark(vm, tail->overflow);
}

/* Calls with positional arguments from two arrays, then the keyword arguments that belong to the second. */
static value call_joined(struct vm *vm, value function, const struct tuple_object *first, const value *second, size_t count,
                         value keyword_names)
{
    size_t named = keyword_count(keyword_names), total = first->length + count;
    value few[16], *all = few, holder = VALUE_NULL;
    if (total + named > 16) {
        if ((holder = tuple_new(vm, total + named)) == VALUE_NULL)
            return VALUE_NULL;
        all = tuple_of(holder)->items;
    }
    memcpy(all, first->items, first->length * sizeof(value));
    if (count + named) /* else there may be no array */
        memcpy(all + first->length, second, (count + named) * sizeof(value));
    return call(vm, function, all, total, keyword_names);
}

/* ---- partial ---- */

struct partial_object { /* then a subclass_tail: partial objects have a __dict__ */
    struct object head;
    value function, arguments, keywords; /* tuple, dict */
};

static struct type partial_type;

static struct partial_object *partial_of(value v)
{
    return (struct partial_object *)value_object(v);
}

static bool add_keywords(struct vm *vm, value dict, const value *arguments, size_t count, value keyword_names)
{
    for (size_t i = 0; i < keyword_count(keyword_names); i++)
        if (!dict_set(vm, dict_of(dict), tuple_of(keyword_names)->items[i], arguments[count + i]))
            return false;
    return true;
}

static value tuple_joined(struct vm *vm, const struct tuple_object *first, const value *second, size_t count)
{
    value result = tuple_new(vm, first->length + count);
    if (result == VALUE_NULL || first->length + count == 0)
        return result;
    memcpy(tuple_of(result)->items, first->items, first->length * sizeof(value));
    memcpy(tuple_of(result)->items + first->length, second, count * sizeof(value));
    return result;
}

NEW(partial_new)
{
    if (!count)
        return raise_error(vm, &exc_TypeError, "type 'partial' takes at least one argument");
    value function = arguments[0];
    const struct partial_object *inner = is_exact(function, &partial_type) && type == &partial_type ? partial_of(function) : NULL;
    if (!value_type(vm, function)->call)
        return raise_error(vm, &exc_TypeError, "the first argument must be callable");
    value given = inner ? tuple_joined(vm, tuple_of(inner->arguments), arguments + 1, count - 1)
                        : tuple_from(vm, arguments + 1, count - 1);
    value keywords = inner ? dict_copy(vm, inner->keywords) : dict_new(vm);
    if (given == VALUE_NULL || keywords == VALUE_NULL || !add_keywords(vm, keywords, arguments, count, keyword_names))
        return VALUE_NULL;
    struct partial_object *self = instance_allocate(vm, type, sizeof(struct partial_object) + sizeof(struct subclass_tail));
    if (!self)
        return VALUE_NULL;
    self->function = inner ? inner->function : function;
    self->arguments = given;
    self->keywords = keywords;
    return object_value(self);
}

static value partial_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    const struct partial_object *self = partial_of(callee);
    if (!dict_of(self->keywords)->count)
        return call_joined(vm, self->function, tuple_of(self->arguments), arguments, count, keyword_names);
    value all = tuple_joined(vm, tuple_of(self->arguments), arguments, count);
    value keywords = all == VALUE_NULL ? all : dict_copy(vm, self->keywords);
    if (keywords == VALUE_NULL || !add_keywords(vm, keywords, arguments, count, keyword_names))
        return VALUE_NULL;
    return call_with_dict(vm, self->function, all, keywords);
}

static value partial_repr(struct vm *vm, value v)
{
    const struct partial_object *self = partial_of(v);
    struct repr_guard guard;
    enum repr_state state = repr_enter(vm, &guard, v);
    if (state != REPR_FIRST)
        return state == REPR_AGAIN ? string_from_text(vm, "...") : VALUE_NULL;
    value text = string_printf(vm, "%T(%R", v, self->function), key, item;
    for (uint64_t i = 0; text != VALUE_NULL && i < tuple_of(self->arguments)->length; i++)
        text = string_printf(vm, "%U, %R", text, tuple_of(self->arguments)->items[i]);
    for (uint32_t at = 0; text != VALUE_NULL && dict_next(dict_of(self->keywords), &at, &key, &item);)
        text = string_printf(vm, "%U, %S=%R", text, key, item);
    repr_leave(vm, &guard);
    return text == VALUE_NULL ? text : string_printf(vm, "%U)", text);
}

static value partial_function(struct vm *vm, value self)
{
    (void)vm;
    return partial_of(self)->function;
}

static value partial_arguments(struct vm *vm, value self)
{
    (void)vm;
    return partial_of(self)->arguments;
}

static value partial_keywords(struct vm *vm, value self)
{
    (void)vm;
    return partial_of(self)->keywords;
}

METHOD(partial_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct partial_object *partial = partial_of(self);
    value inner = tuple_pack(vm, 1, partial->function);
    const struct subclass_tail *tail = instance_tail(value_object(self));
    value dict = tail && is_object(tail->overflow) ? tail->overflow : NONE;
    value state = inner == VALUE_NULL ? inner : tuple_pack(vm, 4, partial->function, partial->arguments, partial->keywords, dict);
    return state == VALUE_NULL ? state : tuple_pack(vm, 3, type_object_value(value_type(vm, self)), inner, state);
}

METHOD(partial_setstate)
{
    (void)count, (void)keyword_names;
    if (!has_flag(arguments[0], TYPE_TUPLE) || tuple_of(arguments[0])->length != 4)
        return raise_error(vm, &exc_TypeError, "invalid partial state");
    const value *state = tuple_of(arguments[0])->items;
    value given = state[1], keywords = state[2], dict = state[3];
    if (!value_type(vm, state[0])->call || !has_flag(given, TYPE_TUPLE) || (keywords != NONE && !has_flag(keywords, TYPE_DICT)) ||
        (dict != NONE && !has_flag(dict, TYPE_DICT)))
        return raise_error(vm, &exc_TypeError, "invalid partial state");
    if (!is_exact(given, &tuple_type))
        given = tuple_from_iterable(vm, given);
    if (keywords == NONE)
        keywords = dict_new(vm);
    else if (!is_exact(keywords, &dict_type))
        keywords = dict_copy(vm, keywords);
    if (given == VALUE_NULL || keywords == VALUE_NULL)
        return VALUE_NULL;
    partial_of(self)->function = state[0];
    partial_of(self)->arguments = given;
    partial_of(self)->keywords = keywords;
    struct subclass_tail *tail = instance_tail(value_object(self));
    if (tail)
        tail->overflow = dict == NONE ? VALUE_NULL : dict;
    return NONE;
}

static void partial_trace(struct vm *vm, struct object *object)
{
    const struct partial_object *self = (struct partial_object *)object;
    gc_mark(vm, self->function);
    gc_mark(vm, self->arguments);
    gc_mark(vm, self->keywords);
    trace_tail(vm, object);
}

static const struct method_definition partial_methods[] = {
    {"__reduce__", "()", partial_reduce, METHOD_INSTANCE, NULL},
    {"__setstate__", "(object, /)", partial_setstate, METHOD_INSTANCE, NULL},
    CLASS_GETITEM,
    {NULL, NULL, NULL, 0, NULL},
};
static const struct property_definition partial_properties[] = {
    {"func", partial_function, NULL},
    {"args", partial_arguments, NULL},
    {"keywords", partial_keywords, NULL},
    {NULL, NULL, NULL},
};
static struct type partial_type = {
    .name = "functools.partial",
    .flags = TYPE_SUBCLASSABLE | TYPE_HAS_INSTANCE_DICT,
    .instance_size = sizeof(struct partial_object) + sizeof(struct subclass_tail),
    .tail_offset = sizeof(struct partial_object),
    .doc = "partial(func, *args, **keywords) - new function with partial application\n    of the given arguments and keywords.\n",
    .methods = partial_methods,
    .properties = partial_properties,
    .trace = partial_trace,
    .new = partial_new,
    .call = partial_call,
    .repr = partial_repr,
};

/* ---- cmp_to_key ---- */

struct key_object {
    struct object head;
    value compare, object;
};

static struct type key_type;

static value key_make(struct vm *vm, value compare, value object)
{
    struct key_object *key = GC_NEW(vm, struct key_object, &key_type);
    if (!key)
        return VALUE_NULL;
    key->compare = compare;
    key->object = object;
    return object_value(key);
}

static value key_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"obj", NULL};
    static const struct argument_names expected = {"K", names, 1, 1};
    value object;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, &object))
        return VALUE_NULL;
    return key_make(vm, ((struct key_object *)value_object(callee))->compare, object);
}

static value key_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_exact(a, &key_type) || !is_exact(b, &key_type))
        return raise_error(vm, &exc_TypeError, "other argument must be K instance");
    const struct key_object *x = (struct key_object *)value_object(a), *y = (struct key_object *)value_object(b);
    if (x->object == VALUE_NULL || y->object == VALUE_NULL)
        return raise_error(vm, &exc_AttributeError, "object");
    value result = call_2(vm, x->compare, x->object, y->object);
    return result == VALUE_NULL ? result : compare_operation(vm, kind, result, small_int(0));
}

static value key_object(struct vm *vm, value self)
{
    value object = ((struct key_object *)value_object(self))->object;
    return object == VALUE_NULL ? raise_error(vm, &exc_AttributeError, "obj") : object;
}

static void key_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct key_object *)object)->compare);
    gc_mark(vm, ((struct key_object *)object)->object);
}

static const struct property_definition key_properties[] = {{"obj", key_object, NULL}, {NULL, NULL, NULL}};
static struct type key_type = {
    .name = "functools.KeyWrapper",
    .instance_size = sizeof(struct key_object),
    .properties = key_properties,
    .trace = key_trace,
    .call = key_call,
    .compare = key_compare,
};

METHOD(functools_cmp_to_key)
{
    (void)self, (void)count, (void)keyword_names;
    return key_make(vm, arguments[0], VALUE_NULL);
}

METHOD(functools_reduce)
{
    (void)self;
    if (!check_positional(vm, "reduce", count, keyword_names, 2, 3))
        return VALUE_NULL;
    value result = count > 2 ? arguments[2] : VALUE_NULL, item;
    value iterator = get_iterator(vm, arguments[1]);
    if (iterator == VALUE_NULL) {
        if (exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            raise_error(vm, &exc_TypeError, "reduce() arg 2 must support iteration");
        }
        return VALUE_NULL;
    }
    while ((item = iterator_next(vm, iterator)) != VALUE_NULL) {
        result = result == VALUE_NULL ? item : call_2(vm, arguments[0], result, item);
        if (result == VALUE_NULL)
            return result;
    }
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    if (result == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "reduce() of empty iterable with no initial value");
    return result;
}

/* ---- lru_cache: a dict of links, which form a ring from the oldest to the newest around the cache's own ---- */

struct cache_link {
    struct object head;
    struct cache_link *previous, *next;
    value key, result;
    int64_t hash;
};

struct cache_object { /* then a subclass_tail */
    struct object head;
    value function, info_type, dict, maximum;
    struct cache_link *root;
    int64_t hits, misses;
    int64_t limit;               /* -1: none */
    bool typed;
};

static void link_trace(struct vm *vm, struct object *object)
{
    const struct cache_link *link = (struct cache_link *)object;
    gc_mark(vm, link->key);
    gc_mark(vm, link->result);
    gc_mark_object(vm, link->next);
}

static struct type link_type = {
    .name = "functools._lru_list_elem", .instance_size = sizeof(struct cache_link), .trace = link_trace};

static struct cache_object *cache_of(value v)
{
    return (struct cache_object *)value_object(v);
}

static struct cache_link *link_new(struct vm *vm, value key, value result, int64_t hash)
{
    struct cache_link *link = GC_NEW(vm, struct cache_link, &link_type);
    if (link) {
        link->key = key;
        link->result = result;
        link->hash = hash;
        link->previous = link->next = link;
    }
    return link;
}

static void link_remove(struct cache_link *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
}

static void link_append(struct cache_link *root, struct cache_link *link)
{
    link->previous = root->previous;
    link->next = root;
    root->previous->next = link;
    root->previous = link;
}

static struct type cache_type;

NEW(cache_new)
{
    static const char *const names[] = {"user_function", "maxsize", "typed", "cache_info_type", NULL};
    static const struct argument_names expected = {"lru_cache", names, 4, 4};
    value given[4];
    int64_t limit = -1;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return VALUE_NULL;
    if (!value_type(vm, given[0])->call)
        return raise_error(vm, &exc_TypeError, "the first argument must be callable");
    if (given[1] != NONE) {
        if (!has_index(vm, given[1]))
            return raise_error(vm, &exc_TypeError, "maxsize should be integer or None");
        if (!value_to_count(vm, given[1], &limit))
            return VALUE_NULL;
        limit = limit < 0 ? 0 : limit;
    }
    int typed = value_truth(vm, given[2]);
    value dict = dict_new(vm);
    struct cache_link *root = link_new(vm, NONE, NONE, 0);
    if (typed < 0 || dict == VALUE_NULL || !root)
        return VALUE_NULL;
    struct cache_object *self = instance_allocate(vm, type, sizeof(struct cache_object) + sizeof(struct subclass_tail));
    if (!self)
        return VALUE_NULL;
    self->function = given[0];
    self->maximum = given[1];
    self->typed = typed;
    self->info_type = given[3];
    self->dict = dict;
    self->root = root;
    self->limit = limit;
    return object_value(self);
}

/* The arguments as one hashable value: a lone int or str itself, else a tuple, in which the class's own type separates the
 * keyword arguments. */
static value cache_key(struct vm *vm, const struct cache_object *self, const value *arguments, size_t count, value keyword_names)
{
    size_t named = keyword_count(keyword_names);
    if (!self->typed && !named && count == 1 &&
        (is_small_int(arguments[0]) || is_exact(arguments[0], &string_type) || is_exact(arguments[0], &int_type)))
        return arguments[0];
    size_t size = count + (named ? 1 + 2 * named : 0) + (self->typed ? count + named : 0), at = count;
    value key = tuple_new(vm, size);
    if (key == VALUE_NULL || !size)
        return key;
    value *items = tuple_of(key)->items;
    memcpy(items, arguments, count * sizeof(value));
    if (named)
        items[at++] = type_object_value(&cache_type);
    for (size_t i = 0; i < named; i++) {
        items[at++] = tuple_of(keyword_names)->items[i];
        items[at++] = arguments[count + i];
    }
    for (size_t i = 0; self->typed && i < count + named; i++)
        items[at++] = type_object_value(value_type(vm, arguments[i]));
    return key;
}

static value cache_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    struct cache_object *self = cache_of(callee);
    if (self->limit == 0) {
        self->misses++;
        return call(vm, self->function, arguments, count, keyword_names);
    }
    int64_t hash;
    value key = cache_key(vm, self, arguments, count, keyword_names), found;
    if (key == VALUE_NULL || !key_hash(vm, key, &hash))
        return VALUE_NULL;
    int known = dict_find_hashed(vm, dict_of(self->dict), key, hash, &found);
    if (known < 0)
        return VALUE_NULL;
    if (known) {
        struct cache_link *link = (struct cache_link *)value_object(found);
        if (self->limit > 0) {
            link_remove(link);
            link_append(self->root, link);
        }
        self->hits++;
        return link->result;
    }
    self->misses++;
    value result = call(vm, self->function, arguments, count, keyword_names);
    if (result == VALUE_NULL)
        return result;
    if (self->limit > 0) {
        known = dict_find_hashed(vm, dict_of(self->dict), key, hash, &found); /* the call may have cached it */
        if (known)
            return known < 0 ? VALUE_NULL : result;
        if (dict_of(self->dict)->count >= self->limit) {
            struct cache_link *oldest = self->root->next;
            link_remove(oldest);
            if (dict_delete_hashed(vm, dict_of(self->dict), oldest->key, oldest->hash, &found) < 0)
                return VALUE_NULL;
        }
    }
    struct cache_link *link = link_new(vm, key, result, hash);
    if (!link || !dict_set_hashed(vm, dict_of(self->dict), key, hash, object_value(link)))
        return VALUE_NULL;
    if (self->limit > 0)
        link_append(self->root, link);
    return result;
}

METHOD(cache_info)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct cache_object *cache = cache_of(self);
    value given[4] = {small_int(cache->hits), small_int(cache->misses), cache->limit == 0 ? small_int(0) : cache->maximum,
                      small_int(dict_of(cache->dict)->count)};
    return call(vm, cache->info_type, given, 4, VALUE_NULL);
}

METHOD(cache_clear)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct cache_object *cache = cache_of(self);
    cache->hits = cache->misses = 0;
    dict_clear(vm, dict_of(cache->dict));
    cache->root->previous = cache->root->next = cache->root;
    return NONE;
}

METHOD(cache_same)
{
    (void)vm, (void)arguments, (void)count, (void)keyword_names;
    return self;
}

METHOD(cache_reduce)
{
    (void)arguments, (void)count, (void)keyword_names;
    return get_attribute_text(vm, self, "__qualname__");
}

static value cache_get(struct vm *vm, value self, value object, value type)
{
    (void)type;
    return object == VALUE_NULL || object == NONE ? self : method_new(vm, self, object);
}

static void cache_trace(struct vm *vm, struct object *object)
{
    const struct cache_object *self = (struct cache_object *)object;
    gc_mark(vm, self->function);
    gc_mark(vm, self->info_type);
    gc_mark(vm, self->dict);
    gc_mark(vm, self->maximum);
    gc_mark_object(vm, self->root);
    trace_tail(vm, object);
}

static const struct method_definition cache_methods[] = {
    {"cache_info", "()", cache_info, METHOD_INSTANCE, "Report cache statistics"},
    {"cache_clear", "()", cache_clear, METHOD_INSTANCE, "Clear the cache and cache statistics"},
    {"__reduce__", "()", cache_reduce, METHOD_INSTANCE, NULL},
    {"__copy__", "()", cache_same, METHOD_INSTANCE, NULL},
    {"__deepcopy__", "(memo, /)", cache_same, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
static struct type cache_type = {
    .name = "functools._lru_cache_wrapper",
    .flags = TYPE_SUBCLASSABLE | TYPE_HAS_INSTANCE_DICT | TYPE_METHOD_DESCRIPTOR,
    .instance_size = sizeof(struct cache_object) + sizeof(struct subclass_tail),
    .tail_offset = sizeof(struct cache_object),
    .doc = "Create a cached callable that wraps another function.",
    .methods = cache_methods,
    .trace = cache_trace,
    .new = cache_new,
    .call = cache_call,
    .descriptor_get = cache_get,
};

static bool functools_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    type_ready(vm, &partial_type);
    type_ready(vm, &key_type);
    type_ready(vm, &link_type);
    type_ready(vm, &cache_type);
    return dict_set_text(vm, dict, "partial", type_object_value(&partial_type)) &&
           dict_set_text(vm, dict, "_lru_cache_wrapper", type_object_value(&cache_type));
}

static const struct method_definition functools_functions[] = {
    {"reduce", NULL, functools_reduce, METHOD_STATIC,
     "reduce(function, iterable[, initial]) -> value\n\nApply a function of two arguments cumulatively to the items of a "
     "sequence\nor iterable, from left to right, so as to reduce the iterable to a single\nvalue."},
    {"cmp_to_key", "(mycmp)", functools_cmp_to_key, METHOD_STATIC, "Convert a cmp= function into a key= function."},
    {NULL, NULL, NULL, 0, NULL},
};

const struct native_module functools_module = {"_functools", functools_initialize, functools_functions};
