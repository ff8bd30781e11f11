/* context.c - ssl._SSLContext: what connections are made with. What it reads from files is in load.c. */
#include "sim/modules/ssl/ssl.h"
#include "sim/modules/sandbox.h"
#include "sim/modules/socket/socket.h"
#include "sim/runtime/attribute.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/warning.h"

#include <stdlib.h>

static void context_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct context_object *)object)->server_name_callback);
}

static void context_release(struct vm *vm, struct object *object)
{
    (void)vm;
    SSL_CTX_free(((struct context_object *)object)->context);
    free(((struct context_object *)object)->alpn);
}

static bool mode_set(struct vm *vm, struct context_object *context, int64_t mode)
{
    static const int modes[] = {SSL_VERIFY_NONE, SSL_VERIFY_PEER, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT};
    if (mode < CERTIFICATE_NONE || mode > CERTIFICATE_REQUIRED) {
        raise_error(vm, &exc_ValueError, "invalid value for verify_mode");
        return false;
    }
    SSL_CTX_set_verify(context->context, modes[mode], NULL);
    return true;
}

/* ---- construction ---- */

struct protocol {
    int number, minimum, maximum; /* versions: 0: whatever OpenSSL has */
    const SSL_METHOD *(*method)(void);
    const char *deprecated;
};
static const struct protocol protocols[] = {
    {PROTOCOL_TLS, 0, 0, TLS_method, "ssl.PROTOCOL_TLS is deprecated"},
    {PROTOCOL_TLS1, TLS1_VERSION, TLS1_VERSION, TLS_method, "ssl.PROTOCOL_TLSv1 is deprecated"},
    {PROTOCOL_TLS1_1, TLS1_1_VERSION, TLS1_1_VERSION, TLS_method, "ssl.PROTOCOL_TLSv1_1 is deprecated"},
    {PROTOCOL_TLS1_2, TLS1_2_VERSION, TLS1_2_VERSION, TLS_method, "ssl.PROTOCOL_TLSv1_2 is deprecated"},
    {PROTOCOL_CLIENT, 0, 0, TLS_client_method, NULL},
    {PROTOCOL_SERVER, 0, 0, TLS_server_method, NULL},
};

static const struct protocol *protocol_find(struct vm *vm, int64_t number)
{
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        if (protocols[i].number == number)
            return &protocols[i];
    raise_error(vm, &exc_ValueError, "invalid or unsupported protocol version %ld", (long)number);
    return NULL;
}

static void defaults_set(struct context_object *object)
{
    SSL_CTX *context = object->context;
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(context);
    static const unsigned char session_context[] = "Python";
    SSL_CTX_set_options(context, (SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS) | SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE |
                                     SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_id_context(context, session_context, sizeof session_context);
    X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_TRUSTED_FIRST);
    object->host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    X509_VERIFY_PARAM_set_hostflags(parameters, object->host_flags);
    SSL_CTX_set_post_handshake_auth(context, 0);
}

static value context_new(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    int64_t number;
    if (keyword_count(keyword_names) && type == &ssl_context_type)
        return raise_error(vm, &exc_TypeError, "_SSLContext() takes no keyword arguments");
    if (count != 1)
        return raise_error(vm, &exc_TypeError, "_SSLContext expected 1 argument, got %zu", count);
    if (!value_to_index(vm, arguments[0], &number))
        return VALUE_NULL;
    const struct protocol *protocol = protocol_find(vm, number);
    if (!protocol || (protocol->deprecated && !warning_issue(vm, &exc_DeprecationWarning, 2, "%s", protocol->deprecated)))
        return VALUE_NULL;
    struct context_object *context = instance_allocate(vm, type, sizeof *context);
    if (!context)
        return VALUE_NULL;
    context->server_name_callback = NONE;
    context->protocol = (int)number;
    context->context = SSL_CTX_new(protocol->method());
    if (!context->context)
        return ssl_fail(vm, LINE_OTHER);
    if (protocol->minimum) {
        SSL_CTX_set_min_proto_version(context->context, protocol->minimum);
        SSL_CTX_set_max_proto_version(context->context, protocol->maximum);
    }
    defaults_set(context);
    context->check_hostname = number == PROTOCOL_CLIENT;
    return mode_set(vm, context, context->check_hostname ? CERTIFICATE_REQUIRED : CERTIFICATE_NONE)
               ? object_value(context)
               : VALUE_NULL;
}

