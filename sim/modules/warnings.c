/* warnings.c - module _warnings: the filters, and warn, which decides by them whether a warning is ignored, raised or shown.
 * Showing goes through the module warnings when the program has imported it, so that catch_warnings sees it. */
#include "sim/modules/support.h"
#include "sim/runtime/text.h"
#include "sim/runtime/traceback.h"
#include "sim/runtime/type.h"

#define FUNCTION(name)                                                                                                 \
    static value warnings_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)arguments, (void)count, (void)keyword_names

struct warning {
    value message, category, text, filename, module, registry, source;
    int64_t line;
};

enum { SETTING_FILTERS, SETTING_ACTION, SETTING_ONCE }; /* of vm->warning_settings */

/* The module warnings; VALUE_NULL: it is not imported, or no longer. */
static value public_module(struct vm *vm)
{
    value module = vm->modules_gone ? VALUE_NULL : dict_get_text(vm, dict_of(vm->modules), "warnings");
    return module == NONE ? VALUE_NULL : module;
}

/* The current value of a setting: of the module warnings if it is imported, else what was last read. */
static value setting(struct vm *vm, int which)
{
    static const char *const names[] = {"filters", "defaultaction", "onceregistry"};
    value module = public_module(vm), result;
    int found = module == VALUE_NULL ? 0 : find_attribute(vm, module, intern_text(vm, names[which]), &result);
    if (found > 0)
        vm->warning_settings[which] = result;
    return found < 0 ? VALUE_NULL : vm->warning_settings[which];
}

static value filters_to_use(struct vm *vm)
{
    if (!vm->filters_former || vm->warning_filters[0] == VALUE_NULL)
        return setting(vm, SETTING_FILTERS);
    vm->warning_settings[SETTING_FILTERS] = vm->warning_filters[1];
    return vm->warning_filters[0];
}

/* A filter's message or module: None, a str that must be equal, or a pattern with match(): -1, 0, 1 */
static int text_matches(struct vm *vm, value pattern, value text)
{
    if (pattern == NONE)
        return 1;
    if (is_exact(pattern, &string_type))
        return is_string(text) ? string_equal(pattern, text)
                               : (raise_error(vm, &exc_TypeError, "Can't compare str and %T", text), -1);
    value match = call_method(vm, pattern, "match", &text, 1);
    return match == VALUE_NULL ? -1 : value_truth(vm, match);
}

static int filter_matches(struct vm *vm, const value *filter, const struct warning *warning)
{
    int about = text_matches(vm, filter[1], warning->text);
    int from = about < 0 ? -1 : text_matches(vm, filter[3], warning->module);
    int matches = from < 0 ? -1 : object_is_subclass(vm, warning->category, filter[2]);
    if (matches > 0)
        matches = about && from;
    int64_t line = 0;
    if (matches > 0 && !value_to_int64(vm, filter[4], &line))
        return -1;
    return matches > 0 ? line == 0 || line == warning->line : matches;
}

/* The action of the first filter that matches: a str. */
static value choose_action(struct vm *vm, const struct warning *warning)
{
    value filters = filters_to_use(vm);
    if (filters == VALUE_NULL || !has_flag(filters, TYPE_LIST))
        return raise_error(vm, &exc_ValueError, "_warnings.filters must be a list");
    for (uint32_t i = 0; i < list_of(filters)->length; i++) {
        value filter = list_of(filters)->items[i];
        if (!has_flag(filter, TYPE_TUPLE) || tuple_of(filter)->length != 5)
            return raise_error(vm, &exc_ValueError, "_warnings.filters item %d isn't a 5-tuple", (int)i);
        int matches = filter_matches(vm, tuple_of(filter)->items, warning);
        if (matches)
            return matches < 0 ? VALUE_NULL : tuple_of(filter)->items[0];
    }
    value action = setting(vm, SETTING_ACTION);
    if (action != VALUE_NULL && !is_string(action))
        return raise_error(vm, &exc_TypeError, "_warnings.defaultaction must be a string, not '%T'", action);
    return action;
}

/* Was the key in the registry already? It is now: -1, 0, 1 */
static int seen_before(struct vm *vm, value registry, value key)
{
    value seen;
    if (registry == NONE)
        return 0;
    int found = dict_find(vm, dict_of(registry), key, &seen);
    if (found == 0 && !dict_set(vm, dict_of(registry), key, TRUE))
        return -1;
    return found;
}

