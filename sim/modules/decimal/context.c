/* context.c - type Context: its attributes, and the dicts of signals its flags and traps are seen as. */
#include "sim/modules/decimal/decimal.h"

#define TEMPLATE decimal_state(vm)->default_context

static const char *const rounding_names[ROUNDING_COUNT] = {"ROUND_UP", "ROUND_DOWN", "ROUND_CEILING", "ROUND_FLOOR",
                                                           "ROUND_HALF_UP", "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP"};

int rounding_from_value(struct vm *vm, value v)
{
    const struct decimal_state *state = decimal_state(vm);
    for (int i = 0; i < ROUNDING_COUNT; i++)
        if (v == state->roundings[i] || (is_string(v) && string_is(v, rounding_names[i])))
            return i;
    raise_error(vm, &exc_TypeError, "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n"
                                    "   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]");
    return -1;
}

/* ---- signals ---- */

/* The flags of an exception class; 0: KeyError pending. */
static uint32_t flag_of(struct vm *vm, value class)
{
    for (int i = 0; i < SIGNAL_COUNT; i++)
        if (decimal_state(vm)->signals[i] == class)
            return signal_flag(i);
    raise_error(vm, &exc_KeyError, "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n"
                                   "   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]");
    return 0;
}

static uint32_t *signal_word(value signals)
{
    const struct signals_object *object = (struct signals_object *)value_object(signals);
    struct context_object *context = context_of(object->context);
    return object->traps ? &context->traps : &context->flags;
}

static bool check_signals(struct vm *vm, value signals)
{
    if (is_object(((struct signals_object *)value_object(signals))->context))
        return true;
    raise_error(vm, &exc_ValueError, "invalid signal dict");
    return false;
}

static value signals_make(struct vm *vm, value context, bool traps)
{
    struct type *type = (struct type *)value_object(decimal_state(vm)->signal_dict);
    struct signals_object *signals = instance_allocate(vm, type, sizeof *signals);
    if (!signals)
        return VALUE_NULL;
    signals->context = context;
    signals->traps = traps;
    return object_value(signals);
}

static value signals_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct signals_object *signals = instance_allocate(vm, type, sizeof *signals);
    if (!signals)
        return VALUE_NULL;
    value context = context_make(vm, &decimal_context_type); /* one of its own: there is none it belongs to */
    signals->context = context == VALUE_NULL ? NONE : context;
    return context == VALUE_NULL ? VALUE_NULL : object_value(signals);
}

static value signals_get_item(struct vm *vm, value self, value key)
{
    uint32_t flag = check_signals(vm, self) ? flag_of(vm, key) : 0;
    return flag ? bool_value((*signal_word(self) & flag) != 0) : VALUE_NULL;
}

static bool signals_set_item(struct vm *vm, value self, value key, value item)
{
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_ValueError, "signal keys cannot be deleted");
        return false;
    }
    uint32_t flag = check_signals(vm, self) ? flag_of(vm, key) : 0;
    int truth = flag ? value_truth(vm, item) : -1;
    if (truth < 0)
        return false;
    if (truth)
        *signal_word(self) |= flag;
    else
        *signal_word(self) &= ~flag;
    return true;
}

static int64_t signals_length(struct vm *vm, value self)
{
    (void)vm, (void)self;
    return SIGNAL_COUNT;
}

static value signals_iter(struct vm *vm, value self)
{
    (void)self;
    value classes = tuple_from(vm, decimal_state(vm)->signals, SIGNAL_COUNT);
    return classes == VALUE_NULL ? VALUE_NULL : get_iterator(vm, classes);
}

static value signals_as_dict(struct vm *vm, value self)
{
    value dict = dict_new(vm);
    for (int i = 0; dict != VALUE_NULL && i < SIGNAL_COUNT; i++)
        if (!dict_set(vm, dict_of(dict), decimal_state(vm)->signals[i], bool_value((*signal_word(self) & signal_flag(i)) != 0)))
            return VALUE_NULL;
    return dict;
}

