/* exception_group.c - BaseExceptionGroup and ExceptionGroup: construction, split, subgroup, derive; what except* needs. */
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

static struct exception_object *exception_of(value v) { return (struct exception_object *)value_object(v); }
static value group_message(value group) { return exception_of(group)->fields[0]; }
static struct tuple_object *group_items(value group) { return tuple_of(exception_of(group)->fields[1]); }
static bool is_group(struct vm *vm, value v) { return is_instance(vm, v, &exc_BaseExceptionGroup); }

value exception_group_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)keyword_names; /* a subclass's __init__ may want them; BaseException's refuses them */
    if (count != 2)
        return raise_error(vm, &exc_TypeError, "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zu given)", count);
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "BaseExceptionGroup.__new__() argument 1 must be str, not %T", arguments[0]);
    if (!value_type(vm, arguments[1])->get_item || has_flag(arguments[1], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "second argument (exceptions) must be a sequence");
    value items = tuple_from_iterable(vm, arguments[1]);
    if (items == VALUE_NULL)
        return VALUE_NULL;
    struct tuple_object *list = tuple_of(items);
    if (list->length == 0)
        return raise_error(vm, &exc_ValueError, "second argument (exceptions) must be a non-empty sequence");
    bool base = false;
    for (size_t i = 0; i < list->length; i++) {
        if (!has_flag(list->items[i], TYPE_EXCEPTION))
            return raise_error(vm, &exc_ValueError, "Item %zu of second argument (exceptions) is not an exception", i);
        base |= !is_instance(vm, list->items[i], &exc_Exception);
    }
    if (type == &exc_BaseExceptionGroup && !base)
        type = &exc_ExceptionGroup;
    else if (type == &exc_ExceptionGroup && base)
        return raise_error(vm, &exc_TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
    else if (base && type_is_subtype(type, &exc_Exception))
        return raise_error(vm, &exc_TypeError, "Cannot nest BaseExceptions in '%s'", type->name);
    value group = exc_BaseException.new(vm, type, arguments, count, VALUE_NULL);
    if (group == VALUE_NULL)
        return VALUE_NULL;
    exception_of(group)->fields[0] = arguments[0];
    exception_of(group)->fields[1] = items;
    return group;
}

value exception_group_string(struct vm *vm, value a)
{
    size_t count = group_items(a)->length;
    return string_printf(vm, "%S (%zu sub-exception%s)", group_message(a), count, count == 1 ? "" : "s");
}

static value get_message(struct vm *vm, value a) { (void)vm; return group_message(a); }
static value get_exceptions(struct vm *vm, value a) { (void)vm; return exception_of(a)->fields[1]; }

const struct property_definition exception_group_properties[] = {
    {"message", get_message, NULL}, {"exceptions", get_exceptions, NULL}, {NULL, NULL, NULL}};

/* ---- splitting ---- */

enum split_by { SPLIT_BY_TYPE, SPLIT_BY_PREDICATE, SPLIT_BY_IDENTITY };
struct splitter {
    enum split_by by;
    value matcher; /* class, tuple, callable; a set-like list of leaves */
};

static int splitter_test(struct vm *vm, const struct splitter *splitter, value exception)
{
    if (splitter->by == SPLIT_BY_TYPE)
        return exception_match_clause(vm, exception, splitter->matcher);
    if (splitter->by == SPLIT_BY_IDENTITY) {
        struct list_object *leaves = list_of(splitter->matcher);
        for (uint32_t i = 0; i < leaves->length; i++)
            if (leaves->items[i] == exception)
                return 1;
        return 0;
    }
    value result = call_1(vm, splitter->matcher, exception);
    return result == VALUE_NULL ? -1 : value_truth(vm, result);
}

/* A group like `original` that holds `items`; None when there are none. */
static value group_subset(struct vm *vm, value original, value items)
{
    if (list_of(items)->length == 0)
        return NONE;
    value derived = call_method(vm, original, "derive", &items, 1);
    if (derived == VALUE_NULL)
        return VALUE_NULL;
    if (!is_group(vm, derived))
        return raise_error(vm, &exc_TypeError, "derive must return an instance of BaseExceptionGroup");
    struct exception_object *from = exception_of(original), *to = exception_of(derived);
    to->traceback = from->traceback;
    to->context = from->context;
    to->cause = from->cause;
    to->suppress_context = from->suppress_context;
    value notes;
    int found = find_attribute(vm, original, NAMED(vm, __notes__), &notes);
    if (found < 0)
        return VALUE_NULL;
    if (found && has_flag(notes, TYPE_LIST) &&
        !set_attribute(vm, derived, NAMED(vm, __notes__), list_from(vm, list_of(notes)->items, list_of(notes)->length)))
        return VALUE_NULL;
    return derived;
}

static bool group_split(struct vm *vm, value exception, const struct splitter *splitter, value *match, value *rest)
{
    *match = *rest = NONE;
    int matches = splitter_test(vm, splitter, exception);
    if (matches < 0)
        return false;
    if (matches || !is_group(vm, exception)) {
        *(matches ? match : rest) = exception;
        return true;
    }
    if (!recursion_enter(vm, " in exceptiongroup_split_recursive"))
        return false;
    value matched = list_new(vm, 0), others = list_new(vm, 0);
    struct tuple_object *items = group_items(exception);
    bool good = true;
    for (size_t i = 0; good && i < items->length; i++) {
        value m, r;
        good = group_split(vm, items->items[i], splitter, &m, &r);
        if (good && m != NONE)
            good = list_append(vm, list_of(matched), m);
        if (good && r != NONE)
            good = list_append(vm, list_of(others), r);
    }
    recursion_leave(vm);
    if (!good)
        return false;
    *match = group_subset(vm, exception, matched);
    *rest = *match == VALUE_NULL ? VALUE_NULL : group_subset(vm, exception, others);
    return *rest != VALUE_NULL;
}

static bool splitter_of(struct vm *vm, value condition, struct splitter *splitter)
{
    splitter->matcher = condition;
    if (is_object(condition) && is_type(condition) && (type_of_value(condition)->flags & TYPE_EXCEPTION)) {
        splitter->by = SPLIT_BY_TYPE;
        return true;
    }
    if (has_flag(condition, TYPE_TUPLE)) {
        splitter->by = SPLIT_BY_TYPE;
        return true;
    }
    splitter->by = SPLIT_BY_PREDICATE;
    if (is_object(condition) && value_type(vm, condition)->call && !is_type(condition))
        return true;
    raise_error(vm, &exc_TypeError, "expected a function, exception type or tuple of exception types");
    return false;
}

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)arguments, (void)count, (void)keyword_names

