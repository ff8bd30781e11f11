/* nest_run.c - see nest.h: from the guards to what the loop leaves, and what is told of it. */
#include "sim/engine/nest.h"

#include "sim/engine/contexts.h"
#include "sim/engine/operations.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/number.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { REFUSALS_MAX = 32 }; /* in a row and never taken: the site is not tried any more */
static const char native_is_cheaper[] = "on this machine the built-in function alone is cheaper"; /* as well */
static const char too_small[] = "too small for the unit (min_size)"; /* found out at once: does not count for that */

/* ---- guards that are not about lists ---- */

/* name: NAME_COUNT for one that has no number. */
static value find_builtin(struct nest_run *run, enum name_id name, const char *text)
{
    struct vm *vm = run->vm;
    struct frame *frame = run->frame;
    value found;
    if (name == NAME_COUNT) {
        found = dict_get_text(vm, frame->globals, text);
        return found != VALUE_NULL ? found : dict_get_text(vm, frame->builtins, text);
    }
    found = dict_get_interned(frame->globals, vm->special_names[name]);
    return found != VALUE_NULL ? found : dict_get_interned(frame->builtins, vm->special_names[name]);
}

static bool builtins_hold(struct nest_run *run, struct nest_site *site)
{
    const struct nest *nest = run->nest;
    for (int i = 0; i < nest->builtin_count; i++) {
        value found = find_builtin(run, site->names[i], nest->builtin_names[i]->text);
        if (found == VALUE_NULL || (found != site->known[i] && !guard_native(run->vm, found, nest->builtins[i], &site->known[i])))
            return nest_refuse(run, "a built-in function is replaced");
    }
    return true;
}

static bool nobody_watches(struct nest_run *run)
{
    struct vm *vm = run->vm;
    if (vm->interrupt || vm->engine->tracing.active)
        return nest_refuse(run, "the program is traced, interrupted, or has several threads");
    for (int i = 0; vm->engine->observer && i < run->nest->attribute_count; i++)
        if (nest_loops_of(run->nest->attributes[i]) || nest_contains(run->nest->attributes[i], NEST_ITEM))
            return nest_refuse(run, "its dependences are followed, which attributes of items would hide");
    if (run->frame + NEST_MAX_LOOPS + 2 + vm->c_depth > vm->engine->frames + vm->recursion_limit)
        return nest_refuse(run, "the recursion limit is near");
    return run->frame->globals->head.shape == &dict_type.shape || nest_refuse(run, "the globals are no dict");
}

static int64_t least_of(const struct vm *vm, const struct nest *nest)
{
    const struct machine *machine = vm->engine->isa->machine;
    bool matrix = nest->idiom == IDIOM_matrix_product || nest->idiom == IDIOM_matrix_vector;
    return matrix ? machine->tensor.min_size : machine->vector.min_size;
}

static bool settle_loops(struct nest_run *run)
{
    const struct nest *nest = run->nest;
    int64_t rounds = 1;
    run->outputs = 1;
    for (int i = 0; i < nest->loop_count; i++) {
        if (run->trips[i] > (INT64_C(1) << 40) / rounds)
            return nest_refuse(run, "it has too many rounds");
        rounds *= run->trips[i];
        if (nest->summing & 1u << i) {
            run->inner[run->inner_count++] = i;
        } else {
            run->outer[run->outer_count++] = i;
            run->outputs *= run->trips[i];
        }
    }
    if (run->outputs > 1 << 26)
        return nest_refuse(run, "its operands are too large");
    return rounds >= least_of(run->vm, run->nest) || nest_refuse(run, too_small);
}

/* ---- what it leaves ---- */

