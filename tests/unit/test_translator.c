/* test_translator.c - the translator on whole files, under the shipped ISAs: baseline code is CPython's byte
 * for byte, every translated function passes `verify`, and optimised blocks do what the lifted ones do.
 *
 * The last is checked by executing each block twice with symbols for values: each op that may raise or has an
 * effect is an event; both executions must give the same events in the same order and leave the same symbols
 * behind. */
#include "frontend/frontend.h"
#include "translator/translator.h"

#include <CUnit/Basic.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif
#ifndef SHARED_DIR
#define SHARED_DIR "../shared"
#endif

extern char **environ;

enum { MAX_EVENTS = 100000, SYMBOL_NULL = 1, PLACES = 4096 };

typedef uint64_t symbol;

struct execution {
    struct ir *ir;
    bool allocated; /* entries are found in their slots, not by position */
    symbol locals[PLACES], entries[PLACES];
    symbol *events;
    uint32_t event_count;
};

static symbol mix(symbol a, symbol b)
{
    a = (a ^ b) * 0x9e3779b97f4a7c15u;
    return (a ^ a >> 29) * 0xbf58476d1ce4e5b9u + 7;
}

static symbol local_start(int32_t local)
{
    return mix(11, (symbol)local);
}
static symbol entry_start(int32_t position)
{
    return mix(12, (symbol)position);
}

static symbol *entry_place(struct execution *e, int32_t position, int32_t web)
{
    if (!e->allocated)
        return &e->entries[position];
    return &e->entries[web_rank(e->ir, web) + (web_stacked(e->ir, web) ? PLACES / 2 : 0)];
}

static symbol read_value(struct execution *e, struct ir_value value)
{
    switch ((enum ir_value_kind)value.kind) {
    case VALUE_ENTRY:
        return *entry_place(e, value.index, value.web);
    case VALUE_LOCAL:
        return e->locals[value.index];
    case VALUE_CONSTANT:
        return mix(13, (symbol)value.index);
    case VALUE_NULL:
        return SYMBOL_NULL;
    case VALUE_NUMBER:
        return mix(14, (symbol)value.index);
    case VALUE_BLOCK:
        return mix(15, (symbol)value.index);
    case VALUE_NONE:
        break;
    }
    return 2;
}

static void write_value(struct execution *e, struct ir_value value, symbol written)
{
    if (value.kind == VALUE_LOCAL)
        e->locals[value.index] = written;
    else
        *entry_place(e, value.index, value.web) = written;
}

/* What the op is, without what the optimiser may specialise. */
static enum op general_op(enum op op)
{
    if (op == OP_call_function)
        return OP_call;
    if (op == OP_load_global_null)
        return OP_load_global;
    if (op == OP_unpack_2 || op == OP_unpack_3)
        return OP_unpack;
    if (op == OP_jump_if_true_keep)
        return OP_jump_if_true;
    return op == OP_jump_if_false_keep ? OP_jump_if_false : op;
}

static symbol hash_operands(struct execution *e, const struct ir_op *op)
{
    symbol hash = mix(16, (symbol)general_op(op->op));
    int operands = op->operand_count - (op->op == OP_unpack && op->result_count == 1 && op->pair_size < 4);
    for (int i = 0; i < (op->op == OP_unpack ? 1 : operands); i++) {
        if (op_infos[op->op].operands[i] != 'w') {
            hash = mix(hash, read_value(e, op->operands[i]));
            continue;
        }
        for (int k = 0; k < op->window_size; k++) {
            symbol member = *entry_place(e, op->operands[i].index + k, op->window_webs[k]);
            bool null = k == 0 && (op->op == OP_call_function || op->op == OP_call_ex);
            hash = mix(hash, null ? SYMBOL_NULL : member);
        }
    }
    return hash;
}

static void execute_results(struct execution *e, const struct ir_op *op, symbol hash)
{
    const char *letters = op_infos[op->op].results;
    symbol written[3];
    for (int i = 0; i < op->result_count; i++) {
        written[i] = mix(hash, 100 + (symbol)i);
        for (int k = 0; k < op->pair_size && letters[i] == 'p'; k++) {
            symbol item = mix(hash, 100 + (symbol)(op->op == OP_unpack ? op->pair_size - 1 - k : k));
            if (op->op == OP_load_global_null)
                item = k ? mix(hash, 100) : SYMBOL_NULL;
            *entry_place(e, op->results[0].index + k, op->pair_webs[k]) = item;
        }
    }
    for (int i = 0; i < op->result_count; i++)
        if (letters[i] != 'p')
            write_value(e, op->results[i], written[i]);
}

