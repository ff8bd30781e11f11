/* classes.c - what the metaclasses of _ctypes have in common: making classes, from_address, from_buffer, from_buffer_copy,
 * from_param, in_dll, and class * number. */
#include "sim/modules/ctypes/ctypes.h"
#include "sim/runtime/memoryview.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- the object that a class keeps its C type in ---- */

static void c_type_trace(struct vm *vm, struct object *object)
{
    struct c_type *c = (struct c_type *)object;
    const value values[] = {c->proto, c->argument_types, c->converters, c->result_type, c->checker, c->parts};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        gc_mark(vm, values[i]);
}

static void c_type_release(struct vm *vm, struct object *object)
{
    (void)vm;
    struct c_type *c = (struct c_type *)object;
    free(c->format);
    free(c->shape);
}

struct type c_type_type = {.name = "_ctypes.StgDict",
                           .instance_size = sizeof(struct c_type),
                           .trace = c_type_trace,
                           .release = c_type_release};

struct c_type *c_type_new(struct vm *vm, struct type *type, enum c_kind kind)
{
    struct c_type *c = GC_NEW(vm, struct c_type, &c_type_type);
    if (!c)
        return NULL;
    c->kind = kind;
    c->proto = c->argument_types = c->converters = c->result_type = c->checker = c->parts = VALUE_NULL;
    type->native_part = object_value(c);
    return c;
}

char *format_printf(const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    return text;
}

/* ---- class statements ---- */

struct type *class_make(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names,
                        bool *made)
{
    value class = type_new(vm, metaclass, arguments, count, keyword_names);
    if (class == VALUE_NULL)
        return NULL;
    struct type *type = type_of_value(class);
    *made = is_type(class) && !c_type_of(type) && !(type->base == NULL);
    return type;
}

value class_attribute(struct vm *vm, struct type *type, const char *name)
{
    return dict_get_text(vm, type->dict, name);
}

value class_call(struct vm *vm, struct type *metaclass, value name, struct type *base, value namespace)
{
    value globals = engine_globals(vm);
    value module = globals == VALUE_NULL ? VALUE_NULL : dict_get_text(vm, dict_of(globals), "__name__");
    if (namespace == VALUE_NULL || name == VALUE_NULL ||
        (module != VALUE_NULL && !dict_set_text(vm, dict_of(namespace), "__module__", module)))
        return VALUE_NULL;
    value bases = tuple_pack(vm, 1, object_value(base));
    return bases == VALUE_NULL ? bases : call_3(vm, object_value(metaclass), name, bases, namespace);
}

value class_repeat(struct vm *vm, value type, int64_t count)
{
    if (count < 0)
        return raise_error(vm, &exc_ValueError, "Array length must be >= 0, not %ld", (long)count);
    return array_class(vm, type, count);
}

/* ---- from_... ---- */

#define UNUSED (void)count, (void)keyword_names

native_function_declaration(class_from_address)
{
    UNUSED;
    uint64_t address;
    if (!is_int(arguments[0]))
        return raise_error(vm, &exc_TypeError, "integer expected");
    if (!c_mask(vm, arguments[0], &address))
        return VALUE_NULL;
    return cdata_at(vm, type_of_value(self), (void *)(uintptr_t)address);
}

/* The C type, and the offset into a buffer, if that much fits behind it. */
static struct c_type *check_room(struct vm *vm, value self, value offset_given, int64_t length, int64_t *offset)
{
    struct c_type *c = c_type_of_class(self);
    *offset = 0;
    if (!c) {
        raise_error(vm, &exc_TypeError, "abstract class");
        return NULL;
    }
    if (offset_given != VALUE_NULL && !value_to_count(vm, offset_given, offset))
        return NULL;
    if (*offset < 0)
        raise_error(vm, &exc_ValueError, "offset cannot be negative");
    else if (c->size > length - *offset)
        raise_error(vm, &exc_ValueError, "Buffer size too small (%ld instead of at least %ld bytes)", (long)length,
                    (long)(c->size + *offset));
    return vm->pending == VALUE_NULL ? c : NULL;
}

