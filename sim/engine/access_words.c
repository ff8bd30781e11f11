/* access_words.c - see access_words.h. The same accesses must be found under every ISA: what only some translations do, moving
 * values and folding constants, makes none. */
#include "sim/engine/access_words.h"

#include "sim/engine/forms.h"
#include "sim/engine/places.h"
#include "sim/engine/trace_events.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"

void accesses_start(struct vm *vm)
{
    vm->engine->places = places_new();
    vm->collected = places_sweep;
}

/* ---- items ---- */

static void access_slice(struct vm *vm, value v, value start, value stop, value step)
{
    enum place_kind kind = place_kind_of(v);
    if (kind != PLACE_LIST && kind != PLACE_TUPLE)
        return;
    int64_t length = kind == PLACE_LIST ? (int64_t)list_of(v)->length : (int64_t)tuple_of(v)->length;
    bool plain = step == NONE && (start == NONE || is_small_int(start)) && (stop == NONE || is_small_int(stop));
    int64_t first = plain && start != NONE ? small_int_value(start) : 0;
    int64_t last = plain && stop != NONE ? small_int_value(stop) : length;
    bound_adjust(&first, length);
    bound_adjust(&last, length);
    access_items(vm, v, (uint64_t)first, last > first ? (uint64_t)(last - first) : 0);
}

static void access_item(struct vm *vm, value v, value key)
{
    enum place_kind kind = place_kind_of(v);
    if (kind == PLACE_DICT) {
        access_key(vm, v, key);
    } else if (is_exact(key, &slice_type)) {
        const struct slice_object *slice = (const struct slice_object *)value_object(key);
        access_slice(vm, v, slice->start, slice->stop, slice->step);
    } else if (is_small_int(key) && (kind == PLACE_LIST || kind == PLACE_TUPLE || kind == PLACE_BYTES)) {
        int64_t at = small_int_value(key), length = access_length(v);
        at += at < 0 ? length : 0;
        access_items(vm, v, at < 0 || at >= length ? 0 : (uint64_t)at, at >= 0 && at < length);
    }
}

static void use_stored_item(struct vm *vm, value container, value key, value item)
{
    place_object(vm, item);
    access_item(vm, container, key);
}

/* Those behind it move. */
static void use_deleted_item(struct vm *vm, value container, value key)
{
    int64_t length = access_length(container);
    if (place_kind_of(container) != PLACE_LIST || !is_small_int(key)) {
        access_item(vm, container, key);
        return;
    }
    int64_t at = small_int_value(key) + (small_int_value(key) < 0 ? length : 0);
    if (at >= 0 && at < length)
        access_items(vm, container, (uint64_t)at, (uint64_t)(length - at));
}

static void use_appended(struct vm *vm, value list, value item)
{
    place_object(vm, item);
    access_head(vm, list); /* the item's memory is written as new when the list is next used */
}

/* A search ends at the item itself; whether another is equal is not looked at. */
static void use_searched(struct vm *vm, value container, value item)
{
    enum place_kind kind = place_kind_of(container);
    if (kind == PLACE_DICT || kind == PLACE_SET) {
        access_key(vm, container, item);
    } else if (kind == PLACE_LIST || kind == PLACE_TUPLE) {
        const value *items = kind == PLACE_LIST ? list_of(container)->items : tuple_of(container)->items;
        uint64_t length = (uint64_t)access_length(container), count = 0;
        while (count < length && items[count] != item)
            count++;
        access_items(vm, container, 0, count < length ? count + 1 : length);
    }
}

/* Two lists or tuples are compared as far as they have the same items. */
static void use_compared(struct vm *vm, value left, value right)
{
    enum place_kind kind = place_kind_of(left);
    if (kind != place_kind_of(right) || (kind != PLACE_LIST && kind != PLACE_TUPLE))
        return;
    const value *a = kind == PLACE_LIST ? list_of(left)->items : tuple_of(left)->items;
    const value *b = kind == PLACE_LIST ? list_of(right)->items : tuple_of(right)->items;
    int64_t of_a = access_length(left), of_b = access_length(right), least = of_a < of_b ? of_a : of_b, count = 0;
    while (count < least && a[count] == b[count])
        count++;
    count += count < least;
    access_items(vm, left, 0, (uint64_t)count);
    access_items(vm, right, 0, (uint64_t)count);
}

