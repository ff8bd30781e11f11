/* pickle.h - module _pickle: what its pickler, its unpickler and PickleBuffer share.
 *
 * Both machines are objects whose tables lie in malloc'd memory: the collector finds what they hold through their trace
 * functions, and dumps() and loads() free it at once. Everything is byte for byte what CPython's C pickler writes.
 */
#ifndef HYBRIDSIM_SIM_MODULES_PICKLE_PICKLE_H
#define HYBRIDSIM_SIM_MODULES_PICKLE_PICKLE_H

#include "sim/modules/native_error.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/container.h"
#include "sim/runtime/text.h"

enum {
    PICKLE_PROTOCOL_HIGHEST = 5, PICKLE_PROTOCOL_DEFAULT = 4,
    PICKLE_BATCH = 1000,              /* items between MARK and APPENDS, SETITEMS, ADDITEMS */
    PICKLE_FRAME_HEADER = 9, PICKLE_FRAME_MINIMUM = 4, PICKLE_FRAME_TARGET = 64 * 1024,
    PICKLE_FAST_NESTING = 50          /* in fast mode, deeper containers are watched for cycles */
};

enum pickle_opcode {
    OPCODE_MARK = '(', OPCODE_STOP = '.', OPCODE_POP = '0', OPCODE_POP_MARK = '1', OPCODE_DUP = '2', OPCODE_FLOAT = 'F',
    OPCODE_INT = 'I', OPCODE_BININT = 'J', OPCODE_BININT1 = 'K', OPCODE_LONG = 'L', OPCODE_BININT2 = 'M', OPCODE_NONE = 'N',
    OPCODE_PERSID = 'P', OPCODE_BINPERSID = 'Q', OPCODE_REDUCE = 'R', OPCODE_STRING = 'S', OPCODE_BINSTRING = 'T',
    OPCODE_SHORT_BINSTRING = 'U', OPCODE_UNICODE = 'V', OPCODE_BINUNICODE = 'X', OPCODE_APPEND = 'a', OPCODE_BUILD = 'b',
    OPCODE_GLOBAL = 'c', OPCODE_DICT = 'd', OPCODE_EMPTY_DICT = '}', OPCODE_APPENDS = 'e', OPCODE_GET = 'g',
    OPCODE_BINGET = 'h', OPCODE_INST = 'i', OPCODE_LONG_BINGET = 'j', OPCODE_LIST = 'l', OPCODE_EMPTY_LIST = ']',
    OPCODE_OBJ = 'o', OPCODE_PUT = 'p', OPCODE_BINPUT = 'q', OPCODE_LONG_BINPUT = 'r', OPCODE_SETITEM = 's',
    OPCODE_TUPLE = 't', OPCODE_EMPTY_TUPLE = ')', OPCODE_SETITEMS = 'u', OPCODE_BINFLOAT = 'G',
    OPCODE_PROTO = 0x80, OPCODE_NEWOBJ, OPCODE_EXT1, OPCODE_EXT2, OPCODE_EXT4, OPCODE_TUPLE1, OPCODE_TUPLE2, OPCODE_TUPLE3,
    OPCODE_NEWTRUE, OPCODE_NEWFALSE, OPCODE_LONG1, OPCODE_LONG4, /* protocol 2 */
    OPCODE_BINBYTES = 'B', OPCODE_SHORT_BINBYTES = 'C',          /* protocol 3 */
    OPCODE_SHORT_BINUNICODE = 0x8c, OPCODE_BINUNICODE8, OPCODE_BINBYTES8, OPCODE_EMPTY_SET, OPCODE_ADDITEMS,
    OPCODE_FROZENSET, OPCODE_NEWOBJ_EX, OPCODE_STACK_GLOBAL, OPCODE_MEMOIZE, OPCODE_FRAME, /* protocol 4 */
    OPCODE_BYTEARRAY8, OPCODE_NEXT_BUFFER, OPCODE_READONLY_BUFFER                          /* protocol 5 */
};

/* ---- module.c: what the module found when it was imported ---- */
struct pickle_state {
    value error, pickling_error, unpickling_error;
    value dispatch_table, extension_registry, inverted_registry, extension_cache; /* copyreg's, exact dicts */
    value names_2to3, imports_2to3, names_3to2, imports_3to2;                      /* _compat_pickle's, exact dicts */
    value codecs_encode, getattr, partial, newobj, newobj_ex;                      /* newobj: copyreg.__newobj__ */
    value function_modules; /* dict: names of modules as their native functions have them, which types do not share */
    value reduce_ex, getstate;                                                     /* those of object */
};

