/* observe_nest.c - instructions that stand for whole loops (nest.h): they read their variables and the lists in them, and write the
 * variables that the loop assigns and the list that it fills, each as a whole. */
#include "sim/engine/observe.h"

#include "sim/engine/forms.h"
#include "sim/engine/nest.h"
#include "sim/runtime/container.h"

enum { DEPTH_MOST = 3 }; /* lists in lists in lists */

static void read_deep(struct vm *vm, value list, uint32_t site, int depth)
{
    if (observed_is_memory(list))
        observe_read_memory(vm, list, site);
    if (!is_exact(list, &list_type))
        return;
    observe_read_all(vm, list, site);
    for (uint32_t i = 0; depth && i < list_of(list)->length; i++)
        read_deep(vm, list_of(list)->items[i], site, depth - 1);
}

static void write_deep(struct vm *vm, value list, int depth)
{
    if (observed_is_memory(list))
        observe_write_memory(vm, list);
    if (!is_exact(list, &list_type))
        return;
    observe_write_all(vm, list);
    for (uint32_t i = 0; depth && i < list_of(list)->length; i++)
        write_deep(vm, list_of(list)->items[i], depth - 1);
}

/* What the variable holds; VALUE_NULL: not known. */
static value variable_value(struct vm *vm, const struct observed_frame *frame, const struct nest_variable *variable,
                            const value *slots, uint32_t *slot)
{
    value found = VALUE_NULL;
    *slot = UINT32_MAX;
    if (variable->place == NEST_LOCAL || variable->place == NEST_CELL_LOCAL) {
        *slot = frame->code->state->function->local_slots[variable->index];
        found = slots[*slot];
        if (is_exact(found, &cell_type))
            found = ((const struct cell_object *)value_object(found))->content;
    } else if (variable->place == NEST_GLOBAL) {
        WORK_UNTRACKED(vm, found = dict_get_text(vm, frame->frame->globals, variable->name->text));
    }
    return found;
}

/* What a variable, or an attribute of one, holds; of an item: the list that it is in. VALUE_NULL: not known. */
static value holder_value(struct vm *vm, const struct observed_frame *frame, const struct nest *nest, const struct nest_node *node,
                          const value *slots)
{
    uint32_t slot;
    while (node && node->kind == NEST_ITEM)
        node = node->a;
    if (node && node->kind == NEST_VARIABLE && node->index < nest->variable_count)
        return variable_value(vm, frame, &nest->variables[node->index], slots, &slot);
    value found = node && node->kind == NEST_ATTRIBUTE ? holder_value(vm, frame, nest, node->a, slots) : VALUE_NULL;
    if (found != VALUE_NULL)
        WORK_UNTRACKED(vm, found = nest_attribute(vm, frame->frame, found, node->name));
    return found;
}

static void read_attributes(struct vm *vm, struct observed_frame *frame, const struct nest *nest, uint32_t site, const value *slots)
{
    for (int i = 0; i < nest->attribute_count; i++) {
        const struct nest_node *node = nest->attributes[i];
        value object = holder_value(vm, frame, nest, node->a, slots), name = VALUE_NULL;
        if (object == VALUE_NULL)
            continue;
        WORK_UNTRACKED(vm, name = intern_text(vm, node->name));
        if (name != VALUE_NULL)
            observe_read_attribute(vm, object, name, site);
        read_deep(vm, holder_value(vm, frame, nest, node, slots), site, DEPTH_MOST);
    }
}

void observe_nest(struct vm *vm, struct observed_frame *frame, const struct observed_word *observed, const word *w,
                  const value *slots)
{
    struct dependence *dependence = vm->engine->observer->dependence;
    const struct nest_site *site = w[1].p;
    uint32_t place = dependence->result.site, slot;
    if (observed->form == FORM_choice || observed->form == FORM_choice_return) {
        dependence_join(dependence, &frame->stamps[site->slot_a]);
        dependence_join(dependence, &frame->stamps[site->slot_b]);
        dependence_settle(dependence);
        frame->stamps[w->f.a] = dependence->result;
        return;
    }
    const struct nest *nest = site->nest;
    for (uint32_t i = 0; i < nest->variable_count; i++) {
        value v = variable_value(vm, frame, &nest->variables[i], slots, &slot);
        if (slot != UINT32_MAX && frame->stamps[slot].when != dependence->serial)
            dependence_join(dependence, &frame->stamps[slot]);
        read_deep(vm, v, place, DEPTH_MOST);
    }
    read_attributes(vm, frame, nest, place, slots);
    if (observed->form == FORM_nest_call && nest->loops[0].direct) {
        dependence_join(dependence, &frame->stamps[w->f.b + 2]);
        read_deep(vm, slots[w->f.b + 2], place, 0);
    }
    dependence_settle(dependence);
    value target = holder_value(vm, frame, nest, nest->target_list, slots);
    if (target != VALUE_NULL)
        write_deep(vm, target, DEPTH_MOST);
    for (uint32_t i = 0; i < nest->variable_count; i++) {
        (void)variable_value(vm, frame, &nest->variables[i], slots, &slot);
        if (nest->variables[i].now && slot != UINT32_MAX)
            frame->stamps[slot] = dependence->result;
    }
    if (observed->form == FORM_nest_call)
        frame->stamps[w->f.a] = dependence->result;
}
