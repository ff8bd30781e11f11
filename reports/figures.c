/* figures.c - see figures.h. */
#include "reports/figures.h"

#include "reports/report.h"

#include <string.h>

const char *const figure_group_names[FIGURE_GROUP_COUNT] = {
    [FIGURE_TOTAL] = "",             [FIGURE_CATEGORY] = "by_category",       [FIGURE_CYCLES] = "cycle_stack",
    [FIGURE_EVENT] = "events",       [FIGURE_WORK] = "work",                  [FIGURE_HIDDEN] = "hidden_arithmetic",
    [FIGURE_NATIVE] = "native",      [FIGURE_INSTRUCTION] = "by_instruction", [FIGURE_ENERGY] = "energy_parts",
    [FIGURE_AREA] = "area_parts",
};

void figures_add(struct figures *figures, enum figure_group group, const char *name, uint64_t value)
{
    if (figures->count == figures->capacity) {
        figures->capacity = figures->capacity ? 2 * figures->capacity : 256;
        struct figure *grown = ARENA_ROOM(figures->arena, struct figure, figures->capacity);
        if (figures->count)
            memcpy(grown, figures->list, figures->count * sizeof *grown);
        figures->list = grown;
    }
    const char *copy = arena_copy(figures->arena, name, strlen(name));
    figures->list[figures->count++] = (struct figure){group, copy, value};
}

static void add_hidden(struct figures *figures, const struct timing_counts *counts)
{
    struct report_hidden hidden = report_hidden_arithmetic(counts);
    figures_add(figures, FIGURE_HIDDEN, "arithmetic_instructions", hidden.arithmetic_instructions);
    figures_add(figures, FIGURE_HIDDEN, "elements", hidden.elements);
    figures_add(figures, FIGURE_HIDDEN, "math", hidden.math);
    figures_add(figures, FIGURE_HIDDEN, "multiply_adds", hidden.multiply_adds);
}

static void add_area(struct figures *figures, const struct timing_result *timing)
{
    figures_add(figures, FIGURE_TOTAL, "area", timing->area);
    for (int i = 0; i < AREA_PART_COUNT; i++)
        figures_add(figures, FIGURE_AREA, area_part_names[i], timing->area_parts[i]);
}

/* Those whose names do not depend on the ISA. */
static void add_fixed(struct figures *figures, const struct timing_result *timing, const struct timing_counts *counts)
{
    figures_add(figures, FIGURE_TOTAL, "static_instructions", counts->static_instructions);
    figures_add(figures, FIGURE_TOTAL, "instructions", counts->instructions);
    figures_add(figures, FIGURE_TOTAL, "cycles", counts->cycles);
    figures_add(figures, FIGURE_TOTAL, "code_bytes", counts->code_bytes);
    figures_add(figures, FIGURE_TOTAL, "energy", counts->energy);
    for (int i = 0; i < ENERGY_PART_COUNT; i++)
        figures_add(figures, FIGURE_ENERGY, energy_part_names[i], counts->energy_parts[i]);
    add_area(figures, timing);
    for (int i = 0; i < CATEGORY_COUNT; i++)
        figures_add(figures, FIGURE_CATEGORY, category_names[i], counts->by_category[i]);
    for (int i = 0; i < CYCLE_PART_COUNT; i++)
        figures_add(figures, FIGURE_CYCLES, cycle_part_name((enum cycle_part)i), counts->cycle_stack[i]);
    for (int i = 0; i < EVENT_COUNT; i++)
        figures_add(figures, FIGURE_EVENT, timing_event_names[i], counts->events[i]);
    for (int i = 0; i < WORK_COUNT; i++)
        figures_add(figures, FIGURE_WORK, work_names[i], counts->work[i]);
    add_hidden(figures, counts);
}

void figures_add_counts(struct figures *figures, const struct timing_result *timing, const struct timing_counts *counts)
{
    add_fixed(figures, timing, counts);
    for (uint32_t i = 0; i < timing->name_count; i++)
        if (counts->by_instruction[i])
            figures_add(figures, FIGURE_INSTRUCTION, timing->names[i], counts->by_instruction[i]);
    for (uint32_t i = 0; i < timing->native_count; i++)
        figures_add(figures, FIGURE_NATIVE, timing->natives[i].name, timing->natives[i].calls);
}

void figures_add_names(struct figures *figures)
{
    static const struct timing_result none;
    add_fixed(figures, &none, &none.total);
}

void figures_add_isa(struct figures *figures, const struct isa *isa)
{
    for (int i = 0; i < isa->instruction_count; i++)
        figures_add(figures, FIGURE_INSTRUCTION, isa->instructions[i].name, 0);
    if (isa->prefix_name)
        figures_add(figures, FIGURE_INSTRUCTION, isa->prefix_name, 0);
}

/* `group.name`, when the text begins with the group's key. */
static const char *name_in_group(const char *metric, enum figure_group group)
{
    size_t length = strlen(figure_group_names[group]);
    return length && strncmp(metric, figure_group_names[group], length) == 0 && metric[length] == '.' ? metric + length + 1 : NULL;
}

static const struct figure *find(const struct figures *figures, enum figure_group group, const char *name)
{
    for (uint32_t i = 0; i < figures->count; i++)
        if (figures->list[i].group == group && strcmp(figures->list[i].name, name) == 0)
            return &figures->list[i];
    return NULL;
}

const struct figure *figures_resolve(const struct figures *known, const char *metric)
{
    for (int group = 0; group < FIGURE_GROUP_COUNT; group++) {
        const char *name = name_in_group(metric, (enum figure_group)group);
        if (name)
            return find(known, (enum figure_group)group, name);
    }
    for (int group = 0; group < FIGURE_GROUP_COUNT; group++) {
        const struct figure *figure = find(known, (enum figure_group)group, metric);
        if (figure)
            return figure;
    }
    return NULL;
}

bool figures_has(const struct figures *figures, enum figure_group group, const char *name)
{
    return find(figures, group, name) != NULL;
}

uint64_t figures_value(const struct figures *figures, enum figure_group group, const char *name)
{
    const struct figure *figure = find(figures, group, name);
    return figure ? figure->value : 0;
}

void figure_add_name(struct buffer *out, const struct figure *figure)
{
    if (figure->group != FIGURE_TOTAL) {
        buffer_add_text(out, figure_group_names[figure->group]);
        buffer_add_byte(out, '.');
    }
    buffer_add_text(out, figure->name);
}
