/* numpy_module.c - module numpy: the native functions and types, and the names that the library's Python part
 * has (sim/pylib/numpy). A file of that part is imported when the first of its names is asked for: the
 * module's __getattr__ does it. */
#include "sim/tensor/numpy_module.h"
#include "sim/tensor/numpy_state.h"

#include "sim/runtime/attribute.h"
#include "sim/runtime/module.h"

/* ---- the Python part ---- */

static const struct {
    const char *module, *names;
} library[] = {
#include "numpy_names.inc" /* made by scripts/numpy_library_names.py */
    {"numpy.random", "random"}, {"numpy.linalg", "linalg"}, {"numpy.fft", "fft"}, /* native ones, likewise */
};

static bool is_word_of(const char *names, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = names; length && (at = strstr(at, word)); at += length)
        if ((at == names || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

static const char *find_in_library(const char *name)
{
    for (size_t i = 0; i < sizeof library / sizeof *library; i++)
        if (is_word_of(library[i].names, name))
            return library[i].module;
    return NULL;
}

/* Names of numpy 1.24 that are not here: whoever asks for one is told so. */
static const char absent_names[] =
    "DataSource ScalarType add_newdoc_ufunc busday_count busday_offset busdaycalendar "
    "byte_bounds bytes_ cast char chararray clongdouble clongfloat compare_chararrays complex256 "
    "ctypeslib datetime64 datetime_as_string datetime_data emath f2py float128 format_parser "
    "from_dlpack fromregex geterrobj info is_busday lookfor longcomplex longdouble "
    "longfloat ma maximum_sctype memmap nbytes nested_iters rec recarray recfromcsv "
    "recfromtxt record sctypeDict sctypes set_numeric_ops setbufsize seterrobj show_runtime source "
    "string_ timedelta64 void";

static value raise_absent(struct vm *vm, value module, value name, const char *text)
{
    raise_attribute_message(vm, module, name,
                            string_printf(vm, "module 'numpy' has no attribute '%U'", name));
    if (!is_word_of(absent_names, text))
        return VALUE_NULL;
    value exception = exception_take(vm),
          note = string_from_text(
              vm, "hybridsim's numpy does not have it; `hybridsim doctor --numpy` lists what is there");
    if (note == VALUE_NULL || call_method(vm, exception, "add_note", &note, 1) == VALUE_NULL)
        return VALUE_NULL;
    return raise_value(vm, exception);
}

/* A name that is not in the namespace yet; VALUE_NULL with AttributeError: there is none. */
static value library_load(struct vm *vm, value name)
{
    value module = numpy_state(vm)->module;
    const char *text = string_utf8(vm, name, NULL), *part = text ? find_in_library(text) : NULL;
    if (!text)
        return VALUE_NULL;
    if (!part)
        return raise_absent(vm, module, name, text);
    value loaded = import_module(vm, part);
    if (loaded == VALUE_NULL || !strcmp(part + strlen("numpy."), text))
        return loaded;
    value found = get_attribute(vm, loaded, name);
    return found != VALUE_NULL && dict_set_interned(vm, module_dict(module), name, found) ? found
                                                                                          : VALUE_NULL;
}

value library_call(struct vm *vm, const char *name, const value *arguments, size_t count, value keyword_names)
{
    value interned = intern_text(vm, name),
          function = dict_get_interned(module_dict(numpy_state(vm)->module), interned);
    if (function == VALUE_NULL)
        function = library_load(vm, interned);
    return function == VALUE_NULL ? function : call(vm, function, arguments, count, keyword_names);
}

METHOD(module_getattr)
{
    (void)self, (void)count, (void)keyword_names;
    return library_load(vm, arguments[0]);
}

static const struct method_definition module_functions[] = {
    {"__getattr__", "(name, /)", module_getattr, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};

/* ---- exceptions ---- */

/* AxisError(axis, ndim) or AxisError(message) */
static value axis_error_new(struct vm *vm, struct type *type, const value *arguments, size_t count,
                            value keyword_names)
{
    if (count < 2 || !is_small_int(arguments[0]))
        return exc_ValueError.new(vm, type, arguments, count, keyword_names);
    value text = string_printf(
        vm, "%s%saxis %lld is out of bounds for array of dimension %lld",
        count > 2 && has_flag(arguments[2], TYPE_STRING) ? string_utf8(vm, arguments[2], NULL) : "",
        count > 2 && has_flag(arguments[2], TYPE_STRING) ? ": " : "",
        (long long)small_int_value(arguments[0]), (long long)small_int_value(arguments[1]));
    return text == VALUE_NULL ? text : exc_ValueError.new(vm, type, &text, 1, VALUE_NULL);
}

static bool axis_error_init(struct vm *vm, value self, const value *arguments, size_t count,
                            value keyword_names)
{
    (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names;
    return true;
}

struct type axis_error_type = {.name = "numpy.AxisError",
                               .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                               .base = &exc_ValueError,
                               .instance_size = sizeof(struct exception_object),
                               .init = axis_error_init};
struct type ufunc_type_error_type = {.name = "numpy.core._exceptions.UFuncTypeError",
                                     .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                                     .base = &exc_TypeError,
                                     .instance_size = sizeof(struct exception_object)};
struct type array_memory_error_type = {.name = "numpy.core._exceptions.MemoryError",
                                       .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                                       .base = &exc_MemoryError,
                                       .instance_size = sizeof(struct exception_object)};

static bool define_exceptions(struct vm *vm, struct dict_object *dict)
{
    struct type *const errors[] = {&axis_error_type, &ufunc_type_error_type, &array_memory_error_type};
    for (size_t i = 0; i < 3; i++) {
        errors[i]->trace = errors[i]->base->trace;
        errors[i]->new = errors[i]->base->new;
        if (errors[i] == &axis_error_type)
            errors[i]->new = axis_error_new;
        type_ready(vm, errors[i]);
    }
    value index_error = type_object_value(&exc_IndexError);
    return type_add_base(vm, &axis_error_type, (struct type *)value_object(index_error)) &&
           dict_set_text(vm, dict, "AxisError", type_object_value(&axis_error_type));
}

/* ---- the namespace ---- */

static bool define_functions(struct vm *vm, struct dict_object *dict)
{
    static const struct method_definition *const tables[] = {
        creation_functions, reduction_functions, sorting_functions, linear_functions, contract_functions,
        state_functions,    memory_functions,    passes_functions,  module_functions};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct method_definition *function = tables[i]; function->name; function++)
            if (!dict_set_text(vm, dict, function->name,
                               native_function_new(vm, function, VALUE_NULL, "numpy")))
                return false;
    return true;
}

static bool define_constants(struct vm *vm, struct dict_object *dict)
{
    static const struct {
        const char *name;
        double number;
    } numbers[] = {{"pi", M_PI},           {"e", M_E},
                   {"inf", INFINITY},      {"Inf", INFINITY},
                   {"Infinity", INFINITY}, {"infty", INFINITY},
                   {"PINF", INFINITY},     {"NINF", -INFINITY},
                   {"nan", NAN},           {"NaN", NAN},
                   {"NAN", NAN},           {"euler_gamma", 0.577215664901532860606512090082402431},
                   {"PZERO", 0.0},         {"NZERO", -0.0}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!dict_set_text(vm, dict, numbers[i].name, float_value(vm, numbers[i].number)))
            return false;
    value names = list_new(vm, 0);
    for (size_t i = 0; names != VALUE_NULL && i < sizeof library / sizeof *library; i++)
        for (const char *at = library[i].names; *at;) {
            size_t length = strcspn(at, " ");
            value name = string_from_utf8(vm, at, length);
            if (length && *at != '_' && (name == VALUE_NULL || !list_append(vm, list_of(names), name)))
                return false;
            at += length + (at[length] == ' ');
        }
    return names != VALUE_NULL && dict_set_text(vm, dict, "newaxis", NONE) &&
           dict_set_text(vm, dict, "__version__", string_from_text(vm, "1.24.2")) &&
           dict_set_text(vm, dict, "_library_names", names);
}

/* A package: its modules are found among those that the program carries (own_modules.h). */
static bool define_path(struct vm *vm, struct dict_object *dict)
{
    return dict_set_text(vm, dict, "__path__", list_new(vm, 0)) &&
           dict_set_text(vm, dict, "__package__", string_from_text(vm, "numpy"));
}

static bool define_all(struct vm *vm, value module)
{
    struct dict_object *dict = module_dict(module);
    numpy_state(vm)->module = module;
    array_slots(&ndarray_type);
    type_ready(vm, &ndarray_type);
    type_ready(vm, &dtype_type);
    return define_exceptions(vm, dict) && scalars_define(vm, dict) && ufuncs_define(vm, dict) &&
           define_functions(vm, dict) && define_constants(vm, dict) && define_path(vm, dict) &&
           dict_set_text(vm, dict, "ndarray", type_object_value(&ndarray_type)) &&
           dict_set_text(vm, dict, "dtype", type_object_value(&dtype_type)) &&
           dict_set_text(vm, dict, "ufunc", type_object_value(&ufunc_type));
}

/* What the names and types take is not the program's: it would change with each name that is added. */
static bool numpy_initialize(struct vm *vm, value module)
{
    bool done;
    WORK_UNTRACKED(vm, done = define_all(vm, module));
    return done;
}

static const struct method_definition no_functions[] = {{NULL, NULL, NULL, 0, NULL}};
const struct native_module numpy_module = {"numpy", numpy_initialize, no_functions};