static value signals_repr(struct vm *vm, value self)
{
    struct string_builder text = {0};
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        string_builder_add_text(&text, i ? ", <class 'decimal." : "{<class 'decimal.");
        string_builder_add_text(&text, signal_name(i));
        string_builder_add_text(&text, *signal_word(self) & signal_flag(i) ? "'>:True" : "'>:False");
    }
    string_builder_add(&text, '}');
    return string_builder_finish(vm, &text);
}

static value context_set_signals_from_dict(struct vm *vm, value dict, uint32_t *out)
{
    uint32_t flags = 0, position = 0;
    value key, item;
    if (!has_flag(dict, TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "argument must be a signal dict");
    if (dict_of(dict)->count != SIGNAL_COUNT)
        return raise_error(vm, &exc_KeyError, "invalid signal dict");
    while (dict_next(dict_of(dict), &position, &key, &item)) {
        uint32_t flag = flag_of(vm, key);
        int truth = flag ? value_truth(vm, item) : -1;
        if (truth < 0)
            return VALUE_NULL;
        flags |= truth ? flag : 0;
    }
    *out = flags;
    return NONE;
}

static value signals_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_instance(vm, a, &signals_type))
        return vm->not_implemented;
    uint32_t other;
    if (is_object(b) && is_instance(vm, b, &signals_type))
        other = *signal_word(b);
    else if (!has_flag(b, TYPE_DICT))
        return vm->not_implemented;
    else if (context_set_signals_from_dict(vm, b, &other) == VALUE_NULL) {
        if (!exception_matches(vm, &exc_TypeError) && !exception_matches(vm, &exc_KeyError))
            return VALUE_NULL;
        exception_clear(vm);
        return vm->not_implemented;
    }
    uint32_t word = *signal_word(a);
    bool equal = true;
    for (int i = 0; i < SIGNAL_COUNT; i++)
        equal &= !(word & signal_flag(i)) == !(other & signal_flag(i));
    return bool_value(equal == (kind == COMPARE_EQ));
}

DECIMAL_FUNCTION(signals_copy)
{
    UNUSED;
    return signals_as_dict(vm, self);
}

static void signals_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct signals_object *)object)->context);
}

struct type signals_type = {
    .name = "decimal.SignalDictMixin",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct signals_object),
    .methods = (const struct method_definition[]){{"copy", "()", signals_copy, 0, NULL}, {0}},
    .trace = signals_trace,
    .new = signals_new,
    .repr = signals_repr,
    .compare = signals_compare,
    .iter = signals_iter,
    .length = signals_length,
    .get_item = signals_get_item,
    .set_item = signals_set_item,
};

/* ---- contexts ---- */

value context_make(struct vm *vm, struct type *type)
{
    struct context_object *context = instance_allocate(vm, type, sizeof *context);
    if (!context)
        return VALUE_NULL;
    if (is_object(TEMPLATE)) {
        const struct context_object *template = context_of(TEMPLATE);
        context->rules = template->rules;
        context->capitals = template->capitals;
        context->traps = template->traps;
    } else {
        context->rules = (struct rules){28, 999999, -999999, ROUND_HALF_EVEN, false};
        context->capitals = 1;
        context->traps = STATUS_INVALID | STATUS_DIVISION_BY_ZERO | STATUS_OVERFLOW;
    }
    return object_value(context);
}

value context_duplicate(struct vm *vm, value original)
{
    value copy = context_make(vm, &decimal_context_type);
    if (copy == VALUE_NULL)
        return VALUE_NULL;
    struct context_object *to = context_of(copy);
    const struct context_object *from = context_of(original);
    to->rules = from->rules;
    to->capitals = from->capitals;
    to->traps = from->traps;
    to->flags = from->flags;
    return copy;
}

static bool integer_attribute(struct vm *vm, value v, int64_t *out)
{
    if (!is_int(v)) {
        raise_error(vm, &exc_TypeError, "an integer is required");
        return false;
    }
    if (value_to_int64(vm, v, out))
        return true;
    exception_clear(vm);
    raise_error(vm, &exc_OverflowError, "Python int too large to convert to C ssize_t");
    return false;
}

