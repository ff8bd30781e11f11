/* observe_memory.c - what an op word reads and writes in objects: items, attributes, names, cells. What an object holds is known
 * by the object (its address, which is never shown) and an index, a key or a name. */
#include "sim/engine/observe.h"

#include "sim/engine/forms.h"
#include "sim/runtime/container.h"
#include "sim/runtime/iterator.h"
#include "sim/runtime/type.h"

#include <math.h>

struct shadow *observed_shadow(struct vm *vm, value object)
{
    return is_object(object) ? shadow_find(&vm->engine->observer->dependence->memory, object) : NULL;
}

struct shadow *observed_shadow_new(struct vm *vm, value object)
{
    return shadow_get(&vm->engine->observer->dependence->memory, object);
}

bool observed_is_mutable(value object)
{
    if (!is_object(object))
        return false;
    const struct type *type = value_object(object)->shape->type;
    return !(type->flags & (TYPE_INT | TYPE_STRING | TYPE_BYTES | TYPE_TUPLE | TYPE_FLOAT | TYPE_TYPE)) &&
           type != &none_type && type != &function_type && type != &native_function_type && type != &method_descriptor_type &&
           type != &frozenset_type && type != &complex_type && type != &range_type && type != &slice_type && type != &module_type;
}

void observe_read(struct vm *vm, const struct stamp *stamp, enum variable_kind kind, uint32_t site)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    if (!stamp || !stamp->when || stamp->when == dependence->serial)
        return;
    struct access access = {kind, site, 0, false};
    dependence_join(dependence, stamp);
    dependence_check(dependence, stamp, &access, 0);
}

void observe_read_all(struct vm *vm, value object, uint32_t site)
{
    const struct shadow *shadow = observed_shadow(vm, object);
    if (!shadow || is_exact(object, &generator_type) || is_exact(object, &coroutine_type))
        return;
    observe_read(vm, &shadow->base, VARIABLE_ITEM, site);
    observe_read(vm, &shadow->state, VARIABLE_STATE, site);
    for (uint32_t i = 0; i < shadow->item_count; i++)
        if (shadow->items[i].when > shadow->base.when)
            observe_read(vm, &shadow->items[i], VARIABLE_ITEM, site);
    for (uint64_t i = 0; shadow->keys && i < (uint64_t)1 << shadow->key_bits; i++)
        if (shadow->keys[i] && shadow->values[i].when > shadow->base.when)
            observe_read(vm, &shadow->values[i], VARIABLE_ITEM, site);
}

void observe_write_all(struct vm *vm, value object)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    if (!is_object(object))
        return;
    dependence_settle(dependence);
    shadow_write_all(observed_shadow_new(vm, object), &dependence->result);
}

void observe_read_state(struct vm *vm, value object, uint32_t site)
{
    const struct shadow *shadow = observed_shadow(vm, object);
    if (shadow)
        observe_read(vm, &shadow->state, VARIABLE_STATE, site);
}

void observe_append(struct vm *vm, value object, uint64_t index, uint32_t site)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    struct shadow *shadow = observed_shadow_new(vm, object);
    struct access access = {VARIABLE_STATE, site, 0, true};
    if (shadow->state.when) {
        dependence_join(dependence, &shadow->state);
        if (site)
            dependence_check(dependence, &shadow->state, &access, 0);
    }
    dependence_settle(dependence);
    shadow_write_item(&dependence->memory, shadow, index, &dependence->result);
    shadow->state = dependence->result;
    shadow->state.appended = 1;
}

/* ---- keys ---- */

/* A number for an immutable key that equal keys share. False: finding it out would run Python code. */
static bool key_number(struct vm *vm, value key, uint64_t *number, int depth)
{
    int64_t hash;
    if (is_exact(key, &tuple_type) && depth < 4) {
        const struct tuple_object *tuple = tuple_of(key);
        uint64_t all = 0x51ed270b0a1f39c1u + tuple->length, one;
        for (uint64_t i = 0; i < tuple->length; i++) {
            if (!key_number(vm, tuple->items[i], &one, depth + 1))
                return false;
            all = (all ^ one) * 0x9e3779b97f4a7c15u + (all >> 29);
        }
        *number = all;
        return true;
    }
    const struct type *type = value_type(vm, key);
    if (type == &slice_type)
        return false;
    bool is_plain = (type->flags & (TYPE_INT | TYPE_STRING | TYPE_BYTES | TYPE_FLOAT)) && !(type->flags & TYPE_HEAP);
    if (!is_plain) { /* asking for its hash could give it an identity, which the program would see */
        *number = key;
        return key == NONE || type->hash == object_type_object.hash;
    }
    if (!key_hash(vm, key, &hash)) {
        exception_clear(vm);
        return false;
    }
    *number = (uint64_t)hash * 0xd6e8feb86659fd93u ^ (uint64_t)hash >> 32;
    return true;
}

