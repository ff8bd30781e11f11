/* module.c - module _sqlite3: exceptions, constants, adapters and converters. */
#include "sim/modules/sqlite/sqlite.h"

#define METHOD(name)                                                                                                   \
    static value sqlite_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

#define SQL_CONSTANTS(X) \
    X(ABORT) X(ABORT_ROLLBACK) X(ALTER_TABLE) X(ANALYZE) X(ATTACH) X(AUTH) X(AUTH_USER) X(BUSY) X(BUSY_RECOVERY) \
    X(BUSY_SNAPSHOT) X(BUSY_TIMEOUT) X(CANTOPEN) X(CANTOPEN_CONVPATH) X(CANTOPEN_DIRTYWAL) X(CANTOPEN_FULLPATH) \
    X(CANTOPEN_ISDIR) X(CANTOPEN_NOTEMPDIR) X(CANTOPEN_SYMLINK) X(CONSTRAINT) X(CONSTRAINT_CHECK) \
    X(CONSTRAINT_COMMITHOOK) X(CONSTRAINT_FOREIGNKEY) X(CONSTRAINT_FUNCTION) X(CONSTRAINT_NOTNULL) \
    X(CONSTRAINT_PINNED) X(CONSTRAINT_PRIMARYKEY) X(CONSTRAINT_ROWID) X(CONSTRAINT_TRIGGER) X(CONSTRAINT_UNIQUE) \
    X(CONSTRAINT_VTAB) X(CORRUPT) X(CORRUPT_INDEX) X(CORRUPT_SEQUENCE) X(CORRUPT_VTAB) X(CREATE_INDEX) \
    X(CREATE_TABLE) X(CREATE_TEMP_INDEX) X(CREATE_TEMP_TABLE) X(CREATE_TEMP_TRIGGER) X(CREATE_TEMP_VIEW) \
    X(CREATE_TRIGGER) X(CREATE_VIEW) X(CREATE_VTABLE) X(DELETE) X(DENY) X(DETACH) X(DONE) X(DROP_INDEX) \
    X(DROP_TABLE) X(DROP_TEMP_INDEX) X(DROP_TEMP_TABLE) X(DROP_TEMP_TRIGGER) X(DROP_TEMP_VIEW) X(DROP_TRIGGER) \
    X(DROP_VIEW) X(DROP_VTABLE) X(EMPTY) X(ERROR) X(ERROR_MISSING_COLLSEQ) X(ERROR_RETRY) X(ERROR_SNAPSHOT) \
    X(FORMAT) X(FULL) X(FUNCTION) X(IGNORE) X(INSERT) X(INTERNAL) X(INTERRUPT) X(IOERR) X(IOERR_ACCESS) \
    X(IOERR_AUTH) X(IOERR_BEGIN_ATOMIC) X(IOERR_BLOCKED) X(IOERR_CHECKRESERVEDLOCK) X(IOERR_CLOSE) \
    X(IOERR_COMMIT_ATOMIC) X(IOERR_CONVPATH) X(IOERR_CORRUPTFS) X(IOERR_DATA) X(IOERR_DELETE) X(IOERR_DELETE_NOENT) \
    X(IOERR_DIR_CLOSE) X(IOERR_DIR_FSYNC) X(IOERR_FSTAT) X(IOERR_FSYNC) X(IOERR_GETTEMPPATH) X(IOERR_LOCK) \
    X(IOERR_MMAP) X(IOERR_NOMEM) X(IOERR_RDLOCK) X(IOERR_READ) X(IOERR_ROLLBACK_ATOMIC) X(IOERR_SEEK) \
    X(IOERR_SHMLOCK) X(IOERR_SHMMAP) X(IOERR_SHMOPEN) X(IOERR_SHMSIZE) X(IOERR_SHORT_READ) X(IOERR_TRUNCATE) \
    X(IOERR_UNLOCK) X(IOERR_VNODE) X(IOERR_WRITE) X(LIMIT_ATTACHED) X(LIMIT_COLUMN) X(LIMIT_COMPOUND_SELECT) \
    X(LIMIT_EXPR_DEPTH) X(LIMIT_FUNCTION_ARG) X(LIMIT_LENGTH) X(LIMIT_LIKE_PATTERN_LENGTH) X(LIMIT_SQL_LENGTH) \
    X(LIMIT_TRIGGER_DEPTH) X(LIMIT_VARIABLE_NUMBER) X(LIMIT_VDBE_OP) X(LIMIT_WORKER_THREADS) X(LOCKED) \
    X(LOCKED_SHAREDCACHE) X(LOCKED_VTAB) X(MISMATCH) X(MISUSE) X(NOLFS) X(NOMEM) X(NOTADB) X(NOTFOUND) X(NOTICE) \
    X(NOTICE_RECOVER_ROLLBACK) X(NOTICE_RECOVER_WAL) X(OK) X(OK_LOAD_PERMANENTLY) X(OK_SYMLINK) X(PERM) X(PRAGMA) \
    X(PROTOCOL) X(RANGE) X(READ) X(READONLY) X(READONLY_CANTINIT) X(READONLY_CANTLOCK) X(READONLY_DBMOVED) \
    X(READONLY_DIRECTORY) X(READONLY_RECOVERY) X(READONLY_ROLLBACK) X(RECURSIVE) X(REINDEX) X(ROW) X(SAVEPOINT) \
    X(SCHEMA) X(SELECT) X(TOOBIG) X(TRANSACTION) X(UPDATE) X(WARNING) X(WARNING_AUTOINDEX)

