/* traceback.c - traceback objects. */
#include "sim/runtime/traceback.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

static struct traceback_object *traceback_of(value v) { return (struct traceback_object *)value_object(v); }
static struct frame_object *frame_of(value v) { return (struct frame_object *)value_object(v); }

void traceback_add(struct vm *vm, value exception, value frame, uint32_t instruction)
{
    struct exception_object *e = (struct exception_object *)value_object(exception);
    struct traceback_object *t = GC_NEW(vm, struct traceback_object, &traceback_type);
    if (!t) {
        vm->pending = exception; /* rather a short traceback than another exception */
        return;
    }
    t->next = e->traceback == VALUE_NULL ? NONE : e->traceback;
    t->code = frame_of(frame)->code;
    t->frame = frame;
    t->instruction = instruction;
    t->line = ((struct code_object *)value_object(t->code))->code->instructions[instruction].line;
    e->traceback = object_value(t);
}

static void traceback_trace(struct vm *vm, struct object *object)
{
    struct traceback_object *t = (struct traceback_object *)object;
    const value held[] = {t->next, t->code, t->frame};
    for (size_t i = 0; i < 3; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
}
static value get_next(struct vm *vm, value a) { (void)vm; return traceback_of(a)->next; }
static value get_line(struct vm *vm, value a)
{
    (void)vm;
    return traceback_of(a)->line < 0 ? NONE : small_int(traceback_of(a)->line);
}
static value get_frame(struct vm *vm, value a)
{
    (void)vm;
    frame_of(traceback_of(a)->frame)->shared = true;
    return traceback_of(a)->frame;
}
static value get_lasti(struct vm *vm, value a)
{
    (void)vm;
    const struct code *code = ((struct code_object *)value_object(traceback_of(a)->code))->code;
    if (traceback_of(a)->instruction >= code->instruction_count)
        return small_int(traceback_of(a)->lasti);
    return small_int((int64_t)code->instructions[traceback_of(a)->instruction].offset * 2);
}
static bool check_next(struct vm *vm, value item)
{
    if (item == NONE || is_exact(item, &traceback_type))
        return true;
    raise_error(vm, &exc_TypeError, "expected traceback object or None, got '%T'", item);
    return false;
}
static bool set_next_traceback(struct vm *vm, value a, value item)
{
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "can't delete tb_next attribute");
        return false;
    }
    if (!check_next(vm, item))
        return false;
    for (value at = item; at != NONE; at = traceback_of(at)->next)
        if (at == a) {
            raise_error(vm, &exc_ValueError, "traceback loop detected");
            return false;
        }
    traceback_of(a)->next = item;
    return true;
}
static const struct property_definition traceback_properties[] = {{"tb_next", get_next, set_next_traceback},
                                                                  {"tb_lineno", get_line, refuse_member},
                                                                  {"tb_frame", get_frame, refuse_member},
                                                                  {"tb_lasti", get_lasti, refuse_member},
                                                                  {NULL, NULL, NULL}};

static value traceback_dir(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)arguments, (void)count, (void)keyword_names;
    const value names[] = {intern_text(vm, "tb_frame"), intern_text(vm, "tb_next"), intern_text(vm, "tb_lasti"),
                           intern_text(vm, "tb_lineno")};
    return list_from(vm, names, 4);
}
static const struct method_definition traceback_methods[] = {{"__dir__", "()", traceback_dir, METHOD_INSTANCE, NULL},
                                                             {NULL, NULL, NULL, 0, NULL}};

/* types.TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno) */
static value traceback_make(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    int64_t lasti, line;
    if (!check_next(vm, arguments[0]))
        return VALUE_NULL;
    if (!is_exact(arguments[1], &frame_type))
        return raise_error(vm, &exc_TypeError, "TracebackType() argument 'tb_frame' must be frame, not %T", arguments[1]);
    if (!value_to_int64(vm, arguments[2], &lasti) || !value_to_int64(vm, arguments[3], &line))
        return VALUE_NULL;
    struct traceback_object *t = GC_NEW(vm, struct traceback_object, &traceback_type);
    if (!t)
        return VALUE_NULL;
    t->next = arguments[0];
    t->frame = arguments[1];
    t->code = frame_of(arguments[1])->code;
    const struct code *code = ((struct code_object *)value_object(t->code))->code;
    code_ready(code);
    t->instruction = code->instruction_count; /* none: an offset that no instruction has */
    for (uint32_t i = 0; i < code->instruction_count; i++)
        if ((int64_t)code->instructions[i].offset * 2 == lasti)
            t->instruction = i;
    t->line = (int32_t)line;
    t->lasti = (int32_t)lasti;
    return object_value(t);
}
static value traceback_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type;
    static const struct method_definition constructor = {"TracebackType", "(tb_next, tb_frame, tb_lasti, tb_lineno)",
                                                         traceback_make, METHOD_STATIC, NULL};
    value function = native_function_new(vm, &constructor, VALUE_NULL, NULL);
    return function == VALUE_NULL ? VALUE_NULL : call(vm, function, arguments, count, keyword_names);
}

struct type traceback_type = {.name = "traceback",
                              .instance_size = sizeof(struct traceback_object),
                              .trace = traceback_trace,
                              .methods = traceback_methods,
                              .properties = traceback_properties,
                              .new = traceback_new};
