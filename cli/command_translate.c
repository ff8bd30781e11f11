/* command_translate.c - `hybridsim translate FILE --isa SPEC [--machine FILE] [--dump=PASS]`: source line,
 * bytecode and machine code side by side, or the translator's intermediate form after a pass. Nothing is
 * executed. */
#include "cli/commands.h"
#include "cli/nearest_name.h"
#include "cli/spec_path.h"
#include "cli/terminal.h"
#include "core/program.h"
#include "frontend/frontend.h"
#include "reports/source_text.h"
#include "translator/translator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static const char usage[] =
    "Usage: hybridsim translate FILE --isa SPEC [OPTION...]\n\n"
    "Prints each function's source lines, bytecode and machine code side by side. Nothing is executed.\n\n"
    "Options:\n"
    "  --isa SPEC        the instruction set: a YAML file or a name of the shipped ones\n"
    "  --machine SPEC    use this machine instead of the ISA's own\n"
    "  --dump PASS       print what a pass made: lift, optimise, allocate, select or emit\n"
    "  -h, --help        this text\n\n"
    "Exit: 1 the program does not compile, 2 wrong use.\n";

struct arguments {
    const char *file, *isa, *machine, *dump;
};

static void disassemble(const struct machine_function *function, uint32_t index, struct buffer *text)
{
    struct machine_instruction instruction;
    uint32_t address = function->instructions[index].address;
    const uint8_t *bytes = (const uint8_t *)function->bytes.bytes + address;
    text->size = 0;
    if (encoding_decode(function->isa, bytes, function->bytes.size - address, &instruction) > 0)
        encoding_disassemble(function->isa, &instruction, function->code, text);
}

static void print_row(const struct machine_function *bytecode, uint32_t row,
                      const struct machine_function *machine, int64_t index, struct buffer *text)
{
    if (row < bytecode->instruction_count) {
        disassemble(bytecode, row, text);
        printf("  %5u  %-44s", bytecode->instructions[row].address, text->bytes ? text->bytes : "");
    } else {
        printf("  %5s  %-44s", "", "");
    }
    if (index >= 0) {
        disassemble(machine, (uint32_t)index, text);
        printf("  %5u  %s", machine->instructions[index].address, text->bytes ? text->bytes : "");
    }
    putchar('\n');
}

/* The baseline has one instruction a bytecode instruction, in the same order: its listing is the bytecode's.
 */
static void print_side_by_side(const struct code *code, const struct machine_function *bytecode,
                               const struct machine_function *machine, const struct source_text *source)
{
    struct buffer text = {0};
    int line = -1;
    uint32_t next = 0;
    printf("%s (%s:%u): %u bytecode instructions in %u bytes; %s: %u instructions in %zu bytes\n",
           code->qualified_name.text, code->filename.text, code->first_line, bytecode->instruction_count,
           code->bytecode_size, machine->isa->name, machine->instruction_count, machine->bytes.size);
    for (uint32_t i = 0; i < code->instruction_count; i++) {
        const struct instruction *instruction = &code->instructions[i];
        if (instruction->line > 0 && instruction->line != line) {
            line = instruction->line;
            printf("%5d: %s\n", line, source_text_line(source, line));
        }
        bool shown = false;
        for (; next < machine->instruction_count && machine->instructions[next].source <= i; next++) {
            print_row(bytecode, shown ? UINT32_MAX : i, machine, next, &text);
            shown = true;
        }
        if (!shown)
            print_row(bytecode, i, machine, -1, &text);
    }
    putchar('\n');
    buffer_free(&text);
}

static bool print_unit(const struct code_unit *unit, const struct isa *stack, const struct isa *isa,
                       const struct arguments *arguments)
{
    struct source_text source;
    source_text_load(&source, arguments->file);
    bool good = true;
    for (uint32_t i = 0; good && i < unit->code_count; i++) {
        if (arguments->dump) {
            struct buffer text = {0};
            good = translate_dump(unit->codes[i], isa, arguments->dump, &text);
            fputs(text.bytes ? text.bytes : "", stdout);
            buffer_free(&text);
            continue;
        }
        struct machine_function *bytecode = translate(unit->codes[i], stack),
                                *machine = translate(unit->codes[i], isa);
        print_side_by_side(unit->codes[i], bytecode, machine, &source);
        machine_function_free(bytecode);
        machine_function_free(machine);
    }
    source_text_free(&source);
    return good;
}

