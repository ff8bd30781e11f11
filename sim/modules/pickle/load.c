/* load.c - the unpickler's machine: a stack of objects, a stack of marks in it, and the memo. */
#include "sim/modules/pickle/pickle.h"
#include "sim/runtime/number.h"

#include <stdlib.h>

/* ---- the stack ---- */

bool unpickler_grow(struct vm *vm, struct unpickler *unpickler)
{
    size_t capacity = unpickler->capacity ? 2 * unpickler->capacity : 32;
    value *stack = realloc(unpickler->stack, capacity * sizeof *stack);
    if (!stack)
        return failed(raise_no_memory(vm));
    unpickler->stack = stack;
    unpickler->capacity = capacity;
    return true;
}

value unpickler_underflow(struct vm *vm, struct unpickler *unpickler)
{
    return unpickle_raise(vm, unpickler->mark_count ? "unexpected MARK found" : "unpickling stack underflow");
}

static void set_fence(struct unpickler *unpickler)
{
    unpickler->fence = unpickler->mark_count ? unpickler->marks[unpickler->mark_count - 1] : 0;
}

bool unpickler_pop_mark(struct vm *vm, struct unpickler *unpickler, size_t *mark)
{
    if (!unpickler->mark_count)
        return failed(unpickle_raise(vm, "could not find MARK"));
    *mark = unpickler->marks[--unpickler->mark_count];
    set_fence(unpickler);
    return true;
}

static bool push_mark(struct vm *vm, struct unpickler *unpickler)
{
    if (unpickler->mark_count == unpickler->mark_capacity) {
        size_t capacity = 2 * unpickler->mark_capacity + 20;
        size_t *marks = realloc(unpickler->marks, capacity * sizeof *marks);
        if (!marks)
            return failed(raise_no_memory(vm));
        unpickler->marks = marks;
        unpickler->mark_capacity = capacity;
    }
    unpickler->marks[unpickler->mark_count++] = unpickler->fence = unpickler->size;
    return true;
}

value unpickler_pop_tuple(struct vm *vm, struct unpickler *unpickler, size_t start)
{
    if (start < unpickler->fence)
        return unpickler_underflow(vm, unpickler);
    value tuple = start == unpickler->size ? vm->empty_tuple
                                           : tuple_from(vm, unpickler->stack + start, unpickler->size - start);
    unpickler->size = start;
    return tuple;
}

static bool load_counted_tuple(struct vm *vm, struct unpickler *unpickler, size_t count)
{
    if (unpickler->size < count)
        return failed(unpickler_underflow(vm, unpickler));
    return unpickler_push(vm, unpickler, unpickler_pop_tuple(vm, unpickler, unpickler->size - count));
}

/* From a mark on: a tuple or a list. */
static bool load_sequence(struct vm *vm, struct unpickler *unpickler, bool is_list)
{
    size_t start;
    if (!unpickler_pop_mark(vm, unpickler, &start))
        return false;
    if (!is_list)
        return unpickler_push(vm, unpickler, unpickler_pop_tuple(vm, unpickler, start));
    value list = list_from(vm, unpickler->stack + start, unpickler->size - start);
    unpickler->size = start;
    return unpickler_push(vm, unpickler, list);
}

static bool load_pop(struct vm *vm, struct unpickler *unpickler)
{
    if (unpickler->mark_count && unpickler->marks[unpickler->mark_count - 1] == unpickler->size) {
        unpickler->mark_count--;
        set_fence(unpickler);
        return true;
    }
    return unpickler_pop(vm, unpickler) != VALUE_NULL;
}

static bool load_pop_mark(struct vm *vm, struct unpickler *unpickler)
{
    return unpickler_pop_mark(vm, unpickler, &unpickler->size);
}

static bool load_dup(struct vm *vm, struct unpickler *unpickler)
{
    if (unpickler->size <= unpickler->fence)
        return failed(unpickler_underflow(vm, unpickler));
    return unpickler_push(vm, unpickler, unpickler->stack[unpickler->size - 1]);
}

/* ---- the memo ---- */

