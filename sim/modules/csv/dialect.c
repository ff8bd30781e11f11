/* dialect.c - module _csv: dialects, their registry, and the module's table. */
#include "sim/modules/csv/csv.h"

#include <stdarg.h>

#define DIALECT_FUNCTION(name)                                                                                         \
    static value csv_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

static const char *const parameter_names[] = {"dialect",   "delimiter", "doublequote",      "escapechar", "lineterminator",
                                              "quotechar", "quoting",   "skipinitialspace", "strict",     NULL};
enum { PARAMETER_DIALECT, DELIMITER, DOUBLE_QUOTE, ESCAPE, LINE_TERMINATOR, QUOTE, QUOTING, SKIP_SPACE, STRICT, PARAMETERS };

static struct csv_dialect *dialect_of(value v)
{
    return (struct csv_dialect *)value_object(v);
}

value csv_raise(struct vm *vm, value module, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    value text = string_vprintf(vm, format, arguments);
    va_end(arguments);
    value class = text == VALUE_NULL ? VALUE_NULL : dict_get_text(vm, support_dict(module), "Error");
    value error = class == VALUE_NULL ? VALUE_NULL : call_1(vm, class, text);
    return error == VALUE_NULL ? VALUE_NULL : raise_value(vm, error);
}

bool csv_check_count(struct vm *vm, size_t count, size_t maximum)
{
    if (count < 1)
        raise_error(vm, &exc_TypeError, " expected at least 1 argument, got 0");
    else if (count > maximum)
        raise_error(vm, &exc_TypeError, " expected at most %zu arguments, got %zu", maximum, count);
    return count >= 1 && count <= maximum;
}

/* ---- making ---- */

static bool set_character(struct vm *vm, value v, const char *name, bool may_be_none, uint32_t *out)
{
    if (v == VALUE_NULL)
        return true;
    if (may_be_none && v == NONE) {
        *out = CSV_NOT_SET;
        return true;
    }
    if (!has_flag(v, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "\"%s\" must be string%s, not %T", name, may_be_none ? " or None" : "", v);
        return false;
    }
    if (string_of(v)->length != 1) {
        raise_error(vm, &exc_TypeError, "\"%s\" must be a 1-character string", name);
        return false;
    }
    *out = string_at(string_of(v), 0);
    return true;
}

static bool set_flag(struct vm *vm, value v, bool *out)
{
    int truth = v == VALUE_NULL ? *out : value_truth(vm, v);
    *out = truth > 0;
    return truth >= 0;
}

static bool set_quoting(struct vm *vm, struct csv_dialect *dialect, value quoting, value quote)
{
    if (quoting == VALUE_NULL) {
        if (quote == NONE)
            dialect->quoting = QUOTE_NONE;
        return true;
    }
    if (!is_small_int(quoting)) {
        raise_error(vm, &exc_TypeError, "\"quoting\" must be an integer");
        return false;
    }
    if (small_int_value(quoting) < 0 || small_int_value(quoting) >= QUOTING_COUNT) {
        raise_error(vm, &exc_TypeError, "bad \"quoting\" value");
        return false;
    }
    dialect->quoting = (enum csv_quoting)small_int_value(quoting);
    return true;
}