static bool signals_attribute(struct vm *vm, value v, bool lists, uint32_t *out)
{
    if (is_object(v) && is_instance(vm, v, &signals_type)) {
        *out = *signal_word(v);
        return true;
    }
    if (!lists || !has_flag(v, TYPE_LIST))
        return context_set_signals_from_dict(vm, v, out) != VALUE_NULL;
    uint32_t flags = 0;
    for (uint32_t i = 0; i < list_of(v)->length; i++) {
        uint32_t flag = flag_of(vm, list_of(v)->items[i]);
        if (!flag)
            return false;
        flags |= flag;
    }
    *out = flags;
    return true;
}

static bool set_number(struct vm *vm, value self, value v, const char *name)
{
    struct rules *rules = &context_of(self)->rules;
    int64_t n;
    if (!integer_attribute(vm, v, &n))
        return false;
    if (!strcmp(name, "prec")) {
        if (n < 1 || n > PRECISION_MAX)
            return raise_error(vm, &exc_ValueError, "valid range for prec is [1, MAX_PREC]") != VALUE_NULL;
        rules->precision = n;
    } else if (!strcmp(name, "Emax")) {
        if (n < 0 || n > EXPONENT_MAX)
            return raise_error(vm, &exc_ValueError, "valid range for Emax is [0, MAX_EMAX]") != VALUE_NULL;
        rules->exponent_max = n;
    } else if (!strcmp(name, "Emin")) {
        if (n > 0 || n < EXPONENT_MIN)
            return raise_error(vm, &exc_ValueError, "valid range for Emin is [MIN_EMIN, 0]") != VALUE_NULL;
        rules->exponent_min = n;
    } else {
        bool clamp = !strcmp(name, "clamp");
        if (n != 0 && n != 1)
            return raise_error(vm, &exc_ValueError, "valid values for %s are 0 or 1", name) != VALUE_NULL;
        if (clamp)
            rules->clamp = n;
        else
            context_of(self)->capitals = (int)n;
    }
    return true;
}

enum { ATTRIBUTE_COUNT = 8 };
static const char *const attribute_names_in_order[] = {"prec",  "rounding", "Emin",  "Emax", "capitals",
                                                       "clamp", "flags",    "traps", NULL};

bool context_set(struct vm *vm, value context, const char *name, value v)
{
    if (!strcmp(name, "rounding")) {
        int rounding = rounding_from_value(vm, v);
        if (rounding >= 0)
            context_of(context)->rules.rounding = (enum rounding)rounding;
        return rounding >= 0;
    }
    if (!strcmp(name, "flags"))
        return signals_attribute(vm, v, true, &context_of(context)->flags);
    if (!strcmp(name, "traps"))
        return signals_attribute(vm, v, true, &context_of(context)->traps);
    return set_number(vm, context, v, name);
}

#define NUMBER_PROPERTY(field, name, expression)                                                                       \
    static value get_##field(struct vm *vm, value self)                                                                \
    {                                                                                                                  \
        return int_from_int64(vm, expression);                                                                         \
    }                                                                                                                  \
    static bool set_##field(struct vm *vm, value self, value v)                                                        \
    {                                                                                                                  \
        return set_number(vm, self, v, name);                                                                          \
    }
NUMBER_PROPERTY(precision, "prec", context_of(self)->rules.precision)
NUMBER_PROPERTY(exponent_max, "Emax", context_of(self)->rules.exponent_max)
NUMBER_PROPERTY(exponent_min, "Emin", context_of(self)->rules.exponent_min)
NUMBER_PROPERTY(capitals, "capitals", context_of(self)->capitals)
NUMBER_PROPERTY(clamp, "clamp", context_of(self)->rules.clamp)

static value get_rounding(struct vm *vm, value self)
{
    return decimal_state(vm)->roundings[context_of(self)->rules.rounding];
}

static bool set_rounding(struct vm *vm, value self, value v)
{
    return context_set(vm, self, "rounding", v);
}

static value get_signals(struct vm *vm, value self, value *slot, bool traps)
{
    if (!is_object(*slot)) {
        value made = signals_make(vm, self, traps);
        if (made == VALUE_NULL)
            return VALUE_NULL;
        *slot = made;
    }
    return *slot;
}

static value get_flags(struct vm *vm, value self)
{
    return get_signals(vm, self, &context_of(self)->flags_dict, false);
}

