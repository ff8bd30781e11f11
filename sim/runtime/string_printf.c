/* string_printf.c - printf into a str: C's conversions plus %R repr, %S str, %T type name of a value, %U a str's text. */
#include "sim/runtime/text.h"

#include <stdio.h>

/* UTF-8 text of ours: invalid bytes become U+FFFD. */
static void add_utf8(struct string_builder *builder, const char *text)
{
    const uint8_t *p = (const uint8_t *)text;
    while (*p) {
        int more = *p < 0x80 ? 0 : *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : *p >= 0xc0 ? 1 : -1;
        uint32_t c = more <= 0 ? *p : *p & (0x3fu >> more);
        if (more < 0)
            c = 0xfffd;
        p++;
        for (int i = 0; i < more; i++, p++) {
            if ((*p & 0xc0) != 0x80) {
                c = 0xfffd;
                break;
            }
            c = c << 6 | (*p & 63);
        }
        string_builder_add(builder, c);
    }
}

/* The value conversions; false: an exception of its own is pending. */
static bool add_value(struct vm *vm, struct string_builder *builder, char conversion, value v)
{
    if (conversion == 'T') {
        add_utf8(builder, v == VALUE_NULL ? "NULL" : value_type(vm, v)->name);
        return true;
    }
    if (conversion == 'R')
        v = value_repr(vm, v);
    else if (conversion == 'S')
        v = value_string(vm, v);
    if (v == VALUE_NULL)
        return false;
    string_builder_add_string(builder, v);
    return true;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the formats are pieces of the caller's literal */
static void add_conversion(struct string_builder *builder, const char *piece, char conversion, int longs, int precision,
                           va_list *arguments)
{
    char number[400] = "";
    switch (conversion) {
    case 's':
        if (precision >= 0) {
            snprintf(number, sizeof number, "%.*s", precision, va_arg(*arguments, const char *));
            add_utf8(builder, number);
        } else {
            const char *text = va_arg(*arguments, const char *);
            add_utf8(builder, text ? text : "(null)");
        }
        return;
    case 'f': case 'g': case 'e':
        snprintf(number, sizeof number, piece, va_arg(*arguments, double));
        break;
    case 'p':
        snprintf(number, sizeof number, piece, va_arg(*arguments, void *));
        break;
    default:
        if (longs == 0)
            snprintf(number, sizeof number, piece, va_arg(*arguments, int));
        else
            snprintf(number, sizeof number, piece, va_arg(*arguments, long));
    }
    add_utf8(builder, number);
}
#pragma GCC diagnostic pop

value string_vprintf(struct vm *vm, const char *format, va_list original)
{
    struct string_builder builder = {NULL, 0, 0};
    va_list arguments;
    va_copy(arguments, original);
    bool good = true;
    while (*format && good) {
        if (*format != '%') {
            const char *end = strchrnul(format, '%');
            char text[256];
            size_t size = size_minimum((size_t)(end - format), sizeof text - 1);
            while (size > 1 && ((uint8_t)format[size] & 0xc0) == 0x80)
                size--; /* not inside a character */
            memcpy(text, format, size);
            text[size] = 0;
            add_utf8(&builder, text);
            format += size;
            continue;
        }
        char piece[32];
        size_t used = 0;
        int longs = 0, precision = -1;
        piece[used++] = *format++;
        while (*format && strchr("-+ #0123456789.*lzjth", *format) && used < sizeof piece - 12) {
            if (strchr("lzjt", *format))
                longs++;
            if (*format == '.')
                precision = 0;
            else if (precision >= 0 && *format >= '0' && *format <= '9')
                precision = precision * 10 + *format - '0';
            if (*format == '*') {
                int given = va_arg(arguments, int);
                used += (size_t)snprintf(piece + used, sizeof piece - used, "%d", given);
                if (precision >= 0)
                    precision = given;
                format++;
            } else {
                piece[used++] = *format++;
            }
        }
        char conversion = *format ? *format++ : '%';
        piece[used++] = conversion;
        piece[used] = 0;
        if (conversion == '%')
            string_builder_add(&builder, '%');
        else if (conversion == 'c')
            string_builder_add(&builder, (uint32_t)va_arg(arguments, int));
        else if (strchr("RSTU", conversion))
            good = add_value(vm, &builder, conversion, va_arg(arguments, value));
        else
            add_conversion(&builder, piece, conversion, longs, precision, &arguments);
    }
    va_end(arguments);
    if (!good) {
        string_builder_free(&builder);
        return VALUE_NULL;
    }
    return string_builder_finish(vm, &builder);
}

value string_printf(struct vm *vm, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    value v = string_vprintf(vm, format, arguments);
    va_end(arguments);
    return v;
}
