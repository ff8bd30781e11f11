/* queue.c - module _queue: SimpleQueue, whose get waits on the scheduler of sim/runtime/thread.h. */
#include "sim/modules/support.h"
#include "sim/modules/thread.h"
#include "sim/runtime/container.h"

struct queue_object {
    struct object head;
    value items;     /* list; what lies before `first` was taken */
    uint32_t first;
    struct wait_list getters;
};

#define FUNCTION(name)                                                                                                 \
    static value queue_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct queue_object *queue_of(value v)
{
    return (struct queue_object *)value_object(v);
}

static void queue_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct queue_object *)object)->items);
}

static value queue_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments;
    if (!check_positional(vm, "SimpleQueue", count, keyword_names, 0, 0))
        return VALUE_NULL;
    struct queue_object *queue = instance_allocate(vm, type, sizeof *queue);
    if (!queue)
        return VALUE_NULL;
    queue->items = NONE;
    queue->items = list_new(vm, 0);
    return queue->items == VALUE_NULL ? VALUE_NULL : object_value(queue);
}

static uint32_t queue_size(value self)
{
    return list_of(queue_of(self)->items)->length - queue_of(self)->first;
}

/* The front of the list is given back when it is more than half. */
static value queue_take(value self)
{
    struct queue_object *queue = queue_of(self);
    struct list_object *list = list_of(queue->items);
    value item = list->items[queue->first];
    list->items[queue->first++] = NONE;
    if (queue->first * 2 > list->length) {
        list->length -= queue->first;
        memmove(list->items, list->items + queue->first, list->length * sizeof *list->items);
        queue->first = 0;
    }
    return item;
}

FUNCTION(put)
{
    UNUSED;
    if (!list_append(vm, list_of(queue_of(self)->items), arguments[0]))
        return VALUE_NULL;
    thread_wake(vm, &queue_of(self)->getters);
    return NONE;
}

/* Also when the module is imported afresh, there is one class Empty: the type, of which there is one, raises it. */
static const char empty_name[] = "_Empty";
static struct type queue_type;

static value raise_empty(struct vm *vm)
{
    return raise_value(vm, dict_get_text(vm, queue_type.dict, empty_name));
}

static value queue_get(struct vm *vm, value self, int wait, value timeout)
{
    int64_t deadline = -1;
    double seconds = 0;
    if (wait < 0)
        return VALUE_NULL;
    if (wait && timeout != VALUE_NULL && timeout != NONE) {
        if (!value_to_double(vm, timeout, &seconds))
            return VALUE_NULL;
        if (seconds < 0)
            return raise_error(vm, &exc_ValueError, "'timeout' must be a non-negative number");
        if (!thread_deadline(vm, timeout, &deadline))
            return VALUE_NULL;
    }
    while (!queue_size(self)) {
        enum wait_outcome outcome = wait ? thread_wait(vm, &queue_of(self)->getters, deadline) : WAIT_TIMED_OUT;
        if (outcome == WAIT_FAILED)
            return VALUE_NULL;
        if (outcome == WAIT_TIMED_OUT && !queue_size(self))
            return raise_empty(vm);
    }
    return queue_take(self);
}

FUNCTION(get_method)
{
    UNUSED;
    return queue_get(vm, self, arguments[0] == VALUE_NULL ? 1 : value_truth(vm, arguments[0]), arguments[1]);
}

FUNCTION(get_nowait)
{
    UNUSED;
    return queue_get(vm, self, 0, NONE);
}

FUNCTION(empty)
{
    UNUSED;
    return bool_value(queue_size(self) == 0);
}

FUNCTION(qsize)
{
    UNUSED;
    return small_int(queue_size(self));
}

static const struct method_definition queue_methods[] = {
    {"put", "(item, block=True, timeout=None)", queue_put, 0, NULL},
    {"put_nowait", "(item)", queue_put, 0, NULL},
    {"get", "(block=True, timeout=None)", queue_get_method, 0, NULL},
    {"get_nowait", "()", queue_get_nowait, 0, NULL},
    {"empty", "()", queue_empty, 0, NULL},
    {"qsize", "()", queue_qsize, 0, NULL},
    CLASS_GETITEM,
    {0},
};

static struct type queue_type = {.name = "_queue.SimpleQueue",
                                 .flags = TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                 .instance_size = sizeof(struct queue_object),
                                 .trace = queue_trace,
                                 .new = queue_new,
                                 .methods = queue_methods};

static bool queue_initialize(struct vm *vm, value module)
{
    type_ready(vm, &queue_type);
    value known = dict_get_text(vm, queue_type.dict, empty_name);
    if (known != VALUE_NULL)
        return dict_set_text(vm, support_dict(module), "Empty", known) &&
               dict_set_text(vm, support_dict(module), "SimpleQueue", type_object_value(&queue_type));
    value bases = tuple_pack(vm, 1, object_value(&exc_Exception)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "_queue")) ||
        !dict_set_text(vm, dict_of(namespace), "__doc__", intern_text(vm, "Exception raised by Queue.get(block=0)/get_nowait().")))
        return false;
    value empty = type_new_class(vm, &type_type, intern_text(vm, "Empty"), bases, namespace, VALUE_NULL);
    return empty != VALUE_NULL && dict_set_text(vm, queue_type.dict, empty_name, empty) &&
           dict_set_text(vm, support_dict(module), "Empty", empty) &&
           dict_set_text(vm, support_dict(module), "SimpleQueue", type_object_value(&queue_type));
}

static const struct method_definition functions[] = {{0}};

const struct native_module queue_module = {"_queue", queue_initialize, functions};