/* The decimal number of GET and PUT. */
static bool read_index(struct vm *vm, struct unpickler *unpickler, int64_t *index)
{
    size_t size;
    const uint8_t *line = unpickler_read_line(vm, unpickler, 2, &size);
    value text = line ? string_from_latin1(vm, line, size) : VALUE_NULL;
    value number = text == VALUE_NULL ? VALUE_NULL : int_parse(vm, (const char *)line, size, 10, text);
    return number != VALUE_NULL && value_to_count(vm, number, index);
}

static bool load_memoized(struct vm *vm, struct unpickler *unpickler, int64_t index)
{
    value v = unpickler_memo_get(unpickler, (size_t)index);
    if (v == VALUE_NULL)
        return failed(unpickle_raise(vm, "Memo value not found at index %lld", (long long)index));
    return unpickler_push(vm, unpickler, v);
}

/* The top of the stack goes there. */
static bool memoize(struct vm *vm, struct unpickler *unpickler, size_t index)
{
    if (unpickler->size <= unpickler->fence)
        return failed(unpickler_underflow(vm, unpickler));
    return unpickler_memo_put(vm, unpickler, index, unpickler->stack[unpickler->size - 1]);
}

static bool load_put(struct vm *vm, struct unpickler *unpickler)
{
    size_t size;
    const uint8_t *line = unpickler_read_line(vm, unpickler, 2, &size);
    if (!line)
        return false;
    if (unpickler->size <= unpickler->fence)
        return failed(unpickler_underflow(vm, unpickler));
    value text = string_from_latin1(vm, line, size);
    value number = text == VALUE_NULL ? VALUE_NULL : int_parse(vm, (const char *)line, size, 10, text);
    int64_t index;
    if (number == VALUE_NULL || !value_to_count(vm, number, &index))
        return false;
    if (index < 0)
        return failed(raise_error(vm, &exc_ValueError, "negative PUT argument"));
    return memoize(vm, unpickler, (size_t)index);
}

/* ---- framing ---- */

static bool load_protocol(struct vm *vm, struct unpickler *unpickler)
{
    const uint8_t *data = unpickler_read(vm, unpickler, 1);
    if (!data)
        return false;
    if (*data > PICKLE_PROTOCOL_HIGHEST)
        return failed(raise_error(vm, &exc_ValueError, "unsupported pickle protocol: %d", *data));
    unpickler->protocol = *data;
    return true;
}

/* The frame's bytes are made to be at hand. */
static bool load_frame(struct vm *vm, struct unpickler *unpickler)
{
    const uint8_t *data = unpickler_read(vm, unpickler, 8);
    if (!data)
        return false;
    uint64_t size = little_endian_load(data, 8);
    if (size > INT64_MAX)
        return failed(raise_error(vm, &exc_OverflowError, "FRAME length exceeds system's maximum of %lld bytes",
                                  (long long)INT64_MAX));
    if (!unpickler_read(vm, unpickler, size))
        return false;
    unpickler->position -= size;
    return true;
}

/* ---- opcodes ---- */

static bool invalid_opcode(struct vm *vm, uint8_t opcode)
{
    return failed(unpickle_raise(vm, opcode >= 0x20 && opcode <= 0x7e && opcode != '\'' && opcode != '\\'
                                  ? "invalid load key, '%c'." : "invalid load key, '\\x%02x'.", opcode));
}

static bool load_binary_int(struct vm *vm, struct unpickler *unpickler, int size)
{
    const uint8_t *data = unpickler_read(vm, unpickler, (size_t)size);
    if (!data)
        return false;
    uint32_t number = (uint32_t)little_endian_load(data, size);
    return unpickler_push(vm, unpickler, small_int(size == 4 ? (int32_t)number : (int64_t)number));
}

static bool load_binary_get(struct vm *vm, struct unpickler *unpickler, int size)
{
    const uint8_t *data = unpickler_read(vm, unpickler, (size_t)size);
    return data && load_memoized(vm, unpickler, (int64_t)little_endian_load(data, size));
}

