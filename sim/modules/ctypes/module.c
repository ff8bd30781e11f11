/* module.c - module _ctypes: its functions and constants, the functions of our own that have addresses, and its state. */
#include "sim/modules/ctypes/ctypes.h"
#include "sim/modules/thread.h"
#include "sim/runtime/module.h"
#include "sim/runtime/number.h"

#include <dlfcn.h>

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

METHOD(size_of)
{
    UNUSED;
    const struct c_type *c = c_type_of_class(arguments[0]);
    if (c)
        return int_from_int64(vm, c->size);
    if (is_cdata(vm, arguments[0]))
        return int_from_int64(vm, cdata_of(arguments[0])->size);
    return raise_error(vm, &exc_TypeError, "this type has no size");
}

METHOD(alignment)
{
    UNUSED;
    const struct c_type *c = c_type_of_class(arguments[0]);
    if (!c && is_cdata(vm, arguments[0]))
        c = c_type_of_object(vm, arguments[0]);
    return c ? int_from_int64(vm, c->align) : raise_error(vm, &exc_TypeError, "no alignment info");
}

METHOD(by_reference)
{
    UNUSED;
    int64_t offset = 0;
    if (arguments[1] != VALUE_NULL && !value_to_count(vm, arguments[1], &offset))
        return VALUE_NULL;
    if (!is_cdata(vm, arguments[0]))
        return raise_error(vm, &exc_TypeError, "byref() argument must be a ctypes instance, not '%T'", arguments[0]);
    value argument = c_argument_new(vm, 'P', &ffi_type_pointer, arguments[0]);
    if (argument != VALUE_NULL)
        c_argument_of(argument)->content.integer = (int64_t)(uintptr_t)cdata_of(arguments[0])->data + offset;
    return argument;
}

METHOD(address_of)
{
    UNUSED;
    if (!is_cdata(vm, arguments[0]))
        return raise_error(vm, &exc_TypeError, "invalid type");
    return int_from_uint64(vm, (uint64_t)(uintptr_t)cdata_of(arguments[0])->data);
}

METHOD(pointer_type)
{
    UNUSED;
    return pointer_class(vm, arguments[0]);
}

METHOD(pointer_to)
{
    UNUSED;
    value class = pointer_class(vm, object_value(value_type(vm, arguments[0])));
    return class == VALUE_NULL ? class : call_1(vm, class, arguments[0]);
}

METHOD(resize)
{
    UNUSED;
    int64_t size;
    if (!is_cdata(vm, arguments[0]))
        return raise_error(vm, &exc_TypeError, "excepted ctypes instance");
    if (!value_to_count(vm, arguments[1], &size))
        return VALUE_NULL;
    struct cdata *data = cdata_of(arguments[0]);
    int64_t least = c_type_of_object(vm, arguments[0])->size;
    if (size < least)
        return raise_error(vm, &exc_ValueError, "minimum size is %ld", (long)least);
    if (!data->owns)
        return raise_error(vm, &exc_ValueError, "Memory cannot be resized because this object doesn't own it");
    if (size <= data->size) {
        data->size = size;
        return NONE;
    }
    return cdata_memory(vm, data, size) ? NONE : VALUE_NULL;
}