/* Nested lists of the numbers from *at on, over the outer loops from `depth` on. */
static value make_lists(struct nest_run *run, int depth, int64_t *at)
{
    if (depth == run->outer_count)
        return run->results[(*at)++];
    if (run->outer_count == 1) { /* all of them; what was made for the arithmetic becomes the program's */
        ADD_WORK(run->vm, objects, 1);
        ADD_WORK(run->vm, bytes, sizeof(struct list_object) + (size_t)run->outputs * sizeof(value));
        return run->output;
    }
    if (depth == run->outer_count - 1) {
        int64_t first = *at, length = run->trips[run->outer[depth]];
        *at += length;
        return list_from(run->vm, run->results + first, (size_t)length);
    }
    value list = list_new(run->vm, (size_t)run->trips[run->outer[depth]]);
    for (int64_t i = 0; list != VALUE_NULL && i < run->trips[run->outer[depth]]; i++) {
        value item = make_lists(run, depth + 1, at);
        if (item == VALUE_NULL)
            return item;
        list_of(list)->items[i] = item;
    }
    return list;
}

static const struct nest_node *list_inside(const struct nest_node *node, int steps)
{
    while (node && steps-- > 0)
        node = node->kind == NEST_LIST ? node->a : NULL;
    return node;
}

/* What goes with the greatest or least number; where that is not the nest's own, it is looked for once more. */
static value picked_value(struct nest_run *run, const struct nest_node *now, const int64_t *last)
{
    if (now->when == run->tracked)
        return nest_value(run, now, last);
    run->tracked = now->when;
    return nest_compute_sum(run, now->when, last) == VALUE_NULL ? VALUE_NULL : nest_value(run, now, last);
}

/* What a variable holds afterwards. `made`: the new lists, VALUE_NULL when there are none. */
static value final_value(struct nest_run *run, const struct nest_node *now, const int64_t *last, value made)
{
    const struct nest *nest = run->nest;
    if (now->kind == NEST_SUM && now != nest->sum && !nest_same(now, nest->sum))
        return nest_compute_sum(run, now, last); /* one inside it */
    if (now->kind == NEST_SUM || nest_same(now, nest->element)) {
        return now->kind == NEST_SUM && nest->element != nest->sum ? run->last_sum
                                                                   : run->results[run->outputs - 1];
    }
    if (made != VALUE_NULL && nest->output == NEST_TO_APPEND)
        made = list_of(made)->items[list_of(made)->length - 1];
    for (int depth = 0; made != VALUE_NULL && now->kind == NEST_LIST && depth < run->outer_count; depth++) {
        if (list_inside(nest->result, depth) == now) /* the one made last */
            return made;
        if (!is_exact(made, &list_type))
            break;
        made = list_of(made)->items[list_of(made)->length - 1];
    }
    if (now->kind == NEST_PICK)
        return picked_value(run, now, last);
    if (now->kind == NEST_LIST || nest_contains(now, NEST_SUM)) {
        nest_refuse(run, "a list or sum that goes into something else is wanted behind the loop");
        return VALUE_NULL;
    }
    return nest_value(run, now, last);
}

static bool contains_same(const struct nest_node *node, const struct nest_node *part)
{
    return node && node->kind != NEST_SUM &&
           (nest_same(node, part) || contains_same(node->a, part) || contains_same(node->b, part));
}

static bool reads_items(const struct nest_node *now)
{
    return now->kind == NEST_ITEM || now->kind == NEST_SELECT || now->kind == NEST_PICK || nest_contains(now, NEST_ARITHMETIC);
}

/* Most nests leave nothing in variables. */
static bool final_room(struct nest_run *run)
{
    if (run->finals)
        return true;
    run->final_list = list_new(run->vm, run->nest->variable_count);
    if (run->final_list == VALUE_NULL)
        return false;
    run->finals = list_of(run->final_list)->items;
    return true;
}

static bool compute_finals(struct nest_run *run, value made)
{
    const struct nest *nest = run->nest;
    int64_t last[NEST_MAX_LOOPS] = {0};
    for (int i = 0; i < nest->loop_count; i++)
        last[i] = run->trips[i] - 1;
    for (uint32_t i = 0; i < nest->variable_count; i++) {
        const struct nest_variable *variable = &nest->variables[i];
        if (!variable->now || variable->place == NEST_TEMPORARY)
            continue;
        if ((nest->reads_behind && reads_items(variable->now)) ||
            (nest->updates && contains_same(variable->now, nest->sum->a)))
            return nest_refuse(run, "items are read behind the store");
        value v = final_value(run, variable->now, last, made);
        if (v == VALUE_NULL || !final_room(run))
            return false;
        run->finals[i] = v;
    }
    return true;
}

