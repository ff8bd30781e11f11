/* encoder.c - writing JSON: encode_basestring, encode_basestring_ascii and the encoder object. The text grows as bytes as long
 * as it is ASCII. */
#include "sim/modules/json/json.h"

struct encoder_object {
    struct object head;
    bool sort_keys, skip_keys, allow_nan;
    native_function fast; /* what `encoder` is, when it is one of ours */
    value markers, fallback, encoder, indent, key_separator, item_separator;
};

/* ---- the text that is made ---- */

struct output {
    uint8_t *bytes;
    size_t length, capacity;
    struct string_builder wide; /* in use when is_wide: something beyond ASCII was written */
    bool is_wide, failed;
};

static void output_free(struct output *out)
{
    free(out->bytes);
    string_builder_free(&out->wide);
}

static uint8_t *output_reserve(struct output *out, size_t more)
{
    if (out->capacity - out->length < more) {
        size_t capacity = (out->length + more) * 2 + 64;
        uint8_t *bytes = realloc(out->bytes, capacity);
        if (!bytes) {
            out->failed = true;
            return NULL;
        }
        out->bytes = bytes;
        out->capacity = capacity;
    }
    return out->bytes + out->length;
}

static void output_add_ascii(struct output *out, const void *text, size_t size)
{
    if (out->is_wide) {
        string_builder_add_span(&out->wide, (struct span){text, size, 1});
        return;
    }
    uint8_t *at = output_reserve(out, size);
    if (at) {
        memcpy(at, text, size);
        out->length += size;
    }
}

static void output_add_text(struct output *out, const char *text)
{
    output_add_ascii(out, text, strlen(text));
}

static void output_add_span(struct output *out, struct span s, bool ascii)
{
    if (ascii) {
        output_add_ascii(out, s.data, s.length);
        return;
    }
    if (!out->is_wide) {
        out->is_wide = true;
        string_builder_add_span(&out->wide, (struct span){out->bytes, out->length, 1});
    }
    string_builder_add_span(&out->wide, s);
}

static void output_add_string(struct output *out, value text)
{
    output_add_span(out, string_span(text), string_of(text)->ascii);
}

static value output_finish(struct vm *vm, struct output *out)
{
    if (out->failed) {
        output_free(out);
        return raise_no_memory(vm);
    }
    ADD_WORK(vm, characters, out->is_wide ? out->wide.length : out->length);
    value result = out->is_wide ? string_builder_finish(vm, &out->wide) : string_from_latin1(vm, out->bytes, out->length);
    free(out->bytes);
    return result;
}

/* ---- strings ---- */

static void add_unicode_escape(struct output *out, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    char escape[6] = {'\\', 'u', digits[unit >> 12 & 15], digits[unit >> 8 & 15], digits[unit >> 4 & 15], digits[unit & 15]};
    output_add_ascii(out, escape, sizeof escape);
}

static void add_escaped(struct output *out, uint32_t c)
{
    char pair[2] = {'\\', 0};
    switch (c) {
    case '"':
    case '\\':
        pair[1] = (char)c;
        break;
    case '\b':
        pair[1] = 'b';
        break;
    case '\f':
        pair[1] = 'f';
        break;
    case '\n':
        pair[1] = 'n';
        break;
    case '\r':
        pair[1] = 'r';
        break;
    case '\t':
        pair[1] = 't';
        break;
    default:
        if (c >= 0x10000) {
            add_unicode_escape(out, 0xd800 | ((c - 0x10000) >> 10 & 0x3ff));
            c = 0xdc00 | ((c - 0x10000) & 0x3ff);
        }
        add_unicode_escape(out, c);
        return;
    }
    output_add_ascii(out, pair, 2);
}

static void add_quoted(struct output *out, value text, bool only_ascii)
{
    struct span s = string_span(text);
    bool ascii = string_of(text)->ascii;
    output_add_ascii(out, "\"", 1);
    size_t from = 0;
    for (size_t i = 0; i <= s.length; i++) {
        uint32_t c = i < s.length ? span_at(s, i) : '"';
        if (c >= 0x20 && c != '"' && c != '\\' && !(only_ascii && c > '~'))
            continue;
        if (i > from && only_ascii && s.width > 1) { /* its plain parts are ASCII in wide characters */
            for (size_t j = from; j < i; j++) {
                char plain = (char)span_at(s, j);
                output_add_ascii(out, &plain, 1);
            }
        } else if (i > from)
            output_add_span(out, span_part(s, from, i), ascii || only_ascii);
        if (i < s.length)
            add_escaped(out, c);
        from = i + 1;
    }
    output_add_ascii(out, "\"", 1);
}

