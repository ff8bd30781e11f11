/* support.h - the small native modules that the pure-Python standard library stands on. */
#ifndef HYBRIDSIM_SIM_MODULES_SUPPORT_H
#define HYBRIDSIM_SIM_MODULES_SUPPORT_H

#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/types.h"

static inline struct dict_object *support_dict(value module)
{
    return dict_of(((struct module_object *)value_object(module))->dict);
}

struct integer_constant {
    const char *name;
    int64_t number;
};
static inline bool support_add_constants(struct vm *vm, value module, const struct integer_constant *constants)
{
    for (; constants->name; constants++)
        if (!dict_set_text(vm, support_dict(module), constants->name, int_from_int64(vm, constants->number)))
            return false;
    return true;
}

/* The system. */
extern const struct native_module mmap_module, shared_memory_module, resource_tracker_module, ssl_module, termios_module;
extern const struct native_module ctypes_module;
extern const struct native_module fcntl_module, grp_module, lsprof_module, pwd_module, resource_module, stat_module,
    test_support_module;

/* Concurrency. */
extern const struct native_module asyncio_module, contextvars_module, faulthandler_module, queue_module, select_module,
    socket_module, subprocess_module;
/* What a ContextVar (with its hash) is set to in the current context; VALUE_NULL: nothing. */
value context_variable_lookup(struct vm *vm, value variable, int64_t hash);

/* Binary data. */
extern const struct native_module struct_module, array_module, hashlib_module, blake2_module, binascii_module, zlib_module,
    bz2_module, lzma_module, expat_module, sqlite_module, marshal_module, pickle_module, etree_module;

extern const struct native_module md5_module, sha1_module, sha256_module, sha3_module, uuid_module, crypt_module, aes_module,
    syslog_module, spwd_module, multiprocessing_module, readline_module, tracemalloc_module;
/* sim/modules/cjk: the multibyte codecs of East Asia */
extern const struct native_module codecs_cn_module, codecs_hk_module, codecs_iso2022_module, codecs_jp_module, codecs_kr_module,
    codecs_tw_module, multibytecodec_module;

extern const struct native_module cmath_module, csv_module, datetime_module, decimal_module, json_module, statistics_module,
    locale_module;
extern const struct native_module abc_module, atexit_module, codecs_module, opcode_module, symtable_module, errno_module, gc_module,
    imp_module, posix_module, sha512_module, signal_module, sre_module, string_module, unicodedata_module,
    thread_module, typing_module, warnings_module, weakref_module;

#endif
