/* ssl.h - module _ssl on OpenSSL: contexts, certificates and connections over memory buffers or over sockets inside the process.
 * What OpenSSL takes for chance is computed from one reading of the system's entropy, which other runs replay (chance.c). */
#ifndef HYBRIDSIM_SIM_MODULES_SSL_SSL_H
#define HYBRIDSIM_SIM_MODULES_SSL_SSL_H

#include "sim/modules/support.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define METHOD(name)                                                                                                   \
    static value ssl_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* Numbers that programs see (ssl.PROTOCOL_..., ssl.CERT_..., ssl.TLSVersion). */
enum {
    PROTOCOL_SSL3 = 1, PROTOCOL_TLS, PROTOCOL_TLS1, PROTOCOL_TLS1_1, PROTOCOL_TLS1_2, PROTOCOL_CLIENT = 16, PROTOCOL_SERVER
};
enum { CERTIFICATE_NONE, CERTIFICATE_OPTIONAL, CERTIFICATE_REQUIRED };
enum { VERSION_MINIMUM = -2, VERSION_MAXIMUM = -1 };

/* Lines of CPython 3.11's _ssl.c: its error messages end with them. */
enum source_line {
    LINE_HANDSHAKE = 992, LINE_WRITE = 2393, LINE_READ = 2546, LINE_SHUTDOWN = 2672, LINE_CHAIN = 3877, LINE_KEY = 3898,
    LINE_KEY_CHECK = 3906, LINE_CADATA = 3992, LINE_LOCATIONS = 4126, LINE_PARAMETERS = 4174, LINE_OTHER = 3100
};

struct context_object {
    struct object head;
    SSL_CTX *context;
    value server_name_callback; /* or NONE */
    int protocol;
    unsigned host_flags;
    bool check_hostname, post_handshake_auth;
    unsigned char *alpn;        /* malloc'd: protocols with their lengths before them */
    unsigned alpn_size;
};

struct connection_object {
    struct object head;
    SSL *ssl;
    value context, owner, server_hostname; /* the latter two or NONE */
    value raised;      /* by a callback, while OpenSSL was at work; VALUE_NULL: nothing */
    bool server;
    value socket;      /* that it talks through; NONE: memory buffers */
    BIO_METHOD *method; /* ... and how */
    bool ended;        /* the socket's peer closed */
    int error_number;  /* errno of the socket's last failure */
};

struct memory_object {
    struct object head;
    BIO *bio;
    bool ended; /* write_eof() was called */
};

struct session_object {
    struct object head;
    SSL_SESSION *session;
    value context;
};

static inline struct context_object *context_of(value v) { return (struct context_object *)value_object(v); }
static inline struct connection_object *connection_of(value v) { return (struct connection_object *)value_object(v); }
static inline struct memory_object *memory_of(value v) { return (struct memory_object *)value_object(v); }
static inline struct session_object *session_of(value v) { return (struct session_object *)value_object(v); }

extern struct type ssl_error_type, ssl_context_type, ssl_connection_type, ssl_memory_type, ssl_session_type, ssl_certificate_type;

/* error.c; all answer VALUE_NULL with the exception pending, and empty OpenSSL's queue of errors. */
bool ssl_errors_ready(struct vm *vm, value module);
value ssl_fail(struct vm *vm, enum source_line line);                              /* for the newest error in the queue */
value ssl_fail_text(struct vm *vm, const char *text, enum source_line line);
value ssl_fail_plain(struct vm *vm, const char *message);                          /* SSLError(message) */
value ssl_fail_file(struct vm *vm, value filename, enum source_line line);         /* OSError if errno is set, else ssl_fail */
value ssl_fail_connection(struct vm *vm, value connection, int result, enum source_line line);

/* certificate.c */
value certificate_decode(struct vm *vm, X509 *certificate);
value certificate_der(struct vm *vm, X509 *certificate);
value certificate_new(struct vm *vm, X509 *certificate); /* takes a reference of its own */
value certificate_test_decode(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value object_name(struct vm *vm, const ASN1_OBJECT *object, bool numeric);

/* cipher.c */
value cipher_tuple(struct vm *vm, const SSL_CIPHER *cipher);
value cipher_dict(struct vm *vm, const SSL_CIPHER *cipher);

/* connection.c, session.c, memory.c */
value connection_new(struct vm *vm, value context, const value *arguments);
value session_take(struct vm *vm, value connection);
bool session_give(struct vm *vm, value connection, value session);

/* stream.c */
struct socket_wait;
bool stream_attach(struct vm *vm, struct connection_object *connection, value socket); /* false: pending */
/* An operation of OpenSSL's ended with `result`. 1: it was too early, now try again; 0: that is its result; -1: pending. */
int stream_again(struct vm *vm, value self, int result, struct socket_wait *wait);

/* load.c: methods of contexts that read files */
value context_load_cert_chain(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value context_load_verify_locations(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value context_load_dh_params(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value context_set_default_verify_paths(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

/* chance.c */
bool ssl_chance_start(struct vm *vm);

static inline value text_or_none(struct vm *vm, const char *text) { return text ? string_from_text(vm, text) : NONE; }

#endif
