/* cipher.c - what programs are told of cipher suites. */
#include "sim/modules/ssl/ssl.h"

#include <openssl/objects.h>

value cipher_tuple(struct vm *vm, const SSL_CIPHER *cipher)
{
    return tuple_pack(vm, 3, text_or_none(vm, SSL_CIPHER_get_name(cipher)), text_or_none(vm, SSL_CIPHER_get_version(cipher)),
                      small_int(SSL_CIPHER_get_bits(cipher, NULL)));
}

static value long_name(struct vm *vm, int number)
{
    return number == NID_undef ? NONE : text_or_none(vm, OBJ_nid2ln(number));
}

value cipher_dict(struct vm *vm, const SSL_CIPHER *cipher)
{
    char description[512] = "";
    int algorithm_bits, strength = SSL_CIPHER_get_bits(cipher, &algorithm_bits);
    SSL_CIPHER_description(cipher, description, sizeof description - 1);
    size_t size = strlen(description);
    if (size > 1 && description[size - 1] == '\n')
        description[size - 1] = 0;
    const struct {
        const char *key;
        value item;
    } rows[] = {{"id", int_from_uint64(vm, SSL_CIPHER_get_id(cipher))},
                {"name", text_or_none(vm, SSL_CIPHER_get_name(cipher))},
                {"protocol", text_or_none(vm, SSL_CIPHER_get_version(cipher))},
                {"description", string_from_text(vm, description)},
                {"strength_bits", small_int(strength)},
                {"alg_bits", small_int(algorithm_bits)},
                {"aead", bool_value(SSL_CIPHER_is_aead(cipher))},
                {"symmetric", long_name(vm, SSL_CIPHER_get_cipher_nid(cipher))},
                {"digest", long_name(vm, SSL_CIPHER_get_digest_nid(cipher))},
                {"kea", long_name(vm, SSL_CIPHER_get_kx_nid(cipher))},
                {"auth", long_name(vm, SSL_CIPHER_get_auth_nid(cipher))}};
    value dict = dict_new(vm);
    for (size_t i = 0; dict != VALUE_NULL && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].item == VALUE_NULL || !dict_set_text(vm, dict_of(dict), rows[i].key, rows[i].item))
            return VALUE_NULL;
    return dict;
}
