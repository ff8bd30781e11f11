/* function.c - functions of every kind: Python functions, native functions and method descriptors, bound methods, slot
 * wrappers, cells, and code objects with their attributes. */
#include "sim/runtime/audit.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/native_docs.h"
#include "sim/runtime/text_signature.h"
#include "sim/runtime/type.h"

/* ---- making them ---- */

value builtins_dict(struct vm *vm, value builtins)
{
    if (is_exact(builtins, &module_type))
        return ((struct module_object *)value_object(builtins))->dict;
    if (is_exact(builtins, &dict_type))
        return builtins;
    value stand_in = dict_new(vm);
    return stand_in != VALUE_NULL && dict_set(vm, dict_of(stand_in), vm->not_implemented, builtins) ? stand_in : VALUE_NULL;
}

value builtins_behind(struct vm *vm, value dict)
{
    value found;
    return dict_of(dict)->count == 1 && dict_find(vm, dict_of(dict), vm->not_implemented, &found) > 0 ? found : dict;
}

/* The dict that names come from which the globals do not have. */
static value builtins_of(struct vm *vm, value globals)
{
    value builtins = dict_get_interned(dict_of(globals), NAMED(vm, __builtins__));
    if (builtins == VALUE_NULL || (!is_exact(builtins, &dict_type) && engine_globals(vm) == globals))
        return engine_builtins(vm);
    return builtins_dict(vm, builtins);
}

value function_new(struct vm *vm, value code_object, value globals)
{
    struct function_object *f = GC_NEW(vm, struct function_object, &function_type);
    if (!f)
        return VALUE_NULL;
    f->closure = f->defaults = f->keyword_defaults = f->module = f->doc = f->annotations = f->dict = VALUE_NULL;
    f->code = (struct code_object *)value_object(code_object);
    f->globals = globals;
    f->name = f->code->name;
    f->qualified_name = f->code->qualified_name;
    if ((f->builtins = builtins_of(vm, globals)) == VALUE_NULL)
        return VALUE_NULL;
    value module = dict_get_interned(dict_of(globals), NAMED(vm, __name__));
    f->module = module == VALUE_NULL ? NONE : module;
    return object_value(f);
}

static struct native_function_object *native_new(struct vm *vm, struct type *type, const struct method_definition *definition)
{
    struct native_function_object *f = gc_object(vm, sizeof *f, &type->shape);
    if (f) {
        f->definition = definition;
        f->self = VALUE_NULL;
        f->counter = NULL;
    }
    return f;
}

value native_function_new(struct vm *vm, const struct method_definition *definition, value self, const char *module)
{
    struct native_function_object *f = native_new(vm, &native_function_type, definition);
    if (!f)
        return VALUE_NULL;
    f->self = self;
    f->module = module;
    return object_value(f);
}

value method_descriptor_new(struct vm *vm, struct type *owner, const struct method_definition *definition)
{
    struct type *type = definition->flags & METHOD_CLASS ? &classmethod_descriptor_type : &method_descriptor_type;
    struct native_function_object *f = native_new(vm, type, definition);
    if (!f)
        return VALUE_NULL;
    f->owner = owner;
    return object_value(f);
}

value method_new(struct vm *vm, value function, value self)
{
    struct method_object *m = GC_NEW(vm, struct method_object, &method_type);
    if (!m)
        return VALUE_NULL;
    m->function = function;
    m->self = self;
    return object_value(m);
}

value cell_new(struct vm *vm, value content)
{
    struct cell_object *cell = GC_NEW(vm, struct cell_object, &cell_type);
    if (!cell)
        return VALUE_NULL;
    cell->content = content;
    return object_value(cell);
}

/* ---- Python functions ---- */

static void mark_all(struct vm *vm, const value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_object(values[i]))
            gc_mark(vm, values[i]);
}

static void function_trace(struct vm *vm, struct object *object)
{
    struct function_object *f = (struct function_object *)object;
    gc_mark_object(vm, f->code);
    const value held[] = {f->globals, f->builtins, f->closure, f->defaults, f->keyword_defaults, f->name,
                          f->qualified_name, f->module, f->doc, f->annotations, f->dict};
    mark_all(vm, held, sizeof held / sizeof held[0]);
}

static struct function_object *function_of(value v) { return (struct function_object *)value_object(v); }

static value function_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    return engine_call_function(vm, callee, arguments, count, keyword_names);
}

static value function_descriptor_get(struct vm *vm, value descriptor, value object, value type)
{
    (void)type;
    return object == VALUE_NULL || (object == NONE && type == object_value(&none_type)) ? descriptor
                                                                                         : method_new(vm, descriptor, object);
}

