/* match.c - running a program (sre.h): the backtracking stack, and searching. The loop itself is match_loop.inc, compiled for
 * each width of characters.
 *
 * Every change of a mark or a repetition's count leaves its old value on the stack, so that going back to a choice restores
 * all that happened since. Frames are one to four words; the last one holds the kind (low four bits) and an instruction or
 * index. While the stack is empty nothing is kept: failing then ends the attempt.
 */
#include "sim/modules/signal.h"
#include "sim/modules/sre/codes.h"
#include "sim/modules/sre/sre.h"

#include <stdlib.h>

enum frame_kind {
    FRAME_CHOICE,      /* position: go on at the instruction */
    FRAME_GREEDY,      /* lowest position, position: give one item back */
    FRAME_LAZY,        /* highest position, position: take one item more */
    FRAME_UNTIL,       /* count, last, position: the repetition is over, go on behind it */
    FRAME_UNTIL_LAZY,  /* position: repeat once more */
    FRAME_MARK,        /* old value of a mark */
    FRAME_CLOSE,       /* old last_index, old value of a mark */
    FRAME_REPEAT,      /* count, last of a repetition */
    FRAME_BARRIER,     /* outer barrier, position: an assertion or atomic group failed */
    FRAME_BARRIER_NOT, /* a negative assertion holds: go on after it */
    FRAME_BARRIER_MORE /* an optional round of a possessive repetition failed: go on after it */
};
static const uint8_t frame_words[] = {2, 3, 3, 4, 2, 2, 3, 3, 3, 3, 3};

static inline bool is_undo(uint64_t top)
{
    return (top & 15) == FRAME_MARK || (top & 15) == FRAME_CLOSE || (top & 15) == FRAME_REPEAT;
}

/* Room for one more frame at sp; NULL: MemoryError pending. */
static uint64_t *stack_grow(struct sre_state *s, uint64_t *sp)
{
    size_t used = (size_t)(sp - s->stack), capacity = (size_t)(s->limit - s->stack) * 2;
    uint64_t *memory = realloc(s->stack_memory, capacity * sizeof *memory);
    if (!memory) {
        raise_no_memory(s->vm);
        return NULL;
    }
    if (!s->stack_memory)
        memcpy(memory, s->stack, used * sizeof *memory);
    s->stack_memory = s->stack = memory;
    s->limit = memory + capacity;
    return memory + used;
}

static void undo(struct sre_state *s, const uint64_t *sp)
{
    uint64_t top = sp[-1], index = top >> 4;
    if ((top & 15) == FRAME_REPEAT) {
        s->repeats[2 * index] = (int64_t)sp[-3];
        s->repeats[2 * index + 1] = (int64_t)sp[-2];
        return;
    }
    s->marks[index] = sp[-2];
    if ((top & 15) == FRAME_CLOSE)
        s->last_index = (int64_t)sp[-3];
}

/* Takes the stack back to `to`, undoing what happened since. */
static uint64_t *stack_unwind(struct sre_state *s, uint64_t *sp, const uint64_t *to)
{
    while (sp > to) {
        if (is_undo(sp[-1]))
            undo(s, sp);
        sp -= frame_words[sp[-1] & 15];
    }
    return sp;
}

/* Removes the choices above `from` but keeps what undoes: an atomic group is done. Returns the new top. */
static uint64_t *stack_commit(struct sre_state *s, uint64_t *sp, uint64_t *from)
{
    if (from == s->stack) { /* nothing to go back to: nothing to restore */
        s->marked = true;
        return from;
    }
    uint64_t *kept = sp, *top = sp;
    while (top > from) {
        size_t words = frame_words[top[-1] & 15];
        if (is_undo(top[-1])) {
            kept -= words;
            memmove(kept, top - words, words * sizeof *kept);
        }
        top -= words;
    }
    memmove(from, kept, (size_t)(sp - kept) * sizeof *kept);
    return from + (sp - kept);
}

static bool interrupted(struct sre_state *s)
{
    struct vm *vm = s->vm;
    if (!signal_interrupts_native(vm))
        return false;
    signal_raise_interrupt(vm);
    return true;
}

static inline bool is_ascii_word(uint32_t c)
{
    return sre_category(CATEGORY_WORD, c);
}

/* Whether a choice may be left out: the next character, if any, is not among those it needs. */
#define EXCLUDED(set, p, end) ((set) != SRE_NO_SET && ((p) >= (end) || !sre_set_contains(&s->program->sets[set], *(p))))

#define CHARACTER uint8_t
#define NAME(x) x##_1
#include "sim/modules/sre/match_loop.inc"
#undef CHARACTER
#undef NAME
#define CHARACTER uint16_t
#define NAME(x) x##_2
#include "sim/modules/sre/match_loop.inc"
#undef CHARACTER
#undef NAME
#define CHARACTER uint32_t
#define NAME(x) x##_4
#include "sim/modules/sre/match_loop.inc"
#undef CHARACTER
#undef NAME

/* ---- one attempt ---- */

