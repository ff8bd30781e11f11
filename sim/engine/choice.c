/* choice.c - conditional expressions and statements over numbers that an instruction decides (core/idiom.def): see nest.h. */
#include "sim/engine/nest.h"

#include "sim/engine/operations.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"

#include <stdlib.h>

/* A factor of the product, or operand of the quotient: a constant, or in the home of a local variable. */
static value factor(struct code_state *state, const struct instruction *load, uint16_t *slot)
{
    if (load->op == OP_move && load->role == ARGUMENT_CONSTANT)
        return tuple_of(state->object->constants)->items[load->argument];
    *slot = state->function->local_slots[load->argument];
    return VALUE_NULL;
}

/* A constant arm's value. */
static value take_arm(struct code_state *state, struct nest_site *site, const struct choice_arm *arm)
{
    if (arm->kind == CHOICE_CONSTANT)
        return tuple_of(state->object->constants)->items[arm->first->argument];
    if (arm->kind == CHOICE_PRODUCT || arm->kind == CHOICE_QUOTIENT) {
        site->a = factor(state, &arm->first[0], &site->slot_a);
        site->b = factor(state, &arm->first[1], &site->slot_b);
    }
    return VALUE_NULL;
}

struct nest_site *choice_site_new(struct code_state *state, uint32_t instruction)
{
    struct nest_site *site = nest_site_new(state, instruction);
    if (!choice_read(state->code, instruction, &site->choice))
        abort(); /* the translator found it there */
    site->holds = take_arm(state, site, &site->choice.holds);
    site->fails = take_arm(state, site, &site->choice.fails);
    return site;
}

static bool is_number(value v)
{
    return is_small_int(v) || is_exact_float(v);
}

/* Ints that doubles hold, and doubles. False: the comparison is Python's affair. */
static bool as_double(value v, double *out)
{
    const int64_t exact = INT64_C(1) << 53;
    if (is_exact_float(v)) {
        *out = float_number(v);
        return true;
    }
    *out = (double)small_int_value(v);
    return small_int_value(v) <= exact && small_int_value(v) >= -exact;
}

static bool comparison_holds(enum op op, double a, double b)
{
    return op == OP_gt ? a > b : op == OP_ge ? a >= b : op == OP_lt ? a < b : a <= b;
}

bool choice_run(struct vm *vm, struct nest_site *site, const value *slots, value left, value right, value *result)
{
    double a, b;
    if (!is_number(left) || !is_number(right) || !as_double(left, &a) || !as_double(right, &b) || vm->engine->tracing.active)
        return false;
    bool holds = comparison_holds(site->choice.compare, a, b);
    enum choice_kind kind = holds ? site->choice.holds.kind : site->choice.fails.kind;
    if (kind != CHOICE_PRODUCT && kind != CHOICE_QUOTIENT) {
        *result = kind == CHOICE_LEFT ? left : kind == CHOICE_RIGHT ? right : holds ? site->holds : site->fails;
        return true;
    }
    value x = site->a != VALUE_NULL ? site->a : slots[site->slot_a], y = site->b != VALUE_NULL ? site->b : slots[site->slot_b];
    if (!is_number(x) || !is_number(y))
        return false;
    *result = arithmetic_slow(vm, kind == CHOICE_PRODUCT ? BINARY_MUL : BINARY_DIV, x, y);
    if (*result != VALUE_NULL)
        return true;
    exception_clear(vm); /* the plain instructions raise it */
    return false;
}
