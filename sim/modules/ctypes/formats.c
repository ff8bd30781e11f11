/* formats.c - items of the simple C types, by the letters of _type_: loading them from memory and storing them, in either byte
 * order, as bit fields too. */
#include "sim/modules/ctypes/ctypes.h"
#include "sim/runtime/number.h"

#include <wchar.h>

const char c_format_letters[] = "cbBhHiIlLdfuzZqQPXOv?g";

static const struct c_format formats[] = {
    {'c', 1, false, &ffi_type_schar}, {'b', 1, false, &ffi_type_schar}, {'B', 1, false, &ffi_type_uchar},
    {'h', 2, true, &ffi_type_sshort}, {'H', 2, true, &ffi_type_ushort}, {'i', 4, true, &ffi_type_sint},
    {'I', 4, true, &ffi_type_uint}, {'l', 8, true, &ffi_type_slong}, {'L', 8, true, &ffi_type_ulong},
    {'q', 8, true, &ffi_type_sint64}, {'Q', 8, true, &ffi_type_uint64}, {'f', 4, true, &ffi_type_float},
    {'d', 8, true, &ffi_type_double}, {'g', sizeof(long double), false, &ffi_type_longdouble},
    {'?', 1, false, &ffi_type_uchar}, {'u', sizeof(wchar_t), false, &ffi_type_sint32}, {'v', 2, false, &ffi_type_sshort},
    {'z', 8, false, &ffi_type_pointer}, {'Z', 8, false, &ffi_type_pointer}, {'P', 8, false, &ffi_type_pointer},
    {'O', 8, false, &ffi_type_pointer}};

const struct c_format *c_format_find(uint32_t code)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if ((uint32_t)formats[i].code == code)
            return &formats[i];
    return NULL;
}

/* ---- integers ---- */

static int integer_size(char code)
{
    switch (code) {
    case 'b': case 'B': return 1;
    case 'h': case 'H': case 'v': return 2;
    case 'i': case 'I': return 4;
    default: return 8;
    }
}

static void swap(uint8_t *bytes, int size)
{
    for (int i = 0; i < size / 2; i++) {
        uint8_t byte = bytes[i];
        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = byte;
    }
}

static uint64_t load_raw(const void *from, int size, bool swapped)
{
    uint64_t raw = 0; /* the host is little-endian */
    memcpy(&raw, from, (size_t)size);
    if (swapped)
        swap((uint8_t *)&raw, size);
    return raw;
}

static value load_integer(struct vm *vm, char code, bool swapped, const void *from, int64_t size)
{
    int bytes = integer_size(code), width = bytes * 8, bits = (int)(size >> 16), low = (int)(size & 0xffff);
    uint64_t raw = load_raw(from, bytes, swapped);
    if (bits) {
        raw = low < 64 ? raw >> low : 0;
        width = bits;
    }
    bool is_signed = code >= 'a'; /* bhilq, not BHILQ */
    if (width < 64) {
        raw &= ((uint64_t)1 << width) - 1;
        if (is_signed && raw >> (width - 1))
            raw |= ~(uint64_t)0 << width;
    }
    return is_signed ? int_from_int64(vm, (int64_t)raw) : int_from_uint64(vm, raw);
}

bool c_mask(struct vm *vm, value item, uint64_t *out)
{
    if (is_small_int(item)) {
        *out = (uint64_t)small_int_value(item);
        return true;
    }
    value integer = number_index(vm, item);
    if (integer == VALUE_NULL)
        return false;
    struct int_view view;
    int_view(integer, &view);
    uint64_t magnitude = view.count ? view.limbs[0] : 0;
    *out = view.negative ? -magnitude : magnitude;
    gc_keep(integer);
    return true;
}

static value store_integer(struct vm *vm, char code, bool swapped, void *to, value item, int64_t size)
{
    int bytes = integer_size(code), bits = (int)(size >> 16), low = (int)(size & 0xffff);
    uint64_t raw;
    if (!c_mask(vm, item, &raw))
        return VALUE_NULL;
    if (bits && low < 64) {
        uint64_t mask = bits < 64 ? ((uint64_t)1 << bits) - 1 : ~(uint64_t)0;
        raw = (load_raw(to, bytes, swapped) & ~(mask << low)) | ((raw & mask) << low);
    }
    if (swapped)
        swap((uint8_t *)&raw, bytes);
    memcpy(to, &raw, (size_t)bytes);
    return NONE;
}

