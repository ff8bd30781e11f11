/* traceback_print.c - prints an uncaught exception as CPython 3.11's default hook does: causes and contexts first, each
 * frame's source line with its ~~~^^^ marks, repeated frames folded, notes, SyntaxErrors with their line, groups in boxes. */
#include "sim/runtime/exception.h"
#include "sim/runtime/text.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

#include <stdio.h>
#include <stdlib.h>

enum { RECURSIVE_CUTOFF = 3, TRACEBACK_LIMIT = 1000, GROUP_WIDTH = 15, GROUP_DEPTH = 10, SOURCE_INDENT = 4 };

struct printer {
    struct string_builder out;
    int indent;           /* of the group box */
    int group_depth;
    bool need_close;
    value seen;           /* list of exceptions being or already printed */
};

static struct exception_object *exception_of(value v) { return (struct exception_object *)value_object(v); }
static struct traceback_object *traceback_of(value v) { return (struct traceback_object *)value_object(v); }
static void add(struct printer *p, const char *text) { string_builder_add_text(&p->out, text); }
static void add_value(struct printer *p, value string) { string_builder_add_string(&p->out, string); }

static void add_number(struct printer *p, long number)
{
    char text[32];
    snprintf(text, sizeof text, "%ld", number);
    add(p, text);
}

static void add_spaces(struct printer *p, int count)
{
    while (count-- > 0)
        add(p, " ");
}

static void margin(struct printer *p)
{
    add_spaces(p, p->indent);
    if (p->group_depth)
        add(p, "| ");
}

/* ---- one frame ---- */

static bool is_space(uint32_t c) { return c == ' ' || c == '\t' || c == '\f'; }

/* Byte offset in the line's UTF-8 to a count of characters. */
static int32_t character_offset(const struct string_object *line, int32_t bytes)
{
    int32_t at = 0;
    uint32_t i = 0;
    for (; i < line->length && at < bytes; i++) {
        uint32_t c = string_at(line, i);
        at += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    }
    return (int32_t)i;
}

static bool line_anchors(const struct string_object *line, int32_t start, int32_t end, struct anchors *anchors)
{
    if (start >= end || (uint32_t)end > line->length)
        return false;
    uint32_t *text = calloc((size_t)(end - start) + 1, sizeof *text);
    if (!text)
        return false;
    for (int32_t i = start; i < end; i++)
        text[i - start] = string_at(line, (size_t)i);
    bool found = expression_anchors(text, (size_t)(end - start), anchors);
    free(text);
    if (found) {
        anchors->left += start;
        anchors->right += start;
    }
    return found;
}

static void print_marks(struct printer *p, const struct string_object *line, const struct instruction *in, int32_t stripped)
{
    if (in->line < 0 || in->end_line < 0 || in->column < 0 || in->end_column < 0)
        return;
    int32_t start = character_offset(line, in->column), end;
    struct anchors anchors = {-1, -1};
    bool marked = false;
    if (in->line == in->end_line) {
        end = character_offset(line, in->end_column);
        marked = line_anchors(line, start, end, &anchors);
    } else {
        end = (int32_t)line->length;
        while (end > 0 && is_space(string_at(line, (size_t)end - 1)))
            end--;
    }
    if (!marked && end - start == (int32_t)line->length - stripped)
        return;
    margin(p);
    for (int32_t at = stripped - SOURCE_INDENT + 1; at <= end; at++) {
        if (at <= start)
            add(p, " ");
        else
            add(p, marked && !(anchors.left < at && at <= anchors.right) ? "~" : "^");
    }
    add(p, "\n");
}

static void print_source(struct vm *vm, struct printer *p, const struct traceback_object *t, const struct code_object *code)
{
    value text = source_line(vm, code->filename, t->line);
    if (text == VALUE_NULL) {
        exception_clear(vm);
        return;
    }
    const struct string_object *line = string_of(text);
    int32_t stripped = 0;
    while ((uint32_t)stripped < line->length && is_space(string_at(line, (size_t)stripped)))
        stripped++;
    margin(p);
    add_spaces(p, SOURCE_INDENT);
    add_value(p, string_slice(vm, text, stripped, (int64_t)line->length));
    add(p, "\n");
    if (t->instruction < code->code->instruction_count)
        print_marks(p, line, &code->code->instructions[t->instruction], stripped);
}

static void print_repeated(struct printer *p, long count)
{
    count -= RECURSIVE_CUTOFF;
    margin(p);
    add(p, "  [Previous line repeated ");
    add_number(p, count);
    add(p, count > 1 ? " more times]\n" : " more time]\n");
}

