/* sre.c - module _sre, so far only as much as importing re takes: patterns are compiled by Lib/re and kept, matching one is
 * unsupported, except that the empty pattern matches at the start (re asks that to learn the type of matches). */
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

struct pattern_object {
    struct object head;
    value pattern, flags, groups, group_index;
};
struct match_object {
    struct object head;
    value pattern, string;
};

static void pattern_trace(struct vm *vm, struct object *object)
{
    struct pattern_object *self = (struct pattern_object *)object;
    gc_mark(vm, self->pattern);
    gc_mark(vm, self->flags);
    gc_mark(vm, self->groups);
    gc_mark(vm, self->group_index);
}

static void match_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct match_object *)object)->pattern);
    gc_mark(vm, ((struct match_object *)object)->string);
}

static struct pattern_object *pattern_of(value v)
{
    return (struct pattern_object *)value_object(v);
}

static struct type match_type = {.name = "Match", .instance_size = sizeof(struct match_object), .trace = match_trace};

#define METHOD(name)                                                                                                   \
    static value pattern_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

METHOD(match)
{
    UNUSED;
    value pattern = pattern_of(self)->pattern;
    if (!is_string(pattern) || string_of(pattern)->length)
        return raise_unsupported(vm, "matching a regular expression (re)");
    struct match_object *match = GC_NEW(vm, struct match_object, &match_type);
    if (!match)
        return VALUE_NULL;
    match->pattern = self;
    match->string = arguments[0];
    return object_value(match);
}

METHOD(any)
{
    UNUSED;
    return raise_unsupported(vm, "matching a regular expression (re)");
}

#define PATTERN_PROPERTY(name, field)                                                                                  \
    static value get_##name(struct vm *vm, value self)                                                                 \
    {                                                                                                                  \
        (void)vm;                                                                                                      \
        return pattern_of(self)->field;                                                                                \
    }
PATTERN_PROPERTY(pattern, pattern)
PATTERN_PROPERTY(flags, flags)
PATTERN_PROPERTY(groups, groups)
PATTERN_PROPERTY(group_index, group_index)

static struct type pattern_type = {
    .name = "Pattern",
    .instance_size = sizeof(struct pattern_object),
    .trace = pattern_trace,
    .methods = (const struct method_definition[]){{"match", "(string, pos=0, endpos=0)", pattern_match, 0, NULL},
                                                  {"fullmatch", NULL, pattern_any, 0, NULL},
                                                  {"search", NULL, pattern_any, 0, NULL},
                                                  {"sub", NULL, pattern_any, 0, NULL},
                                                  {"subn", NULL, pattern_any, 0, NULL},
                                                  {"findall", NULL, pattern_any, 0, NULL},
                                                  {"finditer", NULL, pattern_any, 0, NULL},
                                                  {"split", NULL, pattern_any, 0, NULL},
                                                  {"scanner", NULL, pattern_any, 0, NULL},
                                                  {0}},
    .properties = (const struct property_definition[]){{"pattern", get_pattern, NULL},
                                                       {"flags", get_flags, NULL},
                                                       {"groups", get_groups, NULL},
                                                       {"groupindex", get_group_index, NULL},
                                                       {0}},
};

#define FUNCTION(name)                                                                                                 \
    static value sre_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)

FUNCTION(compile)
{
    UNUSED;
    struct pattern_object *pattern = GC_NEW(vm, struct pattern_object, &pattern_type);
    if (!pattern)
        return VALUE_NULL;
    pattern->pattern = arguments[0];
    pattern->flags = arguments[1];
    pattern->groups = arguments[3];
    pattern->group_index = arguments[4];
    return object_value(pattern);
}

/* The character in another case, if that is one character. */
static bool other_case(struct vm *vm, value character, enum case_kind kind, int64_t *out)
{
    if (!value_to_int64(vm, character, out))
        return false;
    value text = string_from_code_point(vm, (uint32_t)*out);
    value changed = text == VALUE_NULL ? VALUE_NULL : string_change_case(vm, text, kind);
    if (changed != VALUE_NULL && string_of(changed)->length == 1)
        *out = string_at(string_of(changed), 0);
    return changed != VALUE_NULL;
}

FUNCTION(unicode_tolower)
{
    UNUSED;
    int64_t lower;
    return other_case(vm, arguments[0], CASE_LOWER, &lower) ? small_int(lower) : VALUE_NULL;
}

FUNCTION(unicode_iscased)
{
    UNUSED;
    int64_t lower, upper;
    if (!other_case(vm, arguments[0], CASE_LOWER, &lower) || !other_case(vm, arguments[0], CASE_UPPER, &upper))
        return VALUE_NULL;
    return bool_value(lower != upper);
}

FUNCTION(ascii_tolower)
{
    UNUSED;
    int64_t c;
    return value_to_int64(vm, arguments[0], &c) ? small_int(c >= 'A' && c <= 'Z' ? c + 32 : c) : VALUE_NULL;
}

FUNCTION(ascii_iscased)
{
    UNUSED;
    int64_t c;
    return value_to_int64(vm, arguments[0], &c) ? bool_value((c | 32) >= 'a' && (c | 32) <= 'z' && c < 128) : VALUE_NULL;
}

FUNCTION(getcodesize)
{
    UNUSED;
    return small_int(4);
}

static const struct method_definition functions[] = {
    {"compile", "(pattern, flags, code, groups, groupindex, indexgroup)", sre_compile, 0, NULL},
    {"unicode_tolower", "(character, /)", sre_unicode_tolower, 0, NULL},
    {"unicode_iscased", "(character, /)", sre_unicode_iscased, 0, NULL},
    {"ascii_tolower", "(character, /)", sre_ascii_tolower, 0, NULL},
    {"ascii_iscased", "(character, /)", sre_ascii_iscased, 0, NULL},
    {"getcodesize", "()", sre_getcodesize, 0, NULL},
    {0},
};

static bool sre_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {
        {"MAGIC", 20220615}, {"CODESIZE", 4}, {"MAXREPEAT", 4294967295}, {"MAXGROUPS", 1073741823}, {0}};
    type_ready(vm, &match_type);
    type_ready(vm, &pattern_type);
    match_type.module = pattern_type.module = intern_text(vm, "re");
    return support_add_constants(vm, module, constants);
}

const struct native_module sre_module = {"_sre", sre_initialize, functions};
