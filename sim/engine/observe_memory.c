/* observe_memory.c - what an op word reads and writes in objects: items, attributes, names, cells. What an object holds is known
 * by the object (its address, which is never shown) and an index, a key or a name. */
#include "sim/engine/observe.h"

#include "sim/engine/forms.h"
#include "sim/runtime/container.h"
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
    struct access access = {kind, site, 0, ADDITION_NONE};
    dependence_join(dependence, stamp);
    dependence_check(dependence, stamp, &access, 0);
}

void observe_read_all(struct vm *vm, value object, uint32_t site)
{
    if (observed_is_memory(object)) {
        observe_read_memory(vm, object, site);
        return;
    }
    const struct shadow *shadow = observed_shadow(vm, object);
    if (!shadow || is_exact(object, &generator_type) || is_exact(object, &coroutine_type))
        return;
    observe_read(vm, &shadow->base, VARIABLE_ITEM, site);
    observe_read(vm, &shadow->state, VARIABLE_STATE, site);
    for (uint32_t i = 0; i < shadow->item_end; i++)
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
    if (observed_is_memory(object)) {
        observe_write_memory(vm, object);
        return;
    }
    dependence_settle(dependence);
    shadow_write_all(&dependence->memory, observed_shadow_new(vm, object), &dependence->result);
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
    struct access access = {VARIABLE_STATE, site, 0, ADDITION_APPENDED};
    if (shadow->state.when) {
        dependence_join(dependence, &shadow->state);
        if (site)
            dependence_check(dependence, &shadow->state, &access, 0);
    }
    dependence_settle(dependence);
    shadow_write_item(&dependence->memory, shadow, index, &dependence->result);
    shadow->state = dependence->result;
    shadow->state.appended = ADDITION_APPENDED;
}

/* A key comes or goes: the length changes, in whatever order that is done. */
static void note_insertion(struct dependence *dependence, struct shadow *shadow)
{
    struct access access = {VARIABLE_STATE, dependence->result.site, 0, ADDITION_INSERTED};
    dependence_check(dependence, &shadow->state, &access, 0);
    shadow->state = dependence->result;
    shadow->state.appended = ADDITION_INSERTED;
}

/* ---- keys ---- */

static uint64_t number_of_hash(int64_t hash) { return (uint64_t)hash * 0xd6e8feb86659fd93u ^ (uint64_t)hash >> 32; }

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
    *number = number_of_hash(hash);
    return true;
}

/* As of a key: namespaces are dicts, too. */
static uint64_t name_key(value name) { return number_of_hash((int64_t)string_hash_of(string_of(name))); }

/* ---- items ---- */

static bool list_index(value container, value key, uint64_t *index)
{
    if (!is_small_int(key) || !has_flag(container, TYPE_LIST))
        return false;
    uint64_t length = list_of(container)->length;
    int64_t at = small_int_value(key);
    *index = (uint64_t)(at < 0 ? at + (int64_t)length : at);
    return *index < length;
}

static void read_slice(struct vm *vm, value container, value start, value stop, uint32_t site)
{
    const struct shadow *shadow = observed_shadow(vm, container);
    int64_t first = 0, last = has_flag(container, TYPE_LIST) ? list_of(container)->length : INT64_MAX;
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

bool observed_key_number(struct vm *vm, value key, uint64_t *number) { return key_number(vm, key, number, 0); }

static bool numbered(struct vm *vm, value container, value key, uint64_t *number)
{
    return !has_flag(container, TYPE_LIST) && key_number(vm, key, number, 0);
}

void observe_read_item(struct vm *vm, value container, value key, uint32_t site)
{
    if (observed_is_memory(container)) {
        observe_read_memory_item(vm, container, key, site);
        return;
    }
    const struct shadow *shadow = observed_shadow(vm, container);
    uint64_t number;
    if (!shadow)
        return;
    if (list_index(container, key, &number)) {
        if (small_int_value(key) < 0)
            observe_read_state(vm, container, site);
        observe_read(vm, shadow_read_item(shadow, number), VARIABLE_ITEM, site);
    } else if (is_exact(key, &slice_type)) {
        const struct slice_object *slice = (const struct slice_object *)value_object(key);
        read_slice(vm, container, slice->start, slice->stop, site);
    } else if (numbered(vm, container, key, &number)) {
        observe_read(vm, shadow_read_key(shadow, number), VARIABLE_ITEM, site);
    } else {
        observe_read_all(vm, container, site);
    }
}

/* Which item is not known: a later read may get what was there before. */
static void write_somewhere(struct vm *vm, value container)
{
    observe_read_all(vm, container, vm->engine->observer->dependence->result.site);
    observe_write_all(vm, container);
}

void observe_write_item(struct vm *vm, value container, value key)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    struct shadow_memory *memory = &dependence->memory;
    uint64_t number;
    if (!is_object(container))
        return;
    if (observed_is_memory(container)) {
        observe_write_memory_item(vm, container, key);
        return;
    }
    dependence_settle(dependence);
    struct shadow *shadow = observed_shadow_new(vm, container);
    if (list_index(container, key, &number)) {
        shadow_write_item(memory, shadow, number, &dependence->result);
    } else if (numbered(vm, container, key, &number)) {
        if (!shadow_read_key(shadow, number))
            note_insertion(dependence, shadow);
        shadow_write_key(memory, shadow, number, &dependence->result);
    } else {
        write_somewhere(vm, container);
    }
}

