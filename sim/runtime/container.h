/* container.h - what the container types share: allocating instances of them and of their subclasses, hashes and equality of
 * keys with the common cases inline, reprs of containers that contain themselves, integers for indices.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_CONTAINER_H
#define HYBRIDSIM_SIM_RUNTIME_CONTAINER_H

#include "sim/runtime/args.h"
#include "sim/runtime/names.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/types.h"

#include <stdlib.h>

/* Makes the types of this part ready that no other header names (views, iterators); called once at vm start. */
void container_types_ready(struct vm *vm);
void dict_view_types_ready(struct vm *vm);
void iterator_types_ready(struct vm *vm);
void set_types_ready(struct vm *vm);
void range_types_ready(struct vm *vm);

/* A new instance of `type`, whose fixed part is `size` bytes; for a subclass, its tail is made empty. */
void *instance_allocate(struct vm *vm, struct type *type, size_t size);

/* __class_getitem__ of the generic containers: list[int] */
value container_class_getitem(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
#define CLASS_GETITEM {"__class_getitem__", "(object, /)", container_class_getitem, METHOD_CLASS, "See PEP 585"}

/* Arguments that may be given by position (the first `positional` of them) or by name, `required` of them needed; absent ones
 * become VALUE_NULL. For constructors, which get their arguments unbound. */
struct argument_names {
    const char *function;
    const char *const *names;    /* NULL-terminated */
    size_t required, positional;
};
bool arguments_bind(struct vm *vm, const struct argument_names *expected, const value *arguments, size_t count,
                    value keyword_names, value *out);

/* ---- reprs ---- */
struct repr_guard {
    struct repr_guard *previous;
    value object;
};
enum repr_state { REPR_FAILED = -1, REPR_FIRST = 0, REPR_AGAIN = 1 };
enum repr_state repr_enter(struct vm *vm, struct repr_guard *guard, value object);
void repr_leave(struct vm *vm, struct repr_guard *guard);
/* Appends repr(item); false: error pending. */
bool builder_add_repr(struct vm *vm, struct string_builder *builder, value item);
value builder_abandon(struct string_builder *builder); /* frees it; VALUE_NULL */

/* ---- keys ---- */
static inline int64_t string_hash_of(struct string_object *s)
{
    if (s->hash == -1)
        s->hash = hash_bytes(s->data, (size_t)s->length * s->width);
    return s->hash;
}
/* Comparing such keys with each other runs no Python code. */
static inline bool key_is_simple(value key)
{
    return is_small_int(key) || is_exact(key, &string_type);
}
static inline bool key_hash(struct vm *vm, value key, int64_t *hash)
{
    if (is_small_int(key)) {
        int64_t n = small_int_value(key);
        const int64_t modulus = ((int64_t)1 << 61) - 1;
        if (n < modulus && n > -modulus) {
            *hash = n == -1 ? -2 : n;
            return true;
        }
    } else if (is_exact(key, &string_type)) {
        *hash = string_hash_of(string_of(key));
        return true;
    }
    return value_hash(vm, key, hash);
}
/* Equality that runs no Python code, when the two exact types allow to tell: -1 cannot tell. Hashes are known to be equal. */
static inline int key_equal_simply(value a, value b)
{
    if (a == b)
        return 1;
    if (both_small_int(a, b))
        return 0;
    if (is_exact(a, &string_type) && is_exact(b, &string_type)) {
        const struct string_object *s = string_of(a), *t = string_of(b);
        if (s->length != t->length || s->width != t->width)
            return 0;
        return memcmp(s->data, t->data, (size_t)s->length * s->width) == 0;
    }
    return -1;
}

/* ---- integers ---- */
bool has_index(struct vm *vm, value v);              /* is an integer or has __index__ */
/* For slice-like bounds: VALUE_NULL and None leave *out, what is too big is clamped. */
bool bound_from_value(struct vm *vm, value v, int64_t *out);
bool position_from_value(struct vm *vm, value v, int64_t *out); /* likewise, for index(): None is refused */
bool index_clamped(struct vm *vm, value integer, int64_t *out); /* an int, clamped to int64 */
static inline void bound_adjust(int64_t *bound, int64_t length)
{
    if (*bound < 0) {
        *bound += length;
        if (*bound < 0)
            *bound = 0;
    }
}

/* ---- lists and tuples, for the files that build them ---- */
bool list_reserve(struct vm *vm, struct list_object *list, size_t capacity); /* exactly, at least */
bool list_resize(struct vm *vm, struct list_object *list, size_t length);    /* CPython's growth; new items are NONE */
value list_slice(struct vm *vm, struct list_object *list, int64_t start, int64_t stop);
void list_empty(struct list_object *list);
value list_reversed(struct vm *vm, value list);
value *sequence_items(value list_or_tuple, size_t *count); /* exact or subclass of list or tuple */
int64_t length_hint(struct vm *vm, value v, int64_t otherwise); /* -1: error */

/* dict.c, for views, iterators and OrderedDict */
int dict_find_hashed(struct vm *vm, struct dict_object *dict, value key, int64_t hash, value *item);
bool dict_set_hashed(struct vm *vm, struct dict_object *dict, value key, int64_t hash, value item);
int dict_delete_hashed(struct vm *vm, struct dict_object *dict, value key, int64_t hash, value *item);
/* Where the entry with a key lies that is found without running Python code; -1: none is. Counts nothing, like the next. */
int64_t dict_entry_number(const struct dict_object *dict, value key, int64_t hash);
/* What an iterator over a dict or set gives next, by its number. False: it is no such iterator, or at its end. */
bool dict_iterator_next_entry(value iterator, value *dict, uint32_t *number);
bool set_iterator_next_entry(value iterator, value *set, uint32_t *number);
value dict_of_type(struct vm *vm, struct type *type);
bool dict_update_arguments(struct vm *vm, const char *function, value self, const value *arguments, size_t count,
                           value keyword_names);
value dict_get_item(struct vm *vm, value self, value key);
enum dict_view_kind { DICT_KEYS, DICT_VALUES, DICT_ITEMS };
value dict_view_new(struct vm *vm, value dict, enum dict_view_kind kind);
value dict_iterator_new(struct vm *vm, value dict, enum dict_view_kind kind);
value dict_reverse_iterator_new(struct vm *vm, value dict, enum dict_view_kind kind);

/* set.c, for set_operations.c */
enum set_probe { SET_FREE, SET_FOUND, SET_ERROR };
int64_t dict_layout_size(struct vm *vm, value dict); /* what CPython's would take, of __sizeof__ */
int set_contains_hashed(struct vm *vm, struct set_object *set, value key, int64_t hash); /* -1, 0, 1 */
bool set_add_hashed(struct vm *vm, struct set_object *set, value key, int64_t hash);
int set_discard_hashed(struct vm *vm, struct set_object *set, value key, int64_t hash);
bool set_resize(struct vm *vm, struct set_object *set, size_t minimum);
bool warn_strict_index(struct vm *vm, value result); /* __index__ answered an instance of a subclass of int */
bool set_next_entry(struct set_object *set, uint32_t *position, struct set_entry *entry);
void set_clear(struct vm *vm, struct set_object *set);
value set_copy(struct vm *vm, value set, struct type *type);
static inline struct set_object *set_of(value v) { return (struct set_object *)value_object(v); }
static inline bool is_any_set(value v) { return has_flag(v, TYPE_SET); }
extern const struct method_definition set_methods[], frozenset_methods[];
value set_binary(struct vm *vm, enum binary_kind kind, value a, value b);
value set_inplace(struct vm *vm, enum binary_kind kind, value a, value b);
value set_compare(struct vm *vm, value a, value b, enum compare_kind kind);
int set_is_subset(struct vm *vm, value a, value b); /* both sets */

#endif
