/* object.h - heap objects, shapes and types.
 *
 * Every object starts with its shape. A shape says which type an object has and, for instances of Python classes, which
 * attribute lies in which slot; it implies the type, so one compare of the shape guards everything an inline cache knows.
 * A built-in type has one shape, embedded in it: `v` is exactly a list when is_exact(v, &list_type).
 *
 * Types follow CPython's design: slots (C functions) per operation, filled from C for built-in types and by trampolines for
 * classes that define the special methods; `slot_definitions` in type.c ties "__add__" and the slot together both ways.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_OBJECT_H
#define HYBRIDSIM_SIM_RUNTIME_OBJECT_H

#include "sim/runtime/value.h"

struct vm;
struct type;
struct dict_object;
struct string_object;
struct item_buffer;
struct native_function_object;

struct shape {
    struct type *type;
    struct shape *parent;        /* the shape without the last attribute; NULL for the empty one */
    value last_name;             /* the last attribute's name (interned str); VALUE_NULL for the empty shape */
    uint32_t count;              /* attributes: the last one has index count - 1 */
    uint32_t transition_count;
    struct shape **transitions;  /* children, by one more name; see shape.c */
    void *index;                 /* name -> index table, made when the shape is first searched; shape.c */
    struct shape *next_root;     /* empty shapes of one type, one for each inline capacity instances ever had; shape.c */
};

struct object { /* heap cells: the word of a free cell has its low bit set (gc.c) */
    struct shape *shape;
};

/* Instances of Python classes: attributes inline up to `capacity`, the rest (or all of them, as a dict, once __dict__ was
 * asked for) in `overflow`. */
struct instance {
    struct object head;
    uint32_t identity;           /* see object_identity; 0: not asked for yet */
    uint16_t capacity;           /* inline slots */
    uint16_t flags;              /* INSTANCE_HAS_DICT: attributes live in the dict `overflow`, shape is type's dict_shape */
    value overflow;              /* VALUE_NULL, a tuple-like storage (array_object) or the __dict__ */
    value slots[];
};
enum { INSTANCE_HAS_DICT = 1 };

enum binary_kind { /* in ops.def order from OP_add; the in-place forms follow in the same order */
    BINARY_ADD, BINARY_AND, BINARY_FLOOR_DIVIDE, BINARY_LSHIFT, BINARY_MATMUL, BINARY_MUL, BINARY_REMAINDER, BINARY_OR,
    BINARY_POWER, BINARY_RSHIFT, BINARY_SUB, BINARY_DIV, BINARY_XOR, BINARY_COUNT
};
enum unary_kind { UNARY_POS, UNARY_NEG, UNARY_INVERT, UNARY_COUNT };
enum compare_kind { COMPARE_LT, COMPARE_LE, COMPARE_EQ, COMPARE_NE, COMPARE_GT, COMPARE_GE };

typedef value (*unary_function)(struct vm *vm, value a);
typedef value (*binary_function)(struct vm *vm, value a, value b);   /* may return vm->not_implemented */
typedef value (*ternary_function)(struct vm *vm, value a, value b, value c);
typedef value (*compare_function)(struct vm *vm, value a, value b, enum compare_kind kind); /* or vm->not_implemented */
typedef int64_t (*length_function)(struct vm *vm, value a);          /* -1: error */
typedef bool (*store_function)(struct vm *vm, value a, value key, value item); /* item VALUE_NULL: delete */
typedef int (*test_function)(struct vm *vm, value a);                /* -1 error, 0, 1 */
typedef int (*contains_function)(struct vm *vm, value a, value item);
typedef bool (*hash_function)(struct vm *vm, value a, int64_t *hash); /* CPython's hash; false: error */
typedef value (*call_function)(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names);
typedef value (*getattr_function)(struct vm *vm, value a, value name);

/* A native function: positional arguments, then one value for each name of the tuple keyword_names (VALUE_NULL: none).
 * `count` is the number of positional ones. self: the object of a method, the class of a class method, the module of a
 * module's function. Returns VALUE_NULL with an exception pending on error. */
