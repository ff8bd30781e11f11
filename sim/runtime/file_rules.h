/* file_rules.h - what a program may do with files; sim/modules/sandbox.c keeps to it. */
#ifndef HYBRIDSIM_SIM_RUNTIME_FILE_RULES_H
#define HYBRIDSIM_SIM_RUNTIME_FILE_RULES_H

#include "sim/runtime/undo.h"

struct file_rules {
    char *const *writable;   /* folders in which the program may change files: absolute, without symbolic links */
    int writable_count;
    bool no_files;           /* it may not even look */
    bool native_code;        /* it may load any library and call any C function (module _ctypes) */
    struct undo_log *journal; /* each change is noted here first; NULL: changes stay */
    void (*before_change)(void *context); /* called before each change, and before it is noted; NULL allowed */
    void *change_context;
    /* called before the program writes to a descriptor; NULL allowed */
    void (*before_output)(void *context, int descriptor, const void *bytes, size_t size);
};

#endif
