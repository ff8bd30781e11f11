/* type.c - types at work: the registry of the vm's ready types, type_ready for built-in ones, method resolution order,
 * look-up with the global method cache keyed by (type version, name), and what a change of a type invalidates.
 *
 * Static types are compiled-in data that each vm fills in: their state as compiled is kept (`pristine`) and put back when
 * the vm ends, so that the next vm of the process starts from the same state. */
#include "sim/runtime/type.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/native_docs.h"

#include <stdlib.h>

static const char *const name_texts[NAME_COUNT] = {
#define NAME(name) #name,
#include "sim/runtime/names.def"
#undef NAME
};

bool type_is_subtype(const struct type *type, const struct type *base)
{
    if (type == base)
        return true;
    if (type->mro) {
        for (uint32_t i = 0; i < type->mro_count; i++) /* a metaclass's mro() may have put anything first */
            if (type->mro[i] == base)
                return true;
        return false;
    }
    for (type = type->base; type; type = type->base)
        if (type == base)
            return true;
    return base == &object_type_object;
}

value type_object_value(struct type *type)
{
    return object_value(type);
}

/* ---- the registry ---- */

static void registry_trace(struct vm *vm, void *context)
{
    struct type_registry *registry = context;
    for (uint32_t i = 0; i < registry->count; i++)
        type_trace(vm, &registry->types[i]->head);
    for (uint32_t i = 0; i < NAME_COUNT; i++)
        if (is_object(vm->special_names[i]))
            gc_mark(vm, vm->special_names[i]);
    for (uint32_t i = 0; i < METHOD_CACHE_SIZE; i++)
        if (registry->cache[i].version)
            gc_mark(vm, registry->cache[i].name);
}

/* Enough of a type for objects of it to exist before type_ready sees it. */
static void type_bootstrap(struct type *type, unsigned flags)
{
    type->shape.type = type->dict_shape.type = type;
    type->head.shape = &type_type.shape;
    type->flags |= flags;
}

static void core_bootstrap(void)
{
    type_bootstrap(&object_type_object, TYPE_SUBCLASSABLE);
    type_bootstrap(&type_type, TYPE_SUBCLASSABLE | TYPE_TYPE);
    type_bootstrap(&none_type, 0);
    type_bootstrap(&ellipsis_type, 0);
    type_bootstrap(&not_implemented_type, 0);
    type_bootstrap(&int_type, TYPE_SUBCLASSABLE | TYPE_INT);
    type_bootstrap(&bool_type, TYPE_INT);
    type_bootstrap(&float_type, TYPE_SUBCLASSABLE | TYPE_FLOAT);
    type_bootstrap(&complex_type, TYPE_SUBCLASSABLE);
    type_bootstrap(&string_type, TYPE_SUBCLASSABLE | TYPE_STRING);
    type_bootstrap(&bytes_type, TYPE_SUBCLASSABLE | TYPE_BYTES);
    type_bootstrap(&bytearray_type, TYPE_SUBCLASSABLE);
    type_bootstrap(&list_type, TYPE_SUBCLASSABLE | TYPE_LIST | TYPE_SEQUENCE);
    type_bootstrap(&tuple_type, TYPE_SUBCLASSABLE | TYPE_TUPLE | TYPE_SEQUENCE);
    type_bootstrap(&dict_type, TYPE_SUBCLASSABLE | TYPE_DICT | TYPE_MAPPING);
    type_bootstrap(&set_type, TYPE_SUBCLASSABLE | TYPE_SET);
    type_bootstrap(&frozenset_type, TYPE_SUBCLASSABLE | TYPE_SET);
    type_bootstrap(&module_type, TYPE_SUBCLASSABLE);
    type_bootstrap(&function_type, TYPE_METHOD_DESCRIPTOR);
    type_bootstrap(&method_descriptor_type, TYPE_METHOD_DESCRIPTOR);
    type_bootstrap(&slot_wrapper_type, TYPE_METHOD_DESCRIPTOR);
    type_bootstrap(&classmethod_descriptor_type, 0);
    type_bootstrap(&getset_descriptor_type, 0);
    type_bootstrap(&member_type, 0);
    type_bootstrap(&method_type, 0);
    type_bootstrap(&staticmethod_type, 0);
    type_bootstrap(&classmethod_type, 0);
    type_bootstrap(&native_function_type, 0);
    type_bootstrap(&cell_type, 0);
    type_bootstrap(&code_type, 0);
}

