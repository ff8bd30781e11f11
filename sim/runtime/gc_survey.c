/* gc_survey.c - what programs ask about the heap: how many references an object has, who refers to it, what it refers to, how
 * many objects in cycles a collection freed. Each answer is found by following every reference, so it is true and slow. */
#include "sim/runtime/gc_survey.h"
#include "sim/runtime/gc_tables.h"
#include "sim/runtime/structures.h"
#include "sim/runtime/types.h"
#include "sim/runtime/vm.h"

#include <stdlib.h>

static void trace_object(struct vm *vm, struct object *object)
{
    struct type *type = object_type(object);
    if (type->flags & TYPE_HEAP)
        gc_mark_object(vm, type);
    if (type->trace)
        type->trace(vm, object);
}

/* ---- references to one object ---- */

struct reference_count {
    struct gc_survey survey;
    const void *target;
    size_t count;
};

static bool count_reference(struct gc_survey *survey, void *object)
{
    struct reference_count *count = (struct reference_count *)survey;
    count->count += object == count->target && survey->looks;
    return true;
}

size_t gc_count_references(struct vm *vm, value v)
{
    struct reference_count count = {{.reference = count_reference}, value_object(v), 0};
    gc_set_survey(vm, &count.survey);
    gc_collect(vm);
    gc_set_survey(vm, NULL);
    return count.count + engine_count_variables(vm, v);
}

/* ---- the dead in cycles ---- */

struct dead { /* open addressing; NULL: free */
    struct object *object;
    size_t references; /* from other dead ones that are not known to go by themselves */
};

struct dead_count {
    struct gc_survey survey;
    bool (*counts)(value v);
    struct dead *dead;
    size_t size, used; /* size: a power of two */
    bool releasing;    /* references are taken away, else counted */
    struct pointer_list unreferenced;
    size_t answer;
};

static struct dead *dead_find(const struct dead_count *count, const void *object)
{
    size_t at = ((uintptr_t)object >> 4) * 0x9e3779b97f4a7c15u >> 17;
    for (;; at++) {
        struct dead *dead = &count->dead[at & (count->size - 1)];
        if (!dead->object || dead->object == object)
            return dead;
    }
}

static void dead_add(struct vm *vm, struct object *object, void *context)
{
    struct dead_count *count = context;
    (void)vm;
    if (2 * count->used >= count->size) {
        struct dead *old = count->dead;
        size_t old_size = count->size;
        count->size = old_size ? 2 * old_size : 1024;
        count->dead = calloc(count->size, sizeof *count->dead);
        if (!count->dead)
            abort();
        for (size_t i = 0; i < old_size; i++)
            if (old[i].object)
                *dead_find(count, old[i].object) = old[i];
        free(old);
    }
    dead_find(count, object)->object = object;
    count->used++;
}

static bool dead_reference(struct gc_survey *survey, void *object)
{
    struct dead_count *count = (struct dead_count *)survey;
    if (!survey->only_looks)
        return true;
    struct dead *dead = count->size ? dead_find(count, object) : NULL;
    if (!dead || !dead->object)
        return false;
    if (!count->releasing)
        dead->references++;
    else if (!--dead->references)
        pointer_list_add(&count->unreferenced, object);
    return false;
}

/* Objects nobody refers to go first, as they would have gone at their last reference, then those that only they referred to;
 * what is left lies in cycles or hangs on them. */
static void dead_survey(struct vm *vm, struct gc_survey *survey)
{
    struct dead_count *count = (struct dead_count *)survey;
    gc_visit_objects(vm, false, dead_add, count);
    survey->only_looks = true;
    for (size_t i = 0; i < count->size; i++)
        if (count->dead[i].object)
            trace_object(vm, count->dead[i].object);
    for (size_t i = 0; i < count->size; i++)
        if (count->dead[i].object && !count->dead[i].references)
            pointer_list_add(&count->unreferenced, count->dead[i].object);
    count->releasing = true;
    while (count->unreferenced.count) {
        struct object *object = count->unreferenced.items[--count->unreferenced.count];
        dead_find(count, object)->references = SIZE_MAX;
        trace_object(vm, object);
    }
    for (size_t i = 0; i < count->size; i++)
        if (count->dead[i].object && count->dead[i].references != SIZE_MAX)
            count->answer += count->counts(object_value(count->dead[i].object));
    survey->only_looks = false;
}

