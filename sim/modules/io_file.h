/* io_file.h - the layout of file objects, shared by io.c, io_open.c and io_memory.c. */
#ifndef HYBRIDSIM_SIM_MODULES_IO_FILE_H
#define HYBRIDSIM_SIM_MODULES_IO_FILE_H

#include "sim/modules/io.h"
#include "sim/runtime/structures.h"

enum file_flags {
    FILE_READS = 1,
    FILE_WRITES = 2,
    FILE_OWNS = 4,   /* the stream is this object's: freed with it */
    FILE_CLOSES = 8, /* ... and its descriptor closed */
    FILE_WIDE = 16   /* utf-16, utf-32: ASCII text is not its own encoding */
};

struct file_object { /* text_file_type, binary_file_type */
    struct object head;
    struct stream *stream;                 /* NULL: closed */
    struct file_object *next, *previous;   /* files that own their stream */
    unsigned flags;                        /* enum file_flags */
    value name, mode, encoding, errors;
    value newline;                         /* str or None */
    value buffer;                          /* the binary file under a text file, once asked for */
};

struct shadow_file { /* a private copy of a file that the program writes */
    struct shadow_file *next;
    char path[];
};

struct io_state {
    value standard[3];
    value unsupported_operation; /* io.UnsupportedOperation */
    value shadows;               /* dict: real path -> path of its private copy */
    value stdout_name;           /* "stdout", interned */
    struct file_object *open_files;
    struct shadow_file *shadow_files;
};

struct io_state *io_state_of(struct vm *vm); /* NULL: no memory */
value file_new(struct vm *vm, struct stream *stream, bool text, unsigned flags, value name, value mode);
value unsupported_operation_class(struct vm *vm);
extern struct type string_io_type, bytes_io_type; /* io_memory.c */

#endif
