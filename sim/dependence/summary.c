/* summary.c - see summary.h. */
#include "sim/dependence/summary.h"

#include "core/wide.h"
#include "sim/timing/byte_stream.h"

#include <stdlib.h>
#include <string.h>

const uint32_t summary_widths[WIDTH_COUNT] = {4, 8, 16};
const char *const loop_verdict_names[VERDICT_COUNT] = {"independent", "reduction", "carried", "single"};

struct builder {
    const struct dependence *dependence;
    const struct code_costs *costs;
    struct summary *summary;
    struct arena *scratch;
    uint64_t *node_cycles;   /* own; then with what is inside */
    uint64_t *node_all;
    uint64_t **block_counts; /* by code: executions of each block */
    uint32_t *loop_of_record; /* place in summary.loops; UINT32_MAX: none */
    uint32_t *record_of_loop;
};

/* ---- cycles ---- */

static void count_blocks(struct builder *builder)
{
    const struct dependence *dependence = builder->dependence;
    builder->block_counts = ARENA_ARRAY(builder->scratch, uint64_t *, dependence->code_count + 1);
    for (uint32_t i = 0; i < dependence->code_count; i++)
        builder->block_counts[i] = ARENA_ARRAY(builder->scratch, uint64_t, dependence->codes[i]->map->code->block_count + 1);
    for (uint32_t i = 0; i < 1u << dependence->counts_bits; i++) {
        const struct nesting_counts *counts = &dependence->counts[i];
        for (uint32_t b = 0; counts->blocks && b <= dependence->codes[counts->code]->map->code->block_count; b++)
            builder->block_counts[counts->code][b] += counts->blocks[b];
    }
}

/* Each block's cycles are divided by its executions under each node, native work by what it cost there. What cannot be divided
 * is the root's. */
static void divide_cycles(struct builder *builder)
{
    const struct dependence *dependence = builder->dependence;
    uint64_t divided = 0;
    builder->node_cycles = ARENA_ARRAY(builder->scratch, uint64_t, dependence->node_count);
    builder->node_all = ARENA_ARRAY(builder->scratch, uint64_t, dependence->node_count);
    for (uint32_t i = 0; i < 1u << dependence->counts_bits; i++) {
        const struct nesting_counts *counts = &dependence->counts[i];
        if (!counts->blocks || !counts->node)
            continue;
        const struct code_costs *costs = &builder->costs[counts->code];
        uint32_t block_count = dependence->codes[counts->code]->map->code->block_count;
        const uint64_t *all = builder->block_counts[counts->code];
        uint64_t cycles = wide_proportion(costs->elsewhere, counts->blocks[block_count], all[block_count]);
        for (uint32_t b = 0; b < block_count && costs->block_cycles; b++)
            cycles += wide_proportion(costs->block_cycles[b], counts->blocks[b], all[b]);
        builder->node_cycles[counts->node] += cycles;
        divided += cycles;
    }
    builder->node_cycles[0] = builder->summary->cycles > divided ? builder->summary->cycles - divided : 0;
    for (uint32_t i = dependence->node_count; i-- > 0;) { /* what is inside comes later */
        builder->node_all[i] += builder->node_cycles[i];
        if (i)
            builder->node_all[dependence->nodes[i].parent] += builder->node_all[i];
    }
}

/* ---- places ---- */

static struct summary_place place_of(struct builder *builder, uint32_t code, uint32_t instruction)
{
    const struct code *source = builder->dependence->codes[code]->map->code;
    const struct instruction *at = &source->instructions[instruction];
    struct summary_place place = {.file = source->filename.text};
    place.line = at->line > 0 ? (uint32_t)at->line : source->first_line;
    if (at->column >= 0 && at->end_line == at->line && at->end_column > at->column) {
        place.column = (uint32_t)at->column;
        place.end_column = (uint32_t)at->end_column;
    }
    return place;
}

static struct summary_place place_of_site(struct builder *builder, uint32_t site)
{
    const struct dependence *dependence = builder->dependence;
    uint32_t low = 0, high = dependence->code_count;
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;
        if (dependence->codes[middle]->first_site <= site)
            low = middle;
        else
            high = middle;
    }
    return place_of(builder, low, site - dependence->codes[low]->first_site);
}

