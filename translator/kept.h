/* kept.h - translations kept on disk: a file for each unit and instruction set, with the functions that were ever executed.
 * Keys are contents, and the build of the translator; what does not fit or is damaged is translated anew. */
#ifndef HYBRIDSIM_TRANSLATOR_KEPT_H
#define HYBRIDSIM_TRANSLATOR_KEPT_H

#include "core/program.h"

struct kept_translations;

/* directory NULL: nothing is kept. It is made when missing, and outlives the result. */
struct kept_translations *kept_new(const char *directory, const struct isa *isa);

/* translate(code, isa), or what an earlier run left of it. */
struct machine_function *kept_translate(struct kept_translations *kept, const struct code *code);

/* Writes what is new, and frees everything but the functions. */
void kept_free(struct kept_translations *kept);

#endif