static value function_repr(struct vm *vm, value a)
{
    return string_printf(vm, "<function %U at 0x%lx>", function_of(a)->qualified_name,
                         (unsigned long)object_identity(vm, a));
}

static value or_none(value v) { return v == VALUE_NULL ? NONE : v; }

/* Events for what gives access to a function's code. */
static value audited(struct vm *vm, value a, const char *name, value result)
{
    return !audit_wanted(vm) || AUDIT(vm, "object.__getattr__", a, string_from_text(vm, name)) ? result : VALUE_NULL;
}
static bool audit_store(struct vm *vm, value a, const char *name, value item)
{
    if (!audit_wanted(vm))
        return true;
    value shown = string_from_text(vm, name);
    return item == VALUE_NULL ? AUDIT(vm, "object.__delattr__", a, shown) : AUDIT(vm, "object.__setattr__", a, shown, item);
}
static value get_code(struct vm *vm, value a) { return audited(vm, a, "__code__", object_value(function_of(a)->code)); }
static value get_globals(struct vm *vm, value a) { (void)vm; return function_of(a)->globals; }
static value get_builtins(struct vm *vm, value a) { return builtins_behind(vm, function_of(a)->builtins); }
static value get_closure(struct vm *vm, value a) { (void)vm; return or_none(function_of(a)->closure); }
static value get_defaults(struct vm *vm, value a) { return audited(vm, a, "__defaults__", or_none(function_of(a)->defaults)); }
static value get_keyword_defaults(struct vm *vm, value a)
{
    return audited(vm, a, "__kwdefaults__", or_none(function_of(a)->keyword_defaults));
}
static value get_name(struct vm *vm, value a) { (void)vm; return function_of(a)->name; }
static value get_qualified_name(struct vm *vm, value a) { (void)vm; return function_of(a)->qualified_name; }
static value get_module(struct vm *vm, value a) { (void)vm; return or_none(function_of(a)->module); }
static value get_doc(struct vm *vm, value a)
{
    struct function_object *f = function_of(a);
    if (f->doc != VALUE_NULL)
        return f->doc;
    if (!code_object_fill(vm, f->code))
        return VALUE_NULL;
    struct tuple_object *constants = tuple_of(f->code->constants);
    return f->doc = constants->length && has_flag(constants->items[0], TYPE_STRING) ? constants->items[0] : NONE;
}
static value get_dict(struct vm *vm, value a) { return instance_dict(vm, a); }

static value get_annotations(struct vm *vm, value a)
{
    struct function_object *f = function_of(a);
    if (!is_object(f->annotations))
        f->annotations = dict_new(vm);
    if (has_flag(f->annotations, TYPE_TUPLE)) { /* as the code that makes the function leaves it: name, annotation... */
        struct tuple_object *pairs = tuple_of(f->annotations);
        value dict = dict_new(vm);
        for (size_t i = 0; dict != VALUE_NULL && i + 1 < pairs->length; i += 2)
            if (!dict_set(vm, dict_of(dict), pairs->items[i], pairs->items[i + 1]))
                return VALUE_NULL;
        f->annotations = dict;
    }
    return f->annotations;
}

static bool need(struct vm *vm, value item, bool good, const char *what, const char *kind)
{
    if (item != VALUE_NULL && good)
        return true;
    raise_error(vm, &exc_TypeError, "%s must be set to a %s object", what, kind);
    return false;
}

