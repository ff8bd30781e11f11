/* module.h - module objects and the native modules among them. */
#ifndef HYBRIDSIM_SIM_RUNTIME_MODULE_H
#define HYBRIDSIM_SIM_RUNTIME_MODULE_H

#include "sim/runtime/types.h"

/* sys.modules, builtins and sys. */
void modules_start(struct vm *vm);

/* The native module of this name, made and put into sys.modules; VALUE_NULL without pending: there is none. */
value native_module_load(struct vm *vm, const char *name);

/* The module's body is being executed: its attributes may not be there yet. */
bool module_is_initializing(struct vm *vm, value module);

static inline struct dict_object *module_dict(value module)
{
    return dict_of(((struct module_object *)value_object(module))->dict);
}

void io_state_free(struct vm *vm); /* sim/modules/io.c */
void signal_state_free(struct vm *vm); /* sim/modules/signal.c */
bool signal_is_default(const struct vm *vm, int number); /* there, too: the program has left the signal as it was */
void channels_free(struct vm *vm);     /* sim/modules/channel.c */
void decimal_state_free(struct vm *vm); /* sim/modules/decimal/state.c */
void ctypes_state_free(struct vm *vm); /* sim/modules/ctypes/module.c */
void asyncio_state_free(struct vm *vm); /* sim/modules/asyncio/module.c */
void pickle_state_free(struct vm *vm);  /* sim/modules/pickle/module.c */
void etree_state_free(struct vm *vm);   /* sim/modules/etree/module.c */
void numpy_state_free(struct vm *vm);   /* sim/tensor/numpy_state.c */

#endif
