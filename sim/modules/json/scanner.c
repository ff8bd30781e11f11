/* scanner.c - reading JSON: scanstring and the scanner object. The text is walked once, by index; nothing is copied but what
 * becomes a Python object. Keys seen before are found by their bytes before a string is made of them. */
#include "sim/modules/json/json.h"
#include "sim/runtime/number.h"

struct scanner_object {
    struct object head;
    bool strict;
    value object_hook, object_pairs_hook, parse_float, parse_int, parse_constant;
};

enum { KEY_CACHE_SIZE = 256 };

struct scan { /* one call of a scanner; the cached keys are alive because this lies on the C stack */
    struct vm *vm;
    value text;
    struct span span;
    const struct scanner_object *scanner;
    value keys[KEY_CACHE_SIZE];
};

/* ---- errors ---- */

static value raise_at(struct vm *vm, const char *message, value text, size_t position)
{
    value module = import_module(vm, "json.decoder");
    value class = module == VALUE_NULL ? VALUE_NULL : get_attribute_text(vm, module, "JSONDecodeError");
    if (class == VALUE_NULL)
        return VALUE_NULL;
    value error = call_3(vm, class, string_from_text(vm, message), text, small_int((int64_t)position));
    return error == VALUE_NULL ? VALUE_NULL : raise_value(vm, error);
}

static value stop_at(struct vm *vm, size_t position)
{
    return raise_stop_iteration(vm, small_int((int64_t)position));
}

/* ---- strings ---- */

static int hex_digit(uint32_t c)
{
    return c >= '0' && c <= '9' ? (int)c - '0' : c >= 'a' && c <= 'f' ? (int)c - 'a' + 10
                                             : c >= 'A' && c <= 'F'   ? (int)c - 'A' + 10
                                                                      : -1;
}

