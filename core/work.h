/* work.h - the kinds of work in work.def. */
#ifndef HYBRIDSIM_CORE_WORK_H
#define HYBRIDSIM_CORE_WORK_H

enum work_kind {
#define WORK(name, text) WORK_##name,
#include "core/work.def"
#undef WORK
    WORK_COUNT
};

extern const char *const work_names[WORK_COUNT];
extern const char *const work_definitions[WORK_COUNT];

#endif
