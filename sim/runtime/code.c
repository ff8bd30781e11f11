/* code.c - code objects: constants as values, names interned, and the co_ attributes. */
#include "sim/runtime/code_build.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

static struct code_object *code_of(value v) { return (struct code_object *)value_object(v); }
static value text_value(struct vm *vm, struct code_string s) { return intern_utf8(vm, s.text, s.size); }

static value constant_items(struct vm *vm, const struct constant *constant)
{
    value tuple = tuple_new(vm, constant->size);
    for (size_t i = 0; tuple != VALUE_NULL && i < constant->size; i++) {
        value item = value_of_constant(vm, &constant->items[i]);
        if (item == VALUE_NULL)
            return VALUE_NULL;
        tuple_of(tuple)->items[i] = item;
    }
    return tuple;
}

value value_of_constant(struct vm *vm, const struct constant *constant)
{
    switch (constant->kind) {
    case CONSTANT_NONE: return NONE;
    case CONSTANT_TRUE: return TRUE;
    case CONSTANT_FALSE: return FALSE;
    case CONSTANT_ELLIPSIS: return object_value(&ellipsis_object);
    case CONSTANT_INT: return int_from_int64(vm, constant->integer);
    case CONSTANT_BIG_INT: return int_from_hex(vm, constant->text);
    case CONSTANT_FLOAT: return float_value(vm, constant->real);
    case CONSTANT_COMPLEX: return complex_value(vm, constant->real, constant->imaginary);
    case CONSTANT_STRING:
        return (constant->interned ? intern_utf8 : string_from_utf8)(vm, constant->text, constant->size);
    case CONSTANT_BYTES: return bytes_from(vm, constant->text, constant->size);
    case CONSTANT_TUPLE: return constant_items(vm, constant);
    case CONSTANT_FROZENSET: {
        value items = constant_items(vm, constant), set = items == VALUE_NULL ? VALUE_NULL : set_new(vm, &frozenset_type);
        return set == VALUE_NULL || !set_update(vm, set, items) ? VALUE_NULL : set;
    }
    case CONSTANT_CODE: return code_object_from(vm, constant->code);
    }
    return raise_error(vm, &exc_SystemError, "bad constant");
}

static value names_tuple(struct vm *vm, const struct code_string *names, uint32_t count)
{
    value tuple = tuple_new(vm, count);
    for (uint32_t i = 0; tuple != VALUE_NULL && i < count; i++)
        tuple_of(tuple)->items[i] = text_value(vm, names[i]);
    return tuple;
}

/* Texts met before in the unit: a name used by many functions stands in its marshalled bytes once. */
struct texts_seen {
    const char *texts[1024];
};

static bool intern_names(struct vm *vm, const struct code_string *names, uint32_t count, struct texts_seen *seen)
{
    for (uint32_t i = 0; i < count; i++) {
        const char **place = &seen->texts[((uintptr_t)names[i].text >> 2) % (sizeof seen->texts / sizeof *seen->texts)];
        if (*place == names[i].text)
            continue;
        *place = names[i].text;
        if (text_value(vm, names[i]) == VALUE_NULL)
            return false;
    }
    return true;
}

/* All names of a unit come into being with its first code object: what the program allocates when it names something itself
 * must not depend on which functions have been executed. */
static bool intern_unit(struct vm *vm, const struct code_unit *unit)
{
    struct texts_seen seen = {{NULL}};
    bool done = true;
    for (uint32_t i = 0; done && i < unit->code_count; i++)
        done = intern_names(vm, unit->codes[i]->names, unit->codes[i]->name_count, &seen) &&
               intern_names(vm, unit->codes[i]->local_names, unit->codes[i]->local_count, &seen);
    return done;
}

static value code_object_make(struct vm *vm, const struct code *code)
{
    if (code->unit && code == code->unit->module && !intern_unit(vm, code->unit))
        return VALUE_NULL;
    struct code_object *object = GC_NEW(vm, struct code_object, &code_type);
    if (!object)
        return VALUE_NULL;
    object->code = code;
    object->names = object->local_names = object->constants = VALUE_NULL;
    object->name = text_value(vm, code->name);
    object->qualified_name = text_value(vm, code->qualified_name);
    object->filename = text_value(vm, code->filename);
    return object_value(object);
}

