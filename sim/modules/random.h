/* random.h - module _random. */
#ifndef HYBRIDSIM_SIM_MODULES_RANDOM_H
#define HYBRIDSIM_SIM_MODULES_RANDOM_H

#include "sim/runtime/types.h"

extern const struct native_module random_module;

#endif
