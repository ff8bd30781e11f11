/* builtins_compile.c - compile, eval, exec: source text and syntax trees to code objects, and running them. */
#include "sim/modules/ast/ast.h"
#include "sim/modules/builtins.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/args.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"
#include "sim/runtime/warning.h"

#include <stdlib.h>

#define BUILTIN(name)                                                                                                  \
    static value builtin_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

enum compile_flags {
    FLAG_ONLY_AST = 0x400,
    FLAGS_FUTURE = 0x1fe0000, /* the future features' CO_ flags: code that runs hands them on to what it compiles */
    FLAGS_KNOWN = FLAGS_FUTURE | 0x10 | 0x200 | FLAG_ONLY_AST | 0x1000 | 0x2000 | 0x4000
};

static value ask_for_tree(struct vm *vm, const struct source_request *request)
{
    size_t size;
    if (import_module(vm, "_ast") == VALUE_NULL)
        return VALUE_NULL;
    char *answer = vm->ask_compiler(vm, request, &size);
    value tree = answer ? ast_read(vm, answer, size) : VALUE_NULL;
    free(answer);
    return tree;
}

static value send_request(struct vm *vm, struct source_request *request)
{
    if (!vm->compile_source)
        return raise_unsupported(vm, "compiling source code at run time (eval, exec, compile)");
    return request->flags & FLAG_ONLY_AST ? ask_for_tree(vm, request) : vm->compile_source(vm, request);
}

/* A str, a bytes-like object or a tree. */
static value compile_source(struct vm *vm, value source, struct source_request *request, const char *complaint)
{
    const uint8_t *data;
    value bytes = source;
    if (ast_is_node(vm, source)) {
        struct buffer tree = {0};
        bool done = ast_write(vm, source, &tree);
        request->kind = SOURCE_TREE;
        request->source = tree.bytes;
        request->size = tree.size;
        value code = done ? send_request(vm, request) : VALUE_NULL;
        buffer_free(&tree);
        return code;
    }
    if (audit_wanted(vm)) {
        value shown = is_string(source) ? string_encode(vm, source, NULL, NULL) : source;
        if (shown == VALUE_NULL || !AUDIT(vm, "compile", shown, string_from_text(vm, request->filename)))
            return VALUE_NULL;
    }
    request->kind = SOURCE_BYTES;
    if (is_string(source)) {
        request->kind = SOURCE_TEXT;
        bytes = string_encode(vm, source, NULL, NULL);
        if (bytes == VALUE_NULL)
            return VALUE_NULL;
    }
    if (!is_object(bytes) || !buffer_of(vm, bytes, &data, &request->size)) {
        exception_clear(vm);
        return raise_error(vm, &exc_TypeError, "%s", complaint);
    }
    if (memchr(data, 0, request->size))
        return raise_error(vm, &exc_ValueError, "source code string cannot contain null bytes");
    request->source = data;
    value code = send_request(vm, request);
    gc_keep(bytes);
    return code;
}

/* ---- compile ---- */

/* Other bytes-like objects than bytes are taken with a warning. */
static value path_bytes(struct vm *vm, value path)
{
    const uint8_t *data;
    size_t size;
    if (!buffer_of(vm, path, &data, &size) ||
        !warning_issue(vm, &exc_DeprecationWarning, 1, "path should be string, bytes, or os.PathLike, not %T", path))
        return VALUE_NULL;
    return bytes_from(vm, data, size);
}

value builtins_source_path(struct vm *vm, value path)
{
    if (!is_string(path) && !has_flag(path, TYPE_BYTES) && is_object(path) && has_buffer(vm, path)) {
        path = path_bytes(vm, path);
    } else if (!is_string(path) && !has_flag(path, TYPE_BYTES)) {
        value method = lookup_special(vm, path, "__fspath__");
        if (method == VALUE_NULL)
            return vm->pending != VALUE_NULL
                       ? VALUE_NULL
                       : raise_error(vm, &exc_TypeError, "expected str, bytes or os.PathLike object, not %T", path);
        path = call_0(vm, method);
    }
    if (path != VALUE_NULL && has_flag(path, TYPE_BYTES)) {
        const struct bytes_object *bytes = (struct bytes_object *)value_object(path);
        path = bytes_decode(vm, bytes->data, bytes->length, "utf-8", "surrogateescape");
    }
    if (path != VALUE_NULL && !is_string(path))
        return raise_error(vm, &exc_TypeError, "expected str, bytes or os.PathLike object, not %T", path);
    return path;
}