static void print_frames(struct vm *vm, struct printer *p, value traceback)
{
    long depth = 0, repeated = 0;
    for (value t = traceback; t != NONE; t = traceback_of(t)->next)
        depth++;
    const struct code_object *last = NULL;
    int32_t last_line = -1;
    for (value v = traceback; v != NONE; v = traceback_of(v)->next, depth--) {
        if (depth > TRACEBACK_LIMIT)
            continue;
        const struct traceback_object *t = traceback_of(v);
        const struct code_object *code = (struct code_object *)value_object(t->code);
        bool same = last && string_equal(last->filename, code->filename) && last_line == t->line &&
                    string_equal(last->name, code->name);
        if (!same) {
            if (repeated > RECURSIVE_CUTOFF)
                print_repeated(p, repeated);
            last = code;
            last_line = t->line;
            repeated = 0;
        }
        if (++repeated > RECURSIVE_CUTOFF)
            continue;
        margin(p);
        add(p, "  File \"");
        add_value(p, code->filename);
        add(p, "\", line ");
        add_number(p, t->line);
        add(p, ", in ");
        add_value(p, code->name);
        add(p, "\n");
        print_source(vm, p, t, code);
    }
    if (repeated > RECURSIVE_CUTOFF)
        print_repeated(p, repeated);
}

static void print_traceback(struct vm *vm, struct printer *p, value exception, bool group)
{
    value traceback = exception_of(exception)->traceback;
    if (traceback == VALUE_NULL)
        return;
    if (group) {
        add_spaces(p, p->indent);
        add(p, p->group_depth == 1 ? "+ Exception Group " : "| Exception Group ");
    } else {
        margin(p);
    }
    add(p, "Traceback (most recent call last):\n");
    print_frames(vm, p, traceback);
}

/* ---- the last lines ---- */

/* The text and the caret below it. As in CPython, lengths are bytes of UTF-8, which positions count in characters. */
static void print_source_of_error(struct vm *vm, struct printer *p, const struct exception_object *e, value text)
{
    size_t size;
    const char *line = string_utf8(vm, text, &size);
    if (!line)
        return;
    int64_t offset = is_small_int(e->fields[3]) ? small_int_value(e->fields[3]) : -1, length = (int64_t)size;
    int64_t end = is_small_int(e->fields[7]) ? small_int_value(e->fields[7]) : -1;
    if (is_small_int(e->fields[6]) && is_small_int(e->fields[2]) && small_int_value(e->fields[6]) > small_int_value(e->fields[2]))
        end = length; /* of several lines the first one is shown */
    end = end > length + 1 ? length + 1 : end;
    int64_t carets = end > 0 && end > offset ? end - offset : 1;
    for (offset--; *line == ' ' || *line == '\t' || *line == '\f'; line++, length--)
        offset--;
    if (length > 0 && line[length - 1] == '\n')
        length--;
    offset = offset > length ? length : offset;
    for (const char *newline; (newline = strchr(line, '\n')) && newline - line < offset;) {
        offset -= newline + 1 - line;
        length -= newline + 1 - line;
        line = newline + 1;
    }
    margin(p);
    add_spaces(p, 4);
    add_value(p, string_from_text(vm, line));
    if (line[length] != '\n')
        add(p, "\n");
    if (offset < 0)
        return;
    margin(p);
    add_spaces(p, 4 + (int)offset);
    while (carets-- > 0)
        add(p, "^");
    add(p, "\n");
}

static void print_syntax_location(struct vm *vm, struct printer *p, value exception)
{
    struct exception_object *e = exception_of(exception);
    margin(p);
    add(p, "  File \"");
    if (e->fields[1] == VALUE_NULL || e->fields[1] == NONE)
        add(p, "<string>");
    else
        add_value(p, value_string(vm, e->fields[1]));
    add(p, "\", line ");
    add_number(p, is_small_int(e->fields[2]) ? (long)small_int_value(e->fields[2]) : 0);
    add(p, "\n");
    value text = e->fields[4];
    if (text == VALUE_NULL && has_flag(e->fields[1], TYPE_STRING) && is_small_int(e->fields[2]))
        text = source_line(vm, e->fields[1], (int32_t)small_int_value(e->fields[2]));
    exception_clear(vm);
    if (text == VALUE_NULL || !has_flag(text, TYPE_STRING))
        return;
    print_source_of_error(vm, p, exception_of(exception), text);
}

