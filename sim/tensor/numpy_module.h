/* numpy_module.h - for the registry of native modules. */
#ifndef HYBRIDSIM_SIM_TENSOR_NUMPY_MODULE_H
#define HYBRIDSIM_SIM_TENSOR_NUMPY_MODULE_H

#include "sim/runtime/types.h"

extern const struct native_module numpy_module, scipy_module, scipy_special_module;

#endif
