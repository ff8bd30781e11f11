/* session.c - one execution: find and compile the program, make its world, run __main__, report how it ended. */
#include "sim/engine/session.h"

#include "frontend/frontend.h"
#include "sim/engine/frame.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/import.h"
#include "sim/runtime/native_counters.h"
#include "sim/runtime/replay.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

enum { FRAME_LIMIT = 1 << 21, STACK_VALUES = 1 << 26, C_DEPTH_LIMIT = 1500, NATIVES_START = 32 };

/* The frame stacks are reserved, not used: pages are touched as recursion deepens. */
static void *reserve(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        abort();
    return memory;
}

struct session {
    const struct session_options *options;
    struct engine engine;
    struct vm *vm;
    uint64_t work[WORK_COUNT]; /* of what runs outside any Python code */
    struct code_unit **units;  /* compiled while running; freed at the end */
    uint32_t unit_count;
    const char *path[3];
    char *script_folder, *library, *dynload;
    char **argv;
};

/* The SIGINT handler can reach nothing but this. */
static struct vm *interruptible;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (interruptible)
        interruptible->interrupt |= INTERRUPT_SIGNAL;
}

static void mark_frames(struct vm *vm, void *context)
{
    struct engine *engine = context;
    for (struct frame *frame = engine->frames + 1; frame <= vm->frame; frame++) {
        for (uint32_t i = 0; i < frame->state->slot_count; i++)
            gc_mark_conservative(vm, frame->slots[i]);
        gc_mark_object(vm, frame->function);
        gc_mark_object(vm, frame->globals);
        gc_mark_object(vm, frame->builtins);
        gc_mark_object(vm, frame->generator);
        gc_mark(vm, frame->locals);
        gc_mark(vm, frame->closure);
        if (frame->returns == RETURN_INSTANCE)
            gc_mark(vm, frame->instance);
        if (frame->generator)
            gc_mark(vm, frame->outer_handled);
    }
    for (struct code_state *state = engine->states; state; state = state->next)
        gc_mark_object(vm, state->object);
}

static struct session *session_of(struct vm *vm)
{
    return (struct session *)((char *)vm->engine - offsetof(struct session, engine));
}

static const struct code *keep_unit(struct session *session, struct code_unit *unit)
{
    session->units = realloc(session->units, (session->unit_count + 1) * sizeof *session->units);
    if (!session->units)
        abort();
    session->units[session->unit_count++] = unit;
    return unit->module;
}

/* A compiler's complaint becomes the exception that CPython would raise. */
static void raise_compile_failure(struct vm *vm, struct compile_failure *failure, struct diag *diag)
{
    if (!failure->class_name) {
        raise_error(vm, &exc_SystemError, "%s", diag->count ? diag->entries[0].text : "compilation failed");
        return;
    }
    struct type *type = &exc_SyntaxError;
    if (!strcmp(failure->class_name, "IndentationError"))
        type = &exc_IndentationError;
    else if (!strcmp(failure->class_name, "TabError"))
        type = &exc_TabError;
    else if (strcmp(failure->class_name, "SyntaxError")) {
        raise_error(vm, &exc_ValueError, "%s", failure->message);
        return;
    }
    value text = failure->text ? string_from_text(vm, failure->text) : NONE;
    value filename = failure->filename ? string_from_text(vm, failure->filename) : NONE;
    value place[6] = {filename, small_int(failure->line), small_int(failure->offset), text, small_int(failure->end_line),
                      small_int(failure->end_offset)};
    value details = tuple_from(vm, place, 6);
    value exception = call_2(vm, object_value(type), string_from_text(vm, failure->message), details);
    if (exception != VALUE_NULL)
        raise_value(vm, exception);
}

static void pass_warnings(struct vm *vm, struct frontend *frontend)
{
    char *warnings = frontend_take_warnings(frontend);
    if (warnings)
        stream_write(vm, vm->err, warnings, strlen(warnings));
    free(warnings);
}

