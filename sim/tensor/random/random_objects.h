/* random_objects.h - numpy.random's objects, and how its methods turn arguments into draws. */
#ifndef HYBRIDSIM_SIM_TENSOR_RANDOM_RANDOM_OBJECTS_H
#define HYBRIDSIM_SIM_TENSOR_RANDOM_RANDOM_OBJECTS_H

#include "sim/tensor/ndarray.h"
#include "sim/tensor/random/sampler.h"

struct seed_sequence_object {
    struct object head;
    value entropy, spawn_key; /* an int or a sequence; a tuple */
    int64_t children;         /* spawned so far */
    uint32_t *pool;           /* gc_storage */
    int64_t pool_size;
};

struct bit_generator_object {
    struct object head;
    value seed_sequence; /* NONE: seeded without one */
    struct bit_generator bits;
};

struct random_object { /* RandomState, Generator */
    struct object head;
    value bit_generator; /* its bits are sampler.bits */
    struct sampler sampler;
};

extern struct type seed_sequence_type, bit_generator_type, random_state_type, random_generator_type;
extern struct type *const bit_source_types[SOURCE_COUNT];
extern const struct method_definition random_state_methods[], generator_methods[];

/* ---- seed_sequence.c ---- */
value seed_sequence_from(struct vm *vm, value seed); /* SeedSequence(seed); one as it is */
void seed_sequence_generate(const struct seed_sequence_object *sequence, uint32_t *words, size_t count);

/* ---- bit_generator_type.c ---- */
static inline struct bit_generator_object *bit_generator_of(value v)
{
    return (struct bit_generator_object *)value_object(v);
}
bool is_bit_generator(struct vm *vm, value v);
value bit_generator_new(struct vm *vm, enum bit_source source,
                        value seed); /* VALUE_NULL or None: the system's entropy */
bool bit_generator_seed_legacy(struct vm *vm, struct bit_generator_object *generator, value seed);
value bit_generator_state(struct vm *vm, value self);
bool bit_generator_set_state(struct vm *vm, value self, value state);

/* ---- pickling.c: methods __reduce__ and __setstate__ of bit generators, Generator and RandomState ---- */
#define PICKLING_ROWS(name)                                                                                            \
    {"__reduce__", "()", name##_reduce, METHOD_INSTANCE, NULL},                                                        \
    {                                                                                                                  \
        "__setstate__", "(state)", name##_set, METHOD_INSTANCE, NULL                                                   \
    }
value bit_generator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value bit_generator_set(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value random_generator_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value random_generator_set(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value random_state_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value random_state_set(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

/* ---- sampling.c ---- */
static inline struct random_object *random_of(value v)
{
    return (struct random_object *)value_object(v);
}
static inline struct sampler *sampler_of(value v)
{
    return &random_of(v)->sampler;
}
void random_attach(struct random_object *random, value bit_generator);
void random_trace(struct vm *vm, struct object *object);
/* What was drawn since the last call becomes work: words, functions evaluated, and `elements`. */
void random_account(struct vm *vm, struct sampler *s, int64_t elements);

enum constraint {
    FREE,
    NON_NEGATIVE,
    POSITIVE,
    POSITIVE_NUMBER,
    FROM_0_TO_1,
    ABOVE_0_TO_1,
    BELOW_1,
    ABOVE_1,
    AT_LEAST_1,
    POISSON_RATE
};
struct parameter {
    const char *name;
    enum constraint constraint;
    bool whole; /* an int64, else a double */
    bool optional;
    double otherwise;
};
union number {
    double real;
    int64_t whole;
};
struct distribution {
    void (*draw)(struct sampler *s, const union number *parameters, union number *out);
    bool whole; /* what it draws */
    struct parameter parameters[3];
};
/* The arguments are as bound; `out` may be VALUE_NULL. Checks them, broadcasts them, draws: a number when neither a
 * size nor an array was given. */
value distribution_draw(struct vm *vm, struct sampler *s, const struct distribution *distribution,
                        const value *arguments, value size, value out);
struct ndarray *parameter_array(struct vm *vm, value v, const struct parameter *parameter);
/* One parameter's array against its constraint; scalar: as numpy words it for numbers. */
bool constraint_check(struct vm *vm, const struct parameter *parameter, struct ndarray *array, bool scalar);

static inline bool is_given(value v)
{
    return v != VALUE_NULL && v != NONE;
}
/* A new array of that size (None is not allowed). */
struct ndarray *sized_array(struct vm *vm, int dtype, value size);
/* Likewise, with `last` as one more dimension: None gives (last,). */
struct ndarray *sized_rows(struct vm *vm, int dtype, value size, int64_t last);
/* broadcast_shape, which fails in the words of numpy's iterator. */
bool common_shape(struct vm *vm, struct ndarray *const *arrays, size_t count, int64_t *shape, uint32_t *dimensions);
/* Fills: double_fill and float_fill with their rules for dtype and out. */
struct filler {
    double (*real)(struct sampler *s);
    float (*single)(struct sampler *s);
};
value filler_draw(struct vm *vm, struct sampler *s, const struct filler *filler, const char *name, value size,
                  value dtype, value out);

/* ---- integers.c ---- */
value integers_draw(struct vm *vm, struct sampler *s, enum bounding bounding, bool closed, const value *arguments,
                    const char *name);
value bytes_draw(struct vm *vm, struct sampler *s, enum bounding bounding, value length);

/* ---- selecting.c ---- */
value choice_draw(struct vm *vm, struct sampler *s, bool legacy, value a, value size, value replace, value p,
                  value axis, value shuffle);
value shuffle_draw(struct vm *vm, struct sampler *s, value x, value axis);
value permutation_draw(struct vm *vm, struct sampler *s, bool legacy, value x, value axis);
value permuted_draw(struct vm *vm, struct sampler *s, value x, value axis, value out);

/* ---- multivariate.c ---- */
value multinomial_draw(struct vm *vm, struct sampler *s, bool legacy, value n, value pvals, value size);
value dirichlet_draw(struct vm *vm, struct sampler *s, bool legacy, value alpha, value size);
value multivariate_normal_draw(struct vm *vm, struct sampler *s, bool legacy, const value *arguments);
value multivariate_hypergeometric_draw(struct vm *vm, struct sampler *s, const value *arguments);
double compensated_sum(const double *numbers, int64_t count); /* W. Kahan's */

#endif
