/* types.h - what each built-in type's file offers to the others and to the engine. */
#ifndef HYBRIDSIM_SIM_RUNTIME_TYPES_H
#define HYBRIDSIM_SIM_RUNTIME_TYPES_H

#include "sim/runtime/structures.h"
#include "sim/runtime/vm.h"

#include <gmp.h>
#include <stdarg.h>
#include <stdatomic.h>


/* int.c */
value int_from_int64(struct vm *vm, int64_t n);
value int_from_uint64(struct vm *vm, uint64_t n);
value int_from_double(struct vm *vm, double d);      /* truncates; OverflowError/ValueError for inf/nan */
value int_from_mpz(struct vm *vm, const mpz_t number);
void int_to_mpz(value v, mpz_t out);                 /* initialised by the caller; any int or bool */
bool is_int(value v);                                /* int, bool or subclass */
value int_parse(struct vm *vm, const char *text, size_t size, int base, value original); /* int("..", base) */
value int_from_decimal(struct vm *vm, const char *digits); /* constants */
value int_from_hex(struct vm *vm, const char *digits);     /* CONSTANT_BIG_INT's text */
value int_binary(struct vm *vm, enum binary_kind kind, value a, value b); /* both ints: the engine's slow path */
int int_compare(value a, value b);                   /* both ints: <0, 0, >0 */
int int_sign(value v);
double int_to_double(struct vm *vm, value v, bool *overflow);
value int_to_string(struct vm *vm, value v, int base); /* digits without prefix */

/* float.c */
value float_box(struct vm *vm, double d);            /* the boxed form */
static inline value float_value(struct vm *vm, double d)
{
    value v = float_encode(d);
    return is_immediate_float(v) ? v : float_box(vm, d);
}
extern struct type float_type;
static inline bool is_float(value v) { return is_immediate_float(v) || has_flag(v, TYPE_FLOAT); }
static inline double float_number(value v) /* v is a float */
{
    return is_immediate_float(v) ? immediate_float(v) : ((struct float_object *)value_object(v))->number;
}
size_t float_repr(double d, char out[32]);           /* shortest round-trip text, as repr(); returns its length */
bool float_parse(const char *text, size_t size, double *out); /* float("...") without underscores handled by the caller */
value float_binary(struct vm *vm, enum binary_kind kind, double a, double b); /* raises ZeroDivisionError, OverflowError */
value complex_value(struct vm *vm, double real, double imaginary);

/* number_format.c: the format mini-language for numbers; specification a str */
value int_format(struct vm *vm, value v, value specification);
value float_format(struct vm *vm, value v, value specification);
value complex_format(struct vm *vm, value v, value specification);

/* string.c */
value string_from_text(struct vm *vm, const char *utf8);
value string_from_utf8(struct vm *vm, const char *utf8, size_t size); /* surrogatepass; invalid bytes: UnicodeDecodeError */
value string_from_code_points(struct vm *vm, const uint32_t *code_points, size_t length);
value string_printf(struct vm *vm, const char *format, ...); /* raise_error's format */
value string_vprintf(struct vm *vm, const char *format, va_list arguments);
value intern_text(struct vm *vm, const char *utf8);  /* the interned str */
value intern_utf8(struct vm *vm, const char *utf8, size_t size);
value intern(struct vm *vm, value string);
bool string_equal(value a, value b);                 /* both str */
bool string_is(value v, const char *ascii);          /* a str with this text */
int string_compare(value a, value b);
value string_concat(struct vm *vm, value a, value b);
/* Likewise, with room for more behind it: *capacity code points in all. string_append_in_place writes into that room of a string
 * that only its caller knows; false: there is not enough. */
value string_concat_roomy(struct vm *vm, value a, value b, size_t *capacity);
bool string_append_in_place(struct vm *vm, value a, value b, size_t capacity);
value string_join(struct vm *vm, value separator, const value *strings, size_t count); /* all str, or TypeError */
value string_slice(struct vm *vm, value string, int64_t start, int64_t stop);
static inline struct string_object *string_of(value v) { return (struct string_object *)value_object(v); }
static inline uint32_t string_at(const struct string_object *s, size_t i)
{
    const void *data = s->data;
    return s->width == 1 ? ((const uint8_t *)data)[i] : s->width == 2 ? ((const uint16_t *)data)[i] : ((const uint32_t *)data)[i];
}
value string_from_code_point(struct vm *vm, uint32_t code_point); /* cached below 256 */
/* UTF-8 (surrogatepass) of a str; the memory belongs to the string's cache or the collector: valid as long as v is alive and
 * until the next call for another string may be made after at least 16 others. */
