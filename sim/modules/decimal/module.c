/* module.c - module _decimal: getcontext and its relatives, localcontext's manager, constants. */
#include "sim/modules/decimal/decimal.h"
#include "sim/runtime/module.h"

/* ---- contexts of the program ---- */

DECIMAL_FUNCTION(getcontext)
{
    UNUSED;
    return current_context(vm);
}

DECIMAL_FUNCTION(setcontext)
{
    UNUSED;
    if (!is_context(vm, arguments[0]))
        return raise_error(vm, &exc_TypeError, "argument must be a context");
    return context_set_current(vm, arguments[0]) ? NONE : VALUE_NULL;
}

DECIMAL_FUNCTION(localcontext)
{
    (void)self;
    static const char *const names[] = {"ctx", "prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps", NULL};
    enum { NAMES = 9 };
    value given[NAMES], global = current_context(vm);
    if (global == VALUE_NULL || !bind_names(vm, names, 0, arguments, count, keyword_names, given))
        return VALUE_NULL;
    value original = given[0] == VALUE_NULL || given[0] == NONE ? global : given[0];
    if (!is_context(vm, original))
        return raise_error(vm, &exc_TypeError, "optional argument must be a context");
    value local = context_duplicate(vm, original);
    if (local == VALUE_NULL)
        return VALUE_NULL;
    for (int i = 1; i < NAMES; i++)
        if (given[i] != VALUE_NULL && given[i] != NONE && !context_set(vm, local, names[i], given[i]))
            return VALUE_NULL;
    struct manager_object *manager = GC_NEW(vm, struct manager_object, &manager_type);
    if (!manager)
        return VALUE_NULL;
    manager->local = local;
    manager->global = global;
    return object_value(manager);
}

DECIMAL_FUNCTION(manager_enter)
{
    UNUSED;
    value local = ((struct manager_object *)value_object(self))->local;
    return context_set_current(vm, local) ? local : VALUE_NULL;
}

DECIMAL_FUNCTION(manager_exit)
{
    UNUSED;
    return context_set_current(vm, ((struct manager_object *)value_object(self))->global) ? FALSE : VALUE_NULL;
}

static void manager_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct manager_object *)object)->local);
    gc_mark(vm, ((struct manager_object *)object)->global);
}

struct type manager_type = {
    .name = "decimal.ContextManager",
    .instance_size = sizeof(struct manager_object),
    .methods = (const struct method_definition[]){{"__enter__", "()", manager_enter, 0, NULL},
                                                  {"__exit__", NULL, manager_exit, 0, NULL}, {0}},
    .trace = manager_trace,
};

/* ---- the module ---- */

static const struct method_definition functions[] = {
    {"getcontext", "()", getcontext, 0, "Get the current default context.\n\n"},
    {"setcontext", "(context, /)", setcontext, 0, "Set a new default context.\n\n"},
    {"localcontext", NULL, localcontext, 0,
     "Return a context manager that will set the default context to a copy of ctx\non entry to the with-statement and restore the "
     "previous default context when\nexiting the with-statement. If no context is specified, a copy of the current\ndefault "
     "context is used.\n\n"},
    {0},
};

static bool add(struct vm *vm, value module, const char *name, value v)
{
    return v != VALUE_NULL && dict_set_text(vm, support_dict(module), name, v);
}

static bool add_contexts(struct vm *vm, value module)
{
    struct decimal_state *state = decimal_state(vm);
    value templates[3];
    for (int i = 0; i < 3; i++) {
        templates[i] = context_make(vm, &decimal_context_type);
        if (templates[i] == VALUE_NULL)
            return false;
    }
    struct context_object *basic = context_of(templates[1]), *extended = context_of(templates[2]);
    basic->rules.precision = extended->rules.precision = 9;
    basic->rules.rounding = ROUND_HALF_UP;
    basic->traps |= STATUS_UNDERFLOW | STATUS_CLAMPED;
    extended->traps = 0;
    state->default_context = templates[0];
    state->basic_context = templates[1];
    state->extended_context = templates[2];
    return add(vm, module, "DefaultContext", templates[0]) && add(vm, module, "BasicContext", templates[1]) &&
           add(vm, module, "ExtendedContext", templates[2]);
}

