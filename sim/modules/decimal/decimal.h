/* decimal.h - module _decimal: decimal numbers, the contexts they are computed in, and what its files offer each other.
 *
 * The arithmetic follows the General Decimal Arithmetic Specification 1.70 (Cowlishaw). Coefficients are GMP integers; an
 * object keeps one of up to two limbs in itself. Functions on numbers (number.c .. transcendental.c) cannot raise: what
 * happened is collected in calculation.status, and the callers of objects.c turn it into flags and exceptions.
 */
#ifndef HYBRIDSIM_SIM_MODULES_DECIMAL_DECIMAL_H
#define HYBRIDSIM_SIM_MODULES_DECIMAL_DECIMAL_H

#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"
#include "sim/runtime/text.h"

#define PRECISION_MAX INT64_C(999999999999999999)
#define EXPONENT_MAX INT64_C(999999999999999999)
#define EXPONENT_MIN (-EXPONENT_MAX)
#define EXPONENT_INFINITE INT64_C(2000000000000000001) /* rounds to what overflow gives */
#define DIGITS_MAX INT64_C(1000000000) /* more digits than this in a coefficient are a MemoryError */

enum number_kind { FINITE, INFINITE, QUIET_NAN, SIGNALLING_NAN };
enum rounding { ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP };
enum { ROUNDING_COUNT = 8 };

enum status {
    STATUS_CLAMPED = 1, STATUS_CONVERSION_SYNTAX = 2, STATUS_DIVISION_BY_ZERO = 4, STATUS_DIVISION_IMPOSSIBLE = 8,
    STATUS_DIVISION_UNDEFINED = 16, STATUS_INEXACT = 64, STATUS_INVALID_CONTEXT = 128, STATUS_INVALID_OPERATION = 256,
    STATUS_NO_MEMORY = 512, STATUS_FLOAT_OPERATION = 1024, STATUS_OVERFLOW = 2048, STATUS_ROUNDED = 4096,
    STATUS_SUBNORMAL = 8192, STATUS_UNDERFLOW = 16384, STATUS_INTERRUPTED = 32768
};
#define STATUS_INVALID (STATUS_CONVERSION_SYNTAX | STATUS_DIVISION_IMPOSSIBLE | STATUS_DIVISION_UNDEFINED | \
                        STATUS_INVALID_CONTEXT | STATUS_INVALID_OPERATION)
#define STATUS_ERRORS (STATUS_INVALID | STATUS_NO_MEMORY | STATUS_DIVISION_BY_ZERO | STATUS_INTERRUPTED)

struct number {
    mpz_t coefficient;  /* not negative; NaNs: the payload; infinities: 0 */
    int64_t exponent, digits; /* digits of the coefficient: 1 for zero */
    bool negative;
    enum number_kind kind;
};

struct rules { /* the part of a context that decides a result */
    int64_t precision, exponent_max, exponent_min;
    enum rounding rounding;
    bool clamp;
};

struct calculation {
    struct vm *vm;
    struct rules rules;
    uint32_t status;
};

/* ---- objects ---- */
struct decimal_object {
    struct object head;
    int64_t exponent, digits;
    uint8_t negative, kind;
    uint32_t limb_count;
    mp_limb_t *limbs;    /* more than two: gc_storage; else NULL */
    mp_limb_t few[2];
};

struct context_object {
    struct object head;
    value flags_dict, traps_dict; /* signals_object; 0: not made yet */
    struct rules rules;
    uint32_t traps, flags;
    int capitals;
};

struct signals_object { /* SignalDictMixin: context.flags or context.traps */
    struct object head;
    value context;
    bool traps;
};

struct manager_object { /* what localcontext() answers */
    struct object head;
    value local, global;
};

enum { SIGNAL_COUNT = 9, CONDITION_COUNT = 4, POWER_COUNT = 256 };
struct decimal_state {
    value signals[SIGNAL_COUNT];       /* classes, in the order of their names in a context's repr */
    value conditions[CONDITION_COUNT]; /* ConversionSyntax, ... */
    value exception, tuple, signal_dict, variable, default_context, basic_context, extended_context;
    value exports;                     /* dict: the module's contents, for when it is imported again */
    value roundings[ROUNDING_COUNT];   /* str */
    value rational_class;              /* numbers.Rational */
    int64_t variable_hash;
    mpz_t powers[POWER_COUNT];         /* of ten; 0: not made yet */
    mpz_t last_power;                  /* the last beyond them */
    int64_t last_power_exponent;
    mpz_t logarithm;                   /* ln(10) with so many binary places; 0: not made yet */
    size_t logarithm_bits;
};

extern struct type decimal_type, decimal_context_type, signals_type, manager_type;

