/* contextvars.c - module _contextvars. A context is a dict of its own, or one shared with the contexts it was copied to until
 * either sets a variable: copying, which every task and callback of an event loop does, costs nothing. */
#include "sim/modules/support.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/container.h"
#include "sim/runtime/type.h"

struct context_object {
    struct object head;
    value variables; /* dict: ContextVar -> value */
    value previous;  /* the context to go back to, while this one is entered */
    bool entered, shared;
};

struct variable_object {
    struct object head;
    value name, initial; /* initial VALUE_NULL: none */
};

struct token_object {
    struct object head;
    value variable, context, old; /* old VALUE_NULL: the variable was not set */
    bool used;
};

#define FUNCTION(name)                                                                                                 \
    static value context_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static struct type context_type, variable_type, token_type, missing_type;
static struct object missing_object = {&missing_type.shape};
#define MISSING object_value(&missing_object)

static struct context_object *context_of(value v)
{
    return (struct context_object *)value_object(v);
}

static struct variable_object *variable_of(value v)
{
    return (struct variable_object *)value_object(v);
}

static struct token_object *token_of(value v)
{
    return (struct token_object *)value_object(v);
}

/* ---- contexts ---- */

static void context_trace(struct vm *vm, struct object *object)
{
    struct context_object *context = (struct context_object *)object;
    gc_mark(vm, context->variables);
    if (context->entered)
        gc_mark(vm, context->previous);
}

static value context_make(struct vm *vm, value variables)
{
    struct context_object *context = GC_NEW(vm, struct context_object, &context_type);
    if (!context)
        return VALUE_NULL;
    context->variables = context->previous = NONE;
    context->variables = variables == VALUE_NULL ? dict_new(vm) : variables;
    context->shared = variables != VALUE_NULL;
    return context->variables == VALUE_NULL ? VALUE_NULL : object_value(context);
}

/* The running thread's context: made when it is first needed. */
static value context_current(struct vm *vm)
{
    if (vm->context == NONE)
        vm->context = context_make(vm, VALUE_NULL);
    if (vm->context == VALUE_NULL) {
        vm->context = NONE;
        return VALUE_NULL;
    }
    return vm->context;
}

static value context_duplicate(struct vm *vm, value original)
{
    context_of(original)->shared = true;
    return context_make(vm, context_of(original)->variables);
}

static bool context_own(struct vm *vm, struct context_object *context)
{
    if (!context->shared)
        return true;
    value copy = dict_copy(vm, context->variables);
    if (copy == VALUE_NULL)
        return false;
    context->variables = copy;
    context->shared = false;
    return true;
}

static value context_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type, (void)arguments;
    if (count || keyword_count(keyword_names))
        return raise_error(vm, &exc_TypeError, "Context() does not accept any arguments");
    return context_make(vm, VALUE_NULL);
}

FUNCTION(run)
{
    if (count < 1)
        return raise_error(vm, &exc_TypeError, "run() missing 1 required positional argument");
    struct context_object *context = context_of(self);
    if (context->entered)
        return raise_error(vm, &exc_RuntimeError, "cannot enter context: %R is already entered", self);
    context->previous = vm->context;
    context->entered = true;
    vm->context = self;
    value result = call(vm, arguments[0], arguments + 1, count - 1, keyword_names);
    vm->context = context->previous;
    context->previous = NONE;
    context->entered = false;
    return result;
}

FUNCTION(copy)
{
    UNUSED;
    return context_duplicate(vm, self);
}

static bool is_variable(struct vm *vm, value key)
{
    if (is_exact(key, &variable_type))
        return true;
    raise_error(vm, &exc_TypeError, "a ContextVar key was expected, got %R", key);
    return false;
}

static int context_contains(struct vm *vm, value self, value key)
{
    value item;
    return is_variable(vm, key) ? dict_find(vm, dict_of(context_of(self)->variables), key, &item) : -1;
}

static value context_get_item(struct vm *vm, value self, value key)
{
    value item;
    int found = is_variable(vm, key) ? dict_find(vm, dict_of(context_of(self)->variables), key, &item) : -1;
    if (found == 0)
        return raise_key_error(vm, key);
    return found < 0 ? VALUE_NULL : item;
}

FUNCTION(get)
{
    UNUSED;
    value item;
    int found = is_variable(vm, arguments[0])
                    ? dict_find(vm, dict_of(context_of(self)->variables), arguments[0], &item) : -1;
    if (found)
        return found < 0 ? VALUE_NULL : item;
    return arguments[1] == VALUE_NULL ? NONE : arguments[1];
}

static value snapshot_view(struct vm *vm, value self, const char *name)
{
    value copy = dict_copy(vm, context_of(self)->variables);
    value view = copy == VALUE_NULL ? VALUE_NULL : call_method(vm, copy, name, NULL, 0);
    return view == VALUE_NULL ? VALUE_NULL : get_iterator(vm, view);
}

FUNCTION(keys)
{
    UNUSED;
    return snapshot_view(vm, self, "keys");
}

