/* access_words.h - runs whose accesses to objects' memory are told to a data cache (session_options.on_access): before each op word
 * is executed, what it will use is found from the values in its slots, so handlers know nothing of it (as in observe.h). */
#ifndef HYBRIDSIM_SIM_ENGINE_ACCESS_WORDS_H
#define HYBRIDSIM_SIM_ENGINE_ACCESS_WORDS_H

#include "sim/engine/frame.h"

void accesses_start(struct vm *vm);

/* For the loops: the word at pc is about to be executed. */
void access_word(struct vm *vm, const word *pc, const value *slots);

/* access_native.c: what a call of a native function or of a built-in type uses. */
void access_call(struct vm *vm, value callee, const value *arguments, uint32_t count);
/* What is left of an iterator over something that is followed, or all of that itself. */
void access_rest(struct vm *vm, value v);
/* What the next step of an iterator uses. */
void access_next(struct vm *vm, value iterator);

#endif
