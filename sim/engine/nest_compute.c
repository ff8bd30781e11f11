/* nest_compute.c - the arithmetic of a nest: products of matrices by a kernel of their own, everything else expression by
 * expression over a vector of rounds; on 64-bit ints and doubles, or where those do not do on Python's own numbers. Every sum
 * is taken in the order of Python's loops, so that doubles are rounded as they are there. */
#include "sim/engine/nest.h"

#include "sim/engine/operations.h"
#include "sim/runtime/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct vector { /* what a node is in some rounds */
    bool is_float;
    union {
        double f[NEST_CHUNK];
        int64_t i[NEST_CHUNK];
    };
};

struct scalar {
    bool is_float;
    double f;
    int64_t i;
};

struct rounds_span { /* of rounds: `count` of loop `along` (-1: just these) */
    const int64_t *rounds;
    int along;
    int64_t count;
    const struct scalar *sum; /* for the nest's sum, where it is part of an expression */
};

static bool sum_rounds(struct nest_run *run, const struct nest_node *node, const int64_t *outer, struct scalar *sum);

static bool has_overflown(struct nest_run *run)
{
    run->overflow = true;
    return false;
}

static const struct nest_array *array_of(const struct nest_run *run, const struct nest_node *node)
{
    for (int i = 0; i < run->array_count; i++)
        if (run->arrays[i].node == node)
            return &run->arrays[i];
    return NULL;
}

static int64_t place_in(const struct nest_array *array, const int64_t *rounds)
{
    int64_t at = 0;
    for (int i = 0; i < NEST_MAX_LOOPS; i++)
        at += array->strides[i] * rounds[i];
    return at;
}

/* ---- one expression ---- */

static bool evaluate_array(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span, struct vector *out)
{
    const struct nest_array *array = array_of(run, node);
    int64_t at = place_in(array, span->rounds), stride = span->along >= 0 ? array->strides[span->along] : 0;
    out->is_float = array->type == NEST_FLOATS;
    if (stride == 1)
        memcpy(out->i, array->ints + at, (size_t)span->count * sizeof *out->i); /* doubles are as large */
    else if (out->is_float)
        for (int64_t i = 0; i < span->count; i++)
            out->f[i] = array->floats[at + i * stride];
    else
        for (int64_t i = 0; i < span->count; i++)
            out->i[i] = array->ints[at + i * stride];
    return true;
}

static bool evaluate_index(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span, struct vector *out)
{
    int64_t first = nest_index(run, node->loop, span->rounds), step = node->loop == span->along ? run->steps[node->loop] : 0;
    out->is_float = false;
    for (int64_t i = 0; i < span->count; i++)
        out->i[i] = first + i * step;
    return true;
}

static void make_float(struct vector *v, int64_t count)
{
    for (int64_t i = 0; i < count && !v->is_float; i++)
        v->f[i] = (double)v->i[i];
    v->is_float = true;
}

static bool compute_ints(struct nest_run *run, enum op op, struct vector *a, const struct vector *b, int64_t count)
{
    bool overflow = false;
    for (int64_t i = 0; i < count; i++)
        overflow |= op == OP_add   ? __builtin_add_overflow(a->i[i], b->i[i], &a->i[i])
                    : op == OP_sub ? __builtin_sub_overflow(a->i[i], b->i[i], &a->i[i])
                                   : __builtin_mul_overflow(a->i[i], b->i[i], &a->i[i]);
    return !overflow || has_overflown(run);
}

static void compute_floats(enum op op, struct vector *a, const struct vector *b, int64_t count)
{
    switch ((int)op) {
    case OP_add:
        for (int64_t i = 0; i < count; i++)
            a->f[i] += b->f[i];
        break;
    case OP_sub:
        for (int64_t i = 0; i < count; i++)
            a->f[i] -= b->f[i];
        break;
    case OP_mul:
        for (int64_t i = 0; i < count; i++)
            a->f[i] *= b->f[i];
        break;
    default:
        for (int64_t i = 0; i < count; i++)
            a->f[i] /= b->f[i];
        break;
    }
}

