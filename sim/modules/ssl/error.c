/* error.c - OpenSSL's errors as Python's exceptions: the class by what went wrong, the message as CPython's module words it. */
#include "sim/modules/ssl/ssl.h"
#include "sim/modules/native_error.h"

#include <errno.h>

struct ssl_reason {
    const char *name;
    int library, reason;
};
#include "ssl_tables.inc"

enum error_class {
    ERROR_ZERO_RETURN,
    ERROR_WANT_READ,
    ERROR_WANT_WRITE,
    ERROR_SYSCALL,
    ERROR_EOF,
    ERROR_VERIFICATION,
    ERROR_PLAIN
};

/* Numbers of ssl.SSLErrorNumber that are no SSL_ERROR_... of OpenSSL's. */
enum { NUMBER_EOF = 8, NUMBER_INVALID = 10 };

static value error_string(struct vm *vm, value self)
{
    const struct exception_object *error = (struct exception_object *)value_object(self);
    value text = error->fields[1];
    return has_flag(text, TYPE_STRING) ? text : value_string(vm, error->arguments);
}

struct type ssl_error_type = {.name = "ssl.SSLError",
                              .flags = TYPE_SUBCLASSABLE | TYPE_EXCEPTION,
                              .base = &exc_OSError,
                              .instance_size = sizeof(struct exception_object),
                              .string = error_string,
                              .doc = "An error occurred in the SSL implementation."};

static bool error_make(struct vm *vm, value module, const char *name, const char *doc, struct type *other_base, value *slot)
{
    value base = object_value(&ssl_error_type), namespace = dict_new(vm);
    value bases = other_base ? tuple_pack(vm, 2, base, object_value(other_base)) : tuple_pack(vm, 1, base);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "ssl")) ||
        !dict_set_text(vm, dict_of(namespace), "__doc__", string_from_text(vm, doc)))
        return false;
    value error = type_new_class(vm, &type_type, intern_text(vm, name), bases, namespace, VALUE_NULL);
    if (error == VALUE_NULL || !dict_set_text(vm, support_dict(module), name, error))
        return false;
    *slot = error;
    gc_add_root(vm, slot);
    return true;
}

static bool constants_add(struct vm *vm, value module)
{
    for (const struct integer_constant *row = ssl_truths; row->name; row++)
        if (!dict_set_text(vm, support_dict(module), row->name, bool_value(row->number != 0)))
            return false;
    return support_add_constants(vm, module, ssl_numbers) &&
           dict_set_text(vm, support_dict(module), "_DEFAULT_CIPHERS", string_from_text(vm, OSSL_default_cipher_list()));
}

bool ssl_errors_ready(struct vm *vm, value module)
{
    static const struct {
        const char *name, *doc;
    } classes[] = {{"SSLZeroReturnError", "SSL/TLS session closed cleanly."},
                   {"SSLWantReadError",
                    "Non-blocking SSL socket needs to read more data\nbefore the requested operation can be completed."},
                   {"SSLWantWriteError",
                    "Non-blocking SSL socket needs to write more data\nbefore the requested operation can be completed."},
                   {"SSLSyscallError", "System error when attempting SSL operation."},
                   {"SSLEOFError", "SSL/TLS connection terminated abruptly."},
                   {"SSLCertVerificationError", "A certificate could not be verified."}};
    type_ready(vm, &ssl_error_type);
    for (int i = 0; i < ERROR_PLAIN; i++)
        if (!error_make(vm, module, classes[i].name, classes[i].doc, i == ERROR_VERIFICATION ? &exc_ValueError : NULL,
                        &vm->ssl_errors[i]))
            return false;
    return constants_add(vm, module) && dict_set_text(vm, support_dict(module), "SSLError", object_value(&ssl_error_type));
}

/* ---- raising ---- */

static value reason_name(struct vm *vm, unsigned long code)
{
    for (const struct ssl_reason *row = ssl_reasons; row->name; row++)
        if (row->library == ERR_GET_LIB(code) && row->reason == ERR_GET_REASON(code))
            return string_from_text(vm, row->name);
    return NONE;
}

static value library_name(struct vm *vm, unsigned long code)
{
    for (const struct integer_constant *row = ssl_libraries; row->name; row++)
        if (row->number == ERR_GET_LIB(code))
            return string_from_text(vm, row->name);
    return NONE;
}

/* What was wrong with the peer's certificate. */
static value verification_text(struct vm *vm, value connection, long code)
{
    value host = connection_of(connection)->server_hostname;
    if (code == X509_V_ERR_HOSTNAME_MISMATCH)
        return string_printf(vm, "Hostname mismatch, certificate is not valid for '%S'.", host);
    if (code == X509_V_ERR_IP_ADDRESS_MISMATCH)
        return string_printf(vm, "IP address mismatch, certificate is not valid for '%S'.", host);
    return text_or_none(vm, X509_verify_cert_error_string(code));
}

struct failure {
    enum error_class class;
    int number;          /* errno of the exception */
    unsigned long code;  /* OpenSSL's; 0: none */
    const char *text;    /* NULL: the code's */
    value connection;    /* or VALUE_NULL */
    enum source_line line;
};

