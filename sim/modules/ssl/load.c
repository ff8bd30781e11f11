/* load.c - the methods of contexts that read certificates, keys and parameters, from files or from the program. */
#define OPENSSL_SUPPRESS_DEPRECATED /* DH parameters: the newer functions report other errors than CPython's programs see */
#include "sim/modules/ssl/ssl.h"
#include "sim/modules/io/io.h"
#include "sim/modules/sandbox.h"
#include "sim/runtime/bytes.h"

#include <errno.h>
#include <openssl/pem.h>
#include <stdlib.h>

/* A path as OpenSSL takes it: malloc'd. NULL: an exception is pending; `message`: of the TypeError. */
static char *path_read(struct vm *vm, value path, const char *message)
{
    const char *text = path_text(vm, path);
    if (!text) {
        if (exception_matches(vm, &exc_TypeError)) {
            exception_clear(vm);
            raise_error(vm, &exc_TypeError, "%s", message);
        }
        return NULL;
    }
    if (!sandbox_may_read(vm, path) || !io_flush_pending(vm))
        return NULL;
    char *copy = strdup(text);
    if (!copy)
        raise_no_memory(vm);
    return copy;
}

/* ---- a certificate chain and its key ---- */

struct password {
    struct vm *vm;
    value source; /* str, bytes, bytearray or what is called for one */
    bool failed;
};

/* OpenSSL asks; -1: an exception is pending. */
static int password_give(char *out, int room, int writing, void *argument)
{
    (void)writing;
    struct password *password = argument;
    struct vm *vm = password->vm;
    if (password->failed)
        return -1;
    password->failed = true;
    value text = password->source;
    bool called = value_type(vm, text)->call != NULL;
    if (called)
        text = call_0(vm, text);
    if (text != VALUE_NULL && has_flag(text, TYPE_STRING))
        text = string_encode(vm, text, NULL, NULL);
    if (text == VALUE_NULL)
        return -1;
    if (!is_bytes(text) && !is_bytearray(vm, text)) {
        raise_error(vm, &exc_TypeError,
                    called ? "password callback must return a string"
                           : "password should be a string or callable");
        return -1;
    }
    struct span data = bytes_span(text);
    if (data.length > (size_t)room) {
        raise_error(vm, &exc_ValueError, "password cannot be longer than %d bytes", room);
        return -1;
    }
    memcpy(out, data.data, data.length);
    gc_keep(text);
    password->failed = false;
    return (int)data.length;
}

static value chain_load(struct vm *vm, SSL_CTX *context, const char *chain, const char *key, const struct password *password)
{
    errno = 0;
    if (SSL_CTX_use_certificate_chain_file(context, chain) != 1) {
        if (!password->failed)
            return ssl_fail_file(vm, VALUE_NULL, LINE_CHAIN);
    } else if (SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
        if (!password->failed)
            return ssl_fail_file(vm, VALUE_NULL, LINE_KEY);
    } else {
        return SSL_CTX_check_private_key(context) == 1 ? NONE : ssl_fail(vm, LINE_KEY_CHECK);
    }
    ERR_clear_error();
    return VALUE_NULL;
}

value context_load_cert_chain(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    SSL_CTX *context = context_of(self)->context;
    ERR_clear_error();
    char *chain = path_read(vm, arguments[0], "certfile should be a valid filesystem path"), *key = NULL;
    bool own_key = arguments[1] != VALUE_NULL && arguments[1] != NONE;
    value result = VALUE_NULL;
    struct password password = {vm, arguments[2] == VALUE_NULL ? NONE : arguments[2], false};
    if (chain && own_key)
        key = path_read(vm, arguments[1], "keyfile should be a valid filesystem path");
    if (chain && (key || !own_key)) {
        pem_password_cb *old = SSL_CTX_get_default_passwd_cb(context);
        void *old_argument = SSL_CTX_get_default_passwd_cb_userdata(context);
        value source = password.source;
        if (source != NONE && !has_flag(source, TYPE_STRING) && !is_bytes(source) && !is_bytearray(vm, source) &&
            !value_type(vm, source)->call) {
            raise_error(vm, &exc_TypeError, "password should be a string or callable");
        } else {
            if (source != NONE) {
                SSL_CTX_set_default_passwd_cb(context, password_give);
                SSL_CTX_set_default_passwd_cb_userdata(context, &password);
            }
            result = chain_load(vm, context, chain, key ? key : chain, &password);
            SSL_CTX_set_default_passwd_cb(context, old);
            SSL_CTX_set_default_passwd_cb_userdata(context, old_argument);
        }
    }
    free(chain);
    free(key);
    return result;
}

/* ---- certificates to trust ---- */

