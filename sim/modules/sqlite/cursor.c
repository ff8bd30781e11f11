/* cursor.c - sqlite3.Cursor: runs statements and hands out their rows. A statement is always one step ahead of the
 * rows handed out, so that one without rows has had its effect when execute() returns. */
#include "sim/modules/sqlite/sqlite.h"

#define METHOD(name)                                                                                                   \
    static value cursor_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static void cursor_trace(struct vm *vm, struct object *object)
{
    const struct sqlite_cursor *cursor = (const struct sqlite_cursor *)object;
    const value held[] = {cursor->connection, cursor->statement, cursor->description, cursor->row_factory, cursor->last_row_id,
                          cursor->converters};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        if (is_object(held[i]))
            gc_mark(vm, held[i]);
}

static value cursor_make(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    (void)arguments, (void)count, (void)keyword_names;
    struct sqlite_cursor *cursor = instance_allocate(vm, type, sizeof *cursor);
    if (!cursor)
        return VALUE_NULL;
    cursor->connection = cursor->statement = cursor->description = cursor->row_factory = cursor->last_row_id = cursor->converters =
        NONE;
    cursor->array_size = 1;
    cursor->row_count = -1;
    return object_value(cursor);
}

static bool cursor_init(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    if (!check_positional(vm, "Cursor", count, keyword_names, 1, 1))
        return false;
    if (!is_instance(vm, arguments[0], &sqlite_connection_type)) {
        raise_error(vm, &exc_TypeError, "Cursor() argument 1 must be sqlite3.Connection, not %T", arguments[0]);
        return false;
    }
    struct sqlite_cursor *cursor = cursor_of(self);
    if (cursor->locked) {
        raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Recursive use of cursors not allowed.");
        return false;
    }
    sqlite_reset(vm, cursor->statement);
    cursor->statement = NONE;
    cursor->connection = arguments[0];
    cursor->closed = false;
    cursor->initialized = true;
    return sqlite_check(vm, arguments[0]);
}

value sqlite_cursor_new(struct vm *vm, value connection)
{
    value cursor = cursor_make(vm, &sqlite_cursor_type, NULL, 0, VALUE_NULL);
    return cursor != VALUE_NULL && cursor_init(vm, cursor, &connection, 1, VALUE_NULL) ? cursor : VALUE_NULL;
}

static bool usable(struct vm *vm, const struct sqlite_cursor *cursor)
{
    const char *problem = !cursor->initialized ? "Base Cursor.__init__ not called."
                          : cursor->closed     ? "Cannot operate on a closed cursor."
                          : cursor->locked     ? "Recursive use of cursors not allowed." : NULL;
    if (problem)
        raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "%s", problem);
    return !problem && sqlite_check(vm, cursor->connection);
}

/* ---- rows ---- */

/* The name of a converter: "name [kind]" in a column's name, or the first word of its declared type. */
static value converter_of(struct vm *vm, const char *text, size_t size)
{
    value name = string_from_utf8(vm, text, size), converter;
    value upper = name == VALUE_NULL ? name : call_method(vm, name, "upper", NULL, 0);
    int found = upper == VALUE_NULL ? -1 : dict_find(vm, dict_of(vm->sqlite_converters), upper, &converter);
    return found < 0 ? VALUE_NULL : found ? converter : NONE;
}

static bool find_converters(struct vm *vm, struct sqlite_cursor *cursor)
{
    int64_t detect = connection_of(cursor->connection)->detect_types;
    sqlite3_stmt *statement = statement_of(cursor->statement)->statement;
    cursor->converters = NONE;
    if (!detect)
        return true;
    value list = list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < sqlite3_column_count(statement); i++) {
        value converter = NONE;
        const char *name = sqlite3_column_name(statement, i), *declared = sqlite3_column_decltype(statement, i);
        const char *open = name ? strchr(name, '[') : NULL, *close = open ? strchr(open, ']') : NULL;
        if (detect & PARSE_COLUMN_NAMES && close)
            converter = converter_of(vm, open + 1, (size_t)(close - open - 1));
        if (converter == NONE && detect & PARSE_DECLARED && declared)
            converter = converter_of(vm, declared, strcspn(declared, " ("));
        if (converter == VALUE_NULL || !list_append(vm, list_of(list), converter))
            return false;
    }
    cursor->converters = list;
    return list != VALUE_NULL;
}

