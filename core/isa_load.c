/* isa_load.c - an ISA spec (docs/isa-language.md) as struct isa: the keys of the top level, and the order of the steps. */
#include "core/isa_parts.h"
#include "core/machine_load.h"

#include <string.h>
#include <unistd.h>

#define CATEGORY_WORDS \
    "load/store|stack/move|arithmetic|compare|control flow|calls|containers|iteration|accelerator|other"

const char *const operand_kind_names[OPERAND_KIND_COUNT] = {
    "reg",  "stack", "top",   "depth",  "local",   "const",    "imm",
    "name", "index", "count", "target", "forward", "backward", "window",
};

const char *const category_names[CATEGORY_COUNT] = {
    "load/store", "stack/move", "arithmetic", "compare",     "control flow",
    "calls",      "containers", "iteration",  "accelerator", "other",
};

bool operand_kind_is_implicit(enum operand_kind kind)
{
    return kind == OPERAND_STACK || kind == OPERAND_TOP;
}

int isa_read_unit(struct spec *spec, const struct isa *isa, const struct yaml_node *map, const char *key)
{
    const char *name = spec_text(spec, map, key);
    if (!name) {
        if (!yaml_get(map, key))
            spec_error(spec, map, "found no `%s`, expected the unit that executes this", key);
        return -1;
    }
    int unit = machine_unit_index(isa->machine, name);
    if (unit < 0 && isa->machine->unit_count)
        spec_error(spec, yaml_get(map, key), "found unknown unit `%s`, expected one that machine `%s` has", name,
                   isa->machine->name);
    return unit;
}

int isa_read_category(struct spec *spec, const struct yaml_node *map, const char *key, int otherwise)
{
    return spec_word(spec, map, key, CATEGORY_WORDS, otherwise);
}

static void read_optimise(struct spec *spec, struct isa *isa, const struct yaml_node *root)
{
    const struct yaml_node *list = yaml_get(root, "optimise");
    if (!list)
        return;
    if (list->kind != YAML_SEQUENCE) {
        spec_error(spec, list, "found %s for `optimise`, expected a sequence", yaml_describe(spec->arena, list));
        return;
    }
    for (int i = 0; i < list->count; i++) {
        const struct yaml_node *node = list->items[i];
        int bit = node->kind == YAML_SCALAR ? spec_word_index("copies constants dead_stores quiet", node->text)
                                            : -1;
        if (bit < 0)
            spec_error(spec, node,
                       "found unknown optimisation %s, expected copies, constants, dead_stores or quiet",
                       yaml_describe(spec->arena, node));
        else
            isa->optimise |= 1u << bit;
    }
}

static void read_stack(struct spec *spec, struct isa *isa, const struct yaml_node *root)
{
    const struct yaml_node *part = spec_map(spec, root, "stack");
    if (!part || !spec_keys(spec, part, "`stack`", "cached_entries"))
        return;
    const struct yaml_node *entries = yaml_get(part, "cached_entries");
    if (entries && entries->kind == YAML_SCALAR && strcmp(entries->text, "all") == 0)
        isa->stack_cached_entries = -1;
    else
        isa->stack_cached_entries = spec_integer(spec, part, "cached_entries", 0, 4096, 0);
}

static void read_storage(struct spec *spec, struct isa *isa, const struct yaml_node *root)
{
    const struct yaml_node *part = spec_map(spec, root, "registers");
    if (part && spec_keys(spec, part, "`registers`", "count scratch")) {
        isa->register_count = spec_integer(spec, part, "count", 0, 4096, 0);
        isa->scratch_registers = spec_integer(spec, part, "scratch", 0, 16, 0);
        if (isa->scratch_registers >= isa->register_count && isa->register_count)
            spec_error(spec, part, "found %d scratch registers, expected fewer than the %d registers",
                       isa->scratch_registers, isa->register_count);
    }
    isa->windows_on_stack = spec_word(spec, root, "windows", "stack registers", isa->register_count ? 1 : 0) == 0;
    if (!isa->windows_on_stack && !isa->register_count)
        spec_error(spec, yaml_get(root, "windows"), "found windows in registers, expected `registers: {count: N}` too");
    read_stack(spec, isa, root);
}

