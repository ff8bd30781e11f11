/* exception.c - the built-in exception types and raising: constructors that fill each type's own fields, messages, context
 * chaining, OSError's mapping of errno to subclasses. Groups are in exception_group.c. */
#include "sim/runtime/exception.h"
#include "sim/runtime/type.h"

#include <errno.h>
#include <stdarg.h>

enum { FIELD_COUNT = 8 };

static struct exception_object *exception_of(value v) { return (struct exception_object *)value_object(v); }

/* ---- memory ---- */

static void exception_trace(struct vm *vm, struct object *object)
{
    struct exception_object *e = (struct exception_object *)object;
    const value held[] = {e->arguments, e->traceback, e->cause, e->context, e->dict};
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (is_object(e->fields[i]))
            gc_mark(vm, e->fields[i]);
}

static struct exception_object *exception_allocate(struct vm *vm, struct type *type)
{
    struct exception_object *e = gc_object(vm, type->instance_size, &type->shape);
    if (!e)
        return NULL;
    e->arguments = vm->empty_tuple;
    e->traceback = e->cause = e->context = e->dict = e->notes = VALUE_NULL;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        e->fields[i] = VALUE_NULL;
    struct subclass_tail *tail = instance_tail(&e->head);
    if (tail) {
        tail->overflow = VALUE_NULL;
        for (uint32_t i = 0; i < type->shape.count; i++)
            tail->slots[i] = VALUE_NULL;
    }
    return e;
}

static value exception_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)keyword_names;
    struct exception_object *e = exception_allocate(vm, type);
    if (!e)
        return VALUE_NULL;
    if (type->flags & TYPE_ABSTRACT) {
        value names = get_attribute(vm, object_value(type), NAMED(vm, __abstractmethods__));
        return raise_error(vm, &exc_TypeError, "Can't instantiate abstract class %s with abstract methods %R", type->name, names);
    }
    if (count && (e->arguments = tuple_from(vm, arguments, count)) == VALUE_NULL)
        return VALUE_NULL;
    return object_value(e);
}

static bool no_keywords(struct vm *vm, value self, value keyword_names)
{
    if (!keyword_count(keyword_names))
        return true;
    raise_error(vm, &exc_TypeError, "%T() takes no keyword arguments", self);
    return false;
}

static bool exception_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!no_keywords(vm, self, keyword_names))
        return false;
    exception_of(self)->arguments = count ? tuple_from(vm, arguments, count) : vm->empty_tuple;
    return exception_of(self)->arguments != VALUE_NULL;
}

/* ---- fields of particular types ---- */

static bool value_field_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!exception_init(vm, self, arguments, count, keyword_names))
        return false;
    exception_of(self)->fields[0] = count ? arguments[0] : NONE;
    return true;
}

static bool exit_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!exception_init(vm, self, arguments, count, keyword_names))
        return false;
    exception_of(self)->fields[0] = count == 0 ? NONE : count == 1 ? arguments[0] : exception_of(self)->arguments;
    return true;
}

/* Keyword-only fields with these names; the rest is complained about as CPython's parser does. */
static bool keyword_fields(struct vm *vm, value self, const value *items, value keyword_names, const char *const *names,
                           size_t name_count)
{
    for (size_t i = 0; i < keyword_count(keyword_names); i++) {
        value name = tuple_of(keyword_names)->items[i];
        size_t field = 0;
        while (field < name_count && !string_is(name, names[field]))
            field++;
        if (field == name_count) {
            struct type *type = value_type(vm, self);
            while (type->flags & TYPE_HEAP)
                type = type->base;
            raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for %s()", name,
                        type == &exc_ModuleNotFoundError ? "ImportError" : type->name);
            return false;
        }
        exception_of(self)->fields[field] = items[i];
    }
    return true;
}

static bool name_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"name", "obj"};
    bool attribute = is_instance(vm, self, &exc_AttributeError);
    exception_of(self)->fields[0] = exception_of(self)->fields[1] = VALUE_NULL;
    return exception_init(vm, self, arguments, count, VALUE_NULL) &&
           keyword_fields(vm, self, arguments + count, keyword_names, names, attribute ? 2 : 1);
}

