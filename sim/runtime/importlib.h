/* importlib.h - CPython's own importlib, run here, beside the C road of import.c.
 *
 * Ordinary imports are done in C. Lib/importlib/_bootstrap.py and _bootstrap_external.py are run when something asks for what
 * only they have: the importlib package, sys.meta_path, a module's __spec__ or __loader__, a finder written in Python, a
 * namespace package, an archive on sys.path. Until then a placeholder stands in each of these places; it becomes the real
 * object when it is read. */
#ifndef HYBRIDSIM_SIM_RUNTIME_IMPORTLIB_H
#define HYBRIDSIM_SIM_RUNTIME_IMPORTLIB_H

#include "sim/runtime/module.h"

enum later_kind { LATER_SPEC, LATER_LOADER, LATER_META_PATH, LATER_PATH_HOOKS };

/* Before any module is made. */
void importlib_ready(struct vm *vm);

/* Runs the two modules and installs the finders; once. */
bool importlib_start(struct vm *vm);

/* Puts placeholders for __spec__ and __loader__ into a module's namespace. */
bool importlib_describe_later(struct vm *vm, value module);
bool importlib_sys_later(struct vm *vm); /* and those of module sys */

bool is_later(value v);
/* The real object behind a placeholder, which it replaces in its namespace. */
value later_resolve(struct vm *vm, value placeholder);

/* The finders are not those that Python starts with: imports have to ask them. */
bool importlib_is_customised(struct vm *vm);

/* importlib._bootstrap._find_and_load: finders and loaders as Python code. Its frames leave no trace in tracebacks. */
value importlib_find_and_load(struct vm *vm, value name);

/* CPython has this library module compiled in; 1: a module, 2: a package, 0: no. file: where Lib has it, relative. */
int frozen_module_find(const char *name, const char **file);
const char *frozen_module_name(int index); /* NULL: there are no more */
/* Its code. VALUE_NULL and NULL with an exception pending. */
const struct code *frozen_module_code(struct vm *vm, const char *name);

#endif