static bool set_name(struct vm *vm, value a, value item)
{
    if (!need(vm, item, has_flag(item, TYPE_STRING), "__name__", "string"))
        return false;
    function_of(a)->name = item;
    return true;
}
static bool set_qualified_name(struct vm *vm, value a, value item)
{
    if (!need(vm, item, has_flag(item, TYPE_STRING), "__qualname__", "string"))
        return false;
    function_of(a)->qualified_name = item;
    return true;
}
static bool set_module(struct vm *vm, value a, value item) { (void)vm; function_of(a)->module = item; return true; }
static bool set_doc(struct vm *vm, value a, value item) { (void)vm; function_of(a)->doc = or_none(item); return true; }
static bool set_code(struct vm *vm, value a, value item)
{
    if (!need(vm, item, is_exact(item, &code_type), "__code__", "code") || !audit_store(vm, a, "__code__", item))
        return false;
    size_t wanted = function_of(a)->closure == VALUE_NULL ? 0 : tuple_of(function_of(a)->closure)->length;
    struct code_object *code = (struct code_object *)value_object(item);
    if (code->code->free_count != wanted) {
        raise_error(vm, &exc_ValueError, "%U() requires a code object with %zu free vars, not %zu", function_of(a)->name, wanted,
                    (size_t)code->code->free_count);
        return false;
    }
    if (get_doc(vm, a) == VALUE_NULL) /* stays that of the old code */
        return false;
    function_of(a)->code = code;
    return true;
}
static bool set_defaults(struct vm *vm, value a, value item)
{
    if (item != VALUE_NULL && item != NONE && !need(vm, item, has_flag(item, TYPE_TUPLE), "__defaults__", "tuple"))
        return false;
    if (!audit_store(vm, a, "__defaults__", item == NONE ? VALUE_NULL : item))
        return false;
    function_of(a)->defaults = item == NONE ? VALUE_NULL : item;
    return true;
}
static bool set_keyword_defaults(struct vm *vm, value a, value item)
{
    if (item != VALUE_NULL && item != NONE && !need(vm, item, has_flag(item, TYPE_DICT), "__kwdefaults__", "dict"))
        return false;
    if (!audit_store(vm, a, "__kwdefaults__", item == NONE ? VALUE_NULL : item))
        return false;
    function_of(a)->keyword_defaults = item == NONE ? VALUE_NULL : item;
    return true;
}
static bool set_annotations(struct vm *vm, value a, value item)
{
    if (item != VALUE_NULL && item != NONE && !need(vm, item, has_flag(item, TYPE_DICT), "__annotations__", "dict"))
        return false;
    function_of(a)->annotations = item == NONE ? VALUE_NULL : item;
    return true;
}
static bool set_dict(struct vm *vm, value a, value item)
{
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "cannot delete __dict__");
        return false;
    }
    if (!has_flag(item, TYPE_DICT)) {
        raise_error(vm, &exc_TypeError, "__dict__ must be set to a dictionary, not a '%T'", item);
        return false;
    }
    function_of(a)->dict = item;
    return true;
}

static const struct property_definition function_properties[] = {
    {"__code__", get_code, set_code}, {"__globals__", get_globals, refuse_member},
    {"__builtins__", get_builtins, refuse_member}, {"__closure__", get_closure, refuse_member}, {"__defaults__", get_defaults, set_defaults},
    {"__kwdefaults__", get_keyword_defaults, set_keyword_defaults}, {"__name__", get_name, set_name},
    {"__qualname__", get_qualified_name, set_qualified_name}, {"__module__", get_module, set_module},
    {"__doc__", get_doc, set_doc}, {"__annotations__", get_annotations, set_annotations}, {"__dict__", get_dict, set_dict},
    {NULL, NULL, NULL}};

/* types.FunctionType(code, globals, name=None, argdefs=None, closure=None) */
static bool check_closure(struct vm *vm, const struct code_object *code, value closure)
{
    size_t wanted = code->code->free_count;
    if (closure == NONE && wanted == 0)
        return true;
    if (!has_flag(closure, TYPE_TUPLE)) {
        raise_error(vm, &exc_TypeError, wanted ? "arg 5 (closure) must be tuple" : "arg 5 (closure) must be None or tuple");
        return false;
    }
    if (tuple_of(closure)->length != wanted) {
        raise_error(vm, &exc_ValueError, "%U requires closure of length %zu, not %zu", code->name, wanted,
                    (size_t)tuple_of(closure)->length);
        return false;
    }
    for (size_t i = 0; i < wanted; i++)
        if (!is_exact(tuple_of(closure)->items[i], &cell_type)) {
            raise_error(vm, &exc_TypeError, "arg 5 (closure) expected cell, found %T", tuple_of(closure)->items[i]);
            return false;
        }
    return true;
}