/* ---- attributes ---- */

#define GETTER(name) static value get_##name(struct vm *vm, value self)
#define SETTER(name) static bool set_##name(struct vm *vm, value self, value item)
#define CONTEXT context_of(self)->context

static bool number_read(struct vm *vm, value item, int64_t *out)
{
    if (item == VALUE_NULL) {
        raise_error(vm, &exc_AttributeError, "cannot delete attribute");
        return false;
    }
    return value_to_index(vm, item, out);
}

GETTER(protocol) { (void)vm; return small_int(context_of(self)->protocol); }
GETTER(check_hostname) { (void)vm; return bool_value(context_of(self)->check_hostname); }
GETTER(host_flags) { (void)vm; return small_int(context_of(self)->host_flags); }
GETTER(options) { return int_from_uint64(vm, SSL_CTX_get_options(CONTEXT)); }
GETTER(security_level) { (void)vm; return small_int(SSL_CTX_get_security_level(CONTEXT)); }
GETTER(num_tickets) { return int_from_uint64(vm, SSL_CTX_get_num_tickets(CONTEXT)); }
GETTER(post_handshake_auth) { (void)vm; return bool_value(context_of(self)->post_handshake_auth); }
GETTER(sni_callback) { (void)vm; return context_of(self)->server_name_callback; }
GETTER(verify_flags) { return int_from_uint64(vm, X509_VERIFY_PARAM_get_flags(SSL_CTX_get0_param(CONTEXT))); }
GETTER(nothing) { (void)vm, (void)self; return NONE; }

GETTER(verify_mode)
{
    (void)vm;
    int mode = SSL_CTX_get_verify_mode(CONTEXT);
    return small_int(!(mode & SSL_VERIFY_PEER) ? CERTIFICATE_NONE
                     : mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT ? CERTIFICATE_REQUIRED : CERTIFICATE_OPTIONAL);
}

/* A context of one version has its limits for OpenSSL only: programs see none. */
static bool is_flexible(value self)
{
    return context_of(self)->protocol < PROTOCOL_TLS1 || context_of(self)->protocol > PROTOCOL_TLS1_2;
}

GETTER(minimum_version)
{
    (void)vm;
    int64_t version = is_flexible(self) ? SSL_CTX_get_min_proto_version(CONTEXT) : 0;
    return small_int(version ? version : VERSION_MINIMUM);
}

GETTER(maximum_version)
{
    (void)vm;
    int64_t version = is_flexible(self) ? SSL_CTX_get_max_proto_version(CONTEXT) : 0;
    return small_int(version ? version : VERSION_MAXIMUM);
}

static bool version_set(struct vm *vm, value self, value item, bool minimum)
{
    int64_t version;
    if (!number_read(vm, item, &version))
        return false;
    if (version > INT32_MAX) {
        raise_error(vm, &exc_OverflowError, "Option is too long");
        return false;
    }
    if (!is_flexible(self)) {
        raise_error(vm, &exc_ValueError,
                    "The context's protocol doesn't support modification of highest and lowest version.");
        return false;
    }
    static const struct {
        int64_t number;
        const char *name;
    } old[] = {{SSL3_VERSION, "ssl.TLSVersion.SSLv3 is deprecated"}, {TLS1_VERSION, "ssl.TLSVersion.TLSv1 is deprecated"},
               {TLS1_1_VERSION, "ssl.TLSVersion.TLSv1_1 is deprecated"}};
    for (size_t i = 0; i < 3; i++)
        if (old[i].number == version && !warning_issue(vm, &exc_DeprecationWarning, 2, "%s", old[i].name))
            return false;
    int wanted = version == VERSION_MINIMUM ? (minimum ? 0 : TLS1_VERSION)
                 : version == VERSION_MAXIMUM ? (minimum ? TLS1_3_VERSION : 0) : (int)version;
    if (!(minimum ? SSL_CTX_set_min_proto_version(CONTEXT, wanted) : SSL_CTX_set_max_proto_version(CONTEXT, wanted))) {
        ERR_clear_error();
        raise_error(vm, &exc_ValueError, "Unsupported TLS/SSL version 0x%lx", (long)version);
        return false;
    }
    return true;
}

