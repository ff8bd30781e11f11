/* write.c - the pickler's output with its frames, and the memo: which objects were written already, by identity. */
#include "sim/modules/pickle/pickle.h"

#include <stdio.h>

/* ---- output ---- */

bool pickler_grow(struct vm *vm, struct pickler *pickler, size_t size)
{
    size_t capacity = (pickler->length + size + PICKLE_FRAME_HEADER) / 2 * 3 + 256;
    uint8_t *out = realloc(pickler->out, capacity);
    if (!out) {
        raise_no_memory(vm);
        return false;
    }
    gc_account_external(vm, (int64_t)(capacity - pickler->capacity));
    pickler->out = out;
    pickler->capacity = capacity;
    return true;
}

/* A frame that is too small for a header's worth of bytes goes without one. */
void pickler_end_frame(struct pickler *pickler)
{
    if (!pickler->framing || pickler->frame_start < 0)
        return;
    uint8_t *frame = pickler->out + pickler->frame_start;
    size_t size = pickler->length - (size_t)pickler->frame_start - PICKLE_FRAME_HEADER;
    if (size >= PICKLE_FRAME_MINIMUM) {
        frame[0] = OPCODE_FRAME;
        little_endian_store(frame + 1, size, 8);
    } else {
        memmove(frame, frame + PICKLE_FRAME_HEADER, size);
        pickler->length -= PICKLE_FRAME_HEADER;
    }
    pickler->frame_start = -1;
}

bool pickler_flush(struct vm *vm, struct pickler *pickler)
{
    pickler_end_frame(pickler);
    ADD_WORK(vm, characters, pickler->length);
    value bytes = bytes_from(vm, pickler->out, pickler->length);
    if (bytes == VALUE_NULL)
        return false;
    pickler->length = 0;
    pickler->frame_start = -1;
    return call_1(vm, pickler->write, bytes) != VALUE_NULL;
}

bool pickler_boundary(struct vm *vm, struct pickler *pickler)
{
    if (pickler->length - (size_t)pickler->frame_start - PICKLE_FRAME_HEADER < PICKLE_FRAME_TARGET)
        return true;
    pickler_end_frame(pickler);
    return pickler->write == VALUE_NULL || pickler_flush(vm, pickler);
}

bool pickler_write(struct vm *vm, struct pickler *pickler, const void *data, size_t size)
{
    uint8_t *to = pickler_room(vm, pickler, size);
    if (to)
        memcpy(to, data, size);
    return to != NULL;
}

bool pickler_write_large(struct vm *vm, struct pickler *pickler, const void *header, size_t header_size, const void *data,
                         size_t size, value payload)
{
    if (size < PICKLE_FRAME_TARGET) {
        uint8_t *to = pickler_room(vm, pickler, header_size + size);
        if (to) {
            memcpy(to, header, header_size);
            if (size)
                memcpy(to + header_size, data, size);
        }
        return to != NULL;
    }
    bool framing = pickler->framing;
    pickler_end_frame(pickler);
    pickler->framing = false;
    if (!pickler_write(vm, pickler, header, header_size))
        return false;
    if (pickler->write == VALUE_NULL) {
        if (!pickler_write(vm, pickler, data, size))
            return false;
    } else {
        if (payload == VALUE_NULL && (payload = bytes_from(vm, data, size)) == VALUE_NULL)
            return false;
        ADD_WORK(vm, characters, size);
        if (!pickler_flush(vm, pickler) || call_1(vm, pickler->write, payload) == VALUE_NULL)
            return false;
        pickler->length = 0;
    }
    pickler->framing = framing;
    return true;
}

/* ---- memo ---- */

enum { MEMO_BITS_FIRST = 5 };

static struct memo_entry *memo_slot(const struct pickle_memo *memo, value object)
{
    size_t mask = ((size_t)1 << memo->bits) - 1;
    size_t at = (size_t)((object >> 3) * 0x9e3779b97f4a7c15ull >> (64 - memo->bits));
    while (memo->entries[at].object != object && memo->entries[at].object != VALUE_NULL)
        at = (at + 1) & mask;
    return &memo->entries[at];
}

const struct memo_entry *memo_find(const struct pickle_memo *memo, value object)
{
    if (!memo->entries)
        return NULL;
    const struct memo_entry *entry = memo_slot(memo, object);
    return entry->object == object ? entry : NULL;
}

