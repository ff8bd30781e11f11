/* connection.c - sqlite3.Connection: opening, transactions, and the short forms of a cursor's methods. */
#include "sim/modules/sandbox.h"
#include "sim/modules/sqlite/sqlite.h"

#include <stdlib.h>

#define METHOD(name)                                                                                                   \
    static value connection_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static void connection_trace(struct vm *vm, struct object *object)
{
    const struct sqlite_connection *c = (const struct sqlite_connection *)object;
    const value held[] = {c->isolation_level, c->row_factory, c->text_factory, c->statements, c->callbacks, c->aggregates,
                          c->trace, c->authorizer, c->progress};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        gc_mark(vm, held[i]);
}

static void connection_release(struct vm *vm, struct object *object)
{
    bool quiet = vm->sqlite_quiet;
    vm->sqlite_quiet = true;
    sqlite3_close_v2(((struct sqlite_connection *)object)->database);
    vm->sqlite_quiet = quiet;
}

bool sqlite_check(struct vm *vm, value connection)
{
    const struct sqlite_connection *state = connection_of(connection);
    if (!state->initialized)
        raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Base Connection.__init__ not called.");
    else if (!state->database)
        raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Cannot operate on a closed database.");
    else
        return true;
    return false;
}

bool sqlite_run(struct vm *vm, struct sqlite_connection *connection, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(connection->database, sql, -1, &statement, NULL);
    if (code == SQLITE_OK) {
        sqlite3_step(statement);
        code = sqlite3_finalize(statement);
    }
    if (code != SQLITE_OK)
        sqlite_raise(vm, connection->database);
    return code == SQLITE_OK && vm->pending == VALUE_NULL;
}

static bool set_isolation_level(struct vm *vm, value self, value item)
{
    static const char *const levels[] = {"", "DEFERRED", "IMMEDIATE", "EXCLUSIVE"};
    struct sqlite_connection *connection = connection_of(self);
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_AttributeError, "cannot delete attribute");
        return false;
    }
    if (item == NONE) {
        connection->isolation_level = NONE;
        *connection->begin = 0;
        return !connection->database || sqlite3_get_autocommit(connection->database) || sqlite_run(vm, connection, "COMMIT");
    }
    if (!has_flag(item, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "isolation_level must be str or None");
        return false;
    }
    const char *text = string_utf8(vm, item, NULL);
    for (size_t i = 0; text && i < sizeof levels / sizeof *levels; i++)
        if (!sqlite3_stricmp(text, levels[i])) {
            connection->isolation_level = string_from_text(vm, levels[i]);
            memcpy(connection->begin, "BEGIN ", 7);
            memcpy(connection->begin + 6, levels[i], strlen(levels[i]) + 1);
            return connection->isolation_level != VALUE_NULL;
        }
    raise_error(vm, &exc_ValueError, "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'");
    return false;
}

static value connection_make(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct sqlite_connection *c = instance_allocate(vm, type, sizeof *c);
    if (!c)
        return VALUE_NULL;
    c->vm = vm;
    c->isolation_level = c->row_factory = c->trace = c->authorizer = c->progress = c->text_factory = NONE;
    c->statements = c->callbacks = c->aggregates = NONE;
    c->statements = dict_new(vm);
    c->callbacks = list_new(vm, 0);
    c->aggregates = dict_new(vm);
    return c->aggregates == VALUE_NULL || c->callbacks == VALUE_NULL || c->statements == VALUE_NULL ? VALUE_NULL : object_value(c);
}

