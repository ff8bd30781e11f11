/* vm.h - the state of one running program, and the operations of the object protocol.
 *
 * Every function that may fail takes the vm first and answers VALUE_NULL (or false, or -1) with an exception pending in
 * vm->pending. Nobody continues with an exception pending.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_VM_H
#define HYBRIDSIM_SIM_RUNTIME_VM_H

#include "core/code.h"
#include "core/work.h"
#include "sim/runtime/gc.h"
#include "sim/runtime/names.h"
#include "sim/runtime/object.h"

struct frame;
struct file_rules;
struct frontend;
struct profile;

/* a signal came; gc_run_pending has something to do; several threads take turns (thread.h); the signal is the host's SIGINT */
enum interrupt {
    INTERRUPT_SIGNAL = 1,
    INTERRUPT_FINALIZERS = 2,
    INTERRUPT_THREADS = 4,
    INTERRUPT_KEYBOARD = 8,
    INTERRUPT_PROGRESS = 16
};

enum source_kind { SOURCE_BYTES, SOURCE_TEXT, SOURCE_TREE, SOURCE_SYMBOLS, SOURCE_STACK_EFFECT }; /* frontend.h: compile_kind */
struct source_request { /* what compile() and its relatives want */
    enum source_kind kind;
    const void *source;
    size_t size;
    const char *filename, *mode; /* mode: exec, eval, single, func_type */
    unsigned flags;
    int optimize, feature_version;
};

struct vm {
    value pending;                /* the exception being raised: an instance; VALUE_NULL: none */
    uint64_t untracked_work[WORK_COUNT]; /* for what is no work of the program: code objects, paths (WORK_UNTRACKED) */
    uint64_t *work;               /* work counters of the code that runs now: [WORK_COUNT] */
    struct frame *frame;          /* innermost Python frame (sim/engine/frame.h); runtime code passes it on only */
    value handled;                /* the exception being handled (sys.exc_info), or VALUE_NULL */
    uint32_t c_depth;             /* nested native calls that CPython counts too: with the frames, at most recursion_limit */
    uintptr_t c_stack_end;        /* native code that may recurse stops (RecursionError) when the C stack is below */
    bool c_raising;               /* the RecursionError of an exhausted C stack is being made */
    uint32_t recursion_limit;     /* sys.setrecursionlimit */
    uint32_t depth;               /* Python frames */

    value none, true_value, false_value, ellipsis, not_implemented; /* the singletons, for convenience */
    value empty_tuple, empty_string, empty_bytes;
    struct gc *gc;
    value builtins;               /* dict of module builtins */
    value modules;                /* sys.modules, a dict */
    value sys_module;
    value interned;               /* internal: table of interned strings (string.c) */
    uint32_t next_type_version;
    uint32_t dict_version;        /* changes when a module-level or builtin name that an inline cache may know changes */
    uint64_t next_identity;