static uint64_t name_key(value name) { return (uint64_t)string_hash_of(string_of(name)) * 0xd6e8feb86659fd93u ^ 1u; }

/* ---- items ---- */

static bool list_index(value container, value key, uint64_t *index)
{
    if (!is_small_int(key) || (!is_exact(container, &list_type) && !is_exact(container, &bytearray_type)))
        return false;
    uint64_t length = is_exact(container, &list_type) ? list_of(container)->length
                                                      : ((struct bytearray_object *)value_object(container))->length;
    int64_t at = small_int_value(key);
    *index = (uint64_t)(at < 0 ? at + (int64_t)length : at);
    return *index < length;
}

static void read_slice(struct vm *vm, value container, value start, value stop, uint32_t site)
{
    const struct shadow *shadow = observed_shadow(vm, container);
    int64_t first = 0, last = is_exact(container, &list_type) ? list_of(container)->length : INT64_MAX;
    if (!shadow)
        return;
    if (last == INT64_MAX || (start != NONE && !is_small_int(start)) || (stop != NONE && !is_small_int(stop))) {
        observe_read_all(vm, container, site);
        return;
    }
    int64_t length = last;
    first = start == NONE ? 0 : small_int_value(start);
    last = stop == NONE ? length : small_int_value(stop);
    bound_adjust(&first, length);
    bound_adjust(&last, length);
    if (stop == NONE || small_int_value(stop) < 0)
        observe_read_state(vm, container, site);
    observe_read(vm, &shadow->base, VARIABLE_ITEM, site);
    for (int64_t i = first; i < last && i < (int64_t)shadow->item_count; i++)
        observe_read(vm, shadow_read_item(shadow, (uint64_t)i), VARIABLE_ITEM, site);
}

/* Of an array: `a[i, j]` and `a[i, :]` are in row a[i]. A row is two places: what was written as a row or a part of it that has no
 * number (`whole`), and its elements all together. */
struct row_places { uint64_t whole, elements; };

static bool find_row(struct vm *vm, value container, value key, struct row_places *row)
{
    bool is_tuple = is_exact(key, &tuple_type) && tuple_of(key)->length;
    value first = is_tuple ? tuple_of(key)->items[0] : key;
    if (!is_small_int(first) || is_exact(container, &dict_type) || is_exact(container, &set_type) ||
        !key_number(vm, first, &row->whole, 0))
        return false;
    row->elements = row->whole ^ 0x5bd1e995;
    return true;
}

static void read_key(struct vm *vm, const struct shadow *shadow, uint64_t number, uint32_t site)
{
    observe_read(vm, shadow_read_key(shadow, number), VARIABLE_ITEM, site);
}

void observe_read_item(struct vm *vm, value container, value key, uint32_t site)
{
    const struct shadow *shadow = observed_shadow(vm, container);
    struct row_places row;
    uint64_t number;
    if (!shadow)
        return;
    if (list_index(container, key, &number)) {
        if (small_int_value(key) < 0)
            observe_read_state(vm, container, site);
        observe_read(vm, shadow_read_item(shadow, number), VARIABLE_ITEM, site);
        return;
    }
    if (is_exact(key, &slice_type)) {
        const struct slice_object *slice = (const struct slice_object *)value_object(key);
        read_slice(vm, container, slice->start, slice->stop, site);
        return;
    }
    bool has_number = !is_exact(container, &list_type) && key_number(vm, key, &number, 0);
    bool has_row = !is_exact(container, &list_type) && find_row(vm, container, key, &row);
    if (has_number)
        read_key(vm, shadow, number, site);
    if (has_row)
        read_key(vm, shadow, row.whole, site);
    if (has_row && (!has_number || is_small_int(key)))
        read_key(vm, shadow, row.elements, site);
    if (!has_number && !has_row)
        observe_read_all(vm, container, site);
}

