/* aes.c - _aes: what our Crypto package (sim/pylib/Crypto) stands on. AES by libcrypto, a whole message at a call; nothing is kept
 * between calls: the caller passes each call's chaining value.
 *
 * The rounds of the block cipher (10, 12 or 14 a block, FIPS 197) are counted as work: a compiled library hides them as numpy
 * hides its multiply-adds, and an ISA's AES_ROUND can take them over.
 */
#include "sim/modules/support.h"
#include "sim/profile/profile.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/text.h"

#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

#define METHOD(name) static value aes_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)count, (void)keyword_names

enum { BLOCK = 16, TAG = 16, PIECE = 1 << 30 }; /* bytes; libcrypto takes lengths as int: messages go in pieces */

struct message {
    struct span key, vector, data;
    bool encrypting;
};

static bool is_number_of_key_bytes(size_t size)
{
    return size == 16 || size == 24 || size == 32;
}

/* The cipher for that mode and length of key, to be freed; NULL: pending. */
static EVP_CIPHER *cipher_fetch(struct vm *vm, const char *mode, size_t key_bytes)
{
    char name[32];
    if (!is_number_of_key_bytes(key_bytes)) {
        raise_error(vm, &exc_ValueError, "Incorrect AES key length (%d bytes)", (int)key_bytes);
        return NULL;
    }
    snprintf(name, sizeof name, "AES-%d-%s", (int)key_bytes * 8, mode);
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    if (!cipher)
        raise_error(vm, &exc_ValueError, "libcrypto has no %s", name);
    return cipher;
}

/* `chained`: each block needs the one before it. */
static void rounds_count(struct vm *vm, const struct message *message, uint64_t blocks, bool chained)
{
    uint32_t rounds = (uint32_t)message->key.length / 4 + 6;
    ADD_WORK(vm, cipher_rounds, blocks * rounds);
    if (vm->record_shape && blocks && blocks <= UINT32_MAX)
        vm->record_shape(vm, SHAPE_CIPHER, (uint32_t)blocks, rounds, chained ? 1 : (uint32_t)blocks, BLOCK);
}

/* Enciphering feeds a block, or its key stream, into the next one; what is deciphered is all there, but for OFB's key stream. */
static bool is_chained(const char *mode, bool encrypting)
{
    return !strcmp(mode, "OFB") || (encrypting && (!strcmp(mode, "CBC") || !strncmp(mode, "CFB", 3)));
}

static bool update(EVP_CIPHER_CTX *context, struct span data, uint8_t *out)
{
    const uint8_t *from = data.data;
    for (size_t done = 0; done < data.length;) {
        int written, piece = data.length - done < PIECE ? (int)(data.length - done) : PIECE;
        if (!EVP_CipherUpdate(context, out ? out + done : NULL, &written, from + done, piece) || written != piece)
            return false;
        done += (size_t)piece;
    }
    return true;
}

static bool start(EVP_CIPHER_CTX *context, const EVP_CIPHER *cipher, const struct message *message)
{
    const uint8_t *vector = EVP_CIPHER_get_iv_length(cipher) > 0 ? message->vector.data : NULL;
    if (!EVP_CipherInit_ex(context, cipher, NULL, NULL, NULL, message->encrypting))
        return false;
    if (EVP_CIPHER_get_mode(cipher) == EVP_CIPH_GCM_MODE &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, (int)message->vector.length, NULL) <= 0)
        return false;
    EVP_CIPHER_CTX_set_padding(context, 0);
    return EVP_CipherInit_ex(context, NULL, NULL, message->key.data, vector, message->encrypting);
}

/* The message through the cipher, with GCM's header and tag unless they are NULL. */
static value transform(struct vm *vm, const EVP_CIPHER *cipher, const struct message *message, const struct span *header,
                       uint8_t *tag)
{
    uint8_t *out = malloc(message->data.length + 1), empty[BLOCK];
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    value result = VALUE_NULL;
    int rest = 0;
    if (!out || !context)
        raise_no_memory(vm);
    else if (start(context, cipher, message) && (!header || update(context, *header, NULL)) &&
             update(context, message->data, out) &&
             (!tag || (message->encrypting && EVP_CipherFinal_ex(context, empty, &rest) &&
                       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG, tag) > 0)))
        result = bytes_from(vm, out, message->data.length);
    else
        raise_error(vm, &exc_RuntimeError, "libcrypto refused AES");
    EVP_CIPHER_CTX_free(context);
    free(out);
    return result;
}

