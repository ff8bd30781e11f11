/* locale.c - module _locale with the locales every Debian has: "C" (also "POSIX") and "C.UTF-8". They differ in
 * nothing that a program sees but their names and the encoding's. */
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>

#define FUNCTION(name)                                                                                                 \
    static value locale_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

/* In the order in which setlocale(LC_ALL) names them. */
static const struct integer_constant categories[] = {
    {"LC_CTYPE", LC_CTYPE},       {"LC_NUMERIC", LC_NUMERIC},         {"LC_TIME", LC_TIME},
    {"LC_COLLATE", LC_COLLATE},   {"LC_MONETARY", LC_MONETARY},       {"LC_MESSAGES", LC_MESSAGES},
    {"LC_PAPER", LC_PAPER},       {"LC_NAME", LC_NAME},               {"LC_ADDRESS", LC_ADDRESS},
    {"LC_TELEPHONE", LC_TELEPHONE}, {"LC_MEASUREMENT", LC_MEASUREMENT}, {"LC_IDENTIFICATION", LC_IDENTIFICATION}};
enum { CATEGORY_COUNT = sizeof categories / sizeof categories[0] };
static const unsigned all_categories = 0x1fffu & ~(1u << LC_ALL);

static value raise_locale_error(struct vm *vm, value module, const char *message)
{
    value type = dict_get_text(vm, support_dict(module), "Error");
    value error = type == VALUE_NULL ? VALUE_NULL : call_1(vm, type, string_from_text(vm, message));
    return error == VALUE_NULL ? VALUE_NULL : raise_value(vm, error);
}

/* vm->locale_categories has a bit for each category that is "C.UTF-8". */
static value category_name(struct vm *vm, int category)
{
    unsigned utf8 = vm->locale_categories;
    if (category != LC_ALL)
        return string_from_text(vm, utf8 >> category & 1 ? "C.UTF-8" : "C");
    if (!utf8 || utf8 == all_categories)
        return string_from_text(vm, utf8 ? "C.UTF-8" : "C");
    char text[512];
    size_t used = 0;
    for (int i = 0; i < CATEGORY_COUNT; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s=%s", i ? ";" : "", categories[i].name,
                                 utf8 >> categories[i].number & 1 ? "C.UTF-8" : "C");
    return string_from_text(vm, text);
}

/* Sets the bits of the categories that a composite name ("LC_CTYPE=C;LC_TIME=...") gives; false: no such locale. */
static bool parse_composite(const char *name, unsigned *utf8)
{
    unsigned result = 0;
    for (int i = 0; i < CATEGORY_COUNT; i++) {
        size_t size = strlen(categories[i].name);
        const char *at = strstr(name, categories[i].name);
        if (!at || at[size] != '=')
            return false;
        at += size + 1;
        size_t length = strcspn(at, ";");
        if (length == 7 && !strncmp(at, "C.UTF-8", 7))
            result |= 1u << categories[i].number;
        else if (length != 1 || *at != 'C')
            return false;
    }
    *utf8 = result;
    return true;
}

