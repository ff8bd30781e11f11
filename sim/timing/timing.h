/* timing.h - instructions and cycles of a run, computed from its profile for one ISA on its machine (docs/timing-model.md).
 * The result is plain data with its own strings: it outlives profile, ISA and code, and can be sent to another process. */
#ifndef HYBRIDSIM_SIM_TIMING_TIMING_H
#define HYBRIDSIM_SIM_TIMING_TIMING_H

#include "core/arena.h"
#include "core/buffer.h"
#include "core/isa.h"
#include "sim/profile/profile.h"
#include "sim/timing/area.h"
#include "sim/timing/energy.h"

enum cycle_part {
#define PART(name, text) CYCLES_##name,
#include "sim/timing/cycle_parts.def"
#undef PART
    CYCLES_WORK, /* + enum work_kind */
    CYCLE_PART_COUNT = CYCLES_WORK + WORK_COUNT
};

/* Name ("base", "work:objects") and one-line definition of a part. */
const char *cycle_part_name(enum cycle_part part);
const char *cycle_part_definition(enum cycle_part part);

enum timing_event { /* what the parts of the cycle stack were computed from */
    EVENT_branches,      /* executed conditional branches */
    EVENT_taken,         /* conditional branches taken and jumps */
    EVENT_mispredicted,
    EVENT_spills,        /* operand-stack entries moved to memory */
    EVENT_fills,         /* and back */
    EVENT_register_spills, /* locals without a register, moved from registers (or the operand stack) to frame memory */
    EVENT_register_fills,  /* and back */
    EVENT_guard_failures, /* speculative instructions whose guard failed */
    EVENT_tensor_operations,
    EVENT_activations,   /* elements processed by the activation unit */
    EVENT_cache_accesses, /* words of objects' memory, where the machine has a data cache */
    EVENT_cache_misses,
    EVENT_COUNT
};

extern const char *const timing_event_names[EVENT_COUNT];

struct timing_counts {
    uint64_t static_instructions; /* in the machine code of every code object entered, prefixes included */
    uint64_t code_bytes;          /* its length */
    uint64_t instructions;        /* executed */
    uint64_t cycles;              /* the sum of cycle_stack */
    uint64_t *by_instruction;     /* executed, as timing_result.names */
    uint64_t by_category[CATEGORY_COUNT];
    uint64_t cycle_stack[CYCLE_PART_COUNT];
    uint64_t work[WORK_COUNT];    /* units, not cycles */
    uint64_t events[EVENT_COUNT];
    uint64_t energy;                        /* the sum of energy_parts */
    uint64_t energy_parts[ENERGY_PART_COUNT]; /* femtojoules */
};

struct timing_group { /* a source file, or a code object */
    const char *file;
    const char *name;    /* code object: its qualified name; file: NULL */
    uint32_t line;       /* code object: its first line */
    bool is_script;      /* belongs to the script itself */
    struct timing_counts counts;
};

struct timing_shape { /* equal native operations of one run, added up */
    struct profile_shape shape; /* instruction is 0 */
    bool covered;        /* by an instruction of the ISA */
    uint64_t cycles;     /* of all of them */
};

struct timing_loop { /* a loop or comprehension that an instruction stands for, or nearly */
    const char *file, *name; /* of its code object */
    uint32_t line;
    const char *form;    /* of core/idiom.def; NULL: none of them */
    const char *reason;  /* why it was not taken; NULL: it was */
    uint64_t count;
};

struct timing_native {
    const char *name;
    uint64_t calls;
};

/* What each placed instruction of a code object did, in address order. Their instructions, failures' included, are the code
 * object's: executed + plain + (executed + failed) * prefixes. Their cycles are, too, with `elsewhere`. A block with copies counts
 * at the first of them. */
struct timing_rows {
    uint32_t count;
    uint32_t group;          /* the code object's place in timing_result.codes */
    uint64_t *executed;      /* times */
    uint64_t *failed;        /* more times, when a speculative instruction's guard failed */
    uint64_t *plain;         /* instructions that ran in its place then */
    uint64_t *cycles;        /* with waiting, branches, tensor and activation unit and library code of known shape */
    uint64_t elsewhere;      /* work of native code, which has no instruction of its own */
};

struct timing_result {
    struct arena *arena;
    const char *isa, *machine;
    uint32_t name_count;
    const char **names;        /* every instruction of the ISA, its prefix instruction last */
    uint8_t *categories;       /* of each, enum isa_category */
    struct timing_counts total, script; /* everything executed; code of the script's own file */
    uint32_t file_count, code_count, shape_count, loop_count, native_count;
    struct timing_group *files, *codes; /* in order of first execution */
    struct timing_shape *shapes;
    struct timing_loop *loops;          /* in order of first execution of their code, then of their place in it */
    struct timing_native *natives;      /* sorted by name */
    struct timing_rows *rows;           /* asked for: one for each of the profile's codes; not sent to other processes */
    uint64_t area, area_parts[AREA_PART_COUNT]; /* of the ISA on its machine, in square micrometres */
    bool interrupted;
    double host_seconds;
    uint64_t host_peak_rss_bytes;
};

struct timing_options {
    const char *script_file; /* co_filename of the script; NULL: that of the first code object executed */
    bool rows;               /* fill timing_result.rows */
};

/* The machine is isa->machine. Every profiled code's `function` must be a translation for `isa`. */
struct timing_result *timing_compute(const struct profile *profile, const struct isa *isa,
                                     const struct timing_options *options);
void timing_result_free(struct timing_result *result);

/* The result as bytes for another process of the same program, and back (NULL when the bytes are not a whole result). */
void timing_result_write(const struct timing_result *result, struct buffer *bytes);
struct timing_result *timing_result_read(const char *bytes, size_t size);

#endif
