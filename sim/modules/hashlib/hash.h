/* hash.h - modules _hashlib (on OpenSSL's libcrypto) and _blake2. */
#ifndef HYBRIDSIM_SIM_MODULES_HASHLIB_HASH_H
#define HYBRIDSIM_SIM_MODULES_HASHLIB_HASH_H

#include "sim/modules/native_error.h"

#include <openssl/evp.h>

struct digest_name {
    const char *name, *library_name; /* as hashlib says it, as libcrypto does */
    bool variable;                   /* the digest's length is the caller's choice */
};
extern const struct digest_name digest_names[]; /* ends with a NULL name */

/* By either name, in any case; NULL: ValueError "unsupported hash type" pending. */
const struct digest_name *digest_find(struct vm *vm, value name);
/* A str, or one of this module's own functions; NULL: UnsupportedDigestmodError or TypeError pending. */
const struct digest_name *digest_of_argument(struct vm *vm, value digest);

/* The bytes to hash; false: TypeError as CPython's pending. */
bool hash_input(struct vm *vm, value v, const uint8_t **data, size_t *size);
value hash_hex(struct vm *vm, const uint8_t *digest, size_t size);
value hash_library_failed(struct vm *vm);

/* hmac.c */
extern struct type hmac_type;
value hashlib_hmac_new(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value hashlib_hmac_digest(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value hashlib_pbkdf2_hmac(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);
value hashlib_scrypt(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names);

#endif
