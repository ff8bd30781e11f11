/* energy.h - the keys of a machine's `energy` and `area` sections (energy.def, area.def), with their defaults and sources. */
#ifndef HYBRIDSIM_CORE_ENERGY_H
#define HYBRIDSIM_CORE_ENERGY_H

#include <stdint.h>

enum energy_key {
#define ENERGY(key, value, basis, source, text) ENERGY_##key,
#include "core/energy.def"
#undef ENERGY
    ENERGY_COUNT
};

enum area_key {
#define AREA(key, value, basis, source, text) AREA_##key,
#include "core/area.def"
#undef AREA
    AREA_COUNT
};

enum cost_basis {     /* how good a figure is */
    BASIS_PUBLISHED,
    BASIS_EXTRAPOLATED, /* from published ones: another width, size or unit */
    BASIS_ASSUMPTION,
    BASIS_COUNT
};

extern const char *const cost_basis_names[BASIS_COUNT];

struct cost_key {
    const char *name;
    int64_t value;      /* thousandths of a picojoule or of a square micrometre */
    enum cost_basis basis;
    const char *source, *text;
};

extern const struct cost_key energy_keys[ENERGY_COUNT], area_keys[AREA_COUNT];

struct machine_cost { /* as a machine has it */
    int64_t value;
    enum cost_basis basis;
    const char *source;
};

#endif