static bool check_mode(struct vm *vm, value mode, unsigned flags)
{
    if (string_is(mode, "exec") || string_is(mode, "eval") || string_is(mode, "single"))
        return true;
    const char *complaint = "compile() mode must be 'exec', 'eval' or 'single'";
    if (string_is(mode, "func_type")) {
        if (flags & FLAG_ONLY_AST)
            return true;
        complaint = "compile() mode 'func_type' requires flag PyCF_ONLY_AST";
    } else if (flags & FLAG_ONLY_AST) {
        complaint = "compile() mode must be 'exec', 'eval', 'single' or 'func_type'";
    }
    raise_error(vm, &exc_ValueError, "%s", complaint);
    return false;
}

static bool read_numbers(struct vm *vm, const value *arguments, struct source_request *request)
{
    int64_t flags = 0, optimize = -1, feature = -1;
    if ((arguments[3] != VALUE_NULL && !value_to_int64(vm, arguments[3], &flags)) ||
        (arguments[5] != VALUE_NULL && !value_to_int64(vm, arguments[5], &optimize)) ||
        (arguments[6] != VALUE_NULL && !value_to_int64(vm, arguments[6], &feature)))
        return false;
    if (flags & ~(int64_t)FLAGS_KNOWN) {
        raise_error(vm, &exc_ValueError, "compile(): unrecognised flags");
        return false;
    }
    if (optimize < -1 || optimize > 2) {
        raise_error(vm, &exc_ValueError, "compile(): invalid optimize value");
        return false;
    }
    int alone = arguments[4] == VALUE_NULL ? 0 : value_truth(vm, arguments[4]);
    request->flags = (unsigned)flags | (alone ? 0 : engine_code_flags(vm) & FLAGS_FUTURE);
    request->optimize = (int)optimize;
    request->feature_version = flags & FLAG_ONLY_AST ? (int)feature : -1;
    return alone >= 0;
}

BUILTIN(compile)
{
    UNUSED_ARGUMENTS;
    struct source_request request = {.kind = SOURCE_TEXT};
    value source = arguments[0], filename = builtins_source_path(vm, arguments[1]), mode = arguments[2];
    if (filename == VALUE_NULL)
        return VALUE_NULL;
    if (!is_string(mode))
        return raise_error(vm, &exc_TypeError, "compile() argument 'mode' must be str, not %T", mode);
    size_t size;
    request.filename = string_utf8(vm, filename, &size);
    if (!request.filename || !read_numbers(vm, arguments, &request) || !check_mode(vm, mode, request.flags))
        return VALUE_NULL;
    if (strlen(request.filename) != size)
        return raise_error(vm, &exc_ValueError, "embedded null character");
    if (request.flags & FLAG_ONLY_AST && ast_is_node(vm, source))
        return source;
    char *name = strdup(request.filename);
    request.filename = name;
    request.mode = string_utf8(vm, mode, NULL);
    value result = compile_source(vm, source, &request, "compile() arg 1 must be a string, bytes or AST object");
    free(name);
    gc_keep(mode);
    return result;
}

/* ---- eval and exec ---- */

static bool check_namespaces(struct vm *vm, bool is_eval, value globals, value locals)
{
    bool is_mapping = is_object(locals) && value_type(vm, locals)->get_item;
    if (is_eval && !is_mapping) {
        raise_error(vm, &exc_TypeError, "locals must be a mapping");
        return false;
    }
    if (!has_flag(globals, TYPE_DICT)) {
        if (!is_eval)
            raise_error(vm, &exc_TypeError, "exec() globals must be a dict, not %T", globals);
        else if (value_type(vm, globals)->get_item)
            raise_error(vm, &exc_TypeError, "globals must be a real dict; try eval(expr, {}, mapping)");
        else
            raise_error(vm, &exc_TypeError, "globals must be a dict");
        return false;
    }
    if (!is_mapping)
        raise_error(vm, &exc_TypeError, "locals must be a mapping or None, not %T", locals);
    return is_mapping;
}

