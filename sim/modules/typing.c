/* typing.c - module _typing: the one function of the module typing that is native. */
#include "sim/modules/support.h"

static value typing_idfunc(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)self, (void)count, (void)keyword_names;
    return arguments[0];
}

static const struct method_definition functions[] = {
    {"_idfunc", "(x, /)", typing_idfunc, 0, NULL},
    {0},
};

static bool typing_initialize(struct vm *vm, value module)
{
    (void)vm, (void)module;
    return true;
}

const struct native_module typing_module = {"_typing", typing_initialize, functions};
