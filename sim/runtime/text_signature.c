/* text_signature.c - __text_signature__ of native functions, slot wrappers and built-in types, from which inspect makes
 * signatures. */
#include "sim/runtime/text_signature.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/native_docs.h"
#include "sim/runtime/type.h"


/* "(iterable, /, key=None)" with the first parameter that a call through the object leaves out. */
static value with_self(struct vm *vm, const char *self, const char *signature)
{
    const char *rest = signature + 1;
    if (*rest == ')')
        return string_printf(vm, "(%s, /)", self);
    return strstr(signature, "/") ? string_printf(vm, "(%s, %s", self, rest) : string_printf(vm, "(%s, /, %s", self, rest);
}

value text_signature_native(struct vm *vm, const struct native_function_object *function)
{
    const struct method_definition *definition = function->definition;
    if (!strcmp(definition->name, "__new__") && !definition->signature)
        return string_from_text(vm, "($type, *args, **kwargs)");
    if (!definition->signature)
        return NONE;
    if (definition->flags & METHOD_STATIC)
        return string_from_text(vm, definition->signature);
    if (definition->flags & METHOD_CLASS)
        return with_self(vm, "$type", definition->signature);
    return with_self(vm, function->module ? "$module" : "$self", definition->signature);
}

struct named_text {
    const char *name, *text;
};
static const char *find_text(const struct named_text *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(rows[i].name, name))
            return rows[i].text;
    return NULL;
}
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

value text_signature_slot(struct vm *vm, const char *name)
{
    static const struct named_text rows[] = {
        {"__getattribute__", "($self, name, /)"}, {"__delattr__", "($self, name, /)"},
        {"__setattr__", "($self, name, value, /)"}, {"__call__", "($self, /, *args, **kwargs)"},
        {"__init__", "($self, /, *args, **kwargs)"}, {"__get__", "($self, instance, owner=None, /)"},
        {"__set__", "($self, instance, value, /)"}, {"__delete__", "($self, instance, /)"},
        {"__getitem__", "($self, key, /)"}, {"__delitem__", "($self, key, /)"}, {"__contains__", "($self, key, /)"},
        {"__setitem__", "($self, key, value, /)"}, {"__pow__", "($self, value, mod=None, /)"},
        {"__rpow__", "($self, value, mod=None, /)"}};
    static const char *const unary[] = {
        "__repr__", "__hash__", "__str__", "__iter__", "__next__", "__del__", "__await__", "__aiter__", "__anext__", "__bool__",
        "__len__", "__neg__", "__pos__", "__abs__", "__invert__", "__int__", "__float__", "__index__"};
    const char *text = find_text(rows, COUNT(rows), name);
    for (size_t i = 0; !text && i < COUNT(unary); i++)
        if (!strcmp(unary[i], name))
            text = "($self, /)";
    return string_from_text(vm, text ? text : "($self, value, /)");
}

value text_signature_type(struct vm *vm, const struct type *type)
{
    static const struct named_text rows[] = {
        {"complex", "(real=0, imag=0)"}, {"enumerate", "(iterable, start=0)"}, {"float", "(x=0, /)"},
        {"list", "(iterable=(), /)"}, {"memoryview", "(object)"}, {"object", "()"},
        {"property", "(fget=None, fset=None, fdel=None, doc=None)"}, {"reversed", "(sequence, /)"},
        {"tuple", "(iterable=(), /)"}, {"function", "(code, globals, name=None, argdefs=None, closure=None)"},
        {"code", "(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n     flags, codestring, constants, names, "
                 "varnames, filename, name,\n     qualname, firstlineno, linetable, exceptiontable, freevars=(),\n     "
                 "cellvars=(), /)"},
        {"method", "(function, instance, /)"}, {"module", "(name, doc=None)"}, {"cell", "([contents])"},
        {"itertools.count", "(start=0, step=1)"}, {"itertools.groupby", "(iterable, key=None)"},
        {"itertools.cycle", "(iterable, /)"}, {"itertools.accumulate", "(iterable, func=None, *, initial=None)"},
        {"itertools.combinations", "(iterable, r)"}, {"itertools.compress", "(data, selectors)"},
        {"itertools.dropwhile", "(predicate, iterable, /)"}, {"itertools.filterfalse", "(function, iterable, /)"},
        {"itertools.pairwise", "(iterable, /)"}, {"itertools.permutations", "(iterable, r=None)"},
        {"itertools.starmap", "(function, iterable, /)"}, {"itertools.takewhile", "(predicate, iterable, /)"}};
    struct native_doc known;
    const char *text = type->flags & TYPE_HEAP ? NULL : find_text(rows, COUNT(rows), type->name);
    if (native_doc_find_type(type, &known))
        text = known.signature;
    return text ? string_from_text(vm, text) : NONE;
}