static value fetch_row(struct vm *vm, struct sqlite_cursor *cursor)
{
    struct sqlite_connection *connection = connection_of(cursor->connection);
    sqlite3_stmt *statement = statement_of(cursor->statement)->statement;
    int columns = sqlite3_data_count(statement);
    value row = tuple_new(vm, (size_t)columns);
    for (int i = 0; i < columns && row != VALUE_NULL; i++) {
        value converter = cursor->converters == NONE ? NONE : list_of(cursor->converters)->items[i], item;
        if (converter == NONE) {
            item = sqlite_column_value(vm, connection, statement, i);
        } else if (sqlite3_column_type(statement, i) == SQLITE_NULL) {
            item = NONE;
        } else {
            const void *data = sqlite3_column_blob(statement, i);
            value bytes = bytes_from(vm, data, (size_t)sqlite3_column_bytes(statement, i));
            item = bytes == VALUE_NULL ? bytes : call_1(vm, converter, bytes);
        }
        if (item == VALUE_NULL)
            return item;
        tuple_of(row)->items[i] = item;
    }
    return row;
}

static void finish(struct vm *vm, struct sqlite_cursor *cursor)
{
    sqlite_reset(vm, cursor->statement);
    cursor->statement = NONE;
}

/* ---- executing ---- */

static int step(struct vm *vm, struct sqlite_cursor *cursor)
{
    sqlite3_stmt *statement = statement_of(cursor->statement)->statement;
    int code = sqlite3_step(statement);
    if (vm->pending != VALUE_NULL)
        return SQLITE_ERROR;
    return code;
}

static bool describe(struct vm *vm, struct sqlite_cursor *cursor)
{
    sqlite3_stmt *statement = statement_of(cursor->statement)->statement;
    int columns = sqlite3_column_count(statement);
    if (cursor->description != NONE || !columns)
        return true;
    value description = tuple_new(vm, (size_t)columns);
    for (int i = 0; i < columns && description != VALUE_NULL; i++) {
        const char *name = sqlite3_column_name(statement, i);
        size_t size = name ? strlen(name) : 0;
        if (name && connection_of(cursor->connection)->detect_types & PARSE_COLUMN_NAMES) {
            const char *open = strchr(name, '[');
            if (open && open > name)
                size = (size_t)(open - name) - (open[-1] == ' ');
        }
        value text = name ? string_from_utf8(vm, name, size) : NONE;
        value one = text == VALUE_NULL ? text : tuple_pack(vm, 7, text, NONE, NONE, NONE, NONE, NONE, NONE);
        if (one == VALUE_NULL)
            return false;
        tuple_of(description)->items[i] = one;
    }
    cursor->description = description;
    return description != VALUE_NULL;
}

static bool execute_one(struct vm *vm, struct sqlite_cursor *cursor, value parameters, bool many)
{
    struct sqlite_connection *connection = connection_of(cursor->connection);
    struct sqlite_statement *statement = statement_of(cursor->statement);
    sqlite3_reset(statement->statement);
    statement->in_use = true;
    if (!sqlite_bind(vm, cursor->connection, statement, parameters))
        return false;
    int code = step(vm, cursor);
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        sqlite_raise(vm, connection->database);
        return false;
    }
    if (!find_converters(vm, cursor) || !describe(vm, cursor))
        return false;
    if (statement->changes_data && code == SQLITE_DONE) {
        int64_t changes = sqlite3_changes64(connection->database);
        cursor->row_count = many ? cursor->row_count + changes : changes;
    }
    if (code == SQLITE_ROW && many) {
        raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "executemany() can only execute DML statements.");
        return false;
    }
    if (code == SQLITE_DONE && !many)
        finish(vm, cursor);
    return true;
}

static bool execute_many(struct vm *vm, struct sqlite_cursor *cursor, value sequence)
{
    value iterator = get_iterator(vm, sequence), parameters;
    if (iterator == VALUE_NULL)
        return false;
    while ((parameters = iterator_next(vm, iterator)) != VALUE_NULL)
        if (!execute_one(vm, cursor, parameters, true))
            return false;
    return vm->pending == VALUE_NULL;
}

/* What every execution starts with; false: an exception is pending. */
static bool start(struct vm *vm, struct sqlite_cursor *cursor, value sql, bool many)
{
    struct sqlite_connection *connection = connection_of(cursor->connection);
    finish(vm, cursor);
    cursor->description = NONE;
    value statement = sqlite_prepare(vm, cursor->connection, sql);
    if (statement == VALUE_NULL)
        return false;
    cursor->statement = statement;
    cursor->row_count = -1;
    if (statement == NONE)
        return true;
    if (many && sqlite3_stmt_readonly(statement_of(statement)->statement)) {
        raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "executemany() can only execute DML statements.");
        return false;
    }
    if (statement_of(statement)->changes_data)
        cursor->row_count = 0;
    return !*connection->begin || !statement_of(statement)->changes_data || !sqlite3_get_autocommit(connection->database) ||
           sqlite_run(vm, connection, connection->begin);
}

