/* decode.c - from a code object's marshalled fields to struct code: instructions with their prefixes folded in, arguments
 * checked against the tables they index, source positions, exception ranges. Hostile fields give an error, so that nothing
 * after the decoder has to check an index again. */
#include "frontend/frontend.h"
#include "frontend/unit_read.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Slots are numbered with 16 bits; no program that CPython's compiler makes comes near. */
enum { SLOT_LIMIT = 60000, EXIT_DAMAGED = 2 };

struct decoder {
    const struct unit_context *context;
    struct code *code;
    struct instruction *instructions;
    struct exception_range *handlers;
    uint32_t *unit_instructions; /* per code unit (and one past the end): instruction that begins there, or NO_BLOCK */
    uint32_t *targets;           /* per instruction: jump target in code units, then as an instruction; or NO_BLOCK */
    uint32_t *handler_targets;
    uint32_t *stays;
};

static bool fail(const struct decoder *decoder, const char *what)
{
    const struct unit_context *context = decoder->context;
    const struct code_string *name = &decoder->code->qualified_name;
    return diag_error(context->diag, context->file, 0, 0, "malformed code object at byte %zu (%s): %s", context->offset,
                      name->text ? name->text : "?", what);
}

static bool fail_at(const struct decoder *decoder, uint32_t offset, const char *what)
{
    const struct unit_context *context = decoder->context;
    return diag_error(context->diag, context->file, 0, 0,
                      "malformed code object at byte %zu (%s): bytecode offset %" PRIu32 ": %s", context->offset,
                      decoder->code->qualified_name.text, 2 * offset, what);
}

static struct code_string string_of(const struct constant *constant)
{
    return (struct code_string){constant->text, constant->size};
}

static const struct code_string *strings_of(struct arena *arena, const struct constant *tuple)
{
    struct code_string *strings = ARENA_ROOM(arena, struct code_string, tuple->size);
    for (size_t i = 0; i < tuple->size; i++)
        strings[i] = string_of(&tuple->items[i]);
    return strings;
}

static void fill_fields(struct decoder *decoder, const struct raw_code *raw)
{
    struct code *code = decoder->code;
    struct arena *arena = decoder->context->arena;
    const struct constant *objects = raw->objects;
    code->name = string_of(&objects[FIELD_NAME]);
    code->qualified_name = string_of(&objects[FIELD_QUALIFIED_NAME]);
    code->filename = string_of(&objects[FIELD_FILENAME]);
    code->first_line = raw->numbers[FIELD_FIRST_LINE];
    code->flags = raw->numbers[FIELD_FLAGS];
    code->argument_count = raw->numbers[FIELD_ARGUMENT_COUNT];
    code->positional_only_count = raw->numbers[FIELD_POSITIONAL_ONLY_COUNT];
    code->keyword_only_count = raw->numbers[FIELD_KEYWORD_ONLY_COUNT];
    code->stack_size = raw->numbers[FIELD_STACK_SIZE];
    code->local_count = (uint32_t)objects[FIELD_LOCAL_NAMES].size;
    code->local_names = strings_of(arena, &objects[FIELD_LOCAL_NAMES]);
    code->name_count = (uint32_t)objects[FIELD_NAMES].size;
    code->names = strings_of(arena, &objects[FIELD_NAMES]);
    code->constant_count = (uint32_t)objects[FIELD_CONSTANTS].size;
    code->constants = objects[FIELD_CONSTANTS].items;
    code->bytecode_size = (uint32_t)objects[FIELD_BYTECODE].size;
    code->bytecode = (const uint8_t *)objects[FIELD_BYTECODE].text;
    code->line_table = (const uint8_t *)objects[FIELD_LINE_TABLE].text;
    code->line_table_size = (uint32_t)objects[FIELD_LINE_TABLE].size;
    code->exception_table = (const uint8_t *)objects[FIELD_EXCEPTION_TABLE].text;
    code->exception_table_size = (uint32_t)objects[FIELD_EXCEPTION_TABLE].size;
}

