/* share.c - see share.h. All programs' points, in an order that all ranks agree on, are one row of places. Rank 0 gives each rank
 * a stretch of it, and one that has finished its own half of the longest that is left; ranks take pieces of their stretch. So a
 * rank executes few of the programs, and those once (keeper.h). Nobody waits in MPI: its waiting keeps a core busy.
 * Of a search the places are those of a generation. Every rank finds all points by itself, of the objectives that ranks tell each
 * other at its end; rank 0 also tells, at its beginning, what the files have that an earlier start left. */
#include "cli/sweep/share.h"

#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/sweep/merge.h"
#include "cli/sweep/search.h"
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

enum { LEAST_PIECE = 32, LEAST_PIECE_OF_SEARCH = 4, MOST_PIECE = 1024, PIECES_OF_STRETCH = 8, WAIT_MS = 1, MOST_LEFT = 4096 };

struct shared_state {        /* in memory that a rank's two processes share */
    uint64_t computed;       /* what the one that computes has done */
    int64_t executions;
    uint32_t first, points;  /* whose places these are, program by program */
    int64_t check;           /* of a search: of the generation's points */
    uint8_t done[];          /* of each place: 1, it has a result */
};

struct known_result {        /* of a search, in files of an earlier start */
    struct content_key key;  /* of point and program */
    bool invalid;
    double values[SWEEP_MAX_OBJECTIVES];
};

struct sweep_share {
    const struct sweep_plan *plan;
    uint32_t *order;         /* the points */
    struct shared_state *state;
    size_t state_size;
    int socket;              /* to this rank's other process */
    uint32_t *points;        /* of the latest piece */
    uint64_t *values;        /* of a search, shared as `state` is: of each result 1, or 2 when it is invalid, and the objectives */
    size_t values_size, stride; /* bytes of all, words of one */
    struct known_result *known;
    size_t known_count;
    const char *folder;
    int rank, size, next_left;
};

struct stretch {
    uint64_t next, end;
};

enum message_kind { MESSAGE_WANT, MESSAGE_PIECE, MESSAGE_ENDED, MESSAGE_FINISH, MESSAGE_SYNC, MESSAGE_COMBINE };
enum order { ORDER_WANT = 'w', ORDER_BEGIN = 'b', ORDER_END = 'e' }; /* of the process that computes */

struct agent {               /* the process that speaks MPI */
    struct sweep_share *share;
    const struct transport *transport;
    struct sweep_options *options;
    int rank, size;
    pid_t process;           /* the one that computes; 0: it has ended */
    int status;              /* its exit status; of rank 0, the worst of all */
    struct stretch *stretches; /* of rank 0: of each rank */
    int ended;               /* of rank 0: ranks that have */
    int synced;              /* of rank 0: ranks that wait for the others */
    bool begins, differ;     /* for what, and not with the same points */
    int64_t check;           /* of the points of the latest of them */
    uint64_t computed;
    int64_t executions;
    struct diag *diag;
};

static uint64_t count_places(const struct sweep_share *share)
{
    return (uint64_t)share->state->points * (uint64_t)share->plan->program_count;
}

/* Of a search: those that the other process has found so far. */
static uint32_t count_points(const struct sweep_share *share)
{
    return share->state->first + share->state->points;
}

static bool is_search(const struct sweep_share *share)
{
    return share->plan->method == SWEEP_SEARCH;
}

/* ---- the process that computes ---- */

/* Two words from the other process. False: it has gone. */
static bool receive_words(struct sweep_share *share, int64_t words[2])
{
    ssize_t size;
    do
        size = recv(share->socket, words, 2 * sizeof *words, 0);
    while (size < 0 && errno == EINTR);
    return size == (ssize_t)(2 * sizeof *words);
}

static bool ask_agent(struct sweep_share *share, enum order order, int64_t words[2])
{
    char byte = (char)order;
    return send(share->socket, &byte, 1, MSG_NOSIGNAL) == 1 && receive_words(share, words);
}

bool share_take(struct sweep_share *share, struct sweep_piece *piece)
{
    const struct shared_state *state = share->state;
    do {
        int64_t places[2] = {0, 0};
        if (!ask_agent(share, ORDER_WANT, places) || !places[1])
            return false;
        piece->program = (int)((uint64_t)places[0] / state->points);
        piece->points = share->points;
        piece->count = 0;
        for (int64_t place = places[0]; place < places[0] + places[1]; place++)
            if (!state->done[place])
                share->points[piece->count++] = share->order[(uint64_t)place % state->points];
    } while (!piece->count);
    return true;
}