static bool import_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"name", "path"};
    exception_of(self)->fields[0] = exception_of(self)->fields[1] = VALUE_NULL;
    if (!exception_init(vm, self, arguments, count, VALUE_NULL) ||
        !keyword_fields(vm, self, arguments + count, keyword_names, names, 2))
        return false;
    exception_of(self)->fields[2] = count == 1 ? arguments[0] : VALUE_NULL;
    return true;
}

static bool syntax_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!exception_init(vm, self, arguments, count, keyword_names))
        return false;
    struct exception_object *e = exception_of(self);
    if (count >= 1)
        e->fields[0] = arguments[0];
    if (count != 2)
        return true;
    value details = tuple_from_iterable(vm, arguments[1]);
    if (details == VALUE_NULL)
        return false;
    struct tuple_object *t = tuple_of(details);
    if (t->length < 4 || t->length > 6) {
        raise_error(vm, &exc_TypeError, "function takes %s arguments (%zu given)",
                    t->length < 4 ? "at least 4" : "at most 6", (size_t)t->length);
        return false;
    }
    for (size_t i = 0; i < 4; i++)
        e->fields[i + 1] = t->items[i];
    e->fields[6] = t->length > 4 ? t->items[4] : VALUE_NULL;
    e->fields[7] = t->length > 5 ? t->items[5] : VALUE_NULL;
    if (t->length == 5) {
        raise_error(vm, &exc_TypeError, "end_offset must be provided when end_lineno is provided");
        return false;
    }
    return true;
}

/* One of encoding, object, start, end, reason (which: 0 to 4), the position-th argument; bytes-like objects become bytes. */
static bool unicode_field(struct vm *vm, value given, ptrdiff_t which, size_t position, bool decode, value *field)
{
    const uint8_t *data;
    size_t size;
    *field = given;
    if (which == 2 || which == 3) {
        int64_t number;
        return value_to_index(vm, given, &number) && (*field = int_from_int64(vm, number)) != VALUE_NULL;
    }
    if (which == 1 && decode) {
        if (has_flag(given, TYPE_BYTES))
            return true;
        return buffer_of(vm, given, &data, &size) && (*field = bytes_from(vm, data, size)) != VALUE_NULL;
    }
    if (has_flag(given, TYPE_STRING))
        return true;
    *field = VALUE_NULL;
    raise_error(vm, &exc_TypeError, "argument %zu must be str, not %T", position + 1, given);
    return false;
}

static bool unicode_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!exception_init(vm, self, arguments, count, keyword_names))
        return false;
    bool translate = is_instance(vm, self, &exc_UnicodeTranslateError);
    size_t expected = translate ? 4 : 5;
    if (count != expected) {
        raise_error(vm, &exc_TypeError, "function takes exactly %zu arguments (%zu given)", expected, count);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        value *field = &exception_of(self)->fields[i + (translate ? 1 : 0)];
        if (!unicode_field(vm, arguments[i], field - exception_of(self)->fields, i, is_instance(vm, self, &exc_UnicodeDecodeError),
                           field))
            return false;
    }
    return true;
}

/* ---- OSError ---- */

static struct type *os_error_type(int64_t number)
{
    switch (number) {
    case EAGAIN: case EALREADY: case EINPROGRESS: return &exc_BlockingIOError;
    case EPIPE: case ESHUTDOWN: return &exc_BrokenPipeError;
    case ECHILD: return &exc_ChildProcessError;
    case ECONNABORTED: return &exc_ConnectionAbortedError;
    case ECONNREFUSED: return &exc_ConnectionRefusedError;
    case ECONNRESET: return &exc_ConnectionResetError;
    case EEXIST: return &exc_FileExistsError;
    case ENOENT: return &exc_FileNotFoundError;
    case EISDIR: return &exc_IsADirectoryError;
    case ENOTDIR: return &exc_NotADirectoryError;
    case EINTR: return &exc_InterruptedError;
    case EACCES: case EPERM: return &exc_PermissionError;
    case ESRCH: return &exc_ProcessLookupError;
    case ETIMEDOUT: return &exc_TimeoutError;
    default: return &exc_OSError;
    }
}

