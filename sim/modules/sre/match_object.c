/* match_object.c - re.Match: the groups of one match. */
#include "sim/modules/sre/sre.h"
#include "sim/runtime/container.h"
#include "sim/runtime/number.h"

#define METHOD(name)                                                                                                   \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

struct match_object {
    struct object head;
    value pattern, string;
    value regs;              /* tuple, made when asked for; 0: not yet */
    int64_t pos, endpos, last_index;
    int64_t groups;          /* the whole match included */
    int64_t spans[];         /* start and end of each; -1: took no part */
};

static struct match_object *match_of(value v)
{
    return (struct match_object *)value_object(v);
}

value match_new(struct vm *vm, value pattern, value string, const struct sre_state *state, size_t pos, size_t endpos)
{
    size_t groups = (size_t)pattern_of(pattern)->groups + 1;
    struct match_object *match = gc_object(vm, sizeof *match + groups * 2 * sizeof(int64_t), &sre_match_type.shape);
    if (!match)
        return VALUE_NULL;
    match->pattern = pattern;
    match->string = string;
    match->pos = (int64_t)pos;
    match->endpos = (int64_t)endpos;
    match->last_index = state->last_index;
    match->groups = (int64_t)groups;
    for (size_t i = 0; i < groups; i++)
        if (!sre_group_span(state, i, &match->spans[2 * i], &match->spans[2 * i + 1]))
            match->spans[2 * i] = match->spans[2 * i + 1] = -1;
    return object_value(match);
}

static void match_trace(struct vm *vm, struct object *object)
{
    const struct match_object *match = (struct match_object *)object;
    gc_mark(vm, match->pattern);
    gc_mark(vm, match->string);
    gc_mark(vm, match->regs);
}

/* ---- groups ---- */

static value group_at(struct vm *vm, const struct match_object *match, int64_t group, value otherwise)
{
    int64_t start = match->spans[2 * group];
    return start < 0 ? otherwise : text_slice(vm, match->string, start, match->spans[2 * group + 1]);
}

/* The number of a group given by number or name; -1: IndexError pending. */
static int64_t group_number(struct vm *vm, const struct match_object *match, value index)
{
    int64_t number = -1;
    if (index == VALUE_NULL)
        return 0;
    if (is_small_int(index)) {
        number = small_int_value(index);
    } else if (has_index(vm, index)) {
        value integer = number_index(vm, index);
        if (integer == VALUE_NULL || !index_clamped(vm, integer, &number))
            return -1;
    } else {
        value found;
        int answer = dict_find(vm, dict_of(pattern_of(match->pattern)->group_index), index, &found);
        if (answer > 0 && is_small_int(found))
            number = small_int_value(found);
        else if (answer < 0)
            return -1; /* not hashable */
    }
    if (number >= 0 && number < match->groups)
        return number;
    raise_error(vm, &exc_IndexError, "no such group");
    return -1;
}

static value group_of(struct vm *vm, value self, value index)
{
    int64_t number = group_number(vm, match_of(self), index);
    return number < 0 ? VALUE_NULL : group_at(vm, match_of(self), number, NONE);
}

METHOD(match_group)
{
    if (!check_positional(vm, "group", count, keyword_names, 0, -1))
        return VALUE_NULL;
    if (count <= 1)
        return group_of(vm, self, count ? arguments[0] : VALUE_NULL);
    value result = tuple_new(vm, count);
    for (size_t i = 0; result != VALUE_NULL && i < count; i++) {
        value text = group_of(vm, self, arguments[i]);
        if (text == VALUE_NULL)
            return VALUE_NULL;
        tuple_of(result)->items[i] = text;
    }
    return result;
}

METHOD(match_groups)
{
    UNUSED;
    const struct match_object *match = match_of(self);
    value otherwise = arguments[0] == VALUE_NULL ? NONE : arguments[0];
    value result = tuple_new(vm, (size_t)match->groups - 1);
    for (int64_t i = 1; result != VALUE_NULL && i < match->groups; i++) {
        value text = group_at(vm, match, i, otherwise);
        if (text == VALUE_NULL)
            return VALUE_NULL;
        tuple_of(result)->items[i - 1] = text;
    }
    return result;
}

METHOD(match_groupdict)
{
    UNUSED;
    const struct match_object *match = match_of(self);
    value otherwise = arguments[0] == VALUE_NULL ? NONE : arguments[0], result = dict_new(vm), key, number;
    struct dict_object *names = dict_of(pattern_of(match->pattern)->group_index);
    uint32_t position = 0;
    while (result != VALUE_NULL && dict_next(names, &position, &key, &number)) {
        int64_t group = group_number(vm, match, key);
        value text = group < 0 ? VALUE_NULL : group_at(vm, match, group, otherwise);
        if (text == VALUE_NULL || !dict_set(vm, dict_of(result), key, text))
            return VALUE_NULL;
    }
    return result;
}

METHOD(match_start)
{
    UNUSED;
    int64_t number = group_number(vm, match_of(self), arguments[0]);
    return number < 0 ? VALUE_NULL : small_int(match_of(self)->spans[2 * number]);
}

