/* unraisable.c - exceptions that nobody can catch (in finalisers, callbacks, threads' functions): they are shown through
 * sys.unraisablehook, and the program goes on. */
#include "sim/runtime/exception.h"
#include "sim/runtime/record.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

static const char *const fields[] = {"exc_type", "exc_value", "exc_traceback", "err_msg", "object"};
static struct record_type arguments_type = RECORD_TYPE("UnraisableHookArgs", fields, 5, 5,
    "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.");

bool unraisable_ready(struct vm *vm)
{
    return record_ready(vm, &arguments_type);
}

/* "Exception ignored in: <object>", then the traceback. */
static void show(struct vm *vm, value message, value object, value exception)
{
    value text = VALUE_NULL;
    if (object != NONE)
        text = message == NONE ? string_printf(vm, "Exception ignored in: %R\n", object)
                               : string_printf(vm, "%S: %R\n", message, object);
    else if (message != NONE)
        text = string_printf(vm, "%S:\n", message);
    exception_clear(vm);
    stderr_print(vm, text);
    exception_print(vm, exception);
}

value unraisable_show(struct vm *vm, value details)
{
    if (!is_exact(details, &arguments_type.type))
        return raise_error(vm, &exc_TypeError, "sys.unraisablehook argument type must be UnraisableHookArgs");
    const value *items = tuple_of(details)->items;
    show(vm, items[3], items[4], items[1]);
    return NONE;
}

static value details_of(struct vm *vm, value exception, value message, value object)
{
    value traceback = ((struct exception_object *)value_object(exception))->traceback;
    const value items[] = {object_value(value_type(vm, exception)), exception, traceback == VALUE_NULL ? NONE : traceback,
                           message, object};
    return record_new(vm, &arguments_type, items);
}

/* What native code raised outside of any Python function has the running frame for its traceback. */
static void add_place(struct vm *vm, value exception)
{
    if (((struct exception_object *)value_object(exception))->traceback != VALUE_NULL)
        return;
    struct frame_object *frame = engine_frame_object(vm, 0);
    if (frame) {
        engine_frame_refresh(frame);
        traceback_add(vm, exception, object_value(frame), frame->instruction);
    }
    exception_clear(vm);
}

void unraisable_report(struct vm *vm, const char *where, value object)
{
    if (unsupported_pending(vm)) { /* it has been said, and ends the program */
        vm->unsupported_lost = true;
        return;
    }
    value exception = exception_take(vm);
    add_place(vm, exception);
    value message = strcmp(where, "in") == 0 ? NONE : string_printf(vm, "Exception ignored %s", where);
    value hook = dict_get_text(vm, dict_of(((struct module_object *)value_object(vm->sys_module))->dict), "unraisablehook");
    value details = message == VALUE_NULL ? VALUE_NULL : details_of(vm, exception, message, object);
    if (details == VALUE_NULL || hook == VALUE_NULL || hook == NONE)
        show(vm, NONE, object, exception);
    else if (call_1(vm, hook, details) == VALUE_NULL)
        show(vm, intern_text(vm, "Exception ignored in sys.unraisablehook"), hook, exception_take(vm));
    exception_clear(vm);
}