static bool data_end(unsigned long code, bool binary)
{
    return binary ? ERR_GET_LIB(code) == ERR_LIB_ASN1 && ERR_GET_REASON(code) == ASN1_R_HEADER_TOO_LONG
                  : ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

static bool data_add(struct vm *vm, SSL_CTX *context, const void *data, size_t size, bool binary)
{
    if (!size || size > INT32_MAX) {
        raise_error(vm, size ? &exc_OverflowError : &exc_ValueError,
                    size ? "Certificate data is too long." : "Empty certificate data");
        return false;
    }
    BIO *bio = BIO_new_mem_buf(data, (int)size);
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    int loaded = 0;
    for (X509 *certificate; bio; loaded++) {
        certificate = binary ? d2i_X509_bio(bio, NULL) : PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (!certificate)
            break;
        int added = X509_STORE_add_cert(store, certificate);
        X509_free(certificate);
        if (!added) /* it is there already: no error */
            ERR_clear_error();
    }
    BIO_free(bio);
    if (!loaded) {
        ssl_fail_text(vm, binary ? "not enough data: cadata does not contain a certificate"
                                 : "no start line: cadata does not contain a certificate", LINE_CADATA);
        return false;
    }
    if (ERR_peek_last_error() == 0 || data_end(ERR_peek_last_error(), binary)) {
        ERR_clear_error();
        return true;
    }
    ssl_fail(vm, LINE_CADATA);
    return false;
}

static bool data_load(struct vm *vm, SSL_CTX *context, value data)
{
    bool text = has_flag(data, TYPE_STRING);
    if ((text && !string_of(data)->ascii) || (!text && !has_buffer(vm, data))) {
        raise_error(vm, &exc_TypeError, "cadata should be an ASCII string or a bytes-like object");
        return false;
    }
    if (text)
        return data_add(vm, context, string_of(data)->data, string_of(data)->length, false);
    struct span bytes;
    return bytes_like(vm, data, &bytes) && data_add(vm, context, bytes.data, bytes.length, true);
}

value context_load_verify_locations(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    SSL_CTX *context = context_of(self)->context;
    static const char *const messages[] = {"cafile should be a valid filesystem path", "capath should be a valid filesystem path"};
    char *paths[2] = {NULL, NULL};
    bool given[3], fine = true;
    for (int i = 0; i < 3; i++)
        given[i] = arguments[i] != VALUE_NULL && arguments[i] != NONE;
    if (!given[0] && !given[1] && !given[2])
        return raise_error(vm, &exc_TypeError, "cafile, capath and cadata cannot be all omitted");
    for (int i = 0; i < 2; i++)
        if (fine && given[i])
            fine = (paths[i] = path_read(vm, arguments[i], messages[i])) != NULL;
    if (fine && given[2])
        fine = data_load(vm, context, arguments[2]);
    errno = 0;
    if (fine && (paths[0] || paths[1]) && SSL_CTX_load_verify_locations(context, paths[0], paths[1]) != 1) {
        ssl_fail_file(vm, VALUE_NULL, LINE_LOCATIONS);
        fine = false;
    }
    free(paths[0]);
    free(paths[1]);
    return fine ? NONE : VALUE_NULL;
}

value context_load_dh_params(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    char *path = path_read(vm, arguments[0], "expected str, bytes or os.PathLike object");
    if (!path)
        return VALUE_NULL;
    errno = 0;
    BIO *file = BIO_new_file(path, "rb");
    int error = errno;
    free(path);
    if (!file) {
        ERR_clear_error();
        return raise_os_error(vm, error, arguments[0]);
    }
    errno = 0;
    DH *parameters = PEM_read_bio_DHparams(file, NULL, NULL, NULL);
    BIO_free(file);
    if (!parameters)
        return ssl_fail_file(vm, arguments[0], LINE_PARAMETERS);
    bool done = SSL_CTX_set_tmp_dh(context_of(self)->context, parameters);
    DH_free(parameters);
    return done ? NONE : ssl_fail(vm, LINE_PARAMETERS);
}

/* What the program's os.environ has (OpenSSL would ask the host's): malloc'd, or NULL. False: an exception is pending. */
static bool environment_read(struct vm *vm, const char *name, char **out)
{
    *out = NULL;
    value os = import_module(vm, "os"), key = intern_text(vm, name);
    value environ = os == VALUE_NULL ? os : get_attribute_text(vm, os, "environ");
    value text = environ == VALUE_NULL ? environ : call_method(vm, environ, "get", &key, 1);
    if (text == VALUE_NULL || text == NONE)
        return text == NONE;
    const char *bytes = path_text(vm, text);
    *out = bytes ? strdup(bytes) : NULL;
    return bytes != NULL;
}

value context_set_default_verify_paths(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    char *file, *folder;
    SSL_CTX *context = context_of(self)->context;
    if (!sandbox_may_read(vm, VALUE_NULL) || !environment_read(vm, X509_get_default_cert_file_env(), &file))
        return VALUE_NULL;
    bool fine = environment_read(vm, X509_get_default_cert_dir_env(), &folder);
    if (fine && (file || folder)) { /* not finding anything is no error */
        SSL_CTX_load_verify_file(context, file ? file : X509_get_default_cert_file());
        SSL_CTX_load_verify_dir(context, folder ? folder : X509_get_default_cert_dir());
        ERR_clear_error();
    }
    bool named = file || (fine && folder);
    free(file);
    if (fine)
        free(folder);
    if (!fine || named)
        return fine ? NONE : VALUE_NULL;
    return SSL_CTX_set_default_verify_paths(context_of(self)->context) ? NONE : ssl_fail(vm, LINE_OTHER);
}
