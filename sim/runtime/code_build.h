/* code_build.h - code objects made at run time: types.CodeType(...), code.replace(...). */
#ifndef HYBRIDSIM_SIM_RUNTIME_CODE_BUILD_H
#define HYBRIDSIM_SIM_RUNTIME_CODE_BUILD_H

#include "core/buffer.h"
#include "sim/runtime/structures.h"

enum code_part { /* in the order of types.CodeType's arguments */
    PART_ARGUMENT_COUNT, PART_POSITIONAL_ONLY, PART_KEYWORD_ONLY, PART_LOCAL_COUNT, PART_STACK_SIZE, PART_FLAGS, PART_CODE,
    PART_CONSTANTS, PART_NAMES, PART_VARIABLES, PART_FILENAME, PART_NAME, PART_QUALIFIED_NAME, PART_FIRST_LINE,
    PART_LINE_TABLE, PART_EXCEPTION_TABLE, PART_FREE, PART_CELLS, PART_COUNT
};

/* The parts of a code object, as its co_ attributes show them. False: no memory, pending. */
bool code_parts(struct vm *vm, value code, value parts[PART_COUNT]);
extern const char *const code_part_names[PART_COUNT]; /* co_argcount, ... */

/* Checks the parts as CPython does and makes the code object; bytecode that cannot be decoded is unsupported. */
value code_build(struct vm *vm, const value parts[PART_COUNT]);

/* Equal constants of equal types, all the way down: 0.0 and -0.0 differ, as do 1 and True. -1, 0, 1 */
int constants_identical(struct vm *vm, value a, value b);

#endif
