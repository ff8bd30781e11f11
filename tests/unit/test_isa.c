/* test_isa.c - YAML trees, ISA specs, patterns and the encoding. Wrong specs are in tests/golden/isa: each ends with the
 * errors it must give, as `# expect: line:column: text` (or `# expect: file: text` for an inherited file). */
#include "core/program.h"
#include "core/yaml.h"

#include <CUnit/Basic.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef SOURCE_DIR
#define SOURCE_DIR "."
#endif

static const char *const specs[] = {SOURCE_DIR "/isa-specs/stack.yaml", SOURCE_DIR "/isa-specs/register.yaml",
                                    SOURCE_DIR "/isa-specs/hybrid.yaml"};

static struct isa *load(const char *path, const char *machine)
{
    struct diag diag;
    diag_init(&diag);
    struct isa *isa = isa_load(path, machine, &diag);
    diag_print(&diag, stdout);
    diag_free(&diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(isa);
    return isa;
}

static void test_shipped_specs(void)
{
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct isa *isa = load(specs[i], NULL);
        CU_ASSERT_STRING_EQUAL(isa->machine->name, "inorder");
        CU_ASSERT(isa->instruction_count > 100);
        isa_free(isa);
        isa = load(specs[i], SOURCE_DIR "/isa-specs/machines/ideal.yaml");
        CU_ASSERT(isa->machine->ideal);
        isa_free(isa);
    }
}

/* The resolved text is itself a spec that says the same. */
static void test_resolved_text(void)
{
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        char path[] = "/tmp/hybridsim-isa-XXXXXX";
        struct isa *isa = load(specs[i], NULL);
        int descriptor = mkstemp(path);
        CU_ASSERT_FATAL(descriptor >= 0);
        FILE *file = fdopen(descriptor, "w");
        fputs(isa->resolved_text, file);
        fclose(file);
        struct isa *again = load(path, NULL);
        remove(path);
        CU_ASSERT_STRING_EQUAL(isa->resolved_text, again->resolved_text);
        CU_ASSERT_EQUAL(isa->instruction_count, again->instruction_count);
        isa_free(isa);
        isa_free(again);
    }
}

static void test_model(void)
{
    struct isa *isa = load(specs[2], NULL);
    const struct isa_instruction *madd = isa_instruction_by_name(isa, "MADD");
    CU_ASSERT_PTR_NOT_NULL_FATAL(madd);
    CU_ASSERT_EQUAL(madd->pattern_count, 4);
    CU_ASSERT_EQUAL(madd->patterns[0].op_count, 2);
    CU_ASSERT_EQUAL(madd->patterns[0].tree->op, OP_add);
    CU_ASSERT_EQUAL(madd->choice_bits, 2);
    CU_ASSERT(madd->operands[0].is_result && !madd->operands[1].is_result);
    const struct isa_instruction *branch = isa_instruction_by_name(isa, "BNLT");
    CU_ASSERT_PTR_NOT_NULL_FATAL(branch);
    CU_ASSERT_EQUAL(branch->patterns[0].tree->op, OP_jump_if_false);
    CU_ASSERT_EQUAL(branch->patterns[0].tree->children[0]->op, OP_lt);
    const struct isa_instruction *sigmoid = isa_instruction_by_name(isa, "ACT_SIGMOID");
    CU_ASSERT_PTR_NOT_NULL_FATAL(sigmoid);
    CU_ASSERT(sigmoid->patterns[0].speculative);
    CU_ASSERT_EQUAL(sigmoid->patterns[0].op_count, 6);
    CU_ASSERT_STRING_EQUAL(sigmoid->patterns[0].tree->children[1]->children[1]->path, "math.exp");
    CU_ASSERT_PTR_NOT_NULL(isa_instruction_by_name(isa, "MATMUL")); /* of what is no array */
    isa_free(isa);
    isa = load(specs[0], NULL);
    const struct isa_instruction *binary = isa_instruction_by_name(isa, "BINARY_OP");
    CU_ASSERT_PTR_NOT_NULL_FATAL(binary);
    CU_ASSERT_STRING_EQUAL(isa->machine->units[binary->patterns[0].unit].name, "alu");
    CU_ASSERT_STRING_EQUAL(isa->machine->units[binary->patterns[5].unit].name, "mac");
    CU_ASSERT(isa->instructions[isa_instruction_by_name(isa, "JUMP_BACKWARD_NO_INTERRUPT")->twin].opcode == 140);
    isa_free(isa);
}

/* ---- encoding ---- */

