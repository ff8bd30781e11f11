/* code_view.c - see code_view.h. */
#include "reports/code_view.h"

#include "sim/timing/byte_stream.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_BYTES = 8 };

struct code_view *code_view_new(const char *isa)
{
    struct arena *arena = arena_new();
    struct code_view *view = ARENA_NEW(arena, struct code_view);
    *view = (struct code_view){.arena = arena, .isa = arena_copy(arena, isa, strlen(isa))};
    return view;
}

void code_view_free(struct code_view *view)
{
    if (view)
        arena_free(view->arena);
}

static struct code_view_function *new_function(struct code_view *view)
{
    if (view->function_count == view->function_capacity) {
        view->function_capacity = view->function_capacity ? 2 * view->function_capacity : 32;
        struct code_view_function *grown = ARENA_ARRAY(view->arena, struct code_view_function, view->function_capacity);
        if (view->function_count)
            memcpy(grown, view->functions, view->function_count * sizeof *grown);
        view->functions = grown;
    }
    return &view->functions[view->function_count++];
}

/* The text that was put together in `scratch`, which is empty afterwards. */
static const char *keep(struct code_view *view, struct buffer *scratch)
{
    const char *text = arena_copy(view->arena, scratch->bytes ? scratch->bytes : "", scratch->size);
    scratch->size = 0;
    return text;
}

static void add_bytecode(struct code_view *view, struct code_view_function *to, const struct listing_function *from)
{
    const struct code *code = from->code;
    struct buffer scratch = {0};
    uint64_t *executions = listing_bytecode_executions(code, from->profile);
    int32_t line = -1;
    to->bytecode_count = code->instruction_count;
    to->bytecode = ARENA_ARRAY(view->arena, struct code_view_bytecode, code->instruction_count);
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        if (code->instructions[i].line >= 0)
            line = code->instructions[i].line;
        from->bytecode(from->context, code, i, &scratch);
        to->bytecode[i] = (struct code_view_bytecode){.offset = 2 * code->instructions[i].offset, .line = line,
                                                      .executed = executions[i], .text = keep(view, &scratch)};
    }
    free(executions);
    buffer_free(&scratch);
}

static void add_machine(struct code_view *view, struct code_view_function *to, const struct listing_function *from)
{
    const struct machine_function *machine = from->machine;
    struct buffer scratch = {0};
    to->machine_count = machine->instruction_count;
    to->machine = ARENA_ARRAY(view->arena, struct code_view_machine, machine->instruction_count);
    for (uint32_t i = 0; i < machine->instruction_count; i++) {
        const struct placed_instruction *placed = &machine->instructions[i];
        const uint8_t *bytes = (const uint8_t *)machine->bytes.bytes + placed->address;
        struct code_view_machine *row = &to->machine[i];
        struct machine_instruction decoded = {0};
        int size = encoding_decode(machine->isa, bytes, machine->bytes.size - placed->address, &decoded);
        *row = (struct code_view_machine){.first = placed->source_first, .bytecode = placed->source,
                                          .address = placed->address, .size = size > 0 ? (uint32_t)size : 0};
        for (uint32_t k = 0; k < row->size && k < SHOWN_BYTES; k++)
            buffer_printf(&scratch, "%02x", bytes[k]);
        if (row->size > SHOWN_BYTES)
            buffer_add_byte(&scratch, '+');
        row->encoding = keep(view, &scratch);
        if (size > 0)
            encoding_disassemble(machine->isa, &decoded, from->code, &scratch);
        row->text = keep(view, &scratch);
        if (from->rows) {
            row->executed = from->rows->executed[i];
            row->instructions = listing_row_instructions(machine, from->rows, i);
            row->cycles = from->rows->cycles[i];
        }
    }
    buffer_free(&scratch);
}

void code_view_add_function(struct code_view *view, const struct listing_function *function, bool is_script)
{
    const struct code *code = function->code;
    struct code_view_function *to = new_function(view);
    *to = (struct code_view_function){
        .file = arena_copy(view->arena, code->filename.text, strlen(code->filename.text)),
        .name = arena_copy(view->arena, code->qualified_name.text, strlen(code->qualified_name.text)),
        .line = code->first_line, .is_script = is_script};
    if (function->counts) {
        to->instructions = function->counts->instructions;
        to->cycles = function->counts->cycles;
    }
    to->elsewhere = function->rows ? function->rows->elsewhere : 0;
    add_bytecode(view, to, function);
    add_machine(view, to, function);
}

static void walk_function(struct byte_stream *stream, struct code_view_function *function)
{
    walk_text(stream, &function->file);
    walk_text(stream, &function->name);
    walk_bytes(stream, &function->line, sizeof function->line);
    walk_bytes(stream, &function->is_script, sizeof function->is_script);
    walk_bytes(stream, &function->instructions, sizeof function->instructions);
    walk_bytes(stream, &function->cycles, sizeof function->cycles);
    walk_bytes(stream, &function->elsewhere, sizeof function->elsewhere);
    function->bytecode = walk_list(stream, function->bytecode, &function->bytecode_count, sizeof *function->bytecode);
    for (uint32_t i = 0; i < function->bytecode_count; i++) {
        struct code_view_bytecode row = function->bytecode[i]; /* written: as it is */
        walk_bytes(stream, &row, offsetof(struct code_view_bytecode, text));
        walk_text(stream, &row.text);
        function->bytecode[i] = row;
    }
    function->machine = walk_list(stream, function->machine, &function->machine_count, sizeof *function->machine);
    for (uint32_t i = 0; i < function->machine_count; i++) {
        struct code_view_machine row = function->machine[i];
        walk_bytes(stream, &row.first, sizeof row.first);
        walk_bytes(stream, &row.bytecode, sizeof row.bytecode);
        walk_bytes(stream, &row.address, sizeof row.address);
        walk_bytes(stream, &row.size, sizeof row.size);
        walk_text(stream, &row.encoding);
        walk_text(stream, &row.text);
        walk_bytes(stream, &row.executed, sizeof row.executed);
        walk_bytes(stream, &row.instructions, sizeof row.instructions);
        walk_bytes(stream, &row.cycles, sizeof row.cycles);
        function->machine[i] = row;
    }
}

static void walk_view(struct byte_stream *stream, struct code_view *view)
{
    walk_text(stream, &view->isa);
    walk_bytes(stream, &view->left_out, sizeof view->left_out);
    view->functions = walk_list(stream, view->functions, &view->function_count, sizeof *view->functions);
    for (uint32_t i = 0; i < view->function_count; i++)
        walk_function(stream, &view->functions[i]);
}

void code_view_write(const struct code_view *view, struct buffer *bytes)
{
    struct code_view copy = *view; /* the walk changes nothing when it writes */
    walk_view(&(struct byte_stream){.out = bytes}, &copy);
}

struct code_view *code_view_read(const char *bytes, size_t size)
{
    struct arena *arena = arena_new();
    struct byte_stream stream = {.in = bytes, .left = size, .arena = arena};
    struct code_view *view = ARENA_NEW(arena, struct code_view);
    walk_view(&stream, view);
    view->arena = arena;
    if (!stream.failed && !stream.left && view->isa)
        return view;
    arena_free(arena);
    return NULL;
}
