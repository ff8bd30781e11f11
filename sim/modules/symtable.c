/* symtable.c - module _symtable: the symbol tables that the compiler's helper makes of source text. */
#include "sim/modules/ast/ast.h"
#include "sim/modules/builtins.h"
#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/text.h"
#include "sim/runtime/type.h"

#include <stdlib.h>

/* (id, name, ((symbol, flags), ...), varnames, children, type, lineno, nested) becomes an entry with these attributes. */
static value entry_from(struct vm *vm, struct type *type, value fields)
{
    static const char *const names[] = {"id", "name", "symbols", "varnames", "children", "type", "lineno", "nested"};
    value entry = instance_new(vm, type), symbols = dict_new(vm), children = list_new(vm, 0);
    if (entry == VALUE_NULL || symbols == VALUE_NULL || children == VALUE_NULL)
        return VALUE_NULL;
    const value *items = tuple_of(fields)->items;
    for (uint64_t i = 0; i < tuple_of(items[2])->length; i++) {
        const struct tuple_object *pair = tuple_of(tuple_of(items[2])->items[i]);
        if (!dict_set(vm, dict_of(symbols), pair->items[0], pair->items[1]))
            return VALUE_NULL;
    }
    for (uint32_t i = 0; i < list_of(items[4])->length; i++) {
        value child = entry_from(vm, type, list_of(items[4])->items[i]);
        if (child == VALUE_NULL || !list_append(vm, list_of(children), child))
            return VALUE_NULL;
    }
    for (int i = 0; i < 8; i++) {
        value item = i == 2 ? symbols : i == 4 ? children : items[i];
        if (!set_attribute(vm, entry, intern_text(vm, names[i]), item))
            return VALUE_NULL;
    }
    gc_keep(fields);
    return entry;
}

static value symtable_symtable(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value source = arguments[0], filename = builtins_source_path(vm, arguments[1]), mode = arguments[2];
    unsigned is_text = is_string(source);
    if (is_text)
        source = string_encode(vm, source, NULL, NULL);
    const uint8_t *data;
    size_t size;
    if (source == VALUE_NULL)
        return VALUE_NULL;
    if (!is_object(source) || !buffer_of(vm, source, &data, &size)) {
        exception_clear(vm);
        return raise_error(vm, &exc_TypeError, "symtable() arg 1 must be a string or bytes object");
    }
    if (filename == VALUE_NULL)
        return VALUE_NULL;
    if (!is_string(mode))
        return raise_error(vm, &exc_TypeError, "symtable() argument 3 must be str, not %T", mode);
    if (!string_is(mode, "exec") && !string_is(mode, "eval") && !string_is(mode, "single"))
        return raise_error(vm, &exc_ValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
    if (!vm->ask_compiler)
        return raise_unsupported(vm, "symtable without a compiler");
    size_t name_size;
    char *name = strdup(string_utf8(vm, filename, &name_size));
    if (strlen(name) != name_size) {
        free(name);
        return raise_error(vm, &exc_ValueError, "embedded null character");
    }
    struct source_request request = {.kind = SOURCE_SYMBOLS, .source = data, .size = size, .filename = name,
                                     .mode = string_utf8(vm, mode, NULL), .optimize = -1, .feature_version = -1,
                                     .flags = is_text /* bytes name their encoding */};
    char *answer = vm->ask_compiler(vm, &request, &size);
    free(name);
    value fields = answer ? ast_read(vm, answer, size) : VALUE_NULL;
    free(answer);
    gc_keep(source);
    value class = dict_get_text(vm, support_dict(self), "_entry");
    return fields == VALUE_NULL ? VALUE_NULL : entry_from(vm, type_of_value(class), fields);
}

static value entry_repr(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value name = get_attribute_text(vm, self, "name"), id = get_attribute_text(vm, self, "id");
    value line = get_attribute_text(vm, self, "lineno");
    return line == VALUE_NULL ? VALUE_NULL : string_printf(vm, "<symtable entry %S(%S), line %S>", name, id, line);
}

static bool symtable_initialize(struct vm *vm, value module)
{
    static const struct integer_constant constants[] = {
        {"CELL", 5}, {"DEF_ANNOT", 256}, {"DEF_BOUND", 134}, {"DEF_FREE", 32}, {"DEF_FREE_CLASS", 64}, {"DEF_GLOBAL", 1},
        {"DEF_IMPORT", 128}, {"DEF_LOCAL", 2}, {"DEF_NONLOCAL", 8}, {"DEF_PARAM", 4}, {"FREE", 4}, {"GLOBAL_EXPLICIT", 2},
        {"GLOBAL_IMPLICIT", 3}, {"LOCAL", 1}, {"SCOPE_MASK", 15}, {"SCOPE_OFF", 11}, {"TYPE_CLASS", 1}, {"TYPE_FUNCTION", 0},
        {"TYPE_MODULE", 2}, {"USE", 16}, {NULL, 0}};
    static const struct method_definition shown = {"__repr__", "()", entry_repr, 0, NULL};
    value bases = tuple_pack(vm, 1, object_value(&object_type_object)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "builtins")))
        return false;
    value class = type_new_class(vm, &type_type, intern_text(vm, "symtable entry"), bases, namespace, VALUE_NULL);
    value method = class == VALUE_NULL ? VALUE_NULL : method_descriptor_new(vm, type_of_value(class), &shown);
    return method != VALUE_NULL && set_attribute(vm, class, intern_text(vm, "__repr__"), method) &&
           dict_set_text(vm, support_dict(module), "_entry", class) && support_add_constants(vm, module, constants);
}

static const struct method_definition functions[] = {
    {"symtable", "(source, filename, startstr, /)", symtable_symtable, 0, NULL},
    {0},
};

const struct native_module symtable_module = {"_symtable", symtable_initialize, functions};
