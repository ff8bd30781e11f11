/* builtins_code.c - eval, exec, compile, globals, locals, __import__, __build_class__: what needs the engine or the frontend. */
#include "sim/modules/builtins.h"
#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"

#define BUILTIN(name)                                                                                                  \
    static value builtin_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

BUILTIN(globals)
{
    UNUSED_ARGUMENTS;
    return engine_globals(vm);
}

BUILTIN(locals)
{
    UNUSED_ARGUMENTS;
    return engine_locals(vm);
}

/* A code object of a str or bytes-like source. */
static value compile_source(struct vm *vm, value source, const char *filename, const char *mode, unsigned flags,
                            const char *complaint)
{
    const char *text;
    size_t size;
    const uint8_t *data;
    if (is_string(source)) {
        text = string_utf8(vm, source, &size);
        if (!text)
            return VALUE_NULL;
    } else if (is_object(source) && buffer_of(vm, source, &data, &size)) {
        text = (const char *)data;
    } else {
        exception_clear(vm);
        return raise_error(vm, &exc_TypeError, "%s", complaint);
    }
    if (memchr(text, 0, size))
        return raise_error(vm, &exc_ValueError, "source code string cannot contain null bytes");
    if (!vm->compile_source)
        return raise_unsupported(vm, "compiling source code at run time (eval, exec, compile)");
    return vm->compile_source(vm, text, size, filename, mode, flags);
}

/* globals and locals of eval and exec, with their defaults; false: error */
static bool namespaces(struct vm *vm, const char *function, value *globals, value *locals)
{
    bool no_locals = *locals == VALUE_NULL || *locals == NONE;
    if (*globals == VALUE_NULL || *globals == NONE) {
        *globals = engine_globals(vm);
        if (no_locals)
            *locals = engine_locals(vm);
        return *globals != VALUE_NULL && *locals != VALUE_NULL;
    }
    if (no_locals)
        *locals = *globals;
    if (!has_flag(*globals, TYPE_DICT)) {
        raise_error(vm, &exc_TypeError, "%s() globals must be a dict, not %T", function, *globals);
        return false;
    }
    if (!value_type(vm, *locals)->get_item) {
        raise_error(vm, &exc_TypeError, "%s() locals must be a mapping or None, not %T", function, *locals);
        return false;
    }
    value there = dict_get_text(vm, dict_of(*globals), "__builtins__");
    return there != VALUE_NULL || dict_set_text(vm, dict_of(*globals), "__builtins__", vm->builtins);
}

static value run_source(struct vm *vm, const char *function, const char *mode, const value *arguments)
{
    value globals = arguments[1], locals = arguments[2], code = arguments[0];
    if (!namespaces(vm, function, &globals, &locals))
        return VALUE_NULL;
    if (!is_exact(code, &code_type)) {
        if (is_string(code) && mode[1] == 'v') { /* eval ignores spaces and tabs before the expression */
            int64_t start = 0;
            while (start < string_of(code)->length && (string_at(string_of(code), (size_t)start) == ' ' ||
                                                       string_at(string_of(code), (size_t)start) == '\t'))
                start++;
            code = string_slice(vm, code, start, string_of(code)->length);
        }
        code = compile_source(vm, code, "<string>", mode, 0,
                              mode[1] == 'v' ? "eval() arg 1 must be a string, bytes or code object"
                                             : "exec() arg 1 must be a string, bytes or code object");
        if (code == VALUE_NULL)
            return VALUE_NULL;
    }
    const struct code_object *object = (struct code_object *)value_object(code);
    if (object->code->free_count)
        return raise_error(vm, &exc_TypeError, "code object passed to %s() may not contain free variables", function);
    return engine_run_code(vm, object->code, globals, locals, VALUE_NULL);
}

BUILTIN(eval)
{
    UNUSED_ARGUMENTS;
    return run_source(vm, "eval", "eval", arguments);
}

BUILTIN(exec)
{
    UNUSED_ARGUMENTS;
    if (arguments[3] != VALUE_NULL && arguments[3] != NONE)
        return raise_unsupported(vm, "exec() with a closure");
    return run_source(vm, "exec", "exec", arguments) == VALUE_NULL ? VALUE_NULL : NONE;
}

BUILTIN(compile)
{
    UNUSED_ARGUMENTS;
    value source = arguments[0], filename = arguments[1], mode = arguments[2];
    int64_t flags = 0;
    if (!is_string(filename))
        return raise_error(vm, &exc_TypeError, "expected str, bytes or os.PathLike object, not %T", filename);
    if (!is_string(mode))
        return raise_error(vm, &exc_TypeError, "compile() argument 'mode' must be str, not %T", mode);
    if (!string_is(mode, "exec") && !string_is(mode, "eval") && !string_is(mode, "single"))
        return raise_error(vm, &exc_ValueError, "compile() mode must be 'exec', 'eval' or 'single'");
    if (arguments[3] != VALUE_NULL && !value_to_int64(vm, arguments[3], &flags))
        return VALUE_NULL;
    const char *name = string_utf8(vm, filename, NULL), *mode_text = string_utf8(vm, mode, NULL);
    if (!name || !mode_text)
        return VALUE_NULL;
    if (is_exact(source, &code_type))
        return source;
    return compile_source(vm, source, name, mode_text, (unsigned)flags,
                          "compile() arg 1 must be a string, bytes or AST object");
}

BUILTIN(import)
{
    UNUSED_ARGUMENTS;
    int64_t level = 0;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "module name must be a string");
    if (arguments[4] != VALUE_NULL && !value_to_int64(vm, arguments[4], &level))
        return VALUE_NULL;
    if (level < 0)
        return raise_error(vm, &exc_ValueError, "level must be >= 0");
    value globals = arguments[1] == VALUE_NULL ? NONE : arguments[1];
    value from_list = arguments[3] == VALUE_NULL ? vm->empty_tuple : arguments[3];
    return import_name(vm, arguments[0], globals, from_list, level);
}

BUILTIN(build_class)
{
    (void)self;
    return build_class(vm, arguments, count, keyword_names);
}

const struct method_definition builtins_code_functions[] = {
    {"globals", "()", builtin_globals, 0, NULL},
    {"locals", "()", builtin_locals, 0, NULL},
    {"eval", "(source, globals=None, locals=None, /)", builtin_eval, 0, NULL},
    {"exec", "(source, globals=None, locals=None, /, *, closure=None)", builtin_exec, 0, NULL},
    {"compile", "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
     builtin_compile, 0, NULL},
    {"__import__", "(name, globals=None, locals=None, fromlist=(), level=0)", builtin_import, 0, NULL},
    {"__build_class__", NULL, builtin_build_class, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
