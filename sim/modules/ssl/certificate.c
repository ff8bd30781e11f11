/* certificate.c - X.509 certificates as dicts, as getpeercert() and get_ca_certs() answer them, and as DER. */
#include "sim/modules/ssl/ssl.h"
#include "sim/runtime/bytes.h"
#include "sim/modules/sandbox.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>

struct certificate_object {
    struct object head;
    X509 *certificate;
};

value object_name(struct vm *vm, const ASN1_OBJECT *object, bool numeric)
{
    char text[256];
    int size = OBJ_obj2txt(text, sizeof text, object, numeric);
    if (size < 0)
        return ssl_fail(vm, LINE_OTHER);
    if (!size && numeric)
        return NONE;
    if (size < (int)sizeof text)
        return string_from_utf8(vm, text, (size_t)size);
    char *longer = malloc((size_t)size + 1);
    if (!longer)
        return raise_no_memory(vm);
    OBJ_obj2txt(longer, size + 1, object, numeric);
    value name = string_from_utf8(vm, longer, (size_t)size);
    free(longer);
    return name;
}

static value ascii_text(struct vm *vm, const ASN1_STRING *string)
{
    return string_from_utf8(vm, (const char *)ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));
}

static value name_attribute(struct vm *vm, const X509_NAME_ENTRY *entry)
{
    unsigned char *text = NULL;
    int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    if (size < 0)
        return ssl_fail(vm, LINE_OTHER);
    value content = string_from_utf8(vm, (char *)text, (size_t)size);
    OPENSSL_free(text);
    value name = content == VALUE_NULL ? content : object_name(vm, X509_NAME_ENTRY_get_object(entry), false);
    return name == VALUE_NULL ? name : tuple_pack(vm, 2, name, content);
}

/* A distinguished name: a tuple of tuples of (attribute, text). */
static value name_tuple(struct vm *vm, const X509_NAME *name)
{
    value all = list_new(vm, 0), part = list_new(vm, 0);
    int level = -1;
    for (int i = 0; all != VALUE_NULL && part != VALUE_NULL && i < X509_NAME_entry_count(name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        if (level >= 0 && level != X509_NAME_ENTRY_set(entry)) {
            if (!list_append(vm, list_of(all), tuple_from_iterable(vm, part)))
                return VALUE_NULL;
            part = list_new(vm, 0);
        }
        level = X509_NAME_ENTRY_set(entry);
        value attribute = name_attribute(vm, entry);
        if (attribute == VALUE_NULL || part == VALUE_NULL || !list_append(vm, list_of(part), attribute))
            return VALUE_NULL;
    }
    if (all == VALUE_NULL || part == VALUE_NULL ||
        (list_of(part)->length && !list_append(vm, list_of(all), tuple_from_iterable(vm, part))))
        return VALUE_NULL;
    return tuple_from_iterable(vm, all);
}

static value address_text(struct vm *vm, const ASN1_OCTET_STRING *address)
{
    const unsigned char *p = ASN1_STRING_get0_data(address);
    if (ASN1_STRING_length(address) == 4)
        return string_printf(vm, "%d.%d.%d.%d", p[0], p[1], p[2], p[3]);
    if (ASN1_STRING_length(address) != 16)
        return string_from_text(vm, "<invalid>");
    char text[64];
    size_t used = 0;
    for (int i = 0; i < 8; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%X", i ? ":" : "", p[2 * i] << 8 | p[2 * i + 1]);
    return string_from_text(vm, text);
}

/* For the kinds that nothing better is known about: OpenSSL's own words. */
static value printed_name(struct vm *vm, GENERAL_NAME *name)
{
    char text[2048];
    BIO *out = BIO_new(BIO_s_mem());
    if (!out)
        return ssl_fail_plain(vm, "failed to allocate BIO");
    GENERAL_NAME_print(out, name);
    int size = BIO_gets(out, text, sizeof text - 1);
    BIO_free(out);
    if (size < 0)
        return ssl_fail(vm, LINE_OTHER);
    const char *colon = strchr(text, ':');
    if (!colon)
        return raise_error(vm, &exc_ValueError, "Invalid value %s", text);
    return tuple_pack(vm, 2, string_from_utf8(vm, text, (size_t)(colon - text)), string_from_text(vm, colon + 1));
}

static value general_name(struct vm *vm, GENERAL_NAME *name)
{
    const char *kind;
    value content;
    switch (name->type) {
    case GEN_DIRNAME: kind = "DirName"; content = name_tuple(vm, name->d.dirn); break;
    case GEN_EMAIL: kind = "email"; content = ascii_text(vm, name->d.rfc822Name); break;
    case GEN_DNS: kind = "DNS"; content = ascii_text(vm, name->d.dNSName); break;
    case GEN_URI: kind = "URI"; content = ascii_text(vm, name->d.uniformResourceIdentifier); break;
    case GEN_RID: kind = "Registered ID"; content = object_name(vm, name->d.rid, false); break;
    case GEN_IPADD: kind = "IP Address"; content = address_text(vm, name->d.ip); break;
    default: return printed_name(vm, name);
    }
    return content == VALUE_NULL ? content : tuple_pack(vm, 2, string_from_text(vm, kind), content);
}

static value alternative_names(struct vm *vm, X509 *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    if (!names)
        return NONE;
    value list = list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < sk_GENERAL_NAME_num(names); i++) {
        value name = general_name(vm, sk_GENERAL_NAME_value(names, i));
        if (name == VALUE_NULL || !list_append(vm, list_of(list), name))
            list = VALUE_NULL;
    }
    GENERAL_NAMES_free(names);
    return list == VALUE_NULL ? list : tuple_from_iterable(vm, list);
}

static value places_tuple(struct vm *vm, value list)
{
    return list == VALUE_NULL ? list : list_of(list)->length ? tuple_from_iterable(vm, list) : NONE;
}

static value access_places(struct vm *vm, X509 *certificate, int method)
{
    AUTHORITY_INFO_ACCESS *information = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
    value list = list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < sk_ACCESS_DESCRIPTION_num(information); i++) {
        const ACCESS_DESCRIPTION *row = sk_ACCESS_DESCRIPTION_value(information, i);
        if (OBJ_obj2nid(row->method) == method && row->location->type == GEN_URI &&
            !list_append(vm, list_of(list), ascii_text(vm, row->location->d.uniformResourceIdentifier)))
            list = VALUE_NULL;
    }
    AUTHORITY_INFO_ACCESS_free(information);
    return places_tuple(vm, list);
}