    struct frontend *frontend;    /* to compile imported modules, exec, eval */
    struct profile *profile;
    struct stream *out, *err, *in;/* what sys.stdout, sys.stderr, sys.stdin write to and read from (stream.h) */
    volatile int interrupt;       /* enum interrupt bits; the engine looks at it on backward branches */
    volatile int ended_by;        /* a host's signal that ends processes (SIGTERM, SIGHUP) has come; 0: none */
    struct engine *engine;
    uint64_t loops_entered;       /* how often native code has called Python code, or was left for another thread */
    uint32_t large_born;          /* how often storage beyond size classes was made; wraps (gc_storage_birth) */
    uint32_t array_calls, array_depth; /* of numpy's native functions: begun so far, and running (sim/tensor/dropped.c) */
    struct { /* the last one's result is an operand of the operator or ufunc that comes next, and of nothing else; `of` 0: it is not */
        uint32_t of, birth;   /* its number among them; gc_storage_birth */
        const void *frame, *reader;
    } lent;
    value generator_result;       /* the value a generator returned, when engine_resume_generator says it is finished */
    char **argv; int argc;        /* sys.argv */
    const char *const *path; int path_count; /* sys.path */
    const char *executable;
    void *module_state;           /* module.c: registry of native modules */
    struct program_clock *clock;  /* clock.h */
    struct replay *replay;        /* replay.h: clock and entropy */
    struct file_rules *files;     /* file_rules.h: what the program may do with files; NULL: everything */
    value unsupported;            /* the SystemExit that raise_unsupported made last; unsupported_pending */
    bool unsupported_lost;        /* one was raised where nobody can catch it: the program ends with exit 3 all the same */
    struct native_counters *native_counters;
    value exit_functions;         /* list of (function, args, kwargs): atexit */
    value audit_hooks;            /* audit.h: a list; VALUE_NULL: there are none */
    value codec_search, codec_cache; /* codec_registry.c: list of search functions, dict; VALUE_NULL: not yet */
    value codec_handlers;         /* codec_handler.c: dict of error handlers by name */
    uint32_t int_max_digits;      /* sys.set_int_max_str_digits; 0: the default, UINT32_MAX: no limit */
    double switch_interval;       /* sys.setswitchinterval, seconds; 0: the default */
    bool finalizers_pending;      /* gc_run_pending has something to do */
    /* Compiles (or takes from the cache) a source file to import; set by the session. NULL with an exception pending. */
    const struct code *(*load_code)(struct vm *vm, const char *path, const char *filename); /* co_filename; NULL: the path */
    const struct code *(*load_text)(struct vm *vm, const char *source, size_t size, const char *filename);
    const char *library;          /* folder of the standard library */
    value importlib, importlib_find, importlib_hooks; /* importlib.c: what _bootstrap gave, or VALUE_NULL */
    struct type_registry *types;  /* type.c: ready types, method cache, parsed signatures */
    value special_names[NAME_COUNT]; /* names.def, interned: NAMED(vm, __add__) */
    struct repr_guard *repr_guards; /* containers whose repr is being made, innermost first (container.h) */
    /* native arithmetic of a known shape (enum profile_shape_kind) was done; NULL: nobody listens */
    void (*record_shape)(struct vm *vm, int kind, uint32_t m, uint32_t n, uint32_t k, uint32_t element_bytes);
    void (*collected)(struct vm *vm); /* everything that lives is marked (gc_is_marked), the rest not yet gone; NULL: nobody asks */
    struct intern_table *interned_table; /* string.c: interned strings and cached UTF-8; freed by string_state_free */
    value characters[256];        /* string.c: one-character strings, made when first used (0: not yet) */
    struct io_state *io;          /* sim/modules/io/: the objects behind sys.stdin, sys.stdout, sys.stderr */
    /* The compiler, set by the session. compile_source answers a code object, ask_compiler bytes in malloc'd memory (a tree,
     * symbol tables, a stack effect; the format is frontend/compiler_script.inc's). NULL: unsupported */
    value (*compile_source)(struct vm *vm, const struct source_request *request);
    char *(*ask_compiler)(struct vm *vm, const struct source_request *request, size_t *size);
    value (*load_marshalled)(struct vm *vm, const void *bytes, size_t size); /* a code object of marshal.dumps(code) */
    struct scheduler *scheduler;  /* thread.h */
    struct channel_table *channels; /* sim/modules/channel.c; NULL: there are none */
    struct signal_state *signals; /* sim/modules/signal.c; NULL: _signal was not imported */
    value context;                /* contextvars: the current context, or NONE */
    uint32_t origin_depth;        /* sys.set_coroutine_origin_tracking_depth */
    value async_hooks[2];         /* sys.set_asyncgen_hooks: firstiter, finalizer */
    int64_t csv_field_limit;      /* sim/modules/csv: field_size_limit() */
    uint32_t locale_categories;   /* sim/modules/locale.c: a bit for each category that is "C.UTF-8", not "C" */
    uint32_t weak_collections;    /* collections made because the program looks at what has died (gc_collect_promptly) */
    value struct_cache, struct_error;  /* module _struct: compiled formats by their text */
    value struct_last_format; struct struct_object *struct_last; /* the one used last, in the cache */
    value binascii_error, binascii_incomplete, zlib_error, lzma_error, expat_error, digest_error, termios_error; /* classes, once their module is loaded */
    value sqlite_errors[10], sqlite_adapters, sqlite_converters; /* sim/modules/sqlite */
    value ssl_errors[6];          /* sim/modules/ssl */
    bool sqlite_quiet;            /* ... its statements are being freed: nothing of Python may run */
    bool sqlite_tracebacks;       /* enable_callback_tracebacks() */
    const uint32_t *export_probe; /* whose live views the collection about to run shall count in export_count (buffer.c) */
    uint32_t export_count;
    struct pickle_state *pickle;  /* sim/modules/pickle: what _pickle took from other modules, once it was imported */
    struct etree_state *etree;    /* sim/modules/etree: factories and ParseError, once _elementtree was imported */
    struct decimal_state *decimal; /* sim/modules/decimal: classes and powers of ten, once _decimal was imported */
    value semaphore_names, readline; /* sim/modules/multiprocessing_module.c: a set; sim/modules/readline.c: its state */
    uint64_t uuid_time; uint8_t uuid_node[8]; /* sim/modules/uuid_module.c: the last identifier's time; the high bit: node is made */
    value log_identity; uint32_t log_options, log_hidden; /* sim/modules/syslog_module.c: openlog's; priorities that are not shown */
    value warning_settings[3];    /* sim/modules/warnings.c: what warn() last read of module warnings; VALUE_NULL: nothing yet */
    value warning_filters[2];     /* ... the filters in force since they were last changed: a copy, and the list itself */
    uint32_t open_files;          /* io: descriptors that FileIO objects are to close */
    bool filters_former;          /* ... warnings of what has died until the filters changed are being given */
    bool modules_gone;            /* the program has ended as far as CPython dismisses its modules */
    struct ctypes_state *ctypes;  /* sim/modules/ctypes, once _ctypes was imported */
    struct asyncio_state *asyncio; /* sim/modules/asyncio, once _asyncio was imported */
    struct numpy_state *numpy;    /* sim/tensor, once numpy was imported */
};

