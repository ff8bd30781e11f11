/* sys.c - module sys: its functions about the running program. What the interpreter is, is in sys_information.c; hooks and
 * tracing in sys_hooks.c and sys_trace.c. */
#include "sim/modules/sys.h"
#include "sim/modules/io/io.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/layout_size.h"
#include "sim/runtime/module.h"
#include "sim/runtime/thread.h"
#include "sim/runtime/traceback.h"

enum { RECURSION_LIMIT_MAX = 2000000, INT_DIGITS_DEFAULT = 4300, INT_DIGITS_MIN = 640 };

#define FUNCTION(name) \
    static value sys_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static bool to_c_int(struct vm *vm, value v, int64_t *out)
{
    struct type *type = value_type(vm, v);
    if (!is_int(v) && !type->index) {
        raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
        return false;
    }
    value number = is_int(v) ? v : type->index(vm, v);
    if (number == VALUE_NULL)
        return false;
    if (value_to_int64(vm, number, out) && *out >= INT32_MIN && *out <= INT32_MAX)
        return true;
    exception_clear(vm);
    raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
    return false;
}

FUNCTION(exit)
{
    UNUSED;
    value status = arguments[0] == VALUE_NULL ? NONE : arguments[0];
    value exception = status == NONE ? call_0(vm, object_value(&exc_SystemExit))
                      : has_flag(status, TYPE_TUPLE)
                          ? call(vm, object_value(&exc_SystemExit), tuple_of(status)->items, tuple_of(status)->length, VALUE_NULL)
                          : call_1(vm, object_value(&exc_SystemExit), status);
    return exception == VALUE_NULL ? VALUE_NULL : raise_value(vm, exception);
}

FUNCTION(getrecursionlimit)
{
    UNUSED;
    return small_int(vm->recursion_limit);
}

FUNCTION(setrecursionlimit)
{
    UNUSED;
    int64_t limit;
    if (!to_c_int(vm, arguments[0], &limit))
        return VALUE_NULL;
    if (limit < 1)
        return raise_error(vm, &exc_ValueError, "recursion limit must be greater or equal than 1");
    uint32_t depth = engine_frame_depth(vm) + 1; /* CPython counts the entry into its loop too */
    if (depth >= limit)
        return raise_error(vm, &exc_RecursionError,
                           "cannot set the recursion limit to %i at the recursion depth %i: the limit is too low", (int)limit,
                           (int)depth);
    vm->recursion_limit = limit > RECURSION_LIMIT_MAX ? RECURSION_LIMIT_MAX : (uint32_t)limit;
    return NONE;
}

FUNCTION(exc_info)
{
    UNUSED;
    value exception = vm->handled;
    if (exception == VALUE_NULL || exception == NONE)
        return tuple_pack(vm, 3, NONE, NONE, NONE);
    value traceback = ((struct exception_object *)value_object(exception))->traceback;
    return tuple_pack(vm, 3, object_value(value_type(vm, exception)), exception, traceback == VALUE_NULL ? NONE : traceback);
}

FUNCTION(exception)
{
    UNUSED;
    return vm->handled == VALUE_NULL ? NONE : vm->handled;
}

FUNCTION(intern)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "intern() argument must be str, not %T", arguments[0]);
    if (!is_exact(arguments[0], &string_type))
        return raise_error(vm, &exc_TypeError, "can't intern %T", arguments[0]);
    return intern(vm, arguments[0]);
}

/* __sizeof__() and what CPython keeps before the object. */
static value size_of(struct vm *vm, value object)
{
    if (has_flag(object, TYPE_TYPE) && !(((struct type *)value_object(object))->flags & TYPE_READY))
        type_ready(vm, (struct type *)value_object(object));
    value method = lookup_special(vm, object, "__sizeof__");
    if (method == VALUE_NULL)
        return vm->pending != VALUE_NULL ? VALUE_NULL
                                         : raise_error(vm, &exc_TypeError, "Type %T doesn't define __sizeof__", object);
    value size = call_0(vm, method);
    int64_t bytes;
    if (size == VALUE_NULL)
        return VALUE_NULL;
    if (!is_int(size))
        return raise_error(vm, &exc_TypeError, "an integer is required");
    if (!value_to_int64(vm, size, &bytes))
        return VALUE_NULL;
    if (bytes < 0)
        return raise_error(vm, &exc_ValueError, "__sizeof__() should return >= 0");
    return int_binary(vm, BINARY_ADD, int_from_int64(vm, bytes), int_from_int64(vm, layout_prefix(vm, object)));
}

