/* structure.c - Structure and Union with their metaclasses PyCStructType and UnionType: fields, layout, anonymous members,
 * initialisers, passing by value. */
#include "sim/modules/ctypes/ctypes.h"
#include "sim/runtime/number.h"

/* ---- what is passed by value: x86-64's ABI asks for the class of each eight bytes only ---- */

enum { EIGHTS_MAX = 2 };
enum register_class { IN_NONE, IN_FLOAT, IN_DOUBLE, IN_INTEGER, IN_EXTENDED };

static void classify(const struct c_type *c, int64_t offset, enum register_class classes[EIGHTS_MAX])
{
    if (c->kind == C_ARRAY) {
        const struct c_type *item = c_type_of_class(c->proto);
        for (int64_t i = 0; i < c->length; i++)
            classify(item, offset + i * item->size, classes);
    } else if (c->kind == C_STRUCTURE || c->kind == C_UNION) {
        for (uint32_t i = 0; c->parts != VALUE_NULL && i + 1 < list_of(c->parts)->length; i += 2)
            classify(c_type_of_class(list_of(c->parts)->items[i]), offset + small_int_value(list_of(c->parts)->items[i + 1]),
                     classes);
    } else {
        enum register_class *eight = &classes[offset / 8 % EIGHTS_MAX];
        enum register_class own = c->code == 'f'   ? (offset % 8 ? IN_DOUBLE : IN_FLOAT)
                                  : c->code == 'd' ? IN_DOUBLE
                                  : c->code == 'g' ? IN_EXTENDED
                                                   : IN_INTEGER;
        if (own > *eight)
            *eight = own;
    }
}

ffi_type *c_ffi_type(struct c_type *c)
{
    if (c->kind != C_STRUCTURE && c->kind != C_UNION && c->kind != C_ARRAY)
        return &c->ffi;
    if (c->ffi.elements)
        return &c->ffi;
    static ffi_type *const types[] = {&ffi_type_uchar, &ffi_type_float, &ffi_type_double, &ffi_type_uint64, &ffi_type_longdouble};
    enum register_class classes[EIGHTS_MAX] = {IN_NONE, IN_NONE};
    int count = 1;
    if (c->size <= EIGHTS_MAX * 8) {
        classify(c, 0, classes);
        count = c->size > 8 && classes[0] != IN_EXTENDED ? 2 : 1;
    }
    for (int i = 0; i < count; i++)
        c->elements[i] = types[classes[i]];
    c->elements[count] = NULL;
    c->ffi = (ffi_type){.size = c->size ? (size_t)c->size : 1, .alignment = (unsigned short)(c->align ? c->align : 1),
                        .type = FFI_TYPE_STRUCT, .elements = c->elements};
    return &c->ffi;
}

/* ---- _fields_ ---- */

struct field_description {
    value name, class;
    int64_t bits; /* 0: not given */
    bool has_bits;
};

static bool is_bit_type(const struct c_type *c)
{
    return c->kind == C_SIMPLE && strchr("bBhHiIlLqQ?v", c->code);
}

static bool read_pair(struct vm *vm, value pair, int64_t index, struct field_description *out)
{
    value *items = has_flag(pair, TYPE_TUPLE) ? tuple_of(pair)->items : NULL;
    size_t count = items ? tuple_of(pair)->length : 0;
    int bits = 0;
    if (count < 2 || count > 3 || !is_string(items[0]) || (count == 3 && !value_to_c_int(vm, items[2], &bits))) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "'_fields_' must be a sequence of (name, C type) pairs");
        return false;
    }
    *out = (struct field_description){intern(vm, items[0]), items[1], bits, count == 3};
    struct c_type *c = c_type_of_class(items[1]);
    if (!c) {
        raise_error(vm, &exc_TypeError, "second item in _fields_ tuple (index %ld) must be a C type", (long)index);
        return false;
    }
    if (count == 3 && !is_bit_type(c))
        raise_error(vm, &exc_TypeError, "bit fields not allowed for type %s", type_of_value(items[1])->name);
    else if (count == 3 && (bits <= 0 || bits > c->size * 8))
        raise_error(vm, &exc_ValueError, "number of bits invalid for bit field");
    return vm->pending == VALUE_NULL;
}

