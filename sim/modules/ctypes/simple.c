/* simple.c - numbers, characters and plain pointers: _SimpleCData and its metaclass PyCSimpleType. */
#include "sim/modules/ctypes/ctypes.h"

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)arguments, (void)count, (void)keyword_names

/* ---- from_param: what a value becomes as an argument ---- */

static value stored_argument(struct vm *vm, char code, value item)
{
    const struct c_format *format = c_format_find((uint32_t)code);
    value argument = c_argument_new(vm, code, format->ffi, VALUE_NULL);
    if (argument == VALUE_NULL)
        return VALUE_NULL;
    value kept = c_store(vm, code, false, &c_argument_of(argument)->content, item, 0);
    if (kept == VALUE_NULL)
        return VALUE_NULL;
    c_argument_of(argument)->object = kept;
    return argument;
}

static value from_attribute(struct vm *vm, value self, value item, native_function convert)
{
    value other;
    int found = as_parameter(vm, item, &other);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return raise_error(vm, &exc_TypeError, "wrong type");
    if (!recursion_enter(vm, " while processing _as_parameter_"))
        return VALUE_NULL;
    value result = convert(vm, self, &other, 1, VALUE_NULL);
    recursion_leave(vm);
    return result;
}

METHOD(simple_from_param)
{
    (void)count, (void)keyword_names;
    int same = object_is_instance(vm, arguments[0], self);
    if (same)
        return same < 0 ? VALUE_NULL : arguments[0];
    const struct c_type *c = c_type_of_class(self);
    if (!c)
        return raise_error(vm, &exc_TypeError, "abstract class");
    value argument = stored_argument(vm, c->code, arguments[0]);
    if (argument != VALUE_NULL)
        return argument;
    exception_clear(vm);
    return from_attribute(vm, self, arguments[0], simple_from_param);
}

/* An array of, or a pointer to, items of the letter; or byref() of one. */
static bool leads_to(struct vm *vm, value item, char code)
{
    const struct c_type *target = NULL;
    if (is_kind(vm, item, &c_array_type) || is_kind(vm, item, &c_pointer_type)) {
        const struct c_type *c = c_type_of_object(vm, item);
        target = c ? c_type_of_class(c->proto) : NULL;
    } else if (is_exact(item, &c_argument_type) && c_argument_of(item)->object != VALUE_NULL) {
        target = c_type_of_object(vm, c_argument_of(item)->object);
    }
    return target && target->kind == C_SIMPLE && target->code == code;
}

/* c_char_p and c_wchar_p */
static value text_from_param(struct vm *vm, value self, value item, char code, char item_code, native_function convert)
{
    if (item == NONE)
        return NONE;
    if (code == 'z' ? is_bytes(item) : is_string(item))
        return stored_argument(vm, code, item);
    int same = object_is_instance(vm, item, self);
    if (same)
        return same < 0 ? VALUE_NULL : item;
    return leads_to(vm, item, item_code) ? item : from_attribute(vm, self, item, convert);
}

METHOD(char_pointer_from_param)
{
    (void)count, (void)keyword_names;
    return text_from_param(vm, self, arguments[0], 'z', 'c', char_pointer_from_param);
}

METHOD(wide_pointer_from_param)
{
    (void)count, (void)keyword_names;
    return text_from_param(vm, self, arguments[0], 'Z', 'u', wide_pointer_from_param);
}

static value pointer_argument(struct vm *vm, char tag, value item)
{
    value argument = c_argument_new(vm, tag, &ffi_type_pointer, item);
    if (argument != VALUE_NULL)
        memcpy(&c_argument_of(argument)->content.pointer, cdata_of(item)->data, sizeof(void *));
    return argument;
}

METHOD(void_pointer_from_param)
{
    (void)count, (void)keyword_names;
    value item = arguments[0];
    if (item == NONE)
        return NONE;
    if (is_int(item) || is_bytes(item) || is_string(item))
        return stored_argument(vm, is_int(item) ? 'P' : is_bytes(item) ? 'z' : 'Z', item);
    int same = object_is_instance(vm, item, self);
    if (same)
        return same < 0 ? VALUE_NULL : item;
    if (is_kind(vm, item, &c_array_type) || is_kind(vm, item, &c_pointer_type) ||
        (is_exact(item, &c_argument_type) && c_argument_of(item)->tag == 'P'))
        return item;
    if (is_kind(vm, item, &c_function_type))
        return pointer_argument(vm, 'P', item);
    const struct c_type *c = is_cdata(vm, item) ? c_type_of_object(vm, item) : NULL;
    if (c && c->kind == C_SIMPLE && (c->code == 'z' || c->code == 'Z'))
        return pointer_argument(vm, 'Z', item);
    return from_attribute(vm, self, item, void_pointer_from_param);
}

static const struct method_definition special_from_param[] = {
    {"from_param", "(object, /)", char_pointer_from_param, METHOD_CLASS, NULL},
    {"from_param", "(object, /)", wide_pointer_from_param, METHOD_CLASS, NULL},
    {"from_param", "(object, /)", void_pointer_from_param, METHOD_CLASS, NULL}};

/* ---- classes ---- */

static bool fill_in(struct vm *vm, struct type *type, const struct c_format *format, value letter, bool swapped)
{
    struct c_type *c = c_type_new(vm, type, C_SIMPLE);
    if (!c)
        return false;
    c->code = format->code;
    c->swapped = swapped;
    c->size = c->align = c->item_size = format->size;
    c->ffi = *format->ffi;
    c->proto = letter;
    char shown = format->code == 'l' ? 'q' : format->code == 'L' ? 'Q' : format->code;
    c->format = format_printf("%c%c", swapped ? '>' : '<', shown);
    if (strchr("zZPO", format->code))
        c->flags |= C_IS_POINTER;
    return true;
}

