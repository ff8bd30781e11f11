/* code_build.c - code objects from their parts: written in CPython's marshal format and read as a compiled file is. Constants
 * that the format has no room for are put in their places afterwards. */
#include "sim/runtime/code_build.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <math.h>

const char *const code_part_names[PART_COUNT] = {
    "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_stacksize", "co_flags", "co_code", "co_consts",
    "co_names", "co_varnames", "co_filename", "co_name", "co_qualname", "co_firstlineno", "co_linetable", "co_exceptiontable",
    "co_freevars", "co_cellvars"};

bool code_parts(struct vm *vm, value code, value parts[PART_COUNT])
{
    for (int i = 0; i < PART_COUNT; i++)
        if ((parts[i] = get_attribute_text(vm, code, code_part_names[i])) == VALUE_NULL)
            return false;
    return true;
}

/* ---- writing ---- */

static void write_number(struct buffer *out, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buffer_add_byte(out, (uint8_t)(number >> 8 * i));
}

static void write_sized(struct buffer *out, uint8_t type, const void *bytes, size_t size)
{
    buffer_add_byte(out, type);
    write_number(out, size, 4);
    buffer_add(out, bytes, size);
}

static void write_constant(struct vm *vm, struct buffer *out, value v)
{
    enum { PLACEHOLDER = '.' };
    size_t size;
    if (v == NONE || v == TRUE || v == FALSE) {
        buffer_add_byte(out, v == NONE ? 'N' : v == TRUE ? 'T' : 'F');
    } else if (is_small_int(v)) {
        buffer_add_byte(out, 'I');
        write_number(out, (uint64_t)small_int_value(v), 8);
    } else if (is_immediate_float(v) || is_exact(v, &float_type)) {
        buffer_add_byte(out, 'g');
        write_number(out, float_bits(float_number(v)), 8);
    } else if (is_exact(v, &string_type) && string_utf8(vm, v, &size)) {
        write_sized(out, 'u', string_utf8(vm, v, &size), size);
    } else if (is_exact(v, &bytes_type)) {
        const struct bytes_object *bytes = (const struct bytes_object *)value_object(v);
        write_sized(out, 's', bytes->data, bytes->length);
    } else if (is_exact(v, &tuple_type)) {
        buffer_add_byte(out, '(');
        write_number(out, tuple_of(v)->length, 4);
        for (size_t i = 0; i < tuple_of(v)->length; i++)
            write_constant(vm, out, tuple_of(v)->items[i]);
    } else {
        buffer_add_byte(out, PLACEHOLDER);
    }
}

static bool tuple_has(value tuple, value name)
{
    for (size_t i = 0; i < tuple_of(tuple)->length; i++)
        if (string_equal(tuple_of(tuple)->items[i], name))
            return true;
    return false;
}

/* Variables, then cells that are no variables, then free variables; and of what kind each is. */
static void write_locals(struct vm *vm, struct buffer *out, const value *parts)
{
    enum { KIND_FAST = 0x20, KIND_CELL = 0x40, KIND_FREE = 0x80 };
    struct buffer kinds = {0}, names = {0};
    const struct tuple_object *variables = tuple_of(parts[PART_VARIABLES]), *cells = tuple_of(parts[PART_CELLS]),
                              *free = tuple_of(parts[PART_FREE]);
    for (size_t i = 0; i < variables->length; i++) {
        write_constant(vm, &names, variables->items[i]);
        buffer_add_byte(&kinds, KIND_FAST | (tuple_has(parts[PART_CELLS], variables->items[i]) ? KIND_CELL : 0));
    }
    for (size_t i = 0; i < cells->length; i++) {
        if (tuple_has(parts[PART_VARIABLES], cells->items[i]))
            continue;
        write_constant(vm, &names, cells->items[i]);
        buffer_add_byte(&kinds, KIND_CELL);
    }
    for (size_t i = 0; i < free->length; i++) {
        write_constant(vm, &names, free->items[i]);
        buffer_add_byte(&kinds, KIND_FREE);
    }
    buffer_add_byte(out, '(');
    write_number(out, kinds.size, 4);
    buffer_add(out, names.bytes, names.size);
    write_sized(out, 's', kinds.bytes, kinds.size);
    buffer_free(&kinds);
    buffer_free(&names);
}

static void write_code(struct vm *vm, struct buffer *out, const value *parts)
{
    static const enum code_part numbers[] = {PART_ARGUMENT_COUNT, PART_POSITIONAL_ONLY, PART_KEYWORD_ONLY, PART_STACK_SIZE,
                                             PART_FLAGS};
    static const enum code_part before[] = {PART_CODE, PART_CONSTANTS, PART_NAMES};
    static const enum code_part after[] = {PART_FILENAME, PART_NAME, PART_QUALIFIED_NAME};
    buffer_add_byte(out, 'c');
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        write_number(out, (uint64_t)small_int_value(parts[numbers[i]]), 4);
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        write_constant(vm, out, parts[before[i]]);
    write_locals(vm, out, parts);
    for (size_t i = 0; i < sizeof after / sizeof after[0]; i++)
        write_constant(vm, out, parts[after[i]]);
    write_number(out, (uint64_t)small_int_value(parts[PART_FIRST_LINE]), 4);
    write_constant(vm, out, parts[PART_LINE_TABLE]);
    write_constant(vm, out, parts[PART_EXCEPTION_TABLE]);
}

/* ---- checking ---- */

