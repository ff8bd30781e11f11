/* etree.h - module _elementtree: what its elements, its tree builder and its parser share. */
#ifndef HYBRIDSIM_SIM_MODULES_ETREE_ETREE_H
#define HYBRIDSIM_SIM_MODULES_ETREE_ETREE_H

#include "sim/modules/native_error.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/text.h"

struct etree_state {
    value parse_error, comment_factory, instruction_factory; /* factories VALUE_NULL: none */
    value deep_copy, path_module;                            /* copy.deepcopy, xml.etree.ElementPath */
};

struct element {
    struct object head;
    value tag, text, tail;          /* text and tail may be lists of str that are joined when they are asked for: */
    bool text_parts, tail_parts;
    value attributes;               /* dict; VALUE_NULL: not made yet */
    value children;                 /* list of elements; VALUE_NULL: none yet */
};

extern struct type element_type, element_iterator_type, tree_builder_type, xml_parser_type;

static inline struct element *element_of(value v) { return (struct element *)value_object(v); }
static inline bool is_element(struct vm *vm, value v)
{
    return is_exact(v, &element_type) || (is_object(v) && is_instance(vm, v, &element_type));
}
static inline struct list_object *element_children(const struct element *element) /* NULL: none */
{
    return element->children == VALUE_NULL ? NULL : list_of(element->children);
}

#define ETREE_FUNCTION(name) value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define ETREE_UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* element.c */
value element_make(struct vm *vm, value tag, value attributes);  /* attributes: dict that becomes the element's, or VALUE_NULL */
bool element_append(struct vm *vm, value parent, value child);   /* TypeError: no Element */
bool element_check(struct vm *vm, value v);                      /* likewise */
value element_text(struct vm *vm, struct element *element);
value element_tail(struct vm *vm, struct element *element);
value element_attributes(struct vm *vm, struct element *element); /* the dict, made when it is not there */
value etree_join(struct vm *vm, value parts);                    /* "".join(parts) */
value etree_sequence(struct vm *vm, value v);                    /* its items as a list; TypeError */
ETREE_FUNCTION(etree_sub_element);

/* element_methods.c */
extern const struct method_definition element_methods[];

/* iterator.c */
value element_iterator_new(struct vm *vm, value root, value tag); /* tag VALUE_NULL: the texts */

/* builder.c: NONE or what was made; VALUE_NULL: an exception is pending */
struct tree_builder {
    struct object head;
    value root, current, last;      /* current, last: NONE at first */
    value last_for_tail;            /* what took the latest tail; VALUE_NULL: data is text of `last` */
    value data;                     /* str or list of them that waits; VALUE_NULL: none */
    value stack;                    /* list of the elements around `current` */
    value element_factory, comment_factory, instruction_factory;
    value events_append, start_event, end_event, start_namespace_event, end_namespace_event, comment_event, instruction_event;
    bool insert_comments, insert_instructions;
};
static inline struct tree_builder *builder_of(value v) { return (struct tree_builder *)value_object(v); }
value tree_builder_new(struct vm *vm, struct type *type);
value builder_start(struct vm *vm, struct tree_builder *builder, value tag, value attributes); /* attributes VALUE_NULL: none */
value builder_data(struct vm *vm, struct tree_builder *builder, value data);
value builder_end(struct vm *vm, struct tree_builder *builder);
value builder_comment(struct vm *vm, struct tree_builder *builder, value text);
value builder_instruction(struct vm *vm, struct tree_builder *builder, value target, value text);
bool builder_event(struct vm *vm, struct tree_builder *builder, value event, value node); /* event VALUE_NULL: nothing */

#endif