static inline struct decimal_object *decimal_of(value v) { return (struct decimal_object *)value_object(v); }
static inline struct context_object *context_of(value v) { return (struct context_object *)value_object(v); }
static inline bool is_decimal(struct vm *vm, value v)
{
    return is_object(v) && (value_object(v)->shape == &decimal_type.shape || is_instance(vm, v, &decimal_type));
}
static inline bool is_context(struct vm *vm, value v) { return is_object(v) && is_instance(vm, v, &decimal_context_type); }

#define DECIMAL_FUNCTION(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* ---- number.c ---- */
void number_start(struct number *a);
void number_clear(struct number *a);
void number_copy(struct number *out, const struct number *a);
void number_set(struct number *out, bool negative, uint64_t coefficient, int64_t exponent);
void number_set_special(struct number *out, bool negative, enum number_kind kind);
void number_count_digits(struct vm *vm, struct number *a); /* after the coefficient changed */
void number_invalid(struct calculation *c, struct number *out, uint32_t status); /* a quiet NaN */
mpz_srcptr power_of_ten(struct vm *vm, int64_t exponent);
static inline bool is_finite(const struct number *a) { return a->kind == FINITE; }
static inline bool is_special(const struct number *a) { return a->kind != FINITE; }
static inline bool is_infinite(const struct number *a) { return a->kind == INFINITE; }
static inline bool is_nan(const struct number *a) { return a->kind >= QUIET_NAN; }
static inline bool has_zero_coefficient(const struct number *a) { return mpz_sgn(a->coefficient) == 0; }
static inline bool is_zero(const struct number *a) { return is_finite(a) && has_zero_coefficient(a); }
static inline int64_t adjusted_exponent(const struct number *a) { return a->exponent + a->digits - 1; }
static inline int64_t rules_etiny(const struct rules *r) { return r->exponent_min - (r->precision - 1); }
static inline int64_t rules_etop(const struct rules *r) { return r->exponent_max - (r->precision - 1); }
extern const struct rules rules_exact; /* the widest context */
/* Multiplies the coefficient by 10**count; false: too big, `a` is a NaN and the status says so. */
bool number_shift_left(struct calculation *c, struct number *a, int64_t count);
/* Divides it by 10**count, dropping what is behind the point; answers 0: nothing was, 1: less than a half, 5: a half, 9. */
int number_shift_right(struct calculation *c, struct number *a, int64_t count);
void number_round_increment(struct calculation *c, struct number *a, int rest); /* adds one when the rest asks for it */
bool rounds_up(enum rounding rounding, bool negative, unsigned last_digit, int rest);
void number_finish(struct calculation *c, struct number *a); /* rounds to the context */
int64_t number_trailing_zeros(struct vm *vm, const struct number *a);
bool number_is_integer(struct vm *vm, const struct number *a);
bool number_is_odd(struct vm *vm, const struct number *a); /* an integer, and odd */
void number_set_largest(struct calculation *c, struct number *out); /* all nines, at the greatest exponent; sign kept */
void number_set_int64(struct number *out, int64_t n);
bool number_to_int64(struct vm *vm, const struct number *a, int64_t *out); /* an integer that fits */
bool calculation_interrupted(struct calculation *c); /* Ctrl-C */

/* NaN operands: the result is one, and true is answered. */
bool check_nan(struct calculation *c, struct number *out, const struct number *a);
bool check_nans(struct calculation *c, struct number *out, const struct number *a, const struct number *b);
bool check_three_nans(struct calculation *c, struct number *out, const struct number *const operands[3]);

/* ---- arithmetic.c, operations.c, digits.c, transcendental.c, power.c: `out` is none of the operands ---- */
typedef void (*unary_kernel)(struct calculation *c, struct number *out, const struct number *a);
typedef void (*binary_kernel)(struct calculation *c, struct number *out, const struct number *a, const struct number *b);
#define UNARY_KERNELS(X) X(plus) X(minus) X(absolute) X(exp) X(ln) X(log10) X(sqrt) X(next_minus) X(next_plus) X(normalize) \
    X(to_integral) X(to_integral_exact) X(logb) X(logical_invert)
#define BINARY_KERNELS(X) X(add) X(subtract) X(multiply) X(divide) X(divide_int) X(remainder) X(remainder_near) X(compare) \
    X(compare_signal) X(max) X(max_mag) X(min) X(min_mag) X(next_toward) X(quantize) X(logical_and) X(logical_or) \
    X(logical_xor) X(rotate) X(scaleb) X(shift) X(power)
#define X(name) void calculate_##name(struct calculation *c, struct number *out, const struct number *a);
UNARY_KERNELS(X)
#undef X
#define X(name) void calculate_##name(struct calculation *c, struct number *out, const struct number *a, const struct number *b);
BINARY_KERNELS(X)
#undef X
void calculate_divmod(struct calculation *c, struct number *quotient, struct number *remainder, const struct number *a,
                    const struct number *b);