static bool fill_locals(struct decoder *decoder, const struct constant *kinds_field)
{
    struct code *code = decoder->code;
    if (kinds_field->size != code->local_count)
        return fail(decoder, "names and kinds of locals differ in number");
    uint8_t *kinds = arena_room(decoder->context->arena, code->local_count);
    for (uint32_t i = 0; i < code->local_count; i++) {
        kinds[i] = decoder->context->version->local_kind((uint8_t)kinds_field->text[i]);
        if (!kinds[i])
            return fail(decoder, "unknown kind of local");
        if (kinds[i] & LOCAL_FREE)
            code->free_count++;
        else if (code->free_count)
            return fail(decoder, "free variables are not the last locals");
    }
    code->local_kinds = kinds;
    if (code->local_count > SLOT_LIMIT || code->stack_size > SLOT_LIMIT ||
        code->local_count + code->stack_size > SLOT_LIMIT)
        return fail(decoder, "too many locals or operand-stack entries");
    uint64_t arguments = (uint64_t)code->argument_count + code->keyword_only_count +
                         !!(code->flags & CODE_VARARGS) + !!(code->flags & CODE_VARKEYWORDS);
    if (arguments > code->local_count || code->positional_only_count > code->argument_count)
        return fail(decoder, "more arguments than locals");
    for (uint32_t i = 0; i < arguments; i++)
        if (!(kinds[i] & LOCAL_FAST))
            return fail(decoder, "argument that is not a local");
    return true;
}

static bool argument_in_range(const struct decoder *decoder, const struct instruction *instruction)
{
    const struct code *code = decoder->code;
    uint32_t argument = instruction->argument;
    switch ((enum argument_role)instruction->role) {
    case ARGUMENT_LOCAL:
    case ARGUMENT_LOCAL_RESULT:
    case ARGUMENT_LOCAL_INDEX:
        if (argument >= code->local_count)
            return fail_at(decoder, instruction->offset, "local out of range");
        if (strchr("l", op_infos[instruction->op].operands[0]) && instruction->op != OP_unbind &&
            !(code->local_kinds[argument] & (LOCAL_CELL | LOCAL_FREE)))
            return fail_at(decoder, instruction->offset, "cell expected, found a plain local");
        return true;
    case ARGUMENT_CONSTANT:
    case ARGUMENT_CONSTANT_INDEX:
        if (argument >= code->constant_count)
            return fail_at(decoder, instruction->offset, "constant out of range");
        if (instruction->op == OP_kw_names && code->constants[argument].kind != CONSTANT_TUPLE)
            return fail_at(decoder, instruction->offset, "names of keyword arguments are not a tuple");
        return true;
    case ARGUMENT_NAME:
        return argument < code->name_count || fail_at(decoder, instruction->offset, "name out of range");
    case ARGUMENT_COUNT:
        return instruction->op != OP_copy_free_vars || argument == code->free_count ||
               fail_at(decoder, instruction->offset, "wrong number of free variables");
    case ARGUMENT_NONE:
    case ARGUMENT_DEPTH:
    case ARGUMENT_TARGET:
        return true;
    }
    return true;
}

