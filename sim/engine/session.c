/* session.c - one execution: find and compile the program, make its world, run __main__, report how it ended. */
#include "sim/engine/session.h"

#include "frontend/frontend.h"
#include "sim/engine/access_words.h"
#include "sim/engine/contexts.h"
#include "sim/engine/frame.h"
#include "sim/engine/liveness.h"
#include "sim/engine/places.h"
#include "sim/engine/search_path.h"
#include "sim/engine/observe.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/import.h"
#include "sim/runtime/importlib.h"
#include "sim/runtime/module.h"
#include "sim/runtime/native_counters.h"
#include "sim/runtime/replay.h"
#include "translator/kept.h"
#include "sim/runtime/thread.h"
#include "sim/runtime/warning.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

enum { FRAME_LIMIT = 1 << 21, STACK_VALUES = 1 << 26,
       C_STACK_BYTES = 96 << 20, NATIVES_START = 32 };

/* The lowest address of the C stack that native recursion may reach. The soft limit on its size may be raised while running,
 * as far as the gap (128 MB) that Linux leaves below it at exec. */
static uintptr_t c_stack_end(uintptr_t base)
{
    struct rlimit limit;
    size_t size = (size_t)8 << 20;
    if (getrlimit(RLIMIT_STACK, &limit) == 0) {
        rlim_t wanted = limit.rlim_max < C_STACK_BYTES ? limit.rlim_max : C_STACK_BYTES;
        if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted) {
            limit.rlim_cur = wanted;
            if (setrlimit(RLIMIT_STACK, &limit) != 0)
                getrlimit(RLIMIT_STACK, &limit);
        }
        size = limit.rlim_cur < C_STACK_BYTES ? (size_t)limit.rlim_cur : C_STACK_BYTES;
    }
    return size > 2 * C_STACK_MARGIN ? base - size + C_STACK_MARGIN : base - size / 2;
}

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
    struct search_path path;
    char *library;
    char **argv;
};

/* The SIGINT handler can reach nothing but this. */
static struct vm *interruptible;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (interruptible)
        interruptible->interrupt |= INTERRUPT_SIGNAL | INTERRUPT_KEYBOARD;
}

enum { SECONDS_TO_END = 5 };

static void on_end_overdue(int signal_number)
{
    (void)signal_number;
    int number = interruptible ? interruptible->ended_by : SIGTERM;
    signal(number, SIG_DFL);
    raise(number);
}

/* SIGTERM and SIGHUP: what ran is reported, unless native code does not come to an end soon. */
static void on_end(int signal_number)
{
    if (!interruptible)
        return;
    if (signal_is_default(interruptible, signal_number)) {
        signal(SIGALRM, on_end_overdue);
        alarm(SECONDS_TO_END);
    }
    interruptible->ended_by = signal_number;
    interruptible->interrupt |= INTERRUPT_SIGNAL;
}

static void on_progress_asked(int signal_number)
{
    (void)signal_number;
    if (interruptible)
        interruptible->interrupt |= INTERRUPT_PROGRESS;
}

static void catch_signals(struct vm *vm, bool progress)
{
    interruptible = vm; /* no SA_RESTART: a read that waits has to end */
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt}, NULL);
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = on_end}, NULL);
    if (signal(SIGHUP, SIG_IGN) != SIG_IGN) /* nohup's wish */
        sigaction(SIGHUP, &(struct sigaction){.sa_handler = on_end}, NULL);
    if (progress)
        sigaction(SIGURG, &(struct sigaction){.sa_handler = on_progress_asked, .sa_flags = SA_RESTART}, NULL);
}