static value function_make(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    value name = arguments[2], defaults = arguments[3], closure = arguments[4] == VALUE_NULL ? NONE : arguments[4];
    if (!is_exact(arguments[0], &code_type))
        return raise_error(vm, &exc_TypeError, "function() argument 'code' must be code, not %T", arguments[0]);
    if (!has_flag(arguments[1], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "function() argument 'globals' must be dict, not %T", arguments[1]);
    if (name != VALUE_NULL && name != NONE && !has_flag(name, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "arg 3 (name) must be None or string");
    if (defaults != VALUE_NULL && defaults != NONE && !has_flag(defaults, TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "arg 4 (defaults) must be None or tuple");
    if (!check_closure(vm, (struct code_object *)value_object(arguments[0]), closure))
        return VALUE_NULL;
    value made = function_new(vm, arguments[0], arguments[1]);
    if (made == VALUE_NULL)
        return VALUE_NULL;
    struct function_object *f = function_of(made);
    if (name != VALUE_NULL && name != NONE)
        f->name = name;
    if (defaults != VALUE_NULL && defaults != NONE)
        f->defaults = defaults;
    if (closure != NONE)
        f->closure = closure;
    return made;
}

static value function_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    static const struct method_definition constructor = {"function", "(code, globals, name=None, argdefs=None, closure=None)",
                                                         function_make, METHOD_STATIC, NULL};
    value function = native_function_new(vm, &constructor, VALUE_NULL, NULL);
    return function == VALUE_NULL ? VALUE_NULL : call(vm, function, arguments, count, keyword_names);
}

struct type function_type = {.name = "function",
                             .flags = TYPE_METHOD_DESCRIPTOR,
                             .instance_size = sizeof(struct function_object),
                             .trace = function_trace,
                             .properties = function_properties,
                             .new = function_new_slot,
                             .call = function_call,
                             .descriptor_get = function_descriptor_get,
                             .repr = function_repr};

/* ---- native functions ---- */

static struct native_function_object *native_of(value v) { return (struct native_function_object *)value_object(v); }

static void native_trace(struct vm *vm, struct object *object)
{
    struct native_function_object *f = (struct native_function_object *)object;
    if (is_object(f->self))
        gc_mark(vm, f->self);
}

static value native_function_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    return native_call(vm, native_of(callee), native_of(callee)->self, arguments, count, keyword_names);
}

static bool native_is_method(const struct native_function_object *f)
{
    return f->self != VALUE_NULL && !f->module && !is_exact(f->self, &module_type);
}

static value native_repr(struct vm *vm, value a)
{
    struct native_function_object *f = native_of(a);
    if (!native_is_method(f))
        return string_printf(vm, "<built-in function %s>", f->definition->name);
    return string_printf(vm, "<built-in method %s of %T object at 0x%lx>", f->definition->name, f->self,
                         (unsigned long)object_identity(vm, f->self));
}

static value native_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(b, &native_function_type))
        return vm->not_implemented;
    bool equal = native_of(a)->self == native_of(b)->self && native_of(a)->definition == native_of(b)->definition;
    return bool_value(equal == (kind == COMPARE_EQ));
}

static bool native_hash(struct vm *vm, value a, int64_t *hash)
{
    uint64_t self = native_of(a)->self == VALUE_NULL ? 0 : object_identity(vm, native_of(a)->self);
    *hash = (int64_t)((self >> 4) ^ hash_bytes(native_of(a)->definition->name, strlen(native_of(a)->definition->name)) >> 1);
    return true;
}

static value native_name(struct vm *vm, value a) { return intern_text(vm, native_of(a)->definition->name); }
static value native_self(struct vm *vm, value a) { (void)vm; return or_none(native_of(a)->self); }
static value native_module(struct vm *vm, value a)
{
    return native_of(a)->module ? string_from_text(vm, native_of(a)->module) : NONE;
}
/* What the reference CPython says of a native function or method. */
static bool native_doc_of(struct vm *vm, const struct native_function_object *f, struct native_doc *known)
{
    const char *name = f->definition->name;
    if (f->owner)
        return native_doc_find_member(vm, f->owner, name, known);
    if (native_is_method(f))
        return native_doc_find_member(vm, is_type(f->self) ? type_of_value(f->self) : value_type(vm, f->self), name, known);
    return f->module && native_doc_find(f->module, name, known);
}
static value native_doc(struct vm *vm, value a)
{
    const char *doc = native_of(a)->definition->doc;
    struct native_doc known;
    if (native_doc_of(vm, native_of(a), &known))
        doc = known.text;
    return doc ? string_from_text(vm, doc) : NONE;
}
static value native_text_signature(struct vm *vm, value a)
{
    struct native_doc known;
    if (native_doc_of(vm, native_of(a), &known))
        return known.signature ? string_from_text(vm, known.signature) : NONE;
    return text_signature_native(vm, native_of(a));
}
static value native_qualified(struct vm *vm, value a)
{
    struct native_function_object *f = native_of(a);
    if (f->owner)
        return string_printf(vm, "%U.%s", type_long_name(vm, f->owner), f->definition->name);
    if (native_is_method(f))
        return string_printf(vm, "%U.%s",
                             type_long_name(vm, is_type(f->self) ? type_of_value(f->self) : value_type(vm, f->self)),
                             f->definition->name);
    return string_from_text(vm, f->definition->name);
}
static value native_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct native_function_object *f = native_of(self);
    if (!native_is_method(f))
        return native_name(vm, self);
    return tuple_pack(vm, 2, dict_get_text(vm, dict_of(vm->builtins), "getattr"),
                      tuple_pack(vm, 2, f->self, native_name(vm, self)));
}

static const struct method_definition native_methods[] = {{"__reduce__", "()", native_reduce, METHOD_INSTANCE, NULL},
                                                          {NULL, NULL, NULL, 0, NULL}};
static const struct property_definition native_properties[] = {
    {"__name__", native_name, NULL}, {"__qualname__", native_qualified, NULL}, {"__self__", native_self, NULL},
    {"__module__", native_module, NULL}, {"__doc__", native_doc, NULL}, {"__text_signature__", native_text_signature, NULL},
    {NULL, NULL, NULL}};