value pickle_raise(struct vm *vm, const char *format, ...);   /* PicklingError; VALUE_NULL */
value unpickle_raise(struct vm *vm, const char *format, ...); /* UnpicklingError; VALUE_NULL */

static inline bool failed(value raised) /* what raises, as the answer of what answers false */
{
    (void)raised;
    return false;
}

/* ---- the pickler ---- */
struct memo_entry { value object; uint64_t index; }; /* object VALUE_NULL: free */
struct pickle_memo { /* by identity */
    struct memo_entry *entries; /* malloc'd; NULL while empty */
    size_t count;               /* the next index: objects known, and dicts of attributes that were never made */
    size_t used;
    uint32_t bits;              /* log2 of the capacity */
};

struct pickler {
    struct object head;
    uint8_t *out;               /* malloc'd */
    size_t length, capacity;
    int64_t frame_start;        /* -1: no frame is open */
    struct pickle_memo memo, fast_memo;
    value write;                /* of the file; VALUE_NULL: dumps(), or __init__ was not called */
    value persistent_id, dispatch_table, reducer_override, buffer_callback; /* VALUE_NULL: none */
    int protocol;
    int binary, fast;           /* attributes bin and fast */
    int fast_nesting;
    bool framing, fix_imports;
    uint64_t items;             /* saved: accounted at the end */
};

extern struct type pickler_type, pickler_memo_type, unpickler_type, unpickler_memo_type, pickle_buffer_type;

static inline struct pickler *pickler_of(value v) { return (struct pickler *)value_object(v); }

/* pickler.c */
struct pickler *pickler_new(struct vm *vm, struct type *type); /* NULL: MemoryError pending */
bool pickler_set_protocol(struct vm *vm, struct pickler *pickler, value protocol, value fix_imports);
bool pickler_set_file(struct vm *vm, struct pickler *pickler, value file);
bool pickler_set_buffer_callback(struct vm *vm, struct pickler *pickler, value callback);
bool pickler_dump(struct vm *vm, struct pickler *pickler, value object); /* the whole pickle, but not yet to the file */
void pickler_dispose(struct pickler *pickler);                           /* frees its tables */

/* write.c: output and memo */
bool pickler_grow(struct vm *vm, struct pickler *pickler, size_t size);
void pickler_end_frame(struct pickler *pickler);
bool pickler_boundary(struct vm *vm, struct pickler *pickler); /* a frame that is full ends here */
bool pickler_flush(struct vm *vm, struct pickler *pickler);    /* to the file */
bool pickler_write(struct vm *vm, struct pickler *pickler, const void *data, size_t size);
/* A header and what it announces, which when large goes outside of frames and straight to the file. payload: bytes with that
 * data, or VALUE_NULL. */
bool pickler_write_large(struct vm *vm, struct pickler *pickler, const void *header, size_t header_size, const void *data,
                         size_t size, value payload);
bool memo_add(struct vm *vm, struct pickle_memo *memo, value object, uint64_t index);
const struct memo_entry *memo_find(const struct pickle_memo *memo, value object);
void memo_remove(struct pickle_memo *memo, value object);
void memo_clear(struct pickle_memo *memo);
void memo_trace(struct vm *vm, const struct pickle_memo *memo);
bool memo_copy(struct vm *vm, struct pickle_memo *to, const struct pickle_memo *from);
bool pickler_memoize(struct vm *vm, struct pickler *pickler, value object);          /* and writes PUT or MEMOIZE */
bool pickler_write_get(struct vm *vm, struct pickler *pickler, const struct memo_entry *entry);

/* `size` bytes behind what is written, to be filled; opens a frame when one is due. NULL: MemoryError pending. */
static inline uint8_t *pickler_room(struct vm *vm, struct pickler *pickler, size_t size)
{
    if (pickler->length + size + PICKLE_FRAME_HEADER > pickler->capacity && !pickler_grow(vm, pickler, size))
        return NULL;
    if (pickler->framing && pickler->frame_start < 0) {
        pickler->frame_start = (int64_t)pickler->length;
        pickler->length += PICKLE_FRAME_HEADER;
    }
    uint8_t *to = pickler->out + pickler->length;
    pickler->length += size;
    return to;
}
static inline bool pickler_put(struct vm *vm, struct pickler *pickler, enum pickle_opcode opcode)
{
    uint8_t *to = pickler_room(vm, pickler, 1);
    if (to)
        *to = (uint8_t)opcode;
    return to != NULL;
}
static inline void little_endian_store(uint8_t *to, uint64_t number, int size)
{
    for (int i = 0; i < size; i++)
        to[i] = (uint8_t)(number >> (8 * i));
}

