/* kept.h - translations kept on disk: a file for each unit and instruction set, with the functions that were ever executed.
 * Keys are contents, and the build of the translator; what does not fit or is damaged is translated anew. */
#ifndef HYBRIDSIM_TRANSLATOR_KEPT_H
#define HYBRIDSIM_TRANSLATOR_KEPT_H

#include "core/program.h"

struct kept_translations;

/* Finds the cycles of one execution of each source block. */
typedef void block_pricer(const struct machine_function *function, uint32_t block_count, uint64_t *cycles);

/* directory NULL: nothing is kept. It is made when missing, and outlives the result. What `price` (NULL: nobody) says of each
 * function is kept too: function->block_cycles. */
struct kept_translations *kept_new(const char *directory, const struct isa *isa, block_pricer *price);

/* translate(code, isa), or what an earlier run left of it. */
struct machine_function *kept_translate(struct kept_translations *kept, const struct code *code);

/* Writes what is new, and frees everything but the functions. */
void kept_free(struct kept_translations *kept);

#endif