void types_start(struct vm *vm)
{
    if (vm->types)
        return;
    vm->types = calloc(1, sizeof *vm->types);
    if (!vm->types)
        abort();
    core_bootstrap();
    for (uint32_t i = 0; i < NAME_COUNT; i++)
        vm->special_names[i] = VALUE_NULL;
    gc_add_tracer(vm, registry_trace, vm->types);
    for (uint32_t i = 0; i < NAME_COUNT; i++)
        vm->special_names[i] = intern_text(vm, name_texts[i]);
}

void types_free(struct vm *vm)
{
    struct type_registry *registry = vm->types;
    if (!registry)
        return;
    for (uint32_t i = 0; i < registry->count; i++) {
        struct type *type = registry->types[i], *pristine = type->pristine;
        shape_free_children(&type->shape);
        shape_free_children(&type->dict_shape);
        free(type->mro);
        memcpy(type, pristine, sizeof *type);
        type->pristine = NULL;
        free(pristine);
    }
    for (uint32_t i = 0; i < registry->signature_capacity; i++)
        if (registry->signatures[i].definition)
            signature_free(registry->signatures[i].signature);
    free(registry->signatures);
    free(registry->types);
    free(registry);
    vm->types = NULL;
}

static void registry_add(struct type_registry *registry, struct type *type)
{
    if (registry->count == registry->capacity) {
        registry->capacity = registry->capacity ? registry->capacity * 2 : 256;
        registry->types = realloc(registry->types, registry->capacity * sizeof *registry->types);
        if (!registry->types)
            abort();
    }
    registry->types[registry->count++] = type;
}

/* ---- memory ---- */

void type_trace(struct vm *vm, struct object *object)
{
    struct type *type = (struct type *)object;
    const value *values[] = {&type->qualified_name, &type->module, &type->bases, &type->subclasses, &type->slot_names};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (is_object(*values[i]))
            gc_mark(vm, *values[i]);
    gc_mark_object(vm, type->dict);
    if (type->base && (type->base->flags & TYPE_HEAP))
        gc_mark_object(vm, type->base);
    for (uint32_t i = 0; i < type->mro_count; i++)
        if (type->mro[i] != type && (type->mro[i]->flags & TYPE_HEAP))
            gc_mark_object(vm, type->mro[i]);
    if (is_object(type->native_part))
        gc_mark(vm, type->native_part);
    shape_trace(vm, &type->shape);
    for (size_t i = 0; i < 4; i++)
        if (is_object(type->special_cache[i]))
            gc_mark(vm, type->special_cache[i]);
}

/* ---- method resolution order ---- */

struct merge {
    struct type *const *list;
    uint32_t position, count;
};

static bool merge_in_a_tail(const struct merge *lists, size_t count, const struct type *candidate)
{
    for (size_t i = 0; i < count; i++)
        for (uint32_t j = lists[i].position + 1; j < lists[i].count; j++)
            if (lists[i].list[j] == candidate)
                return true;
    return false;
}

static void raise_mro_conflict(struct vm *vm, const struct merge *lists, size_t count)
{
    value message = string_from_text(vm, "Cannot create a consistent method resolution\norder (MRO) for bases");
    const char *separator = " ";
    struct type *named[64];
    size_t named_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (lists[i].position >= lists[i].count)
            continue;
        struct type *head = lists[i].list[lists[i].position];
        bool seen = false;
        for (size_t j = 0; j < named_count; j++)
            seen |= named[j] == head;
        if (seen || named_count == 64)
            continue;
        named[named_count++] = head;
        message = string_concat(vm, message, string_printf(vm, "%s%U", separator, type_short_name(vm, head)));
        separator = ", ";
    }
    raise_error(vm, &exc_TypeError, "%U", message);
}

static bool check_duplicates(struct vm *vm, const struct tuple_object *bases)
{
    for (size_t i = 0; i < bases->length; i++)
        for (size_t j = i + 1; j < bases->length; j++)
            if (bases->items[i] == bases->items[j]) {
                raise_error(vm, &exc_TypeError, "duplicate base class %U", type_short_name(vm, type_of_value(bases->items[i])));
                return false;
            }
    return true;
}

