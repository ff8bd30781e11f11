/* writer.c - module _csv: writing. */
#include "sim/modules/csv/csv.h"
#include "sim/runtime/number.h"

struct writer_object {
    struct object head;
    value write; /* the file's method */
    value dialect;
};

struct record { /* being written */
    struct vm *vm;
    const struct csv_dialect *dialect;
    struct string_builder text;
    size_t fields;
};

/* Whether the field's text needs quotes: 1, 0; -1: it needs an escape character and there is none. */
static int needs_quotes(struct record *record, struct span s)
{
    const struct csv_dialect *dialect = record->dialect;
    struct span terminator = string_span(dialect->line_terminator);
    int result = 0;
    for (size_t i = 0; i < s.length; i++) {
        uint32_t c = span_at(s, i);
        if (c != dialect->delimiter && c != dialect->escape && c != dialect->quote &&
            span_find_character(terminator, c, 0, terminator.length) < 0)
            continue;
        bool escape = dialect->quoting == QUOTE_NONE || (c == dialect->quote ? !dialect->double_quote : c == dialect->escape);
        if (!escape)
            result = 1;
        else if (dialect->escape == CSV_NOT_SET) {
            csv_raise(record->vm, dialect->module, "need to escape, but no escapechar set");
            return -1;
        }
    }
    return result;
}

static void add_characters(struct record *record, struct span s)
{
    const struct csv_dialect *dialect = record->dialect;
    struct span terminator = string_span(dialect->line_terminator);
    for (size_t i = 0; i < s.length; i++) {
        uint32_t c = span_at(s, i);
        bool special = c == dialect->delimiter || c == dialect->escape || c == dialect->quote ||
                       (dialect->quoting == QUOTE_NONE && span_find_character(terminator, c, 0, terminator.length) >= 0);
        if (special) {
            if (dialect->quoting != QUOTE_NONE && c == dialect->quote && dialect->double_quote)
                string_builder_add(&record->text, dialect->quote);
            else if (dialect->quoting == QUOTE_NONE || c == dialect->quote || c == dialect->escape)
                string_builder_add(&record->text, dialect->escape);
        }
        string_builder_add(&record->text, c);
    }
}

static bool add_field(struct record *record, struct span s, bool quoted)
{
    int needed = needs_quotes(record, s);
    if (needed < 0)
        return false;
    quoted = quoted || needed;
    if (record->fields++)
        string_builder_add(&record->text, record->dialect->delimiter);
    if (quoted)
        string_builder_add(&record->text, record->dialect->quote);
    if (needed || record->dialect->escape != CSV_NOT_SET || quoted)
        add_characters(record, s);
    else
        string_builder_add_span(&record->text, s);
    if (quoted)
        string_builder_add(&record->text, record->dialect->quote);
    return true;
}

static bool is_number(struct vm *vm, value v)
{
    if (is_int(v) || is_float(v))
        return true;
    const struct type *type = value_type(vm, v);
    return type->index || type->to_int || type->to_float || is_complex(vm, v);
}

static bool add_value(struct vm *vm, value field, void *context)
{
    struct record *record = context;
    const struct csv_dialect *dialect = record->dialect;
    bool quoted = dialect->quoting == QUOTE_ALL || (dialect->quoting == QUOTE_NONNUMERIC && !is_number(vm, field));
    if (field == NONE)
        return add_field(record, (struct span){"", 0, 1}, quoted);
    value text = has_flag(field, TYPE_STRING) ? field : value_string(vm, field);
    if (text == VALUE_NULL)
        return false;
    ADD_WORK(vm, characters, string_of(text)->length);
    bool added = add_field(record, string_span(text), quoted);
    gc_keep(text);
    return added;
}

static value write_row(struct vm *vm, struct writer_object *writer, value row)
{
    const struct csv_dialect *dialect = (const struct csv_dialect *)value_object(writer->dialect);
    struct record record = {.vm = vm, .dialect = dialect};
    value iterator = get_iterator(vm, row);
    if (iterator == VALUE_NULL) {
        if (!exception_matches(vm, &exc_TypeError))
            return VALUE_NULL;
        exception_clear(vm);
        return csv_raise(vm, dialect->module, "iterable expected, not %T", row);
    }
    bool done = iterate(vm, iterator, add_value, &record) && vm->pending == VALUE_NULL;
    if (done && record.fields && !record.text.length) { /* one empty field looks like no field */
        record.fields = 0;
        if (dialect->quoting == QUOTE_NONE) {
            csv_raise(vm, dialect->module, "single empty field record must be quoted");
            done = false;
        } else
            done = add_field(&record, (struct span){"", 0, 1}, true);
    }
    if (!done || vm->pending != VALUE_NULL) {
        string_builder_free(&record.text);
        return VALUE_NULL;
    }
    string_builder_add_string(&record.text, dialect->line_terminator);
    value text = string_builder_finish(vm, &record.text);
    return text == VALUE_NULL ? VALUE_NULL : call_1(vm, writer->write, text);
}

static value writer_writerow(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return write_row(vm, (struct writer_object *)value_object(self), arguments[0]);
}

static value writer_writerows(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value rows = get_iterator(vm, arguments[0]);
    if (rows == VALUE_NULL)
        return VALUE_NULL;
    for (value row; (row = iterator_next(vm, rows)) != VALUE_NULL;)
        if (write_row(vm, (struct writer_object *)value_object(self), row) == VALUE_NULL)
            return VALUE_NULL;
    return vm->pending == VALUE_NULL ? NONE : VALUE_NULL;
}

value csv_writer(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!csv_check_count(vm, count, 2))
        return VALUE_NULL;
    value write, dialect = csv_dialect_from(vm, self, count > 1 ? arguments[1] : VALUE_NULL, arguments + count, keyword_names);
    if (dialect == VALUE_NULL)
        return VALUE_NULL;
    int found = find_attribute(vm, arguments[0], intern_text(vm, "write"), &write);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return raise_error(vm, &exc_TypeError, "argument 1 must have a \"write\" method");
    struct writer_object *writer = GC_NEW(vm, struct writer_object, &csv_writer_type);
    if (!writer)
        return VALUE_NULL;
    writer->write = write;
    writer->dialect = dialect;
    return object_value(writer);
}

static void writer_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct writer_object *)object)->write);
    gc_mark(vm, ((struct writer_object *)object)->dialect);
}

static value get_dialect(struct vm *vm, value self)
{
    (void)vm;
    return ((struct writer_object *)value_object(self))->dialect;
}

static bool set_readonly(struct vm *vm, value self, value item)
{
    (void)self, (void)item;
    raise_error(vm, &exc_AttributeError, "readonly attribute");
    return false;
}

static const struct property_definition writer_properties[] = {{"dialect", get_dialect, set_readonly}, {0}};
static const struct method_definition writer_methods[] = {
    {"writerow", "(row, /)", writer_writerow, METHOD_INSTANCE, NULL},
    {"writerows", "(rows, /)", writer_writerows, METHOD_INSTANCE, NULL},
    {0},
};

struct type csv_writer_type = {
    .name = "_csv.writer",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct writer_object),
    .doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input.\n",
    .methods = writer_methods,
    .properties = writer_properties,
    .trace = writer_trace,
};