static void use_combined(struct vm *vm, value left, value right)
{
    access_all_items(vm, left);
    access_all_items(vm, right);
}

/* ---- attributes ---- */

static void access_attribute(struct vm *vm, value object, value name)
{
    if (place_kind_of(object) == PLACE_INSTANCE)
        access_slot(vm, object, shape_find(value_object(object)->shape, name));
    else
        access_head(vm, object);
}

static void store_attribute(struct vm *vm, value object, value name, value item)
{
    place_object(vm, item);
    if (place_kind_of(object) != PLACE_INSTANCE)
        return;
    const struct shape *shape = value_object(object)->shape;
    int index = shape_find(shape, name);
    bool in_dict = shape == &shape->type->dict_shape;
    access_slot(vm, object, index < 0 && !in_dict ? (int)shape->count : index); /* a new one goes behind the others */
}

/* ---- words ---- */

/* The op word's number among them. */
static uint32_t op_number(const struct code_state *state, uint32_t at)
{
    uint32_t low = 0, high = state->op_word_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        *(state->op_words[middle] <= at ? &low : &high) = middle;
    }
    return low;
}

/* A tuple that an iterator only makes to be taken apart: some translations do without it. */
static bool is_passing(const struct code_state *state, const word *pc, const value *slots)
{
    uint32_t at = (uint32_t)(pc - state->words), source = state->word_source[at];
    if (!source || state->code->instructions[source - 1].op != OP_for_iter)
        return false;
    for (uint32_t i = op_number(state, at); i-- > 0;) {
        const word *before = &state->words[state->op_words[i]];
        if (state->word_source[state->op_words[i]] + 1 < source)
            break;
        if (trace_original_form(state, before) != FORM_for_iter)
            continue;
        value iterator = slots[before->f.b];
        return is_exact(iterator, &zip_type) || is_exact(iterator, &enumerate_type) || is_exact(iterator, &dict_item_iterator_type);
    }
    return false;
}

static void use_unpacked(struct vm *vm, const word *pc, value v, const value *slots)
{
    if (!is_passing(vm->frame->state, pc, slots))
        access_all(vm, v);
}

static void use_call(struct vm *vm, uint16_t form, const word *w, const value *slots)
{
    value callee = slots[w->f.b];
    const value *arguments = &slots[w->f.b + 1];
    uint32_t count = w->f.c;
    if (form == FORM_call && callee != VALUE_NULL) {
        count++;
    } else {
        callee = slots[w->f.b + 1];
        arguments++;
    }
    access_call(vm, callee, arguments, count);
}

static void place_window(struct vm *vm, const value *window, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        place_object(vm, window[i]);
}

static void access_operator(struct vm *vm, uint16_t form, const word *w, const value *slots)
{
    switch (form) {
#define X(name, NAME) \
    case FORM_##name: case FORM_i##name: \
        use_combined(vm, slots[w->f.b], slots[w->f.c]); \
        break; \
    case FORM_##name##_rk: case FORM_i##name##_rk: \
        use_combined(vm, slots[w->f.b], w[1].v); \
        break; \
    case FORM_##name##_kr: \
        use_combined(vm, w[1].v, slots[w->f.c]); \
        break;
    BINARY_FORMS(X)
#undef X
#define X(name, NAME, sign) \
    case FORM_##name: \
        use_compared(vm, slots[w->f.b], slots[w->f.c]); \
        break; \
    case FORM_##name##_rk: \
        use_compared(vm, slots[w->f.b], w[1].v); \
        break; \
    case FORM_jump_##name: \
        use_compared(vm, slots[w->f.b], slots[w->f.c]); \
        break; \
    case FORM_jump_##name##_rk: \
        use_compared(vm, slots[w->f.b], w[1].v); \
        break;
    COMPARE_FORMS(X)
#undef X
    default:
        break;
    }
}