static value revocation_places(struct vm *vm, X509 *certificate)
{
    CRL_DIST_POINTS *points = X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    value list = list_new(vm, 0);
    for (int i = 0; list != VALUE_NULL && i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);
        if (!point->distpoint || point->distpoint->type != 0)
            continue;
        const GENERAL_NAMES *names = point->distpoint->name.fullname;
        for (int j = 0; list != VALUE_NULL && j < sk_GENERAL_NAME_num(names); j++) {
            const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, j);
            if (name->type == GEN_URI && !list_append(vm, list_of(list), ascii_text(vm, name->d.uniformResourceIdentifier)))
                list = VALUE_NULL;
        }
    }
    CRL_DIST_POINTS_free(points);
    return places_tuple(vm, list);
}

/* What `print` writes to a buffer of OpenSSL's. */
static value time_text(struct vm *vm, const ASN1_TIME *time)
{
    char text[128];
    BIO *out = BIO_new(BIO_s_mem());
    int size = -1;
    if (out) {
        ASN1_TIME_print(out, time);
        size = BIO_gets(out, text, sizeof text - 1);
    }
    BIO_free(out);
    return size < 0 ? ssl_fail(vm, LINE_OTHER) : string_from_utf8(vm, text, (size_t)size);
}

static value serial_text(struct vm *vm, const ASN1_INTEGER *number)
{
    char text[2048];
    BIO *out = BIO_new(BIO_s_mem());
    int size = -1;
    if (out) {
        i2a_ASN1_INTEGER(out, number);
        size = BIO_gets(out, text, sizeof text - 1);
    }
    BIO_free(out);
    return size < 0 ? ssl_fail(vm, LINE_OTHER) : string_from_utf8(vm, text, (size_t)size);
}

value certificate_decode(struct vm *vm, X509 *certificate)
{
    const struct {
        const char *key;
        value item;
    } rows[] = {{"subject", name_tuple(vm, X509_get_subject_name(certificate))},
                {"issuer", name_tuple(vm, X509_get_issuer_name(certificate))},
                {"version", small_int(X509_get_version(certificate) + 1)},
                {"serialNumber", serial_text(vm, X509_get0_serialNumber(certificate))},
                {"notBefore", time_text(vm, X509_get0_notBefore(certificate))},
                {"notAfter", time_text(vm, X509_get0_notAfter(certificate))},
                {"subjectAltName", alternative_names(vm, certificate)},
                {"OCSP", access_places(vm, certificate, NID_ad_OCSP)},
                {"caIssuers", access_places(vm, certificate, NID_ad_ca_issuers)},
                {"crlDistributionPoints", revocation_places(vm, certificate)}};
    value dict = dict_new(vm);
    for (size_t i = 0; dict != VALUE_NULL && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].item == VALUE_NULL || (rows[i].item != NONE && !dict_set_text(vm, dict_of(dict), rows[i].key, rows[i].item)))
            return VALUE_NULL;
    return vm->pending != VALUE_NULL ? VALUE_NULL : dict;
}