static void execute_swap(struct execution *e, const struct ir_op *op)
{
    symbol first = read_value(e, op->operands[0]), second = read_value(e, op->operands[1]);
    write_value(e, op->operands[0], second);
    write_value(e, op->operands[1], first);
}

static void execute_op(struct execution *e, const struct ir_op *op)
{
    switch ((int)op->op) {
    case OP_nop:
    case OP_resume:
    case OP_precall:
    case OP_drop:
        return;
    case OP_swap:
        execute_swap(e, op);
        return;
    case OP_push_null:
        write_value(e, op->results[0], SYMBOL_NULL);
        return;
    case OP_move:
        write_value(e, op->results[0], read_value(e, op->operands[0]));
        return;
    default:
        break;
    }
    symbol hash = hash_operands(e, op);
    if (!(op_infos[op->op].flags & OP_QUIET) || (op_infos[op->op].flags & OP_TERMINATOR)) {
        e->events[e->event_count % MAX_EVENTS] = hash;
        hash = mix(hash, ++e->event_count);
    }
    if (op->op == OP_unbind || op->op == OP_make_cell)
        e->locals[op->operands[0].index] = mix(hash, 17);
    execute_results(e, op, hash);
}

static void execute_block(struct execution *e, uint32_t index)
{
    const struct ir_block *block = &e->ir->blocks[index];
    e->event_count = 0;
    memset(e->entries, 0, sizeof e->entries);
    for (uint32_t i = 0; i < e->ir->code->local_count && i < PLACES; i++)
        e->locals[i] = local_start((int32_t)i);
    for (int32_t i = 0; i < block->entry_depth + 1; i++)
        if (i < block->entry_depth)
            *entry_place(e, i, block->entry_webs[i]) = block->entry_nulls[i] ? SYMBOL_NULL : entry_start(i);
    const struct ir_block *from =
        block->discovered_from == NO_BLOCK ? NULL : &e->ir->blocks[block->discovered_from];
    const struct ir_op *last = from && from->op_count ? &from->ops[from->op_count - 1] : NULL;
    if (last && last->op == OP_send && e->ir->code->blocks[block->discovered_from].target == index)
        write_value(e, last->results[0], entry_start(block->entry_depth));
    if (e->allocated && block->predecessor_count == 1 && last && (op_infos[last->op].flags & OP_TERMINATOR) &&
        last->result_count && last->results[0].kind == VALUE_LOCAL &&
        e->ir->code->blocks[block->discovered_from].fallthrough ==
            index) /* the store went into the terminator */
        e->locals[last->results[0].index] = entry_start(block->entry_depth - 1);
    for (uint32_t i = 0; i < block->op_count; i++)
        execute_op(e, &block->ops[i]);
}

static const char *compare_blocks(struct execution *plain, struct execution *better, uint32_t index)
{
    const struct ir_block *block = &better->ir->blocks[index];
    execute_block(plain, index);
    execute_block(better, index);
    if (plain->event_count != better->event_count)
        return "other number of events";
    for (uint32_t i = 0; i < plain->event_count && i < MAX_EVENTS; i++)
        if (plain->events[i] != better->events[i])
            return "other event";
    const struct ir_op *last = block->op_count ? &block->ops[block->op_count - 1] : NULL;
    int32_t moved = last && (op_infos[last->op].flags & OP_TERMINATOR) && last->result_count &&
                            last->results[0].kind == VALUE_LOCAL
                        ? last->results[0].index
                        : -1;
    for (int32_t i = 0; i < (int32_t)better->ir->code->local_count && i < PLACES; i++)
        if (i != moved && plain->locals[i] != better->locals[i])
            return better->ir->code->local_names[i].text;
    for (int32_t i = 0; i < block->exit_depth - (moved >= 0); i++) {
        symbol expected = *entry_place(plain, i, block->exit_webs[i]);
        if (expected != SYMBOL_NULL && expected != *entry_place(better, i, block->exit_webs[i]))
            return "other stack entry";
    }
    return NULL;
}

/* NULL, or what is wrong with the optimised code. */
static const char *check_optimised(const struct code *code, const struct isa *isa)
{
    static struct execution plain, better;
    static symbol events[2][MAX_EVENTS];
    const char *error = NULL;
    plain.ir = lift(code, isa);
    better.ir = lift(code, isa);
    plain.events = events[0];
    better.events = events[1];
    better.allocated = true;
    optimise(better.ir);
    allocate(better.ir);
    for (uint32_t i = 0; i < code->block_count && !error; i++)
        if (better.ir->blocks[i].entry_depth >= 0)
            error = compare_blocks(&plain, &better, i);
    arena_free(plain.ir->arena);
    arena_free(better.ir->arena);
    return error;
}