METHOD(group_derive)
{
    UNUSED_ARGUMENTS;
    return call_2(vm, object_value(&exc_BaseExceptionGroup), group_message(self), arguments[0]);
}
METHOD(group_split_method)
{
    UNUSED_ARGUMENTS;
    struct splitter splitter;
    value match, rest;
    if (!splitter_of(vm, arguments[0], &splitter) || !group_split(vm, self, &splitter, &match, &rest))
        return VALUE_NULL;
    return tuple_pack(vm, 2, match, rest);
}
METHOD(group_subgroup)
{
    UNUSED_ARGUMENTS;
    struct splitter splitter;
    value match, rest;
    if (!splitter_of(vm, arguments[0], &splitter) || !group_split(vm, self, &splitter, &match, &rest))
        return VALUE_NULL;
    return match;
}
METHOD(group_class_getitem) { UNUSED_ARGUMENTS; return generic_alias_new(vm, self, arguments[0]); }

const struct method_definition exception_group_methods[] = {
    {"derive", "(excs, /)", group_derive, METHOD_INSTANCE, NULL},
    {"split", "(condition, /)", group_split_method, METHOD_INSTANCE, NULL},
    {"subgroup", "(condition, /)", group_subgroup, METHOD_INSTANCE, NULL},
    {"__class_getitem__", "(item, /)", group_class_getitem, METHOD_CLASS, "See PEP 585"},
    {NULL, NULL, NULL, 0, NULL}};