static void read_prefix(struct spec *spec, struct isa *isa, const struct yaml_node *encoding)
{
    const struct yaml_node *prefix = spec_map(spec, encoding, "prefix");
    isa->prefix_name = "";
    if (!prefix) {
        spec_error(spec, encoding, "found no `prefix`, expected the instruction that extends a field");
        return;
    }
    spec_keys(spec, prefix, "`prefix`", "name opcode unit category");
    const char *name = spec_text(spec, prefix, "name");
    if (name)
        isa->prefix_name = name;
    else
        spec_error(spec, prefix, "found no `name`, expected the prefix's name");
    isa->prefix_opcode = (uint32_t)spec_integer(spec, prefix, "opcode", 0, (1 << isa->opcode_bits) - 1, 0);
    if (!yaml_get(prefix, "opcode"))
        spec_error(spec, prefix, "found no `opcode`, expected the prefix's number");
    isa->prefix_unit = isa_read_unit(spec, isa, prefix, "unit");
    isa->prefix_category = isa_read_category(spec, prefix, "category", CATEGORY_OTHER);
}

static void read_encoding(struct spec *spec, struct isa *isa, const struct yaml_node *root)
{
    const struct yaml_node *part = spec_map(spec, root, "encoding");
    if (!part) {
        spec_error(spec, root, "found no `encoding`, expected how instructions are encoded");
        return;
    }
    spec_keys(spec, part, "`encoding`",
              "style opcode_bits register_bits window_bits name_bits const_bits local_bits count_bits target_bits prefix");
    isa->encoding = spec_word(spec, part, "style", "fields argument", 0) == 0 ? ENCODING_FIELDS : ENCODING_ARGUMENT;
    isa->opcode_bits = spec_integer(spec, part, "opcode_bits", 4, 16, 8);
    isa->register_bits = spec_integer(spec, part, "register_bits", 1, 12, 8);
    isa->window_bits = spec_integer(spec, part, "window_bits", 1, 32, 8);
    isa->name_bits = spec_integer(spec, part, "name_bits", 1, 32, 8);
    isa->const_bits = spec_integer(spec, part, "const_bits", 1, 32, 8);
    isa->local_bits = spec_integer(spec, part, "local_bits", 1, 32, 8);
    isa->count_bits = spec_integer(spec, part, "count_bits", 1, 32, 8);
    isa->target_bits = spec_integer(spec, part, "target_bits", 1, 32, 16);
    if (isa->encoding == ENCODING_ARGUMENT && isa->opcode_bits != 8)
        spec_error(spec, yaml_get(part, "opcode_bits"), "found %d opcode bits, expected 8 with `style: argument`",
                   isa->opcode_bits);
    if (isa->encoding == ENCODING_FIELDS && isa->register_count > 1 << isa->register_bits)
        spec_error(spec, yaml_get(part, "register_bits") ? yaml_get(part, "register_bits") : part,
                   "found register fields of %d bits, expected enough for %d registers", isa->register_bits,
                   isa->register_count);
    read_prefix(spec, isa, part);
}

/* The machine: the given file, or the spec's: a path relative to the file that says so, or the machine itself. */
static struct yaml_node *read_machine(struct spec *spec, struct isa *isa, struct yaml_node *root, const char *file)
{
    const struct yaml_node *node = yaml_get(root, "machine");
    struct yaml_node *tree = NULL;
    isa->machine = ARENA_NEW(spec->arena, struct machine); /* without units: nothing is said of what it lacks */
    isa->machine->name = isa->machine->file = "";
    if (file) {
        tree = spec_read(spec, file);
    } else if (!node) {
        spec_error(spec, root, "found no `machine`, expected the path of a machine spec");
    } else if (node->kind == YAML_MAP) {
        tree = yaml_get(root, "machine");
    } else if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
        spec_error(spec, node, "found %s for `machine`, expected the path of a machine spec",
                   yaml_describe(spec->arena, node));
    } else {
        const char *path = spec_path(spec, node);
        if (access(path, R_OK) == 0)
            tree = spec_read(spec, path);
        else
            spec_error(spec, node, "found machine `%s`, expected a machine spec that exists", node->text);
    }
    size_t errors = spec->diag->count;
    if (tree)
        isa->machine = machine_from_tree(spec, tree);
    if (spec->diag->count > errors)
        isa->machine->unit_count = 0; /* what it lacks is said already */
    return tree;
}

static void resolve_text(struct spec *spec, struct isa *isa, struct yaml_node *root, struct yaml_node *machine)
{
    struct buffer text = {0};
    yaml_set(spec->arena, root, "machine", machine);
    yaml_write(root, 2, &text);
    isa->resolved_text = arena_copy(isa->arena, text.bytes, text.size);
    buffer_free(&text);
}

/* Without the checks: nothing is wrong with what is kept. */
static void read_parts(struct spec *spec, struct isa *isa, struct yaml_node *root)
{
    isa->name = spec_text(spec, root, "isa");
    isa->text = spec_text(spec, root, "text");
    read_machine(spec, isa, root, NULL);
    read_optimise(spec, isa, root);
    read_storage(spec, isa, root);
    read_encoding(spec, isa, root);
    isa_read_instructions(spec, isa, root);
    isa_lay_out(spec, isa, root);
}