/* save.c, save_text.c, save_reduce.c, save_global.c */
bool pickle_save(struct vm *vm, struct pickler *pickler, value v);
bool pickle_save_int(struct vm *vm, struct pickler *pickler, value v);
bool pickle_save_float(struct vm *vm, struct pickler *pickler, value v);
bool pickle_save_string(struct vm *vm, struct pickler *pickler, value v);
bool pickle_save_bytes(struct vm *vm, struct pickler *pickler, value v);
bool pickle_save_bytearray(struct vm *vm, struct pickler *pickler, value v);
bool pickle_save_buffer(struct vm *vm, struct pickler *pickler, value v);
bool pickle_save_list_batches(struct vm *vm, struct pickler *pickler, value iterator);
bool pickle_save_dict_batches(struct vm *vm, struct pickler *pickler, value iterator);
bool pickle_save_reduced(struct vm *vm, struct pickler *pickler, value v);        /* what has no opcode of its own */
bool pickle_save_reduce(struct vm *vm, struct pickler *pickler, value reduced, value v); /* v VALUE_NULL: not memoised */
bool pickle_save_global(struct vm *vm, struct pickler *pickler, value v, value name);    /* name VALUE_NULL: its own */
bool pickle_save_type(struct vm *vm, struct pickler *pickler, value v);
/* A dotted name's parts as a list; AttributeError for local ones. module VALUE_NULL: not looked up yet. */
value pickle_split_name(struct vm *vm, value name, value module);
/* object.a.b.c; VALUE_NULL: not there, with or without an exception pending. *parent: what the last part was taken from. */
value pickle_get_path(struct vm *vm, value object, value names, value *parent);

/* ---- the unpickler ---- */
struct unpickler {
    struct object head;
    value *stack;                /* malloc'd */
    size_t size, capacity, fence; /* fence: the topmost mark's place, 0: none */
    size_t *marks;               /* malloc'd */
    size_t mark_count, mark_capacity;
    value *memo;                 /* malloc'd, each with VALUE_NULL's bits turned over, so that untouched memory is free */
    size_t memo_size, memo_count;
    value input;                 /* bytes; what is read from */
    const uint8_t *data;
    size_t length, position, prefetched;
    value read, readinto, readline, peek; /* of the file; VALUE_NULL: none */
    value persistent_load, buffers;
    char *encoding, *errors;     /* malloc'd */
    int protocol;
    bool fix_imports, exact;     /* exact: find_class is not overridden */
    bool started;                /* __init__ was called */
};

static inline struct unpickler *unpickler_of(value v) { return (struct unpickler *)value_object(v); }

/* unpickler.c */
struct unpickler *unpickler_new(struct vm *vm, struct type *type);
bool unpickler_set_options(struct vm *vm, struct unpickler *unpickler, const value options[4], const char *function);
bool unpickler_set_file(struct vm *vm, struct unpickler *unpickler, value file);
void unpickler_dispose(struct unpickler *unpickler);
value unpickler_find_class(struct vm *vm, struct unpickler *unpickler, value module_name, value name); /* overridden or not */
bool unpickler_memo_put(struct vm *vm, struct unpickler *unpickler, size_t index, value v);
static inline value unpickler_memo_get(const struct unpickler *unpickler, size_t index) /* VALUE_NULL: nothing there */
{
    return index < unpickler->memo_size ? unpickler->memo[index] ^ VALUE_NULL : VALUE_NULL;
}

/* read.c */
bool unpickler_set_input(struct vm *vm, struct unpickler *unpickler, value data);
const uint8_t *unpickler_read_more(struct vm *vm, struct unpickler *unpickler, size_t size);
bool unpickler_read_into(struct vm *vm, struct unpickler *unpickler, value target, uint8_t *to, size_t size);
const uint8_t *unpickler_read_line(struct vm *vm, struct unpickler *unpickler, size_t minimum, size_t *size); /* with its \n */
bool unpickler_skip_consumed(struct vm *vm, struct unpickler *unpickler);
static inline const uint8_t *unpickler_read(struct vm *vm, struct unpickler *unpickler, size_t size)
{
    if (size > unpickler->length - unpickler->position)
        return unpickler_read_more(vm, unpickler, size);
    const uint8_t *at = unpickler->data + unpickler->position;
    unpickler->position += size;
    return at;
}