static value quoted(struct vm *vm, const value *arguments, bool only_ascii)
{
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "first argument must be a string, not %T", arguments[0]);
    struct output out = {0};
    add_quoted(&out, arguments[0], only_ascii);
    return output_finish(vm, &out);
}

static bool one_argument(struct vm *vm, const char *function, size_t count, value keyword_names)
{
    if (keyword_count(keyword_names))
        raise_error(vm, &exc_TypeError, "_json.%s() takes no keyword arguments", function);
    else if (count != 1)
        raise_error(vm, &exc_TypeError, "_json.%s() takes exactly one argument (%zu given)", function, count);
    else
        return true;
    return false;
}

JSON_FUNCTION(encode_basestring)
{
    (void)self;
    return one_argument(vm, "encode_basestring", count, keyword_names) ? quoted(vm, arguments, false) : VALUE_NULL;
}

JSON_FUNCTION(encode_basestring_ascii)
{
    (void)self;
    return one_argument(vm, "encode_basestring_ascii", count, keyword_names) ? quoted(vm, arguments, true) : VALUE_NULL;
}

/* ---- values ---- */

struct enclosing { /* the containers being written, innermost first: a container within itself is an error */
    const struct enclosing *outer;
    value container;
};

struct encoding {
    struct vm *vm;
    const struct encoder_object *encoder;
    struct output out;
};

static bool encode(struct encoding *e, value v, const struct enclosing *enclosing);

static bool check_circle(struct encoding *e, const struct enclosing *enclosing, value v)
{
    if (e->encoder->markers == NONE)
        return true;
    for (; enclosing; enclosing = enclosing->outer)
        if (enclosing->container == v) {
            raise_error(e->vm, &exc_ValueError, "Circular reference detected");
            return false;
        }
    return true;
}

static bool encode_string(struct encoding *e, value text)
{
    const struct encoder_object *encoder = e->encoder;
    if (encoder->fast) {
        add_quoted(&e->out, text, encoder->fast == json_encode_basestring_ascii);
        return true;
    }
    value made = call_1(e->vm, encoder->encoder, text);
    if (made == VALUE_NULL)
        return false;
    if (!has_flag(made, TYPE_STRING)) {
        raise_error(e->vm, &exc_TypeError, "encoder() must return a string, not %T", made);
        return false;
    }
    output_add_string(&e->out, made);
    return true;
}

