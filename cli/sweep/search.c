/* search.c - see search.h. What is compared is the same on every machine: products and sums only, no logarithms. */
#include "cli/sweep/search.h"

#include "cli/sweep/sample.h"
#include "core/memory.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { BREEDINGS = 64, DRAWS = 100000, CROSSOVER_OF_10 = 9, MUTATION_SCALES = 12 };

struct score { /* of one objective at one point, less is better */
    double geometric, arithmetic;
};

struct individual {
    uint32_t point;
    uint32_t rank;      /* 0: no other is better by all objectives; 1: none but those; ... */
    uint32_t dominators;
    double crowding;    /* how far its neighbours of the same rank are */
};

struct search {
    struct sweep_plan *plan;
    struct sampler sampler;
    struct score (*scores)[SWEEP_MAX_OBJECTIVES]; /* of every point */
    bool has_zero[SWEEP_MAX_OBJECTIVES];          /* no geometric mean, then, for any point */
    struct individual *parents, *pool;            /* pool: parents and children */
    uint32_t parent_count, first_child;           /* the first point of the latest generation */
    uint32_t read;                                /* points whose scores are known */
};

struct search *search_new(struct sweep_plan *plan, struct diag *diag)
{
    struct search *search = checked_alloc(1, sizeof *search);
    search->plan = plan;
    search->scores = checked_alloc(plan->capacity, sizeof *search->scores);
    search->parents = checked_alloc(plan->population, sizeof *search->parents);
    search->pool = checked_alloc(2 * (size_t)plan->population, sizeof *search->pool);
    sampler_start(&search->sampler, plan, plan->capacity, diag);
    return search;
}

void search_free(struct search *search)
{
    if (!search)
        return;
    sampler_end(&search->sampler);
    free(search->scores);
    free(search->parents);
    free(search->pool);
    free(search);
}

/* ---- objectives ---- */

/* A product of many counts: its exponent apart, so that it does not overflow. */
struct product {
    double mantissa; /* from 0.5 to 1 */
    int exponent;
};

static void multiply(struct product *product, double value)
{
    int exponent;
    product->mantissa = frexp(product->mantissa * value, &exponent);
    product->exponent += exponent;
}

/* Rises as the product does, and nearly as its logarithm: straight between powers of two. */
static double product_height(const struct product *product)
{
    return product->exponent + 2 * product->mantissa - 2;
}

struct reading {
    struct product products[SWEEP_MAX_OBJECTIVES];
    double sums[SWEEP_MAX_OBJECTIVES];
    bool invalid;
};

static void add_value(struct search *search, struct reading *reading, int objective, double value)
{
    reading->sums[objective] += value;
    if (value > 0)
        multiply(&reading->products[objective], value);
    else
        search->has_zero[objective] = true;
}

static bool read_point(struct search *search, uint32_t point, search_values *read, void *context, struct reading *reading)
{
    const struct sweep_plan *plan = search->plan;
    for (int i = 0; i < SWEEP_MAX_OBJECTIVES; i++)
        reading->products[i] = (struct product){0.5, 1};
    for (int program = 0; program < plan->program_count; program++) {
        double values[SWEEP_MAX_OBJECTIVES];
        bool invalid;
        if (!read(context, point, program, values, &invalid))
            return false;
        reading->invalid |= invalid;
        for (int i = 0; i < plan->objective_count; i++)
            if (plan->objectives[i].program < 0 || plan->objectives[i].program == program)
                add_value(search, reading, i, values[i]);
    }
    return true;
}

bool search_read(struct search *search, search_values *read, void *context, struct diag *diag)
{
    const struct sweep_plan *plan = search->plan;
    bool good = true;
    for (; good && search->read < plan->point_count; search->read++) {
        struct reading reading = {.invalid = false};
        good = read_point(search, search->read, read, context, &reading) ||
               diag_error(diag, plan->file, 0, 0, "found no result of a point that was computed");
        for (int i = 0; i < plan->objective_count; i++) {
            double sign = plan->objectives[i].maximize ? -1 : 1;
            struct score *score = &search->scores[search->read][i];
            score->geometric = reading.invalid ? INFINITY : sign * product_height(&reading.products[i]);
            score->arithmetic = reading.invalid ? INFINITY : sign * reading.sums[i];
        }
    }
    return good;
}

