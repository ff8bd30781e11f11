/* readline.c - module readline for programs without a terminal: settings are kept and given back, the history is real, lines are
 * never edited. */
#include "sim/modules/sandbox.h"
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { HOOK_COMPLETER, HOOK_STARTUP, HOOK_PRE_INPUT, HOOK_DISPLAY, HOOK_COUNT };

struct readline_state { /* vm->readline */
    struct object head;
    value history;           /* list of str */
    value hooks[HOOK_COUNT]; /* or NONE */
    value delimiters;
    int64_t limit;           /* lines of a history file; negative: no limit */
};

#define FUNCTION(name)                                                                                                 \
    static value readline_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static void state_trace(struct vm *vm, struct object *object)
{
    const struct readline_state *state = (const struct readline_state *)object;
    gc_mark(vm, state->history);
    gc_mark(vm, state->delimiters);
    for (int i = 0; i < HOOK_COUNT; i++)
        gc_mark(vm, state->hooks[i]);
}

static struct type state_type = {.name = "readline.state", .instance_size = sizeof(struct readline_state), .trace = state_trace};

static struct readline_state *state_of(struct vm *vm)
{
    return (struct readline_state *)value_object(vm->readline);
}

static struct list_object *history_of(struct vm *vm)
{
    return list_of(state_of(vm)->history);
}

static bool text_argument(struct vm *vm, value v)
{
    if (!is_string(v))
        raise_error(vm, &exc_TypeError, "bad argument type for built-in operation");
    return is_string(v);
}

/* ---- settings ---- */

FUNCTION(parse_and_bind)
{
    UNUSED;
    return text_argument(vm, arguments[0]) ? NONE : VALUE_NULL;
}

static value set_hook(struct vm *vm, const char *function, int which, value v)
{
    bool none = v == VALUE_NULL || v == NONE;
    if (!none && !value_type(vm, v)->call)
        return raise_error(vm, &exc_TypeError, "%s(func): argument not callable", function);
    state_of(vm)->hooks[which] = none ? NONE : v;
    return NONE;
}

#define HOOK(name, which)                                                                                              \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        return set_hook(vm, #name, which, arguments[0]);                                                               \
    }
HOOK(set_completer, HOOK_COMPLETER)
HOOK(set_startup_hook, HOOK_STARTUP)
HOOK(set_pre_input_hook, HOOK_PRE_INPUT)
HOOK(set_completion_display_matches_hook, HOOK_DISPLAY)

FUNCTION(get_completer)
{
    UNUSED;
    return state_of(vm)->hooks[HOOK_COMPLETER];
}

FUNCTION(set_completer_delims)
{
    UNUSED;
    if (!text_argument(vm, arguments[0]))
        return VALUE_NULL;
    state_of(vm)->delimiters = arguments[0];
    return NONE;
}

FUNCTION(get_completer_delims)
{
    UNUSED;
    return state_of(vm)->delimiters;
}

FUNCTION(set_auto_history)
{
    UNUSED;
    return value_truth(vm, arguments[0]) < 0 ? VALUE_NULL : NONE; /* no line is read that could be added */
}

FUNCTION(get_line_buffer)
{
    UNUSED;
    return vm->empty_string;
}

FUNCTION(zero)
{
    UNUSED;
    return small_int(0);
}

FUNCTION(nothing)
{
    UNUSED;
    return NONE;
}

FUNCTION(insert_text)
{
    UNUSED;
    return text_argument(vm, arguments[0]) ? NONE : VALUE_NULL;
}

/* ---- history ---- */

FUNCTION(add_history)
{
    UNUSED;
    return text_argument(vm, arguments[0]) && list_append(vm, history_of(vm), arguments[0]) ? NONE : VALUE_NULL;
}

FUNCTION(clear_history)
{
    UNUSED;
    value fresh = list_new(vm, 0);
    if (fresh == VALUE_NULL)
        return VALUE_NULL;
    state_of(vm)->history = fresh;
    return NONE;
}

FUNCTION(get_current_history_length)
{
    UNUSED;
    return small_int(history_of(vm)->length);
}

FUNCTION(get_history_length)
{
    UNUSED;
    return small_int(state_of(vm)->limit);
}

FUNCTION(set_history_length)
{
    UNUSED;
    return value_to_int64(vm, arguments[0], &state_of(vm)->limit) ? NONE : VALUE_NULL;
}

