/* registry.c - the native modules, by the names that import statements use. */
#include "sim/modules/builtins.h"
#include "sim/modules/containers.h"
#include "sim/modules/io.h"
#include "sim/modules/math.h"
#include "sim/modules/random.h"
#include "sim/modules/support.h"
#include "sim/tensor/numpy_module.h"

extern const struct native_module sys_module, time_module;

const struct native_module *const native_modules[] = {
    &builtins_module,  &sys_module,       &time_module,     &io_module,          &math_module,     &random_module,
    &itertools_module, &functools_module, &operator_module, &collections_module, &heapq_module,    &bisect_module,
    &abc_module,       &atexit_module,    &codecs_module,   &errno_module,       &gc_module,       &posix_module,
    &sha512_module,    &signal_module,    &string_module,   &thread_module,      &warnings_module, &weakref_module,
    &sre_module,       &ast_module,       &dis_module,      &importlib_module,   &tokenize_module, &importlib_machinery_module,
    &numpy_module,     &scipy_module,     &scipy_special_module, NULL,
};
