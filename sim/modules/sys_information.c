/* sys_information.c - what module sys tells about the interpreter: that is CPython 3.11.2 on 64-bit Linux, whose programs run
 * here. */
#include "sim/modules/sys.h"
#include "sim/runtime/namespace.h"
#include "sim/runtime/native_docs.h"
#include "sim/runtime/record.h"

enum { HEX_VERSION = 0x030b02f0 };

static const char *const version_fields[] = {"major", "minor", "micro", "releaselevel", "serial"};
static const char *const flag_fields[] = {
    "debug", "inspect", "interactive", "optimize", "dont_write_bytecode", "no_user_site", "no_site", "ignore_environment",
    "verbose", "bytes_warning", "quiet", "hash_randomization", "isolated", "dev_mode", "utf8_mode", "warn_default_encoding",
    "safe_path", "int_max_str_digits"};
static const char *const float_fields[] = {"max", "max_exp", "max_10_exp", "min", "min_exp", "min_10_exp", "dig", "mant_dig",
                                           "epsilon", "radix", "rounds"};
static const char *const hash_fields[] = {"width", "modulus", "inf", "nan", "imag", "algorithm", "hash_bits", "seed_bits",
                                          "cutoff"};
static const char *const int_fields[] = {"bits_per_digit", "sizeof_digit", "default_max_str_digits",
                                         "str_digits_check_threshold"};
static const char *const thread_fields[] = {"name", "lock", "version"};

#define COUNT(fields) (sizeof(fields) / sizeof(fields)[0])
#define RECORD(variable, python_name, fields, text) \
    static struct record_type variable = RECORD_TYPE(python_name, fields, COUNT(fields), COUNT(fields), text)
RECORD(version_record, "sys.version_info", version_fields, "sys.version_info\n\nVersion information as a named tuple.");
RECORD(flags_record, "sys.flags", flag_fields,
       "sys.flags\n\nFlags provided through command line arguments or environment vars.");
RECORD(float_record, "sys.float_info", float_fields,
       "sys.float_info\n\nA named tuple holding information about the float type. It contains low level\ninformation about "
       "the precision and internal representation. Please study\nyour system's :file:`float.h` for more information.");
RECORD(hash_record, "sys.hash_info", hash_fields,
       "hash_info\n\nA named tuple providing parameters used for computing\nhashes. The attributes are read only.");
RECORD(int_record, "sys.int_info", int_fields,
       "sys.int_info\n\nA named tuple that holds information about Python's\ninternal representation of integers.  The "
       "attributes are read only.");
RECORD(thread_record, "sys.thread_info", thread_fields,
       "sys.thread_info\n\nA named tuple holding information about the thread implementation.");

static value refuse_instance(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return raise_error(vm, &exc_TypeError, "cannot create '%s' instances", type->name);
}

enum construction { CONSTRUCTIBLE, GIVEN_ONLY }; /* sys.flags has no second instance */

static bool add_record(struct vm *vm, struct dict_object *dict, const char *name, struct record_type *record,
                       const value *items, enum construction construction)
{
    if (construction == GIVEN_ONLY)
        record->type.new = refuse_instance;
    return record_ready(vm, record) && dict_set_text(vm, dict, name, record_new(vm, record, items));
}

static bool add_limits(struct vm *vm, struct dict_object *dict)
{
    const value floats[] = {float_value(vm, 1.7976931348623157e308), small_int(1024), small_int(308),
                            float_value(vm, 2.2250738585072014e-308), small_int(-1021), small_int(-307), small_int(15),
                            small_int(53), float_value(vm, 2.220446049250313e-16), small_int(2), small_int(1)};
    const value hash[] = {small_int(64), small_int(((int64_t)1 << 61) - 1), small_int(314159), small_int(0),
                          small_int(1000003), intern_text(vm, "siphash13"), small_int(64), small_int(128), small_int(0)};
    const value ints[] = {small_int(30), small_int(4), small_int(4300), small_int(640)};
    const value thread[] = {intern_text(vm, "pthread"), intern_text(vm, "semaphore"), intern_text(vm, "NPTL 2.36")};
    return add_record(vm, dict, "float_info", &float_record, floats, CONSTRUCTIBLE) &&
           add_record(vm, dict, "hash_info", &hash_record, hash, CONSTRUCTIBLE) &&
           add_record(vm, dict, "int_info", &int_record, ints, CONSTRUCTIBLE) &&
           add_record(vm, dict, "thread_info", &thread_record, thread, CONSTRUCTIBLE);
}