SETTER(minimum_version) { return version_set(vm, self, item, true); }
SETTER(maximum_version) { return version_set(vm, self, item, false); }

SETTER(verify_mode)
{
    int64_t mode;
    if (!number_read(vm, item, &mode))
        return false;
    if (mode == CERTIFICATE_NONE && context_of(self)->check_hostname) {
        raise_error(vm, &exc_ValueError, "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
        return false;
    }
    return mode_set(vm, context_of(self), mode);
}

SETTER(check_hostname)
{
    int64_t ignored;
    int wanted = item == VALUE_NULL ? number_read(vm, item, &ignored) - 1 : value_truth(vm, item);
    if (wanted < 0)
        return false;
    if (wanted && SSL_CTX_get_verify_mode(CONTEXT) == SSL_VERIFY_NONE && !mode_set(vm, context_of(self), CERTIFICATE_REQUIRED))
        return false;
    context_of(self)->check_hostname = wanted;
    return true;
}

SETTER(host_flags)
{
    int64_t flags;
    if (!number_read(vm, item, &flags))
        return false;
    context_of(self)->host_flags = (unsigned)flags;
    X509_VERIFY_PARAM_set_hostflags(SSL_CTX_get0_param(CONTEXT), (unsigned)flags);
    return true;
}

SETTER(options)
{
    int64_t wanted;
    const uint64_t deprecated = SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 |
                                SSL_OP_NO_TLSv1_3;
    if (!number_read(vm, item, &wanted))
        return false;
    uint64_t now = SSL_CTX_get_options(CONTEXT), next = (uint64_t)wanted;
    if ((~now & next & deprecated) &&
        !warning_issue(vm, &exc_DeprecationWarning, 2, "%s", "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are deprecated"))
        return false;
    SSL_CTX_clear_options(CONTEXT, now & ~next);
    SSL_CTX_set_options(CONTEXT, ~now & next);
    return true;
}

SETTER(verify_flags)
{
    int64_t wanted;
    if (!number_read(vm, item, &wanted))
        return false;
    X509_VERIFY_PARAM *parameters = SSL_CTX_get0_param(CONTEXT);
    unsigned long now = X509_VERIFY_PARAM_get_flags(parameters), next = (unsigned long)wanted;
    if (X509_VERIFY_PARAM_clear_flags(parameters, now & ~next) && X509_VERIFY_PARAM_set_flags(parameters, ~now & next))
        return true;
    ssl_fail(vm, LINE_OTHER);
    return false;
}

SETTER(num_tickets)
{
    int64_t number;
    if (!number_read(vm, item, &number))
        return false;
    if (number < 0)
        raise_error(vm, &exc_ValueError, "value must be non-negative");
    else if (context_of(self)->protocol != PROTOCOL_SERVER)
        raise_error(vm, &exc_ValueError, "SSLContext is not a server context.");
    else if (SSL_CTX_set_num_tickets(CONTEXT, (size_t)number) != 1)
        raise_error(vm, &exc_ValueError, "failed to set num tickets.");
    return vm->pending == VALUE_NULL;
}

SETTER(post_handshake_auth)
{
    int64_t ignored;
    int wanted = item == VALUE_NULL ? number_read(vm, item, &ignored) - 1 : value_truth(vm, item);
    if (wanted >= 0)
        context_of(self)->post_handshake_auth = wanted;
    return wanted >= 0;
}

/* What only None may be set to here. */
static bool unset_only(struct vm *vm, value item, const char *what)
{
    if (item != NONE)
        raise_unsupported(vm, what);
    return item == NONE;
}

SETTER(keylog_filename) { (void)self; return unset_only(vm, item, "SSLContext.keylog_filename"); }
SETTER(message_callback) { (void)self; return unset_only(vm, item, "SSLContext._msg_callback"); }

/* ---- callbacks ---- */

static int server_name_given(SSL *ssl, int *alert, void *argument)
{
    struct connection_object *connection = SSL_get_app_data(ssl);
    struct context_object *context = argument;
    struct vm *vm = SSL_get_ex_data(ssl, 1);
    if (context->server_name_callback == NONE)
        return SSL_TLSEXT_ERR_OK;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    value self = connection->owner == NONE ? object_value(connection) : connection->owner;
    value answer = call_3(vm, context->server_name_callback, self, text_or_none(vm, name), object_value(context));
    if (answer == NONE)
        return SSL_TLSEXT_ERR_OK;
    int64_t number;
    if (answer == VALUE_NULL) {
        unraisable_report(vm, "in", context->server_name_callback);
        *alert = SSL_AD_HANDSHAKE_FAILURE;
    } else if (is_int(answer) && value_to_int64(vm, answer, &number)) {
        *alert = (int)number;
    } else {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError, "'%T' object cannot be interpreted as an integer", answer);
        unraisable_report(vm, "in", answer);
        *alert = SSL_AD_INTERNAL_ERROR;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

SETTER(sni_callback)
{
    struct context_object *context = context_of(self);
    if (context->protocol == PROTOCOL_CLIENT) {
        raise_error(vm, &exc_ValueError, "sni_callback cannot be set on TLS_CLIENT context");
        return false;
    }
    context->server_name_callback = NONE;
    SSL_CTX_set_tlsext_servername_callback(context->context, NULL);
    if (item == NONE)
        return true;
    if (item == VALUE_NULL || !value_type(vm, item)->call) {
        raise_error(vm, &exc_TypeError, "not a callable object");
        return false;
    }
    context->server_name_callback = item;
    SSL_CTX_set_tlsext_servername_callback(context->context, server_name_given);
    SSL_CTX_set_tlsext_servername_arg(context->context, context);
    return true;
}

static int protocol_chosen(SSL *ssl, const unsigned char **out, unsigned char *out_size, const unsigned char *offered,
                           unsigned offered_size, void *argument)
{
    (void)ssl;
    const struct context_object *context = argument;
    unsigned char *chosen;
    int outcome = SSL_select_next_proto(&chosen, out_size, context->alpn, context->alpn_size, offered, offered_size);
    *out = chosen;
    return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

/* ---- methods ---- */

METHOD(set_alpn_protocols)
{
    UNUSED;
    struct span data;
    if (!bytes_like(vm, arguments[0], &data))
        return VALUE_NULL;
    struct context_object *context = context_of(self);
    unsigned char *copy = malloc(data.length + 1);
    if (!copy)
        return raise_no_memory(vm);
    if (data.length)
        memcpy(copy, data.data, data.length);
    free(context->alpn);
    context->alpn = copy;
    context->alpn_size = (unsigned)data.length;
    if (SSL_CTX_set_alpn_protos(context->context, copy, context->alpn_size) != 0) {
        ERR_clear_error();
        return raise_no_memory(vm);
    }
    SSL_CTX_set_alpn_select_cb(context->context, protocol_chosen, context);
    return NONE;
}

METHOD(set_ciphers)
{
    UNUSED;
    if (!has_flag(arguments[0], TYPE_STRING))
        return raise_error(vm, &exc_TypeError, "set_ciphers() argument must be str, not %T", arguments[0]);
    if (SSL_CTX_set_cipher_list(CONTEXT, string_utf8(vm, arguments[0], NULL)))
        return NONE;
    return ssl_fail_plain(vm, "No cipher can be selected.");
}

METHOD(get_ciphers)
{
    UNUSED;
    SSL *ssl = SSL_new(CONTEXT);
    if (!ssl)
        return ssl_fail(vm, LINE_OTHER);
    STACK_OF(SSL_CIPHER) *ciphers = SSL_get_ciphers(ssl);
    value list = list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < sk_SSL_CIPHER_num(ciphers); i++) {
        value cipher = cipher_dict(vm, sk_SSL_CIPHER_value(ciphers, i));
        if (cipher == VALUE_NULL || !list_append(vm, list_of(list), cipher))
            list = VALUE_NULL;
    }
    SSL_free(ssl);
    return list;
}

METHOD(set_ecdh_curve)
{
    UNUSED;
    const char *name = path_text(vm, arguments[0]);
    if (!name)
        return VALUE_NULL;
    int curve = OBJ_sn2nid(name);
    if (!curve)
        return raise_error(vm, &exc_ValueError, "unknown elliptic curve name %R", arguments[0]);
    return SSL_CTX_set1_groups(CONTEXT, &curve, 1) ? NONE : ssl_fail(vm, LINE_OTHER);
}

METHOD(session_stats)
{
    UNUSED;
    SSL_CTX *context = CONTEXT;
    const struct {
        const char *key;
        long number;
    } rows[] = {{"number", SSL_CTX_sess_number(context)},
                {"connect", SSL_CTX_sess_connect(context)},
                {"connect_good", SSL_CTX_sess_connect_good(context)},
                {"connect_renegotiate", SSL_CTX_sess_connect_renegotiate(context)},
                {"accept", SSL_CTX_sess_accept(context)},
                {"accept_good", SSL_CTX_sess_accept_good(context)},
                {"accept_renegotiate", SSL_CTX_sess_accept_renegotiate(context)},
                {"hits", SSL_CTX_sess_hits(context)},
                {"misses", SSL_CTX_sess_misses(context)},
                {"timeouts", SSL_CTX_sess_timeouts(context)},
                {"cache_full", SSL_CTX_sess_cache_full(context)}};
    value dict = dict_new(vm);
    for (size_t i = 0; dict != VALUE_NULL && i < sizeof rows / sizeof *rows; i++)
        if (!dict_set_text(vm, dict_of(dict), rows[i].key, small_int(rows[i].number)))
            return VALUE_NULL;
    return dict;
}

METHOD(cert_store_stats)
{
    UNUSED;
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(CONTEXT));
    int certificates = 0, lists = 0, authorities = 0;
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509_OBJECT *object = sk_X509_OBJECT_value(objects, i);
        if (X509_OBJECT_get_type(object) == X509_LU_CRL)
            lists++;
        if (X509_OBJECT_get_type(object) != X509_LU_X509)
            continue;
        certificates++;
        authorities += X509_check_ca(X509_OBJECT_get0_X509(object)) != 0;
    }
    value dict = dict_new(vm);
    if (dict == VALUE_NULL || !dict_set_text(vm, dict_of(dict), "x509", small_int(certificates)) ||
        !dict_set_text(vm, dict_of(dict), "crl", small_int(lists)) ||
        !dict_set_text(vm, dict_of(dict), "x509_ca", small_int(authorities)))
        return VALUE_NULL;
    return dict;
}

