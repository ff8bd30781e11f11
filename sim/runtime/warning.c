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

/* ---- of the compiler: "file:line: Category: message", and before it what the SyntaxError tells that the warning may become:
 * "\1offset end_line end_offset =text", the text in hexadecimal digits, or - ---- */

struct printed_warning {
    const char *file, *message;
    size_t file_size, message_size;
    struct type *category;
    int line;
    const char *place; /* after the \1; NULL: unknown */
};

/* The text in hexadecimal digits up to the line's end. */
static value decode_text(struct vm *vm, const char *digits)
{
    size_t size = strcspn(digits, "\n") / 2;
    char *bytes = malloc(size + 1);
    if (!bytes)
        return raise_no_memory(vm);
    for (size_t i = 0; i < size; i++) {
        const char pair[] = {digits[2 * i], digits[2 * i + 1], 0};
        bytes[i] = (char)strtoul(pair, NULL, 16);
    }
    value text = string_from_utf8(vm, bytes, size);
    free(bytes);
    return text;
}

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

static value place_of(struct vm *vm, value filename, const struct printed_warning *warning)
{
    long offset, end_line, end_offset;
    const char *digits = warning->place ? strchr(warning->place, '=') : NULL;
    if (digits && sscanf(warning->place, "%ld %ld %ld", &offset, &end_line, &end_offset) == 3) {
        value text = digits[1] == '-' ? NONE : decode_text(vm, digits + 1);
        return text == VALUE_NULL ? text : tuple_pack(vm, 6, filename, small_int(warning->line), small_int(offset), text,
                                                      small_int(end_line), small_int(end_offset));
    }
    value text = source_line(vm, filename, warning->line);
    exception_clear(vm);
    return tuple_pack(vm, 4, filename, small_int(warning->line), small_int(1), text == VALUE_NULL ? NONE : text);
}

static bool raise_as_error(struct vm *vm, value message, value filename, const struct printed_warning *warning)
{
    value place = place_of(vm, filename, warning);
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
    return raise_as_error(vm, message, filename, warning);
}

bool warning_issue_compiled(struct vm *vm, const char *printed)
{
    const char *place = NULL;
    while (*printed) {
        size_t size = strcspn(printed, "\n");
        struct printed_warning warning;
        if (printed[0] == '\1') {
            place = printed + 1;
        } else if (printed[0] != ' ' && parse_line(printed, size, &warning)) {
            warning.place = place;
            place = NULL;
            if (!issue_parsed(vm, &warning))
                return false;
        }
        printed += size + (printed[size] == '\n');
    }
    return true;
}