static bool store_finals(struct nest_run *run)
{
    struct frame *frame = run->frame;
    for (uint32_t i = 0; i < run->nest->variable_count; i++) {
        const struct nest_variable *variable = &run->nest->variables[i];
        if (!variable->now || variable->place == NEST_TEMPORARY)
            continue;
        if (variable->place == NEST_GLOBAL) {
            if (!dict_set_text(run->vm, frame->globals, variable->name->text, run->finals[i]))
                return false;
            continue;
        }
        value *slot = &frame->slots[frame->state->function->local_slots[variable->index]];
        if (variable->place == NEST_CELL_LOCAL)
            ((struct cell_object *)value_object(*slot))->content = run->finals[i];
        else
            *slot = run->finals[i];
    }
    return true;
}

static bool cells_are_there(struct nest_run *run)
{
    for (uint32_t i = 0; i < run->nest->variable_count; i++) {
        const struct nest_variable *variable = &run->nest->variables[i];
        if (!variable->now || variable->place != NEST_CELL_LOCAL)
            continue;
        value cell = run->frame->slots[run->frame->state->function->local_slots[variable->index]];
        if (!is_object(cell) || !is_exact(cell, &cell_type))
            return nest_refuse(run, "a variable is not bound");
    }
    return run->frame->locals == VALUE_NULL || run->frame->locals == object_value(run->frame->globals) ||
           nest_refuse(run, "the namespace is not that of a module");
}

static void store_items(struct nest_run *run)
{
    const struct nest *nest = run->nest;
    int64_t rounds[NEST_MAX_LOOPS] = {0};
    const value *results = run->results;
    int last = run->outer_count ? run->outer[run->outer_count - 1] : -1;
    bool rows = last >= 0 && !nest->scatters && nest_loops_of(nest->target_key) == 1u << last &&
                run->steps[last] == 1; /* neighbours are neighbours */
    int64_t span = rows ? run->trips[last] : 1;
    for (int64_t at = 0; at < run->outputs; at += span) {
        value list = nest_value(run, nest->target_list, rounds), key = nest_value(run, nest->target_key, rounds);
        int64_t index = small_int_value(key);
        index += index < 0 ? list_of(list)->length : 0;
        memcpy(list_of(list)->items + index, results + at, (size_t)span * sizeof *results);
        for (int i = run->outer_count - 1 - rows; i >= 0; i--) {
            if (++rounds[run->outer[i]] < run->trips[run->outer[i]])
                break;
            rounds[run->outer[i]] = 0;
        }
    }
}

static bool append_items(struct nest_run *run, struct list_object *list, value made)
{
    uint32_t before = list->length;
    for (uint32_t i = 0; i < list_of(made)->length; i++) {
        if (!list_append(run->vm, list, list_of(made)->items[i])) {
            list->length = before;
            return false;
        }
    }
    return true;
}

/* APPEND: a list of what is appended; the loops that append come first. */
static value make_appended(struct nest_run *run)
{
    int64_t count = 1, at = 0;
    for (int i = 0; i < run->nest->flat_loops; i++)
        count *= run->trips[i];
    value list = list_new(run->vm, (size_t)count);
    for (int64_t i = 0; list != VALUE_NULL && i < count; i++) {
        value item = make_lists(run, run->nest->flat_loops, &at);
        if (item == VALUE_NULL)
            return item;
        list_of(list)->items[i] = item;
    }
    return list;
}

