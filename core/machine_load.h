/* machine_load.h - reads a machine spec (docs/timing-model.md) into struct machine. */
#ifndef HYBRIDSIM_CORE_MACHINE_LOAD_H
#define HYBRIDSIM_CORE_MACHINE_LOAD_H

#include "core/machine.h"
#include "core/spec.h"

/* The machine a tree describes; always a machine, with errors in spec->diag. */
struct machine *machine_from_tree(struct spec *spec, const struct yaml_node *root);

/* Index of a unit, -1 when the machine has none of that name. */
int machine_unit_index(const struct machine *machine, const char *name);

#endif