static uint32_t random_number(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

/* A value of random width; of the sign its kind has. */
static int32_t random_value(uint64_t *state, uint8_t kind, const struct isa_operand *operand)
{
    int32_t value = (int32_t)(random_number(state) & 0x7fffffff) >> random_number(state) % 31;
    if (operand_kind_is_implicit((enum operand_kind)kind))
        return kind == OPERAND_TOP ? operand->top_depth : 0;
    if (kind == OPERAND_BACKWARD)
        return -value;
    return (kind == OPERAND_IMM || kind == OPERAND_TARGET) && random_number(state) % 2 ? -value - 1 : value;
}

static void check_round_trip(const struct isa *isa, struct machine_instruction *instruction)
{
    struct machine_instruction decoded;
    struct buffer bytes = {0};
    int size = encoding_size(isa, instruction);
    uint8_t least = instruction->prefixes;
    CU_ASSERT_FATAL(encoding_encode(isa, instruction, &bytes));
    CU_ASSERT_EQUAL((int)bytes.size, size);
    CU_ASSERT_EQUAL(instruction->size_bytes, size);
    CU_ASSERT(instruction->prefixes >= least || size == isa->instructions[instruction->instruction].size_bytes);
    for (size_t cut = 0; cut < bytes.size; cut++)
        CU_ASSERT_EQUAL(encoding_decode(isa, (const uint8_t *)bytes.bytes, cut, &decoded), 0);
    CU_ASSERT_EQUAL(encoding_decode(isa, (const uint8_t *)bytes.bytes, bytes.size, &decoded), size);
    CU_ASSERT_EQUAL(decoded.instruction, instruction->instruction);
    CU_ASSERT_EQUAL(decoded.pattern, instruction->pattern);
    CU_ASSERT_EQUAL(decoded.prefixes, instruction->prefixes);
    for (int i = 0; i < isa->instructions[instruction->instruction].operand_count; i++) {
        CU_ASSERT_EQUAL(decoded.operands[i].kind, instruction->operands[i].kind);
        CU_ASSERT_EQUAL(decoded.operands[i].value, instruction->operands[i].value);
    }
    struct buffer text = {0};
    encoding_disassemble(isa, &decoded, NULL, &text);
    CU_ASSERT(text.size > 1);
    buffer_free(&text);
    buffer_free(&bytes);
}

static void test_fields_round_trip(void)
{
    uint64_t state = 1;
    for (int spec = 1; spec < 3; spec++) {
        struct isa *isa = load(specs[spec], NULL);
        for (int i = 0; i < isa->instruction_count; i++) {
            const struct isa_instruction *declared = &isa->instructions[i];
            for (int round = 0; round < 20; round++) {
                struct machine_instruction instruction = {.instruction = (uint16_t)i};
                instruction.pattern = (uint8_t)(random_number(&state) % (uint32_t)declared->pattern_count);
                instruction.prefixes = round % 4 ? 0 : (uint8_t)(random_number(&state) % 12);
                for (int k = 0; k < declared->operand_count; k++) {
                    const struct isa_operand *operand = &declared->operands[k];
                    uint8_t kind = operand->alternatives[random_number(&state) % operand->alternative_count];
                    instruction.operands[k] =
                        (struct machine_operand){kind, random_value(&state, kind, operand)};
                }
                check_round_trip(isa, &instruction);
            }
        }
        isa_free(isa);
    }
}

static struct machine_instruction instruction_named(const struct isa *isa, const char *name, int pattern)
{
    const struct isa_instruction *declared = isa_instruction_by_name(isa, name);
    CU_ASSERT_PTR_NOT_NULL_FATAL(declared);
    struct machine_instruction instruction = {.instruction = (uint16_t)(declared - isa->instructions),
                                              .pattern = (uint8_t)pattern};
    for (int i = 0; i < declared->operand_count; i++)
        instruction.operands[i].kind = declared->operands[i].alternatives[0];
    return instruction;
}

/* What CPython 3.11 writes. */
static void test_argument_encoding(void)
{
    static const struct {
        const char *name;
        int pattern, operand, value, prefixes;
        const char *bytes; /* hexadecimal, without the caches */
    } rows[] = {
        {"LOAD_FAST", 0, 1, 3, 0, "7c03"},        {"LOAD_FAST", 1, 1, 3, 0, "7c03"},
        {"STORE_FAST", 0, 0, 300, 0, "90017d2c"}, {"LOAD_CONST", 0, 1, 70000, 0, "9001901164""70"},
        {"BINARY_OP", 10, 0, 0, 0, "7a0a"},       {"COMPARE_OP", 4, 0, 0, 0, "6b04"},
        {"LOAD_GLOBAL", 1, 1, 5, 0, "740b"},      {"LOAD_GLOBAL", 0, 1, 200, 0, "90017490"},
        {"UNPACK_SEQUENCE", 0, 0, 0, 0, "5c02"},  {"UNPACK_SEQUENCE", 1, 0, 0, 0, "5c03"},
        {"UNPACK_SEQUENCE", 2, 1, 4, 0, "5c04"},  {"JUMP_BACKWARD", 0, 0, -10, 0, "8c0a"},
        {"JUMP_BACKWARD", 0, 0, -10, 1, "90008c0a"}, {"FOR_ITER", 0, 2, 9, 0, "5d09"},
        {"RETURN_VALUE", 0, 0, 0, 0, "5300"},
    };
    struct isa *isa = load(specs[0], NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct machine_instruction instruction = instruction_named(isa, rows[i].name, rows[i].pattern);
        struct buffer bytes = {0}, text = {0};
        instruction.operands[rows[i].operand].value = rows[i].value;
        instruction.prefixes = (uint8_t)rows[i].prefixes;
        CU_ASSERT_FATAL(encoding_encode(isa, &instruction, &bytes));
        for (size_t k = 0; k < bytes.size; k++)
            buffer_printf(&text, "%02x", (unsigned)(unsigned char)bytes.bytes[k]);
        size_t length = strlen(rows[i].bytes);
        CU_ASSERT(strncmp(text.bytes, rows[i].bytes, length) == 0);
        CU_ASSERT_EQUAL(strspn(text.bytes + length, "0"), text.size - length);
        buffer_free(&bytes);
        buffer_free(&text);
    }
    isa_free(isa);
}

/* Every opcode and argument byte: what decodes encodes to the same bytes. */
static void test_argument_round_trip(void)
{
    struct isa *isa = load(specs[0], NULL);
    for (int code = 0; code < 65536; code++) {
        uint8_t bytes[64] = {(uint8_t)(code >> 8), (uint8_t)code};
        struct machine_instruction instruction;
        int size = encoding_decode(isa, bytes, sizeof bytes, &instruction);
        if (!size || bytes[0] == isa->prefix_opcode)
            continue;
        struct buffer again = {0};
        bool encoded = encoding_encode(isa, &instruction, &again);
        int fixed = isa->instructions[instruction.instruction].operand_count ? 0 : 1;
        CU_ASSERT(encoded && (int)again.size == size);
        CU_ASSERT(again.bytes[0] == (char)bytes[0]);
        for (int i = 0; i < isa->instructions[instruction.instruction].operand_count; i++)
            fixed |= isa->instructions[instruction.instruction].operands[i].field_bits ? 2 : 0;
        if (fixed & 2)
            CU_ASSERT(again.bytes[1] == (char)bytes[1]);
        buffer_free(&again);
    }
    isa_free(isa);
}

static void test_hostile_bytes(void)
{
    uint64_t state = 7;
    for (size_t spec = 0; spec < 3; spec++) {
        struct isa *isa = load(specs[spec], NULL);
        for (int round = 0; round < 20000; round++) {
            uint8_t bytes[24];
            struct machine_instruction instruction;
            size_t size = random_number(&state) % (sizeof bytes + 1);
            for (size_t i = 0; i < size; i++)
                bytes[i] = random_number(&state) % 4 ? (uint8_t)random_number(&state) : (uint8_t)isa->prefix_opcode;
            int used = encoding_decode(isa, bytes, size, &instruction);
            CU_ASSERT(used >= 0 && (size_t)used <= size);
        }
        isa_free(isa);
    }
}

static void test_window_sizes(void)
{
    CU_ASSERT_EQUAL(op_window_size(OP_call, 2), 4);
    CU_ASSERT_EQUAL(op_window_size(OP_build_map, 3), 6);
    CU_ASSERT_EQUAL(op_window_size(OP_build_const_key_map, 3), 4);
    CU_ASSERT_EQUAL(op_window_size(OP_make_function, 9), 3);
    CU_ASSERT_EQUAL(op_window_size(OP_call_ex, 1), 4);
    CU_ASSERT_EQUAL(op_window_size(OP_unpack_ex, 0x201), 4);
    CU_ASSERT_EQUAL(op_window_size(OP_load_method, 0), 2);
    CU_ASSERT_EQUAL(op_window_size(OP_add, 0), 0);
}

/* ---- wrong specs ---- */

static void add_found(const struct diag *diag, const char *path, struct buffer *text)
{
    for (size_t i = 0; i < diag->count; i++) {
        const struct diag_entry *entry = &diag->entries[i];
        const char *slash = entry->file ? strrchr(entry->file, '/') : NULL;
        if (entry->file && strcmp(entry->file, path) != 0)
            buffer_printf(text, "%s: %s\n", slash ? slash + 1 : entry->file, entry->text);
        else
            buffer_printf(text, "%d:%d: %s\n", entry->line, entry->column, entry->text);
    }
}

static void add_expected(const char *path, struct buffer *text)
{
    static const char mark[] = "# expect: ";
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t capacity = 0;
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    while (getline(&line, &capacity, file) > 0)
        if (strncmp(line, mark, sizeof mark - 1) == 0)
            buffer_add_text(text, line + sizeof mark - 1);
    free(line);
    fclose(file);
}

static void test_wrong_specs(void)
{
    static const char folder[] = SOURCE_DIR "/tests/golden/isa";
    DIR *directory = opendir(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(directory);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!strstr(entry->d_name, ".yaml"))
            continue;
        char path[512];
        struct diag diag;
        struct buffer found = {0}, expected = {0};
        snprintf(path, sizeof path, "%s/%.200s", folder, entry->d_name);
        diag_init(&diag);
        struct isa *isa = isa_load(path, NULL, &diag);
        CU_ASSERT_PTR_NULL(isa);
        isa_free(isa);
        buffer_add_text(&found, "");
        buffer_add_text(&expected, "");
        add_found(&diag, path, &found);
        add_expected(path, &expected);
        bool same = found.size == expected.size && memcmp(found.bytes, expected.bytes, found.size) == 0;
        if (!same)
            printf("\n%s: found\n%.*sexpected\n%.*s", path, (int)found.size, found.bytes, (int)expected.size,
                   expected.bytes);
        CU_ASSERT(same);
        CU_ASSERT(diag.count > 0);
        diag_free(&diag);
        buffer_free(&found);
        buffer_free(&expected);
        count++;
    }
    closedir(directory);
    CU_ASSERT(count >= 20);
}