enum { OS_WRITTEN = 4 }; /* the field of characters_written */

static value os_get_written(struct vm *vm, value a)
{
    value written = exception_of(a)->fields[OS_WRITTEN];
    return written == VALUE_NULL ? raise_error(vm, &exc_AttributeError, "characters_written") : written;
}

static bool os_set_written(struct vm *vm, value a, value item)
{
    value *written = &exception_of(a)->fields[OS_WRITTEN];
    int64_t number;
    if (item == VALUE_NULL && *written == VALUE_NULL)
        raise_error(vm, &exc_AttributeError, "characters_written");
    else if (item == VALUE_NULL || value_to_index(vm, item, &number))
        *written = item == VALUE_NULL ? VALUE_NULL : int_from_int64(vm, number);
    return vm->pending == VALUE_NULL;
}

static bool is_number(struct vm *vm, value v)
{
    const struct type *type = value_type(vm, v);
    return is_int(v) || type->index || type->to_int || type->to_float;
}

static bool os_error_fill(struct vm *vm, struct exception_object *e, const value *arguments, size_t count)
{
    if (count >= 2 && count <= 5) {
        e->fields[0] = arguments[0];
        e->fields[1] = arguments[1];
        if (count >= 3 && is_exact(object_value(e), &exc_BlockingIOError) && is_number(vm, arguments[2])) {
            if (!os_set_written(vm, object_value(e), arguments[2]))
                return false;
        } else if (count >= 3 && arguments[2] != NONE) {
            e->fields[2] = arguments[2];
            if (count == 5 && arguments[4] != NONE)
                e->fields[3] = arguments[4];
            count = 2; /* args are (errno, strerror) only */
        }
    }
    e->arguments = count ? tuple_from(vm, arguments, count) : vm->empty_tuple;
    return e->arguments != VALUE_NULL;
}

/* A class with an __init__ of its own and no __new__ says only in __init__ what this class's arguments are. */
static bool os_error_waits_for_init(const struct type *type)
{
    return type->init != exc_OSError.init && type->new == class_new;
}

static value os_error_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    if (os_error_waits_for_init(type)) {
        struct exception_object *empty = exception_allocate(vm, type);
        return empty ? object_value(empty) : VALUE_NULL;
    }
    if (keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "%s() takes no keyword arguments", type->name);
    if (type == &exc_OSError && count >= 2 && count <= 5 && is_small_int(arguments[0]))
        type = os_error_type(small_int_value(arguments[0]));
    struct exception_object *e = exception_allocate(vm, type);
    if (!e || !os_error_fill(vm, e, arguments, count))
        return VALUE_NULL;
    return object_value(e);
}

static bool os_error_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!os_error_waits_for_init(value_type(vm, self)))
        return true;
    return no_keywords(vm, self, keyword_names) && os_error_fill(vm, exception_of(self), arguments, count);
}

/* ---- messages ---- */

static value exception_string(struct vm *vm, value a)
{
    struct tuple_object *arguments = tuple_of(exception_of(a)->arguments);
    if (arguments->length == 0)
        return vm->empty_string;
    return value_string(vm, arguments->length == 1 ? arguments->items[0] : object_value(arguments));
}

static value exception_repr(struct vm *vm, value a)
{
    struct tuple_object *arguments = tuple_of(exception_of(a)->arguments);
    value name = type_short_name(vm, value_type(vm, a));
    if (arguments->length == 1)
        return string_printf(vm, "%U(%R)", name, arguments->items[0]);
    return string_printf(vm, "%U%R", name, object_value(arguments));
}

static value key_error_string(struct vm *vm, value a)
{
    struct tuple_object *arguments = tuple_of(exception_of(a)->arguments);
    return arguments->length == 1 ? value_repr(vm, arguments->items[0]) : exception_string(vm, a);
}

