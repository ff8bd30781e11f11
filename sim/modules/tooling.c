/* tooling.c - modules about source code and importing that others import at their top but rarely use (inspect, and through it
 * dataclasses): ast, dis, tokenize, importlib.machinery. They can be imported; a name taken from them is unsupported, except
 * the few below. importlib has import_module. */
#include "sim/modules/support.h"
#include "sim/runtime/import.h"
#include "sim/runtime/text.h"

#define FUNCTION(name)                                                                                                 \
    static value tooling_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

FUNCTION(getattr)
{
    UNUSED;
    size_t size;
    value module = dict_get_text(vm, support_dict(self), "__name__");
    const char *name = string_utf8(vm, arguments[0], &size);
    if (name && size > 1 && name[0] == '_' && name[1] == '_')
        return raise_error(vm, &exc_AttributeError, "module '%S' has no attribute '%U'", module, arguments[0]);
    value text = string_printf(vm, "%S.%U", module, arguments[0]);
    return text == VALUE_NULL ? VALUE_NULL : raise_unsupported(vm, string_utf8(vm, text, &size));
}

/* "..x" in package "a.b.c" is "a.b.x"... */
static value resolve_name(struct vm *vm, value name, value package)
{
    struct span text = string_span(name);
    size_t dots = 0, size;
    while (dots < text.length && span_at(text, dots) == '.')
        dots++;
    if (dots == 0)
        return name;
    if (package == VALUE_NULL || !is_string(package))
        return raise_error(vm, &exc_TypeError,
                           "the 'package' argument is required to perform a relative import for %R", name);
    const char *base = string_utf8(vm, package, &size);
    for (size_t level = 1; base && level < dots; level++) {
        while (size && base[size - 1] != '.')
            size--;
        if (size == 0)
            return raise_error(vm, &exc_ImportError, "attempted relative import beyond top-level package");
        size--;
    }
    value prefix = base ? string_from_utf8(vm, base, size) : VALUE_NULL;
    if (prefix == VALUE_NULL || dots == text.length)
        return prefix;
    return string_printf(vm, "%U.%U", prefix, string_slice(vm, name, (int64_t)dots, (int64_t)text.length));
}

FUNCTION(import_module)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_AttributeError, "'%T' object has no attribute 'startswith'", arguments[0]);
    value name = resolve_name(vm, arguments[0], arguments[1]);
    if (name != VALUE_NULL && string_of(name)->length == 0)
        return raise_error(vm, &exc_ValueError, "Empty module name");
    return name == VALUE_NULL ? VALUE_NULL : import_absolute(vm, intern(vm, name));
}

FUNCTION(none)
{
    UNUSED;
    return NONE;
}

static const struct method_definition functions[] = {{"__getattr__", "(name, /)", tooling_getattr, 0, NULL}, {0}};
static const struct method_definition importlib_functions[] = {
    {"__getattr__", "(name, /)", tooling_getattr, 0, NULL},
    {"import_module", "(name, package=None)", tooling_import_module, 0, NULL},
    {"invalidate_caches", "()", tooling_none, 0, NULL},
    {0},
};

static bool dis_initialize(struct vm *vm, value module)
{
    static const char *const names[] = {"OPTIMIZED", "NEWLOCALS", "VARARGS",   "VARKEYWORDS",        "NESTED",
                                        "GENERATOR", "NOFREE",    "COROUTINE", "ITERABLE_COROUTINE", "ASYNC_GENERATOR"};
    value flags = dict_new(vm);
    for (int i = 0; flags != VALUE_NULL && i < 10; i++)
        if (!dict_set(vm, dict_of(flags), small_int(1 << i), intern_text(vm, names[i])))
            return false;
    return flags != VALUE_NULL && dict_set_text(vm, support_dict(module), "COMPILER_FLAG_NAMES", flags);
}

/* inspect derives a class from ast.NodeVisitor at its top. */
static bool ast_initialize(struct vm *vm, value module)
{
    value bases = tuple_pack(vm, 1, object_value(&object_type_object)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "ast")))
        return false;
    value visitor = type_new_class(vm, &type_type, intern_text(vm, "NodeVisitor"), bases, namespace, VALUE_NULL);
    return visitor != VALUE_NULL && dict_set_text(vm, support_dict(module), "NodeVisitor", visitor);
}

/* tokenize.open opens a source file by its declared encoding; here that is always UTF-8. */
static bool tokenize_initialize(struct vm *vm, value module)
{
    return dict_set_text(vm, support_dict(module), "open", dict_get_text(vm, dict_of(vm->builtins), "open"));
}

const struct native_module ast_module = {"ast", ast_initialize, functions};
const struct native_module dis_module = {"dis", dis_initialize, functions};
const struct native_module importlib_module = {"importlib", NULL, importlib_functions};
const struct native_module importlib_machinery_module = {"importlib.machinery", NULL, functions};
const struct native_module tokenize_module = {"tokenize", tokenize_initialize, functions};