/* globals and locals with their defaults; false: error */
static bool namespaces(struct vm *vm, bool is_eval, value *globals, value *locals)
{
    bool no_locals = *locals == VALUE_NULL || *locals == NONE, no_globals = *globals == VALUE_NULL || *globals == NONE;
    if (no_globals)
        *globals = engine_globals(vm);
    if (no_locals)
        *locals = no_globals ? engine_locals(vm) : *globals;
    if (*globals == VALUE_NULL || *locals == VALUE_NULL)
        return false;
    if (is_eval && no_locals && !has_flag(*globals, TYPE_DICT)) { /* the complaint is about globals */
        value mapping = dict_new(vm);
        return mapping != VALUE_NULL && check_namespaces(vm, is_eval, *globals, mapping);
    }
    if (!check_namespaces(vm, is_eval, *globals, *locals))
        return false;
    value there = dict_get_text(vm, dict_of(*globals), "__builtins__");
    return there != VALUE_NULL || dict_set_text(vm, dict_of(*globals), "__builtins__", vm->builtins);
}

static value skip_blanks(struct vm *vm, value source)
{
    if (!is_string(source))
        return source;
    const struct string_object *text = string_of(source);
    int64_t start = 0;
    while (start < text->length && (string_at(text, (size_t)start) == ' ' || string_at(text, (size_t)start) == '\t'))
        start++;
    return start ? string_slice(vm, source, start, text->length) : source;
}

static value run_source(struct vm *vm, bool is_eval, value code, value globals, value locals, value closure)
{
    if (!is_exact(code, &code_type)) {
        struct source_request request = {.filename = "<string>", .mode = is_eval ? "eval" : "exec", .optimize = -1,
                                         .feature_version = -1, .flags = engine_code_flags(vm) & FLAGS_FUTURE};
        code = ast_is_node(vm, code) ? VALUE_NULL : is_eval ? skip_blanks(vm, code) : code;
        code = code == VALUE_NULL && vm->pending != VALUE_NULL
                   ? VALUE_NULL
                   : compile_source(vm, code == VALUE_NULL ? NONE : code, &request,
                                    is_eval ? "eval() arg 1 must be a string, bytes or code object"
                                            : "exec() arg 1 must be a string, bytes or code object");
    }
    return code == VALUE_NULL || !AUDIT(vm, "exec", code) ? VALUE_NULL : engine_run_code_object(vm, code, globals, locals, closure);
}

BUILTIN(eval)
{
    UNUSED_ARGUMENTS;
    value code = arguments[0], globals = arguments[1], locals = arguments[2];
    if (!namespaces(vm, true, &globals, &locals))
        return VALUE_NULL;
    if (is_exact(code, &code_type) && ((struct code_object *)value_object(code))->code->free_count)
        return raise_error(vm, &exc_TypeError, "code object passed to eval() may not contain free variables");
    return run_source(vm, true, code, globals, locals, VALUE_NULL);
}

static bool check_closure(struct vm *vm, value code, value closure)
{
    if (!is_exact(code, &code_type)) {
        if (closure != VALUE_NULL)
            raise_error(vm, &exc_TypeError, "closure can only be used when source is a code object");
        return closure == VALUE_NULL;
    }
    uint32_t wanted = ((struct code_object *)value_object(code))->code->free_count;
    if (!wanted && closure != VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "cannot use a closure with this code object") != VALUE_NULL;
    if (!wanted)
        return true;
    bool fits = closure != VALUE_NULL && is_exact(closure, &tuple_type) && tuple_of(closure)->length == wanted;
    for (uint32_t i = 0; fits && i < wanted; i++)
        fits = is_exact(tuple_of(closure)->items[i], &cell_type);
    if (!fits)
        raise_error(vm, &exc_TypeError, "code object requires a closure of exactly length %u", wanted);
    return fits;
}

BUILTIN(exec)
{
    UNUSED_ARGUMENTS;
    value code = arguments[0], globals = arguments[1], locals = arguments[2], closure = arguments[3];
    if (closure == NONE)
        closure = VALUE_NULL;
    if (!namespaces(vm, false, &globals, &locals) || !check_closure(vm, code, closure))
        return VALUE_NULL;
    return run_source(vm, false, code, globals, locals, closure) == VALUE_NULL ? VALUE_NULL : NONE;
}

const struct method_definition builtins_compile_functions[] = {
    {"eval", "(source, globals=None, locals=None, /)", builtin_eval, 0, NULL},
    {"exec", "(source, globals=None, locals=None, /, *, closure=None)", builtin_exec, 0, NULL},
    {"compile", "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
     builtin_compile, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
