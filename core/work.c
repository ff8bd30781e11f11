/* work.c - names and definitions from work.def. */
#include "core/work.h"

const char *const work_names[WORK_COUNT] = {
#define WORK(name, text) #name,
#include "core/work.def"
#undef WORK
};

const char *const work_definitions[WORK_COUNT] = {
#define WORK(name, text) text,
#include "core/work.def"
#undef WORK
};
