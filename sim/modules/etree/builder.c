/* builder.c - the type TreeBuilder: it makes a tree of what a parser reports. Text is collected and put where it belongs when
 * something else comes. */
#include "sim/modules/etree/etree.h"

#define METHOD(name) static ETREE_FUNCTION(name)

value tree_builder_new(struct vm *vm, struct type *type)
{
    struct tree_builder *builder = instance_allocate(vm, type, sizeof *builder);
    if (!builder)
        return VALUE_NULL;
    value *const absent[] = {&builder->root, &builder->last_for_tail, &builder->data, &builder->stack, &builder->element_factory,
                             &builder->comment_factory, &builder->instruction_factory, &builder->events_append,
                             &builder->start_event, &builder->end_event, &builder->start_namespace_event,
                             &builder->end_namespace_event, &builder->comment_event, &builder->instruction_event};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        *absent[i] = VALUE_NULL;
    builder->current = builder->last = NONE;
    builder->stack = list_new(vm, 0);
    return builder->stack == VALUE_NULL ? VALUE_NULL : object_value(builder);
}

static value builder_allocate(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    return tree_builder_new(vm, type);
}

static bool builder_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"element_factory", "comment_factory", "pi_factory", "insert_comments", "insert_pis", NULL};
    struct tree_builder *builder = builder_of(self);
    value given[5];
    if (!arguments_bind(vm, &(struct argument_names){"TreeBuilder", names, 0, 1}, arguments, count, keyword_names, given))
        return false;
    int comments = given[3] == VALUE_NULL ? 0 : value_truth(vm, given[3]);
    int instructions = given[4] == VALUE_NULL ? 0 : value_truth(vm, given[4]);
    if (comments < 0 || instructions < 0)
        return false;
    for (int i = 0; i < 3; i++)
        if (given[i] == NONE)
            given[i] = VALUE_NULL;
    builder->element_factory = given[0];
    builder->comment_factory = given[1] == VALUE_NULL ? vm->etree->comment_factory : given[1];
    builder->instruction_factory = given[2] == VALUE_NULL ? vm->etree->instruction_factory : given[2];
    builder->insert_comments = comments && builder->comment_factory != VALUE_NULL;
    builder->insert_instructions = instructions && builder->instruction_factory != VALUE_NULL;
    return true;
}

/* ---- text ---- */

/* The collected data becomes, or goes on, the text or the tail of an object that need not be an Element. */
static bool put_by_attribute(struct vm *vm, value object, value data, const char *name)
{
    value attribute = intern_text(vm, name), previous = get_attribute(vm, object, attribute);
    value joined = previous == VALUE_NULL ? previous : etree_join(vm, data);
    if (joined != VALUE_NULL && previous != NONE)
        joined = binary_operation(vm, BINARY_ADD, previous, joined);
    return joined != VALUE_NULL && set_attribute(vm, object, attribute, joined);
}

static bool put_data(struct vm *vm, value object, value data, bool is_tail)
{
    if (is_exact(object, &element_type)) {
        struct element *element = element_of(object);
        value *slot = is_tail ? &element->tail : &element->text;
        bool *parts = is_tail ? &element->tail_parts : &element->text_parts;
        if (*slot == NONE) {
            *slot = data;
            *parts = is_exact(data, &list_type);
            return true;
        }
        if (*parts)
            return list_extend(vm, *slot, data);
    }
    return put_by_attribute(vm, object, data, is_tail ? "tail" : "text");
}

static bool flush(struct vm *vm, struct tree_builder *builder)
{
    if (builder->data == VALUE_NULL)
        return true;
    bool is_tail = builder->last_for_tail != VALUE_NULL;
    if (!put_data(vm, is_tail ? builder->last_for_tail : builder->last, builder->data, is_tail))
        return false;
    builder->data = VALUE_NULL;
    return true;
}

value builder_data(struct vm *vm, struct tree_builder *builder, value data)
{
    if (builder->data == VALUE_NULL) {
        if (builder->last != NONE) /* before the first element it is nobody's */
            builder->data = data;
        return NONE;
    }
    if (is_exact(builder->data, &list_type))
        return list_append(vm, list_of(builder->data), data) ? NONE : VALUE_NULL;
    value list = list_from(vm, (value[]){builder->data, data}, 2);
    if (list == VALUE_NULL)
        return VALUE_NULL;
    builder->data = list;
    return NONE;
}

/* ---- events ---- */

bool builder_event(struct vm *vm, struct tree_builder *builder, value event, value node)
{
    if (event == VALUE_NULL)
        return true;
    value pair = tuple_pack(vm, 2, event, node);
    return pair != VALUE_NULL && call_1(vm, builder->events_append, pair) != VALUE_NULL;
}

static bool add_child(struct vm *vm, value parent, value child)
{
    if (is_exact(parent, &element_type))
        return element_append(vm, parent, child);
    return call_method(vm, parent, "append", &child, 1) != VALUE_NULL;
}