static value os_error_string(struct vm *vm, value a)
{
    struct exception_object *e = exception_of(a);
    value number = e->fields[0], text = e->fields[1];
    if (e->fields[2] != VALUE_NULL && e->fields[3] != VALUE_NULL)
        return string_printf(vm, "[Errno %S] %S: %R -> %R", number == VALUE_NULL ? NONE : number,
                             text == VALUE_NULL ? NONE : text, e->fields[2], e->fields[3]);
    if (e->fields[2] != VALUE_NULL)
        return string_printf(vm, "[Errno %S] %S: %R", number == VALUE_NULL ? NONE : number,
                             text == VALUE_NULL ? NONE : text, e->fields[2]);
    if (number != VALUE_NULL && text != VALUE_NULL)
        return string_printf(vm, "[Errno %S] %S", number, text);
    return exception_string(vm, a);
}

static value import_string(struct vm *vm, value a)
{
    value message = exception_of(a)->fields[2];
    return message != VALUE_NULL && is_exact(message, &string_type) ? message : exception_string(vm, a);
}

static value base_name(struct vm *vm, value path)
{
    size_t size;
    const char *text = string_utf8(vm, path, &size), *slash = strrchr(text, '/');
    return slash ? string_from_text(vm, slash + 1) : path;
}

static value syntax_string(struct vm *vm, value a)
{
    struct exception_object *e = exception_of(a);
    value message = e->fields[0] == VALUE_NULL ? NONE : e->fields[0];
    bool file = has_flag(e->fields[1], TYPE_STRING) && e->fields[1] != VALUE_NULL;
    bool line = e->fields[2] != VALUE_NULL && is_small_int(e->fields[2]);
    if (file && line)
        return string_printf(vm, "%S (%U, line %S)", message, base_name(vm, e->fields[1]), e->fields[2]);
    if (file)
        return string_printf(vm, "%S (%U)", message, base_name(vm, e->fields[1]));
    if (line)
        return string_printf(vm, "%S (line %S)", message, e->fields[2]);
    return value_string(vm, message);
}

static value unicode_string(struct vm *vm, value a)
{
    struct exception_object *e = exception_of(a);
    if (e->fields[1] == VALUE_NULL)
        return vm->empty_string;
    int64_t start = is_small_int(e->fields[2]) ? small_int_value(e->fields[2]) : 0;
    int64_t end = is_small_int(e->fields[3]) ? small_int_value(e->fields[3]) : 0;
    const char *verb = is_instance(vm, a, &exc_UnicodeDecodeError) ? "decode" : "encode";
    bool translate = is_instance(vm, a, &exc_UnicodeTranslateError);
    value prefix = translate ? string_from_text(vm, "can't translate")
                             : string_printf(vm, "'%S' codec can't %s", e->fields[0], verb);
    if (*verb == 'd' ? !has_flag(e->fields[1], TYPE_BYTES) : !has_flag(e->fields[1], TYPE_STRING))
        return string_printf(vm, "%U %s in position %ld-%ld: %S", prefix, *verb == 'd' ? "bytes" : "characters", (long)start,
                             (long)end - 1, e->fields[4]);
    if (*verb == 'd') {
        struct bytes_object *bytes = (struct bytes_object *)value_object(e->fields[1]);
        if (start >= 0 && start < (int64_t)bytes->length && end == start + 1)
            return string_printf(vm, "%U byte 0x%02x in position %ld: %S", prefix, (int)bytes->data[start], (long)start,
                                 e->fields[4]);
        return string_printf(vm, "%U bytes in position %ld-%ld: %S", prefix, (long)start, (long)end - 1, e->fields[4]);
    }
    struct string_object *s = string_of(e->fields[1]);
    if (start >= 0 && start < (int64_t)s->length && end == start + 1) {
        uint32_t c = string_at(s, (size_t)start);
        const char *format = c <= 0xff ? "%U character '\\x%02x' in position %ld: %S"
                             : c <= 0xffff ? "%U character '\\u%04x' in position %ld: %S"
                                           : "%U character '\\U%08x' in position %ld: %S";
        return string_printf(vm, format, prefix, c, (long)start, e->fields[4]);
    }
    return string_printf(vm, "%U characters in position %ld-%ld: %S", prefix, (long)start, (long)end - 1, e->fields[4]);
}

