/* connection.c - ssl._SSLSocket: one side of a connection, over two memory buffers or a socket. */
#include "sim/modules/ssl/ssl.h"
#include "sim/modules/socket/socket.h"
#include "sim/runtime/buffer.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"

#define SSL_OF(v) connection_of(v)->ssl

static void connection_trace(struct vm *vm, struct object *object)
{
    const struct connection_object *connection = (struct connection_object *)object;
    gc_mark(vm, connection->context);
    gc_mark(vm, connection->owner);
    gc_mark(vm, connection->server_hostname);
    gc_mark(vm, connection->raised);
    gc_mark(vm, connection->socket);
}

static void connection_release(struct vm *vm, struct object *object)
{
    (void)vm;
    SSL_free(((struct connection_object *)object)->ssl);
    BIO_meth_free(((struct connection_object *)object)->method);
}

/* ---- construction ---- */

static bool host_set(struct vm *vm, struct connection_object *connection, value name)
{
    if (!has_flag(name, TYPE_STRING)) {
        raise_error(vm, &exc_TypeError, "argument must be str, not %T", name);
        return false;
    }
    value encoded = string_encode(vm, name, "ascii", NULL);
    if (encoded == VALUE_NULL)
        return false;
    const char *host = (const char *)bytes_of(encoded)->data;
    if (strlen(host) != bytes_of(encoded)->length) {
        raise_error(vm, &exc_TypeError, "argument must be encoded string without null bytes, not str");
        return false;
    }
    if (!*host || *host == '.') {
        raise_error(vm, &exc_ValueError, "server_hostname cannot be an empty string or start with a leading dot.");
        return false;
    }
    connection->server_hostname = name;
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(host);
    ERR_clear_error();
    X509_VERIFY_PARAM *parameters = SSL_get0_param(connection->ssl);
    bool check = context_of(connection->context)->check_hostname, done = true;
    if (!address)
        done = SSL_set_tlsext_host_name(connection->ssl, host) &&
               (!check || X509_VERIFY_PARAM_set1_host(parameters, host, strlen(host)));
    else if (check)
        done = X509_VERIFY_PARAM_set1_ip(parameters, ASN1_STRING_get0_data(address), (size_t)ASN1_STRING_length(address));
    ASN1_OCTET_STRING_free(address);
    if (!done)
        ssl_fail(vm, LINE_OTHER);
    gc_keep(encoded);
    return done;
}

static void later_authentication_set(const struct connection_object *connection)
{
    if (!context_of(connection->context)->post_handshake_auth)
        return;
    int mode = SSL_get_verify_mode(connection->ssl);
    if (!connection->server)
        SSL_set_post_handshake_auth(connection->ssl, 1);
    else if (mode & SSL_VERIFY_PEER)
        SSL_set_verify(connection->ssl, mode | SSL_VERIFY_POST_HANDSHAKE, SSL_get_verify_callback(connection->ssl));
}

/* arguments: as _wrap_bio's; or a socket and nothing in place of the buffers */
value connection_new(struct vm *vm, value context, const value *arguments)
{
    int64_t server;
    if (!value_to_index(vm, arguments[2], &server))
        return VALUE_NULL;
    struct connection_object *connection = GC_NEW(vm, struct connection_object, &ssl_connection_type);
    if (!connection)
        return VALUE_NULL;
    connection->context = context;
    connection->owner = arguments[4] == VALUE_NULL ? NONE : arguments[4];
    connection->server_hostname = NONE;
    connection->raised = VALUE_NULL;
    connection->socket = NONE;
    connection->server = server != 0;
    ERR_clear_error();
    SSL *ssl = connection->ssl = SSL_new(context_of(context)->context);
    if (!ssl)
        return ssl_fail(vm, LINE_OTHER);
    SSL_set_app_data(ssl, connection);
    SSL_set_ex_data(ssl, 1, vm);
    if (arguments[1] == VALUE_NULL) {
        if (!stream_attach(vm, connection, arguments[0]))
            return VALUE_NULL;
    } else {
        BIO *incoming = memory_of(arguments[0])->bio, *outgoing = memory_of(arguments[1])->bio;
        BIO_up_ref(incoming);
        BIO_up_ref(outgoing);
        SSL_set_bio(ssl, incoming, outgoing);
    }
    SSL_set_mode(ssl, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY);
    later_authentication_set(connection);
    value self = object_value(connection);
    if (arguments[3] != VALUE_NULL && arguments[3] != NONE && !host_set(vm, connection, arguments[3]))
        return VALUE_NULL;
    if (server)
        SSL_set_accept_state(ssl);
    else
        SSL_set_connect_state(ssl);
    if (arguments[5] != VALUE_NULL && arguments[5] != NONE && !session_give(vm, self, arguments[5]))
        return VALUE_NULL;
    return self;
}

