/* layout_size.h - CPython's object layouts, for programs that ask for sizes. In bytes. */
#ifndef HYBRIDSIM_SIM_RUNTIME_LAYOUT_SIZE_H
#define HYBRIDSIM_SIM_RUNTIME_LAYOUT_SIZE_H

#include "sim/runtime/object.h"

struct layout {
    int64_t basic, item;      /* __basicsize__, __itemsize__ */
    int64_t dict, weak;       /* __dictoffset__, __weakrefoffset__ */
    bool collected;           /* the cyclic collector knows instances: they have a header before them */
    bool managed_dict;        /* and two more words for the dict */
};
struct layout layout_of(const struct type *type);

/* May weak references lead to instances of the type? */
bool layout_has_weak(const struct type *type);

/* What sys.getsizeof adds to __sizeof__(). */
int64_t layout_prefix(struct vm *vm, value v);

#endif