static bool fill(struct vm *vm, struct code_object *object)
{
    const struct code *code = object->code;
    value names = names_tuple(vm, code->names, code->name_count);
    value local_names = names_tuple(vm, code->local_names, code->local_count), constants = tuple_new(vm, code->constant_count);
    for (uint32_t i = 0; constants != VALUE_NULL && i < code->constant_count; i++) {
        value item = value_of_constant(vm, &code->constants[i]);
        if (item == VALUE_NULL)
            return false;
        tuple_of(constants)->items[i] = item;
    }
    if (constants == VALUE_NULL || names == VALUE_NULL || local_names == VALUE_NULL)
        return false;
    object->names = names;
    object->local_names = local_names;
    object->constants = constants;
    return true;
}

bool code_object_fill(struct vm *vm, struct code_object *object)
{
    bool done = object->constants != VALUE_NULL;
    if (!done)
        WORK_UNTRACKED(vm, done = fill(vm, object));
    return done;
}

value code_object_from(struct vm *vm, const struct code *code)
{
    value object;
    WORK_UNTRACKED(vm, object = code_object_make(vm, code));
    return object;
}

static void code_trace(struct vm *vm, struct object *object)
{
    struct code_object *c = (struct code_object *)object;
    const value held[] = {c->names, c->local_names, c->constants, c->name, c->qualified_name, c->filename};
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
}

static value code_repr(struct vm *vm, value a)
{
    return string_printf(vm, "<code object %U at 0x%lx, file \"%U\", line %u>", code_of(a)->name,
                         (unsigned long)object_identity(vm, a), code_of(a)->filename, code_of(a)->code->first_line);
}

#define NUMBER(name, field) \
    static value get_##name(struct vm *vm, value a) { (void)vm; return small_int(code_of(a)->code->field); }
NUMBER(argument_count, argument_count)
NUMBER(positional_only, positional_only_count)
NUMBER(keyword_only, keyword_only_count)
NUMBER(stack_size, stack_size)
NUMBER(flags, flags)
NUMBER(first_line, first_line)
#undef NUMBER
static value get_names(struct vm *vm, value a) { return code_object_fill(vm, code_of(a)) ? code_of(a)->names : VALUE_NULL; }
static value get_constants(struct vm *vm, value a) { return code_object_fill(vm, code_of(a)) ? code_of(a)->constants : VALUE_NULL; }
#define VALUE(name, field) static value get_##name(struct vm *vm, value a) { (void)vm; return code_of(a)->field; }
VALUE(name, name)
VALUE(qualified_name, qualified_name)
VALUE(filename, filename)
#undef VALUE

static value locals_of_kind(struct vm *vm, value a, unsigned kind)
{
    const struct code *code = code_of(a)->code;
    value list = code_object_fill(vm, code_of(a)) ? list_new(vm, 0) : VALUE_NULL;
    for (uint32_t i = 0; list != VALUE_NULL && i < code->local_count; i++)
        if (code->local_kinds[i] & kind)
            list_append(vm, list_of(list), tuple_of(code_of(a)->local_names)->items[i]);
    return list == VALUE_NULL ? VALUE_NULL : tuple_from(vm, list_of(list)->items, list_of(list)->length);
}
static value get_variables(struct vm *vm, value a) { return locals_of_kind(vm, a, LOCAL_FAST); }
static value get_cells(struct vm *vm, value a) { return locals_of_kind(vm, a, LOCAL_CELL); }
static value get_free(struct vm *vm, value a) { return locals_of_kind(vm, a, LOCAL_FREE); }
static value get_local_count(struct vm *vm, value a)
{
    value names = get_variables(vm, a);
    return names == VALUE_NULL ? VALUE_NULL : small_int((int64_t)tuple_of(names)->length);
}
static value get_bytecode(struct vm *vm, value a)
{
    return bytes_from(vm, code_of(a)->code->bytecode, code_of(a)->code->bytecode_size);
}
static value get_line_table(struct vm *vm, value a)
{
    return bytes_from(vm, code_of(a)->code->line_table, code_of(a)->code->line_table_size);
}
static value get_exception_table(struct vm *vm, value a)
{
    return bytes_from(vm, code_of(a)->code->exception_table, code_of(a)->code->exception_table_size);
}