/* ---- attributes all have ---- */

static value or_none(value v) { return v == VALUE_NULL ? NONE : v; }
static value get_arguments(struct vm *vm, value a) { (void)vm; return exception_of(a)->arguments; }
static value get_traceback(struct vm *vm, value a) { (void)vm; return or_none(exception_of(a)->traceback); }
static value get_cause(struct vm *vm, value a) { (void)vm; return or_none(exception_of(a)->cause); }
static value get_context(struct vm *vm, value a) { (void)vm; return or_none(exception_of(a)->context); }
static value get_suppress(struct vm *vm, value a) { (void)vm; return bool_value(exception_of(a)->suppress_context); }
static value get_dict(struct vm *vm, value a) { return instance_dict(vm, a); }

static bool set_arguments(struct vm *vm, value a, value item)
{
    value tuple = item == VALUE_NULL ? raise_error(vm, &exc_TypeError, "args may not be deleted")
                                     : tuple_from_iterable(vm, item);
    if (tuple == VALUE_NULL)
        return false;
    exception_of(a)->arguments = tuple;
    return true;
}
static bool set_traceback(struct vm *vm, value a, value item)
{
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "__traceback__ may not be deleted");
        return false;
    }
    if (item != NONE && !is_exact(item, &traceback_type)) {
        raise_error(vm, &exc_TypeError, "__traceback__ must be a traceback or None");
        return false;
    }
    exception_of(a)->traceback = item == NONE ? VALUE_NULL : item;
    return true;
}
static bool check_exception(struct vm *vm, value item, const char *what)
{
    if (item == NONE || (item != VALUE_NULL && has_flag(item, TYPE_EXCEPTION)))
        return true;
    if (item == VALUE_NULL)
        raise_error(vm, &exc_TypeError, "__%s__ may not be deleted", what);
    else
        raise_error(vm, &exc_TypeError, "exception %s must be None or derive from BaseException", what);
    return false;
}
static bool set_cause(struct vm *vm, value a, value item)
{
    if (!check_exception(vm, item, "cause"))
        return false;
    exception_of(a)->cause = item == NONE ? VALUE_NULL : item;
    exception_of(a)->suppress_context = true;
    return true;
}
static bool set_context(struct vm *vm, value a, value item)
{
    if (!check_exception(vm, item, "context"))
        return false;
    exception_of(a)->context = item == NONE ? VALUE_NULL : item;
    return true;
}
static bool set_suppress(struct vm *vm, value a, value item)
{
    if (item != TRUE && item != FALSE) {
        raise_error(vm, &exc_TypeError,
                    item == VALUE_NULL ? "can't delete numeric/char attribute" : "attribute value type must be bool");
        return false;
    }
    exception_of(a)->suppress_context = item == TRUE;
    return true;
}
static bool set_dict(struct vm *vm, value a, value item)
{
    if (item == VALUE_NULL || !has_flag(item, TYPE_DICT)) {
        raise_error(vm, &exc_TypeError, item == VALUE_NULL ? "cannot delete __dict__" : "__dict__ must be set to a dictionary, "
                                                                                        "not a '%T'", item);
        return false;
    }
    exception_of(a)->dict = item;
    return true;
}

static const struct property_definition exception_properties[] = {
    {"args", get_arguments, set_arguments}, {"__traceback__", get_traceback, set_traceback},
    {"__cause__", get_cause, set_cause}, {"__context__", get_context, set_context},
    {"__suppress_context__", get_suppress, set_suppress}, {"__dict__", get_dict, set_dict}, {NULL, NULL, NULL}};

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED_ARGUMENTS (void)arguments, (void)count, (void)keyword_names