void observe_write_item(struct vm *vm, value container, value key)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    struct shadow_memory *memory = &dependence->memory;
    struct row_places row;
    uint64_t number;
    if (!is_object(container))
        return;
    dependence_settle(dependence);
    struct shadow *shadow = observed_shadow_new(vm, container);
    if (list_index(container, key, &number)) {
        shadow_write_item(memory, shadow, number, &dependence->result);
        return;
    }
    bool has_number = !is_exact(container, &list_type) && key_number(vm, key, &number, 0);
    bool has_row = !is_exact(container, &list_type) && find_row(vm, container, key, &row);
    if (has_number)
        shadow_write_key(memory, shadow, number, &dependence->result);
    if (has_row && !has_number)
        shadow_write_key(memory, shadow, row.whole, &dependence->result);
    if (has_row && !is_small_int(key))
        shadow_write_key(memory, shadow, row.elements, &dependence->result);
    if (!has_number && !has_row)
        observe_write_all(vm, container);
}

/* What is behind it moves. */
static void delete_item_of_list(struct vm *vm, value list, uint32_t site)
{
    observe_read_all(vm, list, site);
    observe_write_all(vm, list);
}

/* ---- names and attributes ---- */

static bool read_name(struct vm *vm, value dict, value name, uint32_t site)
{
    const struct shadow *shadow = observed_shadow(vm, dict);
    const struct stamp *stamp = shadow ? shadow_read_key(shadow, name_key(name)) : NULL;
    observe_read(vm, stamp, VARIABLE_NAME, site);
    return stamp != NULL;
}

static void write_name(struct vm *vm, value dict, value name)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    if (is_object(dict))
        shadow_write_key(&dependence->memory, observed_shadow_new(vm, dict), name_key(name), &dependence->result);
}

/* On the object, else on its class or the class's bases. */
static void read_attribute(struct vm *vm, value object, value name, uint32_t site)
{
    if (is_exact(object, &module_type)) {
        read_name(vm, ((struct module_object *)value_object(object))->dict, name, site);
        return;
    }
    const struct type *type = value_type(vm, object);
    if (!is_object(object))
        return;
    const struct shadow *shadow = observed_shadow(vm, object);
    const struct stamp *stamp = shadow ? shadow_read_key(shadow, name_key(name)) : NULL;
    if (has_flag(object, TYPE_TYPE))
        type = (const struct type *)value_object(object);
    for (uint32_t i = 0; !stamp && (type->flags & TYPE_HEAP) && i < type->mro_count; i++) {
        shadow = observed_shadow(vm, object_value(type->mro[i]));
        stamp = shadow ? shadow_read_key(shadow, name_key(name)) : NULL;
    }
    observe_read(vm, stamp, VARIABLE_ATTRIBUTE, site);
}

static void write_attribute(struct vm *vm, value object, value name)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    if (is_exact(object, &module_type))
        write_name(vm, ((struct module_object *)value_object(object))->dict, name);
    else if (is_object(object))
        shadow_write_key(&dependence->memory, observed_shadow_new(vm, object), name_key(name), &dependence->result);
}

/* ---- the rest ---- */

/* What the next step of an iterator reads. */
static void read_next(struct vm *vm, value iterator, uint32_t site)
{
    if (is_exact(iterator, &list_iterator_type)) {
        const struct list_iterator *list = (const struct list_iterator *)value_object(iterator);
        if (list->sequence != VALUE_NULL && list->index <= INT32_MAX)
            observe_read_item(vm, list->sequence, small_int((int64_t)list->index), site);
    } else if (is_exact(iterator, &enumerate_type)) {
        read_next(vm, ((const struct enumerate_object *)value_object(iterator))->iterator, site);
    } else if (is_exact(iterator, &zip_type)) {
        const struct tuple_object *parts = tuple_of(((const struct zip_object *)value_object(iterator))->iterators);
        for (uint64_t i = 0; i < parts->length; i++)
            read_next(vm, parts->items[i], site);
    }
}

static void read_operand(struct vm *vm, value operand, uint32_t site)
{
    if (observed_is_mutable(operand))
        observe_read_all(vm, operand, site);
}