/* ---- talking ---- */

/* What a callback raised while OpenSSL was at work comes first. */
static bool callbacks_fine(struct vm *vm, value self)
{
    value raised = connection_of(self)->raised;
    connection_of(self)->raised = VALUE_NULL;
    if (raised != VALUE_NULL)
        raise_value(vm, raised);
    return raised == VALUE_NULL;
}

METHOD(do_handshake)
{
    UNUSED;
    ERR_clear_error();
    ADD_WORK(vm, calls, 1);
    struct socket_wait wait = {.message = "_ssl.c:975: The handshake operation timed out"};
    int result, again;
    do {
        result = SSL_do_handshake(SSL_OF(self));
    } while ((again = stream_again(vm, self, result, &wait)) > 0);
    if (again < 0)
        return VALUE_NULL;
    if (result < 1)
        return ssl_fail_connection(vm, self, result, LINE_HANDSHAKE);
    return callbacks_fine(vm, self) ? NONE : VALUE_NULL;
}

METHOD(write)
{
    UNUSED;
    struct span data;
    if (!bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    if (data.length > INT32_MAX)
        return raise_error(vm, &exc_OverflowError, "string longer than %d bytes", INT32_MAX);
    ERR_clear_error();
    ADD_WORK(vm, characters, data.length);
    struct socket_wait wait = {.message = "The write operation timed out"};
    int result, again;
    size_t written = 0;
    do {
        result = SSL_write_ex(SSL_OF(self), data.data, data.length, &written);
    } while ((again = stream_again(vm, self, result, &wait)) > 0);
    gc_keep(arguments[0]);
    if (again < 0)
        return VALUE_NULL;
    if (result <= 0)
        return ssl_fail_connection(vm, self, result, LINE_WRITE);
    return callbacks_fine(vm, self) ? int_from_uint64(vm, written) : VALUE_NULL;
}

/* Into `out`; how many bytes, -1: an exception is pending. */
static int64_t read_into(struct vm *vm, value self, uint8_t *out, int64_t size)
{
    ERR_clear_error();
    struct socket_wait wait = {.message = "The read operation timed out"};
    int result, again;
    do {
        result = SSL_read(SSL_OF(self), out, (int)size);
    } while ((again = stream_again(vm, self, result, &wait)) > 0);
    if (again < 0)
        return -1;
    if (result <= 0 && SSL_get_error(SSL_OF(self), result) == SSL_ERROR_ZERO_RETURN &&
        SSL_get_shutdown(SSL_OF(self)) == SSL_RECEIVED_SHUTDOWN)
        return 0;
    if (result <= 0) {
        ssl_fail_connection(vm, self, result, LINE_READ);
        return -1;
    }
    ADD_WORK(vm, characters, result);
    return callbacks_fine(vm, self) ? result : -1;
}

METHOD(read)
{
    UNUSED;
    int64_t size;
    uint8_t *data;
    size_t room;
    if (count < 1 || count > 2)
        return raise_error(vm, &exc_TypeError, "_ssl._SSLSocket.read requires 1 to 2 arguments");
    if (!value_to_index(vm, arguments[0], &size))
        return VALUE_NULL;
    if (count == 2) {
        if (!buffer_writable(vm, arguments[1], "read() argument 2 must be read-write bytes-like object, not %T", &data, &room))
            return VALUE_NULL;
        if (size <= 0 || size > (int64_t)room)
            size = (int64_t)room;
        int64_t got = size ? read_into(vm, self, data, size) : 0;
        gc_keep(arguments[1]);
        return got < 0 ? VALUE_NULL : small_int(got);
    }
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "size should not be negative");
    value result = bytes_from(vm, NULL, (size_t)size);
    if (result == VALUE_NULL || !size)
        return result;
    int64_t got = read_into(vm, self, bytes_of(result)->data, size);
    return got < 0 ? VALUE_NULL : got == size ? result : bytes_from(vm, bytes_of(result)->data, (size_t)got);
}