FUNCTION(setlocale)
{
    UNUSED;
    int64_t category;
    if (!value_to_int64(vm, arguments[0], &category))
        return VALUE_NULL;
    value locale = arguments[1] == VALUE_NULL ? NONE : arguments[1];
    if (locale != NONE && !has_flag(locale, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "setlocale() argument 2 must be str or None, not %T", locale);
    if (category < 0 || category > LC_IDENTIFICATION)
        return raise_locale_error(vm, self, locale == NONE ? "locale query failed" : "unsupported locale setting");
    if (locale == NONE)
        return category_name(vm, (int)category);
    size_t size;
    const char *name = string_utf8(vm, locale, &size);
    if (!name)
        return VALUE_NULL;
    if (strlen(name) != size)
        return raise_error(vm, &exc_ValueError, "embedded null character");
    unsigned mask = category == LC_ALL ? all_categories : 1u << category, utf8;
    if (!*name || !strcasecmp(name, "C.UTF-8") || !strcasecmp(name, "C.utf8"))
        utf8 = mask;
    else if (!strcmp(name, "C") || !strcmp(name, "POSIX"))
        utf8 = 0;
    else if (category != LC_ALL || !parse_composite(name, &utf8))
        return raise_locale_error(vm, self, "unsupported locale setting");
    vm->locale_categories = (vm->locale_categories & ~mask) | (utf8 & mask);
    return category_name(vm, (int)category);
}

FUNCTION(localeconv)
{
    UNUSED;
    static const char *const texts[] = {"int_curr_symbol", "currency_symbol", "mon_decimal_point", "mon_thousands_sep",
                                        NULL, "positive_sign", "negative_sign"};
    static const char *const numbers[] = {"int_frac_digits", "frac_digits", "p_cs_precedes", "p_sep_by_space",
                                          "n_cs_precedes", "n_sep_by_space", "p_sign_posn", "n_sign_posn"};
    value result = dict_new(vm);
    if (result == VALUE_NULL)
        return VALUE_NULL;
    struct dict_object *dict = dict_of(result);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!(texts[i] ? dict_set_text(vm, dict, texts[i], vm->empty_string)
                       : dict_set_text(vm, dict, "mon_grouping", list_new(vm, 0))))
            return VALUE_NULL;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (!dict_set_text(vm, dict, numbers[i], small_int(CHAR_MAX)))
            return VALUE_NULL;
    return dict_set_text(vm, dict, "decimal_point", string_from_text(vm, ".")) &&
                   dict_set_text(vm, dict, "thousands_sep", vm->empty_string) &&
                   dict_set_text(vm, dict, "grouping", list_new(vm, 0))
               ? result
               : VALUE_NULL;
}

static bool text_argument(struct vm *vm, const char *function, int number, value v)
{
    if (has_flag(v, TYPE_STRING))
        return true;
    if (number)
        raise_error(vm, &exc_TypeError, "%s() argument %d must be str, not %T", function, number, v);
    else
        raise_error(vm, &exc_TypeError, "%s() argument must be str, not %T", function, v);
    return false;
}

static bool without_null(struct vm *vm, value text)
{
    if (span_find_character(string_span(text), 0, 0, string_of(text)->length) < 0)
        return true;
    raise_error(vm, &exc_ValueError, "embedded null character");
    return false;
}

FUNCTION(strcoll)
{
    UNUSED;
    for (int i = 0; i < 2; i++)
        if (!text_argument(vm, "strcoll", i + 1, arguments[i]) || !without_null(vm, arguments[i]))
            return VALUE_NULL;
    ADD_WORK(vm, characters, string_of(arguments[0])->length);
    int order = string_compare(arguments[0], arguments[1]);
    return small_int(order < 0 ? -1 : order > 0);
}

FUNCTION(strxfrm)
{
    UNUSED;
    if (!text_argument(vm, "strxfrm", 0, arguments[0]) || !without_null(vm, arguments[0]))
        return VALUE_NULL;
    return string_exact(vm, arguments[0]);
}

static value encoding_name(struct vm *vm)
{
    return string_from_text(vm, vm->locale_categories >> LC_CTYPE & 1 ? "UTF-8" : "ANSI_X3.4-1968");
}

FUNCTION(getencoding)
{
    UNUSED;
    return encoding_name(vm);
}

FUNCTION(gettext)
{
    UNUSED;
    return text_argument(vm, "gettext", 0, arguments[0]) ? string_exact(vm, arguments[0]) : VALUE_NULL;
}

FUNCTION(dgettext) /* and dcgettext: there are no catalogues */
{
    UNUSED;
    return text_argument(vm, "dgettext", 2, arguments[1]) ? string_exact(vm, arguments[1]) : VALUE_NULL;
}

