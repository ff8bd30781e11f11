/* args.c - signatures of native functions: parsed once from their text, then every call's arguments are laid out one value
 * a parameter. The messages are those that Argument Clinic's generated code and CPython's calling conventions give: a
 * function with only positional parameters complains in other words than one that takes keywords. */
#include "sim/runtime/args.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <stdio.h>
#include <stdlib.h>

enum parameter_kind { PARAMETER_POSITIONAL_ONLY, PARAMETER_BOTH, PARAMETER_KEYWORD_ONLY };

struct parameter {
    const char *name; /* not zero-terminated */
    uint16_t size;
    uint8_t kind;
    bool required;
};

struct signature {
    struct signature_front front;
    const char *function;
    unsigned words;     /* METHOD_*_WORDS */
    int count;          /* of values in `out` */
    int named;          /* parameters but *args and **kwargs; they come first in parameters[] */
    int positional;     /* positional-only and both */
    int positional_only;
    int required_positional;
    int args_index, kwargs_index; /* in out; -1: none */
    struct parameter parameters[24];
    int8_t out_index[24];
};

static void malformed(const char *function, const char *text)
{
    fprintf(stderr, "malformed signature of %s: %s\n", function, text);
    abort();
}

static const char *skip_default(const char *p)
{
    int depth = 0;
    char quote = 0;
    for (; *p; p++) {
        if (quote) {
            if (*p == '\\' && p[1])
                p++;
            else if (*p == quote)
                quote = 0;
        } else if (*p == '\'' || *p == '"')
            quote = *p;
        else if (*p == '(' || *p == '[' || *p == '{')
            depth++;
        else if (depth && (*p == ')' || *p == ']' || *p == '}'))
            depth--;
        else if (!depth && (*p == ',' || *p == ')'))
            break;
    }
    return p;
}

static void signature_add(struct signature *s, const char *name, size_t size, bool required, bool keyword_only,
                          const char *text)
{
    if (s->named == 24)
        malformed(s->function, text);
    struct parameter *parameter = &s->parameters[s->named];
    *parameter = (struct parameter){name, (uint16_t)size, keyword_only ? PARAMETER_KEYWORD_ONLY : PARAMETER_BOTH, required};
    s->out_index[s->named++] = (int8_t)s->count++;
    if (!keyword_only) {
        s->positional++;
        if (required)
            s->required_positional = s->positional;
    }
}

static void signature_slash(struct signature *s)
{
    for (int i = 0; i < s->named; i++)
        s->parameters[i].kind = PARAMETER_POSITIONAL_ONLY;
    s->positional_only = s->positional;
}

struct signature *signature_parse(const char *function_name, const char *text)
{
    struct signature *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->function = function_name;
    s->args_index = s->kwargs_index = -1;
    const char *p = text;
    bool keyword_only = false;
    if (*p++ != '(')
        malformed(function_name, text);
    for (;;) {
        while (*p == ' ' || *p == ',' || *p == '\n')
            p++;
        if (*p == ')' || !*p)
            break;
        int stars = 0;
        while (*p == '*')
            stars++, p++;
        if (*p == '/') {
            signature_slash(s);
            p++;
            continue;
        }
        if (*p == '$') { /* CPython's texts name self so */
            p = skip_default(p);
            continue;
        }
        const char *name = p;
        while (*p && *p != ',' && *p != ')' && *p != '=' && *p != ':' && *p != ' ')
            p++;
        size_t size = (size_t)(p - name);
        if (*p == ':' || *p == ' ')
            while (*p && *p != ',' && *p != ')' && *p != '=')
                p++;
        bool required = *p != '=';
        p = skip_default(p);
        if (stars == 1 && size)
            s->args_index = s->count++;
        else if (stars == 2)
            s->kwargs_index = s->count++;
        else if (stars == 0)
            signature_add(s, name, size, required, keyword_only, text);
        if (stars == 1)
            keyword_only = true;
    }
    if (*p != ')')
        malformed(function_name, text);
    s->front = (struct signature_front){s->args_index < 0 && s->kwargs_index < 0, (uint8_t)s->required_positional,
                                        (uint8_t)s->positional, (uint8_t)s->count};
    for (int i = s->positional; i < s->named; i++)
        s->front.plain &= !s->parameters[i].required;
    return s;
}

void signature_free(struct signature *signature) { free(signature); }

int signature_parameter_count(const struct signature *signature) { return signature->count; }

