/* callback.c - Python functions that SQL calls: functions, aggregates, collations, authorizer, progress handler, trace. What they raise
 * becomes the statement's OperationalError; sys.unraisablehook sees it when enable_callback_tracebacks() asked for that. */
#include "sim/modules/sqlite/sqlite.h"
#include "sim/runtime/attribute.h"

#include <stdlib.h>

struct callback { /* the library keeps it; `connection` keeps `function` */
    struct sqlite_connection *connection;
    value function;
};

static struct callback *callback_new(struct vm *vm, value connection, value function)
{
    struct callback *callback = malloc(sizeof *callback);
    if (!callback) {
        raise_no_memory(vm);
        return NULL;
    }
    *callback = (struct callback){connection_of(connection), function};
    if (list_append(vm, list_of(connection_of(connection)->callbacks), function))
        return callback;
    free(callback);
    return NULL;
}

/* Nothing stays pending: `message` says what happened. */
static void fail(struct vm *vm, sqlite3_context *context, const char *message, value function)
{
    if (exception_matches(vm, &exc_MemoryError)) {
        exception_clear(vm);
        sqlite3_result_error_nomem(context);
        return;
    }
    bool big = exception_matches(vm, &exc_OverflowError);
    if (vm->sqlite_tracebacks)
        unraisable_report(vm, "in", function);
    else
        exception_clear(vm);
    if (big)
        sqlite3_result_error_toobig(context);
    else
        sqlite3_result_error(context, message, -1);
}

static value argument_value(struct vm *vm, sqlite3_value *argument)
{
    switch (sqlite3_value_type(argument)) {
    case SQLITE_INTEGER: return int_from_int64(vm, sqlite3_value_int64(argument));
    case SQLITE_FLOAT: return float_value(vm, sqlite3_value_double(argument));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_value_text(argument);
        return bytes_decode(vm, (const uint8_t *)text, (size_t)sqlite3_value_bytes(argument), "utf-8", "strict");
    }
    case SQLITE_BLOB: {
        const void *data = sqlite3_value_blob(argument);
        return bytes_from(vm, data, (size_t)sqlite3_value_bytes(argument));
    }
    }
    return NONE;
}

static value arguments_tuple(struct vm *vm, int count, sqlite3_value **given)
{
    value tuple = tuple_new(vm, (size_t)count);
    for (int i = 0; i < count && tuple != VALUE_NULL; i++) {
        value item = argument_value(vm, given[i]);
        if (item == VALUE_NULL)
            return item;
        tuple_of(tuple)->items[i] = item;
    }
    return tuple;
}

/* False: an exception may be pending, and the result is an error. */
static bool give_result(struct vm *vm, sqlite3_context *context, value result)
{
    struct span data;
    int64_t number;
    if (result == NONE) {
        sqlite3_result_null(context);
    } else if (is_int(result)) {
        if (!value_to_int64(vm, result, &number))
            return false;
        sqlite3_result_int64(context, number);
    } else if (is_float(result)) {
        sqlite3_result_double(context, float_number(result));
    } else if (has_flag(result, TYPE_STRING)) {
        value bytes = string_encode(vm, result, "utf-8", "strict");
        if (bytes == VALUE_NULL)
            return false;
        sqlite3_result_text(context, (const char *)bytes_of(bytes)->data, (int)bytes_of(bytes)->length, SQLITE_TRANSIENT);
        gc_keep(bytes);
    } else if (has_buffer(vm, result)) {
        if (!bytes_like(vm, result, &data))
            return false;
        sqlite3_result_blob(context, data.length ? data.data : "", (int)data.length, SQLITE_TRANSIENT);
    } else {
        return false;
    }
    return true;
}

