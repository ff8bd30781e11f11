/* trace_events.h - what the loop and the unwinder tell the program's trace and profile functions. */
#ifndef HYBRIDSIM_SIM_ENGINE_TRACE_EVENTS_H
#define HYBRIDSIM_SIM_ENGINE_TRACE_EVENTS_H

#include "sim/engine/frame.h"

struct trace_patch { /* of a code_state, by word */
    uint16_t *forms; /* what an op word is when it is not FORM_trace */
    bool *starts;    /* a machine block begins here */
    uint32_t entry_word; /* the first op word at or behind the RESUME that a call begins with */
    bool active;
};

void trace_new_state(struct tracing *tracing, struct code_state *state); /* the code was just predecoded */
void trace_patch_free(struct code_state *state);
uint16_t trace_original_form(const struct code_state *state, const word *pc);

/* FORM_trace at pc of the innermost frame: reports, then says which form to run. False: an exception is pending. */
bool trace_word(struct vm *vm, const word *pc, uint16_t *form);
/* The frame is about to be left with `result` (VALUE_NULL: by an exception), or suspended. False: an exception is pending. */
bool trace_leave(struct vm *vm, struct frame *frame, value result);
/* The pending exception was raised in the frame (traced: not raised again); a trace function may replace it. */
void trace_exception(struct vm *vm, struct frame *frame, unsigned traced);

/* What the frame iterates over or awaits returned: CPython's loop may see a StopIteration. */
void trace_exhausted(struct vm *vm, struct frame *frame, value result);

#endif