/* Counted from 1. */
FUNCTION(get_history_item)
{
    UNUSED;
    int64_t index;
    if (!value_to_int64(vm, arguments[0], &index))
        return VALUE_NULL;
    return index < 1 || index > history_of(vm)->length ? NONE : history_of(vm)->items[index - 1];
}

/* The others count from 0. */
static bool position_argument(struct vm *vm, value v, int64_t *position)
{
    if (!value_to_int64(vm, v, position))
        return false;
    if (*position < 0)
        raise_error(vm, &exc_ValueError, "History index cannot be negative");
    else if (*position >= history_of(vm)->length)
        raise_error(vm, &exc_ValueError, "No history item at position %d", (int)*position);
    return vm->pending == VALUE_NULL;
}

FUNCTION(remove_history_item)
{
    UNUSED;
    int64_t position;
    return position_argument(vm, arguments[0], &position) && delete_item(vm, state_of(vm)->history, small_int(position)) ? NONE
                                                                                                                     : VALUE_NULL;
}

FUNCTION(replace_history_item)
{
    UNUSED;
    int64_t position;
    if (!is_string(arguments[1]))
        return raise_error(vm, &exc_TypeError, "replace_history_item() argument 2 must be str, not %T", arguments[1]);
    if (!position_argument(vm, arguments[0], &position))
        return VALUE_NULL;
    history_of(vm)->items[position] = arguments[1];
    return NONE;
}

/* ---- files ---- */

/* The path as os.fspath answers it; None: ~/.history */
static value history_path(struct vm *vm, value v)
{
    if (v != VALUE_NULL && v != NONE)
        return path_of(vm, v);
    value os_path = import_module(vm, "os.path"), home = string_from_text(vm, "~/.history");
    return os_path == VALUE_NULL || home == VALUE_NULL ? VALUE_NULL : call_method(vm, os_path, "expanduser", &home, 1);
}

static int open_history(struct vm *vm, value path, int flags)
{
    const char *text = path == VALUE_NULL ? NULL : path_text(vm, path);
    return text ? sandbox_open(vm, AT_FDCWD, text, flags, 0600, VALUE_NULL) : -1;
}

static value read_all(struct vm *vm, int descriptor)
{
    uint8_t chunk[4096], *bytes = NULL;
    size_t size = 0;
    for (ssize_t got; (got = read(descriptor, chunk, sizeof chunk)) > 0; size += (size_t)got) {
        uint8_t *more = realloc(bytes, size + (size_t)got);
        if (!more)
            break;
        bytes = more;
        memcpy(bytes + size, chunk, (size_t)got);
    }
    value text = bytes_decode(vm, bytes ? bytes : chunk, size, "utf-8", "surrogateescape");
    free(bytes);
    return text;
}

/* The lines of a file that are not empty, behind those of `lines`. */
static bool add_lines(struct vm *vm, value path, value lines)
{
    int descriptor = open_history(vm, path, O_RDONLY);
    if (descriptor < 0)
        return false;
    value newline = string_from_text(vm, "\n"), text = read_all(vm, descriptor);
    close(descriptor);
    value found = text == VALUE_NULL ? text : call_method(vm, text, "split", &newline, 1);
    if (found == VALUE_NULL)
        return false;
    for (uint32_t i = 0; i < list_of(found)->length; i++)
        if (string_of(list_of(found)->items[i])->length && !list_append(vm, list_of(lines), list_of(found)->items[i]))
            return false;
    return true;
}

FUNCTION(read_history_file)
{
    UNUSED;
    return add_lines(vm, history_path(vm, arguments[0]), state_of(vm)->history) ? NONE : VALUE_NULL;
}

/* The last `count` lines. */
static value write_lines(struct vm *vm, int descriptor, const struct list_object *history, int64_t count)
{
    struct string_builder text = {NULL, 0, 0};
    for (int64_t i = count < history->length ? history->length - count : 0; i < history->length; i++) {
        string_builder_add_string(&text, history->items[i]);
        string_builder_add(&text, '\n');
    }
    value string = string_builder_finish(vm, &text);
    value bytes = string == VALUE_NULL ? string : string_encode(vm, string, "utf-8", "surrogateescape");
    int64_t written = 0;
    for (size_t done = 0; bytes != VALUE_NULL && done < bytes_of(bytes)->length; done += (size_t)written)
        if ((written = sandbox_write(vm, descriptor, bytes_of(bytes)->data + done, bytes_of(bytes)->length - done)) < 0)
            break;
    int error = errno;
    close(descriptor);
    if (bytes == VALUE_NULL || written == -2)
        return VALUE_NULL;
    return written < 0 ? raise_os_error(vm, error, VALUE_NULL) : NONE;
}

