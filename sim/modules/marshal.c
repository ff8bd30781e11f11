/* marshal.c - module marshal: dump, dumps, load, loads of data in versions 0 to 4, and of code objects.
 *
 * CPython marks with FLAG_REF whatever more than one reference holds at that moment; reference counts do not exist here, so
 * every object that can be shared is marked, as most are there. What loads gives is the same. */
#include "sim/modules/native_error.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/code_build.h"
#include "sim/runtime/container.h"

#define METHOD(name)                                                                                                   \
    static value marshal_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

enum { VERSION = 4, FLAG_REF = 0x80, DEPTH_MAX = 2000, DIGIT_BITS = 15 };

/* ---- writing ---- */

struct writer {
    value out;        /* bytearray */
    value seen;       /* list of the objects that got a number; identity decides */
    value numbers;    /* dict: identity -> number */
    int64_t version;
    int depth;
};

static bool put(struct vm *vm, struct writer *w, const void *data, size_t size)
{
    struct bytearray_object *array = bytearray_of(w->out);
    size_t old = array->length;
    if (!bytearray_resize(vm, array, old + size))
        return false;
    if (size)
        memcpy(array->data + old, data, size);
    return true;
}

static bool put_byte(struct vm *vm, struct writer *w, int byte)
{
    uint8_t b = (uint8_t)byte;
    return put(vm, w, &b, 1);
}

static bool put_number(struct vm *vm, struct writer *w, int64_t number, size_t bytes)
{
    return put(vm, w, &number, bytes); /* little-endian */
}

static bool put_sized(struct vm *vm, struct writer *w, int type, const void *data, size_t size)
{
    return put_byte(vm, w, type) && put_number(vm, w, (int64_t)size, 4) && put(vm, w, data, size);
}

static bool put_int(struct vm *vm, struct writer *w, value v, int flag)
{
    if (is_small_int(v) && small_int_value(v) >= INT32_MIN && small_int_value(v) <= INT32_MAX)
        return put_byte(vm, w, 'i' | flag) && put_number(vm, w, small_int_value(v), 4);
    mpz_t number;
    mpz_init(number);
    int_to_mpz(v, number);
    int sign = mpz_sgn(number);
    mpz_abs(number, number);
    int64_t digits = ((int64_t)mpz_sizeinbase(number, 2) + DIGIT_BITS - 1) / DIGIT_BITS;
    bool done = put_byte(vm, w, 'l' | flag) && put_number(vm, w, sign < 0 ? -digits : digits, 4);
    for (int64_t i = 0; i < digits && done; i++) {
        done = put_number(vm, w, (int64_t)(mpz_getlimbn(number, 0) & 0x7fff), 2);
        mpz_fdiv_q_2exp(number, number, DIGIT_BITS);
    }
    mpz_clear(number);
    return done;
}

static bool put_text_float(struct vm *vm, struct writer *w, double d)
{
    char text[40];
    size_t size = float_repr(d, text); /* CPython writes %.17g, which reads back the same */
    return put_byte(vm, w, (int)size) && put(vm, w, text, size);
}

static bool put_string(struct vm *vm, struct writer *w, value v, int flag)
{
    const struct string_object *s = string_of(v);
    if (w->version >= 4 && s->ascii) {
        if (s->length < 256)
            return put_byte(vm, w, (s->interned ? 'Z' : 'z') | flag) && put_byte(vm, w, (int)s->length) &&
                   put(vm, w, s->data, s->length);
        return put_sized(vm, w, (s->interned ? 'A' : 'a') | flag, s->data, s->length);
    }
    value bytes = string_encode(vm, v, "utf-8", "surrogatepass");
    return bytes != VALUE_NULL && put_sized(vm, w, (w->version >= 3 && s->interned ? 't' : 'u') | flag, bytes_of(bytes)->data,
                                            bytes_of(bytes)->length);
}

static bool put_value(struct vm *vm, struct writer *w, value v);

static bool put_items(struct vm *vm, struct writer *w, value v, int flag)
{
    bool tuple = has_flag(v, TYPE_TUPLE);
    size_t count;
    sequence_items(v, &count);
    bool done = tuple && w->version >= 4 && count < 256
                    ? put_byte(vm, w, ')' | flag) && put_byte(vm, w, (int)count)
                    : put_byte(vm, w, (tuple ? '(' : '[') | flag) && put_number(vm, w, (int64_t)count, 4);
    for (size_t i = 0, now; i < count && done; i++)
        done = put_value(vm, w, sequence_items(v, &now)[i]);
    return done;
}