/* Reads the instruction at code unit *unit and moves past it and its caches. */
static bool decode_instruction(struct decoder *decoder, uint32_t *unit, uint32_t unit_count, uint32_t index)
{
    const struct source_version *version = decoder->context->version;
    const uint8_t *bytes = decoder->code->bytecode;
    struct instruction *instruction = &decoder->instructions[index];
    uint32_t raw = 0, prefixes = 0, at = *unit;
    decoder->unit_instructions[at] = index;
    while (at < unit_count && bytes[2 * at] == version->extended_argument) {
        if (++prefixes > 3)
            return fail_at(decoder, at, "more than three argument prefixes");
        raw = (raw | bytes[2 * at + 1]) << 8;
        at++;
    }
    if (at == unit_count)
        return fail_at(decoder, at, "argument prefix without an instruction");
    raw |= bytes[2 * at + 1];
    struct decoded_opcode decoded;
    if (!version->decode(bytes[2 * at], raw, &decoded))
        return fail_at(decoder, at, "no such instruction");
    if (decoded.pops > SLOT_LIMIT || decoded.pushes > SLOT_LIMIT || decoded.stays > SLOT_LIMIT)
        return fail_at(decoder, at, "instruction with too many operands");
    if (decoded.cache_units > unit_count - at - 1)
        return fail_at(decoder, at, "truncated inline cache");
    *instruction = (struct instruction){
        .op = (uint16_t)decoded.op, .role = (uint8_t)decoded.role, .prefixes = (uint8_t)prefixes,
        .source_opcode = bytes[2 * at], .pops = (uint16_t)decoded.pops, .pushes = (uint16_t)decoded.pushes,
        .cache_units = decoded.cache_units, .raw_argument = raw, .argument = decoded.argument, .offset = at,
        .target = NO_BLOCK, .depth = -1};
    decoder->stays[index] = (uint32_t)decoded.stays;
    uint32_t next = at + 1 + decoded.cache_units;
    decoder->targets[index] = NO_BLOCK;
    if (decoded.jump != JUMP_NONE) {
        int64_t target = decoded.jump == JUMP_AHEAD ? (int64_t)next + raw : (int64_t)next - raw;
        if (target < 0 || target >= unit_count)
            return fail_at(decoder, at, "jump out of the code");
        decoder->targets[index] = (uint32_t)target;
    }
    *unit = next;
    return argument_in_range(decoder, instruction);
}

static bool decode_instructions(struct decoder *decoder, uint32_t unit_count)
{
    struct code *code = decoder->code;
    uint32_t count = 0;
    for (uint32_t unit = 0; unit < unit_count; count++)
        if (!decode_instruction(decoder, &unit, unit_count, count))
            return false;
    decoder->unit_instructions[unit_count] = count;
    code->instruction_count = count;
    for (uint32_t i = 0; i < count; i++) {
        if (decoder->targets[i] == NO_BLOCK)
            continue;
        decoder->targets[i] = decoder->unit_instructions[decoder->targets[i]];
        if (decoder->targets[i] == NO_BLOCK)
            return fail_at(decoder, decoder->instructions[i].offset, "jump into the middle of an instruction");
    }
    return true;
}

static bool decode_positions(struct decoder *decoder, uint32_t unit_count)
{
    struct code *code = decoder->code;
    struct source_position *positions = calloc(unit_count, sizeof *positions);
    if (!positions)
        abort();
    bool done = decoder->context->version->decode_lines(code->line_table, code->line_table_size, code->first_line,
                                                        positions, unit_count);
    for (uint32_t i = 0; done && i < code->instruction_count; i++) {
        struct instruction *instruction = &decoder->instructions[i];
        const struct source_position *position = &positions[instruction->offset];
        instruction->line = position->line;
        instruction->end_line = position->end_line;
        instruction->column = position->column;
        instruction->end_column = position->end_column;
    }
    free(positions);
    return done || fail(decoder, "malformed line table");
}

static bool decode_ranges(struct decoder *decoder, uint32_t unit_count)
{
    struct code *code = decoder->code;
    size_t size = code->exception_table_size, capacity = size / 4, offset = 0;
    decoder->handlers = ARENA_ARRAY(decoder->context->arena, struct exception_range, capacity);
    decoder->handler_targets = calloc(capacity + 1, sizeof *decoder->handler_targets);
    if (!decoder->handler_targets)
        abort();
    uint32_t last_end = 0;
    while (offset < size) {
        struct source_range range;
        if (!decoder->context->version->decode_range(code->exception_table, size, &offset, &range))
            return fail(decoder, "malformed exception table");
        if (range.start < last_end || range.end <= range.start || range.end > unit_count ||
            range.target >= unit_count || range.depth + range.push_lasti + 1 > code->stack_size)
            return fail(decoder, "exception table with a range outside the code");
        uint32_t start = decoder->unit_instructions[range.start], end = decoder->unit_instructions[range.end];
        uint32_t target = decoder->unit_instructions[range.target];
        if (start == NO_BLOCK || end == NO_BLOCK || target == NO_BLOCK)
            return fail(decoder, "exception table that points into the middle of an instruction");
        last_end = range.end;
        decoder->handler_targets[code->handler_count] = target;
        decoder->handlers[code->handler_count++] = (struct exception_range){
            .start = start, .end = end, .target = NO_BLOCK, .depth = range.depth, .push_lasti = range.push_lasti};
    }
    code->handlers = decoder->handlers;
    return true;
}