static bool open_database(struct vm *vm, struct sqlite_connection *connection, value path, double timeout)
{
    value text = path_of(vm, path);
    const char *name = text == VALUE_NULL ? NULL : path_text(vm, text), *storage = sqlite_storage(vm);
    if (!name)
        return false;
    if (connection->uses_uri && strstr(name, "vfs=")) {
        raise_unsupported(vm, "sqlite3 with a vfs of its own");
        return false;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | (connection->uses_uri ? SQLITE_OPEN_URI : 0);
    int code = sqlite3_open_v2(name, &connection->database, flags, storage);
    if (code == SQLITE_OK)
        sqlite3_busy_timeout(connection->database, (int)(timeout * 1000));
    else
        sqlite_raise(vm, connection->database);
    if (code != SQLITE_OK) {
        sqlite3_close_v2(connection->database);
        connection->database = NULL;
    }
    return code == SQLITE_OK;
}

static void close_database(struct vm *vm, struct sqlite_connection *connection)
{
    value key, statement;
    uint32_t position = 0;
    while (dict_next(dict_of(connection->statements), &position, &key, &statement)) {
        sqlite3_finalize(statement_of(statement)->statement); /* so that the file is free at once */
        statement_of(statement)->statement = NULL;
    }
    dict_clear(vm, dict_of(connection->statements));
    sqlite3_close_v2(connection->database);
    connection->database = NULL;
}

static bool connection_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    static const char *const names[] = {"database", "timeout", "detect_types", "isolation_level", "check_same_thread", "factory",
                                        "cached_statements", "uri", NULL};
    static const struct argument_names expected = {"Connection", names, 1, 8};
    struct sqlite_connection *connection = connection_of(self);
    value given[8];
    double timeout = 5;
    int uri;
    if (!arguments_bind(vm, &expected, arguments, count, keyword_names, given))
        return false;
    connection->detect_types = 0;
    connection->cache_size = 128;
    if ((given[1] != VALUE_NULL && !value_to_double(vm, given[1], &timeout)) ||
        (given[2] != VALUE_NULL && !value_to_int64(vm, given[2], &connection->detect_types)) ||
        (given[6] != VALUE_NULL && !value_to_int64(vm, given[6], &connection->cache_size)) ||
        (uri = given[7] == VALUE_NULL ? 0 : value_truth(vm, given[7])) < 0)
        return false;
    if (connection->initialized) {
        if (connection->running) {
            raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Cannot close the connection while a statement is being executed.");
            return false;
        }
        connection->initialized = false;
        close_database(vm, connection);
    }
    connection->uses_uri = uri;
    connection->text_factory = type_object_value(&string_type);
    connection->row_factory = NONE;
    if (!set_isolation_level(vm, self, given[3] == VALUE_NULL ? vm->empty_string : given[3]) ||
        !open_database(vm, connection, given[0], timeout))
        return false;
    connection->initialized = true;
    return !uri || sqlite_set_authorizer(vm, self, (const value[]){NONE}, 1, VALUE_NULL) != VALUE_NULL;
}

/* ---- methods ---- */

METHOD(cursor)
{
    UNUSED;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    value cursor = arguments[0] == VALUE_NULL ? sqlite_cursor_new(vm, self) : call_1(vm, arguments[0], self);
    if (cursor == VALUE_NULL)
        return cursor;
    if (!is_instance(vm, cursor, &sqlite_cursor_type))
        return raise_error(vm, &exc_TypeError, "factory must return a cursor, not %T", cursor);
    if (connection_of(self)->row_factory != NONE)
        cursor_of(cursor)->row_factory = connection_of(self)->row_factory;
    return cursor;
}

static value through_cursor(struct vm *vm, value self, const char *method, const value *arguments, size_t count)
{
    value cursor = call_method(vm, self, "cursor", NULL, 0);
    return cursor == VALUE_NULL ? cursor : call_method(vm, cursor, method, arguments, count);
}

METHOD(execute)
{
    UNUSED;
    return through_cursor(vm, self, "execute", arguments, arguments[1] == VALUE_NULL ? 1 : 2);
}

METHOD(executemany)
{
    UNUSED;
    return through_cursor(vm, self, "executemany", arguments, 2);
}

METHOD(executescript)
{
    UNUSED;
    return through_cursor(vm, self, "executescript", arguments, 1);
}

