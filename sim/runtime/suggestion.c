/* suggestion.c - "Did you mean: 'x'?" after NameError, AttributeError and ImportError: the candidate at the smallest edit
 * distance, by CPython 3.11's weights (a change of case costs 1, any other edit 2) and limits. */
#include "sim/runtime/exception.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

enum { MOVE_COST = 2, CASE_COST = 1, CANDIDATES_MAX = 750, NAME_MAX_SIZE = 40 };

static size_t substitution_cost(char a, char b)
{
    if ((a & 31) != (b & 31))
        return MOVE_COST;
    if (a == b)
        return 0;
    if (a >= 'A' && a <= 'Z')
        a = (char)(a + 32);
    if (b >= 'A' && b <= 'Z')
        b = (char)(b + 32);
    return a == b ? CASE_COST : MOVE_COST;
}

static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size, size_t limit)
{
    while (a_size && b_size && *a == *b)
        a++, b++, a_size--, b_size--;
    while (a_size && b_size && a[a_size - 1] == b[b_size - 1])
        a_size--, b_size--;
    if (!a_size || !b_size)
        return (a_size + b_size) * MOVE_COST;
    if (a_size > NAME_MAX_SIZE || b_size > NAME_MAX_SIZE)
        return limit + 1;
    if (b_size < a_size) {
        const char *swap = a;
        size_t swap_size = a_size;
        a = b, a_size = b_size, b = swap, b_size = swap_size;
    }
    if ((b_size - a_size) * MOVE_COST > limit)
        return limit + 1;
    size_t row[NAME_MAX_SIZE], result = 0;
    for (size_t i = 0; i < a_size; i++)
        row[i] = (i + 1) * MOVE_COST;
    for (size_t j = 0; j < b_size; j++) {
        size_t diagonal = j * MOVE_COST, minimum = SIZE_MAX;
        result = diagonal;
        for (size_t i = 0; i < a_size; i++) {
            size_t substitute = diagonal + substitution_cost(b[j], a[i]);
            diagonal = row[i];
            size_t edit = (result < diagonal ? result : diagonal) + MOVE_COST;
            result = substitute < edit ? substitute : edit;
            row[i] = result;
            if (result < minimum)
                minimum = result;
        }
        if (minimum > limit)
            return limit + 1;
    }
    return result;
}

/* candidates: a list */
static value best_candidate(struct vm *vm, value candidates, value name)
{
    struct list_object *list = list_of(candidates);
    if (list->length >= CANDIDATES_MAX)
        return VALUE_NULL;
    size_t size, best = SIZE_MAX;
    char text[NAME_MAX_SIZE * 4 + 1];
    const char *utf8 = string_utf8(vm, name, &size);
    if (size >= sizeof text)
        return VALUE_NULL;
    memcpy(text, utf8, size + 1);
    value suggestion = VALUE_NULL;
    for (uint32_t i = 0; i < list->length; i++) {
        size_t other_size;
        const char *other = string_utf8(vm, list->items[i], &other_size);
        if (other_size == size && !memcmp(other, text, size))
            continue;
        size_t limit = (size + other_size + 3) * MOVE_COST / 6;
        if (best != SIZE_MAX && best - 1 < limit)
            limit = best - 1;
        size_t cost = distance(text, size, other, other_size, limit);
        if (cost > limit)
            continue;
        if (cost < best) {
            best = cost;
            suggestion = list->items[i];
        }
    }
    return suggestion;
}

static value dict_candidates(struct vm *vm, value dict)
{
    value list = list_new(vm, 0), key, item;
    uint32_t position = 0;
    while (list != VALUE_NULL && is_object(dict) && dict_next(dict_of(dict), &position, &key, &item))
        if (has_flag(key, TYPE_STRING))
            list_append(vm, list_of(list), key);
    return list;
}

static value suggest_name(struct vm *vm, const struct exception_object *e)
{
    value traceback = e->traceback;
    if (traceback == VALUE_NULL)
        return VALUE_NULL;
    const struct traceback_object *t = (struct traceback_object *)value_object(traceback);
    while (t->next != NONE)
        t = (struct traceback_object *)value_object(t->next);
    const struct code_object *code = (struct code_object *)value_object(t->code);
    value variables = list_new(vm, 0);
    for (uint32_t i = 0; i < code->code->local_count; i++)
        if (code->code->local_kinds[i] & LOCAL_FAST)
            list_append(vm, list_of(variables), tuple_of(code->local_names)->items[i]);
    value found = best_candidate(vm, variables, e->fields[0]);
    value globals = ((const struct frame_object *)value_object(t->frame))->globals;
    if (found == VALUE_NULL)
        found = best_candidate(vm, dict_candidates(vm, globals), e->fields[0]);
    if (found == VALUE_NULL)
        found = best_candidate(vm, dict_candidates(vm, vm->builtins), e->fields[0]);
    return found;
}

static value suggest_attribute(struct vm *vm, const struct exception_object *e)
{
    value self, function = special_lookup(vm, e->fields[1], NAME___dir__, &self);
    if (function == VALUE_NULL)
        return VALUE_NULL;
    value names = self == VALUE_NULL ? call_0(vm, function) : call_1(vm, function, self);
    if (names == VALUE_NULL)
        return VALUE_NULL;
    value list = list_from_iterable(vm, names);
    if (list == VALUE_NULL || !list_sort(vm, list, VALUE_NULL, false))
        return VALUE_NULL;
    return best_candidate(vm, list, e->fields[0]);
}

value exception_suggestion(struct vm *vm, value exception)
{
    const struct exception_object *e = (struct exception_object *)value_object(exception);
    if (is_instance(vm, exception, &exc_AttributeError)) {
        if (e->fields[0] == VALUE_NULL || e->fields[1] == VALUE_NULL || !has_flag(e->fields[0], TYPE_STRING))
            return VALUE_NULL;
        return suggest_attribute(vm, e);
    }
    if (value_type(vm, exception) == &exc_NameError || value_type(vm, exception) == &exc_UnboundLocalError ||
        is_instance(vm, exception, &exc_NameError)) {
        if (e->fields[0] == VALUE_NULL || !has_flag(e->fields[0], TYPE_STRING))
            return VALUE_NULL;
        return suggest_name(vm, e);
    }
    return VALUE_NULL;
}
