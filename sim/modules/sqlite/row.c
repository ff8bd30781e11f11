/* row.c - sqlite3.Row: a row that is indexed by number or by the name of a column. */
#include "sim/modules/sqlite/sqlite.h"

struct row_object {
    struct object head;
    value data, description; /* tuples; description: NONE when there are no columns */
};

static struct row_object *row_of(value v)
{
    return (struct row_object *)value_object(v);
}

static void row_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct row_object *)object)->data);
    gc_mark(vm, ((struct row_object *)object)->description);
}

static value row_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "Row", count, keyword_names, 2, 2))
        return VALUE_NULL;
    if (!is_instance(vm, arguments[0], &sqlite_cursor_type))
        return raise_error(vm, &exc_TypeError, "Row() argument 1 must be sqlite3.Cursor, not %T", arguments[0]);
    if (!has_flag(arguments[1], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "Row() argument 2 must be tuple, not %T", arguments[1]);
    struct row_object *row = instance_allocate(vm, type, sizeof *row);
    if (!row)
        return VALUE_NULL;
    row->data = arguments[1];
    row->description = cursor_of(arguments[0])->description;
    return object_value(row);
}

static bool same_name(value a, value b)
{
    const struct string_object *s = string_of(a), *t = string_of(b);
    bool same = s->length == t->length;
    for (size_t i = 0; same && i < s->length; i++) {
        uint32_t x = string_at(s, i), y = string_at(t, i);
        uint32_t letter = x | 32;
        same = x == y || ((x ^ y) == 32 && letter >= 'a' && letter <= 'z');
    }
    return same;
}

static value row_get_item(struct vm *vm, value self, value key)
{
    const struct row_object *row = row_of(self);
    if (is_int(key) || is_exact(key, &slice_type))
        return get_item(vm, row->data, key);
    if (!has_flag(key, TYPE_STRING))
        return raise_error(vm, &exc_IndexError, "Index must be int or string");
    size_t columns = row->description == NONE ? 0 : tuple_of(row->description)->length;
    for (size_t i = 0; i < columns; i++)
        if (same_name(tuple_of(tuple_of(row->description)->items[i])->items[0], key))
            return get_item(vm, row->data, small_int((int64_t)i));
    return raise_error(vm, &exc_IndexError, "No item with that key");
}

static value row_keys(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value list = list_new(vm, 0), description = row_of(self)->description;
    for (size_t i = 0; list != VALUE_NULL && description != NONE && i < tuple_of(description)->length; i++)
        if (!list_append(vm, list_of(list), tuple_of(tuple_of(description)->items[i])->items[0]))
            return VALUE_NULL;
    return list;
}

static int64_t row_length(struct vm *vm, value self) { (void)vm; return (int64_t)tuple_of(row_of(self)->data)->length; }
static value row_iter(struct vm *vm, value self) { return get_iterator(vm, row_of(self)->data); }

static bool row_hash(struct vm *vm, value self, int64_t *hash)
{
    int64_t a, b;
    if (!value_hash(vm, row_of(self)->description, &a) || !value_hash(vm, row_of(self)->data, &b))
        return false;
    *hash = (a ^ b) == -1 ? -2 : a ^ b;
    return true;
}

static value row_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_instance(vm, b, &sqlite_row_type))
        return vm->not_implemented;
    int same = values_equal(vm, row_of(a)->description, row_of(b)->description);
    if (same > 0)
        same = values_equal(vm, row_of(a)->data, row_of(b)->data);
    return same < 0 ? VALUE_NULL : bool_value(same == (kind == COMPARE_EQ));
}

static const struct method_definition row_methods[] = {{"keys", "()", row_keys, 0, NULL}, {0}};
struct type sqlite_row_type = {.name = "sqlite3.Row", .instance_size = sizeof(struct row_object),
                               .flags = TYPE_GETATTR_PLAIN | TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES, .trace = row_trace,
                               .new = row_new, .get_item = row_get_item, .length = row_length, .iter = row_iter,
                               .hash = row_hash, .compare = row_compare, .methods = row_methods};