/* `a[i:j] = b` with as many items writes those; with others it moves what is behind. */
static bool write_slice(struct vm *vm, value list, value key, value items)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    int64_t first, last, step, count, given;
    const struct slice_object *slice = (const struct slice_object *)value_object(key);
    bool plain = (slice->start == NONE || is_small_int(slice->start)) && (slice->stop == NONE || is_small_int(slice->stop)) &&
                 (slice->step == NONE || is_small_int(slice->step));
    given = has_flag(items, TYPE_LIST)    ? (int64_t)list_of(items)->length
            : has_flag(items, TYPE_TUPLE) ? (int64_t)tuple_of(items)->length
                                          : -1;
    if (!plain || !slice_indices(vm, key, list_of(list)->length, &first, &last, &step, &count)) {
        exception_clear(vm);
        return false;
    }
    if (given != count)
        return false;
    dependence_settle(dependence);
    for (int64_t i = 0; i < count; i++)
        shadow_write_item(&dependence->memory, observed_shadow_new(vm, list), (uint64_t)(first + i * step), &dependence->result);
    return true;
}

static void put_item(struct vm *vm, value container, value key, value item, uint32_t site)
{
    bool is_slice = is_exact(key, &slice_type);
    if (is_slice || observed_is_memory(container))
        observe_consume(vm, item, site);
    if (is_slice && has_flag(container, TYPE_LIST) && write_slice(vm, container, key, item))
        return;
    observe_write_item(vm, container, key);
}

static void take_away_item(struct vm *vm, value container, value key)
{
    uint64_t number;
    if (!is_object(container))
        return;
    if (has_flag(container, TYPE_LIST) || observed_is_memory(container) || !numbered(vm, container, key, &number)) {
        write_somewhere(vm, container); /* what is behind it moves */
        return;
    }
    observe_write_item(vm, container, key);
    note_insertion(vm->engine->observer->dependence, observed_shadow_new(vm, container));
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
    dependence_settle(dependence);
    if (is_object(dict))
        shadow_write_key(&dependence->memory, observed_shadow_new(vm, dict), name_key(name), &dependence->result);
}

/* What holds the object's own attributes: itself, or its __dict__ once there is one. */
static value attribute_holder(struct vm *vm, value object)
{
    const struct type *type = value_object(object)->shape->type;
    bool is_plain = (type->flags & TYPE_HEAP) && !type->tail_offset && !(type->flags & (TYPE_TYPE | TYPE_EXCEPTION));
    if (is_plain && value_object(object)->shape != &type->dict_shape)
        return object;
    const value *slot = instance_dict_slot(vm, object);
    return slot && is_object(*slot) && is_exact(*slot, &dict_type) ? *slot : object;
}

static const struct stamp *find_name(struct vm *vm, value holder, value name)
{
    const struct shadow *shadow = observed_shadow(vm, holder);
    return shadow ? shadow_read_key(shadow, name_key(name)) : NULL;
}

