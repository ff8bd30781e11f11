/* syslog_module.c - module syslog. As on a host where no daemon listens: messages go nowhere, but to stderr when LOG_PERROR
 * asks for it. A program inside hybridsim leaves no trace in the host's log. */
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#include <syslog.h>

#define FUNCTION(name)                                                                                                 \
    static value log_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* sys.argv[0] without its folder; "": there is none */
static value default_identity(struct vm *vm)
{
    value arguments = get_attribute_text(vm, vm->sys_module, "argv");
    if (arguments == VALUE_NULL || !has_flag(arguments, TYPE_LIST) || !list_of(arguments)->length ||
        !is_string(list_of(arguments)->items[0])) {
        exception_clear(vm);
        return vm->empty_string;
    }
    value name = list_of(arguments)->items[0];
    int64_t slash = span_rfind_character(string_span(name), '/', 0, string_of(name)->length);
    return string_slice(vm, name, slash + 1, string_of(name)->length);
}

static bool number_argument(struct vm *vm, value v, int64_t otherwise, int64_t *out)
{
    *out = otherwise;
    if (v == VALUE_NULL)
        return true;
    if (is_int(v))
        return value_to_int64(vm, v, out);
    raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", v);
    return false;
}

static bool log_open(struct vm *vm, value identity, int64_t options)
{
    vm->log_identity = identity == VALUE_NULL ? default_identity(vm) : identity;
    vm->log_options = (uint32_t)options;
    return vm->log_identity != VALUE_NULL;
}

FUNCTION(openlog)
{
    UNUSED;
    int64_t options, facility;
    if (arguments[0] != VALUE_NULL && !is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "openlog() argument 1 must be str, not %T", arguments[0]);
    if (arguments[0] != VALUE_NULL && string_encode(vm, arguments[0], NULL, NULL) == VALUE_NULL)
        return VALUE_NULL;
    if (!number_argument(vm, arguments[1], 0, &options) || !number_argument(vm, arguments[2], LOG_USER, &facility))
        return VALUE_NULL;
    return log_open(vm, arguments[0], options) ? NONE : VALUE_NULL;
}

FUNCTION(closelog)
{
    UNUSED;
    vm->log_identity = VALUE_NULL;
    vm->log_options = 0;
    return NONE;
}

/* syslog([priority,] message) */
FUNCTION(syslog)
{
    UNUSED;
    int64_t priority = LOG_INFO;
    if (keyword_names != VALUE_NULL && tuple_of(keyword_names)->length)
        return raise_error(vm, &exc_TypeError, "syslog.syslog() takes no keyword arguments");
    value message = count == 1 || count == 2 ? arguments[count - 1] : NONE;
    if (!is_string(message) || (count == 2 && !is_int(arguments[0])))
        return raise_error(vm, &exc_TypeError, "[priority,] message string");
    if (string_encode(vm, message, NULL, NULL) == VALUE_NULL)
        return VALUE_NULL;
    if (count == 2 && !value_to_int64(vm, arguments[0], &priority))
        return VALUE_NULL;
    if (vm->log_identity == VALUE_NULL && !log_open(vm, VALUE_NULL, 0))
        return VALUE_NULL;
    if (vm->log_options & LOG_PERROR && !(vm->log_hidden & 1u << (priority & 7))) {
        value line = string_printf(vm, "%U: %U\n", vm->log_identity, message);
        if (line == VALUE_NULL)
            return VALUE_NULL;
        stderr_print(vm, line);
    }
    return NONE;
}

FUNCTION(setlogmask)
{
    UNUSED;
    int64_t mask;
    if (!number_argument(vm, arguments[0], 0, &mask))
        return VALUE_NULL;
    value before = small_int(~vm->log_hidden & 0xff);
    if (mask)
        vm->log_hidden = ~(uint32_t)mask & 0xff;
    return before;
}

FUNCTION(mask)
{
    UNUSED;
    int64_t priority;
    return number_argument(vm, arguments[0], 0, &priority) ? small_int(LOG_MASK(priority & 31)) : VALUE_NULL;
}

FUNCTION(up_to)
{
    UNUSED;
    int64_t priority;
    return number_argument(vm, arguments[0], 0, &priority) ? small_int(LOG_UPTO(priority & 31)) : VALUE_NULL;
}

#define ROW(name) {#name, name}
static const struct integer_constant constants[] = {
    ROW(LOG_EMERG), ROW(LOG_ALERT), ROW(LOG_CRIT), ROW(LOG_ERR), ROW(LOG_WARNING), ROW(LOG_NOTICE), ROW(LOG_INFO), ROW(LOG_DEBUG),
    ROW(LOG_PID), ROW(LOG_CONS), ROW(LOG_NDELAY), ROW(LOG_ODELAY), ROW(LOG_NOWAIT), ROW(LOG_PERROR), ROW(LOG_KERN), ROW(LOG_USER),
    ROW(LOG_MAIL), ROW(LOG_DAEMON), ROW(LOG_AUTH), ROW(LOG_LPR), ROW(LOG_LOCAL0), ROW(LOG_LOCAL1), ROW(LOG_LOCAL2), ROW(LOG_LOCAL3),
    ROW(LOG_LOCAL4), ROW(LOG_LOCAL5), ROW(LOG_LOCAL6), ROW(LOG_LOCAL7), ROW(LOG_SYSLOG), ROW(LOG_CRON), ROW(LOG_UUCP),
    ROW(LOG_NEWS), ROW(LOG_AUTHPRIV), {0}};

static bool log_initialize(struct vm *vm, value module)
{
    return support_add_constants(vm, module, constants);
}

static const struct method_definition functions[] = {
    {"openlog", "(ident=None, logoption=0, facility=LOG_USER)", log_openlog, 0, NULL},
    {"closelog", "()", log_closelog, 0, NULL},
    {"syslog", NULL, log_syslog, 0, NULL},
    {"setlogmask", "(maskpri, /)", log_setlogmask, 0, NULL},
    {"LOG_MASK", "(pri, /)", log_mask, 0, NULL},
    {"LOG_UPTO", "(pri, /)", log_up_to, 0, NULL},
    {0},
};

const struct native_module syslog_module = {"syslog", log_initialize, functions};