/* Which fields a code object has, in CPython 3.11's order; the names and kinds of its locals follow the names. */
static const enum code_part code_numbers[] = {PART_ARGUMENT_COUNT, PART_POSITIONAL_ONLY, PART_KEYWORD_ONLY, PART_STACK_SIZE,
                                              PART_FLAGS};
static const enum code_part code_objects[] = {PART_CODE, PART_CONSTANTS, PART_NAMES};
static const enum code_part code_texts[] = {PART_FILENAME, PART_NAME, PART_QUALIFIED_NAME};
enum { CODE_NUMBERS = sizeof code_numbers / sizeof *code_numbers, CODE_OBJECTS = 3, KIND_SHIFT = 5 };

static bool put_code(struct vm *vm, struct writer *w, value code, int flag)
{
    const struct code_object *object = (const struct code_object *)value_object(code);
    value parts[PART_COUNT], kinds = bytes_from(vm, object->code->local_kinds, object->code->local_count);
    if (kinds == VALUE_NULL || !code_parts(vm, code, parts))
        return false;
    for (size_t i = 0; i < object->code->local_count; i++)
        bytes_of(kinds)->data[i] = (uint8_t)(bytes_of(kinds)->data[i] << KIND_SHIFT);
    bool done = put_byte(vm, w, 'c' | flag);
    for (int i = 0; i < CODE_NUMBERS; i++)
        done = done && put_number(vm, w, small_int_value(parts[code_numbers[i]]), 4);
    for (int i = 0; i < CODE_OBJECTS; i++)
        done = done && put_value(vm, w, parts[code_objects[i]]);
    done = done && put_value(vm, w, object->local_names) && put_value(vm, w, kinds);
    for (int i = 0; i < CODE_OBJECTS; i++)
        done = done && put_value(vm, w, parts[code_texts[i]]);
    return done && put_number(vm, w, small_int_value(parts[PART_FIRST_LINE]), 4) && put_value(vm, w, parts[PART_LINE_TABLE]) &&
           put_value(vm, w, parts[PART_EXCEPTION_TABLE]);
}

static bool put_container(struct vm *vm, struct writer *w, value v, int flag)
{
    value key, item;
    uint32_t position = 0;
    bool done = true;
    if (is_exact(v, &dict_type)) {
        done = put_byte(vm, w, '{' | flag);
        while (done && dict_next(dict_of(v), &position, &key, &item))
            done = put_value(vm, w, key) && put_value(vm, w, item);
        return done && put_byte(vm, w, '0');
    }
    if (is_exact(v, &set_type) || is_exact(v, &frozenset_type)) {
        done = put_byte(vm, w, (is_exact(v, &frozenset_type) ? '>' : '<') | flag) && put_number(vm, w, set_of(v)->used, 4);
        /* in the order of their marshalled forms, so that the bytes do not depend on the table */
        value parts = list_new(vm, 0);
        while (done && parts != VALUE_NULL && set_next(set_of(v), &position, &item)) {
            struct writer one = {bytearray_from(vm, NULL, 0), VALUE_NULL, VALUE_NULL, w->version < 3 ? w->version : 2, w->depth};
            value form = VALUE_NULL;
            if (one.out != VALUE_NULL && put_value(vm, &one, item))
                form = bytes_from(vm, bytearray_of(one.out)->data, bytearray_of(one.out)->length);
            value pair = form == VALUE_NULL ? form : tuple_pack(vm, 2, form, item);
            done = pair != VALUE_NULL && list_append(vm, list_of(parts), pair);
        }
        done = done && parts != VALUE_NULL && list_sort(vm, parts, VALUE_NULL, false);
        for (size_t i = 0; done && i < list_of(parts)->length; i++)
            done = put_value(vm, w, tuple_of(list_of(parts)->items[i])->items[1]);
        return done;
    }
    if (is_exact(v, &list_type) || is_exact(v, &tuple_type))
        return put_items(vm, w, v, flag);
    if (is_exact(v, &code_type))
        return put_code(vm, w, v, flag);
    const uint8_t *data;
    size_t size;
    if (has_buffer(vm, v))
        return buffer_of(vm, v, &data, &size) && put_sized(vm, w, 's' | flag, data, size);
    raise_error(vm, &exc_ValueError, "unmarshallable object");
    return false;
}