static bool decode_all(struct decoder *decoder, uint32_t unit_count)
{
    struct code *code = decoder->code;
    if (!decode_instructions(decoder, unit_count) || !decode_positions(decoder, unit_count) || !decode_ranges(decoder, unit_count))
        return false;
    code->instructions = arena_copy(decoder->context->arena, decoder->instructions,
                                    code->instruction_count * sizeof *decoder->instructions);
    struct flow_input input = {(struct instruction *)(uintptr_t)code->instructions, decoder->targets,
                               decoder->handlers, decoder->handler_targets, decoder->stays};
    if (!blocks_build(decoder->context, &input, code))
        return false;
    if (decoder->context->splits_lines)
        locals_check_all(input.instructions, code);
    else
        locals_check(input.instructions, code);
    return true;
}

static bool decode_body(struct decoder *decoder)
{
    uint32_t unit_count = decoder->code->bytecode_size / 2;
    decoder->instructions = malloc(unit_count * sizeof *decoder->instructions);
    decoder->unit_instructions = malloc((unit_count + 1) * sizeof *decoder->unit_instructions);
    decoder->targets = malloc(unit_count * sizeof *decoder->targets);
    decoder->stays = malloc(unit_count * sizeof *decoder->stays);
    if (!decoder->instructions || !decoder->unit_instructions || !decoder->targets || !decoder->stays)
        abort();
    memset(decoder->unit_instructions, 0xff, (unit_count + 1) * sizeof *decoder->unit_instructions);
    bool done = decode_all(decoder, unit_count);
    free(decoder->instructions);
    free(decoder->unit_instructions);
    free(decoder->targets);
    free(decoder->handler_targets);
    free(decoder->stays);
    return done;
}

struct undecoded { /* what is needed to go on later */
    const struct source_version *version;
    size_t offset;
};

/* The trusted code turns out to be malformed: somebody damaged the file without changing its header. */
static void decode_later(struct code *code)
{
    const struct undecoded *undecoded = code->undecoded;
    struct diag diag;
    diag_init(&diag);
    struct unit_context context = {.version = undecoded->version, .arena = code->unit->arena, .file = code->filename.text,
                                   .diag = &diag, .offset = undecoded->offset};
    struct decoder decoder = {.context = &context, .code = code};
    code->decode = NULL;
    if (!decode_body(&decoder)) {
        diag_print(&diag, stderr);
        exit(EXIT_DAMAGED);
    }
    diag_free(&diag);
}

bool code_decode(const struct unit_context *context, const struct raw_code *raw, struct code *code)
{
    struct decoder decoder = {.context = context, .code = code};
    fill_fields(&decoder, raw);
    if (!code->bytecode_size || code->bytecode_size % 2)
        return fail(&decoder, "bytecode has an impossible size");
    if (!fill_locals(&decoder, &raw->objects[FIELD_LOCAL_KINDS]))
        return false;
    if (!context->is_trusted)
        return decode_body(&decoder);
    struct undecoded *undecoded = ARENA_NEW(context->arena, struct undecoded);
    *undecoded = (struct undecoded){context->version, context->offset};
    code->undecoded = undecoded;
    code->decode = decode_later;
    return true;
}

const struct code *code_split_at_lines(const struct code *code)
{
    if (!code->unit)
        return NULL;
    struct diag diag;
    diag_init(&diag);
    struct unit_context context = {.version = &cpython311, .arena = code->unit->arena, .file = code->filename.text,
                                   .diag = &diag, .splits_lines = true};
    struct code *split = ARENA_NEW(context.arena, struct code);
    *split = *code;
    split->instruction_count = split->block_count = split->handler_count = 0;
    split->splits_lines = true;
    struct decoder decoder = {.context = &context, .code = split};
    bool done = decode_body(&decoder);
    diag_free(&diag);
    return done ? split : NULL;
}
