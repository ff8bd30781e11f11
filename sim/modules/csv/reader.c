/* reader.c - module _csv: reading. A record may span several lines: the state of the field goes on over them. */
#include "sim/modules/csv/csv.h"
#include "sim/runtime/iterator.h"

enum state {
    START_RECORD, START_FIELD, ESCAPED, IN_FIELD, IN_QUOTED, ESCAPED_IN_QUOTED, QUOTE_IN_QUOTED, END_OF_LINE, AFTER_ESCAPED_NEWLINE
};

#define LINE_END (UINT32_MAX - 1) /* after the last character of each line */

struct reader_object {
    struct object head;
    value lines;   /* an iterator */
    value dialect;
    value fields;  /* list of the record being read */
    struct string_builder field; /* malloc'd; see reader_release */
    enum state state;
    bool numeric;  /* the field was not quoted, and those are numbers */
    int64_t line_number;
};

static struct reader_object *reader_of(value v)
{
    return (struct reader_object *)value_object(v);
}

static const struct csv_dialect *dialect_of(const struct reader_object *reader)
{
    return (const struct csv_dialect *)value_object(reader->dialect);
}

static bool save_field(struct vm *vm, struct reader_object *reader)
{
    value field = string_from_code_points(vm, reader->field.code_points, reader->field.length);
    reader->field.length = 0;
    if (field == VALUE_NULL)
        return false;
    ADD_WORK(vm, characters, string_of(field)->length);
    if (reader->numeric) {
        reader->numeric = false;
        if ((field = call_1(vm, object_value(&float_type), field)) == VALUE_NULL)
            return false;
    }
    return list_append(vm, list_of(reader->fields), field);
}

static bool add_character(struct vm *vm, struct reader_object *reader, uint32_t c)
{
    if ((int64_t)reader->field.length >= vm->csv_field_limit) {
        csv_raise(vm, dialect_of(reader)->module, "field larger than field limit (%lld)", (long long)vm->csv_field_limit);
        return false;
    }
    string_builder_add(&reader->field, c);
    return true;
}

static bool is_line_end(uint32_t c)
{
    return c == '\n' || c == '\r' || c == LINE_END;
}

static bool end_field_at_line_end(struct vm *vm, struct reader_object *reader, uint32_t c)
{
    reader->state = c == LINE_END ? START_RECORD : END_OF_LINE;
    return save_field(vm, reader);
}

static bool next_field(struct vm *vm, struct reader_object *reader)
{
    reader->state = START_FIELD;
    return save_field(vm, reader);
}

static bool start_field(struct vm *vm, struct reader_object *reader, uint32_t c)
{
    const struct csv_dialect *dialect = dialect_of(reader);
    if (is_line_end(c))
        return end_field_at_line_end(vm, reader, c);
    if (c == dialect->quote && dialect->quoting != QUOTE_NONE)
        reader->state = IN_QUOTED;
    else if (c == dialect->escape)
        reader->state = ESCAPED;
    else if (c == ' ' && dialect->skip_initial_space)
        reader->state = START_FIELD;
    else if (c == dialect->delimiter)
        return next_field(vm, reader);
    else {
        reader->numeric = dialect->quoting == QUOTE_NONNUMERIC;
        reader->state = IN_FIELD;
        return add_character(vm, reader, c);
    }
    return true;
}

static bool in_field(struct vm *vm, struct reader_object *reader, uint32_t c)
{
    const struct csv_dialect *dialect = dialect_of(reader);
    if (is_line_end(c))
        return end_field_at_line_end(vm, reader, c);
    if (c == dialect->delimiter && c != dialect->escape)
        return next_field(vm, reader);
    if (c != dialect->escape)
        return add_character(vm, reader, c);
    reader->state = ESCAPED;
    return true;
}

static bool in_quoted(struct vm *vm, struct reader_object *reader, uint32_t c)
{
    const struct csv_dialect *dialect = dialect_of(reader);
    if (c == LINE_END)
        return true;
    if (c == dialect->escape)
        reader->state = ESCAPED_IN_QUOTED;
    else if (c == dialect->quote && dialect->quoting != QUOTE_NONE)
        reader->state = dialect->double_quote ? QUOTE_IN_QUOTED : IN_FIELD;
    else
        return add_character(vm, reader, c);
    return true;
}

static bool quote_in_quoted(struct vm *vm, struct reader_object *reader, uint32_t c)
{
    const struct csv_dialect *dialect = dialect_of(reader);
    if (dialect->quoting != QUOTE_NONE && c == dialect->quote) {
        reader->state = IN_QUOTED;
        return add_character(vm, reader, c);
    }
    if (c == dialect->delimiter)
        return next_field(vm, reader);
    if (is_line_end(c))
        return end_field_at_line_end(vm, reader, c);
    if (dialect->strict) {
        csv_raise(vm, dialect->module, "'%S' expected after '%S'", string_from_code_point(vm, dialect->delimiter),
                  string_from_code_point(vm, dialect->quote));
        return false;
    }
    reader->state = IN_FIELD;
    return add_character(vm, reader, c);
}

