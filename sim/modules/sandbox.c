/* sandbox.c - see sandbox.h. A path is judged by what it really is: symbolic links and .. in its folders are resolved first,
 * and what was judged is what is then opened. */
#include "sim/modules/sandbox.h"
#include "sim/modules/io/file.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/file_rules.h"
#include "sim/runtime/text.h"
#include "sim/runtime/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- paths as arguments ---- */

value path_of(struct vm *vm, value object)
{
    if (is_string(object) || is_bytes(object))
        return object;
    value method = lookup_special(vm, object, "__fspath__");
    if (method == VALUE_NULL)
        return vm->pending != VALUE_NULL
                   ? VALUE_NULL
                   : raise_error(vm, &exc_TypeError, "expected str, bytes or os.PathLike object, not %T", object);
    value path = call_0(vm, method);
    if (path == VALUE_NULL || is_string(path) || is_bytes(path))
        return path;
    return raise_error(vm, &exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", object, path);
}

const char *path_text(struct vm *vm, value object)
{
    value path = path_of(vm, object);
    if (path == VALUE_NULL)
        return NULL;
    if (is_string(path) && !string_of(path)->ascii) /* file names that are no UTF-8 come back as they were */
        path = string_encode(vm, path, "utf-8", "surrogateescape");
    if (path == VALUE_NULL)
        return NULL;
    size_t size;
    const char *text = is_bytes(path) ? (const char *)bytes_of(path)->data : string_utf8(vm, path, &size);
    if (is_bytes(path))
        size = bytes_of(path)->length;
    if (text && strlen(text) != size) {
        raise_error(vm, &exc_ValueError, "embedded null byte");
        return NULL;
    }
    gc_keep(path);
    return text;
}

/* ---- what is allowed ---- */

static bool refuse(struct vm *vm, int error, const char *message, value shown)
{
    value text = string_from_text(vm, message);
    value exception = shown == VALUE_NULL ? call_2(vm, object_value(&exc_PermissionError), small_int(error), text)
                                          : call_3(vm, object_value(&exc_PermissionError), small_int(error), text, shown);
    if (exception != VALUE_NULL)
        raise_value(vm, exception);
    return false;
}

value sandbox_refuse(struct vm *vm, const char *what)
{
    char message[160];
    snprintf(message, sizeof message, "%s: not permitted inside hybridsim (no processes)", what);
    refuse(vm, EPERM, message, VALUE_NULL);
    return VALUE_NULL;
}

/* ---- waiting ---- */

bool sandbox_note_pipe(struct vm *vm, int descriptor)
{
    struct io_state *io = io_state_of(vm);
    struct stat status;
    if (io && fstat(descriptor, &status) == 0)
        io->own_pipes[io->own_pipe_count++ % OWN_PIPES_KNOWN] = status.st_ino;
    return io != NULL;
}

static bool is_own_pipe(const struct vm *vm, int descriptor)
{
    struct stat status;
    if (!vm->io || !vm->io->own_pipe_count || fstat(descriptor, &status) != 0 || !S_ISFIFO(status.st_mode))
        return false;
    for (uint32_t i = 0; i < vm->io->own_pipe_count && i < OWN_PIPES_KNOWN; i++)
        if (vm->io->own_pipes[i] == status.st_ino)
            return true;
    return false;
}

/* It would block for ever: the running thread is the only one that could do something about it. */
static bool is_stuck(const struct vm *vm, int descriptor, short events)
{
    struct pollfd waiting = {.fd = descriptor, .events = events};
    return thread_is_last(vm) && is_own_pipe(vm, descriptor) && !(fcntl(descriptor, F_GETFL) & O_NONBLOCK) &&
           poll(&waiting, 1, 0) == 0;
}

bool sandbox_wait_ready(struct vm *vm, int descriptor, short events)
{
    enum { PATIENCE = 64, HOST_MILLISECONDS = 1, SLEEP_MINIMUM = 1000, SLEEP_MAXIMUM = 1000000 };
    int64_t nanoseconds = SLEEP_MINIMUM; /* of the program's time */
    if ((thread_count(vm) > 0 || thread_has_deadlines(vm)) && fcntl(descriptor, F_GETFL) & O_NONBLOCK)
        return true;
    for (int round = 0; thread_count(vm) > 0 || thread_has_deadlines(vm); round++) {
        struct pollfd waiting = {.fd = descriptor, .events = events};
        if (poll(&waiting, 1, round < PATIENCE ? 0 : HOST_MILLISECONDS) != 0)
            return true;
        if (is_stuck(vm, descriptor, events))
            break;
        if (!thread_sleep(vm, nanoseconds))
            return false;
        if (nanoseconds < SLEEP_MAXIMUM)
            nanoseconds *= 2;
    }
    if (!is_stuck(vm, descriptor, events))
        return true;
    raise_unsupported(vm, "a deadlock: a pipe that only the waiting thread itself could fill or empty");
    return false;
}

/* A pipe is given in small pieces what it takes without blocking, until it has everything. */
static int64_t write_patiently(struct vm *vm, int descriptor, const char *bytes, size_t size)
{
    size_t done = 0;
    while (done < size) {
        if (!sandbox_wait_ready(vm, descriptor, POLLOUT))
            return -2;
        ssize_t put = write(descriptor, bytes + done, size - done < PIPE_BUF ? size - done : PIPE_BUF);
        if (put >= 0)
            done += (size_t)put;
        else if (errno != EINTR)
            return done ? (int64_t)done : -1;
        else if ((vm->interrupt & INTERRUPT_SIGNAL) && !thread_interrupted(vm))
            return -2;
    }
    return (int64_t)done;
}

int64_t sandbox_write(struct vm *vm, int descriptor, const void *data, size_t size)
{
    struct stat status;
    bool alone = !thread_count(vm) && !thread_has_deadlines(vm) && !is_own_pipe(vm, descriptor);
    if (vm->files && vm->files->before_output)
        vm->files->before_output(vm->files->change_context, descriptor, data, size);
    if (alone || fstat(descriptor, &status) || !S_ISFIFO(status.st_mode)) {
        for (;;) {
            ssize_t put = write(descriptor, data, size);
            if (put >= 0 || errno != EINTR)
                return put;
            if ((vm->interrupt & INTERRUPT_SIGNAL) && !thread_interrupted(vm))
                return -2;
        }
    }
    char *copy = malloc(size + 1); /* the others may change the original meanwhile */
    if (!copy) {
        raise_no_memory(vm);
        return -2;
    }
    memcpy(copy, data, size);
    int64_t put = size ? write_patiently(vm, descriptor, copy, size) : write(descriptor, copy, 0);
    int error = errno;
    free(copy);
    errno = error;
    return put;
}

bool sandbox_may_read(struct vm *vm, value shown)
{
    if (vm->files && vm->files->no_files)
        return refuse(vm, EACCES, "no files for this program: hybridsim runs with --no-files", shown);
    return true;
}

static bool is_inside(const char *path, const char *folder)
{
    size_t size = strlen(folder);
    return size == 1 || (!strncmp(path, folder, size) && (path[size] == 0 || path[size] == '/'));
}

static bool is_writable(const struct file_rules *rules, const char *path, enum file_change change)
{
    static const char *const devices[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/tty"};
    for (size_t i = 0; change == CHANGE_CONTENTS && i < sizeof devices / sizeof *devices; i++)
        if (!strcmp(path, devices[i]))
            return true;
    if (is_inside(path, "/dev/shm")) /* where shared memory has its names */
        return true;
    for (int i = 0; i < rules->writable_count; i++)
        if (is_inside(path, rules->writable[i]))
            return true;
    return false;
}

/* ---- what a path really is ---- */

/* folder/path, when path is relative to an open folder. */
static bool join(int folder, const char *path, char out[PATH_MAX])
{
    if (*path == '/' || folder == AT_FDCWD)
        return snprintf(out, PATH_MAX, "%s", path) < PATH_MAX;
    char link[64], target[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t size = readlink(link, target, sizeof target - 1);
    if (size < 0)
        return false;
    target[size] = 0;
    return snprintf(out, PATH_MAX, "%s/%s", target, path) < PATH_MAX;
}

/* The absolute path without symbolic links in its folders, its last name resolved too when `follow`. False: there is no such
 * place, and the system call will say so. */
static bool resolve(int folder, const char *path, bool follow, char out[PATH_MAX])
{
    char whole[PATH_MAX], parent[PATH_MAX], target[PATH_MAX];
    if (!join(folder, path, whole))
        return false;
    for (int links = 0; links < 40; links++) {
        size_t size = strlen(whole);
        while (size > 1 && whole[size - 1] == '/')
            whole[--size] = 0;
        char *slash = strrchr(whole, '/');
        const char *name = slash ? slash + 1 : whole;
        if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
            return realpath(whole, out) != NULL;
        char last[NAME_MAX + 1];
        if (snprintf(last, sizeof last, "%s", name) >= (int)sizeof last)
            return false;
        if (slash)
            slash[slash == whole] = 0;
        if (!realpath(slash ? whole : ".", parent) ||
            snprintf(out, PATH_MAX, "%s/%s", strcmp(parent, "/") ? parent : "", last) >= PATH_MAX)
            return false;
        ssize_t got = follow ? readlink(out, target, sizeof target - 1) : -1;
        if (got < 0)
            return true;
        target[got] = 0;
        int written = *target == '/' ? snprintf(whole, sizeof whole, "%s", target)
                                     : snprintf(whole, sizeof whole, "%.*s/%s", (int)strlen(parent), parent, target);
        if (written >= (int)sizeof whole)
            return false;
    }
    return false;
}

static bool note(struct vm *vm, const char *path, enum file_change change, value shown)
{
    struct undo_log *journal = vm->files->journal;
    if (vm->files->before_change)
        vm->files->before_change(vm->files->change_context);
    bool noted = !journal                        ? true
                 : change == CHANGE_CONTENTS     ? undo_note_contents(journal, path)
                 : change == CHANGE_STATUS       ? undo_note_status(journal, path)
                 : change == CHANGE_MAKE         ? undo_note_make(journal, path)
                                                 : undo_note_remove(journal, path);
    if (!noted)
        raise_os_error(vm, errno, shown);
    return noted;
}

/* The system call will fail, and say why. */
static bool fails_anyway(const char *path, enum file_change change)
{
    struct stat status;
    bool exists = lstat(path, &status) == 0;
    return change == CHANGE_MAKE ? exists : change == CHANGE_CONTENTS ? false : !exists;
}

/* path: resolved */
static bool may_change(struct vm *vm, const char *path, enum file_change change, value shown)
{
    if (fails_anyway(path, change))
        return true;
    if (!is_writable(vm->files, path, change))
        return refuse(vm, EACCES, "hybridsim lets programs write only below the script's folder, the temporary folder and what "
                      "--allow-write DIR names", shown);
    return note(vm, path, change, shown);
}

bool sandbox_may_change(struct vm *vm, int folder, const char *path, enum file_change change, bool follow, value shown)
{
    char real[PATH_MAX];
    if (!sandbox_may_read(vm, shown))
        return false;
    return !vm->files || !resolve(folder, path, follow, real) || may_change(vm, real, change, shown);
}

bool sandbox_may_rename(struct vm *vm, int from_folder, const char *from, int to_folder, const char *to, value shown)
{
    char real_from[PATH_MAX], real_to[PATH_MAX];
    if (!sandbox_may_read(vm, shown))
        return false;
    if (!vm->files || !resolve(from_folder, from, false, real_from) || !resolve(to_folder, to, false, real_to))
        return true;
    struct undo_log *journal = vm->files->journal;
    struct file_rules quiet = *vm->files, *rules = vm->files;
    quiet.journal = NULL;
    vm->files = &quiet;
    bool allowed = may_change(vm, real_from, CHANGE_REMOVE, shown) && may_change(vm, real_to, CHANGE_CONTENTS, shown);
    vm->files = rules;
    if (!allowed)
        return false;
    if (journal && !undo_note_rename(journal, real_from, real_to)) {
        raise_os_error(vm, errno, shown);
        return false;
    }
    return true;
}

bool sandbox_may_change_open(struct vm *vm, int descriptor, enum file_change change)
{
    char link[64], target[PATH_MAX];
    if (!vm->files)
        return true;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t size = readlink(link, target, sizeof target - 1);
    if (size <= 0 || *target != '/')
        return true; /* a pipe, or nothing: the system call will say so */
    target[size] = 0;
    return may_change(vm, target, change, VALUE_NULL);
}

int sandbox_open(struct vm *vm, int folder, const char *path, int flags, mode_t mode, value shown)
{
    char real[PATH_MAX];
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC));
    if (!sandbox_may_read(vm, shown))
        return -1;
    int descriptor;
    if (!writes || !vm->files || !resolve(folder, path, !(flags & (O_NOFOLLOW | O_EXCL)), real)) {
        descriptor = openat(folder, path, flags | O_CLOEXEC, mode);
    } else {
        struct stat status;
        size_t size = strlen(path);
        bool exists = lstat(real, &status) == 0;
        bool fails = exists ? (flags & O_CREAT && flags & O_EXCL) || S_ISDIR(status.st_mode) : !(flags & O_CREAT);
        if (!fails && !may_change(vm, real, CHANGE_CONTENTS, shown))
            return -1;
        if (!exists && size && path[size - 1] == '/')
            descriptor = openat(folder, path, flags | O_CLOEXEC, mode);
        else
            descriptor = open(real, flags | O_CLOEXEC | O_NOFOLLOW, mode);
    }
    if (descriptor < 0) {
        int error = errno;
        raise_os_error(vm, error, shown);
        errno = error;
    }
    return descriptor;
}