native_function_declaration(class_from_buffer)
{
    UNUSED;
    int64_t offset;
    struct item_buffer buffer;
    if (!c_type_of_class(self))
        return raise_error(vm, &exc_TypeError, "abstract class");
    value view = memoryview_over(vm, arguments[0]);
    if (view == VALUE_NULL)
        return VALUE_NULL;
    view_describe(view, &buffer);
    if (buffer.readonly)
        return raise_error(vm, &exc_TypeError, "underlying buffer is not writable");
    if (!buffer_is_contiguous(&buffer, 'C'))
        return raise_error(vm, &exc_TypeError, "underlying buffer is not C contiguous");
    if (!check_room(vm, self, arguments[1], buffer.length, &offset))
        return VALUE_NULL;
    value made = cdata_at(vm, type_of_value(self), buffer.data + offset);
    if (made == VALUE_NULL || !cdata_keep(vm, made, -1, view))
        return VALUE_NULL;
    return made;
}

native_function_declaration(class_from_buffer_copy)
{
    UNUSED;
    int64_t offset;
    struct span bytes;
    if (!bytes_like(vm, arguments[0], &bytes))
        return VALUE_NULL;
    struct c_type *c = check_room(vm, self, arguments[1], (int64_t)bytes.length, &offset);
    value made = c ? cdata_new(vm, type_of_value(self), NULL, 0, VALUE_NULL) : VALUE_NULL;
    if (made != VALUE_NULL) {
        memcpy(cdata_of(made)->data, (const uint8_t *)bytes.data + offset, (size_t)c->size);
        ADD_WORK(vm, characters, c->size);
    }
    return made;
}

native_function_declaration(class_in_dll)
{
    UNUSED;
    if (!is_string(arguments[1]))
        return raise_error(vm, &exc_TypeError, "in_dll() argument 2 must be str, not %T", arguments[1]);
    value name = string_encode(vm, arguments[1], "utf-8", "strict");
    value handle = name == VALUE_NULL ? name : get_attribute_text(vm, arguments[0], "_handle");
    if (handle == VALUE_NULL)
        return VALUE_NULL;
    if (!is_int(handle))
        return raise_error(vm, &exc_TypeError, "the _handle attribute of the second argument must be an integer");
    void *address = library_symbol(vm, handle, (const char *)bytes_of(name)->data);
    if (!address) {
        value error = exception_take(vm);
        return raise_error(vm, &exc_ValueError, "%S", error);
    }
    return cdata_at(vm, type_of_value(self), address);
}

int as_parameter(struct vm *vm, value item, value *out)
{
    return find_attribute(vm, item, intern_text(vm, "_as_parameter_"), out);
}

value class_from_param(struct vm *vm, value type, value item)
{
    int same = object_is_instance(vm, item, type);
    if (same)
        return same < 0 ? VALUE_NULL : item;
    if (is_exact(item, &c_argument_type)) {
        value object = c_argument_of(item)->object;
        const struct c_type *c = c_type_of_class(type);
        same = c && is_type(c->proto) && object != VALUE_NULL ? object_is_instance(vm, object, c->proto) : 0;
        if (same)
            return same < 0 ? VALUE_NULL : item;
        return raise_error(vm, &exc_TypeError, "expected %s instance instead of pointer to %s", type_of_value(type)->name,
                           object == VALUE_NULL ? "???" : value_type(vm, object)->name);
    }
    value other;
    int found = as_parameter(vm, item, &other);
    if (found)
        return found < 0 ? VALUE_NULL : class_from_param(vm, type, other);
    return raise_error(vm, &exc_TypeError, "expected %s instance instead of %T", type_of_value(type)->name, item);
}

native_function_declaration(class_from_param_method)
{
    UNUSED;
    return class_from_param(vm, self, arguments[0]);
}
