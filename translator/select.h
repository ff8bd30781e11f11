/* select.h - what the files of the fourth pass share: select.c chooses and places, match.c compares patterns with ops. */
#ifndef HYBRIDSIM_TRANSLATOR_SELECT_H
#define HYBRIDSIM_TRANSLATOR_SELECT_H

#include "translator/nest.h"
#include "translator/translator.h"

struct bound { /* an operand of an instruction in a match */
    bool set;
    struct ir_value value;
    char letter;            /* of the op's operand or result */
    const struct ir_op *op; /* the op it belongs to */
    int16_t kind;           /* enum operand_kind, or -1: through a scratch register */
    int32_t field;
};

struct match {
    int instruction, pattern;
    uint32_t first, last; /* ops */
    struct bound bounds[ISA_MAX_OPERANDS];
    int64_t cost;
    int fixups;
};

struct result_moves { /* from scratch registers to where results belong */
    int count;
    struct machine_operand to[IR_MAX_RESULTS], from[IR_MAX_RESULTS];
};

struct chooser {
    struct ir *ir;
    const struct isa *isa;
    const struct ir_block *block;
    struct selected_block *out;
    uint32_t *by_op_first, *by_op; /* patterns indexed by root op: lists of instruction * 256 + pattern */
    int64_t move_cost;
    bool native; /* speculative instructions may be used */
    struct nest_list nests;
    bool has_nests; /* they have been looked for */
    int32_t scratch_used;
    struct result_moves pending; /* of a terminator's result, for the next block */
};

/* Tries one pattern on the ops of the block that end at `last`: its tree, and what it demands besides. Binds operands and results,
 * which have no places yet. */
bool match_pattern(struct chooser *c, int instruction, int pattern_index, uint32_t last, struct match *match);

#endif