static bool read_pack(struct vm *vm, value class, int64_t *pack)
{
    value given;
    int packed, found = find_attribute(vm, class, intern_text(vm, "_pack_"), &given);
    *pack = 0;
    if (found <= 0)
        return found == 0;
    if (is_int(given) && value_to_c_int(vm, given, &packed) && packed >= 0) {
        *pack = packed;
        return true;
    }
    exception_clear(vm);
    raise_error(vm, &exc_ValueError, "_pack_ must be a non-negative integer");
    return false;
}

/* "T{<i:a:(3)<b:b:", to which the next member is added */
static void format_add(struct c_type *c, const struct c_type *member, const char *name)
{
    char *shape = format_printf("%s", "");
    for (int i = 0; i < member->dimensions; i++) {
        char *longer = format_printf("%s%s%ld%s", shape, i ? "," : "(", (long)member->shape[i],
                                     i + 1 < member->dimensions ? "" : ")");
        free(shape);
        shape = longer;
    }
    char *format = format_printf("%s%s%s:%s:", c->format, shape, member->format ? member->format : "B", name);
    free(shape);
    free(c->format);
    c->format = format;
}

static bool add_field(struct vm *vm, struct type *type, int64_t index, const struct field_description *field,
                      struct field_layout *layout)
{
    struct c_type *c = c_type_of(type), *member = c_type_of_class(field->class);
    member->flags |= C_FINAL;
    c->flags |= member->flags & (C_IS_POINTER | C_HAS_POINTER) ? C_HAS_POINTER : 0;
    if (layout->is_union)
        layout->size = layout->offset = layout->align = 0;
    value descriptor = field_place(vm, field->class, index, field->bits, layout);
    if (descriptor == VALUE_NULL)
        return false;
    if (!layout->is_union && !layout->pack) {
        size_t size;
        const char *name = string_utf8(vm, field->name, &size);
        format_add(c, member, name);
    }
    int64_t offset = ((struct c_field *)value_object(descriptor))->offset;
    return list_append(vm, list_of(c->parts), field->class) && list_append(vm, list_of(c->parts), small_int(offset)) &&
           type_setattr(vm, object_value(type), field->name, descriptor);
}

/* What a structure's base has, it has too. */
static bool inherit_layout(struct vm *vm, struct type *type, struct field_layout *layout)
{
    struct c_type *c = c_type_of(type), *base = c_type_of(type->base);
    c->parts = list_new(vm, 0);
    if (c->parts == VALUE_NULL)
        return false;
    if (!base)
        return true;
    layout->size = layout->offset = base->size;
    layout->align = base->align;
    base->flags |= C_FINAL;
    c->flags |= base->flags & C_HAS_POINTER;
    return base->parts == VALUE_NULL || list_extend(vm, c->parts, base->parts);
}

static bool add_anonymous(struct vm *vm, struct type *type);

static bool set_fields(struct vm *vm, struct type *type, value fields)
{
    struct c_type *c = c_type_of(type);
    value class = object_value(type), swapped;
    if (c->flags & C_FINAL) {
        raise_error(vm, &exc_AttributeError, "_fields_ is final");
        return false;
    }
    struct field_layout layout = {.is_union = c->kind == C_UNION};
    int big = find_attribute(vm, class, intern_text(vm, "_swappedbytes_"), &swapped);
    if (big < 0 || !read_pack(vm, class, &layout.pack))
        return false;
    bool format_wanted = !layout.is_union && !find_attribute(vm, class, intern_text(vm, "_pack_"), &swapped);
    layout.big_endian = big > 0;
    int64_t count = value_type(vm, fields)->length ? value_length(vm, fields) : -1;
    if (count < 0) {
        exception_clear(vm);
        raise_error(vm, &exc_TypeError, "'_fields_' must be a sequence of pairs");
        return false;
    }
    if (!inherit_layout(vm, type, &layout))
        return false;
    int64_t align = layout.align ? layout.align : 1, largest = layout.is_union ? layout.size : 0;
    const struct c_type *base = c_type_of(type->base);
    int64_t inherited = base ? base->length : 0;
    free(c->format);
    c->format = format_printf("%s", format_wanted ? "T{" : "B");
    for (int64_t i = 0; i < count; i++) {
        struct field_description field;
        value pair = get_item(vm, fields, small_int(i));
        if (pair == VALUE_NULL || !read_pair(vm, pair, i, &field) || !add_field(vm, type, inherited + i, &field, &layout))
            return false;
        align = layout.align > align ? layout.align : align;
        largest = layout.size > largest ? layout.size : largest;
    }
    if (c->flags & C_FINAL) { /* by now: one of its fields made it so */
        raise_error(vm, &exc_AttributeError, "Structure or union cannot contain itself");
        return false;
    }
    c->flags |= C_FINAL;
    c->size = layout.is_union ? largest : layout.size;
    c->size = (c->size + align - 1) / align * align;
    c->item_size = c->size;
    c->align = align;
    c->length = inherited + count;
    c->ffi.elements = NULL;
    if (format_wanted) {
        char *format = format_printf("%s}", c->format);
        free(c->format);
        c->format = format;
    }
    return add_anonymous(vm, type);
}

