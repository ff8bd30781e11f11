/* parameters.c - what Python values become as arguments of C functions; CArgObject, which byref() and from_param() make. */
#include "sim/modules/ctypes/ctypes.h"

value c_argument_new(struct vm *vm, char tag, ffi_type *ffi, value object)
{
    struct c_argument *argument = GC_NEW(vm, struct c_argument, &c_argument_type);
    if (!argument)
        return VALUE_NULL;
    argument->tag = tag;
    argument->ffi = ffi;
    argument->object = object;
    return object_value(argument);
}

static void argument_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct c_argument *)object)->object);
}

static value argument_repr(struct vm *vm, value self)
{
    const struct c_argument *argument = c_argument_of(self);
    const union c_value *content = &argument->content;
    char tag = argument->tag;
    switch (tag) {
    case 'b': case 'B': case 'h': case 'H': case 'i': case 'I': case 'l': case 'L': case 'q': case 'Q':
        return string_printf(vm, "<cparam '%c' (%S)>", tag, c_load(vm, tag, false, content, 0));
    case 'd': case 'f':
        return string_printf(vm, "<cparam '%c' (%R)>", tag, c_load(vm, tag, false, content, 0));
    case 'c': {
        unsigned byte = content->bytes[0];
        if (byte >= ' ' && byte < 0x7f && byte != '\'' && byte != '\\')
            return string_printf(vm, "<cparam '%c' ('%c')>", tag, (int)byte);
        return string_printf(vm, "<cparam '%c' ('\\x%02x')>", tag, byte);
    }
    case 'z': case 'Z': case 'P':
        return string_printf(vm, "<cparam '%c' (0x%lx)>", tag, (unsigned long)content->integer);
    }
    return string_printf(vm, "<cparam '%c' at 0x%lx>", tag, (unsigned long)object_identity(vm, self));
}

static value argument_object(struct vm *vm, value self)
{
    (void)vm;
    value object = c_argument_of(self)->object;
    return object == VALUE_NULL ? NONE : object;
}

static const struct property_definition argument_properties[] = {{"_obj", argument_object, refuse_member}, {NULL, NULL, NULL}};

struct type c_argument_type = {.name = "CArgObject",
                               .instance_size = sizeof(struct c_argument),
                               .trace = argument_trace,
                               .repr = argument_repr,
                               .properties = argument_properties};

/* ---- passing ---- */

static bool pass_data(struct vm *vm, value item, struct passed_argument *out)
{
    const struct cdata *data = cdata_of(item);
    struct c_type *c = c_type_of_object(vm, item);
    out->kept = item;
    out->type = &ffi_type_pointer;
    switch (c->kind) {
    case C_ARRAY:
        out->content.pointer = data->data;
        return true;
    case C_POINTER: case C_FUNCTION:
        memcpy(&out->content, data->data, sizeof(void *));
        return true;
    case C_SIMPLE:
        out->type = &c->ffi;
        memcpy(&out->content, data->data, (size_t)c->size);
        return true;
    case C_STRUCTURE: case C_UNION:
        break;
    }
    out->type = c_ffi_type(c);
    out->memory = gc_storage(vm, (size_t)data->size + 16); /* a copy: whole words of it are read */
    if (out->memory)
        memcpy(out->memory, data->data, (size_t)data->size);
    return out->memory != NULL;
}

/* Without argtypes an int is a C int. */
static bool pass_int(struct vm *vm, value item, struct passed_argument *out)
{
    uint64_t word;
    int64_t number;
    if (int_sign(item) < 0 ? !value_to_int64(vm, item, &number) : int_compare(item, int_from_uint64(vm, UINT64_MAX)) > 0) {
        exception_clear(vm);
        raise_error(vm, &exc_OverflowError, "int too long to convert");
        return false;
    }
    if (!c_mask(vm, item, &word))
        return false;
    out->type = &ffi_type_sint;
    out->content.integer = (int32_t)word;
    return true;
}

bool argument_pass(struct vm *vm, value item, size_t position, struct passed_argument *out)
{
    value other;
    *out = (struct passed_argument){.type = &ffi_type_pointer, .kept = item};
    if (is_cdata(vm, item))
        return pass_data(vm, item, out);
    if (is_exact(item, &c_argument_type)) {
        out->type = c_argument_of(item)->ffi;
        out->content = c_argument_of(item)->content;
        return true;
    }
    if (item == NONE)
        return true;
    if (is_int(item))
        return pass_int(vm, item, out);
    if (is_bytes(item)) {
        out->content.pointer = bytes_of(item)->data;
        return true;
    }
    if (is_string(item)) {
        out->kept = c_wide_buffer(vm, item);
        if (out->kept != VALUE_NULL)
            out->content.pointer = bytes_of(out->kept)->data;
        return out->kept != VALUE_NULL;
    }
    int found = as_parameter(vm, item, &other);
    if (found > 0) {
        bool passed = recursion_enter(vm, " while processing _as_parameter_");
        if (passed) {
            passed = argument_pass(vm, other, position, out);
            recursion_leave(vm);
        }
        return passed;
    }
    if (found == 0)
        raise_error(vm, &exc_TypeError, "Don't know how to convert parameter %zu", position);
    return false;
}

value converters_of(struct vm *vm, value argument_types)
{
    struct tuple_object *types = tuple_of(argument_types);
    if (types->length > ARGUMENTS_MAX)
        return raise_error(vm, native_error(vm->ctypes->argument_error), "_argtypes_ has too many arguments (%zu), maximum is %d",
                           (size_t)types->length, (int)ARGUMENTS_MAX);
    value converters = tuple_new(vm, types->length);
    for (size_t i = 0; converters != VALUE_NULL && i < types->length; i++) {
        value convert;
        int found = find_attribute(vm, types->items[i], intern_text(vm, "from_param"), &convert);
        if (found < 0)
            return VALUE_NULL;
        if (!found)
            return raise_error(vm, &exc_TypeError, "item %zu in _argtypes_ has no from_param method", i + 1);
        tuple_of(converters)->items[i] = convert;
    }
    return converters;
}