METHOD(get_ca_certs)
{
    UNUSED;
    int binary = arguments[0] == VALUE_NULL ? 0 : value_truth(vm, arguments[0]);
    STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(SSL_CTX_get_cert_store(CONTEXT));
    value list = binary < 0 ? VALUE_NULL : list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < sk_X509_OBJECT_num(objects); i++) {
        X509 *certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
        if (!certificate || !X509_check_ca(certificate))
            continue;
        value item = binary ? certificate_der(vm, certificate) : certificate_decode(vm, certificate);
        if (item == VALUE_NULL || !list_append(vm, list_of(list), item))
            return VALUE_NULL;
    }
    return list;
}

METHOD(wrap_bio)
{
    UNUSED;
    static const char *const names[] = {"incoming", "outgoing"};
    for (int i = 0; i < 2; i++)
        if (!is_exact(arguments[i], &ssl_memory_type))
            return raise_error(vm, &exc_TypeError, "_wrap_bio() argument '%s' must be _ssl.MemoryBIO, not %T",
                               names[i], arguments[i]);
    return connection_new(vm, self, arguments);
}

METHOD(wrap_socket)
{
    UNUSED;
    if (!is_instance(vm, arguments[0], &socket_type))
        return raise_error(vm, &exc_TypeError, "_wrap_socket() argument 'sock' must be _socket.socket, not %T", arguments[0]);
    const value bound[] = {arguments[0], VALUE_NULL, arguments[1], arguments[2], arguments[3], arguments[4]};
    return connection_new(vm, self, bound);
}