/* Ints whose quotient is not that of the nearest doubles are Python's affair, and so is a zero. */
static bool check_division(struct nest_run *run, const struct vector *a, const struct vector *b, int64_t count)
{
    const int64_t exact = INT64_C(1) << 53;
    for (int64_t i = 0; i < count; i++) {
        if (b->is_float ? b->f[i] == 0.0 : b->i[i] == 0)
            return nest_refuse(run, "a division by zero");
        if ((!a->is_float && (a->i[i] > exact || a->i[i] < -exact)) || (!b->is_float && (b->i[i] > exact || b->i[i] < -exact)))
            return has_overflown(run);
    }
    return true;
}

static bool evaluate(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span, struct vector *out);

/* Numbers of two types are compared as doubles when the ints among them are exactly doubles. */
static bool compare_vectors(struct nest_run *run, enum compare_kind kind, struct vector *a, struct vector *b, int64_t count)
{
    const int64_t exact = INT64_C(1) << 53;
    if (!a->is_float && !b->is_float) {
        for (int64_t i = 0; i < count; i++)
            a->i[i] = order_holds((a->i[i] > b->i[i]) - (a->i[i] < b->i[i]), kind);
        return true;
    }
    for (int64_t i = 0; i < count && a->is_float != b->is_float; i++) {
        int64_t whole = a->is_float ? b->i[i] : a->i[i];
        if (whole > exact || whole < -exact)
            return has_overflown(run);
    }
    make_float(a, count);
    make_float(b, count);
    for (int64_t i = 0; i < count; i++)
        a->i[i] = doubles_compare(a->f[i], b->f[i], kind);
    a->is_float = false;
    return true;
}

/* Of a comparison, or of both or either of two conditions, or not of one: 0 or 1 in each round. */
static bool evaluate_condition(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span,
                               struct vector *out)
{
    struct vector right;
    if (node->kind == NEST_COMPARE)
        return evaluate(run, node->a, span, out) && evaluate(run, node->b, span, &right) &&
               compare_vectors(run, (enum compare_kind)(node->op - OP_lt), out, &right, span->count);
    if (!evaluate_condition(run, node->a, span, out))
        return false;
    if (node->kind == NEST_NOT) {
        for (int64_t i = 0; i < span->count; i++)
            out->i[i] = !out->i[i];
        return true;
    }
    if (!evaluate_condition(run, node->b, span, &right))
        return false;
    for (int64_t i = 0; i < span->count; i++)
        out->i[i] = node->kind == NEST_BOTH ? out->i[i] & right.i[i] : out->i[i] | right.i[i];
    return true;
}

/* Both sides of a selection, and which of them it is. */
static bool evaluate_sides(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span, struct vector *holds,
                           struct vector *a, struct vector *b)
{
    if (!evaluate(run, node->a, span, a) || !evaluate(run, node->b, span, b))
        return false;
    if (!nest_compares_itself(node))
        return evaluate_condition(run, node->when, span, holds);
    enum compare_kind kind = (enum compare_kind)(node->when->op - OP_lt);
    if (a->is_float && b->is_float) {
        for (int64_t i = 0; i < span->count; i++)
            holds->i[i] = doubles_compare(a->f[i], b->f[i], kind);
        return true;
    }
    struct vector right = *b;
    *holds = *a;
    return compare_vectors(run, kind, holds, &right, span->count);
}

static bool evaluate_select(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span,
                            struct vector *out)
{
    struct vector holds, other;
    if (!evaluate_sides(run, node, span, &holds, out, &other))
        return false;
    if (out->is_float != other.is_float)
        return has_overflown(run);
    for (int64_t i = 0; i < span->count; i++)
        out->i[i] = holds.i[i] ? out->i[i] : other.i[i]; /* doubles are as large */
    return true;
}

/* The nest's sum, which is known; or one inside it, for each round. */
static bool evaluate_sum(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span, struct vector *out)
{
    int64_t rounds[NEST_MAX_LOOPS];
    struct scalar sum;
    memcpy(rounds, span->rounds, sizeof rounds);
    for (int64_t i = 0; i < span->count; i++) {
        if (span->sum)
            sum = *span->sum;
        else if (!sum_rounds(run, node, rounds, &sum))
            return false;
        if (i && out->is_float != sum.is_float)
            return has_overflown(run);
        out->is_float = sum.is_float;
        if (sum.is_float)
            out->f[i] = sum.f;
        else
            out->i[i] = sum.i;
        if (span->along >= 0)
            rounds[span->along]++;
    }
    return true;
}