char *search_columns(const struct sweep_plan *plan)
{
    struct buffer columns = {0};
    buffer_add_text(&columns, "r.error");
    for (int i = 0; i < plan->objective_count; i++) {
        char *metric = figures_metric_sql(plan->objectives[i].metric);
        buffer_printf(&columns, ", %s", metric);
        free(metric);
    }
    return columns.bytes;
}

bool search_results_open(struct search_results *from, const struct sweep_plan *plan, struct results *results,
                         const int64_t *point_ids, const int64_t *program_ids, const char *tool, struct diag *diag)
{
    char *columns = search_columns(plan);
    char *text = sqlite3_mprintf("SELECT %s FROM results r WHERE r.point = ? AND r.program = ? AND r.tool = '%q'", columns, tool);
    *from = (struct search_results){plan, point_ids, program_ids, NULL};
    bool good = sqlite3_prepare_v2(results->database, text, -1, &from->query, NULL) == SQLITE_OK ||
                results_error(results, "cannot be read", diag);
    sqlite3_free(text);
    free(columns);
    return good;
}

bool search_results_values(void *context, uint32_t point, int program, double *values, bool *invalid)
{
    const struct search_results *from = context;
    sqlite3_bind_int64(from->query, 1, from->point_ids[point]);
    sqlite3_bind_int64(from->query, 2, from->program_ids[program]);
    bool found = sqlite3_step(from->query) == SQLITE_ROW;
    *invalid = found && sqlite3_column_type(from->query, 0) != SQLITE_NULL;
    for (int i = 0; found && i < from->plan->objective_count; i++)
        values[i] = sqlite3_column_double(from->query, 1 + i);
    sqlite3_reset(from->query);
    return found;
}

void search_results_close(struct search_results *from)
{
    sqlite3_finalize(from->query);
    from->query = NULL;
}

static double score_of(const struct search *search, uint32_t point, int objective)
{
    const struct score *score = &search->scores[point][objective];
    return search->has_zero[objective] ? score->arithmetic : score->geometric;
}

/* ---- who is better ---- */

static bool dominates(const struct search *search, uint32_t left, uint32_t right)
{
    bool better = false;
    for (int i = 0; i < search->plan->objective_count; i++) {
        double a = score_of(search, left, i), b = score_of(search, right, i);
        if (a > b)
            return false;
        better |= a < b;
    }
    return better;
}

static void rank_pool(const struct search *search, uint32_t count)
{
    struct individual *pool = search->pool;
    for (uint32_t i = 0; i < count; i++) {
        pool[i].rank = UINT32_MAX;
        pool[i].dominators = 0;
        for (uint32_t k = 0; k < count; k++)
            pool[i].dominators += dominates(search, pool[k].point, pool[i].point);
    }
    uint32_t ranked = 0;
    for (uint32_t rank = 0; ranked < count; rank++) {
        for (uint32_t i = 0; i < count; i++)
            if (pool[i].rank == UINT32_MAX && pool[i].dominators == 0)
                pool[i].rank = rank;
        for (uint32_t i = 0; i < count; i++) {
            if (pool[i].rank != rank)
                continue;
            ranked++;
            for (uint32_t k = 0; k < count; k++)
                pool[k].dominators -= pool[k].rank == UINT32_MAX && dominates(search, pool[i].point, pool[k].point);
        }
    }
}

struct by_score {
    double score;
    uint32_t point;
    struct individual *individual;
};

static int compare_scores(const void *left, const void *right)
{
    const struct by_score *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return a->point < b->point ? -1 : a->point > b->point;
}

static int compare_ranks(const void *left, const void *right)
{
    const struct individual *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->crowding != b->crowding)
        return a->crowding > b->crowding ? -1 : 1;
    return a->point < b->point ? -1 : a->point > b->point;
}

/* Of individuals of one rank. */
static void measure_crowding(const struct search *search, struct individual *front, uint32_t count)
{
    struct by_score *sorted = checked_alloc(count, sizeof *sorted);
    for (int objective = 0; objective < search->plan->objective_count; objective++) {
        for (uint32_t i = 0; i < count; i++)
            sorted[i] = (struct by_score){score_of(search, front[i].point, objective), front[i].point, &front[i]};
        qsort(sorted, count, sizeof *sorted, compare_scores);
        double range = sorted[count - 1].score - sorted[0].score;
        sorted[0].individual->crowding = sorted[count - 1].individual->crowding = INFINITY;
        for (uint32_t i = 1; i + 1 < count && range > 0; i++)
            sorted[i].individual->crowding += (sorted[i + 1].score - sorted[i - 1].score) / range;
    }
    free(sorted);
}