/* While a cursor works, it can neither be used nor can its connection be closed by what it calls. */
static void lock(struct sqlite_cursor *cursor)
{
    cursor->locked = true;
    connection_of(cursor->connection)->running++;
}

static void unlock(struct sqlite_cursor *cursor)
{
    cursor->locked = false;
    connection_of(cursor->connection)->running--;
}

value sqlite_execute(struct vm *vm, value self, value sql, value parameters, bool many)
{
    struct sqlite_cursor *cursor = cursor_of(self);
    if (!usable(vm, cursor))
        return VALUE_NULL;
    if (!has_flag(sql, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "%s() argument 1 must be str, not %T", many ? "executemany" : "execute", sql);
    lock(cursor);
    bool done = start(vm, cursor, sql, many), empty = done && cursor->statement == NONE;
    done = done && (empty ? true : many ? execute_many(vm, cursor, parameters) : execute_one(vm, cursor, parameters, false));
    unlock(cursor);
    if (empty)
        return self;
    if (!done) {
        finish(vm, cursor);
        cursor->row_count = -1;
        return VALUE_NULL;
    }
    if (many)
        finish(vm, cursor);
    else
        cursor->last_row_id = int_from_int64(vm, sqlite3_last_insert_rowid(connection_of(cursor->connection)->database));
    return self;
}

value sqlite_execute_script(struct vm *vm, value self, value script)
{
    struct sqlite_cursor *cursor = cursor_of(self);
    if (!usable(vm, cursor))
        return VALUE_NULL;
    if (!has_flag(script, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "executescript() argument must be str, not %T", script);
    value bytes = string_encode(vm, script, "utf-8", "strict");
    if (bytes == VALUE_NULL)
        return bytes;
    sqlite3 *database = connection_of(cursor->connection)->database;
    const char *sql = (const char *)bytes_of(bytes)->data;
    if (strlen(sql) != bytes_of(bytes)->length)
        return raise_error(vm, &exc_ValueError, "embedded null character");
    if ((int64_t)strlen(sql) >= sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, -1))
        return raise_error(vm, sql_error(vm, SQL_DATA), "query string is too large");
    if (!sqlite3_get_autocommit(database) && !sqlite_run(vm, connection_of(cursor->connection), "COMMIT"))
        return VALUE_NULL;
    lock(cursor);
    bool failed = false;
    while (*sql && !failed) {
        sqlite3_stmt *statement = NULL;
        int code = sqlite3_prepare_v2(database, sql, -1, &statement, &sql);
        while (code == SQLITE_OK || code == SQLITE_ROW)
            code = statement ? sqlite3_step(statement) : SQLITE_DONE;
        int final = sqlite3_finalize(statement);
        failed = vm->pending != VALUE_NULL || (code != SQLITE_DONE && (final || code));
    }
    unlock(cursor);
    gc_keep(bytes);
    return failed ? sqlite_raise(vm, database) : self;
}

METHOD(execute)
{
    UNUSED;
    return sqlite_execute(vm, self, arguments[0], arguments[1] == VALUE_NULL ? vm->empty_tuple : arguments[1], false);
}

METHOD(executemany)
{
    UNUSED;
    return sqlite_execute(vm, self, arguments[0], arguments[1], true);
}

METHOD(executescript)
{
    UNUSED;
    return sqlite_execute_script(vm, self, arguments[0]);
}

/* ---- fetching ---- */

static value cursor_next(struct vm *vm, value self)
{
    struct sqlite_cursor *cursor = cursor_of(self);
    if (!usable(vm, cursor) || cursor->statement == NONE)
        return VALUE_NULL;
    lock(cursor);
    value row = fetch_row(vm, cursor);
    int code = row == VALUE_NULL ? SQLITE_ERROR : step(vm, cursor);
    unlock(cursor);
    if (row == VALUE_NULL)
        return row;
    if (code == SQLITE_DONE) {
        if (statement_of(cursor->statement)->changes_data)
            cursor->row_count = sqlite3_changes64(connection_of(cursor->connection)->database);
        finish(vm, cursor);
    } else if (code != SQLITE_ROW) {
        sqlite_raise(vm, connection_of(cursor->connection)->database);
        finish(vm, cursor);
        return VALUE_NULL;
    }
    return cursor->row_factory == NONE ? row : call_2(vm, cursor->row_factory, self, row);
}

METHOD(fetchone)
{
    UNUSED;
    value row = cursor_next(vm, self);
    return row == VALUE_NULL && vm->pending == VALUE_NULL ? NONE : row;
}

static value fetch(struct vm *vm, value self, int64_t most)
{
    value list = list_new(vm, 0), row;
    for (int64_t i = 0; list != VALUE_NULL && i < most && (row = cursor_next(vm, self)) != VALUE_NULL; i++)
        if (!list_append(vm, list_of(list), row))
            return VALUE_NULL;
    return vm->pending == VALUE_NULL ? list : VALUE_NULL;
}

METHOD(fetchmany)
{
    UNUSED;
    int64_t most = cursor_of(self)->array_size;
    if (arguments[0] != VALUE_NULL && !value_to_int64(vm, arguments[0], &most))
        return VALUE_NULL;
    return fetch(vm, self, most == 0 ? INT64_MAX : most < 0 ? INT64_MAX : most);
}

METHOD(fetchall)
{
    UNUSED;
    return fetch(vm, self, INT64_MAX);
}

METHOD(close)
{
    UNUSED;
    struct sqlite_cursor *cursor = cursor_of(self);
    if (cursor->locked)
        return raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Recursive use of cursors not allowed.");
    if (cursor->connection == NONE)
        return raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Base Cursor.__init__ not called.");
    if (!sqlite_check(vm, cursor->connection))
        return VALUE_NULL;
    finish(vm, cursor);
    cursor->closed = true;
    return NONE;
}

METHOD(setsizes)
{
    UNUSED;
    return NONE;
}

static value cursor_iter(struct vm *vm, value self) { (void)vm; return self; }
static value get_connection(struct vm *vm, value self) { (void)vm; return cursor_of(self)->connection; }
static value get_description(struct vm *vm, value self) { (void)vm; return cursor_of(self)->description; }
static value get_last_row_id(struct vm *vm, value self) { (void)vm; return cursor_of(self)->last_row_id; }
static value get_row_count(struct vm *vm, value self) { return int_from_int64(vm, cursor_of(self)->row_count); }
static value get_row_factory(struct vm *vm, value self) { (void)vm; return cursor_of(self)->row_factory; }
static bool set_row_factory(struct vm *vm, value self, value item)
{
    (void)vm;
    cursor_of(self)->row_factory = item == VALUE_NULL ? NONE : item;
    return true;
}
static value get_array_size(struct vm *vm, value self) { return int_from_int64(vm, cursor_of(self)->array_size); }
static bool set_array_size(struct vm *vm, value self, value item)
{
    return item != VALUE_NULL && value_to_int64(vm, item, &cursor_of(self)->array_size);
}

static const struct method_definition cursor_methods[] = {
    {"execute", "(sql, parameters=(), /)", cursor_execute, 0, NULL},
    {"executemany", "(sql, seq_of_parameters, /)", cursor_executemany, 0, NULL},
    {"executescript", "(sql_script, /)", cursor_executescript, 0, NULL}, {"fetchone", "()", cursor_fetchone, 0, NULL},
    {"fetchmany", "(size=1)", cursor_fetchmany, 0, NULL}, {"fetchall", "()", cursor_fetchall, 0, NULL},
    {"close", "()", cursor_close, 0, NULL}, {"setinputsizes", "(sizes, /)", cursor_setsizes, 0, NULL},
    {"setoutputsize", "(size, column=None, /)", cursor_setsizes, 0, NULL}, {0}};
static const struct property_definition cursor_properties[] = {
    {"connection", get_connection, NULL}, {"description", get_description, NULL}, {"lastrowid", get_last_row_id, NULL},
    {"rowcount", get_row_count, NULL}, {"row_factory", get_row_factory, set_row_factory},
    {"arraysize", get_array_size, set_array_size}, {0}};
struct type sqlite_cursor_type = {.name = "sqlite3.Cursor", .instance_size = sizeof(struct sqlite_cursor),
                                  .flags = TYPE_GETATTR_PLAIN | TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES, .trace = cursor_trace,
                                  .new = cursor_make, .init = cursor_init, .iter = cursor_iter, .next = cursor_next,
                                  .methods = cursor_methods, .properties = cursor_properties};