static bool evaluate_arithmetic(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span,
                                struct vector *out)
{
    struct vector right;
    if (node->op != OP_add && node->op != OP_sub && node->op != OP_mul && node->op != OP_div)
        return has_overflown(run);
    if (!evaluate(run, node->a, span, out) || !evaluate(run, node->b, span, &right))
        return false;
    if (node->op == OP_div && !check_division(run, out, &right, span->count))
        return false;
    if (!out->is_float && !right.is_float && node->op != OP_div)
        return compute_ints(run, node->op, out, &right, span->count);
    make_float(out, span->count);
    make_float(&right, span->count);
    compute_floats(node->op, out, &right, span->count);
    return true;
}

static bool evaluate_absolute(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span,
                              struct vector *out)
{
    if (!evaluate(run, node->a, span, out))
        return false;
    for (int64_t i = 0; i < span->count; i++) {
        if (out->is_float)
            out->f[i] = fabs(out->f[i]);
        else if (out->i[i] < 0 && __builtin_sub_overflow(0, out->i[i], &out->i[i]))
            return has_overflown(run);
    }
    return true;
}

static bool evaluate(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span, struct vector *out)
{
    switch ((int)node->kind) {
    case NEST_INDEX:
        return evaluate_index(run, node, span, out);
    case NEST_ARITHMETIC:
        return evaluate_arithmetic(run, node, span, out);
    case NEST_NEGATE:
        if (!evaluate(run, node->a, span, out))
            return false;
        for (int64_t i = 0; i < span->count; i++) {
            if (out->is_float)
                out->f[i] = -out->f[i];
            else if (__builtin_sub_overflow(0, out->i[i], &out->i[i]))
                return has_overflown(run);
        }
        return true;
    case NEST_ABSOLUTE:
        return evaluate_absolute(run, node, span, out);
    case NEST_SUM:
        return evaluate_sum(run, node, span, out);
    case NEST_COMPARE:
        return evaluate_condition(run, node, span, out);
    case NEST_SELECT:
        return evaluate_select(run, node, span, out);
    default:
        return evaluate_array(run, node, span, out);
    }
}

static bool evaluate_scalar(struct nest_run *run, const struct nest_node *node, const int64_t *rounds,
                            const struct scalar *sum, struct scalar *out)
{
    struct vector v;
    struct rounds_span span = {rounds, -1, 1, sum};
    if (!evaluate(run, node, &span, &v))
        return false;
    *out = (struct scalar){.is_float = v.is_float};
    if (v.is_float)
        out->f = v.f[0];
    else
        out->i = v.i[0];
    return true;
}

/* ---- sums ---- */

static struct scalar scalar_at(const struct vector *v, int64_t at)
{
    struct scalar scalar = {.is_float = v->is_float};
    if (v->is_float)
        scalar.f = v->f[at];
    else
        scalar.i = v->i[at];
    return scalar;
}

/* Of the rounds in `holds` (NULL: of all). */
static bool subtract_all(struct nest_run *run, struct scalar *rest, const struct vector *v, const struct vector *holds,
                         int64_t count)
{
    bool overflow = false;
    for (int64_t i = 0; i < count; i++) {
        if (holds && !holds->i[i])
            continue;
        if (v->is_float && !rest->is_float)
            *rest = (struct scalar){.is_float = true, .f = (double)rest->i};
        if (rest->is_float)
            rest->f -= v->is_float ? v->f[i] : (double)v->i[i];
        else
            overflow |= __builtin_sub_overflow(rest->i, v->i[i], &rest->i);
    }
    return !overflow || has_overflown(run);
}