/* Four hex digits from `at`; -1: there is something else. */
static int64_t hex_4(struct span s, size_t at)
{
    int64_t code = 0;
    for (size_t i = at; i < at + 4; i++) {
        int digit = hex_digit(span_at(s, i));
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

static uint32_t simple_escape(uint32_t c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

/* The first quote or backslash at or after `at`; the length of s when there is none, SIZE_MAX after a control character
 * (its place in *wrong). */
static size_t find_end(struct span s, size_t at, bool strict, size_t *wrong)
{
    if (s.width == 1) {
        const uint8_t *data = s.data;
        for (; at < s.length; at++)
            if (data[at] == '"' || data[at] == '\\' || (data[at] < 0x20 && strict))
                break;
    } else {
        for (; at < s.length; at++) {
            uint32_t c = span_at(s, at);
            if (c == '"' || c == '\\' || (c < 0x20 && strict))
                break;
        }
    }
    if (at < s.length && span_at(s, at) < 0x20) {
        *wrong = at;
        return SIZE_MAX;
    }
    return at;
}

/* \uXXXX whose X's start at `next`; a low surrogate that follows is joined. Its end goes to *end. */
static bool unicode_escape(struct vm *vm, value text, struct span s, size_t next, uint32_t *code, size_t *end)
{
    if (next + 4 >= s.length) {
        raise_at(vm, "Invalid \\uXXXX escape", text, next - 1);
        return false;
    }
    int64_t first = hex_4(s, next);
    if (first < 0) {
        raise_at(vm, "Invalid \\uXXXX escape", text, next - 1);
        return false;
    }
    *code = (uint32_t)first;
    *end = next + 4;
    if (first < 0xd800 || first > 0xdbff || *end + 6 >= s.length || span_at(s, *end) != '\\' || span_at(s, *end + 1) != 'u')
        return true;
    int64_t second = hex_4(s, *end + 2);
    if (second < 0) {
        raise_at(vm, "Invalid \\uXXXX escape", text, *end + 1);
        return false;
    }
    if (second >= 0xdc00 && second <= 0xdfff) {
        *code = 0x10000 + (((uint32_t)first & 0x3ff) << 10 | ((uint32_t)second & 0x3ff));
        *end += 6;
    }
    return true;
}

/* The string after its opening quote, from the first backslash on. */
static value scan_escaped(struct vm *vm, value text, size_t start, size_t at, bool strict, size_t *next)
{
    struct span s = string_span(text);
    struct string_builder builder = {0};
    for (size_t from = start;;) {
        size_t wrong;
        at = find_end(s, from, strict, &wrong);
        if (at == SIZE_MAX) {
            raise_at(vm, "Invalid control character at", text, wrong);
            break;
        }
        if (at == s.length) {
            raise_at(vm, "Unterminated string starting at", text, start - 1);
            break;
        }
        string_builder_add_span(&builder, span_part(s, from, at));
        if (span_at(s, at++) == '"') {
            *next = at;
            return string_builder_finish(vm, &builder);
        }
        if (at == s.length) {
            raise_at(vm, "Unterminated string starting at", text, start - 1);
            break;
        }
        uint32_t c = span_at(s, at);
        if (c == 'u') {
            if (!unicode_escape(vm, text, s, at + 1, &c, &from))
                break;
        } else {
            from = at + 1;
            c = simple_escape(c);
            if (!c) {
                raise_at(vm, "Invalid \\escape", text, from - 2);
                break;
            }
        }
        string_builder_add(&builder, c);
    }
    string_builder_free(&builder);
    return VALUE_NULL;
}

/* Where the string that starts at `start` ends when it has no escapes, SIZE_MAX: it has some, or is wrong. */
static size_t plain_end(struct span s, size_t start, bool strict)
{
    size_t wrong, end = find_end(s, start, strict, &wrong);
    return end >= s.length || span_at(s, end) != '"' ? SIZE_MAX : end;
}

static value scan_string(struct vm *vm, value text, size_t start, bool strict, size_t *next)
{
    struct span s = string_span(text);
    size_t end = plain_end(s, start, strict);
    if (end == SIZE_MAX)
        return scan_escaped(vm, text, start, start, strict, next);
    ADD_WORK(vm, characters, end - start);
    *next = end + 1;
    return string_from_span(vm, span_part(s, start, end));
}

static bool position_argument(struct vm *vm, value v, int64_t *out)
{
    value integer = number_index(vm, v);
    if (integer == VALUE_NULL)
        return false;
    if (is_small_int(integer) || value_to_int64(vm, integer, out)) {
        if (is_small_int(integer))
            *out = small_int_value(integer);
        return true;
    }
    exception_clear(vm);
    raise_error(vm, &exc_OverflowError, "Python int too large to convert to C ssize_t");
    return false;
}

JSON_FUNCTION(scanstring)
{
    (void)self;
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "scanstring() takes no keyword arguments");
    if (count < 2 || count > 3)
        return raise_error(vm, &exc_TypeError, "scanstring() takes at %s %d arguments (%zu given)", count < 2 ? "least" : "most",
                           count < 2 ? 2 : 3, count);
    int64_t end;
    if (!position_argument(vm, arguments[1], &end))
        return VALUE_NULL;
    int strict = count > 2 ? value_truth(vm, arguments[2]) : 1;
    if (strict < 0)
        return VALUE_NULL;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "first argument must be a string, not %T", arguments[0]);
    if (end < 0 || end > (int64_t)string_of(arguments[0])->length)
        return raise_error(vm, &exc_ValueError, "end is out of bounds");
    size_t next;
    value result = scan_string(vm, arguments[0], (size_t)end, strict, &next);
    return result == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, result, small_int((int64_t)next));
}

/* ---- values ---- */

static value scan_value(struct scan *scan, size_t at, size_t *next);

static size_t skip_space(struct span s, size_t at)
{
    while (at < s.length) {
        uint32_t c = span_at(s, at);
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
            break;
        at++;
    }
    return at;
}

static bool character_is(struct span s, size_t at, uint32_t c)
{
    return at < s.length && span_at(s, at) == c;
}

