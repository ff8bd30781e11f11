/* constant_text.c - see constant_text.h. The code objects of one unit at a time are in a list, by their index in the unit. */
#include "cli/constant_text.h"

#include "core/buffer.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/gc.h"
#include "sim/runtime/types.h"

#include <stdlib.h>

struct constant_texts {
    struct vm *vm;
    const struct code_unit *unit;
    value codes; /* a list: a root of the collector as long as its vm lives */
    struct buffer set;
};

struct constant_texts *constant_texts_new(struct vm *vm)
{
    struct constant_texts *texts = calloc(1, sizeof *texts);
    if (!texts)
        abort();
    texts->vm = vm;
    texts->codes = VALUE_NULL;
    gc_add_root(vm, &texts->codes);
    return texts;
}

void constant_texts_free(struct constant_texts *texts)
{
    if (texts)
        buffer_free(&texts->set);
    free(texts);
}

static bool list_codes(struct constant_texts *texts, value object)
{
    struct vm *vm = texts->vm;
    struct code_object *code = (struct code_object *)value_object(object);
    list_of(texts->codes)->items[code->code->index] = object;
    if (!code_object_fill(vm, code))
        return false;
    for (uint32_t i = 0; i < code->code->constant_count; i++)
        if (code->code->constants[i].kind == CONSTANT_CODE && !list_codes(texts, tuple_of(code->constants)->items[i]))
            return false;
    return true;
}

static bool take_unit(struct constant_texts *texts, const struct code_unit *unit)
{
    struct vm *vm = texts->vm;
    texts->unit = unit;
    texts->codes = list_new(vm, 0);
    for (uint32_t i = 0; texts->codes != VALUE_NULL && i < unit->code_count; i++)
        if (!list_append(vm, list_of(texts->codes), NONE))
            return false;
    value module = texts->codes == VALUE_NULL ? VALUE_NULL : code_object_from(vm, unit->module);
    return module != VALUE_NULL && list_codes(texts, module);
}

/* The unit says in which order CPython has the items: one of them may have an address for its hash. */
static bool set_text(struct constant_texts *texts, const struct constant *set)
{
    struct vm *vm = texts->vm;
    texts->set.size = 0;
    buffer_add_text(&texts->set, "frozenset({");
    for (size_t i = 0; i < set->size; i++) {
        value item = value_of_constant(vm, &set->items[i]), text = item == VALUE_NULL ? VALUE_NULL : value_repr(vm, item);
        size_t size;
        const char *bytes = text == VALUE_NULL ? NULL : string_utf8(vm, text, &size);
        if (!bytes)
            return false;
        buffer_add_text(&texts->set, i ? ", " : "");
        buffer_add(&texts->set, bytes, size);
    }
    buffer_add_text(&texts->set, "})");
    return true;
}

const char *constant_text(void *context, const struct code *code, uint32_t index, size_t *size)
{
    struct constant_texts *texts = context;
    struct vm *vm = texts->vm;
    const struct constant *constant = index < code->constant_count ? &code->constants[index] : NULL;
    if (constant && constant->kind == CONSTANT_FROZENSET && constant->size && code->unit->sets_as_seen &&
        set_text(texts, constant)) {
        *size = texts->set.size;
        return texts->set.bytes;
    }
    if (texts->unit == code->unit || take_unit(texts, code->unit)) {
        value object = list_of(texts->codes)->items[code->index];
        value tuple = object == NONE ? VALUE_NULL : ((struct code_object *)value_object(object))->constants;
        value text = tuple == VALUE_NULL || index >= code->constant_count ? VALUE_NULL
                                                                        : value_repr(vm, tuple_of(tuple)->items[index]);
        const char *bytes = text == VALUE_NULL ? NULL : string_utf8(vm, text, size);
        if (bytes)
            return bytes;
    }
    static const char refused[] = "<a number of too many digits for repr()>"; /* CPython's dis ends with ValueError there */
    exception_clear(vm);
    *size = sizeof refused - 1;
    return refused;
}
