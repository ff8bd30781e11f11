/* grammar.c - module _ast: one class for each production of the abstract grammar. */
#include "sim/modules/ast/ast.h"

#include "sim/runtime/args.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/module.h"
#include "sim/runtime/text.h"
#include "sim/runtime/type.h"

#include <stdio.h>
#include <string.h>

enum entry_kind { ENTRY_GROUP, ENTRY_NODE, ENTRY_PRODUCT };
enum entry_attributes { NO_PLACE, PLACE, PLACE_REQUIRED };

struct entry {
    enum entry_kind kind;
    enum entry_attributes attributes;
    const char *text; /* of a group: its name */
};

static const struct entry entries[] = {
#define GROUP(name, attributes) {ENTRY_GROUP, attributes, #name},
#define NODE(text) {ENTRY_NODE, NO_PLACE, text},
#define PRODUCT(text, attributes) {ENTRY_PRODUCT, attributes, text},
#include "sim/modules/ast/grammar.inc"
};
enum { ENTRY_COUNT = sizeof entries / sizeof *entries };

static value node_module(struct vm *vm)
{
    return dict_get_text(vm, dict_of(vm->modules), "_ast");
}

value ast_class(struct vm *vm, const char *name)
{
    value module = node_module(vm);
    return module == VALUE_NULL ? VALUE_NULL : dict_get_text(vm, module_dict(module), name);
}

bool ast_is_node(struct vm *vm, value v)
{
    value class = is_object(v) ? ast_class(vm, "AST") : VALUE_NULL;
    return class != VALUE_NULL && is_instance(vm, v, type_of_value(class));
}

struct type *ast_grammar_class(struct vm *vm, value node)
{
    struct type *type = value_type(vm, node);
    for (uint32_t i = 0; i < type->mro_count; i++)
        if (ast_class(vm, type->mro[i]->name) == object_value(type->mro[i]))
            return type->mro[i];
    return type;
}

/* ---- AST's own methods ---- */

static bool set_keywords(struct vm *vm, value self, value fields, size_t positional, value keywords)
{
    uint32_t position = 0;
    value name, item;
    while (dict_next(dict_of(keywords), &position, &name, &item)) {
        for (uint64_t i = 0; i < positional; i++)
            if (values_equal(vm, tuple_of(fields)->items[i], name) > 0) {
                raise_error(vm, &exc_TypeError, "%T got multiple values for argument '%U'", self, name);
                return false;
            }
        if (!set_attribute(vm, self, intern(vm, name), item))
            return false;
    }
    return true;
}

static value node_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    value fields, given = arguments[0];
    int found = find_attribute(vm, object_value(value_type(vm, self)), intern_text(vm, "_fields"), &fields);
    fields = found > 0 ? tuple_from_iterable(vm, fields) : found < 0 ? VALUE_NULL : vm->empty_tuple;
    if (fields == VALUE_NULL)
        return VALUE_NULL;
    uint64_t limit = tuple_of(fields)->length, positional = tuple_of(given)->length;
    if (positional > limit)
        return raise_error(vm, &exc_TypeError, "%T constructor takes at most %lu positional argument%s", self,
                           (unsigned long)limit, limit == 1 ? "" : "s");
    for (uint64_t i = 0; i < positional; i++)
        if (!is_string(tuple_of(fields)->items[i]))
            return raise_error(vm, &exc_TypeError, "attribute name must be string, not '%T'", tuple_of(fields)->items[i]);
        else if (!set_attribute(vm, self, intern(vm, tuple_of(fields)->items[i]), tuple_of(given)->items[i]))
            return VALUE_NULL;
    return set_keywords(vm, self, fields, positional, arguments[1]) ? NONE : VALUE_NULL;
}

static value node_reduce(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    value dict = get_attribute_text(vm, self, "__dict__");
    return dict == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 3, object_value(value_type(vm, self)), vm->empty_tuple, dict);
}

/* Takes any arguments, whatever __init__ a subclass has. */
static value node_new(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)keyword_names;
    if (!count || !has_flag(arguments[0], TYPE_TYPE) || !type_has_plain_layout(type_of_value(arguments[0])))
        return raise_error(vm, &exc_TypeError, "AST.__new__(X): X is not a subtype of AST");
    return instance_new(vm, type_of_value(arguments[0]));
}

static const struct method_definition node_constructor = {"__new__", NULL, node_new, 0, NULL};

static const struct method_definition node_methods[] = {
    {"__init__", "(*args, **kwargs)", node_init, 0, NULL},
    {"__reduce__", "()", node_reduce, 0, NULL},
};

/* ---- classes ---- */

static value place_names(struct vm *vm, enum entry_attributes attributes)
{
    if (attributes == NO_PLACE)
        return vm->empty_tuple;
    return tuple_pack(vm, 4, intern_text(vm, "lineno"), intern_text(vm, "col_offset"), intern_text(vm, "end_lineno"),
                      intern_text(vm, "end_col_offset"));
}

