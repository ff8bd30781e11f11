/* save_profile.c - see save_profile.h. */
#include "cli/save_profile.h"

#include "cli/sweep/cache_shapes.h"
#include "cli/sweep/saved_profile.h"
#include "sim/timing/predictor.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char default_isa[] = "hybrid";

static bool check_options(const struct program_options *options, struct diag *diag)
{
    const struct run_program *program = &options->program;
    const struct { bool given; const char *name; } refused[] = {
        {options->no_baseline, "--no-baseline"}, {options->machine, "--machine"}, {program->writable_count, "--allow-write"},
        {program->no_files, "--no-files"}, {program->native_code, "--allow-native"}, {program->own_clock, "--own-clock"},
        {program->host_clock, "--host-clock"}, {program->warning_count, "-W or PYTHONWARNINGS"}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (refused[i].given)
            return diag_error(diag, NULL, 0, 0, "--save-profile: found %s, but sweeps execute programs without it",
                              refused[i].name);
    if (!program->script)
        return diag_error(diag, NULL, 0, 0, "--save-profile: found -m, -c or -, expected a script: sweeps execute nothing else");
    return options->isa_count <= 1 ||
           diag_error(diag, NULL, 0, 0, "--save-profile: found %d ISAs, expected one: a profile is of one run", options->isa_count);
}

/* The baseline and the ISA, which may be the baseline once more. */
static bool load_isas(struct save_profile *save, struct program_options *options, struct run_list *list, struct diag *diag)
{
    struct program_options baseline = *options;
    struct run_list second = {.isa_count = 0};
    baseline.isa_count = 0;
    options->no_baseline = true;
    if (!options->isa_count)
        options->isas[options->isa_count++] = default_isa;
    bool good = run_list_load(&baseline, list, diag);
    good &= run_list_load(options, &second, diag);
    options->no_baseline = false;
    if (good)
        save->isa = list->isas[list->isa_count++] = second.isas[0];
    return good;
}

/* The profile's size comes last, so that it is found behind what others describe. */
static void describe(const struct run_facts *facts, struct buffer *bytes)
{
    const struct save_profile *save = facts->context;
    struct run_facts other = *facts;
    struct retime_source source;
    uint64_t size = 0;
    other.context = save->describe_context;
    if (save->describe)
        save->describe(&other, bytes);
    if (facts->isa != save->isa)
        return;
    if (!facts->unsupported && !facts->interrupted) {
        struct buffer profile = {0};
        struct saved_program program = {.script = save->program->script, .arguments = save->program->arguments,
                                        .argument_count = (uint32_t)save->program->argument_count, .key = save->key,
                                        .isa = facts->isa->name, .exit_status = (uint32_t)facts->exit_status};
        retime_source_take(&source, (struct profile *)(uintptr_t)facts->profile, save->trace, save->distances);
        saved_profile_write(&program, &source, &profile);
        retime_source_free(&source);
        size = profile.size;
        buffer_add(bytes, profile.bytes, profile.size);
        buffer_free(&profile);
    }
    buffer_add(bytes, &size, sizeof size);
}

/* The predictor is asked, too: the run has a report. */
static bool record(void *context, const struct code_profile *code, uint32_t block, bool taken)
{
    const struct save_profile *save = context;
    branch_trace_record(save->trace, code, block, taken);
    return save->predictor && predictor_on_branch(save->predictor, code, block, taken);
}

static uint64_t follow(void *context, uint64_t address, uint64_t size, bool is_new)
{
    const struct save_profile *save = context;
    stack_distances_access(save->distances, address, size, is_new);
    return data_cache_on_access(save->data_cache, address, size, is_new);
}

static bool take_input_away(struct diag *diag)
{
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    bool done = nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0;
    if (nothing > STDIN_FILENO)
        close(nothing);
    return done || diag_error(diag, "/dev/null", 0, 0, "cannot be opened: %s", strerror(errno));
}

bool save_profile_prepare(struct save_profile *save, const char *path, struct program_options *options, struct run_list *list,
                          struct diag *diag)
{
    struct run_program *program = &options->program;
    save->file = (struct report_file){.fd = -1};
    if (!check_options(options, diag) || !load_isas(save, options, list, diag))
        return false;
    save->script = realpath(program->script, NULL);
    if (!save->script)
        return diag_error(diag, program->script, 0, 0, "the script cannot be read: %s", strerror(errno));
    program->script = save->script;
    if (!program_key(program, &save->key))
        return diag_error(diag, program->script, 0, 0, "--save-profile: expected a script that can be read as text");
    save->program = program;
    save->trace = branch_trace_new();
    save->predictor = predictor_new(save->isa->machine);
    save->describe = program->describe;
    save->describe_context = program->describe_context;
    program->describe = describe;
    program->describe_context = save;
    program->on_branch = record;
    program->branch_context = save;
    save->distances = cache_distances_usual(save->isa->machine);
    save->data_cache = data_cache_new(save->isa->machine);
    program->on_access = save->distances ? follow : NULL;
    program->access_context = save;
    return report_file_open_any(&save->file, path, diag) && take_input_away(diag);
}

/* Cuts the profile off the run's `extra`. False: there is none. */
static bool take_profile(struct run_outcome *outcome, struct buffer *profile)
{
    uint64_t size;
    if (outcome->extra_size < sizeof size)
        return false;
    outcome->extra_size -= sizeof size;
    memcpy(&size, outcome->extra + outcome->extra_size, sizeof size);
    if (!size || size > outcome->extra_size)
        return false;
    outcome->extra_size -= size;
    buffer_add(profile, outcome->extra + outcome->extra_size, size);
    return true;
}

bool save_profile_finish(struct save_profile *save, struct run_list *list, struct diag *diag)
{
    struct buffer profile = {0};
    bool good = list->isa_count == 2 && list->done == 2 && take_profile(&list->outcomes[1], &profile);
    if (good)
        good = report_file_write_bytes(&save->file, &profile, diag);
    else
        diag_error(diag, save->file.path, 0, 0, "the profile is not written: the program did not come to its end");
    buffer_free(&profile);
    return good;
}

void save_profile_close(struct save_profile *save)
{
    report_file_abandon(&save->file);
    branch_trace_free(save->trace);
    predictor_free(save->predictor);
    stack_distances_free(save->distances);
    data_cache_free(save->data_cache);
    free(save->script);
}
