/* categories.h - how instructions and native work are grouped for counting and charts: a YAML file that a user can replace
 * (isa-specs/categories/default.yaml says what stands in it). */
#ifndef HYBRIDSIM_CORE_CATEGORIES_H
#define HYBRIDSIM_CORE_CATEGORIES_H

#include "core/arena.h"
#include "core/diag.h"
#include "core/isa.h"

struct category {
    const char *name, *colour; /* "#rrggbb" */
    uint32_t isa;              /* bits of enum isa_category */
    uint32_t native;           /* bits of enum work_kind */
    int pattern_count;
    const char **patterns;     /* of instructions' names, as in file names */
};

struct categories {
    struct arena *arena;
    const char *file;
    int count;
    struct category *list;     /* the last one has what no other has */
    uint32_t amounts;          /* bits of enum work_kind */
};

/* NULL, with every error of the file. */
struct categories *categories_load(const char *path, struct diag *diag);
void categories_free(struct categories *categories);

/* Place in `list` of an instruction to which its ISA gives a category; of a kind of work, -1 when it is in none. */
int category_of_instruction(const struct categories *categories, const char *name, int isa_category);
int category_of_work(const struct categories *categories, int kind);

#endif
