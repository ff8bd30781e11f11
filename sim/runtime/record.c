/* record.c - struct sequences; see record.h. The fields beyond the visible ones lie behind the tuple's items. */
#include "sim/runtime/record.h"
#include "sim/runtime/args.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <string.h>

/* ---- fields by name: a descriptor has no room for an index, so that each index has a function ---- */

#define EACH_FIELD(X) \
    X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) X(17) X(18) X(19) X(20) \
    X(21) X(22) X(23)
#define GETTER(index)                                                                                                  \
    static value get_##index(struct vm *vm, value self)                                                                \
    {                                                                                                                  \
        (void)vm;                                                                                                      \
        return tuple_of(self)->items[index];                                                                           \
    }
EACH_FIELD(GETTER)
#define GETTER_ENTRY(index) get_##index,
static value (*const getters[RECORD_FIELDS_MAX])(struct vm *, value) = {EACH_FIELD(GETTER_ENTRY)};

static bool refuse_to_set(struct vm *vm, value self, value item)
{
    (void)self, (void)item;
    raise_error(vm, &exc_AttributeError, "readonly attribute");
    return false;
}

/* ---- making ---- */

void record_trace(struct vm *vm, struct object *object)
{
    const struct record_type *record = record_type_of(object_value(object));
    for (uint32_t i = 0; i < record->total; i++)
        gc_mark(vm, ((struct tuple_object *)object)->items[i]);
}

static struct tuple_object *record_allocate(struct vm *vm, const struct record_type *record)
{
    struct type *type = (struct type *)(uintptr_t)&record->type;
    struct tuple_object *tuple = gc_object(vm, sizeof *tuple + record->total * sizeof(value), &type->shape);
    if (!tuple)
        return NULL;
    tuple->length = record->visible;
    for (uint32_t i = 0; i < record->total; i++)
        tuple->items[i] = NONE;
    return tuple;
}

value record_new(struct vm *vm, const struct record_type *record, const value *items)
{
    for (uint32_t i = 0; i < record->total; i++)
        if (items[i] == VALUE_NULL)
            return VALUE_NULL;
    struct tuple_object *tuple = record_allocate(vm, record);
    if (!tuple)
        return VALUE_NULL;
    memcpy(tuple->items, items, record->total * sizeof(value));
    return object_value(tuple);
}

static value complain_length(struct vm *vm, const struct record_type *record, uint64_t length)
{
    const char *name = record->type.name;
    if (record->visible == record->total)
        return raise_error(vm, &exc_TypeError, "%s() takes a %u-sequence (%zu-sequence given)", name, record->visible,
                           (size_t)length);
    if (length < record->visible)
        return raise_error(vm, &exc_TypeError, "%s() takes an at least %u-sequence (%zu-sequence given)", name,
                           record->visible, (size_t)length);
    return raise_error(vm, &exc_TypeError, "%s() takes an at most %u-sequence (%zu-sequence given)", name, record->total,
                       (size_t)length);
}

value record_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    const struct record_type *record = (const struct record_type *)(const void *)type;
    static const char *const names[] = {"sequence", "dict", NULL};
    value bound[2];
    if (!arguments_bind(vm, &(struct argument_names){"structseq", names, 1, 2}, arguments, count, keyword_names, bound))
        return VALUE_NULL;
    value sequence = bound[0];
    if (!has_flag(sequence, TYPE_TUPLE | TYPE_LIST)) {
        sequence = tuple_from_iterable(vm, sequence);
        if (sequence == VALUE_NULL)
            return exception_matches(vm, &exc_TypeError)
                       ? (exception_clear(vm), raise_error(vm, &exc_TypeError, "constructor requires a sequence"))
                       : VALUE_NULL;
    }
    value dict = bound[1];
    if (dict != VALUE_NULL && !has_flag(dict, TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "%s() takes a dict as second arg, if any", record->type.name);
    size_t length;
    const value *items = sequence_items(sequence, &length);
    if (length < record->visible || length > record->total)
        return complain_length(vm, record, length);
    struct tuple_object *tuple = record_allocate(vm, record);
    if (!tuple)
        return VALUE_NULL;
    memcpy(tuple->items, items, length * sizeof(value));
    gc_keep(sequence);
    for (size_t i = length; dict != VALUE_NULL && i < record->total; i++) {
        value found = dict_get_text(vm, dict_of(dict), record->fields[i]);
        if (found != VALUE_NULL)
            tuple->items[i] = found;
    }
    return object_value(tuple);
}

/* ---- as text and for pickle ---- */

value record_repr(struct vm *vm, value self)
{
    const struct record_type *record = record_type_of(self);
    struct string_builder builder = {0};
    string_builder_add_text(&builder, record->type.name);
    string_builder_add(&builder, '(');
    for (uint32_t i = 0; i < record->visible; i++) {
        if (i)
            string_builder_add_text(&builder, ", ");
        string_builder_add_text(&builder, record->fields[i]);
        string_builder_add(&builder, '=');
        if (!builder_add_repr(vm, &builder, tuple_of(self)->items[i]))
            return builder_abandon(&builder);
    }
    string_builder_add(&builder, ')');
    return string_builder_finish(vm, &builder);
}

static value record_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct record_type *record = record_type_of(self);
    value visible = tuple_from(vm, tuple_of(self)->items, record->visible), hidden = dict_new(vm);
    if (visible == VALUE_NULL || hidden == VALUE_NULL)
        return VALUE_NULL;
    for (uint32_t i = record->visible; i < record->total; i++)
        if (!dict_set_text(vm, dict_of(hidden), record->fields[i], tuple_of(self)->items[i]))
            return VALUE_NULL;
    value state = tuple_pack(vm, 2, visible, hidden);
    return state == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, object_value(value_object(self)->shape->type), state);
}

const struct method_definition record_methods[] = {{"__reduce__", "()", record_reduce, METHOD_INSTANCE, NULL}, {0}};

static bool add_fields(struct vm *vm, struct record_type *record)
{
    for (uint32_t i = 0; i < record->total; i++) {
        record->definitions[i] = (struct property_definition){record->fields[i], getters[i], refuse_to_set};
        value field = field_new(vm, &record->type, &record->definitions[i]);
        if (field == VALUE_NULL || !dict_set_text(vm, record->type.dict, record->fields[i], field))
            return false;
    }
    return true;
}

bool record_ready(struct vm *vm, struct record_type *record)
{
    type_ready(vm, &record->type);
    value names = tuple_new(vm, record->visible);
    if (names == VALUE_NULL)
        return false;
    for (uint32_t i = 0; i < record->visible; i++)
        tuple_of(names)->items[i] = intern_text(vm, record->fields[i]);
    struct dict_object *dict = record->type.dict;
    return dict_set_text(vm, dict, "n_sequence_fields", small_int(record->visible)) &&
           dict_set_text(vm, dict, "n_fields", small_int(record->total)) &&
           dict_set_text(vm, dict, "n_unnamed_fields", small_int(0)) &&
           dict_set_text(vm, dict, "__match_args__", names) && add_fields(vm, record);
}
