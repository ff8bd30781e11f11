/* branch_trace.c - see branch_trace.h. An outcome is a number: 2 * (the code's first number + block) + taken. The record is a
 * sequence of pairs: how many outcomes were those expected, and the next, which was not; numbers as in LEB128. Expected is what
 * came the last time after the latest sixteen outcomes, or after the latest one where nothing is known of these sixteen; only what
 * was not expected is learned. */
#include "cli/sweep/branch_trace.h"

#include "core/buffer.h"
#include "sim/timing/predictor.h"

#include <stdlib.h>
#include <string.h>

struct branch {
    uint32_t code, block; /* code: in profile.codes */
};

enum { CONTEXTS = 1 << 16, CONTEXT_SHIFT = 64 - 16 };
/* Sixteen times an odd number: its sixteenth power is 0, so a context is of the latest sixteen outcomes. */
static const uint64_t context_factor = 0xe3779b97f4a7c150u;

struct context { /* the latest outcomes */
    uint64_t mixed;
    uint32_t latest;
};

struct known_context {
    uint64_t mixed;
    uint32_t next;   /* outcome; UINT32_MAX: nothing is known */
};

struct expectations {
    uint32_t *after;         /* each outcome: what came the last time; 0, which is no branch's: nothing yet */
    struct known_context *contexts;
};

struct branch_trace {
    uint32_t *first;      /* of each code in profile.codes: its first branch's number plus 1; 0: it has not branched */
    uint32_t first_count;
    struct branch *branches;
    struct expectations expected;
    uint32_t branch_count, branch_capacity;
    struct context context;
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
        trace->expected.after = grown(trace->expected.after, 2 * (size_t)trace->branch_capacity, sizeof *trace->expected.after);
    }
    trace->expected.after[2 * trace->branch_count] = trace->expected.after[2 * trace->branch_count + 1] = 0;
    trace->branches[trace->branch_count++] = branch;
}

static void forget_contexts(struct expectations *expected)
{
    memset(expected->contexts, 0xff, CONTEXTS * sizeof *expected->contexts);
}

static struct known_context *find_context(const struct expectations *expected, uint64_t mixed)
{
    return &expected->contexts[(mixed * 0x9e3779b97f4a7c15u) >> CONTEXT_SHIFT];
}

static uint32_t expected_next(const struct expectations *expected, struct context context)
{
    const struct known_context *known = find_context(expected, context.mixed);
    return known->mixed == context.mixed && known->next != UINT32_MAX ? known->next : expected->after[context.latest];
}

static void learn(struct expectations *expected, struct context context, uint32_t outcome)
{
    *find_context(expected, context.mixed) = (struct known_context){context.mixed, outcome};
    expected->after[context.latest] = outcome;
}

static void advance(struct context *context, uint32_t outcome)
{
    context->mixed = context->mixed * context_factor + outcome + 1;
    context->latest = outcome;
}

struct branch_trace *branch_trace_new(void)
{
    struct branch_trace *trace = grown(NULL, 1, sizeof *trace);
    *trace = (struct branch_trace){.context = {0, 0}};
    trace->expected.contexts = grown(NULL, CONTEXTS, sizeof *trace->expected.contexts);
    forget_contexts(&trace->expected);
    add_branch(trace, (struct branch){UINT32_MAX, 0}); /* before the first */
    return trace;
}

void branch_trace_free(struct branch_trace *trace)
{
    if (!trace)
        return;
    free(trace->first);
    free(trace->branches);
    free(trace->expected.after);
    free(trace->expected.contexts);
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
    if (expected_next(&trace->expected, trace->context) == outcome) {
        trace->run++;
    } else {
        learn(&trace->expected, trace->context, outcome);
        add_number(&trace->record, trace->run);
        add_number(&trace->record, outcome);
        trace->run = 0;
        trace->overflowed = trace->record.size > BRANCH_TRACE_LIMIT;
    }
    advance(&trace->context, outcome);
    return false;
}