/* The same. */
static bool multiply_up(struct nest_run *run, struct scalar *product, const struct vector *v, const struct vector *holds,
                        int64_t count)
{
    bool overflow = false;
    for (int64_t i = 0; i < count; i++) {
        if (holds && !holds->i[i])
            continue;
        if (v->is_float && !product->is_float)
            *product = (struct scalar){.is_float = true, .f = (double)product->i};
        if (product->is_float)
            product->f *= v->is_float ? v->f[i] : (double)v->i[i];
        else
            overflow |= __builtin_mul_overflow(product->i, v->i[i], &product->i);
    }
    return !overflow || has_overflown(run);
}

static bool add_some(struct nest_run *run, struct scalar *sum, const struct vector *v, const struct vector *holds, int64_t count)
{
    bool overflow = false;
    for (int64_t i = 0; i < count; i++) {
        if (!holds->i[i])
            continue;
        if (v->is_float && !sum->is_float)
            *sum = (struct scalar){.is_float = true, .f = (double)sum->i};
        if (sum->is_float)
            sum->f += v->is_float ? v->f[i] : (double)v->i[i];
        else
            overflow |= __builtin_add_overflow(sum->i, v->i[i], &sum->i);
    }
    return !overflow || has_overflown(run);
}

static bool add_all(struct nest_run *run, struct scalar *sum, const struct vector *v, int64_t count)
{
    if (v->is_float && !sum->is_float)
        *sum = (struct scalar){.is_float = true, .f = (double)sum->i};
    if (sum->is_float) {
        double total = sum->f;
        for (int64_t i = 0; i < count; i++)
            total += v->is_float ? v->f[i] : (double)v->i[i];
        sum->f = total;
        return true;
    }
    bool overflow = false;
    for (int64_t i = 0; i < count; i++)
        overflow |= __builtin_add_overflow(sum->i, v->i[i], &sum->i);
    return !overflow || has_overflown(run);
}

/* The last of those that compare so with the one before; *taken: which, or -1. */
static bool replace(struct nest_run *run, const struct nest_node *node, struct scalar *kept, const struct vector *v, int64_t count,
                    int64_t *taken)
{
    const int64_t exact = INT64_C(1) << 53;
    enum compare_kind kind = (enum compare_kind)(node->op - OP_lt);
    for (int64_t i = 0; i < count; i++) {
        bool holds;
        if (v->is_float && kept->is_float) {
            holds = doubles_compare(v->f[i], kept->f, kind);
        } else if (!v->is_float && !kept->is_float) {
            holds = order_holds((v->i[i] > kept->i) - (v->i[i] < kept->i), kind);
        } else {
            int64_t whole = v->is_float ? kept->i : v->i[i];
            if (whole > exact || whole < -exact)
                return has_overflown(run);
            holds = doubles_compare(v->is_float ? v->f[i] : (double)v->i[i], kept->is_float ? kept->f : (double)kept->i, kind);
        }
        if (holds == node->unless)
            continue;
        *kept = scalar_at(v, i);
        *taken = i;
    }
    return true;
}

/* The next rounds of those loops, the last one fastest. False: there are no more; all are 0 again. */
static bool next_of(const struct nest_run *run, const int *loops, int count, int64_t *rounds)
{
    for (int i = count - 1; i >= 0; i--) {
        if (++rounds[loops[i]] < run->trips[loops[i]])
            return true;
        rounds[loops[i]] = 0;
    }
    return false;
}

static bool is_interrupted(struct nest_run *run)
{
    return run->vm->interrupt && !nest_refuse(run, "the program was interrupted");
}

static int loops_of_sum(const struct nest_node *node, int *loops)
{
    int count = 0;
    for (int i = 0; i < NEST_MAX_LOOPS; i++)
        if (node->index & 1u << i)
            loops[count++] = i;
    return count;
}

static void note_picked(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, int along, int64_t taken)
{
    if (node != run->tracked)
        return;
    memcpy(run->picked, rounds, sizeof run->picked);
    run->picked[along] += taken;
    run->has_picked = true;
}

