/* structures.h - the layouts of the built-in objects, for the files that implement them and for the engine's fast paths.
 * Functions on them are declared in the header of each type's file (int.h, list.h, ...). */
#ifndef HYBRIDSIM_SIM_RUNTIME_STRUCTURES_H
#define HYBRIDSIM_SIM_RUNTIME_STRUCTURES_H

#include "core/code.h"
#include "sim/runtime/object.h"

/* SUBCLASS LAYOUT: an instance of a Python class that derives from a built-in type T starts with T's structure, followed by
 * a struct subclass_tail at type->tail_offset that holds its attributes. */
struct subclass_tail {
    uint32_t identity;
    uint16_t capacity, flags;
    value overflow;              /* VALUE_NULL or the __dict__: subclasses of built-ins always use a dict */
    value slots[];               /* __slots__ descriptors' values */
};

struct big_int { /* int_type beyond 63 bits (then canonical: never for what fits), or a subclass of int of any size */
    struct object head;
    int32_t size;                /* limbs; negative: negative number; 0: zero */
    uint32_t reserved;
    uint64_t limbs[];            /* GMP limbs, least significant first; what follows for subclasses: struct subclass_tail */
};

struct float_object { /* floats without an immediate form, and subclasses of float */
    struct object head;
    double number;
};

struct complex_object {
    struct object head;
    double real, imaginary;
};

/* Text: code points in the narrowest of 1, 2, 4 bytes that holds the largest (canonical), zero-terminated. */
struct string_object {
    struct object head;
    int64_t hash;                /* CPython's with PYTHONHASHSEED=0; -1: not computed */
    uint32_t length;             /* code points */
    uint8_t width;               /* bytes a code point: 1, 2, 4 */
    uint8_t ascii;               /* all below 128 */
    uint8_t interned;            /* equal interned strings are the same object */
    uint8_t reserved;
    uint8_t data[];              /* length + 1 code points of `width` bytes, aligned for 8 */
};
#define STRING_HEADER offsetof(struct string_object, data)
#define STRING_SIZE_MIN (STRING_HEADER + 8) /* what its cell holds anyway */
_Static_assert(STRING_HEADER % 8 == 0, "a string's code points are aligned");
static inline uint16_t *string_two(struct string_object *s) { return (uint16_t *)(void *)s->data; }
static inline uint32_t *string_four(struct string_object *s) { return (uint32_t *)(void *)s->data; }

struct bytes_object {
    struct object head;
    int64_t hash;                /* -1: not computed */
    uint64_t length;
    uint8_t data[];              /* length + 1, zero-terminated */
};
#define BYTES_HEADER offsetof(struct bytes_object, data)
#define BYTES_SIZE_MIN (BYTES_HEADER + 8)

struct bytearray_object {
    struct object head;
    uint64_t length, capacity;
    uint8_t *data;               /* gc_storage */
    uint32_t exports;            /* memoryviews on it */
    uint32_t spare;              /* bytes that CPython would have allocated beyond the length: __alloc__ */
};

struct list_object {
    struct object head;
    uint32_t length, capacity;
    value *items;                /* gc_storage */
};

struct tuple_object {
    struct object head;
    uint64_t length;
    value items[];
};

struct dict_entry { int64_t hash; value key, item; }; /* key VALUE_NULL: deleted */
struct dict_object { /* insertion-ordered; open-addressing index over a dense entry table, as CPython's */
    struct object head;
    uint32_t count;              /* live entries */
    uint32_t used;               /* entries in the table, deleted ones included */
    uint32_t capacity;           /* of entries */
    uint8_t index_bits;          /* log2 of the index table's size */
    uint8_t watched;             /* who has to know of changes */
    uint16_t flags;              /* DICT_STRING_KEYS: every key is an exact str; below */
    uint32_t version;            /* bumped when the key set changes: iterators and caches check it */
    void *index;                 /* gc_storage: 1, 2 or 4 byte entries */
    struct dict_entry *entries;  /* gc_storage */
};
enum { DICT_STRING_KEYS = 1,
       DICT_OF_HOST = 2 };       /* how many entries it has is the host's affair: no figure may depend on it */
enum { DICT_NAMESPACE = 1,       /* watched: a global one; changes of its bindings bump vm->dict_version */
       DICT_LEAVES = 2 };        /* watched: all keys and items went to gc_keep_leaf */

struct set_entry { int64_t hash; value key; };
struct set_object { /* CPython's set: same table sizes, same probe order, so the same iteration order */
    struct object head;
    uint32_t fill, used, mask;
    uint32_t version;
    uint32_t finger, reserved;   /* where pop looks next */
    int64_t hash;                /* frozenset; -1: not computed */
    struct set_entry *table;     /* gc_storage; key VALUE_NULL: free; dummy: vm-independent marker, see set.c */
};

