/* idiom.h - the enum and names of the forms in idiom.def. */
#ifndef HYBRIDSIM_CORE_IDIOM_H
#define HYBRIDSIM_CORE_IDIOM_H

#include <stdbool.h>
#include <stddef.h>

enum idiom {
    IDIOM_NONE,
#define LOOP(name, text) IDIOM_##name,
#define CHOICE(name, text) IDIOM_##name,
#include "core/idiom.def"
    IDIOM_COUNT
};

extern const char *const idiom_names[IDIOM_COUNT]; /* as written in patterns */

/* The form called `name` (length bytes), or IDIOM_NONE. */
enum idiom idiom_by_name(const char *name, size_t length);

/* True for loops and comprehensions, false for conditional expressions. */
bool idiom_is_loop(enum idiom idiom);

#endif
