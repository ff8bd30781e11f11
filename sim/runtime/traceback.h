/* traceback.h - traceback and frame objects, as exceptions and generators show them. */
#ifndef HYBRIDSIM_SIM_RUNTIME_TRACEBACK_H
#define HYBRIDSIM_SIM_RUNTIME_TRACEBACK_H

#include "sim/runtime/structures.h"

struct frame_object { /* what a traceback's tb_frame shows; the real frames are the engine's */
    struct object head;
    value code, globals, back, locals; /* back: frame or NONE; locals: dict or NONE */
    int32_t line;
};
value frame_object_new(struct vm *vm, value code, value globals, int32_t line);

/* traceback_source.c: line `line` of a file, without its end; VALUE_NULL without pending exception: not there. */
value source_line(struct vm *vm, value filename, int32_t line);

/* traceback_anchors.c: which part of the expression text[start, end) of one source line is its operator: 3.11's rules for
 * binary operators and subscripts. False: none. Positions are in characters. */
struct anchors { int32_t left, right; };
bool expression_anchors(const uint32_t *text, size_t length, struct anchors *anchors);

/* suggestion.c: "Did you mean" for NameError, AttributeError, ImportError; VALUE_NULL: none. */
value exception_suggestion(struct vm *vm, value exception);

#endif
