/* ctypes.h - module _ctypes on libffi: what its files share.
 *
 * module.c: functions, constants. formats.c: items of the simple types. data.c: objects that stand for C memory. classes.c: what
 * the metaclasses have in common. simple.c, array.c, pointer.c, structure.c (with field.c): a metaclass and a base class each.
 * function.c: foreign functions, with parameters.c (arguments), invoke.c (the call), callback.c (Python functions that C calls) and
 * library.c with allowed.c (what may be loaded and called).
 *
 * A class's C type is its struct type's native_part. C memory of objects of their own is collected storage, so pointers in it keep
 * nothing alive: as in CPython, _objects does. */
#ifndef HYBRIDSIM_SIM_MODULES_CTYPES_CTYPES_H
#define HYBRIDSIM_SIM_MODULES_CTYPES_CTYPES_H

#include "sim/modules/native_error.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/type.h"

#include <ffi.h>
#include <locale.h>

enum c_kind { C_SIMPLE, C_POINTER, C_ARRAY, C_STRUCTURE, C_UNION, C_FUNCTION };
enum c_flags { /* of a C type */
    C_IS_POINTER = 1, C_HAS_POINTER = 2,
    C_FINAL = 4 /* instances, subclasses or members of it exist: it does not change any more */
};
enum call_flags { CALL_CDECL = 1, CALL_PYTHON_API = 4, CALL_USE_ERRNO = 8, CALL_USE_LAST_ERROR = 16 };
enum { ARGUMENTS_MAX = 1024 };

struct c_type { /* what a class stands for */
    struct object head;
    enum c_kind kind;
    char code;                   /* simple types: the letter in _type_; else 0 */
    bool swapped;                /* of the other byte order */
    unsigned flags, call_flags;
    int64_t size, align;         /* bytes */
    int64_t length;              /* arrays: items; structures: fields, those of bases included */
    int64_t item_size;           /* of the innermost item of arrays: the buffer protocol's */
    value proto;                 /* arrays and pointers: the class of the items; simple types: _type_ */
    value argument_types, converters, result_type, checker; /* functions */
    value parts;                 /* structures: list of class, offset, class, offset ... of the fields; VALUE_NULL: none */
    char *format;                /* of the buffer protocol; malloc'd */
    int dimensions;
    int64_t *shape;              /* then the strides; malloc'd */
    ffi_type ffi, *elements[5];  /* of simple types and pointers; of others when c_ffi_type has made it */
};

struct cdata { /* an object that stands for C memory; a struct subclass_tail follows in instances of classes */
    struct object head;
    uint8_t *data;
    int64_t size;
    int64_t length, index;       /* of its parts; of itself in `base` */
    value base;                  /* whose memory it is part of; VALUE_NULL: none */
    value objects;               /* what the memory refers to: a dict, or one object; VALUE_NULL: nothing yet */
    bool owns;                   /* the memory is its own: `small`, or collected storage */
    uint64_t small[2];
};

struct c_function { /* CFuncPtr */
    struct cdata data;           /* holds the address */
    value callback, callable, result_type, argument_types, converters, checker, error_check, parameter_flags; /* VALUE_NULL: none */
    value given_types;           /* argtypes as it was set */
    value name;                  /* as asked of the library; VALUE_NULL: not known */
};

union c_value { /* one argument or result */
    int64_t integer;
    double real;
    float single;
    long double extended;
    void *pointer;
    uint8_t bytes[16];
};

struct c_argument { /* type CArgObject: what byref and from_param give */
    struct object head;
    char tag;
    value object;                /* what keeps the memory alive; VALUE_NULL: nothing */
    ffi_type *ffi;
    int64_t size;
    union c_value content;
};

struct allowed_function {
    void *address;
    int callback;                /* the argument that is a function it calls, counted from 0; -1: none */
};

struct ctypes_state { /* vm->ctypes */
    value pointer_types;         /* dict: _pointer_type_cache */
    value array_types;           /* dict: (class, length) -> array class */
    value argument_error;
    struct allowed_function *allowed; /* sorted by address; NULL: not yet looked up */
    size_t allowed_count;
    void **callbacks;            /* addresses of the callbacks that live: C may call them */
    size_t callback_count;
    locale_t locale;             /* that of CPython's process: C.UTF-8; 0: as the host's */
};

struct callback_object {
    struct object head;
    struct vm *vm;
    ffi_closure *closure;
    void *address;               /* what C calls */
    value callable, converters, result_type;
    ffi_cif cif;
    ffi_type **types;            /* malloc'd */
    unsigned flags;
};

