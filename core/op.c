/* op.c - tables derived from ops.def. */
#include "core/op.h"

#include <string.h>

#define Q OP_QUIET
#define R OP_MAY_RAISE
#define E OP_EFFECT
#define QT (OP_QUIET | OP_TERMINATOR)
#define RT (OP_MAY_RAISE | OP_TERMINATOR)

const struct op_info op_infos[OP_COUNT] = {
#define OP(name, results, operands, flags, text) {#name, results, operands, flags, text},
#include "core/ops.def"
#undef OP
};

enum op op_by_name(const char *name, size_t length)
{
    for (int i = 0; i < OP_COUNT; i++)
        if (strlen(op_infos[i].name) == length && memcmp(op_infos[i].name, name, length) == 0)
            return (enum op)i;
    return OP_COUNT;
}

int op_window_size(enum op op, int count)
{
    switch ((int)op) {
    case OP_call:
    case OP_call_function:
        return count + 2;
    case OP_call_ex:
        return 3 + (count & 1);
    case OP_build_map:
        return 2 * count;
    case OP_build_const_key_map:
    case OP_reraise:
        return count + 1;
    case OP_make_function:
        return __builtin_popcount((unsigned)count & 15) + 1;
    case OP_with_except_start:
        return 4;
    case OP_unpack_ex:
        return (count & 255) + 1 + (count >> 8);
    case OP_build_tuple:
    case OP_build_list:
    case OP_build_set:
    case OP_build_string:
    case OP_build_slice:
    case OP_raise:
    case OP_unpack:
        return count;
    default: /* load_method and the like: two results side by side */
        return op_infos[op].results[0] == 'p' ? 2 : 0;
    }
}
