/* sys.h - the parts of module sys. */
#ifndef HYBRIDSIM_SIM_MODULES_SYS_H
#define HYBRIDSIM_SIM_MODULES_SYS_H

#include "sim/modules/support.h"

/* sys_information.c: version_info, flags, float_info, ... put into the module's dict */
bool sys_information_add(struct vm *vm, struct dict_object *dict);

/* sys_hooks.c, sys_trace.c: functions of the module, ended by a row of nulls */
extern const struct method_definition sys_hook_functions[], sys_trace_functions[];
bool sys_async_add(struct vm *vm, struct dict_object *dict, value module); /* get_asyncgen_hooks and its like */
bool sys_hooks_add(struct vm *vm, struct dict_object *dict, value module); /* __displayhook__ and its like */

/* lsprof.c: the profiler whose profile function this is; of any other function the function itself */
value profiler_of_callback(value callback);

#endif
