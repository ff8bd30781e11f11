/* raise.c - making an exception the pending one: from a type and a formatted message, from values, from errno; its context;
 * matching it against except clauses. */
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static struct exception_object *exception_of(value v) { return (struct exception_object *)value_object(v); }

/* The exception being handled becomes the context; a chain that already holds `exception` is cut there. */
static void context_set(struct vm *vm, value exception)
{
    value handled = vm->handled;
    if (handled == VALUE_NULL || handled == NONE || handled == 0 || handled == exception)
        return;
    value slow = handled;
    bool advance = false;
    for (value at = handled; exception_of(at)->context != VALUE_NULL;) {
        value next = exception_of(at)->context;
        if (next == exception) {
            exception_of(at)->context = VALUE_NULL;
            break;
        }
        at = next;
        if (at == slow)
            break; /* a cycle made by hand */
        if (advance)
            slow = exception_of(slow)->context;
        advance = !advance;
    }
    exception_of(exception)->context = handled;
}

static value pending_set(struct vm *vm, value exception)
{
    context_set(vm, exception);
    vm->pending = exception;
    return VALUE_NULL;
}

value raise_value(struct vm *vm, value exception)
{
    if (is_object(exception) && is_type(exception) && (type_of_value(exception)->flags & TYPE_EXCEPTION)) {
        struct type *type = type_of_value(exception);
        exception = call_0(vm, exception);
        if (exception == VALUE_NULL)
            return VALUE_NULL;
        if (!has_flag(exception, TYPE_EXCEPTION))
            return raise_error(vm, &exc_TypeError, "calling %R should have returned an instance of BaseException, not %R",
                               object_value(type), object_value(value_type(vm, exception)));
    }
    if (!has_flag(exception, TYPE_EXCEPTION))
        return raise_error(vm, &exc_TypeError, "exceptions must derive from BaseException");
    return pending_set(vm, exception);
}

value raise_with_cause(struct vm *vm, value exception, value cause)
{
    bool is_class = is_object(exception) && is_type(exception) && (type_of_value(exception)->flags & TYPE_EXCEPTION);
    if (!is_class && !has_flag(exception, TYPE_EXCEPTION))
        return raise_error(vm, &exc_TypeError, "exceptions must derive from BaseException");
    if (is_class) {
        value class = exception;
        exception = call_0(vm, exception);
        if (exception == VALUE_NULL)
            return VALUE_NULL;
        if (!has_flag(exception, TYPE_EXCEPTION))
            return raise_error(vm, &exc_TypeError, "calling %R should have returned an instance of BaseException, not %R",
                               class, object_value(value_type(vm, exception)));
    }
    if (cause != VALUE_NULL) {
        if (is_object(cause) && is_type(cause) && (type_of_value(cause)->flags & TYPE_EXCEPTION) &&
            (cause = call_0(vm, cause)) == VALUE_NULL)
            return VALUE_NULL;
        if (cause != NONE && !has_flag(cause, TYPE_EXCEPTION))
            return raise_error(vm, &exc_TypeError, "exception causes must derive from BaseException");
        exception_of(exception)->cause = cause == NONE ? VALUE_NULL : cause;
        exception_of(exception)->suppress_context = true;
    }
    return pending_set(vm, exception);
}

/* An exception of a static type with these args, without calling anything. */
static value exception_make(struct vm *vm, struct type *type, const value *arguments, size_t count)
{
    value exception = type->new(vm, type, arguments, count, VALUE_NULL);
    if (exception != VALUE_NULL && type->init && !type->init(vm, exception, arguments, count, VALUE_NULL))
        return VALUE_NULL;
    return exception;
}

value raise_error(struct vm *vm, struct type *exception_type, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    value message = string_vprintf(vm, format, arguments);
    va_end(arguments);
    if (message == VALUE_NULL)
        return VALUE_NULL;
    if (!(exception_type->flags & TYPE_READY))
        type_ready(vm, exception_type);
    value exception = exception_make(vm, exception_type, &message, 1);
    return exception == VALUE_NULL ? VALUE_NULL : pending_set(vm, exception);
}

value raise_no_memory(struct vm *vm)
{
    if (!(exc_MemoryError.flags & TYPE_READY))
        type_ready(vm, &exc_MemoryError);
    value exception = exception_make(vm, &exc_MemoryError, NULL, 0);
    if (exception != VALUE_NULL)
        vm->pending = exception;
    return VALUE_NULL;
}

value raise_key_error(struct vm *vm, value key)
{
    value exception = exception_make(vm, &exc_KeyError, &key, 1);
    return exception == VALUE_NULL ? VALUE_NULL : pending_set(vm, exception);
}

value raise_stop_iteration(struct vm *vm, value result)
{
    bool none = result == NONE || result == VALUE_NULL;
    value exception = exception_make(vm, &exc_StopIteration, &result, none ? 0 : 1);
    return exception == VALUE_NULL ? VALUE_NULL : pending_set(vm, exception);
}

value raise_os_error(struct vm *vm, int error_number, value filename)
{
    value arguments[3] = {small_int(error_number), string_from_text(vm, strerror(error_number)), filename};
    value exception = exc_OSError.new(vm, &exc_OSError, arguments, filename == VALUE_NULL ? 2 : 3, VALUE_NULL);
    return exception == VALUE_NULL ? VALUE_NULL : pending_set(vm, exception);
}

value raise_unsupported(struct vm *vm, const char *what)
{
    char message[512];
    int size = snprintf(message, sizeof message, "hybridsim: unsupported: %s\n", what);
    if (vm->out)
        stream_flush(vm, vm->out);
    if (vm->err) {
        stream_write(vm, vm->err, message, (size_t)size < sizeof message ? (size_t)size : sizeof message - 1);
        stream_flush(vm, vm->err);
    }
    value status = small_int(3), exception = exception_make(vm, &exc_SystemExit, &status, 1);
    if (exception != VALUE_NULL)
        vm->pending = vm->unsupported = exception;
    return VALUE_NULL;
}

bool exception_matches(struct vm *vm, struct type *exception_type)
{
    return is_object(vm->pending) && type_is_subtype(value_type(vm, vm->pending), exception_type);
}

void exception_clear(struct vm *vm) { vm->pending = VALUE_NULL; }

value exception_take(struct vm *vm)
{
    value exception = vm->pending;
    vm->pending = VALUE_NULL;
    return exception;
}

static bool is_exception_class(value v) { return is_object(v) && is_type(v) && (type_of_value(v)->flags & TYPE_EXCEPTION); }

int exception_match_clause(struct vm *vm, value exception, value class_or_tuple)
{
    static const char message[] = "catching classes that do not inherit from BaseException is not allowed";
    if (!has_flag(class_or_tuple, TYPE_TUPLE)) {
        if (is_exception_class(class_or_tuple))
            return type_is_subtype(value_type(vm, exception), type_of_value(class_or_tuple));
        raise_error(vm, &exc_TypeError, "%s", message);
        return -1;
    }
    struct tuple_object *classes = tuple_of(class_or_tuple);
    for (size_t i = 0; i < classes->length; i++)
        if (!is_exception_class(classes->items[i])) {
            raise_error(vm, &exc_TypeError, "%s", message);
            return -1;
        }
    for (size_t i = 0; i < classes->length; i++)
        if (type_is_subtype(value_type(vm, exception), type_of_value(classes->items[i])))
            return 1;
    return 0;
}
