/* registry.c - the native modules, by the names that import statements use. */
#include "sim/modules/ast/ast.h"
#include "sim/modules/builtins.h"
#include "sim/modules/containers.h"
#include "sim/modules/io/io.h"
#include "sim/modules/math.h"
#include "sim/modules/random.h"
#include "sim/modules/support.h"
#include "sim/tensor/numpy_module.h"

extern const struct native_module sys_module, time_module;

const struct native_module *const native_modules[] = {
    &builtins_module,  &sys_module,       &time_module,     &io_module,          &math_module,     &random_module,
    &itertools_module, &functools_module, &operator_module, &collections_module, &heapq_module,    &bisect_module,
    &abc_module,       &atexit_module,    &codecs_module,   &errno_module,       &gc_module,       &posix_module,
    &sha512_module,    &signal_module,    &string_module,   &thread_module,      &warnings_module, &weakref_module,  &typing_module,
    &sre_module,       &unicodedata_module, &ast_module,       &opcode_module, &symtable_module,      &imp_module,  
    &cmath_module,     &locale_module, &json_module, &csv_module, &datetime_module, &decimal_module, &statistics_module,
    &struct_module, &array_module, &hashlib_module, &blake2_module, &binascii_module, &zlib_module, &bz2_module, &lzma_module, &expat_module, &sqlite_module, &marshal_module, &pickle_module, &etree_module,
    &numpy_module,     &scipy_module,     &scipy_special_module, &numpy_random_module, &numpy_random_pickle_module, &numpy_random_mtrand_module, &numpy_linalg_module, &numpy_fft_module, &contextvars_module, &faulthandler_module, &queue_module, &select_module, &socket_module, &subprocess_module,
    &stat_module, &pwd_module, &grp_module, &resource_module, &fcntl_module, &lsprof_module, &test_support_module,
    &mmap_module, &shared_memory_module, &resource_tracker_module, &termios_module, &ssl_module,
    &ctypes_module,
    &codecs_cn_module, &codecs_hk_module, &codecs_iso2022_module, &codecs_jp_module, &codecs_kr_module, &codecs_tw_module,
    &multibytecodec_module, &md5_module, &sha1_module, &sha256_module, &sha3_module, &uuid_module, &crypt_module, &syslog_module,
    &aes_module, &spwd_module, &asyncio_module, &multiprocessing_module, &readline_module, &tracemalloc_module,
    NULL,
};