void share_tell(struct sweep_share *share, uint64_t computed, int executions)
{
    share->state->computed = computed;
    share->state->executions = executions;
}

/* ---- rank 0: what there is ---- */

/* Ranks' and parts' files, and the merged one. To be freed by globfree. */
static void list_files(const struct sweep_share *share, bool with_merged, glob_t *files)
{
    static const char *const endings[] = {"-rank-*", "-*-of-*", ""};
    memset(files, 0, sizeof *files);
    for (size_t i = 0; i < (with_merged ? 3 : 2); i++) {
        char *pattern = sweep_part_path(share->folder, share->plan, endings[i]);
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
        sweep_point_settings(share->plan, share->order[i], &settings, NULL, &ignored);
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

/* Results of this build, over this base: settings, the program's key, and more columns. NULL after an error. */
static sqlite3_stmt *query_results(const struct sweep_share *share, struct results *results, const char *columns, struct diag *diag)
{
    sqlite3_stmt *rows = NULL;
    char tool[64], base[RESULTS_KEY_ROOM];
    struct content_key key = CONTENT_KEY_START;
    results_tool(tool, sizeof tool);
    content_key_add(&key, share->plan->base->resolved_text, strlen(share->plan->base->resolved_text));
    results_key_text(&key, base);
    char *query = sqlite3_mprintf("SELECT p.settings, g.key, %s FROM results r JOIN whole_points p ON p.id = r.point"
                                  " JOIN bases b ON b.id = p.base JOIN programs g ON g.id = r.program WHERE r.tool = '%q'"
                                  " AND b.key = '%q' AND (r.error IS NULL OR r.error NOT LIKE '" RESULTS_NEEDS_SCRIPT "%%')",
                                  columns, tool, base);
    if (sqlite3_prepare_v2(results->database, query, -1, &rows, NULL) != SQLITE_OK)
        results_error(results, "cannot be read", diag);
    sqlite3_free(query);
    return rows;
}

static bool mark_file(struct sweep_share *share, const struct known_point *known, const char *file, struct diag *diag)
{
    struct results results;
    if (!results_open(&results, file, true, diag))
        return false;
    sqlite3_stmt *rows = query_results(share, &results, "1", diag);
    while (rows && sqlite3_step(rows) == SQLITE_ROW)
        mark_result(share, known, (const char *)sqlite3_column_text(rows, 0), (const char *)sqlite3_column_text(rows, 1));
    bool good = rows != NULL;
    sqlite3_finalize(rows);
    results_close(&results);
    return good;
}

/* ---- rank 0: what there is of a search ---- */

static struct content_key result_key(const char *settings, const char *program)
{
    struct content_key key = CONTENT_KEY_START;
    content_key_add(&key, settings, strlen(settings) + 1);
    content_key_add(&key, program, strlen(program));
    return key;
}

static int compare_results(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct content_key));
}

static void add_known(struct sweep_share *share, size_t *capacity, sqlite3_stmt *row)
{
    if (share->known_count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 1024;
        share->known = realloc(share->known, *capacity * sizeof *share->known);
        if (!share->known)
            abort();
    }
    struct known_result *known = &share->known[share->known_count++];
    known->key = result_key((const char *)sqlite3_column_text(row, 0), (const char *)sqlite3_column_text(row, 1));
    known->invalid = sqlite3_column_type(row, 2) != SQLITE_NULL;
    for (int i = 0; i < share->plan->objective_count; i++)
        known->values[i] = sqlite3_column_double(row, 3 + i);
}

/* Into share->known. Other ranks have not begun yet. */
static bool load_known(struct sweep_share *share, struct diag *diag)
{
    glob_t files;
    bool good = true;
    size_t capacity = 0;
    char *columns = search_columns(share->plan);
    list_files(share, true, &files);
    for (size_t i = 0; good && i < files.gl_pathc; i++) {
        struct results results;
        good = results_open(&results, files.gl_pathv[i], true, diag);
        if (!good)
            break;
        sqlite3_stmt *rows = query_results(share, &results, columns, diag);
        good = rows != NULL;
        while (good && sqlite3_step(rows) == SQLITE_ROW)
            add_known(share, &capacity, rows);
        sqlite3_finalize(rows);
        results_close(&results);
    }
    if (share->known_count)
        qsort(share->known, share->known_count, sizeof *share->known, compare_results);
    globfree(&files);
    free(columns);
    return good;
}