/* _type_ of the class's namespace, or inherited; NULL: an exception is pending. */
static const struct c_format *check_letter(struct vm *vm, value class, value *letter)
{
    int found = find_attribute(vm, class, intern_text(vm, "_type_"), letter);
    if (found < 0)
        return NULL;
    const struct c_format *format = NULL;
    if (!found)
        raise_error(vm, &exc_AttributeError, "class must define a '_type_' attribute");
    else if (!is_string(*letter))
        raise_error(vm, &exc_TypeError, "class must define a '_type_' string attribute");
    else if (string_of(*letter)->length != 1)
        raise_error(vm, &exc_ValueError, "class must define a '_type_' attribute which must be a string of length 1");
    else if (!(format = c_format_find(string_at(string_of(*letter), 0))))
        raise_error(vm, &exc_AttributeError,
                    "class must define a '_type_' attribute which must be\na single character string containing one of '%s'.",
                    c_format_letters);
    return format;
}

/* The class of the other byte order: c_int.__ctype_be__. */
static bool add_swapped(struct vm *vm, value class, const value *arguments, const struct c_format *format, value letter)
{
    value parts[3] = {string_printf(vm, "%U_be", arguments[0]), arguments[1], arguments[2]};
    struct type *metaclass = value_type(vm, class);
    value swapped = parts[0] == VALUE_NULL ? VALUE_NULL : type_new(vm, metaclass, parts, 3, VALUE_NULL);
    if (swapped == VALUE_NULL || !fill_in(vm, type_of_value(swapped), format, letter, true))
        return false;
    type_of_value(swapped)->qualified_name = type_long_name(vm, type_of_value(class));
    value little = intern_text(vm, "__ctype_le__"), big = intern_text(vm, "__ctype_be__");
    return set_attribute(vm, class, little, class) && set_attribute(vm, class, big, swapped) &&
           set_attribute(vm, swapped, little, class) && set_attribute(vm, swapped, big, swapped);
}

static value simple_class_new(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names)
{
    bool made;
    value letter;
    struct type *type = class_make(vm, metaclass, arguments, count, keyword_names, &made);
    if (!type || !made)
        return type ? object_value(type) : VALUE_NULL;
    value class = object_value(type);
    const struct c_format *format = check_letter(vm, class, &letter);
    if (!format || !fill_in(vm, type, format, letter, false))
        return VALUE_NULL;
    if (metaclass != &simple_metatype || type->base != &c_simple_type)
        return class;
    const char *const pointers = "zZP", *pointer = strchr(pointers, format->code);
    if (pointer) {
        value method = method_descriptor_new(vm, type, &special_from_param[pointer - pointers]);
        if (method == VALUE_NULL || !set_attribute(vm, class, intern_text(vm, "from_param"), method))
            return VALUE_NULL;
    }
    return !format->swappable || add_swapped(vm, class, arguments, format, letter) ? class : VALUE_NULL;
}

static const struct method_definition simple_class_methods[] = {CLASS_METHODS(simple_from_param), {0}};

struct type simple_metatype = {.name = "_ctypes.PyCSimpleType",
                               .base = &type_type,
                               .flags = TYPE_SUBCLASSABLE,
                               .instance_size = sizeof(struct type),
                               .doc = "metatype for the PyCSimpleType Objects",
                               .methods = simple_class_methods,
                               .new = simple_class_new,
                               .repeat = class_repeat};

/* ---- instances ---- */

static bool set_value(struct vm *vm, value self, value item)
{
    struct cdata *data = cdata_of(self);
    const struct c_type *c = c_type_of_object(vm, self);
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "can't delete attribute");
        return false;
    }
    value kept = c_store(vm, c->code, c->swapped, data->data, item, c->size);
    return kept != VALUE_NULL && cdata_keep(vm, self, 0, kept);
}

static value get_value(struct vm *vm, value self)
{
    const struct c_type *c = c_type_of_object(vm, self);
    return c_load(vm, c->code, c->swapped, cdata_of(self)->data, c->size);
}

static bool simple_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "__init__", count, VALUE_NULL, 0, 1))
        return false;
    (void)keyword_names;
    return count == 0 || set_value(vm, self, arguments[0]);
}

static value simple_repr(struct vm *vm, value self)
{
    struct type *type = value_type(vm, self);
    if (type->base != &c_simple_type)
        return string_printf(vm, "<%T object at 0x%lx>", self, (unsigned long)object_identity(vm, self));
    value item = get_value(vm, self);
    return item == VALUE_NULL ? item : string_printf(vm, "%T(%R)", self, item);
}

static int simple_truth(struct vm *vm, value self)
{
    (void)vm;
    const struct cdata *data = cdata_of(self);
    for (int64_t i = 0; i < data->size; i++)
        if (data->data[i])
            return 1;
    return 0;
}

METHOD(from_out_parameter)
{
    UNUSED;
    return is_plain_simple(value_type(vm, self)) ? get_value(vm, self) : self;
}

static const struct method_definition simple_methods[] = {{"__ctypes_from_outparam__", "()", from_out_parameter, 0, NULL}, {0}};
static const struct property_definition simple_properties[] = {{"value", get_value, set_value}, {NULL, NULL, NULL}};

struct type c_simple_type = {.name = "_ctypes._SimpleCData",
                             .base = &cdata_type,
                             .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                             .doc = "XXX to be provided",
                             .instance_size = sizeof(struct cdata),
                             .methods = simple_methods,
                             .properties = simple_properties,
                             .new = cdata_new,
                             .init = simple_init,
                             .repr = simple_repr,
                             .truth = simple_truth};