/* -1: error. 1: written as a reference. 0: new; it has a number now. */
static int put_reference(struct vm *vm, struct writer *w, value v)
{
    value number, identity = int_from_uint64(vm, is_object(v) ? object_identity(vm, v) : 0);
    if (!is_object(v)) /* small numbers have no identity: those that CPython shares are keyed by themselves */
        identity = is_small_int(v) && small_int_value(v) >= -5 && small_int_value(v) <= 256 ? tuple_pack(vm, 1, v) : VALUE_NULL;
    struct dict_object *numbers = dict_of(w->numbers);
    if (identity == VALUE_NULL) {
        if (vm->pending != VALUE_NULL)
            return -1;
        identity = tuple_pack(vm, 2, small_int(numbers->count), NONE); /* never found again */
    }
    int found = dict_find(vm, numbers, identity, &number);
    if (found == 1)
        return put_byte(vm, w, 'r') && put_number(vm, w, small_int_value(number), 4) ? 1 : -1;
    if (found < 0 || !dict_set(vm, numbers, identity, small_int(numbers->count)) || !list_append(vm, list_of(w->seen), v))
        return -1;
    return 0;
}

static bool put_value(struct vm *vm, struct writer *w, value v)
{
    if (w->depth >= DEPTH_MAX) {
        raise_error(vm, &exc_ValueError, "object too deeply nested to marshal");
        return false;
    }
    if (v == NONE || v == TRUE || v == FALSE || v == vm->ellipsis || v == object_value(&exc_StopIteration))
        return put_byte(vm, w, v == NONE ? 'N' : v == TRUE ? 'T' : v == FALSE ? 'F' : v == vm->ellipsis ? '.' : 'S');
    int flag = 0;
    if (w->version >= 3) {
        int known = put_reference(vm, w, v);
        if (known)
            return known > 0;
        flag = FLAG_REF;
    }
    w->depth++;
    bool done;
    if (is_small_int(v) || is_exact(v, &int_type)) {
        done = put_int(vm, w, v, flag);
    } else if (is_immediate_float(v) || is_exact(v, &float_type)) {
        double d = float_number(v);
        done = w->version > 1 ? put_byte(vm, w, 'g' | flag) && put(vm, w, &d, 8)
                              : put_byte(vm, w, 'f' | flag) && put_text_float(vm, w, d);
    } else if (is_exact(v, &complex_type)) {
        const struct complex_object *z = (struct complex_object *)value_object(v);
        done = w->version > 1
                   ? put_byte(vm, w, 'y' | flag) && put(vm, w, &z->real, 8) && put(vm, w, &z->imaginary, 8)
                   : put_byte(vm, w, 'x' | flag) && put_text_float(vm, w, z->real) && put_text_float(vm, w, z->imaginary);
    } else if (is_exact(v, &bytes_type)) {
        done = put_sized(vm, w, 's' | flag, bytes_of(v)->data, bytes_of(v)->length);
    } else if (is_exact(v, &string_type)) {
        done = put_string(vm, w, v, flag);
    } else {
        done = put_container(vm, w, v, flag);
    }
    w->depth--;
    return done;
}

METHOD(dumps)
{
    UNUSED;
    struct writer writer = {.version = VERSION};
    if (arguments[1] != VALUE_NULL && !value_to_index(vm, arguments[1], &writer.version))
        return VALUE_NULL;
    writer.out = bytearray_from(vm, NULL, 0);
    writer.seen = list_new(vm, 0);
    writer.numbers = dict_new(vm);
    if (writer.out == VALUE_NULL || writer.seen == VALUE_NULL || writer.numbers == VALUE_NULL ||
        !put_value(vm, &writer, arguments[0]))
        return VALUE_NULL;
    ADD_WORK(vm, characters, bytearray_of(writer.out)->length);
    return bytes_from(vm, bytearray_of(writer.out)->data, bytearray_of(writer.out)->length);
}

METHOD(dump)
{
    UNUSED;
    const value given[] = {arguments[0], arguments[2]};
    value bytes = marshal_dumps(vm, self, given, 2, VALUE_NULL);
    return bytes == VALUE_NULL ? bytes : call_method(vm, arguments[1], "write", &bytes, 1);
}

/* ---- reading ---- */

