/* itertools.h - the layout that the iterators of module itertools share, and the methods that copy and pickle them. */
#ifndef HYBRIDSIM_SIM_MODULES_ITERTOOLS_H
#define HYBRIDSIM_SIM_MODULES_ITERTOOLS_H

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

#define ITERTOOLS_METHOD(name)                                                                                         \
    value itertools_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

/* itertools_pickle.c: __reduce__ and __setstate__ of each type */
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