static const struct code *load_code(struct vm *vm, const char *path)
{
    struct session *session = session_of(vm);
    struct diag diag;
    struct compile_failure failure = {0};
    diag_init(&diag);
    struct code_unit *unit = frontend_load_module_source(vm->frontend, path, &failure, &diag);
    pass_warnings(vm, vm->frontend);
    if (!unit)
        raise_compile_failure(vm, &failure, &diag);
    compile_failure_free(&failure);
    diag_free(&diag);
    return unit ? keep_unit(session, unit) : NULL;
}

static value compile_source(struct vm *vm, const char *source, size_t size, const char *filename, const char *mode, unsigned flags)
{
    struct session *session = session_of(vm);
    struct diag diag;
    struct compile_failure failure = {0};
    diag_init(&diag);
    struct compile_request request = {.source = source, .size = size, .filename = filename, .flags = flags, .optimize = -1};
    request.mode = !strcmp(mode, "eval") ? COMPILE_EVAL : !strcmp(mode, "single") ? COMPILE_SINGLE : COMPILE_EXEC;
    struct code_unit *unit = frontend_compile_source(vm->frontend, &request, &failure, &diag);
    pass_warnings(vm, vm->frontend);
    value result = VALUE_NULL;
    if (unit)
        result = code_object_from(vm, keep_unit(session, unit));
    else
        raise_compile_failure(vm, &failure, &diag);
    compile_failure_free(&failure);
    diag_free(&diag);
    return result;
}

/* Shapes are recorded for the Python instruction that made the native call. */
static void record_shape(struct vm *vm, int kind, uint32_t m, uint32_t n, uint32_t k, uint32_t element_bytes)
{
    struct frame *frame = vm->frame;
    if (!frame->state)
        return;
    struct profile_shape shape = {.kind = (enum profile_shape_kind)kind, .what = kind == SHAPE_MATMUL ? "matmul" : "activation",
                                  .instruction = frame->state->word_source[frame->pc - frame->state->words],
                                  .rows = m, .columns = n, .depth = k, .element_bytes = element_bytes, .count = 1};
    profile_add_shape(frame->state->profile, shape);
}

/* ---- the program ---- */

static char *folder_of(const char *path)
{
    char *real = realpath(path, NULL);
    char *text = real ? real : strdup(path);
    char *slash = strrchr(text, '/');
    if (slash)
        *(slash == text ? slash + 1 : slash) = 0;
    return text;
}

/* module.py, or module/__main__.py, along sys.path: as python3 -m. */
static char *find_module(struct session *session, const char *name, struct diag *diag)
{
    char *relative = strdup(name);
    for (char *p = relative; *p; p++)
        if (*p == '.')
            *p = '/';
    for (int i = 0; i < 2; i++) {
        for (int form = 0; form < 2; form++) {
            char *path;
            if (asprintf(&path, "%s/%s%s", session->path[i], relative, form ? "/__main__.py" : ".py") < 0)
                abort();
            struct stat status;
            if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
                free(relative);
                return path;
            }
            free(path);
        }
    }
    free(relative);
    diag_error(diag, NULL, 0, 0, "%s: No module named %s\n", session->options->executable, name);
    diag->verbatim = true; /* CPython's own words, and exit status 1 */
    return NULL;
}

/* The standard library beside the interpreter, or (it may be a wrapper script) where Debian and a local build put it. */
static char *find_library(const char *executable)
{
    char *real = realpath(executable, NULL);
    char *bin = folder_of(real ? real : executable);
    free(real);
    const char *const prefixes[] = {bin, "/usr/bin", "/usr/local/bin"};
    char *library = NULL;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && !library; i++) {
        char *path;
        if (asprintf(&path, "%s/../lib/python3.11/os.py", prefixes[i]) < 0)
            abort();
        library = realpath(path, NULL);
        free(path);
    }
    free(bin);
    if (!library)
        return strdup("/usr/lib/python3.11");
    library[strlen(library) - strlen("/os.py")] = 0;
    return library;
}

static void set_path(struct session *session)
{
    const struct session_options *options = session->options;
    session->library = find_library(options->executable ? options->executable : "/usr/bin/python3");
    if (options->script)
        session->script_folder = folder_of(options->script);
    else
        session->script_folder = options->module ? realpath(".", NULL) : strdup("");
    session->path[0] = session->script_folder;
    session->path[1] = session->library;
}