/* "Name(type field, type? field)": the fields' names; optional ones get None in the namespace. */
static value field_names(struct vm *vm, const char *text, struct dict_object *namespace)
{
    value names = list_new(vm, 0);
    const char *next = strchr(text, '(');
    while (next && *next && names != VALUE_NULL) {
        const char *type = next + 1 + (next[1] == ' '), *name = strchr(type, ' ');
        size_t size = name ? strcspn(++name, ",)") : 0;
        if (!size)
            break;
        value field = intern(vm, string_from_utf8(vm, name, size));
        if (!list_append(vm, list_of(names), field) || (name[-2] == '?' && !dict_set(vm, namespace, field, NONE)))
            return VALUE_NULL;
        next = name[size] == ',' ? name + size : NULL;
    }
    return names == VALUE_NULL ? VALUE_NULL : tuple_from(vm, list_of(names)->items, list_of(names)->length);
}

/* "stmt = A(...)" and so on: simple groups on one line, the others aligned. */
static value group_text(struct vm *vm, const struct entry *group)
{
    struct buffer text = {0};
    const struct entry *end = group + 1;
    bool is_simple = true;
    for (; end < entries + ENTRY_COUNT && end->kind == ENTRY_NODE; end++)
        is_simple &= !strchr(end->text, '(');
    buffer_printf(&text, "%s = ", group->text);
    for (const struct entry *entry = group + 1; entry < end; entry++) {
        if (entry > group + 1 && is_simple)
            buffer_add_text(&text, " | ");
        else if (entry > group + 1)
            buffer_printf(&text, "\n%*s| ", (int)strlen(group->text) + 1, "");
        buffer_add_text(&text, entry->text);
    }
    value result = string_from_text(vm, text.bytes);
    buffer_free(&text);
    return result;
}

static value make_class(struct vm *vm, const char *name, value base, value doc, value fields, value namespace)
{
    struct dict_object *dict = dict_of(namespace);
    value bases = tuple_pack(vm, 1, base);
    if (bases == VALUE_NULL || doc == VALUE_NULL || fields == VALUE_NULL || !dict_set_text(vm, dict, "_fields", fields) ||
        !dict_set_text(vm, dict, "__match_args__", fields) || !dict_set_text(vm, dict, "__module__", intern_text(vm, "ast")) ||
        !dict_set_text(vm, dict, "__doc__", doc))
        return VALUE_NULL;
    return type_new_class(vm, &type_type, intern_text(vm, name), bases, namespace, VALUE_NULL);
}

static value make_root(struct vm *vm)
{
    value namespace = dict_new(vm);
    if (namespace == VALUE_NULL || !dict_set_text(vm, dict_of(namespace), "_attributes", vm->empty_tuple))
        return VALUE_NULL;
    value class = make_class(vm, "AST", object_value(&object_type_object), NONE, vm->empty_tuple, namespace);
    for (size_t i = 0; class != VALUE_NULL && i < sizeof node_methods / sizeof *node_methods; i++) {
        value method = method_descriptor_new(vm, type_of_value(class), &node_methods[i]);
        if (method == VALUE_NULL || !set_attribute(vm, class, intern_text(vm, node_methods[i].name), method))
            return VALUE_NULL;
    }
    value new = class == VALUE_NULL ? VALUE_NULL : native_function_new(vm, &node_constructor, VALUE_NULL, "ast");
    new = new == VALUE_NULL ? VALUE_NULL : call_1(vm, object_value(&staticmethod_type), new);
    return new != VALUE_NULL && set_attribute(vm, class, intern_text(vm, "__new__"), new) ? class : VALUE_NULL;
}

static value make_entry(struct vm *vm, const struct entry *entry, value root, value group)
{
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(entry->text, "("), entry->text);
    value namespace = dict_new(vm), base = entry->kind == ENTRY_NODE ? group : root;
    if (namespace == VALUE_NULL)
        return VALUE_NULL;
    value doc = entry->kind == ENTRY_GROUP ? group_text(vm, entry) : string_from_text(vm, entry->text);
    value fields = field_names(vm, entry->text, dict_of(namespace));
    if (entry->kind != ENTRY_NODE && !dict_set_text(vm, dict_of(namespace), "_attributes", place_names(vm, entry->attributes)))
        return VALUE_NULL;
    if (entry->attributes == PLACE && (!dict_set_text(vm, dict_of(namespace), "end_lineno", NONE) ||
                                       !dict_set_text(vm, dict_of(namespace), "end_col_offset", NONE)))
        return VALUE_NULL;
    return make_class(vm, name, base, doc, fields, namespace);
}

static bool ast_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = module_dict(module);
    value root = make_root(vm), group = VALUE_NULL;
    if (root == VALUE_NULL || !dict_set_text(vm, dict, "AST", root))
        return false;
    for (const struct entry *entry = entries; entry < entries + ENTRY_COUNT; entry++) {
        value class = make_entry(vm, entry, root, group);
        if (class == VALUE_NULL || !dict_set_text(vm, dict, type_of_value(class)->name, class))
            return false;
        if (entry->kind == ENTRY_GROUP)
            group = class;
    }
    return dict_set_text(vm, dict, "PyCF_ONLY_AST", small_int(0x400)) &&
           dict_set_text(vm, dict, "PyCF_TYPE_COMMENTS", small_int(0x1000)) &&
           dict_set_text(vm, dict, "PyCF_ALLOW_TOP_LEVEL_AWAIT", small_int(0x2000));
}

const struct native_module ast_module = {"_ast", ast_initialize, NULL};