FUNCTION(write_history_file)
{
    UNUSED;
    int descriptor = open_history(vm, history_path(vm, arguments[0]), O_WRONLY | O_CREAT | O_TRUNC);
    int64_t limit = state_of(vm)->limit;
    return descriptor < 0 ? VALUE_NULL : write_lines(vm, descriptor, history_of(vm), limit < 0 ? INT64_MAX : limit);
}

/* A history file keeps as many lines as set_history_length() said. */
static value shorten(struct vm *vm, value path)
{
    value lines = list_new(vm, 0);
    if (lines == VALUE_NULL || !add_lines(vm, path, lines))
        return VALUE_NULL;
    int descriptor = open_history(vm, path, O_WRONLY | O_TRUNC);
    return descriptor < 0 ? VALUE_NULL : write_lines(vm, descriptor, list_of(lines), state_of(vm)->limit);
}

FUNCTION(append_history_file)
{
    UNUSED;
    int64_t lines;
    if (!value_to_int64(vm, arguments[0], &lines))
        return VALUE_NULL;
    value path = history_path(vm, arguments[1]);
    int descriptor = open_history(vm, path, O_WRONLY | O_APPEND);
    if (descriptor < 0 || write_lines(vm, descriptor, history_of(vm), lines < 0 ? 0 : lines) == VALUE_NULL)
        return VALUE_NULL;
    return state_of(vm)->limit < 0 ? NONE : shorten(vm, path);
}

/* It has nothing to say to us, but it has to be there. */
FUNCTION(read_init_file)
{
    UNUSED;
    if (arguments[0] == VALUE_NULL || arguments[0] == NONE)
        return NONE;
    int descriptor = open_history(vm, path_of(vm, arguments[0]), O_RDONLY);
    if (descriptor < 0)
        return VALUE_NULL;
    close(descriptor);
    return NONE;
}

static bool initialize(struct vm *vm, value module)
{
    if (vm->readline == VALUE_NULL) {
        type_ready(vm, &state_type);
        value history = list_new(vm, 0), delimiters = string_from_text(vm, " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?");
        struct readline_state *state = GC_NEW(vm, struct readline_state, &state_type);
        if (!state || history == VALUE_NULL || delimiters == VALUE_NULL)
            return false;
        *state = (struct readline_state){.head = state->head, .history = history, .delimiters = delimiters, .limit = -1,
                                         .hooks = {NONE, NONE, NONE, NONE}};
        vm->readline = object_value(state);
    }
    return dict_set_text(vm, support_dict(module), "_READLINE_VERSION", small_int(0x802)) &&
           dict_set_text(vm, support_dict(module), "_READLINE_RUNTIME_VERSION", small_int(0x802)) &&
           dict_set_text(vm, support_dict(module), "_READLINE_LIBRARY_VERSION", string_from_text(vm, "8.2"));
}

#define ROW(name, signature) {#name, signature, readline_##name, 0, NULL}
static const struct method_definition functions[] = {
    ROW(parse_and_bind, "(string, /)"), ROW(set_completer, "(function=None, /)"), ROW(get_completer, "()"),
    ROW(set_startup_hook, "(function=None, /)"), ROW(set_pre_input_hook, "(function=None, /)"),
    ROW(set_completion_display_matches_hook, "(function=None, /)"), ROW(set_completer_delims, "(string, /)"),
    ROW(get_completer_delims, "()"), ROW(set_auto_history, "(enabled, /)"), ROW(get_line_buffer, "()"),
    {"get_completion_type", "()", readline_zero, 0, NULL}, {"get_begidx", "()", readline_zero, 0, NULL},
    {"get_endidx", "()", readline_zero, 0, NULL}, {"redisplay", "()", readline_nothing, 0, NULL}, ROW(insert_text, "(string, /)"),
    ROW(add_history, "(string, /)"), ROW(clear_history, "()"), ROW(get_current_history_length, "()"), ROW(get_history_length, "()"),
    ROW(set_history_length, "(length, /)"), ROW(get_history_item, "(index, /)"), ROW(remove_history_item, "(pos, /)"),
    ROW(replace_history_item, "(pos, line, /)"), ROW(read_history_file, "(filename=None, /)"),
    ROW(write_history_file, "(filename=None, /)"), ROW(append_history_file, "(nelements, filename=None, /)"),
    ROW(read_init_file, "(filename=None, /)"), {0}};

const struct native_module readline_module = {"readline", initialize, functions};