/* What `statement` allocates is not the program's: translation, names of files (whose length depends on the host). */
#define WORK_UNTRACKED(vm, statement) \
    do { \
        uint64_t *tracked_ = (vm)->work; \
        (vm)->work = (vm)->untracked_work; \
        statement; \
        (vm)->work = tracked_; \
    } while (0)

#ifdef HYBRIDSIM_UNCOUNTED
#define ADD_WORK(vm, kind, amount) ((void)(vm), (void)(amount))
#else
#define ADD_WORK(vm, kind, amount) ((vm)->work[WORK_##kind] += (uint64_t)(amount))
#endif

/* ---- singletons ---- */
extern struct object none_object, ellipsis_object, not_implemented_object;
extern struct bool_object { struct object head; int64_t integer; } true_object, false_object;
#define NONE object_value(&none_object)
#define TRUE object_value(&true_object)
#define FALSE object_value(&false_object)
static inline value bool_value(int truth) { return truth ? TRUE : FALSE; }

/* ---- raising (exception.c) ---- */
/* Raises type(formatted message). The format is printf's plus: %R repr of a value, %S str of a value, %T name of the type of
 * a value, %U a str value's text. Always returns VALUE_NULL. */
value raise_error(struct vm *vm, struct type *exception_type, const char *format, ...);
value raise_value(struct vm *vm, value exception);            /* an exception instance or class */
value raise_no_memory(struct vm *vm);
value raise_key_error(struct vm *vm, value key);
value raise_stop_iteration(struct vm *vm, value result);      /* StopIteration(result) */
value raise_os_error(struct vm *vm, int error_number, value filename); /* the OSError subclass for errno */
value raise_unsupported(struct vm *vm, const char *what);     /* ends the program with exit 3, naming what */
bool exception_matches(struct vm *vm, struct type *exception_type); /* pending is an instance of it */
static inline bool unsupported_pending(const struct vm *vm) /* raise_unsupported's exception is on its way */
{
    return vm->pending != VALUE_NULL && vm->pending == vm->unsupported;
}
void exception_clear(struct vm *vm);
value exception_take(struct vm *vm);                          /* the pending exception, no longer pending */
/* The exception types: exc_TypeError, exc_ValueError, ... declared in exception.h */

