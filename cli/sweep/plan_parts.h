/* plan_parts.h - the parts of reading a sweep file, in the order in which plan.c calls them. Errors go to the spec's diag. */
#ifndef HYBRIDSIM_CLI_SWEEP_PLAN_PARTS_H
#define HYBRIDSIM_CLI_SWEEP_PLAN_PARTS_H

#include "cli/sweep/plan.h"
#include "core/spec.h"

/* plan_axes.c: `axes` and `derive`. Needs the base and the method, for a sample's ranges may be wider. */
void plan_read_axes(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root);

/* plan_points.c: how points are come by (`combine` or `method`, and the keys that go with it); then the points. */
void plan_read_method(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root);
void plan_list_points(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root);

/* The ISA of the first point that has each value: so an unknown key and a wrong type are found before anything runs. */
void plan_try_values(struct spec *spec, struct sweep_plan *plan);

/* objective.c: `objectives`. Needs base, programs and axes. */
void plan_read_objectives(struct spec *spec, struct sweep_plan *plan, const struct yaml_node *root);

#endif
