/* state.c - what module _decimal has once for a program: exception classes, the ContextVar of the current context, templates of
 * contexts, powers of ten. */
#include "sim/modules/decimal/decimal.h"
#include "sim/modules/signal.h"
#include "sim/runtime/module.h"

#include <stdlib.h>

enum base_kind { BASE_DECIMAL, BASE_ZERO_DIVISION, BASE_TYPE_ERROR, BASE_OVERFLOW, BASE_UNDERFLOW };
enum signal_index { INVALID, FLOATING, ZERO, OVERFLOWED, UNDERFLOWED, SUBNORMAL, INEXACT, ROUNDED, CLAMPED };

static const struct signal {
    const char *name;
    uint32_t flag;
    enum base_kind base;
} signal_table[SIGNAL_COUNT] = {
    {"InvalidOperation", STATUS_INVALID, BASE_DECIMAL},
    {"FloatOperation", STATUS_FLOAT_OPERATION, BASE_TYPE_ERROR},
    {"DivisionByZero", STATUS_DIVISION_BY_ZERO, BASE_ZERO_DIVISION},
    {"Overflow", STATUS_OVERFLOW, BASE_OVERFLOW},
    {"Underflow", STATUS_UNDERFLOW, BASE_UNDERFLOW},
    {"Subnormal", STATUS_SUBNORMAL, BASE_DECIMAL},
    {"Inexact", STATUS_INEXACT, BASE_DECIMAL},
    {"Rounded", STATUS_ROUNDED, BASE_DECIMAL},
    {"Clamped", STATUS_CLAMPED, BASE_DECIMAL},
};

static const struct condition {
    const char *name;
    uint32_t flag;
} condition_table[CONDITION_COUNT] = {
    {"ConversionSyntax", STATUS_CONVERSION_SYNTAX},
    {"DivisionImpossible", STATUS_DIVISION_IMPOSSIBLE},
    {"DivisionUndefined", STATUS_DIVISION_UNDEFINED},
    {"InvalidContext", STATUS_INVALID_CONTEXT},
};

uint32_t signal_flag(int index)
{
    return signal_table[index].flag;
}

const char *signal_name(int index)
{
    return signal_table[index].name;
}

value status_list(struct vm *vm, uint32_t status, bool conditions)
{
    const struct decimal_state *state = decimal_state(vm);
    value list = list_new(vm, 0);
    if (list == VALUE_NULL)
        return VALUE_NULL;
    struct list_object *items = list_of(list);
    if (conditions) {
        if ((status & STATUS_INVALID_OPERATION) && !list_append(vm, items, state->signals[INVALID]))
            return VALUE_NULL;
        for (int i = 0; i < CONDITION_COUNT; i++)
            if ((status & condition_table[i].flag) && !list_append(vm, items, state->conditions[i]))
                return VALUE_NULL;
    }
    for (int i = conditions ? 1 : 0; i < SIGNAL_COUNT; i++)
        if ((status & signal_table[i].flag) && !list_append(vm, items, state->signals[i]))
            return VALUE_NULL;
    return list;
}

bool context_add_status(struct vm *vm, value context, uint32_t status)
{
    struct context_object *c = context_of(context);
    if (!status)
        return true;
    if (status & STATUS_INTERRUPTED) {
        signal_raise_interrupt(vm);
        return false;
    }
    if (status & STATUS_NO_MEMORY) {
        raise_no_memory(vm);
        return false;
    }
    c->flags |= status;
    uint32_t trapped = status & c->traps;
    if (!trapped)
        return true;
    int which = 0;
    while (!(signal_table[which].flag & trapped))
        which++;
    value list = status_list(vm, trapped, true);
    value error = list == VALUE_NULL ? VALUE_NULL : call_1(vm, decimal_state(vm)->signals[which], list);
    if (error != VALUE_NULL)
        raise_value(vm, error);
    return false;
}

/* ---- the current context ---- */

bool context_set_current(struct vm *vm, value context)
{
    const struct decimal_state *state = decimal_state(vm);
    if (context == state->default_context || context == state->basic_context || context == state->extended_context) {
        context = context_duplicate(vm, context);
        if (context == VALUE_NULL)
            return false;
        context_of(context)->flags = 0;
    }
    return call_method(vm, state->variable, "set", &context, 1) != VALUE_NULL;
}