static bool leave(struct nest_run *run, value *result)
{
    enum nest_output output = run->nest->output;
    int64_t at = 0;
    value made = VALUE_NULL;
    if (output == NEST_TO_RESULT)
        *result = made = make_lists(run, 0, &at);
    else if (output == NEST_TO_APPEND)
        made = make_appended(run);
    if ((output == NEST_TO_RESULT || output == NEST_TO_APPEND) && made == VALUE_NULL)
        return false;
    if (!cells_are_there(run) || !compute_finals(run, made))
        return false;
    run->reading = false;
    if (output == NEST_TO_APPEND) {
        const int64_t rounds[NEST_MAX_LOOPS] = {0};
        if (!append_items(run, list_of(nest_value(run, run->nest->target_list, rounds)), made))
            return false;
    }
    if (output == NEST_TO_ITEM)
        store_items(run);
    return store_finals(run);
}

/* ---- what is told of it ---- */

static uint32_t rounds_of(const struct nest_run *run, unsigned loops)
{
    int64_t rounds = 1;
    for (int i = 0; i < run->nest->loop_count; i++)
        rounds *= loops & 1u << i ? run->trips[i] : 1;
    return rounds < UINT32_MAX ? (uint32_t)rounds : UINT32_MAX;
}

/* Of the expression, in all its rounds: those of a sum are also that of adding. */
static uint64_t operations_of(const struct nest_run *run, const struct nest_node *node, unsigned around)
{
    if (!node)
        return 0;
    uint64_t own = 0;
    switch ((int)node->kind) {
    case NEST_SUM:
        around |= node->index;
        own = rounds_of(run, around);
        return own + operations_of(run, node->b, around) + operations_of(run, node->when, around);
    case NEST_SELECT:
        own = rounds_of(run, around);
        if (nest_compares_itself(node))
            return own + operations_of(run, node->a, around) + operations_of(run, node->b, around);
        break;
    case NEST_ARITHMETIC: case NEST_NEGATE: case NEST_ABSOLUTE: case NEST_COMPARE: case NEST_BOTH: case NEST_EITHER: case NEST_NOT:
        own = rounds_of(run, around);
        break;
    default:
        return 0;
    }
    return own + operations_of(run, node->a, around) + operations_of(run, node->b, around) + operations_of(run, node->when, around);
}

/* The product's rows and columns are the rounds of the loops that one factor alone depends on; loops that both depend on make a
 * batch of products. What the runtime allocates is counted by itself. */
static void record_work(struct nest_run *run)
{
    struct vm *vm = run->vm;
    const struct nest *nest = run->nest;
    const struct nest_node *inner = nest->sum ? nest->sum->b : nest->element;
    unsigned all = (1u << nest->loop_count) - 1, outer = all & ~nest->summing;
    ADD_WORK(vm, unboxed, run->unboxed);
    ADD_WORK(vm, boxed, run->outputs);
    struct profile_shape shape = {.kind = SHAPE_VECTOR, .what = idiom_names[nest->idiom], .instruction = nest->instruction,
                                  .element_bytes = 8, .count = 1, .is_loop = true};
    if (nest->idiom == IDIOM_matrix_product || nest->idiom == IDIOM_matrix_vector) {
        unsigned a = nest_loops_of(inner->a) & outer, b = nest_loops_of(inner->b) & outer;
        shape.kind = SHAPE_MATMUL;
        shape.rows = rounds_of(run, a & ~b);
        shape.columns = rounds_of(run, b & ~a);
        shape.depth = rounds_of(run, nest->summing);
        shape.count = rounds_of(run, a & b);
    } else {
        shape.rows = rounds_of(run, all);
        shape.depth = (uint32_t)(run->unboxed + run->outputs);
        uint64_t operations = operations_of(run, nest->sum ? nest->sum : nest->element, outer), rounds = shape.rows;
        for (uint32_t i = 0; nest->several && i < nest->variable_count; i++) {
            const struct nest_variable *variable = &nest->variables[i];
            const struct nest_node *sum = variable->now && variable->now->kind == NEST_SUM ? nest_sum_behind(variable) : NULL;
            if (!sum || nest_same(sum, nest->sum))
                continue;
            operations += operations_of(run, sum, outer);
            shape.depth++;
            ADD_WORK(vm, boxed, 1);
        }
        shape.columns = (uint32_t)((operations + rounds / 2) / rounds);
        shape.columns += !shape.columns;
    }
    profile_add_shape(frame_profile(vm, run->frame), shape);
}