static const struct method_definition methods[] = {
    {"_set_alpn_protocols", "(protos, /)", ssl_set_alpn_protocols, 0, NULL},
    {"_wrap_bio", "(incoming, outgoing, server_side, server_hostname=None, *, owner=None, session=None)", ssl_wrap_bio, 0, NULL},
    {"_wrap_socket", "(sock, server_side, server_hostname=None, *, owner=None, session=None)", ssl_wrap_socket, 0, NULL},
    {"cert_store_stats", "()", ssl_cert_store_stats, 0, NULL},
    {"get_ca_certs", "(binary_form=False)", ssl_get_ca_certs, 0, NULL},
    {"get_ciphers", "()", ssl_get_ciphers, 0, NULL},
    {"load_cert_chain", "(certfile, keyfile=None, password=None)", context_load_cert_chain, 0, NULL},
    {"load_dh_params", "(path, /)", context_load_dh_params, 0, NULL},
    {"load_verify_locations", "(cafile=None, capath=None, cadata=None)", context_load_verify_locations, 0, NULL},
    {"session_stats", "()", ssl_session_stats, 0, NULL},
    {"set_ciphers", "(cipherlist, /)", ssl_set_ciphers, 0, NULL},
    {"set_default_verify_paths", "()", context_set_default_verify_paths, 0, NULL},
    {"set_ecdh_curve", "(name, /)", ssl_set_ecdh_curve, 0, NULL},
    {0},
};