/* After a change of the filters, what was shown once may be shown again. */
static bool registry_refresh(struct vm *vm, value self, value registry)
{
    if (registry == NONE)
        return true;
    value version = dict_get_text(vm, support_dict(self), "_version");
    if (dict_get_text(vm, dict_of(registry), "version") == version)
        return true;
    dict_clear(vm, dict_of(registry));
    return dict_set_text(vm, dict_of(registry), "version", version);
}

/* Without the module warnings: "file:line: Category: text" and the line, on sys.stderr. */
static value show_itself(struct vm *vm, const struct warning *warning)
{
    value file = get_attribute_text(vm, vm->sys_module, "stderr");
    if (file == VALUE_NULL || file == NONE) {
        exception_clear(vm);
        return NONE;
    }
    value line = source_line(vm, warning->filename, (int32_t)warning->line);
    exception_clear(vm);
    line = line == VALUE_NULL ? line : call_method(vm, line, "strip", NULL, 0);
    value text = string_printf(vm, "%S:%ld: %U: %S\n", warning->filename, (long)warning->line,
                               type_short_name(vm, type_of_value(warning->category)), warning->text);
    if (text != VALUE_NULL && line != VALUE_NULL && string_of(line)->length)
        text = string_printf(vm, "%U  %U\n", text, line);
    return text == VALUE_NULL || call_method(vm, file, "write", &text, 1) == VALUE_NULL ? VALUE_NULL : NONE;
}

static value show(struct vm *vm, const struct warning *warning)
{
    value module = public_module(vm), function;
    if (module == VALUE_NULL)
        return show_itself(vm, warning);
    int found = find_attribute(vm, module, intern_text(vm, "_showwarnmsg"), &function);
    if (found <= 0)
        return found < 0 ? VALUE_NULL : show_itself(vm, warning);
    if (!value_type(vm, function)->call)
        return raise_error(vm, &exc_TypeError, "warnings._showwarnmsg() must be set to a callable");
    value class = get_attribute_text(vm, module, "WarningMessage");
    if (class == VALUE_NULL) {
        exception_clear(vm);
        return raise_error(vm, &exc_RuntimeError, "unable to get warnings.WarningMessage");
    }
    const value given[] = {warning->message, warning->category, warning->filename, int_from_int64(vm, warning->line),
                           NONE, NONE, warning->source == VALUE_NULL ? NONE : warning->source};
    value message = call(vm, class, given, 7, VALUE_NULL);
    return message == VALUE_NULL || call_1(vm, function, message) == VALUE_NULL ? VALUE_NULL : NONE;
}

/* May it be shown, by what was shown before? -1, 0, 1 */
static int not_seen(struct vm *vm, const struct warning *warning, value action, value key)
{
    value registry = warning->registry, brief;
    if (string_is(action, "always"))
        return 1;
    if (registry != NONE && !dict_set(vm, dict_of(registry), key, TRUE))
        return -1;
    if (string_is(action, "default"))
        return 1;
    if (string_is(action, "once") && registry == NONE) {
        registry = setting(vm, SETTING_ONCE);
        if (registry != VALUE_NULL && !has_flag(registry, TYPE_DICT)) {
            raise_error(vm, &exc_TypeError, "_warnings.onceregistry must be a dict, not '%T'", registry);
            return -1;
        }
    }
    if (string_is(action, "once") || string_is(action, "module")) {
        brief = registry == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 3, warning->text, warning->category, small_int(0));
        int seen = brief == VALUE_NULL ? -1 : seen_before(vm, registry, brief);
        return seen < 0 ? -1 : !seen;
    }
    raise_error(vm, &exc_RuntimeError, "Unrecognized action (%R) in warnings.filters:\n %R", action, NONE);
    return -1;
}

static value warn_at(struct vm *vm, value self, const struct warning *warning)
{
    value line = int_from_int64(vm, warning->line), known;
    value key = tuple_pack(vm, 3, warning->text, warning->category, line);
    if (key == VALUE_NULL || !registry_refresh(vm, self, warning->registry))
        return VALUE_NULL;
    if (warning->registry != NONE) {
        int found = dict_find(vm, dict_of(warning->registry), key, &known);
        int truth = found > 0 ? value_truth(vm, known) : found;
        if (truth)
            return truth < 0 ? VALUE_NULL : NONE;
    }
    value action = choose_action(vm, warning);
    if (action == VALUE_NULL)
        return VALUE_NULL;
    if (!is_string(action))
        return raise_error(vm, &exc_TypeError, "action must be a string, not '%T'", action);
    if (string_is(action, "error"))
        return object_is_instance(vm, warning->message, object_value(&exc_BaseException)) > 0
                   ? raise_value(vm, warning->message)
                   : raise_error(vm, &exc_SystemError, "_PyErr_SetObject: exception %R is not a BaseException subclass",
                                 object_value(value_type(vm, warning->message)));
    if (string_is(action, "ignore"))
        return NONE;
    int wanted = not_seen(vm, warning, action, key);
    return wanted < 0 ? VALUE_NULL : wanted ? show(vm, warning) : NONE;
}