static void print_message(struct vm *vm, struct printer *p, value exception)
{
    struct type *type = value_type(vm, exception);
    bool syntax = type_is_subtype(type, &exc_SyntaxError) && is_small_int(exception_of(exception)->fields[2]);
    if (syntax)
        print_syntax_location(vm, p, exception);
    margin(p);
    value module = type_module_name(vm, type);
    if (!has_flag(module, TYPE_STRING))
        add(p, "<unknown>.");
    else if (!string_is(module, "builtins") && !string_is(module, "__main__")) {
        add_value(p, module);
        add(p, ".");
    }
    add_value(p, type_long_name(vm, type));
    value text = syntax ? value_string(vm, exception_of(exception)->fields[0]) : value_string(vm, exception);
    if (text == VALUE_NULL) {
        exception_clear(vm);
        add(p, ": <exception str() failed>");
    } else if (string_of(text)->length) {
        add(p, ": ");
        add_value(p, text);
    }
    value suggestion = exception_suggestion(vm, exception);
    exception_clear(vm);
    if (suggestion != VALUE_NULL) {
        add(p, ". Did you mean: '");
        add_value(p, suggestion);
        add(p, "'?");
    }
    add(p, "\n");
}

static void print_note(struct vm *vm, struct printer *p, value note)
{
    value text = value_string(vm, note);
    if (text == VALUE_NULL) {
        exception_clear(vm);
        margin(p);
        add(p, "<note str() failed>\n");
        return;
    }
    const struct string_object *s = string_of(text);
    for (int64_t start = 0, end = 0; end <= (int64_t)s->length; end++) {
        if (end < (int64_t)s->length && string_at(s, (size_t)end) != '\n')
            continue;
        if (end == (int64_t)s->length && start == end && end)
            break;
        margin(p);
        add_value(p, string_slice(vm, text, start, end));
        add(p, "\n");
        start = end + 1;
    }
}

static void print_notes(struct vm *vm, struct printer *p, value exception)
{
    value notes;
    if (find_attribute(vm, exception, NAMED(vm, __notes__), &notes) != 1) {
        exception_clear(vm);
        return;
    }
    if (!has_flag(notes, TYPE_LIST | TYPE_TUPLE)) {
        margin(p);
        value text = value_repr(vm, notes);
        if (text != VALUE_NULL) /* and no end of line: so does CPython */
            add_value(p, text);
        else
            add(p, "<__notes__ repr() failed>");
        exception_clear(vm);
        return;
    }
    value items = tuple_from_iterable(vm, notes);
    for (size_t i = 0; items != VALUE_NULL && i < tuple_of(items)->length; i++)
        print_note(vm, p, tuple_of(items)->items[i]);
    exception_clear(vm);
}

/* ---- exceptions and what caused them ---- */

static void print_exception(struct vm *vm, struct printer *p, value exception);

static bool already_seen(struct printer *p, value exception)
{
    struct list_object *seen = list_of(p->seen);
    for (uint32_t i = 0; i < seen->length; i++)
        if (seen->items[i] == exception)
            return true;
    return false;
}

static void print_plain(struct vm *vm, struct printer *p, value exception)
{
    print_traceback(vm, p, exception, false);
    print_message(vm, p, exception);
    print_notes(vm, p, exception);
}

static void print_group(struct vm *vm, struct printer *p, value group)
{
    if (p->group_depth > GROUP_DEPTH) {
        margin(p);
        add(p, "... (max_group_depth is 10)\n");
        return;
    }
    bool outermost = p->group_depth == 0;
    if (outermost) {
        p->group_depth = 1;
        p->indent += 2;
    }
    print_traceback(vm, p, group, outermost || exception_of(group)->traceback != VALUE_NULL);
    print_message(vm, p, group);
    print_notes(vm, p, group);
    struct tuple_object *items = tuple_of(exception_of(group)->fields[1]);
    size_t shown = items->length <= GROUP_WIDTH ? items->length : GROUP_WIDTH + 1;
    p->need_close = false;
    for (size_t i = 0; i < shown; i++) {
        bool last = i == shown - 1;
        if (last)
            p->need_close = true;
        bool truncated = i >= GROUP_WIDTH;
        add_spaces(p, p->indent);
        add(p, i == 0 ? "+-" : "  ");
        add(p, "+---------------- ");
        if (truncated)
            add(p, "...");
        else
            add_number(p, (long)i + 1);
        add(p, " ----------------\n");
        p->indent += 2;
        p->group_depth++;
        if (truncated) {
            margin(p);
            add(p, "and ");
            add_number(p, (long)(items->length - GROUP_WIDTH));
            add(p, items->length - GROUP_WIDTH > 1 ? " more exceptions\n" : " more exception\n");
        } else {
            print_exception(vm, p, items->items[i]);
        }
        if (last && p->need_close) {
            add_spaces(p, p->indent);
            add(p, "+------------------------------------\n");
            p->need_close = false;
        }
        p->indent -= 2;
        p->group_depth--;
    }
    if (outermost) {
        p->indent -= 2;
        p->group_depth = 0;
    }
}