struct type native_function_type = {.name = "builtin_function_or_method",
                                    .instance_size = sizeof(struct native_function_object),
                                    .trace = native_trace,
                                    .methods = native_methods,
                                    .properties = native_properties,
                                    .call = native_function_call,
                                    .repr = native_repr,
                                    .hash = native_hash,
                                    .compare = native_compare};

/* ---- method descriptors ---- */

static bool descriptor_check(struct vm *vm, const struct native_function_object *f, value self)
{
    if (is_instance(vm, self, f->owner))
        return true;
    raise_error(vm, &exc_TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%T' object", f->definition->name,
                f->owner->name, self);
    return false;
}

static value method_descriptor_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    struct native_function_object *f = native_of(callee);
    if (count == 0)
        return raise_error(vm, &exc_TypeError, "unbound method %U() needs an argument", native_qualified(vm, callee));
    if (!descriptor_check(vm, f, arguments[0]))
        return VALUE_NULL;
    return native_call(vm, f, arguments[0], arguments + 1, count - 1, keyword_names);
}

static value bind_native(struct vm *vm, struct native_function_object *f, value self)
{
    struct native_function_object *bound = native_new(vm, &native_function_type, f->definition);
    if (!bound)
        return VALUE_NULL;
    bound->signature = signature_of(vm, f);
    bound->self = self;
    return object_value(bound);
}

static value method_descriptor_get(struct vm *vm, value descriptor, value object, value type)
{
    (void)type;
    if (object == VALUE_NULL)
        return descriptor;
    struct native_function_object *f = native_of(descriptor);
    return descriptor_check(vm, f, object) ? bind_native(vm, f, object) : VALUE_NULL;
}

static value method_descriptor_repr(struct vm *vm, value a)
{
    return string_printf(vm, "<method '%s' of '%s' objects>", native_of(a)->definition->name, native_of(a)->owner->name);
}

static value native_owner(struct vm *vm, value a) { (void)vm; return object_value(native_of(a)->owner); }

static value getattr_reduced(struct vm *vm, value object, value name)
{
    value inner = tuple_pack(vm, 2, object, name);
    return inner == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, dict_get_text(vm, dict_of(vm->builtins), "getattr"), inner);
}

static value descriptor_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return getattr_reduced(vm, native_owner(vm, self), native_name(vm, self));
}
static const struct method_definition descriptor_methods[] = {{"__reduce__", "()", descriptor_reduce, METHOD_INSTANCE, NULL},
                                                              {NULL, NULL, NULL, 0, NULL}};

static const struct property_definition descriptor_properties[] = {
    {"__name__", native_name, NULL}, {"__qualname__", native_qualified, NULL}, {"__objclass__", native_owner, NULL},
    {"__doc__", native_doc, NULL}, {"__text_signature__", native_text_signature, NULL}, {NULL, NULL, NULL}};

struct type method_descriptor_type = {.name = "method_descriptor",
                                      .flags = TYPE_METHOD_DESCRIPTOR,
                                      .instance_size = sizeof(struct native_function_object),
                                      .trace = native_trace,
                                      .methods = descriptor_methods,
                                      .properties = descriptor_properties,
                                      .call = method_descriptor_call,
                                      .descriptor_get = method_descriptor_get,
                                      .repr = method_descriptor_repr};

static value classmethod_descriptor_get(struct vm *vm, value descriptor, value object, value type)
{
    const struct native_function_object *native = native_of(descriptor);
    const char *name = native->definition->name, *owner = native->owner->name;
    if (type == VALUE_NULL && object == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "descriptor '%s' for type '%s' needs either an object or a type", name, owner);
    if (type == VALUE_NULL)
        type = object_value(value_type(vm, object));
    if (!is_object(type) || !is_type(type))
        return raise_error(vm, &exc_TypeError, "descriptor '%s' for type '%s' needs a type, not a '%T' as arg 2", name, owner,
                           type);
    if (!type_is_subtype(type_of_value(type), native->owner))
        return raise_error(vm, &exc_TypeError, "descriptor '%s' requires a subtype of '%s' but received '%s'", name, owner,
                           type_of_value(type)->name);
    return bind_native(vm, native_of(descriptor), type);
}

static value classmethod_descriptor_call(struct vm *vm, value callee, const value *arguments, size_t count,
                                         value keyword_names)
{
    if (count == 0)
        return raise_error(vm, &exc_TypeError, "descriptor '%s' of '%s' object needs an argument",
                           native_of(callee)->definition->name, native_of(callee)->owner->name);
    return native_call(vm, native_of(callee), arguments[0], arguments + 1, count - 1, keyword_names);
}

