/* save_run.c - see save_run.h. */
#include "cli/save_run.h"

#include "reports/saved_run.h"

#include <openssl/evp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool save_open(const struct program_options *options, struct report_file *file, struct diag *diag)
{
    *file = (struct report_file){.fd = -1};
    if (!options->save)
        return true;
    size_t length = strlen(options->save);
    if (length < 6 || strcmp(options->save + length - 5, ".json") != 0)
        return diag_error(diag, options->save, 0, 0, "unknown format of a saved run: expected a name ending in .json");
    return report_file_open_any(file, options->save, diag);
}

static void hash_text(const void *bytes, size_t size, char text[SHA256_TEXT])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (!EVP_Digest(bytes, size, digest, &length, EVP_sha256(), NULL))
        abort();
    for (unsigned i = 0; i < length; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

/* The bytes of a source file; false: it cannot be read. */
static bool read_source(const char *path, struct buffer *text)
{
    FILE *file = fopen(path, "rb");
    char chunk[65536];
    size_t size;
    if (!file)
        return false;
    buffer_add_text(text, "");
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0)
        buffer_add(text, chunk, size);
    bool good = !ferror(file);
    fclose(file);
    return good;
}

static void describe_file(const struct timing_group *group, const struct run_program *program, struct saved_input_file *file)
{
    struct buffer text = {0};
    *file = (struct saved_input_file){.file = group->file};
    bool good = true;
    if (group->is_script && program->command)
        buffer_add_text(&text, program->command);
    else
        good = read_source(group->file, &text);
    if (good)
        hash_text(text.bytes, text.size, file->sha256);
    if (good && group->is_script)
        file->text = text.bytes;
    else
        buffer_free(&text);
}

/* The command line, but for what only says where results go. */
static int make_command(const struct program_options *options, const char *name, const char **words, int room)
{
    const struct run_program *program = &options->program;
    int count = 0;
    words[count++] = "hybridsim";
    words[count++] = name;
    for (int i = 0; i < options->isa_count; i++) {
        words[count++] = "--isa";
        words[count++] = options->isas[i];
    }
    if (options->machine) {
        words[count++] = "--machine";
        words[count++] = options->machine;
    }
    const struct { bool given; const char *word; } flags[] = {
        {options->no_baseline, "--no-baseline"}, {options->no_idioms, "--no-idioms"}, {program->no_files, "--no-files"}, {program->native_code, "--allow-native"},
        {program->own_clock, "--own-clock"}, {program->host_clock, "--host-clock"}};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (flags[i].given)
            words[count++] = flags[i].word;
    for (int i = 0; i < program->warning_count; i++) {
        words[count++] = "-W";
        words[count++] = program->warnings[i];
    }
    if (!program->script && !program->command_is_stdin)
        words[count++] = program->module ? "-m" : "-c";
    words[count++] = program->command_is_stdin ? "-" : program_name(program);
    for (int i = 0; i < program->argument_count && count < room; i++)
        words[count++] = program->arguments[i];
    return count;
}

bool save_runs(const struct program_options *options, const char *command, struct run_set *set, const struct run_list *list,
               const struct tally *const *tallies, struct report_file *file, struct diag *diag)
{
    enum { FIXED_WORDS = 16 };
    const struct run_program *program = &options->program;
    if (!options->save)
        return true;
    const struct timing_result *timing = list->outcomes[0].timing;
    int room = FIXED_WORDS + 2 * options->isa_count + 2 * program->warning_count + program->argument_count;
    const char **words = calloc((size_t)room, sizeof *words);
    struct saved_input_file *files = calloc(timing->file_count + 1u, sizeof *files);
    struct saved_input_spec specs[PROGRAM_MAX_LIST + 1];
    struct report_run runs[PROGRAM_MAX_LIST + 1];
    struct buffer text = {0};
    if (!words || !files)
        abort();
    for (int i = 0; i < list->done; i++) {
        runs[i] = (struct report_run){list->outcomes[i].timing, i == 0};
        specs[i].isa = list->isas[i];
        hash_text(list->isas[i]->resolved_text, strlen(list->isas[i]->resolved_text), specs[i].sha256);
    }
    for (uint32_t i = 0; i < timing->file_count; i++)
        describe_file(&timing->files[i], program, &files[i]);
    bool interrupted;
    int status = run_list_status(set, list, &interrupted);
    struct report report = {.program = program_name(program), .kind = program_kind(program), .arguments = program->arguments,
                            .argument_count = program->argument_count, .exit_status = status, .interrupted = interrupted,
                            .scope = SCOPE_ALL, .run_count = list->done, .runs = runs};
    struct saved_input input = {.report = &report, .tallies = tallies, .specs = specs, .command = words,
                                .command_count = make_command(options, command, words, room), .files = files,
                                .file_count = (int)timing->file_count};
    saved_run_render(&input, &text);
    bool good = report_file_write_bytes(file, &text, diag);
    for (uint32_t i = 0; i < timing->file_count; i++)
        free((char *)(uintptr_t)files[i].text);
    buffer_free(&text);
    free(files);
    free(words);
    return good;
}

bool save_described_runs(const struct program_options *options, const char *command, struct run_set *set,
                         const struct run_list *list, struct report_file *file, struct diag *diag)
{
    struct tally *tallies[PROGRAM_MAX_LIST + 1] = {NULL};
    const struct tally *constant[PROGRAM_MAX_LIST + 1];
    bool good = true;
    if (!options->save)
        return true;
    for (int i = 0; i < list->done; i++) {
        const struct run_outcome *outcome = &list->outcomes[i];
        constant[i] = tallies[i] = outcome->extra ? tally_read(outcome->extra, outcome->extra_size) : NULL;
        good &= tallies[i] != NULL;
    }
    if (good && list->done)
        good = save_runs(options, command, set, list, constant, file, diag);
    else
        good = diag_error(diag, options->save, 0, 0, "not written: %s", run_list_absence(list));
    for (int i = 0; i < list->done; i++)
        tally_free(tallies[i]);
    return good;
}
