/* scanner.c - _sre.SRE_Scanner: successive matches of one pattern in one string, and what finditer returns. */
#include "sim/modules/sre/sre.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/iterator.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

struct scanner_object {
    struct object head;
    value pattern, string;
    int64_t position, end, pos;  /* where the next match may begin; endpos; pos as it was given */
    bool must_advance, exhausted;
    uint32_t *exports;           /* of the buffer that must not move while this lives, or NULL */
};

static struct scanner_object *scanner_of(value v)
{
    return (struct scanner_object *)value_object(v);
}

value scanner_new(struct vm *vm, value pattern, value string, value pos, value endpos)
{
    struct sre_state state;
    if (!pattern_open(vm, pattern, string, pos, endpos, &state))
        return VALUE_NULL;
    sre_state_close(&state);
    struct scanner_object *scanner = GC_NEW(vm, struct scanner_object, &sre_scanner_type);
    if (!scanner)
        return VALUE_NULL;
    scanner->pattern = pattern;
    scanner->string = string;
    scanner->position = scanner->pos = (int64_t)state.start;
    scanner->end = (int64_t)state.end;
    struct item_buffer buffer;
    if (!is_string(string)) {
        if (!buffer_get(vm, string, &buffer))
            return VALUE_NULL;
        if (buffer.exports)
            ++*(scanner->exports = buffer.exports);
    }
    return object_value(scanner);
}

/* The next match; None: there is none, and the scanner is done. */
static value scanner_find(struct vm *vm, struct scanner_object *scanner, enum sre_answer (*find)(struct sre_state *state))
{
    struct sre_state state;
    if (scanner->exhausted)
        return NONE;
    if (!pattern_open(vm, scanner->pattern, scanner->string, small_int(scanner->position), small_int(scanner->end), &state))
        return VALUE_NULL;
    state.must_advance = scanner->must_advance;
    enum sre_answer answer = find(&state);
    value result = VALUE_NULL;
    if (answer == SRE_NONE) {
        scanner->exhausted = true;
        result = NONE;
    } else if (answer == SRE_FOUND) {
        result = match_new(vm, scanner->pattern, scanner->string, &state, (size_t)scanner->pos, (size_t)scanner->end);
        scanner->must_advance = state.match_end == state.match_start;
        scanner->position = (int64_t)state.match_end;
    }
    sre_state_close(&state);
    return result;
}

METHOD(scanner_match)
{
    UNUSED;
    return scanner_find(vm, scanner_of(self), sre_match);
}

METHOD(scanner_search)
{
    UNUSED;
    return scanner_find(vm, scanner_of(self), sre_search);
}

static value get_pattern(struct vm *vm, value self)
{
    (void)vm;
    return scanner_of(self)->pattern;
}

static void scanner_trace(struct vm *vm, struct object *object)
{
    const struct scanner_object *scanner = (struct scanner_object *)object;
    gc_mark(vm, scanner->pattern);
    gc_mark(vm, scanner->string);
    if (scanner->exports && scanner->exports == vm->export_probe)
        vm->export_count++;
}

value scanner_iterator(struct vm *vm, value scanner)
{
    value search = get_attribute_text(vm, scanner, "search");
    return search == VALUE_NULL ? VALUE_NULL : callable_iterator_new(vm, search, NONE);
}

static const struct method_definition scanner_methods[] = {
    {"match", "()", scanner_match, METHOD_INSTANCE, NULL},
    {"search", "()", scanner_search, METHOD_INSTANCE, NULL},
    {0},
};

struct type sre_scanner_type = {
    .name = "_sre.SRE_Scanner",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct scanner_object),
    .trace = scanner_trace,
    .methods = scanner_methods,
    .properties = (const struct property_definition[]){{"pattern", get_pattern, NULL}, {0}},
};