/* A key: the same object each time it comes again. */
static value scan_key(struct scan *scan, size_t start, size_t *next)
{
    struct span s = scan->span;
    size_t end = plain_end(s, start, scan->scanner->strict);
    if (end == SIZE_MAX)
        return scan_escaped(scan->vm, scan->text, start, start, scan->scanner->strict, next);
    *next = end + 1;
    struct span key = span_part(s, start, end);
    uint32_t hash = (uint32_t)key.length;
    for (size_t i = 0; i < key.length; i++)
        hash = hash * 31 + span_at(key, i);
    value *place = &scan->keys[hash % KEY_CACHE_SIZE];
    ADD_WORK(scan->vm, characters, key.length);
    if (*place != VALUE_NULL && span_equal(string_span(*place), key))
        return *place;
    value made = string_from_span(scan->vm, key);
    if (made != VALUE_NULL)
        *place = made;
    return made;
}

/* After "{": members until "}"; result: a dict, or a list of pairs. */
static bool scan_members(struct scan *scan, size_t at, value result, bool pairs, size_t *next)
{
    struct vm *vm = scan->vm;
    struct span s = scan->span;
    for (;;) {
        if (!character_is(s, at, '"'))
            return raise_at(vm, "Expecting property name enclosed in double quotes", scan->text, at), false;
        value key = scan_key(scan, at + 1, &at);
        if (key == VALUE_NULL)
            return false;
        at = skip_space(s, at);
        if (!character_is(s, at, ':'))
            return raise_at(vm, "Expecting ':' delimiter", scan->text, at), false;
        value item = scan_value(scan, skip_space(s, at + 1), &at);
        if (item == VALUE_NULL)
            return false;
        if (pairs) {
            value pair = tuple_pack(vm, 2, key, item);
            if (pair == VALUE_NULL || !list_append(vm, list_of(result), pair))
                return false;
        } else if (!dict_set(vm, dict_of(result), key, item))
            return false;
        at = skip_space(s, at);
        if (character_is(s, at, '}')) {
            *next = at + 1;
            return true;
        }
        if (!character_is(s, at, ','))
            return raise_at(vm, "Expecting ',' delimiter", scan->text, at), false;
        at = skip_space(s, at + 1);
    }
}

static value scan_object(struct scan *scan, size_t at, size_t *next)
{
    struct vm *vm = scan->vm;
    const struct scanner_object *scanner = scan->scanner;
    bool pairs = scanner->object_pairs_hook != NONE;
    value result = pairs ? list_new(vm, 0) : dict_new(vm);
    if (result == VALUE_NULL)
        return VALUE_NULL;
    at = skip_space(scan->span, at);
    if (character_is(scan->span, at, '}'))
        *next = at + 1;
    else if (!scan_members(scan, at, result, pairs, next))
        return VALUE_NULL;
    if (pairs)
        return call_1(vm, scanner->object_pairs_hook, result);
    return scanner->object_hook == NONE ? result : call_1(vm, scanner->object_hook, result);
}

static value scan_array(struct scan *scan, size_t at, size_t *next)
{
    struct vm *vm = scan->vm;
    struct span s = scan->span;
    value result = list_new(vm, 0);
    if (result == VALUE_NULL)
        return VALUE_NULL;
    at = skip_space(s, at);
    if (character_is(s, at, ']')) {
        *next = at + 1;
        return result;
    }
    for (;;) {
        value item = scan_value(scan, at, &at);
        if (item == VALUE_NULL || !list_append(vm, list_of(result), item))
            return VALUE_NULL;
        at = skip_space(s, at);
        if (character_is(s, at, ']')) {
            *next = at + 1;
            return result;
        }
        if (!character_is(s, at, ','))
            return raise_at(vm, "Expecting ',' delimiter", scan->text, at);
        at = skip_space(s, at + 1);
    }
}

static bool is_digit(struct span s, size_t at)
{
    return at < s.length && span_at(s, at) - '0' < 10;
}