static bool check_kinds(struct vm *vm, const value *parts)
{
    static const struct { enum code_part part; struct type *type; } wanted[] = {
        {PART_CODE, &bytes_type},       {PART_CONSTANTS, &tuple_type}, {PART_NAMES, &tuple_type},
        {PART_VARIABLES, &tuple_type},  {PART_FILENAME, &string_type}, {PART_NAME, &string_type},
        {PART_QUALIFIED_NAME, &string_type}, {PART_LINE_TABLE, &bytes_type}, {PART_EXCEPTION_TABLE, &bytes_type},
        {PART_FREE, &tuple_type},       {PART_CELLS, &tuple_type}};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!is_instance(vm, parts[wanted[i].part], wanted[i].type)) {
            raise_error(vm, &exc_TypeError, "replace() argument '%s' must be %s, not %T", code_part_names[wanted[i].part],
                        wanted[i].type->name, parts[wanted[i].part]);
            return false;
        }
    static const enum code_part names[] = {PART_NAMES, PART_VARIABLES, PART_FREE, PART_CELLS};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t j = 0; j < tuple_of(parts[names[i]])->length; j++)
            if (!has_flag(tuple_of(parts[names[i]])->items[j], TYPE_STRING)) {
                raise_error(vm, &exc_TypeError, "name tuples must contain only strings, not '%T'",
                            tuple_of(parts[names[i]])->items[j]);
                return false;
            }
    return true;
}

static bool check_numbers(struct vm *vm, const value *parts)
{
    static const enum code_part numbers[] = {PART_ARGUMENT_COUNT, PART_POSITIONAL_ONLY, PART_KEYWORD_ONLY, PART_LOCAL_COUNT,
                                             PART_STACK_SIZE, PART_FLAGS, PART_FIRST_LINE};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        value v = parts[numbers[i]];
        int64_t number;
        if (!is_int(v)) {
            raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
            return false;
        }
        if (!value_to_int64(vm, v, &number))
            return false;
        if (number < 0 && i < 4) {
            raise_error(vm, &exc_ValueError, "code: %s must not be negative", code_part_names[numbers[i]] + 3);
            return false;
        }
        if (number > INT32_MAX || number < 0 || !is_small_int(v)) {
            raise_error(vm, &exc_OverflowError, "Python int too large to convert to C int");
            return false;
        }
    }
    return true;
}

static bool check_counts(struct vm *vm, const value *parts)
{
    int64_t variables = (int64_t)tuple_of(parts[PART_VARIABLES])->length, flags = small_int_value(parts[PART_FLAGS]);
    int64_t arguments = small_int_value(parts[PART_ARGUMENT_COUNT]) + small_int_value(parts[PART_KEYWORD_ONLY]) +
                        !!(flags & CODE_VARARGS) + !!(flags & CODE_VARKEYWORDS);
    if (variables != small_int_value(parts[PART_LOCAL_COUNT]))
        raise_error(vm, &exc_ValueError, "code: co_nlocals != len(co_varnames)");
    else if (arguments > variables)
        raise_error(vm, &exc_ValueError, "code: co_varnames is too small");
    else if (((const struct bytes_object *)value_object(parts[PART_CODE]))->length % 2)
        raise_error(vm, &exc_ValueError, "code: co_code is malformed");
    else
        return true;
    return false;
}

value code_build(struct vm *vm, const value parts[PART_COUNT])
{
    if (!check_kinds(vm, parts) || !check_numbers(vm, parts) || !check_counts(vm, parts))
        return VALUE_NULL;
    if (!vm->load_marshalled)
        return raise_unsupported(vm, "making code objects");
    struct buffer bytes = {0};
    write_code(vm, &bytes, parts);
    value made;
    WORK_UNTRACKED(vm, made = vm->load_marshalled(vm, bytes.bytes, bytes.size));
    buffer_free(&bytes);
    if (made == VALUE_NULL) {
        exception_clear(vm);
        return raise_unsupported(vm, "a code object whose bytecode cannot be decoded");
    }
    struct code_object *object = (struct code_object *)value_object(made);
    if (!code_object_fill(vm, object))
        return VALUE_NULL;
    object->constants = parts[PART_CONSTANTS];
    object->name = parts[PART_NAME];
    object->qualified_name = parts[PART_QUALIFIED_NAME];
    object->filename = parts[PART_FILENAME];
    return made;
}

/* ---- comparing ---- */

int constants_identical(struct vm *vm, value a, value b)
{
    struct type *type = value_type(vm, a);
    if (a == b)
        return 1;
    if (type != value_type(vm, b))
        return 0;
    if (type == &tuple_type) {
        const struct tuple_object *x = tuple_of(a), *y = tuple_of(b);
        int same = x->length == y->length;
        for (size_t i = 0; same > 0 && i < x->length; i++)
            same = constants_identical(vm, x->items[i], y->items[i]);
        return same;
    }
    if (type == &float_type)
        return float_bits(float_number(a)) == float_bits(float_number(b));
    if (type == &complex_type) {
        const struct complex_object *x = (struct complex_object *)value_object(a);
        const struct complex_object *y = (struct complex_object *)value_object(b);
        return float_bits(x->real) == float_bits(y->real) && float_bits(x->imaginary) == float_bits(y->imaginary);
    }
    if (type == &int_type || type == &string_type || type == &bytes_type || type == &frozenset_type || type == &code_type)
        return values_equal(vm, a, b);
    return 0;
}
