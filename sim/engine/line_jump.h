/* line_jump.h - a trace function's `frame.f_lineno = line`: where the frame may go on, and going there. */
#ifndef HYBRIDSIM_SIM_ENGINE_LINE_JUMP_H
#define HYBRIDSIM_SIM_ENGINE_LINE_JUMP_H

#include "sim/engine/frame.h"
#include "sim/runtime/traceback.h"

/* The innermost frame goes on at object->jump_to, which engine_frame_jump accepted. False: an exception is pending. */
bool line_jump(struct vm *vm, struct frame *frame, struct frame_object *object);

#endif