METHOD(unpickle)
{
    UNUSED;
    if (!has_flag(arguments[1], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "_unpickle() argument 2 must be tuple, not %T", arguments[1]);
    value made = call_method(vm, arguments[0], "__new__", arguments, 1);
    const struct tuple_object *state = tuple_of(arguments[1]);
    if (made == VALUE_NULL || call_method(vm, made, "__setstate__", state->items, state->length) == VALUE_NULL)
        return VALUE_NULL;
    return made;
}

METHOD(buffer_info)
{
    UNUSED;
    const struct c_type *c = c_type_of_class(arguments[0]);
    if (!c && is_cdata(vm, arguments[0]))
        c = c_type_of_object(vm, arguments[0]);
    if (!c)
        return raise_error(vm, &exc_TypeError, "not a ctypes type or object");
    value shape = tuple_new(vm, (size_t)c->dimensions);
    for (int i = 0; shape != VALUE_NULL && i < c->dimensions; i++)
        tuple_of(shape)->items[i] = int_from_int64(vm, c->shape[i]);
    value format = c->format ? string_from_text(vm, c->format) : NONE;
    return shape == VALUE_NULL ? shape : tuple_pack(vm, 3, format, small_int(c->dimensions), shape);
}

/* Each thread has a copy of errno; that of the running one is kept with its local objects. */
static const char errno_key[] = "ctypes.error_object";

int own_errno_exchange(struct vm *vm, int number)
{
    value *locals = thread_locals(vm);
    if (*locals == VALUE_NULL && (*locals = dict_new(vm)) == VALUE_NULL)
        return 0;
    value old = dict_get_text(vm, dict_of(*locals), errno_key);
    if (!dict_set_text(vm, dict_of(*locals), errno_key, small_int(number)))
        return 0;
    return old == VALUE_NULL ? 0 : (int)small_int_value(old);
}

METHOD(get_errno)
{
    UNUSED;
    int number = own_errno_exchange(vm, 0);
    own_errno_exchange(vm, number);
    return vm->pending == VALUE_NULL ? small_int(number) : VALUE_NULL;
}

METHOD(set_errno)
{
    UNUSED;
    int number;
    if (!value_to_c_int(vm, arguments[0], &number))
        return VALUE_NULL;
    int old = own_errno_exchange(vm, number);
    return vm->pending == VALUE_NULL ? small_int(old) : VALUE_NULL;
}

static value call_address(struct vm *vm, const value *arguments, unsigned flags)
{
    uint64_t address;
    if (!is_int(arguments[0]) || !has_flag(arguments[1], TYPE_TUPLE) || !c_mask(vm, arguments[0], &address))
        return raise_error(vm, &exc_TypeError, "an address and a tuple are required");
    struct foreign_call call = {.address = (void *)(uintptr_t)address, .name = VALUE_NULL, .flags = flags, .converters = VALUE_NULL,
                                .result_type = VALUE_NULL, .checker = VALUE_NULL};
    return invoke(vm, &call, tuple_of(arguments[1])->items, tuple_of(arguments[1])->length);
}

METHOD(call_plain)
{
    UNUSED;
    return call_address(vm, arguments, 0);
}

METHOD(call_cdecl)
{
    UNUSED;
    return call_address(vm, arguments, CALL_CDECL);
}

/* ---- functions of our own: memory as text, casts ---- */

const char own_functions[OWN_COUNT] = {0};

static bool check_cast(struct vm *vm, value type)
{
    const struct c_type *c = c_type_of_class(type);
    if (c && (c->kind == C_POINTER || c->kind == C_FUNCTION || (c->kind == C_SIMPLE && strchr("PzZO", c->code))))
        return true;
    raise_error(vm, &exc_TypeError, "cast() argument 2 must be a pointer type, not %s",
                is_type(type) ? type_of_value(type)->name : value_type(vm, type)->name);
    return false;
}

static value cast(struct vm *vm, void *address, value source, value type)
{
    value made = check_cast(vm, type) ? call_0(vm, type) : VALUE_NULL;
    if (made == VALUE_NULL)
        return VALUE_NULL;
    if (is_cdata(vm, source)) { /* both keep what the source keeps, and the source */
        struct cdata *data = cdata_of(source);
        if (cdata_kept(vm, source) == VALUE_NULL)
            return VALUE_NULL;
        if (data->objects == NONE && (data->objects = dict_new(vm)) == VALUE_NULL)
            return VALUE_NULL;
        cdata_of(made)->objects = data->objects;
        if (is_exact(data->objects, &dict_type) &&
            !dict_set(vm, dict_of(data->objects), int_from_uint64(vm, object_identity(vm, source)), source))
            return VALUE_NULL;
    }
    memcpy(cdata_of(made)->data, &address, sizeof address);
    return made;
}

value own_function_call(struct vm *vm, int which, const union c_value *arguments, size_t count)
{
    const char *text = arguments[0].pointer;
    int size = (int)arguments[1].integer;
    if (which == OWN_CAST)
        return count < 3 ? raise_error(vm, &exc_TypeError, "cast takes three arguments")
                         : cast(vm, arguments[0].pointer, (value)arguments[1].integer ^ VALUE_NULL,
                                (value)arguments[2].integer ^ VALUE_NULL);
    if (count < 2)
        return raise_error(vm, &exc_TypeError, "an address and a size are required");
    if (size < -1)
        return raise_error(vm, &exc_SystemError, "Negative size passed to %s",
                           which == OWN_STRING_AT ? "PyBytes_FromStringAndSize" : "PyUnicode_New");
    if (which == OWN_STRING_AT)
        return bytes_from(vm, text, size < 0 ? strlen(text) : (size_t)size);
    return c_wide_text(vm, text, size);
}

/* ---- the module ---- */

static void state_trace(struct vm *vm, void *context)
{
    (void)context;
    const struct ctypes_state *state = vm->ctypes;
    if (!state)
        return;
    gc_mark(vm, state->pointer_types);
    gc_mark(vm, state->array_types);
    gc_mark(vm, state->argument_error);
}

void ctypes_state_free(struct vm *vm)
{
    struct ctypes_state *state = vm->ctypes;
    vm->ctypes = NULL;
    if (!state)
        return;
    if (state->locale)
        freelocale(state->locale);
    free(state->allowed);
    free(state->callbacks);
    free(state);
}

static value make_error(struct vm *vm)
{
    value bases = tuple_pack(vm, 1, object_value(&exc_Exception)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "ctypes")))
        return VALUE_NULL;
    return type_new_class(vm, &type_type, intern_text(vm, "ArgumentError"), bases, namespace, VALUE_NULL);
}