struct type classmethod_descriptor_type = {.name = "classmethod_descriptor",
                                           .instance_size = sizeof(struct native_function_object),
                                           .trace = native_trace,
                                           .properties = descriptor_properties,
                                           .call = classmethod_descriptor_call,
                                           .descriptor_get = classmethod_descriptor_get,
                                           .repr = method_descriptor_repr};

/* ---- slot wrappers ---- */

static struct slot_wrapper_object *wrapper_of(value v) { return (struct slot_wrapper_object *)value_object(v); }

static value slot_wrapper_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    struct slot_wrapper_object *w = wrapper_of(callee);
    if (count == 0)
        return raise_error(vm, &exc_TypeError, "descriptor '%s' of '%s' object needs an argument",
                           slot_definition_name(w->definition), w->owner->name);
    return slot_wrapper_invoke(vm, w, arguments[0], arguments + 1, count - 1, keyword_names);
}

static value slot_wrapper_get(struct vm *vm, value descriptor, value object, value type)
{
    (void)type;
    if (object == VALUE_NULL)
        return descriptor;
    struct slot_wrapper_object *w = wrapper_of(descriptor);
    if (!is_instance(vm, object, w->owner))
        return raise_error(vm, &exc_TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%T' object",
                           slot_definition_name(w->definition), w->owner->name, object);
    struct method_wrapper_object *bound = GC_NEW(vm, struct method_wrapper_object, &method_wrapper_type);
    if (!bound)
        return VALUE_NULL;
    bound->wrapper = w;
    bound->self = object;
    return object_value(bound);
}

static value slot_wrapper_repr(struct vm *vm, value a)
{
    return string_printf(vm, "<slot wrapper '%s' of '%s' objects>", slot_definition_name(wrapper_of(a)->definition),
                         wrapper_of(a)->owner->name);
}
static value slot_wrapper_name(struct vm *vm, value a)
{
    return string_from_text(vm, slot_definition_name(wrapper_of(a)->definition));
}
static value slot_wrapper_qualified(struct vm *vm, value a)
{
    return string_printf(vm, "%U.%s", type_long_name(vm, wrapper_of(a)->owner),
                         slot_definition_name(wrapper_of(a)->definition));
}
static value slot_wrapper_owner(struct vm *vm, value a) { (void)vm; return object_value(wrapper_of(a)->owner); }
static value slot_wrapper_doc(struct vm *vm, value a)
{
    const char *doc = slot_definition_doc(wrapper_of(a)->definition);
    struct native_doc known;
    if (native_doc_find_member(vm, wrapper_of(a)->owner, slot_definition_name(wrapper_of(a)->definition), &known))
        doc = known.text;
    return doc ? string_from_text(vm, doc) : NONE;
}
static value slot_wrapper_signature(struct vm *vm, value a)
{
    const char *name = slot_definition_name(wrapper_of(a)->definition);
    struct native_doc known;
    if (native_doc_find_member(vm, wrapper_of(a)->owner, name, &known))
        return known.signature ? string_from_text(vm, known.signature) : NONE;
    return text_signature_slot(vm, name);
}
static const struct property_definition slot_wrapper_properties[] = {
    {"__name__", slot_wrapper_name, NULL}, {"__qualname__", slot_wrapper_qualified, NULL},
    {"__objclass__", slot_wrapper_owner, NULL}, {"__doc__", slot_wrapper_doc, NULL},
    {"__text_signature__", slot_wrapper_signature, NULL}, {NULL, NULL, NULL}};

static value slot_wrapper_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return getattr_reduced(vm, slot_wrapper_owner(vm, self), slot_wrapper_name(vm, self));
}
static const struct method_definition slot_wrapper_methods[] = {
    {"__reduce__", "()", slot_wrapper_reduce, METHOD_INSTANCE, NULL}, {NULL, NULL, NULL, 0, NULL}};

struct type slot_wrapper_type = {.name = "wrapper_descriptor",
                                 .flags = TYPE_METHOD_DESCRIPTOR,
                                 .instance_size = sizeof(struct slot_wrapper_object),
                                 .methods = slot_wrapper_methods,
                                 .properties = slot_wrapper_properties,
                                 .call = slot_wrapper_call,
                                 .descriptor_get = slot_wrapper_get,
                                 .repr = slot_wrapper_repr};

static struct method_wrapper_object *bound_wrapper(value v) { return (struct method_wrapper_object *)value_object(v); }