static void access_container(struct vm *vm, uint16_t form, const word *w, const value *slots)
{
    switch (form) {
    case FORM_build_slice_once:
        access_slice(vm, slots[w[1].f.b], slots[w->f.b], slots[w->f.b + 1], w->f.c > 2 ? slots[w->f.b + 2] : NONE);
        break;
    case FORM_list_append:
        use_appended(vm, slots[w->f.a], slots[w->f.b]);
        break;
    case FORM_set_add:
        place_object(vm, slots[w->f.b]);
        access_key(vm, slots[w->f.a], slots[w->f.b]);
        break;
    case FORM_map_add:
        use_stored_item(vm, slots[w->f.a], slots[w->f.b], slots[w->f.c]);
        break;
    case FORM_list_extend: case FORM_set_update: case FORM_dict_update: case FORM_dict_merge:
        access_rest(vm, slots[w->f.b]);
        access_head(vm, slots[w->f.a]);
        break;
    case FORM_list_to_tuple:
        access_all(vm, slots[w->f.b]);
        break;
    case FORM_build_tuple: case FORM_build_list: case FORM_build_set:
        place_window(vm, &slots[w->f.b], w->f.c);
        break;
    case FORM_build_map:
        place_window(vm, &slots[w->f.b], 2u * w->f.c);
        break;
    case FORM_build_const_key_map:
        place_window(vm, &slots[w->f.b], w->f.c);
        break;
    case FORM_unpack_2:
        use_unpacked(vm, w, slots[w->f.c], slots);
        break;
    case FORM_unpack_3:
        use_unpacked(vm, w, slots[w[1].f.op], slots);
        break;
    case FORM_unpack: case FORM_unpack_ex:
        use_unpacked(vm, w, slots[w->f.b], slots);
        break;
    default:
        break;
    }
}

void access_word(struct vm *vm, const word *w, const value *slots)
{
    const struct code_state *state = vm->frame->state;
    uint16_t form = trace_original_form(state, w);
    switch (form) {
    case FORM_move: case FORM_load_const: case FORM_count: case FORM_jump: case FORM_return: case FORM_return_const:
    case FORM_resume: case FORM_push_null: case FORM_swap: case FORM_load_free: case FORM_load_global: case FORM_load_global_null:
        return; /* most words: nothing to be looked up */
    default:
        break;
    }
    places_begin(vm, state->word_source[w - state->words]);
    switch (form) {
    case FORM_load_item:
        access_item(vm, slots[w->f.b], slots[w->f.c]);
        break;
    case FORM_store_item:
        use_stored_item(vm, slots[w->f.a], slots[w->f.b], slots[w->f.c]);
        break;
    case FORM_delete_item:
        use_deleted_item(vm, slots[w->f.a], slots[w->f.b]);
        break;
    case FORM_load_attr: case FORM_load_method:
        access_attribute(vm, slots[w->f.b], w[1].v);
        break;
    case FORM_store_attr:
        store_attribute(vm, slots[w->f.a], w[1].v, slots[w->f.b]);
        break;
    case FORM_delete_attr:
        access_attribute(vm, slots[w->f.a], w[1].v);
        break;
    case FORM_load_cell: case FORM_load_class_cell:
        access_cell(vm, slots[w->f.b]);
        break;
    case FORM_store_cell: case FORM_delete_cell:
        access_cell(vm, slots[w->f.a]);
        break;
    case FORM_call: case FORM_call_function:
        use_call(vm, form, w, slots);
        break;
    case FORM_for_iter:
        access_next(vm, slots[w->f.b]);
        break;
    case FORM_get_iter: case FORM_get_len: case FORM_not:
        access_head(vm, slots[w->f.b]);
        break;
    case FORM_jump_if_true: case FORM_jump_if_false: case FORM_jump_if_true_keep: case FORM_jump_if_false_keep:
        access_head(vm, slots[w->f.a]);
        break;
    case FORM_in: case FORM_not_in:
        use_searched(vm, slots[w->f.c], slots[w->f.b]);
        break;
    default:
        access_container(vm, form, w, slots);
        access_operator(vm, form, w, slots);
        break;
    }
}
