/* dis_listing.h - what `hybridsim dis` prints of one compiled file: its bytecode as CPython's dis does, or the machine code that it
 * becomes; after a run with counts and cycles. */
#ifndef HYBRIDSIM_CLI_DIS_LISTING_H
#define HYBRIDSIM_CLI_DIS_LISTING_H

#include "cli/constant_text.h"
#include "cli/run_process.h"
#include "core/buffer.h"

struct dis_style {
    bool caches;          /* rows for inline caches */
    bool source;          /* source lines between the bytecode's rows; machine code has them always */
    bool all;             /* everything executed, not only the script */
    bool machine_code;    /* under each ISA, not the bytecode alone */
    const char *command;  /* the source when it has no file; NULL: it has */
};

/* The unit's code objects, not executed. `isa` NULL: as CPython's dis. */
void dis_add_unit(const struct dis_style *style, const struct code_unit *unit, const struct isa *isa,
                  struct constant_texts *constants, struct buffer *text);

/* After a run: the code objects of the script (or of all that was executed), then totals. As run_program.describe wants it; the
 * context is a struct dis_style. */
void dis_describe_run(const struct run_facts *facts, struct buffer *text);

#endif
