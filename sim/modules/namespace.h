/* namespace.h - types.SimpleNamespace, the type of sys.implementation. */
#ifndef HYBRIDSIM_SIM_MODULES_NAMESPACE_H
#define HYBRIDSIM_SIM_MODULES_NAMESPACE_H

#include "sim/runtime/types.h"

extern struct type simple_namespace_type;

/* A namespace whose attributes are the dict's items; the dict is taken over. */
value namespace_from_dict(struct vm *vm, value dict);

#endif
