/* float_text.h - laying out a double's digits; shared by repr, format() and complex. */
#ifndef HYBRIDSIM_SIM_RUNTIME_FLOAT_TEXT_H
#define HYBRIDSIM_SIM_RUNTIME_FLOAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum float_layout {
    FLOAT_ALTERNATE = 1, /* '#': always a point, no zeros cut off */
    FLOAT_DOT_ZERO = 2   /* a number without a point gets ".0" */
};

/* The magnitude of d (or "inf", "nan") as `type` says: one of e E f F g G, or r for the shortest. malloc'd; NULL: no memory. */
char *float_layout(double d, char type, int precision, unsigned flags);

/* As printf's "%.*f" of d >= 0 without a call of it; its length, or 0: not for this number or precision. */
enum { FLOAT_FIXED_PRECISION = 18, FLOAT_FIXED_ROOM = 24 };
size_t float_fixed(double d, int precision, char out[FLOAT_FIXED_ROOM]);

#endif