static void method_wrapper_trace(struct vm *vm, struct object *object)
{
    struct method_wrapper_object *m = (struct method_wrapper_object *)object;
    gc_mark_object(vm, m->wrapper);
    gc_mark(vm, m->self);
}
static value method_wrapper_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    return slot_wrapper_invoke(vm, bound_wrapper(callee)->wrapper, bound_wrapper(callee)->self, arguments, count,
                               keyword_names);
}
static value method_wrapper_repr(struct vm *vm, value a)
{
    return string_printf(vm, "<method-wrapper '%s' of %T object at 0x%lx>",
                         slot_definition_name(bound_wrapper(a)->wrapper->definition), bound_wrapper(a)->self,
                         (unsigned long)object_identity(vm, bound_wrapper(a)->self));
}
static value method_wrapper_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(b, &method_wrapper_type))
        return vm->not_implemented;
    bool equal = bound_wrapper(a)->wrapper == bound_wrapper(b)->wrapper && bound_wrapper(a)->self == bound_wrapper(b)->self;
    return bool_value(equal == (kind == COMPARE_EQ));
}
static bool method_wrapper_hash(struct vm *vm, value a, int64_t *hash)
{
    *hash = (int64_t)(object_identity(vm, bound_wrapper(a)->self) >> 4 ^
                      object_identity(vm, object_value(bound_wrapper(a)->wrapper)) << 3);
    return true;
}
static value method_wrapper_self(struct vm *vm, value a) { (void)vm; return bound_wrapper(a)->self; }
static value method_wrapper_name(struct vm *vm, value a)
{
    return slot_wrapper_name(vm, object_value(bound_wrapper(a)->wrapper));
}
static value method_wrapper_owner(struct vm *vm, value a)
{
    (void)vm;
    return object_value(bound_wrapper(a)->wrapper->owner);
}
static value method_wrapper_qualified(struct vm *vm, value a)
{
    return slot_wrapper_qualified(vm, object_value(bound_wrapper(a)->wrapper));
}
static value method_wrapper_doc(struct vm *vm, value a)
{
    return slot_wrapper_doc(vm, object_value(bound_wrapper(a)->wrapper));
}
static value method_wrapper_signature(struct vm *vm, value a)
{
    return text_signature_slot(vm, slot_definition_name(bound_wrapper(a)->wrapper->definition));
}
static const struct property_definition method_wrapper_properties[] = {
    {"__self__", method_wrapper_self, NULL}, {"__name__", method_wrapper_name, NULL},
    {"__objclass__", method_wrapper_owner, NULL}, {"__qualname__", method_wrapper_qualified, NULL}, {"__doc__", method_wrapper_doc, NULL},
    {"__text_signature__", method_wrapper_signature, NULL}, {NULL, NULL, NULL}};

static value method_wrapper_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return getattr_reduced(vm, method_wrapper_self(vm, self), method_wrapper_name(vm, self));
}
static const struct method_definition method_wrapper_methods[] = {
    {"__reduce__", "()", method_wrapper_reduce, METHOD_INSTANCE, NULL}, {NULL, NULL, NULL, 0, NULL}};

struct type method_wrapper_type = {.name = "method-wrapper",
                                   .instance_size = sizeof(struct method_wrapper_object),
                                   .trace = method_wrapper_trace,
                                   .methods = method_wrapper_methods,
                                   .properties = method_wrapper_properties,
                                   .call = method_wrapper_call,
                                   .repr = method_wrapper_repr,
                                   .hash = method_wrapper_hash,
                                   .compare = method_wrapper_compare};

/* ---- bound methods ---- */

static struct method_object *method_of(value v) { return (struct method_object *)value_object(v); }