static bool dialect_fill(struct vm *vm, struct csv_dialect *dialect, const value *given)
{
    dialect->delimiter = ',';
    dialect->quote = '"';
    dialect->escape = CSV_NOT_SET;
    dialect->double_quote = true;
    if (!set_character(vm, given[DELIMITER], "delimiter", false, &dialect->delimiter) ||
        !set_flag(vm, given[DOUBLE_QUOTE], &dialect->double_quote) ||
        !set_character(vm, given[ESCAPE], "escapechar", true, &dialect->escape))
        return false;
    value terminator = given[LINE_TERMINATOR];
    if (terminator != VALUE_NULL && terminator != NONE && !has_flag(terminator, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "\"lineterminator\" must be a string");
        return false;
    }
    dialect->line_terminator = terminator == VALUE_NULL ? string_from_text(vm, "\r\n") : terminator;
    if (dialect->line_terminator == VALUE_NULL || !set_character(vm, given[QUOTE], "quotechar", true, &dialect->quote) ||
        !set_quoting(vm, dialect, given[QUOTING], given[QUOTE]) ||
        !set_flag(vm, given[SKIP_SPACE], &dialect->skip_initial_space) || !set_flag(vm, given[STRICT], &dialect->strict))
        return false;
    if (dialect->quoting != QUOTE_NONE && dialect->quote == CSV_NOT_SET)
        raise_error(vm, &exc_TypeError, "quotechar must be set if quoting enabled");
    else if (dialect->line_terminator == NONE)
        raise_error(vm, &exc_TypeError, "lineterminator must be set");
    else
        return true;
    return false;
}

static value find_registered(struct vm *vm, value module, value name)
{
    value found, dialects = dict_get_text(vm, support_dict(module), "_dialects");
    int state = dict_find(vm, dict_of(dialects), name, &found);
    if (state == 0)
        return csv_raise(vm, module, "unknown dialect");
    return state < 0 ? VALUE_NULL : found;
}

/* What was not given is asked of the dialect's attributes. */
static bool complete_from(struct vm *vm, value dialect, value *given)
{
    for (int i = DELIMITER; i < PARAMETERS; i++) {
        if (given[i] != VALUE_NULL)
            continue;
        value found = get_attribute_text(vm, dialect, parameter_names[i]);
        if (found == VALUE_NULL)
            exception_clear(vm);
        given[i] = found;
    }
    return true;
}

static value module_of_csv(struct vm *vm)
{
    return import_module(vm, "_csv");
}

static value dialect_make(struct vm *vm, struct type *type, value module, value *given)
{
    value base = given[PARAMETER_DIALECT];
    if (base != VALUE_NULL) {
        if (has_flag(base, TYPE_STRING) && (base = find_registered(vm, module, base)) == VALUE_NULL)
            return VALUE_NULL;
        bool alone = true;
        for (int i = DELIMITER; i < PARAMETERS; i++)
            alone = alone && given[i] == VALUE_NULL;
        if (alone && is_object(base) && is_instance(vm, base, &csv_dialect_type))
            return base;
        complete_from(vm, base, given);
    }
    struct csv_dialect *dialect = instance_allocate(vm, type, sizeof *dialect);
    if (!dialect)
        return VALUE_NULL;
    dialect->line_terminator = NONE;
    dialect->module = module;
    return dialect_fill(vm, dialect, given) ? object_value(dialect) : VALUE_NULL;
}

/* Positional and named arguments into given[PARAMETERS]. */
static bool bind_parameters(struct vm *vm, const value *arguments, size_t count, value keyword_names, value *given)
{
    size_t named = keyword_count(keyword_names);
    for (int i = 0; i < PARAMETERS; i++)
        given[i] = (size_t)i < count ? arguments[i] : VALUE_NULL;
    if (count + named > PARAMETERS) {
        raise_error(vm, &exc_TypeError, "function takes at most %d arguments (%zu given)", PARAMETERS, count + named);
        return false;
    }
    for (size_t k = 0; k < named; k++) {
        value name = tuple_of(keyword_names)->items[k];
        int i = 0;
        while (i < PARAMETERS && !string_is(name, parameter_names[i]))
            i++;
        if (i == PARAMETERS) {
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for this function", name);
            return false;
        }
        if ((size_t)i < count) {
            raise_error(vm, &exc_TypeError, "argument for function given by name ('%U') and position (%d)", name, i + 1);
            return false;
        }
        given[i] = arguments[count + k];
    }
    return true;
}

static value dialect_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value given[PARAMETERS], module = module_of_csv(vm);
    return module != VALUE_NULL && bind_parameters(vm, arguments, count, keyword_names, given)
               ? dialect_make(vm, type, module, given)
               : VALUE_NULL;
}