/* ---- loops ---- */

static void add_loops(struct builder *builder)
{
    const struct dependence *dependence = builder->dependence;
    struct summary *summary = builder->summary;
    builder->loop_of_record = ARENA_ARRAY(builder->scratch, uint32_t, dependence->record_count + 1);
    builder->record_of_loop = ARENA_ARRAY(builder->scratch, uint32_t, dependence->record_count + 1);
    memset(builder->loop_of_record, 0xff, dependence->record_count * sizeof(uint32_t));
    summary->loops = ARENA_ARRAY(summary->arena, struct summary_loop, dependence->record_count + 1);
    for (uint32_t i = 0; i < dependence->record_count; i++) {
        const struct region_record *record = &dependence->records[i];
        if (record->loop == NO_LOOP || !record->instances)
            continue;
        const struct code_map *map = dependence->codes[record->code]->map;
        const struct code_loop *loop = &map->loops[record->loop];
        builder->loop_of_record[i] = summary->loop_count;
        builder->record_of_loop[summary->loop_count] = i;
        summary->loops[summary->loop_count++] = (struct summary_loop){
            .function = record->code, .place = {.file = map->code->filename.text, .line = loop->line}, .prints = record->prints,
            .is_inner = !loop->has_children && !record->calls_python, .open_end = loop->open_end,
            .is_generator = (map->code->flags & CODE_GENERATOR) != 0, .over_generator = record->over_generator,
            .consumer = record->consumer, .instances = record->instances, .iterations = record->iterations,
            .trips_least = record->trips_least == UINT64_MAX ? 0 : record->trips_least, .trips_most = record->trips_most,
            .instructions = record->instructions, .critical = record->critical};
    }
    for (uint32_t i = 1; i < dependence->node_count; i++) {
        struct summary_loop *loop = &summary->loops[builder->loop_of_record[dependence->nodes[i].record]];
        loop->cycles += builder->node_all[i];
        loop->own_cycles += builder->node_cycles[i];
    }
}

static const struct code_update *update_at(const struct dependence *dependence, uint32_t update)
{
    return update ? dependence->updates[update - 1] : NULL;
}

/* `i += 1` once in every iteration: the variable's value follows from the iteration's number. */
static bool is_induction(const struct builder *builder, const struct carried *entry)
{
    const struct dependence *dependence = builder->dependence;
    const struct region_record *record = &dependence->records[entry->record];
    const struct code_update *update = update_at(dependence, dependence->site_writes[entry->writer]);
    if (!update || !update->constant_step || update->of_objects || update->kind != entry->kind)
        return false;
    uint64_t times = 0;
    for (uint32_t i = 0; i < dependence->carried_count; i++) {
        const struct carried *other = &dependence->carried[i];
        if (other->record == entry->record && other->writer == entry->writer && other->operator == update->operator &&
            other->kind == entry->kind && other->local == entry->local && other->least) {
            if (other->most != 1)
                return false;
            times += other->count;
        }
    }
    return times + record->instances >= record->iterations && times <= record->iterations;
}

/* The loop `inner` is `outer` or was run inside it. */
static bool runs_inside(const struct dependence *dependence, uint32_t inner, uint32_t outer)
{
    if (inner == outer)
        return true;
    for (uint32_t i = 1; i < dependence->node_count; i++)
        for (uint32_t at = i; dependence->nodes[i].record == inner && at; at = dependence->nodes[at].parent)
            if (dependence->nodes[at].record == outer)
                return true;
    return false;
}

/* A sum's running value is used in the loop by something else. */
static const struct carried *find_use(const struct builder *builder, const struct carried *entry)
{
    const struct dependence *dependence = builder->dependence;
    for (uint32_t i = 0; i < dependence->carried_count; i++) {
        const struct carried *other = &dependence->carried[i];
        if (!other->least && other->writer == entry->writer && other->kind == entry->kind && other->local == entry->local &&
            runs_inside(dependence, other->record, entry->record))
            return other;
    }
    return NULL;
}