static const struct integer_constant sql_constants[] = {
#define X(name) {"SQLITE_" #name, SQLITE_##name},
    SQL_CONSTANTS(X)
#undef X
    {"PARSE_DECLTYPES", PARSE_DECLARED}, {"PARSE_COLNAMES", PARSE_COLUMN_NAMES}, {"threadsafety", 3}, {0}};

struct type sqlite_protocol_type = {.name = "sqlite3.PrepareProtocol", .flags = TYPE_GETATTR_PLAIN | TYPE_SUBCLASSABLE,
                                    .instance_size = sizeof(struct object)};

static struct type *error_for(struct vm *vm, int code)
{
    switch (code & 0xff) {
    case SQLITE_INTERNAL: case SQLITE_NOTFOUND: return sql_error(vm, SQL_INTERNAL);
    case SQLITE_ERROR: case SQLITE_PERM: case SQLITE_ABORT: case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_READONLY:
    case SQLITE_INTERRUPT: case SQLITE_IOERR: case SQLITE_FULL: case SQLITE_CANTOPEN: case SQLITE_PROTOCOL: case SQLITE_EMPTY:
    case SQLITE_SCHEMA: return sql_error(vm, SQL_OPERATIONAL);
    case SQLITE_CORRUPT: return sql_error(vm, SQL_DATABASE);
    case SQLITE_TOOBIG: return sql_error(vm, SQL_DATA);
    case SQLITE_CONSTRAINT: case SQLITE_MISMATCH: return sql_error(vm, SQL_INTEGRITY);
    case SQLITE_MISUSE: case SQLITE_RANGE: return sql_error(vm, SQL_INTERFACE);
    }
    return sql_error(vm, SQL_DATABASE);
}

