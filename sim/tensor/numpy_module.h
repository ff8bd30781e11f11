/* numpy_module.h - for the registry of native modules. */
#ifndef HYBRIDSIM_SIM_TENSOR_NUMPY_MODULE_H
#define HYBRIDSIM_SIM_TENSOR_NUMPY_MODULE_H

#include "sim/runtime/types.h"

extern const struct native_module numpy_module, scipy_module, scipy_special_module, numpy_random_module,
    numpy_linalg_module, numpy_fft_module, numpy_random_pickle_module, numpy_random_mtrand_module;

#endif
