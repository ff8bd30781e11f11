/* choice.c - conditional expressions over numbers that an instruction decides (core/idiom.def): see nest.h. */
#include "sim/engine/nest.h"

#include "sim/engine/operations.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"

/* A factor of the product: a constant, or in the home of a local variable. */
static value factor(struct code_state *state, const struct instruction *load, uint16_t *slot)
{
    if (load->op == OP_move && load->role == ARGUMENT_CONSTANT)
        return tuple_of(state->object->constants)->items[load->argument];
    *slot = state->function->local_slots[load->argument];
    return VALUE_NULL;
}

static value constant_of(struct code_state *state, const struct instruction *load)
{
    return tuple_of(state->object->constants)->items[load->argument];
}

struct nest_site *choice_site_new(struct code_state *state, uint32_t instruction, enum idiom idiom, uint32_t *joined)
{
    const struct code *code = state->code;
    const struct instruction *jump = &code->instructions[instruction];
    const struct block *here = &code->blocks[jump->block];
    const struct instruction *yes = &code->instructions[code->blocks[here->fallthrough].first];
    const struct instruction *no = &code->instructions[code->blocks[here->target].first];
    struct nest_site *site = nest_site_new(state, instruction);
    *joined = code->blocks[here->target].fallthrough;
    site->idiom = idiom;
    site->greater_or_equal = jump[-1].op == OP_ge;
    site->yes = site->no = VALUE_NULL;
    if (idiom == IDIOM_step)
        site->yes = constant_of(state, yes);
    if (idiom != IDIOM_leaky_relu) {
        site->no = constant_of(state, no);
    } else {
        site->a = factor(state, &no[0], &site->slot_a);
        site->b = factor(state, &no[1], &site->slot_b);
    }
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

bool choice_run(struct vm *vm, struct nest_site *site, const value *slots, value left, value right, value *result)
{
    double a, b;
    if (!is_number(left) || !is_number(right) || !as_double(left, &a) || !as_double(right, &b) || vm->engine->tracing.active)
        return false;
    if (site->greater_or_equal ? a >= b : a > b) {
        *result = site->yes != VALUE_NULL ? site->yes : left;
        return true;
    }
    if (site->no != VALUE_NULL) {
        *result = site->no;
        return true;
    }
    value x = site->a != VALUE_NULL ? site->a : slots[site->slot_a], y = site->b != VALUE_NULL ? site->b : slots[site->slot_b];
    if (!is_number(x) || !is_number(y))
        return false;
    *result = arithmetic_slow(vm, BINARY_MUL, x, y); /* numbers: nothing is raised but for want of memory */
    if (*result != VALUE_NULL)
        return true;
    exception_clear(vm);
    return false;
}