/* ---- anonymous members ---- */

static struct c_field *find_field(struct vm *vm, value class, value name)
{
    value found = get_attribute(vm, class, name);
    if (found == VALUE_NULL)
        return NULL;
    if (is_exact(found, &c_field_type))
        return (struct c_field *)value_object(found);
    raise_error(vm, &exc_TypeError, "unexpected type");
    return NULL;
}

/* The members of an anonymous member become members of the class. */
static bool add_members_of(struct vm *vm, struct type *type, const struct c_field *outer, int64_t index, int64_t offset)
{
    value fields = get_attribute_text(vm, outer->proto, "_fields_");
    value list = fields == VALUE_NULL ? fields : list_from_sequence(vm, fields, "_fields_ must be a sequence");
    for (uint32_t i = 0; list != VALUE_NULL && i < list_of(list)->length; i++) {
        struct field_description described;
        if (!read_pair(vm, list_of(list)->items[i], i, &described))
            return false;
        const struct c_field *field = find_field(vm, outer->proto, described.name);
        if (!field)
            return false;
        if (field->anonymous) {
            if (!add_members_of(vm, type, field, index + field->index, offset + field->offset))
                return false;
            continue;
        }
        struct c_field *copy = c_field_new(vm, field->proto, index + field->index);
        if (!copy)
            return false;
        copy->size = field->size;
        copy->offset = offset + field->offset;
        if (!type_setattr(vm, object_value(type), described.name, object_value(copy)))
            return false;
    }
    return list != VALUE_NULL;
}

static bool add_anonymous(struct vm *vm, struct type *type)
{
    value given, class = object_value(type);
    int found = find_attribute(vm, class, intern_text(vm, "_anonymous_"), &given);
    if (found <= 0)
        return found == 0;
    value names = list_from_sequence(vm, given, "_anonymous_ must be a sequence");
    for (uint32_t i = 0; names != VALUE_NULL && i < list_of(names)->length; i++) {
        value name = list_of(names)->items[i], descriptor;
        if (!is_string(name)) {
            raise_error(vm, &exc_TypeError, "attribute name must be string, not '%T'", name);
            return false;
        }
        if ((descriptor = get_attribute(vm, class, intern(vm, name))) == VALUE_NULL)
            return false;
        if (!is_exact(descriptor, &c_field_type)) {
            raise_error(vm, &exc_AttributeError, "'%U' is specified in _anonymous_ but not in _fields_", name);
            return false;
        }
        struct c_field *field = (struct c_field *)value_object(descriptor);
        field->anonymous = true;
        if (!add_members_of(vm, type, field, field->index, field->offset))
            return false;
    }
    return names != VALUE_NULL;
}

/* ---- classes ---- */

static bool set_class_attribute(struct vm *vm, value class, value name, value item)
{
    if (!type_setattr(vm, class, name, item))
        return false;
    if (item == VALUE_NULL || !string_is(name, "_fields_"))
        return true;
    if (c_type_of_class(class))
        return set_fields(vm, type_of_value(class), item);
    raise_error(vm, &exc_TypeError, "ctypes state is not initialized");
    return false;
}

static bool copy_base(struct vm *vm, struct type *type)
{
    struct c_type *c = c_type_of(type), *base = c_type_of(type->base);
    struct field_layout layout = {.is_union = c->kind == C_UNION};
    if (!inherit_layout(vm, type, &layout))
        return false;
    if (!base)
        return true;
    c->size = c->item_size = base->size;
    c->align = base->align;
    c->length = base->length;
    free(c->format);
    c->format = format_printf("%s", base->format ? base->format : "B");
    return true;
}