static struct isa *load(const char *name)
{
    char path[512];
    struct diag diag;
    diag_init(&diag);
    snprintf(path, sizeof path, "%s/isa-specs/%s.yaml", SOURCE_DIR, name);
    struct isa *isa = isa_load(path, NULL, &diag);
    diag_print(&diag, stdout);
    diag_free(&diag);
    return isa;
}

static unsigned check_unit(const struct code_unit *unit, const struct isa *isa)
{
    unsigned faults = 0;
    for (uint32_t i = 0; i < unit->code_count; i++) {
        const struct code *code = unit->codes[i];
        struct machine_function *function = translate(code, isa);
        const char *error = verify(function);
        if (!error && isa->register_count == 0 &&
            (function->bytes.size != code->bytecode_size ||
             memcmp(function->bytes.bytes, code->bytecode, code->bytecode_size) != 0))
            error = "other bytes than CPython's";
        if (!error && isa->register_count)
            error = check_optimised(code, isa);
        if (error && faults++ < 10)
            printf("\n%s: %s: %s: %s", isa->name, code->filename.text, code->qualified_name.text, error);
        machine_function_free(function);
    }
    return faults;
}

static void check_folder(struct frontend *frontend, const struct isa *isa, const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *item;
    while (folder && (item = readdir(folder))) {
        char name[1024];
        size_t length = strlen(item->d_name);
        if (length < 4 || strcmp(item->d_name + length - 3, ".py") != 0)
            continue;
        snprintf(name, sizeof name, "%s/%s", path, item->d_name);
        struct diag diag;
        diag_init(&diag);
        struct code_unit *unit = frontend_load_script(frontend, name, &diag);
        CU_ASSERT_PTR_NOT_NULL(unit);
        diag_print(&diag, stdout);
        diag_free(&diag);
        if (!unit)
            continue;
        CU_ASSERT_EQUAL(check_unit(unit, isa), 0);
        code_unit_free(unit);
    }
    if (folder)
        closedir(folder);
}

static void check_isa(const char *name)
{
    struct frontend_options options = {.environment = environ};
    struct frontend *frontend = frontend_new(&options);
    struct isa *isa = load(name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(isa);
    check_folder(frontend, isa, SOURCE_DIR "/workloads");
    check_folder(frontend, isa, SOURCE_DIR "/tests/diff/programs");
    check_folder(frontend, isa, SHARED_DIR "/bench");
    isa_free(isa);
    frontend_free(frontend);
}

static void test_stack(void)
{
    check_isa("stack");
}
static void test_register(void)
{
    check_isa("register");
}
static void test_hybrid(void)
{
    check_isa("hybrid");
}

/* Executed often or not, these shapes have to come out as so many instructions. */
static void test_counts(void)
{
    static const struct {
        const char *source, *isa;
        uint32_t instructions;
    } cases[] = {
        {"def f(a, b):\n    c = a + b\n    return c\n", "register", 2},
        {"def f(a, b):\n    return a * b + 1\n", "register", 3},
        {"def f(a, b):\n    return a * b + 1\n", "hybrid", 2},
        {"def f(a, b):\n    a, b = b, a\n    return a\n", "register", 4},
        {"def f(a, i):\n    a[i] += 1\n", "register", 4},
        {"import math\ndef f(x):\n    return 1.0 / (1.0 + math.exp(-x))\n", "hybrid", 2},
    };
    struct frontend_options options = {.environment = environ};
    struct frontend *frontend = frontend_new(&options);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct diag diag;
        diag_init(&diag);
        struct compile_request request = {
            .source = cases[i].source, .size = strlen(cases[i].source), .filename = "case"};
        struct isa *isa = load(cases[i].isa);
        struct code_unit *unit = frontend_compile_source(frontend, &request, NULL, &diag);
        CU_ASSERT_FATAL(unit && isa);
        struct machine_function *function = translate(unit->codes[1], isa);
        CU_ASSERT_EQUAL(function->instruction_count, cases[i].instructions);
        if (function->instruction_count != cases[i].instructions)
            printf("\n%s: %u instructions, expected %u:\n%s", cases[i].isa, function->instruction_count,
                   cases[i].instructions, cases[i].source);
        machine_function_free(function);
        code_unit_free(unit);
        isa_free(isa);
        diag_free(&diag);
    }
    frontend_free(frontend);
}

int main(void)
{
    static CU_TestInfo tests[] = {
        {"stack", test_stack},   {"register", test_register}, {"hybrid", test_hybrid},
        {"counts", test_counts}, CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"translator", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS)
        return 1;
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