/* `a += b` where a is changed. */
static void write_in_place(struct vm *vm, value left, enum binary_kind kind, uint32_t site)
{
    if (!observed_is_mutable(left) || !value_object(left)->shape->type->inplace[kind] ||
        (value_object(left)->shape->type->flags & TYPE_HEAP))
        return;
    if (is_exact(left, &list_type) && kind == BINARY_ADD)
        observe_append(vm, left, list_of(left)->length, site);
    else
        observe_write_all(vm, left);
}

static bool is_python_class(value callee)
{
    return has_flag(callee, TYPE_TYPE) && (((struct type *)value_object(callee))->flags & TYPE_HEAP);
}

/* numpy's `out=`. */
static void write_out(struct vm *vm, const value *arguments, uint32_t count, value names)
{
    uint64_t named = names == VALUE_NULL ? 0 : tuple_of(names)->length;
    for (uint64_t i = 0; i < named && named <= count; i++) {
        const struct string_object *name = string_of(tuple_of(names)->items[i]);
        value out = arguments[count - named + i];
        if (name->length == 3 && memcmp(name->data, "out", 3) == 0 && observed_is_mutable(out))
            observe_write_all(vm, out);
    }
}

static void observe_call(struct vm *vm, struct observed_frame *frame, const word *w, value *slots, uint32_t site)
{
    value callee = slots[w->f.b], *arguments = &slots[w->f.b + 1];
    uint32_t count = w->f.c;
    if (frame->latest->form == FORM_call && callee != VALUE_NULL) {
        count++;
    } else {
        callee = slots[w->f.b + 1];
        arguments++;
    }
    value self = VALUE_NULL;
    if (is_exact(callee, &function_type) || is_exact(callee, &method_type) || is_python_class(callee))
        return;
    if (is_exact(callee, &native_function_type)) {
        self = ((struct native_function_object *)value_object(callee))->self;
    } else if (is_exact(callee, &method_descriptor_type) && count) {
        self = *arguments++;
        count--;
    } else {
        frame->callee = has_flag(callee, TYPE_TYPE) ? callee : VALUE_NULL;
        for (uint32_t i = 0; i < count; i++)
            read_operand(vm, arguments[i], site);
        write_out(vm, arguments, count, w[1].v);
        return;
    }
    frame->callee = callee;
    observe_native(vm, site, (struct native_function_object *)value_object(callee), self, arguments, count);
    write_out(vm, arguments, count, w[1].v);
}

static void observe_names(struct vm *vm, const struct observed_frame *frame, uint16_t form, value name, uint32_t site)
{
    value globals = object_value(frame->frame->globals), locals = frame->frame->locals;
    switch (form) {
    case FORM_load_name:
        if (locals == VALUE_NULL || !read_name(vm, locals, name, site))
            read_name(vm, globals, name, site);
        break;
    case FORM_load_global: case FORM_load_global_null:
        read_name(vm, globals, name, site);
        break;
    case FORM_store_name: case FORM_delete_name:
        write_name(vm, locals == VALUE_NULL ? globals : locals, name);
        break;
    default:
        write_name(vm, globals, name);
        break;
    }
}

static void observe_display(struct vm *vm, uint16_t form, const word *w, const value *slots, uint32_t site)
{
    value object = slots[w->f.a];
    switch (form) {
    case FORM_list_append: /* a comprehension's own list, which every iteration adds to: nothing that it has to wait for */
        observe_append(vm, object, list_of(object)->length, 0);
        break;
    case FORM_map_add:
        observe_write_item(vm, object, slots[w->f.b]);
        break;
    case FORM_set_add:
        observe_write_item(vm, object, slots[w->f.b]);
        break;
    default: /* list_extend, set_update, dict_update, dict_merge */
        read_operand(vm, slots[w->f.b], site);
        observe_write_all(vm, object);
        break;
    }
}