METHOD(close)
{
    UNUSED;
    struct sqlite_connection *connection = connection_of(self);
    if (!connection->initialized)
        return raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Base Connection.__init__ not called.");
    if (connection->running)
        return raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Cannot close the connection while a statement is being executed.");
    close_database(vm, connection);
    return NONE;
}

METHOD(commit)
{
    UNUSED;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    struct sqlite_connection *connection = connection_of(self);
    return sqlite3_get_autocommit(connection->database) || sqlite_run(vm, connection, "COMMIT") ? NONE : VALUE_NULL;
}

METHOD(rollback)
{
    UNUSED;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    struct sqlite_connection *connection = connection_of(self);
    return sqlite3_get_autocommit(connection->database) || sqlite_run(vm, connection, "ROLLBACK") ? NONE : VALUE_NULL;
}

METHOD(enter)
{
    UNUSED;
    return sqlite_check(vm, self) ? self : VALUE_NULL;
}

METHOD(exit)
{
    UNUSED;
    bool failed = arguments[0] != NONE;
    value result = call_method(vm, self, failed ? "rollback" : "commit", NULL, 0);
    if (result == VALUE_NULL && !failed) { /* the transaction shall not stay open */
        value error = exception_take(vm);
        if (connection_rollback(vm, self, NULL, 0, VALUE_NULL) == VALUE_NULL)
            exception_clear(vm);
        return raise_value(vm, error);
    }
    return result == VALUE_NULL ? result : FALSE;
}

METHOD(interrupt)
{
    UNUSED;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    sqlite3_interrupt(connection_of(self)->database);
    return NONE;
}

METHOD(iterdump)
{
    UNUSED;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    value module = import_module(vm, "sqlite3.dump");
    return module == VALUE_NULL ? module : call_method(vm, module, "_iterdump", &self, 1);
}

static value limit(struct vm *vm, value self, value category, int number)
{
    int64_t which;
    if (!sqlite_check(vm, self) || !value_to_int64(vm, category, &which))
        return VALUE_NULL;
    int old = sqlite3_limit(connection_of(self)->database, (int)which, number);
    return old < 0 ? raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "'category' is out of bounds") : small_int(old);
}

METHOD(getlimit)
{
    UNUSED;
    return limit(vm, self, arguments[0], -1);
}

METHOD(setlimit)
{
    UNUSED;
    int64_t number;
    return value_to_int64(vm, arguments[1], &number) ? limit(vm, self, arguments[0], (int)number) : VALUE_NULL;
}

/* backup(target, *, pages=-1, progress=None, name='main', sleep=0.25) */
METHOD(backup)
{
    UNUSED;
    int64_t pages = -1;
    double sleep = 0.25;
    if (!is_instance(vm, arguments[0], &sqlite_connection_type))
        return raise_error(vm, &exc_TypeError, "backup() argument 1 must be sqlite3.Connection, not %T", arguments[0]);
    if (!sqlite_check(vm, self) || (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &pages)) ||
        (arguments[4] != VALUE_NULL && !value_to_double(vm, arguments[4], &sleep)))
        return VALUE_NULL;
    if (arguments[0] == self)
        return raise_error(vm, &exc_ValueError, "target cannot be the same connection instance");
    if (!sqlite_check(vm, arguments[0]))
        return VALUE_NULL;
    bool reports = arguments[2] != VALUE_NULL && arguments[2] != NONE;
    if (reports && !value_type(vm, arguments[2])->call)
        return raise_error(vm, &exc_TypeError, "progress argument must be a callable");
    const char *name = arguments[3] == VALUE_NULL ? "main" : string_utf8(vm, arguments[3], NULL);
    sqlite3 *to = connection_of(arguments[0])->database, *from = connection_of(self)->database;
    sqlite3_backup *backup = name ? sqlite3_backup_init(to, "main", from, name) : NULL;
    if (!backup)
        return sqlite_raise(vm, to);
    int code;
    do {
        code = sqlite3_backup_step(backup, pages == 0 ? -1 : (int)pages);
        const value done[] = {small_int(code), small_int(sqlite3_backup_remaining(backup)),
                              small_int(sqlite3_backup_pagecount(backup))};
        if (reports && call(vm, arguments[2], done, 3, VALUE_NULL) == VALUE_NULL)
            break;
        if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
            sqlite3_sleep((int)(sleep * 1000));
    } while (code == SQLITE_OK || code == SQLITE_BUSY || code == SQLITE_LOCKED);
    code = sqlite3_backup_finish(backup);
    gc_keep(arguments[0]);
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    return code == SQLITE_OK ? NONE : sqlite_raise(vm, to);
}

