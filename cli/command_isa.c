/* command_isa.c - `hybridsim isa check|show|list|costs [--machine SPEC] SPEC...`: judges ISA specs, prints what they resolve to,
 * lists their instructions, or their machines' energies and areas. Exit status 0, or 2 when a spec or an argument is wrong. */
#include "cli/commands.h"
#include "cli/spec_path.h"
#include "cli/terminal.h"
#include "core/isa.h"
#include "sim/timing/area.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_GOOD = 0 };

static const char usage[] =
    "Usage: hybridsim isa check|show|list|costs [OPTION...] SPEC...\n\n"
    "A SPEC is a YAML file or a name of the shipped ones.\n\n"
    "Actions:\n"
    "  check  say whether the specs are right, with every error\n"
    "  show   print a spec with everything it inherits and its machine filled in\n"
    "  list   print the instructions: opcode, bytes, unit, latency, category, operands, patterns\n"
    "  costs  print the energies and areas that its machine has, where they are from, and the ISA's area by parts\n\n"
    "Options:\n"
    "  --machine SPEC    use this machine instead of the ISAs' own\n"
    "  -h, --help        this text\n\n"
    "Exit: 0 all specs are good, 2 one is not, or wrong use.\n";

static void isa_show(const struct isa *isa)
{
    fputs(isa->resolved_text, stdout);
}

static void isa_summarise(const struct isa *isa)
{
    int patterns = 0;
    for (int i = 0; i < isa->instruction_count; i++)
        patterns += isa->instructions[i].pattern_count;
    printf("%s: good: isa %s, %d instructions with %d patterns, %d registers, windows %s, machine %s\n", isa->file,
           isa->name, isa->instruction_count, patterns, isa->register_count,
           isa->windows_on_stack ? "on the stack" : "in registers", isa->machine->name);
}

static void print_operand(const struct isa_operand *operand)
{
    printf("%s:", operand->name);
    for (int i = 0; i < operand->alternative_count; i++) {
        int kind = operand->alternatives[i];
        printf("%s%s", i ? "|" : "", operand_kind_names[kind]);
        if (kind == OPERAND_IMM)
            printf("%d", operand->imm_bits);
        if (kind == OPERAND_TOP && operand->top_depth > 1)
            printf("%d", operand->top_depth);
    }
    if (operand->field_bits + operand->select_bits)
        printf("(%d)", operand->field_bits + operand->select_bits);
}

static void isa_list(const struct isa *isa)
{
    printf("%-30s %6s %5s %-10s %7s %-12s %s\n", "instruction", "opcode", "bytes", "unit", "latency", "category",
           "operands(bits); patterns");
    for (int i = 0; i < isa->instruction_count; i++) {
        const struct isa_instruction *instruction = &isa->instructions[i];
        const struct machine_unit *unit = &isa->machine->units[instruction->unit];
        printf("%-30s %6u %5d %-10s %7d %-12s", instruction->name, (unsigned)instruction->opcode,
               instruction->size_bytes + 2 * instruction->cache_units, unit->name,
               instruction->latency >= 0 ? instruction->latency : unit->latency,
               category_names[instruction->category]);
        for (int k = 0; k < instruction->operand_count; k++) {
            putchar(' ');
            print_operand(&instruction->operands[k]);
        }
        for (int k = 0; k < instruction->pattern_count; k++)
            printf("; %s", instruction->patterns[k].text);
        putchar('\n');
    }
    printf("%-30s %6u\n", isa->prefix_name, (unsigned)isa->prefix_opcode);
}

static void print_costs(const struct cost_key *keys, const struct machine_cost *costs, int count)
{
    for (int i = 0; i < count; i++) {
        const char *text = keys[i].text;
        if (!text[0]) /* work_KIND */
            for (int kind = 0; kind < WORK_COUNT; kind++)
                if (strcmp(keys[i].name + strlen("work_"), work_names[kind]) == 0)
                    text = work_definitions[kind];
        printf("%-24s %14.3f  %-13s %s; %s\n", keys[i].name, (double)costs[i].value / 1000, cost_basis_names[costs[i].basis], text,
               costs[i].source);
    }
}

static void isa_costs(const struct isa *isa)
{
    uint64_t parts[AREA_PART_COUNT], area = area_compute(isa, parts);
    printf("%s: relative to one another, never absolute\n\nenergy of one, pJ\n", isa->machine->name);
    print_costs(energy_keys, isa->machine->energy, ENERGY_COUNT);
    printf("\narea of one, square micrometres\n");
    print_costs(area_keys, isa->machine->area, AREA_COUNT);
    printf("\narea of %s on it\n", isa->name);
    for (int i = 0; i < AREA_PART_COUNT; i++)
        printf("%-24s %10" PRIu64 "      %s\n", area_part_names[i], parts[i], area_part_definitions[i]);
    printf("%-24s %10" PRIu64 "\n", "total", area);
}

static int command_line_error(const char *what, const char *argument)
{
    fprintf(stderr, "hybridsim: error: found %s%s%s%s\n%s", what, argument ? " `" : "", argument ? argument : "",
            argument ? "`" : "", usage);
    return EXIT_USER_ERROR;
}

/* argv[0] is "isa". */
int command_isa(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*print)(const struct isa *isa);
    } actions[] = {{"check", isa_summarise}, {"show", isa_show}, {"list", isa_list}, {"costs", isa_costs}};
    if (argc < 2)
        return command_line_error("nothing to do, expected check, show, list or costs", NULL);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        terminal_print_help(usage, stdout);
        return EXIT_GOOD;
    }
    void (*print)(const struct isa *isa) = NULL;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(argv[1], actions[i].name) == 0)
            print = actions[i].print;
    if (!print)
        return command_line_error("unknown action, expected check, show, list or costs:", argv[1]);
    const char *machine_file = NULL;
    int files = 0, status = EXIT_GOOD;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--machine") == 0) {
            if (++i == argc)
                return command_line_error("--machine without a file", NULL);
            machine_file = argv[i];
            continue;
        }
        if (argv[i][0] == '-' && argv[i][1])
            return command_line_error("unknown option", argv[i]);
        struct diag diag;
        diag_init(&diag);
        char *path = spec_path_isa(argv[i], &diag), *machine = machine_file ? spec_path_machine(machine_file, &diag) : NULL;
        struct isa *isa = path && (machine || !machine_file) ? isa_load(path, machine, &diag) : NULL;
        free(path);
        free(machine);
        terminal_print_errors(&diag, stderr);
        diag_free(&diag);
        if (isa)
            print(isa);
        else
            status = EXIT_USER_ERROR;
        isa_free(isa);
        files++;
    }
    return files ? status : command_line_error("no SPEC, expected at least one spec", NULL);
}
