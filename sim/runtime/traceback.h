/* traceback.h - traceback and frame objects, as exceptions, generators and sys._getframe show them.
 *
 * The frames that run are the engine's. A frame object is made when somebody asks for one; it then follows its frame and takes
 * over the values of the local variables when the frame is left (sim/engine/frame_object.c). */
#ifndef HYBRIDSIM_SIM_RUNTIME_TRACEBACK_H
#define HYBRIDSIM_SIM_RUNTIME_TRACEBACK_H

#include "sim/runtime/structures.h"

struct frame_object {
    struct object head;
    struct frame *frame;         /* the engine's, while it runs; NULL: left, or its generator is suspended */
    struct generator_object *generator; /* whose frame it is, until that is finished */
    value code, globals, builtins;
    value locals;                /* f_locals: a dict, the namespace of a class or module body; VALUE_NULL: not asked for yet */
    value back;                  /* of a frame that was left: frame object or NONE */
    value trace;                 /* f_trace, or VALUE_NULL */
    value instance;              /* of the engine's frame (its place there holds this object) */
    uint32_t instruction;        /* bytecode instruction it is at, as of the last engine_frame_refresh */
    uint8_t returns;             /* of the engine's frame: enum frame_return */
    uint32_t reraised;           /* instruction + 1 that raised what a handler raises again; 0: none */
    uint32_t walked, reported;   /* tracing: last instruction seen; instruction an event is about, while is_reporting */
    bool is_reporting;
    uint32_t jump_from, jump_to; /* a trace function set f_lineno: instructions + 1; 0: it did not */
    uint32_t unreported;         /* instruction + 1 that was jumped to, and of which there is no event */
    value native;                /* native function being called, for a profile function; or VALUE_NULL */
    bool shared;                 /* Python code has it: not only a traceback */
    bool cleared;
    bool trace_lines_off, trace_opcodes;
    uint32_t value_count;        /* local variables; 0 for the bodies of modules and classes */
    value values[];              /* as of the last engine_frame_refresh, cells as cells; VALUE_NULL: unbound */
};

/* The engine's side (sim/engine/frame_object.c). The frame `depth` calls below the innermost one, as an object; NULL: there is
 * none, or (pending) no memory. */
struct frame_object *engine_frame_object(struct vm *vm, uint32_t depth);
uint32_t engine_frame_depth(struct vm *vm); /* Python frames of this thread */
struct frame_object *engine_generator_frame(struct vm *vm, struct generator_object *generator);
/* Brings `instruction` and `values` up to date, unless the frame was left (then they are). */
void engine_frame_refresh(struct frame_object *frame);
value engine_frame_back(struct vm *vm, struct frame_object *frame); /* frame object or NONE */
/* Writes f_locals back into the variables of a frame that still runs: after a trace function. */
void engine_frame_store_locals(struct vm *vm, struct frame_object *frame);

/* f_lineno = line: from where the trace function was called, the frame goes on there. False: an exception is pending. */
bool engine_frame_jump(struct vm *vm, struct frame_object *frame, value line);

/* sys.settrace, sys.setprofile: None for none (sim/engine/trace_events.c). engine_call_traced: even inside a trace function. */
void engine_set_trace(struct vm *vm, value function);
void engine_set_profile(struct vm *vm, value function);
value engine_trace_function(struct vm *vm);
value engine_profile_function(struct vm *vm);
value engine_call_traced(struct vm *vm, value callee, value arguments);

/* frame.c: a fresh look at the local variables: the dict that locals() and f_locals show. */
value frame_locals(struct vm *vm, struct frame_object *frame);
/* A frame object for a traceback entry or a finished generator made without any running frame. */
value frame_object_new(struct vm *vm, value code, value globals, value builtins);
int32_t frame_line(const struct frame_object *frame); /* -1: none */

/* traceback_source.c: line `line` of a file, without its end; VALUE_NULL without pending exception: not there. */
value source_line(struct vm *vm, value filename, int32_t line);

/* traceback_anchors.c: which part of the expression text[start, end) of one source line is its operator: 3.11's rules for
 * binary operators and subscripts. False: none. Positions are in characters. */
struct anchors { int32_t left, right; };
bool expression_anchors(const uint32_t *text, size_t length, struct anchors *anchors);

/* suggestion.c: "Did you mean" for NameError, AttributeError, ImportError; VALUE_NULL: none. */
value exception_suggestion(struct vm *vm, value exception);

#endif
