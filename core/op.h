/* op.h - the enum, names and signatures of the ops in ops.def. */
#ifndef HYBRIDSIM_CORE_OP_H
#define HYBRIDSIM_CORE_OP_H

#include <stdbool.h>
#include <stddef.h>

enum op {
#define OP(name, results, operands, flags, text) OP_##name,
#include "core/ops.def"
#undef OP
    OP_COUNT
};

enum op_flags {
    OP_QUIET = 1,      /* never raises, no effect but its results */
    OP_MAY_RAISE = 2,  /* may raise or run other code */
    OP_EFFECT = 4,     /* has an effect, never raises */
    OP_TERMINATOR = 8  /* ends a basic block */
};

struct op_info {
    const char *name;     /* as written in patterns */
    const char *results;  /* one letter a result, see ops.def */
    const char *operands; /* one letter an operand, see ops.def */
    unsigned flags;       /* enum op_flags */
    const char *text;     /* what it does */
};

extern const struct op_info op_infos[OP_COUNT];

/* The op called `name` (length bytes), or OP_COUNT. */
enum op op_by_name(const char *name, size_t length);

/* How many slots the op's window has ('w' operand, or 'p' result: what it puts there) when its count is `count`; 0 for an
 * op without one. */
int op_window_size(enum op op, int count);

#endif