static int compare_reasons(const void *a, const void *b)
{
    const struct summary_reason *left = a, *right = b;
    if (left->loop != right->loop)
        return left->loop < right->loop ? -1 : 1;
    if ((left->role == REASON_REDUCTION) != (right->role == REASON_REDUCTION))
        return left->role == REASON_REDUCTION ? 1 : -1;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    if (left->reader.line != right->reader.line)
        return left->reader.line < right->reader.line ? -1 : 1;
    return left->reader.column < right->reader.column ? -1 : left->reader.column > right->reader.column;
}

static void add_reasons(struct builder *builder)
{
    const struct dependence *dependence = builder->dependence;
    struct summary *summary = builder->summary;
    summary->reasons = ARENA_ARRAY(summary->arena, struct summary_reason, dependence->carried_count + 1);
    for (uint32_t i = 0; i < dependence->carried_count; i++) {
        const struct carried *entry = &dependence->carried[i];
        uint32_t loop = builder->loop_of_record[entry->record];
        if (!entry->least || loop == UINT32_MAX || is_induction(builder, entry))
            continue;
        struct summary_reason reason = {.loop = loop, .kind = entry->kind, .operator = entry->operator, .count = entry->count,
                                        .least = entry->least, .most = entry->most,
                                        .reader = place_of_site(builder, entry->reader),
                                        .writer = place_of_site(builder, entry->writer)};
        if (entry->kind == VARIABLE_LOCAL)
            reason.variable = dependence->codes[dependence->records[entry->record].code]->map->code->local_names[entry->local].text;
        if (entry->operator != UPDATE_OPERATORS) {
            const struct carried *use = find_use(builder, entry);
            if (!use && entry->operator == UPDATE_INSERT)
                continue;
            reason.role = use ? REASON_USED : REASON_REDUCTION;
            if (use)
                reason.reader = place_of_site(builder, use->reader);
        }
        summary->reasons[summary->reason_count++] = reason;
    }
}

static void judge_loops(struct builder *builder)
{
    struct summary *summary = builder->summary;
    for (uint32_t i = 0; i < summary->loop_count; i++)
        summary->loops[i].verdict = summary->loops[i].trips_most < 2 ? VERDICT_SINGLE : VERDICT_INDEPENDENT;
    for (uint32_t i = 0; i < summary->reason_count; i++) {
        struct summary_loop *loop = &summary->loops[summary->reasons[i].loop];
        uint32_t verdict = summary->reasons[i].role == REASON_REDUCTION ? VERDICT_REDUCTION : VERDICT_CARRIED;
        if (loop->verdict == VERDICT_SINGLE || verdict > loop->verdict)
            loop->verdict = verdict;
    }
}

/* ---- what it would buy ---- */

/* Cycles of a loop whose iterations run so many at a time. */
static double time_wide(const struct summary_loop *loop, double cycles, uint32_t width)
{
    if (!loop->instances || loop->iterations <= loop->instances)
        return cycles;
    double trips = (double)loop->iterations / (double)loop->instances;
    uint64_t rounds = (uint64_t)(trips / width);
    if ((double)rounds * width < trips)
        rounds++;
    return cycles * (double)rounds / trips;
}

/* A generator goes on when its next value is asked for: what it yields to, or gets from one, comes one after the other. */
static bool is_parallel(const struct summary_loop *loop)
{
    return (loop->verdict == VERDICT_INDEPENDENT || loop->verdict == VERDICT_REDUCTION) && !loop->over_generator &&
           (!loop->is_generator || loop->consumer);
}

