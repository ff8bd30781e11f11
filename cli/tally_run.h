/* tally_run.h - a program's tally (sim/timing/tally.h) and call tree (sim/timing/calltree.h): of a run, made in the run's process;
 * the tally also of a compiled file. */
#ifndef HYBRIDSIM_CLI_TALLY_RUN_H
#define HYBRIDSIM_CLI_TALLY_RUN_H

#include "cli/run_process.h"
#include "sim/timing/calltree.h"
#include "sim/timing/tally.h"

struct tally_style {
    bool sequences; /* pairs and triples are wanted */
};

/* As run_program.describe; the context is a struct tally_style. Code objects of the script that were never entered are in it. */
void tally_describe_run(const struct run_facts *facts, struct buffer *bytes);

/* The same for the call tree, of a run with run_program.contexts; and for both: tally_split says where the tree begins. */
void calltree_describe_run(const struct run_facts *facts, struct buffer *bytes);
void tally_describe_all(const struct run_facts *facts, struct buffer *bytes);
bool tally_split(const char *bytes, size_t size, struct tally **tally, struct calltree **tree);

struct tally *tally_unit(const struct code_unit *unit, const struct isa *isa);

#endif
