/* warning.c - see warning.h. */
#include "sim/runtime/warning.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/types.h"

#include <stdio.h>
#include <stdlib.h>

static bool issue(struct vm *vm, struct type *category, int level, value message, value source)
{
    value module = message == VALUE_NULL ? VALUE_NULL : import_module(vm, "_warnings");
    const value given[] = {message, object_value(category), small_int(level), source};
    return module != VALUE_NULL && call_method(vm, module, "warn", given, 4) != VALUE_NULL;
}

bool warning_issue(struct vm *vm, struct type *category, int level, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    value message = string_vprintf(vm, format, arguments);
    va_end(arguments);
    return issue(vm, category, level, message, NONE);
}

bool warning_issue_of(struct vm *vm, struct type *category, value source, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    value message = string_vprintf(vm, format, arguments);
    va_end(arguments);
    return issue(vm, category, 1, message, source);
}

/* ---- of the compiler: "file:line: Category: message", then lines of source that begin with spaces ---- */

struct printed_warning {
    const char *file, *message;
    size_t file_size, message_size;
    struct type *category;
    int line;
};

static bool parse_line(const char *text, size_t size, struct printed_warning *warning)
{
    static struct type *const categories[] = {&exc_SyntaxWarning, &exc_DeprecationWarning};
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++) {
        char mark[64];
        size_t mark_size = (size_t)snprintf(mark, sizeof mark, ": %s: ", categories[i]->name);
        const char *at = memmem(text, size, mark, mark_size);
        if (!at)
            continue;
        const char *digits = at;
        while (digits > text && digits[-1] >= '0' && digits[-1] <= '9')
            digits--;
        if (digits == at || digits == text || digits[-1] != ':')
            continue;
        *warning = (struct printed_warning){.file = text, .file_size = (size_t)(digits - 1 - text), .message = at + mark_size,
                                            .message_size = size - (size_t)(at + mark_size - text),
                                            .category = categories[i], .line = atoi(digits)};
        return true;
    }
    return false;
}

static bool raise_as_error(struct vm *vm, value message, value filename, int line)
{
    value text = source_line(vm, filename, line);
    exception_clear(vm);
    value place = tuple_pack(vm, 4, filename, small_int(line), small_int(1), text == VALUE_NULL ? NONE : text);
    value error = place == VALUE_NULL ? VALUE_NULL : call_2(vm, object_value(&exc_SyntaxError), message, place);
    if (error != VALUE_NULL)
        raise_value(vm, error);
    return false;
}

static bool issue_parsed(struct vm *vm, const struct printed_warning *warning)
{
    value module = import_module(vm, "_warnings");
    value message = string_from_utf8(vm, warning->message, warning->message_size);
    value filename = string_from_utf8(vm, warning->file, warning->file_size);
    if (module == VALUE_NULL || message == VALUE_NULL || filename == VALUE_NULL)
        return false;
    const value given[] = {message, object_value(warning->category), filename, small_int(warning->line)};
    if (call_method(vm, module, "warn_explicit", given, 4) != VALUE_NULL)
        return true;
    if (!exception_matches(vm, warning->category))
        return false;
    exception_clear(vm);
    return raise_as_error(vm, message, filename, warning->line);
}

bool warning_issue_compiled(struct vm *vm, const char *printed)
{
    while (*printed) {
        size_t size = strcspn(printed, "\n");
        struct printed_warning warning;
        if (printed[0] != ' ' && parse_line(printed, size, &warning) && !issue_parsed(vm, &warning))
            return false;
        printed += size + (printed[size] == '\n');
    }
    return true;
}
