/* share.c - see share.h. All programs' points, in an order that all ranks agree on, are one row of places. Rank 0 gives each rank
 * a stretch of it, and one that has finished its own half of the longest that is left; ranks take pieces of their stretch. So a
 * rank executes few of the programs, and those once (keeper.h). Nobody waits in MPI: its waiting keeps a core busy. */
#include "cli/sweep/share.h"

#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/sweep/merge.h"
#include "cli/sweep/shard.h"
#include "cli/mpi/transport.h"
#include "core/memory.h"

#include <dlfcn.h>
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LEAST_PIECE = 32, MOST_PIECE = 1024, PIECES_OF_STRETCH = 8, WAIT_MS = 1 };

struct shared_state {        /* in memory that a rank's two processes share */
    uint64_t computed;       /* what the one that computes has done */
    int64_t executions;
    uint8_t done[];          /* of each place: 1, it has a result */
};

struct sweep_share {
    const struct sweep_plan *plan;
    uint32_t *order;         /* the points */
    struct shared_state *state;
    size_t state_size;
    int socket;              /* to this rank's other process */
    uint32_t *points;        /* of the latest piece */
};

struct stretch {
    uint64_t next, end;
};

enum message_kind { MESSAGE_WANT, MESSAGE_PIECE, MESSAGE_ENDED, MESSAGE_FINISH };

struct agent {               /* the process that speaks MPI */
    struct sweep_share *share;
    const struct transport *transport;
    struct sweep_options *options;
    const char *folder;
    int rank, size;
    pid_t process;           /* the one that computes; 0: it has ended */
    int status;              /* its exit status; of rank 0, the worst of all */
    struct stretch *stretches; /* of rank 0: of each rank */
    int ended;               /* of rank 0: ranks that have */
    uint64_t computed;
    int64_t executions;
    struct diag *diag;
};

static uint64_t count_places(const struct sweep_share *share)
{
    return (uint64_t)share->plan->point_count * (uint64_t)share->plan->program_count;
}

/* ---- the process that computes ---- */

bool share_take(struct sweep_share *share, struct sweep_piece *piece)
{
    uint32_t points = share->plan->point_count;
    do {
        int64_t places[2] = {0, 0};
        ssize_t size;
        if (send(share->socket, "", 1, MSG_NOSIGNAL) != 1)
            return false;
        do
            size = recv(share->socket, places, sizeof places, 0);
        while (size < 0 && errno == EINTR);
        if (size != sizeof places || !places[1])
            return false;
        piece->program = (int)((uint64_t)places[0] / points);
        piece->points = share->points;
        piece->count = 0;
        for (int64_t place = places[0]; place < places[0] + places[1]; place++)
            if (!share->state->done[place])
                share->points[piece->count++] = share->order[(uint64_t)place % points];
    } while (!piece->count);
    return true;
}

void share_tell(struct sweep_share *share, uint64_t computed, int executions)
{
    share->state->computed = computed;
    share->state->executions = executions;
}

/* Waits for the rank's number. */
static int compute(struct sweep_share *share, struct sweep_plan *plan, const char *folder, struct sweep_options *options,
                   struct diag *diag)
{
    int64_t rank;
    char ending[32];
    ssize_t size;
    do
        size = recv(share->socket, &rank, sizeof rank, 0);
    while (size < 0 && errno == EINTR);
    if (size != sizeof rank)
        return EXIT_USER_ERROR; /* the other process has said why */
    snprintf(ending, sizeof ending, "-rank-%" PRId64, rank);
    char *path = sweep_part_path(folder, plan, ending);
    options->results = path;
    options->share = share;
    options->quiet = true;
    int status = sweep_run(plan, options, diag);
    free(path);
    return status;
}

/* ---- rank 0: what there is ---- */

/* Ranks' and parts' files, and the merged one. To be freed by globfree. */
static void list_files(const struct agent *agent, bool with_merged, glob_t *files)
{
    static const char *const endings[] = {"-rank-*", "-*-of-*", ""};
    memset(files, 0, sizeof *files);
    for (size_t i = 0; i < (with_merged ? 3 : 2); i++) {
        char *pattern = sweep_part_path(agent->folder, agent->share->plan, endings[i]);
        glob(pattern, i ? GLOB_APPEND : 0, NULL, files);
        free(pattern);
    }
}

struct known_point {
    struct content_key settings;
    uint32_t place;          /* in the order */
};

static int compare_known(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct content_key));
}