typedef value (*native_function)(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

struct method_definition {
    const char *name;        /* as in Python */
    const char *signature;   /* "(iterable, /, key=None, reverse=False)" checked by args.h, without self; NULL: the function
                                looks at its arguments itself */
    native_function function;
    unsigned flags;          /* enum method_flags */
    const char *doc;         /* may be NULL */
};
enum method_flags {
    METHOD_INSTANCE = 0, METHOD_CLASS = 1, METHOD_STATIC = 2,
    /* whose words complaints about arguments are in, if not Argument Clinic's: of a Python function, of a function compiled
     * by Cython, of numpy's own parser of arguments */
    METHOD_PYTHON_WORDS = 4, METHOD_CYTHON_WORDS = 8, METHOD_ARRAY_WORDS = 16
};

struct property_definition { /* a computed attribute of a built-in type */
    const char *name;
    value (*get)(struct vm *vm, value self);
    bool (*set)(struct vm *vm, value self, value item); /* NULL: read-only; item VALUE_NULL: delete */
};

enum type_flags {
    TYPE_HEAP = 1,            /* made by a class statement or type() */
    TYPE_SUBCLASSABLE = 2,    /* may be a base */
    TYPE_HAS_INSTANCE_DICT = 4, /* instances are struct instance-like with free attributes */
    TYPE_EXCEPTION = 8, TYPE_INT = 16, TYPE_STRING = 32, TYPE_BYTES = 64, TYPE_LIST = 128, TYPE_TUPLE = 256,
    TYPE_DICT = 512, TYPE_TYPE = 1024, /* the type is, or derives from, that one: quick subtype tests */
    TYPE_READY = 2048,
    TYPE_MAPPING = 4096, TYPE_SEQUENCE = 8192, /* match statements */
    TYPE_HAS_FINALIZER = 16384,
    TYPE_GETATTR_PLAIN = 32768, /* getattr is the generic one: inline caches may be used */
    TYPE_METHOD_DESCRIPTOR = 65536, /* functions: load_method may leave self unbound */
    TYPE_FLOAT = 1 << 17, TYPE_SET = 1 << 18,
    TYPE_MAKES_SUBCLASSES = 1 << 20, /* `new` makes instances of subclasses, with their tail, by itself */
    TYPE_NO_KEYWORDS = 1 << 22, /* `new` takes no keyword arguments: those of a subclass are for its __init__ */
    TYPE_HAS_WEAKREFS = 1 << 21, /* a heap type whose instances weak references may lead to */
    TYPE_ABSTRACT = 1 << 19 /* __abstractmethods__ is not empty: no instances */
};

enum { CLASS_BYTES = 800 }; /* what making a class counts as, whatever this structure comes to hold */

struct type {
    struct object head;          /* its own shape: the metaclass's */
    struct shape shape;          /* of instances without attributes */
    struct shape dict_shape;     /* of instances whose attributes are in a dict */
    const char *name;            /* __name__, UTF-8 */
    value qualified_name, module;/* str; VALUE_NULL: from name */
    struct type *base;           /* first base in layout terms (__base__); NULL for object */
    value bases;                 /* tuple of types */
    struct type **mro;           /* mro[0] is the type itself */
    uint32_t mro_count;
    uint32_t mro_changes;        /* how often mro was replaced: a metaclass's mro() may do so while it computes one */
    uint32_t flags;              /* enum type_flags */
    struct dict_object *dict;    /* attributes */
    uint32_t version;            /* changes when an attribute of the type or of a base changes; 0: never cached */
    uint32_t instance_size;      /* bytes of the fixed part */
    uint32_t instance_slots;     /* inline attribute slots to give new instances: grows with experience */
    uint32_t tail_offset;        /* heap types that derive from a built-in other than object: where struct subclass_tail is; 0: none */
    value subclasses;            /* list of weak... plain references: classes are few */
    value slot_names;            /* __slots__ as a tuple, or VALUE_NULL */
    const struct method_definition *methods;       /* terminated by a NULL name; may be NULL */
    const struct property_definition *properties;  /* likewise */
    const char *doc;

    /* memory */
    void (*trace)(struct vm *vm, struct object *object);   /* gc_mark every value it holds; NULL: holds none */
    void (*release)(struct vm *vm, struct object *object); /* before its cell is freed: malloc'd parts; must not touch other objects */

    /* slots; NULL: not supported. Inherited from the base at type_ready. */
    value (*new)(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names);
    bool (*init)(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
    call_function call;
    unary_function repr, string;
    hash_function hash;          /* NULL: unhashable */
    compare_function compare;
    getattr_function getattr;
    store_function setattr;      /* key: name; item VALUE_NULL: delete */
    ternary_function descriptor_get;  /* (descriptor, object or VALUE_NULL, type) */
    store_function descriptor_set;    /* (descriptor, object, item or VALUE_NULL) */
    unary_function iter;
    unary_function next;         /* VALUE_NULL without pending exception: exhausted */
    test_function truth;
    length_function length;
    binary_function get_item;
    store_function set_item;
    contains_function contains;
    binary_function binary[BINARY_COUNT];   /* as CPython's nb_ slots: called with either operand of the type */
    binary_function inplace[BINARY_COUNT];
    unary_function unary[UNARY_COUNT];
    ternary_function power;                 /* pow(a, b, c) */
    unary_function to_int, to_float, index; /* __int__, __float__, __index__ */
    binary_function concat;                 /* sequences: + when binary[BINARY_ADD] is absent */
    value (*repeat)(struct vm *vm, value a, int64_t count);
    unary_function await, aiter, anext;
    value (*finalize)(struct vm *vm, value self); /* __del__ */
    bool (*wants_finalizing)(const struct object *object); /* NULL: always; false: it would do nothing */
    /* the bytes of an object with the buffer protocol: valid until it is changed; types.h buffer_of looks along the MRO */
    bool (*buffer)(struct vm *vm, value a, const uint8_t **data, size_t *size);
    bool (*export_buffer)(struct vm *vm, value a, struct item_buffer *out); /* with shape and format, or writable: buffer.h */
    /* the native function that an instance stands for when called: named accelerator patterns know it by that */
    struct native_function_object *(*native_function)(const struct object *object);
    struct shape *root;          /* the empty shape of new instances: it implies their inline capacity */
    struct type *pristine;       /* static types: as compiled, for the next vm; type.c */
    struct type_registry *registry; /* of the vm it was made ready for */
    value special_cache[4];      /* heap types: __getitem__, __len__, __iter__, __next__ looked up once per version; type.c */
    value native_part;           /* what a native metaclass keeps with its classes (sim/modules/ctypes); no object: nothing */
};

static inline struct type *object_type(const struct object *object) { return object->shape->type; }
static inline bool is_exact(value v, const struct type *type)
{
    return is_object(v) && value_object(v)->shape == &type->shape;
}

/* The type of any value. */
extern struct type int_type, float_type;
static inline struct type *value_type(struct vm *vm, value v)
{
    (void)vm;
    if (is_pointer(v))
        return value_object(v)->shape->type;
    return is_small_int(v) ? &int_type : &float_type;
}
bool type_is_subtype(const struct type *type, const struct type *base);
static inline bool is_instance(struct vm *vm, value v, const struct type *type)
{
    return type_is_subtype(value_type(vm, v), type);
}
/* has the flag: is an int/str/list/... or an instance of a subclass */
static inline bool has_flag(value v, unsigned flag)
{
    return is_object(v) && (value_object(v)->shape->type->flags & flag);
}

/* Fills in slots and dict of a built-in type from its definitions and base; called once at vm start for each. */
void type_ready(struct vm *vm, struct type *type);

/* The static types. */
extern struct type object_type_object, type_type, none_type, ellipsis_type, not_implemented_type, int_type, bool_type,
    float_type, complex_type, string_type, bytes_type, bytearray_type, list_type, tuple_type, dict_type, set_type,
    frozenset_type, range_type, slice_type, function_type, native_function_type, method_type, module_type, cell_type,
    code_type, generator_type, property_type, classmethod_type, staticmethod_type, super_type;

#endif