METHOD(exception_with_traceback)
{
    UNUSED_ARGUMENTS;
    return set_traceback(vm, self, arguments[0]) ? self : VALUE_NULL;
}
METHOD(exception_add_note)
{
    UNUSED_ARGUMENTS;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "note must be a str, not '%T'", arguments[0]);
    value notes, dict = instance_dict(vm, self);
    if (dict == VALUE_NULL)
        return VALUE_NULL;
    notes = dict_get_interned(dict_of(dict), NAMED(vm, __notes__));
    if (notes == VALUE_NULL) {
        notes = list_new(vm, 0);
        if (notes == VALUE_NULL || !set_attribute(vm, self, NAMED(vm, __notes__), notes))
            return VALUE_NULL;
    }
    if (!has_flag(notes, TYPE_LIST))
        return raise_error(vm, &exc_TypeError, "Cannot add note: __notes__ is not a list");
    return list_append(vm, list_of(notes), arguments[0]) ? NONE : VALUE_NULL;
}
METHOD(exception_reduce)
{
    UNUSED_ARGUMENTS;
    struct exception_object *e = exception_of(self);
    value class = object_value(value_type(vm, self)), given = e->arguments;
    if (is_instance(vm, self, &exc_OSError) && e->fields[2] != VALUE_NULL && tuple_of(given)->length == 2)
        given = e->fields[3] == VALUE_NULL ? tuple_pack(vm, 3, e->fields[0], e->fields[1], e->fields[2])
                                           : tuple_pack(vm, 5, e->fields[0], e->fields[1], e->fields[2], NONE, e->fields[3]);
    if (is_instance(vm, self, &exc_ImportError) && (e->fields[0] != VALUE_NULL || e->fields[1] != VALUE_NULL)) {
        value state = is_object(e->dict) ? dict_copy(vm, e->dict) : dict_new(vm);
        if (state == VALUE_NULL || given == VALUE_NULL ||
            (e->fields[0] != VALUE_NULL && !dict_set_text(vm, dict_of(state), "name", e->fields[0])) ||
            (e->fields[1] != VALUE_NULL && !dict_set_text(vm, dict_of(state), "path", e->fields[1])))
            return VALUE_NULL;
        return tuple_pack(vm, 3, class, given, state);
    }
    if (is_object(e->dict))
        return tuple_pack(vm, 3, class, given, e->dict);
    return tuple_pack(vm, 2, class, given);
}
METHOD(exception_setstate)
{
    UNUSED_ARGUMENTS;
    if (arguments[0] == NONE)
        return NONE;
    if (!has_flag(arguments[0], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "state is not a dictionary");
    uint32_t position = 0;
    value key, item;
    while (dict_next(dict_of(arguments[0]), &position, &key, &item))
        if (!set_attribute(vm, self, intern(vm, key), item))
            return VALUE_NULL;
    return NONE;
}

static const struct method_definition exception_methods[] = {
    {"with_traceback", "(tb, /)", exception_with_traceback, METHOD_INSTANCE,
     "Exception.with_traceback(tb) --\n    set self.__traceback__ to tb and return self."},
    {"add_note", "(note, /)", exception_add_note, METHOD_INSTANCE, "Exception.add_note(note) --\n    add a note to the exception"},
    {"__reduce__", "()", exception_reduce, METHOD_INSTANCE, NULL},
    {"__setstate__", "(state, /)", exception_setstate, METHOD_INSTANCE, NULL},
    {NULL, NULL, NULL, 0, NULL}};

#define FIELD(name, index) \
    static value get_##name(struct vm *vm, value a) { (void)vm; return or_none(exception_of(a)->fields[index]); } \
    static bool set_##name(struct vm *vm, value a, value item) \
    { \
        (void)vm; \
        exception_of(a)->fields[index] = item; \
        return true; \
    }
FIELD(field_0, 0)
FIELD(field_1, 1)
FIELD(field_2, 2)
FIELD(field_3, 3)
FIELD(field_4, 4)
FIELD(field_5, 5)
FIELD(field_6, 6)
FIELD(field_7, 7)
#undef FIELD
static bool set_position(struct vm *vm, value *field, value item)
{
    int64_t position;
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_TypeError, "can't delete numeric/char attribute");
        return false;
    }
    *field = small_int(-1); /* when it is none, too */
    if (!is_int(item)) {
        raise_error(vm, &exc_TypeError, "an integer is required");
        return false;
    }
    if (!value_to_int64(vm, item, &position))
        return false;
    *field = item;
    return true;
}
static bool set_start(struct vm *vm, value a, value item) { return set_position(vm, &exception_of(a)->fields[2], item); }
static bool set_end(struct vm *vm, value a, value item) { return set_position(vm, &exception_of(a)->fields[3], item); }
#define FIELD(text, index) {text, get_field_##index, set_field_##index}
#define END {NULL, NULL, NULL}