size_t gc_collect_counting(struct vm *vm, uintptr_t stack_low, bool (*counts)(value v))
{
    struct dead_count count = {.survey = {.reference = dead_reference, .marked = dead_survey}, .counts = counts};
    gc_set_survey(vm, &count.survey);
    gc_collect_above(vm, stack_low);
    gc_set_survey(vm, NULL);
    free(count.dead);
    free(count.unreferenced.items);
    return count.answer;
}

/* ---- referents and referrers ---- */

struct referents {
    struct gc_survey survey;
    struct pointer_list found;
};

static bool referent_found(struct gc_survey *survey, void *object)
{
    pointer_list_add(&((struct referents *)survey)->found, object);
    return false;
}

struct first_referents {
    struct gc_survey survey;
    value *found;
    size_t count, capacity;
};

static bool first_referent_found(struct gc_survey *survey, void *object)
{
    struct first_referents *referents = (struct first_referents *)survey;
    if (referents->count < referents->capacity)
        referents->found[referents->count++] = object_value(object);
    return false;
}

size_t gc_referents(struct vm *vm, value v, value *found, size_t capacity)
{
    struct first_referents referents = {.survey = {.reference = first_referent_found, .only_looks = true}, .found = found,
                                        .capacity = capacity};
    gc_set_survey(vm, &referents.survey);
    trace_object(vm, value_object(v));
    gc_set_survey(vm, NULL);
    return referents.count;
}

bool gc_add_referents(struct vm *vm, value v, struct list_object *list)
{
    struct referents referents = {.survey = {.reference = referent_found, .only_looks = true}};
    bool done = true;
    gc_set_survey(vm, &referents.survey);
    trace_object(vm, value_object(v));
    gc_set_survey(vm, NULL);
    for (size_t i = 0; i < referents.found.count && done; i++)
        done = list_append(vm, list, object_value(referents.found.items[i]));
    free(referents.found.items);
    return done;
}

struct referrers {
    struct gc_survey survey;
    const value *targets;
    size_t target_count;
    bool refers;
    struct pointer_list found;
};

static bool referrer_reference(struct gc_survey *survey, void *object)
{
    struct referrers *referrers = (struct referrers *)survey;
    for (size_t i = 0; i < referrers->target_count && survey->only_looks; i++)
        referrers->refers |= value_object(referrers->targets[i]) == object;
    return !survey->only_looks;
}

static void referrer_visit(struct vm *vm, struct object *object, void *context)
{
    struct referrers *referrers = context;
    referrers->refers = false;
    trace_object(vm, object);
    if (referrers->refers)
        pointer_list_add(&referrers->found, object);
}

static void referrers_survey(struct vm *vm, struct gc_survey *survey)
{
    survey->only_looks = true;
    gc_visit_objects(vm, true, referrer_visit, survey);
    survey->only_looks = false;
}

struct inhabitants {
    struct gc_survey survey;
    struct pointer_list found;
};

static bool any_reference(struct gc_survey *survey, void *object)
{
    (void)survey, (void)object;
    return true;
}

static void inhabitant_visit(struct vm *vm, struct object *object, void *context)
{
    (void)vm;
    pointer_list_add(&((struct inhabitants *)context)->found, object);
}

static void inhabitants_survey(struct vm *vm, struct gc_survey *survey)
{
    gc_visit_objects(vm, true, inhabitant_visit, survey);
}

bool gc_add_objects(struct vm *vm, struct list_object *list)
{
    struct inhabitants inhabitants = {.survey = {.reference = any_reference, .marked = inhabitants_survey}};
    bool done = true;
    gc_set_survey(vm, &inhabitants.survey);
    gc_collect(vm);
    gc_set_survey(vm, NULL);
    for (size_t i = 0; i < inhabitants.found.count && done; i++)
        done = list_append(vm, list, object_value(inhabitants.found.items[i]));
    free(inhabitants.found.items);
    return done;
}

bool gc_add_referrers(struct vm *vm, const value *targets, size_t count, struct list_object *list)
{
    struct referrers referrers = {.survey = {.reference = referrer_reference, .marked = referrers_survey},
                                  .targets = targets, .target_count = count};
    bool done = true;
    gc_set_survey(vm, &referrers.survey);
    gc_collect(vm);
    gc_set_survey(vm, NULL);
    for (size_t i = 0; i < referrers.found.count && done; i++)
        done = list_append(vm, list, object_value(referrers.found.items[i]));
    free(referrers.found.items);
    return done;
}