METHOD(pending)
{
    UNUSED;
    return small_int(SSL_pending(SSL_OF(self)));
}

METHOD(shutdown)
{
    UNUSED;
    ERR_clear_error();
    struct socket_wait wait = {.message = "The read operation timed out"};
    int result, again = 0, tries = 0;
    do {
        result = SSL_shutdown(SSL_OF(self));
        if (result == 0 && ++tries < 2) /* our side is closed; is the other one, too? */
            result = SSL_shutdown(SSL_OF(self));
    } while (result < 0 && (again = stream_again(vm, self, result, &wait)) > 0);
    if (again < 0)
        return VALUE_NULL;
    if (result < 0)
        return ssl_fail_connection(vm, self, result, LINE_SHUTDOWN);
    return callbacks_fine(vm, self) ? connection_of(self)->socket : VALUE_NULL;
}

/* ---- what came of it ---- */

METHOD(cipher)
{
    UNUSED;
    const SSL_CIPHER *cipher = SSL_get_current_cipher(SSL_OF(self));
    return cipher ? cipher_tuple(vm, cipher) : NONE;
}

METHOD(shared_ciphers)
{
    UNUSED;
    STACK_OF(SSL_CIPHER) *ciphers = SSL_get_ciphers(SSL_OF(self)); /* this side's: so CPython 3.11 */
    value list = ciphers ? list_new(vm, 0) : NONE;
    for (int i = 0; list != VALUE_NULL && i < sk_SSL_CIPHER_num(ciphers); i++) {
        value item = cipher_tuple(vm, sk_SSL_CIPHER_value(ciphers, i));
        if (item == VALUE_NULL || !list_append(vm, list_of(list), item))
            return VALUE_NULL;
    }
    return list;
}

METHOD(version)
{
    UNUSED;
    if (!SSL_is_init_finished(SSL_OF(self)))
        return NONE;
    const char *version = SSL_get_version(SSL_OF(self));
    return strcmp(version, "unknown") ? string_from_text(vm, version) : NONE;
}

METHOD(selected_alpn_protocol)
{
    UNUSED;
    const unsigned char *name;
    unsigned size;
    SSL_get0_alpn_selected(SSL_OF(self), &name, &size);
    return name ? string_from_utf8(vm, (const char *)name, size) : NONE;
}

METHOD(compression)
{
    UNUSED;
    return NONE;
}

METHOD(getpeercert)
{
    UNUSED;
    int binary = arguments[0] == VALUE_NULL ? 0 : value_truth(vm, arguments[0]);
    if (binary < 0)
        return VALUE_NULL;
    if (!SSL_is_init_finished(SSL_OF(self)))
        return raise_error(vm, &exc_ValueError, "handshake not done yet");
    X509 *certificate = SSL_get0_peer_certificate(SSL_OF(self));
    if (!certificate)
        return NONE;
    if (binary)
        return certificate_der(vm, certificate);
    if (!(SSL_CTX_get_verify_mode(SSL_get_SSL_CTX(SSL_OF(self))) & SSL_VERIFY_PEER))
        return dict_new(vm);
    return certificate_decode(vm, certificate);
}

static value chain_list(struct vm *vm, STACK_OF(X509) *chain)
{
    value list = list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < sk_X509_num(chain); i++) {
        value certificate = certificate_new(vm, sk_X509_value(chain, i));
        if (certificate == VALUE_NULL || !list_append(vm, list_of(list), certificate))
            return VALUE_NULL;
    }
    return list;
}

METHOD(get_verified_chain)
{
    UNUSED;
    STACK_OF(X509) *chain = SSL_get0_verified_chain(SSL_OF(self));
    return chain ? chain_list(vm, chain) : NONE;
}

METHOD(get_unverified_chain)
{
    UNUSED;
    STACK_OF(X509) *chain = SSL_get_peer_cert_chain(SSL_OF(self));
    if (!chain)
        return NONE;
    value list = chain_list(vm, chain);
    if (list == VALUE_NULL || !connection_of(self)->server) /* a server's chain lacks the peer's own */
        return list;
    value own = certificate_new(vm, SSL_get0_peer_certificate(SSL_OF(self)));
    const value zero[] = {small_int(0), own};
    return own == VALUE_NULL || call_method(vm, list, "insert", zero, 2) == VALUE_NULL ? VALUE_NULL : list;
}

