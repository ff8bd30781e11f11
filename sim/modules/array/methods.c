/* methods.c - the methods of array.array and the module around it. */
#include "sim/modules/array/array.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#define METHOD(name)                                                                                                   \
    static value array_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

METHOD(append_method)
{
    UNUSED;
    return array_append(vm, array_of(self), arguments[0]) ? NONE : VALUE_NULL;
}

METHOD(extend)
{
    UNUSED;
    bool done = is_array(vm, arguments[0]) ? array_extend_array(vm, self, arguments[0])
                                           : array_extend_iterable(vm, self, arguments[0]);
    return done ? NONE : VALUE_NULL;
}

METHOD(fromlist)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_LIST))
        return raise_error(vm, &exc_TypeError, "arg must be list");
    struct array_object *array = array_of(self);
    size_t old = array->length, length = list_of(arguments[0])->length;
    for (size_t i = 0; i < length; i++) {
        if (i < list_of(arguments[0])->length && array_append(vm, array, list_of(arguments[0])->items[i]) &&
            list_of(arguments[0])->length == length)
            continue;
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_RuntimeError, "list changed size during iteration");
        array->length = old; /* all or nothing */
        return VALUE_NULL;
    }
    ADD_WORK(vm, items, length);
    return NONE;
}

METHOD(tolist)
{
    UNUSED;
    value list = list_new(vm, array_of(self)->length);
    for (size_t i = 0; list != VALUE_NULL && i < array_of(self)->length; i++) {
        value item = array_item_load(vm, array_of(self), i);
        if (item == VALUE_NULL)
            return VALUE_NULL;
        list_of(list)->items[i] = item;
    }
    ADD_WORK(vm, items, array_of(self)->length);
    return list;
}

METHOD(frombytes)
{
    UNUSED;
    const uint8_t *data;
    size_t size;
    if (!buffer_of(vm, arguments[0], &data, &size))
        return VALUE_NULL;
    if (size % array_of(self)->item_size)
        return raise_error(vm, &exc_ValueError, "bytes length not a multiple of item size");
    if (value_object(arguments[0]) == value_object(self)) {
        value copy = bytes_from(vm, data, size);
        if (copy == VALUE_NULL)
            return copy;
        data = bytes_of(copy)->data;
    }
    return array_add_bytes(vm, array_of(self), data, size) ? NONE : VALUE_NULL;
}

METHOD(tobytes)
{
    UNUSED;
    const struct array_object *array = array_of(self);
    ADD_WORK(vm, characters, array->length * array->item_size);
    return bytes_from(vm, array->data, array->length * array->item_size);
}

METHOD(fromunicode)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "fromunicode() argument must be str, not %T", arguments[0]);
    if (array_of(self)->code != 'u')
        return raise_error(vm, &exc_ValueError, "fromunicode() may only be called on unicode type arrays");
    return array_add_text(vm, array_of(self), arguments[0]) ? NONE : VALUE_NULL;
}

METHOD(tounicode)
{
    UNUSED;
    if (array_of(self)->code != 'u')
        return raise_error(vm, &exc_ValueError, "tounicode() may only be called on unicode type arrays");
    return array_text(vm, array_of(self));
}

METHOD(fromfile)
{
    UNUSED;
    int64_t items;
    if (!value_to_index(vm, arguments[1], &items))
        return VALUE_NULL;
    if (items < 0)
        return raise_error(vm, &exc_ValueError, "negative count");
    size_t wanted = (size_t)items * array_of(self)->item_size;
    value size = small_int((int64_t)wanted), bytes = call_method(vm, arguments[0], "read", &size, 1);
    if (bytes == VALUE_NULL)
        return bytes;
    if (!has_flag(bytes, TYPE_BYTES))
        return raise_error(vm, &exc_TypeError, "read() didn't return bytes");
    if (array_frombytes(vm, self, &bytes, 1, VALUE_NULL) == VALUE_NULL)
        return VALUE_NULL;
    if (bytes_of(bytes)->length != wanted)
        return raise_error(vm, &exc_EOFError, "read() didn't return enough bytes");
    return NONE;
}

METHOD(tofile)
{
    UNUSED;
    enum { PIECE = 64 * 1024 };
    size_t size = array_of(self)->length * array_of(self)->item_size;
    for (size_t at = 0; at < size; at += PIECE) {
        value part = bytes_from(vm, array_of(self)->data + at, size - at < PIECE ? size - at : PIECE);
        if (part == VALUE_NULL || call_method(vm, arguments[0], "write", &part, 1) == VALUE_NULL)
            return VALUE_NULL;
    }
    if (!size && get_attribute_text(vm, arguments[0], "write") == VALUE_NULL)
        exception_clear(vm); /* nothing is written, so nothing is asked */
    return NONE;
}

