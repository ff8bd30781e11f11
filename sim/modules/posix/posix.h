/* posix.h - what the files of module posix share. */
#ifndef HYBRIDSIM_SIM_MODULES_POSIX_POSIX_H
#define HYBRIDSIM_SIM_MODULES_POSIX_POSIX_H

#include "sim/modules/io/io.h"
#include "sim/modules/sandbox.h"
#include "sim/modules/support.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/container.h"
#include "sim/runtime/record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#define FUNCTION(name)                                                                                                 \
    static value posix_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names
#define ROW(name, signature) {#name, signature, posix_##name, 0, NULL}

/* An argument that names a file: a path, or a descriptor where that is allowed. */
struct file_argument {
    const char *path;  /* NULL: descriptor */
    int descriptor;
    int folder;        /* dir_fd, or AT_FDCWD */
    value shown;       /* for messages */
    bool as_bytes;
};
enum { FILE_DESCRIPTOR = 1, FILE_CURRENT = 2 /* absent: "." */ };
bool file_argument(struct vm *vm, value v, const char *function, unsigned allowed, struct file_argument *out);
bool folder_argument(struct vm *vm, value v, int *out);         /* dir_fd */
bool descriptor_argument(struct vm *vm, value v, int *out);
bool truth_argument(struct vm *vm, value v, bool absent, bool *out);
value filename_value(struct vm *vm, const char *name, bool as_bytes);
value raise_for(struct vm *vm, value shown);                    /* OSError for errno */
value raise_for_two(struct vm *vm, value first, value second);

value stat_of_status(struct vm *vm, const struct stat *status);
bool posix_status_ready(struct vm *vm, struct dict_object *dict);   /* adds stat_result, DirEntry, ... */
bool posix_process_ready(struct vm *vm, struct dict_object *dict);  /* uname_result, environ, ... */
extern const struct method_definition posix_status_functions[], posix_path_functions[], posix_descriptor_functions[],
    posix_process_functions[];

#endif