struct signature *signature_of(struct vm *vm, struct native_function_object *function)
{
    const struct method_definition *d = function->definition;
    if (function->signature || !d->signature)
        return function->signature;
    struct type_registry *r = vm->types;
    if (r->signature_count * 2 >= r->signature_capacity) {
        uint32_t old = r->signature_capacity, capacity = old ? old * 2 : 1024;
        struct signature_entry *entries = calloc(capacity, sizeof *entries);
        if (!entries)
            abort();
        for (uint32_t i = 0; i < old; i++) {
            if (!r->signatures[i].definition)
                continue;
            uint32_t j = (uint32_t)((uintptr_t)r->signatures[i].definition >> 3) & (capacity - 1);
            while (entries[j].definition)
                j = (j + 1) & (capacity - 1);
            entries[j] = r->signatures[i];
        }
        free(r->signatures);
        r->signatures = entries;
        r->signature_capacity = capacity;
    }
    uint32_t j = (uint32_t)((uintptr_t)d >> 3) & (r->signature_capacity - 1);
    for (; r->signatures[j].definition; j = (j + 1) & (r->signature_capacity - 1))
        if (r->signatures[j].definition == d)
            return function->signature = r->signatures[j].signature;
    r->signatures[j] = (struct signature_entry){d, signature_parse(d->name, d->signature)};
    r->signature_count++;
    r->signatures[j].signature->words = d->flags & (METHOD_PYTHON_WORDS | METHOD_CYTHON_WORDS | METHOD_ARRAY_WORDS);
    return function->signature = r->signatures[j].signature;
}

/* ---- binding ---- */

static bool complain_positional_only(struct vm *vm, const struct signature *s, size_t count, size_t keywords)
{
    int minimum = s->required_positional, maximum = s->positional;
    if (keywords)
        raise_error(vm, &exc_TypeError, "%s() takes no keyword arguments", s->function);
    else if (maximum == 0)
        raise_error(vm, &exc_TypeError, "%s() takes no arguments (%zu given)", s->function, count);
    else if (minimum == 1 && maximum == 1)
        raise_error(vm, &exc_TypeError, "%s() takes exactly one argument (%zu given)", s->function, count);
    else
        check_positional(vm, s->function, count, VALUE_NULL, minimum, s->args_index >= 0 ? -1 : maximum);
    return false;
}

static bool complain_count(struct vm *vm, const struct signature *s, size_t count, size_t keywords)
{
    int required_only = 0;
    while (required_only < s->positional_only && s->parameters[required_only].required)
        required_only++;
    if (count + keywords > (size_t)s->named && s->kwargs_index < 0)
        raise_error(vm, &exc_TypeError, "%s() takes at most %d %sargument%s (%zu given)", s->function, s->named,
                    count == 0 ? "keyword " : "", s->named == 1 ? "" : "s", count + keywords);
    else if (s->positional == 0)
        raise_error(vm, &exc_TypeError, "%s() takes no positional arguments", s->function);
    else
        raise_error(vm, &exc_TypeError, "%s() takes %s %d positional argument%s (%zu given)", s->function,
                    s->required_positional < s->positional ? "at most" : "exactly", s->positional,
                    s->positional == 1 ? "" : "s", count);
    return false;
}

static bool name_matches(const struct parameter *parameter, const struct string_object *name)
{
    return name->length == parameter->size && name->width == 1 && !memcmp(name->data, parameter->name, parameter->size);
}

static bool bind_keyword(struct vm *vm, const struct signature *s, size_t count, value name, value item, value *out)
{
    for (int i = s->positional_only; i < s->named; i++) {
        if (!name_matches(&s->parameters[i], string_of(name)))
            continue;
        int slot = s->out_index[i];
        if (out[slot] != VALUE_NULL) {
            if (i < s->positional && (size_t)i < count)
                raise_error(vm, &exc_TypeError, "argument for %s() given by name ('%U') and position (%d)", s->function,
                            name, i + 1);
            else
                raise_error(vm, &exc_TypeError, "%s() got multiple values for keyword argument '%U'", s->function, name);
            return false;
        }
        out[slot] = item;
        return true;
    }
    if (s->kwargs_index >= 0)
        return dict_set(vm, dict_of(out[s->kwargs_index]), name, item);
    raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for %s()", name, s->function);
    return false;
}

