/* cache_shapes.h - which data caches one execution follows (sim/timing/stack_distance.h), so that it stands for all points. */
#ifndef HYBRIDSIM_CLI_SWEEP_CACHE_SHAPES_H
#define HYBRIDSIM_CLI_SWEEP_CACHE_SHAPES_H

#include "cli/sweep/plan.h"
#include "sim/timing/stack_distance.h"

/* Those of the points, as many as are followed at once, the first points' first; for a search, and where `with_usual`, those that
 * are usual, too. NULL: no point has a data cache. */
struct stack_distances *cache_distances_of_points(const struct sweep_plan *plan, const uint32_t *points, uint32_t count,
                                                  bool with_usual);

/* For the profile of one run: the machine's and those that are usual. NULL: it has none. */
struct stack_distances *cache_distances_usual(const struct machine *machine);

#endif
