/* liveness.h - which slots of a frame may still be read: what the collector marks of it. */
#ifndef HYBRIDSIM_SIM_ENGINE_LIVENESS_H
#define HYBRIDSIM_SIM_ENGINE_LIVENESS_H

#include "sim/engine/frame.h"

enum { ACCESS_FIELDS = 8 };
struct accesses { /* slots that one op word reads and writes */
    uint32_t reads[ACCESS_FIELDS], writes[ACCESS_FIELDS];
    uint32_t read_count, write_count;
    uint32_t read_window, read_window_size, write_window, write_window_size;
    bool falls_through, writes_when_falling_through;
};
uint32_t op_number_at(const struct code_state *state, uint32_t at); /* of the op word that words[at] belongs to */
/* Of the op word whose number is `op_number`. */
void find_accesses(const struct code_state *state, uint32_t op_number, struct accesses *accesses);

enum live_when {
    LIVE_BEFORE, /* the word is about to be executed, or native code is at it: its operands count */
    LIVE_AFTER   /* its operands were taken over by the frame it called, or the frame is suspended at it */
};

/* Bit i % 64 of word i / 64: slot i of a frame at `pc` is live. NULL: all are. Valid until the next call. */
const uint64_t *live_slots(struct code_state *state, const word *pc, enum live_when when);
bool live_before(struct code_state *state, uint32_t op_number, uint32_t slot); /* local variables always are */
void liveness_free(struct code_state *state);

/* Marks what the frame's slots hold; `above` is the frame it called, NULL for the innermost one. */
void live_mark_frame(struct vm *vm, struct frame *frame, const struct frame *above);

#endif
