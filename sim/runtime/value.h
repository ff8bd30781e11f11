/* value.h - the 64-bit word every Python value is (engine-trials.md section 1).
 *
 * By the low three bits:
 *   xx0        int of 63 bits: the number * 2
 *   011, 111   float with an exponent field in 0x300..0x4ff, rotated
 *   001        +0.0 and positive floats with exponent field below 0x100 (and some of the hugest negative ones)
 *   101        pointer to a heap or static object, plus 5
 * Every value has exactly one encoding: a float or an int that fits an immediate form is never boxed. The rest of the floats
 * is boxed (struct float_object), wider ints are struct big_int. VALUE_NONE_WORD (the null pointer, tagged) is no Python
 * value: it is "error: an exception is pending", "unbound", "absent argument", as each function says.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_VALUE_H
#define HYBRIDSIM_SIM_RUNTIME_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint64_t value;

struct object;

#define POINTER_TAG 5u
#define VALUE_NULL ((value)POINTER_TAG) /* no value: error, unbound, absent */

static inline bool is_pointer(value v) { return (v & 7) == POINTER_TAG; } /* true for VALUE_NULL as well */
static inline bool is_object(value v) { return (v & 7) == POINTER_TAG && v != VALUE_NULL; }
static inline bool is_small_int(value v) { return !(v & 1); }
static inline bool both_small_int(value a, value b) { return !((a | b) & 1); }
static inline bool both_ordinary_float(value a, value b) { return (a & b & 3) == 3; }
/* low 6 bits pattern: tags 001, 011, 111 are floats */
static inline bool is_immediate_float(value v) { return (0x8A8A8A8A8A8A8A8Aull >> (v & 63)) & 1; }

static inline struct object *value_object(value v) { return (struct object *)(uintptr_t)(v - POINTER_TAG); }
static inline value object_value(const void *object) { return (value)(uintptr_t)object + POINTER_TAG; }

#define SMALL_INT_MAX ((int64_t)0x3fffffffffffffff)
#define SMALL_INT_MIN (-SMALL_INT_MAX - 1)
static inline bool small_int_fits(int64_t n) { return n >= SMALL_INT_MIN && n <= SMALL_INT_MAX; }
static inline value small_int(int64_t n) { return (value)n << 1; }
static inline int64_t small_int_value(value v) { return (int64_t)v >> 1; }

static inline uint64_t float_bits(double d) { uint64_t b; memcpy(&b, &d, 8); return b; }
static inline double bits_float(uint64_t b) { double d; memcpy(&d, &b, 8); return d; }
#define FLOAT_BIAS (0x300ull << 52)
static inline value float_encode(double d) /* immediate form; valid only when is_immediate_float(result) and it decodes back */
{
    uint64_t t = float_bits(d) + FLOAT_BIAS;
    return t << 3 | t >> 61;
}
static inline double immediate_float(value v) { return bits_float((v >> 3 | v << 61) - FLOAT_BIAS); }

#endif
