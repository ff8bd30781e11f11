/* names.h - the interned names that the runtime itself looks up: NAMED(vm, __add__) is the str "__add__" without any
 * search. names.def lists them; type.c fills vm->special_names at vm start. */
#ifndef HYBRIDSIM_SIM_RUNTIME_NAMES_H
#define HYBRIDSIM_SIM_RUNTIME_NAMES_H

enum name_id {
#define NAME(name) NAME_##name,
#include "sim/runtime/names.def"
#undef NAME
    NAME_COUNT
};

#define NAMED(vm, name) ((vm)->special_names[NAME_##name])

#endif