struct reader {
    const uint8_t *data;
    size_t size, at;
    value references; /* list */
    int depth;
};

static const uint8_t *take(struct vm *vm, struct reader *r, size_t size)
{
    if (size > r->size - r->at) {
        raise_error(vm, &exc_EOFError, "marshal data too short");
        return NULL;
    }
    r->at += size;
    return r->data + r->at - size;
}

static bool take_number(struct vm *vm, struct reader *r, int32_t *out)
{
    const uint8_t *bytes = take(vm, r, 4);
    if (bytes)
        memcpy(out, bytes, 4);
    return bytes != NULL;
}

static value bad_data(struct vm *vm, const char *what)
{
    return raise_error(vm, &exc_ValueError, "bad marshal data (%s)", what);
}

static value take_long(struct vm *vm, struct reader *r)
{
    int32_t count;
    if (!take_number(vm, r, &count))
        return VALUE_NULL;
    size_t digits = (size_t)(count < 0 ? -(int64_t)count : count);
    const uint8_t *bytes = take(vm, r, 2 * digits);
    if (!bytes)
        return VALUE_NULL;
    mpz_t number;
    mpz_init(number);
    bool bad = digits && !bytes[2 * digits - 2] && !bytes[2 * digits - 1];
    for (size_t i = digits; i-- > 0 && !bad;) {
        unsigned digit = bytes[2 * i] | (unsigned)bytes[2 * i + 1] << 8;
        bad = digit >> DIGIT_BITS;
        mpz_mul_2exp(number, number, DIGIT_BITS);
        mpz_add_ui(number, number, digit);
    }
    if (count < 0)
        mpz_neg(number, number);
    value result = bad ? bad_data(vm, "digit out of range in long") : int_from_mpz(vm, number);
    mpz_clear(number);
    return result;
}

static bool take_double(struct vm *vm, struct reader *r, bool text, double *out)
{
    const uint8_t *bytes = take(vm, r, text ? 1 : 8);
    if (bytes && !text)
        memcpy(out, bytes, 8);
    if (!bytes || !text)
        return bytes != NULL;
    size_t size = bytes[0];
    bytes = take(vm, r, size);
    return bytes && (float_parse((const char *)bytes, size, out) || bad_data(vm, "float") != VALUE_NULL);
}

static value take_value(struct vm *vm, struct reader *r);

static value take_items(struct vm *vm, struct reader *r, int type, int64_t count, size_t place)
{
    if (count < 0 || (size_t)count > r->size - r->at)
        return count < 0 ? bad_data(vm, type == '[' ? "list size out of range" : "tuple size out of range")
                         : raise_error(vm, &exc_EOFError, "EOF read where object expected");
    value result = type == '[' ? list_new(vm, (size_t)count) : tuple_new(vm, (size_t)count);
    if (result != VALUE_NULL && place != SIZE_MAX)
        list_of(r->references)->items[place] = result;
    for (int64_t i = 0; i < count && result != VALUE_NULL; i++) {
        value item = take_value(vm, r);
        if (item == VALUE_NULL)
            return item;
        (type == '[' ? list_of(result)->items : tuple_of(result)->items)[i] = item;
    }
    return result;
}

static value take_container(struct vm *vm, struct reader *r, int type, size_t place)
{
    int32_t count = 0;
    value result = type == '{' ? dict_new(vm) : VALUE_NULL, key, item;
    if (type == '{') {
        if (place != SIZE_MAX && result != VALUE_NULL)
            list_of(r->references)->items[place] = result;
        for (;;) {
            if (r->at < r->size && r->data[r->at] == '0') {
                r->at++;
                return result;
            }
            if ((key = take_value(vm, r)) == VALUE_NULL || (item = take_value(vm, r)) == VALUE_NULL ||
                !dict_set(vm, dict_of(result), key, item))
                return VALUE_NULL;
        }
    }
    if (!take_number(vm, r, &count))
        return VALUE_NULL;
    if (count < 0)
        return bad_data(vm, "set size out of range");
    result = set_new(vm, type == '<' ? &set_type : &frozenset_type);
    if (place != SIZE_MAX && result != VALUE_NULL)
        list_of(r->references)->items[place] = result;
    for (int32_t i = 0; i < count && result != VALUE_NULL; i++)
        if ((item = take_value(vm, r)) == VALUE_NULL || !set_add(vm, result, item))
            return VALUE_NULL;
    return result;
}