/* JSON has no infinities: the text is JavaScript's. NULL: ValueError pending. */
static const char *float_text(struct encoding *e, double number, char text[32])
{
    if (isfinite(number)) {
        text[float_repr(number, text)] = '\0';
        return text;
    }
    if (e->encoder->allow_nan)
        return isnan(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity";
    raise_error(e->vm, &exc_ValueError, "Out of range float values are not JSON compliant");
    return NULL;
}

/* The text of None, a bool or a number; false: it is none of these, or an exception is pending. */
static bool simple_text(struct encoding *e, value v, char text[32], const char **out, value *big)
{
    *big = VALUE_NULL;
    *out = NULL;
    if (v == NONE)
        *out = "null";
    else if (v == TRUE || v == FALSE)
        *out = v == TRUE ? "true" : "false";
    else if (is_small_int(v)) {
        char reversed[24];
        int64_t n = small_int_value(v);
        uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
        size_t size = 0, at = 0;
        do
            reversed[size++] = (char)('0' + rest % 10);
        while (rest /= 10);
        if (n < 0)
            text[at++] = '-';
        while (size)
            text[at++] = reversed[--size];
        text[at] = '\0';
        *out = text;
    } else if (is_float(v)) {
        *out = float_text(e, float_number(v), text);
    } else if (is_int(v)) {
        *big = int_repr(e->vm, int_exact(v));
        return *big != VALUE_NULL;
    }
    return *out != NULL;
}

static bool encode_simple(struct encoding *e, value v)
{
    char text[32];
    const char *out;
    value big;
    if (!simple_text(e, v, text, &out, &big))
        return false;
    if (out)
        output_add_text(&e->out, out);
    else
        output_add_string(&e->out, big);
    return true;
}

static bool encode_key(struct encoding *e, value key)
{
    if (has_flag(key, TYPE_STRING))
        return encode_string(e, key);
    char text[32];
    const char *out;
    value big;
    if (!simple_text(e, key, text, &out, &big))
        return false;
    if (!e->encoder->fast) {
        value made = out ? string_from_text(e->vm, out) : big;
        return made != VALUE_NULL && encode_string(e, made);
    }
    output_add_ascii(&e->out, "\"", 1);
    if (out)
        output_add_text(&e->out, out);
    else
        output_add_string(&e->out, big);
    output_add_ascii(&e->out, "\"", 1);
    return true;
}

static bool encode_member(struct encoding *e, value key, value item, bool *first, const struct enclosing *enclosing)
{
    if (!has_flag(key, TYPE_STRING) && key != NONE && !is_int(key) && !is_float(key)) {
        if (!e->encoder->skip_keys)
            raise_error(e->vm, &exc_TypeError, "keys must be str, int, float, bool or None, not %T", key);
        return e->encoder->skip_keys;
    }
    if (!*first)
        output_add_string(&e->out, e->encoder->item_separator);
    *first = false;
    if (!encode_key(e, key))
        return false;
    output_add_string(&e->out, e->encoder->key_separator);
    return encode(e, item, enclosing);
}

/* The items of a mapping as a list of pairs, sorted if asked. */
static value members_list(struct encoding *e, value mapping)
{
    struct vm *vm = e->vm;
    value view = call_method(vm, mapping, "items", NULL, 0);
    value items = view == VALUE_NULL ? VALUE_NULL : list_from_iterable(vm, view);
    if (items == VALUE_NULL || (e->encoder->sort_keys && !list_sort(vm, items, VALUE_NULL, false)))
        return VALUE_NULL;
    return items;
}

static bool encode_dict(struct encoding *e, value mapping, const struct enclosing *outer)
{
    struct vm *vm = e->vm;
    if (!dict_of(mapping)->count) {
        output_add_text(&e->out, "{}");
        return true;
    }
    if (!check_circle(e, outer, mapping))
        return false;
    struct enclosing enclosing = {outer, mapping};
    output_add_text(&e->out, "{");
    bool first = true;
    value items = members_list(e, mapping);
    if (items == VALUE_NULL)
        return false;
    for (uint32_t i = 0; i < list_of(items)->length; i++) {
        value pair = list_of(items)->items[i];
        if (!has_flag(pair, TYPE_TUPLE) || tuple_of(pair)->length != 2) {
            raise_error(vm, &exc_ValueError, "items must return 2-tuples");
            return false;
        }
        if (!encode_member(e, tuple_of(pair)->items[0], tuple_of(pair)->items[1], &first, &enclosing))
            return false;
    }
    output_add_text(&e->out, "}");
    return true;
}

static bool encode_list(struct encoding *e, value sequence, const struct enclosing *outer)
{
    size_t length;
    const value *items = sequence_items(sequence, &length);
    if (!length) {
        output_add_text(&e->out, "[]");
        return true;
    }
    if (!check_circle(e, outer, sequence))
        return false;
    struct enclosing enclosing = {outer, sequence};
    output_add_text(&e->out, "[");
    for (size_t i = 0; i < length; i++) {
        if (i)
            output_add_string(&e->out, e->encoder->item_separator);
        if (!encode(e, items[i], &enclosing))
            return false;
        items = sequence_items(sequence, &length); /* `default` may have changed it */
    }
    output_add_text(&e->out, "]");
    return true;
}

static bool encode_other(struct encoding *e, value v, const struct enclosing *outer)
{
    if (!check_circle(e, outer, v))
        return false;
    struct enclosing enclosing = {outer, v};
    value made = call_1(e->vm, e->encoder->fallback, v);
    return made != VALUE_NULL && encode(e, made, &enclosing);
}

static bool encode(struct encoding *e, value v, const struct enclosing *enclosing)
{
    if (has_flag(v, TYPE_STRING))
        return encode_string(e, v);
    if (encode_simple(e, v))
        return true;
    if (e->vm->pending != VALUE_NULL || !recursion_enter(e->vm, " while encoding a JSON object"))
        return false;
    bool done = has_flag(v, TYPE_LIST | TYPE_TUPLE) ? encode_list(e, v, enclosing)
                : has_flag(v, TYPE_DICT)            ? encode_dict(e, v, enclosing)
                                                    : encode_other(e, v, enclosing);
    recursion_leave(e->vm);
    return done;
}

/* ---- the encoder object ---- */

static value encoder_call(struct vm *vm, value callee, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"obj", "_current_indent_level", NULL};
    value bound[2];
    if (!arguments_bind(vm, &(struct argument_names){"_iterencode", names, 2, 2}, arguments, count, keyword_names, bound))
        return VALUE_NULL;
    int64_t level;
    if (!value_to_index(vm, bound[1], &level))
        return VALUE_NULL;
    struct encoding e = {.vm = vm, .encoder = (const struct encoder_object *)value_object(callee)};
    if (!encode(&e, bound[0], NULL)) {
        output_free(&e.out);
        return VALUE_NULL;
    }
    gc_keep(callee);
    value text = output_finish(vm, &e.out);
    return text == VALUE_NULL ? VALUE_NULL : list_from(vm, &text, 1);
}

