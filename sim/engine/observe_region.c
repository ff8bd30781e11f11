/* observe_region.c - memory that several objects show: numpy's arrays and their views, memoryviews, bytearrays, array.array. What
 * is written through one is read through another, so elements are known by their place in the memory of whoever owns it. An index
 * is followed to the elements it names; index arrays and masks count as all that they choose from. */
#include "sim/engine/observe.h"

#include "sim/runtime/buffer.h"
#include "sim/runtime/container.h"
#include "sim/tensor/ndarray.h"

enum { REGION_DIMENSIONS = 32, OWNERS_MOST = 16 };

struct region {
    value owner;
    int64_t offset;          /* bytes from the start of the owner's memory to the element with indices 0 */
    int64_t item_size;
    int dimensions;
    int64_t shape[REGION_DIMENSIONS], strides[REGION_DIMENSIONS];
};

bool observed_is_memory(value v)
{
    if (!is_object(v))
        return false;
    const struct type *type = value_object(v)->shape->type;
    return is_array(v) || (type->export_buffer && !(type->flags & (TYPE_HEAP | TYPE_BYTES | TYPE_STRING)));
}

static bool describe_buffer(struct vm *vm, value v, struct item_buffer *buffer)
{
    if (buffer_get(vm, v, buffer))
        return true;
    exception_clear(vm);
    return false;
}

/* Who owns the memory that `v` shows, and where that begins. */
static bool find_owner(struct vm *vm, value v, value *owner, const char **start)
{
    struct item_buffer buffer;
    for (int i = 0; i < OWNERS_MOST; i++) {
        if (is_array(v)) {
            const struct ndarray *array = array_of(v);
            *owner = v;
            *start = array->storage ? array->storage : array->data;
            if (array->base == VALUE_NULL || !is_object(array->base) || !observed_is_memory(array->base))
                return true;
            v = array->base;
            continue;
        }
        if (!describe_buffer(vm, v, &buffer))
            return false;
        *owner = v;
        *start = (const char *)buffer.data;
        if (buffer.exporter == v || !observed_is_memory(buffer.exporter))
            return true;
        v = buffer.exporter;
    }
    return false;
}

static bool find_region(struct vm *vm, value v, struct region *region)
{
    const char *start, *data;
    const int64_t *shape, *strides;
    struct item_buffer buffer;
    int64_t length;
    if (!find_owner(vm, v, &region->owner, &start))
        return false;
    if (is_array(v)) {
        const struct ndarray *array = array_of(v);
        data = array->data;
        shape = array->shape;
        strides = array->strides;
        region->dimensions = array->dimensions;
        region->item_size = array->item_size;
    } else {
        if (!describe_buffer(vm, v, &buffer))
            return false;
        data = (const char *)buffer.data;
        length = buffer.item_size ? buffer.length / buffer.item_size : 0;
        shape = buffer.shape ? buffer.shape : &length;
        strides = buffer.strides ? buffer.strides : &buffer.item_size;
        region->dimensions = buffer.shape ? buffer.dimensions : 1;
        region->item_size = buffer.item_size;
    }
    if (region->dimensions > REGION_DIMENSIONS || data < start)
        return false;
    region->offset = data - start;
    for (int i = 0; i < region->dimensions; i++) {
        region->shape[i] = shape[i];
        region->strides[i] = strides[i];
    }
    return true;
}

/* ---- indices ---- */

static bool integer_of(struct vm *vm, value key, int64_t *number)
{
    if (is_small_int(key)) {
        *number = small_int_value(key);
        return true;
    }
    const struct type *type = is_object(key) ? value_object(key)->shape->type : NULL;
    if (!type || !type->index || (type->flags & TYPE_HEAP) || is_array(key))
        return false;
    bool good;
    WORK_UNTRACKED(vm, good = value_to_index(vm, key, number));
    if (!good)
        exception_clear(vm);
    return good;
}

static bool is_plain_slice(struct vm *vm, value key)
{
    if (!is_exact(key, &slice_type))
        return false;
    const struct slice_object *slice = (const struct slice_object *)value_object(key);
    const value parts[] = {slice->start, slice->stop, slice->step};
    int64_t number;
    for (int i = 0; i < 3; i++)
        if (parts[i] != NONE && !integer_of(vm, parts[i], &number))
            return false;
    return true;
}

/* One part of an index, for an axis of the region: an integer, or a slice that stays as axis *kept. False: it is another thing. */
static bool take_part(struct vm *vm, struct region *region, value key, int axis, int *kept)
{
    int64_t number, length = region->shape[axis], stride = region->strides[axis], start, stop, step, count;
    if (integer_of(vm, key, &number)) {
        number += number < 0 ? length : 0;
        region->offset += number * stride;
        return number >= 0 && number < length;
    }
    if (!is_plain_slice(vm, key))
        return false;
    if (!slice_indices(vm, key, length, &start, &stop, &step, &count)) {
        exception_clear(vm);
        return false;
    }
    region->offset += count ? start * stride : 0;
    region->shape[*kept] = count;
    region->strides[(*kept)++] = stride * step;
    return true;
}

static void keep_axes(struct region *region, int axis, int end, int *kept)
{
    for (; axis < end; axis++, ++*kept) {
        region->shape[*kept] = region->shape[axis];
        region->strides[*kept] = region->strides[axis];
    }
}

enum chosen { CHOSEN_ELEMENT, CHOSEN_PART, CHOSEN_SOME /* of what the region has */ };