/* The build's reference wrote it: how long it is costs the program nothing. */
static value version_text(struct vm *vm)
{
    value text;
    WORK_UNTRACKED(vm, text = intern_text(vm, native_doc_version()));
    return text;
}

static bool add_versions(struct vm *vm, struct dict_object *dict)
{
    const value version[] = {small_int(3), small_int(11), small_int(2), intern_text(vm, "final"), small_int(0)};
    enum { DEV_MODE = 13, SAFE_PATH = 16, INT_DIGITS = 17 };
    value flags[COUNT(flag_fields)];
    for (size_t i = 0; i < COUNT(flag_fields); i++)
        flags[i] = i == DEV_MODE || i == SAFE_PATH ? FALSE : small_int(i == INT_DIGITS ? -1 : 0);
    return add_record(vm, dict, "version_info", &version_record, version, GIVEN_ONLY) &&
           add_record(vm, dict, "flags", &flags_record, flags, GIVEN_ONLY) &&
           dict_set_text(vm, dict, "hexversion", small_int(HEX_VERSION)) &&
           dict_set_text(vm, dict, "version", version_text(vm)) &&
           dict_set_text(vm, dict, "_git", tuple_pack(vm, 3, intern_text(vm, "CPython"), vm->empty_string, vm->empty_string));
}

static bool add_implementation(struct vm *vm, struct dict_object *dict)
{
    value implementation = namespace_new(vm);
    if (implementation == VALUE_NULL)
        return false;
    struct dict_object *fields = namespace_fields(implementation);
    return dict_set_text(vm, fields, "name", intern_text(vm, "cpython")) &&
           dict_set_text(vm, fields, "cache_tag", intern_text(vm, "cpython-311")) &&
           dict_set_text(vm, fields, "version", dict_get_text(vm, dict, "version_info")) &&
           dict_set_text(vm, fields, "hexversion", small_int(HEX_VERSION)) &&
           dict_set_text(vm, fields, "_multiarch", intern_text(vm, "x86_64-linux-gnu")) &&
           dict_set_text(vm, dict, "implementation", implementation);
}

static bool add_library_names(struct vm *vm, struct dict_object *dict)
{
    static const char *const library_names[] = {
#include "sim/modules/sys_library_names.inc"
    };
    value set = set_new(vm, &frozenset_type);
    for (size_t i = 0; set != VALUE_NULL && i < COUNT(library_names); i++)
        if (!set_add(vm, set, intern_text(vm, library_names[i])))
            return false;
    return set != VALUE_NULL && dict_set_text(vm, dict, "stdlib_module_names", set);
}

bool sys_information_add(struct vm *vm, struct dict_object *dict)
{
    static const char *const texts[][2] = {
        {"copyright", "Copyright (c) 2001-2023 Python Software Foundation.\nAll Rights Reserved.\n\n"
                      "Copyright (c) 2000 BeOpen.com.\nAll Rights Reserved.\n\n"
                      "Copyright (c) 1995-2001 Corporation for National Research Initiatives.\nAll Rights Reserved.\n\n"
                      "Copyright (c) 1991-1995 Stichting Mathematisch Centrum, Amsterdam.\nAll Rights Reserved."},
        {"float_repr_style", "short"}, {"byteorder", "little"}, {"platform", "linux"}, {"platlibdir", "lib"}, {"abiflags", ""},
        {"_framework", ""}, {"prefix", "/usr"}, {"base_prefix", "/usr"}, {"exec_prefix", "/usr"}, {"base_exec_prefix", "/usr"}};
    for (size_t i = 0; i < COUNT(texts); i++)
        if (!dict_set_text(vm, dict, texts[i][0], intern_text(vm, texts[i][1])))
            return false;
    value library = vm->library ? string_from_text(vm, vm->library) : NONE;
    return dict_set_text(vm, dict, "maxsize", int_from_int64(vm, INT64_MAX)) &&
           dict_set_text(vm, dict, "maxunicode", small_int(0x10ffff)) && dict_set_text(vm, dict, "api_version", small_int(1013)) &&
           dict_set_text(vm, dict, "dont_write_bytecode", TRUE) && dict_set_text(vm, dict, "pycache_prefix", NONE) &&
           dict_set_text(vm, dict, "_home", NONE) && dict_set_text(vm, dict, "_stdlib_dir", library) && add_versions(vm, dict) &&
           add_limits(vm, dict) && add_implementation(vm, dict) && add_library_names(vm, dict);
}