static void method_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct method_object *)object)->function);
    gc_mark(vm, ((struct method_object *)object)->self);
}
static value method_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    return call_prepend(vm, method_of(callee)->function, method_of(callee)->self, arguments, count, keyword_names);
}
static value method_repr(struct vm *vm, value a)
{
    value name;
    int found = find_attribute(vm, method_of(a)->function, NAMED(vm, __qualname__), &name);
    if (found == 0)
        found = find_attribute(vm, method_of(a)->function, NAMED(vm, __name__), &name);
    if (found < 0)
        return VALUE_NULL;
    if (!found || !has_flag(name, TYPE_STRING))
        name = string_from_text(vm, "?");
    value self = value_repr(vm, method_of(a)->self);
    return self == VALUE_NULL ? VALUE_NULL : string_printf(vm, "<bound method %U of %U>", name, self);
}
static value method_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(b, &method_type))
        return vm->not_implemented;
    int equal = values_equal(vm, method_of(a)->function, method_of(b)->function);
    if (equal < 0)
        return VALUE_NULL;
    equal = equal && method_of(a)->self == method_of(b)->self;
    return bool_value(equal == (kind == COMPARE_EQ));
}
static bool method_hash(struct vm *vm, value a, int64_t *hash)
{
    int64_t function;
    if (!value_hash(vm, method_of(a)->function, &function))
        return false;
    *hash = (int64_t)(object_identity(vm, method_of(a)->self) >> 4) ^ function;
    if (*hash == -1)
        *hash = -2;
    return true;
}
static value method_getattr(struct vm *vm, value object, value name)
{
    value found = type_lookup(vm, &method_type, name);
    if (found != VALUE_NULL)
        return generic_getattr(vm, object, name);
    return get_attribute(vm, method_of(object)->function, name);
}
static value method_descriptor_get_bound(struct vm *vm, value descriptor, value object, value type)
{
    (void)vm, (void)object, (void)type;
    return descriptor;
}
static value method_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    if (!check_positional(vm, "method", count, keyword_names, 2, 2))
        return VALUE_NULL;
    if (!value_type(vm, arguments[0])->call)
        return raise_error(vm, &exc_TypeError, "first argument must be callable");
    if (arguments[1] == NONE)
        return raise_error(vm, &exc_TypeError, "self must not be None");
    return method_new(vm, arguments[0], arguments[1]);
}
static value method_function(struct vm *vm, value a) { (void)vm; return method_of(a)->function; }
static value method_self(struct vm *vm, value a) { (void)vm; return method_of(a)->self; }
static value method_doc(struct vm *vm, value a) { return get_attribute(vm, method_of(a)->function, NAMED(vm, __doc__)); }
static value method_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value name = get_attribute(vm, method_of(self)->function, NAMED(vm, __name__));
    if (name == VALUE_NULL)
        return VALUE_NULL;
    return tuple_pack(vm, 2, dict_get_text(vm, dict_of(vm->builtins), "getattr"),
                      tuple_pack(vm, 2, method_of(self)->self, name));
}
static const struct method_definition method_methods[] = {{"__reduce__", "()", method_reduce, METHOD_INSTANCE, NULL},
                                                          {NULL, NULL, NULL, 0, NULL}};
static const struct property_definition method_properties[] = {
    {"__func__", method_function, refuse_member}, {"__self__", method_self, refuse_member}, {"__doc__", method_doc, NULL}, {NULL, NULL, NULL}};

struct type method_type = {.name = "method",
                           .instance_size = sizeof(struct method_object),
                           .trace = method_trace,
                           .methods = method_methods,
                           .properties = method_properties,
                           .new = method_new_slot,
                           .call = method_call,
                           .repr = method_repr,
                           .hash = method_hash,
                           .compare = method_compare,
                           .getattr = method_getattr,
                           .descriptor_get = method_descriptor_get_bound};

/* ---- cells ---- */

static struct cell_object *cell_of(value v) { return (struct cell_object *)value_object(v); }

static void cell_trace(struct vm *vm, struct object *object)
{
    if (is_object(((struct cell_object *)object)->content))
        gc_mark(vm, ((struct cell_object *)object)->content);
}
static value cell_repr(struct vm *vm, value a)
{
    value content = cell_of(a)->content;
    unsigned long identity = (unsigned long)object_identity(vm, a);
    if (content == VALUE_NULL)
        return string_printf(vm, "<cell at 0x%lx: empty>", identity);
    return string_printf(vm, "<cell at 0x%lx: %T object at 0x%lx>", identity, content,
                         (unsigned long)object_identity(vm, content));
}
static value cell_get_content(struct vm *vm, value a)
{
    if (cell_of(a)->content == VALUE_NULL)
        return raise_error(vm, &exc_ValueError, "Cell is empty");
    return cell_of(a)->content;
}
static bool cell_set_content(struct vm *vm, value a, value item) { (void)vm; cell_of(a)->content = item; return true; }
static value cell_new_slot(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    if (!check_positional(vm, "cell", count, keyword_names, 0, 1))
        return VALUE_NULL;
    return cell_new(vm, count ? arguments[0] : VALUE_NULL);
}
static value cell_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_exact(b, &cell_type))
        return vm->not_implemented;
    value x = cell_of(a)->content, y = cell_of(b)->content;
    if (x != VALUE_NULL && y != VALUE_NULL)
        return compare_operation(vm, kind, x, y);
    int order = (y == VALUE_NULL) - (x == VALUE_NULL);
    const bool answers[] = {order < 0, order <= 0, order == 0, order != 0, order > 0, order >= 0};
    return bool_value(answers[kind]);
}
static const struct property_definition cell_properties[] = {{"cell_contents", cell_get_content, cell_set_content},
                                                             {NULL, NULL, NULL}};

struct type cell_type = {.name = "cell",
                         .instance_size = sizeof(struct cell_object),
                         .trace = cell_trace,
                         .properties = cell_properties,
                         .new = cell_new_slot,
                         .repr = cell_repr,
                         .compare = cell_compare};