static struct known_point *list_points(const struct sweep_share *share)
{
    struct known_point *known = checked_alloc(share->plan->point_count, sizeof *known);
    struct diag ignored; /* it is told when the point is written down */
    diag_init(&ignored);
    for (uint32_t i = 0; i < share->plan->point_count; i++) {
        struct buffer settings = {0};
        sweep_point_settings(share->plan, share->order[i], &settings, &ignored);
        known[i] = (struct known_point){CONTENT_KEY_START, i};
        content_key_add(&known[i].settings, settings.bytes, settings.size);
        buffer_free(&settings);
    }
    qsort(known, share->plan->point_count, sizeof *known, compare_known);
    diag_free(&ignored);
    return known;
}

static void mark_result(struct sweep_share *share, const struct known_point *known, const char *settings, const char *program)
{
    struct known_point wanted = {CONTENT_KEY_START, 0};
    content_key_add(&wanted.settings, settings, strlen(settings));
    const struct known_point *found = bsearch(&wanted, known, share->plan->point_count, sizeof *known, compare_known);
    for (int i = 0; found && i < share->plan->program_count; i++) {
        char key[RESULTS_KEY_ROOM];
        results_key_text(&share->plan->programs[i].key, key);
        if (strcmp(key, program) == 0)
            share->state->done[(uint64_t)i * share->plan->point_count + found->place] = 1;
    }
}

/* Results of this build, over this base. */
static bool mark_file(struct sweep_share *share, const struct known_point *known, const char *file, struct diag *diag)
{
    struct results results;
    sqlite3_stmt *rows = NULL;
    char tool[64], base[RESULTS_KEY_ROOM];
    struct content_key key = CONTENT_KEY_START;
    if (!results_open(&results, file, true, diag))
        return false;
    results_tool(tool, sizeof tool);
    content_key_add(&key, share->plan->base->resolved_text, strlen(share->plan->base->resolved_text));
    results_key_text(&key, base);
    char *query = sqlite3_mprintf("SELECT p.settings, g.key FROM results r JOIN points p ON p.id = r.point"
                                  " JOIN bases b ON b.id = p.base JOIN programs g ON g.id = r.program WHERE r.tool = '%q'"
                                  " AND b.key = '%q' AND (r.error IS NULL OR r.error NOT LIKE '" RESULTS_NEEDS_SCRIPT "%%')", tool,
                                  base);
    bool good = sqlite3_prepare_v2(results.database, query, -1, &rows, NULL) == SQLITE_OK ||
                results_error(&results, "cannot be read", diag);
    while (good && sqlite3_step(rows) == SQLITE_ROW)
        mark_result(share, known, (const char *)sqlite3_column_text(rows, 0), (const char *)sqlite3_column_text(rows, 1));
    sqlite3_finalize(rows);
    sqlite3_free(query);
    results_close(&results);
    return good;
}

static bool mark_done(struct agent *agent)
{
    struct known_point *known = list_points(agent->share);
    glob_t files;
    bool good = true;
    list_files(agent, true, &files);
    for (size_t i = 0; good && i < files.gl_pathc; i++)
        good = mark_file(agent->share, known, files.gl_pathv[i], agent->diag);
    globfree(&files);
    free(known);
    return good;
}

/* ---- rank 0: who computes what ---- */

static void divide(struct agent *agent)
{
    uint64_t places = count_places(agent->share);
    agent->stretches = checked_alloc((size_t)agent->size, sizeof *agent->stretches);
    for (uint64_t i = 0, size = (uint64_t)agent->size; i < size; i++)
        agent->stretches[i] = (struct stretch){places / size * i + places % size * i / size,
                                               places / size * (i + 1) + places % size * (i + 1) / size};
}

/* The latter half of the longest stretch that is left, or all of it when it is short. */
static struct stretch take_over(struct agent *agent)
{
    struct stretch *longest = &agent->stretches[0];
    for (int i = 1; i < agent->size; i++)
        if (agent->stretches[i].end - agent->stretches[i].next > longest->end - longest->next)
            longest = &agent->stretches[i];
    uint64_t left = longest->end - longest->next, taken = left > 2 * LEAST_PIECE ? left / 2 : left;
    longest->end -= taken;
    return (struct stretch){longest->end, longest->end + taken};
}

/* Places in words[1...2]: the first, and how many; none are left when that is 0. */
static struct transport_message give_piece(struct agent *agent, int rank)
{
    struct stretch *stretch = &agent->stretches[rank];
    uint64_t points = agent->share->plan->point_count;
    if (stretch->next == stretch->end)
        *stretch = take_over(agent);
    uint64_t left = stretch->end - stretch->next, count = left / PIECES_OF_STRETCH;
    count = count < LEAST_PIECE ? LEAST_PIECE : count > MOST_PIECE ? MOST_PIECE : count;
    count = count > left ? left : count;
    if (count > points - stretch->next % points)
        count = points - stretch->next % points; /* of one program */
    struct transport_message message = {{MESSAGE_PIECE, (int64_t)stretch->next, (int64_t)count}};
    stretch->next += count;
    return message;
}