static bool compute_all(struct nest_run *run, struct nest_site *site, value iterator, value *result)
{
    bool done = false;
    WORK_UNTRACKED(run->vm, done = builtins_hold(run, site) && nest_bind_entry(run, iterator) && nest_bind_loops(run) &&
                                   settle_loops(run) && nest_bind_target(run) && nest_bind_arrays(run) && nest_compute(run));
    return done && leave(run, result);
}

static void tell_refused(struct vm *vm, struct nest_site *site, const char *reason)
{
    struct code_profile *profile = frame_profile(vm, vm->frame);
    site->refused += !site->taken && reason != too_small && reason != native_is_cheaper;
    profile_add_guard_failure(profile, site->instruction);
    profile_add_loop(profile, (struct profile_loop){site->instruction, idiom_names[site->nest->idiom], reason, 1});
}

static void tell_taken(struct vm *vm, struct nest_site *site)
{
    site->taken = true;
    profile_add_loop(frame_profile(vm, vm->frame),
                     (struct profile_loop){site->instruction, idiom_names[site->nest->idiom], NULL, 1});
}

/* Everything but the iterator, which a while loop does not have; *result of a call. rounds: there are no more, as far as is known. */
static bool run_nest(struct vm *vm, struct nest_site *site, value iterator, int64_t rounds, value *result)
{
    if (rounds < least_of(vm, site->nest)) { /* most loops are short: the cheap end */
        tell_refused(vm, site, too_small);
        return false;
    }
    bool is_known = !site->nest->loops[0].direct || nest_rounds_at_most(site->nest, iterator) != INT64_MAX;
    if (site->nest->is_native && is_known &&
        !machine_gains_over_native(vm->engine->isa->machine, site->nest->native_adds)) {
        tell_refused(vm, site, native_is_cheaper);
        return false;
    }
    if (site->refused >= REFUSALS_MAX) {
        tell_refused(vm, site, "not tried any more after it was refused so often");
        return false;
    }
    struct nest_run run;
    memset(&run, 0, offsetof(struct nest_run, arrays));
    run.vm = vm;
    run.nest = site->nest;
    run.frame = vm->frame;
    run.tracked = site->nest->sum;
    for (int i = 0; i < NEST_MAX_LOOPS; i++)
        run.steps[i] = 1;
    run.output = run.last_sum = run.final_list = VALUE_NULL;
    bool done = nobody_watches(&run) && compute_all(&run, site, iterator, result);
    if (!done && vm->pending != VALUE_NULL)
        exception_clear(vm);
    if (done) {
        nest_finish_iterator(&run, iterator);
        record_work(&run);
        tell_taken(vm, site);
    } else {
        tell_refused(vm, site, run.reason ? run.reason : "there is no memory for it");
    }
    for (int i = 0; i < run.array_count; i++)
        if (!nest_array_is_near(&run, &run.arrays[i]))
            free(run.arrays[i].values);
    free(run.written);
    gc_keep(run.output);
    gc_keep(run.final_list);
    gc_keep(iterator);
    return done;
}

static bool run_over(struct vm *vm, struct nest_site *site, value iterator, value *result)
{
    return run_nest(vm, site, iterator, nest_rounds_at_most(site->nest, iterator), result);
}

bool nest_run_loop(struct vm *vm, struct nest_site *site, value iterator)
{
    return run_over(vm, site, iterator, NULL);
}

bool nest_run_while(struct vm *vm, struct nest_site *site, value left, value right)
{
    int64_t rounds = INT64_MAX;
    if (site->nest->loop_count == 1 && is_small_int(left) && is_small_int(right)) { /* by steps of 1; some are larger */
        int64_t distance = small_int_value(left) - small_int_value(right);
        rounds = (distance < 0 ? -distance : distance) + 1;
    }
    return run_nest(vm, site, VALUE_NULL, rounds, NULL);
}

