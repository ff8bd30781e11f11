/* constant_text.h - what constants of code objects look like: repr() by the runtime's own objects, so that the order of a
 * frozenset and the digits of a float are those that the program would print. */
#ifndef HYBRIDSIM_CLI_CONSTANT_TEXT_H
#define HYBRIDSIM_CLI_CONSTANT_TEXT_H

#include "core/code.h"

#include <stddef.h>

struct constant_texts;
struct vm;

/* The runtime stays the caller's and executes nothing for this. To be freed after it: the collector looks in here. */
struct constant_texts *constant_texts_new(struct vm *vm);
void constant_texts_free(struct constant_texts *texts);

/* As struct disassembly wants it; the context is a struct constant_texts. The object of one code constant is the same each time,
 * so that its address is, too. Quickest when the code objects of one unit come one after the other. */
const char *constant_text(void *context, const struct code *code, uint32_t index, size_t *size);

#endif
