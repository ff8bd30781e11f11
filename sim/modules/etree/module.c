/* module.c - module _elementtree: what xml.etree.ElementTree takes in place of its Python classes. */
#include "sim/modules/etree/etree.h"
#include "sim/runtime/module.h"

#include <stdlib.h>

static void trace_state(struct vm *vm, void *context)
{
    const struct etree_state *state = vm->etree;
    (void)context;
    gc_mark(vm, state->parse_error);
    gc_mark(vm, state->comment_factory);
    gc_mark(vm, state->instruction_factory);
    gc_mark(vm, state->deep_copy);
    gc_mark(vm, state->path_module);
}

void etree_state_free(struct vm *vm)
{
    free(vm->etree);
    vm->etree = NULL;
}

/* A factory is called, or None; false: TypeError pending. */
static bool take_factory(struct vm *vm, value given, const char *what, value *slot)
{
    if (given != NONE && !value_type(vm, given)->call) {
        raise_error(vm, &exc_TypeError, "%s factory must be callable, not %T", what, given);
        return false;
    }
    *slot = given == NONE ? VALUE_NULL : given;
    return true;
}

static ETREE_FUNCTION(set_factories)
{
    ETREE_UNUSED;
    struct etree_state *state = vm->etree;
    value comment, instruction;
    if (!take_factory(vm, arguments[0], "Comment", &comment) || !take_factory(vm, arguments[1], "PI", &instruction))
        return VALUE_NULL;
    value old = tuple_pack(vm, 2, state->comment_factory == VALUE_NULL ? NONE : state->comment_factory,
                           state->instruction_factory == VALUE_NULL ? NONE : state->instruction_factory);
    state->comment_factory = comment;
    state->instruction_factory = instruction;
    return old;
}

static value make_parse_error(struct vm *vm)
{
    value bases = tuple_pack(vm, 1, object_value(&exc_SyntaxError)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", string_from_text(vm, "xml.etree.ElementTree")))
        return VALUE_NULL;
    return type_new_class(vm, &type_type, intern_text(vm, "ParseError"), bases, namespace, VALUE_NULL);
}

static bool make_state(struct vm *vm)
{
    struct type *const types[] = {&element_type, &element_iterator_type, &tree_builder_type, &xml_parser_type};
    struct etree_state *state = malloc(sizeof *state);
    if (!state) {
        raise_no_memory(vm);
        return false;
    }
    *state = (struct etree_state){VALUE_NULL, VALUE_NULL, VALUE_NULL, VALUE_NULL, VALUE_NULL};
    vm->etree = state;
    gc_add_tracer(vm, trace_state, NULL);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        type_ready(vm, types[i]);
    if (dict_delete(vm, element_type.dict, NAMED(vm, __iter__)) < 0)
        return false;
    return (state->parse_error = make_parse_error(vm)) != VALUE_NULL;
}

/* The classes stay the same when the module is imported again. */
static bool etree_initialize(struct vm *vm, value module)
{
    if (!vm->etree && !make_state(vm))
        return false;
    struct etree_state *state = vm->etree;
    value copy = import_module(vm, "copy");
    if (copy == VALUE_NULL || (state->deep_copy = get_attribute_text(vm, copy, "deepcopy")) == VALUE_NULL ||
        (state->path_module = import_module(vm, "xml.etree.ElementPath")) == VALUE_NULL ||
        import_module(vm, "pyexpat") == VALUE_NULL)
        return false;
    return dict_set_text(vm, support_dict(module), "ParseError", state->parse_error) &&
           dict_set_text(vm, support_dict(module), "Element", object_value(&element_type)) &&
           dict_set_text(vm, support_dict(module), "TreeBuilder", object_value(&tree_builder_type)) &&
           dict_set_text(vm, support_dict(module), "XMLParser", object_value(&xml_parser_type));
}

static const struct method_definition functions[] = {
    {"SubElement", NULL, etree_sub_element, 0, NULL},
    {"_set_factories", "(comment_factory, pi_factory, /)", set_factories, 0,
     "Change the factories used to create comments and processing instructions.\n\nFor internal use only."},
    {0},
};

const struct native_module etree_module = {"_elementtree", etree_initialize, functions};
