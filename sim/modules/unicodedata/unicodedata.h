/* unicodedata.h - what the files of module unicodedata share: the tables (database.c, made by scripts/unicode_tables.py) and
 * normalisation. `old` asks for Unicode 3.2, which internationalised domain names are defined by. */
#ifndef HYBRIDSIM_SIM_MODULES_UNICODEDATA_UNICODEDATA_H
#define HYBRIDSIM_SIM_MODULES_UNICODEDATA_UNICODEDATA_H

#include "sim/modules/support.h"
#include "sim/runtime/text.h"

struct character_record {
    uint8_t category, bidirectional, combining, width, mirrored;
    int8_t decimal, digit;   /* -1: none */
    uint8_t numeric;         /* 0: none */
};

const struct character_record *database_record(uint32_t c, bool old);
double database_numeric(const struct character_record *record);
const char *database_category(const struct character_record *record);
const char *database_bidirectional(const struct character_record *record);
const char *database_width(const struct character_record *record);

/* The characters a character decomposes to, once: their number, 0: none. *prefix: "<compat>" and the like, "": canonical. */
size_t database_decomposition(uint32_t c, const uint32_t **characters, const char **prefix);
uint32_t database_old_correction(uint32_t c); /* what Unicode 3.2 got wrong in its decompositions; 0: nothing */
uint32_t database_composition(uint32_t first, uint32_t second); /* 0: they do not compose */

enum { DATABASE_NAME_MAX = 256 };
bool database_name(uint32_t c, char name[DATABASE_NAME_MAX]); /* false: it has none */
bool database_find(const char *name, uint32_t *c);            /* name in upper case */
struct named_sequence { /* of characters, with a name of its own */
    const char *name;
    uint8_t length;
    uint32_t characters[4];
};
const struct named_sequence *database_sequence(const char *name); /* NULL: there is none */

/* normalize.c */
enum normal_form { FORM_NFC, FORM_NFD, FORM_NFKC, FORM_NFKD };
value string_normalize(struct vm *vm, value string, enum normal_form form, bool old);

#endif