/* C3 linearisation: merge of the bases' orders and of the list of bases. */
bool type_set_mro(struct vm *vm, struct type *type, value bases)
{
    if (!check_duplicates(vm, tuple_of(bases)))
        return false;
    size_t base_count = tuple_of(bases)->length, total = 1;
    struct merge *lists = calloc(base_count + 1, sizeof *lists);
    struct type **direct = calloc(base_count + 1, sizeof *direct);
    for (size_t i = 0; lists && direct && i < base_count; i++) {
        direct[i] = type_of_value(tuple_of(bases)->items[i]);
        if (!direct[i]->mro) {
            raise_error(vm, &exc_TypeError, "Cannot extend an incomplete type '%s'", direct[i]->name);
            free(lists), free(direct);
            return false;
        }
        lists[i] = (struct merge){direct[i]->mro, 0, direct[i]->mro_count};
        total += direct[i]->mro_count + 1;
    }
    struct type **mro = calloc(total, sizeof *mro);
    if (!lists || !direct || !mro) {
        free(lists), free(direct), free(mro);
        raise_no_memory(vm);
        return false;
    }
    lists[base_count] = (struct merge){direct, 0, (uint32_t)base_count};
    uint32_t count = 0;
    mro[count++] = type;
    bool progress = true, rest = true;
    while (progress && rest) {
        progress = rest = false;
        for (size_t i = 0; i <= base_count && !progress; i++) {
            if (lists[i].position >= lists[i].count)
                continue;
            rest = true;
            struct type *candidate = lists[i].list[lists[i].position];
            if (merge_in_a_tail(lists, base_count + 1, candidate))
                continue;
            mro[count++] = candidate;
            for (size_t j = 0; j <= base_count; j++)
                if (lists[j].position < lists[j].count && lists[j].list[lists[j].position] == candidate)
                    lists[j].position++;
            progress = true;
        }
    }
    if (rest)
        raise_mro_conflict(vm, lists, base_count + 1);
    free(lists);
    free(direct);
    if (rest) {
        free(mro);
        return false;
    }
    free(type->mro);
    type->mro = mro;
    type->mro_count = count;
    type->mro_changes++;
    return true;
}

void type_add_subclass(struct vm *vm, struct type *base, struct type *type)
{
    if (!is_object(base->subclasses))
        base->subclasses = list_new(vm, 0);
    list_append(vm, list_of(base->subclasses), object_value(type));
}

/* ---- built-in types ---- */

/* `names` has a blank behind each name. */
static bool is_among(const char *name, const char *names)
{
    size_t length = strlen(name);
    for (const char *at = names; (at = strstr(at, name)); at += length)
        if ((at == names || at[-1] == ' ') && at[length] == ' ')
            return true;
    return false;
}

value attribute_descriptor_new(struct vm *vm, struct type *type, const struct property_definition *definition, const char *members)
{
    bool is_member = definition->set == refuse_member || (*members && is_among(definition->name, members));
    return is_member ? field_new(vm, type, definition) : getset_new(vm, type, definition);
}

static void dict_add_definitions(struct vm *vm, struct type *type)
{
    for (const struct method_definition *m = type->methods; m && m->name; m++) {
        value method;
        if (m->flags & METHOD_STATIC)
            method = staticmethod_new(vm, native_function_new(vm, m, object_value(type), NULL));
        else
            method = method_descriptor_new(vm, type, m);
        dict_set_interned(vm, type->dict, intern_text(vm, m->name), method);
    }
    const char *members = type->properties ? native_doc_members(type) : NULL;
    for (const struct property_definition *p = type->properties; p && p->name; p++)
        dict_set_interned(vm, type->dict, intern_text(vm, p->name), attribute_descriptor_new(vm, type, p, members));
}

/* list[int] and the like. */
static value class_getitem(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "__class_getitem__", count, keyword_names, 1, 1))
        return VALUE_NULL;
    return generic_alias_new(vm, self, arguments[0]);
}

static const struct method_definition class_getitem_definition = {
    "__class_getitem__", NULL, class_getitem, METHOD_CLASS, "See PEP 585"};

static void add_class_getitem(struct vm *vm, struct type *type)
{
    struct type *const generic[] = {&list_type, &tuple_type, &dict_type, &set_type, &frozenset_type};
    for (size_t i = 0; i < sizeof generic / sizeof generic[0]; i++)
        if (type == generic[i])
            dict_set_interned(vm, type->dict, NAMED(vm, __class_getitem__),
                              method_descriptor_new(vm, type, &class_getitem_definition));
}

static bool is_static(const struct type *type)
{
    return !(type->flags & TYPE_HEAP);
}

