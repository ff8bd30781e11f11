/* sre.h - the regular expression engine behind CPython's own re package: what the files of module _sre share.
 *
 * Lib/re compiles a pattern to a list of code words; program.c translates these once into instructions whose tests of single
 * characters are tables and whose choices know which character may come next; match.c runs them by backtracking with a stack
 * of its own. Pattern, Match and Scanner are the Python objects around that.
 */
#ifndef HYBRIDSIM_SIM_MODULES_SRE_SRE_H
#define HYBRIDSIM_SIM_MODULES_SRE_SRE_H

#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#define SRE_NO_SET UINT32_MAX        /* "any character may come" */
#define SRE_REPEAT_FOREVER UINT32_MAX /* as an upper bound of repetitions */

/* How a set answers for characters from 256 on. */
enum sre_high { HIGH_NONE, HIGH_ALL, HIGH_CODE, HIGH_CODE_OF_LOWER, HIGH_EQUAL, HIGH_NOT_EQUAL, HIGH_LOWER_EQUAL,
                HIGH_LOWER_NOT_EQUAL };

struct sre_set {
    uint8_t low[256];                /* 1: a character below 256 is in it */
    enum sre_high high;
    uint32_t character;              /* HIGH_EQUAL and the like */
    const uint32_t *code;            /* HIGH_CODE...: Lib/re's set, ends with FAILURE */
};

enum sre_operation {
    SRE_MATCH,            /* the whole pattern matched */
    SRE_FAIL,
    SRE_LITERAL,          /* a: the character */
    SRE_STRING,           /* texts[a .. a + b) */
    SRE_SET,              /* a: the set */
    SRE_ANY,              /* but a newline */
    SRE_ANY_ALL,
    SRE_AT,               /* a: Lib/re's AT_ code */
    SRE_MARK,             /* a: index; even: a group begins, odd: it ends */
    SRE_JUMP,             /* to a */
    SRE_BRANCH,           /* try what follows, else go to a. b: set of first characters of what follows, c: of all after a */
    SRE_SPLIT,            /* likewise */
    SRE_SPLIT_LAZY,       /* try a, else what follows. b: first characters of what follows, c: of a */
    SRE_ONE,              /* greedy repetition of one item: set a (see enum sre_item), b to c times. d: what may follow */
    SRE_ONE_LAZY,         /* likewise */
    SRE_REPEAT,           /* repetition a of something longer begins: go to d, its UNTIL */
    SRE_UNTIL,            /* greedy. a: the repetition, b to c times, body at d, e: its first characters */
    SRE_UNTIL_LAZY,
    SRE_POSSESSIVE,       /* a: the repetition, b to c times, goes on at d */
    SRE_POSSESSIVE_END,   /* a: its SRE_POSSESSIVE */
    SRE_GROUPREF,         /* a: the group (from 0), item: enum sre_case */
    SRE_GROUPREF_EXISTS,  /* a: the group; unset: go to b */
    SRE_ASSERT,           /* b: characters to step back; a: after its END */
    SRE_ASSERT_END,
    SRE_ASSERT_NOT,
    SRE_ASSERT_NOT_END,
    SRE_ATOMIC,           /* a: after its END */
    SRE_ATOMIC_END
};
enum sre_item { ITEM_SET, ITEM_ANY, ITEM_ANY_ALL };
enum sre_case { CASE_SENSITIVE, CASE_ASCII, CASE_UNICODE };
/* What a repetition of one item knows of what follows it: nothing; a character; a set; that giving back is of no use */
enum sre_follow { FOLLOW_UNKNOWN, FOLLOW_LITERAL, FOLLOW_SET, FOLLOW_NEVER };

struct sre_instruction {
    uint8_t operation, item, follow;
    uint32_t a, b, c, d, e;
};

struct sre_program {
    struct sre_instruction *instructions;
    struct sre_set *sets;
    uint32_t *texts;                 /* of SRE_STRING */
    uint32_t *code;                  /* Lib/re's words */
    uint32_t count, capacity, set_count, set_capacity, text_count, code_length;
    uint32_t group_count, repeat_count;
    uint64_t width_minimum;          /* characters that a match has at least */
    bool only_prefix;                /* the pattern is its prefix and has no groups */
    bool at_beginning;               /* matches at the beginning of the string only */
    uint32_t first_set;              /* characters a match may begin with, or SRE_NO_SET */
    void *prefix;                    /* what every match begins with, in its narrowest width; NULL: nothing */
    uint32_t prefix_length;
    uint8_t prefix_width;
};

