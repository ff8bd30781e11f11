/* file_rules.h - what a program may do with files; sim/modules/sandbox.c keeps to it. */
#ifndef HYBRIDSIM_SIM_RUNTIME_FILE_RULES_H
#define HYBRIDSIM_SIM_RUNTIME_FILE_RULES_H

#include "sim/runtime/undo.h"

struct file_rules {
    char *const *writable;   /* folders in which the program may change files: absolute, without symbolic links */
    int writable_count;
    bool no_files;           /* it may not even look */
    struct undo_log *journal; /* each change is noted here first; NULL: changes stay */
};

#endif