static void run_function(sqlite3_context *context, int count, sqlite3_value **given)
{
    struct callback *callback = sqlite3_user_data(context);
    struct vm *vm = callback->connection->vm;
    if (vm->sqlite_quiet)
        return;
    value arguments = arguments_tuple(vm, count, given);
    value result = arguments == VALUE_NULL ? arguments
                                           : call(vm, callback->function, tuple_of(arguments)->items, (size_t)count, VALUE_NULL);
    gc_keep(arguments);
    if (result == VALUE_NULL || !give_result(vm, context, result))
        fail(vm, context, "user-defined function raised exception", callback->function);
}

/* ---- aggregates: the instance of one under way is kept by the connection, its number by the library ---- */

static value aggregate_instance(struct vm *vm, sqlite3_context *context, bool make)
{
    struct callback *callback = sqlite3_user_data(context);
    struct dict_object *aggregates = dict_of(callback->connection->aggregates);
    int64_t *number = sqlite3_aggregate_context(context, make ? sizeof *number : 0);
    value instance = VALUE_NULL;
    if (!number)
        return VALUE_NULL;
    if (*number)
        return dict_find(vm, aggregates, small_int(*number), &instance) > 0 ? instance : VALUE_NULL;
    if (!make)
        return VALUE_NULL;
    instance = call_0(vm, callback->function);
    if (instance == VALUE_NULL) {
        fail(vm, context, "user-defined aggregate's '__init__' method raised error", callback->function);
        return VALUE_NULL;
    }
    *number = ++callback->connection->aggregate_count;
    return dict_set(vm, aggregates, small_int(*number), instance) ? instance : VALUE_NULL;
}

static void aggregate_call(sqlite3_context *context, int count, sqlite3_value **given, const char *name, const char *absent,
                           const char *raised)
{
    struct callback *callback = sqlite3_user_data(context);
    struct vm *vm = callback->connection->vm;
    if (vm->sqlite_quiet)
        return;
    value instance = aggregate_instance(vm, context, true), method;
    if (instance == VALUE_NULL)
        return;
    int found = find_attribute(vm, instance, intern_text(vm, name), &method);
    if (found <= 0) {
        fail(vm, context, absent, callback->function);
        return;
    }
    value arguments = arguments_tuple(vm, count, given);
    if (arguments == VALUE_NULL || call(vm, method, tuple_of(arguments)->items, (size_t)count, VALUE_NULL) == VALUE_NULL)
        fail(vm, context, raised, method);
    gc_keep(arguments);
}

static void run_step(sqlite3_context *context, int count, sqlite3_value **given)
{
    aggregate_call(context, count, given, "step", "user-defined aggregate's 'step' method not defined",
                   "user-defined aggregate's 'step' method raised error");
}

static void run_inverse(sqlite3_context *context, int count, sqlite3_value **given)
{
    aggregate_call(context, count, given, "inverse", "user-defined aggregate's 'inverse' method not defined",
                   "user-defined aggregate's 'inverse' method raised error");
}

static void aggregate_result(sqlite3_context *context, const char *name, const char *absent, const char *raised)
{
    struct callback *callback = sqlite3_user_data(context);
    struct vm *vm = callback->connection->vm;
    if (vm->sqlite_quiet)
        return;
    value instance = aggregate_instance(vm, context, false), method, pending = exception_take(vm);
    int found = instance == VALUE_NULL ? -1 : find_attribute(vm, instance, intern_text(vm, name), &method);
    if (found > 0) {
        value result = call_0(vm, method);
        if (result == VALUE_NULL || !give_result(vm, context, result))
            fail(vm, context, raised, method);
    } else if (found == 0) {
        fail(vm, context, absent, callback->function);
    }
    if (pending != VALUE_NULL)
        vm->pending = pending;
}

static void run_value(sqlite3_context *context)
{
    aggregate_result(context, "value", "user-defined aggregate's 'value' method not defined",
                     "user-defined aggregate's 'value' method raised error");
}

static void run_finalize(sqlite3_context *context)
{
    struct callback *callback = sqlite3_user_data(context);
    aggregate_result(context, "finalize", "user-defined aggregate's 'finalize' method not defined",
                     "user-defined aggregate's 'finalize' method raised error");
    int64_t *number = sqlite3_aggregate_context(context, 0);
    if (number && *number && !callback->connection->vm->sqlite_quiet)
        dict_delete(callback->connection->vm, dict_of(callback->connection->aggregates), small_int(*number));
}