/* numbers.Rational, the named tuple, the dict of signals: made of what the standard library has. */
static bool add_library_types(struct vm *vm, value module)
{
    struct decimal_state *state = decimal_state(vm);
    value numbers = import_module(vm, "numbers"),
          collections = numbers == VALUE_NULL ? VALUE_NULL : import_module(vm, "collections");
    value abstract = collections == VALUE_NULL ? VALUE_NULL : import_module(vm, "collections.abc");
    if (abstract == VALUE_NULL)
        return false;
    state->rational_class = get_attribute_text(vm, numbers, "Rational");
    value number = get_attribute_text(vm, numbers, "Number"), decimal = type_object_value(&decimal_type);
    if (state->rational_class == VALUE_NULL || number == VALUE_NULL ||
        call_method(vm, number, "register", &decimal, 1) == VALUE_NULL)
        return false;
    value named[2] = {string_from_text(vm, "DecimalTuple"), string_from_text(vm, "sign digits exponent")};
    state->tuple = call_method(vm, collections, "namedtuple", named, 2);
    value name = intern_text(vm, "decimal");
    if (state->tuple == VALUE_NULL || !set_attribute(vm, state->tuple, intern_text(vm, "__module__"), name) ||
        !add(vm, module, "DecimalTuple", state->tuple))
        return false;
    value mapping = get_attribute_text(vm, abstract, "MutableMapping"), namespace = dict_new(vm);
    if (mapping == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "abc")))
        return false;
    value bases = tuple_pack(vm, 2, type_object_value(&signals_type), mapping);
    if (bases == VALUE_NULL)
        return false;
    state->signal_dict = call_3(vm, object_value(&type_type), intern_text(vm, "SignalDict"), bases, namespace);
    return state->signal_dict != VALUE_NULL;
}

static bool add_variable(struct vm *vm)
{
    struct decimal_state *state = decimal_state(vm);
    value contextvars = import_module(vm, "_contextvars"), name = intern_text(vm, "decimal_context");
    if (contextvars == VALUE_NULL)
        return false;
    state->variable = call_method(vm, contextvars, "ContextVar", &name, 1);
    return state->variable != VALUE_NULL && value_hash(vm, state->variable, &state->variable_hash);
}

static bool add_constants(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {{"MAX_PREC", PRECISION_MAX}, {"MAX_EMAX", EXPONENT_MAX},
        {"MIN_EMIN", EXPONENT_MIN}, {"MIN_ETINY", EXPONENT_MIN - (PRECISION_MAX - 1)}, {0}};
    static const char *const names[ROUNDING_COUNT] = {"ROUND_UP", "ROUND_DOWN", "ROUND_CEILING", "ROUND_FLOOR", "ROUND_HALF_UP",
                                                      "ROUND_HALF_DOWN", "ROUND_HALF_EVEN", "ROUND_05UP"};
    for (int i = 0; i < ROUNDING_COUNT; i++) {
        value name = intern_text(vm, names[i]);
        decimal_state(vm)->roundings[i] = name;
        if (!add(vm, module, names[i], name))
            return false;
    }
    return support_add_constants(vm, module, constants) && add(vm, module, "HAVE_THREADS", TRUE) &&
           add(vm, module, "HAVE_CONTEXTVAR", TRUE) && add(vm, module, "__version__", intern_text(vm, "1.70")) &&
           add(vm, module, "__libmpdec_version__", intern_text(vm, "2.5.1")) &&
           add(vm, module, "__doc__", intern_text(vm, "C decimal arithmetic module"));
}

/* Imported again after it was taken out of sys.modules: everything is the same object as before. */
static bool initialize_again(struct vm *vm, value module)
{
    uint32_t position = 0;
    value key, item, ignored;
    while (dict_next(dict_of(decimal_state(vm)->exports), &position, &key, &item)) {
        int there = dict_find(vm, support_dict(module), key, &ignored);
        if (there < 0 || (!there && !dict_set(vm, support_dict(module), key, item)))
            return false;
    }
    return true;
}

static bool decimal_initialize(struct vm *vm, value module)
{
    if (decimal_state(vm) && is_object(decimal_state(vm)->exports))
        return initialize_again(vm, module) && add(vm, module, "__doc__", intern_text(vm, "C decimal arithmetic module"));
    struct type *const types[] = {&decimal_type, &decimal_context_type, &signals_type, &manager_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        type_ready(vm, types[i]);
    return state_start(vm) && state_add_classes(vm, module) && add_constants(vm, module) && add_library_types(vm, module) &&
           add_variable(vm) && add_contexts(vm, module) && add(vm, module, "Decimal", type_object_value(&decimal_type)) &&
           add(vm, module, "Context", type_object_value(&decimal_context_type)) &&
           (decimal_state(vm)->exports = dict_copy(vm, object_value(support_dict(module)))) != VALUE_NULL;
}

const struct native_module decimal_module = {"_decimal", decimal_initialize, functions};
