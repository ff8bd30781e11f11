/* module.c - module _sre: what CPython's Lib/re asks of the engine. */
#include "sim/modules/sre/codes.h"
#include "sim/modules/sre/sre.h"

#include <stdlib.h>

#define FUNCTION(name)                                                                                                 \
    static value sre_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* The list of code words as numbers, malloc'd; NULL: an exception is pending. */
static uint32_t *code_words(struct vm *vm, value list)
{
    size_t length = list_of(list)->length;
    uint32_t *code = malloc((length + 1) * sizeof *code);
    if (!code) {
        raise_no_memory(vm);
        return NULL;
    }
    for (size_t i = 0; i < length; i++) {
        value item = list_of(list)->items[i];
        int64_t number;
        if (!is_small_int(item) && is_int(item) && !value_to_int64(vm, item, &number))
            break;
        if (is_small_int(item))
            number = small_int_value(item);
        else if (!is_int(item)) {
            raise_error(vm, &exc_TypeError, "an integer is required");
            break;
        }
        if (number < 0 || number > UINT32_MAX) {
            raise_error(vm, &exc_OverflowError, "regular expression code size limit exceeded");
            break;
        }
        code[i] = (uint32_t)number;
    }
    if (vm->pending == VALUE_NULL)
        return code;
    free(code);
    return NULL;
}

FUNCTION(compile)
{
    UNUSED;
    int64_t flags, groups;
    if (!value_to_index(vm, arguments[1], &flags))
        return VALUE_NULL;
    if (!has_flag(arguments[2], TYPE_LIST))
        return raise_error(vm, &exc_TypeError, "compile() argument 'code' must be list, not %T", arguments[2]);
    if (!value_to_index(vm, arguments[3], &groups))
        return VALUE_NULL;
    if (!has_flag(arguments[4], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "compile() argument 'groupindex' must be dict, not %T", arguments[4]);
    if (!has_flag(arguments[5], TYPE_TUPLE))
        return raise_error(vm, &exc_TypeError, "compile() argument 'indexgroup' must be tuple, not %T", arguments[5]);
    if (groups < 0 || groups > INT32_MAX / 2)
        return raise_error(vm, &exc_RuntimeError, "invalid SRE code");
    uint32_t *code = code_words(vm, arguments[2]);
    if (!code)
        return VALUE_NULL;
    struct sre_program *program = sre_program_new(vm, code, list_of(arguments[2])->length, (uint32_t)groups);
    free(code);
    struct pattern_object *pattern = program ? GC_NEW(vm, struct pattern_object, &sre_pattern_type) : NULL;
    if (!pattern) {
        sre_program_free(program);
        return VALUE_NULL;
    }
    pattern->program = program;
    gc_account_external(vm, sre_program_size(program));
    pattern->pattern = arguments[0];
    pattern->group_index = arguments[4];
    pattern->index_group = arguments[5];
    pattern->flags = flags;
    pattern->groups = groups;
    pattern->is_bytes = arguments[0] == NONE ? -1 : !is_string(arguments[0]);
    return object_value(pattern);
}

static bool code_point(struct vm *vm, value v, uint32_t *c)
{
    int64_t number;
    if (!value_to_int64(vm, v, &number))
        return false;
    *c = (uint32_t)number;
    return true;
}

#define CHARACTER_FUNCTION(name, expression)                                                                           \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        uint32_t c;                                                                                                    \
        return code_point(vm, arguments[0], &c) ? (expression) : VALUE_NULL;                                           \
    }
CHARACTER_FUNCTION(unicode_tolower, small_int(sre_lower_unicode(c)))
CHARACTER_FUNCTION(unicode_iscased, bool_value(sre_lower_unicode(c) != c || sre_upper_unicode(c) != c))
CHARACTER_FUNCTION(ascii_tolower, small_int(sre_lower_ascii(c)))
CHARACTER_FUNCTION(ascii_iscased, bool_value((c | 32) - 'a' < 26))

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
        {"MAGIC", SRE_CODE_MAGIC}, {"CODESIZE", 4}, {"MAXREPEAT", 4294967295}, {"MAXGROUPS", 1073741823}, {0}};
    type_ready(vm, &sre_match_type);
    type_ready(vm, &sre_pattern_type);
    type_ready(vm, &sre_scanner_type);
    return support_add_constants(vm, module, constants);
}

const struct native_module sre_module = {"_sre", sre_initialize, functions};
