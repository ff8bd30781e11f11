/* sqlite.h - module _sqlite3 on libsqlite3: what its files share.
 *
 * module.c: constants, exceptions, adapters and converters. connection.c: Connection. callback.c: Python functions that SQL calls.
 * cursor.c: Cursor. statement.c: prepared statements and their parameters. row.c: Row. storage.c: files, within the sandbox. */
#ifndef HYBRIDSIM_SIM_MODULES_SQLITE_SQLITE_H
#define HYBRIDSIM_SIM_MODULES_SQLITE_SQLITE_H

#include "sim/modules/native_error.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#include <sqlite3.h>

enum sqlite_error { /* vm->sqlite_errors */
    SQL_WARNING, SQL_ERROR, SQL_INTERFACE, SQL_DATABASE, SQL_INTERNAL, SQL_OPERATIONAL, SQL_PROGRAMMING, SQL_INTEGRITY, SQL_DATA,
    SQL_NOT_SUPPORTED, SQL_ERROR_COUNT
};
_Static_assert(SQL_ERROR_COUNT == sizeof ((struct vm *)0)->sqlite_errors / sizeof(value), "one field for each exception");
enum { PARSE_DECLARED = 1, PARSE_COLUMN_NAMES = 2 }; /* detect_types */

struct sqlite_connection {
    struct object head;
    sqlite3 *database;        /* NULL: closed */
    struct vm *vm;
    bool initialized, uses_uri;
    unsigned running;         /* statements under way, which may be calling Python: it cannot be closed now */
    int64_t detect_types, cache_size;
    value isolation_level;    /* str or NONE */
    char begin[24];           /* "BEGIN IMMEDIATE"; empty: no transactions are begun */
    value row_factory, text_factory;
    value statements;         /* dict: SQL text -> statement */
    value callbacks;          /* list of what SQL may call: kept as long as the connection */
    value aggregates;         /* dict: number -> instance of an aggregate under way */
    int64_t aggregate_count;
    value trace, authorizer, progress; /* or NONE */
};

struct sqlite_statement {
    struct object head;
    sqlite3_stmt *statement;
    bool changes_data;        /* INSERT, UPDATE, DELETE, REPLACE */
    bool in_use;
};

struct sqlite_cursor {
    struct object head;
    value connection;         /* or NONE: __init__ was not called */
    value statement;          /* being stepped through, or NONE */
    value description, row_factory, last_row_id;
    value converters;         /* list: one a column, or NONE */
    int64_t array_size, row_count;
    bool closed, locked, initialized;
};

extern struct type sqlite_connection_type, sqlite_cursor_type, sqlite_row_type, sqlite_statement_type, sqlite_protocol_type,
    sqlite_blob_type;

static inline struct sqlite_connection *connection_of(value v) { return (struct sqlite_connection *)value_object(v); }
static inline struct sqlite_statement *statement_of(value v) { return (struct sqlite_statement *)value_object(v); }
static inline struct sqlite_cursor *cursor_of(value v) { return (struct sqlite_cursor *)value_object(v); }
static inline struct type *sql_error(struct vm *vm, enum sqlite_error which) { return native_error(vm->sqlite_errors[which]); }

/* The library's last error as an exception, unless one is pending already (from a callback, say). Always VALUE_NULL. */
value sqlite_raise(struct vm *vm, sqlite3 *database);
/* Open and usable; false: ProgrammingError pending. */
bool sqlite_check(struct vm *vm, value connection);
/* The statement for this text, from the connection's cache or new; NONE for a text without any statement. */
value sqlite_prepare(struct vm *vm, value connection, value sql);
bool sqlite_bind(struct vm *vm, value connection, struct sqlite_statement *statement, value parameters);
void sqlite_reset(struct vm *vm, value statement);
/* Runs a statement that has no rows and no parameters. */
bool sqlite_run(struct vm *vm, struct sqlite_connection *connection, const char *sql);
/* A value as adapters make of it; `otherwise` when none is there. */
value sqlite_adapt(struct vm *vm, value item, value protocol, value otherwise);
/* One column of the current row, or a function's argument, without converters. */
value sqlite_column_value(struct vm *vm, struct sqlite_connection *connection, sqlite3_stmt *statement, int column);
value sqlite_cursor_new(struct vm *vm, value connection);
value sqlite_execute(struct vm *vm, value cursor, value sql, value parameters, bool many);
value sqlite_execute_script(struct vm *vm, value cursor, value script);

/* The virtual file system of this vm: every file is opened by the sandbox's rules; its clock and randomness are the program's. */
const char *sqlite_storage(struct vm *vm);

value sqlite_blob_open(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names); /* blob.c */
value sqlite_create_function(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value sqlite_create_aggregate(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value sqlite_create_window_function(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value sqlite_create_collation(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value sqlite_set_authorizer(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value sqlite_set_progress(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value sqlite_set_trace(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

#endif
