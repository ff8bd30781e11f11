/* branch_trace.c - see branch_trace.h. An outcome is a number: 2 * (the code's first number + block) + taken. The record is a
 * sequence of pairs: how many outcomes were those expected, and the next, which was not; numbers as in LEB128. */
#include "cli/sweep/branch_trace.h"

#include "core/buffer.h"
#include "sim/timing/predictor.h"

#include <stdlib.h>
#include <string.h>

struct branch {
    uint32_t code, block; /* code: in profile.codes */
};

struct branch_trace {
    uint32_t *first;      /* of each code in profile.codes: its first branch's number plus 1; 0: it has not branched */
    uint32_t first_count;
    struct branch *branches;
    uint32_t *expected;   /* what came after each outcome the last time; UINT32_MAX: nothing yet */
    uint32_t branch_count, branch_capacity;
    uint32_t latest;      /* outcome */
    uint64_t run;         /* outcomes since the last pair that were expected */
    struct buffer record;
    bool overflowed;
};

static void *grown(void *memory, size_t count, size_t size)
{
    memory = realloc(memory, count * size);
    if (!memory)
        abort();
    return memory;
}

static void add_branch(struct branch_trace *trace, struct branch branch)
{
    if (trace->branch_count == trace->branch_capacity) {
        trace->branch_capacity = trace->branch_capacity ? 2 * trace->branch_capacity : 256;
        trace->branches = grown(trace->branches, trace->branch_capacity, sizeof *trace->branches);
        trace->expected = grown(trace->expected, 2 * (size_t)trace->branch_capacity, sizeof *trace->expected);
    }
    trace->expected[2 * trace->branch_count] = trace->expected[2 * trace->branch_count + 1] = UINT32_MAX;
    trace->branches[trace->branch_count++] = branch;
}

struct branch_trace *branch_trace_new(void)
{
    struct branch_trace *trace = grown(NULL, 1, sizeof *trace);
    *trace = (struct branch_trace){.latest = 0};
    add_branch(trace, (struct branch){UINT32_MAX, 0}); /* before the first */
    return trace;
}

void branch_trace_free(struct branch_trace *trace)
{
    if (!trace)
        return;
    free(trace->first);
    free(trace->branches);
    free(trace->expected);
    buffer_free(&trace->record);
    free(trace);
}

static uint32_t first_branch(struct branch_trace *trace, const struct code_profile *code)
{
    if (code->index >= trace->first_count) {
        uint32_t count = 2 * code->index + 64;
        trace->first = grown(trace->first, count, sizeof *trace->first);
        memset(trace->first + trace->first_count, 0, (count - trace->first_count) * sizeof *trace->first);
        trace->first_count = count;
    }
    if (!trace->first[code->index]) {
        trace->first[code->index] = trace->branch_count + 1;
        for (uint32_t i = 0; i < code->code->block_count; i++)
            add_branch(trace, (struct branch){code->index, i});
    }
    return trace->first[code->index] - 1;
}

static void add_number(struct buffer *record, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        buffer_add_byte(record, (uint8_t)(number | 0x80));
    buffer_add_byte(record, (uint8_t)number);
}

bool branch_trace_record(void *context, const struct code_profile *code, uint32_t block, bool taken)
{
    struct branch_trace *trace = context;
    if (trace->overflowed)
        return false;
    uint32_t outcome = 2 * (first_branch(trace, code) + block) + taken;
    if (trace->expected[trace->latest] == outcome) {
        trace->run++;
    } else {
        trace->expected[trace->latest] = outcome;
        add_number(&trace->record, trace->run);
        add_number(&trace->record, outcome);
        trace->run = 0;
        trace->overflowed = trace->record.size > BRANCH_TRACE_LIMIT;
    }
    trace->latest = outcome;
    return false;
}

bool branch_trace_overflowed(const struct branch_trace *trace)
{
    return trace->overflowed;
}

static uint64_t read_number(const uint8_t **next)
{
    uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = *(*next)++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
}

struct replay {
    struct branch_trace *trace;
    struct branch_predictor *predictor;
    struct profile *profile;
};

static void replay_outcome(struct replay *replay, uint32_t outcome)
{
    const struct branch *branch = &replay->trace->branches[outcome / 2];
    struct code_profile *code = replay->profile->codes[branch->code];
    code->mispredicted[branch->block] += predictor_on_branch(replay->predictor, code, branch->block, outcome % 2);
}

static void replay_expected(struct replay *replay, uint32_t *latest, uint64_t count)
{
    for (; count; count--) {
        *latest = replay->trace->expected[*latest];
        replay_outcome(replay, *latest);
    }
}

void branch_trace_replay(struct branch_trace *trace, const struct machine *machine, struct profile *profile)
{
    struct branch_predictor *predictor = predictor_new(machine);
    for (uint32_t i = 0; i < profile->code_count; i++) {
        struct code_profile *code = profile->codes[i];
        free(code->mispredicted);
        code->mispredicted = NULL;
        if (predictor && !(code->mispredicted = calloc(code->code->block_count + 1u, sizeof *code->mispredicted)))
            abort();
    }
    if (!predictor)
        return;
    struct replay replay = {trace, predictor, profile};
    uint32_t latest = 0;
    const uint8_t *next = (const uint8_t *)trace->record.bytes, *end = next + trace->record.size;
    memset(trace->expected, 0xff, 2 * (size_t)trace->branch_count * sizeof *trace->expected);
    while (next < end) {
        replay_expected(&replay, &latest, read_number(&next));
        uint32_t outcome = (uint32_t)read_number(&next);
        replay_outcome(&replay, trace->expected[latest] = outcome);
        latest = outcome;
    }
    replay_expected(&replay, &latest, trace->run);
    predictor_free(predictor);
}