/* name, count, function (None: removes it) -> the library's answer */
static value define(struct vm *vm, value self, const value *arguments, int flags, int kind, const char *failure)
{
    enum { FUNCTION, AGGREGATE, WINDOW };
    int64_t count;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    const char *name = has_flag(arguments[0], TYPE_STRING) ? string_utf8(vm, arguments[0], NULL) : NULL;
    if (!name)
        return raise_error(vm, &exc_TypeError, "argument 'name' must be str, not %T", arguments[0]);
    if (!value_to_int64(vm, arguments[1], &count))
        return VALUE_NULL;
    sqlite3 *database = connection_of(self)->database;
    struct callback *callback = NULL;
    if (arguments[2] != NONE && !(callback = callback_new(vm, self, arguments[2])))
        return VALUE_NULL;
    int code;
    if (kind == WINDOW)
        code = sqlite3_create_window_function(database, name, (int)count, SQLITE_UTF8, callback, callback ? run_step : NULL,
                                              callback ? run_finalize : NULL, callback ? run_value : NULL,
                                              callback ? run_inverse : NULL, free);
    else
        code = sqlite3_create_function_v2(database, name, (int)count, SQLITE_UTF8 | flags, callback,
                                          callback && kind == FUNCTION ? run_function : NULL,
                                          callback && kind == AGGREGATE ? run_step : NULL,
                                          callback && kind == AGGREGATE ? run_finalize : NULL, free);
    if (code == SQLITE_OK)
        return NONE;
    return failure ? raise_error(vm, sql_error(vm, SQL_OPERATIONAL), "%s", failure) : sqlite_raise(vm, database);
}

value sqlite_create_function(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int deterministic = arguments[3] == VALUE_NULL ? 0 : value_truth(vm, arguments[3]);
    return deterministic < 0 ? VALUE_NULL
                             : define(vm, self, arguments, deterministic ? SQLITE_DETERMINISTIC : 0, 0, "Error creating function");
}

value sqlite_create_aggregate(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return define(vm, self, arguments, 0, 1, "Error creating aggregate");
}

value sqlite_create_window_function(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    return define(vm, self, arguments, 0, 2, NULL);
}

/* ---- collations ---- */

static int run_collation(void *context, int a_size, const void *a, int b_size, const void *b)
{
    struct callback *callback = context;
    struct vm *vm = callback->connection->vm;
    if (vm->sqlite_quiet || vm->pending != VALUE_NULL)
        return 0;
    value first = bytes_decode(vm, a, (size_t)a_size, "utf-8", "strict");
    value second = first == VALUE_NULL ? first : bytes_decode(vm, b, (size_t)b_size, "utf-8", "strict");
    value result = second == VALUE_NULL ? second : call_2(vm, callback->function, first, second);
    int64_t number = 0;
    if (result != VALUE_NULL && is_int(result))
        return int_sign(result);
    if (result == VALUE_NULL || !value_to_int64(vm, result, &number)) {
        exception_clear(vm);
        return 0;
    }
    return number > 0 ? 1 : number < 0 ? -1 : 0;
}

value sqlite_create_collation(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "create_collation() argument 1 must be str, not %T", arguments[0]);
    value name = string_encode(vm, arguments[0], "utf-8", "strict");
    if (name == VALUE_NULL)
        return name;
    struct callback *callback = NULL;
    if (arguments[1] != NONE) {
        if (!value_type(vm, arguments[1])->call)
            return raise_error(vm, &exc_TypeError, "parameter must be callable");
        if (!(callback = callback_new(vm, self, arguments[1])))
            return VALUE_NULL;
    }
    int code = sqlite3_create_collation_v2(connection_of(self)->database, (const char *)bytes_of(name)->data, SQLITE_UTF8, callback,
                                           callback ? run_collation : NULL, callback ? free : NULL);
    if (code == SQLITE_OK)
        return NONE;
    free(callback); /* the library does not when it fails */
    return sqlite_raise(vm, connection_of(self)->database);
}

