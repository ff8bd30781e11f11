/* unicodedata.c - module unicodedata: Unicode 14.0.0, and 3.2.0 as ucd_3_2_0. The functions are also methods of the type of
 * ucd_3_2_0; which version they answer for is told by what they are bound to. */
#include "sim/modules/unicodedata/unicodedata.h"

#include <ctype.h>
#include <stdio.h>

#define FUNCTION(name)                                                                                                 \
    static value unicode_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct type database_type;

static bool is_old(value self)
{
    return is_exact(self, &database_type);
}

static bool character_argument(struct vm *vm, const char *function, const char *position, value v, uint32_t *c)
{
    if (is_string(v) && string_of(v)->length == 1) {
        *c = string_at(string_of(v), 0);
        return true;
    }
    raise_error(vm, &exc_TypeError, "%s() argument%s must be a unicode character, not %T", function, position, v);
    return false;
}

/* A number of the character: the default, or ValueError, when it has none. */
static value otherwise(struct vm *vm, value given, const char *message)
{
    return given == VALUE_NULL ? raise_error(vm, &exc_ValueError, "%s", message) : given;
}

FUNCTION(decimal)
{
    UNUSED;
    uint32_t c;
    if (!character_argument(vm, "decimal", " 1", arguments[0], &c))
        return VALUE_NULL;
    int number = database_record(c, is_old(self))->decimal;
    return number < 0 ? otherwise(vm, arguments[1], "not a decimal") : small_int(number);
}

FUNCTION(digit)
{
    UNUSED;
    uint32_t c;
    if (!character_argument(vm, "digit", " 1", arguments[0], &c))
        return VALUE_NULL;
    int number = database_record(c, is_old(self))->digit;
    return number < 0 ? otherwise(vm, arguments[1], "not a digit") : small_int(number);
}

FUNCTION(numeric)
{
    UNUSED;
    uint32_t c;
    if (!character_argument(vm, "numeric", " 1", arguments[0], &c))
        return VALUE_NULL;
    const struct character_record *record = database_record(c, is_old(self));
    return record->numeric ? float_value(vm, database_numeric(record))
                           : otherwise(vm, arguments[1], "not a numeric character");
}

#define TEXT_FUNCTION(name)                                                                                            \
    FUNCTION(name)                                                                                                     \
    {                                                                                                                  \
        UNUSED;                                                                                                        \
        uint32_t c;                                                                                                    \
        if (!character_argument(vm, #name, "", arguments[0], &c))                                                      \
            return VALUE_NULL;                                                                                         \
        return intern_text(vm, RECORD_TEXT(database_record(c, is_old(self))));                                         \
    }
#define RECORD_TEXT database_category
TEXT_FUNCTION(category)
#undef RECORD_TEXT
#define RECORD_TEXT database_bidirectional
TEXT_FUNCTION(bidirectional)
#undef RECORD_TEXT
#define RECORD_TEXT database_width
TEXT_FUNCTION(east_asian_width)
#undef RECORD_TEXT

FUNCTION(combining)
{
    UNUSED;
    uint32_t c;
    return character_argument(vm, "combining", "", arguments[0], &c) ? small_int(database_record(c, is_old(self))->combining)
                                                                     : VALUE_NULL;
}

FUNCTION(mirrored)
{
    UNUSED;
    uint32_t c;
    return character_argument(vm, "mirrored", "", arguments[0], &c) ? small_int(database_record(c, is_old(self))->mirrored)
                                                                    : VALUE_NULL;
}

/* Aliases, and characters younger than Unicode 3.2, have no name in the old database. */
static bool is_named(value self, uint32_t c, const char *name)
{
    char own[DATABASE_NAME_MAX];
    return !is_old(self) || (database_record(c, true)->category && database_name(c, own) && !strcmp(own, name));
}

/* Not assigned in Unicode 3.2 though it may be now. */
static bool is_unknown(value self, uint32_t c)
{
    return is_old(self) && database_record(c, true)->category == 0;
}

FUNCTION(decomposition)
{
    UNUSED;
    uint32_t c;
    const uint32_t *characters;
    const char *prefix;
    if (!character_argument(vm, "decomposition", "", arguments[0], &c))
        return VALUE_NULL;
    size_t length = is_unknown(self, c) ? 0 : database_decomposition(c, &characters, &prefix);
    if (!length)
        return vm->empty_string;
    struct string_builder out = {NULL, 0, 0};
    string_builder_add_text(&out, prefix);
    for (size_t i = 0; i < length; i++) {
        char digits[16];
        snprintf(digits, sizeof digits, "%s%04X", out.length ? " " : "", (unsigned)characters[i]);
        string_builder_add_text(&out, digits);
    }
    return string_builder_finish(vm, &out);
}

FUNCTION(name)
{
    UNUSED;
    uint32_t c;
    char name[DATABASE_NAME_MAX];
    if (!character_argument(vm, "name", " 1", arguments[0], &c))
        return VALUE_NULL;
    if (!is_unknown(self, c) && database_name(c, name))
        return string_from_text(vm, name);
    return otherwise(vm, arguments[1], "no such name");
}

FUNCTION(lookup)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "lookup() argument must be str, not %T", arguments[0]);
    size_t size;
    const char *text = string_utf8(vm, arguments[0], &size);
    char name[DATABASE_NAME_MAX];
    uint32_t c;
    if (!text)
        return VALUE_NULL;
    if (size >= sizeof name)
        return raise_key_error(vm, string_from_text(vm, "name too long"));
    for (size_t i = 0; i <= size; i++)
        name[i] = (char)toupper((unsigned char)text[i]);
    bool systematic = !strncmp(name, "HANGUL SYLLABLE ", 16) || !strncmp(name, "CJK UNIFIED IDEOGRAPH-", 22);
    bool spelled = strlen(name) == size && (!systematic || !strcmp(name, text)); /* CPython wants those in capitals */
    if (spelled && database_find(name, &c) && is_named(self, c, name))
        return string_from_code_point(vm, c);
    const struct named_sequence *sequence = spelled && !is_old(self) ? database_sequence(name) : NULL;
    if (sequence)
        return string_from_code_points(vm, sequence->characters, sequence->length);
    value message = string_printf(vm, "undefined character name '%U'", arguments[0]);
    return message == VALUE_NULL ? message : raise_key_error(vm, message);
}

