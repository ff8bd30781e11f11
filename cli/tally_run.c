/* tally_run.c - see tally_run.h. */
#include "cli/tally_run.h"

#include <stdlib.h>
#include <string.h>

static void add_unexecuted(struct tally *tally, const struct code *code, const struct isa *isa)
{
    code_ready(code);
    struct machine_function *function = translate(code, isa);
    tally_add(tally, function, true, NULL, NULL);
    machine_function_free(function);
}

/* Of the first unit that the script's code is from. */
static void add_never_entered(struct tally *tally, const struct run_facts *facts, const struct code_unit *unit)
{
    const struct profile *profile = facts->profile;
    bool *entered = calloc(unit->code_count + 1u, sizeof *entered);
    if (!entered)
        abort();
    for (uint32_t i = 0; i < profile->code_count; i++)
        if (profile->codes[i]->code->unit == unit && profile->codes[i]->function)
            entered[profile->codes[i]->code->index] = true;
    for (uint32_t i = 0; i < unit->code_count; i++)
        if (!entered[i])
            add_unexecuted(tally, unit->codes[i], facts->isa);
    free(entered);
}

void tally_describe_run(const struct run_facts *facts, struct buffer *bytes)
{
    struct tally *tally = tally_new(facts->isa);
    const struct tally_style *style = facts->context;
    const struct code_unit *unit = NULL;
    tally->is_executed = true;
    tally->has_sequences = style->sequences;
    for (uint32_t i = 0; i < facts->profile->code_count; i++) {
        const struct code_profile *code = facts->profile->codes[i];
        if (!code->function)
            continue;
        const struct timing_rows *rows = &facts->timing->rows[i];
        bool is_script = facts->timing->codes[rows->group].is_script;
        tally_add(tally, code->function, is_script, code, rows);
        if (is_script && !unit)
            unit = code->code->unit;
    }
    if (unit)
        add_never_entered(tally, facts, unit);
    tally_write(tally, bytes);
    tally_free(tally);
}

struct tally *tally_unit(const struct code_unit *unit, const struct isa *isa)
{
    struct tally *tally = tally_new(isa);
    tally->has_sequences = true;
    for (uint32_t i = 0; i < unit->code_count; i++)
        add_unexecuted(tally, unit->codes[i], isa);
    return tally;
}

void calltree_describe_run(const struct run_facts *facts, struct buffer *bytes)
{
    if (!facts->profile->contexts)
        return;
    struct calltree *tree = calltree_build(facts->profile, facts->timing, facts->isa);
    calltree_write(tree, bytes);
    calltree_free(tree);
}

void tally_describe_all(const struct run_facts *facts, struct buffer *bytes)
{
    struct buffer tally = {0};
    tally_describe_run(facts, &tally);
    buffer_add(bytes, &tally.size, sizeof tally.size);
    buffer_add(bytes, tally.bytes, tally.size);
    calltree_describe_run(facts, bytes);
    buffer_free(&tally);
}

bool tally_split(const char *bytes, size_t size, struct tally **tally, struct calltree **tree)
{
    size_t first;
    if (!bytes || size < sizeof first)
        return false;
    memcpy(&first, bytes, sizeof first);
    if (first > size - sizeof first)
        return false;
    *tally = tally_read(bytes + sizeof first, first);
    *tree = calltree_read(bytes + sizeof first + first, size - sizeof first - first);
    return *tally && *tree;
}