static native_function fast_function(value encoder)
{
    if (!is_exact(encoder, &native_function_type))
        return NULL;
    native_function function = ((struct native_function_object *)value_object(encoder))->definition->function;
    return function == json_encode_basestring || function == json_encode_basestring_ascii ? function : NULL;
}

static value encoder_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"markers",        "default",   "encoder",  "indent",    "key_separator",
                                        "item_separator", "sort_keys", "skipkeys", "allow_nan", NULL};
    value bound[9];
    if (!arguments_bind(vm, &(struct argument_names){"make_encoder", names, 9, 9}, arguments, count, keyword_names, bound))
        return VALUE_NULL;
    for (int i = 4; i < 6; i++)
        if (!has_flag(bound[i], TYPE_STRING))
            return raise_error(vm, &exc_TypeError, "make_encoder() argument %d must be str, not %T", i + 1, bound[i]);
    int flags[3];
    for (int i = 0; i < 3; i++)
        if ((flags[i] = value_truth(vm, bound[6 + i])) < 0)
            return VALUE_NULL;
    if (bound[0] != NONE && !has_flag(bound[0], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "make_encoder() argument 1 must be dict or None, not %T", bound[0]);
    struct encoder_object *encoder = instance_allocate(vm, type, sizeof *encoder);
    if (!encoder)
        return VALUE_NULL;
    encoder->markers = bound[0];
    encoder->fallback = bound[1];
    encoder->encoder = bound[2];
    encoder->indent = bound[3];
    encoder->key_separator = bound[4];
    encoder->item_separator = bound[5];
    encoder->sort_keys = flags[0];
    encoder->skip_keys = flags[1];
    encoder->allow_nan = flags[2];
    encoder->fast = fast_function(bound[2]);
    return object_value(encoder);
}

static void encoder_trace(struct vm *vm, struct object *object)
{
    const struct encoder_object *encoder = (const struct encoder_object *)object;
    const value held[] = {encoder->markers, encoder->fallback,      encoder->encoder,
                          encoder->indent,  encoder->key_separator, encoder->item_separator};
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        gc_mark(vm, held[i]);
}

#define GETTER(name, expression)                                                                                       \
    static value encoder_##name(struct vm *vm, value self)                                                             \
    {                                                                                                                  \
        (void)vm;                                                                                                      \
        const struct encoder_object *encoder = (const struct encoder_object *)value_object(self);                      \
        return expression;                                                                                             \
    }
GETTER(markers, encoder->markers)
GETTER(default, encoder->fallback)
GETTER(encoder, encoder->encoder)
GETTER(indent, encoder->indent)
GETTER(key_separator, encoder->key_separator)
GETTER(item_separator, encoder->item_separator)
GETTER(sort_keys, bool_value(encoder->sort_keys))
GETTER(skipkeys, bool_value(encoder->skip_keys))

static const struct property_definition encoder_properties[] = {
    {"markers", encoder_markers, NULL},
    {"default", encoder_default, NULL},
    {"encoder", encoder_encoder, NULL},
    {"indent", encoder_indent, NULL},
    {"key_separator", encoder_key_separator, NULL},
    {"item_separator", encoder_item_separator, NULL},
    {"sort_keys", encoder_sort_keys, NULL},
    {"skipkeys", encoder_skipkeys, NULL},
    {0},
};

struct type json_encoder_type = {
    .name = "_json.Encoder",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct encoder_object),
    .doc = "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)",
    .properties = encoder_properties,
    .trace = encoder_trace,
    .new = encoder_new,
    .call = encoder_call,
};

/* ---- the module ---- */

static const struct method_definition functions[] = {
    {"encode_basestring", NULL, json_encode_basestring, 0, "Return a JSON representation of a Python string"},
    {"encode_basestring_ascii", NULL, json_encode_basestring_ascii, 0,
     "Return an ASCII-only JSON representation of a Python string"},
    {"scanstring", NULL, json_scanstring, 0, "Scan the string s for a JSON string."},
    {0},
};

static bool json_initialize(struct vm *vm, value module)
{
    type_ready(vm, &json_scanner_type);
    type_ready(vm, &json_encoder_type);
    return dict_set_text(vm, support_dict(module), "make_scanner", type_object_value(&json_scanner_type)) &&
           dict_set_text(vm, support_dict(module), "make_encoder", type_object_value(&json_encoder_type));
}

const struct native_module json_module = {"_json", json_initialize, functions};