static void observe_operator(struct vm *vm, uint16_t form, const word *w, const value *slots, uint32_t site)
{
    switch (form) {
#define X(name, NAME) \
    case FORM_##name: \
        read_operand(vm, slots[w->f.b], site); \
        read_operand(vm, slots[w->f.c], site); \
        break; \
    case FORM_i##name: \
        read_operand(vm, slots[w->f.c], site); \
        write_in_place(vm, slots[w->f.b], BINARY_##NAME, site); \
        break; \
    case FORM_i##name##_rk: \
        write_in_place(vm, slots[w->f.b], BINARY_##NAME, site); \
        break; \
    case FORM_##name##_rk: \
        read_operand(vm, slots[w->f.b], site); \
        break; \
    case FORM_##name##_kr: \
        read_operand(vm, slots[w->f.c], site); \
        break;
    BINARY_FORMS(X)
#undef X
#define X(name, NAME, sign) \
    case FORM_##name: case FORM_jump_##name: \
        read_operand(vm, slots[w->f.b], site); \
        read_operand(vm, slots[w->f.c], site); \
        break;
    COMPARE_FORMS(X)
#undef X
    default:
        break;
    }
}

void observe_memory(struct vm *vm, struct observed_frame *frame, const struct observed_word *observed, const word *w, value *slots)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    uint32_t site = dependence->result.site;
    const struct shadow *shadow;
    switch (observed->form) {
    case FORM_move: case FORM_load_const: case FORM_count: case FORM_jump: case FORM_return: case FORM_return_const:
    case FORM_resume: case FORM_push_null: case FORM_swap: case FORM_load_free:
        return;
    case FORM_load_item:
        observe_read_item(vm, slots[w->f.b], slots[w->f.c], site);
        break;
    case FORM_build_slice_once:
        site = frame->code->mapped->first_site + observed[1].source; /* the load_item's */
        read_slice(vm, slots[w[1].f.b], slots[w->f.b], slots[w->f.b + 1], site);
        break;
    case FORM_store_item: case FORM_delete_item:
        if (observed->form == FORM_delete_item && is_exact(slots[w->f.a], &list_type))
            delete_item_of_list(vm, slots[w->f.a], site);
        else
            observe_write_item(vm, slots[w->f.a], slots[w->f.b]);
        break;
    case FORM_load_attr: case FORM_load_method:
        read_attribute(vm, slots[w->f.b], w[1].v, site);
        break;
    case FORM_store_attr: case FORM_delete_attr:
        write_attribute(vm, slots[w->f.a], w[1].v);
        break;
    case FORM_load_name: case FORM_load_global: case FORM_load_global_null: case FORM_store_name: case FORM_delete_name:
    case FORM_store_global: case FORM_delete_global:
        observe_names(vm, frame, observed->form, w[1].v, site);
        break;
    case FORM_load_cell: case FORM_load_class_cell:
        if ((shadow = observed_shadow(vm, slots[w->f.b])))
            observe_read(vm, &shadow->base, VARIABLE_CELL, site);
        break;
    case FORM_store_cell: case FORM_delete_cell:
        observe_write_all(vm, slots[w->f.a]);
        break;
    case FORM_call: case FORM_call_function:
        observe_call(vm, frame, w, slots, site);
        break;
    case FORM_nest: case FORM_nest_call: case FORM_nest_while: case FORM_choice:
        observe_nest(vm, frame, observed, w, slots);
        break;
    case FORM_for_iter:
        read_next(vm, slots[w->f.b], site);
        break;
    case FORM_get_iter:
        if (!is_exact(slots[w->f.b], &list_type))
            observe_read_all(vm, slots[w->f.b], site);
        break;
    case FORM_list_append: case FORM_set_add: case FORM_map_add: case FORM_list_extend: case FORM_set_update:
    case FORM_dict_update: case FORM_dict_merge:
        observe_display(vm, observed->form, w, slots, site);
        break;
    case FORM_unpack: case FORM_unpack_ex: case FORM_unpack_2: case FORM_unpack_3:
        observe_read_all(vm, slots[observed->accesses.reads[0]], site);
        break;
    case FORM_in: case FORM_not_in:
        if (is_exact(slots[w->f.c], &dict_type) || is_exact(slots[w->f.c], &set_type))
            observe_read_item(vm, slots[w->f.c], slots[w->f.b], site);
        else
            observe_read_all(vm, slots[w->f.c], site);
        break;
    case FORM_get_len: case FORM_not: case FORM_jump_if_true: case FORM_jump_if_false: case FORM_jump_if_true_keep:
    case FORM_jump_if_false_keep:
        observe_read_state(vm, slots[observed->accesses.reads[0]], site);
        break;
    default:
        observe_operator(vm, observed->form, w, slots, site);
        break;
    }
    dependence_settle(dependence);
}
