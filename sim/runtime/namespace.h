/* namespace.h - types.SimpleNamespace. */
#ifndef HYBRIDSIM_SIM_RUNTIME_NAMESPACE_H
#define HYBRIDSIM_SIM_RUNTIME_NAMESPACE_H

#include "sim/runtime/types.h"

extern struct type namespace_type;

/* An empty one; its attributes are in namespace_fields(). */
value namespace_new(struct vm *vm);
struct dict_object *namespace_fields(value v);
value *namespace_dict_slot(struct object *namespace); /* of a subclass's instance too */

#endif