/* ---- hooks ---- */

static int run_authorizer(void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
    struct sqlite_connection *connection = context;
    struct vm *vm = connection->vm;
    const char *const texts[] = {a, b, c, d};
    if (action == SQLITE_ATTACH && connection->uses_uri && (!a || strstr(a, "vfs=")))
        return SQLITE_DENY; /* a URI can name a file system without the sandbox */
    if (connection->authorizer == NONE || vm->sqlite_quiet)
        return SQLITE_OK;
    value arguments[5] = {small_int(action)};
    for (int i = 0; i < 4; i++)
        arguments[i + 1] = texts[i] ? string_from_text(vm, texts[i]) : NONE;
    value result = call(vm, connection->authorizer, arguments, 5, VALUE_NULL);
    int64_t number = SQLITE_DENY;
    if (result == VALUE_NULL || !is_int(result) || !value_to_int64(vm, result, &number)) {
        if (vm->sqlite_tracebacks && vm->pending != VALUE_NULL)
            unraisable_report(vm, "in", connection->authorizer);
        exception_clear(vm);
        return SQLITE_DENY;
    }
    return (int)number;
}

value sqlite_set_authorizer(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    struct sqlite_connection *connection = connection_of(self);
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    connection->authorizer = arguments[0];
    bool needed = arguments[0] != NONE || connection->uses_uri;
    if (sqlite3_set_authorizer(connection->database, needed ? run_authorizer : NULL, connection) != SQLITE_OK)
        return raise_error(vm, sql_error(vm, SQL_OPERATIONAL), "Error setting authorizer callback");
    return NONE;
}

static int run_progress(void *context)
{
    struct sqlite_connection *connection = context;
    struct vm *vm = connection->vm;
    if (vm->sqlite_quiet)
        return 0;
    value result = call_0(vm, connection->progress);
    int truth = result == VALUE_NULL ? -1 : value_truth(vm, result);
    if (truth < 0) {
        if (vm->sqlite_tracebacks)
            unraisable_report(vm, "in", connection->progress);
        exception_clear(vm);
    }
    return truth != 0;
}

value sqlite_set_progress(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    int64_t steps;
    if (!sqlite_check(vm, self) || !value_to_int64(vm, arguments[1], &steps))
        return VALUE_NULL;
    connection_of(self)->progress = arguments[0];
    sqlite3_progress_handler(connection_of(self)->database, arguments[0] == NONE ? 0 : (int)steps,
                             arguments[0] == NONE ? NULL : run_progress, connection_of(self));
    return NONE;
}

static int run_trace(unsigned kind, void *context, void *statement, void *sql)
{
    struct sqlite_connection *connection = context;
    struct vm *vm = connection->vm;
    (void)kind;
    if (vm->sqlite_quiet || vm->pending != VALUE_NULL)
        return 0;
    char *expanded = sqlite3_expanded_sql(statement);
    const char *text = expanded && strncmp(sql, "--", 2) ? expanded : sql;
    value shown = bytes_decode(vm, (const uint8_t *)text, strlen(text), "utf-8", "replace");
    sqlite3_free(expanded);
    if (shown == VALUE_NULL || call_1(vm, connection->trace, shown) == VALUE_NULL) {
        if (vm->sqlite_tracebacks)
            unraisable_report(vm, "in", connection->trace);
        exception_clear(vm);
    }
    return 0;
}

value sqlite_set_trace(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)count, (void)keyword_names;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    connection_of(self)->trace = arguments[0];
    bool wanted = arguments[0] != NONE;
    sqlite3_trace_v2(connection_of(self)->database, wanted ? SQLITE_TRACE_STMT : 0, wanted ? run_trace : NULL, connection_of(self));
    return NONE;
}