value current_context(struct vm *vm)
{
    const struct decimal_state *state = decimal_state(vm);
    value context = context_variable_lookup(vm, state->variable, state->variable_hash);
    if (context != VALUE_NULL)
        return context;
    context = context_duplicate(vm, state->default_context);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    context_of(context)->flags = 0;
    return context_set_current(vm, context) ? context : VALUE_NULL;
}

/* ---- making and freeing ---- */

static value make_class(struct vm *vm, const char *name, value bases)
{
    value namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", string_from_text(vm, "decimal")))
        return VALUE_NULL;
    return type_new_class(vm, &type_type, intern_text(vm, name), bases, namespace, VALUE_NULL);
}

static value signal_bases(struct vm *vm, enum base_kind base)
{
    const struct decimal_state *state = decimal_state(vm);
    switch (base) {
    case BASE_DECIMAL:
        break;
    case BASE_ZERO_DIVISION:
        return tuple_pack(vm, 2, state->exception, object_value(&exc_ZeroDivisionError));
    case BASE_TYPE_ERROR:
        return tuple_pack(vm, 2, state->exception, object_value(&exc_TypeError));
    case BASE_OVERFLOW:
        return tuple_pack(vm, 2, state->signals[INEXACT], state->signals[ROUNDED]);
    case BASE_UNDERFLOW:
        return tuple_pack(vm, 3, state->signals[INEXACT], state->signals[ROUNDED], state->signals[SUBNORMAL]);
    }
    return tuple_pack(vm, 1, state->exception);
}

bool state_add_classes(struct vm *vm, value module)
{
    static const int order[SIGNAL_COUNT] = {INVALID, FLOATING, ZERO, SUBNORMAL, INEXACT, ROUNDED, CLAMPED, OVERFLOWED, UNDERFLOWED};
    struct decimal_state *state = decimal_state(vm);
    struct dict_object *dict = support_dict(module);
    state->exception = make_class(vm, "DecimalException", tuple_pack(vm, 1, object_value(&exc_ArithmeticError)));
    if (state->exception == VALUE_NULL || !dict_set_text(vm, dict, "DecimalException", state->exception))
        return false;
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        const struct signal *signal = &signal_table[order[i]];
        value made = make_class(vm, signal->name, signal_bases(vm, signal->base));
        if (made == VALUE_NULL || !dict_set_text(vm, dict, signal->name, made))
            return false;
        state->signals[order[i]] = made;
    }
    for (int i = 0; i < CONDITION_COUNT; i++) {
        value invalid = state->signals[INVALID];
        value bases = i == 2 ? tuple_pack(vm, 2, invalid, object_value(&exc_ZeroDivisionError)) : tuple_pack(vm, 1, invalid);
        value made = make_class(vm, condition_table[i].name, bases);
        if (made == VALUE_NULL || !dict_set_text(vm, dict, condition_table[i].name, made))
            return false;
        state->conditions[i] = made;
    }
    return true;
}

static void state_trace(struct vm *vm, void *context)
{
    (void)context;
    const struct decimal_state *state = decimal_state(vm);
    if (!state)
        return;
    for (int i = 0; i < SIGNAL_COUNT; i++)
        gc_mark(vm, state->signals[i]);
    for (int i = 0; i < CONDITION_COUNT; i++)
        gc_mark(vm, state->conditions[i]);
    for (int i = 0; i < ROUNDING_COUNT; i++)
        gc_mark(vm, state->roundings[i]);
    const value others[] = {state->exception, state->tuple, state->signal_dict, state->variable, state->default_context,
                            state->basic_context, state->extended_context, state->rational_class, state->exports};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        gc_mark(vm, others[i]);
}

bool state_start(struct vm *vm)
{
    struct decimal_state *state = calloc(1, sizeof *state);
    if (!state) {
        raise_no_memory(vm);
        return false;
    }
    for (int i = 0; i < POWER_COUNT; i++)
        mpz_init(state->powers[i]);
    mpz_init(state->last_power);
    mpz_init(state->logarithm);
    state->last_power_exponent = -1;
    bool first = !vm->decimal;
    if (!first)
        decimal_state_free(vm);
    vm->decimal = state;
    if (first)
        gc_add_tracer(vm, state_trace, NULL);
    return true;
}

void decimal_state_free(struct vm *vm)
{
    struct decimal_state *state = vm->decimal;
    if (!state)
        return;
    for (int i = 0; i < POWER_COUNT; i++)
        mpz_clear(state->powers[i]);
    mpz_clear(state->last_power);
    mpz_clear(state->logarithm);
    free(state);
    vm->decimal = NULL;
}