static value make_number(struct scan *scan, size_t start, size_t end, bool is_float_text)
{
    struct vm *vm = scan->vm;
    value parser = is_float_text ? scan->scanner->parse_float : scan->scanner->parse_int;
    struct span part = span_part(scan->span, start, end);
    if (parser != object_value(is_float_text ? &float_type : &int_type)) {
        value text = string_from_span(vm, part);
        return text == VALUE_NULL ? VALUE_NULL : call_1(vm, parser, text);
    }
    ADD_WORK(vm, characters, part.length);
    bool negative = span_at(part, 0) == '-';
    if (!is_float_text && part.length <= 18) {
        int64_t number = 0;
        for (size_t i = negative; i < part.length; i++)
            number = number * 10 + (span_at(part, i) - '0');
        return small_int(negative ? -number : number);
    }
    char small[64], *text = part.length < sizeof small ? small : malloc(part.length + 1);
    if (!text)
        return raise_no_memory(vm);
    for (size_t i = 0; i < part.length; i++)
        text[i] = (char)span_at(part, i);
    text[part.length] = '\0';
    value result;
    double number;
    if (is_float_text)
        result = float_parse(text, part.length, &number) ? float_value(vm, number) : VALUE_NULL;
    else
        result = int_parse(vm, text, part.length, 10, scan->text);
    if (text != small)
        free(text);
    return result;
}

static value scan_number(struct scan *scan, size_t start, size_t *next)
{
    struct span s = scan->span;
    size_t at = start;
    bool is_float_text = false;
    if (character_is(s, at, '-'))
        at++;
    if (!is_digit(s, at))
        return stop_at(scan->vm, start);
    if (span_at(s, at++) != '0')
        while (is_digit(s, at))
            at++;
    if (character_is(s, at, '.') && is_digit(s, at + 1)) {
        is_float_text = true;
        for (at += 2; is_digit(s, at);)
            at++;
    }
    if (at + 1 < s.length && (span_at(s, at) | 0x20) == 'e') {
        size_t exponent = at + 1;
        if (exponent + 1 < s.length && (span_at(s, exponent) == '+' || span_at(s, exponent) == '-'))
            exponent++;
        if (is_digit(s, exponent)) {
            is_float_text = true;
            for (at = exponent; is_digit(s, at);)
                at++;
        }
    }
    *next = at;
    return make_number(scan, start, at, is_float_text);
}

static bool word_is(struct span s, size_t at, const char *word)
{
    for (; *word; word++, at++)
        if (!character_is(s, at, (uint8_t)*word))
            return false;
    return true;
}

static value scan_constant(struct scan *scan, size_t at, const char *word, size_t *next)
{
    *next = at + strlen(word);
    return call_1(scan->vm, scan->scanner->parse_constant, string_from_text(scan->vm, word));
}

static value scan_word(struct scan *scan, size_t at, size_t *next)
{
    struct span s = scan->span;
    static const char *const constants[] = {"NaN", "Infinity", "-Infinity"};
    static const char *const words[] = {"null", "true", "false"};
    const value values[] = {NONE, TRUE, FALSE};
    for (int i = 0; i < 3; i++) {
        if (word_is(s, at, words[i])) {
            *next = at + strlen(words[i]);
            return values[i];
        }
        if (word_is(s, at, constants[i]))
            return scan_constant(scan, at, constants[i], next);
    }
    return scan_number(scan, at, next);
}

static value scan_nested(struct scan *scan, size_t at, size_t *next, bool is_object)
{
    struct vm *vm = scan->vm;
    if (!recursion_enter(vm, is_object ? " while decoding a JSON object from a unicode string"
                                       : " while decoding a JSON array from a unicode string"))
        return VALUE_NULL;
    value result = is_object ? scan_object(scan, at, next) : scan_array(scan, at, next);
    recursion_leave(vm);
    return result;
}

static value scan_value(struct scan *scan, size_t at, size_t *next)
{
    if (at >= scan->span.length)
        return stop_at(scan->vm, at);
    uint32_t c = span_at(scan->span, at);
    if (c == '"')
        return scan_string(scan->vm, scan->text, at + 1, scan->scanner->strict, next);
    if (c == '{' || c == '[')
        return scan_nested(scan, at + 1, next, c == '{');
    if (c - '0' < 10)
        return scan_number(scan, at, next);
    return scan_word(scan, at, next);
}