const char *string_utf8(struct vm *vm, value v, size_t *size);
/* The same for C: NULL with ValueError or UnicodeEncodeError pending when there is a NUL or a surrogate in it. */
const char *string_c_text(struct vm *vm, value v);
value string_format_percent(struct vm *vm, value format, value arguments);
struct string_builder { uint32_t *code_points; size_t length, capacity; }; /* malloc'd; free with string_builder_free */
void string_builder_add(struct string_builder *builder, uint32_t code_point);
void string_builder_fill(struct string_builder *builder, uint32_t code_point, int64_t count); /* none if count <= 0 */
void string_builder_add_text(struct string_builder *builder, const char *ascii);
void string_builder_add_string(struct string_builder *builder, value string);
value string_builder_finish(struct vm *vm, struct string_builder *builder); /* frees it */
void string_builder_free(struct string_builder *builder);
value string_repr(struct vm *vm, value string);      /* string_repr.c */
value string_ascii(struct vm *vm, value string);     /* repr's or any text's non-ASCII characters escaped */
value string_format(struct vm *vm, value string, value specification); /* format(str, spec) */
void string_state_free(struct vm *vm);               /* vm->interned_table; called by vm_free */
void text_types_ready(struct vm *vm);                /* memoryview and the iterators of str, bytes, bytearray; builtins.c */
extern struct type string_iterator_type, string_ascii_iterator_type, bytes_iterator_type, bytearray_iterator_type;

/* codec.c; encoding and errors NULL: "utf-8", "strict" */
value string_encode(struct vm *vm, value string, const char *encoding, const char *errors);
value bytes_decode(struct vm *vm, const uint8_t *data, size_t size, const char *encoding, const char *errors);

/* bytes.c */
value bytes_from(struct vm *vm, const void *data, size_t size);
value bytearray_from(struct vm *vm, const void *data, size_t size);
bool buffer_of(struct vm *vm, value v, const uint8_t **data, size_t *size); /* bytes, bytearray, memoryview, array */

/* hash.c: CPython's with PYTHONHASHSEED=0 */
int64_t hash_bytes(const void *data, size_t size);   /* SipHash-1-3, key 0 */
int64_t hash_int64(int64_t n);
int64_t hash_double(double d, value identity);

/* list.c, list_sort.c */
value list_new(struct vm *vm, size_t length);        /* items are NONE */
value list_from(struct vm *vm, const value *items, size_t count);
bool list_append(struct vm *vm, struct list_object *list, value item);
bool list_append_grow(struct vm *vm, struct list_object *list, value item); /* the slow half */
bool list_extend(struct vm *vm, value list, value iterable);
bool list_sort(struct vm *vm, value list, value key, bool reverse);
int list_sort_direction(struct vm *vm, value reverse); /* what was given as `reverse` (VALUE_NULL: nothing): 0, 1; -1: error */
static inline struct list_object *list_of(value v) { return (struct list_object *)value_object(v); }

/* tuple.c */
value tuple_new(struct vm *vm, size_t length);       /* items are NONE; fill before anyone sees it */
value tuple_from(struct vm *vm, const value *items, size_t count);
value tuple_pack(struct vm *vm, size_t count, ...);  /* values */
static inline struct tuple_object *tuple_of(value v) { return (struct tuple_object *)value_object(v); }
extern struct type list_iterator_type, tuple_iterator_type, range_iterator_type;

/* dict.c; *_text and *_interned do not count probes (names, not the program's data) */
value dict_new(struct vm *vm);
static inline struct dict_object *dict_of(value v) { return (struct dict_object *)value_object(v); }
int dict_find(struct vm *vm, struct dict_object *dict, value key, value *item);  /* 1 found, 0, -1 error; counts probes */
bool dict_set(struct vm *vm, struct dict_object *dict, value key, value item);
int dict_delete(struct vm *vm, struct dict_object *dict, value key);             /* 1 deleted, 0 absent, -1 */
value dict_get_interned(struct dict_object *dict, value name);                   /* VALUE_NULL: absent; name: interned str */
bool dict_set_interned(struct vm *vm, struct dict_object *dict, value name, value item);
value dict_get_text(struct vm *vm, struct dict_object *dict, const char *name);
bool dict_set_text(struct vm *vm, struct dict_object *dict, const char *name, value item);
bool dict_next(struct dict_object *dict, uint32_t *position, value *key, value *item); /* *position starts at 0 */
value mapping_keys(struct vm *vm, value mapping); /* what its keys() gives, as a list */
bool dict_merge_from(struct vm *vm, value dict, value mapping_or_pairs, bool override);
value dict_copy(struct vm *vm, value dict);
void dict_clear(struct vm *vm, struct dict_object *dict);

/* set.c */
value set_new(struct vm *vm, struct type *type);     /* &set_type or &frozenset_type */
bool set_add(struct vm *vm, value set, value item);
int set_contains(struct vm *vm, value set, value item);
bool set_update(struct vm *vm, value set, value iterable);
bool set_next(struct set_object *set, uint32_t *position, value *item);

/* range.c, slice.c */
value range_new(struct vm *vm, value start, value stop, value step);
value slice_new(struct vm *vm, value start, value stop, value step);
/* In two steps, for what may change its length while the bounds' __index__ runs: the bounds as they are; brought into the
 * length, and how many items they span. */
