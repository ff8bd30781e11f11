/* frame.c - frame objects: their attributes, and the dict of local variables that locals() and f_locals show. */
#include "sim/runtime/async.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

static struct frame_object *frame_of(value v) { return (struct frame_object *)value_object(v); }
static const struct code_object *code_of(const struct frame_object *f) { return (struct code_object *)value_object(f->code); }

value frame_object_new(struct vm *vm, value code, value globals, value builtins)
{
    const struct code *c = ((struct code_object *)value_object(code))->code;
    uint32_t count = c->flags & CODE_OPTIMIZED ? c->local_count : 0;
    struct frame_object *f = gc_object(vm, sizeof *f + count * sizeof(value), &frame_type.shape);
    if (!f)
        return VALUE_NULL;
    f->code = code;
    f->globals = globals;
    f->builtins = builtins;
    f->back = NONE;
    f->locals = f->trace = f->instance = f->native = VALUE_NULL;
    f->value_count = count;
    for (uint32_t i = 0; i < count; i++)
        f->values[i] = VALUE_NULL;
    return object_value(f);
}

static void frame_trace(struct vm *vm, struct object *object)
{
    struct frame_object *f = (struct frame_object *)object;
    const value held[] = {f->code, f->globals, f->builtins, f->locals, f->back, f->trace, f->instance, f->native};
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
    gc_mark_object(vm, f->generator);
    if (f->frame || f->generator)
        return; /* its values are in the engine's frame or in the generator; what lies here is old */
    for (uint32_t i = 0; i < f->value_count; i++)
        if (is_object(f->values[i]))
            gc_mark(vm, f->values[i]);
}

int32_t frame_line(const struct frame_object *f)
{
    const struct code *code = code_of(f)->code;
    return f->instruction < code->instruction_count ? code->instructions[f->instruction].line : (int32_t)code->first_line;
}

value frame_locals(struct vm *vm, struct frame_object *f)
{
    const struct code *code = code_of(f)->code;
    if (!(code->flags & CODE_OPTIMIZED) && f->locals != VALUE_NULL)
        return f->locals;
    engine_frame_refresh(f);
    if (f->locals == VALUE_NULL)
        f->locals = dict_new(vm);
    for (uint32_t i = 0; f->locals != VALUE_NULL && i < f->value_count; i++) {
        value v = f->values[i], name = tuple_of(code_of(f)->local_names)->items[i];
        if (v != VALUE_NULL && (code->local_kinds[i] & (LOCAL_CELL | LOCAL_FREE)) && is_exact(v, &cell_type))
            v = ((struct cell_object *)value_object(v))->content;
        if (v != VALUE_NULL ? !dict_set_interned(vm, dict_of(f->locals), name, v)
                            : dict_get_interned(dict_of(f->locals), name) != VALUE_NULL &&
                                  dict_delete(vm, dict_of(f->locals), name) < 0)
            return VALUE_NULL;
    }
    return f->locals;
}