METHOD(serialize)
{
    UNUSED;
    sqlite3_int64 size;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    const char *name = arguments[0] == VALUE_NULL ? "main" : string_utf8(vm, arguments[0], NULL);
    uint8_t *data = name ? sqlite3_serialize(connection_of(self)->database, name, &size, 0) : NULL;
    if (!data)
        return name ? raise_error(vm, sql_error(vm, SQL_OPERATIONAL), "unable to serialize '%s'", name) : VALUE_NULL;
    value result = bytes_from(vm, data, (size_t)size);
    sqlite3_free(data);
    return result;
}

METHOD(deserialize)
{
    UNUSED;
    struct span data;
    if (!sqlite_check(vm, self))
        return VALUE_NULL;
    value bytes = has_flag(arguments[0], TYPE_STRING) ? string_encode(vm, arguments[0], "utf-8", "strict") : arguments[0];
    const char *name = arguments[1] == VALUE_NULL ? "main" : string_utf8(vm, arguments[1], NULL);
    if (bytes == VALUE_NULL || !name || !bytes_like(vm, bytes, &data))
        return VALUE_NULL;
    uint8_t *copy = sqlite3_malloc64(data.length ? data.length : 1);
    if (!copy)
        return raise_no_memory(vm);
    if (data.length)
        memcpy(copy, data.data, data.length);
    int code = sqlite3_deserialize(connection_of(self)->database, name, copy, (sqlite3_int64)data.length,
                                   (sqlite3_int64)data.length, SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
    return code == SQLITE_OK ? NONE : sqlite_raise(vm, connection_of(self)->database);
}

static value connection_call(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!sqlite_check(vm, self) || !check_positional(vm, "Connection", count, keyword_names, 1, 1))
        return VALUE_NULL;
    return sqlite_prepare(vm, self, arguments[0]);
}

/* ---- attributes ---- */

static value get_isolation_level(struct vm *vm, value self)
{
    return sqlite_check(vm, self) ? connection_of(self)->isolation_level : VALUE_NULL;
}
static value get_total_changes(struct vm *vm, value self)
{
    return sqlite_check(vm, self) ? int_from_int64(vm, sqlite3_total_changes64(connection_of(self)->database)) : VALUE_NULL;
}
static value get_in_transaction(struct vm *vm, value self)
{
    return sqlite_check(vm, self) ? bool_value(!sqlite3_get_autocommit(connection_of(self)->database)) : VALUE_NULL;
}
static value get_row_factory(struct vm *vm, value self) { (void)vm; return connection_of(self)->row_factory; }
static bool set_row_factory(struct vm *vm, value self, value item)
{
    (void)vm;
    connection_of(self)->row_factory = item == VALUE_NULL ? NONE : item;
    return true;
}
static value get_text_factory(struct vm *vm, value self) { (void)vm; return connection_of(self)->text_factory; }
static bool set_text_factory(struct vm *vm, value self, value item)
{
    (void)vm;
    connection_of(self)->text_factory = item == VALUE_NULL ? NONE : item;
    return true;
}
#define ERROR(name, which) static value get_##name(struct vm *vm, value self) { (void)self; return vm->sqlite_errors[which]; }
ERROR(Warning, SQL_WARNING) ERROR(Error, SQL_ERROR) ERROR(InterfaceError, SQL_INTERFACE) ERROR(DatabaseError, SQL_DATABASE)
ERROR(InternalError, SQL_INTERNAL) ERROR(OperationalError, SQL_OPERATIONAL) ERROR(ProgrammingError, SQL_PROGRAMMING)
ERROR(IntegrityError, SQL_INTEGRITY) ERROR(DataError, SQL_DATA) ERROR(NotSupportedError, SQL_NOT_SUPPORTED)

