/* native_docs.c - Finds docstrings and text signatures in the table that scripts/native_docs.py makes of the reference
 * CPython. Rows are sorted by name ("math.sqrt", "builtins.str.join"); the numbers in them are places in the text. */
#include "sim/runtime/native_docs.h"
#include "sim/runtime/type.h"

#include <stdio.h>
#include <string.h>

struct native_doc_row {
    uint32_t name, doc, signature; /* 0: none */
};
struct native_doc_members {
    const char *type, *names; /* each name with a blank behind it */
};
#include "native_docs.inc"

enum { NAME_BYTES = 200 }; /* room for the longest name there is, and more */

static const char *text_at(uint32_t place) { return place ? (const char *)native_doc_text + place : NULL; }

static bool find_in(const struct native_doc_row *rows, size_t count, const char *name, struct native_doc *found)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct native_doc_row *row = &rows[middle];
        int order = strcmp(name, text_at(row->name));
        if (!order) {
            *found = (struct native_doc){text_at(row->doc), text_at(row->signature)};
            return true;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

#define FIND_IN(rows, name, found) find_in(rows, sizeof(rows) / sizeof *(rows), name, found)

bool native_doc_find(const char *place, const char *name, struct native_doc *found)
{
    char full[NAME_BYTES];
    int length = snprintf(full, sizeof full, "%s%s%s", place, name ? "." : "", name ? name : "");
    return length > 0 && (size_t)length < sizeof full &&
           (FIND_IN(native_doc_scope_rows, full, found) || (name && FIND_IN(native_doc_member_rows, full, found)));
}

/* "builtins.list" */
static bool place_of_type(const struct type *type, char full[NAME_BYTES])
{
    bool has_module = strchr(type->name, '.') != NULL; /* also of a class that a native module has made, such as _io.BytesIO */
    if (type->flags & TYPE_HEAP && !has_module)
        return false;
    int length = snprintf(full, NAME_BYTES, "%s%s", has_module ? "" : "builtins.", type->name);
    return length > 0 && length < NAME_BYTES;
}

bool native_doc_find_type(const struct type *type, struct native_doc *found)
{
    char full[NAME_BYTES];
    return place_of_type(type, full) && FIND_IN(native_doc_scope_rows, full, found);
}

const char *native_doc_members(const struct type *type)
{
    char full[NAME_BYTES];
    return place_of_type(type, full) ? native_doc_members_at(full) : "";
}

const char *native_doc_members_at(const char *place)
{
    size_t low = 0, high = sizeof native_doc_members_rows / sizeof *native_doc_members_rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(place, native_doc_members_rows[middle].type);
        if (!order)
            return native_doc_members_rows[middle].names;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return "";
}

bool native_doc_find_member(struct vm *vm, const struct type *type, const char *name, struct native_doc *found)
{
    char place[NAME_BYTES];
    for (uint32_t i = 0; i < type->mro_count; i++) {
        const struct type *one = type->mro[i];
        const char *module = strchr(one->name, '.') ? "" : "builtins";
        if (one->flags & TYPE_HEAP && *module) {
            value written = dict_get_interned(one->dict, NAMED(vm, __module__));
            if (written == VALUE_NULL || !has_flag(written, TYPE_STRING) || !(module = string_utf8(vm, written, NULL)))
                continue;
        }
        int length = snprintf(place, sizeof place, "%s%s%s", module, *module ? "." : "", one->name);
        if (length > 0 && (size_t)length < sizeof place && native_doc_find(place, name, found))
            return true;
    }
    return false;
}

const char *native_doc_version(void)
{
    static const char usual[] = "3.11.2 (main, Mar 13 2023, 12:18:29) [GCC 12.2.0]";
    const size_t number = strcspn(usual, " ") + 1; /* another 3.11's text would contradict sys.version_info */
    return strncmp(REFERENCE_VERSION, usual, number) ? usual : REFERENCE_VERSION;
}