static bool check_required(struct vm *vm, const struct signature *s, size_t count, const value *out)
{
    for (int i = 0; i < s->named; i++) {
        const struct parameter *parameter = &s->parameters[i];
        if (!parameter->required || out[s->out_index[i]] != VALUE_NULL)
            continue;
        if (i < s->positional_only)
            raise_error(vm, &exc_TypeError, "%s() takes %s %d positional argument%s (%zu given)", s->function,
                        s->positional_only < s->positional || s->required_positional < s->positional ? "at least"
                                                                                                   : "exactly",
                        s->positional_only < s->required_positional ? s->positional_only : s->required_positional,
                        s->required_positional == 1 ? "" : "s", count);
        else if (i >= s->positional)
            raise_error(vm, &exc_TypeError, "%s() missing required keyword-only argument: '%.*s'", s->function,
                        (int)parameter->size, parameter->name);
        else
            raise_error(vm, &exc_TypeError, "%s() missing required argument '%.*s' (pos %d)", s->function,
                        (int)parameter->size, parameter->name, i + 1);
        return false;
    }
    return true;
}

/* ---- complaints in other words than Argument Clinic's; false: one is pending ---- */

static int parameter_named(const struct signature *s, value name) /* -1: there is none that takes a keyword */
{
    for (int i = s->positional_only; i < s->named; i++)
        if (name_matches(&s->parameters[i], string_of(name)))
            return i;
    return -1;
}

static bool is_among(const struct parameter *parameter, value names)
{
    for (size_t i = 0; i < keyword_count(names); i++)
        if (name_matches(parameter, string_of(tuple_of(names)->items[i])))
            return true;
    return false;
}

static bool check_keywords_in_words(struct vm *vm, const struct signature *s, size_t count, value names)
{
    for (size_t k = 0; k < keyword_count(names); k++) {
        value name = tuple_of(names)->items[k];
        int i = parameter_named(s, name);
        bool twice = i >= 0 && i < s->positional && (size_t)i < count;
        if (i < 0 && s->kwargs_index < 0)
            raise_error(vm, &exc_TypeError, "%s() got an unexpected keyword argument '%U'", s->function, name);
        else if (twice && s->words == METHOD_ARRAY_WORDS)
            raise_error(vm, &exc_TypeError, "argument for %s() given by name ('%U') and position (%d)", s->function, name, i);
        else if (twice)
            raise_error(vm, &exc_TypeError, "%s() got multiple values for %sargument '%U'", s->function,
                        s->words == METHOD_CYTHON_WORDS ? "keyword " : "", name);
        if (twice || (i < 0 && s->kwargs_index < 0))
            return false;
    }
    return true;
}

static bool complain_missing(struct vm *vm, const struct signature *s, const int *missing, int count, const char *kind)
{
    struct string_builder names = {0};
    for (int i = 0; i < count; i++) {
        const struct parameter *parameter = &s->parameters[missing[i]];
        string_builder_add_text(&names, i == 0 ? "'" : i + 1 < count ? ", '" : count == 2 ? " and '" : ", and '");
        for (int k = 0; k < parameter->size; k++)
            string_builder_add(&names, (unsigned char)parameter->name[k]);
        string_builder_add_text(&names, "'");
    }
    value list = string_builder_finish(vm, &names);
    if (list != VALUE_NULL)
        raise_error(vm, &exc_TypeError, "%s() missing %d required %s argument%s: %U", s->function, count, kind,
                    count == 1 ? "" : "s", list);
    return false;
}

static bool check_as_python(struct vm *vm, const struct signature *s, size_t count, value names)
{
    int missing[24], lacking = 0;
    if (!check_keywords_in_words(vm, s, count, names))
        return false;
    if (s->args_index < 0 && count > (size_t)s->positional) {
        const char *were = count == 1 ? "was" : "were";
        if (s->required_positional < s->positional)
            raise_error(vm, &exc_TypeError, "%s() takes from %d to %d positional arguments but %zu %s given", s->function,
                        s->required_positional, s->positional, count, were);
        else
            raise_error(vm, &exc_TypeError, "%s() takes %d positional argument%s but %zu %s given", s->function,
                        s->positional, s->positional == 1 ? "" : "s", count, were);
        return false;
    }
    for (int i = (int)count; i < s->positional; i++)
        if (s->parameters[i].required && !is_among(&s->parameters[i], names))
            missing[lacking++] = i;
    if (lacking)
        return complain_missing(vm, s, missing, lacking, "positional");
    for (int i = s->positional; i < s->named; i++)
        if (s->parameters[i].required && !is_among(&s->parameters[i], names))
            missing[lacking++] = i;
    return !lacking || complain_missing(vm, s, missing, lacking, "keyword-only");
}