static void print_chained(struct vm *vm, struct printer *p, value exception, const char *text)
{
    print_exception(vm, p, exception);
    margin(p);
    add(p, "\n");
    margin(p);
    add(p, text);
    margin(p);
    add(p, "\n");
}

static void print_exception(struct vm *vm, struct printer *p, value exception)
{
    list_append(vm, list_of(p->seen), exception);
    struct exception_object *e = exception_of(exception);
    if (!recursion_enter(vm, " in print_exception")) {
        exception_clear(vm);
        return;
    }
    if (e->cause != VALUE_NULL) {
        if (!already_seen(p, e->cause))
            print_chained(vm, p, e->cause, "The above exception was the direct cause of the following exception:\n");
    } else if (e->context != VALUE_NULL && !e->suppress_context) {
        if (!already_seen(p, e->context))
            print_chained(vm, p, e->context, "During handling of the above exception, another exception occurred:\n");
    }
    if (is_instance(vm, exception, &exc_BaseExceptionGroup))
        print_group(vm, p, exception);
    else
        print_plain(vm, p, exception);
    recursion_leave(vm);
}

static value sys_item(struct vm *vm, const char *name)
{
    if (vm->sys_module == VALUE_NULL)
        return VALUE_NULL;
    return dict_get_text(vm, dict_of(((struct module_object *)value_object(vm->sys_module))->dict), name);
}

/* The program put another file in the place of sys.stderr. */
static bool stderr_replaced(struct vm *vm)
{
    value now = sys_item(vm, "stderr"), original = sys_item(vm, "__stderr__");
    return now != VALUE_NULL && original != VALUE_NULL && now != original;
}

static void write_to_replacement(struct vm *vm, value text)
{
    value file = sys_item(vm, "stderr");
    if (file != NONE && call_method(vm, file, "write", &text, 1) != VALUE_NULL)
        call_method(vm, file, "flush", NULL, 0);
    exception_clear(vm);
}

void stderr_print(struct vm *vm, value text)
{
    size_t size = 0;
    const char *bytes = text == VALUE_NULL ? NULL : string_utf8(vm, text, &size);
    if (vm->out)
        stream_flush(vm, vm->out);
    if (text != VALUE_NULL && stderr_replaced(vm)) {
        write_to_replacement(vm, text);
    } else if (bytes && vm->err) {
        stream_write(vm, vm->err, bytes, size);
        stream_flush(vm, vm->err);
    }
}

void exception_print(struct vm *vm, value exception)
{
    struct printer p = {.seen = list_new(vm, 0)};
    value pending = vm->pending;
    vm->pending = VALUE_NULL;
    print_exception(vm, &p, exception);
    stderr_print(vm, string_builder_finish(vm, &p.out));
    vm->pending = pending;
}

/* ---- exceptions that end the program ---- */

static void complain(struct vm *vm, const char *text)
{
    stream_flush(vm, vm->out);
    stream_write(vm, vm->err, text, strlen(text));
}

value exception_show_uncaught(struct vm *vm, value exception)
{
    value sys = vm->sys_module, hook;
    struct exception_object *e = exception_of(exception);
    value traceback = e->traceback == VALUE_NULL ? NONE : e->traceback, type = object_value(value_type(vm, exception));
    if (sys == VALUE_NULL)
        return exception_print(vm, exception), VALUE_NULL;
    set_attribute(vm, sys, intern_text(vm, "last_type"), type);
    set_attribute(vm, sys, intern_text(vm, "last_value"), exception);
    set_attribute(vm, sys, intern_text(vm, "last_traceback"), traceback);
    exception_clear(vm);
    if (find_attribute(vm, sys, intern_text(vm, "excepthook"), &hook) <= 0) {
        exception_clear(vm);
        complain(vm, "sys.excepthook is missing\n");
        exception_print(vm, exception);
        return VALUE_NULL;
    }
    if (call_3(vm, hook, type, exception, traceback) != VALUE_NULL || unsupported_pending(vm))
        return VALUE_NULL;
    value error = exception_take(vm);
    if (is_instance(vm, error, &exc_SystemExit))
        return error;
    complain(vm, "Error in sys.excepthook:\n");
    exception_print(vm, error);
    complain(vm, "\nOriginal exception was:\n");
    exception_print(vm, exception);
    return VALUE_NULL;
}
