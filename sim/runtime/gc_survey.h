/* gc_survey.h - looking at the heap through the collector's eyes: for gc.c and gc_survey.c, and who follows what objects lead to. */
#ifndef HYBRIDSIM_SIM_RUNTIME_GC_SURVEY_H
#define HYBRIDSIM_SIM_RUNTIME_GC_SURVEY_H

#include "sim/runtime/gc.h"

struct gc_survey {
    bool (*reference)(struct gc_survey *survey, void *object); /* something refers to it; false: it shall not be marked for that */
    void (*marked)(struct vm *vm, struct gc_survey *survey);   /* all that lives is marked; NULL: does not matter */
    bool looks;      /* the references that are reported now count: they are an object's */
    bool only_looks; /* nothing is marked at all */
};

void gc_set_survey(struct vm *vm, struct gc_survey *survey); /* NULL: no longer */
/* gc_add_referents, but it makes and counts nothing: the first `capacity` of them, and how many these are. */
size_t gc_referents(struct vm *vm, value v, value *found, size_t capacity);
/* All objects that are marked, or all that are not. Inside `marked` only. */
void gc_visit_objects(struct vm *vm, bool marked, void (*visit)(struct vm *vm, struct object *object, void *context),
                      void *context);

#endif