/* The region becomes what the index names of it; SOME: stays as it is. */
static enum chosen narrow(struct vm *vm, struct region *region, value key)
{
    struct region narrowed = *region;
    const value *keys = &key;
    uint64_t count = 1;
    int axis = 0, kept = 0, taken = 0;
    if (has_flag(key, TYPE_TUPLE)) {
        keys = tuple_of(key)->items;
        count = tuple_of(key)->length;
    }
    for (uint64_t i = 0; i < count; i++)
        taken += keys[i] != NONE && keys[i] != vm->ellipsis;
    if (taken > region->dimensions)
        return CHOSEN_SOME;
    for (uint64_t i = 0; i < count; i++) {
        if (keys[i] == vm->ellipsis) {
            keep_axes(&narrowed, axis, axis + region->dimensions - taken, &kept);
            axis += region->dimensions - taken;
        } else if (keys[i] != NONE && !take_part(vm, &narrowed, keys[i], axis++, &kept)) {
            return CHOSEN_SOME;
        }
    }
    bool is_element = axis == region->dimensions && !kept;
    keep_axes(&narrowed, axis, region->dimensions, &kept);
    narrowed.dimensions = kept;
    *region = narrowed;
    return is_element ? CHOSEN_ELEMENT : CHOSEN_PART;
}

/* ---- accesses ---- */

struct walk {
    struct vm *vm;
    struct shadow *shadow;
    uint32_t site;           /* reads */
    uint32_t shared;         /* writes: the stamp; 0: it is a read */
    uint32_t before;
};

static void walk_bytes(struct walk *walk, int64_t offset, int64_t size)
{
    struct shadow_memory *memory = &walk->vm->engine->observer->dependence->memory;
    uint64_t unit = walk->shadow->unit, first = (uint64_t)offset / unit, end = ((uint64_t)(offset + size) + unit - 1) / unit;
    if (walk->shared) {
        shadow_write_elements(memory, walk->shadow, first, end - first, walk->shared);
        return;
    }
    for (const struct stamp *stamp; (stamp = shadow_read_elements(memory, walk->shadow, &first, end, &walk->before));)
        observe_read(walk->vm, stamp, VARIABLE_ITEM, walk->site);
}

/* Axes from `axis` on; the last ones may lie without gaps. */
static void walk_axes(struct walk *walk, const struct region *region, int axis, int64_t offset)
{
    int64_t size = region->item_size;
    int inner = region->dimensions;
    while (inner > axis && region->strides[inner - 1] == size) {
        size *= region->shape[inner - 1];
        inner--;
    }
    if (inner == axis) {
        if (size && offset >= 0)
            walk_bytes(walk, offset, size);
        return;
    }
    int64_t count = region->strides[axis] ? region->shape[axis] : region->shape[axis] > 0;
    for (int64_t i = 0; i < count; i++)
        walk_axes(walk, region, axis + 1, offset + i * region->strides[axis]);
}

static void read_region(struct vm *vm, const struct region *region, uint32_t site)
{
    struct shadow *shadow = observed_shadow(vm, region->owner);
    if (!shadow)
        return;
    observe_read(vm, &shadow->base, VARIABLE_ITEM, site);
    if (shadow->unit)
        walk_axes(&(struct walk){.vm = vm, .shadow = shadow, .site = site}, region, 0, region->offset);
}

static bool covers_parts(const struct region *region, uint32_t unit)
{
    bool parts = region->item_size % unit || region->offset % unit;
    for (int i = 0; i < region->dimensions; i++)
        parts |= region->strides[i] % unit != 0;
    return parts;
}

static void write_region(struct vm *vm, const struct region *region, bool some)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    struct shadow *shadow = observed_shadow_new(vm, region->owner);
    if (!shadow->unit)
        shadow->unit = region->item_size % 4 == 0 && region->offset % 4 == 0 ? 4 : 1;
    if (some || covers_parts(region, shadow->unit)) /* what is not written stays: a later read depends on both */
        read_region(vm, region, dependence->result.site);
    dependence_settle(dependence);
    uint32_t shared = shadow_share(&dependence->memory, &dependence->result);
    walk_axes(&(struct walk){.vm = vm, .shadow = shadow, .shared = shared}, region, 0, region->offset);
    shadow_release(&dependence->memory, shared);
}

void observe_read_memory(struct vm *vm, value v, uint32_t site)
{
    struct region region;
    if (find_region(vm, v, &region))
        read_region(vm, &region, site);
}

void observe_write_memory(struct vm *vm, value v)
{
    struct region region;
    if (find_region(vm, v, &region))
        write_region(vm, &region, false);
}

/* An index that makes a view reads nothing. */
void observe_read_memory_item(struct vm *vm, value v, value key, uint32_t site)
{
    struct region region;
    if (observed_is_memory(key))
        observe_read_memory(vm, key, site);
    if (find_region(vm, v, &region) && (narrow(vm, &region, key) != CHOSEN_PART || !is_array(v)))
        read_region(vm, &region, site);
}

void observe_write_memory_item(struct vm *vm, value v, value key)
{
    struct region region;
    if (observed_is_memory(key))
        observe_read_memory(vm, key, vm->engine->observer->dependence->result.site);
    if (!find_region(vm, v, &region))
        return;
    enum chosen chosen = narrow(vm, &region, key);
    write_region(vm, &region, chosen == CHOSEN_SOME);
}

const struct stamp *observed_latest(struct vm *vm, value v)
{
    const char *start;
    value owner = v;
    if (observed_is_memory(v) && !find_owner(vm, v, &owner, &start))
        return NULL;
    const struct shadow *shadow = observed_shadow(vm, owner);
    return shadow ? shadow_read_latest(&vm->engine->observer->dependence->memory, shadow) : NULL;
}