/* A generator expression that nobody has started; its iterator, or VALUE_NULL. */
static value generator_source(struct generator_object *generator)
{
    const struct code_state *state = generator->function->code->state;
    if (generator->state != GENERATOR_CREATED || !state || !generator->slots || generator->frame)
        return VALUE_NULL;
    return generator->slots[state->function->local_slots[0]];
}

bool nest_run_call(struct vm *vm, struct nest_site *site, const value *window, value *result)
{
    value callee = window[0] != VALUE_NULL ? window[0] : window[1];
    if (is_exact(callee, &function_type)) /* a comprehension's, called with its iterator */
        return run_over(vm, site, window[1], result);
    if (site->nest->loops[0].direct)
        return run_over(vm, site, window[2], result);
    if (!is_object(window[2]) || !is_exact(window[2], &generator_type))
        return false;
    struct generator_object *generator = (struct generator_object *)value_object(window[2]);
    value iterator = generator_source(generator);
    if (iterator == VALUE_NULL || !run_over(vm, site, iterator, result))
        return false;
    generator->state = GENERATOR_FINISHED;
    generator_free_slots(vm, generator);
    return true;
}

/* ---- sites ---- */

static struct nest_site *site_new(struct code_state *state, uint32_t instruction)
{
    if (!state->nests) {
        state->nests = calloc(1, sizeof *state->nests);
        if (!state->nests)
            abort();
        state->nests->arena = arena_new();
        state->nests->nests = nest_find(state->code, state->nests->arena);
    }
    struct nest_site *site = ARENA_NEW(state->nests->arena, struct nest_site);
    site->instruction = instruction;
    site->next = state->nests->sites;
    state->nests->sites = site;
    return site;
}

static enum name_id name_of(const char *builtin)
{
    static const enum name_id names[] = {NAME_range, NAME_zip, NAME_len, NAME_sum, NAME_enumerate};
    static const char *const texts[] = {"range", "zip", "len", "sum", "enumerate"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(builtin, texts[i]) == 0)
            return names[i];
    return NAME_COUNT;
}

struct nest_site *nest_site_new(struct code_state *state, uint32_t instruction)
{
    struct nest_site *site = site_new(state, instruction);
    for (uint32_t i = 0; i < state->nests->nests.count; i++)
        if (state->nests->nests.nests[i]->instruction == instruction)
            site->nest = state->nests->nests.nests[i];
    for (int i = 0; site->nest && i < site->nest->builtin_count; i++)
        site->names[i] = name_of(site->nest->builtins[i]);
    return site;
}

bool nests_are_wanted(const struct isa *isa)
{
    for (int i = 0; i < isa->instruction_count && !isa->no_idioms; i++)
        for (int k = 0; k < isa->instructions[i].pattern_count; k++)
            if (idiom_is_loop(isa->instructions[i].patterns[k].idiom))
                return true;
    return false;
}

/* With what it is about and where; lives as long as the code. */
static const char *full_reason(const struct code *code, const struct nest *nest)
{
    bool elsewhere = nest->reason_line > 0 && nest->reason_line != nest->line;
    if (!code->unit || (!nest->subject && !elsewhere))
        return nest->reason;
    const char *text = arena_printf(code->unit->arena, "%s%s%s", nest->reason, nest->subject ? ": " : "",
                                    nest->subject ? nest->subject : "");
    return elsewhere ? arena_printf(code->unit->arena, "%s (line %d)", text, (int)nest->reason_line) : text;
}

void nests_note_near(const struct code_state *state)
{
    const struct code *code = state->code;
    struct arena *arena = arena_new();
    struct nest_list list = nest_find(code, arena);
    for (uint32_t i = 0; i < list.count; i++) {
        const struct nest *nest = list.nests[i];
        uint64_t executed = state->profile->executions[code->instructions[nest->instruction].block];
        if (!nest->idiom && executed)
            profile_add_loop(state->profile, (struct profile_loop){nest->instruction, NULL, full_reason(code, nest), executed});
    }
    arena_free(arena);
}

void nest_sites_free(struct code_state *state)
{
    if (state->nests)
        arena_free(state->nests->arena);
    free(state->nests);
}