static void test_unreadable(void)
{
    static const char *const paths[] = {"/nowhere/at/all.yaml", "/", "/dev/null"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct diag diag;
        diag_init(&diag);
        CU_ASSERT_PTR_NULL(isa_load(paths[i], NULL, &diag));
        CU_ASSERT_EQUAL(diag.count, 1);
        diag_free(&diag);
    }
}

/* ---- YAML values ---- */

static void test_yaml_values(void)
{
    static const char text[] = "{a: 12, b: -3, c: '12', d: 1.25, e: 1.2345, f: 0x10, g: yes, h: maybe, i: ~}";
    struct arena *arena = arena_new();
    struct diag diag;
    diag_init(&diag);
    struct yaml_node *map = yaml_parse(arena, "text", text, sizeof text - 1, &diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(map);
    int64_t number = 0;
    bool truth = false;
    CU_ASSERT(yaml_integer(yaml_get(map, "a"), 0, 12, &number) && number == 12);
    CU_ASSERT(!yaml_integer(yaml_get(map, "a"), 0, 11, &number));
    CU_ASSERT(yaml_integer(yaml_get(map, "b"), -3, 0, &number) && number == -3);
    CU_ASSERT(!yaml_integer(yaml_get(map, "c"), 0, 99, &number));
    CU_ASSERT(!yaml_integer(yaml_get(map, "d"), 0, 99, &number));
    CU_ASSERT(yaml_integer(yaml_get(map, "f"), 0, 99, &number) && number == 16);
    CU_ASSERT(yaml_thousandths(yaml_get(map, "d"), &number) && number == 1250);
    CU_ASSERT(yaml_thousandths(yaml_get(map, "a"), &number) && number == 12000);
    CU_ASSERT(!yaml_thousandths(yaml_get(map, "e"), &number));
    CU_ASSERT(!yaml_thousandths(yaml_get(map, "b"), &number));
    CU_ASSERT(yaml_boolean(yaml_get(map, "g"), &truth) && truth);
    CU_ASSERT(!yaml_boolean(yaml_get(map, "h"), &truth));
    CU_ASSERT(yaml_is_null(yaml_get(map, "i")));
    CU_ASSERT_EQUAL(yaml_key(map, "d")->column, (int)(strstr(text, "d:") - text) + 1);
    diag_free(&diag);
    arena_free(arena);
}

/* Specs come from users: no bytes may bring the reader down. */
static void test_hostile_yaml(void)
{
    static const char pieces[][8] = {"a: ", "- ", "[", "]", "{", "}", "\n", "  ", "isa", "*a", "&a ", "'", "\"", "\t",
                                     "|\n", "? ", "!x ", "---\n", "\xff", "off", "add(", "12", ", ", "#"};
    uint64_t state = 3;
    for (int round = 0; round < 3000; round++) {
        struct buffer text = {0};
        struct diag diag;
        struct arena *arena = arena_new();
        diag_init(&diag);
        for (uint32_t i = random_number(&state) % 40; i; i--)
            buffer_add_text(&text, pieces[random_number(&state) % (sizeof pieces / sizeof *pieces)]);
        struct yaml_node *root = yaml_parse(arena, "text", text.size ? text.bytes : "", text.size, &diag);
        CU_ASSERT(root || diag.count);
        diag_free(&diag);
        arena_free(arena);
        buffer_free(&text);
    }
}

/* ---- kept specs ---- */

static void write_spec(const char *path, const char *name)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file, "isa: %s\ninherits: " SOURCE_DIR "/isa-specs/hybrid.yaml\n", name);
    fclose(file);
}