static struct code_unit *compile_program(struct session *session, char **file, struct diag *diag)
{
    const struct session_options *options = session->options;
    *file = NULL;
    if (options->command) {
        size_t size = strlen(options->command);
        struct compile_request request = {.source = options->command, .size = size, .filename = options->command_is_stdin ? "<stdin>" : "<string>",
                                          .mode = COMPILE_EXEC, .optimize = -1};
        return frontend_compile_source(options->frontend, &request, NULL, diag);
    }
    *file = options->module ? find_module(session, options->module, diag) : strdup(options->script);
    return *file ? frontend_load_script(options->frontend, *file, diag) : NULL;
}

static value make_main(struct vm *vm, const struct code_unit *unit, const char *file)
{
    value module = module_new(vm, "__main__");
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    value builtins = dict_get_text(vm, dict_of(vm->modules), "builtins");
    dict_set_text(vm, dict, "__builtins__", builtins == VALUE_NULL ? vm->builtins : builtins);
    if (file)
        dict_set_text(vm, dict, "__file__", string_from_text(vm, unit->filename));
    if (file)
        dict_set_text(vm, dict, "__cached__", NONE);
    dict_set_text(vm, dict, "__annotations__", dict_new(vm));
    dict_set_text(vm, dict_of(vm->modules), "__main__", module);
    return object_value(dict);
}

/* How a SystemExit ends the program: None 0, an int itself, anything else printed and 1. */
static int exit_status_of(struct vm *vm, value exception)
{
    value code = ((struct exception_object *)value_object(exception))->fields[0];
    if (code == VALUE_NULL || code == NONE)
        return 0;
    if (is_small_int(code))
        return (int)(small_int_value(code) & 0xff);
    if (is_int(code))
        return code == TRUE ? 1 : code == FALSE ? 0 : 255;
    value text = value_string(vm, code);
    size_t size = 0;
    const char *bytes = text == VALUE_NULL ? "" : string_utf8(vm, text, &size);
    stream_flush(vm, vm->out);
    stream_write(vm, vm->err, bytes, size);
    stream_write(vm, vm->err, "\n", 1);
    return 1;
}

static void finish_exception(struct vm *vm, struct session_result *result)
{
    value exception = exception_take(vm);
    if (is_instance(vm, exception, &exc_SystemExit)) {
        result->exit_status = exit_status_of(vm, exception);
        return;
    }
    if (vm->unsupported) {
        result->unsupported = true;
        result->exit_status = 3;
        return;
    }
    stream_flush(vm, vm->out);
    exception_print(vm, exception);
    result->exit_status = 1;
    if (is_instance(vm, exception, &exc_KeyboardInterrupt)) {
        result->interrupted = true;
        result->exit_status = 130;
    }
}

static int compare_natives(const void *a, const void *b)
{
    return strcmp(((const struct profile_native *)a)->name, ((const struct profile_native *)b)->name);
}

static void collect_natives(struct vm *vm)
{
    struct profile *profile = vm->profile;
    uint32_t capacity = NATIVES_START;
    profile->natives = calloc(capacity, sizeof *profile->natives);
    if (!profile->natives)
        abort();
    uint32_t count = native_counter_count(vm);
    for (uint32_t i = 0; i < count; i++) {
        if (profile->native_count == capacity) {
            capacity *= 2;
            profile->natives = realloc(profile->natives, capacity * sizeof *profile->natives);
            if (!profile->natives)
                abort();
        }
        profile->natives[profile->native_count++] = (struct profile_native){strdup(native_counter_at(vm, i)->name), native_counter_at(vm, i)->calls};
    }
    qsort(profile->natives, profile->native_count, sizeof *profile->natives, compare_natives);
}

/* python3 -m: the package around the module is imported first, and relative imports start from it. */
static bool import_package(struct vm *vm, const char *module, const char *file, value globals)
{
    const char *dot = strrchr(module, '.');
    size_t file_size = strlen(file), main_size = strlen("/__main__.py");
    bool is_package = file_size > main_size && !strcmp(file + file_size - main_size, "/__main__.py");
    value package = is_package ? string_from_text(vm, module)
                               : string_from_utf8(vm, module, dot ? (size_t)(dot - module) : 0);
    if (!dict_set_text(vm, dict_of(globals), "__package__", package))
        return false;
    return !string_of(package)->length || import_absolute(vm, intern(vm, package)) != VALUE_NULL;
}