/* ---- floats ---- */

static value load_float(struct vm *vm, char code, bool swapped, const void *from)
{
    if (code == 'g') {
        long double extended;
        memcpy(&extended, from, sizeof extended);
        return float_value(vm, (double)extended);
    }
    uint64_t raw = load_raw(from, code == 'f' ? 4 : 8, swapped);
    float single;
    double real;
    memcpy(&single, &raw, sizeof single);
    memcpy(&real, &raw, sizeof real);
    return float_value(vm, code == 'f' ? (double)single : real);
}

static value store_float(struct vm *vm, char code, bool swapped, void *to, value item)
{
    double real;
    if (!value_to_double(vm, item, &real))
        return VALUE_NULL;
    float single = (float)real;
    long double extended = real;
    if (code == 'g') {
        memcpy(to, &extended, sizeof extended);
        return NONE;
    }
    uint8_t bytes[8];
    int size = code == 'f' ? 4 : 8;
    if (code == 'f')
        memcpy(bytes, &single, 4);
    else
        memcpy(bytes, &real, 8);
    if (swapped)
        swap(bytes, size);
    memcpy(to, bytes, (size_t)size);
    return NONE;
}

/* ---- characters and texts ---- */

value c_wide_text(struct vm *vm, const void *from, int64_t length)
{
    const uint8_t *bytes = from;
    if (length < 0)
        for (length = 0; load_raw(bytes + length * 4, 4, false); length++)
            continue;
    uint32_t *aligned = malloc((size_t)length * 4 + 4);
    if (!aligned)
        return raise_no_memory(vm);
    memcpy(aligned, from, (size_t)length * 4);
    for (int64_t i = 0; i < length; i++)
        if (aligned[i] > 0x10ffff) {
            raise_error(vm, &exc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", (unsigned)aligned[i]);
            free(aligned);
            return VALUE_NULL;
        }
    value text = string_from_code_points(vm, aligned, (size_t)length);
    free(aligned);
    return text;
}

value c_wide_buffer(struct vm *vm, value text)
{
    size_t length = string_of(text)->length;
    value buffer = bytes_from(vm, NULL, (length + 1) * 4);
    if (buffer == VALUE_NULL)
        return VALUE_NULL;
    uint8_t *to = bytes_of(buffer)->data;
    for (size_t i = 0; i <= length; i++) {
        uint32_t c = i < length ? string_at(string_of(text), i) : 0;
        memcpy(to + i * 4, &c, 4);
    }
    return buffer;
}

static value store_character(struct vm *vm, void *to, value item)
{
    int64_t n = -1;
    if (is_bytes(item) && bytes_of(item)->length == 1)
        n = bytes_of(item)->data[0];
    else if (is_bytearray(vm, item) && bytearray_of(item)->length == 1)
        n = bytearray_of(item)->data[0];
    else if (is_int(item) && !value_to_int64(vm, item, &n)) {
        exception_clear(vm);
        n = -1;
    }
    if (n < 0 || n > 255)
        return raise_error(vm, &exc_TypeError, "one character bytes, bytearray or integer expected");
    *(uint8_t *)to = (uint8_t)n;
    return NONE;
}

static value store_wide(struct vm *vm, void *to, value item)
{
    if (!is_string(item))
        return raise_error(vm, &exc_TypeError, "unicode string expected instead of %T instance", item);
    if (string_of(item)->length != 1)
        return raise_error(vm, &exc_TypeError, "one character unicode string expected");
    uint32_t c = string_at(string_of(item), 0);
    memcpy(to, &c, 4);
    return NONE;
}

static value store_bytes(struct vm *vm, void *to, value item, int64_t length)
{
    if (!is_bytes(item))
        return raise_error(vm, &exc_TypeError, "expected bytes, %T found", item);
    int64_t size = (int64_t)strlen((const char *)bytes_of(item)->data);
    if (size < length)
        size++; /* the NUL has room */
    else if (size > length)
        return raise_error(vm, &exc_ValueError, "bytes too long (%ld, maximum length %ld)", (long)size, (long)length);
    memcpy(to, bytes_of(item)->data, (size_t)size);
    return NONE;
}

static value store_text(struct vm *vm, void *to, value item, int64_t length)
{
    if (!is_string(item))
        return raise_error(vm, &exc_TypeError, "unicode string expected instead of %T instance", item);
    int64_t size = string_of(item)->length;
    if (size > length)
        return raise_error(vm, &exc_ValueError, "string too long (%ld, maximum length %ld)", (long)size, (long)length);
    for (int64_t i = 0; i < size + (size < length); i++) {
        uint32_t c = i < size ? string_at(string_of(item), (size_t)i) : 0;
        memcpy((uint8_t *)to + i * 4, &c, 4);
    }
    return NONE;
}

/* ---- pointers ---- */

static value store_pointer(struct vm *vm, char code, void *to, value item)
{
    uint64_t address = 0;
    value kept = NONE;
    if (is_int(item)) {
        if (!c_mask(vm, item, &address))
            return VALUE_NULL;
    } else if (code == 'z' && is_bytes(item)) {
        address = (uint64_t)(uintptr_t)bytes_of(item)->data;
        kept = item;
    } else if (code == 'Z' && is_string(item)) {
        if ((kept = c_wide_buffer(vm, item)) == VALUE_NULL)
            return VALUE_NULL;
        address = (uint64_t)(uintptr_t)bytes_of(kept)->data;
    } else if (item != NONE) {
        if (code == 'P')
            return raise_error(vm, &exc_TypeError, "cannot be converted to pointer");
        return raise_error(vm, &exc_TypeError, "%s or integer address expected instead of %T instance",
                           code == 'z' ? "bytes" : "unicode string", item);
    }
    memcpy(to, &address, sizeof address);
    return kept;
}

static value load_pointer(struct vm *vm, char code, const void *from)
{
    uint64_t address = load_raw(from, 8, false);
    const char *text = (const char *)(uintptr_t)address;
    if (code == 'O') {
        value object = address ^ VALUE_NULL; /* no object is 0 in memory: as store_object writes them */
        return object == VALUE_NULL ? raise_error(vm, &exc_ValueError, "PyObject is NULL") : object;
    }
    if (!address)
        return NONE;
    if (code == 'P')
        return int_from_uint64(vm, address);
    return code == 'z' ? bytes_from(vm, text, strlen(text)) : c_wide_text(vm, text, -1);
}

static value store_object(void *to, value item)
{
    uint64_t word = item ^ VALUE_NULL;
    memcpy(to, &word, sizeof word);
    return item;
}

/* ---- all of them ---- */

value c_load(struct vm *vm, char code, bool swapped, const void *from, int64_t size)
{
    const uint8_t *bytes = from;
    switch (code) {
    case 'c': return bytes_from(vm, from, 1);
    case '?': return bool_value(bytes[0] != 0);
    case 'v': return bool_value(load_raw(from, 2, false) != 0);
    case 'f': case 'd': case 'g': return load_float(vm, code, swapped, from);
    case 'u': return c_wide_text(vm, from, 1);
    case 'z': case 'Z': case 'P': case 'O': return load_pointer(vm, code, from);
    case FORMAT_BYTES: return bytes_from(vm, from, strnlen(from, (size_t)size));
    case FORMAT_TEXT: {
        int64_t length = 0;
        while (length < size / 4 && load_raw(bytes + length * 4, 4, false))
            length++;
        return c_wide_text(vm, from, length);
    }
    }
    return load_integer(vm, code, swapped, from, size);
}

value c_store(struct vm *vm, char code, bool swapped, void *to, value item, int64_t size)
{
    switch (code) {
    case 'c': return store_character(vm, to, item);
    case '?': case 'v': {
        int truth = value_truth(vm, item);
        if (truth < 0)
            return VALUE_NULL;
        if (code == 'v')
            memset(to, truth ? 0xff : 0, 2);
        else
            *(uint8_t *)to = (uint8_t)truth;
        return NONE;
    }
    case 'f': case 'd': case 'g': return store_float(vm, code, swapped, to, item);
    case 'u': return store_wide(vm, to, item);
    case 'z': case 'Z': case 'P': return store_pointer(vm, code, to, item);
    case 'O': return store_object(to, item);
    case FORMAT_BYTES: return store_bytes(vm, to, item, size);
    case FORMAT_TEXT: return store_text(vm, to, item, size / 4);
    }
    return store_integer(vm, code, swapped, to, item, size);
}