static bool state_start(struct vm *vm)
{
    if (vm->ctypes) /* the module is made a second time */
        return true;
    struct ctypes_state *state = vm->ctypes = calloc(1, sizeof *vm->ctypes);
    if (!state) {
        raise_no_memory(vm);
        return false;
    }
    gc_add_tracer(vm, state_trace, NULL);
    state->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    state->pointer_types = dict_new(vm);
    state->array_types = dict_new(vm);
    state->argument_error = make_error(vm);
    return vm->pending == VALUE_NULL;
}

static bool add_address(struct vm *vm, value module, const char *name, const void *address)
{
    return dict_set_text(vm, support_dict(module), name, int_from_uint64(vm, (uint64_t)(uintptr_t)address));
}

static bool add_types(struct vm *vm, value module)
{
    const struct { struct type *type, *metaclass; const char *name; } rows[] = {
        {&c_structure_type, &structure_metatype, "Structure"}, {&c_union_type, &union_metatype, "Union"},
        {&c_pointer_type, &pointer_metatype, "_Pointer"},      {&c_array_type, &array_metatype, "Array"},
        {&c_simple_type, &simple_metatype, "_SimpleCData"},    {&c_function_type, &function_metatype, "CFuncPtr"}};
    type_ready(vm, &c_type_type);
    type_ready(vm, &c_field_type);
    type_ready(vm, &c_argument_type);
    type_ready(vm, &callback_type);
    type_ready(vm, &cdata_type);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        type_ready(vm, rows[i].metaclass);
        type_ready(vm, rows[i].type);
        rows[i].type->head.shape = &rows[i].metaclass->shape;
        if (!dict_set_text(vm, support_dict(module), rows[i].name, object_value(rows[i].type)))
            return false;
    }
    return true;
}

static bool initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {
        {"FUNCFLAG_CDECL", CALL_CDECL}, {"FUNCFLAG_USE_ERRNO", CALL_USE_ERRNO}, {"FUNCFLAG_USE_LASTERROR", CALL_USE_LAST_ERROR},
        {"FUNCFLAG_PYTHONAPI", CALL_PYTHON_API}, {"RTLD_LOCAL", RTLD_LOCAL}, {"RTLD_GLOBAL", RTLD_GLOBAL},
        {"CTYPES_MAX_ARGCOUNT", ARGUMENTS_MAX}, {NULL, 0}};
    if (!state_start(vm) || !add_types(vm, module) || !support_add_constants(vm, module, constants))
        return false;
    struct dict_object *dict = support_dict(module);
    for (const struct method_definition *f = library_functions; f->name; f++)
        if (!dict_set_text(vm, dict, f->name, native_function_new(vm, f, module, "_ctypes")))
            return false;
    return dict_set_text(vm, dict, "ArgumentError", vm->ctypes->argument_error) &&
           dict_set_text(vm, dict, "_pointer_type_cache", vm->ctypes->pointer_types) &&
           dict_set_text(vm, dict, "__version__", string_from_text(vm, "1.1.0")) &&
           add_address(vm, module, "_memmove_addr", __extension__(void *) memmove) &&
           add_address(vm, module, "_memset_addr", __extension__(void *) memset) &&
           add_address(vm, module, "_string_at_addr", &own_functions[OWN_STRING_AT]) &&
           add_address(vm, module, "_wstring_at_addr", &own_functions[OWN_WSTRING_AT]) &&
           add_address(vm, module, "_cast_addr", &own_functions[OWN_CAST]);
}

static const struct method_definition functions[] = {
    {"get_errno", "()", get_errno, 0, NULL},
    {"set_errno", "(value, /)", set_errno, 0, NULL},
    {"POINTER", "(type, /)", pointer_type, 0, NULL},
    {"pointer", "(object, /)", pointer_to, 0, NULL},
    {"_unpickle", "(type, state, /)", unpickle, 0, NULL},
    {"buffer_info", "(object, /)", buffer_info, 0, "Return buffer interface information"},
    {"resize", "(object, size, /)", resize, 0, "Resize the memory buffer of a ctypes instance"},
    {"alignment", "(object, /)", alignment, 0,
     "alignment(C type) -> integer\nalignment(C instance) -> integer\nReturn the alignment requirements of a C instance"},
    {"sizeof", "(object, /)", size_of, 0,
     "sizeof(C type) -> integer\nsizeof(C instance) -> integer\nReturn the size in bytes of a C instance"},
    {"byref", "(object, offset=0, /)", by_reference, 0,
     "byref(C instance[, offset=0]) -> byref-object\n"
     "Return a pointer lookalike to a C instance, only usable\nas function argument"},
    {"addressof", "(object, /)", address_of, 0,
     "addressof(C instance) -> integer\nReturn the address of the C instance internal buffer"},
    {"call_function", "(address, arguments, /)", call_plain, 0, NULL},
    {"call_cdeclfunction", "(address, arguments, /)", call_cdecl, 0, NULL},
    {0}};

const struct native_module ctypes_module = {"_ctypes", initialize, functions};
