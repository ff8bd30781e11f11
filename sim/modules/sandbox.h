/* sandbox.h - which files the program may touch, and the journal of its changes: a run that is to leave no trace records how
 * to undo each change before it is made (sim/runtime/undo.h); whoever started the run undoes them when it has ended. */
#ifndef HYBRIDSIM_SIM_MODULES_SANDBOX_H
#define HYBRIDSIM_SIM_MODULES_SANDBOX_H

#include "sim/runtime/types.h"

#include <sys/types.h>

/* What is going to happen to a path. */
enum file_change {
    CHANGE_CONTENTS, /* opened for writing, truncated */
    CHANGE_STATUS,   /* mode, times, owner */
    CHANGE_MAKE,     /* a name appears: mkdir, symlink, link's new name */
    CHANGE_REMOVE,   /* a name goes: unlink, rmdir */
};

/* The text of a str, bytes or path-like object as the host takes it; NULL with an exception pending. */
const char *path_text(struct vm *vm, value path);
/* os.fspath() */
value path_of(struct vm *vm, value object);

/* The program may look at the file system. False: PermissionError naming the option is pending. `shown`: for the message. */
bool sandbox_may_read(struct vm *vm, value shown);
/* ... change what `path` names (relative to the folder open as `folder`, or AT_FDCWD; a last symbolic link is followed when
 * `follow`). Notes in the journal how to undo it. */
bool sandbox_may_change(struct vm *vm, int folder, const char *path, enum file_change change, bool follow, value shown);
/* rename(2): both names, and what goes where. */
bool sandbox_may_rename(struct vm *vm, int from_folder, const char *from, int to_folder, const char *to, value shown);
/* What descriptor's file is, for a change made through it. */
bool sandbox_may_change_open(struct vm *vm, int descriptor, enum file_change change);
/* open(2) under these rules, with O_CLOEXEC. -1: an exception is pending. */
int sandbox_open(struct vm *vm, int folder, const char *path, int flags, mode_t mode, value shown);
/* The program made this pipe. False: an exception is pending. */
bool sandbox_note_pipe(struct vm *vm, int descriptor);
/* Before a call that may block: as long as the descriptor is not ready (POLLIN, POLLOUT) and the program has other threads or
 * alarms, they get their turn. Where nobody is left who could make a pipe of the program's own ready, that is a deadlock. False:
 * an exception is pending. */
bool sandbox_wait_ready(struct vm *vm, int descriptor, short events);
/* write(2), which blocks only the running thread, and goes on after a signal's handler. -1: errno; -2: an exception is pending. */
int64_t sandbox_write(struct vm *vm, int descriptor, const void *data, size_t size);
/* For what is never allowed: processes. Always VALUE_NULL. */
value sandbox_refuse(struct vm *vm, const char *what);

#endif
