/* text_signature.h - __text_signature__: a str, or None where there is none. */
#ifndef HYBRIDSIM_SIM_RUNTIME_TEXT_SIGNATURE_H
#define HYBRIDSIM_SIM_RUNTIME_TEXT_SIGNATURE_H

#include "sim/runtime/structures.h"

value text_signature_native(struct vm *vm, const struct native_function_object *function);
value text_signature_slot(struct vm *vm, const char *name); /* of the special method `name` */
value text_signature_type(struct vm *vm, const struct type *type);

#endif