/* The least time of a whole run: at each node either its loop is run wide as a whole, or what is inside it is looked at. */
static uint64_t choose_loops(struct builder *builder, uint32_t width, bool vectors, uint64_t *chosen_cycles)
{
    const struct dependence *dependence = builder->dependence;
    double *least = ARENA_ARRAY(builder->scratch, double, dependence->node_count);
    double *covered = ARENA_ARRAY(builder->scratch, double, dependence->node_count);
    for (uint32_t i = dependence->node_count; i-- > 0;) {
        least[i] += (double)builder->node_cycles[i];
        if (!i)
            break;
        const struct summary_loop *loop = &builder->summary->loops[builder->loop_of_record[dependence->nodes[i].record]];
        double whole = (double)builder->node_all[i];
        if (is_parallel(loop) && (!vectors || loop->is_inner) && time_wide(loop, whole, width) < least[i]) {
            least[i] = time_wide(loop, whole, width);
            covered[i] = whole;
        }
        least[dependence->nodes[i].parent] += least[i];
        covered[dependence->nodes[i].parent] += covered[i];
    }
    *chosen_cycles = (uint64_t)covered[0];
    return least[0] > 0 ? (uint64_t)((double)builder->summary->cycles * 1000 / least[0] + 0.5) : 1000;
}

static void find_speedups(struct builder *builder)
{
    struct summary *summary = builder->summary;
    for (int w = 0; w < WIDTH_COUNT; w++) {
        for (uint32_t i = 0; i < summary->loop_count; i++) {
            struct summary_loop *loop = &summary->loops[i];
            double rest = (double)summary->cycles - (double)loop->cycles;
            double cycles = (double)loop->cycles;
            double time = rest + (is_parallel(loop) ? time_wide(loop, cycles, summary_widths[w]) : cycles);
            loop->speedup_milli[w] = time > 0 ? (uint64_t)((double)summary->cycles * 1000 / time + 0.5) : 1000;
        }
        summary->cores_milli[w] = choose_loops(builder, summary_widths[w], false, &summary->parallel_cycles);
        summary->vector_milli[w] = choose_loops(builder, summary_widths[w], true, &summary->vector_cycles);
    }
}

/* ---- functions, and the whole ---- */

static void add_functions(struct builder *builder)
{
    const struct dependence *dependence = builder->dependence;
    struct summary *summary = builder->summary;
    summary->function_count = dependence->code_count;
    summary->functions = ARENA_ARRAY(summary->arena, struct summary_function, dependence->code_count + 1);
    for (uint32_t i = 0; i < dependence->code_count; i++) {
        const struct code *code = dependence->codes[i]->map->code;
        const struct region_record *record = &dependence->records[dependence->codes[i]->record];
        summary->functions[i] = (struct summary_function){
            .name = code->qualified_name.text, .place = {.file = code->filename.text, .line = code->first_line},
            .is_script = builder->costs[i].is_script, .calls = record->instances, .instructions = record->instructions,
            .critical = code->flags & (CODE_GENERATOR | CODE_COROUTINE | CODE_ASYNC_GENERATOR) ? 0 : record->critical,
            .is_recursive = record->is_recursive, .branching = record->branching,
            .children = record->children, .work = record->work, .span = record->span};
    }
    for (uint32_t i = 0; i < dependence->carried_count; i++) {
        const struct carried *entry = &dependence->carried[i];
        const struct region_record *record = &dependence->records[entry->record];
        struct summary_function *function = &summary->functions[record->code];
        if (record->loop != NO_LOOP || !entry->least || entry->operator != UPDATE_OPERATORS || function->calls_depend)
            continue;
        function->calls_depend = true;
        function->dependent = place_of_site(builder, entry->reader);
    }
}

static int compare_loops(const void *a, const void *b, void *context)
{
    const struct summary_loop *loops = context;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (loops[i].cycles != loops[j].cycles)
        return loops[i].cycles > loops[j].cycles ? -1 : 1;
    return i < j ? -1 : 1;
}

static void sort_loops(struct builder *builder)
{
    struct summary *summary = builder->summary;
    uint32_t *order = ARENA_ARRAY(builder->scratch, uint32_t, summary->loop_count + 1);
    uint32_t *place = ARENA_ARRAY(builder->scratch, uint32_t, summary->loop_count + 1);
    struct summary_loop *sorted = ARENA_ARRAY(summary->arena, struct summary_loop, summary->loop_count + 1);
    for (uint32_t i = 0; i < summary->loop_count; i++)
        order[i] = i;
    qsort_r(order, summary->loop_count, sizeof *order, compare_loops, summary->loops);
    for (uint32_t i = 0; i < summary->loop_count; i++) {
        sorted[i] = summary->loops[order[i]];
        place[order[i]] = i;
    }
    summary->loops = sorted;
    for (uint32_t i = 0; i < summary->reason_count; i++)
        summary->reasons[i].loop = place[summary->reasons[i].loop];
    qsort(summary->reasons, summary->reason_count, sizeof *summary->reasons, compare_reasons);
    for (uint32_t i = summary->reason_count; i-- > 0;) {
        struct summary_loop *loop = &summary->loops[summary->reasons[i].loop];
        loop->first_reason = i;
        loop->reason_count++;
    }
}