/* ---- attributes ---- */
value get_attribute(struct vm *vm, value object, value name);          /* name: interned str */
value get_attribute_text(struct vm *vm, value object, const char *name);
int find_attribute(struct vm *vm, value object, value name, value *result); /* 1 found, 0 AttributeError swallowed, -1 */
bool set_attribute(struct vm *vm, value object, value name, value item);    /* item VALUE_NULL: delete */
bool load_method(struct vm *vm, value object, value name, value result[2]); /* (function, object) or (VALUE_NULL, attribute) */
value type_lookup(struct vm *vm, struct type *type, value name);       /* MRO search, borrowed, VALUE_NULL: none, no error */
value lookup_special(struct vm *vm, value object, const char *name);   /* bound special method, or VALUE_NULL without error */
value generic_getattr(struct vm *vm, value object, value name);
bool generic_setattr(struct vm *vm, value object, value name, value item);

/* ---- operators ---- */
value binary_operation(struct vm *vm, enum binary_kind kind, value a, value b);
value inplace_operation(struct vm *vm, enum binary_kind kind, value a, value b);
value unary_operation(struct vm *vm, enum unary_kind kind, value a);
value compare_operation(struct vm *vm, enum compare_kind kind, value a, value b);
int compare_truth(struct vm *vm, enum compare_kind kind, value a, value b); /* -1, 0, 1; EQ/NE: identical counts as equal */
int values_equal(struct vm *vm, value a, value b);                     /* -1, 0, 1: identity or == */
int value_truth(struct vm *vm, value v);                               /* -1, 0, 1 */
bool value_hash(struct vm *vm, value v, int64_t *hash);
int64_t value_length(struct vm *vm, value v);                          /* -1 */
value value_repr(struct vm *vm, value v);
value value_string(struct vm *vm, value v);
value value_format(struct vm *vm, value v, value specification);       /* format(v, spec); spec a str or VALUE_NULL */
value get_item(struct vm *vm, value container, value key);
bool set_item(struct vm *vm, value container, value key, value item);
bool delete_item(struct vm *vm, value container, value key);
int contains(struct vm *vm, value container, value item);              /* -1, 0, 1 */
bool value_to_index(struct vm *vm, value v, int64_t *result);          /* __index__; IndexError/OverflowError when too big */
bool value_to_int64(struct vm *vm, value v, int64_t *result);          /* OverflowError when too big */
bool value_to_count(struct vm *vm, value v, int64_t *result);          /* likewise: "cannot fit 'int' into an index-sized ..." */
bool value_to_double(struct vm *vm, value v, double *result);          /* float, int, __float__ */

/* ---- iteration ---- */
value get_iterator(struct vm *vm, value v);
value iterator_next(struct vm *vm, value iterator);                    /* VALUE_NULL without pending: exhausted */
/* Calls visit for each item until it returns false (with a pending exception: error; without: stop). */
bool iterate(struct vm *vm, value iterable, bool (*visit)(struct vm *vm, value item, void *context), void *context);
value list_from_iterable(struct vm *vm, value iterable);               /* a new list */
value list_from_sequence(struct vm *vm, value iterable, const char *message); /* likewise; not iterable: TypeError(message) */
value tuple_from_iterable(struct vm *vm, value iterable);              /* a tuple; an exact tuple is returned as it is */

/* ---- calls ---- */
value call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names);
value call_0(struct vm *vm, value callee);
value call_1(struct vm *vm, value callee, value a);
value call_2(struct vm *vm, value callee, value a, value b);
value call_3(struct vm *vm, value callee, value a, value b, value c);
value call_method(struct vm *vm, value object, const char *name, const value *arguments, size_t count);
value call_with_dict(struct vm *vm, value callee, value arguments_tuple, value keywords_dict); /* f(*args, **kwargs) */

/* Implemented by the engine (sim/engine): runs a Python function, a generator, a code object. */
value engine_call_function(struct vm *vm, value function, const value *arguments, size_t count, value keyword_names);
value engine_resume_generator(struct vm *vm, value generator, value sent, bool throw_pending); /* VALUE_NULL and no pending: returned; vm->generator_result */

/* What takes a generator's values as they come, while its frame goes on running. accept answers whether it took the item; it may
 * not run Python code, nor raise, nor count work. */