static void note_ended(struct agent *agent, const struct transport_message *message)
{
    agent->ended++;
    agent->status = (int)message->words[1] > agent->status ? (int)message->words[1] : agent->status;
    agent->computed += (uint64_t)message->words[2];
    agent->executions += message->words[3];
}

/* ---- messages ---- */

static void answer_process(const struct agent *agent, const struct transport_message *message)
{
    send(agent->share->socket, &message->words[1], 2 * sizeof message->words[1], MSG_NOSIGNAL);
}

/* What this rank's other process wants, or that it has ended. */
static void serve_process(struct agent *agent)
{
    struct pollfd request = {.fd = agent->process ? agent->share->socket : -1, .events = POLLIN};
    char byte;
    int ending;
    if (poll(&request, 1, WAIT_MS) > 0 && recv(agent->share->socket, &byte, 1, MSG_DONTWAIT) == 1) {
        struct transport_message message = {{MESSAGE_WANT}};
        if (agent->rank) {
            agent->transport->send(0, &message);
        } else {
            message = give_piece(agent, 0);
            answer_process(agent, &message);
        }
    }
    if (agent->process && waitpid(agent->process, &ending, WNOHANG) == agent->process) {
        int status = WIFEXITED(ending) ? WEXITSTATUS(ending) : EXIT_DIFFERENCE;
        struct transport_message message = {{MESSAGE_ENDED, status, (int64_t)agent->share->state->computed,
                                             agent->share->state->executions}};
        agent->process = 0;
        agent->status = status > agent->status ? status : agent->status;
        if (agent->rank)
            agent->transport->send(0, &message);
        else
            note_ended(agent, &message);
    }
}

/* False: it was the last message. */
static bool serve_ranks(struct agent *agent)
{
    struct transport_message message;
    for (int from; (from = agent->transport->receive(&message)) >= 0;) {
        if (message.words[0] == MESSAGE_FINISH)
            return false;
        if (message.words[0] == MESSAGE_PIECE)
            answer_process(agent, &message);
        if (message.words[0] == MESSAGE_ENDED)
            note_ended(agent, &message);
        if (message.words[0] == MESSAGE_WANT) {
            message = give_piece(agent, from);
            agent->transport->send(from, &message);
        }
    }
    return agent->rank || agent->ended < agent->size;
}

/* ---- the process that speaks MPI ---- */

static void merge_ranks(struct agent *agent, double seconds)
{
    const struct sweep_plan *plan = agent->share->plan;
    char *merged = sweep_part_path(agent->folder, plan, "");
    glob_t files;
    list_files(agent, false, &files);
    if (!agent->options->quiet)
        fprintf(stderr, "hybridsim: %s: %" PRIu32 " points, %d program%s: %" PRIu64 " new results, by %d ranks and %" PRId64
                " executions in %.1f s\n", plan->name, plan->point_count, plan->program_count, plan->program_count == 1 ? "" : "s",
                agent->computed, agent->size, agent->executions, seconds);
    if (agent->status < 128) { /* not interrupted */
        struct sweep_part whole;
        sweep_part_whole(&whole, plan);
        const struct merge_request request = {files.gl_pathv, (int)files.gl_pathc, merged, NULL, whole.key};
        int status = sweep_merge_files(&request, agent->options->quiet, agent->diag);
        agent->status = agent->status ? agent->status : status;
    }
    globfree(&files);
    free(merged);
}

static int speak(struct agent *agent)
{
    struct sweep_share *share = agent->share;
    double started = progress_seconds();
    if (agent->transport->start(&agent->rank, &agent->size) != 0) {
        diag_error(agent->diag, NULL, 0, 0, "MPI cannot be started");
        return EXIT_USER_ERROR;
    }
    int64_t rank = agent->rank, good = rank || mark_done(agent);
    agent->transport->broadcast(&good, sizeof good);
    if (good) {
        agent->transport->broadcast(share->state->done, count_places(share));
        if (!rank)
            divide(agent);
        send(share->socket, &rank, sizeof rank, MSG_NOSIGNAL);
        do
            serve_process(agent);
        while (serve_ranks(agent));
        if (!rank)
            merge_ranks(agent, progress_seconds() - started);
        const struct transport_message finish = {{MESSAGE_FINISH}};
        for (int i = 1; !rank && i < agent->size; i++)
            agent->transport->send(i, &finish);
        free(agent->stretches);
    } else {
        agent->status = EXIT_USER_ERROR;
    }
    agent->transport->end();
    return agent->status;
}