/* It refers to nothing on the heap. */
static bool is_leaf(value v)
{
    if (!is_object(v))
        return true;
    const struct type *type = object_type(value_object(v));
    if (type == &method_descriptor_type || type == &classmethod_descriptor_type || type == &native_function_type) {
        const value self = ((const struct native_function_object *)value_object(v))->self;
        return self == VALUE_NULL || (is_object(self) && is_type(self) && is_static(type_of_value(self)));
    }
    return !type->trace && is_static(type);
}

/* Thousands of names and descriptors: most of what the collections of a small program would look at. */
static void keep_leaves(struct vm *vm, struct dict_object *dict)
{
    bool all = true;
    for (uint32_t i = 0; i < dict->used; i++) {
        const struct dict_entry *entry = &dict->entries[i];
        if (entry->key == VALUE_NULL)
            continue;
        all &= gc_keep_leaf(vm, entry->key);
        all &= entry->item == vm->none || (is_leaf(entry->item) && gc_keep_leaf(vm, entry->item));
    }
    dict->watched |= all ? DICT_LEAVES : 0;
}

/* CPython's text, or one of our own for types that it has not. */
static value type_written_doc(struct vm *vm, const struct type *type)
{
    struct native_doc known;
    value doc = type->doc ? string_from_text(vm, type->doc) : NONE;
    bool other = native_doc_find_type(type, &known) && (!known.text || !type->doc || strcmp(known.text, type->doc) != 0);
    if (other) /* how long it is costs the program nothing */
        WORK_UNTRACKED(vm, doc = known.text ? string_from_text(vm, known.text) : NONE);
    return doc;
}

static void type_fill_dict(struct vm *vm, struct type *type)
{
    dict_add_definitions(vm, type);
    slots_to_dict(vm, type);
    if (type->new && dict_get_interned(type->dict, NAMED(vm, __new__)) == VALUE_NULL)
        dict_set_interned(vm, type->dict, NAMED(vm, __new__), new_wrapper_make(vm, type));
    if (type->compare && !type->hash && dict_get_interned(type->dict, NAMED(vm, __hash__)) == VALUE_NULL)
        dict_set_interned(vm, type->dict, NAMED(vm, __hash__), NONE);
    if (dict_get_interned(type->dict, NAMED(vm, __doc__)) == VALUE_NULL)
        dict_set_interned(vm, type->dict, NAMED(vm, __doc__), type_written_doc(vm, type));
    add_class_getitem(vm, type);
    keep_leaves(vm, type->dict);
}

static void type_forget_state(struct type *type)
{
    type->dict = NULL;
    type->mro = NULL;
    type->mro_count = 0;
    type->version = 0;
    type->subclasses = type->bases = type->slot_names = VALUE_NULL;
    type->qualified_name = type->module = VALUE_NULL;
    for (size_t i = 0; i < 4; i++)
        type->special_cache[i] = VALUE_NULL;
}

static void inherit_flags(struct type *type, const struct type *base)
{
    const unsigned inherited = TYPE_EXCEPTION | TYPE_INT | TYPE_STRING | TYPE_BYTES | TYPE_LIST | TYPE_TUPLE | TYPE_DICT |
                               TYPE_TYPE | TYPE_FLOAT | TYPE_SET | TYPE_MAPPING | TYPE_SEQUENCE | TYPE_METHOD_DESCRIPTOR;
    type->flags |= base->flags & inherited;
    if (!type->instance_size)
        type->instance_size = base->instance_size;
    if (!type->trace)
        type->trace = base->trace;
    if (!type->release)
        type->release = base->release;
}

static void mro_of_static(struct type *type)
{
    uint32_t count = 1; /* one more for ExceptionGroup's second base */
    for (struct type *t = type; t; t = t->base)
        count++;
    type->mro = malloc(count * sizeof(struct type *));
    if (!type->mro)
        abort();
    type->mro_count = 0;
    for (struct type *t = type; t; t = t->base) {
        if (type == &exc_ExceptionGroup && t == &exc_BaseException)
            type->mro[type->mro_count++] = &exc_Exception;
        type->mro[type->mro_count++] = t;
    }
}