METHOD(byteswap)
{
    UNUSED;
    struct array_object *array = array_of(self);
    size_t size = array->item_size;
    for (size_t i = 0; i < array->length; i++) {
        uint8_t *item = array->data + i * size;
        for (size_t k = 0; k < size / 2; k++) {
            uint8_t other = item[k];
            item[k] = item[size - 1 - k];
            item[size - 1 - k] = other;
        }
    }
    ADD_WORK(vm, characters, array->length * size);
    return NONE;
}

METHOD(reverse)
{
    UNUSED;
    struct array_object *array = array_of(self);
    size_t size = array->item_size;
    uint8_t other[8];
    for (size_t i = 0; i < array->length / 2; i++) {
        uint8_t *a = array->data + i * size, *b = array->data + (array->length - 1 - i) * size;
        memcpy(other, a, size);
        memcpy(a, b, size);
        memcpy(b, other, size);
    }
    ADD_WORK(vm, items, array->length);
    return NONE;
}

/* The first position in [start, stop) of an equal item; -1: none, -2: error. */
static int64_t find(struct vm *vm, value self, value item, int64_t start, int64_t stop)
{
    for (int64_t i = start; i < stop && i < (int64_t)array_of(self)->length; i++) {
        value mine = array_item_load(vm, array_of(self), (size_t)i);
        int equal = mine == VALUE_NULL ? -1 : compare_truth(vm, COMPARE_EQ, mine, item);
        if (equal) {
            ADD_WORK(vm, items, i - start + 1);
            return equal < 0 ? -2 : i;
        }
    }
    ADD_WORK(vm, items, array_of(self)->length);
    return -1;
}

METHOD(index)
{
    UNUSED;
    int64_t start = 0, stop = INT64_MAX;
    if (!position_from_value(vm, arguments[1], &start) || !position_from_value(vm, arguments[2], &stop))
        return VALUE_NULL;
    int64_t length = (int64_t)array_of(self)->length;
    bound_adjust(&start, length);
    bound_adjust(&stop, length);
    int64_t found = find(vm, self, arguments[0], start, stop);
    if (found == -1)
        return raise_error(vm, &exc_ValueError, "array.index(x): x not in array");
    return found < 0 ? VALUE_NULL : small_int(found);
}

METHOD(count)
{
    UNUSED;
    int64_t found = -1, number = 0;
    while ((found = find(vm, self, arguments[0], found + 1, INT64_MAX)) >= 0)
        number++;
    return found == -2 ? VALUE_NULL : small_int(number);
}

static value remove_at(struct vm *vm, value self, int64_t index)
{
    struct array_object *array = array_of(self);
    size_t size = array->item_size, tail = array->length - 1 - (size_t)index;
    value item = array_item_load(vm, array, (size_t)index);
    if (item == VALUE_NULL)
        return item;
    if (array->exports || !tail) /* the resize decides */
        return set_item(vm, self, small_int(index), VALUE_NULL) ? item : VALUE_NULL;
    memmove(array->data + (size_t)index * size, array->data + ((size_t)index + 1) * size, tail * size);
    ADD_WORK(vm, characters, tail * size);
    return array_resize(vm, array, array->length - 1) ? item : VALUE_NULL;
}

METHOD(remove)
{
    UNUSED;
    int64_t found = find(vm, self, arguments[0], 0, INT64_MAX);
    if (found == -1)
        return raise_error(vm, &exc_ValueError, "array.remove(x): x not in array");
    return found < 0 || remove_at(vm, self, found) == VALUE_NULL ? VALUE_NULL : NONE;
}

METHOD(pop)
{
    UNUSED;
    int64_t index = -1, length;
    if (arguments[0] != VALUE_NULL && !value_to_index(vm, arguments[0], &index))
        return VALUE_NULL;
    length = (int64_t)array_of(self)->length;
    if (!length)
        return raise_error(vm, &exc_IndexError, "pop from empty array");
    index += index < 0 ? length : 0;
    if (index < 0 || index >= length)
        return raise_error(vm, &exc_IndexError, "pop index out of range");
    return remove_at(vm, self, index);
}

METHOD(insert)
{
    UNUSED;
    struct array_object *array = array_of(self);
    int64_t at;
    uint8_t bytes[8];
    if (!value_to_index(vm, arguments[0], &at) || !array_item_convert(vm, array->code, arguments[1], bytes))
        return VALUE_NULL;
    int64_t length = (int64_t)array->length;
    if (!array_resize(vm, array, array->length + 1))
        return VALUE_NULL;
    at = at < 0 ? (at + length < 0 ? 0 : at + length) : at > length ? length : at;
    size_t size = array->item_size;
    memmove(array->data + ((size_t)at + 1) * size, array->data + (size_t)at * size, (size_t)(length - at) * size);
    memcpy(array->data + (size_t)at * size, bytes, size);
    ADD_WORK(vm, characters, (size_t)(length - at) * size);
    return NONE;
}