static bool take_character(struct vm *vm, struct reader_object *reader, uint32_t c)
{
    switch (reader->state) {
    case START_RECORD:
        if (c == LINE_END) /* an empty line */
            return true;
        if (is_line_end(c)) {
            reader->state = END_OF_LINE;
            return true;
        }
        return start_field(vm, reader, c);
    case START_FIELD:
        return start_field(vm, reader, c);
    case ESCAPED:
        if (c == '\n' || c == '\r') {
            reader->state = AFTER_ESCAPED_NEWLINE;
            return add_character(vm, reader, c);
        }
        reader->state = IN_FIELD;
        return add_character(vm, reader, c == LINE_END ? '\n' : c);
    case AFTER_ESCAPED_NEWLINE:
        return c == LINE_END || in_field(vm, reader, c);
    case IN_FIELD:
        return in_field(vm, reader, c);
    case IN_QUOTED:
        return in_quoted(vm, reader, c);
    case ESCAPED_IN_QUOTED:
        reader->state = IN_QUOTED;
        return add_character(vm, reader, c == LINE_END ? '\n' : c);
    case QUOTE_IN_QUOTED:
        return quote_in_quoted(vm, reader, c);
    case END_OF_LINE:
        if (c == LINE_END)
            reader->state = START_RECORD;
        else if (c != '\n' && c != '\r') {
            csv_raise(vm, dialect_of(reader)->module, "new-line character seen in unquoted field - do you need to open the file "
                                                      "in universal-newline mode?");
            return false;
        }
        return true;
    }
    return true;
}

static bool take_line(struct vm *vm, struct reader_object *reader, value line)
{
    struct span s = string_span(line);
    for (size_t i = 0; i < s.length; i++) {
        uint32_t c = span_at(s, i);
        if (reader->state == IN_FIELD || reader->state == IN_QUOTED) { /* a run of plain characters at once */
            const struct csv_dialect *dialect = dialect_of(reader);
            size_t from = i;
            while (c != dialect->delimiter && c != dialect->quote && c != dialect->escape && c != '\n' && c != '\r' &&
                   ++i < s.length)
                c = span_at(s, i);
            if (i - from > 0 && (int64_t)(reader->field.length + i - from) <= vm->csv_field_limit)
                string_builder_add_span(&reader->field, span_part(s, from, i));
            else {
                i = from;
                c = span_at(s, i);
            }
            if (i == s.length)
                break;
        }
        if (!take_character(vm, reader, c))
            return false;
    }
    gc_keep(line);
    return take_character(vm, reader, LINE_END);
}

static value reader_next(struct vm *vm, value self)
{
    struct reader_object *reader = reader_of(self);
    reader->fields = NONE;
    value fields = list_new(vm, 0);
    if (fields == VALUE_NULL)
        return VALUE_NULL;
    reader->fields = fields;
    reader->field.length = 0;
    reader->state = START_RECORD;
    reader->numeric = false;
    do {
        value line = iterator_next(vm, reader->lines);
        if (line == VALUE_NULL) {
            if (vm->pending != VALUE_NULL || (!reader->field.length && reader->state != IN_QUOTED))
                return VALUE_NULL;
            if (dialect_of(reader)->strict)
                return csv_raise(vm, dialect_of(reader)->module, "unexpected end of data");
            if (!save_field(vm, reader))
                return VALUE_NULL;
            break;
        }
        if (!has_flag(line, TYPE_STRING))
            return csv_raise(vm, dialect_of(reader)->module,
                             "iterator should return strings, not %T (the file should be opened in text mode)", line);
        reader->line_number++;
        if (!take_line(vm, reader, line))
            return VALUE_NULL;
    } while (reader->state != START_RECORD);
    reader->fields = NONE;
    return fields;
}

value csv_reader(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!csv_check_count(vm, count, 2))
        return VALUE_NULL;
    value lines = get_iterator(vm, arguments[0]);
    if (lines == VALUE_NULL)
        return VALUE_NULL;
    value dialect = csv_dialect_from(vm, self, count > 1 ? arguments[1] : VALUE_NULL, arguments + count, keyword_names);
    struct reader_object *reader = dialect == VALUE_NULL ? NULL : GC_NEW(vm, struct reader_object, &csv_reader_type);
    if (!reader)
        return VALUE_NULL;
    reader->lines = lines;
    reader->dialect = dialect;
    reader->fields = NONE;
    return object_value(reader);
}

static void reader_trace(struct vm *vm, struct object *object)
{
    const struct reader_object *reader = (const struct reader_object *)object;
    gc_mark(vm, reader->lines);
    gc_mark(vm, reader->dialect);
    gc_mark(vm, reader->fields);
}

static void reader_release(struct vm *vm, struct object *object)
{
    (void)vm;
    string_builder_free(&((struct reader_object *)object)->field);
}

static value get_dialect(struct vm *vm, value self)
{
    (void)vm;
    return reader_of(self)->dialect;
}

static value get_line_number(struct vm *vm, value self)
{
    (void)vm;
    return small_int(reader_of(self)->line_number);
}

static bool set_readonly(struct vm *vm, value self, value item)
{
    (void)self, (void)item;
    raise_error(vm, &exc_AttributeError, "readonly attribute");
    return false;
}

static const struct property_definition reader_properties[] = {
    {"dialect", get_dialect, set_readonly}, {"line_num", get_line_number, set_readonly}, {0}};

struct type csv_reader_type = {
    .name = "_csv.reader",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct reader_object),
    .doc = "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.\n",
    .properties = reader_properties,
    .trace = reader_trace,
    .release = reader_release,
    .iter = iterator_self,
    .next = reader_next,
};