/* Some rounds of the loop `along`, from where it is. *begun: there is a number that they are added to. */
static bool sum_span(struct nest_run *run, const struct nest_node *node, const struct rounds_span *span, bool *begun,
                     struct scalar *sum)
{
    struct vector v, holds;
    if (!evaluate(run, node->b, span, &v))
        return false;
    if (nest_is_extremum(node)) {
        int64_t taken = -1;
        if (!*begun) {
            *sum = scalar_at(&v, 0);
            taken = 0;
        }
        *begun = true;
        if (!replace(run, node, sum, &v, span->count, &taken))
            return false;
        if (taken >= 0)
            note_picked(run, node, span->rounds, span->along, taken);
        return true;
    }
    if (node->when && !evaluate_condition(run, node->when, span, &holds))
        return false;
    for (int64_t i = 0; node->when && node->unless && i < span->count; i++)
        holds.i[i] = !holds.i[i];
    if (node->op == OP_mul)
        return multiply_up(run, sum, &v, node->when ? &holds : NULL, span->count);
    if (node->op == OP_sub)
        return subtract_all(run, sum, &v, node->when ? &holds : NULL, span->count);
    return node->when ? add_some(run, sum, &v, &holds, span->count) : add_all(run, sum, &v, span->count);
}

/* The sum in those rounds of the loops around its own. */
static bool sum_rounds(struct nest_run *run, const struct nest_node *node, const int64_t *outer, struct scalar *sum)
{
    int loops[NEST_MAX_LOOPS], count = loops_of_sum(node, loops), along = loops[count - 1];
    int64_t rounds[NEST_MAX_LOOPS], trip = run->trips[along];
    bool begun = node->a != NULL;
    memcpy(rounds, outer, sizeof rounds);
    for (int i = 0; i < count; i++)
        rounds[loops[i]] = 0;
    if (node == run->tracked)
        run->has_picked = false;
    if (begun && !evaluate_scalar(run, node->a, rounds, NULL, sum))
        return false;
    do {
        for (rounds[along] = 0; rounds[along] < trip; rounds[along] += NEST_CHUNK) {
            struct rounds_span span = {rounds, along, trip - rounds[along] < NEST_CHUNK ? trip - rounds[along] : NEST_CHUNK, NULL};
            if (!sum_span(run, node, &span, &begun, sum))
                return false;
        }
        rounds[along] = 0;
        if (is_interrupted(run))
            return false;
    } while (next_of(run, loops, count - 1, rounds));
    return true;
}

/* ---- results ---- */

static bool put(struct nest_run *run, int64_t at, bool is_float, double f, int64_t i)
{
    value v = is_float ? float_value(run->vm, f) : int_from_int64(run->vm, i);
    run->results[at] = v;
    return v != VALUE_NULL;
}

static bool put_vector(struct nest_run *run, int64_t at, const struct vector *v, int64_t count)
{
    value *items = run->results + at;
    bool failed = false;
    if (v->is_float) {
        for (int64_t i = 0; i < count && !failed; i++)
            failed = (items[i] = float_value(run->vm, v->f[i])) == VALUE_NULL;
        return !failed;
    }
    for (int64_t i = 0; i < count && !failed; i++) {
        items[i] = small_int(v->i[i]);
        if (!small_int_fits(v->i[i]))
            failed = (items[i] = int_from_int64(run->vm, v->i[i])) == VALUE_NULL;
    }
    return !failed;
}

static bool compute_sums(struct nest_run *run)
{
    int64_t rounds[NEST_MAX_LOOPS] = {0};
    struct scalar sum, element;
    for (int64_t at = 0; at < run->outputs; at++) {
        if (!sum_rounds(run, run->nest->sum, rounds, &sum))
            return false;
        element = sum;
        run->last_sum = sum.is_float ? float_value(run->vm, sum.f) : int_from_int64(run->vm, sum.i);
        if (run->nest->element != run->nest->sum && !evaluate_scalar(run, run->nest->element, rounds, &sum, &element))
            return false;
        if (!put(run, at, element.is_float, element.f, element.i))
            return false;
        next_of(run, run->outer, run->outer_count, rounds);
    }
    return true;
}

/* One or the other of two numbers, which may be of two types. */
static bool put_select(struct nest_run *run, const struct rounds_span *span, int64_t at)
{
    const struct nest_node *element = run->nest->element;
    struct vector holds, a, b;
    if (!evaluate_sides(run, element, span, &holds, &a, &b))
        return false;
    for (int64_t i = 0; i < span->count; i++) {
        struct scalar chosen = scalar_at(holds.i[i] ? &a : &b, i);
        if (!put(run, at + i, chosen.is_float, chosen.f, chosen.i))
            return false;
    }
    return true;
}