static void read_isa(struct spec *spec, struct isa *isa, struct yaml_node *root, const char *machine_file)
{
    if (!spec_keys(spec, root, "an ISA",
                   "isa text optimise registers windows stack encoding machine instructions"))
        return;
    isa->name = spec_text(spec, root, "isa");
    if (!isa->name && !yaml_get(root, "isa"))
        spec_error(spec, root, "found no `isa`, expected its name");
    isa->text = spec_text(spec, root, "text");
    struct yaml_node *machine = read_machine(spec, isa, root, machine_file);
    read_optimise(spec, isa, root);
    size_t errors = spec->diag->count;
    read_storage(spec, isa, root);
    bool storage_is_known = spec->diag->count == errors;
    read_encoding(spec, isa, root);
    isa_read_instructions(spec, isa, root);
    isa_lay_out(spec, isa, root);
    isa_check(spec, isa, root, storage_is_known);
    if (!spec->diag->count)
        resolve_text(spec, isa, root, machine);
}

static bool same_file(const struct diag_entry *a, const struct diag_entry *b)
{
    return a->file && b->file && strcmp(a->file, b->file) == 0;
}

/* Hands the errors over, those of one file together and in the order of its lines: the steps find them in another. */
static void hand_over(struct diag *own, struct diag *diag)
{
    for (size_t i = 0; i < own->count; i++) {
        const struct diag_entry entry = own->entries[i];
        size_t at = i;
        for (; at > 0; at--) {
            const struct diag_entry *before = &own->entries[at - 1];
            if (!same_file(before, &entry) ||
                before->line < entry.line || (before->line == entry.line && before->column <= entry.column))
                break;
            own->entries[at] = *before;
        }
        own->entries[at] = entry;
    }
    for (size_t i = 0; i < own->count; i++)
        diag_error(diag, own->entries[i].file, own->entries[i].line, own->entries[i].column, "%s",
                   own->entries[i].text);
    diag_free(own);
}

struct isa *isa_load(const char *path, const char *machine_file, struct diag *diag)
{
    return isa_load_kept(path, machine_file, NULL, diag);
}

struct isa *isa_load_kept(const char *path, const char *machine_file, const char *directory, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct isa *isa = ARENA_NEW(arena, struct isa);
    struct diag own;
    diag_init(&own);
    struct spec spec = {.arena = arena, .diag = &own};
    isa->arena = arena;
    isa->file = arena_copy(arena, path, strlen(path));
    struct isa_place place = {directory, path, machine_file};
    struct arena *nodes = arena_new(); /* a fourth of an ISA's memory, and the ISA does not point to them */
    struct yaml_node *root = isa_tree_read(&spec, &place, nodes, &isa->resolved_text);
    if (root) {
        read_parts(&spec, isa, root);
    } else if ((root = spec_read(&spec, path))) {
        read_isa(&spec, isa, root, machine_file);
        if (!own.count)
            isa_tree_write(&spec, &place, root, isa->resolved_text);
    }
    bool good = own.count == 0;
    hand_over(&own, diag);
    arena_free(nodes);
    if (good)
        return isa;
    arena_free(arena);
    return NULL;
}

struct isa *isa_from_tree(const char *path, struct yaml_node *root, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct isa *isa = ARENA_NEW(arena, struct isa);
    struct diag own;
    diag_init(&own);
    struct spec spec = {.arena = arena, .diag = &own};
    isa->arena = arena;
    isa->file = arena_copy(arena, path, strlen(path));
    read_isa(&spec, isa, root, NULL);
    bool good = own.count == 0;
    hand_over(&own, diag);
    if (good)
        return isa;
    arena_free(arena);
    return NULL;
}

struct isa *isa_on_machine(const struct isa *isa, const struct yaml_node *root, struct diag *diag)
{
    struct arena *arena = arena_new();
    struct isa *other = ARENA_NEW(arena, struct isa);
    struct spec spec = {.arena = arena, .diag = diag};
    size_t errors = diag->count;
    *other = *isa;
    other->arena = arena;
    other->machine = machine_from_tree(&spec, yaml_get(root, "machine"));
    read_stack(&spec, other, root);
    other->resolved_text = NULL;
    if (diag->count == errors)
        return other;
    arena_free(arena);
    return NULL;
}

void isa_free(struct isa *isa)
{
    if (isa)
        arena_free(isa->arena);
}

const struct isa_instruction *isa_instruction_by_name(const struct isa *isa, const char *name)
{
    for (int i = 0; i < isa->instruction_count; i++)
        if (strcmp(isa->instructions[i].name, name) == 0)
            return &isa->instructions[i];
    return NULL;
}
