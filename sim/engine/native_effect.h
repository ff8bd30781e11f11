/* native_effect.h - what native functions do with what their arguments hold, by their names: a table. */
#ifndef HYBRIDSIM_SIM_ENGINE_NATIVE_EFFECT_H
#define HYBRIDSIM_SIM_ENGINE_NATIVE_EFFECT_H

#include "sim/runtime/types.h"

enum native_effect {
    EFFECT_READS,        /* everything in its object and arguments */
    EFFECT_READS_STATE,  /* how many there are */
    EFFECT_READS_KEY,    /* of its object, the item that the first argument names */
    EFFECT_WRITES,       /* reads all, and changes its object (or, of functions, the first argument) */
    EFFECT_WRITES_KEY,   /* writes, and reads, the item that the first argument names */
    EFFECT_ADDS_KEY,     /* only writes it */
    EFFECT_APPENDS,      /* adds something behind what there is */
    EFFECT_TAKES_LAST,   /* takes off the last item, when there is no argument */
    EFFECT_PRINTS,       /* reads, and shows something */
    EFFECT_NOTHING
};

/* Of a method's object, `self`; for functions that is their module. */
enum native_effect native_effect_of(struct vm *vm, const struct native_function_object *function, value self);

#endif
