/* none.c - None, Ellipsis and NotImplemented: one static object each. */
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"
#include "sim/runtime/warning.h"

struct object none_object = {&none_type.shape};
struct object ellipsis_object = {&ellipsis_type.shape};
struct object not_implemented_object = {&not_implemented_type.shape};

static bool no_arguments(struct vm *vm, const char *name, size_t count, value keyword_names)
{
    if (!count && !keyword_count(keyword_names))
        return true;
    raise_error(vm, &exc_TypeError, "%s takes no arguments", name);
    return false;
}

#define SINGLETON(id, object, text, type_text) \
    static value id##_repr(struct vm *vm, value a) { (void)a; return intern_text(vm, text); } \
    static value id##_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names) \
    { \
        (void)type, (void)arguments; \
        return no_arguments(vm, type_text, count, keyword_names) ? object_value(&object) : VALUE_NULL; \
    } \
    static value id##_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names) \
    { \
        (void)self, (void)arguments, (void)count, (void)keyword_names; \
        return intern_text(vm, text); \
    } \
    static const struct method_definition id##_methods[] = { \
        {"__reduce__", "()", id##_reduce, METHOD_INSTANCE, NULL}, {NULL, NULL, NULL, 0, NULL}};

SINGLETON(none, none_object, "None", "NoneType")
SINGLETON(ellipsis, ellipsis_object, "Ellipsis", "EllipsisType")
SINGLETON(not_implemented, not_implemented_object, "NotImplemented", "NotImplementedType")

static int none_truth(struct vm *vm, value a) { (void)vm, (void)a; return 0; }

/* A fixed number: CPython's is made of an address and differs from run to run. */
static bool none_hash(struct vm *vm, value a, int64_t *hash)
{
    (void)vm, (void)a;
    *hash = 0xfca86420;
    return true;
}

static int not_implemented_truth(struct vm *vm, value a)
{
    (void)a;
    return warning_issue(vm, &exc_DeprecationWarning, 1, "NotImplemented should not be used in a boolean context") ? 1 : -1;
}

static value none_or(struct vm *vm, value a, value b) { return union_of(vm, a, b); }

struct type none_type = {.name = "NoneType",
                         .instance_size = sizeof(struct object),
                         .methods = none_methods,
                         .new = none_new,
                         .repr = none_repr,
                         .hash = none_hash,
                         .truth = none_truth,
                         .binary = {[BINARY_OR] = none_or}};
struct type ellipsis_type = {.name = "ellipsis",
                             .instance_size = sizeof(struct object),
                             .methods = ellipsis_methods,
                             .new = ellipsis_new,
                             .repr = ellipsis_repr};
struct type not_implemented_type = {.name = "NotImplementedType",
                                    .instance_size = sizeof(struct object),
                                    .methods = not_implemented_methods,
                                    .new = not_implemented_new,
                                    .repr = not_implemented_repr,
                                    .truth = not_implemented_truth};