value sqlite_raise(struct vm *vm, sqlite3 *database)
{
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    int code = sqlite3_errcode(database), extended = sqlite3_extended_errcode(database);
    if (code == SQLITE_NOMEM)
        return raise_no_memory(vm);
    value message = string_from_text(vm, sqlite3_errmsg(database));
    value error = message == VALUE_NULL ? message : call_1(vm, object_value(error_for(vm, code)), message);
    const char *name = "unknown";
    for (const struct integer_constant *known = sql_constants; known->name; known++)
        if (known->number == extended && !strncmp(known->name, "SQLITE_", 7)) {
            static const char *const not_codes[] = {"SQLITE_DENY", "SQLITE_CREATE", "SQLITE_DROP", "SQLITE_LIMIT", "SQLITE_DELETE",
                "SQLITE_INSERT", "SQLITE_PRAGMA", "SQLITE_READ", "SQLITE_SELECT", "SQLITE_TRANSACTION", "SQLITE_UPDATE",
                "SQLITE_ATTACH", "SQLITE_DETACH", "SQLITE_ALTER", "SQLITE_REINDEX", "SQLITE_ANALYZE", "SQLITE_FUNCTION",
                "SQLITE_SAVEPOINT", "SQLITE_RECURSIVE", "SQLITE_IGNORE"};
            bool is_code = true;
            for (size_t i = 0; i < sizeof not_codes / sizeof *not_codes; i++)
                is_code &=
                    strncmp(known->name, not_codes[i], strlen(not_codes[i])) != 0 || !strncmp(known->name, "SQLITE_READONLY", 15);
            if (is_code)
                name = known->name;
        }
    if (error == VALUE_NULL || !set_attribute(vm, error, intern_text(vm, "sqlite_errorcode"), small_int(extended)) ||
        !set_attribute(vm, error, intern_text(vm, "sqlite_errorname"), string_from_text(vm, name)))
        return VALUE_NULL;
    return raise_value(vm, error);
}

/* ---- adapters and converters ---- */

value sqlite_adapt(struct vm *vm, value item, value protocol, value otherwise)
{
    value key = tuple_pack(vm, 2, type_object_value(value_type(vm, item)), protocol), adapter, method;
    int found = key == VALUE_NULL ? -1 : dict_find(vm, dict_of(vm->sqlite_adapters), key, &adapter);
    if (found)
        return found < 0 ? VALUE_NULL : call_1(vm, adapter, item);
    const struct { value object, argument; const char *name; } ways[] = {{protocol, item, "__adapt__"}, {item, protocol, "__conform__"}};
    for (int i = 0; i < 2; i++) {
        found = find_attribute(vm, ways[i].object, intern_text(vm, ways[i].name), &method);
        if (found < 0)
            return VALUE_NULL;
        value made = found ? call_1(vm, method, ways[i].argument) : NONE;
        if (made == VALUE_NULL && exception_matches(vm, &exc_TypeError))
            exception_clear(vm);
        else if (made != NONE)
            return made;
    }
    return otherwise != VALUE_NULL ? otherwise : raise_error(vm, sql_error(vm, SQL_PROGRAMMING), "can't adapt");
}

METHOD(adapt_function)
{
    UNUSED;
    return sqlite_adapt(vm, arguments[0], arguments[1] == VALUE_NULL ? type_object_value(&sqlite_protocol_type) : arguments[1],
                        arguments[2]);
}

METHOD(register_adapter)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_TYPE))
        return raise_error(vm, &exc_TypeError, "register_adapter() argument 1 must be type, not %T", arguments[0]);
    value key = tuple_pack(vm, 2, arguments[0], type_object_value(&sqlite_protocol_type));
    return key != VALUE_NULL && dict_set(vm, dict_of(vm->sqlite_adapters), key, arguments[1]) ? NONE : VALUE_NULL;
}

METHOD(register_converter)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "register_converter() argument 1 must be str, not %T", arguments[0]);
    value name = call_method(vm, arguments[0], "upper", NULL, 0);
    return name != VALUE_NULL && dict_set(vm, dict_of(vm->sqlite_converters), name, arguments[1]) ? NONE : VALUE_NULL;
}

/* ---- functions ---- */

/* connect(database, ..., factory=Connection, ...): what the factory makes of all the arguments. */
METHOD(connect)
{
    (void)self;
    value factory = type_object_value(&sqlite_connection_type);
    for (size_t i = 0; i < keyword_count(keyword_names); i++)
        if (string_is(tuple_of(keyword_names)->items[i], "factory"))
            factory = arguments[count + i];
    if (count > 5)
        factory = arguments[5];
    return call(vm, factory, arguments, count, keyword_names);
}