METHOD(buffer_info)
{
    UNUSED;
    /* no address, which differs between runs, but a number that stays the same; unless there is module _ctypes to use it */
    uint64_t address = vm->ctypes ? (uint64_t)(uintptr_t)array_of(self)->data : object_identity(vm, self);
    return tuple_pack(vm, 2, int_from_uint64(vm, address), small_int((int64_t)array_of(self)->length));
}

METHOD(copy)
{
    UNUSED;
    const struct array_object *array = array_of(self);
    value result = array_object_new(vm, &array_type, array->code, array->length);
    if (result != VALUE_NULL && array->length)
        memcpy(array_of(result)->data, array->data, array->length * array->item_size);
    return result;
}

METHOD(sizeof)
{
    UNUSED;
    return small_int(64 + (int64_t)(array_of(self)->length * array_of(self)->item_size));
}

/* ---- pickling: codes of the machine formats, as module array numbers them ---- */

static int machine_format(char code)
{
    switch (code) {
    case 'B': return 0;
    case 'b': return 1;
    case 'H': return 2;
    case 'h': return 4;
    case 'I': return 6;
    case 'i': return 8;
    case 'L': case 'Q': return 10;
    case 'l': case 'q': return 12;
    case 'f': return 14;
    case 'd': return 16;
    }
    return 20;
}

METHOD(reduce_ex)
{
    UNUSED;
    int64_t protocol;
    value dict = VALUE_NULL, code, items, reconstruct;
    if (!value_to_index(vm, arguments[0], &protocol))
        return VALUE_NULL;
    int found = find_attribute(vm, self, intern_text(vm, "__dict__"), &dict);
    if (found < 0)
        return VALUE_NULL;
    value state = found ? dict : NONE, class = type_object_value(value_type(vm, self));
    code = string_from_code_point(vm, (uint32_t)array_of(self)->code);
    if (protocol < 3) {
        items = array_tolist(vm, self, NULL, 0, VALUE_NULL);
        return items == VALUE_NULL ? items : tuple_pack(vm, 3, class, tuple_pack(vm, 2, code, items), state);
    }
    value module = import_module(vm, "array");
    reconstruct = module == VALUE_NULL ? module : get_attribute_text(vm, module, "_array_reconstructor");
    items = reconstruct == VALUE_NULL ? reconstruct : array_tobytes(vm, self, NULL, 0, VALUE_NULL);
    if (items == VALUE_NULL)
        return VALUE_NULL;
    return tuple_pack(vm, 3, reconstruct, tuple_pack(vm, 4, class, code, small_int(machine_format(array_of(self)->code)), items),
                      state);
}

