/* sys_hooks.c - the functions of module sys that the interpreter calls and programs replace: displayhook, excepthook,
 * unraisablehook, breakpointhook; and auditing. */
#include "sim/modules/sys.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/text.h"
#include "sim/runtime/type.h"
#include "sim/runtime/warning.h"

#include <stdio.h>

#define FUNCTION(name) \
    static value sys_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static value sys_attribute(struct vm *vm, const char *name)
{
    return dict_get_text(vm, support_dict(vm->sys_module), name);
}

/* The repr goes out, escaped where the stream's encoding has no such character. */
static bool display_write(struct vm *vm, value out, value text)
{
    if (call_method(vm, out, "write", &text, 1) != VALUE_NULL)
        return true;
    if (!exception_matches(vm, &exc_UnicodeEncodeError))
        return false;
    exception_clear(vm);
    value encoding = get_attribute_text(vm, out, "encoding");
    const char *name = encoding == VALUE_NULL || !is_string(encoding) ? NULL : string_utf8(vm, encoding, NULL);
    value bytes = name ? string_encode(vm, text, name, "backslashreplace") : VALUE_NULL;
    if (bytes == VALUE_NULL)
        return false;
    const struct bytes_object *b = (const struct bytes_object *)value_object(bytes);
    text = bytes_decode(vm, b->data, b->length, name, "strict");
    return text != VALUE_NULL && call_method(vm, out, "write", &text, 1) != VALUE_NULL;
}

FUNCTION(displayhook)
{
    UNUSED;
    if (arguments[0] == NONE)
        return NONE;
    if (!dict_set_text(vm, dict_of(vm->builtins), "_", NONE))
        return VALUE_NULL;
    value out = sys_attribute(vm, "stdout");
    if (out == VALUE_NULL || out == NONE)
        return raise_error(vm, &exc_RuntimeError, "lost sys.stdout");
    value text = value_repr(vm, arguments[0]), newline = intern_text(vm, "\n");
    if (text == VALUE_NULL || !display_write(vm, out, text) || call_method(vm, out, "write", &newline, 1) == VALUE_NULL)
        return VALUE_NULL;
    return dict_set_text(vm, dict_of(vm->builtins), "_", arguments[0]) ? NONE : VALUE_NULL;
}

FUNCTION(excepthook)
{
    UNUSED;
    value exception = arguments[1], traceback = arguments[2];
    if (!has_flag(exception, TYPE_EXCEPTION)) {
        stderr_print(vm, string_printf(vm, "TypeError: print_exception(): Exception expected for value, %T found\n", exception));
        return NONE;
    }
    struct exception_object *e = (struct exception_object *)value_object(exception);
    if (e->traceback == VALUE_NULL && traceback != NONE && is_exact(traceback, &traceback_type))
        e->traceback = traceback;
    exception_print(vm, exception);
    return NONE;
}

FUNCTION(unraisablehook)
{
    UNUSED;
    return unraisable_show(vm, arguments[0]);
}

/* The hook that $PYTHONBREAKPOINT, as os.environ has it, names; pdb.set_trace by default. VALUE_NULL without an exception: it
 * cannot be imported, and a warning says so. */
static value find_breakpoint_hook(struct vm *vm, const char *path)
{
    const char *dot = strrchr(path, '.');
    char module_name[dot ? dot - path + 1 : 9];
    snprintf(module_name, sizeof module_name, "%s", dot ? path : "builtins");
    value module = import_module(vm, module_name);
    value hook = module == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, module, dot ? dot + 1 : path);
    if (hook != VALUE_NULL || !exception_matches(vm, module == VALUE_NULL ? &exc_ImportError : &exc_AttributeError))
        return hook;
    vm->pending = VALUE_NULL;
    warning_issue(vm, &exc_RuntimeWarning, 0, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"", path);
    return VALUE_NULL;
}

FUNCTION(breakpointhook)
{
    UNUSED;
    value os = import_module(vm, "os"), name = string_from_text(vm, "PYTHONBREAKPOINT");
    value environment = os == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, os, "environ");
    value path = environment == VALUE_NULL ? VALUE_NULL : call_method(vm, environment, "get", &name, 1);
    if (path == VALUE_NULL || (is_string(path) && string_is(path, "0")))
        return path == VALUE_NULL ? VALUE_NULL : NONE;
    value hook = find_breakpoint_hook(vm, is_string(path) && !string_is(path, "") ? string_utf8(vm, path, NULL) : "pdb.set_trace");
    if (hook == VALUE_NULL)
        return vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
    return call(vm, hook, arguments, count, keyword_names);
}

FUNCTION(audit)
{
    UNUSED;
    if (!count)
        return raise_error(vm, &exc_TypeError, "audit() missing 1 required positional argument: 'event'");
    if (!check_positional(vm, "audit", count, keyword_names, 1, -1))
        return VALUE_NULL;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "expected str for argument 'event', not %T", arguments[0]);
    return !audit_wanted(vm) || audit_event(vm, arguments[0], tuple_from(vm, arguments + 1, count - 1)) ? NONE : VALUE_NULL;
}

FUNCTION(addaudithook)
{
    UNUSED;
    return audit_add(vm, arguments[0]) ? NONE : VALUE_NULL;
}

const struct method_definition sys_hook_functions[] = {
    {"displayhook", "(object, /)", sys_displayhook, 0, "Print an object to sys.stdout and also save it in builtins._"},
    {"excepthook", "(exctype, value, traceback, /)", sys_excepthook, 0,
     "Handle an exception by displaying it with a traceback on sys.stderr."},
    {"unraisablehook", "(unraisable, /)", sys_unraisablehook, 0, "Handle an unraisable exception."},
    {"breakpointhook", NULL, sys_breakpointhook, 0, "This hook function is called by built-in breakpoint()."},
    {"audit", NULL, sys_audit, 0, "Passes the event to any audit hooks that are attached."},
    {"addaudithook", "(hook)", sys_addaudithook, 0, "Adds a new audit hook callback."},
    {0},
};

bool sys_hooks_add(struct vm *vm, struct dict_object *dict, value module)
{
    static const char *const names[][2] = {{"displayhook", "__displayhook__"}, {"excepthook", "__excepthook__"},
                                           {"unraisablehook", "__unraisablehook__"}, {"breakpointhook", "__breakpointhook__"}};
    for (const struct method_definition *definition = sys_hook_functions; definition->name; definition++) {
        value function = native_function_new(vm, definition, module, "sys");
        if (function == VALUE_NULL || !dict_set_text(vm, dict, definition->name, function))
            return false;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            if (!strcmp(names[i][0], definition->name) && !dict_set_text(vm, dict, names[i][1], function))
                return false;
    }
    return unraisable_ready(vm);
}