static value get_traps(struct vm *vm, value self)
{
    return get_signals(vm, self, &context_of(self)->traps_dict, true);
}

static bool set_flags(struct vm *vm, value self, value v)
{
    return signals_attribute(vm, v, false, &context_of(self)->flags);
}

static bool set_traps(struct vm *vm, value self, value v)
{
    return signals_attribute(vm, v, false, &context_of(self)->traps);
}

static bool context_setattr(struct vm *vm, value self, value name, value item)
{
    if (item != VALUE_NULL)
        return generic_setattr(vm, self, name, item);
    raise_error(vm, &exc_AttributeError, "context attributes cannot be deleted");
    return false;
}

static bool context_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    value given[ATTRIBUTE_COUNT];
    static const int order[ATTRIBUTE_COUNT] = {0, 1, 2, 3, 4, 5, 7, 6};
    if (!bind_names(vm, attribute_names_in_order, 0, arguments, count, keyword_names, given))
        return false;
    for (int i = 0; i < ATTRIBUTE_COUNT; i++) {
        value v = given[order[i]];
        if (v != VALUE_NULL && v != NONE && !context_set(vm, self, attribute_names_in_order[order[i]], v))
            return false;
    }
    return true;
}

static value context_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return context_make(vm, type);
}

static void add_signal_names(struct string_builder *text, uint32_t flags)
{
    bool invalid_done = false, first = true;
    for (uint32_t bit = 1; bit <= STATUS_UNDERFLOW; bit <<= 1) {
        if (!(flags & bit) || (bit & STATUS_INVALID && invalid_done))
            continue;
        invalid_done |= (bit & STATUS_INVALID) != 0;
        for (int i = 0; i < SIGNAL_COUNT; i++)
            if (signal_flag(i) & bit) {
                if (!first)
                    string_builder_add_text(text, ", ");
                string_builder_add_text(text, signal_name(i));
                first = false;
            }
    }
}

static value context_repr(struct vm *vm, value self)
{
    const struct context_object *c = context_of(self);
    struct string_builder flags = {0}, traps = {0};
    add_signal_names(&flags, c->flags);
    add_signal_names(&traps, c->traps);
    value flag_names = string_builder_finish(vm, &flags), trap_names = string_builder_finish(vm, &traps);
    if (flag_names == VALUE_NULL || trap_names == VALUE_NULL)
        return VALUE_NULL;
    return string_printf(vm, "Context(prec=%ld, rounding=%s, Emin=%ld, Emax=%ld, capitals=%d, clamp=%d, flags=[%U], traps=[%U])",
                         (long)c->rules.precision, rounding_names[c->rules.rounding], (long)c->rules.exponent_min,
                         (long)c->rules.exponent_max, c->capitals, (int)c->rules.clamp, flag_names, trap_names);
}

static void context_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct context_object *)object)->flags_dict);
    gc_mark(vm, ((struct context_object *)object)->traps_dict);
}

static const struct property_definition context_properties[] = {
    {"prec", get_precision, set_precision}, {"Emax", get_exponent_max, set_exponent_max},
    {"Emin", get_exponent_min, set_exponent_min}, {"rounding", get_rounding, set_rounding},
    {"capitals", get_capitals, set_capitals}, {"clamp", get_clamp, set_clamp},
    {"flags", get_flags, set_flags}, {"traps", get_traps, set_traps}, {0}};

struct type decimal_context_type = {
    .name = "decimal.Context",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct context_object),
    .doc =
        "The context affects almost all operations and controls rounding,\nOver/Underflow, raising of exceptions and much more.  "
        "A new context\ncan be constructed as follows:\n\n    >>> c = Context(prec=28, Emin=-425000000, Emax=425000000,\n"
        "    ...             rounding=ROUND_HALF_EVEN, capitals=1, clamp=1,\n"
        "    ...             traps=[InvalidOperation, DivisionByZero, Overflow],\n    ...             flags=[])\n    >>>\n\n\n",
    .methods = decimal_context_methods,
    .properties = context_properties,
    .trace = context_trace,
    .new = context_new,
    .init = context_init,
    .repr = context_repr,
    .setattr = context_setattr,
};
