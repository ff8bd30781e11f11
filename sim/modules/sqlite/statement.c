/* statement.c - prepared statements: the connection's cache of them, parameters, and values of columns. */
#include "sim/modules/sqlite/sqlite.h"

static void statement_release(struct vm *vm, struct object *object)
{
    bool quiet = vm->sqlite_quiet;
    vm->sqlite_quiet = true; /* no Python function of an aggregate may run now */
    sqlite3_finalize(((struct sqlite_statement *)object)->statement);
    vm->sqlite_quiet = quiet;
}

struct type sqlite_statement_type = {.name = "sqlite3.Statement", .instance_size = sizeof(struct sqlite_statement),
                                     .release = statement_release};

/* Behind white space and comments. */
static const char *skip_blank(const char *sql)
{
    for (;;) {
        if (*sql == ' ' || *sql == '\t' || *sql == '\n' || *sql == '\r') {
            sql++;
        } else if (sql[0] == '-' && sql[1] == '-') {
            while (*sql && *sql != '\n')
                sql++;
        } else if (sql[0] == '/' && sql[1] == '*') {
            const char *end = strstr(sql + 2, "*/");
            if (!end)
                return "";
            sql = end + 2;
        } else {
            return sql;
        }
    }
}

static bool changes_data(const char *sql)
{
    static const char *const words[] = {"INSERT", "UPDATE", "DELETE", "REPLACE"};
    sql = skip_blank(sql);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (sqlite3_strnicmp(sql, words[i], (int)strlen(words[i])) == 0)
            return true;
    return false;
}

static value statement_new(struct vm *vm, struct sqlite_connection *connection, value text)
{
    size_t size;
    value bytes = string_encode(vm, text, "utf-8", "strict");
    if (bytes == VALUE_NULL)
        return bytes;
    const char *sql = (const char *)bytes_of(bytes)->data, *rest;
    size = bytes_of(bytes)->length;
    if (size > (size_t)sqlite3_limit(connection->database, SQLITE_LIMIT_SQL_LENGTH, -1))
        return raise_error(vm, sql_error(vm, SQL_DATA), "query string is too large");
    if (strlen(sql) != size)
        return raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "the query contains a null character");
    sqlite3_stmt *prepared = NULL;
    int code = sqlite3_prepare_v2(connection->database, sql, (int)size + 1, &prepared, &rest);
    if (code != SQLITE_OK)
        return sqlite_raise(vm, connection->database);
    if (prepared && *skip_blank(rest)) {
        sqlite3_finalize(prepared);
        return raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "You can only execute one statement at a time.");
    }
    if (!prepared)
        return NONE;
    struct sqlite_statement *statement = GC_NEW(vm, struct sqlite_statement, &sqlite_statement_type);
    if (!statement) {
        sqlite3_finalize(prepared);
        return VALUE_NULL;
    }
    statement->statement = prepared;
    statement->changes_data = changes_data(sql);
    gc_keep(bytes);
    return object_value(statement);
}

value sqlite_prepare(struct vm *vm, value connection, value sql)
{
    struct sqlite_connection *owner = connection_of(connection);
    value known;
    int found = is_exact(sql, &string_type) ? dict_find(vm, dict_of(owner->statements), sql, &known) : 0;
    if (found < 0)
        return VALUE_NULL;
    if (found && !statement_of(known)->in_use)
        return known;
    value made = statement_new(vm, owner, sql);
    if (made == VALUE_NULL || made == NONE || found || !is_exact(sql, &string_type))
        return made;
    if ((int64_t)dict_of(owner->statements)->count >= owner->cache_size)
        dict_clear(vm, dict_of(owner->statements));
    return dict_set(vm, dict_of(owner->statements), sql, made) ? made : VALUE_NULL;
}

void sqlite_reset(struct vm *vm, value statement)
{
    (void)vm;
    if (statement == NONE || statement == VALUE_NULL || !statement_of(statement)->statement)
        return;
    sqlite3_reset(statement_of(statement)->statement);
    sqlite3_clear_bindings(statement_of(statement)->statement);
    statement_of(statement)->in_use = false;
}

/* ---- parameters ---- */

static int bind_text(struct vm *vm, sqlite3_stmt *statement, int position, value text)
{
    value bytes = string_encode(vm, text, "utf-8", "strict");
    if (bytes == VALUE_NULL)
        return SQLITE_ERROR;
    if (bytes_of(bytes)->length > INT32_MAX) {
        raise_error(vm, &exc_OverflowError, "string longer than INT_MAX bytes");
        return SQLITE_ERROR;
    }
    return sqlite3_bind_text(statement, position, (const char *)bytes_of(bytes)->data, (int)bytes_of(bytes)->length,
                             SQLITE_TRANSIENT);
}

static int bind_one(struct vm *vm, sqlite3_stmt *statement, int position, value item)
{
    struct span data;
    int64_t number;
    if (item == NONE)
        return sqlite3_bind_null(statement, position);
    if (is_int(item)) {
        if (value_to_int64(vm, item, &number))
            return sqlite3_bind_int64(statement, position, number);
        if (exception_matches(vm, &exc_OverflowError)) {
            exception_clear(vm);
            raise_error(vm, &exc_OverflowError, "Python int too large to convert to SQLite INTEGER");
        }
        return SQLITE_ERROR;
    }
    if (is_float(item))
        return sqlite3_bind_double(statement, position, float_number(item));
    if (has_flag(item, TYPE_STRING))
        return bind_text(vm, statement, position, item);
    if (has_buffer(vm, item)) {
        if (!bytes_like(vm, item, &data))
            return SQLITE_ERROR;
        if (data.length > INT32_MAX) {
            raise_error(vm, &exc_OverflowError, "BLOB longer than INT_MAX bytes");
            return SQLITE_ERROR;
        }
        return sqlite3_bind_blob(statement, position, data.length ? data.data : "", (int)data.length, SQLITE_TRANSIENT);
    }
    raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Error binding parameter %d: type '%T' is not supported", position, item);
    return SQLITE_ERROR;
}