struct summary *summary_new(const struct dependence *dependence, const struct code_costs *costs, uint64_t cycles)
{
    struct arena *arena = arena_new();
    struct summary *summary = ARENA_NEW(arena, struct summary);
    struct builder builder = {.dependence = dependence, .costs = costs, .summary = summary, .scratch = arena_new()};
    summary->arena = arena;
    summary->cycles = cycles;
    summary->instructions = dependence->serial;
    summary->stop_reason = dependence->stop_reason;
    for (int i = 0; i < LANE_REGIONS; i++)
        summary->critical[i] = (uint64_t)dependence->best[i];
    count_blocks(&builder);
    divide_cycles(&builder);
    add_loops(&builder);
    add_reasons(&builder);
    judge_loops(&builder);
    find_speedups(&builder);
    add_functions(&builder);
    sort_loops(&builder);
    arena_free(builder.scratch);
    return summary;
}

void summary_free(struct summary *summary)
{
    if (summary)
        arena_free(summary->arena);
}

/* ---- bytes ---- */

static void walk_place(struct byte_stream *stream, struct summary_place *place)
{
    walk_text(stream, &place->file);
    walk_bytes(stream, &place->line, sizeof place->line);
    walk_bytes(stream, &place->column, sizeof place->column);
    walk_bytes(stream, &place->end_column, sizeof place->end_column);
}

/* The structures as they are; then their texts, which replace the pointers. */
static void walk_summary(struct byte_stream *stream, struct summary *summary)
{
    struct arena *arena = summary->arena;
    walk_bytes(stream, summary, sizeof *summary);
    summary->arena = arena;
    walk_text(stream, &summary->isa);
    walk_text(stream, &summary->machine);
    walk_text(stream, &summary->stop_reason);
    summary->loops = walk_list(stream, summary->loops, &summary->loop_count, sizeof *summary->loops);
    for (uint32_t i = 0; i < summary->loop_count; i++) {
        walk_bytes(stream, &summary->loops[i], sizeof summary->loops[i]);
        walk_place(stream, &summary->loops[i].place);
        walk_text(stream, &summary->loops[i].consumer);
    }
    summary->functions = walk_list(stream, summary->functions, &summary->function_count, sizeof *summary->functions);
    for (uint32_t i = 0; i < summary->function_count; i++) {
        walk_bytes(stream, &summary->functions[i], sizeof summary->functions[i]);
        walk_text(stream, &summary->functions[i].name);
        walk_place(stream, &summary->functions[i].place);
        walk_place(stream, &summary->functions[i].dependent);
    }
    summary->reasons = walk_list(stream, summary->reasons, &summary->reason_count, sizeof *summary->reasons);
    for (uint32_t i = 0; i < summary->reason_count; i++) {
        walk_bytes(stream, &summary->reasons[i], sizeof summary->reasons[i]);
        walk_text(stream, &summary->reasons[i].variable);
        walk_place(stream, &summary->reasons[i].reader);
        walk_place(stream, &summary->reasons[i].writer);
    }
}

void summary_write(struct summary *summary, struct buffer *bytes)
{
    struct byte_stream stream = {.out = bytes};
    walk_summary(&stream, summary);
}

struct summary *summary_read(const char *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct summary *summary = ARENA_NEW(arena, struct summary);
    struct byte_stream stream = {.in = bytes, .left = size, .arena = arena};
    summary->arena = arena;
    walk_summary(&stream, summary);
    if (!stream.failed && !stream.left)
        return summary;
    arena_free(arena);
    return NULL;
}