static value get_line_numbers(struct vm *vm, value a);

static const struct property_definition code_properties[] = {
    {"co_lnotab", get_line_numbers, NULL},
    {"co_argcount", get_argument_count, refuse_member}, {"co_posonlyargcount", get_positional_only, refuse_member},
    {"co_kwonlyargcount", get_keyword_only, refuse_member}, {"co_stacksize", get_stack_size, refuse_member}, {"co_flags", get_flags, refuse_member},
    {"co_firstlineno", get_first_line, refuse_member}, {"co_names", get_names, refuse_member}, {"co_consts", get_constants, refuse_member},
    {"co_name", get_name, refuse_member}, {"co_qualname", get_qualified_name, refuse_member}, {"co_filename", get_filename, refuse_member},
    {"co_varnames", get_variables, NULL}, {"co_cellvars", get_cells, NULL}, {"co_freevars", get_free, NULL},
    {"co_nlocals", get_local_count, NULL}, {"co_code", get_bytecode, NULL}, {"_co_code_adaptive", get_bytecode, NULL}, {"co_linetable", get_line_table, refuse_member},
    {"co_exceptiontable", get_exception_table, refuse_member}, {NULL, NULL, NULL}};

static value position_or_none(int32_t n) { return n < 0 ? NONE : small_int(n); }

/* One entry a code unit, caches and EXTENDED_ARG included, as CPython gives them. */
static value code_positions(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct code *code = code_of(self)->code;
    value list = list_new(vm, 0);
    code_ready(code);
    for (uint32_t i = 0; list != VALUE_NULL && code->line_table_size && i < code->instruction_count; i++) {
        const struct instruction *in = &code->instructions[i];
        value entry = tuple_pack(vm, 4, position_or_none(in->line), position_or_none(in->end_line),
                                 position_or_none(in->column), position_or_none(in->end_column));
        for (uint32_t unit = 0; unit < 1u + in->prefixes + in->cache_units; unit++)
            if (!list_append(vm, list_of(list), entry))
                return VALUE_NULL;
    }
    return list == VALUE_NULL ? VALUE_NULL : get_iterator(vm, list);
}

/* ---- the line table, entry by entry: how many code units, and which line, as Objects/locations.md of CPython describes ---- */

struct line_cursor {
    const uint8_t *at, *end;
    uint32_t start, stop; /* of the entry, in bytes of code */
    int32_t computed;     /* line reached so far; entries without a line leave it */
    bool has_line;
};

static uint32_t read_varint(struct line_cursor *cursor)
{
    uint32_t number = 0;
    for (int shift = 0; cursor->at < cursor->end; shift += 6) {
        uint8_t byte = *cursor->at++;
        number |= (uint32_t)(byte & 63) << shift;
        if (!(byte & 64))
            break;
    }
    return number;
}

static int32_t read_signed_varint(struct line_cursor *cursor)
{
    uint32_t number = read_varint(cursor);
    return number & 1 ? -(int32_t)(number >> 1) : (int32_t)(number >> 1);
}

static struct line_cursor line_cursor_start(const struct code *code)
{
    return (struct line_cursor){.at = code->line_table, .end = code->line_table + code->line_table_size,
                                .computed = (int32_t)code->first_line};
}

