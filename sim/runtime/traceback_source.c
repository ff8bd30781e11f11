/* traceback_source.c - source lines for tracebacks, read from the file when an exception is printed. */
#include "sim/runtime/exception.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/types.h"

#include <stdio.h>
#include <stdlib.h>

static value line_value(struct vm *vm, const char *line, size_t size)
{
    while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
        size--;
    value text = string_from_utf8(vm, line, size);
    if (text == VALUE_NULL)
        exception_clear(vm);
    return text;
}

value source_line(struct vm *vm, value filename, int32_t line)
{
    size_t size;
    const char *path = string_utf8(vm, filename, &size);
    if (line < 1 || !size || path[0] == '<')
        return VALUE_NULL;
    FILE *file = fopen(path, "rb");
    if (!file)
        return VALUE_NULL;
    char *text = NULL;
    size_t capacity = 0;
    ssize_t got = -1;
    for (int32_t at = 0; at < line; at++)
        if ((got = getline(&text, &capacity, file)) < 0)
            break;
    const char *start = text;
    if (got > 2 && line == 1 && !memcmp(text, "\xef\xbb\xbf", 3)) {
        start += 3;
        got -= 3;
    }
    value result = got < 0 ? VALUE_NULL : line_value(vm, start, (size_t)got);
    free(text);
    fclose(file);
    return result;
}
