/* site_names.h - the builtins that Lib/site.py adds at CPython's start: quit, exit, copyright, credits, license, help.
 *
 * They are objects of classes of Lib/_sitebuiltins.py, which few programs need: a placeholder stands in each place until the
 * name is read. */
#ifndef HYBRIDSIM_SIM_RUNTIME_SITE_NAMES_H
#define HYBRIDSIM_SIM_RUNTIME_SITE_NAMES_H

#include "sim/runtime/module.h"

/* Puts the placeholders into module builtins' namespace. */
bool site_names_put(struct vm *vm);

bool is_site_placeholder(value v);
/* The real object behind a placeholder, which it replaces among the builtins. */
value site_name_resolve(struct vm *vm, value placeholder);

#endif