static value take_text(struct vm *vm, struct reader *r, int type)
{
    int32_t size;
    const uint8_t *bytes;
    if (type == 'z' || type == 'Z') {
        if (!(bytes = take(vm, r, 1)))
            return VALUE_NULL;
        size = bytes[0];
    } else if (!take_number(vm, r, &size)) {
        return VALUE_NULL;
    }
    if (size < 0)
        return bad_data(vm, type == 's' ? "bytes object size out of range" : "string size out of range");
    if (!(bytes = take(vm, r, (size_t)size)))
        return VALUE_NULL;
    if (type == 's')
        return bytes_from(vm, bytes, (size_t)size);
    bool utf8 = type == 'u' || type == 't';
    value text = bytes_decode(vm, bytes, (size_t)size, utf8 ? "utf-8" : "latin-1", utf8 ? "surrogatepass" : "strict");
    return text != VALUE_NULL && strchr("tAZ", type) ? intern(vm, text) : text;
}

/* The names of those locals that are of a kind. */
static value locals_of_kind(struct vm *vm, value names, value kinds, int kind)
{
    value list = list_new(vm, 0);
    for (size_t i = 0; list != VALUE_NULL && i < tuple_of(names)->length; i++)
        if (bytes_of(kinds)->data[i] >> KIND_SHIFT & kind && !list_append(vm, list_of(list), tuple_of(names)->items[i]))
            return VALUE_NULL;
    return list == VALUE_NULL ? list : tuple_from_iterable(vm, list);
}

static value take_code(struct vm *vm, struct reader *r)
{
    value parts[PART_COUNT];
    int32_t number;
    for (int i = 0; i < CODE_NUMBERS; i++) {
        if (!take_number(vm, r, &number))
            return VALUE_NULL;
        parts[code_numbers[i]] = small_int(number);
    }
    for (int i = 0; i < CODE_OBJECTS; i++)
        if ((parts[code_objects[i]] = take_value(vm, r)) == VALUE_NULL)
            return VALUE_NULL;
    value names = take_value(vm, r), kinds = names == VALUE_NULL ? names : take_value(vm, r);
    if (kinds == VALUE_NULL)
        return kinds;
    if (!is_exact(names, &tuple_type) || !is_exact(kinds, &bytes_type) || tuple_of(names)->length != bytes_of(kinds)->length)
        return raise_error(vm, &exc_SystemError, "bad argument to internal function");
    parts[PART_VARIABLES] = locals_of_kind(vm, names, kinds, LOCAL_FAST);
    parts[PART_CELLS] = locals_of_kind(vm, names, kinds, LOCAL_CELL);
    parts[PART_FREE] = locals_of_kind(vm, names, kinds, LOCAL_FREE);
    if (parts[PART_VARIABLES] == VALUE_NULL || parts[PART_CELLS] == VALUE_NULL || parts[PART_FREE] == VALUE_NULL)
        return VALUE_NULL;
    parts[PART_LOCAL_COUNT] = small_int((int64_t)tuple_of(parts[PART_VARIABLES])->length);
    for (int i = 0; i < CODE_OBJECTS; i++)
        if ((parts[code_texts[i]] = take_value(vm, r)) == VALUE_NULL)
            return VALUE_NULL;
    if (!take_number(vm, r, &number))
        return VALUE_NULL;
    parts[PART_FIRST_LINE] = small_int(number);
    if ((parts[PART_LINE_TABLE] = take_value(vm, r)) == VALUE_NULL ||
        (parts[PART_EXCEPTION_TABLE] = take_value(vm, r)) == VALUE_NULL)
        return VALUE_NULL;
    return code_build(vm, parts);
}

