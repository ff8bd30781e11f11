/* page_run.c - see page_run.h. Which functions' code is there is decided by what no ISA changes, so that all runs have the same. */
#include "cli/page_run.h"

#include "cli/constant_text.h"
#include "cli/tally_run.h"
#include "frontend/disassembly.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_INSTRUCTIONS = 20000 }; /* of the bytecode: far more than a page shows */

struct chosen_code {
    uint32_t index;       /* in profile.codes */
    uint64_t executed;    /* bytecode instructions, about */
    bool is_script;
};

static uint64_t executed_instructions(const struct code_profile *profile)
{
    uint64_t executed = 0;
    for (uint32_t i = 0; i < profile->code->block_count; i++)
        executed += profile->executions[i] * profile->code->blocks[i].count;
    return executed;
}

static int compare_chosen(const void *a, const void *b)
{
    const struct chosen_code *left = a, *right = b;
    if (left->is_script != right->is_script)
        return left->is_script ? -1 : 1;
    if (left->executed != right->executed)
        return left->executed > right->executed ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* What was executed, the script's first; to be freed. */
static struct chosen_code *choose_codes(const struct run_facts *facts, uint32_t *count)
{
    struct chosen_code *chosen = calloc(facts->profile->code_count + 1u, sizeof *chosen);
    *count = 0;
    if (!chosen)
        abort();
    for (uint32_t i = 0; i < facts->profile->code_count; i++) {
        const struct code_profile *code = facts->profile->codes[i];
        if (code->function)
            chosen[(*count)++] = (struct chosen_code){i, executed_instructions(code),
                                                      facts->timing->codes[facts->timing->rows[i].group].is_script};
    }
    qsort(chosen, *count, sizeof *chosen, compare_chosen);
    return chosen;
}

struct describer {
    const struct run_facts *facts;
    struct constant_texts *constants;
    struct disassembly disassembly;
    struct code_view *view;
    uint32_t room;
};

static const char *text_of_constant(void *context, const struct code *code, uint32_t index, size_t *size)
{
    const struct describer *describer = context;
    return constant_text(describer->constants, code, index, size);
}

static void add_bytecode(void *context, const struct code *code, uint32_t index, struct buffer *text)
{
    const struct describer *describer = context;
    const struct instruction *instruction = &code->instructions[index];
    disassembly_add_instruction(&describer->disassembly, code, instruction->offset, instruction->raw_argument, text);
}

/* False: there is no room for it. */
static bool add_function(struct describer *describer, const struct listing_function *function, bool is_script)
{
    if (function->code->instruction_count > describer->room)
        return false;
    describer->room -= function->code->instruction_count;
    code_view_add_function(describer->view, function, is_script);
    return true;
}

static void add_executed(struct describer *describer, const struct chosen_code *chosen)
{
    const struct timing_result *timing = describer->facts->timing;
    const struct code_profile *profile = describer->facts->profile->codes[chosen->index];
    const struct timing_rows *rows = &timing->rows[chosen->index];
    struct listing_function function = {
        .code = profile->code, .machine = profile->function, .executed = true, .profile = profile, .rows = rows,
        .counts = &timing->codes[rows->group].counts, .bytecode = add_bytecode, .context = describer};
    if (!add_function(describer, &function, chosen->is_script))
        describer->view->left_out++;
}

/* Code objects of the script's file that were never entered. */
static void add_never_entered(struct describer *describer, const struct code_unit *unit)
{
    const struct profile *profile = describer->facts->profile;
    bool *entered = calloc(unit->code_count + 1u, sizeof *entered);
    if (!entered)
        abort();
    for (uint32_t i = 0; i < profile->code_count; i++)
        if (profile->codes[i]->code->unit == unit && profile->codes[i]->function)
            entered[profile->codes[i]->code->index] = true;
    for (uint32_t i = 0; i < unit->code_count; i++) {
        if (entered[i])
            continue;
        code_ready(unit->codes[i]);
        struct machine_function *machine = translate(unit->codes[i], describer->facts->isa);
        struct listing_function function = {.code = unit->codes[i], .machine = machine, .executed = true,
                                            .bytecode = add_bytecode, .context = describer};
        add_function(describer, &function, true);
        machine_function_free(machine);
    }
    free(entered);
}

static struct code_view *view_of_run(const struct run_facts *facts)
{
    struct describer describer = {.facts = facts, .view = code_view_new(facts->isa->name), .room = MOST_INSTRUCTIONS};
    const struct code_unit *unit = NULL;
    uint32_t count;
    describer.constants = constant_texts_new(facts->vm); /* as long as the vm: the process ends with it */
    describer.disassembly = (struct disassembly){.constant = text_of_constant, .context = &describer};
    struct chosen_code *chosen = choose_codes(facts, &count);
    for (uint32_t i = 0; i < count; i++) {
        add_executed(&describer, &chosen[i]);
        if (chosen[i].is_script && !unit)
            unit = facts->profile->codes[chosen[i].index]->code->unit;
    }
    if (unit)
        add_never_entered(&describer, unit);
    free(chosen);
    return describer.view;
}

static void add_part(struct buffer *bytes, struct buffer *part)
{
    buffer_add(bytes, &part->size, sizeof part->size);
    buffer_add(bytes, part->bytes, part->size);
    buffer_free(part);
}

void page_describe_run(const struct run_facts *facts, struct buffer *bytes)
{
    static const struct tally_style style = {.sequences = true};
    struct run_facts own = *facts;
    struct buffer tally = {0}, tree = {0}, code = {0};
    own.context = &style;
    tally_describe_run(&own, &tally);
    calltree_describe_run(&own, &tree);
    struct code_view *view = view_of_run(&own);
    code_view_write(view, &code);
    code_view_free(view);
    add_part(bytes, &tally);
    add_part(bytes, &tree);
    add_part(bytes, &code);
}

/* The next part; NULL: there is none. */
static const char *take_part(const char **bytes, size_t *left, size_t *size)
{
    if (!*bytes || *left < sizeof *size)
        return NULL;
    memcpy(size, *bytes, sizeof *size);
    if (*size > *left - sizeof *size)
        return NULL;
    const char *part = *bytes + sizeof *size;
    *bytes = part + *size;
    *left -= sizeof *size + *size;
    return part;
}

bool page_run_read(const char *bytes, size_t size, struct page_run *run)
{
    size_t part_size;
    *run = (struct page_run){0};
    const char *part = take_part(&bytes, &size, &part_size);
    run->tally = part ? tally_read(part, part_size) : NULL;
    part = take_part(&bytes, &size, &part_size);
    run->tree = part ? calltree_read(part, part_size) : NULL;
    part = take_part(&bytes, &size, &part_size);
    run->view = part ? code_view_read(part, part_size) : NULL;
    if (run->tally && run->tree && run->view)
        return true;
    page_run_free(run);
    return false;
}

void page_run_free(struct page_run *run)
{
    tally_free(run->tally);
    calltree_free(run->tree);
    code_view_free(run->view);
    *run = (struct page_run){0};
}