/* Items of another machine's format: `format` and the letter it means here. */
static value reconstruct_foreign(struct vm *vm, struct type *type, char code, int64_t format, value bytes)
{
    static const char meanings[] = "BbHHhhIIiiQQqqffdd";
    static const uint8_t sizes[] = {1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 8, 8, 2, 2, 4, 4};
    bool big_endian = format > 1 && format & 1;
    size_t size = sizes[format], count = bytes_of(bytes)->length / size;
    if (bytes_of(bytes)->length % size)
        return raise_error(vm, &exc_ValueError, "string length not a multiple of item size");
    if (format >= 18) {
        static const char *const encodings[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
        value text = bytes_decode(vm, bytes_of(bytes)->data, bytes_of(bytes)->length, encodings[format - 18], "strict");
        value array = text == VALUE_NULL ? text : array_object_new(vm, type, code, 0);
        return array != VALUE_NULL && array_extend_iterable(vm, array, text) ? array : VALUE_NULL;
    }
    char meaning = meanings[format];
    value swapped = array_object_new(vm, &array_type, meaning, 0);
    if (swapped == VALUE_NULL || !array_add_bytes(vm, array_of(swapped), bytes_of(bytes)->data, count * size))
        return VALUE_NULL;
    if (big_endian && array_byteswap(vm, swapped, NULL, 0, VALUE_NULL) == VALUE_NULL)
        return VALUE_NULL;
    value array = array_object_new(vm, type, meaning == 'f' || meaning == 'd' ? code : meaning, 0);
    return array != VALUE_NULL && array_extend_iterable(vm, array, swapped) ? array : VALUE_NULL;
}

value array_reconstruct(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    int64_t format;
    if (!has_flag(arguments[0], TYPE_TYPE))
        return raise_error(vm, &exc_TypeError, "first argument must be a type object, not %T", arguments[0]);
    struct type *type = (struct type *)value_object(arguments[0]);
    if (!is_string(arguments[1]) || string_of(arguments[1])->length != 1)
        return raise_error(vm, &exc_TypeError, "_array_reconstructor() argument 2 must be a unicode character, not %T",
                           arguments[1]);
    if (!value_to_index(vm, arguments[2], &format))
        return VALUE_NULL;
    uint32_t code = string_at(string_of(arguments[1]), 0);
    if (!type_is_subtype(type, &array_type))
        return raise_error(vm, &exc_TypeError, "%s is not a subtype of array.array", type->name);
    if (format < 0 || format > 21)
        return raise_error(vm, &exc_ValueError, "third argument must be a valid machine format code.");
    if (!has_flag(arguments[3], TYPE_BYTES))
        return raise_error(vm, &exc_TypeError, "fourth argument should be bytes, not %T", arguments[3]);
    if (code > 127 || !array_item_size((char)code))
        return raise_error(vm, &exc_ValueError, "second argument must be a valid type code");
    if (machine_format((char)code) != format)
        return reconstruct_foreign(vm, type, (char)code, format, arguments[3]);
    value array = array_object_new(vm, type, (char)code, 0);
    return array != VALUE_NULL && array_frombytes(vm, array, arguments + 3, 1, VALUE_NULL) != VALUE_NULL ? array : VALUE_NULL;
}

const struct method_definition array_methods[] = {
    {"append", "(v, /)", array_append_method, 0, NULL},
    {"extend", "(bb, /)", array_extend, 0, NULL},
    {"fromlist", "(list, /)", array_fromlist, 0, NULL},
    {"tolist", "()", array_tolist, 0, NULL},
    {"frombytes", "(buffer, /)", array_frombytes, 0, NULL},
    {"tobytes", "()", array_tobytes, 0, NULL},
    {"fromunicode", "(ustr, /)", array_fromunicode, 0, NULL},
    {"tounicode", "()", array_tounicode, 0, NULL},
    {"fromfile", "(f, n, /)", array_fromfile, 0, NULL},
    {"tofile", "(f, /)", array_tofile, 0, NULL},
    {"byteswap", "()", array_byteswap, 0, NULL},
    {"reverse", "()", array_reverse, 0, NULL},
    {"index", "(v, start=0, stop=9223372036854775807, /)", array_index, 0, NULL},
    {"count", "(v, /)", array_count, 0, NULL},
    {"remove", "(v, /)", array_remove, 0, NULL},
    {"pop", "(i=-1, /)", array_pop, 0, NULL},
    {"insert", "(i, v, /)", array_insert, 0, NULL},
    {"buffer_info", "()", array_buffer_info, 0, NULL},
    {"__copy__", "()", array_copy, 0, NULL},
    {"__deepcopy__", "(unused, /)", array_copy, 0, NULL},
    {"__reduce_ex__", "(value, /)", array_reduce_ex, 0, NULL},
    {"__sizeof__", "()", array_sizeof, 0, NULL},
    {0},
};

/* ---- the module ---- */

static value get_typecode(struct vm *vm, value self)
{
    return string_from_code_point(vm, (uint32_t)array_of(self)->code);
}

static value get_itemsize(struct vm *vm, value self)
{
    (void)vm;
    return small_int(array_of(self)->item_size);
}

static const struct property_definition properties[] = {{"typecode", get_typecode, NULL}, {"itemsize", get_itemsize, NULL}, {0}};

static const struct method_definition functions[] = {
    {"_array_reconstructor", "(arraytype, typecode, mformat_code, items, /)", array_reconstruct, 0, NULL}, {0}};

static bool array_initialize(struct vm *vm, value module)
{
    array_type.properties = properties;
    type_ready(vm, &array_type);
    type_ready(vm, &array_iterator_type);
    /* array.array is not a Sequence by inheritance: the module registers it, as CPython's does */
    value abc = import_module(vm, "_collections_abc"), class = type_object_value(&array_type);
    value sequence = abc == VALUE_NULL ? abc : get_attribute_text(vm, abc, "MutableSequence");
    if (sequence == VALUE_NULL || call_method(vm, sequence, "register", &class, 1) == VALUE_NULL)
        return false;
    return dict_set_text(vm, support_dict(module), "array", class) && dict_set_text(vm, support_dict(module), "ArrayType", class) &&
           dict_set_text(vm, support_dict(module), "typecodes", string_from_text(vm, array_codes));
}

const struct native_module array_module = {"array", array_initialize, functions};