static value failure_message(struct vm *vm, const struct failure *failure, value library, value reason, value verification)
{
    const char *text = failure->text;
    if (!text && failure->code)
        text = ERR_reason_error_string(failure->code);
    if (!text)
        text = "unknown error";
    int line = (int)failure->line;
    if (verification != VALUE_NULL && reason != NONE && library != NONE)
        return string_printf(vm, "[%U: %U] %s: %S (_ssl.c:%d)", library, reason, text, verification, line);
    if (reason != NONE && library != NONE)
        return string_printf(vm, "[%U: %U] %s (_ssl.c:%d)", library, reason, text, line);
    if (library != NONE)
        return string_printf(vm, "[%U] %s (_ssl.c:%d)", library, text, line);
    return string_printf(vm, "%s (_ssl.c:%d)", text, line);
}

static value failure_raise(struct vm *vm, const struct failure *failure)
{
    value type = failure->class == ERROR_PLAIN ? object_value(&ssl_error_type) : vm->ssl_errors[failure->class];
    value library = failure->code ? library_name(vm, failure->code) : NONE;
    value reason = failure->code ? reason_name(vm, failure->code) : NONE, verification = VALUE_NULL;
    long verified = 0;
    if (failure->class == ERROR_VERIFICATION) {
        verified = SSL_get_verify_result(connection_of(failure->connection)->ssl);
        verification = verification_text(vm, failure->connection, verified);
    }
    value message = failure_message(vm, failure, library, reason, verification);
    ERR_clear_error();
    value error = message == VALUE_NULL ? message : call_2(vm, type, small_int(failure->number), message);
    if (error == VALUE_NULL || !set_attribute(vm, error, intern_text(vm, "reason"), reason) ||
        !set_attribute(vm, error, intern_text(vm, "library"), library))
        return VALUE_NULL;
    if (verification != VALUE_NULL && (!set_attribute(vm, error, intern_text(vm, "verify_code"), small_int(verified)) ||
                                       !set_attribute(vm, error, intern_text(vm, "verify_message"), verification)))
        return VALUE_NULL;
    return raise_value(vm, error);
}

value ssl_fail(struct vm *vm, enum source_line line)
{
    unsigned long code = ERR_peek_last_error();
    const struct failure failure = {ERROR_PLAIN, ERR_GET_REASON(code), code, NULL, VALUE_NULL, line};
    return failure_raise(vm, &failure);
}

value ssl_fail_text(struct vm *vm, const char *text, enum source_line line)
{
    const struct failure failure = {ERROR_PLAIN, 0, 0, text, VALUE_NULL, line};
    return failure_raise(vm, &failure);
}

value ssl_fail_plain(struct vm *vm, const char *message)
{
    ERR_clear_error();
    value error = call_1(vm, object_value(&ssl_error_type), string_from_text(vm, message));
    return error == VALUE_NULL ? error : raise_value(vm, error);
}

value ssl_fail_file(struct vm *vm, value filename, enum source_line line)
{
    if (errno == 0)
        return ssl_fail(vm, line);
    ERR_clear_error();
    return raise_os_error(vm, errno, filename);
}

value ssl_fail_connection(struct vm *vm, value connection, int result, enum source_line line)
{
    static const char eof[] = "EOF occurred in violation of protocol";
    unsigned long code = ERR_peek_last_error();
    int kind = SSL_get_error(connection_of(connection)->ssl, result);
    struct failure failure = {ERROR_PLAIN, kind, code, NULL, connection, line};
    switch (kind) {
    case SSL_ERROR_ZERO_RETURN:
        failure.class = ERROR_ZERO_RETURN;
        failure.text = "TLS/SSL connection has been closed (EOF)";
        break;
    case SSL_ERROR_WANT_READ:
        failure.class = ERROR_WANT_READ;
        failure.text = "The operation did not complete (read)";
        break;
    case SSL_ERROR_WANT_WRITE:
        failure.class = ERROR_WANT_WRITE;
        failure.text = "The operation did not complete (write)";
        break;
    case SSL_ERROR_WANT_X509_LOOKUP:
        failure.text = "The operation did not complete (X509 lookup)";
        break;
    case SSL_ERROR_SYSCALL:
        if (!code && connection_of(connection)->error_number) {
            int error = connection_of(connection)->error_number;
            connection_of(connection)->error_number = 0;
            return raise_os_error(vm, error, VALUE_NULL);
        }
        if (!code && result == 0) {
            failure.class = ERROR_EOF;
            failure.number = NUMBER_EOF;
            failure.text = eof;
        } else if (!code) {
            failure.class = ERROR_SYSCALL;
            failure.text = "Some I/O error occurred";
        }
        break;
    case SSL_ERROR_SSL:
        if (!code)
            failure.text = "A failure in the SSL library occurred";
        if (ERR_GET_LIB(code) != ERR_LIB_SSL)
            break;
        if (ERR_GET_REASON(code) == SSL_R_CERTIFICATE_VERIFY_FAILED)
            failure.class = ERROR_VERIFICATION;
        if (ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
            failure.class = ERROR_EOF;
            failure.number = NUMBER_EOF;
            failure.text = eof;
        }
        break;
    default:
        failure.number = NUMBER_INVALID;
        failure.text = "Invalid error code";
    }
    value pending = connection_of(connection)->raised;
    connection_of(connection)->raised = VALUE_NULL;
    failure_raise(vm, &failure);
    if (pending != VALUE_NULL) {
        exception_clear(vm);
        raise_value(vm, pending);
    }
    return VALUE_NULL;
}