/* message, category and text from what was given: a Warning instance, or a text and a class, which warn() checks. */
static bool warning_describe(struct vm *vm, value message, value category, bool check, struct warning *warning)
{
    int is_warning = object_is_instance(vm, message, object_value(&exc_Warning));
    if (is_warning < 0)
        return false;
    warning->category = is_warning ? object_value(value_type(vm, message))
                        : check && (category == VALUE_NULL || category == NONE) ? object_value(&exc_UserWarning)
                                                                                : category;
    bool is_class = is_object(warning->category) && is_type(warning->category);
    if (check && (!is_class || !type_is_subtype(type_of_value(warning->category), &exc_Warning))) {
        raise_error(vm, &exc_TypeError, "category must be a Warning subclass, not '%T'", warning->category);
        return false;
    }
    warning->text = is_warning ? value_string(vm, message) : message;
    warning->message = is_warning ? message : call_1(vm, warning->category, message);
    return warning->text != VALUE_NULL && warning->message != VALUE_NULL;
}

static bool is_import_frame(struct vm *vm, const struct frame_object *frame)
{
    size_t size;
    const char *name = string_utf8(vm, ((struct code_object *)value_object(frame->code))->filename, &size);
    return name && strstr(name, "importlib") && strstr(name, "_bootstrap");
}

/* The frame `level` calls up, the first being the Python code that called warn(); frames of the import system do not count
 * unless it is one itself. NULL: there is none, or an exception is pending. */
static struct frame_object *frame_at(struct vm *vm, int64_t level)
{
    uint32_t depth = 0;
    struct frame_object *frame = engine_frame_object(vm, depth);
    bool count_all = frame && (level <= 0 || is_import_frame(vm, frame));
    while (frame && --level > 0)
        do {
            frame = engine_frame_object(vm, ++depth);
        } while (frame && !count_all && is_import_frame(vm, frame));
    return frame;
}

static bool warning_locate(struct vm *vm, int64_t level, struct warning *warning)
{
    value globals;
    struct frame_object *frame = frame_at(vm, level);
    if (frame) {
        engine_frame_refresh(frame);
        globals = frame->globals;
        warning->filename = ((struct code_object *)value_object(frame->code))->filename;
        warning->line = frame_line(frame) < 0 ? 0 : frame_line(frame);
    } else {
        if (vm->pending != VALUE_NULL)
            return false;
        globals = get_attribute_text(vm, vm->sys_module, "__dict__");
        warning->filename = intern_text(vm, "sys");
        warning->line = 1;
    }
    if (globals == VALUE_NULL || warning->filename == VALUE_NULL)
        return false;
    value name = intern_text(vm, "__warningregistry__");
    warning->registry = dict_get_interned(dict_of(globals), name);
    if (warning->registry == VALUE_NULL) {
        warning->registry = dict_new(vm);
        if (warning->registry == VALUE_NULL || !dict_set_interned(vm, dict_of(globals), name, warning->registry))
            return false;
    }
    value module = dict_get_text(vm, dict_of(globals), "__name__");
    warning->module = module != VALUE_NULL && is_string(module) ? module : intern_text(vm, "<string>");
    return true;
}

FUNCTION(warn)
{
    UNUSED;
    struct warning warning = {.source = arguments[3]};
    int64_t level = 1;
    if (!warning_describe(vm, arguments[0], arguments[1], true, &warning) ||
        (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &level)) || !warning_locate(vm, level, &warning))
        return VALUE_NULL;
    return warn_at(vm, self, &warning);
}

