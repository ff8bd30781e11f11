/* posix.c - module posix: its tables, and the arguments its functions share. What the program may do with files is decided in
 * sim/modules/sandbox.c; processes are refused there. */
#include "sim/modules/posix/posix.h"
#include "sim/runtime/bytes.h"
#include "sim/runtime/warning.h"

#include <dlfcn.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

/* ---- arguments ---- */

value filename_value(struct vm *vm, const char *name, bool as_bytes)
{
    return as_bytes ? bytes_from(vm, name, strlen(name))
                    : bytes_decode(vm, (const uint8_t *)name, strlen(name), "utf-8", "surrogateescape");
}

value raise_for(struct vm *vm, value shown)
{
    return raise_os_error(vm, errno, shown);
}

value raise_for_two(struct vm *vm, value first, value second)
{
    value arguments[5] = {small_int(errno), string_from_text(vm, strerror(errno)), first, NONE, second};
    value exception = call(vm, object_value(&exc_OSError), arguments, 5, VALUE_NULL);
    return exception == VALUE_NULL ? VALUE_NULL : raise_value(vm, exception);
}

bool descriptor_argument(struct vm *vm, value v, int *out)
{
    int64_t number;
    value method;
    if (!is_int(v) && !is_float(v) && find_attribute(vm, v, intern_text(vm, "fileno"), &method) > 0) {
        v = call_0(vm, method);
        if (v != VALUE_NULL && !is_int(v))
            raise_error(vm, &exc_TypeError, "fileno() returned a non-integer");
    }
    if (vm->pending != VALUE_NULL || v == VALUE_NULL)
        return false;
    if (!is_int(v) && lookup_special(vm, v, "__index__") == VALUE_NULL) {
        if (vm->pending == VALUE_NULL)
            raise_error(vm, &exc_TypeError, is_float(v) ? "'float' object cannot be interpreted as an integer"
                                                        : "argument must be an int, or have a fileno() method.");
        return false;
    }
    if (!value_to_int64(vm, v, &number))
        return false;
    if (number > INT32_MAX || number < INT32_MIN) {
        raise_error(vm, &exc_OverflowError, number > 0 ? "Python int too large to convert to C int"
                                                       : "Python int too small to convert to C int");
        return false;
    }
    *out = (int)number;
    return true;
}

bool folder_argument(struct vm *vm, value v, int *out)
{
    *out = AT_FDCWD;
    if (v == VALUE_NULL || v == NONE)
        return true;
    if (!is_int(v)) {
        raise_error(vm, &exc_TypeError, "argument should be integer or None, not %T", v);
        return false;
    }
    return descriptor_argument(vm, v, out);
}

bool truth_argument(struct vm *vm, value v, bool absent, bool *out)
{
    int truth = v == VALUE_NULL ? absent : value_truth(vm, v);
    *out = truth > 0;
    return truth >= 0;
}

bool file_argument(struct vm *vm, value v, const char *function, unsigned allowed, struct file_argument *out)
{
    *out = (struct file_argument){.path = NULL, .descriptor = -1, .folder = AT_FDCWD, .shown = v, .as_bytes = false};
    if (v == VALUE_NULL || v == NONE) {
        if (allowed & FILE_CURRENT) {
            out->path = ".";
            out->shown = VALUE_NULL;
            return true;
        }
    } else if ((allowed & FILE_DESCRIPTOR) && is_int(v)) {
        return descriptor_argument(vm, v, &out->descriptor);
    }
    value path = v == VALUE_NULL || v == NONE || is_int(v) || is_float(v) ? VALUE_NULL : path_of(vm, v);
    if (path == VALUE_NULL) {
        if (vm->pending != VALUE_NULL && !exception_matches(vm, &exc_TypeError))
            return false;
        if (vm->pending != VALUE_NULL && lookup_special(vm, v, "__fspath__") != VALUE_NULL)
            return false;
        if (vm->pending != VALUE_NULL)
            exception_clear(vm);
        const char *like = allowed & (FILE_DESCRIPTOR | FILE_CURRENT) ? ", os.PathLike" : " or os.PathLike";
        const char *others = allowed == (FILE_DESCRIPTOR | FILE_CURRENT) ? ", integer or None"
                             : allowed & FILE_DESCRIPTOR                 ? " or integer"
                             : allowed & FILE_CURRENT                    ? " or None"
                                                                         : "";
        static const char wrong[] = "%s: path should be string, bytes%s%s, not %T";
        const uint8_t *data;
        size_t size;
        if (v == VALUE_NULL || !has_buffer(vm, v)) {
            raise_error(vm, &exc_TypeError, wrong, function, like, others, v == VALUE_NULL ? NONE : v);
            return false;
        }
        if (!warning_issue(vm, &exc_DeprecationWarning, 1, wrong, function, like, others, v) || !buffer_of(vm, v, &data, &size) ||
            (path = bytes_from(vm, data, size)) == VALUE_NULL)
            return false;
    }
    out->as_bytes = is_bytes(path);
    out->path = path_text(vm, path);
    return out->path != NULL;
}

/* ---- constants ---- */

