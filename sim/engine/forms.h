/* forms.h - the engine's handlers: every op of core/ops.def, plus forms of ops that hold a constant, that fuse a comparison
 * with its branch, or that only the engine needs. ISAs never see forms.
 *
 * Words of a form: the op word's fields a, b, c hold, in this order, the results' slots, then per operand: v, w a slot; l the
 * slot and the local's number; n the number. A fourth to seventh field lies in an extension word. Then, each in a word of
 * its own: k the constant, s the name (interned str); then the caches (CACHE_WORDS); then for jumps: target, and for every
 * block-ending op: count, and for conditional ones: taken count.
 */
#ifndef HYBRIDSIM_SIM_ENGINE_FORMS_H
#define HYBRIDSIM_SIM_ENGINE_FORMS_H

#include "core/op.h"

/* Binary arithmetic in ops.def order (enum binary_kind's order). */
#define BINARY_FORMS(X) \
    X(add, ADD) X(and, AND) X(floor_divide, FLOOR_DIVIDE) X(lshift, LSHIFT) X(matmul, MATMUL) X(mul, MUL) \
    X(remainder, REMAINDER) X(or, OR) X(power, POWER) X(rshift, RSHIFT) X(sub, SUB) X(div, DIV) X(xor, XOR)
#define COMPARE_FORMS(X) X(lt, LT, <) X(le, LE, <=) X(eq, EQ, ==) X(ne, NE, !=) X(gt, GT, >) X(ge, GE, >=)

enum form {
#define OP(name, results, operands, flags, text) FORM_##name,
#include "core/ops.def"
#undef OP
    FORM_load_const,   /* a = dst; [constant] */
    FORM_load_free,    /* a = dst, b = index in the closure */
    FORM_count,        /* end of a block that falls through: [count] */
    FORM_return_const, /* [constant] [count] */
    FORM_guard_native, /* a = callee, c = slot that tells whether a guard of the instruction has failed (0: none does); [path]
                          [known callee] */
    FORM_guard_value,  /* a = operand, b = only exact ints and floats are right, else whatever has a built-in class; c likewise */
    FORM_nest,         /* a = iterator; [site]: does the loop that follows at once (nest.h), and exhausts the iterator */
    FORM_nest_call,    /* a = result, b = window, c = arguments; [site]: instead of the call that follows */
    FORM_nest_while,   /* b, c = what is compared; [site] target [count]: does the loop whose first test follows */
    FORM_choice,       /* a = result, b, c = what is compared; [site] target [count]: instead of the branch that follows */
    FORM_choice_return, /* a = result, b, c = what is compared; [site]: the return that follows comes next; it is left out where the
                          branch behind it decides */
    FORM_unsupported,  /* [text] */
    FORM_build_slice_once, /* as build_slice, before the load_item that alone uses it */
    FORM_trace,        /* any op word while the program is traced (trace_events.c) */
#define X(name, NAME) FORM_##name##_rk, FORM_##name##_kr, FORM_i##name##_rk,
    BINARY_FORMS(X)
#undef X
#define X(name, NAME, sign) FORM_##name##_rk, FORM_jump_##name, FORM_jump_##name##_rk,
    COMPARE_FORMS(X)
#undef X
    FORM_COUNT
};

enum { /* cache words after the names */
    ATTRIBUTE_ENTRIES = 4, /* shapes a site remembers, the latest first */
    CACHE_ATTRIBUTE = 3 * ATTRIBUTE_ENTRIES, CACHE_GLOBAL = 3, CACHE_CALL = 1,
    RETURN_WORDS = 2 /* of a return */
};

#endif