#define ITEM(name) {#name, name}
static const struct integer_constant items[] = {
    ITEM(DAY_1),    ITEM(DAY_2),    ITEM(DAY_3),    ITEM(DAY_4),    ITEM(DAY_5),     ITEM(DAY_6),      ITEM(DAY_7),
    ITEM(ABDAY_1),  ITEM(ABDAY_2),  ITEM(ABDAY_3),  ITEM(ABDAY_4),  ITEM(ABDAY_5),   ITEM(ABDAY_6),    ITEM(ABDAY_7),
    ITEM(MON_1),    ITEM(MON_2),    ITEM(MON_3),    ITEM(MON_4),    ITEM(MON_5),     ITEM(MON_6),      ITEM(MON_7),
    ITEM(MON_8),    ITEM(MON_9),    ITEM(MON_10),   ITEM(MON_11),   ITEM(MON_12),    ITEM(ABMON_1),    ITEM(ABMON_2),
    ITEM(ABMON_3),  ITEM(ABMON_4),  ITEM(ABMON_5),  ITEM(ABMON_6),  ITEM(ABMON_7),   ITEM(ABMON_8),    ITEM(ABMON_9),
    ITEM(ABMON_10), ITEM(ABMON_11), ITEM(ABMON_12), ITEM(RADIXCHAR), ITEM(THOUSEP),  ITEM(CRNCYSTR),   ITEM(D_FMT),
    ITEM(D_T_FMT),  ITEM(T_FMT),    ITEM(AM_STR),   ITEM(PM_STR),   ITEM(CODESET),   ITEM(T_FMT_AMPM), ITEM(ERA),
    ITEM(ERA_D_FMT), ITEM(ERA_D_T_FMT), ITEM(ERA_T_FMT), ITEM(ALT_DIGITS), ITEM(YESEXPR), ITEM(NOEXPR), ITEM(_DATE_FMT),
    {0}};
#undef ITEM

FUNCTION(nl_langinfo)
{
    UNUSED;
    int64_t key;
    if (!value_to_int64(vm, arguments[0], &key))
        return VALUE_NULL;
    if (key == CODESET)
        return encoding_name(vm);
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    for (const struct integer_constant *item = items; plain && item->name; item++)
        if (item->number == key) {
            value result = string_from_text(vm, nl_langinfo_l((nl_item)key, plain));
            freelocale(plain);
            return result;
        }
    if (plain)
        freelocale(plain);
    return raise_error(vm, &exc_ValueError, "unsupported langinfo constant");
}

static const struct method_definition functions[] = {
    {"setlocale", "(category, locale=None, /)", locale_setlocale, 0, NULL},
    {"localeconv", "()", locale_localeconv, 0, NULL},
    {"strcoll", "(os1, os2, /)", locale_strcoll, 0, NULL},
    {"strxfrm", "(string, /)", locale_strxfrm, 0, NULL},
    {"nl_langinfo", "(key, /)", locale_nl_langinfo, 0, NULL},
    {"getencoding", "()", locale_getencoding, 0, NULL},
    {"gettext", "(msg, /)", locale_gettext, 0, NULL},
    {"dgettext", "(domain, msg, /)", locale_dgettext, 0, NULL},
    {"dcgettext", "(domain, msg, category, /)", locale_dgettext, 0, NULL},
    {0},
};

static bool locale_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {
        {"LC_CTYPE", LC_CTYPE}, {"LC_NUMERIC", LC_NUMERIC}, {"LC_TIME", LC_TIME}, {"LC_COLLATE", LC_COLLATE},
        {"LC_MONETARY", LC_MONETARY}, {"LC_MESSAGES", LC_MESSAGES}, {"LC_ALL", LC_ALL}, {"CHAR_MAX", CHAR_MAX}, {0}};
    vm->locale_categories = 1u << LC_CTYPE;
    value bases = tuple_pack(vm, 1, object_value(&exc_Exception)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "locale")))
        return false;
    value error = type_new_class(vm, &type_type, intern_text(vm, "Error"), bases, namespace, VALUE_NULL);
    return error != VALUE_NULL && dict_set_text(vm, support_dict(module), "Error", error) &&
           support_add_constants(vm, module, constants) && support_add_constants(vm, module, items);
}

const struct native_module locale_module = {"_locale", locale_initialize, functions};