FUNCTION(values)
{
    UNUSED;
    return snapshot_view(vm, self, "values");
}

FUNCTION(items)
{
    UNUSED;
    return snapshot_view(vm, self, "items");
}

static value context_iter(struct vm *vm, value self)
{
    return snapshot_view(vm, self, "keys");
}

static int64_t context_length(struct vm *vm, value self)
{
    (void)vm;
    return dict_of(context_of(self)->variables)->count;
}

static value context_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if ((kind != COMPARE_EQ && kind != COMPARE_NE) || !is_exact(a, &context_type) || !is_exact(b, &context_type))
        return vm->not_implemented;
    return compare_operation(vm, kind, context_of(a)->variables, context_of(b)->variables);
}

static const struct method_definition context_methods[] = {
    {"run", NULL, context_run, 0, NULL},
    {"copy", "()", context_copy, 0, "Return a shallow copy of the context object."},
    {"get", "(key, default=None, /)", context_get, 0,
     "Return the value for `key` if `key` has the value in the context object.\n\nIf `key` does not exist, return `default`. If"
     " `default` is not given,\nreturn None."},
    {"keys", "()", context_keys, 0, "Return a list of all variables in the context object."},
    {"values", "()", context_values, 0, "Return a list of all variables' values in the context object."},
    {"items", "()", context_items, 0,
     "Return all variables and their values in the context object.\n\nThe result is returned as a list of 2-tuples (variable,"
     " value)."},
    {0},
};

static struct type context_type = {.name = "_contextvars.Context",
                                   .instance_size = sizeof(struct context_object),
                                   .trace = context_trace,
                                   .new = context_new,
                                   .methods = context_methods,
                                   .iter = context_iter,
                                   .length = context_length,
                                   .get_item = context_get_item,
                                   .contains = context_contains,
                                   .compare = context_compare};

/* ---- variables ---- */

static void variable_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct variable_object *)object)->name);
    gc_mark(vm, ((struct variable_object *)object)->initial);
}

static value variable_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value name = VALUE_NULL, initial = VALUE_NULL;
    size_t given = count + keyword_count(keyword_names);
    if (count > 1)
        return raise_error(vm, &exc_TypeError, "ContextVar() takes exactly 1 positional argument (%zu given)", count);
    if (count)
        name = arguments[0];
    for (size_t i = count; i < given; i++) {
        value keyword = tuple_of(keyword_names)->items[i - count];
        if (string_is(keyword, "default"))
            initial = arguments[i];
        else if (string_is(keyword, "name") && name == VALUE_NULL)
            name = arguments[i];
        else
            return raise_error(vm, &exc_TypeError, "'%U' is an invalid keyword argument for ContextVar()", keyword);
    }
    if (name == VALUE_NULL)
        return raise_error(vm, &exc_TypeError, "ContextVar() takes exactly 1 positional argument (0 given)");
    if (!has_flag(name, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "context variable name must be a str");
    struct variable_object *variable = GC_NEW(vm, struct variable_object, type);
    if (!variable)
        return VALUE_NULL;
    variable->name = name;
    variable->initial = initial;
    return object_value(variable);
}

static value variable_repr(struct vm *vm, value self)
{
    const struct variable_object *variable = variable_of(self);
    unsigned long where = (unsigned long)object_identity(vm, self);
    if (variable->initial == VALUE_NULL)
        return string_printf(vm, "<ContextVar name=%R at 0x%lx>", variable->name, where);
    return string_printf(vm, "<ContextVar name=%R default=%R at 0x%lx>", variable->name, variable->initial, where);
}

FUNCTION(variable_get)
{
    UNUSED;
    value item = VALUE_NULL;
    int found = 0;
    if (vm->context != NONE)
        found = dict_find(vm, dict_of(context_of(vm->context)->variables), self, &item);
    if (found)
        return found < 0 ? VALUE_NULL : item;
    if (arguments[0] != VALUE_NULL)
        return arguments[0];
    if (variable_of(self)->initial != VALUE_NULL)
        return variable_of(self)->initial;
    value error = call_1(vm, object_value(&exc_LookupError), self);
    return error == VALUE_NULL ? VALUE_NULL : raise_value(vm, error);
}

FUNCTION(variable_set)
{
    UNUSED;
    value context = context_current(vm), old = VALUE_NULL;
    if (context == VALUE_NULL || !context_own(vm, context_of(context)))
        return VALUE_NULL;
    struct dict_object *variables = dict_of(context_of(context)->variables);
    if (dict_find(vm, variables, self, &old) < 0)
        return VALUE_NULL;
    struct token_object *token = GC_NEW(vm, struct token_object, &token_type);
    if (!token)
        return VALUE_NULL;
    token->variable = self;
    token->context = context;
    token->old = old;
    return dict_set(vm, variables, self, arguments[0]) ? object_value(token) : VALUE_NULL;
}