static value take_plain(struct vm *vm, struct reader *r, int type, size_t place)
{
    int32_t number;
    int64_t wide;
    double d, e;
    const uint8_t *byte;
    switch (type) {
    case 'N': return NONE;
    case 'T': return TRUE;
    case 'F': return FALSE;
    case '.': return vm->ellipsis;
    case 'S': return object_value(&exc_StopIteration);
    case 'i': return take_number(vm, r, &number) ? small_int(number) : VALUE_NULL;
    case 'I':
        if (!(byte = take(vm, r, 8)))
            return VALUE_NULL;
        memcpy(&wide, byte, sizeof wide);
        return int_from_int64(vm, wide);
    case 'l': return take_long(vm, r);
    case 'f': case 'g': return take_double(vm, r, type == 'f', &d) ? float_value(vm, d) : VALUE_NULL;
    case 'x': case 'y':
        return take_double(vm, r, type == 'x', &d) && take_double(vm, r, type == 'x', &e) ? complex_value(vm, d, e) : VALUE_NULL;
    case 's': case 'u': case 't': case 'a': case 'A': case 'z': case 'Z': return take_text(vm, r, type);
    case ')': return (byte = take(vm, r, 1)) ? take_items(vm, r, '(', byte[0], place) : VALUE_NULL;
    case '(': case '[': return take_number(vm, r, &number) ? take_items(vm, r, type, number, place) : VALUE_NULL;
    case '{': case '<': case '>': return take_container(vm, r, type, place);
    case 'c': return take_code(vm, r);
    case 'r':
        if (!take_number(vm, r, &number))
            return VALUE_NULL;
        if (number < 0 || (size_t)number >= list_of(r->references)->length ||
            list_of(r->references)->items[number] == vm->not_implemented)
            return bad_data(vm, "invalid reference");
        return list_of(r->references)->items[number];
    }
    return bad_data(vm, "unknown type code");
}

static value take_value(struct vm *vm, struct reader *r)
{
    if (r->at >= r->size)
        return raise_error(vm, &exc_EOFError, "EOF read where object expected");
    if (++r->depth > DEPTH_MAX)
        return raise_error(vm, &exc_ValueError, "recursion limit exceeded");
    int byte = r->data[r->at++];
    size_t place = SIZE_MAX;
    if (byte & FLAG_REF) { /* its number is taken before its parts' */
        place = list_of(r->references)->length;
        if (!list_append(vm, list_of(r->references), vm->not_implemented))
            return VALUE_NULL;
    }
    value result = take_plain(vm, r, byte & ~FLAG_REF, place);
    if (result != VALUE_NULL && place != SIZE_MAX)
        list_of(r->references)->items[place] = result;
    r->depth--;
    return result;
}

static value load_bytes(struct vm *vm, const uint8_t *data, size_t size, size_t *used)
{
    struct reader reader = {.data = data, .size = size, .references = list_new(vm, 0)};
    if (reader.references == VALUE_NULL)
        return VALUE_NULL;
    value result = take_value(vm, &reader);
    ADD_WORK(vm, characters, reader.at);
    *used = reader.at;
    gc_keep(reader.references);
    return result;
}

METHOD(loads)
{
    UNUSED;
    const uint8_t *data;
    size_t size, used;
    if (!buffer_of(vm, arguments[0], &data, &size))
        return VALUE_NULL;
    if (size && (data[0] & ~FLAG_REF) == 'c' && vm->load_marshalled) { /* a whole compiled file: read at once */
        value code;
        WORK_UNTRACKED(vm, code = vm->load_marshalled(vm, data, size));
        if (code != VALUE_NULL)
            return code;
        exception_clear(vm); /* the reader below says what is wrong as CPython does */
    }
    return load_bytes(vm, data, size, &used);
}

/* Reads the rest of the file and puts back what it did not need. */
METHOD(load)
{
    UNUSED;
    value bytes = call_method(vm, arguments[0], "read", NULL, 0);
    size_t used = 0;
    if (bytes == VALUE_NULL)
        return bytes;
    if (!is_bytes(bytes))
        return raise_error(vm, &exc_TypeError, "file.read() returned not bytes but %T", bytes);
    value result = load_bytes(vm, bytes_of(bytes)->data, bytes_of(bytes)->length, &used);
    const value back[] = {small_int((int64_t)used - (int64_t)bytes_of(bytes)->length), small_int(1)};
    if (result != VALUE_NULL && back[0] != small_int(0) && call_method(vm, arguments[0], "seek", back, 2) == VALUE_NULL)
        return VALUE_NULL;
    return result;
}

static const struct method_definition functions[] = {
    {"dump", "(value, file, version=4, /)", marshal_dump, 0, NULL}, {"dumps", "(value, version=4, /)", marshal_dumps, 0, NULL},
    {"load", "(file, /)", marshal_load, 0, NULL}, {"loads", "(bytes, /)", marshal_loads, 0, NULL}, {0}};

static bool marshal_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {{"version", VERSION}, {0}};
    return support_add_constants(vm, module, constants);
}

const struct native_module marshal_module = {"marshal", marshal_initialize, functions};
