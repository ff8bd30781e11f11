/* tally.h - how many instructions there are and how often each was executed: by code object, line and instruction; and how
 * often one follows another, in pairs and triples (tally_sequences.c says what is counted). Plain data with its own strings. */
#ifndef HYBRIDSIM_SIM_TIMING_TALLY_H
#define HYBRIDSIM_SIM_TIMING_TALLY_H

#include "sim/timing/timing.h"

enum tally_scope { TALLY_ALL, TALLY_SCRIPT, TALLY_SCOPES };

struct tally_row {       /* the equal instructions of one line of a code object */
    uint32_t code, line; /* place in tally.codes; line 0: not known */
    uint32_t name;       /* place in tally.names */
    uint64_t placed, executed;
    uint64_t cycles;     /* as timing_rows.cycles */
};

struct tally_code {
    const char *file, *name; /* its qualified name */
    uint32_t line;
    bool is_script, entered; /* entered: it was executed */
    uint64_t caches;         /* inline cache entries in its machine code */
    uint64_t native_cycles;  /* of work that has no instruction of its own: timing_rows.elsewhere */
    uint64_t work[WORK_COUNT];
};

enum { SEQUENCE_MAX = 3 };
struct tally_sequence {  /* instructions that are executed one after the other in one code object */
    uint32_t length, names[SEQUENCE_MAX];
    uint64_t placed[TALLY_SCOPES], executed[TALLY_SCOPES];
};

struct tally {
    struct arena *arena;
    const char *isa, *machine;
    bool is_executed;        /* false: nothing was run, all of `executed` is 0 */
    bool has_sequences;      /* pairs and triples are counted */
    uint32_t name_count;
    const char **names;      /* as timing_result.names */
    uint8_t *categories;
    uint32_t code_count, row_count, sequence_count, code_capacity, row_capacity, sequence_capacity;
    struct tally_code *codes;
    struct tally_row *rows;  /* by code, line, name */
    struct tally_sequence *sequences;
    uint64_t estimated[TALLY_SCOPES]; /* executed triples whose number follows from no counter */
    uint32_t *sequence_table, table_capacity; /* while it is made */
};

struct tally *tally_new(const struct isa *isa);
void tally_free(struct tally *tally);

/* profile and rows: NULL when the code was not executed. */
void tally_add(struct tally *tally, const struct machine_function *function, bool is_script, const struct code_profile *profile,
               const struct timing_rows *rows);
/* Adds to a sequence's counts. For tally_sequences.c. */
void tally_add_sequence(struct tally *tally, const uint32_t *names, uint32_t length, bool is_script, uint64_t placed,
                        uint64_t executed);
void tally_sequences(struct tally *tally, const struct machine_function *function, bool is_script,
                     const struct code_profile *profile);

void tally_write(const struct tally *tally, struct buffer *bytes);
/* NULL when the bytes are not a whole tally. */
struct tally *tally_read(const char *bytes, size_t size);

#endif
