/* field.c - CField, the descriptors of structures' members: where a member goes, and access to it. */
#include "sim/modules/ctypes/ctypes.h"

struct c_field *c_field_new(struct vm *vm, value proto, int64_t index)
{
    struct c_field *field = GC_NEW(vm, struct c_field, &c_field_type);
    if (!field)
        return NULL;
    field->proto = proto;
    field->index = index;
    const struct c_type *c = c_type_of_class(proto), *item = c->kind == C_ARRAY ? c_type_of_class(c->proto) : NULL;
    if (item && item->kind == C_SIMPLE && (item->code == 'c' || item->code == 'u'))
        field->code = item->code == 'c' ? FORMAT_BYTES : FORMAT_TEXT;
    return field;
}

static void place_whole(struct c_field *field, const struct c_type *c, struct field_layout *layout)
{
    int64_t align = layout->pack && layout->pack < c->align ? layout->pack : c->align;
    int64_t gap = align && layout->offset % align ? align - layout->offset % align : 0;
    layout->size += gap + c->size;
    field->offset = layout->offset + gap;
    layout->offset = field->offset + c->size;
    layout->align = align;
}

/* As GCC lays bit fields out: they share a unit as long as they fit; a wider type widens it. */
value field_place(struct vm *vm, value proto, int64_t index, int64_t bits, struct field_layout *layout)
{
    struct c_field *field = c_field_new(vm, proto, index);
    const struct c_type *c = c_type_of_class(proto);
    if (!field)
        return VALUE_NULL;
    int64_t type_bits = c->size * 8;
    if (!bits) {
        layout->used_bits = layout->unit_bits = 0;
        place_whole(field, c, layout);
        field->size = c->size;
        return object_value(field);
    }
    bool open = layout->unit_bits != 0;
    bool fits = open && type_bits <= layout->unit_bits && layout->used_bits + bits <= layout->unit_bits;
    bool widens = open && !fits && type_bits >= layout->unit_bits && layout->used_bits + bits <= type_bits;
    if (widens) {
        layout->offset += c->size - layout->unit_bits / 8;
        layout->size += c->size - layout->unit_bits / 8;
        layout->unit_bits = type_bits;
    }
    if (fits || widens) {
        field->offset = layout->offset - c->size; /* offset is that behind the unit */
    } else {
        layout->used_bits = 0;
        layout->unit_bits = type_bits;
        place_whole(field, c, layout);
    }
    field->size = bits << 16 | (layout->big_endian ? layout->unit_bits - layout->used_bits - bits : layout->used_bits);
    layout->used_bits += bits;
    return object_value(field);
}

static void field_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct c_field *)object)->proto);
}

static const struct c_field *field_of(value v)
{
    return (const struct c_field *)value_object(v);
}

static value field_get(struct vm *vm, value self, value object, value type)
{
    (void)type;
    const struct c_field *field = field_of(self);
    if (object == VALUE_NULL || object == NONE)
        return self;
    if (!is_cdata(vm, object))
        return raise_error(vm, &exc_TypeError, "not a ctype instance");
    return cdata_get(vm, field->proto, field->code, object, field->index, field->size, cdata_of(object)->data + field->offset);
}

static bool field_set(struct vm *vm, value self, value object, value item)
{
    const struct c_field *field = field_of(self);
    if (!is_cdata(vm, object)) {
        raise_error(vm, &exc_TypeError, "not a ctype instance");
        return false;
    }
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "can't delete attribute");
        return false;
    }
    return cdata_set(vm, object, field->proto, field->code, item, field->index, field->size,
                     cdata_of(object)->data + field->offset);
}

static value field_repr(struct vm *vm, value self)
{
    const struct c_field *field = field_of(self);
    const char *name = type_of_value(field->proto)->name;
    long offset = (long)field->offset, bits = (long)(field->size >> 16);
    if (bits)
        return string_printf(vm, "<Field type=%s, ofs=%ld:%ld, bits=%ld>", name, offset, (long)(field->size & 0xffff), bits);
    return string_printf(vm, "<Field type=%s, ofs=%ld, size=%ld>", name, offset, (long)field->size);
}

static value get_offset(struct vm *vm, value self) { return int_from_int64(vm, field_of(self)->offset); }
static value get_size(struct vm *vm, value self) { return int_from_int64(vm, field_of(self)->size); }

static const struct property_definition field_properties[] = {{"offset", get_offset, NULL},
                                                               {"size", get_size, NULL},
                                                               {NULL, NULL, NULL}};

struct type c_field_type = {.name = "_ctypes.CField",
                            .instance_size = sizeof(struct c_field),
                            .doc = "Structure/Union member",
                            .trace = field_trace,
                            .repr = field_repr,
                            .properties = field_properties,
                            .descriptor_get = field_get,
                            .descriptor_set = field_set};