struct consumer {
    bool (*accept)(struct consumer *consumer, value item);
};
value engine_drain_generator(struct vm *vm, value generator, struct consumer *consumer);
/* The next item of an iterator that the consumer did not accept: as iterator_next, after those it did. An item that comes back
 * may be one it was never asked about. */
value iterator_drain(struct vm *vm, value iterator, struct consumer *consumer);
/* While an exception is thrown into what a suspended generator delegates to, its frame stands among the running ones. False:
 * RecursionError. */
bool engine_enter_delegating(struct vm *vm, void *generator);
void engine_leave_delegating(struct vm *vm, void *generator);
bool engine_generator_guarded(const void *generator); /* suspended inside a try or with statement */
/* When the running native code was called by the loop itself, with only the passing on of the call in between: the address
 * below which the C stack holds nothing but that; `callee` is what was called, or asked for an attribute. Else 0. */
uintptr_t engine_direct_base(struct vm *vm, value *callee);
/* What becomes of what the running native code returns. */
struct result_use {
    enum {
        RESULT_KEPT,    /* or that is not known */
        RESULT_DROPPED, /* nobody looks at it: the instruction's result is dead, or is at once returned to a call whose result is */
        RESULT_LENT,    /* one operator or call of this frame looks at it, which is executed next, and nothing else */
    } kind;
    const void *reader; /* RESULT_LENT: its pc */
    value callee;       /* what it calls; VALUE_NULL: it is an operator, whose other operand is */
    value other;        /* this one; VALUE_NULL: it has none, or it is a constant */
};
/* `function`: the native code, called by the loop itself; NULL: it is an operator's, of a and b. */
struct result_use engine_result_use(struct vm *vm, native_function function, value a, value b);
const void *engine_pc(const struct vm *vm); /* of the innermost frame */
size_t engine_count_variables(struct vm *vm, value v); /* of running functions: local variables that hold it */
void engine_replace_delegate(struct vm *vm, void *generator, value other); /* where it is suspended in `yield from` */
void engine_mark_suspended(struct vm *vm, void *generator); /* what its slots hold that may still be used */
value engine_run_code(struct vm *vm, const struct code *code, value globals, value locals, value closure); /* module, exec, class body */
value engine_run_code_object(struct vm *vm, value code_object, value globals, value locals, value closure);
/* The namespaces of the innermost Python frame, for globals(), locals(), dir(), vars(), eval() and exec(). */
value engine_globals(struct vm *vm); /* dict */
value engine_builtins(struct vm *vm); /* dict */
unsigned engine_code_flags(struct vm *vm); /* co_flags of its code; 0: there is none */
value engine_locals(struct vm *vm);  /* dict: a fresh one in a function, the namespace itself elsewhere */

/* isinstance, issubclass, with __instancecheck__, __subclasscheck__, tuples (sim/runtime/isinstance.c): -1, 0, 1 */
int object_is_instance(struct vm *vm, value object, value class_or_tuple);
int object_is_subclass(struct vm *vm, value class_value, value class_or_tuple);

/* gc_object for small requests of a size known at compile time. */
/* `cleared` bytes are 0, the others whatever they are. */
static inline void *gc_object_header(struct vm *vm, size_t size, size_t cleared, struct shape *shape)
{
#ifndef HYBRIDSIM_GC_STRESS
    struct gc_front *front = (struct gc_front *)(void *)vm->gc;
    if (size <= GC_FINE_MAX && !(shape->type->flags & TYPE_HAS_FINALIZER)) {
        size_t size_class = (size + 15) / 16 - 1;
        uintptr_t head = front->free_objects[size_class];
        if (head != 1) {
            struct object *object = (struct object *)(head - 1);
            memcpy(&front->free_objects[size_class], object, sizeof(uintptr_t));
            memset(object, 0, cleared);
            object->shape = shape;
            ADD_WORK(vm, objects, 1);
            ADD_WORK(vm, bytes, size);
            return object;
        }
    }
#endif
    return gc_object(vm, size, shape);
}
static inline void *gc_object_inline(struct vm *vm, size_t size, struct shape *shape)
{
    return gc_object_header(vm, size, size, shape);
}

#endif