static bool line_cursor_next(struct line_cursor *cursor)
{
    enum { KIND_ONE_LINE = 10, KIND_NO_COLUMNS = 13, KIND_LONG = 14, KIND_NONE = 15 };
    if (cursor->at >= cursor->end)
        return false;
    uint8_t first = *cursor->at++;
    unsigned kind = first >> 3 & 15;
    cursor->start = cursor->stop;
    cursor->stop += ((first & 7u) + 1) * 2;
    cursor->has_line = kind != KIND_NONE;
    if (kind >= KIND_ONE_LINE && kind < KIND_NO_COLUMNS)
        cursor->computed += (int32_t)kind - KIND_ONE_LINE;
    else if (kind == KIND_NO_COLUMNS || kind == KIND_LONG)
        cursor->computed += read_signed_varint(cursor);
    while (cursor->at < cursor->end && !(*cursor->at & 0x80)) /* columns */
        cursor->at++;
    return true;
}

static value code_lines(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value list = list_new(vm, 0);
    for (struct line_cursor cursor = line_cursor_start(code_of(self)->code); list != VALUE_NULL && line_cursor_next(&cursor);) {
        value line = cursor.has_line ? small_int(cursor.computed) : NONE;
        if (!list_append(vm, list_of(list), tuple_pack(vm, 3, small_int(cursor.start), small_int(cursor.stop), line)))
            return VALUE_NULL;
    }
    return list == VALUE_NULL ? VALUE_NULL : get_iterator(vm, list);
}

static bool renames_only(value name)
{
    return string_is(name, "co_name") || string_is(name, "co_qualname") || string_is(name, "co_filename") ||
           string_is(name, "co_flags");
}

/* A copy that shares everything but names and flags. */
static value code_rename(struct vm *vm, struct code_object *from, const value *items, value keyword_names)
{
    struct code_object *copy = code_object_fill(vm, from) ? GC_NEW(vm, struct code_object, &code_type) : NULL;
    if (!copy)
        return VALUE_NULL;
    const struct object head = copy->head;
    *copy = *from;
    copy->head = head;
    copy->state = NULL;
    struct code *code = malloc(sizeof *code); /* lives as long as the program */
    if (!code)
        return raise_no_memory(vm);
    *code = *from->code;
    copy->code = code;
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        value name = tuple_of(keyword_names)->items[i];
        if (string_is(name, "co_name"))
            copy->name = items[i];
        else if (string_is(name, "co_qualname"))
            copy->qualified_name = items[i];
        else if (string_is(name, "co_filename"))
            copy->filename = items[i];
        else
            code->flags = (uint32_t)small_int_value(items[i]);
    }
    return object_value(copy);
}

static value code_replace(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (count)
        return raise_error(vm, &exc_TypeError, "replace() takes no positional arguments");
    const value *items = arguments + count;
    value parts[PART_COUNT];
    bool brief = true;
    if (!code_parts(vm, self, parts))
        return VALUE_NULL;
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        value name = tuple_of(keyword_names)->items[i];
        int part = 0;
        while (part < PART_COUNT && !string_is(name, code_part_names[part]))
            part++;
        if (part == PART_COUNT)
            return raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for replace()", name);
        if ((part <= PART_FLAGS || part == PART_FIRST_LINE) && is_small_int(items[i]) && small_int_value(items[i]) < 0)
            return raise_error(vm, &exc_ValueError, "%U must be a positive integer", name);
        parts[part] = items[i];
        brief &= renames_only(name) && (part == PART_FLAGS ? is_small_int(items[i]) : has_flag(items[i], TYPE_STRING));
    }
    return brief ? code_rename(vm, code_of(self), items, keyword_names) : code_build(vm, parts);
}

/* types.CodeType(...) */
static value code_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    if (!check_positional(vm, "code", count, keyword_names, PART_FREE, PART_COUNT))
        return VALUE_NULL;
    value parts[PART_COUNT];
    for (size_t i = 0; i < PART_COUNT; i++)
        parts[i] = i < count ? arguments[i] : vm->empty_tuple;
    return code_build(vm, parts);
}