FUNCTION(getsizeof)
{
    UNUSED;
    value size = size_of(vm, arguments[0]);
    if (size == VALUE_NULL && arguments[1] != VALUE_NULL && exception_matches(vm, &exc_TypeError)) {
        exception_clear(vm);
        return arguments[1];
    }
    return size;
}

FUNCTION(getdefaultencoding)
{
    UNUSED;
    return intern_text(vm, "utf-8");
}

FUNCTION(getfilesystemencodeerrors)
{
    UNUSED;
    return intern_text(vm, "surrogateescape");
}

FUNCTION(getframe)
{
    UNUSED;
    int64_t depth = 0;
    if (arguments[0] != VALUE_NULL && !to_c_int(vm, arguments[0], &depth))
        return VALUE_NULL;
    struct frame_object *frame = engine_frame_object(vm, depth > 0 ? (uint32_t)(depth > UINT32_MAX ? UINT32_MAX : depth) : 0);
    if (!frame)
        return vm->pending == VALUE_NULL ? raise_error(vm, &exc_ValueError, "call stack is not deep enough") : VALUE_NULL;
    return AUDIT(vm, "sys._getframe", object_value(frame)) ? object_value(frame) : VALUE_NULL;
}

/* {thread: item} of the one thread that runs. */
FUNCTION(current_frames)
{
    UNUSED;
    return threads_frames(vm);
}

FUNCTION(current_exceptions)
{
    UNUSED;
    return threads_exceptions(vm);
}

FUNCTION(none)
{
    UNUSED;
    return NONE;
}

/* Numbers are no objects: nothing but the argument refers to them. */
FUNCTION(getrefcount)
{
    UNUSED;
    return small_int(1 + (is_object(arguments[0]) ? (int64_t)gc_count_references(vm, arguments[0]) : 0));
}

FUNCTION(getallocatedblocks)
{
    UNUSED;
    return small_int(0); /* as documented for implementations that do not count them */
}

FUNCTION(is_finalizing)
{
    UNUSED;
    return FALSE;
}

FUNCTION(getswitchinterval)
{
    UNUSED;
    return float_value(vm, vm->switch_interval > 0 ? vm->switch_interval : 0.005);
}

FUNCTION(setswitchinterval)
{
    UNUSED;
    double seconds;
    if (!value_to_double(vm, arguments[0], &seconds))
        return VALUE_NULL;
    if (!(seconds > 0))
        return raise_error(vm, &exc_ValueError, "switch interval must be strictly positive");
    vm->switch_interval = seconds; /* threads switch at their own, deterministic moments */
    return NONE;
}

FUNCTION(get_int_max_str_digits)
{
    UNUSED;
    return small_int(!vm->int_max_digits ? INT_DIGITS_DEFAULT : vm->int_max_digits == UINT32_MAX ? 0 : vm->int_max_digits);
}

FUNCTION(set_int_max_str_digits)
{
    UNUSED;
    int64_t digits;
    if (!to_c_int(vm, arguments[0], &digits))
        return VALUE_NULL;
    if (digits && digits < INT_DIGITS_MIN)
        return raise_error(vm, &exc_ValueError, "maxdigits must be 0 or larger than %d", INT_DIGITS_MIN);
    vm->int_max_digits = digits ? (uint32_t)digits : UINT32_MAX;
    return NONE;
}

