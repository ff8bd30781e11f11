/* crypt_module.c - module _crypt: hashes of passwords, by the C library's crypt. */
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#include <crypt.h>
#include <errno.h>
#include <stdlib.h>

static const char *text_argument(struct vm *vm, int position, value v)
{
    size_t size;
    if (!is_string(v)) {
        raise_error(vm, &exc_TypeError, "crypt() argument %d must be str, not %T", position, v);
        return NULL;
    }
    const char *text = string_utf8(vm, v, &size);
    if (text && strlen(text) != size) {
        raise_error(vm, &exc_ValueError, "embedded null character");
        return NULL;
    }
    return text;
}

static value crypt_crypt(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    (void)self, (void)count, (void)keyword_names;
    const char *word = text_argument(vm, 1, arguments[0]), *salt = word ? text_argument(vm, 2, arguments[1]) : NULL;
    if (!salt)
        return VALUE_NULL;
    struct crypt_data *data = calloc(1, sizeof *data);
    if (!data)
        return raise_no_memory(vm);
    ADD_WORK(vm, characters, strlen(word) + strlen(salt));
    errno = 0;
    /* crypt_r without its interception by AddressSanitizer: what it answers on failure is left in `output` */
    const char *found = crypt_rn(word, salt, data, (int)sizeof *data);
    if (!found && *data->output == '*')
        found = data->output;
    value result = found ? string_from_text(vm, found) : raise_os_error(vm, errno, VALUE_NULL);
    free(data);
    return result;
}

static const struct method_definition functions[] = {
    {"crypt", "(word, salt, /)", crypt_crypt, 0,
     "Hash a *word* with the given *salt* and return the hashed password.\n\n"
     "*word* will usually be a user's password.  *salt* (either a random 2 or 16\n"
     "character string, possibly prefixed with $digit$ to indicate the method)\n"
     "will be used to perturb the encryption algorithm and produce distinct\n"
     "results for a given *word*."},
    {0}};

const struct native_module crypt_module = {"_crypt", NULL, functions};
