/* code.c - code objects: constants as values, names interned, and the co_ attributes. */
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

static struct code_object *code_of(value v) { return (struct code_object *)value_object(v); }
static value text_value(struct vm *vm, struct code_string s) { return intern(vm, string_from_utf8(vm, s.text, s.size)); }

static value constant_value(struct vm *vm, const struct constant *constant);

static value constant_items(struct vm *vm, const struct constant *constant)
{
    value tuple = tuple_new(vm, constant->size);
    for (size_t i = 0; tuple != VALUE_NULL && i < constant->size; i++) {
        value item = constant_value(vm, &constant->items[i]);
        if (item == VALUE_NULL)
            return VALUE_NULL;
        tuple_of(tuple)->items[i] = item;
    }
    return tuple;
}

static value constant_value(struct vm *vm, const struct constant *constant)
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
    case CONSTANT_STRING: {
        value string = string_from_utf8(vm, constant->text, constant->size);
        return string != VALUE_NULL && constant->interned ? intern(vm, string) : string;
    }
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

static value code_object_make(struct vm *vm, const struct code *code)
{
    struct code_object *object = GC_NEW(vm, struct code_object, &code_type);
    if (!object)
        return VALUE_NULL;
    object->code = code;
    object->names = names_tuple(vm, code->names, code->name_count);
    object->local_names = names_tuple(vm, code->local_names, code->local_count);
    object->name = text_value(vm, code->name);
    object->qualified_name = text_value(vm, code->qualified_name);
    object->filename = text_value(vm, code->filename);
    object->constants = VALUE_NULL;
    value constants = tuple_new(vm, code->constant_count);
    for (uint32_t i = 0; constants != VALUE_NULL && i < code->constant_count; i++) {
        value item = constant_value(vm, &code->constants[i]);
        if (item == VALUE_NULL)
            return VALUE_NULL;
        tuple_of(constants)->items[i] = item;
    }
    object->constants = constants;
    return constants == VALUE_NULL || object->names == VALUE_NULL || object->local_names == VALUE_NULL
               ? VALUE_NULL : object_value(object);
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
#define VALUE(name, field) static value get_##name(struct vm *vm, value a) { (void)vm; return code_of(a)->field; }
VALUE(names, names)
VALUE(constants, constants)
VALUE(name, name)
VALUE(qualified_name, qualified_name)
VALUE(filename, filename)
#undef VALUE

static value locals_of_kind(struct vm *vm, value a, unsigned kind)
{
    const struct code *code = code_of(a)->code;
    value list = list_new(vm, 0);
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

static const struct property_definition code_properties[] = {
    {"co_argcount", get_argument_count, NULL}, {"co_posonlyargcount", get_positional_only, NULL},
    {"co_kwonlyargcount", get_keyword_only, NULL}, {"co_stacksize", get_stack_size, NULL}, {"co_flags", get_flags, NULL},
    {"co_firstlineno", get_first_line, NULL}, {"co_names", get_names, NULL}, {"co_consts", get_constants, NULL},
    {"co_name", get_name, NULL}, {"co_qualname", get_qualified_name, NULL}, {"co_filename", get_filename, NULL},
    {"co_varnames", get_variables, NULL}, {"co_cellvars", get_cells, NULL}, {"co_freevars", get_free, NULL},
    {"co_nlocals", get_local_count, NULL}, {"co_code", get_bytecode, NULL}, {"co_linetable", get_line_table, NULL},
    {"co_exceptiontable", get_exception_table, NULL}, {NULL, NULL, NULL}};

static value position_or_none(int32_t n) { return n < 0 ? NONE : small_int(n); }

/* One entry a code unit, caches and EXTENDED_ARG included, as CPython gives them. */
static value code_positions(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct code *code = code_of(self)->code;
    value list = list_new(vm, 0);
    for (uint32_t i = 0; list != VALUE_NULL && i < code->instruction_count; i++) {
        const struct instruction *in = &code->instructions[i];
        value entry = tuple_pack(vm, 4, position_or_none(in->line), position_or_none(in->end_line),
                                 position_or_none(in->column), position_or_none(in->end_column));
        for (uint32_t unit = 0; unit < 1u + in->prefixes + in->cache_units; unit++)
            if (!list_append(vm, list_of(list), entry))
                return VALUE_NULL;
    }
    return list == VALUE_NULL ? VALUE_NULL : get_iterator(vm, list);
}

static value code_lines(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    const struct code *code = code_of(self)->code;
    value list = list_new(vm, 0);
    for (uint32_t i = 0; list != VALUE_NULL && i < code->instruction_count;) {
        int32_t line = code->instructions[i].line;
        uint32_t start = (code->instructions[i].offset - code->instructions[i].prefixes) * 2;
        while (i < code->instruction_count && code->instructions[i].line == line)
            i++;
        uint32_t end = i < code->instruction_count ? (code->instructions[i].offset - code->instructions[i].prefixes) * 2
                                                   : code->bytecode_size;
        if (!list_append(vm, list_of(list), tuple_pack(vm, 3, small_int(start), small_int(end), position_or_none(line))))
            return VALUE_NULL;
    }
    return list == VALUE_NULL ? VALUE_NULL : get_iterator(vm, list);
}

static value code_replace(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count;
    if (!keyword_count(keyword_names))
        return self;
    struct code_object *from = code_of(self), *copy = GC_NEW(vm, struct code_object, &code_type);
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
        value name = tuple_of(keyword_names)->items[i], item = arguments[count + i];
        if (string_is(name, "co_name"))
            copy->name = item;
        else if (string_is(name, "co_qualname"))
            copy->qualified_name = item;
        else if (string_is(name, "co_filename"))
            copy->filename = item;
        else if (string_is(name, "co_flags") && is_small_int(item))
            code->flags = (uint32_t)small_int_value(item);
        else if (string_is(name, "co_firstlineno") && is_small_int(item))
            code->first_line = (uint32_t)small_int_value(item);
        else
            return raise_unsupported(vm, "code.replace of anything but names, flags and the first line");
    }
    return object_value(copy);
}

static const struct method_definition code_methods[] = {
    {"co_positions", "()", code_positions, METHOD_INSTANCE, NULL}, {"co_lines", "()", code_lines, METHOD_INSTANCE, NULL},
    {"replace", NULL, code_replace, METHOD_INSTANCE, "Return a copy of the code object with new values for the specified fields."},
    {NULL, NULL, NULL, 0, NULL}};

struct type code_type = {.name = "code",
                         .instance_size = sizeof(struct code_object),
                         .trace = code_trace,
                         .methods = code_methods,
                         .properties = code_properties,
                         .repr = code_repr};