FUNCTION(variable_reset)
{
    UNUSED;
    if (!is_exact(arguments[0], &token_type))
        return raise_error(vm, &exc_TypeError, "expected an instance of Token, got %R", arguments[0]);
    struct token_object *token = token_of(arguments[0]);
    if (token->used)
        return raise_error(vm, &exc_RuntimeError, "%R has already been used once", arguments[0]);
    if (token->variable != self)
        return raise_error(vm, &exc_ValueError, "%R was created by a different ContextVar", arguments[0]);
    value context = context_current(vm);
    if (context == VALUE_NULL)
        return VALUE_NULL;
    if (token->context != context)
        return raise_error(vm, &exc_ValueError, "%R was created in a different Context", arguments[0]);
    token->used = true;
    if (!context_own(vm, context_of(context)))
        return VALUE_NULL;
    struct dict_object *variables = dict_of(context_of(context)->variables);
    if (token->old != VALUE_NULL)
        return dict_set(vm, variables, self, token->old) ? NONE : VALUE_NULL;
    int deleted = dict_delete(vm, variables, self);
    if (deleted == 0) {
        value error = call_1(vm, object_value(&exc_LookupError), self);
        return error == VALUE_NULL ? VALUE_NULL : raise_value(vm, error);
    }
    return deleted < 0 ? VALUE_NULL : NONE;
}

static value variable_name(struct vm *vm, value self)
{
    (void)vm;
    return variable_of(self)->name;
}

static const struct method_definition variable_methods[] = {
    {"get", "(default=None, /)", context_variable_get, 0, NULL},
    {"set", "(value, /)", context_variable_set, 0, NULL},
    {"reset", "(token, /)", context_variable_reset, 0, NULL},
    CLASS_GETITEM,
    {0},
};

static struct type variable_type = {.name = "_contextvars.ContextVar",
                                    .instance_size = sizeof(struct variable_object),
                                    .trace = variable_trace,
                                    .new = variable_new,
                                    .repr = variable_repr,
                                    .methods = variable_methods,
                                    .properties =
                                        (const struct property_definition[]){{"name", variable_name, NULL}, {0}}};

/* ---- tokens ---- */

static void token_trace(struct vm *vm, struct object *object)
{
    struct token_object *token = (struct token_object *)object;
    gc_mark(vm, token->variable);
    gc_mark(vm, token->context);
    gc_mark(vm, token->old);
}

static value token_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)type, (void)arguments, (void)count, (void)keyword_names;
    return raise_error(vm, &exc_RuntimeError, "Tokens can only be created by ContextVars");
}

static value token_repr(struct vm *vm, value self)
{
    return string_printf(vm, "<Token%s var=%R at 0x%lx>", token_of(self)->used ? " used" : "", token_of(self)->variable,
                         (unsigned long)object_identity(vm, self));
}

static value token_variable(struct vm *vm, value self)
{
    (void)vm;
    return token_of(self)->variable;
}

static value token_old_value(struct vm *vm, value self)
{
    (void)vm;
    return token_of(self)->old == VALUE_NULL ? MISSING : token_of(self)->old;
}

static const struct property_definition token_properties[] = {
    {"var", token_variable, NULL}, {"old_value", token_old_value, NULL}, {0}};

static struct type token_type = {.name = "_contextvars.Token",
                                 .instance_size = sizeof(struct token_object),
                                 .trace = token_trace,
                                 .new = token_new,
                                 .repr = token_repr,
                                 .methods = (const struct method_definition[]){CLASS_GETITEM, {0}},
                                 .properties = token_properties};

static value missing_repr(struct vm *vm, value self)
{
    (void)self;
    return intern_text(vm, "<Token.MISSING>");
}

static struct type missing_type = {.name = "Token.MISSING", .instance_size = sizeof(struct object), .repr = missing_repr};

/* ---- the module ---- */

value context_variable_lookup(struct vm *vm, value variable, int64_t hash)
{
    value item;
    if (vm->context == NONE || dict_find_hashed(vm, dict_of(context_of(vm->context)->variables), variable, hash, &item) != 1)
        return VALUE_NULL;
    return item;
}

FUNCTION(copy_context)
{
    UNUSED;
    value context = context_current(vm);
    return context == VALUE_NULL ? VALUE_NULL : context_duplicate(vm, context);
}

static const struct method_definition functions[] = {{"copy_context", "()", context_copy_context, 0, NULL}, {0}};

static bool contextvars_initialize(struct vm *vm, value module)
{
    struct type *const types[] = {&context_type, &variable_type, &token_type, &missing_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        type_ready(vm, types[i]);
    struct dict_object *dict = support_dict(module);
    return dict_set_text(vm, token_type.dict, "MISSING", MISSING) &&
           dict_set_text(vm, dict, "Context", type_object_value(&context_type)) &&
           dict_set_text(vm, dict, "ContextVar", type_object_value(&variable_type)) &&
           dict_set_text(vm, dict, "Token", type_object_value(&token_type));
}

const struct native_module contextvars_module = {"_contextvars", contextvars_initialize, functions};
