/* format.c - compiling the format strings of module struct, and the cache of compiled ones. */
#include "sim/modules/struct/struct.h"
#include "sim/runtime/container.h"
#include "sim/runtime/text.h"

enum { CACHE_MAX = 100 };

static value bad_format(struct vm *vm, const char *message)
{
    return raise_error(vm, native_error(vm->struct_error), "%s", message);
}

static int item_size(char code, bool native)
{
    switch (code) {
    case 'x': case 'b': case 'B': case 'c': case '?': case 's': case 'p': return 1;
    case 'h': case 'H': case 'e': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': return native ? 8 : 4;
    case 'q': case 'Q': case 'd': return 8;
    case 'n': case 'N': case 'P': return native ? 8 : 0;
    }
    return 0;
}

static const char *format_text(struct vm *vm, value format, size_t *size)
{
    if (has_flag(format, TYPE_BYTES)) {
        *size = bytes_of(format)->length;
        return (const char *)bytes_of(format)->data;
    }
    if (!is_string(format)) {
        raise_error(vm, &exc_TypeError, "Struct() argument 1 must be a str or bytes object, not %T", format);
        return NULL;
    }
    value bytes = string_of(format)->ascii ? VALUE_NULL : string_encode(vm, format, "ascii", "strict");
    return vm->pending != VALUE_NULL || bytes != VALUE_NULL ? NULL : string_utf8(vm, format, size);
}

struct compiler {
    const char *text, *end;
    bool native, big_endian, standard;
    int64_t size, items;
    size_t steps;
};

/* One code with its count; false: at the end, or an error is pending. */
static bool next_code(struct vm *vm, struct compiler *at, char *code, int64_t *count)
{
    while (at->text < at->end && strchr(" \t\n\r\v\f", *at->text))
        at->text++;
    if (at->text == at->end)
        return false;
    *count = 1;
    if (*at->text >= '0' && *at->text <= '9') {
        for (*count = 0; at->text < at->end && *at->text >= '0' && *at->text <= '9'; at->text++) {
            if (__builtin_mul_overflow(*count, (int64_t)10, count) ||
                __builtin_add_overflow(*count, (int64_t)(*at->text - '0'), count))
                return bad_format(vm, "total struct size too long") != VALUE_NULL;
        }
        if (at->text == at->end)
            return bad_format(vm, "repeat count given without format specifier") != VALUE_NULL;
    }
    *code = *at->text++;
    if (!item_size(*code, at->native))
        return bad_format(vm, "bad char in struct format") != VALUE_NULL;
    return true;
}

/* Steps are counted when `steps` is NULL, and written else. */
static bool compile_steps(struct vm *vm, struct compiler at, struct compiler *result, struct struct_step *steps)
{
    char code = 0;
    int64_t count = 0;
    while (next_code(vm, &at, &code, &count)) {
        int64_t size = item_size(code, at.native), bytes;
        if (at.native && size > 1) {
            if (at.size > INT64_MAX - 8)
                return bad_format(vm, "total struct size too long") != VALUE_NULL;
            at.size = (at.size + size - 1) / size * size;
        }
        if (__builtin_mul_overflow(size, count, &bytes) || __builtin_add_overflow(at.size, bytes, &bytes))
            return bad_format(vm, "total struct size too long") != VALUE_NULL;
        if (code != 'x' && (count || code == 's' || code == 'p')) {
            if (steps)
                steps[at.steps] = (struct struct_step){code, (uint8_t)size, at.big_endian, at.standard, at.size, count};
            at.steps++;
            at.items += code == 's' || code == 'p' ? 1 : count;
        }
        at.size = bytes;
    }
    *result = at;
    return vm->pending == VALUE_NULL;
}

bool struct_compile(struct vm *vm, struct struct_object *object, value format)
{
    size_t length;
    const char *text = format_text(vm, format, &length);
    if (!text)
        return false;
    if (memchr(text, 0, length))
        return bad_format(vm, "embedded null character") != VALUE_NULL;
    struct compiler start = {.text = text, .end = text + length, .native = true}, done;
    if (length && strchr("@=<>!", text[0])) {
        start.text++;
        start.native = text[0] == '@';
        start.standard = !start.native;
        start.big_endian = text[0] == '>' || text[0] == '!';
    }
    if (!compile_steps(vm, start, &done, NULL))
        return false;
    struct struct_step *steps = done.steps ? gc_storage(vm, done.steps * sizeof *steps) : NULL;
    if ((done.steps && !steps) || !compile_steps(vm, start, &done, steps))
        return false;
    value shown = is_string(format) ? format : string_from_utf8(vm, text, length);
    if (shown == VALUE_NULL)
        return false;
    object->format = shown;
    object->steps = steps;
    object->step_count = done.steps;
    object->size = done.size;
    object->items = done.items;
    return true;
}

struct struct_object *struct_for_format(struct vm *vm, value format)
{
    value known;
    struct dict_object *cache = dict_of(vm->struct_cache);
    bool hashable = is_exact(format, &string_type) || is_exact(format, &bytes_type);
    if (hashable && format == vm->struct_last_format)
        return vm->struct_last;
    int found = hashable ? dict_find(vm, cache, format, &known) : 0;
    if (found < 0)
        return NULL;
    if (!found) {
        struct struct_object *object = GC_NEW(vm, struct struct_object, &struct_type);
        if (!object)
            return NULL;
        known = object_value(object);
        object->format = VALUE_NULL;
        if (!struct_compile(vm, object, format))
            return NULL;
        if (hashable && cache->count >= CACHE_MAX) {
            vm->struct_last_format = VALUE_NULL;
            dict_clear(vm, cache);
        }
        if (hashable && !dict_set(vm, cache, format, known))
            return NULL;
    }
    if (hashable) { /* the format is a root, since the cache may hold another, equal one; struct_last lives in the cache */
        vm->struct_last_format = format;
        vm->struct_last = struct_of(known);
    }
    return struct_of(known);
}