static bool put_element(struct nest_run *run, const struct rounds_span *span, int64_t at)
{
    struct vector v;
    if (run->nest->element->kind == NEST_SELECT)
        return put_select(run, span, at);
    return evaluate(run, run->nest->element, span, &v) && put_vector(run, at, &v, span->count);
}

static bool compute_map(struct nest_run *run)
{
    int64_t rounds[NEST_MAX_LOOPS] = {0}, at = 0;
    int along = run->outer[run->outer_count - 1];
    do {
        int64_t trip = run->trips[along];
        for (rounds[along] = 0; rounds[along] < trip; rounds[along] += NEST_CHUNK) {
            struct rounds_span span = {rounds, along, trip - rounds[along] < NEST_CHUNK ? trip - rounds[along] : NEST_CHUNK, NULL};
            if (!put_element(run, &span, at))
                return false;
            at += span.count;
        }
        rounds[along] = 0;
        if (is_interrupted(run))
            return false;
    } while (next_of(run, run->outer, run->outer_count - 1, rounds));
    return true;
}

/* ---- products of matrices ---- */

enum { TILE = 8 }; /* sums at a time: one waits for its last addition while the others go on */

struct product {
    const struct nest_array *a, *b; /* by rows, by columns */
    int64_t a_row, a_step, b_column, b_step, depth;
};

static void multiply_floats(const struct product *p, int64_t row, int64_t column, int64_t width, double *sums)
{
    const double *a = p->a->floats + row * p->a_row, *b = p->b->floats + column * p->b_column;
    if (width == TILE) {
        double s[TILE];
        for (int u = 0; u < TILE; u++)
            s[u] = sums[u];
        for (int64_t k = 0; k < p->depth; k++)
            for (int u = 0; u < TILE; u++)
                s[u] += a[k * p->a_step] * b[u * p->b_column + k * p->b_step];
        for (int u = 0; u < TILE; u++)
            sums[u] = s[u];
        return;
    }
    for (int64_t u = 0; u < width; u++)
        for (int64_t k = 0; k < p->depth; k++)
            sums[u] += a[k * p->a_step] * b[u * p->b_column + k * p->b_step];
}

static void multiply_ints(const struct product *p, int64_t row, int64_t column, int64_t width, int64_t *sums)
{
    const int64_t *a = p->a->ints + row * p->a_row, *b = p->b->ints + column * p->b_column;
    for (int64_t u = 0; u < width; u++)
        for (int64_t k = 0; k < p->depth; k++)
            sums[u] += a[k * p->a_step] * b[u * p->b_column + k * p->b_step];
}

/* The sums of a matrix product of one type, when the element is nothing else and ints cannot overflow. */
static bool describe_product(struct nest_run *run, struct product *p, bool *is_float)
{
    const struct nest *nest = run->nest;
    if (nest->idiom != IDIOM_matrix_product || nest->sum->op != OP_add || nest->element != nest->sum || run->inner_count != 1 ||
        run->outer_count != 2)
        return false;
    const struct nest_array *a = array_of(run, nest->sum->b->a), *b = array_of(run, nest->sum->b->b);
    int row = run->outer[0], column = run->outer[1], step = run->inner[0];
    if (!a->strides[row]) { /* the right factor has the rows: which one is multiplied by which makes no difference */
        const struct nest_array *other = a;
        a = b;
        b = other;
    }
    *p = (struct product){a, b, a->strides[row], a->strides[step], b->strides[column], b->strides[step], run->trips[step]};
    *is_float = a->type == NEST_FLOATS;
    if (a->type != b->type)
        return false;
    return *is_float || !a->greatest || b->greatest < (UINT64_C(1) << 61) / (uint64_t)p->depth / a->greatest;
}