static value code_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(b, &code_type))
        return vm->not_implemented;
    int same = a == b;
    if (!same) {
        value x[PART_COUNT], y[PART_COUNT];
        if (!code_parts(vm, a, x) || !code_parts(vm, b, y))
            return VALUE_NULL;
        same = 1;
        for (int i = 0; same > 0 && i < PART_COUNT; i++)
            if (i != PART_FILENAME && i != PART_QUALIFIED_NAME && i != PART_STACK_SIZE)
                same = constants_identical(vm, x[i], y[i]);
        if (same < 0)
            return VALUE_NULL;
    }
    return bool_value(same == (kind == COMPARE_EQ));
}

static bool code_hash(struct vm *vm, value a, int64_t *hash)
{
    const struct code *code = code_of(a)->code;
    if (!code_object_fill(vm, code_of(a)))
        return false;
    const value held[] = {code_of(a)->name, code_of(a)->names, code_of(a)->local_names};
    uint64_t sum = (uint64_t)code->argument_count ^ (uint64_t)code->positional_only_count << 8 ^
                   (uint64_t)code->keyword_only_count << 16 ^ (uint64_t)code->flags << 24 ^ (uint64_t)code->first_line << 32 ^
                   (uint64_t)hash_bytes(code->bytecode, code->bytecode_size);
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++) {
        int64_t part;
        if (!value_hash(vm, held[i], &part))
            return false;
        sum = sum * 1000003u ^ (uint64_t)part;
    }
    *hash = (int64_t)sum == -1 ? -2 : (int64_t)sum;
    return true;
}

/* co_lnotab: pairs of bytes, code and line increments. */
static value get_line_numbers(struct vm *vm, value a)
{
    const struct code *code = code_of(a)->code;
    struct buffer out = {0};
    int32_t line = (int32_t)code->first_line;
    uint32_t offset = 0;
    for (struct line_cursor cursor = line_cursor_start(code); line_cursor_next(&cursor);) {
        if (cursor.computed == line)
            continue;
        uint32_t distance = cursor.start - offset;
        int32_t difference = cursor.computed - line;
        for (; distance > 255; distance -= 255)
            buffer_add(&out, "\xff\0", 2);
        for (; difference > 127; difference -= 127, distance = 0) {
            buffer_add_byte(&out, (uint8_t)distance);
            buffer_add_byte(&out, 127);
        }
        for (; difference < -128; difference += 128, distance = 0) {
            buffer_add_byte(&out, (uint8_t)distance);
            buffer_add_byte(&out, 0x80);
        }
        buffer_add_byte(&out, (uint8_t)distance);
        buffer_add_byte(&out, (uint8_t)difference);
        line = cursor.computed;
        offset = cursor.start;
    }
    value result = bytes_from(vm, out.bytes ? out.bytes : "", out.size);
    buffer_free(&out);
    return result;
}

/* For dis: the variable that a local's or cell's instruction names. */
static value code_variable_name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int64_t index;
    if (!value_to_index(vm, arguments[0], &index))
        return VALUE_NULL;
    if (index < 0 || index >= (int64_t)code_of(self)->code->local_count)
        return raise_error(vm, &exc_IndexError, "tuple index out of range");
    if (!code_object_fill(vm, code_of(self)))
        return VALUE_NULL;
    return tuple_of(code_of(self)->local_names)->items[index];
}

static const struct method_definition code_methods[] = {
    {"_varname_from_oparg", "(oparg)", code_variable_name, METHOD_INSTANCE, NULL},
    {"co_positions", "()", code_positions, METHOD_INSTANCE, NULL}, {"co_lines", "()", code_lines, METHOD_INSTANCE, NULL},
    {"replace", NULL, code_replace, METHOD_INSTANCE, "Return a copy of the code object with new values for the specified fields."},
    {NULL, NULL, NULL, 0, NULL}};

struct type code_type = {.name = "code",
                         .instance_size = sizeof(struct code_object),
                         .trace = code_trace,
                         .methods = code_methods,
                         .properties = code_properties,
                         .new = code_new,
                         .compare = code_compare,
                         .hash = code_hash,
                         .repr = code_repr};