/* ---- except* ---- */

static bool check_star_type(struct vm *vm, value match_type)
{
    size_t count = has_flag(match_type, TYPE_TUPLE) ? tuple_of(match_type)->length : 1;
    for (size_t i = 0; i < count; i++) {
        value item = has_flag(match_type, TYPE_TUPLE) ? tuple_of(match_type)->items[i] : match_type;
        if (is_object(item) && is_type(item) && type_is_subtype(type_of_value(item), &exc_BaseExceptionGroup)) {
            raise_error(vm, &exc_TypeError, "catching ExceptionGroup with except* is not allowed. Use except instead.");
            return false;
        }
    }
    return true;
}

bool exception_group_match(struct vm *vm, value exception, value match_type, value *match, value *rest)
{
    *match = *rest = NONE;
    if (exception == NONE)
        return true;
    if (!check_star_type(vm, match_type))
        return false;
    int matches = exception_match_clause(vm, exception, match_type);
    if (matches < 0)
        return false;
    if (matches) {
        *match = exception;
        if (is_group(vm, exception))
            return true;
        value arguments[2] = {vm->empty_string, tuple_pack(vm, 1, exception)};
        *match = call(vm, object_value(&exc_BaseExceptionGroup), arguments, 2, VALUE_NULL);
        return *match != VALUE_NULL;
    }
    if (!is_group(vm, exception)) {
        *rest = exception;
        return true;
    }
    struct splitter splitter = {SPLIT_BY_TYPE, match_type};
    return group_split(vm, exception, &splitter, match, rest);
}

static bool same_metadata(value a, value b)
{
    const struct exception_object *x = exception_of(a), *y = exception_of(b);
    return x->traceback == y->traceback && x->cause == y->cause && x->context == y->context;
}

static bool collect_leaves(struct vm *vm, value exception, value leaves)
{
    if (!is_group(vm, exception))
        return list_append(vm, list_of(leaves), exception);
    for (size_t i = 0; i < group_items(exception)->length; i++)
        if (!collect_leaves(vm, group_items(exception)->items[i], leaves))
            return false;
    return true;
}

value exception_group_reraise(struct vm *vm, value original, value results)
{
    struct list_object *list = list_of(results);
    value raised = list_new(vm, 0), leaves = list_new(vm, 0);
    uint32_t real = 0;
    value single = NONE;
    for (uint32_t i = 0; i < list->length; i++)
        if (list->items[i] != NONE)
            real++, single = list->items[i];
    if (real == 0)
        return NONE;
    if (!is_group(vm, original))
        return single;
    for (uint32_t i = 0; i < list->length; i++) {
        value item = list->items[i];
        if (item == NONE)
            continue;
        bool good = is_group(vm, item) && same_metadata(item, original) ? collect_leaves(vm, item, leaves)
                                                                        : list_append(vm, list_of(raised), item);
        if (!good)
            return VALUE_NULL;
    }
    value kept, rest;
    struct splitter splitter = {SPLIT_BY_IDENTITY, leaves};
    if (!group_split(vm, original, &splitter, &kept, &rest))
        return VALUE_NULL;
    if (list_of(raised)->length == 0)
        return kept;
    if (kept != NONE && !list_append(vm, list_of(raised), kept))
        return VALUE_NULL;
    if (list_of(raised)->length == 1 && is_group(vm, list_of(raised)->items[0]))
        return list_of(raised)->items[0];
    return call_2(vm, object_value(&exc_BaseExceptionGroup), vm->empty_string, raised);
}
