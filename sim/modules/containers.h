/* containers.h - the native modules about containers, iterators and functions, for registry.c. */
#ifndef HYBRIDSIM_SIM_MODULES_CONTAINERS_H
#define HYBRIDSIM_SIM_MODULES_CONTAINERS_H

#include "sim/runtime/types.h"

extern const struct native_module itertools_module, functools_module, operator_module, collections_module, heapq_module,
    bisect_module;

#endif