static const struct method_definition connection_methods[] = {
    {"blobopen", "(table, column, row, /, *, readonly=False, name='main')", sqlite_blob_open, 0, NULL},
    {"cursor", "(factory=None)", connection_cursor, 0, NULL}, {"execute", "(sql, parameters=None, /)", connection_execute, 0, NULL},
    {"executemany", "(sql, parameters, /)", connection_executemany, 0, NULL},
    {"executescript", "(sql_script, /)", connection_executescript, 0, NULL}, {"close", "()", connection_close, 0, NULL},
    {"commit", "()", connection_commit, 0, NULL}, {"rollback", "()", connection_rollback, 0, NULL},
    {"__enter__", "()", connection_enter, 0, NULL}, {"__exit__", "(type, value, traceback, /)", connection_exit, 0, NULL},
    {"interrupt", "()", connection_interrupt, 0, NULL}, {"iterdump", "()", connection_iterdump, 0, NULL},
    {"getlimit", "(category, /)", connection_getlimit, 0, NULL}, {"setlimit", "(category, limit, /)", connection_setlimit, 0, NULL},
    {"backup", "(target, *, pages=-1, progress=None, name='main', sleep=0.25)", connection_backup, 0, NULL},
    {"serialize", "(*, name='main')", connection_serialize, 0, NULL},
    {"deserialize", "(data, /, *, name='main')", connection_deserialize, 0, NULL},
    {"create_function", "(name, narg, func, *, deterministic=False)", sqlite_create_function, 0, NULL},
    {"create_aggregate", "(name, n_arg, aggregate_class)", sqlite_create_aggregate, 0, NULL},
    {"create_window_function", "(name, num_params, aggregate_class, /)", sqlite_create_window_function, 0, NULL},
    {"create_collation", "(name, callback, /)", sqlite_create_collation, 0, NULL},
    {"set_authorizer", "(authorizer_callback)", sqlite_set_authorizer, 0, NULL},
    {"set_progress_handler", "(progress_handler, n)", sqlite_set_progress, 0, NULL},
    {"set_trace_callback", "(trace_callback)", sqlite_set_trace, 0, NULL}, {0}};
static const struct property_definition connection_properties[] = {
    {"isolation_level", get_isolation_level, set_isolation_level}, {"total_changes", get_total_changes, NULL},
    {"in_transaction", get_in_transaction, NULL}, {"row_factory", get_row_factory, set_row_factory},
    {"text_factory", get_text_factory, set_text_factory}, {"Warning", get_Warning, NULL}, {"Error", get_Error, NULL},
    {"InterfaceError", get_InterfaceError, NULL}, {"DatabaseError", get_DatabaseError, NULL},
    {"InternalError", get_InternalError, NULL}, {"OperationalError", get_OperationalError, NULL},
    {"ProgrammingError", get_ProgrammingError, NULL}, {"IntegrityError", get_IntegrityError, NULL},
    {"DataError", get_DataError, NULL}, {"NotSupportedError", get_NotSupportedError, NULL}, {0}};
struct type sqlite_connection_type = {.name = "sqlite3.Connection", .instance_size = sizeof(struct sqlite_connection),
                                      .flags = TYPE_GETATTR_PLAIN | TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES,
                                      .trace = connection_trace, .release = connection_release, .new = connection_make,
                                      .init = connection_init, .call = connection_call, .methods = connection_methods,
                                      .properties = connection_properties};