/* program.c: NULL: an exception is pending. The code words are copied. Free with sre_program_free. */
struct sre_program *sre_program_new(struct vm *vm, const uint32_t *code, size_t length, uint32_t groups);
void sre_program_free(struct sre_program *program);
int64_t sre_program_size(const struct sre_program *program); /* bytes of its memory */
/* program_first.c: fills in what instructions know of first and following characters; false: no memory */
bool sre_program_optimise(struct sre_program *program);

/* set.c */
bool sre_category(uint32_t category, uint32_t c);
bool sre_set_high(const struct sre_set *set, uint32_t c); /* for characters from 256 on */
bool sre_code_contains(const uint32_t *code, uint32_t c);
uint32_t sre_lower_ascii(uint32_t c);
uint32_t sre_lower_unicode(uint32_t c);
uint32_t sre_upper_unicode(uint32_t c);
uint32_t sre_add_set(struct sre_program *program); /* its index, zeroed; SRE_NO_SET: no memory */
static inline bool sre_set_contains(const struct sre_set *set, uint32_t c)
{
    return c < 256 ? set->low[c] : sre_set_high(set, c);
}

/* match.c: one search, or one attempt at a position; the state serves for many. */
struct sre_state {
    struct vm *vm;
    const struct sre_program *program;
    struct span text;
    size_t start, end;               /* positions: where to begin, and the end of what may be looked at */
    bool must_advance;               /* an empty match at start does not count */
    bool match_all;                  /* the match has to reach the end */
    size_t match_start, match_end;   /* of the last match */
    int64_t last_index;              /* last group closed, from 1; -1: none */
    bool marked;                     /* marks have to be reset before the next attempt */
    uintptr_t *marks;                /* 2 a group: pointers into the text; 0: unset */
    int64_t *repeats;                /* 2 a repetition: count, last position */
    uint64_t *stack, *limit;         /* the backtracking stack */
    uint64_t *stack_memory;          /* malloc'd part, or NULL */
    uint64_t work;
    uint32_t steps;
    uint64_t small_stack[256];
    uint64_t small_registers[64];
    uint64_t *registers;             /* malloc'd when small_registers do not do */
};
enum sre_answer { SRE_ERROR = -1, SRE_NONE = 0, SRE_FOUND = 1 };
bool sre_state_open(struct sre_state *state, struct vm *vm, const struct sre_program *program);
void sre_state_close(struct sre_state *state); /* accounts the work, frees */
enum sre_answer sre_search(struct sre_state *state);
enum sre_answer sre_match(struct sre_state *state); /* at state->start */
/* Positions of a group of the last match; false: it did not take part. */
bool sre_group_span(const struct sre_state *state, size_t group, int64_t *start, int64_t *end);

/* ---- the Python objects ---- */
struct pattern_object {
    struct object head;
    value pattern, group_index, index_group; /* str, bytes or None; dict; tuple of names */
    int64_t flags, groups;
    int8_t is_bytes;                         /* -1: made without a pattern, matches both */
    struct sre_program *program;
};
extern struct type sre_pattern_type, sre_match_type, sre_scanner_type;
static inline struct pattern_object *pattern_of(value v) { return (struct pattern_object *)value_object(v); }

/* pattern.c: opens a state for the string between pos and endpos; false: an exception is pending and nothing is open. */
bool pattern_open(struct vm *vm, value pattern, value string, value pos, value endpos, struct sre_state *state);
/* The text of what is matched; buffers may move between matches. False: TypeError pending. */
bool pattern_text(struct vm *vm, const struct pattern_object *pattern, value string, struct span *text);
value text_slice(struct vm *vm, value string, int64_t start, int64_t end); /* str or bytes */

/* match_object.c: what the last match of the state found */
value match_new(struct vm *vm, value pattern, value string, const struct sre_state *state, size_t pos, size_t endpos);

/* scanner.c */
value scanner_new(struct vm *vm, value pattern, value string, value pos, value endpos);
value scanner_iterator(struct vm *vm, value scanner); /* its matches, as finditer gives them */

#endif