/* The best of parents and children become parents. */
static void select_parents(struct search *search, uint32_t first_child)
{
    struct individual *pool = search->pool;
    uint32_t count = 0, end;
    for (uint32_t i = 0; i < search->parent_count; i++)
        pool[count++] = (struct individual){.point = search->parents[i].point};
    for (uint32_t i = first_child; i < search->plan->point_count; i++)
        pool[count++] = (struct individual){.point = i};
    rank_pool(search, count);
    qsort(pool, count, sizeof *pool, compare_ranks);
    for (uint32_t start = 0; start < count; start = end) {
        for (end = start; end < count && pool[end].rank == pool[start].rank;)
            end++;
        measure_crowding(search, pool + start, end - start);
    }
    qsort(pool, count, sizeof *pool, compare_ranks);
    search->parent_count = count < search->plan->population ? count : search->plan->population;
    memcpy(search->parents, pool, search->parent_count * sizeof *pool);
}

/* ---- children ---- */

/* The better of two: parents are in order. */
static const uint16_t *choose_parent(const struct search *search)
{
    struct sweep_plan *plan = search->plan;
    uint32_t a = sweep_random_below(&plan->random, search->parent_count);
    uint32_t b = sweep_random_below(&plan->random, search->parent_count);
    return plan->choices + (size_t)search->parents[a < b ? a : b].point * (size_t)plan->axis_count;
}

/* Of ordered values a neighbour, seldom a far one; else any other. */
static uint16_t mutate(struct sweep_random *random, const struct sweep_axis *axis, uint16_t choice)
{
    uint32_t count = (uint32_t)axis->value_count, span = count >> (1 + sweep_random_below(random, MUTATION_SCALES));
    if (!axis->ordered)
        return (uint16_t)((choice + 1 + sweep_random_below(random, count - 1)) % count);
    uint32_t distance = 1 + sweep_random_below(random, span ? span : 1);
    bool up = sweep_random_below(random, 2);
    if (up ? choice + distance >= count : choice < distance)
        up = !up;
    if (up ? choice + distance >= count : choice < distance)
        return up ? (uint16_t)(count - 1) : 0;
    return (uint16_t)(up ? choice + distance : choice - distance);
}

static void breed(struct search *search)
{
    struct sweep_plan *plan = search->plan;
    const uint16_t *mother = choose_parent(search), *father = choose_parent(search);
    uint16_t *child = sampler_candidate(&search->sampler);
    bool crossed = sweep_random_below(&plan->random, 10) < CROSSOVER_OF_10;
    for (int i = 0; i < plan->axis_count; i++) {
        child[i] = crossed && sweep_random_below(&plan->random, 2) ? father[i] : mother[i];
        if (sweep_random_below(&plan->random, (uint32_t)plan->axis_count) == 0 && plan->axes[i].value_count > 1)
            child[i] = mutate(&plan->random, &plan->axes[i], child[i]);
    }
}

/* A child; where none is found that is new, any point. */
static bool add_point(struct search *search)
{
    enum sample_try tried = SAMPLE_KNOWN;
    for (int i = 0; i < BREEDINGS && tried != SAMPLE_TAKEN && tried != SAMPLE_FAILED; i++) {
        breed(search);
        tried = sampler_take(&search->sampler);
    }
    for (int i = 0; i < DRAWS && tried != SAMPLE_TAKEN && tried != SAMPLE_FAILED; i++) {
        sampler_draw(&search->sampler);
        tried = sampler_take(&search->sampler);
    }
    return tried == SAMPLE_TAKEN;
}

bool search_next(struct search *search)
{
    struct sweep_plan *plan = search->plan;
    uint32_t first = plan->point_count;
    select_parents(search, search->first_child);
    search->first_child = first;
    while (plan->point_count < plan->capacity && plan->point_count - first < plan->population && add_point(search))
        ;
    return plan->point_count > first;
}
