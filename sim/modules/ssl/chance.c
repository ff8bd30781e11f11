/* chance.c - random numbers for OpenSSL: a stream of ChaCha20 whose key is one reading of the system's entropy. A later run of a
 * series replays the reading, so that its handshakes are the first run's, byte for byte. */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_METHOD: the providers of OpenSSL 3 cannot be given a key */
#include "sim/modules/ssl/ssl.h"
#include "sim/runtime/replay.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

/* OpenSSL's generator is the process's, and its functions are given no context of ours. */
static EVP_CIPHER_CTX *stream;

static int stream_bytes(unsigned char *out, int size)
{
    int made;
    memset(out, 0, (size_t)size);
    return EVP_EncryptUpdate(stream, out, &made, out, size);
}

static int stream_add(const void *bytes, int size, double entropy)
{
    (void)bytes, (void)size, (void)entropy;
    return 1;
}

static int stream_seed(const void *bytes, int size)
{
    return stream_add(bytes, size, 0);
}

static int stream_status(void)
{
    return 1;
}

static const RAND_METHOD stream_method = {stream_seed, stream_bytes, NULL, stream_add, stream_bytes, stream_status};

bool ssl_chance_start(struct vm *vm)
{
    unsigned char key[48];
    replay_entropy(vm->replay, key, sizeof key);
    EVP_CIPHER_CTX *fresh = EVP_CIPHER_CTX_new();
    if (!fresh || !EVP_EncryptInit_ex(fresh, EVP_chacha20(), NULL, key, key + 32)) {
        EVP_CIPHER_CTX_free(fresh);
        raise_no_memory(vm);
        return false;
    }
    EVP_CIPHER_CTX_free(stream);
    stream = fresh;
    RAND_set_rand_method(&stream_method);
    return true;
}