static enum sre_answer attempt(struct sre_state *s, size_t at, bool must_advance)
{
    if (s->marked) {
        memset(s->marks, 0, 2 * s->program->group_count * sizeof *s->marks);
        s->marked = false;
    }
    s->last_index = -1;
    if ((++s->steps & 4095) == 0 && interrupted(s))
        return SRE_ERROR;
    s->match_start = at;
    if (s->text.width == 1)
        return run_1(s, at, must_advance);
    return s->text.width == 2 ? run_2(s, at, must_advance) : run_4(s, at, must_advance);
}

enum sre_answer sre_match(struct sre_state *s)
{
    return attempt(s, s->start, s->must_advance);
}

/* ---- searching ---- */

static enum sre_answer search_prefix(struct sre_state *s, size_t last)
{
    const struct sre_program *p = s->program;
    struct span prefix = {p->prefix, p->prefix_length, p->prefix_width};
    for (size_t at = s->start;; at++) {
        int64_t found = span_find(s->text, prefix, at, s->end);
        s->work += (found < 0 ? s->end : (size_t)found) - at + 1;
        if (found < 0 || (size_t)found > last)
            return SRE_NONE;
        at = (size_t)found;
        if (p->only_prefix) {
            s->last_index = -1;
            s->match_start = at;
            s->match_end = at + p->prefix_length;
            return SRE_FOUND;
        }
        enum sre_answer answer = attempt(s, at, false); /* it is not empty */
        if (answer != SRE_NONE)
            return answer;
    }
}

/* The first position from `at` on, up to last, where the set has the character; last + 1: none. */
static size_t next_of_set(const struct sre_state *s, const struct sre_set *set, size_t at, size_t last)
{
    if (s->text.width == 1) {
        const uint8_t *data = s->text.data;
        while (at <= last && !set->low[data[at]])
            at++;
        return at;
    }
    while (at <= last && !sre_set_contains(set, span_at(s->text, at)))
        at++;
    return at;
}

static enum sre_answer search_set(struct sre_state *s, size_t last)
{
    const struct sre_set *set = &s->program->sets[s->program->first_set];
    if (s->end == 0)
        return SRE_NONE;
    last = size_minimum(last, s->end - 1); /* there is a first character */
    for (size_t at = s->start;; at++) {
        size_t found = next_of_set(s, set, at, last);
        s->work += found - at + 1;
        if (found > last)
            return SRE_NONE;
        at = found;
        enum sre_answer answer = attempt(s, at, s->must_advance && at == s->start);
        if (answer != SRE_NONE)
            return answer;
    }
}

enum sre_answer sre_search(struct sre_state *s)
{
    const struct sre_program *p = s->program;
    if (s->start > s->end || s->end - s->start < p->width_minimum)
        return SRE_NONE;
    size_t last = s->end - p->width_minimum; /* where a match may begin at most */
    if (p->at_beginning)
        return s->start == 0 ? attempt(s, 0, s->must_advance) : SRE_NONE;
    if (p->prefix)
        return search_prefix(s, last);
    if (p->first_set != SRE_NO_SET)
        return search_set(s, last);
    for (size_t at = s->start; at <= last; at++) {
        enum sre_answer answer = attempt(s, at, s->must_advance && at == s->start);
        if (answer != SRE_NONE)
            return answer;
    }
    return SRE_NONE;
}

/* ---- the state ---- */

bool sre_state_open(struct sre_state *s, struct vm *vm, const struct sre_program *program)
{
    size_t marks = 2 * (size_t)program->group_count, repeats = 2 * (size_t)program->repeat_count;
    s->vm = vm;
    s->program = program;
    s->must_advance = s->match_all = s->marked = false;
    s->last_index = -1;
    s->match_start = s->match_end = 0;
    s->work = s->steps = 0;
    s->stack_memory = s->registers = NULL;
    s->stack = s->small_stack;
    s->limit = s->small_stack + sizeof s->small_stack / sizeof *s->small_stack;
    uint64_t *registers = s->small_registers;
    if (marks + repeats > sizeof s->small_registers / sizeof *s->small_registers) {
        registers = s->registers = malloc((marks + repeats) * sizeof *registers);
        if (!registers) {
            raise_no_memory(vm);
            return false;
        }
    }
    memset(registers, 0, (marks + repeats) * sizeof *registers);
    s->marks = (uintptr_t *)registers;
    s->repeats = (int64_t *)(registers + marks);
    return true;
}

void sre_state_close(struct sre_state *s)
{
    ADD_WORK(s->vm, characters, s->work);
    free(s->stack_memory);
    free(s->registers);
    s->stack_memory = s->registers = NULL;
    s->work = 0;
}

bool sre_group_span(const struct sre_state *s, size_t group, int64_t *start, int64_t *end)
{
    uintptr_t base = (uintptr_t)s->text.data;
    if (group == 0) {
        *start = (int64_t)s->match_start;
        *end = (int64_t)s->match_end;
        return true;
    }
    uintptr_t from = s->marks[2 * group - 2], to = s->marks[2 * group - 1];
    if (!from || !to)
        return false;
    *start = (int64_t)((from - base) / s->text.width);
    *end = (int64_t)((to - base) / s->text.width);
    return true;
}