value builder_start(struct vm *vm, struct tree_builder *builder, value tag, value attributes)
{
    if (!flush(vm, builder))
        return VALUE_NULL;
    value node, factory = builder->element_factory;
    if (factory == VALUE_NULL)
        node = element_make(vm, tag, attributes);
    else if (attributes == VALUE_NULL && (attributes = dict_new(vm)) == VALUE_NULL)
        return VALUE_NULL;
    else
        node = call_2(vm, factory, tag, attributes);
    if (node == VALUE_NULL)
        return VALUE_NULL;
    builder->last_for_tail = VALUE_NULL;
    if (builder->current != NONE) {
        if (!add_child(vm, builder->current, node))
            return VALUE_NULL;
    } else if (builder->root != VALUE_NULL) {
        value error = call_1(vm, vm->etree->parse_error, string_from_text(vm, "multiple elements on top level"));
        return error == VALUE_NULL ? VALUE_NULL : raise_value(vm, error);
    } else {
        builder->root = node;
    }
    if (!list_append(vm, list_of(builder->stack), builder->current))
        return VALUE_NULL;
    builder->current = builder->last = node;
    return builder_event(vm, builder, builder->start_event, node) ? node : VALUE_NULL;
}

value builder_end(struct vm *vm, struct tree_builder *builder)
{
    if (!flush(vm, builder))
        return VALUE_NULL;
    struct list_object *stack = list_of(builder->stack);
    if (!stack->length)
        return raise_error(vm, &exc_IndexError, "pop from empty stack");
    value ended = builder->current;
    builder->last = builder->last_for_tail = ended;
    builder->current = stack->items[--stack->length];
    return builder_event(vm, builder, builder->end_event, ended) ? ended : VALUE_NULL;
}

/* A comment or instruction was made: it may become a child. */
static bool insert(struct vm *vm, struct tree_builder *builder, value node, bool wanted)
{
    if (!wanted || builder->current == NONE)
        return true;
    if (!add_child(vm, builder->current, node))
        return false;
    builder->last_for_tail = node;
    return true;
}

value builder_comment(struct vm *vm, struct tree_builder *builder, value text)
{
    if (!flush(vm, builder))
        return VALUE_NULL;
    value comment = text;
    if (builder->comment_factory != VALUE_NULL) {
        comment = call_1(vm, builder->comment_factory, text);
        if (comment == VALUE_NULL || !insert(vm, builder, comment, builder->insert_comments))
            return VALUE_NULL;
    }
    value event = builder->events_append == VALUE_NULL ? VALUE_NULL : builder->comment_event;
    return builder_event(vm, builder, event, comment) ? comment : VALUE_NULL;
}

value builder_instruction(struct vm *vm, struct tree_builder *builder, value target, value text)
{
    if (!flush(vm, builder))
        return VALUE_NULL;
    value made;
    if (builder->instruction_factory != VALUE_NULL) {
        made = call_2(vm, builder->instruction_factory, target, text);
        if (made == VALUE_NULL || !insert(vm, builder, made, builder->insert_instructions))
            return VALUE_NULL;
    } else if ((made = tuple_pack(vm, 2, target, text)) == VALUE_NULL) {
        return VALUE_NULL;
    }
    value event = builder->events_append == VALUE_NULL ? VALUE_NULL : builder->instruction_event;
    return builder_event(vm, builder, event, made) ? made : VALUE_NULL;
}

/* ---- methods ---- */

METHOD(data)
{
    ETREE_UNUSED;
    return builder_data(vm, builder_of(self), arguments[0]);
}

METHOD(start)
{
    ETREE_UNUSED;
    if (!has_flag(arguments[1], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "start() argument 2 must be dict, not %s",
                           arguments[1] == NONE ? "None" : value_type(vm, arguments[1])->name);
    return builder_start(vm, builder_of(self), arguments[0], arguments[1]);
}

METHOD(end)
{
    ETREE_UNUSED;
    return builder_end(vm, builder_of(self));
}

METHOD(comment)
{
    ETREE_UNUSED;
    return builder_comment(vm, builder_of(self), arguments[0]);
}

METHOD(instruction)
{
    ETREE_UNUSED;
    return builder_instruction(vm, builder_of(self), arguments[0], arguments[1] == VALUE_NULL ? NONE : arguments[1]);
}

METHOD(close)
{
    ETREE_UNUSED;
    value root = builder_of(self)->root;
    return root == VALUE_NULL ? NONE : root;
}

static void builder_trace(struct vm *vm, struct object *object)
{
    const struct tree_builder *builder = (const struct tree_builder *)object;
    const value held[] = {builder->root, builder->current, builder->last, builder->last_for_tail, builder->data, builder->stack,
                          builder->element_factory, builder->comment_factory, builder->instruction_factory, builder->events_append,
                          builder->start_event, builder->end_event, builder->start_namespace_event, builder->end_namespace_event,
                          builder->comment_event, builder->instruction_event};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        gc_mark(vm, held[i]);
}

static const struct method_definition builder_methods[] = {
    {"data", "(data, /)", data, 0, NULL},
    {"start", "(tag, attrs, /)", start, 0, NULL},
    {"end", "(tag, /)", end, 0, NULL},
    {"comment", "(text, /)", comment, 0, NULL},
    {"pi", "(target, text=None, /)", instruction, 0, NULL},
    {"close", "()", close, 0, NULL},
    {0},
};

struct type tree_builder_type = {
    .name = "xml.etree.ElementTree.TreeBuilder",
    .flags = TYPE_SUBCLASSABLE | TYPE_GETATTR_PLAIN | TYPE_MAKES_SUBCLASSES,
    .instance_size = sizeof(struct tree_builder),
    .methods = builder_methods,
    .trace = builder_trace,
    .new = builder_allocate,
    .init = builder_init,
};
