/* import.h - the import statement: native modules first, then source files along sys.path. */
#ifndef HYBRIDSIM_SIM_RUNTIME_IMPORT_H
#define HYBRIDSIM_SIM_RUNTIME_IMPORT_H

#include "sim/runtime/module.h"

/* The module object `name` ("a.b.c", an absolute name), its parents imported before it. ModuleNotFoundError names what was
 * not found. import_name, import_from, import_star: types.h. */
value import_absolute(struct vm *vm, value name);

/* A file or folder on sys.path is the module or, of a dotted name, its outermost package. */
bool import_is_on_path(struct vm *vm, const char *name);

/* Runs the unit as a module that is in sys.modules already; takes it out again when that raises. */
bool import_execute(struct vm *vm, value module, value name, const struct code *code);

/* When the unit's code reads __spec__ or __loader__ as variables: makes them real in the module. */
bool import_resolve_own_names(struct vm *vm, value module, const struct code *code);

#endif