static void run_program(struct session *session, struct code_unit *unit, const char *file, struct session_result *result)
{
    struct vm *vm = session->vm;
    value globals;
    WORK_UNTRACKED(vm, globals = make_main(vm, unit, file));
    value done = VALUE_NULL;
    if (!session->options->module || import_package(vm, session->options->module, file, globals))
        done = engine_run_code(vm, unit->module, globals, globals, VALUE_NULL);
    if (done == VALUE_NULL)
        finish_exception(vm, result);
    vm->frame = session->engine.frames;
    vm->work = session->work;
    module_run_exit_functions(vm);
    gc_finish(vm);
    if (!stream_flush(vm, vm->out))
        exception_clear(vm);
    stream_flush(vm, vm->err);
    engine_collect_counters(vm);
    collect_natives(vm);
}

static void start_engine(struct session *session)
{
    struct engine *engine = &session->engine;
    engine->frames = reserve(FRAME_LIMIT * sizeof *engine->frames);
    engine->frames_end = engine->frames + FRAME_LIMIT;
    engine->stack = reserve(STACK_VALUES * sizeof *engine->stack);
    engine->stack_end = engine->stack + STACK_VALUES;
    engine->isa = session->options->isa;
    engine->options = session->options;
}

static void stop_engine(struct session *session)
{
    struct engine *engine = &session->engine;
    munmap(engine->frames, FRAME_LIMIT * sizeof *engine->frames);
    munmap(engine->stack, STACK_VALUES * sizeof *engine->stack);
}

bool session_run(const struct session_options *options, struct session_result *result, struct diag *diag)
{
    struct session session = {.options = options};
    memset(result, 0, sizeof *result);
    set_path(&session);
    char *file;
    struct code_unit *unit = compile_program(&session, &file, diag);
    if (!unit) {
        free(session.script_folder);
        free(session.library);
        return false;
    }
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    start_engine(&session);
    session.argv = calloc((size_t)options->argument_count + 2, sizeof *session.argv);
    if (!session.argv)
        abort();
    session.argv[0] = options->command_is_stdin ? (char[]){"-"} : options->command ? (char[]){"-c"} : file;
    for (int i = 0; i < options->argument_count; i++)
        session.argv[i + 1] = options->arguments[i];
    struct vm *vm = session.vm = vm_new(&(struct vm_options){
        .c_stack_base = __builtin_frame_address(0), .work = session.work, .engine = &session.engine,
        .frame = session.engine.frames, .frontend = options->frontend, .profile = profile_new(),
        .stdin_fd = options->stdin_fd, .stdout_fd = options->stdout_fd, .stderr_fd = options->stderr_fd,
        .argv = session.argv, .argc = options->argument_count + 1, .path = session.path, .path_count = 2,
        .executable = options->executable, .replay_path = options->replay_path, .replay_record = options->replay_record,
        .shadow_writes = options->shadow_writes, .c_depth_limit = C_DEPTH_LIMIT});
    vm->load_code = load_code;
    vm->compile_source = compile_source;
    vm->record_shape = record_shape;
    gc_add_tracer(vm, mark_frames, &session.engine);
    pass_warnings(vm, options->frontend);
    interruptible = vm;
    struct sigaction action = {.sa_handler = on_interrupt}; /* no SA_RESTART: a read that waits has to end */
    sigaction(SIGINT, &action, NULL);

    run_program(&session, unit, file, result);

    signal(SIGINT, SIG_IGN); /* one more Ctrl-C must not lose the report */
    interruptible = NULL;
    clock_gettime(CLOCK_MONOTONIC, &after);
    result->profile = vm->profile;
    result->profile->interrupted = result->interrupted;
    result->profile->host_seconds = (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    result->profile->host_peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
    /* Units and translations are what the profile speaks of: they stay with the process. */
    vm_free(vm);
    stop_engine(&session);
    free(session.argv);
    return true;
}
