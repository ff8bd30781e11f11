/* read.c - the unpickler's input: bytes at hand, or a file that is asked for more. What peek() showed of a file is used up
 * there only when the pickle went past it. */
#include "sim/modules/pickle/pickle.h"
#include "sim/runtime/memoryview.h"

enum { PREFETCH = 8192 * 16 };

bool unpickler_set_input(struct vm *vm, struct unpickler *unpickler, value data)
{
    if (!is_bytes(data)) {
        struct item_buffer buffer;
        if (!buffer_get(vm, data, &buffer))
            return false;
        if (!buffer_is_contiguous(&buffer, 'C'))
            return failed(raise_error(vm, &exc_BufferError, "memoryview: underlying buffer is not C-contiguous"));
        if ((data = buffer_to_bytes(vm, &buffer)) == VALUE_NULL)
            return false;
    }
    unpickler->input = data;
    unpickler->data = bytes_of(data)->data;
    unpickler->length = bytes_of(data)->length;
    unpickler->position = 0;
    unpickler->prefetched = unpickler->length;
    return true;
}

static const uint8_t *truncated(struct vm *vm)
{
    unpickle_raise(vm, "pickle data was truncated");
    return NULL;
}

bool unpickler_skip_consumed(struct vm *vm, struct unpickler *unpickler)
{
    if (unpickler->position <= unpickler->prefetched)
        return true;
    value size = small_int((int64_t)(unpickler->position - unpickler->prefetched));
    if (call_1(vm, unpickler->read, size) == VALUE_NULL)
        return false;
    unpickler->prefetched = unpickler->position;
    return true;
}

/* Looks at what comes next without taking it, if the file can. 1: enough of it is the input now, 0: no, -1. */
static int peek_input(struct vm *vm, struct unpickler *unpickler, size_t size)
{
    if (unpickler->peek == VALUE_NULL || size >= PREFETCH)
        return 0;
    value data = call_1(vm, unpickler->peek, small_int(PREFETCH));
    if (data == VALUE_NULL) {
        if (!exception_matches(vm, &exc_NotImplementedError))
            return -1;
        exception_clear(vm);
        unpickler->peek = VALUE_NULL;
        return 0;
    }
    if (!unpickler_set_input(vm, unpickler, data))
        return -1;
    unpickler->prefetched = 0;
    return size <= unpickler->length;
}

const uint8_t *unpickler_read_more(struct vm *vm, struct unpickler *unpickler, size_t size)
{
    if (size > (size_t)INT64_MAX - unpickler->position) {
        unpickle_raise(vm, "read would overflow (invalid bytecode)");
        return NULL;
    }
    if (unpickler->read == VALUE_NULL)
        return truncated(vm);
    if (!unpickler_skip_consumed(vm, unpickler))
        return NULL;
    int peeked = peek_input(vm, unpickler, size);
    if (peeked < 0)
        return NULL;
    if (!peeked) {
        value data = call_1(vm, unpickler->read, small_int((int64_t)size));
        if (data == VALUE_NULL || !unpickler_set_input(vm, unpickler, data))
            return NULL;
        if (unpickler->length < size)
            return truncated(vm);
    }
    unpickler->position = size;
    return unpickler->data;
}

/* read() where there is no readinto() */
static bool copy_read(struct vm *vm, struct unpickler *unpickler, uint8_t *to, size_t size)
{
    value data = call_1(vm, unpickler->read, small_int((int64_t)size));
    if (data == VALUE_NULL)
        return false;
    if (!is_bytes(data))
        return failed(raise_error(vm, &exc_ValueError, "read() returned non-bytes object (%R)",
                                  object_value(value_type(vm, data))));
    if (bytes_of(data)->length < size)
        return failed(unpickle_raise(vm, "pickle data was truncated"));
    memcpy(to, bytes_of(data)->data, size);
    return true;
}

bool unpickler_read_into(struct vm *vm, struct unpickler *unpickler, value target, uint8_t *to, size_t size)
{
    size_t at_hand = size_minimum(unpickler->length - unpickler->position, size);
    if (at_hand)
        memcpy(to, unpickler->data + unpickler->position, at_hand);
    unpickler->position += at_hand;
    to += at_hand;
    size -= at_hand;
    if (!size)
        return true;
    if (unpickler->read == VALUE_NULL)
        return failed(unpickle_raise(vm, "pickle data was truncated"));
    if (!unpickler_skip_consumed(vm, unpickler))
        return false;
    if (unpickler->readinto == VALUE_NULL)
        return copy_read(vm, unpickler, to, size);
    struct item_buffer buffer = {.exporter = target, .data = to, .length = (int64_t)size, .item_size = 1, .format = "B",
                                 .dimensions = 1};
    value view = view_from_buffer(vm, &buffer), answer = view == VALUE_NULL ? VALUE_NULL : call_1(vm, unpickler->readinto, view);
    int64_t count;
    if (answer == VALUE_NULL || !value_to_index(vm, answer, &count))
        return false;
    if (count < 0)
        return failed(raise_error(vm, &exc_ValueError, "readinto() returned negative size"));
    return (size_t)count >= size || failed(unpickle_raise(vm, "pickle data was truncated"));
}

const uint8_t *unpickler_read_line(struct vm *vm, struct unpickler *unpickler, size_t minimum, size_t *size)
{
    const uint8_t *line = unpickler->data + unpickler->position;
    size_t rest = unpickler->length - unpickler->position;
    const uint8_t *end = rest ? memchr(line, '\n', rest) : NULL;
    if (end) {
        *size = (size_t)(end - line) + 1;
        unpickler->position += *size;
    } else {
        if (unpickler->read == VALUE_NULL)
            return truncated(vm);
        value data = unpickler_skip_consumed(vm, unpickler) ? call_0(vm, unpickler->readline) : VALUE_NULL;
        if (data == VALUE_NULL || !unpickler_set_input(vm, unpickler, data))
            return NULL;
        line = unpickler->data;
        *size = unpickler->position = unpickler->length;
        if (!*size || line[*size - 1] != '\n')
            return truncated(vm);
    }
    return *size < minimum ? truncated(vm) : line;
}