value csv_dialect_from(struct vm *vm, value module, value dialect, const value *keywords, value keyword_names)
{
    value given[PARAMETERS], arguments[PARAMETERS + 16];
    size_t named = keyword_count(keyword_names), count = dialect != VALUE_NULL;
    if (named > PARAMETERS + 14)
        return raise_error(vm, &exc_TypeError, "function takes at most %d arguments (%zu given)", PARAMETERS, count + named);
    arguments[0] = dialect;
    for (size_t i = 0; i < named; i++)
        arguments[count + i] = keywords[i];
    return bind_parameters(vm, arguments, count, keyword_names, given)
               ? dialect_make(vm, &csv_dialect_type, module, given)
               : VALUE_NULL;
}

/* ---- attributes ---- */

static value character_or_none(struct vm *vm, uint32_t c)
{
    return c == CSV_NOT_SET ? NONE : string_from_code_point(vm, c);
}

#define GETTER(name, expression)                                                                                       \
    static value get_##name(struct vm *vm, value self)                                                                 \
    {                                                                                                                  \
        (void)vm;                                                                                                      \
        const struct csv_dialect *dialect = dialect_of(self);                                                          \
        return expression;                                                                                             \
    }
GETTER(delimiter, character_or_none(vm, dialect->delimiter))
GETTER(escapechar, character_or_none(vm, dialect->escape))
GETTER(quotechar, character_or_none(vm, dialect->quote))
GETTER(lineterminator, dialect->line_terminator)
GETTER(quoting, small_int(dialect->quoting))
GETTER(doublequote, bool_value(dialect->double_quote))
GETTER(skipinitialspace, bool_value(dialect->skip_initial_space))
GETTER(strict, bool_value(dialect->strict))

static bool set_readonly(struct vm *vm, value self, value item)
{
    (void)self, (void)item;
    raise_error(vm, &exc_AttributeError, "readonly attribute");
    return false;
}

static const struct property_definition dialect_properties[] = {
    {"delimiter", get_delimiter, NULL},
    {"escapechar", get_escapechar, NULL},
    {"lineterminator", get_lineterminator, NULL},
    {"quotechar", get_quotechar, NULL},
    {"quoting", get_quoting, NULL},
    {"doublequote", get_doublequote, set_readonly},
    {"skipinitialspace", get_skipinitialspace, set_readonly},
    {"strict", get_strict, set_readonly},
    {0},
};

DIALECT_FUNCTION(dialect_reduce)
{
    UNUSED;
    value name = get_attribute_text(vm, object_value(value_type(vm, self)), "__name__");
    return name == VALUE_NULL ? VALUE_NULL : raise_error(vm, &exc_TypeError, "cannot pickle '%S' instances", name);
}

static const struct method_definition dialect_methods[] = {
    {"__reduce__", NULL, csv_dialect_reduce, METHOD_INSTANCE, NULL},
    {"__reduce_ex__", NULL, csv_dialect_reduce, METHOD_INSTANCE, NULL},
    {0},
};

static void dialect_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct csv_dialect *)object)->line_terminator);
    gc_mark(vm, ((struct csv_dialect *)object)->module);
}

struct type csv_dialect_type = {
    .name = "_csv.Dialect",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct csv_dialect),
    .doc = "CSV dialect\n\nThe Dialect type records CSV dialect options.",
    .methods = dialect_methods,
    .properties = dialect_properties,
    .trace = dialect_trace,
    .new = dialect_new,
};

/* ---- the registry ---- */

DIALECT_FUNCTION(list_dialects)
{
    UNUSED;
    if (count || keyword_count(keyword_names))
        return keyword_count(keyword_names)
                   ? raise_error(vm, &exc_TypeError, "_csv.list_dialects() takes no keyword arguments")
                   : raise_error(vm, &exc_TypeError, "_csv.list_dialects() takes no arguments (%zu given)", count);
    return list_from_iterable(vm, dict_get_text(vm, support_dict(self), "_dialects"));
}

