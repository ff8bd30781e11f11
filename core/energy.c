/* energy.c - the keys of energy.def and area.def as tables. */
#include "core/energy.h"

#include "core/work.h"

const char *const cost_basis_names[BASIS_COUNT] = {"published", "extrapolated", "assumption"};

const struct cost_key energy_keys[ENERGY_COUNT] = {
#define ENERGY(key, value, basis, source, text) {#key, value, BASIS_##basis, source, text},
#include "core/energy.def"
#undef ENERGY
};

const struct cost_key area_keys[AREA_COUNT] = {
#define AREA(key, value, basis, source, text) {#key, value, BASIS_##basis, source, text},
#include "core/area.def"
#undef AREA
};

/* The kinds of work are in the order of work.def. */
#define WORK(name, text) _Static_assert((int)ENERGY_work_##name == (int)ENERGY_work_objects + (int)WORK_##name, #name);
#include "core/work.def"
#undef WORK