extern struct type cdata_type, c_simple_type, c_array_type, c_pointer_type, c_structure_type, c_union_type, c_function_type;
extern struct type simple_metatype, array_metatype, pointer_metatype, structure_metatype, union_metatype, function_metatype;
extern struct type c_type_type, c_argument_type, c_field_type, callback_type;

static inline struct c_type *c_type_of(const struct type *type)
{
    return is_object(type->native_part) ? (struct c_type *)value_object(type->native_part) : NULL;
}
static inline struct cdata *cdata_of(value v) { return (struct cdata *)value_object(v); }
static inline struct c_argument *c_argument_of(value v) { return (struct c_argument *)value_object(v); }
static inline struct c_function *c_function_of(value v) { return (struct c_function *)value_object(v); }
static inline bool is_cdata(struct vm *vm, value v) { return is_object(v) && is_instance(vm, v, &cdata_type); }
static inline bool is_kind(struct vm *vm, value v, const struct type *base) { return is_object(v) && is_instance(vm, v, base); }
/* the C type of a class; NULL: it is none, or abstract */
static inline struct c_type *c_type_of_class(value v) { return is_type(v) ? c_type_of(type_of_value(v)) : NULL; }
static inline struct c_type *c_type_of_object(struct vm *vm, value v) { return c_type_of(value_type(vm, v)); }
/* c_int yes, a subclass of it no: such items are seen as plain Python objects */
static inline bool is_plain_simple(const struct type *type)
{
    const struct c_type *c = c_type_of(type);
    return c && c->kind == C_SIMPLE && type->base == &c_simple_type;
}
static inline value value_or_none(value v) { return is_object(v) || is_small_int(v) ? v : NONE; }

/* ---- formats.c ---- */
struct c_format {
    char code;
    uint8_t size;                /* and alignment */
    bool swappable;              /* has a type of the other byte order */
    ffi_type *ffi;
};
enum { FORMAT_BYTES = 's', FORMAT_TEXT = 'U' }; /* arrays of c_char and c_wchar as fields: text up to the first NUL */
const struct c_format *c_format_find(uint32_t code); /* NULL: there is none */
extern const char c_format_letters[];
/* size: bytes for FORMAT_BYTES and FORMAT_TEXT; bit fields: (bits << 16) + lowest bit; else ignored */
value c_load(struct vm *vm, char code, bool swapped, const void *from, int64_t size);
/* Answers what is to be kept alive (NONE: nothing); VALUE_NULL: an exception is pending. */
value c_store(struct vm *vm, char code, bool swapped, void *to, value item, int64_t size);
value c_wide_text(struct vm *vm, const void *from, int64_t length); /* str of wchar_t; length -1: to the NUL */
value c_wide_buffer(struct vm *vm, value text); /* bytes object: the text as wchar_t, with a NUL */
bool c_mask(struct vm *vm, value item, uint64_t *out); /* any int's lowest 64 bits */

/* ---- data.c ---- */
struct cdata *cdata_allocate(struct vm *vm, struct type *type, size_t size, const struct c_type *c); /* without memory */
bool cdata_memory(struct vm *vm, struct cdata *data, int64_t size); /* zeroed, of its own */
value cdata_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
value cdata_at(struct vm *vm, struct type *type, void *address);
/* A part of `base`, or (base VALUE_NULL) a copy of what is at `address`. */
value cdata_part(struct vm *vm, struct type *type, value base, int64_t index, void *address);
/* What an item of the class at `address`, which is in `source`, is in Python; code: as c_load, 0: as the class says. */
value cdata_get(struct vm *vm, value type, char code, value source, int64_t index, int64_t size, void *address);
bool cdata_set(struct vm *vm, value target, value type, char code, value item, int64_t index, int64_t size, void *address);
bool cdata_keep(struct vm *vm, value target, int64_t index, value kept);
value cdata_kept(struct vm *vm, value target); /* its container's _objects */

/* ---- classes.c ---- */
#define native_function_declaration(name) \
    value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
native_function_declaration(class_from_param_method);
native_function_declaration(class_from_address);
native_function_declaration(class_from_buffer);
native_function_declaration(class_from_buffer_copy);
native_function_declaration(class_in_dll);
#define CLASS_METHODS(convert) \
    {"from_param", "(object, /)", convert, 0, "Convert a Python object into a function call parameter."}, \
    {"from_address", "(address, /)", class_from_address, 0, \
     "C.from_address(integer) -> C instance\naccess a C instance at the specified address"}, \
    {"from_buffer", "(object, offset=0, /)", class_from_buffer, 0, \
     "C.from_buffer(object, offset=0, /) -> C instance\ncreate a C instance from a writeable buffer"}, \
    {"from_buffer_copy", "(object, offset=0, /)", class_from_buffer_copy, 0, \
     "C.from_buffer_copy(object, offset=0, /) -> C instance\ncreate a C instance from a readable buffer"}, \
    {"in_dll", "(dll, name, /)", class_in_dll, 0, "C.in_dll(dll, name) -> C instance\naccess a C instance in a dll"}