/* On the object, else on its class or the class's bases. */
void observe_read_attribute(struct vm *vm, value object, value name, uint32_t site)
{
    if (!is_object(object))
        return;
    const struct type *type = value_type(vm, object);
    value holder = attribute_holder(vm, object);
    const struct stamp *stamp = find_name(vm, holder, name);
    if (holder != object) { /* what was written before there was a __dict__ */
        const struct stamp *earlier = find_name(vm, object, name);
        stamp = stamp ? stamp : earlier;
    }
    if (string_of(name)->length == 8 && memcmp(string_of(name)->data, "__dict__", 8) == 0)
        observe_read_all(vm, object, site);
    if (has_flag(object, TYPE_TYPE))
        type = (const struct type *)value_object(object);
    for (uint32_t i = 0; !stamp && (type->flags & TYPE_HEAP) && i < type->mro_count; i++)
        stamp = find_name(vm, object_value(type->mro[i]), name);
    observe_read(vm, stamp, is_exact(object, &module_type) ? VARIABLE_NAME : VARIABLE_ATTRIBUTE, site);
}

void observe_write_attribute(struct vm *vm, value object, value name)
{
    dependence_settle(vm->engine->observer->dependence);
    if (is_object(object))
        write_name(vm, attribute_holder(vm, object), name);
}

/* ---- the rest ---- */

static void read_operand(struct vm *vm, value operand, enum binary_kind kind, uint32_t site)
{
    if (kind == BINARY_REMAINDER) /* it may print the operand */
        observe_read_deep(vm, operand, site);
    else if (observed_is_mutable(operand))
        observe_read_all(vm, operand, site);
}

/* `a += b` where a is changed. */
static void write_in_place(struct vm *vm, value left, enum binary_kind kind, uint32_t site)
{
    if (!observed_is_mutable(left) || !value_object(left)->shape->type->inplace[kind] ||
        (value_object(left)->shape->type->flags & TYPE_HEAP))
        return;
    if (is_exact(left, &list_type) && kind == BINARY_ADD) {
        observe_append(vm, left, list_of(left)->length, site);
        return;
    }
    observe_read_all(vm, left, site);
    observe_write_all(vm, left);
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
        observe_consume(vm, slots[w->f.b], site);
        observe_write_all(vm, object);
        break;
    }
}

