/* itertools.h - the layout that the iterators of module itertools share, how their types are written, and the methods that copy
 * and pickle them. */
#ifndef HYBRIDSIM_SIM_MODULES_ITERTOOLS_ITERTOOLS_H
#define HYBRIDSIM_SIM_MODULES_ITERTOOLS_ITERTOOLS_H

#include "sim/runtime/types.h"

struct iteration {
    struct object head;
    value a, b, c, d, e, f;
    int64_t n, m, k, j;
};

static inline struct iteration *iteration_of(value v)
{
    return (struct iteration *)value_object(v);
}

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define NEW(name)                                                                                                      \
    static value name(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)

static inline value answer(struct iteration *self)
{
    return self ? object_value(self) : VALUE_NULL;
}

/* itertools.c */
struct iteration *iteration_new(struct vm *vm, struct type *type); /* all its values null; NULL: no memory */
void iteration_trace(struct vm *vm, struct object *object);
#define ITERATION_TYPE(variable, python_name, new_function, next_function, method_table, text)                         \
    struct type variable = {                                                                                           \
        .name = python_name,                                                                                           \
        .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,                                                               \
        .instance_size = sizeof(struct iteration),                                                                     \
        .doc = text,                                                                                                   \
        .methods = method_table,                                                                                       \
        .trace = iteration_trace,                                                                                      \
        .new = new_function,                                                                                           \
        .iter = iterator_self,                                                                                         \
        .next = next_function,                                                                                         \
    }

/* combinatorics.c */
extern struct type itertools_product_type, itertools_combinations_type, itertools_combinations_with_replacement_type,
    itertools_permutations_type;

#define ITERTOOLS_METHOD(name)                                                                                         \
    value itertools_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

ITERTOOLS_METHOD(combinatoric_sizeof); /* combinatorics.c */

/* pickle.c: __reduce__ and __setstate__ of each type */
extern const struct method_definition itertools_cycle_methods[], itertools_predicate_methods[], itertools_dropwhile_methods[],
    itertools_takewhile_methods[], itertools_compress_methods[], itertools_accumulate_methods[], itertools_islice_methods[],
    itertools_zip_longest_methods[], itertools_product_methods[], itertools_combinations_methods[],
    itertools_permutations_methods[], itertools_groupby_methods[], itertools_grouper_methods[], itertools_tee_block_methods[];
ITERTOOLS_METHOD(tee_reduce);
ITERTOOLS_METHOD(chain_reduce);
ITERTOOLS_METHOD(chain_setstate);
ITERTOOLS_METHOD(repeat_reduce);
#define ITERTOOLS_CHAIN_METHODS                                                                                        \
    {"__reduce__", "()", itertools_chain_reduce, METHOD_INSTANCE, "Return state information for pickling."},           \
        {"__setstate__", "(object, /)", itertools_chain_setstate, METHOD_INSTANCE, "Set state information for unpickling."}
#define ITERTOOLS_REPEAT_METHODS                                                                                       \
    {"__reduce__", "()", itertools_repeat_reduce, METHOD_INSTANCE, "Return state information for pickling."}

#endif
