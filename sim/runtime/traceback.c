/* traceback.c - traceback objects and the frame objects they show. */
#include "sim/runtime/traceback.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

static struct traceback_object *traceback_of(value v) { return (struct traceback_object *)value_object(v); }
static struct frame_object *frame_of(value v) { return (struct frame_object *)value_object(v); }

void traceback_add(struct vm *vm, value exception, value code_object, value globals, uint32_t instruction)
{
    struct exception_object *e = (struct exception_object *)value_object(exception);
    struct traceback_object *t = GC_NEW(vm, struct traceback_object, &traceback_type);
    if (!t) {
        vm->pending = exception; /* rather a short traceback than another exception */
        return;
    }
    const struct code *code = ((struct code_object *)value_object(code_object))->code;
    t->next = e->traceback == VALUE_NULL ? NONE : e->traceback;
    t->code = code_object;
    t->globals = globals;
    t->instruction = instruction;
    t->line = code->instructions[instruction].line;
    e->traceback = object_value(t);
}

/* ---- tracebacks ---- */

static void traceback_trace(struct vm *vm, struct object *object)
{
    struct traceback_object *t = (struct traceback_object *)object;
    const value held[] = {t->next, t->code, t->globals};
    for (size_t i = 0; i < 3; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
}
static value get_next(struct vm *vm, value a) { (void)vm; return traceback_of(a)->next; }
static value get_line(struct vm *vm, value a) { (void)vm; return traceback_of(a)->line < 0 ? NONE : small_int(traceback_of(a)->line); }
static value get_frame(struct vm *vm, value a)
{
    return frame_object_new(vm, traceback_of(a)->code, traceback_of(a)->globals, traceback_of(a)->line);
}
static value get_lasti(struct vm *vm, value a)
{
    (void)vm;
    const struct code *code = ((struct code_object *)value_object(traceback_of(a)->code))->code;
    return small_int((int64_t)code->instructions[traceback_of(a)->instruction].offset * 2);
}
static bool set_next_traceback(struct vm *vm, value a, value item)
{
    if (item == VALUE_NULL || (item != NONE && !is_exact(item, &traceback_type))) {
        raise_error(vm, &exc_TypeError, "expected traceback object or None, got '%T'", item);
        return false;
    }
    for (value at = item; at != NONE; at = traceback_of(at)->next)
        if (at == a) {
            raise_error(vm, &exc_ValueError, "traceback loop detected");
            return false;
        }
    traceback_of(a)->next = item;
    return true;
}
static const struct property_definition traceback_properties[] = {{"tb_next", get_next, set_next_traceback},
                                                                  {"tb_lineno", get_line, NULL},
                                                                  {"tb_frame", get_frame, NULL},
                                                                  {"tb_lasti", get_lasti, NULL},
                                                                  {NULL, NULL, NULL}};

struct type traceback_type = {.name = "traceback",
                              .instance_size = sizeof(struct traceback_object),
                              .trace = traceback_trace,
                              .properties = traceback_properties};

/* ---- frames ---- */

value frame_object_new(struct vm *vm, value code, value globals, int32_t line)
{
    struct frame_object *f = GC_NEW(vm, struct frame_object, &frame_type);
    if (!f)
        return VALUE_NULL;
    f->code = code;
    f->globals = globals;
    f->back = f->locals = NONE;
    f->line = line;
    return object_value(f);
}
static void frame_trace(struct vm *vm, struct object *object)
{
    struct frame_object *f = (struct frame_object *)object;
    const value held[] = {f->code, f->globals, f->back, f->locals};
    for (size_t i = 0; i < 4; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
}
static value frame_code(struct vm *vm, value a) { (void)vm; return frame_of(a)->code; }
static value frame_globals(struct vm *vm, value a) { (void)vm; return frame_of(a)->globals; }
static value frame_back(struct vm *vm, value a) { (void)vm; return frame_of(a)->back; }
static value frame_builtins(struct vm *vm, value a) { (void)a; return vm->builtins; }
static value frame_line(struct vm *vm, value a) { (void)vm; return frame_of(a)->line < 0 ? NONE : small_int(frame_of(a)->line); }
static value frame_locals(struct vm *vm, value a)
{
    if (is_object(frame_of(a)->locals) && frame_of(a)->locals != NONE)
        return frame_of(a)->locals;
    struct code_object *code = (struct code_object *)value_object(frame_of(a)->code);
    if (!(code->code->flags & CODE_OPTIMIZED))
        return frame_of(a)->globals;
    return raise_unsupported(vm, "f_locals of a frame that is no longer running");
}
static value frame_repr(struct vm *vm, value a)
{
    struct code_object *code = (struct code_object *)value_object(frame_of(a)->code);
    return string_printf(vm, "<frame at 0x%lx, file %R, line %d, code %U>", (unsigned long)object_identity(vm, a),
                         code->filename, (int)frame_of(a)->line, code->name);
}
static value frame_clear(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names;
    return NONE;
}
static const struct method_definition frame_methods[] = {{"clear", "()", frame_clear, METHOD_INSTANCE, NULL},
                                                         {NULL, NULL, NULL, 0, NULL}};
static value frame_none(struct vm *vm, value a) { (void)vm, (void)a; return NONE; }
static const struct property_definition frame_properties[] = {
    {"f_code", frame_code, NULL}, {"f_globals", frame_globals, NULL}, {"f_back", frame_back, NULL},
    {"f_builtins", frame_builtins, NULL}, {"f_lineno", frame_line, NULL}, {"f_locals", frame_locals, NULL},
    {"f_trace", frame_none, NULL}, {NULL, NULL, NULL}};

struct type frame_type = {.name = "frame",
                          .instance_size = sizeof(struct frame_object),
                          .trace = frame_trace,
                          .methods = frame_methods,
                          .properties = frame_properties,
                          .repr = frame_repr};