static void observe_operator(struct vm *vm, uint16_t form, const word *w, const value *slots, uint32_t site)
{
    switch (form) {
#define X(name, NAME) \
    case FORM_##name: \
        read_operand(vm, slots[w->f.b], BINARY_##NAME, site); \
        read_operand(vm, slots[w->f.c], BINARY_##NAME, site); \
        break; \
    case FORM_i##name: \
        read_operand(vm, slots[w->f.c], BINARY_##NAME, site); \
        write_in_place(vm, slots[w->f.b], BINARY_##NAME, site); \
        break; \
    case FORM_i##name##_rk: \
        write_in_place(vm, slots[w->f.b], BINARY_##NAME, site); \
        break; \
    case FORM_##name##_rk: \
        read_operand(vm, slots[w->f.b], BINARY_##NAME, site); \
        break; \
    case FORM_##name##_kr: \
        read_operand(vm, slots[w->f.c], BINARY_##NAME, site); \
        break;
    BINARY_FORMS(X)
#undef X
#define X(name, NAME, sign) \
    case FORM_##name: case FORM_jump_##name: \
        observe_read_deep(vm, slots[w->f.b], site); \
        observe_read_deep(vm, slots[w->f.c], site); \
        break; \
    case FORM_##name##_rk: case FORM_jump_##name##_rk: \
        observe_read_deep(vm, slots[w->f.b], site); \
        break;
    COMPARE_FORMS(X)
#undef X
    case FORM_pos: case FORM_neg: case FORM_invert:
        read_operand(vm, slots[w->f.b], BINARY_SUB, site);
        break;
    default:
        break;
    }
}

/* `a[i:j]`, the slice of which is never made. */
static void read_slice_once(struct vm *vm, value container, const value *parts, bool has_step, uint32_t site)
{
    struct slice_object slice = {{&slice_type.shape}, parts[0], parts[1], has_step ? parts[2] : NONE};
    observe_read_item(vm, container, object_value(&slice), site);
}

static void observe_truth(struct vm *vm, value v, uint32_t site)
{
    if (observed_is_memory(v))
        observe_read_memory(vm, v, site);
    else
        observe_read_state(vm, v, site);
}

/* A step by a constant of an array or a str is more than counting. */
static void note_objects(const struct observed_frame *frame, const struct observed_word *observed, const value *slots)
{
    const struct code_map *map = frame->code->mapped->map;
    bool numbers = true;
    for (uint32_t i = 0; i < observed->read_count; i++)
        numbers &= !is_object(slots[observed->reads[i]]) || has_flag(slots[observed->reads[i]], TYPE_INT) ||
                   has_flag(slots[observed->reads[i]], TYPE_FLOAT);
    for (uint32_t i = 0; i < map->update_count && !numbers; i++)
        if (observed->source >= map->updates[i].load && observed->source <= map->updates[i].store)
            map->updates[i].of_objects = true;
}

/* Words of which there are few kinds and few executions. */
static void observe_rare(struct vm *vm, const struct observed_word *observed, const word *w, const value *slots, uint32_t site)
{
    switch (observed->form) {
    case FORM_format_value: case FORM_print_expr: case FORM_match_keys: case FORM_match_class: case FORM_list_to_tuple:
        for (uint32_t i = 0; i < observed->read_count; i++)
            observe_read_deep(vm, slots[observed->reads[i]], site);
        break;
    case FORM_send:
        if (is_object(slots[w->f.b]) && value_object(slots[w->f.b])->shape->type->next)
            observe_next(vm, slots[w->f.b], site);
        break;
    case FORM_get_yield_from_iter:
        observe_iter(vm, slots[w->f.b], site);
        break;
    default:
        observe_operator(vm, observed->form, w, slots, site);
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
        break;
    case FORM_load_item:
        observe_read_item(vm, slots[w->f.b], slots[w->f.c], site);
        break;
    case FORM_build_slice_once:
        site = observed[1].site; /* the load_item's */
        read_slice_once(vm, slots[w[1].f.b], &slots[w->f.b], w->f.c > 2, site);
        break;
    case FORM_store_item:
        put_item(vm, slots[w->f.a], slots[w->f.b], slots[w->f.c], site);
        break;
    case FORM_delete_item:
        take_away_item(vm, slots[w->f.a], slots[w->f.b]);
        break;
    case FORM_load_attr: case FORM_load_method:
        observe_read_attribute(vm, slots[w->f.b], w[1].v, site);
        break;
    case FORM_store_attr: case FORM_delete_attr:
        observe_write_attribute(vm, slots[w->f.a], w[1].v);
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
    case FORM_call: case FORM_call_function: case FORM_call_ex:
        observe_call(vm, frame, w, slots, site);
        break;
    case FORM_nest: case FORM_nest_call: case FORM_nest_while: case FORM_choice: case FORM_choice_return:
        observe_nest(vm, frame, observed, w, slots);
        break;
    case FORM_for_iter:
        observe_step(vm, slots[w->f.b], site);
        break;
    case FORM_get_iter:
        observe_iter(vm, slots[w->f.b], site);
        break;
    case FORM_list_append: case FORM_set_add: case FORM_map_add: case FORM_list_extend: case FORM_set_update:
    case FORM_dict_update: case FORM_dict_merge:
        observe_display(vm, observed->form, w, slots, site);
        break;
    case FORM_unpack: case FORM_unpack_ex: case FORM_unpack_2: case FORM_unpack_3:
        observe_read_all(vm, slots[observed->reads[0]], site);
        break;
    case FORM_in: case FORM_not_in:
        if (has_flag(slots[w->f.c], TYPE_DICT) || has_flag(slots[w->f.c], TYPE_SET))
            observe_read_item(vm, slots[w->f.c], slots[w->f.b], site);
        else
            observe_consume(vm, slots[w->f.c], site);
        break;
    case FORM_get_len:
        observe_read_state(vm, slots[observed->reads[0]], site);
        break;
    case FORM_not: case FORM_jump_if_true: case FORM_jump_if_false: case FORM_jump_if_true_keep:
    case FORM_jump_if_false_keep:
        observe_truth(vm, slots[observed->reads[0]], site);
        break;
    default:
        if (observed->flags & WORD_OPERATOR)
            note_objects(frame, observed, slots);
        observe_rare(vm, observed, w, slots, site);
        break;
    }
    dependence_settle(dependence);
}