#define CONSTANT(name) {#name, name}
static const struct integer_constant constants[] = {
    CONSTANT(F_OK), CONSTANT(R_OK), CONSTANT(W_OK), CONSTANT(X_OK), CONSTANT(F_LOCK), CONSTANT(F_TEST), CONSTANT(F_TLOCK),
    CONSTANT(F_ULOCK), CONSTANT(O_RDONLY), CONSTANT(O_WRONLY), CONSTANT(O_RDWR), CONSTANT(O_ACCMODE), CONSTANT(O_APPEND),
    CONSTANT(O_ASYNC), CONSTANT(O_CREAT), CONSTANT(O_DIRECT), CONSTANT(O_DSYNC), CONSTANT(O_EXCL), CONSTANT(O_FSYNC),
    CONSTANT(O_LARGEFILE), CONSTANT(O_NDELAY), CONSTANT(O_NOATIME), CONSTANT(O_NOCTTY), CONSTANT(O_PATH), CONSTANT(O_RSYNC),
    CONSTANT(O_SYNC), CONSTANT(O_TMPFILE), CONSTANT(O_TRUNC), CONSTANT(O_NONBLOCK), CONSTANT(O_CLOEXEC), CONSTANT(O_NOFOLLOW),
    CONSTANT(O_DIRECTORY), {"SEEK_DATA", 3}, {"SEEK_HOLE", 4}, CONSTANT(WNOHANG), CONSTANT(WUNTRACED), CONSTANT(WCONTINUED),
    {"EX_OK", 0}, {"EX_USAGE", 64}, {"EX_DATAERR", 65}, {"EX_NOINPUT", 66}, {"EX_NOUSER", 67}, {"EX_NOHOST", 68},
    {"EX_UNAVAILABLE", 69}, {"EX_SOFTWARE", 70}, {"EX_OSERR", 71}, {"EX_OSFILE", 72}, {"EX_CANTCREAT", 73}, {"EX_IOERR", 74},
    {"EX_TEMPFAIL", 75}, {"EX_PROTOCOL", 76}, {"EX_NOPERM", 77}, {"EX_CONFIG", 78}, {"NGROUPS_MAX", 65536}, {"TMP_MAX", 238328},
    CONSTANT(GRND_NONBLOCK), CONSTANT(GRND_RANDOM), CONSTANT(RTLD_LAZY), CONSTANT(RTLD_NOW), CONSTANT(RTLD_GLOBAL),
    CONSTANT(RTLD_LOCAL), CONSTANT(RTLD_NODELETE), CONSTANT(RTLD_NOLOAD), CONSTANT(RTLD_DEEPBIND), CONSTANT(SCHED_OTHER),
    CONSTANT(SCHED_FIFO), CONSTANT(SCHED_RR), CONSTANT(SCHED_BATCH), CONSTANT(SCHED_IDLE), CONSTANT(ST_RDONLY),
    CONSTANT(ST_NOSUID), CONSTANT(P_ALL), CONSTANT(P_PID), CONSTANT(P_PGID), {"PRIO_PROCESS", 0}, {"PRIO_PGRP", 1},
    {"PRIO_USER", 2}, {"POSIX_SPAWN_OPEN", 0}, {"POSIX_SPAWN_CLOSE", 1}, {"POSIX_SPAWN_DUP2", 2}, {"WEXITED", 4},
    {"WSTOPPED", 2}, {"WNOWAIT", 16777216}, {"CLD_EXITED", 1}, {"CLD_KILLED", 2}, {"CLD_DUMPED", 3}, {"POSIX_FADV_NORMAL", 0},
    {"POSIX_FADV_RANDOM", 1}, {"POSIX_FADV_SEQUENTIAL", 2}, {"POSIX_FADV_WILLNEED", 3}, {"POSIX_FADV_DONTNEED", 4},
    {"POSIX_FADV_NOREUSE", 5}, {0},
};

/* What os.py asks to know where dir_fd, descriptors and follow_symlinks may be given: CPython's list for Linux. */
static const char *const abilities[] = {
    "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN", "HAVE_FCHOWNAT", "HAVE_FEXECVE",
    "HAVE_FDOPENDIR", "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS", "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_FUTIMES",
    "HAVE_FUTIMESAT", "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_LUTIMES", "HAVE_MKDIRAT", "HAVE_MKFIFOAT",
    "HAVE_MKNODAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};

static bool add_functions(struct vm *vm, struct dict_object *dict, value module, const struct method_definition *functions)
{
    (void)module;
    for (; functions->name; functions++) {
        value function = native_function_new(vm, functions, module, "posix");
        if (function == VALUE_NULL || !dict_set_text(vm, dict, functions->name, function))
            return false;
    }
    return true;
}

static bool posix_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    value able = list_new(vm, 0);
    for (size_t i = 0; able != VALUE_NULL && i < sizeof abilities / sizeof *abilities; i++)
        if (!list_append(vm, list_of(able), intern_text(vm, abilities[i])))
            return false;
    return able != VALUE_NULL && support_add_constants(vm, module, constants) &&
           add_functions(vm, dict, module, posix_path_functions) && add_functions(vm, dict, module, posix_descriptor_functions) &&
           add_functions(vm, dict, module, posix_process_functions) && posix_status_ready(vm, dict) &&
           posix_process_ready(vm, dict) && dict_set_text(vm, dict, "_have_functions", able) &&
           dict_set_text(vm, dict, "error", object_value(&exc_OSError));
}

const struct native_module posix_module = {"posix", posix_initialize, posix_status_functions};