/* One more Ctrl-C must not lose the report. */
static void ignore_signals(void)
{
    static const int numbers[] = {SIGURG, SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        signal(numbers[i], SIG_IGN);
    alarm(0);
    interruptible = NULL;
}

void engine_mark_frames(struct vm *vm, struct frame *sentinel, struct frame *top)
{
    for (struct frame *frame = sentinel + 1; frame <= top; frame++) {
        if (vm->export_probe) /* variables only: buffer_may_move */
            for (uint32_t i = 0; i < frame->state->code->local_count; i++)
                gc_mark_conservative(vm, frame->slots[frame->state->function->local_slots[i]]);
        else
            live_mark_frame(vm, frame, frame < top ? frame + 1 : NULL);
        gc_mark_object(vm, frame->function);
        gc_mark_object(vm, frame->globals);
        gc_mark_object(vm, frame->builtins);
        gc_mark_object(vm, frame->generator);
        gc_mark(vm, frame->locals);
        gc_mark(vm, frame->closure);
        if (frame->returns == RETURN_INSTANCE || frame->returns == RETURN_OBSERVED)
            gc_mark(vm, frame->instance);
        if (frame->generator)
            gc_mark(vm, frame->outer_handled);
    }
}

static void mark_frames(struct vm *vm, void *context)
{
    struct engine *engine = context;
    engine_mark_frames(vm, engine->frames, vm->frame);
    if (engine->tracing.active) {
        gc_mark(vm, engine->tracing.trace);
        gc_mark(vm, engine->tracing.profile);
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

static value place_number(int n) { return n < 0 ? NONE : small_int(n); }

/* A compiler's complaint becomes the exception that CPython would raise. */
static void raise_compile_failure(struct vm *vm, struct compile_failure *failure, struct diag *diag)
{
    if (!failure->class_name) {
        raise_error(vm, &exc_SystemError, "%s", diag->count ? diag->entries[0].text : "compilation failed");
        return;
    }
    struct type *type = &exc_SyntaxError;
    if (!strcmp(failure->class_name, "IndentationError")) {
        type = &exc_IndentationError;
    } else if (!strcmp(failure->class_name, "TabError")) {
        type = &exc_TabError;
    } else if (strcmp(failure->class_name, "SyntaxError")) {
        struct type *const others[] = {&exc_TypeError, &exc_RecursionError, &exc_OverflowError, &exc_MemoryError,
                                       &exc_SystemError, &exc_AttributeError};
        type = &exc_ValueError;
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            if (!strcmp(failure->class_name, others[i]->name))
                type = others[i];
        raise_error(vm, type, "%s", failure->message);
        return;
    }
    value text = failure->text ? string_from_text(vm, failure->text) : NONE;
    value filename = failure->filename ? string_from_text(vm, failure->filename) : NONE;
    value place[6] = {filename, place_number(failure->line), small_int(failure->offset), text,
                      place_number(failure->end_line), failure->end_line < 0 ? NONE : small_int(failure->end_offset)};
    value details = tuple_from(vm, place, 6);
    value exception = call_2(vm, object_value(type), string_from_text(vm, failure->message), details);
    if (exception != VALUE_NULL)
        raise_value(vm, exception);
}

/* What the compiler warned of goes through the program's filters. False: one of them made it an exception. */
static bool pass_warnings(struct vm *vm, struct frontend *frontend)
{
    char *warnings = frontend_take_warnings(frontend);
    value pending = vm->pending;
    vm->pending = VALUE_NULL;
    bool good = true;
    if (warnings)
        WORK_UNTRACKED(vm, good = warning_issue_compiled(vm, warnings));
    free(warnings);
    if (good)
        vm->pending = pending;
    return good;
}

/* The filters asked for; module warnings reads them when it is imported, which is before the program begins. */
static bool filter_warnings(struct vm *vm, const struct session_options *options)
{
    value list = options->warning_count ? get_attribute_text(vm, vm->sys_module, "warnoptions") : NONE;
    for (int i = 0; list != VALUE_NULL && i < options->warning_count; i++)
        if (!list_append(vm, list_of(list), string_from_text(vm, options->warnings[i])))
            return false;
    return list == NONE || (list != VALUE_NULL && import_module(vm, "warnings") != VALUE_NULL);
}

/* The unit that the frontend made, kept; NULL: an exception is pending. Takes failure and diag over. */
static const struct code *keep_compiled(struct vm *vm, struct code_unit *unit, struct compile_failure *failure, struct diag *diag)
{
    bool good = pass_warnings(vm, vm->frontend);
    if (!unit && good)
        raise_compile_failure(vm, failure, diag);
    compile_failure_free(failure);
    diag_free(diag);
    return unit && good ? keep_unit(session_of(vm), unit) : NULL;
}

static const struct code *load_code(struct vm *vm, const char *path, const char *filename)
{
    struct diag diag;
    struct compile_failure failure = {0};
    diag_init(&diag);
    struct code_unit *unit = frontend_load_module_source(vm->frontend, path, filename, &failure, &diag);
    return keep_compiled(vm, unit, &failure, &diag);
}

static const struct code *load_text(struct vm *vm, const char *source, size_t size, const char *filename)
{
    struct diag diag;
    struct compile_failure failure = {0};
    struct compile_request request = {.source = source, .size = size, .filename = filename, .mode = COMPILE_EXEC};
    diag_init(&diag);
    struct code_unit *unit = frontend_compile_source(vm->frontend, &request, &failure, &diag);
    return keep_compiled(vm, unit, &failure, &diag);
}

unsigned engine_code_flags(struct vm *vm)
{
    return vm->frame->state ? vm->frame->state->code->flags : 0;
}

static struct compile_request request_of(const struct vm *vm, const struct source_request *asked)
{
    static const char *const modes[] = {[COMPILE_EXEC] = "exec", [COMPILE_EVAL] = "eval", [COMPILE_SINGLE] = "single",
                                        [COMPILE_SCRIPT] = "", [COMPILE_FUNCTION_TYPE] = "func_type"};
    struct compile_request request = {.kind = (enum compile_kind)asked->kind, .source = asked->source, .size = asked->size,
                                      .filename = asked->filename, .flags = asked->flags, .optimize = asked->optimize,
                                      .feature_version = asked->feature_version,
                                      .int_digits = vm->int_max_digits == UINT32_MAX ? -1 : (int)vm->int_max_digits};
    for (int i = 0; i <= COMPILE_FUNCTION_TYPE; i++)
        if (!strcmp(modes[i], asked->mode))
            request.mode = (enum compile_mode)i;
    return request;
}

static value compile_source(struct vm *vm, const struct source_request *asked)
{
    struct session *session = session_of(vm);
    struct diag diag;
    struct compile_failure failure = {0};
    diag_init(&diag);
    struct compile_request request = request_of(vm, asked);
    struct code_unit *unit = frontend_compile_source(vm->frontend, &request, &failure, &diag);
    bool good = pass_warnings(vm, vm->frontend);
    value result = VALUE_NULL;
    if (unit)
        unit->content_key[0] = unit->content_key[1] = 0; /* texts made at run time are too many to keep translations of */
    if (unit && good)
        result = code_object_from(vm, keep_unit(session, unit));
    else if (good)
        raise_compile_failure(vm, &failure, &diag);
    compile_failure_free(&failure);
    diag_free(&diag);
    return result;
}

static char *ask_compiler(struct vm *vm, const struct source_request *asked, size_t *size)
{
    struct diag diag;
    struct compile_failure failure = {0};
    struct buffer answer = {0};
    diag_init(&diag);
    struct compile_request request = request_of(vm, asked);
    bool done = frontend_ask(vm->frontend, &request, &answer, &failure, &diag);
    bool good = pass_warnings(vm, vm->frontend);
    if (!done && good)
        raise_compile_failure(vm, &failure, &diag);
    compile_failure_free(&failure);
    diag_free(&diag);
    *size = answer.size;
    if (done && good)
        return answer.bytes;
    buffer_free(&answer);
    return NULL;
}

static value load_marshalled(struct vm *vm, const void *bytes, size_t size)
{
    struct diag diag;
    diag_init(&diag);
    struct code_unit *unit = frontend_read_marshalled(bytes, size, "<marshal>", &diag);
    if (!unit)
        raise_error(vm, &exc_ValueError, "bad marshal data (%s)", diag.count ? diag.entries[0].text : "unknown");
    diag_free(&diag);
    return unit ? code_object_from(vm, keep_unit(session_of(vm), unit)) : VALUE_NULL;
}

/* A guard of the instruction that the frame is at has failed already: the first slot behind those of the function says so, if one
 * stands for speculative instructions (emit_operand_guards). */
static bool guard_has_failed(const struct frame *frame)
{
    uint32_t slot = frame->state->function->slot_count;
    return frame->state->slot_count > slot && frame->slots[slot] == small_int(1);
}

/* Shapes are recorded for the Python instruction that made the native call. */
static void record_shape(struct vm *vm, int kind, uint32_t m, uint32_t n, uint32_t k, uint32_t element_bytes)
{
    struct frame *frame = vm->frame;
    if (!frame->state)
        return;
    if (kind == SHAPE_NONE) {
        if (!guard_has_failed(frame))
            profile_add_guard_failure(frame_profile(vm, frame), frame->state->word_source[frame->pc - frame->state->words]);
        return;
    }
    static const char *const names[] = {"matmul", "activation", "vector", "cipher", "activation"};
    struct profile_shape shape = {.kind = (enum profile_shape_kind)kind, .what = names[kind],
                                  .instruction = frame->state->word_source[frame->pc - frame->state->words],
                                  .rows = m, .columns = n, .depth = k, .element_bytes = element_bytes, .count = 1};
    profile_add_shape(frame_profile(vm, frame), shape);
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

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* What python3 -m runs of `stem`: a package's __main__.py, or a module. *is_package: there is a package, whatever it holds. */
static char *find_runnable(const char *folder, const char *relative, bool *is_package)
{
    static const char *const forms[] = {"/__init__.py", "/__main__.py", ".py"};
    char *paths[3], *found = NULL;
    for (int i = 0; i < 3; i++)
        if (asprintf(&paths[i], "%s/%s%s", folder, relative, forms[i]) < 0)
            abort();
    *is_package = is_file(paths[0]);
    if (is_file(paths[1]) && (*is_package || !is_file(paths[2])))
        found = strdup(paths[1]);
    else if (!*is_package && is_file(paths[2]))
        found = strdup(paths[2]);
    for (int i = 0; i < 3; i++)
        free(paths[i]);
    return found;
}

/* module.py, or module/__main__.py, along sys.path: as python3 -m. */
static char *find_module(struct session *session, const char *name, struct diag *diag)
{
    char *relative = strdup(name), *found = NULL;
    bool is_package = false;
    for (char *p = relative; *p; p++)
        if (*p == '.')
            *p = '/';
    for (int i = 0; i < session->path.count && !found && !is_package; i++)
        found = find_runnable(session->path.folders[i], relative, &is_package);
    free(relative);
    if (found)
        return found;
    if (is_package)
        diag_error(diag, NULL, 0, 0, "%s: No module named %s.__main__; '%s' is a package and cannot be directly executed\n",
                   session->options->executable, name, name);
    else
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
    char *first = options->script ? folder_of(options->script) : options->module ? realpath(".", NULL) : strdup("");
    session->path = search_path_make(first ? first : "", options->python_path, session->library, options->executable,
                                     options->home);
    free(first);
}

char *session_find_module(const struct session_options *options, struct diag *diag)
{
    struct session session = {.options = options};
    set_path(&session);
    char *found = find_module(&session, options->module, diag);
    search_path_free(&session.path);
    free(session.library);
    return found;
}

static struct code_unit *compile_program(struct session *session, char **file, struct diag *diag)
{
    const struct session_options *options = session->options;
    *file = NULL;
    if (options->command) {
        size_t size = strlen(options->command);
        struct compile_request request = {.source = options->command,
                                          .size = size,
                                          .filename = options->command_is_stdin ? "<stdin>" : "<string>",
                                          .mode = COMPILE_EXEC,
                                          .optimize = -1};
        return frontend_compile_source(options->frontend, &request, NULL, diag);
    }
    *file = options->module ? find_module(session, options->module, diag) : strdup(options->script);
    return *file ? frontend_load_script(options->frontend, *file, diag) : NULL;
}

/* "package.__main__" for a package, else the name that was given. */
static bool name_main(struct vm *vm, value module, const char *name, const char *file)
{
    size_t size = strlen(file), tail = strlen("/__main__.py");
    bool is_package = size > tail && !strcmp(file + size - tail, "/__main__.py");
    value full = is_package ? string_printf(vm, "%s.__main__", name) : string_from_text(vm, name);
    ((struct module_object *)value_object(module))->name = full;
    return full != VALUE_NULL;
}

static value make_main(struct vm *vm, const struct code_unit *unit, const char *name, const char *file)
{
    value module = module_new(vm, "__main__");
    struct dict_object *dict = dict_of(((struct module_object *)value_object(module))->dict);
    value builtins = dict_get_text(vm, dict_of(vm->modules), "builtins");
    importlib_describe_later(vm, module);
    if (name)
        name_main(vm, module, name, file);
    else
        dict_set_text(vm, dict, "__spec__", NONE);
    dict_set_text(vm, dict, "__annotations__", dict_new(vm));
    dict_set_text(vm, dict, "__builtins__", builtins == VALUE_NULL ? vm->builtins : builtins);
    if (file)
        dict_set_text(vm, dict, "__file__", string_from_text(vm, unit->filename));
    if (file)
        dict_set_text(vm, dict, "__cached__", NONE);
    dict_set_text(vm, dict_of(vm->modules), "__main__", module);
    return import_resolve_own_names(vm, module, unit->module) ? object_value(dict) : VALUE_NULL;
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
    if (vm->engine->finishing) {
        result->interrupted = true;
        result->exit_status = 128 + vm->ended_by;
        return;
    }
    if (exception == vm->unsupported) {
        result->unsupported = true;
        result->exit_status = 3;
        return;
    }
    if (is_instance(vm, exception, &exc_SystemExit)) {
        result->exit_status = exit_status_of(vm, exception);
        return;
    }
    stream_flush(vm, vm->out);
    value raised = exception_show_uncaught(vm, exception);
    result->exit_status = raised == VALUE_NULL ? 1 : exit_status_of(vm, raised);
    if (unsupported_pending(vm)) {
        exception_clear(vm);
        result->unsupported = true;
        result->exit_status = 3;
        return;
    }
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
        profile->natives[profile->native_count++] =
            (struct profile_native){strdup(native_counter_at(vm, i)->name), native_counter_at(vm, i)->calls};
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

/* The program waits for its threads, unless they are daemons. */
static void threads_join(struct vm *vm)
{
    value module = dict_get_text(vm, dict_of(vm->modules), "threading");
    if (module != VALUE_NULL && module != NONE && call_method(vm, module, "_shutdown", NULL, 0) == VALUE_NULL &&
        !unsupported_pending(vm))
        unraisable_report(vm, "in", module);
}

static void run_program(struct session *session, struct code_unit *unit, const char *file, struct session_result *result)
{
    struct vm *vm = session->vm;
    value globals;
    WORK_UNTRACKED(vm, globals = make_main(vm, unit, session->options->module, file));
    value done = VALUE_NULL;
    if (globals != VALUE_NULL && (!session->options->module || import_package(vm, session->options->module, file, globals)))
        done = engine_run_code(vm, unit->module, globals, globals, VALUE_NULL);
    if (done == VALUE_NULL)
        finish_exception(vm, result);
    vm->frame = session->engine.frames;
    vm->work = session->work;
    if (!vm->engine->finishing) {
        threads_join(vm);
        module_run_exit_functions(vm);
    }
    threads_finish(vm);
    gc_finish(vm);
    if (vm->unsupported_lost) {
        result->unsupported = true;
        result->exit_status = 3;
    }
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
    engine->kept = kept_new(session->options->cache_directory, engine->isa,
                            session->options->block_cycles);
    engine->tracing.trace = engine->tracing.profile = VALUE_NULL;
    if (session->options->contexts)
        contexts_start(engine, session->work);
}

static void stop_engine(struct session *session)
{
    struct engine *engine = &session->engine;
    kept_free(engine->kept);
    contexts_free(engine);
    observer_free(engine);
    places_free(engine->places);
    engine_cycles_free(engine);
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
        search_path_free(&session.path);
        free(session.library);
        return false;
    }
    result->main_file = unit->filename;
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    start_engine(&session);
    session.argv = calloc((size_t)options->argument_count + 2, sizeof *session.argv);
    if (!session.argv)
        abort();
    session.argv[0] = options->command_is_stdin ? (char[]){"-"} : options->command ? (char[]){"-c"} : file;
    for (int i = 0; i < options->argument_count; i++)
        session.argv[i + 1] = options->arguments[i];
    struct clock_options clock = {options->clock, options->hertz, options->work_milli ? engine_cycles : NULL};
    struct vm *vm = session.vm = vm_new(&(struct vm_options){.c_stack_base = __builtin_frame_address(0),
                                                             .work = session.work,
                                                             .engine = &session.engine,
                                                             .frame = session.engine.frames,
                                                             .frontend = options->frontend,
                                                             .profile = profile_new(),
                                                             .stdin_fd = options->stdin_fd,
                                                             .stdout_fd = options->stdout_fd,
                                                             .stderr_fd = options->stderr_fd,
                                                             .argv = session.argv,
                                                             .argc = options->argument_count + 1,
                                                             .path = (const char *const *)session.path.folders,
                                                             .path_count = session.path.count,
                                                             .executable = options->executable,
                                                             .library = session.library,
                                                             .replay_path = options->replay_path,
                                                             .replay_record = options->replay_record,
                                                             .replay_complete = options->replay_complete,
                                                             .files = options->files,
                                                             .clock = &clock,
                                                             .c_stack_end = c_stack_end((uintptr_t)__builtin_frame_address(0))});
    vm->load_code = load_code;
    vm->load_text = load_text;
    vm->compile_source = compile_source;
    vm->ask_compiler = ask_compiler;
    vm->load_marshalled = load_marshalled;
    vm->record_shape = record_shape;
    if (options->dependence_bytes)
        observer_start(vm, options->dependence_bytes);
    else if (options->on_access)
        accesses_start(vm);
    gc_add_tracer(vm, mark_frames, &session.engine);
    if (!threads_start(vm))
        abort();
    if (!filter_warnings(vm, options) || !pass_warnings(vm, options->frontend))
        exception_clear(vm);
    catch_signals(vm, options->progress != NULL);

    run_program(&session, unit, file, result);

    ignore_signals();
    clock_gettime(CLOCK_MONOTONIC, &after);
    result->profile = vm->profile;
    result->profile->interrupted = result->interrupted;
    result->profile->host_seconds = (double)(after.tv_sec - before.tv_sec) + 1e-9 * (double)(after.tv_nsec - before.tv_nsec);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    result->profile->host_peak_rss_bytes = (uint64_t)usage.ru_maxrss * 1024;
    if (options->before_end)
        options->before_end(options->end_context, vm, result);
    /* Units and translations are what the profile speaks of: they stay with the process. */
    threads_free(vm);
    vm_free(vm);
    stop_engine(&session);
    free(session.argv);
    return true;
}