struct range_object {
    struct object head;
    bool small;                  /* all four fit in 63 bits: the fields below; else the values */
    int64_t start, stop, step, length;
    value start_value, stop_value, step_value, length_value;
};

struct range_iterator { /* small ranges */
    struct object head;
    int64_t next, step, remaining;
};

struct list_iterator { /* of lists and tuples: list_iterator_type, tuple_iterator_type */
    struct object head;
    value sequence;              /* VALUE_NULL: exhausted */
    uint64_t index;
};

struct slice_object {
    struct object head;
    value start, stop, step;
};

struct cell_object {
    struct object head;
    value content;               /* VALUE_NULL: empty */
};

struct code_object {
    struct object head;
    const struct code *code;
    value names;                 /* tuple of interned str: code->names; this and the next two after code_object_fill */
    value local_names;           /* tuple of interned str */
    value constants;             /* tuple: code->constants as values (code constants as code objects) */
    value name, qualified_name, filename; /* str */
    struct code_state *state;    /* the engine's: translation, counters; made on first execution (sim/engine) */
};

struct function_object {
    struct object head;
    uint32_t identity, reserved;
    struct code_object *code;
    value globals;               /* dict */
    value builtins;              /* dict */
    value closure;               /* tuple of cells, or VALUE_NULL */
    value defaults;              /* tuple or VALUE_NULL */
    value keyword_defaults;      /* dict or VALUE_NULL */
    value name, qualified_name, module, annotations, dict; /* VALUE_NULL: absent */
    value doc;                   /* VALUE_NULL: what its code begins with */
};

struct native_function_object {
    struct object head;
    const struct method_definition *definition;
    struct signature *signature; /* parsed, or NULL (args.h) */
    value self;                  /* bound object, class or module; VALUE_NULL for an unbound method descriptor */
    struct type *owner;          /* method descriptors: the type whose method it is; else NULL */
    const char *module;          /* "math", "builtins"; NULL for methods */
    struct native_counter *counter; /* of its definition: all its bound forms count together (native_counters.h) */
};
/* native_function_type: self is bound (or module function). method_descriptor_type: list.append looked up on the type. */
extern struct type method_descriptor_type, slot_wrapper_type, method_wrapper_type, getset_descriptor_type, member_type;

struct method_object { /* bound Python method */
    struct object head;
    value function, self;
};

struct module_object {
    struct object head;
    value name;
    value dict;
    bool initializing;           /* its body is being executed */
};

enum generator_kind { GENERATOR_PLAIN, GENERATOR_COROUTINE, GENERATOR_ASYNC };
enum generator_state { GENERATOR_CREATED, GENERATOR_SUSPENDED, GENERATOR_RUNNING, GENERATOR_FINISHED };
struct generator_object { /* generator_type, coroutine_type, async_generator_type */
    struct object head;
    uint8_t kind, state;
    uint16_t slot_count;
    uint32_t stack_depth;
    struct function_object *function;
    const void *pc;              /* the engine's word to go on with */
    value *slots;                /* gc_storage: its frame runs on them */
    value name, qualified_name;
    value handled;               /* exception being handled inside */
    value yield_from;            /* what it is delegating to, or VALUE_NULL */
    value origin;                /* coroutines: where they were made (cr_origin); VALUE_NULL: not recorded */
    value locals;                /* the namespace of a coroutine from a module's or expression's code; else VALUE_NULL */
    struct frame_object *frame;  /* its frame as an object, when somebody asked for it (traceback.h) */
};
extern struct type coroutine_type, async_generator_type;

struct traceback_object { /* newest frame last, as CPython's tb_next chain: first = outermost */
    struct object head;
    value next;                  /* traceback_object or NONE */
    value code;                  /* code_object */
    value frame;                 /* frame_object (traceback.h) */
    uint32_t instruction;        /* bytecode instruction index; beyond the last: there is none at `lasti` */
    int32_t line;
    int32_t lasti;               /* as given to types.TracebackType */
};

struct exception_object { /* every BaseException instance; subclass_tail (a __dict__) follows when the class is a heap type */
    struct object head;
    value arguments;             /* tuple: args */
    value traceback;             /* traceback_object or VALUE_NULL */
    value cause, context;        /* exception or VALUE_NULL */
    bool suppress_context;
    value dict;                  /* __dict__ or VALUE_NULL */
    value notes;                 /* unused: __notes__ lives in dict */
    value fields[8];             /* StopIteration: value. OSError: errno, strerror, filename, filename2, characters_written.
                                    SyntaxError: msg, filename, lineno, offset, text, print_file_and_line, end_lineno, end_offset. SystemExit:
                                    code. NameError: name.             AttributeError: name, obj. KeyError..: none. ImportError: name, path, msg.
                                    UnicodeErrors: encoding, object, start, end, reason. ExceptionGroup: message, exceptions */
};

#endif