value certificate_der(struct vm *vm, X509 *certificate)
{
    unsigned char *bytes = NULL;
    int size = i2d_X509(certificate, &bytes);
    if (size < 0)
        return ssl_fail(vm, LINE_OTHER);
    value result = bytes_from(vm, bytes, (size_t)size);
    OPENSSL_free(bytes);
    return result;
}

value certificate_test_decode(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    UNUSED;
    const char *path = path_text(vm, arguments[0]);
    if (!path || !sandbox_may_read(vm, arguments[0]))
        return VALUE_NULL;
    BIO *file = BIO_new_file(path, "rb");
    if (!file)
        return ssl_fail_plain(vm, "Can't open file");
    X509 *certificate = PEM_read_bio_X509(file, NULL, NULL, NULL);
    BIO_free(file);
    if (!certificate)
        return ssl_fail_plain(vm, "Error decoding PEM-encoded file");
    value result = certificate_decode(vm, certificate);
    X509_free(certificate);
    return result;
}

/* ---- the type, of what get_verified_chain() answers ---- */

static struct certificate_object *certificate_of(value v)
{
    return (struct certificate_object *)value_object(v);
}

static void certificate_release(struct vm *vm, struct object *object)
{
    (void)vm;
    X509_free(((struct certificate_object *)object)->certificate);
}

value certificate_new(struct vm *vm, X509 *certificate)
{
    struct certificate_object *object = GC_NEW(vm, struct certificate_object, &ssl_certificate_type);
    if (!object)
        return VALUE_NULL;
    X509_up_ref(certificate);
    object->certificate = certificate;
    return object_value(object);
}

METHOD(certificate_get_info)
{
    UNUSED;
    return certificate_decode(vm, certificate_of(self)->certificate);
}

METHOD(certificate_public_bytes)
{
    UNUSED;
    enum { ENCODING_PEM = 1, ENCODING_DER };
    int64_t format = ENCODING_PEM;
    if (arguments[0] != VALUE_NULL && !value_to_index(vm, arguments[0], &format))
        return VALUE_NULL;
    if (format == ENCODING_DER)
        return certificate_der(vm, certificate_of(self)->certificate);
    if (format != ENCODING_PEM)
        return raise_error(vm, &exc_ValueError, "Unsupported format");
    BIO *out = BIO_new(BIO_s_mem());
    char *text;
    value result = VALUE_NULL;
    if (out && PEM_write_bio_X509(out, certificate_of(self)->certificate)) {
        long size = BIO_get_mem_data(out, &text);
        result = string_from_utf8(vm, text, (size_t)size);
    } else {
        ssl_fail(vm, LINE_OTHER);
    }
    BIO_free(out);
    return result;
}

static value certificate_repr(struct vm *vm, value self)
{
    char text[1024];
    X509_NAME_oneline(X509_get_subject_name(certificate_of(self)->certificate), text, sizeof text);
    return string_printf(vm, "<_ssl.Certificate '%s'>", text);
}

static value certificate_compare(struct vm *vm, value a, value b, enum compare_kind kind)
{
    if (!is_exact(a, &ssl_certificate_type) || !is_exact(b, &ssl_certificate_type) || (kind != COMPARE_EQ && kind != COMPARE_NE))
        return vm->not_implemented;
    bool equal = X509_cmp(certificate_of(a)->certificate, certificate_of(b)->certificate) == 0;
    return bool_value(equal == (kind == COMPARE_EQ));
}

static bool certificate_hash(struct vm *vm, value v, int64_t *hash)
{
    (void)vm;
    *hash = (int64_t)X509_subject_name_hash(certificate_of(v)->certificate);
    return true;
}

static const struct method_definition methods[] = {{"get_info", "()", ssl_certificate_get_info, 0, NULL},
                                                   {"public_bytes", "(format=1)", ssl_certificate_public_bytes, 0, NULL},
                                                   {0}};
struct type ssl_certificate_type = {.name = "_ssl.Certificate",
                                    .flags = TYPE_GETATTR_PLAIN,
                                    .instance_size = sizeof(struct certificate_object),
                                    .release = certificate_release,
                                    .repr = certificate_repr,
                                    .compare = certificate_compare,
                                    .hash = certificate_hash,
                                    .methods = methods};