static bool check_as_cython(struct vm *vm, const struct signature *s, size_t count, value names)
{
    int required = s->required_positional, found = (int)count;
    bool many = s->args_index < 0 && count > (size_t)s->positional;
    while (found < required && is_among(&s->parameters[found], names))
        found++;
    if (many || found < required) {
        int limit = many ? s->positional : required;
        raise_error(vm, &exc_TypeError, "%s() takes %s %d positional argument%s (%d given)", s->function,
                    required == s->positional ? "exactly" : many ? "at most" : "at least", limit, limit == 1 ? "" : "s",
                    found);
        return false;
    }
    return check_keywords_in_words(vm, s, count, names);
}

static bool check_as_array(struct vm *vm, const struct signature *s, size_t count, value names)
{
    if (s->args_index < 0 && count > (size_t)s->positional) {
        if (s->required_positional == s->positional)
            raise_error(vm, &exc_TypeError, "%s() takes %d positional arguments but %zu were given", s->function,
                        s->positional, count);
        else
            raise_error(vm, &exc_TypeError, "%s() takes from %d to %d positional arguments but %zu were given", s->function,
                        s->required_positional, s->positional, count);
        return false;
    }
    if (!check_keywords_in_words(vm, s, count, names))
        return false;
    for (int i = (int)count; i < s->positional; i++) {
        const struct parameter *parameter = &s->parameters[i];
        if (!parameter->required || is_among(parameter, names))
            continue;
        raise_error(vm, &exc_TypeError, "%s() missing required argument '%.*s' (pos %d)", s->function, (int)parameter->size,
                    parameter->name, i);
        return false;
    }
    return true;
}

static bool check_in_words(struct vm *vm, const struct signature *s, size_t count, value names)
{
    return s->words == METHOD_PYTHON_WORDS   ? check_as_python(vm, s, count, names)
           : s->words == METHOD_CYTHON_WORDS ? check_as_cython(vm, s, count, names)
                                             : check_as_array(vm, s, count, names);
}

bool signature_bind(struct vm *vm, const struct signature *s, const value *arguments, size_t count, value keyword_names,
                    value *out)
{
    size_t keywords = keyword_count(keyword_names), positional = (size_t)s->positional;
    bool keywords_allowed = s->named > s->positional_only || s->kwargs_index >= 0;
    if (keyword_names == VALUE_NULL && signature_fits(s, count)) {
        for (size_t i = 0; i < (size_t)s->count; i++)
            out[i] = i < count ? arguments[i] : VALUE_NULL;
        return true;
    }
    for (int i = 0; i < s->count; i++)
        out[i] = VALUE_NULL;
    if (s->words && !check_in_words(vm, s, count, keyword_names))
        return false;
    if (!keywords_allowed && (keywords || count < (size_t)s->required_positional ||
                              (count > positional && s->args_index < 0)))
        return complain_positional_only(vm, s, count, keywords);
    if (s->args_index < 0 && (count > positional || (s->kwargs_index < 0 && count + keywords > (size_t)s->named)))
        return complain_count(vm, s, count, keywords);
    for (size_t i = 0; i < count && i < positional; i++)
        out[s->out_index[i]] = arguments[i];
    if (s->args_index >= 0) {
        out[s->args_index] = count > positional ? tuple_from(vm, arguments + positional, count - positional)
                                                : vm->empty_tuple;
        if (out[s->args_index] == VALUE_NULL)
            return false;
    }
    if (s->kwargs_index >= 0 && (out[s->kwargs_index] = dict_new(vm)) == VALUE_NULL)
        return false;
    value complaint = VALUE_NULL; /* about a keyword: what is missing is told first */
    for (size_t i = 0; i < keywords; i++)
        if (!bind_keyword(vm, s, count, tuple_of(keyword_names)->items[i], arguments[count + i], out)) {
            value exception = exception_take(vm);
            complaint = complaint == VALUE_NULL ? exception : complaint;
        }
    if (!check_required(vm, s, count, out))
        return false;
    return complaint == VALUE_NULL || raise_value(vm, complaint) != VALUE_NULL;
}

bool check_positional(struct vm *vm, const char *function, size_t count, value keyword_names, int minimum, int maximum)
{
    if (keyword_count(keyword_names)) {
        raise_error(vm, &exc_TypeError, "%s() takes no keyword arguments", function);
        return false;
    }
    bool few = count < (size_t)minimum;
    if (!few && (maximum < 0 || count <= (size_t)maximum))
        return true;
    int limit = few ? minimum : maximum;
    raise_error(vm, &exc_TypeError, "%s expected %s%d argument%s, got %zu", function,
                minimum == maximum ? "" : few ? "at least " : "at most ", limit, limit == 1 ? "" : "s", count);
    return false;
}