static bool load_binary_put(struct vm *vm, struct unpickler *unpickler, int size)
{
    const uint8_t *data = unpickler_read(vm, unpickler, (size_t)size);
    return data && memoize(vm, unpickler, (size_t)little_endian_load(data, size));
}

static bool load_get(struct vm *vm, struct unpickler *unpickler)
{
    int64_t index;
    return read_index(vm, unpickler, &index) && load_memoized(vm, unpickler, index);
}

static bool load_mark_items(struct vm *vm, struct unpickler *unpickler,
                            bool (*load)(struct vm *vm, struct unpickler *unpickler, size_t start))
{
    size_t start;
    return unpickler_pop_mark(vm, unpickler, &start) && load(vm, unpickler, start);
}

/* What few pickles have. */
static bool load_rare(struct vm *vm, struct unpickler *unpickler, uint8_t opcode)
{
    switch (opcode) {
    case OPCODE_INT: return unpickle_int(vm, unpickler);
    case OPCODE_LONG: return unpickle_long(vm, unpickler);
    case OPCODE_FLOAT: return unpickle_float(vm, unpickler);
    case OPCODE_STRING: return unpickle_string(vm, unpickler);
    case OPCODE_SHORT_BINSTRING: return unpickle_counted_string(vm, unpickler, 1);
    case OPCODE_BINSTRING: return unpickle_counted_string(vm, unpickler, 4);
    case OPCODE_UNICODE: return unpickle_unicode(vm, unpickler);
    case OPCODE_BINUNICODE8: return unpickle_counted_unicode(vm, unpickler, 8);
    case OPCODE_BINBYTES8: return unpickle_counted_bytes(vm, unpickler, 8);
    case OPCODE_BYTEARRAY8: return unpickle_bytearray(vm, unpickler);
    case OPCODE_NEXT_BUFFER: return unpickle_next_buffer(vm, unpickler);
    case OPCODE_READONLY_BUFFER: return unpickle_readonly_buffer(vm, unpickler);
    case OPCODE_LIST: return load_sequence(vm, unpickler, true);
    case OPCODE_DICT: return unpickle_dict(vm, unpickler);
    case OPCODE_OBJ: return unpickle_obj(vm, unpickler);
    case OPCODE_INST: return unpickle_inst(vm, unpickler);
    case OPCODE_NEWOBJ_EX: return unpickle_new(vm, unpickler, true);
    case OPCODE_GET: return load_get(vm, unpickler);
    case OPCODE_PUT: return load_put(vm, unpickler);
    case OPCODE_PERSID: return unpickle_persistent(vm, unpickler, false);
    case OPCODE_BINPERSID: return unpickle_persistent(vm, unpickler, true);
    case OPCODE_PROTO: return load_protocol(vm, unpickler);
    case OPCODE_FRAME: return load_frame(vm, unpickler);
    case OPCODE_EXT1: return unpickle_extension(vm, unpickler, 1);
    case OPCODE_EXT2: return unpickle_extension(vm, unpickler, 2);
    case OPCODE_EXT4: return unpickle_extension(vm, unpickler, 4);
    default: return invalid_opcode(vm, opcode);
    }
}