/* What is known of the generation becomes that of all ranks. */
static void put_known(struct sweep_share *share)
{
    const struct shared_state *state = share->state;
    struct diag ignored; /* it is told when the point is written down */
    diag_init(&ignored);
    for (uint32_t i = state->first; share->known_count && i < state->first + state->points; i++) {
        struct buffer settings = {0};
        sweep_point_settings(share->plan, i, &settings, NULL, &ignored);
        for (int program = 0; program < share->plan->program_count; program++) {
            char key[RESULTS_KEY_ROOM];
            results_key_text(&share->plan->programs[program].key, key);
            const struct content_key wanted = result_key(settings.bytes, key);
            const struct known_result *known = bsearch(&wanted, share->known, share->known_count, sizeof *known, compare_results);
            if (known)
                share_put(share, i, program, known->values, known->invalid);
        }
        buffer_free(&settings);
    }
    diag_free(&ignored);
}

/* ---- generations ---- */

static uint64_t *value_at(const struct sweep_share *share, uint32_t point, int program)
{
    return share->values + ((uint64_t)point * (uint64_t)share->plan->program_count + (uint64_t)program) * share->stride;
}

void share_put(struct sweep_share *share, uint32_t point, int program, const double *values, bool invalid)
{
    uint64_t *words = value_at(share, point, program);
    words[0] = invalid ? 2 : 1;
    if (!invalid)
        memcpy(words + 1, values, (size_t)share->plan->objective_count * sizeof *values);
}

bool share_get(void *context, uint32_t point, int program, double *values, bool *invalid)
{
    const struct sweep_share *share = context;
    const uint64_t *words = value_at(share, point, program);
    *invalid = words[0] == 2;
    memset(values, 0, (size_t)share->plan->objective_count * sizeof *values);
    if (words[0] == 1)
        memcpy(values, words + 1, (size_t)share->plan->objective_count * sizeof *values);
    return words[0] != 0;
}

bool share_begin(struct sweep_share *share, const uint32_t *order, uint32_t first, uint32_t count)
{
    struct shared_state *state = share->state;
    struct content_key check = CONTENT_KEY_START;
    int64_t words[2];
    double values[SWEEP_MAX_OBJECTIVES];
    bool invalid;
    const size_t axes = (size_t)share->plan->axis_count;
    content_key_add(&check, share->plan->choices + first * axes, count * axes * sizeof *share->plan->choices);
    state->check = (int64_t)check.words[0];
    state->first = first;
    state->points = count;
    memcpy(share->order, order, count * sizeof *order);
    put_known(share);
    if (!ask_agent(share, ORDER_BEGIN, words) || !words[0])
        return false;
    for (uint64_t place = 0; place < count_places(share); place++)
        state->done[place] = share_get(share, order[place % count], (int)(place / count), values, &invalid);
    return true;
}

bool share_end(struct sweep_share *share)
{
    int64_t words[2];
    return ask_agent(share, ORDER_END, words) && words[0];
}

char *share_next_left(struct sweep_share *share)
{
    char ending[32], *path = NULL;
    if (share->rank)
        return NULL;
    for (int i = share->size + share->next_left; !path && share->next_left < MOST_LEFT; i++, share->next_left++) {
        snprintf(ending, sizeof ending, "-rank-%d", i);
        path = sweep_part_path(share->folder, share->plan, ending);
        if (access(path, F_OK) != 0) {
            free(path);
            path = NULL;
        }
    }
    return path;
}

/* ---- rank 0: what there is of other sweeps ---- */

static bool mark_done(struct agent *agent)
{
    struct known_point *known = list_points(agent->share);
    glob_t files;
    bool good = true;
    list_files(agent->share, true, &files);
    for (size_t i = 0; good && i < files.gl_pathc; i++)
        good = mark_file(agent->share, known, files.gl_pathv[i], agent->diag);
    globfree(&files);
    free(known);
    return good;
}