bool branch_trace_overflowed(const struct branch_trace *trace)
{
    return trace->overflowed;
}

/* ---- kept in a file ---- */

/* False: there is no whole number before the end. */
static bool take_number(const uint8_t **next, const uint8_t *end, uint64_t *number)
{
    *number = 0;
    for (int shift = 0; *next < end && shift < 64; shift += 7) {
        uint8_t byte = *(*next)++;
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* Codes in the order in which they first branched, each as its place in the profile plus 1; 0; the run; the record. */
void branch_trace_write(const struct branch_trace *trace, struct buffer *bytes)
{
    for (uint32_t i = 1; i < trace->branch_count; i++)
        if (trace->branches[i].block == 0)
            add_number(bytes, trace->branches[i].code + 1u);
    add_number(bytes, 0);
    add_number(bytes, trace->run);
    buffer_add(bytes, trace->record.bytes, trace->record.size);
}

static bool take_codes(struct branch_trace *trace, const uint8_t **next, const uint8_t *end, const struct profile *profile)
{
    uint64_t code;
    while (take_number(next, end, &code) && code <= profile->code_count) {
        if (code == 0)
            return true;
        uint32_t known = trace->branch_count;
        if (first_branch(trace, profile->codes[code - 1]) < known)
            return false; /* a second time */
    }
    return false;
}

static bool is_record(const struct branch_trace *trace, const uint8_t *next, const uint8_t *end)
{
    uint64_t run, outcome;
    while (next < end)
        if (!take_number(&next, end, &run) || !take_number(&next, end, &outcome) || outcome < 2 ||
            outcome >= 2 * (uint64_t)trace->branch_count)
            return false;
    return true;
}

struct branch_trace *branch_trace_read(const char *bytes, size_t size, const struct profile *profile)
{
    struct branch_trace *trace = branch_trace_new();
    const uint8_t *next = (const uint8_t *)bytes, *end = next + size;
    if (!take_codes(trace, &next, end, profile) || !take_number(&next, end, &trace->run) || !is_record(trace, next, end)) {
        branch_trace_free(trace);
        return NULL;
    }
    buffer_add(&trace->record, next, (size_t)(end - next));
    return trace;
}

/* ---- replayed ---- */

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

/* While all is as expected, the same outcomes come round and round, and a round after which the predictor is as it was before does
 * to it what the one before did. So a long run takes a few rounds, however long it is. */
enum { ROUND_LIMIT = 1 << 16, ROUNDS_AT_LEAST = 4 };

struct replay {
    struct branch_trace *trace;
    struct branch_predictor *predictor;
    uint32_t *addresses;      /* of branches */
    uint64_t *mispredicted;   /* of branches */
    uint32_t *round;          /* outcomes of one round */
    uint8_t *missed;          /* whether the outcomes of a round were mispredicted */
};

static bool replay_outcome(struct replay *replay, uint32_t outcome)
{
    bool missed = predictor_branch(replay->predictor, replay->addresses[outcome / 2], outcome % 2);
    replay->mispredicted[outcome / 2] += missed;
    return missed;
}

/* The round that begins behind the context; 0: it is too long, or the context is not part of it. */
static uint32_t find_round(struct replay *replay, struct context context, uint64_t most)
{
    struct context now = context;
    uint32_t size = 0;
    while (size < most && size < ROUND_LIMIT) {
        replay->round[size] = expected_next(&replay->trace->expected, now);
        advance(&now, replay->round[size++]);
        if (now.mixed == context.mixed && now.latest == context.latest)
            return size;
    }
    return 0;
}

/* Replays whole rounds until the predictor stays as it is, and adds those that are left of `rounds` without replaying them. */
static void replay_rounds(struct replay *replay, uint32_t size, uint64_t rounds)
{
    uint8_t *missed = replay->missed;
    for (; rounds; rounds--) {
        predictor_mark(replay->predictor);
        for (uint32_t i = 0; i < size; i++)
            missed[i] = replay_outcome(replay, replay->round[i]);
        if (predictor_is_as_marked(replay->predictor))
            break;
    }
    for (uint32_t i = 0; rounds > 1 && i < size; i++)
        replay->mispredicted[replay->round[i] / 2] += missed[i] * (rounds - 1);
}

/* A run that begins within a loop's first round comes to be part of a round a little later. */
static void replay_expected(struct replay *replay, struct context *context, uint64_t count)
{
    enum { LONG_RUN = 64, BEFORE_ROUND = 20 };
    for (uint64_t i = 0, before = count > LONG_RUN ? BEFORE_ROUND : count; i < before; i++, count--) {
        uint32_t outcome = expected_next(&replay->trace->expected, *context);
        replay_outcome(replay, outcome);
        advance(context, outcome);
    }
    uint32_t size = count ? find_round(replay, *context, count / ROUNDS_AT_LEAST) : 0;
    if (size) {
        replay_rounds(replay, size, count / size);
        count %= size;
    }
    for (; count; count--) {
        uint32_t outcome = expected_next(&replay->trace->expected, *context);
        replay_outcome(replay, outcome);
        advance(context, outcome);
    }
}

static void replay_all(struct replay *replay)
{
    struct branch_trace *trace = replay->trace;
    struct context context = {0, 0};
    const uint8_t *next = (const uint8_t *)trace->record.bytes, *end = next + trace->record.size;
    memset(trace->expected.after, 0, 2 * (size_t)trace->branch_count * sizeof *trace->expected.after);
    forget_contexts(&trace->expected);
    while (next < end) {
        replay_expected(replay, &context, read_number(&next));
        uint32_t outcome = (uint32_t)read_number(&next);
        learn(&trace->expected, context, outcome);
        replay_outcome(replay, outcome);
        advance(&context, outcome);
    }
    replay_expected(replay, &context, trace->run);
}

static void fill_mispredicted(const struct replay *replay, struct profile *profile)
{
    for (uint32_t i = 0; i < profile->code_count; i++) {
        struct code_profile *code = profile->codes[i];
        code->mispredicted = grown(code->mispredicted, code->code->block_count + 1u, sizeof *code->mispredicted);
        memset(code->mispredicted, 0, (code->code->block_count + 1u) * sizeof *code->mispredicted);
    }
    for (uint32_t i = 1; i < replay->trace->branch_count; i++) {
        const struct branch *branch = &replay->trace->branches[i];
        profile->codes[branch->code]->mispredicted[branch->block] = replay->mispredicted[i];
    }
}

void branch_trace_replay(struct branch_trace *trace, const struct machine *machine, struct profile *profile)
{
    struct replay replay = {.trace = trace, .predictor = predictor_new(machine)};
    if (!replay.predictor) {
        for (uint32_t i = 0; i < profile->code_count; i++) {
            free(profile->codes[i]->mispredicted);
            profile->codes[i]->mispredicted = NULL;
        }
        return;
    }
    replay.addresses = grown(NULL, trace->branch_count, sizeof *replay.addresses);
    replay.mispredicted = grown(NULL, trace->branch_count, sizeof *replay.mispredicted);
    replay.round = grown(NULL, ROUND_LIMIT, sizeof *replay.round);
    replay.missed = grown(NULL, ROUND_LIMIT, sizeof *replay.missed);
    memset(replay.mispredicted, 0, trace->branch_count * sizeof *replay.mispredicted);
    replay.addresses[0] = 0;
    for (uint32_t i = 1; i < trace->branch_count; i++) { /* in the order in which code objects first branched */
        const struct branch *branch = &trace->branches[i];
        replay.addresses[i] = (uint32_t)predictor_address(replay.predictor, profile->codes[branch->code], branch->block);
    }
    replay_all(&replay);
    fill_mispredicted(&replay, profile);
    predictor_free(replay.predictor);
    free(replay.addresses);
    free(replay.mispredicted);
    free(replay.round);
    free(replay.missed);
}