static value get_code(struct vm *vm, value a) { (void)vm; return frame_of(a)->code; }
static value get_globals(struct vm *vm, value a) { (void)vm; return frame_of(a)->globals; }
static value get_builtins(struct vm *vm, value a) { return builtins_behind(vm, frame_of(a)->builtins); }
static value get_back(struct vm *vm, value a) { return engine_frame_back(vm, frame_of(a)); }
static value get_locals(struct vm *vm, value a) { return frame_locals(vm, frame_of(a)); }
static value get_line(struct vm *vm, value a)
{
    (void)vm;
    engine_frame_refresh(frame_of(a));
    int32_t line = frame_line(frame_of(a));
    return line < 0 ? NONE : small_int(line);
}
static bool set_line(struct vm *vm, value a, value item)
{
    if (item == VALUE_NULL)
        raise_error(vm, &exc_AttributeError, "cannot delete attribute");
    else if (value_type(vm, item) != &int_type)
        raise_error(vm, &exc_ValueError, "lineno must be an integer");
    else
        return engine_frame_jump(vm, frame_of(a), item);
    return false;
}
static value get_lasti(struct vm *vm, value a)
{
    (void)vm;
    struct frame_object *f = frame_of(a);
    engine_frame_refresh(f);
    const struct code *code = code_of(f)->code;
    return small_int(f->instruction < code->instruction_count ? (int64_t)code->instructions[f->instruction].offset * 2 : -1);
}
static value get_trace(struct vm *vm, value a)
{
    (void)vm;
    return frame_of(a)->trace == VALUE_NULL ? NONE : frame_of(a)->trace;
}
static bool set_trace(struct vm *vm, value a, value item)
{
    (void)vm;
    frame_of(a)->trace = item == NONE ? VALUE_NULL : item;
    return true;
}
static value get_trace_lines(struct vm *vm, value a) { (void)vm; return bool_value(!frame_of(a)->trace_lines_off); }
static value get_trace_opcodes(struct vm *vm, value a) { (void)vm; return bool_value(frame_of(a)->trace_opcodes); }
static bool set_flag(struct vm *vm, value item, bool *flag, bool sense)
{
    if (item == VALUE_NULL)
        raise_error(vm, &exc_TypeError, "can't delete numeric/char attribute");
    else if (item != TRUE && item != FALSE)
        raise_error(vm, &exc_TypeError, "attribute value type must be bool");
    else
        *flag = (item == TRUE) == sense;
    return item == TRUE || item == FALSE;
}
static bool set_trace_lines(struct vm *vm, value a, value item)
{
    return set_flag(vm, item, &frame_of(a)->trace_lines_off, false);
}
static bool set_trace_opcodes(struct vm *vm, value a, value item)
{
    return set_flag(vm, item, &frame_of(a)->trace_opcodes, true);
}

static value frame_repr(struct vm *vm, value a)
{
    struct frame_object *f = frame_of(a);
    engine_frame_refresh(f);
    return string_printf(vm, "<frame at 0x%lx, file %R, line %d, code %U>", (unsigned long)object_identity(vm, a),
                         code_of(f)->filename, (int)frame_line(f), code_of(f)->name);
}

static value frame_clear(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct frame_object *f = frame_of(self);
    if (f->frame)
        return raise_error(vm, &exc_RuntimeError, "cannot clear an executing frame");
    const struct generator_object *generator = f->generator;
    if (generator && generator_finalize(vm, object_value(generator)) == VALUE_NULL)
        unraisable_report(vm, "in", object_value(generator));
    if (generator && generator->state == GENERATOR_CREATED) /* a coroutine: that nobody awaits it has been said */
        return NONE;
    for (uint32_t i = 0; i < f->value_count; i++)
        f->values[i] = VALUE_NULL;
    if (code_of(f)->code->flags & CODE_OPTIMIZED)
        f->locals = VALUE_NULL;
    f->trace = VALUE_NULL;
    f->cleared = true;
    return NONE;
}

static const struct method_definition frame_methods[] = {
    {"clear", "()", frame_clear, METHOD_INSTANCE, "F.clear(): clear most references held by the frame"},
    {NULL, NULL, NULL, 0, NULL}};
static const struct property_definition frame_properties[] = {
    {"f_code", get_code, NULL}, {"f_globals", get_globals, NULL}, {"f_back", get_back, NULL},
    {"f_builtins", get_builtins, NULL}, {"f_lineno", get_line, set_line}, {"f_locals", get_locals, NULL},
    {"f_lasti", get_lasti, NULL}, {"f_trace", get_trace, set_trace}, {"f_trace_lines", get_trace_lines, set_trace_lines},
    {"f_trace_opcodes", get_trace_opcodes, set_trace_opcodes}, {NULL, NULL, NULL}};

struct type frame_type = {.name = "frame",
                          .instance_size = sizeof(struct frame_object),
                          .trace = frame_trace,
                          .methods = frame_methods,
                          .properties = frame_properties,
                          .repr = frame_repr};