static bool load_opcode(struct vm *vm, struct unpickler *unpickler, uint8_t opcode)
{
    switch (opcode) {
    case OPCODE_NONE: return unpickler_push(vm, unpickler, NONE);
    case OPCODE_NEWTRUE: return unpickler_push(vm, unpickler, TRUE);
    case OPCODE_NEWFALSE: return unpickler_push(vm, unpickler, FALSE);
    case OPCODE_BININT: return load_binary_int(vm, unpickler, 4);
    case OPCODE_BININT1: return load_binary_int(vm, unpickler, 1);
    case OPCODE_BININT2: return load_binary_int(vm, unpickler, 2);
    case OPCODE_LONG1: return unpickle_counted_long(vm, unpickler, 1);
    case OPCODE_LONG4: return unpickle_counted_long(vm, unpickler, 4);
    case OPCODE_BINFLOAT: return unpickle_binary_float(vm, unpickler);
    case OPCODE_SHORT_BINBYTES: return unpickle_counted_bytes(vm, unpickler, 1);
    case OPCODE_BINBYTES: return unpickle_counted_bytes(vm, unpickler, 4);
    case OPCODE_SHORT_BINUNICODE: return unpickle_counted_unicode(vm, unpickler, 1);
    case OPCODE_BINUNICODE: return unpickle_counted_unicode(vm, unpickler, 4);
    case OPCODE_EMPTY_TUPLE: return unpickler_push(vm, unpickler, vm->empty_tuple);
    case OPCODE_TUPLE1: return load_counted_tuple(vm, unpickler, 1);
    case OPCODE_TUPLE2: return load_counted_tuple(vm, unpickler, 2);
    case OPCODE_TUPLE3: return load_counted_tuple(vm, unpickler, 3);
    case OPCODE_TUPLE: return load_sequence(vm, unpickler, false);
    case OPCODE_EMPTY_LIST: return unpickler_push(vm, unpickler, list_new(vm, 0));
    case OPCODE_EMPTY_DICT: return unpickler_push(vm, unpickler, dict_new(vm));
    case OPCODE_EMPTY_SET: return unpickler_push(vm, unpickler, set_new(vm, &set_type));
    case OPCODE_ADDITEMS: return unpickle_additions(vm, unpickler);
    case OPCODE_FROZENSET: return unpickle_frozenset(vm, unpickler);
    case OPCODE_NEWOBJ: return unpickle_new(vm, unpickler, false);
    case OPCODE_GLOBAL: return unpickle_global(vm, unpickler);
    case OPCODE_STACK_GLOBAL: return unpickle_stack_global(vm, unpickler);
    case OPCODE_APPEND: return unpickler->size ? unpickle_appends(vm, unpickler, unpickler->size - 1)
                                               : failed(unpickler_underflow(vm, unpickler));
    case OPCODE_APPENDS: return load_mark_items(vm, unpickler, unpickle_appends);
    case OPCODE_SETITEM: return unpickler->size > 1 ? unpickle_items(vm, unpickler, unpickler->size - 2)
                                                    : failed(unpickler_underflow(vm, unpickler));
    case OPCODE_SETITEMS: return load_mark_items(vm, unpickler, unpickle_items);
    case OPCODE_BUILD: return unpickle_build(vm, unpickler);
    case OPCODE_REDUCE: return unpickle_reduce(vm, unpickler);
    case OPCODE_MARK: return push_mark(vm, unpickler);
    case OPCODE_POP: return load_pop(vm, unpickler);
    case OPCODE_POP_MARK: return load_pop_mark(vm, unpickler);
    case OPCODE_DUP: return load_dup(vm, unpickler);
    case OPCODE_MEMOIZE: return memoize(vm, unpickler, unpickler->memo_count);
    case OPCODE_BINGET: return load_binary_get(vm, unpickler, 1);
    case OPCODE_LONG_BINGET: return load_binary_get(vm, unpickler, 4);
    case OPCODE_BINPUT: return load_binary_put(vm, unpickler, 1);
    case OPCODE_LONG_BINPUT: return load_binary_put(vm, unpickler, 4);
    default: return load_rare(vm, unpickler, opcode);
    }
}

value unpickler_load(struct vm *vm, struct unpickler *unpickler)
{
    uint64_t opcodes = 0;
    unpickler->mark_count = unpickler->fence = unpickler->size = 0;
    unpickler->protocol = 0;
    for (;; opcodes++) {
        const uint8_t *at = unpickler_read(vm, unpickler, 1);
        if (!at) {
            if (!exception_matches(vm, native_error(vm->pickle->unpickling_error)))
                return VALUE_NULL;
            exception_clear(vm);
            return raise_error(vm, &exc_EOFError, "Ran out of input");
        }
        uint8_t opcode = *at;
        if (opcode == OPCODE_STOP)
            break;
        if (!load_opcode(vm, unpickler, opcode))
            return VALUE_NULL;
    }
    ADD_WORK(vm, items, opcodes);
    return unpickler_skip_consumed(vm, unpickler) ? unpickler_pop(vm, unpickler) : VALUE_NULL;
}
