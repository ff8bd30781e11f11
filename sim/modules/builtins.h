/* builtins.h - module builtins: functions, types, exceptions and constants; sim/modules/builtins*.c.
 * io.h says how sys.stdin, sys.stdout and sys.stderr come to be. */
#ifndef HYBRIDSIM_SIM_MODULES_BUILTINS_H
#define HYBRIDSIM_SIM_MODULES_BUILTINS_H

#include "sim/runtime/types.h"

/* Its initializer fills the module's dict with the types, exceptions and constants; that dict becomes vm->builtins. */
extern const struct native_module builtins_module;

/* The parts: tables of functions, each terminated by a NULL name. */
extern const struct method_definition builtins_aggregate_functions[]; /* sum min max any all sorted len */
extern const struct method_definition builtins_object_functions[];    /* getattr isinstance dir hash repr iter ... */
extern const struct method_definition builtins_number_functions[];    /* abs divmod pow round bin hex ord chr ... */
extern const struct method_definition builtins_code_functions[];      /* globals locals __import__ __build_class__ */
extern const struct method_definition builtins_compile_functions[];   /* eval exec compile */
extern const struct method_definition builtins_io_functions[];        /* print input open */

/* What names a source for compile() and symtable(): str, bytes or what has __fspath__, as a str. VALUE_NULL: pending. */
value builtins_source_path(struct vm *vm, value path);

#endif