static value class_new_of(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names,
                          enum c_kind kind)
{
    bool made;
    struct type *type = class_make(vm, metaclass, arguments, count, keyword_names, &made);
    if (!type || !made || class_attribute(vm, type, "_abstract_") != VALUE_NULL)
        return type ? object_value(type) : VALUE_NULL;
    struct c_type *c = c_type_new(vm, type, kind);
    if (!c)
        return VALUE_NULL;
    c->format = format_printf("B");
    value fields = class_attribute(vm, type, "_fields_"), class = object_value(type);
    bool done = fields == VALUE_NULL ? copy_base(vm, type) : set_attribute(vm, class, intern_text(vm, "_fields_"), fields);
    return done ? class : VALUE_NULL;
}

static value structure_class_new(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names)
{
    return class_new_of(vm, metaclass, arguments, count, keyword_names, C_STRUCTURE);
}

static value union_class_new(struct vm *vm, struct type *metaclass, const value *arguments, size_t count, value keyword_names)
{
    return class_new_of(vm, metaclass, arguments, count, keyword_names, C_UNION);
}

static const struct method_definition structure_class_methods[] = {CLASS_METHODS(class_from_param_method), {0}};

struct type structure_metatype = {.name = "_ctypes.PyCStructType",
                                  .base = &type_type,
                                  .flags = TYPE_SUBCLASSABLE,
                                  .instance_size = sizeof(struct type),
                                  .doc = "metatype for the CData Objects",
                                  .methods = structure_class_methods,
                                  .new = structure_class_new,
                                  .setattr = set_class_attribute,
                                  .repeat = class_repeat};

struct type union_metatype = {.name = "_ctypes.UnionType",
                              .base = &type_type,
                              .flags = TYPE_SUBCLASSABLE,
                              .instance_size = sizeof(struct type),
                              .doc = "metatype for the CData Objects",
                              .methods = structure_class_methods,
                              .new = union_class_new,
                              .setattr = set_class_attribute,
                              .repeat = class_repeat};

/* ---- instances ---- */

/* The fields of the bases come first. Answers how many arguments have been used; -1: an exception is pending. */
static int64_t init_by_position(struct vm *vm, value self, struct type *type, const value *arguments, size_t count,
                                value keyword_names, int64_t used)
{
    if (type->base && c_type_of(type->base))
        used = init_by_position(vm, self, type->base, arguments, count, keyword_names, used);
    value fields = class_attribute(vm, type, "_fields_");
    if (used < 0 || fields == VALUE_NULL)
        return used;
    int64_t length = value_length(vm, fields);
    for (int64_t i = 0; i < length && used < (int64_t)count; i++, used++) {
        value pair = get_item(vm, fields, small_int(i)), name = pair == VALUE_NULL ? pair : get_item(vm, pair, small_int(0));
        if (name == VALUE_NULL)
            return -1;
        for (size_t k = 0; k < keyword_count(keyword_names); k++)
            if (string_equal(tuple_of(keyword_names)->items[k], name)) {
                raise_error(vm, &exc_TypeError, "duplicate values for field %R", name);
                return -1;
            }
        if (!set_attribute(vm, self, intern(vm, name), arguments[used]))
            return -1;
    }
    return length < 0 ? -1 : used;
}

static bool structure_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (count) {
        int64_t used = init_by_position(vm, self, value_type(vm, self), arguments, count, keyword_names, 0);
        if (used >= 0 && used < (int64_t)count)
            raise_error(vm, &exc_TypeError, "too many initializers");
        if (vm->pending != VALUE_NULL)
            return false;
    }
    for (size_t i = 0; i < keyword_count(keyword_names); i++)
        if (!set_attribute(vm, self, tuple_of(keyword_names)->items[i], arguments[count + i]))
            return false;
    return true;
}

struct type c_structure_type = {.name = "_ctypes.Structure",
                                .base = &cdata_type,
                                .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                .doc = "Structure base class",
                                .instance_size = sizeof(struct cdata),
                                .new = cdata_new,
                                .init = structure_init};

struct type c_union_type = {.name = "_ctypes.Union",
                            .base = &cdata_type,
                            .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                            .doc = "Union base class",
                            .instance_size = sizeof(struct cdata),
                            .new = cdata_new,
                            .init = structure_init};