/* Waits for the rank's number. */
static int compute(struct sweep_share *share, struct sweep_plan *plan, struct sweep_options *options, struct diag *diag)
{
    int64_t words[2];
    char ending[32];
    if (!receive_words(share, words))
        return EXIT_USER_ERROR; /* the other process has said why */
    share->rank = (int)words[0];
    share->size = (int)words[1];
    if (is_search(share) && !share->rank) {
        bool good = load_known(share, diag);
        if (send(share->socket, good ? "+" : "-", 1, MSG_NOSIGNAL) != 1 || !good)
            return EXIT_USER_ERROR;
    }
    snprintf(ending, sizeof ending, "-rank-%d", share->rank);
    char *path = sweep_part_path(share->folder, plan, ending);
    options->results = path;
    options->share = share;
    options->quiet = true;
    int status = sweep_run(plan, options, diag);
    free(path);
    return status;
}

/* ---- rank 0: who computes what ---- */

static void divide(struct agent *agent)
{
    uint64_t places = count_places(agent->share);
    free(agent->stretches);
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
    uint64_t points = agent->share->state->points;
    if (stretch->next == stretch->end)
        *stretch = take_over(agent);
    uint64_t left = stretch->end - stretch->next, count = left / PIECES_OF_STRETCH;
    uint64_t least = is_search(agent->share) ? LEAST_PIECE_OF_SEARCH : LEAST_PIECE;
    count = count < least ? least : count > MOST_PIECE ? MOST_PIECE : count;
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

/* Of all ranks: what each knows of the generation becomes known to all, unless one has ended. */
static void combine(struct agent *agent, bool good, bool begins)
{
    struct sweep_share *share = agent->share;
    const size_t words = share->stride * (size_t)share->plan->program_count;
    const struct transport_message answer = {{MESSAGE_COMBINE, good}};
    if (!agent->process)
        return;
    if (good)
        agent->transport->combine(share->values + share->state->first * words, share->state->points * words * sizeof(uint64_t));
    if (good && begins && !agent->rank)
        divide(agent);
    answer_process(agent, &answer);
}

/* Rank 0: lets the ranks that wait for each other go on, when no other is left. */
static void end_waiting(struct agent *agent)
{
    if (!agent->synced || agent->synced + agent->ended < agent->size)
        return;
    bool good = !agent->ended && !agent->differ;
    const struct transport_message message = {{MESSAGE_COMBINE, good, agent->begins}};
    agent->synced = 0;
    for (int i = 1; i < agent->size; i++)
        agent->transport->send(i, &message);
    combine(agent, good, agent->begins);
}

static void note_sync(struct agent *agent, const struct transport_message *message)
{
    bool differs = agent->synced && message->words[2] != agent->check;
    agent->check = message->words[2];
    agent->begins = message->words[1];
    agent->synced++;
    if (differs && !agent->differ)
        diag_error(agent->diag, agent->share->plan->file, 0, 0, "ranks found different points: the sweep file, or what it names, "
                   "is not the same for all");
    agent->differ |= differs;
    end_waiting(agent);
}

/* What this rank's other process wants, or that it has ended. */
static void serve_process(struct agent *agent)
{
    struct pollfd request = {.fd = agent->process ? agent->share->socket : -1, .events = POLLIN};
    char byte;
    int ending;
    if (poll(&request, 1, WAIT_MS) > 0 && recv(agent->share->socket, &byte, 1, MSG_DONTWAIT) == 1) {
        const struct shared_state *state = agent->share->state;
        struct transport_message message = {{MESSAGE_WANT}};
        if (byte != ORDER_WANT)
            message = (struct transport_message){{MESSAGE_SYNC, byte == ORDER_BEGIN, state->check}};
        if (agent->rank) {
            agent->transport->send(0, &message);
        } else if (byte != ORDER_WANT) {
            note_sync(agent, &message);
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
        if (agent->rank) {
            agent->transport->send(0, &message);
        } else {
            note_ended(agent, &message);
            end_waiting(agent);
        }
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
        if (message.words[0] == MESSAGE_SYNC)
            note_sync(agent, &message);
        if (message.words[0] == MESSAGE_COMBINE)
            combine(agent, message.words[1], message.words[2]);
        if (message.words[0] == MESSAGE_ENDED) {
            note_ended(agent, &message);
            end_waiting(agent);
        }
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
    char *merged = sweep_part_path(agent->share->folder, plan, "");
    glob_t files;
    list_files(agent->share, false, &files);
    if (!agent->options->quiet)
        fprintf(stderr, "hybridsim: %s: %" PRIu32 " points, %d program%s: %" PRIu64 " new results, by %d ranks and %" PRId64
                " executions in %.1f s\n", plan->name, count_points(agent->share), plan->program_count,
                plan->program_count == 1 ? "" : "s", agent->computed, agent->size, agent->executions, seconds);
    if (agent->status < 128 && !(agent->status && is_search(agent->share))) { /* not interrupted; a search's points are known */
        struct sweep_part whole;
        struct sweep_plan found = *plan;
        found.point_count = count_points(agent->share);
        sweep_part_whole(&whole, &found);
        const struct merge_request request = {files.gl_pathv, (int)files.gl_pathc, merged, NULL, whole.key};
        int status = sweep_merge_files(&request, agent->options->quiet, agent->diag);
        agent->status = agent->status ? agent->status : status;
    }
    globfree(&files);
    free(merged);
}

/* Rank 0's other process reads what there is before other ranks begin. */
static bool begin_search(struct sweep_share *share, const int64_t words[2])
{
    char byte = '-';
    ssize_t size;
    send(share->socket, words, 2 * sizeof *words, MSG_NOSIGNAL);
    do
        size = recv(share->socket, &byte, 1, 0);
    while (size < 0 && errno == EINTR);
    return size == 1 && byte == '+';
}

static int speak(struct agent *agent)
{
    struct sweep_share *share = agent->share;
    double started = progress_seconds();
    if (agent->transport->start(&agent->rank, &agent->size) != 0) {
        diag_error(agent->diag, NULL, 0, 0, "MPI cannot be started");
        return EXIT_USER_ERROR;
    }
    const int64_t words[2] = {agent->rank, agent->size};
    int64_t rank = agent->rank, good = true;
    if (!rank && is_search(share))
        good = begin_search(share, words);
    else if (!rank)
        good = mark_done(agent);
    agent->transport->broadcast(&good, sizeof good);
    if (good) {
        if (!is_search(share))
            agent->transport->broadcast(share->state->done, count_places(share));
        if (!rank && !is_search(share))
            divide(agent);
        if (rank || !is_search(share))
            send(share->socket, words, sizeof words, MSG_NOSIGNAL);
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

static bool check_use(const struct sweep_distribution *distribution, const struct sweep_options *options, struct diag *diag)
{
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

static void *map_shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

/* Of a search: room for a generation, and for the objectives of all points there may be. */
static void make_share(struct sweep_share *share, const struct sweep_plan *plan, const char *folder)
{
    bool search = plan->method == SWEEP_SEARCH;
    uint32_t points = search ? plan->population : plan->point_count;
    *share = (struct sweep_share){.plan = plan, .folder = folder, .stride = 1 + (size_t)plan->objective_count};
    share->order = checked_alloc(points, sizeof *share->order);
    share->points = checked_alloc(MOST_PIECE, sizeof *share->points);
    share->state_size = sizeof *share->state + (size_t)points * (size_t)plan->program_count;
    share->state = map_shared(share->state_size);
    share->state->points = points;
    share->values_size = search ? plan->capacity * (size_t)plan->program_count * share->stride * sizeof *share->values : 1;
    share->values = map_shared(share->values_size);
    if (!search) {
        uint32_t *costs = checked_alloc(points, sizeof *costs);
        sweep_order(plan, share->order, costs);
        free(costs);
    }
}

int share_sweep(struct sweep_plan *plan, const struct sweep_distribution *distribution, struct sweep_options *options,
                struct diag *diag)
{
    struct sweep_share share;
    int pair[2], status = EXIT_USER_ERROR;
    if (!check_use(distribution, options, diag))
        return status;
    const struct transport *transport = load_transport(diag);
    if (!transport)
        return status;
    choose_workers(options);
    make_share(&share, plan, distribution->output);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        abort();
    pid_t parent = getpid(), process = fork(); /* before MPI begins */
    share.socket = pair[process == 0];
    close(pair[process != 0]);
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() == parent)
            status = compute(&share, plan, options, diag);
    } else if (process > 0) {
        sigprocmask(SIG_SETMASK, &options->usual_signals, NULL); /* the other process stops in good order */
        struct agent agent = {.share = &share, .transport = transport, .options = options,
                              .process = process, .diag = diag};
        status = speak(&agent);
    }
    close(share.socket);
    munmap(share.state, share.state_size);
    munmap(share.values, share.values_size);
    free(share.known);
    free(share.order);
    free(share.points);
    return status;
}