bool slice_unpack(struct vm *vm, value slice, int64_t *start, int64_t *stop, int64_t *step);
int64_t slice_adjust(int64_t length, int64_t *start, int64_t *stop, int64_t step);
bool slice_indices(struct vm *vm, value slice, int64_t length, int64_t *start, int64_t *stop, int64_t *step, int64_t *count);

/* function.c */
value function_new(struct vm *vm, value code_object, value globals);
/* Frames look for builtins in a plain dict. Of another object in __builtins__ there is a stand-in, a dict that has nothing but that
 * object (builtins_behind), which then is asked itself. */
value builtins_dict(struct vm *vm, value builtins);
value builtins_behind(struct vm *vm, value dict);
value native_function_new(struct vm *vm, const struct method_definition *definition, value self, const char *module);
value method_new(struct vm *vm, value function, value self);
value cell_new(struct vm *vm, value content);
value code_object_from(struct vm *vm, const struct code *code);
value value_of_constant(struct vm *vm, const struct constant *constant); /* a new object, interned where CPython's is */
bool code_object_fill(struct vm *vm, struct code_object *object); /* its tuples: before anyone reads them or executes the code */

/* module.c, import.c */
typedef bool (*module_initializer)(struct vm *vm, value module);
struct native_module { const char *name; module_initializer initialize; const struct method_definition *functions; };
extern const struct native_module *const native_modules[]; /* sim/modules/registry.c, NULL-terminated */
value module_new(struct vm *vm, const char *name);
void module_run_exit_functions(struct vm *vm);                /* atexit, last registered first */
value import_module(struct vm *vm, const char *dotted_name);  /* the module itself, not its top package */
value import_name(struct vm *vm, value name, value globals, value from_list, int64_t level); /* what __import__ answers */
value import_from(struct vm *vm, value module, value name);
bool import_star(struct vm *vm, value module, value namespace_dict);

/* type.c, class.c */
value type_object_value(struct type *type);
value build_class(struct vm *vm, const value *arguments, size_t count, value keyword_names); /* builtins.__build_class__ */
value type_new_class(struct vm *vm, struct type *metaclass, value name, value bases, value namespace_dict, value keywords);
struct shape *shape_child(struct vm *vm, struct shape *shape, value name); /* the shape with one more attribute */
int shape_find(const struct shape *shape, value name);                     /* slot index, or -1 */
value *instance_dict_slot(struct vm *vm, value object);                    /* where a __dict__ value lives, or NULL */
value instance_dict(struct vm *vm, value object);                          /* makes __dict__ real */
void type_modified(struct vm *vm, struct type *type);

/* generator.c */
value generator_send(struct vm *vm, value generator, value sent); /* VALUE_NULL and no pending: finished, vm->generator_result */
value generator_close(struct vm *vm, value generator);

/* stream.h: the program's standard streams, buffered; print writes here when sys.stdout is the original one */
struct stream {
    int descriptor;
    char *buffer;
    size_t used, capacity;       /* output: bytes not yet written; input: bytes read from the descriptor */
    bool line_buffered;
    size_t position;             /* input: bytes of the buffer already taken */
    bool at_end;                 /* input: the descriptor is exhausted */
    bool input;                  /* it has been read from: nothing to flush */
    bool failed;                 /* output: a write failed; later ones are dropped */
};
struct stream *stream_new(int descriptor, bool line_buffered); /* NULL: no memory */
void stream_free(struct stream *stream);                       /* flushes what it can; does not close the descriptor */
int64_t stream_read_line(struct vm *vm, struct stream *stream, const char **line, int64_t limit); /* with its \n; 0: end; -1 */
int64_t stream_read(struct vm *vm, struct stream *stream, const char **bytes, int64_t limit);    /* limit -1: all; 0: end */
bool stream_write(struct vm *vm, struct stream *stream, const char *bytes, size_t size);
bool stream_flush(struct vm *vm, struct stream *stream);

/* vm.c */
struct vm_options {
    void *c_stack_base;      /* frame address of the caller: the collector scans the C stack up to it */
    uint64_t *work;          /* counters of what runs outside Python code */
    struct engine *engine;
    struct frame *frame;     /* the sentinel below the first frame */
    struct frontend *frontend;
    struct profile *profile;
    int stdin_fd, stdout_fd, stderr_fd;
    char **argv;
    int argc;
    const char *const *path; /* sys.path */
    int path_count;
    const char *executable;
    const char *library;     /* folder of the standard library */
    const char *replay_path; /* NULL: neither recorded nor replayed */
    bool replay_record;
    const atomic_int *replay_complete; /* see replay_open */
    struct file_rules *files; /* NULL: no rules */
    const struct clock_options *clock; /* NULL: as clock_new(NULL) */
    uintptr_t c_stack_end;   /* vm.h; 0: no limit */
};
struct vm *vm_new(const struct vm_options *options);
void vm_free(struct vm *vm);

#endif
