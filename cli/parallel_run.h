/* parallel_run.h - a run's dependences (sim/dependence/summary.h), made in the run's process. */
#ifndef HYBRIDSIM_CLI_PARALLEL_RUN_H
#define HYBRIDSIM_CLI_PARALLEL_RUN_H

#include "cli/run_process.h"
#include "sim/dependence/summary.h"

/* As run_program.describe, of a run with run_program.dependence_bytes; writes a summary. */
void parallel_describe_run(const struct run_facts *facts, struct buffer *bytes);

#endif