void calculate_fma(struct calculation *c, struct number *out, const struct number *a, const struct number *b,
                   const struct number *d);
void calculate_power_modulo(struct calculation *c, struct number *out, const struct number *a, const struct number *b,
                         const struct number *modulus);
void calculate_multiply_exact(struct calculation *c, struct number *out, const struct number *a, const struct number *b);
int number_order(struct calculation *c, const struct number *a, const struct number *b);           /* no NaNs */
int number_order_magnitude(struct calculation *c, const struct number *a, const struct number *b); /* no NaNs */
int number_order_total(struct calculation *c, const struct number *a, const struct number *b);
void calculate_quantize_to(struct calculation *c, struct number *out, const struct number *a, int64_t exponent);

/* ---- text.c ---- */
/* ASCII text as a number, exactly; false: it is none. */
bool number_parse(struct vm *vm, const char *text, size_t size, struct number *out);
char *number_text(const struct number *a, bool engineering, bool capitals, size_t *size); /* malloc'd */
char *number_digits_text(const struct number *a); /* malloc'd: the coefficient */

/* ---- format.c ---- */
value decimal_format(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

/* ---- objects.c: numbers and objects ---- */
static inline struct decimal_state *decimal_state(struct vm *vm) { return vm->decimal; }
/* A view of an object's number: to be read, valid as long as it is alive; not to be cleared. */
void number_view(value decimal, struct number *out);
value decimal_from_number(struct vm *vm, struct type *type, const struct number *a);
struct calculation calculation_start(struct vm *vm, value context);
/* Adds the status to the context's flags; false: one of them is trapped and its exception is pending. */
bool context_add_status(struct vm *vm, value context, uint32_t status);
/* The status, then the result as an object of `type`. Clears the number. */
value calculation_result(struct calculation *c, value context, struct type *type, struct number *result);
value current_context(struct vm *vm);
bool context_argument(struct vm *vm, value v, value *context); /* None and VALUE_NULL: the current one */
/* int and Decimal as they are (exactly); false: neither. *out VALUE_NULL: error */
bool decimal_operand(struct vm *vm, value v, value *out);
value decimal_required(struct vm *vm, value v); /* or TypeError */
value decimal_from_int(struct vm *vm, struct type *type, value v, value context, bool exact);
value decimal_from_float(struct vm *vm, struct type *type, value v, value context, bool exact);
value decimal_from_value(struct vm *vm, struct type *type, value v, value context, bool exact);
value decimal_from_text(struct vm *vm, struct type *type, value text, value context, bool exact);
value status_list(struct vm *vm, uint32_t status, bool conditions); /* the classes of its signals */

/* ---- the types' parts ---- */
extern const struct method_definition decimal_methods[], decimal_context_methods[];
bool decimal_hash(struct vm *vm, value self, int64_t *hash);
value decimal_to_int(struct vm *vm, value self);
value decimal_round_int(struct vm *vm, value self, enum rounding rounding);
value decimal_compare(struct vm *vm, value a, value b, enum compare_kind kind);
value decimal_as_tuple(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value decimal_as_integer_ratio(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value decimal_text(struct vm *vm, value self, bool engineering, int capitals);
value decimal_binary(struct vm *vm, value a, value b, binary_kernel kernel);
value decimal_power(struct vm *vm, value a, value b, value modulus);
value decimal_divmod(struct vm *vm, value a, value b);
bool bind_names(struct vm *vm, const char *const *names, size_t required, const value *arguments, size_t count,
                value keyword_names, value *out); /* with the messages of functions whose name is not given */
/* methods.c */
enum total_kind { TOTAL, TOTAL_MAGNITUDE };
value total_order(struct vm *vm, value a, value b, enum total_kind kind);
value copy_with_sign(struct vm *vm, value self, bool negative);
bool same_quantum(value a, value b);
enum number_property { IS_CANONICAL, IS_FINITE, IS_INFINITE, IS_NAN, IS_QUIET, IS_SIGNALLING, IS_SIGNED, IS_ZERO, IS_NORMAL,
                       IS_SUBNORMAL };
bool has_property(value decimal, const struct rules *rules, enum number_property property);
const char *number_class_name(value decimal, const struct rules *rules);
/* context.c */
value context_make(struct vm *vm, struct type *type);
value context_duplicate(struct vm *vm, value context);
bool context_set(struct vm *vm, value context, const char *name, value v);
int rounding_from_value(struct vm *vm, value v); /* -1: TypeError pending */
bool context_set_current(struct vm *vm, value context);
/* state.c */
uint32_t signal_flag(int index);
const char *signal_name(int index);
bool state_start(struct vm *vm);
bool state_add_classes(struct vm *vm, value module);

#endif