/* ---- start ---- */

bool share_is_wanted(void)
{
    return getenv("OMPI_COMM_WORLD_SIZE") || getenv("PMI_SIZE") || getenv("PMIX_RANK");
}

/* Beside the program, as built, or where it is installed. */
static const struct transport *load_transport(struct diag *diag)
{
    static const char *const folders[] = {"", HYBRIDSIM_LIBRARY_FOLDER "/"};
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    const char *why = "it was built without MPI: install libopenmpi-dev and build it again";
    void *library = NULL;
    program[length > 0 ? length : 0] = 0;
    *(strrchr(program, '/') ? strrchr(program, '/') : program) = 0;
    for (size_t i = 0; !library && i < sizeof folders / sizeof *folders; i++) {
        char *path = NULL;
        if (asprintf(&path, "%s/%shybridsim-mpi.so", program, folders[i]) < 0)
            abort();
        if (access(path, F_OK) == 0 && !(library = dlopen(path, RTLD_NOW | RTLD_GLOBAL)))
            why = dlerror();
        free(path);
    }
    const struct transport *transport = library ? dlsym(library, TRANSPORT_SYMBOL) : NULL;
    if (transport && transport->version == TRANSPORT_VERSION)
        return transport;
    diag_error(diag, NULL, 0, 0, "mpirun started hybridsim, but %s; --shard I/N needs no MPI", library ? "hybridsim-mpi.so is of "
               "another version" : why);
    return NULL;
}

static bool check_use(const struct sweep_plan *plan, const struct sweep_distribution *distribution,
                      const struct sweep_options *options, struct diag *diag)
{
    if (plan->method == SWEEP_SEARCH)
        return diag_error(diag, plan->file, 0, 0, "found `method: search`, which ranks cannot share: its points depend on each "
                          "other");
    if (options->verify)
        return diag_error(diag, NULL, 0, 0, "--verify: found it under mpirun; a sweep in one process into the merged file computes "
                          "nothing and verifies");
    if (!sweep_is_folder(distribution->output))
        return diag_error(diag, distribution->output, 0, 0, "found a file, expected a folder for the ranks' results, as out/");
    return sweep_make_folder(distribution->output, diag);
}

/* Ranks on one machine share its cores, unless each was bound to some. */
static void choose_workers(struct sweep_options *options)
{
    const char *ranks = getenv("OMPI_COMM_WORLD_LOCAL_SIZE") ? getenv("OMPI_COMM_WORLD_LOCAL_SIZE") : getenv("MPI_LOCALNRANKS");
    int here = ranks ? atoi(ranks) : 1, cores = sweep_count_cores();
    if (!options->workers)
        options->workers = here > 1 && cores >= sysconf(_SC_NPROCESSORS_ONLN) ? (cores + here - 1) / here : cores;
}

static void make_share(struct sweep_share *share, const struct sweep_plan *plan)
{
    uint32_t *costs = checked_alloc(plan->point_count, sizeof *costs);
    *share = (struct sweep_share){.plan = plan};
    share->order = checked_alloc(plan->point_count, sizeof *share->order);
    share->points = checked_alloc(MOST_PIECE, sizeof *share->points);
    share->state_size = sizeof *share->state + count_places(share);
    share->state = mmap(NULL, share->state_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (share->state == MAP_FAILED)
        abort();
    sweep_order(plan, share->order, costs);
    free(costs);
}

int share_sweep(struct sweep_plan *plan, const struct sweep_distribution *distribution, struct sweep_options *options,
                struct diag *diag)
{
    struct sweep_share share;
    int pair[2], status = EXIT_USER_ERROR;
    if (!check_use(plan, distribution, options, diag))
        return status;
    const struct transport *transport = load_transport(diag);
    if (!transport)
        return status;
    choose_workers(options);
    make_share(&share, plan);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        abort();
    pid_t parent = getpid(), process = fork(); /* before MPI begins */
    share.socket = pair[process == 0];
    close(pair[process != 0]);
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() == parent)
            status = compute(&share, plan, distribution->output, options, diag);
    } else if (process > 0) {
        struct agent agent = {.share = &share, .transport = transport, .options = options, .folder = distribution->output,
                              .process = process, .diag = diag};
        status = speak(&agent);
    }
    close(share.socket);
    munmap(share.state, share.state_size);
    free(share.order);
    free(share.points);
    return status;
}