/* ---- the scanner object ---- */

static value scanner_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"string", "idx", NULL};
    value bound[2];
    if (!arguments_bind(vm, &(struct argument_names){"scan_once", names, 2, 2}, arguments, count, keyword_names, bound))
        return VALUE_NULL;
    int64_t start;
    if (!position_argument(vm, bound[1], &start))
        return VALUE_NULL;
    if (!has_flag(bound[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "first argument must be a string, not %T", bound[0]);
    if (start < 0)
        return raise_error(vm, &exc_ValueError, "idx cannot be negative");
    struct scan scan = {.vm = vm, .text = bound[0], .span = string_span(bound[0]),
                        .scanner = (const struct scanner_object *)value_object(callee)};
    for (size_t i = 0; i < KEY_CACHE_SIZE; i++)
        scan.keys[i] = VALUE_NULL;
    size_t next;
    value result = scan_value(&scan, (size_t)start, &next);
    gc_keep(callee);
    return result == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 2, result, small_int((int64_t)next));
}

static value scanner_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"context", NULL};
    value context;
    if (!arguments_bind(vm, &(struct argument_names){"make_scanner", names, 1, 1}, arguments, count, keyword_names, &context))
        return VALUE_NULL;
    static const char *const attributes[] = {"strict",      "object_hook", "object_pairs_hook",
                                             "parse_float", "parse_int",   "parse_constant"};
    value found[6];
    for (int i = 0; i < 6; i++)
        if ((found[i] = get_attribute_text(vm, context, attributes[i])) == VALUE_NULL)
            return VALUE_NULL;
    int strict = value_truth(vm, found[0]);
    struct scanner_object *scanner = strict < 0 ? NULL : instance_allocate(vm, type, sizeof *scanner);
    if (!scanner)
        return VALUE_NULL;
    scanner->strict = strict;
    scanner->object_hook = found[1];
    scanner->object_pairs_hook = found[2];
    scanner->parse_float = found[3];
    scanner->parse_int = found[4];
    scanner->parse_constant = found[5];
    return object_value(scanner);
}

static void scanner_trace(struct vm *vm, struct object *object)
{
    const struct scanner_object *scanner = (const struct scanner_object *)object;
    gc_mark(vm, scanner->object_hook);
    gc_mark(vm, scanner->object_pairs_hook);
    gc_mark(vm, scanner->parse_float);
    gc_mark(vm, scanner->parse_int);
    gc_mark(vm, scanner->parse_constant);
}

#define GETTER(name, expression)                                                                                       \
    static value scanner_##name(struct vm *vm, value self)                                                             \
    {                                                                                                                  \
        (void)vm;                                                                                                      \
        const struct scanner_object *scanner = (const struct scanner_object *)value_object(self);                      \
        return expression;                                                                                             \
    }
GETTER(strict, bool_value(scanner->strict))
GETTER(object_hook, scanner->object_hook)
GETTER(object_pairs_hook, scanner->object_pairs_hook)
GETTER(parse_float, scanner->parse_float)
GETTER(parse_int, scanner->parse_int)
GETTER(parse_constant, scanner->parse_constant)

static const struct property_definition scanner_properties[] = {
    {"strict", scanner_strict, NULL},
    {"object_hook", scanner_object_hook, NULL},
    {"object_pairs_hook", scanner_object_pairs_hook, NULL},
    {"parse_float", scanner_parse_float, NULL},
    {"parse_int", scanner_parse_int, NULL},
    {"parse_constant", scanner_parse_constant, NULL},
    {0},
};

struct type json_scanner_type = {
    .name = "_json.Scanner",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct scanner_object),
    .doc = "JSON scanner object",
    .properties = scanner_properties,
    .trace = scanner_trace,
    .new = scanner_new,
    .call = scanner_call,
};
