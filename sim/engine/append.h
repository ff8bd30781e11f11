/* append.h - strings that grow in place under `text += more` (append.c). */
#ifndef HYBRIDSIM_SIM_ENGINE_APPEND_H
#define HYBRIDSIM_SIM_ENGINE_APPEND_H

#include "sim/runtime/types.h"

enum { APPEND_TARGETS = 4 };
struct frame;
struct code_state;
struct append_table {
    struct append_target { /* a string with room, and the variable that alone holds it */
        struct string_object *string;
        const struct frame *frame;
        const struct code_state *state;
        uint64_t entries;          /* of the function, when the string was made */
        size_t capacity;           /* code points */
        uint32_t local;
    } targets[APPEND_TARGETS];
    uint32_t next;
    bool traced;
};

/* text + more, both exactly str, for an in-place addition that the innermost frame is at. */
value append_text(struct vm *vm, value text, value more);

#endif
