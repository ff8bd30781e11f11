/* slurm.c - see slurm.h. */
#include "cli/sweep/slurm.h"

#include "cli/commands.h"
#include "cli/sweep/merge.h"
#include "cli/sweep/shard.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* A task takes a moment to be started, and executes the programs: this many results are half a minute's work for one core. */
enum { TASK_RESULTS = 30000, MOST_TASKS = 256, FIRST_POLL_MS = 250, LAST_POLL_MS = 5000 };

struct job {
    const struct sweep_plan *plan;
    const struct sweep_distribution *distribution;
    const struct sweep_options *options;
    uint32_t tasks;
    char *folder;  /* as given, ending with '/' */
    char *stem;    /* FOLDER/NAME */
    char *script;
    struct diag *diag;
};

static char *formatted(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *formatted(const char *format, ...)
{
    char *text = NULL;
    va_list places;
    va_start(places, format);
    if (vasprintf(&text, format, places) < 0)
        abort();
    va_end(places);
    return text;
}

static void add_quoted(struct buffer *script, const char *word)
{
    buffer_add_byte(script, '\'');
    for (const char *c = word; *c; c++)
        if (*c == '\'')
            buffer_add_text(script, "'\\''");
        else
            buffer_add_byte(script, (uint8_t)*c);
    buffer_add_byte(script, '\'');
}

static uint32_t count_tasks(const struct sweep_plan *plan, long wanted)
{
    uint64_t results = (uint64_t)plan->point_count * (uint64_t)plan->program_count;
    uint64_t tasks = wanted ? (uint64_t)wanted : (results + TASK_RESULTS - 1) / TASK_RESULTS;
    if (!wanted && tasks > MOST_TASKS)
        tasks = MOST_TASKS;
    return tasks < plan->point_count ? (uint32_t)tasks : plan->point_count;
}

/* ---- the script ---- */

/* Paths stay as they were given, in the folder they were given in: programs are known by their paths. */
static bool add_script(const struct job *job, struct buffer *script)
{
    char folder[4096], program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    const struct sweep_options *options = job->options;
    int workers = options->workers ? options->workers : 1;
    if (!getcwd(folder, sizeof folder) || length <= 0 || strpbrk(folder, "\"\n") || strpbrk(job->stem, "\"\n"))
        return diag_error(job->diag, NULL, 0, 0, "the working directory or the results' folder cannot be named in a job script");
    program[length] = 0;
    const char *name = strrchr(job->stem, '/') + 1;
    buffer_printf(script, "#!/bin/sh\n#SBATCH --job-name=\"hybridsim-%s\"\n#SBATCH --array=1-%" PRIu32 "\n#SBATCH --requeue\n"
                  "#SBATCH --ntasks=1\n#SBATCH --cpus-per-task=%d\n#SBATCH --chdir=\"%s\"\n"
                  "#SBATCH --output=\"%s-%%a-of-%" PRIu32 ".log\"\n#SBATCH --open-mode=append\n"
                  "# Each task computes one of %" PRIu32 " parts; one that is started again goes on where it was.\nexec ",
                  name, job->tasks, workers, folder, job->stem, job->tasks, job->tasks);
    add_quoted(script, program);
    buffer_add_text(script, " sweep ");
    add_quoted(script, job->plan->file);
    buffer_add_text(script, " -o ");
    add_quoted(script, job->folder);
    if (options->python) {
        buffer_add_text(script, " --python ");
        add_quoted(script, options->python);
    }
    buffer_printf(script, " --shard \"$SLURM_ARRAY_TASK_ID/%" PRIu32 "\" --workers %d%s\n", job->tasks, workers,
                  options->exact ? " --exact" : "");
    return true;
}

static bool write_script(const struct job *job)
{
    struct buffer script = {0};
    bool good = add_script(job, &script);
    FILE *file = good ? fopen(job->script, "w") : NULL;
    if (good && (!file || fwrite(script.bytes, 1, script.size, file) != script.size))
        good = diag_error(job->diag, job->script, 0, 0, "cannot be written: %s", strerror(errno));
    if (file && fclose(file) != 0)
        good = diag_error(job->diag, job->script, 0, 0, "cannot be written: %s", strerror(errno));
    buffer_free(&script);
    return good;
}

/* ---- Slurm's commands ---- */

/* What the command prints is added to `output`; its errors go to stderr unless `quiet`. Its exit status, -1: it is not there. */
static int call(char *const *words, bool quiet, struct buffer *output)
{
    int ends[2], status = -1;
    pid_t process;
    char bytes[4096];
    posix_spawn_file_actions_t actions;
    if (pipe(ends) != 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    if (quiet)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool started = posix_spawnp(&process, words[0], &actions, NULL, words, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    for (ssize_t size; started && (size = read(ends[0], bytes, sizeof bytes)) > 0;)
        buffer_add(output, bytes, (size_t)size);
    close(ends[0]);
    if (!started || waitpid(process, &status, 0) != process)
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The job's number; NULL after an error. */
static char *submit(const struct job *job)
{
    char sbatch[] = "sbatch", parsable[] = "--parsable";
    char *const words[] = {sbatch, parsable, job->script, NULL};
    struct buffer output = {0};
    int status = call(words, false, &output);
    char *number = status == 0 && output.size ? strndup(output.bytes, strcspn(output.bytes, ";\n")) : NULL;
    buffer_free(&output);
    if (!number)
        diag_error(job->diag, job->script, 0, 0, "sbatch %s", status < 0 ? "was not found: is Slurm installed here?" : "failed");
    return number;
}

/* Until the queue has none of the job's tasks. `sbatch --wait` looks every 10 s only. */
static void wait_for_tasks(const struct job *job, char *number)
{
    char squeue[] = "squeue", no_header[] = "--noheader", array[] = "--array", of_job[] = "--jobs", format[] = "--format=%T";
    char *const words[] = {squeue, no_header, array, format, of_job, number, NULL};
    bool shown = isatty(STDERR_FILENO) && !job->options->quiet;
    for (long pause = FIRST_POLL_MS;; pause = pause < LAST_POLL_MS ? pause + pause / 4 : pause) {
        struct buffer output = {0};
        uint32_t left = 0;
        const struct timespec time = {pause / 1000, pause % 1000 * 1000000};
        call(words, true, &output);
        for (const char *c = output.bytes; c && (c = strchr(c, '\n')); c++)
            left++;
        buffer_free(&output);
        if (shown)
            fprintf(stderr, "\r\033[Khybridsim: job %s: %" PRIu32 " of %" PRIu32 " tasks have ended", number,
                    left < job->tasks ? job->tasks - left : 0, job->tasks);
        if (!left)
            break;
        nanosleep(&time, NULL);
    }
    if (shown)
        fputs("\r\033[K", stderr);
}

static int merge_parts(const struct job *job, const char *merged)
{
    char **files = calloc(job->tasks, sizeof *files);
    int count = 0;
    if (!files)
        abort();
    for (uint32_t i = 1; i <= job->tasks; i++) {
        char *file = formatted("%s-%" PRIu32 "-of-%" PRIu32 ".db", job->stem, i, job->tasks);
        if (access(file, R_OK) == 0)
            files[count++] = file;
        else
            free(file);
    }
    const struct merge_request request = {files, count, merged, NULL, NULL};
    int status = EXIT_USER_ERROR;
    if (count)
        status = sweep_merge_files(&request, job->options->quiet, job->diag);
    else
        diag_error(job->diag, NULL, 0, 0, "no task left results; %s-1-of-%" PRIu32 ".log and its like say why", job->stem,
                   job->tasks);
    for (int i = 0; i < count; i++)
        free(files[i]);
    free(files);
    return status;
}

static int submit_and_merge(const struct job *job, const char *merged)
{
    char *number = submit(job);
    if (!number)
        return EXIT_USER_ERROR;
    if (!job->options->quiet)
        fprintf(stderr, "hybridsim: job %s, %" PRIu32 " task%s; when interrupted, this command only stops waiting for it\n", number,
                job->tasks, job->tasks == 1 ? "" : "s");
    wait_for_tasks(job, number);
    free(number);
    return merge_parts(job, merged);
}

int slurm_sweep(const struct sweep_plan *plan, const struct sweep_distribution *distribution, const struct sweep_options *options,
                struct diag *diag)
{
    if (plan->method == SWEEP_SEARCH) {
        sweep_part_refuse(plan, diag);
        return EXIT_USER_ERROR;
    }
    struct job job = {.plan = plan, .distribution = distribution, .options = options, .diag = diag};
    const char *output = distribution->output;
    job.tasks = count_tasks(plan, distribution->tasks);
    job.folder = formatted("%s%s", output, output[0] && output[strlen(output) - 1] == '/' ? "" : "/");
    job.stem = sweep_part_path(job.folder, plan, "");
    char *merged = strdup(job.stem);
    job.stem[strlen(job.stem) - strlen(".db")] = 0;
    job.script = formatted("%s.sbatch", job.stem);
    int status = EXIT_USER_ERROR;
    if (sweep_make_folder(job.folder, diag) && write_script(&job)) {
        status = EXIT_SUCCESS;
        if (!options->quiet)
            printf("sbatch %s\nhybridsim sweep merge %s-*-of-%" PRIu32 ".db -o %s\n", job.script, job.stem, job.tasks, merged);
        fflush(stdout);
        if (distribution->submit)
            status = submit_and_merge(&job, merged);
    }
    free(merged);
    free(job.script);
    free(job.stem);
    free(job.folder);
    return status;
}