/* What is kept says the same as the files; it is not used when they have changed. */
static void check_kept(const char *path, const char *machine, const char *directory, const char *name)
{
    struct diag diag;
    diag_init(&diag);
    struct isa *read = load(path, machine), *kept = isa_load_kept(path, machine, directory, &diag);
    CU_ASSERT_PTR_NOT_NULL_FATAL(kept);
    CU_ASSERT_EQUAL(diag.count, 0);
    CU_ASSERT_STRING_EQUAL(kept->name, name);
    CU_ASSERT_STRING_EQUAL(kept->resolved_text, read->resolved_text);
    CU_ASSERT_STRING_EQUAL(kept->machine->name, read->machine->name);
    CU_ASSERT_STRING_EQUAL(kept->machine->file, read->machine->file);
    CU_ASSERT_EQUAL(kept->optimise, read->optimise);
    CU_ASSERT_EQUAL_FATAL(kept->instruction_count, read->instruction_count);
    for (int i = 0; i < kept->instruction_count; i++) {
        CU_ASSERT_EQUAL(kept->instructions[i].opcode, read->instructions[i].opcode);
        CU_ASSERT_EQUAL(kept->instructions[i].size_bytes, read->instructions[i].size_bytes);
        CU_ASSERT_EQUAL(kept->instructions[i].pattern_count, read->instructions[i].pattern_count);
    }
    isa_free(read);
    isa_free(kept);
    diag_free(&diag);
}