void type_ready(struct vm *vm, struct type *type)
{
    types_start(vm);
    if (type->flags & TYPE_HEAP || (type->pristine && type->registry == vm->types))
        return;
    if (!type->pristine) {
        type->pristine = malloc(sizeof *type);
        if (!type->pristine)
            abort();
        struct type *pristine = type->pristine;
        memcpy(pristine, type, sizeof *type);
    }
    type->registry = vm->types;
    type->shape.type = type->dict_shape.type = type;
    type->shape.last_name = type->dict_shape.last_name = VALUE_NULL;
    type->head.shape = &type_type.shape;
    type_forget_state(type);
    if (type != &object_type_object && !type->base)
        type->base = &object_type_object;
    if (type->base)
        type_ready(vm, type->base);
    if (type == &exc_Exception) /* __subclasses__() gives CPython's order */
        type_ready(vm, &exc_BaseExceptionGroup);
    if (type == &exc_ExceptionGroup)
        type_ready(vm, &exc_Exception);
    mro_of_static(type);
    if (type->base)
        inherit_flags(type, type->base);
    type->dict = dict_of(dict_new(vm));
    registry_add(vm->types, type);
    type->flags |= TYPE_READY;
    if (type == &object_type_object) /* the dicts are full of objects of these */
        type_ready(vm, &type_type);
    type_fill_dict(vm, type);
    if ((type->flags & TYPE_HAS_INSTANCE_DICT) && type->tail_offset &&
        dict_get_interned(type->dict, NAMED(vm, __dict__)) == VALUE_NULL)
        dict_set_interned(vm, type->dict, NAMED(vm, __dict__), getset_new(vm, type, &instance_dict_property));
    for (uint32_t i = 1; i < type->mro_count; i++)
        slots_inherit(type, type->mro[i]);
    if (type->getattr == generic_getattr)
        type->flags |= TYPE_GETATTR_PLAIN;
    type->bases = type->base ? tuple_pack(vm, 1, object_value(type->base)) : tuple_new(vm, 0);
    if (type == &exc_ExceptionGroup)
        type->bases = tuple_pack(vm, 2, object_value(type->base), object_value(&exc_Exception));
    if (type->base)
        type_add_subclass(vm, type->base, type);
}

/* ---- look-up ---- */

void type_ensure_version(struct vm *vm, struct type *type)
{
    if (type->version)
        return;
    if (!(type->flags & TYPE_READY))
        type_ready(vm, type);
    for (uint32_t i = type->mro_count; i-- > 1;) /* a change in a base must find its way down: see type_modified */
        if (!type->mro[i]->version)
            type->mro[i]->version = ++vm->next_type_version;
    type->version = ++vm->next_type_version;
}

static value lookup_in_mro(struct type *type, value name)
{
    for (uint32_t i = 0; i < type->mro_count; i++) {
        value found = dict_get_interned(type->mro[i]->dict, name);
        if (found != VALUE_NULL)
            return found;
    }
    return VALUE_NULL;
}

value type_lookup(struct vm *vm, struct type *type, value name)
{
    if (!type->version)
        type_ensure_version(vm, type);
    uint32_t slot = (type->version * 0x9e3779b1u ^ (uint32_t)(name >> 4)) & (METHOD_CACHE_SIZE - 1);
    struct method_cache_entry *entry = &vm->types->cache[slot];
    if (entry->version == type->version && entry->name == name)
        return entry->found;
    value found = lookup_in_mro(type, name);
    if (string_of(name)->interned)
        *entry = (struct method_cache_entry){type->version, name, found};
    return found;
}

void type_modified(struct vm *vm, struct type *type)
{
    if (!type->version)
        return; /* then no subclass has one: type_ensure_version gives bases theirs first */
    type->version = 0;
    if (!is_object(type->subclasses))
        return;
    struct list_object *list = list_of(type->subclasses);
    for (uint32_t i = 0; i < list->length; i++)
        type_modified(vm, type_of_value(list->items[i]));
}

/* ---- names ---- */

value type_short_name(struct vm *vm, struct type *type)
{
    bool plain = (type->flags & TYPE_HEAP) && type->module == VALUE_NULL; /* the name has no module before it */
    const char *dot = plain ? NULL : strrchr(type->name, '.');
    return string_from_text(vm, dot ? dot + 1 : type->name);
}

value type_long_name(struct vm *vm, struct type *type)
{
    return is_object(type->qualified_name) ? type->qualified_name : type_short_name(vm, type);
}

value type_module_name(struct vm *vm, struct type *type)
{
    if (type->flags & TYPE_HEAP) {
        value module = dict_get_interned(type->dict, NAMED(vm, __module__));
        if (module != VALUE_NULL)
            return module;
        return string_from_text(vm, "builtins");
    }
    const char *dot = strrchr(type->name, '.');
    value name = dot ? string_from_utf8(vm, type->name, (size_t)(dot - type->name)) : intern_text(vm, "builtins");
    return name == VALUE_NULL ? VALUE_NULL : intern(vm, name); /* one str for all of a module's types: pickles show it */
}