DIALECT_FUNCTION(register_dialect)
{
    if (!csv_check_count(vm, count, 2))
        return VALUE_NULL;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "dialect name must be a string");
    value dialect = csv_dialect_from(vm, self, count > 1 ? arguments[1] : VALUE_NULL, arguments + count, keyword_names);
    if (dialect == VALUE_NULL)
        return VALUE_NULL;
    value dialects = dict_get_text(vm, support_dict(self), "_dialects");
    return dict_set(vm, dict_of(dialects), arguments[0], dialect) ? NONE : VALUE_NULL;
}

DIALECT_FUNCTION(unregister_dialect)
{
    UNUSED;
    value dialects = dict_get_text(vm, support_dict(self), "_dialects");
    int state = dict_delete(vm, dict_of(dialects), arguments[0]);
    return state == 0 ? csv_raise(vm, self, "unknown dialect") : state < 0 ? VALUE_NULL : NONE;
}

DIALECT_FUNCTION(get_dialect)
{
    UNUSED;
    return find_registered(vm, self, arguments[0]);
}

DIALECT_FUNCTION(field_size_limit)
{
    (void)self;
    if (count > 1 || keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "field_size_limit() takes at most 1 argument (%zu given)", count);
    int64_t before = vm->csv_field_limit;
    if (count == 1) {
        if (!is_int(arguments[0]) || arguments[0] == TRUE || arguments[0] == FALSE)
            return raise_error(vm, &exc_TypeError, "limit must be an integer");
        if (!value_to_int64(vm, arguments[0], &vm->csv_field_limit))
            return VALUE_NULL;
    }
    return small_int(before);
}

static const struct method_definition functions[] = {
    {"reader", NULL, csv_reader, 0, NULL},
    {"writer", NULL, csv_writer, 0, NULL},
    {"list_dialects", NULL, csv_list_dialects, 0, "Return a list of all known dialect names."},
    {"register_dialect", NULL, csv_register_dialect, 0, "Create a mapping from a string name to a dialect class."},
    {"unregister_dialect", "(name)", csv_unregister_dialect, 0, "Delete the name/dialect mapping associated with a string name."},
    {"get_dialect", "(name)", csv_get_dialect, 0, "Return the dialect instance associated with name."},
    {"field_size_limit", NULL, csv_field_size_limit, 0, "Sets an upper limit on parsed fields."},
    {0},
};

static bool csv_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {{"QUOTE_MINIMAL", QUOTE_MINIMAL}, {"QUOTE_ALL", QUOTE_ALL},
                                                        {"QUOTE_NONNUMERIC", QUOTE_NONNUMERIC}, {"QUOTE_NONE", QUOTE_NONE}, {0}};
    type_ready(vm, &csv_dialect_type);
    type_ready(vm, &csv_reader_type);
    type_ready(vm, &csv_writer_type);
    vm->csv_field_limit = 128 * 1024;
    struct dict_object *dict = support_dict(module);
    value bases = tuple_pack(vm, 1, object_value(&exc_Exception)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "_csv")))
        return false;
    value error = type_new_class(vm, &type_type, intern_text(vm, "Error"), bases, namespace, VALUE_NULL);
    return error != VALUE_NULL && dict_set_text(vm, dict, "Error", error) &&
           dict_set_text(vm, dict, "Dialect", type_object_value(&csv_dialect_type)) &&
           dict_set_text(vm, dict, "Reader", type_object_value(&csv_reader_type)) &&
           dict_set_text(vm, dict, "Writer", type_object_value(&csv_writer_type)) &&
           dict_set_text(vm, dict, "_dialects", dict_new(vm)) &&
           dict_set_text(vm, dict, "__version__", string_from_text(vm, "1.0")) && support_add_constants(vm, module, constants);
}

const struct native_module csv_module = {"_csv", csv_initialize, functions};