/* The only entry of the folder, with the byte at `offset` changed; or removed (-1). */
static void change_entry(const char *directory, long offset)
{
    DIR *entries = opendir(directory);
    CU_ASSERT_PTR_NOT_NULL_FATAL(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%.200s", directory, entry->d_name);
        if (!strstr(path, ".isa"))
            continue;
        if (offset < 0) {
            remove(path);
            continue;
        }
        FILE *file = fopen(path, "r+");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        fseek(file, offset, SEEK_SET);
        int byte = fgetc(file);
        fseek(file, offset, SEEK_SET);
        fputc(byte ^ 0x41, file);
        fclose(file);
    }
    closedir(entries);
}

static void test_kept_specs(void)
{
    char directory[] = "/tmp/hybridsim-kept-XXXXXX", path[64];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/spec.yaml", directory);
    write_spec(path, "first");
    for (int i = 0; i < 3; i++)
        check_kept(path, NULL, directory, "first");
    for (long offset = 0; offset < 4000; offset += 97) {
        change_entry(directory, offset);
        check_kept(path, NULL, directory, "first");
    }
    write_spec(path, "second");
    for (int i = 0; i < 2; i++)
        check_kept(path, NULL, directory, "second");
    for (int i = 0; i < 2; i++)
        check_kept(path, SOURCE_DIR "/isa-specs/machines/ideal.yaml", directory, "second");
    change_entry(directory, -1);
    remove(path);
    rmdir(directory);
}

int main(void)
{
    static CU_TestInfo tests[] = {
        {"shipped specs", test_shipped_specs},         {"resolved text", test_resolved_text},
        {"model", test_model},                         {"fields round trip", test_fields_round_trip},
        {"argument encoding", test_argument_encoding}, {"argument round trip", test_argument_round_trip},
        {"hostile bytes", test_hostile_bytes},         {"window sizes", test_window_sizes},
        {"wrong specs", test_wrong_specs},             {"unreadable files", test_unreadable},
        {"YAML values", test_yaml_values},             {"hostile YAML", test_hostile_yaml},
        {"kept specs", test_kept_specs},
        CU_TEST_INFO_NULL,
    };
    static CU_SuiteInfo suites[] = {{"isa", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
    if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS)
        return 1;
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    unsigned failures = CU_get_number_of_failures();
    CU_cleanup_registry();
    return failures != 0;
}