static bool memo_allocate(struct vm *vm, struct pickle_memo *memo, uint32_t bits)
{
    size_t capacity = (size_t)1 << bits;
    memo->entries = malloc(capacity * sizeof *memo->entries);
    if (!memo->entries) {
        raise_no_memory(vm);
        return false;
    }
    for (size_t i = 0; i < capacity; i++)
        memo->entries[i].object = VALUE_NULL;
    memo->bits = bits;
    gc_account_external(vm, (int64_t)(capacity * sizeof *memo->entries));
    return true;
}

static bool memo_grow(struct vm *vm, struct pickle_memo *memo)
{
    struct pickle_memo old = *memo;
    if (!memo_allocate(vm, memo, old.bits + (old.used > 50000 ? 1 : 2))) {
        *memo = old;
        return false;
    }
    for (size_t i = 0; i < (size_t)1 << old.bits; i++)
        if (old.entries[i].object != VALUE_NULL)
            *memo_slot(memo, old.entries[i].object) = old.entries[i];
    free(old.entries);
    return true;
}

bool memo_add(struct vm *vm, struct pickle_memo *memo, value object, uint64_t index)
{
    if (!memo->entries ? !memo_allocate(vm, memo, MEMO_BITS_FIRST)
                       : memo->used * 3 >= (size_t)2 << memo->bits && !memo_grow(vm, memo))
        return false;
    struct memo_entry *entry = memo_slot(memo, object);
    if (entry->object == VALUE_NULL) {
        entry->object = object;
        memo->used++;
        memo->count++;
    }
    entry->index = index;
    return true;
}

void memo_remove(struct pickle_memo *memo, value object)
{
    size_t mask = ((size_t)1 << memo->bits) - 1;
    struct memo_entry *hole = memo->entries ? memo_slot(memo, object) : NULL;
    if (!hole || hole->object != object)
        return;
    hole->object = VALUE_NULL;
    memo->used--;
    memo->count--;
    for (size_t at = (size_t)(hole - memo->entries + 1) & mask; memo->entries[at].object != VALUE_NULL; at = (at + 1) & mask) {
        struct memo_entry moved = memo->entries[at]; /* those behind it may have to close the gap */
        memo->entries[at].object = VALUE_NULL;
        *memo_slot(memo, moved.object) = moved;
    }
}

void memo_clear(struct pickle_memo *memo)
{
    free(memo->entries);
    *memo = (struct pickle_memo){0};
}

void memo_trace(struct vm *vm, const struct pickle_memo *memo)
{
    if (memo->entries)
        for (size_t i = 0; i < (size_t)1 << memo->bits; i++)
            gc_mark(vm, memo->entries[i].object);
}

bool memo_copy(struct vm *vm, struct pickle_memo *to, const struct pickle_memo *from)
{
    *to = (struct pickle_memo){0};
    if (!from->entries)
        return true;
    if (!memo_allocate(vm, to, from->bits))
        return false;
    memcpy(to->entries, from->entries, ((size_t)1 << from->bits) * sizeof *from->entries);
    to->used = from->used;
    to->count = from->count;
    return true;
}

static bool write_index(struct vm *vm, struct pickler *pickler, uint64_t index, const char opcodes[3], const char *too_large)
{
    uint8_t *to;
    if (!pickler->binary) {
        char text[32];
        int size = snprintf(text, sizeof text, "%c%llu\n", opcodes[0], (unsigned long long)index);
        return pickler_write(vm, pickler, text, (size_t)size);
    }
    if (index < 256) {
        if (!(to = pickler_room(vm, pickler, 2)))
            return false;
        to[0] = (uint8_t)opcodes[1];
        to[1] = (uint8_t)index;
        return true;
    }
    if (index > UINT32_MAX)
        return failed(pickle_raise(vm, "memo id too large for %s", too_large));
    if (!(to = pickler_room(vm, pickler, 5)))
        return false;
    to[0] = (uint8_t)opcodes[2];
    little_endian_store(to + 1, index, 4);
    return true;
}

bool pickler_memoize(struct vm *vm, struct pickler *pickler, value object)
{
    if (pickler->fast)
        return true;
    uint64_t index = pickler->memo.count;
    if (!memo_add(vm, &pickler->memo, object, index))
        return false;
    if (pickler->protocol >= 4)
        return pickler_put(vm, pickler, OPCODE_MEMOIZE);
    return write_index(vm, pickler, index, "pqr", "LONG_BINPUT");
}

bool pickler_write_get(struct vm *vm, struct pickler *pickler, const struct memo_entry *entry)
{
    return write_index(vm, pickler, entry->index, "ghj", "LONG_BINGET");
}