static bool message_take(struct vm *vm, struct message *message, value encrypting, value key, value vector, value data)
{
    int truth = value_truth(vm, encrypting);
    message->encrypting = truth > 0;
    return truth >= 0 && bytes_like(vm, key, &message->key) && bytes_like(vm, vector, &message->vector) &&
           bytes_like(vm, data, &message->data);
}

METHOD(crypt)
{
    UNUSED;
    struct message message;
    size_t size;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "crypt() argument 1 must be str, not %T", arguments[0]);
    const char *mode = string_utf8(vm, arguments[0], &size);
    if (!mode || !message_take(vm, &message, arguments[1], arguments[2], arguments[3], arguments[4]))
        return VALUE_NULL;
    EVP_CIPHER *cipher = cipher_fetch(vm, mode, message.key.length);
    value result = VALUE_NULL;
    if (!cipher)
        return VALUE_NULL;
    if (EVP_CIPHER_get_iv_length(cipher) > 0 && message.vector.length != BLOCK)
        raise_error(vm, &exc_ValueError, "Incorrect IV length (it must be %d bytes long)", BLOCK);
    else if (EVP_CIPHER_get_block_size(cipher) == BLOCK && message.data.length % BLOCK)
        raise_error(vm, &exc_ValueError, "the data of mode %s must be whole blocks", mode);
    else {
        /* of CFB8 each byte takes a block */
        rounds_count(vm, &message, !strcmp(mode, "CFB8") ? message.data.length : (message.data.length + BLOCK - 1) / BLOCK,
                     is_chained(mode, message.encrypting));
        result = transform(vm, cipher, &message, NULL, NULL);
    }
    EVP_CIPHER_free(cipher);
    return result;
}

/* The tag is made while enciphering; of what was deciphered, by enciphering it again: the caller compares. */
METHOD(gcm)
{
    UNUSED;
    struct message message;
    struct span header;
    uint8_t tag[TAG];
    if (!message_take(vm, &message, arguments[0], arguments[1], arguments[2], arguments[4]) ||
        !bytes_like(vm, arguments[3], &header))
        return VALUE_NULL;
    if (!message.vector.length)
        return raise_error(vm, &exc_ValueError, "Nonce cannot be empty");
    EVP_CIPHER *cipher = cipher_fetch(vm, "GCM", message.key.length);
    if (!cipher)
        return VALUE_NULL;
    /* a block for each of the text's, one for the hash key and one for the tag */
    rounds_count(vm, &message, (message.data.length + BLOCK - 1) / BLOCK + 2, false);
    value items[2], result = VALUE_NULL;
    items[0] = message.encrypting ? transform(vm, cipher, &message, &header, tag) : transform(vm, cipher, &message, NULL, NULL);
    bool done = items[0] != VALUE_NULL;
    if (done && !message.encrypting) {
        message.encrypting = true;
        message.data = bytes_span(items[0]);
        done = transform(vm, cipher, &message, &header, tag) != VALUE_NULL;
    }
    if (done && (items[1] = bytes_from(vm, tag, TAG)) != VALUE_NULL)
        result = tuple_from(vm, items, 2);
    EVP_CIPHER_free(cipher);
    return result;
}

static const struct method_definition functions[] = {
    {"crypt", "(mode, encrypting, key, vector, data, /)", aes_crypt, 0,
     "The data enciphered or deciphered by AES in mode ECB, CBC, CTR, OFB, CFB or CFB8; vector: 16 bytes, for ECB any."},
    {"gcm", "(encrypting, key, nonce, header, data, /)", aes_gcm, 0,
     "(the data enciphered or deciphered in Galois counter mode, the tag of header and ciphertext)"},
    {0}};

const struct native_module aes_module = {"_aes", NULL, functions};
