/* compiler.c - see compiler.h. The process is started at the first request, reads requests from one end of a socket pair and
 * ends when the other end is closed. Interpreters that are not the version wanted say so in their greeting. */
#include "frontend/compiler.h"

#include "frontend/python_path.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GREETING_SIZE = 100, GREETING_SECONDS = 30 };

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings" /* gcc and clang know no limit */
static const char script[] =
#include "frontend/compiler_script.inc"
    ;
#pragma GCC diagnostic pop

void compiler_init(struct compiler *compiler, const struct frontend_options *options,
                   const struct source_version *version)
{
    *compiler = (struct compiler){.options = options, .version = version, .socket = -1, .process = -1};
}

void compiler_stop(struct compiler *compiler)
{
    if (compiler->socket >= 0)
        close(compiler->socket);
    if (compiler->process > 0) {
        kill(compiler->process, SIGKILL);
        while (waitpid(compiler->process, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    compiler->socket = compiler->process = -1;
    free(compiler->python);
    compiler->python = NULL;
}

void compile_failure_free(struct compile_failure *failure)
{
    free(failure->class_name);
    free(failure->message);
    free(failure->filename);
    free(failure->text);
    free(failure->formatted);
    memset(failure, 0, sizeof *failure);
}

void compile_answer_free(struct compile_answer *answer)
{
    buffer_free(&answer->code);
    buffer_free(&answer->warnings);
    buffer_free(&answer->orders);
    compile_failure_free(&answer->failure);
}

static bool send_all(int socket, const void *bytes, size_t size)
{
    const char *next = bytes;
    while (size) {
        ssize_t sent = send(socket, next, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        next += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool receive_all(int socket, void *bytes, size_t size)
{
    char *next = bytes;
    while (size) {
        ssize_t received = recv(socket, next, size, 0);
        if (received < 0 && errno == EINTR)
            continue;
        if (received <= 0)
            return false;
        next += received;
        size -= (size_t)received;
    }
    return true;
}

static bool send_field(int socket, const void *bytes, size_t size)
{
    uint8_t head[4] = {(uint8_t)size, (uint8_t)(size >> 8), (uint8_t)(size >> 16), (uint8_t)(size >> 24)};
    return size < UINT32_MAX && send_all(socket, head, sizeof head) && send_all(socket, bytes, size);
}

static bool send_text(int socket, const char *text)
{
    return send_field(socket, text, strlen(text));
}

/* *is_none may be NULL where None cannot be. */
static bool receive_field(int socket, struct buffer *field, bool *is_none)
{
    uint8_t head[4];
    field->size = 0;
    if (!receive_all(socket, head, sizeof head))
        return false;
    uint32_t size = (uint32_t)head[0] | (uint32_t)head[1] << 8 | (uint32_t)head[2] << 16 | (uint32_t)head[3] << 24;
    if (is_none)
        *is_none = size == UINT32_MAX;
    buffer_add(field, "", 0);
    if (size == UINT32_MAX)
        return is_none != NULL;
    char block[4096];
    while (size) {
        size_t part = size < sizeof block ? size : sizeof block;
        if (!receive_all(socket, block, part))
            return false;
        buffer_add(field, block, part);
        size -= (uint32_t)part;
    }
    return true;
}

static bool receive_text(int socket, char **text)
{
    struct buffer field = {0};
    bool is_none;
    bool done = receive_field(socket, &field, &is_none);
    *text = done && !is_none ? strdup(field.bytes) : NULL;
    buffer_free(&field);
    return done;
}

static bool receive_number(int socket, int *number)
{
    char *text;
    bool done = receive_text(socket, &text);
    *number = text ? (int)strtol(text, NULL, 10) : -1;
    free(text);
    return done;
}

/* The helper's environment: without PYTHON*, which would change what it does, and with the hash seed that makes the order of
 * set constants the one of PYTHONHASHSEED=0. The array is the caller's to free, its strings are not. */
static char **make_environment(char *const *environment)
{
    static char seed[] = "PYTHONHASHSEED=0";
    size_t count = 0, kept = 0;
    while (environment && environment[count])
        count++;
    char **result = calloc(count + 2, sizeof *result);
    if (!result)
        abort();
    for (size_t i = 0; i < count; i++)
        if (strncmp(environment[i], "PYTHON", 6) != 0)
            result[kept++] = environment[i];
    result[kept] = seed;
    return result;
}

static void run_child(const char *python, int socket, char **environment)
{
    signal(SIGINT, SIG_IGN); /* what ends the caller is the caller's to handle; the socket's end is ours */
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    int null = open("/dev/null", O_RDWR);
    if (dup2(socket, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
        _exit(127);
    close_range(3, ~0u, 0);
    execle(python, python, "-s", "-S", "-B", "-c", script, (char *)NULL, environment);
    _exit(127);
}

static bool start(struct compiler *compiler, const char *python)
{
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
        return false;
    char **environment = make_environment(compiler->options->environment);
    pid_t process = fork();
    if (process == 0)
        run_child(python, sockets[1], environment);
    free(environment);
    close(sockets[1]);
    if (process < 0) {
        close(sockets[0]);
        return false;
    }
    compiler->socket = sockets[0];
    compiler->process = process;
    compiler->python = strdup(python);
    return true;
}

/* Reads the greeting; what kind of Python it was goes to `found`. */
static bool greeted(struct compiler *compiler, char found[GREETING_SIZE])
{
    char line[GREETING_SIZE] = "", implementation[GREETING_SIZE], release[GREETING_SIZE];
    unsigned magic;
    for (size_t size = 0; size < sizeof line - 1; size++) {
        struct pollfd ready = {.fd = compiler->socket, .events = POLLIN};
        int events;
        do
            events = poll(&ready, 1, GREETING_SECONDS * 1000);
        while (events < 0 && errno == EINTR);
        if (events <= 0 || !receive_all(compiler->socket, line + size, 1) || line[size] == '\n')
            break;
    }
    if (sscanf(line, "hybridsim-compiler %u %99s %99s", &magic, implementation, release) != 3) {
        strcpy(found, "not a working Python");
        return false;
    }
    bool is_cpython = strcmp(implementation, "cpython") == 0;
    snprintf(found, GREETING_SIZE, "%.30s%s%.30s", is_cpython ? "" : implementation, is_cpython ? "" : " ", release);
    return is_cpython && magic == compiler->version->magic;
}

/* Starts `python` when it is what we want; else adds it to the list of what was found. */
static bool try_python(struct compiler *compiler, const char *python, struct buffer *found)
{
    char kind[GREETING_SIZE];
    if (access(python, X_OK) != 0) {
        buffer_printf(found, "%s%s (%s)", found->size ? ", " : "", python, strerror(errno));
        return false;
    }
    if (!start(compiler, python)) {
        buffer_printf(found, "%s%s (cannot be started: %s)", found->size ? ", " : "", python, strerror(errno));
        return false;
    }
    if (greeted(compiler, kind))
        return true;
    buffer_printf(found, "%s%s (%s)", found->size ? ", " : "", python, kind);
    compiler_stop(compiler);
    return false;
}

static bool find_python(struct compiler *compiler, struct diag *diag)
{
    const struct frontend_options *options = compiler->options;
    struct buffer found = {0};
    const char *asked = options->python ? options->python : options->python_hint;
    char **paths = python_paths(asked, compiler->version->name, options->environment);
    bool done = false;
    for (char **path = paths; *path && !done; path++)
        done = try_python(compiler, *path, &found);
    python_paths_free(paths);
    if (!done && asked && !found.size)
        buffer_printf(&found, "%s (not on PATH)", asked);
    if (!done)
        diag_error(diag, NULL, 0, 0,
                   "CPython %s is needed to compile Python source; found %s; install python%s, or name one with --python or "
                   "HYBRIDSIM_PYTHON",
                   compiler->version->name, found.size ? found.bytes : "none", compiler->version->name);
    buffer_free(&found);
    return done;
}

static bool send_request(int socket, const struct compile_request *request)
{
    static const char *const modes[] = {"exec", "eval", "single", "script", "func_type"};
    static const char *const kinds[] = {"bytes", "text", "tree", "symbols", "effect", "listing"};
    char numbers[80];
    snprintf(numbers, sizeof numbers, "%" PRIu32 " %d %d %d", request->flags, request->optimize < 0 ? 0 : request->optimize,
             request->feature_version > 0 ? request->feature_version : -1, request->int_digits);
    return send_text(socket, kinds[request->kind]) && send_text(socket, request->filename) &&
           send_text(socket, modes[request->mode]) && send_text(socket, numbers) &&
           send_field(socket, request->source, request->size);
}

static bool receive_answer(int socket, struct compile_answer *answer)
{
    struct compile_failure *failure = &answer->failure;
    struct buffer kind = {0};
    bool done = receive_field(socket, &kind, NULL) && receive_field(socket, &answer->warnings, NULL);
    answer->compiled = done && strcmp(kind.bytes, "code") == 0;
    buffer_free(&kind);
    if (!done)
        return false;
    if (answer->compiled)
        return receive_field(socket, &answer->code, NULL) && receive_field(socket, &answer->orders, NULL);
    return receive_text(socket, &failure->class_name) && receive_text(socket, &failure->message) &&
           receive_text(socket, &failure->filename) && receive_text(socket, &failure->text) &&
           receive_number(socket, &failure->line) && receive_number(socket, &failure->offset) &&
           receive_number(socket, &failure->end_line) && receive_number(socket, &failure->end_offset) &&
           receive_text(socket, &failure->formatted);
}

bool compiler_compile(struct compiler *compiler, const struct compile_request *request, struct compile_answer *answer,
                      struct diag *diag)
{
    memset(answer, 0, sizeof *answer);
    if (compiler->socket < 0 && !find_python(compiler, diag))
        return false;
    if (send_request(compiler->socket, request) && receive_answer(compiler->socket, answer))
        return true;
    diag_error(diag, request->filename, 0, 0, "%s ended while compiling this file", compiler->python);
    compiler_stop(compiler);
    compile_answer_free(answer);
    return false;
}