static bool form_argument(struct vm *vm, const char *function, const value *arguments, enum normal_form *form)
{
    static const char *const names[] = {"NFC", "NFD", "NFKC", "NFKD"};
    for (int i = 0; i < 2; i++)
        if (!is_string(arguments[i])) {
            raise_error(vm, &exc_TypeError, "%s() argument %d must be str, not %T", function, i + 1, arguments[i]);
            return false;
        }
    for (int i = 0; i < 4; i++)
        if (string_is(arguments[0], names[i])) {
            *form = (enum normal_form)i;
            return true;
        }
    raise_error(vm, &exc_ValueError, "invalid normalization form");
    return false;
}

FUNCTION(normalize)
{
    UNUSED;
    enum normal_form form;
    if (!form_argument(vm, "normalize", arguments, &form))
        return VALUE_NULL;
    return string_normalize(vm, arguments[1], form, is_old(self));
}

FUNCTION(is_normalized)
{
    UNUSED;
    enum normal_form form;
    if (!form_argument(vm, "is_normalized", arguments, &form))
        return VALUE_NULL;
    value normal = string_normalize(vm, arguments[1], form, is_old(self));
    return normal == VALUE_NULL ? normal : bool_value(string_equal(normal, arguments[1]));
}

static const struct method_definition functions[] = {
    {"decimal", "(chr, default=<unrepresentable>, /)", unicode_decimal, 0,
     "Converts a Unicode character into its equivalent decimal value."},
    {"digit", "(chr, default=<unrepresentable>, /)", unicode_digit, 0,
     "Converts a Unicode character into its equivalent digit value."},
    {"numeric", "(chr, default=<unrepresentable>, /)", unicode_numeric, 0,
     "Converts a Unicode character into its equivalent numeric value."},
    {"category", "(chr, /)", unicode_category, 0, "Returns the general category assigned to the character chr as string."},
    {"bidirectional", "(chr, /)", unicode_bidirectional, 0,
     "Returns the bidirectional class assigned to the character chr as string."},
    {"combining", "(chr, /)", unicode_combining, 0,
     "Returns the canonical combining class assigned to the character chr as integer."},
    {"mirrored", "(chr, /)", unicode_mirrored, 0, "Returns the mirrored property assigned to the character chr as integer."},
    {"east_asian_width", "(chr, /)", unicode_east_asian_width, 0,
     "Returns the east asian width assigned to the character chr as string."},
    {"decomposition", "(chr, /)", unicode_decomposition, 0,
     "Returns the character decomposition mapping assigned to the character chr as string."},
    {"name", "(chr, default=<unrepresentable>, /)", unicode_name, 0, "Returns the name assigned to the character chr as a string."},
    {"lookup", "(name, /)", unicode_lookup, 0, "Look up character by name."},
    {"normalize", "(form, unistr, /)", unicode_normalize, 0, "Return the normal form 'form' for the Unicode string unistr."},
    {"is_normalized", "(form, unistr, /)", unicode_is_normalized, 0, "Return whether the Unicode string unistr is in the normal form 'form'."},
    {0},
};

static value old_version(struct vm *vm, value self)
{
    (void)self;
    return string_from_text(vm, "3.2.0");
}

static struct type database_type = {
    .name = "unicodedata.UCD",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct object),
    .methods = functions,
    .properties = (const struct property_definition[]){{"unidata_version", old_version, NULL}, {0}},
};

static bool unicodedata_initialize(struct vm *vm, value module)
{
    type_ready(vm, &database_type);
    struct object *old = gc_object(vm, sizeof *old, &database_type.shape);
    return old && dict_set_text(vm, support_dict(module), "UCD", type_object_value(&database_type)) &&
           dict_set_text(vm, support_dict(module), "ucd_3_2_0", object_value(old)) &&
           dict_set_text(vm, support_dict(module), "unidata_version", string_from_text(vm, "14.0.0"));
}

const struct native_module unicodedata_module = {"unicodedata", unicodedata_initialize, functions};