static bool bind_adapted(struct vm *vm, value connection, sqlite3_stmt *statement, int position, value item)
{
    bool plain = item == NONE || is_exact(item, &string_type) || is_exact(item, &bytearray_type) || is_small_int(item) ||
                 is_exact(item, &int_type) || is_immediate_float(item) || is_exact(item, &float_type);
    if (!plain)
        item = sqlite_adapt(vm, item, type_object_value(&sqlite_protocol_type), item);
    if (item == VALUE_NULL)
        return false;
    int code = bind_one(vm, statement, position, item);
    if (code != SQLITE_OK)
        sqlite_raise(vm, connection_of(connection)->database);
    return code == SQLITE_OK;
}

static bool bind_named(struct vm *vm, value connection, sqlite3_stmt *statement, int wanted, value parameters)
{
    for (int i = 1; i <= wanted; i++) {
        const char *name = sqlite3_bind_parameter_name(statement, i);
        if (!name) {
            raise_error(vm, sql_error(vm, SQL_PROGRAMMING),
                        "Binding %d has no name, but you supplied a dictionary (which has only names).", i);
            return false;
        }
        value item = get_item(vm, parameters, string_from_text(vm, name + 1));
        if (item == VALUE_NULL && (is_exact(parameters, &dict_type) || exception_matches(vm, &exc_LookupError))) {
            exception_clear(vm);
            raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "You did not supply a value for binding parameter :%s.", name + 1);
        }
        if (item == VALUE_NULL || !bind_adapted(vm, connection, statement, i, item))
            return false;
    }
    return true;
}

bool sqlite_bind(struct vm *vm, value connection, struct sqlite_statement *prepared, value parameters)
{
    sqlite3_stmt *statement = prepared->statement;
    int wanted = sqlite3_bind_parameter_count(statement);
    bool sequence = has_flag(parameters, TYPE_TUPLE | TYPE_LIST) ||
                    (!has_flag(parameters, TYPE_DICT) && is_object(parameters) &&
                     type_lookup(vm, value_type(vm, parameters), NAMED(vm, __getitem__)) != VALUE_NULL &&
                     type_lookup(vm, value_type(vm, parameters), intern_text(vm, "keys")) == VALUE_NULL);
    if (is_object(parameters) && value_type(vm, parameters) == &sqlite_row_type)
        sequence = true;
    if (!sequence) {
        if (type_lookup(vm, value_type(vm, parameters), NAMED(vm, __getitem__)) != VALUE_NULL)
            return bind_named(vm, connection, statement, wanted, parameters);
        raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "parameters are of unsupported type");
        return false;
    }
    int64_t length = value_length(vm, parameters);
    if (length < 0)
        return false;
    if (length != wanted) {
        raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "Incorrect number of bindings supplied. The current statement uses %d, and "
                    "there are %lld supplied.", wanted, (long long)length);
        return false;
    }
    for (int i = 0; i < wanted; i++) {
        value item = get_item(vm, parameters, small_int(i));
        if (item == VALUE_NULL || !bind_adapted(vm, connection, statement, i + 1, item))
            return false;
    }
    return true;
}

/* ---- columns ---- */

value sqlite_column_value(struct vm *vm, struct sqlite_connection *connection, sqlite3_stmt *statement, int column)
{
    const void *data;
    size_t size;
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return NONE;
    case SQLITE_INTEGER: return int_from_int64(vm, sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT: return float_value(vm, sqlite3_column_double(statement, column));
    case SQLITE_TEXT:
        data = sqlite3_column_text(statement, column);
        size = (size_t)sqlite3_column_bytes(statement, column);
        ADD_WORK(vm, characters, size);
        if (connection->text_factory == type_object_value(&string_type)) {
            value text = bytes_decode(vm, data, size, "utf-8", "strict");
            if (text == VALUE_NULL && exception_matches(vm, &exc_UnicodeDecodeError)) {
                exception_clear(vm);
                value shown = bytes_decode(vm, data, size, "ascii", "replace");
                if (shown != VALUE_NULL)
                    raise_error(vm, sql_error(vm, SQL_OPERATIONAL), "Could not decode to UTF-8 column '%s' with text '%U'",
                                sqlite3_column_name(statement, column), shown);
            }
            return text;
        }
        value bytes = connection->text_factory == type_object_value(&bytearray_type) ? bytearray_from(vm, data, size)
                                                                                     : bytes_from(vm, data, size);
        if (bytes == VALUE_NULL || connection->text_factory == type_object_value(&bytes_type) || is_exact(bytes, &bytearray_type))
            return bytes;
        return call_1(vm, connection->text_factory, bytes);
    default:
        data = sqlite3_column_blob(statement, column);
        size = (size_t)sqlite3_column_bytes(statement, column);
        ADD_WORK(vm, characters, size);
        return bytes_from(vm, data, size);
    }
}
