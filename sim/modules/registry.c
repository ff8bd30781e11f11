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
    &abc_module, &aes_module, &array_module, &ast_module, &asyncio_module, &atexit_module, &binascii_module,
    &bisect_module, &blake2_module, &builtins_module, &bz2_module, &cmath_module, &codecs_cn_module,
    &codecs_hk_module, &codecs_iso2022_module, &codecs_jp_module, &codecs_kr_module, &codecs_module,
    &codecs_tw_module, &collections_module, &contextvars_module, &crypt_module, &csv_module, &ctypes_module,
    &datetime_module, &decimal_module, &errno_module, &etree_module, &expat_module, &faulthandler_module,
    &fcntl_module, &functools_module, &gc_module, &grp_module, &hashlib_module, &heapq_module, &imp_module,
    &io_module, &itertools_module, &json_module, &locale_module, &lsprof_module, &lzma_module,
    &marshal_module, &math_module, &md5_module, &mmap_module, &multibytecodec_module, &multiprocessing_module,
    &numpy_fft_module, &numpy_linalg_module, &numpy_module, &numpy_random_module, &numpy_random_mtrand_module,
    &numpy_random_pickle_module, &opcode_module, &operator_module, &pickle_module, &posix_module, &pwd_module,
    &queue_module, &random_module, &readline_module, &resource_module, &resource_tracker_module,
    &scipy_module, &scipy_special_module, &select_module, &sha1_module, &sha256_module, &sha3_module,
    &sha512_module, &shared_memory_module, &signal_module, &socket_module, &spwd_module, &sqlite_module,
    &sre_module, &ssl_module, &stat_module, &statistics_module, &string_module, &struct_module,
    &subprocess_module, &symtable_module, &sys_module, &syslog_module, &termios_module, &test_support_module,
    &thread_module, &time_module, &tracemalloc_module, &typing_module, &unicodedata_module, &uuid_module,
    &warnings_module, &weakref_module, &zlib_module,
    NULL,
};