FUNCTION(warn_explicit)
{
    UNUSED;
    struct warning warning = {.source = arguments[7], .filename = arguments[2], .module = arguments[4],
                              .registry = arguments[5] == VALUE_NULL ? NONE : arguments[5]};
    if (warning.module == NONE) /* so CPython warns while it ends */
        return NONE;
    if (!is_string(warning.filename))
        return raise_error(vm, &exc_TypeError,
                           warning.filename == NONE ? "warn_explicit() argument 3 must be str, not None"
                                                    : "warn_explicit() argument 3 must be str, not %T", warning.filename);
    if (arguments[6] != VALUE_NULL && arguments[6] != NONE && !has_flag(arguments[6], TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "module_globals must be a dict, not '%T'", arguments[6]);
    if (warning.registry != NONE && !has_flag(warning.registry, TYPE_DICT))
        return raise_error(vm, &exc_TypeError, "'registry' must be a dict or None");
    if (!warning_describe(vm, arguments[0], arguments[1], false, &warning) || !value_to_int64(vm, arguments[3], &warning.line))
        return VALUE_NULL;
    if (warning.module == VALUE_NULL) {
        warning.module = warning.filename;
        struct span name = is_string(warning.filename) ? string_span(warning.filename) : (struct span){NULL, 0, 1};
        if (name.length > 3 && span_at(name, name.length - 3) == '.' && span_at(name, name.length - 2) == 'p' &&
            span_at(name, name.length - 1) == 'y')
            warning.module = string_slice(vm, warning.filename, 0, (int64_t)name.length - 3);
    }
    return warn_at(vm, self, &warning);
}

/* What has died is told under the filters that were in force until they changed now: CPython's reference counts told it before.
 * It is looked for when the program has things whose loss is worth a warning. */
FUNCTION(filters_mutated);
static void tell_former_deaths(struct vm *vm)
{
    value callee;
    if (!vm->open_files && !vm->channels)
        return;
    uintptr_t base = engine_direct_base(vm, &callee);
    bool is_direct = base && is_exact(callee, &native_function_type) &&
                     ((struct native_function_object *)value_object(callee))->definition->function == warnings_filters_mutated;
    vm->filters_former = true;
    gc_collect_promptly(vm, is_direct ? base : 0, NULL);
    vm->filters_former = false;
}

FUNCTION(filters_mutated)
{
    UNUSED;
    value module = public_module(vm), filters = VALUE_NULL;
    tell_former_deaths(vm);
    if (module != VALUE_NULL && find_attribute(vm, module, intern_text(vm, "filters"), &filters) < 0)
        return VALUE_NULL;
    if (filters != VALUE_NULL && is_exact(filters, &list_type)) {
        vm->warning_filters[0] = list_from(vm, list_of(filters)->items, list_of(filters)->length);
        vm->warning_filters[1] = filters;
    }
    value version = dict_get_text(vm, support_dict(self), "_version");
    return dict_set_text(vm, support_dict(self), "_version", small_int(small_int_value(version) + 1)) ? NONE : VALUE_NULL;
}

static const struct method_definition functions[] = {
    {"warn", "(message, category=None, stacklevel=1, source=None)", warnings_warn, 0, NULL},
    {"warn_explicit",
     "(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None)",
     warnings_warn_explicit, 0, NULL},
    {"_filters_mutated", "()", warnings_filters_mutated, 0, NULL},
    {0},
};

static bool warnings_initialize(struct vm *vm, value module)
{
    static const struct { const char *action; struct type *category; const char *module; } initial[] = {
        {"default", &exc_DeprecationWarning, "__main__"}, {"ignore", &exc_DeprecationWarning, NULL},
        {"ignore", &exc_PendingDeprecationWarning, NULL}, {"ignore", &exc_ImportWarning, NULL},
        {"ignore", &exc_ResourceWarning, NULL}};
    value filters = list_new(vm, 0), once = dict_new(vm);
    for (size_t i = 0; filters != VALUE_NULL && i < sizeof initial / sizeof *initial; i++) {
        value filter = tuple_pack(vm, 5, intern_text(vm, initial[i].action), NONE, object_value(initial[i].category),
                                  initial[i].module ? intern_text(vm, initial[i].module) : NONE, small_int(0));
        if (filter == VALUE_NULL || !list_append(vm, list_of(filters), filter))
            return false;
    }
    struct dict_object *dict = support_dict(module);
    value *const roots[] = {&vm->warning_settings[0], &vm->warning_settings[1], &vm->warning_settings[2],
                            &vm->warning_filters[0], &vm->warning_filters[1]};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        *roots[i] = VALUE_NULL;
        gc_add_root(vm, roots[i]);
    }
    vm->warning_settings[SETTING_FILTERS] = filters;
    vm->warning_settings[SETTING_ACTION] = intern_text(vm, "default");
    vm->warning_settings[SETTING_ONCE] = once;
    return filters != VALUE_NULL && once != VALUE_NULL && dict_set_text(vm, dict, "filters", filters) &&
           dict_set_text(vm, dict, "_onceregistry", once) && dict_set_text(vm, dict, "_version", small_int(0)) &&
           dict_set_text(vm, dict, "_defaultaction", intern_text(vm, "default"));
}

const struct native_module warnings_module = {"_warnings", warnings_initialize, functions};