static bool take_value(int argc, char **argv, int *at, const char *name, const char **value)
{
    size_t length = strlen(name);
    if (strncmp(argv[*at], name, length) != 0 || (argv[*at][length] && argv[*at][length] != '='))
        return false;
    if (argv[*at][length] == '=')
        *value = argv[*at] + length + 1;
    else
        *value = *at + 1 < argc ? argv[++*at] : "";
    return true;
}

static bool parse_arguments(int argc, char **argv, struct arguments *arguments)
{
    static const char *const passes[] = {"lift", "optimise", "allocate", "select", "emit"};
    for (int i = 1; i < argc; i++) {
        if (take_value(argc, argv, &i, "--isa", &arguments->isa) ||
            take_value(argc, argv, &i, "--machine", &arguments->machine) ||
            take_value(argc, argv, &i, "--dump", &arguments->dump))
            continue;
        if (argv[i][0] == '-' && argv[i][1]) {
            static const char *const options[] = {"--isa", "--machine", "--dump", "--help"};
            const char *nearest = nearest_name(argv[i], options, 4);
            fprintf(stderr, "hybridsim: error: unknown option '%s'%s%s%s\nhybridsim: see 'hybridsim translate --help'\n", argv[i],
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
            return false;
        }
        if (arguments->file) {
            fprintf(stderr, "hybridsim: error: found a second file '%s', expected one\n", argv[i]);
            return false;
        }
        arguments->file = argv[i];
    }
    if (!arguments->file || !arguments->isa || !*arguments->isa) {
        fprintf(stderr, "hybridsim: error: expected %s\n",
                arguments->file ? "--isa SPEC" : "a FILE");
        return false;
    }
    bool known = !arguments->dump;
    for (int i = 0; !known && i < 5; i++)
        known = strcmp(arguments->dump, passes[i]) == 0;
    if (!known)
        fprintf(stderr,
                "hybridsim: error: found pass '%s', expected lift, optimise, allocate, select or "
                "emit\n",
                arguments->dump);
    return known;
}

static struct isa *load_isa(const char *name, const char *machine, struct diag *diag)
{
    char *path = spec_path_isa(name, diag),
         *machine_path = machine && path ? spec_path_machine(machine, diag) : NULL;
    struct isa *isa = path && (!machine || machine_path) ? isa_load(path, machine_path, diag) : NULL;
    free(path);
    free(machine_path);
    return isa;
}

int command_translate(int argc, char **argv)
{
    struct arguments arguments = {0};
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        terminal_print_help(usage, stdout);
        return 0;
    }
    if (!parse_arguments(argc, argv, &arguments))
        return EXIT_USER_ERROR;
    struct diag diag;
    diag_init(&diag);
    struct frontend_options options = {.python_hint = getenv("HYBRIDSIM_PYTHON"), .environment = environ};
    struct frontend *frontend = frontend_new(&options);
    struct isa *isa = load_isa(arguments.isa, arguments.machine, &diag);
    struct isa *stack = isa ? load_isa("stack", NULL, &diag) : NULL;
    struct code_unit *unit = stack ? frontend_load_script(frontend, arguments.file, &diag) : NULL;
    int status = EXIT_USER_ERROR;
    if (unit && print_unit(unit, stack, isa, &arguments))
        status = 0;
    else if (diag.verbatim) /* the program's own syntax error */
        status = 1;
    terminal_print_errors(&diag, stderr);
    if (unit)
        code_unit_free(unit);
    if (stack)
        isa_free(stack);
    if (isa)
        isa_free(isa);
    frontend_free(frontend);
    diag_free(&diag);
    return status;
}
