/* warning.h - warnings that native code gives; they go through the filters of module _warnings. */
#ifndef HYBRIDSIM_SIM_RUNTIME_WARNING_H
#define HYBRIDSIM_SIM_RUNTIME_WARNING_H

#include "sim/runtime/vm.h"

/* warnings.warn(formatted message, category, level): level 1 is the Python code that runs. The format is raise_error's. False:
 * an exception is pending, the filters may want the warning itself. */
bool warning_issue(struct vm *vm, struct type *category, int level, const char *format, ...);

/* Likewise, of the object that the warning is about; level 1. */
bool warning_issue_of(struct vm *vm, struct type *category, value source, const char *format, ...);

/* What the compiler warned of, as it printed it. The filters' "error" becomes a SyntaxError, as in CPython's compiler. */
bool warning_issue_compiled(struct vm *vm, const char *printed);

#endif
