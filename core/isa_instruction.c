/* isa_instruction.c - the entries of `instructions`: operands, patterns, cost. */
#include "core/isa_parts.h"
#include "core/pattern.h"
#include "core/work.h"

#include <stdlib.h>
#include <string.h>

/* A number after the kind's name: imm8, top2. 0 when there is none. */
static int kind_number(const char *digits)
{
    int number = 0;
    for (; *digits >= '0' && *digits <= '9' && number < 1000; digits++)
        number = 10 * number + (*digits - '0');
    return *digits ? -1 : number;
}

static void read_kind(struct spec *spec, struct isa_operand *operand, const struct yaml_node *node)
{
    int kind = 0, number = 0;
    for (; node->kind == YAML_SCALAR && kind < OPERAND_KIND_COUNT; kind++) {
        size_t length = strlen(operand_kind_names[kind]);
        if (strncmp(node->text, operand_kind_names[kind], length) != 0)
            continue;
        number = kind_number(node->text + length);
        bool numbered = kind == OPERAND_IMM || kind == OPERAND_TOP;
        if (!node->text[length] || (numbered && number > 0))
            break;
    }
    if (node->kind != YAML_SCALAR || kind == OPERAND_KIND_COUNT) {
        spec_error(spec, node,
                   "found unknown operand kind %s, expected reg, stack, top, depth, local, const, immN, name, index, "
                   "count, target, forward, backward or window",
                   yaml_describe(spec->arena, node));
        return;
    }
    if (operand->kinds & 1u << kind) {
        spec_error(spec, node, "found kind `%s` twice, expected each once", node->text);
        return;
    }
    if (operand->alternative_count == 4) {
        spec_error(spec, node, "found a fifth kind `%s`, expected at most 4", node->text);
        return;
    }
    if (kind == OPERAND_IMM && (number < 1 || number > 32))
        spec_error(spec, node, "found `%s`, expected imm1 to imm32", node->text);
    if (kind == OPERAND_TOP && number > 16)
        spec_error(spec, node, "found `%s`, expected top to top16", node->text);
    if (kind == OPERAND_IMM)
        operand->imm_bits = (uint8_t)number;
    if (kind == OPERAND_TOP)
        operand->top_depth = (uint8_t)(number ? number : 1);
    operand->kinds |= 1u << kind;
    operand->alternatives[operand->alternative_count++] = (uint8_t)kind;
}