static bool compute_product(struct nest_run *run, const struct product *p, bool is_float)
{
    int64_t rounds[NEST_MAX_LOOPS] = {0}, columns = run->trips[run->outer[1]], rows = run->trips[run->outer[0]];
    for (int64_t row = 0; row < rows; row++) {
        if (is_interrupted(run))
            return false;
        for (int64_t column = 0; column < columns; column += TILE) {
            int64_t width = columns - column < TILE ? columns - column : TILE, ints[TILE];
            double floats[TILE];
            for (int64_t u = 0; u < width; u++) {
                struct scalar start;
                rounds[run->outer[0]] = row;
                rounds[run->outer[1]] = column + u;
                if (!evaluate_scalar(run, run->nest->sum->a, rounds, NULL, &start))
                    return false;
                if (!is_float && (start.is_float || start.i > INT64_C(1) << 61 || start.i < -(INT64_C(1) << 61)))
                    return has_overflown(run);
                floats[u] = start.is_float ? start.f : (double)start.i;
                ints[u] = start.i;
            }
            if (is_float)
                multiply_floats(p, row, column, width, floats);
            else
                multiply_ints(p, row, column, width, ints);
            for (int64_t u = 0; u < width; u++)
                if (!put(run, row * columns + column + u, is_float, floats[u], ints[u]))
                    return false;
        }
    }
    return true;
}

/* ---- Python's own numbers ---- */

static value boxed_sum(struct nest_run *run, const struct nest_node *node, const int64_t *outer);

static int compare_numbers(struct nest_run *run, enum op op, value a, value b)
{
    value holds = a == VALUE_NULL || b == VALUE_NULL ? VALUE_NULL
                                                     : compare_slow(run->vm, (enum compare_kind)(op - OP_lt), a, b);
    return holds == VALUE_NULL ? -1 : holds == TRUE;
}

/* -1: there is no memory */
static int boxed_condition(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, value sum);

static value boxed_node(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, value sum)
{
    if (node->kind == NEST_SUM)
        return sum != VALUE_NULL ? sum : boxed_sum(run, node, rounds);
    if (node->kind == NEST_INDEX)
        return small_int(nest_index(run, node->loop, rounds));
    if (node->kind == NEST_SELECT && nest_compares_itself(node)) {
        value a = boxed_node(run, node->a, rounds, sum), b = a == VALUE_NULL ? a : boxed_node(run, node->b, rounds, sum);
        int holds = compare_numbers(run, node->when->op, a, b);
        return holds < 0 ? VALUE_NULL : holds ? a : b;
    }
    if (node->kind == NEST_COMPARE || node->kind == NEST_SELECT) {
        int holds = boxed_condition(run, node->kind == NEST_COMPARE ? node : node->when, rounds, sum);
        if (holds < 0)
            return VALUE_NULL;
        return node->kind == NEST_COMPARE ? small_int(holds) : boxed_node(run, holds ? node->a : node->b, rounds, sum);
    }
    if (node->kind == NEST_ABSOLUTE) {
        value a = boxed_node(run, node->a, rounds, sum);
        return a == VALUE_NULL ? a : number_absolute(run->vm, a);
    }
    if (node->kind == NEST_ARITHMETIC || node->kind == NEST_NEGATE) {
        value a = boxed_node(run, node->a, rounds, sum), b;
        if (a == VALUE_NULL)
            return a;
        if (node->kind == NEST_NEGATE)
            return is_exact_float(a) ? float_value(run->vm, -float_number(a)) : int_negate(run->vm, a);
        b = boxed_node(run, node->b, rounds, sum);
        return b == VALUE_NULL ? b : arithmetic_slow(run->vm, (enum binary_kind)(node->op - OP_add), a, b);
    }
    const struct nest_array *array = array_of(run, node);
    int64_t at = place_in(array, rounds);
    return array->type == NEST_BOXED   ? array->values[at]
           : array->type == NEST_FLOATS ? float_value(run->vm, array->floats[at])
                                        : int_from_int64(run->vm, array->ints[at]);
}

static int boxed_condition(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, value sum)
{
    if (node->kind == NEST_COMPARE) {
        value a = boxed_node(run, node->a, rounds, sum);
        return compare_numbers(run, node->op, a, a == VALUE_NULL ? a : boxed_node(run, node->b, rounds, sum));
    }
    int first = boxed_condition(run, node->a, rounds, sum);
    if (node->kind == NEST_NOT)
        return first < 0 ? first : !first;
    return first == (node->kind == NEST_BOTH) ? boxed_condition(run, node->b, rounds, sum) : first;
}