METHOD(complete_statement)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "complete_statement() argument 'statement' must be str, not %T", arguments[0]);
    const char *sql = string_utf8(vm, arguments[0], NULL);
    return sql ? bool_value(sqlite3_complete(sql)) : VALUE_NULL;
}

METHOD(enable_callback_tracebacks)
{
    UNUSED;
    int truth = value_truth(vm, arguments[0]);
    vm->sqlite_tracebacks = truth > 0;
    return truth < 0 ? VALUE_NULL : NONE;
}

METHOD(enable_shared_cache)
{
    UNUSED;
    int truth = value_truth(vm, arguments[0]);
    return truth < 0 || sqlite3_enable_shared_cache(truth) != SQLITE_OK ? VALUE_NULL : NONE;
}

static bool add_errors(struct vm *vm, value module)
{
    static const struct { const char *name; enum sqlite_error which; int base; } errors[] = {
        {"Warning", SQL_WARNING, -1}, {"Error", SQL_ERROR, -1}, {"InterfaceError", SQL_INTERFACE, SQL_ERROR},
        {"DatabaseError", SQL_DATABASE, SQL_ERROR}, {"InternalError", SQL_INTERNAL, SQL_DATABASE},
        {"OperationalError", SQL_OPERATIONAL, SQL_DATABASE}, {"ProgrammingError", SQL_PROGRAMMING, SQL_DATABASE},
        {"IntegrityError", SQL_INTEGRITY, SQL_DATABASE}, {"DataError", SQL_DATA, SQL_DATABASE},
        {"NotSupportedError", SQL_NOT_SUPPORTED, SQL_DATABASE}};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        if (!native_error_make(vm, module, errors[i].name, "sqlite3",
                               errors[i].base < 0 ? &exc_Exception : sql_error(vm, (enum sqlite_error)errors[i].base),
                               &vm->sqlite_errors[errors[i].which]))
            return false;
    return true;
}

static bool sqlite_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    struct type *const types[] = {&sqlite_connection_type, &sqlite_cursor_type, &sqlite_row_type, &sqlite_statement_type,
                                  &sqlite_protocol_type, &sqlite_blob_type};
    static const char *const names[] = {"Connection", "Cursor", "Row", NULL, "PrepareProtocol", "Blob"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        type_ready(vm, types[i]);
        if (names[i] && !dict_set_text(vm, dict, names[i], type_object_value(types[i])))
            return false;
    }
    vm->sqlite_adapters = dict_new(vm);
    gc_add_root(vm, &vm->sqlite_adapters);
    vm->sqlite_converters = dict_new(vm);
    gc_add_root(vm, &vm->sqlite_converters);
    if (vm->sqlite_adapters == VALUE_NULL || vm->sqlite_converters == VALUE_NULL)
        return false;
    return add_errors(vm, module) && support_add_constants(vm, module, sql_constants) &&
           dict_set_text(vm, dict, "adapters", vm->sqlite_adapters) &&
           dict_set_text(vm, dict, "converters", vm->sqlite_converters) &&
           dict_set_text(vm, dict, "version", string_from_text(vm, "2.6.0")) &&
           dict_set_text(vm, dict, "sqlite_version", string_from_text(vm, sqlite3_libversion()));
}

static const struct method_definition functions[] = {
    {"connect", NULL, sqlite_connect, 0, NULL}, {"adapt", "(obj, proto=PrepareProtocolType, alt=None, /)", sqlite_adapt_function, 0, NULL},
    {"register_adapter", "(type, adapter, /)", sqlite_register_adapter, 0, NULL},
    {"register_converter", "(typename, converter, /)", sqlite_register_converter, 0, NULL},
    {"complete_statement", "(statement)", sqlite_complete_statement, 0, NULL},
    {"enable_callback_tracebacks", "(enable, /)", sqlite_enable_callback_tracebacks, 0, NULL},
    {"enable_shared_cache", "(do_enable)", sqlite_enable_shared_cache, 0, NULL}, {0}};
const struct native_module sqlite_module = {"_sqlite3", sqlite_initialize, functions};
