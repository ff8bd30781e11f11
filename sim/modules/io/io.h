/* io.h - file objects and the standard streams, as the rest of the simulator sees them. */
#ifndef HYBRIDSIM_SIM_MODULES_IO_IO_H
#define HYBRIDSIM_SIM_MODULES_IO_IO_H

#include "sim/runtime/types.h"

/* The object of sys.stdin (0), sys.stdout (1), sys.stderr (2), over vm->in, vm->out, vm->err; always the same one. The sys
 * module puts them under their names, and under __stdin__, __stdout__, __stderr__. */
value io_standard_stream(struct vm *vm, int descriptor);

/* sys.stdout as the program sees it now is the original object: print may write to vm->out directly. */
bool io_stdout_is_original(struct vm *vm);
const char *io_stdout_errors(struct vm *vm); /* its error handler */
value io_current_stdout(struct vm *vm); /* sys.stdout; VALUE_NULL and RuntimeError when it was deleted */

/* open(): arguments as bound by its signature */
value io_open(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

/* Writes out what files dropped without close() still hold: CPython's reference counts did it at once. Called before the
 * program looks at the file system. False: an exception is pending. */
bool io_flush_pending(struct vm *vm);
void io_state_free(struct vm *vm); /* called by vm_free; flushes what the program left open */

extern const struct native_module io_module; /* "_io" */

#endif
