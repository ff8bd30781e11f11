/* verify.c - checks a translated function from the outside, by decoding its bytes again.
 * Checked: every placed instruction decodes to itself and the bytes are exactly theirs; blocks cover the
 * instructions in order; operand kinds are among those the spec allows and their slots are inside the frame;
 * jump targets are blocks; the depth of the machine's operand stack agrees at every edge and is never
 * negative. */
#include "translator/translator.h"

#include <string.h>

struct verifier {
    const struct machine_function *function;
    const struct isa *isa;
    const char *error;
};

#define FAIL(...) (v->error = arena_printf(v->function->arena, __VA_ARGS__), false)

static bool is_pair_or_window(const struct pattern *pattern, int operand, const char *letters, bool result,
                              char wanted)
{
    if (result)
        return pattern->result_count && pattern->results[0] == operand && letters[0] == wanted;
    const struct pattern_node *node = pattern_window_node(pattern);
    if (node->kind != PATTERN_OP)
        return false;
    for (int i = 0; i < node->child_count; i++)
        if (node->children[i]->kind == PATTERN_VARIABLE && node->children[i]->variable == operand)
            return letters[i] == wanted;
    return false;
}

/* The count that goes with a window: the op's n operand. */
static int count_operand(const struct machine_instruction *instruction, const struct pattern *pattern)
{
    const struct pattern_node *node = pattern_window_node(pattern);
    if (node->kind != PATTERN_OP)
        return 0;
    const char *letters = op_infos[node->op].operands;
    for (int i = 0; i < node->child_count; i++)
        if (letters[i] == 'n' && node->children[i]->kind == PATTERN_VARIABLE)
            return instruction->operands[node->children[i]->variable].value;
    return 0;
}

/* Entries the instruction takes from and puts on the machine's operand stack. */
static void stack_effect(const struct verifier *v, const struct machine_instruction *instruction, int *pops,
                         int *pushes)
{
    const struct isa_instruction *isa_instruction = &v->isa->instructions[instruction->instruction];
    const struct pattern *pattern = &isa_instruction->patterns[instruction->pattern];
    enum op op = pattern->tree->kind == PATTERN_OP ? pattern_window_node(pattern)->op : OP_call;
    int count = count_operand(instruction, pattern);
    *pops = *pushes = 0;
    for (int i = 0; i < isa_instruction->operand_count; i++) {
        if (instruction->operands[i].kind != OPERAND_STACK || !(pattern->used & 1u << i))
            continue;
        bool result = isa_instruction->operands[i].is_result, used = false;
        for (int k = 0; k < pattern->result_count; k++)
            used |= pattern->results[k] == i;
        if (result && used)
            *pushes += is_pair_or_window(pattern, i, op_infos[op].results, true, 'p')
                           ? op_window_size(op, count)
                           : 1;
        else if (!result && is_pair_or_window(pattern, i, op_infos[op].operands, false, 'w'))
            *pops += op == OP_reraise ? 1 : op_window_size(op, count);
        else if (!result &&
                 !(op == OP_format_value && !(count & 4) && pattern->tree->children[1]->variable == i))
            ++*pops;
    }
}

static bool verify_operands(struct verifier *v, const struct machine_instruction *instruction, uint32_t at)
{
    const struct isa_instruction *isa_instruction = &v->isa->instructions[instruction->instruction];
    for (int i = 0; i < isa_instruction->operand_count; i++) {
        const struct machine_operand *operand = &instruction->operands[i];
        int32_t limit = -1;
        if (!(isa_instruction->operands[i].kinds >> operand->kind & 1))
            return FAIL("instruction %u: %s: operand %d of kind %s", at, isa_instruction->name, i,
                        operand_kind_names[operand->kind]);
        if (operand->kind == OPERAND_REG)
            limit = v->function->register_slots;
        else if (operand->kind == OPERAND_CONST)
            limit = (int32_t)v->function->code->constant_count;
        else if (operand->kind == OPERAND_NAME)
            limit = (int32_t)v->function->code->name_count;
        else if (operand->kind == OPERAND_WINDOW)
            limit = v->function->slot_count;
        if (limit >= 0 && (operand->value < 0 || operand->value >= limit) && operand->value != 0)
            return FAIL("instruction %u: %s: operand %d is %d of %d", at, isa_instruction->name, i,
                        operand->value, limit);
    }
    return true;
}

static bool decode_at(struct verifier *v, uint32_t at, struct machine_instruction *instruction)
{
    const struct machine_function *function = v->function;
    uint32_t address = function->instructions[at].address;
    uint32_t end = at + 1 < function->instruction_count ? function->instructions[at + 1].address
                                                        : (uint32_t)function->bytes.size;
    int size = encoding_decode(v->isa, (const uint8_t *)function->bytes.bytes + address,
                               function->bytes.size - address, instruction);
    if (size <= 0 || address + (uint32_t)size != end)
        return FAIL("instruction %u at %u decodes to %d bytes, %u were placed", at, address, size,
                    end - address);
    if (instruction->instruction != function->instructions[at].instruction)
        return FAIL("instruction %u at %u decodes to %s, %s was placed", at, address,
                    v->isa->instructions[instruction->instruction].name,
                    v->isa->instructions[function->instructions[at].instruction].name);
    return verify_operands(v, instruction, at);
}