static const struct property_definition stop_properties[] = {FIELD("value", 0), END};
static const struct property_definition exit_properties[] = {FIELD("code", 0), END};
static const struct property_definition name_properties[] = {FIELD("name", 0), END};
static const struct property_definition attribute_properties[] = {FIELD("name", 0), FIELD("obj", 1), END};
static const struct property_definition import_properties[] = {FIELD("name", 0), FIELD("path", 1), FIELD("msg", 2), END};
static const struct property_definition os_properties[] = {FIELD("errno", 0), FIELD("strerror", 1), FIELD("filename", 2),
                                                           FIELD("filename2", 3),
                                                           {"characters_written", os_get_written, os_set_written}, END};
static const struct property_definition syntax_properties[] = {
    FIELD("msg", 0), FIELD("filename", 1), FIELD("lineno", 2), FIELD("offset", 3), FIELD("text", 4),
    FIELD("print_file_and_line", 5), FIELD("end_lineno", 6), FIELD("end_offset", 7), END};
static const struct property_definition unicode_properties[] = {
    FIELD("encoding", 0), FIELD("object", 1), {"start", get_field_2, set_start}, {"end", get_field_3, set_end},
    FIELD("reason", 4), END};
#undef FIELD
#undef END

/* ---- the types ---- */

#define DEFINE_EXCEPTION(type_name, base_type, ...) \
    struct type exc_##type_name = {.name = #type_name, \
                                   .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION, \
                                   .base = base_type, \
                                   .instance_size = sizeof(struct exception_object), \
                                   .trace = exception_trace, \
                                   .new = exception_new, \
                                   __VA_ARGS__};
#define PLAIN(type_name, base_name) DEFINE_EXCEPTION(type_name, &exc_##base_name, .doc = NULL)

DEFINE_EXCEPTION(BaseException, NULL, .init = exception_init, .repr = exception_repr, .string = exception_string,
                 .methods = exception_methods, .properties = exception_properties,
                 .doc = "Common base class for all exceptions")
DEFINE_EXCEPTION(Exception, &exc_BaseException, .doc = "Common base class for all non-exit exceptions.")
struct type exc_BaseExceptionGroup = {.name = "BaseExceptionGroup",
                                      .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                                      .base = &exc_BaseException,
                                      .instance_size = sizeof(struct exception_object),
                                      .trace = exception_trace,
                                      .new = exception_group_new,
                                      .string = exception_group_string,
                                      .methods = exception_group_methods,
                                      .properties = exception_group_properties};
struct type exc_ExceptionGroup = {.name = "ExceptionGroup",
                                  .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                                  .base = &exc_BaseExceptionGroup, /* its second base, Exception: mro_of_static in type.c */
                                  .instance_size = sizeof(struct exception_object),
                                  .trace = exception_trace,
                                  .new = exception_group_new};
PLAIN(GeneratorExit, BaseException) PLAIN(KeyboardInterrupt, BaseException)
DEFINE_EXCEPTION(SystemExit, &exc_BaseException, .init = exit_init, .properties = exit_properties,
                 .doc = "Request to exit from the interpreter.")
PLAIN(ArithmeticError, Exception) PLAIN(FloatingPointError, ArithmeticError) PLAIN(OverflowError, ArithmeticError)
PLAIN(ZeroDivisionError, ArithmeticError) PLAIN(AssertionError, Exception)
DEFINE_EXCEPTION(AttributeError, &exc_Exception, .init = name_init, .properties = attribute_properties,
                 .doc = "Attribute not found.")
PLAIN(BufferError, Exception) PLAIN(EOFError, Exception)
DEFINE_EXCEPTION(ImportError, &exc_Exception, .init = import_init, .string = import_string, .properties = import_properties,
                 .doc = "Import can't find module, or can't find name in module.")