METHOD(match_end)
{
    UNUSED;
    int64_t number = group_number(vm, match_of(self), arguments[0]);
    return number < 0 ? VALUE_NULL : small_int(match_of(self)->spans[2 * number + 1]);
}

static value span_at_number(struct vm *vm, const struct match_object *match, int64_t number)
{
    return tuple_pack(vm, 2, small_int(match->spans[2 * number]), small_int(match->spans[2 * number + 1]));
}

METHOD(match_span)
{
    UNUSED;
    int64_t number = group_number(vm, match_of(self), arguments[0]);
    return number < 0 ? VALUE_NULL : span_at_number(vm, match_of(self), number);
}

METHOD(match_expand)
{
    UNUSED;
    value re = import_module(vm, "re");
    if (re == VALUE_NULL)
        return VALUE_NULL;
    return call_method(vm, re, "_expand", (value[]){match_of(self)->pattern, self, arguments[0]}, 3);
}

METHOD(match_copy)
{
    UNUSED;
    return self;
}

static value match_get_item(struct vm *vm, value self, value key)
{
    return group_of(vm, self, key);
}

static value match_repr(struct vm *vm, value self)
{
    const struct match_object *match = match_of(self);
    value text = group_at(vm, match, 0, NONE);
    value shown = text == VALUE_NULL ? text : value_repr(vm, text);
    if (shown == VALUE_NULL || (shown = string_slice(vm, shown, 0, 50)) == VALUE_NULL)
        return VALUE_NULL;
    return string_printf(vm, "<re.Match object; span=(%lld, %lld), match=%U>", (long long)match->spans[0],
                         (long long)match->spans[1], shown);
}

/* ---- attributes ---- */

#define PROPERTY(name, expression)                                                                                     \
    static value get_##name(struct vm *vm, value self)                                                                 \
    {                                                                                                                  \
        (void)vm;                                                                                                      \
        const struct match_object *match = match_of(self);                                                             \
        return expression;                                                                                             \
    }
PROPERTY(string, match->string)
PROPERTY(re, match->pattern)
PROPERTY(pos, small_int(match->pos))
PROPERTY(endpos, small_int(match->endpos))
PROPERTY(last_index, match->last_index < 0 ? NONE : small_int(match->last_index))

static value get_last_group(struct vm *vm, value self)
{
    (void)vm;
    const struct match_object *match = match_of(self);
    const struct tuple_object *names = tuple_of(pattern_of(match->pattern)->index_group);
    return match->last_index < 0 || (uint64_t)match->last_index >= names->length ? NONE : names->items[match->last_index];
}

static value get_regs(struct vm *vm, value self)
{
    struct match_object *match = match_of(self);
    if (match->regs)
        return match->regs;
    value regs = tuple_new(vm, (size_t)match->groups);
    for (int64_t i = 0; regs != VALUE_NULL && i < match->groups; i++) {
        value span = span_at_number(vm, match, i);
        if (span == VALUE_NULL)
            return VALUE_NULL;
        tuple_of(regs)->items[i] = span;
    }
    if (regs != VALUE_NULL)
        match->regs = regs;
    return regs;
}

static const struct method_definition match_methods[] = {
    {"group", NULL, match_group, METHOD_INSTANCE,
     "group([group1, ...]) -> str or tuple.\n    Return subgroup(s) of the match by indices or names.\n    For 0 returns the "
     "entire match."},
    {"groups", "(default=None)", match_groups, METHOD_INSTANCE,
     "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n    Is used for groups that did not "
     "participate in the match."},
    {"groupdict", "(default=None)", match_groupdict, METHOD_INSTANCE,
     "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.\n\n  default\n    Is "
     "used for groups that did not participate in the match."},
    {"start", "(group=0, /)", match_start, METHOD_INSTANCE, "Return index of the start of the substring matched by group."},
    {"end", "(group=0, /)", match_end, METHOD_INSTANCE, "Return index of the end of the substring matched by group."},
    {"span", "(group=0, /)", match_span, METHOD_INSTANCE, "For match object m, return the 2-tuple (m.start(group), m.end(group))."},
    {"expand", "(template)", match_expand, METHOD_INSTANCE,
     "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method."},
    {"__copy__", "()", match_copy, METHOD_INSTANCE, NULL},
    {"__deepcopy__", "(memo, /)", match_copy, METHOD_INSTANCE, NULL},
    CLASS_GETITEM,
    {0},
};

struct type sre_match_type = {
    .name = "re.Match",
    .flags = TYPE_GETATTR_PLAIN,
    .instance_size = sizeof(struct match_object),
    .doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    .trace = match_trace,
    .repr = match_repr,
    .get_item = match_get_item,
    .methods = match_methods,
    .properties = (const struct property_definition[]){{"string", get_string, NULL},
                                                       {"re", get_re, NULL},
                                                       {"pos", get_pos, NULL},
                                                       {"endpos", get_endpos, NULL},
                                                       {"lastindex", get_last_index, NULL},
                                                       {"lastgroup", get_last_group, NULL},
                                                       {"regs", get_regs, NULL},
                                                       {0}},
};