/* load.c, load_atoms.c, load_objects.c */
value unpickler_load(struct vm *vm, struct unpickler *unpickler);
bool unpickler_grow(struct vm *vm, struct unpickler *unpickler);
value unpickler_underflow(struct vm *vm, struct unpickler *unpickler); /* VALUE_NULL */
bool unpickler_pop_mark(struct vm *vm, struct unpickler *unpickler, size_t *mark);
value unpickler_pop_tuple(struct vm *vm, struct unpickler *unpickler, size_t start);
static inline bool unpickler_push(struct vm *vm, struct unpickler *unpickler, value v)
{
    if (v == VALUE_NULL || (unpickler->size == unpickler->capacity && !unpickler_grow(vm, unpickler)))
        return false;
    unpickler->stack[unpickler->size++] = v;
    return true;
}
static inline value unpickler_pop(struct vm *vm, struct unpickler *unpickler)
{
    return unpickler->size <= unpickler->fence ? unpickler_underflow(vm, unpickler) : unpickler->stack[--unpickler->size];
}
static inline uint64_t little_endian_load(const uint8_t *from, int size)
{
    uint64_t number = 0;
    for (int i = 0; i < size; i++)
        number |= (uint64_t)from[i] << (8 * i);
    return number;
}
bool unpickle_int(struct vm *vm, struct unpickler *unpickler);
bool unpickle_long(struct vm *vm, struct unpickler *unpickler);
bool unpickle_counted_long(struct vm *vm, struct unpickler *unpickler, int size);
bool unpickle_float(struct vm *vm, struct unpickler *unpickler);
bool unpickle_binary_float(struct vm *vm, struct unpickler *unpickler);
bool unpickle_string(struct vm *vm, struct unpickler *unpickler);
bool unpickle_counted_string(struct vm *vm, struct unpickler *unpickler, int size);
bool unpickle_counted_bytes(struct vm *vm, struct unpickler *unpickler, int size);
bool unpickle_bytearray(struct vm *vm, struct unpickler *unpickler);
bool unpickle_next_buffer(struct vm *vm, struct unpickler *unpickler);
bool unpickle_readonly_buffer(struct vm *vm, struct unpickler *unpickler);
bool unpickle_unicode(struct vm *vm, struct unpickler *unpickler);
bool unpickle_counted_unicode(struct vm *vm, struct unpickler *unpickler, int size);
bool unpickle_obj(struct vm *vm, struct unpickler *unpickler);
bool unpickle_inst(struct vm *vm, struct unpickler *unpickler);
bool unpickle_new(struct vm *vm, struct unpickler *unpickler, bool keywords);
bool unpickle_global(struct vm *vm, struct unpickler *unpickler);
bool unpickle_stack_global(struct vm *vm, struct unpickler *unpickler);
bool unpickle_extension(struct vm *vm, struct unpickler *unpickler, int size);
bool unpickle_persistent(struct vm *vm, struct unpickler *unpickler, bool binary);
bool unpickle_reduce(struct vm *vm, struct unpickler *unpickler);
bool unpickle_build(struct vm *vm, struct unpickler *unpickler);
bool unpickle_appends(struct vm *vm, struct unpickler *unpickler, size_t start);
bool unpickle_items(struct vm *vm, struct unpickler *unpickler, size_t start);
bool unpickle_additions(struct vm *vm, struct unpickler *unpickler);
bool unpickle_dict(struct vm *vm, struct unpickler *unpickler);
bool unpickle_frozenset(struct vm *vm, struct unpickler *unpickler);

/* memo_proxy.c: what a pickler's or unpickler's attribute `memo` is; the two types add clear and copy */
struct memo_proxy {
    struct object head;
    value owner;
};
static inline value memo_proxy_owner(value proxy) { return ((const struct memo_proxy *)value_object(proxy))->owner; }
value memo_proxy_new(struct vm *vm, struct type *type, value owner);
void memo_proxy_trace(struct vm *vm, struct object *object);
value memo_proxy_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

/* buffer.c: what a PickleBuffer lends; false: it was released */
bool pickle_buffer_describe(struct vm *vm, value buffer, struct item_buffer *out);

#endif