/* Several blocks may start at one address when some are empty: the source tells which one is meant. */
static const struct machine_block *block_at(const struct machine_function *function, uint32_t source,
                                            uint32_t address)
{
    uint32_t low = 0, high = function->block_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (function->blocks[middle].source < source)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < function->block_count && function->blocks[low].source == source;
    return found && function->blocks[low].address == address ? &function->blocks[low] : NULL;
}

/* An op whose jump leaves another depth than going on does. */
static int taken_adjustment(const struct machine_instruction *instruction, const struct isa *isa)
{
    const struct isa_instruction *isa_instruction = &isa->instructions[instruction->instruction];
    const struct pattern_node *tree = isa_instruction->patterns[instruction->pattern].tree;
    if (tree->kind != PATTERN_OP)
        return 0;
    const struct isa_operand *result =
        &isa_instruction->operands[isa_instruction->patterns[instruction->pattern].results[0]];
    int first =
        tree->child_count && tree->children[0]->kind == PATTERN_VARIABLE ? tree->children[0]->variable : -1;
    bool on_stack = first >= 0 && (instruction->operands[first].kind == OPERAND_TOP ||
                                   instruction->operands[first].kind == OPERAND_STACK);
    bool result_on_stack = instruction->operands[result - isa_instruction->operands].kind == OPERAND_STACK;
    if (tree->op == OP_for_iter)
        return -(on_stack ? 1 : 0) - (result_on_stack ? 1 : 0);
    if (tree->op == OP_send)
        return on_stack ? -1 : 0;
    if (tree->op == OP_jump_if_true_keep || tree->op == OP_jump_if_false_keep)
        return on_stack ? 1 : 0;
    return 0;
}

static bool verify_target(struct verifier *v, const struct machine_instruction *instruction, uint32_t at,
                          int depth)
{
    const struct isa_instruction *isa_instruction = &v->isa->instructions[instruction->instruction];
    for (int i = 0; i < isa_instruction->operand_count; i++) {
        int kind = instruction->operands[i].kind;
        if (kind != OPERAND_TARGET && kind != OPERAND_FORWARD && kind != OPERAND_BACKWARD)
            continue;
        uint32_t target = v->function->code->instructions[v->function->instructions[at].source].target;
        int32_t scale = v->isa->encoding == ENCODING_ARGUMENT ? 2 : 1;
        int32_t end = (int32_t)v->function->instructions[at].address + instruction->size_bytes;
        const struct machine_block *block =
            block_at(v->function, target, (uint32_t)(end + scale * instruction->operands[i].value));
        if (!block)
            return FAIL("instruction %u: %s jumps to %d, where no block starts", at, isa_instruction->name,
                        end + scale * instruction->operands[i].value);
        int expected = depth + taken_adjustment(instruction, v->isa);
        if (block->entry_depth != expected)
            return FAIL("instruction %u: %s leaves depth %d, block %u expects %u", at, isa_instruction->name,
                        expected, block->source, block->entry_depth);
    }
    return true;
}

static bool verify_block(struct verifier *v, uint32_t index)
{
    const struct machine_block *block = &v->function->blocks[index];
    const struct block *source = &v->function->code->blocks[block->source];
    int depth = block->entry_depth;
    for (uint32_t i = block->first; i < block->first + block->count; i++) {
        struct machine_instruction instruction;
        int pops, pushes;
        if (!decode_at(v, i, &instruction))
            return false;
        if (source->entry_depth < 0)
            continue;
        stack_effect(v, &instruction, &pops, &pushes);
        if (pops > depth)
            return FAIL("instruction %u: %s pops %d of %d entries", i,
                        v->isa->instructions[instruction.instruction].name, pops, depth);
        depth += pushes - pops;
        if (v->function->stack_base + depth > v->function->slot_count)
            return FAIL("instruction %u: operand stack of %d entries leaves the frame", i, depth);
        if (!verify_target(v, &instruction, i, depth))
            return false;
    }
    if (source->entry_depth >= 0 && source->fallthrough != NO_BLOCK && index + 1 < v->function->block_count &&
        v->function->blocks[index + 1].source == source->fallthrough &&
        v->function->blocks[index + 1].entry_depth != depth)
        return FAIL("block %u ends with depth %d, block %u expects %u", block->source, depth,
                    source->fallthrough, v->function->blocks[index + 1].entry_depth);
    return true;
}

const char *verify(const struct machine_function *function)
{
    struct verifier verifier = {function, function->isa, NULL}, *v = &verifier;
    uint32_t next = 0;
    for (uint32_t b = 0; b < function->block_count; b++) {
        if (function->blocks[b].first != next) {
            v->error = arena_printf(function->arena, "block %u starts with instruction %u, not %u", b,
                                    function->blocks[b].first, next);
            return v->error;
        }
        next += function->blocks[b].count;
        if (!verify_block(v, b))
            return v->error;
    }
    return NULL;
}