static bool is_operand_name(const char *name)
{
    for (const char *c = name; *c; c++)
        if (!(*c == '_' || (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
              (c > name && *c >= '0' && *c <= '9')))
            return false;
    return *name != 0;
}

static void read_operands(struct spec *spec, struct isa_instruction *instruction, const struct yaml_node *node)
{
    const struct yaml_node *operands = spec_map(spec, node, "operands");
    for (int i = 0; operands && i < operands->count; i++) {
        const struct yaml_node *key = operands->keys[i], *kinds = operands->items[i];
        if (instruction->operand_count == ISA_MAX_OPERANDS) {
            spec_error(spec, key, "found a ninth operand `%s`, expected at most %d", key->text, ISA_MAX_OPERANDS);
            return;
        }
        if (!is_operand_name(key->text))
            spec_error(spec, key, "found operand name `%s`, expected letters, digits and underscores", key->text);
        struct isa_operand *operand = &instruction->operands[instruction->operand_count++];
        *operand = (struct isa_operand){
            .name = key->text, .file = key->file, .line = key->line, .column = key->column};
        if (kinds->kind != YAML_SEQUENCE) {
            read_kind(spec, operand, kinds);
            continue;
        }
        if (!kinds->count)
            spec_error(spec, kinds, "found no kind for operand `%s`, expected at least one", key->text);
        for (int k = 0; k < kinds->count; k++)
            read_kind(spec, operand, kinds->items[k]);
    }
}

static unsigned operands_of_tree(const struct pattern_node *node)
{
    unsigned used = node->kind == PATTERN_VARIABLE ? 1u << node->variable : 0;
    for (int i = 0; i < node->child_count; i++)
        used |= operands_of_tree(node->children[i]);
    return used;
}

/* Every operand is a result everywhere or nowhere, and some pattern uses it. */
static void check_operand_use(struct spec *spec, const struct isa_instruction *instruction)
{
    unsigned results = 0, operands = 0;
    for (int i = 0; i < instruction->pattern_count; i++) {
        const struct pattern *pattern = &instruction->patterns[i];
        operands |= operands_of_tree(pattern->tree);
        for (int k = 0; k < pattern->result_count; k++)
            results |= 1u << pattern->results[k];
    }
    for (int i = 0; i < instruction->operand_count; i++) {
        const struct isa_operand *operand = &instruction->operands[i];
        if (!((results | operands) & 1u << i))
            diag_error(spec->diag, operand->file, operand->line, operand->column,
                       "found operand `%s` that no pattern of %s uses", operand->name, instruction->name);
        if (results & operands & 1u << i)
            diag_error(spec->diag, operand->file, operand->line, operand->column,
                       "found operand `%s` as result in one pattern of %s and as operand in another", operand->name,
                       instruction->name);
    }
}

static void read_patterns(struct spec *spec, struct isa_instruction *instruction, const struct yaml_node *node)
{
    const struct yaml_node *patterns = yaml_get(node, "pattern");
    if (!patterns || (patterns->kind == YAML_SEQUENCE && !patterns->count)) {
        spec_error(spec, patterns ? patterns : node, "found no `pattern` for %s, expected at least one",
                   instruction->name);
        return;
    }
    int count = patterns->kind == YAML_SEQUENCE ? patterns->count : 1;
    if (count > 128) {
        spec_error(spec, patterns, "found %d patterns, expected at most 128", count);
        return;
    }
    bool good = true;
    instruction->patterns = ARENA_ARRAY(spec->arena, struct pattern, count);
    for (int i = 0; i < count; i++)
        good &= pattern_parse(spec, instruction, patterns->kind == YAML_SEQUENCE ? patterns->items[i] : patterns,
                              &instruction->patterns[i]);
    if (!good)
        return;
    instruction->pattern_count = count;
    check_operand_use(spec, instruction);
}

/* `work: cipher_rounds` in place of patterns: what native code does of it, it does with this instruction. */
static void read_work(struct spec *spec, struct isa_instruction *instruction, const struct yaml_node *node)
{
    const struct yaml_node *work = yaml_get(node, "work");
    if (work->kind == YAML_SCALAR && strcmp(work->text, work_names[WORK_cipher_rounds]) == 0)
        instruction->work = WORK_cipher_rounds;
    else
        spec_error(spec, work, "found %s for `work`, expected %s", yaml_describe(spec->arena, work),
                   work_names[WORK_cipher_rounds]);
    if (yaml_get(node, "pattern") || instruction->operand_count)
        spec_error(spec, work, "found `work` and a pattern or operands for %s, expected one of them", instruction->name);
}

static void read_choice(struct spec *spec, const struct isa *isa, struct isa_instruction *instruction,
                        const struct yaml_node *node)
{
    const struct yaml_node *choice = yaml_get(node, "choice"), *arguments = yaml_get(node, "arguments");
    instruction->choice = isa->encoding == ENCODING_FIELDS ? CHOICE_FIELD : CHOICE_FIRST;
    if ((choice || arguments) && isa->encoding == ENCODING_FIELDS)
        spec_error(spec, choice ? choice : arguments, "found `%s`, expected it only with `style: argument`",
                   choice ? "choice" : "arguments");
    if (choice) {
        spec_word(spec, node, "choice", "argument", 0);
        instruction->choice = CHOICE_ARGUMENT;
    }
    if (!arguments)
        return;
    instruction->choice = CHOICE_FIXED;
    if (choice)
        spec_error(spec, arguments, "found `arguments` and `choice`, expected one of them");
    if (arguments->kind != YAML_SEQUENCE || arguments->count > ISA_MAX_FIXED || !arguments->count) {
        spec_error(spec, arguments, "found %s for `arguments`, expected a sequence of 1 to %d numbers",
                   yaml_describe(spec->arena, arguments), ISA_MAX_FIXED);
        return;
    }
    if (instruction->pattern_count && arguments->count != instruction->pattern_count - 1)
        spec_error(spec, arguments, "found %d numbers for %d patterns, expected one for each but the last",
                   arguments->count, instruction->pattern_count);
    for (int i = 0; i < arguments->count; i++) {
        int64_t number = 0;
        if (!yaml_integer(arguments->items[i], 0, 255, &number))
            spec_error(spec, arguments->items[i], "found %s, expected a number from 0 to 255",
                       yaml_describe(spec->arena, arguments->items[i]));
        instruction->fixed_arguments[instruction->fixed_count++] = (uint32_t)number;
    }
}

/* The category of an instruction that names none: that of the op it ends with. */
static int default_category(const struct isa_instruction *instruction)
{
    if (!instruction->pattern_count)
        return instruction->work >= 0 ? CATEGORY_ACCELERATOR : CATEGORY_OTHER;
    const struct pattern_node *tree = instruction->patterns[0].tree;
    enum op op = tree->op;
    if (tree->kind == PATTERN_CALL || (op >= OP_call && op <= OP_make_function))
        return CATEGORY_CALLS;
    if (op == OP_get_iter || op == OP_for_iter)
        return CATEGORY_ITERATION;
    if (op_infos[op].flags & OP_TERMINATOR)
        return CATEGORY_CONTROL_FLOW;
    if (op <= OP_kw_names)
        return CATEGORY_STACK_MOVE;
    if (op <= OP_setup_annotations)
        return CATEGORY_LOAD_STORE;
    if (op <= OP_invert)
        return CATEGORY_ARITHMETIC;
    if (op <= OP_not_in)
        return CATEGORY_COMPARE;
    if (op <= OP_delete_attr)
        return CATEGORY_LOAD_STORE;
    return op <= OP_get_len ? CATEGORY_CONTAINERS : CATEGORY_OTHER;
}

/* `units: {mul: mac}`: the unit of patterns whose outermost op has one of its own. */
static void read_units(struct spec *spec, const struct isa *isa, struct isa_instruction *instruction,
                       const struct yaml_node *node)
{
    for (int i = 0; i < instruction->pattern_count; i++)
        instruction->patterns[i].unit = instruction->unit;
    const struct yaml_node *units = spec_map(spec, node, "units");
    for (int i = 0; units && i < units->count; i++) {
        const char *name = units->keys[i]->text;
        enum op op = op_by_name(name, strlen(name));
        bool used = false;
        int unit = isa_read_unit(spec, isa, units, name);
        for (int k = 0; k < instruction->pattern_count; k++) {
            if (instruction->patterns[k].tree->op != op || op == OP_COUNT)
                continue;
            instruction->patterns[k].unit = unit;
            used = true;
        }
        if (!used && instruction->pattern_count)
            spec_error(spec, units->keys[i], "found `%s` in `units`, expected the outermost op of a pattern of %s",
                       name, instruction->name);
    }
}

static void read_instruction(struct spec *spec, struct isa *isa, const struct yaml_node *key,
                             const struct yaml_node *node)
{
    struct isa_instruction *instruction = &isa->instructions[isa->instruction_count++];
    instruction->name = key->text;
    instruction->file = key->file;
    instruction->line = key->line;
    instruction->column = key->column;
    instruction->twin = -1;
    instruction->latency = -1;
    instruction->work = -1;
    instruction->arrays = -1;
    if (!spec_keys(spec, node, arena_printf(spec->arena, "instruction %s", key->text),
                   "text pattern work operands opcode cache choice arguments twin arrays unit units latency category"))
        return;
    instruction->text = spec_text(spec, node, "text");
    read_operands(spec, instruction, node);
    if (yaml_get(node, "work"))
        read_work(spec, instruction, node);
    else
        read_patterns(spec, instruction, node);
    read_choice(spec, isa, instruction, node);
    instruction->opcode = (uint32_t)spec_integer(spec, node, "opcode", 0, (1 << isa->opcode_bits) - 1, 0);
    instruction->cache_units = (uint8_t)spec_integer(spec, node, "cache", 0, 64, 0);
    if (instruction->cache_units && isa->encoding == ENCODING_FIELDS)
        spec_error(spec, yaml_get(node, "cache"), "found `cache`, expected it only with `style: argument`");
    instruction->unit = isa_read_unit(spec, isa, node, "unit");
    read_units(spec, isa, instruction, node);
    instruction->latency = spec_integer(spec, node, "latency", 0, 1000000, -1);
    instruction->category = isa_read_category(spec, node, "category", default_category(instruction));
}

/* `arrays: VEC_MAP`: an instruction of unit `vector`; one that a spec has switched off changes nothing. */
static void read_array_forms(struct spec *spec, struct isa *isa, const struct yaml_node *all)
{
    for (int i = 0; i < isa->instruction_count; i++) {
        const char *name = spec_text(spec, all->items[i], "arrays");
        const struct isa_instruction *form = name ? isa_instruction_by_name(isa, name) : NULL;
        bool is_known = form && form->unit >= 0 && form->unit < isa->machine->unit_count;
        if (is_known && strcmp(isa->machine->units[form->unit].name, "vector") != 0)
            spec_error(spec, yaml_get(all->items[i], "arrays"), "found `%s`, expected an instruction of unit vector", name);
        else if (form)
            isa->instructions[i].arrays = (int)(form - isa->instructions);
    }
}

static void read_twins(struct spec *spec, struct isa *isa, const struct yaml_node *all)
{
    for (int i = 0; i < isa->instruction_count; i++) {
        const char *name = spec_text(spec, all->items[i], "twin");
        const struct isa_instruction *twin = name ? isa_instruction_by_name(isa, name) : NULL;
        if (name && (!twin || twin == &isa->instructions[i]))
            spec_error(spec, yaml_get(all->items[i], "twin"), "found twin `%s`, expected another instruction", name);
        else if (twin)
            isa->instructions[i].twin = (int)(twin - isa->instructions);
    }
}

void isa_read_instructions(struct spec *spec, struct isa *isa, const struct yaml_node *root)
{
    const struct yaml_node *all = spec_map(spec, root, "instructions");
    if (!all || !all->count) {
        spec_error(spec, root, "found no `instructions`, expected a map of them");
        return;
    }
    if (all->count > 4096) {
        spec_error(spec, all, "found %d instructions, expected at most 4096", all->count);
        return;
    }
    isa->instructions = ARENA_ARRAY(spec->arena, struct isa_instruction, all->count);
    for (int i = 0; i < all->count; i++)
        read_instruction(spec, isa, all->keys[i], all->items[i]);
    read_twins(spec, isa, all);
    read_array_forms(spec, isa, all);
}