METHOD(get_channel_binding)
{
    UNUSED;
    char message[128];
    value kind = arguments[0];
    if (kind != VALUE_NULL && !has_flag(kind, TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "get_channel_binding() argument 'cb_type' must be str, not %T", kind);
    if (kind != VALUE_NULL && !string_is(kind, "tls-unique"))
        return raise_error(vm, &exc_ValueError, "'%U' channel binding type not implemented", kind);
    bool own = SSL_session_reused(SSL_OF(self)) == !connection_of(self)->server;
    size_t size = own ? SSL_get_finished(SSL_OF(self), message, sizeof message)
                      : SSL_get_peer_finished(SSL_OF(self), message, sizeof message);
    return size ? bytes_from(vm, message, size) : NONE;
}

METHOD(verify_client_post_handshake)
{
    UNUSED;
    ERR_clear_error();
    return SSL_verify_client_post_handshake(SSL_OF(self)) ? NONE : ssl_fail(vm, LINE_OTHER);
}

static value get_context(struct vm *vm, value self) { (void)vm; return connection_of(self)->context; }
static value get_owner(struct vm *vm, value self) { (void)vm; return connection_of(self)->owner; }
static value get_server_side(struct vm *vm, value self) { (void)vm; return bool_value(connection_of(self)->server); }
static value get_server_hostname(struct vm *vm, value self) { (void)vm; return connection_of(self)->server_hostname; }
static value get_session(struct vm *vm, value self) { return session_take(vm, self); }
static value get_reused(struct vm *vm, value self) { (void)vm; return bool_value(SSL_session_reused(SSL_OF(self))); }

static bool set_context(struct vm *vm, value self, value item)
{
    if (item == VALUE_NULL || !is_instance(vm, item, &ssl_context_type)) {
        raise_error(vm, &exc_TypeError, "The value must be a SSLContext");
        return false;
    }
    connection_of(self)->context = item;
    SSL_set_SSL_CTX(SSL_OF(self), context_of(item)->context);
    return true;
}

static bool set_owner(struct vm *vm, value self, value item)
{
    (void)vm;
    connection_of(self)->owner = item == VALUE_NULL ? NONE : item;
    return true;
}

static bool set_session(struct vm *vm, value self, value item)
{
    return session_give(vm, self, item == VALUE_NULL ? NONE : item);
}

static const struct method_definition methods[] = {
    {"do_handshake", "()", ssl_do_handshake, 0, NULL},
    {"write", "(b, /)", ssl_write, 0, NULL},
    {"read", NULL, ssl_read, 0, NULL},
    {"pending", "()", ssl_pending, 0, NULL},
    {"shutdown", "()", ssl_shutdown, 0, NULL},
    {"cipher", "()", ssl_cipher, 0, NULL},
    {"shared_ciphers", "()", ssl_shared_ciphers, 0, NULL},
    {"version", "()", ssl_version, 0, NULL},
    {"selected_alpn_protocol", "()", ssl_selected_alpn_protocol, 0, NULL},
    {"compression", "()", ssl_compression, 0, NULL},
    {"getpeercert", "(der=False, /)", ssl_getpeercert, 0, NULL},
    {"get_verified_chain", "()", ssl_get_verified_chain, 0, NULL},
    {"get_unverified_chain", "()", ssl_get_unverified_chain, 0, NULL},
    {"get_channel_binding", "(cb_type='tls-unique')", ssl_get_channel_binding, 0, NULL},
    {"verify_client_post_handshake", "()", ssl_verify_client_post_handshake, 0, NULL},
    {0},
};
static const struct property_definition properties[] = {{"context", get_context, set_context},
                                                        {"owner", get_owner, set_owner},
                                                        {"server_side", get_server_side, NULL},
                                                        {"server_hostname", get_server_hostname, NULL},
                                                        {"session", get_session, set_session},
                                                        {"session_reused", get_reused, NULL},
                                                        {0}};
struct type ssl_connection_type = {.name = "_ssl._SSLSocket",
                                   .flags = TYPE_GETATTR_PLAIN,
                                   .instance_size = sizeof(struct connection_object),
                                   .trace = connection_trace,
                                   .release = connection_release,
                                   .methods = methods,
                                   .properties = properties};
