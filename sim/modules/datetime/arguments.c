/* arguments.c - the arguments of _datetime's constructors, with the messages of CPython's PyArg_ParseTupleAndKeywords. */
#include "sim/modules/datetime/datetime.h"

bool bind_given(struct vm *vm, const struct parameters *expected, const value *arguments, size_t count, value keyword_names,
                value *out)
{
    size_t named = keyword_count(keyword_names);
    const char *function = expected->function ? expected->function : "function";
    const char *parentheses = expected->function ? "()" : "";
    for (int i = 0; i < expected->total; i++)
        out[i] = (size_t)i < count && i < expected->positional ? arguments[i] : VALUE_NULL;
    if (count + named > (size_t)expected->total) {
        raise_error(vm, &exc_TypeError, "%s%s takes at most %d %sargument%s (%zu given)", function, parentheses, expected->total,
                    count ? "" : "keyword ", expected->total == 1 ? "" : "s", count + named);
        return false;
    }
    if (count > (size_t)expected->positional) {
        raise_error(vm, &exc_TypeError, "%s%s takes %s %d positional arguments (%zu given)", function, parentheses,
                    expected->required < expected->positional ? "at most" : "exactly", expected->positional, count);
        return false;
    }
    for (size_t k = 0; k < named; k++) {
        value name = tuple_of(keyword_names)->items[k];
        int i = 0;
        while (i < expected->total && !string_is(name, expected->names[i]))
            i++;
        if (i == expected->total) {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for %s%s", name,
                        expected->function ? function : "this function", parentheses);
            return false;
        }
        if (out[i] != VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "argument for %s%s given by name ('%U') and position (%d)", function, parentheses,
                        name, i + 1);
            return false;
        }
        out[i] = arguments[count + k];
    }
    for (int i = 0, number; i < expected->required; i++) {
        if (out[i] == VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "%s%s missing required argument '%s' (pos %d)", function, parentheses,
                        expected->names[i], i + 1);
            return false;
        }
        if (!expected->function && !int_argument(vm, out[i], &number)) /* complained of before what is missing after it */
            return false;
    }
    return true;
}

bool int_argument(struct vm *vm, value v, int *out)
{
    return v == VALUE_NULL || value_to_c_int(vm, v, out);
}

const char *class_name(struct vm *vm, value self)
{
    return value_type(vm, self)->name;
}

bool readonly(struct vm *vm, value self, value item)
{
    (void)self, (void)item;
    raise_error(vm, &exc_AttributeError, "readonly attribute");
    return false;
}

bool set_class_value(struct vm *vm, struct type *type, const char *name, value v)
{
    return v != VALUE_NULL && dict_set_text(vm, type->dict, name, v);
}

value state_text(struct vm *vm, value state, size_t size)
{
    if (has_flag(state, TYPE_BYTES))
        return bytes_of(state)->length == size ? state : VALUE_NULL;
    if (!has_flag(state, TYPE_STRING) || string_of(state)->length != size)
        return VALUE_NULL;
    value bytes = string_encode(vm, state, "latin1", "strict");
    if (bytes == VALUE_NULL) {
        exception_clear(vm);
        raise_error(vm, &exc_ValueError, "Failed to encode latin1 string when unpickling a datetime object. "
                                         "pickle.load(data, encoding='latin1') is assumed.");
    }
    return bytes;
}

value reduced_state(struct vm *vm, value self, const uint8_t *data, size_t size, value zone)
{
    value bytes = bytes_from(vm, data, size);
    value state = bytes == VALUE_NULL ? VALUE_NULL : zone == NONE ? tuple_pack(vm, 1, bytes) : tuple_pack(vm, 2, bytes, zone);
    return state == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(value_type(vm, self)), state);
}
