/* arguments.c - binds a call's arguments to the parameters of a Python function: positional, defaults, *args,
 * keyword-only, **kwargs; with CPython's complaints. */
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <stdio.h>

static value local_name(const struct function_object *f, uint32_t i)
{
    return tuple_of(f->code->local_names)->items[i];
}

/* 'a', 'b', and 'c' of the parameters in [start, end) whose slot is empty. */
static bool complain_missing(struct vm *vm, const struct function_object *f, uint32_t start, uint32_t end,
                             const value *slots, const char *kind)
{
    uint32_t missing = 0, seen = 0;
    for (uint32_t i = start; i < end; i++)
        missing += slots[i] == VALUE_NULL;
    value names = vm->empty_string;
    for (uint32_t i = start; i < end; i++) {
        if (slots[i] != VALUE_NULL)
            continue;
        seen++;
        const char *separator = seen == missing ? "" : missing == 2 ? " and " : seen == missing - 1 ? ", and " : ", ";
        names = string_concat(vm, names, string_printf(vm, "%R%s", local_name(f, i), separator));
    }
    raise_error(vm, &exc_TypeError, "%U() missing %u required %s argument%s: %U", f->qualified_name, missing, kind,
                missing == 1 ? "" : "s", names);
    return false;
}

static bool complain_too_many(struct vm *vm, const struct function_object *f, size_t given, const value *slots)
{
    const struct code *code = f->code->code;
    uint32_t expected = code->argument_count, keyword_only = 0;
    size_t defaults = is_object(f->defaults) ? tuple_of(f->defaults)->length : 0;
    for (uint32_t i = expected; i < expected + code->keyword_only_count; i++)
        keyword_only += slots[i] != VALUE_NULL;
    char takes[64], and[96] = "";
    if (defaults)
        snprintf(takes, sizeof takes, "from %zu to %u", expected - defaults, expected);
    else
        snprintf(takes, sizeof takes, "%u", expected);
    if (keyword_only)
        snprintf(and, sizeof and, " positional argument%s (and %u keyword-only argument%s)", given == 1 ? "" : "s",
                 keyword_only, keyword_only == 1 ? "" : "s");
    raise_error(vm, &exc_TypeError, "%U() takes %s positional argument%s but %zu%s %s given", f->qualified_name, takes,
                defaults || expected != 1 ? "s" : "", given, and, given == 1 && !keyword_only ? "was" : "were");
    return false;
}

static int parameter_find(const struct function_object *f, uint32_t start, uint32_t end, value name)
{
    for (uint32_t i = start; i < end; i++)
        if (local_name(f, i) == name)
            return (int)i;
    for (uint32_t i = start; i < end; i++)
        if (string_equal(local_name(f, i), name))
            return (int)i;
    return -1;
}

static bool complain_unexpected(struct vm *vm, const struct function_object *f, value keyword_names, value name)
{
    const struct code *code = f->code->code;
    value wrong = VALUE_NULL;
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        value keyword = tuple_of(keyword_names)->items[i];
        if (parameter_find(f, 0, code->positional_only_count, keyword) < 0)
            continue;
        wrong = wrong == VALUE_NULL ? keyword : string_printf(vm, "%U, %U", wrong, keyword);
    }
    if (wrong != VALUE_NULL)
        raise_error(vm, &exc_TypeError, "%U() got some positional-only arguments passed as keyword arguments: '%U'",
                    f->qualified_name, wrong);
    else
        raise_error(vm, &exc_TypeError, "%U() got an unexpected keyword argument '%S'", f->qualified_name, name);
    return false;
}

static bool bind_keywords(struct vm *vm, const struct function_object *f, const value *items, value keyword_names,
                          value *slots, value kwargs)
{
    const struct code *code = f->code->code;
    uint32_t end = code->argument_count + code->keyword_only_count;
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        value name = tuple_of(keyword_names)->items[i];
        if (!has_flag(name, TYPE_STRING)) {
            raise_error(vm, &exc_TypeError, "%U() keywords must be strings", f->qualified_name);
            return false;
        }
        int slot = parameter_find(f, code->positional_only_count, end, name);
        if (slot < 0) {
            if (kwargs == VALUE_NULL)
                return complain_unexpected(vm, f, keyword_names, name);
            if (!dict_set_interned(vm, dict_of(kwargs), intern(vm, name), items[i]))
                return false;
            continue;
        }
        if (slots[slot] != VALUE_NULL) {
            raise_error(vm, &exc_TypeError, "%U() got multiple values for argument '%S'", f->qualified_name, name);
            return false;
        }
        slots[slot] = items[i];
    }
    return true;
}

static bool fill_defaults(struct vm *vm, const struct function_object *f, value *slots)
{
    const struct code *code = f->code->code;
    uint32_t positional = code->argument_count, end = positional + code->keyword_only_count;
    uint32_t defaults = is_object(f->defaults) ? (uint32_t)tuple_of(f->defaults)->length : 0;
    uint32_t first = defaults < positional ? positional - defaults : 0;
    for (uint32_t i = 0; i < first; i++)
        if (slots[i] == VALUE_NULL)
            return complain_missing(vm, f, 0, first, slots, "positional");
    for (uint32_t i = first; i < positional; i++)
        if (slots[i] == VALUE_NULL)
            slots[i] = tuple_of(f->defaults)->items[i + defaults - positional];
    bool missing = false;
    for (uint32_t i = positional; i < end; i++) {
        if (slots[i] != VALUE_NULL)
            continue;
        if (is_object(f->keyword_defaults))
            slots[i] = dict_get_interned(dict_of(f->keyword_defaults), local_name(f, i));
        missing |= slots[i] == VALUE_NULL;
    }
    return !missing || complain_missing(vm, f, positional, end, slots, "keyword-only");
}

bool function_bind_arguments(struct vm *vm, struct function_object *f, const value *arguments, size_t count,
                             value keyword_names, value *slots)
{
    const struct code *code = f->code->code;
    uint32_t positional = code->argument_count, end = positional + code->keyword_only_count;
    size_t given = count < positional ? count : positional;
    for (size_t i = 0; i < given; i++)
        slots[i] = arguments[i];
    for (size_t i = given; i < end; i++)
        slots[i] = VALUE_NULL;
    uint32_t next = end;
    value kwargs = VALUE_NULL;
    if (code->flags & CODE_VARARGS) {
        slots[next] = count > positional ? tuple_from(vm, arguments + positional, count - positional) : vm->empty_tuple;
        if (slots[next++] == VALUE_NULL)
            return false;
    }
    if (code->flags & CODE_VARKEYWORDS) {
        slots[next] = kwargs = dict_new(vm);
        if (kwargs == VALUE_NULL)
            return false;
    }
    if (keyword_names != VALUE_NULL && !bind_keywords(vm, f, arguments + count, keyword_names, slots, kwargs))
        return false;
    if (count > positional && !(code->flags & CODE_VARARGS))
        return complain_too_many(vm, f, count, slots);
    return fill_defaults(vm, f, slots);
}
