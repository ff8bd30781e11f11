/* unraisable.c - exceptions that nobody can catch (in finalisers, callbacks, threads' functions): they are shown through
 * sys.unraisablehook, and the program goes on. */
#include "sim/runtime/exception.h"
#include "sim/runtime/namespace.h"
#include "sim/runtime/types.h"

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
    value message = get_attribute_text(vm, details, "err_msg"), object = get_attribute_text(vm, details, "object");
    value exception = get_attribute_text(vm, details, "exc_value");
    if (message == VALUE_NULL || object == VALUE_NULL || exception == VALUE_NULL)
        return VALUE_NULL;
    show(vm, message, object, exception);
    return NONE;
}

static value details_of(struct vm *vm, value exception, value message, value object)
{
    value details = namespace_new(vm);
    if (details == VALUE_NULL)
        return VALUE_NULL;
    struct dict_object *fields = namespace_fields(details);
    value traceback = ((struct exception_object *)value_object(exception))->traceback;
    bool done = dict_set_text(vm, fields, "exc_type", object_value(value_type(vm, exception))) &&
                dict_set_text(vm, fields, "exc_value", exception) &&
                dict_set_text(vm, fields, "exc_traceback", traceback == VALUE_NULL ? NONE : traceback) &&
                dict_set_text(vm, fields, "err_msg", message) && dict_set_text(vm, fields, "object", object);
    return done ? details : VALUE_NULL;
}

void unraisable_report(struct vm *vm, const char *where, value object)
{
    if (unsupported_pending(vm)) { /* it has been said, and ends the program */
        vm->unsupported_lost = true;
        return;
    }
    value exception = exception_take(vm);
    value message = strcmp(where, "in") == 0 ? NONE : string_printf(vm, "Exception ignored %s", where);
    value hook = dict_get_text(vm, dict_of(((struct module_object *)value_object(vm->sys_module))->dict), "unraisablehook");
    value details = message == VALUE_NULL ? VALUE_NULL : details_of(vm, exception, message, object);
    if (details == VALUE_NULL || hook == VALUE_NULL || hook == NONE)
        show(vm, NONE, object, exception);
    else if (call_1(vm, hook, details) == VALUE_NULL)
        show(vm, intern_text(vm, "Exception ignored in sys.unraisablehook"), hook, exception_take(vm));
    exception_clear(vm);
}
