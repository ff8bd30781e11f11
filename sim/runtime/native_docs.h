/* native_docs.h - What the reference CPython says of its built-in modules, types and functions: their docstrings, text
 * signatures and members, in a table that the build makes of it. */
#ifndef HYBRIDSIM_SIM_RUNTIME_NATIVE_DOCS_H
#define HYBRIDSIM_SIM_RUNTIME_NATIVE_DOCS_H

#include "sim/runtime/object.h"

struct native_doc {
    const char *text, *signature; /* NULL: none */
};

/* Of `name` in module `place`, or of the module itself where `name` is NULL. False: CPython has nothing of that name. */
bool native_doc_find(const char *place, const char *name, struct native_doc *found);

/* Of native class `type`. */
bool native_doc_find_type(const struct type *type, struct native_doc *found);
/* The attributes of native class `type` that are member descriptors in CPython, each with a blank behind it. */
const char *native_doc_members(const struct type *type);
const char *native_doc_members_at(const char *place); /* "datetime.timedelta" */
/* Of attribute `name`, a native one, as `type` has or inherits it. */
bool native_doc_find_member(struct vm *vm, const struct type *type, const char *name, struct native_doc *found);

/* The reference's sys.version, which says when and with what it was built. */
const char *native_doc_version(void);

#endif