PLAIN(ModuleNotFoundError, ImportError) PLAIN(LookupError, Exception) PLAIN(IndexError, LookupError)
DEFINE_EXCEPTION(KeyError, &exc_LookupError, .string = key_error_string, .doc = "Mapping key not found.")
PLAIN(MemoryError, Exception)
DEFINE_EXCEPTION(NameError, &exc_Exception, .init = name_init, .properties = name_properties,
                 .doc = "Name not found globally.")
PLAIN(UnboundLocalError, NameError)
struct type exc_OSError = {.name = "OSError",
                           .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                           .base = &exc_Exception,
                           .instance_size = sizeof(struct exception_object),
                           .trace = exception_trace,
                           .new = os_error_new,
                           .init = os_error_init,
                           .string = os_error_string,
                           .properties = os_properties,
                           .doc = "Base class for I/O related errors."};
#define OS_ERROR(type_name, base_name) \
    struct type exc_##type_name = {.name = #type_name, \
                                   .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION, \
                                   .base = &exc_##base_name, \
                                   .instance_size = sizeof(struct exception_object), \
                                   .trace = exception_trace, \
                                   .new = os_error_new};
OS_ERROR(BlockingIOError, OSError) OS_ERROR(ChildProcessError, OSError) OS_ERROR(ConnectionError, OSError)
OS_ERROR(BrokenPipeError, ConnectionError) OS_ERROR(ConnectionAbortedError, ConnectionError)
OS_ERROR(ConnectionRefusedError, ConnectionError) OS_ERROR(ConnectionResetError, ConnectionError)
OS_ERROR(FileExistsError, OSError) OS_ERROR(FileNotFoundError, OSError) OS_ERROR(InterruptedError, OSError)
OS_ERROR(IsADirectoryError, OSError) OS_ERROR(NotADirectoryError, OSError) OS_ERROR(PermissionError, OSError)
OS_ERROR(ProcessLookupError, OSError) OS_ERROR(TimeoutError, OSError)
PLAIN(ReferenceError, Exception) PLAIN(RuntimeError, Exception) PLAIN(NotImplementedError, RuntimeError)
PLAIN(RecursionError, RuntimeError) PLAIN(StopAsyncIteration, Exception)
DEFINE_EXCEPTION(StopIteration, &exc_Exception, .init = value_field_init, .properties = stop_properties,
                 .doc = "Signal the end from iterator.__next__().")
DEFINE_EXCEPTION(SyntaxError, &exc_Exception, .init = syntax_init, .string = syntax_string,
                 .properties = syntax_properties, .doc = "Invalid syntax.")
PLAIN(IndentationError, SyntaxError) PLAIN(TabError, IndentationError) PLAIN(SystemError, Exception)
PLAIN(TypeError, Exception) PLAIN(ValueError, Exception) PLAIN(UnicodeError, ValueError)
DEFINE_EXCEPTION(UnicodeDecodeError, &exc_UnicodeError, .init = unicode_init, .string = unicode_string,
                 .properties = unicode_properties, .doc = "Unicode decoding error.")
DEFINE_EXCEPTION(UnicodeEncodeError, &exc_UnicodeError, .init = unicode_init, .string = unicode_string,
                 .properties = unicode_properties, .doc = "Unicode encoding error.")
DEFINE_EXCEPTION(UnicodeTranslateError, &exc_UnicodeError, .init = unicode_init, .string = unicode_string,
                 .properties = unicode_properties, .doc = "Unicode translation error.")
PLAIN(Warning, Exception) PLAIN(BytesWarning, Warning) PLAIN(DeprecationWarning, Warning) PLAIN(EncodingWarning, Warning)
PLAIN(FutureWarning, Warning) PLAIN(ImportWarning, Warning) PLAIN(PendingDeprecationWarning, Warning)
PLAIN(ResourceWarning, Warning) PLAIN(RuntimeWarning, Warning) PLAIN(SyntaxWarning, Warning) PLAIN(UnicodeWarning, Warning)
PLAIN(UserWarning, Warning)
