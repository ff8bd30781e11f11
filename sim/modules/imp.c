/* imp.c - module _imp: what importlib's loaders ask of the interpreter. There are no extension modules to load. */
#include "sim/modules/support.h"
#include "sim/runtime/import.h"
#include "sim/runtime/importlib.h"
#include "sim/runtime/own_modules.h"
#include "sim/runtime/text.h"

#define FUNCTION(name)                                                                                                 \
    static value imp_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static const char *name_argument(struct vm *vm, value v)
{
    if (is_string(v))
        return string_utf8(vm, v, NULL);
    raise_error(vm, &exc_TypeError, "argument must be str, not %T", v);
    return NULL;
}

FUNCTION(none)
{
    UNUSED;
    return NONE;
}

FUNCTION(lock_held)
{
    UNUSED;
    return FALSE;
}

static int is_native(const char *name)
{
    for (const struct native_module *const *module = native_modules; *module; module++)
        if (!strcmp((*module)->name, name))
            return 1;
    return 0;
}

FUNCTION(is_builtin)
{
    UNUSED;
    const char *name = name_argument(vm, arguments[0]);
    return name ? small_int(is_native(name)) : VALUE_NULL;
}

FUNCTION(is_frozen)
{
    UNUSED;
    const char *name = name_argument(vm, arguments[0]);
    return name ? bool_value(frozen_module_find(name, NULL) || own_module_find(name)) : VALUE_NULL;
}

FUNCTION(is_frozen_package)
{
    UNUSED;
    const char *name = name_argument(vm, arguments[0]);
    const struct own_module *own = name ? own_module_find(name) : NULL;
    int kind = own ? own->is_package ? 2 : 1 : name ? frozen_module_find(name, NULL) : 0;
    if (name && !kind)
        return raise_error(vm, &exc_ImportError, "No such frozen object named %s", name);
    return name ? bool_value(kind == 2) : VALUE_NULL;
}

FUNCTION(find_frozen)
{
    UNUSED;
    const char *name = name_argument(vm, arguments[0]), *file;
    int kind = name ? frozen_module_find(name, &file) : 0;
    const struct own_module *own = name && !kind && !import_is_on_path(vm, name) ? own_module_find(name) : NULL;
    if (own) /* not under its name in Lib, which is where importlib would say it comes from */
        return tuple_pack(vm, 3, NONE, bool_value(own->is_package), NONE);
    if (!kind)
        return name ? NONE : VALUE_NULL;
    return tuple_pack(vm, 3, NONE, bool_value(kind == 2), arguments[0]);
}

FUNCTION(get_frozen_object)
{
    UNUSED;
    const char *name = name_argument(vm, arguments[0]);
    const struct own_module *own = name ? own_module_find(name) : NULL;
    const struct code *code = own ? own_module_code(vm, own) : name ? frozen_module_code(vm, name) : NULL;
    return code ? code_object_from(vm, code) : VALUE_NULL;
}

/* A module of a spec; sys.modules stays as it was, the loader decides. */
FUNCTION(create_builtin)
{
    UNUSED;
    value name = get_attribute_text(vm, arguments[0], "name"), before;
    const char *text = name == VALUE_NULL ? NULL : name_argument(vm, name);
    if (!text)
        return VALUE_NULL;
    if (!is_native(text))
        return NONE;
    int found = dict_find(vm, dict_of(vm->modules), name, &before);
    if (found > 0 && (string_is(name, "sys") || string_is(name, "builtins"))) /* there is only one */
        return before;
    value module = native_module_load(vm, text);
    if (module == VALUE_NULL || found < 0)
        return VALUE_NULL;
    if (found ? !dict_set(vm, dict_of(vm->modules), name, before) : dict_delete(vm, dict_of(vm->modules), name) < 0)
        return VALUE_NULL;
    return module;
}

FUNCTION(frozen_module_names)
{
    UNUSED;
    value names = list_new(vm, 0);
    for (int i = 0; names != VALUE_NULL && frozen_module_name(i); i++)
        if (!list_append(vm, list_of(names), intern_text(vm, frozen_module_name(i))))
            return VALUE_NULL;
    return names;
}

FUNCTION(zero)
{
    UNUSED;
    return small_int(0);
}

FUNCTION(extension_suffixes)
{
    UNUSED;
    return list_new(vm, 0);
}

FUNCTION(create_dynamic)
{
    UNUSED;
    value name = get_attribute_text(vm, arguments[0], "name");
    return name == VALUE_NULL ? VALUE_NULL : raise_error(vm, &exc_ImportError, "extension module %S cannot be loaded", name);
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void mix(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
    v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 with key (key, 0), little-endian bytes: what hash-based .pyc files hold. */
FUNCTION(source_hash)
{
    UNUSED;
    int64_t key;
    const uint8_t *data;
    size_t size, i = 0;
    if (!value_to_int64(vm, arguments[0], &key) || !buffer_of(vm, arguments[1], &data, &size))
        return VALUE_NULL;
    uint64_t v[4] = {0x736f6d6570736575u ^ (uint64_t)key, 0x646f72616e646f6du, 0x6c7967656e657261u ^ (uint64_t)key,
                     0x7465646279746573u};
    uint64_t last = (uint64_t)size << 56, word;
    for (; i + 8 <= size; i += 8) {
        memcpy(&word, data + i, 8);
        v[3] ^= word;
        mix(v);
        v[0] ^= word;
    }
    for (int shift = 0; i < size; i++, shift += 8)
        last |= (uint64_t)data[i] << shift;
    v[3] ^= last;
    mix(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int round = 0; round < 3; round++)
        mix(v);
    word = v[0] ^ v[1] ^ v[2] ^ v[3];
    return bytes_from(vm, &word, sizeof word);
}

static const struct method_definition functions[] = {
    {"acquire_lock", "()", imp_none, 0, NULL},
    {"release_lock", "()", imp_none, 0, NULL},
    {"lock_held", "()", imp_lock_held, 0, NULL},
    {"is_builtin", "(name, /)", imp_is_builtin, 0, NULL},
    {"is_frozen", "(name, /)", imp_is_frozen, 0, NULL},
    {"is_frozen_package", "(name, /)", imp_is_frozen_package, 0, NULL},
    {"find_frozen", "(name, /, *, withdata=False)", imp_find_frozen, 0, NULL},
    {"get_frozen_object", "(name, data=None, /)", imp_get_frozen_object, 0, NULL},
    {"_frozen_module_names", "()", imp_frozen_module_names, 0, NULL},
    {"init_frozen", "(name, /)", imp_none, 0, NULL},
    {"create_builtin", "(spec, /)", imp_create_builtin, 0, NULL},
    {"exec_builtin", "(mod, /)", imp_zero, 0, NULL},
    {"create_dynamic", "(spec, file=None, /)", imp_create_dynamic, 0, NULL},
    {"exec_dynamic", "(mod, /)", imp_zero, 0, NULL},
    {"extension_suffixes", "()", imp_extension_suffixes, 0, NULL},
    {"_fix_co_filename", "(code, path, /)", imp_none, 0, NULL},
    {"_override_frozen_modules_for_tests", "(override, /)", imp_none, 0, NULL},
    {"source_hash", "(key, source)", imp_source_hash, 0, NULL},
    {0},
};

static bool imp_initialize(struct vm *vm, value module)
{
    return dict_set_text(vm, support_dict(module), "check_hash_based_pycs", intern_text(vm, "default"));
}

const struct native_module imp_module = {"_imp", imp_initialize, functions};