struct c_type *c_type_new(struct vm *vm, struct type *type, enum c_kind kind); /* becomes the type's */
/* The class statement's part: a class of the metaclass; `*made` is false when somebody else has filled it in already. */
struct type *class_make(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names,
                        bool *made);
/* metaclass(name, (base,), namespace), the class being of the module whose code is running */
value class_call(struct vm *vm, struct type *metaclass, value name, struct type *base, value namespace);
value class_attribute(struct vm *vm, struct type *type, const char *name); /* VALUE_NULL, nothing pending: none */
value class_repeat(struct vm *vm, value type, int64_t count);
value class_from_param(struct vm *vm, value type, value item);
/* item._as_parameter_: 1, 0: none, -1 */
int as_parameter(struct vm *vm, value item, value *out);
char *format_printf(const char *format, ...) __attribute__((format(printf, 1, 2))); /* malloc'd; aborts without memory */

/* ---- simple.c, array.c, pointer.c, structure.c, field.c ---- */
value array_class(struct vm *vm, value item_class, int64_t length);
value pointer_class(struct vm *vm, value item_class); /* POINTER() */
struct c_field { /* type CField: a descriptor */
    struct object head;
    value proto;
    int64_t index, offset, size; /* size: as c_load takes it */
    char code;                   /* how to load it; 0: as its class says */
    bool anonymous;
};
/* Where the next field goes. */
struct field_layout {
    int64_t size, offset, align; /* of the structure so far; behind the last field; the last field's */
    int64_t unit_bits, used_bits;/* of the bit fields' unit that is open; 0: none */
    int64_t pack;                /* 0: not packed */
    bool is_union, big_endian;
};
value field_place(struct vm *vm, value proto, int64_t index, int64_t bits, struct field_layout *layout);
struct c_field *c_field_new(struct vm *vm, value proto, int64_t index);
/* How libffi is to pass it by value. */
ffi_type *c_ffi_type(struct c_type *c);
/* Items start .. of an array or of what a pointer points to: bytes, str or a list. */
value items_slice(struct vm *vm, value self, const struct c_type *item, int64_t start, int64_t step, int64_t count);

/* ---- function.c, parameters.c, invoke.c, callback.c, library.c ---- */
struct passed_argument { /* as libffi takes it */
    ffi_type *type;
    union c_value content;
    void *memory;                /* where it is, when not in `content` */
    value kept;                  /* what keeps the memory alive */
};
value c_argument_new(struct vm *vm, char tag, ffi_type *ffi, value object);
value converters_of(struct vm *vm, value argument_types); /* tuple of from_param methods */
bool argument_pass(struct vm *vm, value item, size_t position, struct passed_argument *out); /* position: from 1, for messages */
int own_errno_exchange(struct vm *vm, int number); /* the running thread's copy of errno; answers what it was */
bool callback_exists(struct vm *vm, const void *address);
/* One call. converters and argument_types may be VALUE_NULL; result_type VALUE_NULL: int. */
struct foreign_call {
    void *address;
    value name;
    unsigned flags;
    bool own;                    /* it is a callback of ours: nothing that is forbidden */
    value converters, result_type, checker;
};
value invoke(struct vm *vm, const struct foreign_call *function, const value *arguments, size_t count);
value callback_new(struct vm *vm, value callable, value converters, value result_type, unsigned flags);
/* False: PermissionError pending, with the function's name and the option. */
bool library_may_call(struct vm *vm, void *address, value name, const struct passed_argument *arguments, size_t count);
void *library_symbol(struct vm *vm, value library, const char *name); /* NULL: AttributeError pending */
extern const struct method_definition library_functions[];
extern const char *const allowed_names[]; /* NULL-terminated */
int allowed_callback(const char *name); /* struct allowed_function.callback */
/* Functions of our own that have an address like those of C. */
enum { OWN_STRING_AT, OWN_WSTRING_AT, OWN_CAST, OWN_COUNT };
extern const char own_functions[OWN_COUNT];
value own_function_call(struct vm *vm, int which, const union c_value *arguments, size_t count);
extern const struct property_definition char_array_properties[], wide_array_properties[];

#endif
