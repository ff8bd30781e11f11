/* buffered.h - what the two halves of the buffered classes, buffered.c and buffered_read.c, share. */
#ifndef HYBRIDSIM_SIM_MODULES_IO_BUFFERED_H
#define HYBRIDSIM_SIM_MODULES_IO_BUFFERED_H

#include "sim/modules/io/file.h"

/* raw when it is exactly a FileIO: no Python code is in between. Else NULL. */
static inline struct raw_state *buffered_raw(struct vm *vm, const struct buffered_state *state)
{
    return io_is_exact(vm, state->raw, IO_FILE) ? raw_of(state->raw) : NULL;
}

bool buffered_ready(struct vm *vm, value self);        /* initialised and not detached */
bool buffered_check_closed(struct vm *vm, value self, const char *what); /* "read of" */
bool buffered_write_out(struct vm *vm, struct buffered_state *state);
bool buffered_unread(struct vm *vm, struct buffered_state *state);
uint8_t *buffered_memory(struct vm *vm, struct buffered_state *state, uint8_t **memory); /* made when first asked for */

IO_FUNCTION(buffered_tell);
IO_FUNCTION(buffered_read_method);
IO_FUNCTION(buffered_read1_method);
IO_FUNCTION(buffered_peek);
IO_FUNCTION(buffered_readinto);
IO_FUNCTION(buffered_readinto1);
IO_FUNCTION(buffered_readline);
IO_FUNCTION(buffered_next);

#endif
