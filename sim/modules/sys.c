/* sys.c - module sys. */
#include "sim/modules/io.h"
#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/module.h"
#include "sim/runtime/namespace.h"

#define FUNCTION(name) \
    static value sys_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

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
    if (!value_to_int64(vm, arguments[0], &limit))
        return VALUE_NULL;
    if (limit < 1)
        return raise_error(vm, &exc_ValueError, "recursion limit must be greater or equal than 1");
    vm->recursion_limit = limit > 2000000 ? 2000000 : (uint32_t)limit;
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
    if (!is_exact(arguments[0], &string_type))
        return raise_error(vm, &exc_TypeError, "intern() argument must be str, not %T", arguments[0]);
    return intern(vm, arguments[0]);
}

FUNCTION(getsizeof)
{
    UNUSED;
    return raise_unsupported(vm, "sys.getsizeof");
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

FUNCTION(displayhook)
{
    UNUSED;
    if (arguments[0] == NONE)
        return NONE;
    value text = value_repr(vm, arguments[0]), out = get_attribute_text(vm, vm->sys_module, "stdout");
    if (text == VALUE_NULL || out == VALUE_NULL || call_method(vm, out, "write", &text, 1) == VALUE_NULL)
        return VALUE_NULL;
    value newline = intern_text(vm, "\n");
    if (call_method(vm, out, "write", &newline, 1) == VALUE_NULL)
        return VALUE_NULL;
    return dict_set_text(vm, dict_of(vm->builtins), "_", arguments[0]) ? NONE : VALUE_NULL;
}

FUNCTION(excepthook)
{
    UNUSED;
    exception_print(vm, arguments[1]);
    return NONE;
}

FUNCTION(settrace)
{
    UNUSED;
    return arguments[0] == NONE ? NONE : raise_unsupported(vm, "sys.settrace");
}

FUNCTION(none)
{
    UNUSED;
    return NONE;
}

FUNCTION(is_finalizing)
{
    UNUSED;
    return FALSE;
}

FUNCTION(getswitchinterval)
{
    UNUSED;
    return float_value(vm, 0.005);
}

FUNCTION(get_int_max_str_digits)
{
    UNUSED;
    return small_int(4300);
}

static const struct method_definition functions[] = {
    {"exit", "(status=None, /)", sys_exit, 0, NULL},
    {"getrecursionlimit", "()", sys_getrecursionlimit, 0, NULL},
    {"setrecursionlimit", "(limit, /)", sys_setrecursionlimit, 0, NULL},
    {"exc_info", "()", sys_exc_info, 0, NULL},
    {"exception", "()", sys_exception, 0, NULL},
    {"intern", "(string, /)", sys_intern, 0, NULL},
    {"getsizeof", "(object, default=None)", sys_getsizeof, 0, NULL},
    {"getdefaultencoding", "()", sys_getdefaultencoding, 0, NULL},
    {"getfilesystemencoding", "()", sys_getdefaultencoding, 0, NULL},
    {"getfilesystemencodeerrors", "()", sys_getfilesystemencodeerrors, 0, NULL},
    {"displayhook", "(object, /)", sys_displayhook, 0, NULL},
    {"excepthook", "(exctype, value, traceback, /)", sys_excepthook, 0, NULL},
    {"settrace", "(function, /)", sys_settrace, 0, NULL},
    {"setprofile", "(function, /)", sys_settrace, 0, NULL},
    {"gettrace", "()", sys_none, 0, NULL},
    {"getprofile", "()", sys_none, 0, NULL},
    {"audit", "(event, /, *args)", sys_none, 0, NULL},
    {"is_finalizing", "()", sys_is_finalizing, 0, NULL},
    {"getswitchinterval", "()", sys_getswitchinterval, 0, NULL},
    {"setswitchinterval", "(interval, /)", sys_none, 0, NULL},
    {"get_int_max_str_digits", "()", sys_get_int_max_str_digits, 0, NULL},
    {0},
};

/* types.SimpleNamespace-like records: a plain object with these attributes, and for version_info a tuple's behaviour. */
static value make_named_tuple(struct vm *vm, const char *name, const char *const *fields, const value *items, size_t count)
{
    value namespace = dict_new(vm), bases = object_value(&tuple_type);
    bases = tuple_from(vm, &bases, 1);
    value property = object_value(&property_type), operator_module = import_module(vm, "_operator");
    if (namespace == VALUE_NULL || bases == VALUE_NULL)
        return VALUE_NULL;
    if (operator_module == VALUE_NULL)
        exception_clear(vm);
    for (size_t i = 0; i < count && operator_module != VALUE_NULL; i++) {
        value getter = get_attribute_text(vm, operator_module, "itemgetter");
        getter = getter == VALUE_NULL ? VALUE_NULL : call_1(vm, getter, small_int((int64_t)i));
        value attribute = getter == VALUE_NULL ? VALUE_NULL : call_1(vm, property, getter);
        if (attribute == VALUE_NULL || !dict_set_text(vm, dict_of(namespace), fields[i], attribute))
            return VALUE_NULL;
    }
    value type = type_new_class(vm, &type_type, intern_text(vm, name), bases, namespace, VALUE_NULL);
    return type == VALUE_NULL ? VALUE_NULL : call_1(vm, type, tuple_from(vm, items, count));
}

static value make_record(struct vm *vm, const char *name, const char *const *fields, const value *items, size_t count)
{
    return make_named_tuple(vm, name, fields, items, count);
}

static bool set_versions(struct vm *vm, struct dict_object *dict)
{
    static const char *const version_fields[] = {"major", "minor", "micro", "releaselevel", "serial"};
    value version[] = {small_int(3), small_int(11), small_int(2), intern_text(vm, "final"), small_int(0)};
    static const char *const flag_fields[] = {"debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site",
        "no_site", "ignore_environment", "verbose", "bytes_warning", "quiet", "hash_randomization", "isolated", "dev_mode",
        "utf8_mode", "warn_default_encoding", "safe_path", "int_max_str_digits"};
    value flags[18];
    for (int i = 0; i < 18; i++)
        flags[i] = i == 13 || i == 16 ? FALSE : small_int(i == 17 ? 4300 : 0);
    static const char *const float_fields[] = {"max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig",
                                               "epsilon", "radix", "rounds"};
    value floats[] = {float_value(vm, 1.7976931348623157e308), small_int(1024), small_int(308), float_value(vm, 2.2250738585072014e-308),
                      small_int(-1021), small_int(-307), small_int(15), small_int(53), float_value(vm, 2.220446049250313e-16),
                      small_int(2), small_int(1)};
    static const char *const hash_fields[] = {"width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits", "cutoff"};
    value hash[] = {small_int(64), small_int(((int64_t)1 << 61) - 1), small_int(314159), small_int(0), small_int(1000003),
                    intern_text(vm, "siphash13"), small_int(64), small_int(128), small_int(0)};
    static const char *const int_fields[] = {"bits_per_digit", "sizeof_digit", "default_max_str_digits", "str_digits_check_threshold"};
    value ints[] = {small_int(30), small_int(4), small_int(4300), small_int(640)};
    return dict_set_text(vm, dict, "version_info", make_record(vm, "sys.version_info", version_fields, version, 5)) &&
           dict_set_text(vm, dict, "flags", make_record(vm, "sys.flags", flag_fields, flags, 18)) &&
           dict_set_text(vm, dict, "float_info", make_record(vm, "sys.float_info", float_fields, floats, 11)) &&
           dict_set_text(vm, dict, "hash_info", make_record(vm, "sys.hash_info", hash_fields, hash, 9)) &&
           dict_set_text(vm, dict, "int_info", make_record(vm, "sys.int_info", int_fields, ints, 4)) &&
           dict_set_text(vm, dict, "hexversion", small_int(0x030b02f0)) &&
           dict_set_text(vm, dict, "version", intern_text(vm, "3.11.2 (main) [hybridsim]"));
}

static bool set_implementation(struct vm *vm, struct dict_object *dict)
{
    value implementation = namespace_new(vm);
    if (implementation == VALUE_NULL)
        return false;
    struct dict_object *fields = namespace_fields(implementation);
    return dict_set_text(vm, fields, "name", intern_text(vm, "cpython")) &&
           dict_set_text(vm, fields, "cache_tag", intern_text(vm, "cpython-311")) &&
           dict_set_text(vm, fields, "version", dict_get_text(vm, dict, "version_info")) &&
           dict_set_text(vm, fields, "hexversion", small_int(0x030b02f0)) &&
           dict_set_text(vm, fields, "_multiarch", intern_text(vm, "x86_64-linux-gnu")) &&
           dict_set_text(vm, dict, "implementation", implementation);
}

static bool set_lists(struct vm *vm, struct dict_object *dict)
{
    value argv = list_new(vm, 0), path = list_new(vm, 0), names = list_new(vm, 0);
    for (int i = 0; i < vm->argc; i++)
        if (!list_append(vm, list_of(argv), string_from_text(vm, vm->argv[i])))
            return false;
    for (int i = 0; i < vm->path_count; i++)
        if (!list_append(vm, list_of(path), string_from_text(vm, vm->path[i])))
            return false;
    for (const struct native_module *const *module = native_modules; *module; module++)
        if (!list_append(vm, list_of(names), intern_text(vm, (*module)->name)))
            return false;
    return dict_set_text(vm, dict, "argv", argv) && dict_set_text(vm, dict, "orig_argv", argv) &&
           dict_set_text(vm, dict, "path", path) && dict_set_text(vm, dict, "meta_path", list_new(vm, 0)) &&
           dict_set_text(vm, dict, "path_hooks", list_new(vm, 0)) && dict_set_text(vm, dict, "warnoptions", list_new(vm, 0)) &&
           dict_set_text(vm, dict, "path_importer_cache", dict_new(vm)) && dict_set_text(vm, dict, "_xoptions", dict_new(vm)) &&
           dict_set_text(vm, dict, "builtin_module_names", tuple_from_iterable(vm, names));
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
    value prefix = intern_text(vm, "/usr");
    return dict_set_text(vm, dict, "modules", vm->modules) && set_lists(vm, dict) && set_versions(vm, dict) && set_implementation(vm, dict) &&
           dict_set_text(vm, dict, "maxsize", int_from_int64(vm, INT64_MAX)) &&
           dict_set_text(vm, dict, "maxunicode", small_int(0x10ffff)) && dict_set_text(vm, dict, "byteorder", intern_text(vm, "little")) &&
           dict_set_text(vm, dict, "platform", intern_text(vm, "linux")) && dict_set_text(vm, dict, "executable", executable) &&
           dict_set_text(vm, dict, "prefix", prefix) && dict_set_text(vm, dict, "base_prefix", prefix) &&
           dict_set_text(vm, dict, "exec_prefix", prefix) && dict_set_text(vm, dict, "base_exec_prefix", prefix) &&
           dict_set_text(vm, dict, "platlibdir", intern_text(vm, "lib")) && dict_set_text(vm, dict, "api_version", small_int(1013)) &&
           dict_set_text(vm, dict, "dont_write_bytecode", TRUE) && dict_set_text(vm, dict, "pycache_prefix", NONE) &&
           dict_set_text(vm, dict, "copyright", intern_text(vm, "")) && dict_set_text(vm, dict, "float_repr_style", intern_text(vm, "short"));
}

const struct native_module sys_module = {"sys", sys_initialize, functions};