/* *sum in those rounds, from what it was before. False: an exception. */
static bool boxed_round(struct nest_run *run, const struct nest_node *node, const int64_t *rounds, value *sum)
{
    if (node->when) {
        int holds = boxed_condition(run, node->when, rounds, VALUE_NULL);
        if (holds < 0 || holds == node->unless)
            return holds >= 0;
    }
    value b = boxed_node(run, node->b, rounds, VALUE_NULL);
    if (b == VALUE_NULL)
        return false;
    if (!nest_is_extremum(node)) {
        *sum = arithmetic_slow(run->vm, (enum binary_kind)(node->op - OP_add), *sum, b);
        return *sum != VALUE_NULL;
    }
    int holds = *sum == VALUE_NULL ? !node->unless : compare_numbers(run, node->op, b, *sum);
    if (holds >= 0 && holds != node->unless) {
        *sum = b;
        note_picked(run, node, rounds, 0, 0);
    }
    return holds >= 0;
}

/* VALUE_NULL with a reason: an exception, or an interrupt. */
static value boxed_sum(struct nest_run *run, const struct nest_node *node, const int64_t *outer)
{
    int loops[NEST_MAX_LOOPS], count = loops_of_sum(node, loops);
    int64_t rounds[NEST_MAX_LOOPS];
    memcpy(rounds, outer, sizeof rounds);
    for (int i = 0; i < count; i++)
        rounds[loops[i]] = 0;
    value sum = node->a ? boxed_node(run, node->a, rounds, VALUE_NULL) : VALUE_NULL;
    if (node == run->tracked)
        run->has_picked = false;
    bool going = !node->a || sum != VALUE_NULL;
    while (going) {
        if (!boxed_round(run, node, rounds, &sum) || is_interrupted(run))
            return nest_refuse(run, "its arithmetic raises an exception"), VALUE_NULL;
        going = next_of(run, loops, count, rounds);
    }
    return sum;
}

static bool compute_boxed(struct nest_run *run)
{
    const struct nest *nest = run->nest;
    int64_t rounds[NEST_MAX_LOOPS] = {0};
    for (int64_t at = 0; at < run->outputs; at++) {
        value sum = nest->sum ? boxed_sum(run, nest->sum, rounds) : VALUE_NULL;
        if ((nest->sum && sum == VALUE_NULL) || is_interrupted(run))
            return nest_refuse(run, "its arithmetic raises an exception");
        value element = boxed_node(run, nest->element, rounds, sum);
        run->last_sum = sum;
        if (element == VALUE_NULL)
            return nest_refuse(run, "its arithmetic raises an exception");
        run->results[at] = element;
        next_of(run, run->outer, run->outer_count, rounds);
    }
    return true;
}

value nest_compute_sum(struct nest_run *run, const struct nest_node *node, const int64_t *rounds)
{
    struct scalar sum;
    run->overflow = false;
    if (!run->boxed && sum_rounds(run, node, rounds, &sum))
        return sum.is_float ? float_value(run->vm, sum.f) : int_from_int64(run->vm, sum.i);
    return !run->boxed && !run->overflow ? VALUE_NULL : boxed_sum(run, node, rounds);
}

bool nest_compute(struct nest_run *run)
{
    struct product product;
    bool is_float, done = false;
    run->results = &run->single;
    if (run->outer_count) {
        run->output = list_new(run->vm, (size_t)run->outputs);
        if (run->output == VALUE_NULL)
            return false;
        run->results = list_of(run->output)->items;
    }
    if (!run->boxed) {
        done = describe_product(run, &product, &is_float) ? compute_product(run, &product, is_float)
               : run->nest->sum                           ? compute_sums(run)
                                                          : compute_map(run);
        if (!done && !run->overflow)
            return false;
    }
    if (!done && !compute_boxed(run))
        return false;
    for (int64_t i = 0; run->nest->element->kind == NEST_COMPARE && i < run->outputs; i++)
        run->results[i] = run->results[i] == small_int(0) ? FALSE : TRUE;
    return true;
}