static const struct property_definition properties[] = {{"_host_flags", get_host_flags, set_host_flags},
                                                        {"_msg_callback", get_nothing, set_message_callback},
                                                        {"check_hostname", get_check_hostname, set_check_hostname},
                                                        {"keylog_filename", get_nothing, set_keylog_filename},
                                                        {"maximum_version", get_maximum_version, set_maximum_version},
                                                        {"minimum_version", get_minimum_version, set_minimum_version},
                                                        {"num_tickets", get_num_tickets, set_num_tickets},
                                                        {"options", get_options, set_options},
                                                        {"post_handshake_auth", get_post_handshake_auth, set_post_handshake_auth},
                                                        {"protocol", get_protocol, NULL},
                                                        {"security_level", get_security_level, NULL},
                                                        {"sni_callback", get_sni_callback, set_sni_callback},
                                                        {"verify_flags", get_verify_flags, set_verify_flags},
                                                        {"verify_mode", get_verify_mode, set_verify_mode},
                                                        {0}};
struct type ssl_context_type = {.name = "_ssl._SSLContext",
                                .flags = TYPE_GETATTR_PLAIN | TYPE_SUBCLASSABLE | TYPE_MAKES_SUBCLASSES | TYPE_NO_KEYWORDS,
                                .instance_size = sizeof(struct context_object),
                                .new = context_new,
                                .trace = context_trace,
                                .release = context_release,
                                .methods = methods,
                                .properties = properties};