static const struct method_definition functions[] = {
    {"exit", "(status=None, /)", sys_exit, 0, "Exit the interpreter by raising SystemExit(status)."},
    {"getrecursionlimit", "()", sys_getrecursionlimit, 0, "Return the current value of the recursion limit."},
    {"setrecursionlimit", "(limit, /)", sys_setrecursionlimit, 0, "Set the maximum depth of the Python interpreter stack to n."},
    {"exc_info", "()", sys_exc_info, 0, "Return current exception information: (type, value, traceback)."},
    {"exception", "()", sys_exception, 0, "Return the current exception."},
    {"intern", "(string, /)", sys_intern, 0, "``Intern'' the given string."},
    {"getsizeof", "(object, default=None)", sys_getsizeof, 0, "Return the size of object in bytes."},
    {"getdefaultencoding", "()", sys_getdefaultencoding, 0, "Return the current default encoding used by the Unicode implementation."},
    {"getfilesystemencoding", "()", sys_getdefaultencoding, 0, "Return the encoding used to convert Unicode filenames to OS filenames."},
    {"getfilesystemencodeerrors", "()", sys_getfilesystemencodeerrors, 0, "Return the error mode used Unicode to OS filename conversion."},
    {"_getframe", "(depth=0, /)", sys_getframe, 0, "Return a frame object from the call stack."},
    {"getrefcount", "(object, /)", sys_getrefcount, 0, "Return the reference count of object."},
    {"_current_frames", "()", sys_current_frames, 0, "Return a dict mapping each thread's thread id to its current stack frame."},
    {"_current_exceptions", "()", sys_current_exceptions, 0, "Return a dict mapping each thread's identifier to its current raised exception."},
    {"_clear_type_cache", "()", sys_none, 0, "Clear the internal type lookup cache."},
    {"getallocatedblocks", "()", sys_getallocatedblocks, 0, "Return the number of memory blocks currently allocated."},
    {"is_finalizing", "()", sys_is_finalizing, 0, "Return True if Python is exiting."},
    {"getswitchinterval", "()", sys_getswitchinterval, 0, "Return the current thread switch interval; see sys.setswitchinterval()."},
    {"setswitchinterval", "(interval, /)", sys_setswitchinterval, 0, "Set the ideal thread switching delay inside the Python interpreter."},
    {"get_int_max_str_digits", "()", sys_get_int_max_str_digits, 0, "Return the maximum string digits limit for non-binary int<->str conversions."},
    {"set_int_max_str_digits", "(maxdigits)", sys_set_int_max_str_digits, 0, "Set the maximum string digits limit for non-binary int<->str conversions."},
    {0},
};

static bool set_lists(struct vm *vm, struct dict_object *dict, value executable)
{
    value argv = list_new(vm, 0), original = list_new(vm, 0), path = list_new(vm, 0), names = list_new(vm, 0);
    if (!list_append(vm, list_of(original), executable))
        return false;
    for (int i = 0; i < vm->argc; i++) {
        value argument = string_from_text(vm, vm->argv[i]);
        if (!list_append(vm, list_of(argv), argument) || !list_append(vm, list_of(original), argument))
            return false;
    }
    for (int i = 0; i < vm->path_count; i++)
        if (!list_append(vm, list_of(path), string_from_text(vm, vm->path[i])))
            return false;
    for (const struct native_module *const *module = native_modules; *module; module++)
        if (!list_append(vm, list_of(names), intern_text(vm, (*module)->name)))
            return false;
    return list_sort(vm, names, VALUE_NULL, false) && dict_set_text(vm, dict, "argv", argv) &&
           dict_set_text(vm, dict, "orig_argv", original) && dict_set_text(vm, dict, "path", path) &&
           dict_set_text(vm, dict, "warnoptions", list_new(vm, 0)) &&
           dict_set_text(vm, dict, "path_importer_cache", dict_new(vm)) && dict_set_text(vm, dict, "_xoptions", dict_new(vm)) &&
           dict_set_text(vm, dict, "builtin_module_names", tuple_from_iterable(vm, names));
}

static bool add_functions(struct vm *vm, struct dict_object *dict, value module, const struct method_definition *definitions)
{
    for (; definitions->name; definitions++)
        if (!dict_set_text(vm, dict, definitions->name, native_function_new(vm, definitions, module, "sys")))
            return false;
    return true;
}

static bool sys_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = module_dict(module);
    static const char *const stream_names[][2] = {{"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
    for (int i = 0; i < 3; i++) {
        value stream = io_standard_stream(vm, i);
        if (stream == VALUE_NULL || !dict_set_text(vm, dict, stream_names[i][0], stream) ||
            !dict_set_text(vm, dict, stream_names[i][1], stream))
            return false;
    }
    value executable = string_from_text(vm, vm->executable ? vm->executable : "/usr/bin/python3");
    return dict_set_text(vm, dict, "modules", vm->modules) && dict_set_text(vm, dict, "executable", executable) &&
           dict_set_text(vm, dict, "_base_executable", executable) && set_lists(vm, dict, executable) &&
           sys_information_add(vm, dict) && sys_hooks_add(vm, dict, module) &&
           add_functions(vm, dict, module, sys_trace_functions) &&
           sys_async_add(vm, dict, module);
}

const struct native_module sys_module = {"sys", sys_initialize, functions};
