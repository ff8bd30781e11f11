/* paths.c - module posix: what changes names and folders. Each change is asked for in the sandbox first, which notes how to
 * undo it. */
#include "sim/modules/posix/posix.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/clock.h"

#include <stdio.h>
#include <sys/time.h>

/* An int argument. */
static bool number_argument(struct vm *vm, value v, int64_t absent, int64_t *out)
{
    *out = absent;
    return v == VALUE_NULL || value_to_int64(vm, v, out);
}

FUNCTION(fspath)
{
    UNUSED;
    return path_of(vm, arguments[0]);
}

FUNCTION(getcwd)
{
    UNUSED;
    char path[PATH_MAX];
    return getcwd(path, sizeof path) ? filename_value(vm, path, false) : raise_for(vm, VALUE_NULL);
}

FUNCTION(getcwdb)
{
    UNUSED;
    char path[PATH_MAX];
    return getcwd(path, sizeof path) ? filename_value(vm, path, true) : raise_for(vm, VALUE_NULL);
}

FUNCTION(chdir)
{
    UNUSED;
    struct file_argument file;
    if (!file_argument(vm, arguments[0], "chdir", FILE_DESCRIPTOR, &file) || !AUDIT(vm, "os.chdir", file.shown))
        return VALUE_NULL;
    return (file.path ? chdir(file.path) : fchdir(file.descriptor)) ? raise_for(vm, arguments[0]) : NONE;
}

FUNCTION(fchdir)
{
    UNUSED;
    int descriptor;
    if (!descriptor_argument(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    return fchdir(descriptor) ? raise_for(vm, VALUE_NULL) : NONE;
}

static value remove_name(struct vm *vm, const value *arguments, const char *function, int flags)
{
    struct file_argument file;
    if (!file_argument(vm, arguments[0], function, 0, &file) || !folder_argument(vm, arguments[1], &file.folder) ||
        !AUDIT(vm, flags ? "os.rmdir" : "os.remove", file.shown, audit_folder(arguments[1])) ||
        !io_flush_pending(vm) || !sandbox_may_change(vm, file.folder, file.path, CHANGE_REMOVE, false, arguments[0]))
        return VALUE_NULL;
    return unlinkat(file.folder, file.path, flags) ? raise_for(vm, arguments[0]) : NONE;
}

FUNCTION(remove)
{
    UNUSED;
    return remove_name(vm, arguments, "remove", 0);
}

FUNCTION(unlink)
{
    UNUSED;
    return remove_name(vm, arguments, "unlink", 0);
}

FUNCTION(rmdir)
{
    UNUSED;
    return remove_name(vm, arguments, "rmdir", AT_REMOVEDIR);
}

FUNCTION(mkdir)
{
    UNUSED;
    struct file_argument file;
    int64_t mode;
    if (!file_argument(vm, arguments[0], "mkdir", 0, &file) || !number_argument(vm, arguments[1], 0777, &mode) ||
        !folder_argument(vm, arguments[2], &file.folder) ||
        !AUDIT(vm, "os.mkdir", file.shown, small_int(mode), audit_folder(arguments[2])) ||
        !sandbox_may_change(vm, file.folder, file.path, CHANGE_MAKE, false, arguments[0]))
        return VALUE_NULL;
    return mkdirat(file.folder, file.path, (mode_t)mode) ? raise_for(vm, arguments[0]) : NONE;
}

FUNCTION(mkfifo)
{
    UNUSED;
    struct file_argument file;
    int64_t mode;
    if (!file_argument(vm, arguments[0], "mkfifo", 0, &file) || !number_argument(vm, arguments[1], 0666, &mode) ||
        !folder_argument(vm, arguments[2], &file.folder) ||
        !sandbox_may_change(vm, file.folder, file.path, CHANGE_MAKE, false, arguments[0]))
        return VALUE_NULL;
    return mkfifoat(file.folder, file.path, (mode_t)mode) ? raise_for(vm, VALUE_NULL) : NONE;
}

static value rename_names(struct vm *vm, const value *arguments, const char *function)
{
    struct file_argument from, to;
    if (!file_argument(vm, arguments[0], function, 0, &from) || !file_argument(vm, arguments[1], function, 0, &to) ||
        !folder_argument(vm, arguments[2], &from.folder) || !folder_argument(vm, arguments[3], &to.folder) || !io_flush_pending(vm))
        return VALUE_NULL;
    if (from.as_bytes != to.as_bytes)
        return raise_error(vm, &exc_ValueError, "%s: src and dst must be the same type", function);
    if (!AUDIT(vm, "os.rename", from.shown, to.shown, audit_folder(arguments[2]), audit_folder(arguments[3])))
        return VALUE_NULL;
    if (!sandbox_may_rename(vm, from.folder, from.path, to.folder, to.path, arguments[0]))
        return VALUE_NULL;
    return renameat(from.folder, from.path, to.folder, to.path) ? raise_for_two(vm, arguments[0], arguments[1]) : NONE;
}

FUNCTION(rename)
{
    UNUSED;
    return rename_names(vm, arguments, "rename");
}

FUNCTION(replace)
{
    UNUSED;
    return rename_names(vm, arguments, "replace");
}

FUNCTION(link)
{
    UNUSED;
    struct file_argument from, to;
    bool follow;
    if (!file_argument(vm, arguments[0], "link", 0, &from) || !file_argument(vm, arguments[1], "link", 0, &to) ||
        !folder_argument(vm, arguments[2], &from.folder) || !folder_argument(vm, arguments[3], &to.folder) ||
        !truth_argument(vm, arguments[4], true, &follow) || !io_flush_pending(vm) ||
        !AUDIT(vm, "os.link", from.shown, to.shown, audit_folder(arguments[2]), audit_folder(arguments[3])) ||
        /* through the new name the old file could be written to */
        !sandbox_may_change(vm, from.folder, from.path, CHANGE_STATUS, follow, arguments[0]) ||
        !sandbox_may_change(vm, to.folder, to.path, CHANGE_MAKE, false, arguments[1]))
        return VALUE_NULL;
    return linkat(from.folder, from.path, to.folder, to.path, follow ? AT_SYMLINK_FOLLOW : 0)
               ? raise_for_two(vm, arguments[0], arguments[1]) : NONE;
}

FUNCTION(symlink)
{
    UNUSED;
    struct file_argument from, to;
    if (!file_argument(vm, arguments[0], "symlink", 0, &from) || !file_argument(vm, arguments[1], "symlink", 0, &to) ||
        !folder_argument(vm, arguments[3], &to.folder) ||
        !AUDIT(vm, "os.symlink", from.shown, to.shown, audit_folder(arguments[3])) ||
        !sandbox_may_change(vm, to.folder, to.path, CHANGE_MAKE, false, arguments[1]))
        return VALUE_NULL;
    return symlinkat(from.path, to.folder, to.path) ? raise_for_two(vm, arguments[0], arguments[1]) : NONE;
}

FUNCTION(readlink)
{
    UNUSED;
    struct file_argument file;
    char target[PATH_MAX];
    if (!file_argument(vm, arguments[0], "readlink", 0, &file) || !folder_argument(vm, arguments[1], &file.folder) ||
        !sandbox_may_read(vm, arguments[0]))
        return VALUE_NULL;
    ssize_t size = readlinkat(file.folder, file.path, target, sizeof target - 1);
    if (size < 0)
        return raise_for(vm, arguments[0]);
    target[size] = 0;
    return filename_value(vm, target, file.as_bytes);
}

/* ---- what files are ---- */

static bool may_change_status(struct vm *vm, const struct file_argument *file, bool follow)
{
    return file->path ? sandbox_may_change(vm, file->folder, file->path, CHANGE_STATUS, follow, file->shown)
                      : sandbox_may_change_open(vm, file->descriptor, CHANGE_STATUS);
}

FUNCTION(chmod)
{
    UNUSED;
    struct file_argument file;
    int64_t mode;
    bool follow;
    if (!file_argument(vm, arguments[0], "chmod", FILE_DESCRIPTOR, &file) || !value_to_int64(vm, arguments[1], &mode) ||
        !folder_argument(vm, arguments[2], &file.folder) || !truth_argument(vm, arguments[3], true, &follow))
        return VALUE_NULL;
    if (!follow)
        return raise_error(vm, &exc_NotImplementedError, "chmod: follow_symlinks unavailable on this platform");
    if (!AUDIT(vm, "os.chmod", file.shown, small_int(mode), audit_folder(arguments[2])) || !may_change_status(vm, &file, true))
        return VALUE_NULL;
    return (file.path ? fchmodat(file.folder, file.path, (mode_t)mode, 0) : fchmod(file.descriptor, (mode_t)mode))
               ? raise_for(vm, arguments[0]) : NONE;
}

FUNCTION(fchmod)
{
    UNUSED;
    int descriptor;
    int64_t mode;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !value_to_int64(vm, arguments[1], &mode) ||
        !sandbox_may_change_open(vm, descriptor, CHANGE_STATUS))
        return VALUE_NULL;
    return fchmod(descriptor, (mode_t)mode) ? raise_for(vm, VALUE_NULL) : NONE;
}

static value change_owner(struct vm *vm, const value *arguments, value folder, bool follow)
{
    struct file_argument file;
    int64_t user, group;
    if (!file_argument(vm, arguments[0], "chown", FILE_DESCRIPTOR, &file) || !value_to_int64(vm, arguments[1], &user) ||
        !value_to_int64(vm, arguments[2], &group) || !folder_argument(vm, folder, &file.folder) ||
        !AUDIT(vm, "os.chown", file.shown, small_int(user), small_int(group), audit_folder(folder)) ||
        !may_change_status(vm, &file, follow))
        return VALUE_NULL;
    int failed = file.path ? fchownat(file.folder, file.path, (uid_t)user, (gid_t)group, follow ? 0 : AT_SYMLINK_NOFOLLOW)
                           : fchown(file.descriptor, (uid_t)user, (gid_t)group);
    return failed ? raise_for(vm, arguments[0]) : NONE;
}

FUNCTION(chown)
{
    UNUSED;
    bool follow;
    return truth_argument(vm, arguments[4], true, &follow) ? change_owner(vm, arguments, arguments[3], follow) : VALUE_NULL;
}

FUNCTION(fchown)
{
    UNUSED;
    return change_owner(vm, arguments, VALUE_NULL, true);
}

FUNCTION(lchown)
{
    UNUSED;
    return change_owner(vm, arguments, VALUE_NULL, false);
}

FUNCTION(truncate)
{
    UNUSED;
    struct file_argument file;
    int64_t size;
    if (!file_argument(vm, arguments[0], "truncate", FILE_DESCRIPTOR, &file) || !value_to_int64(vm, arguments[1], &size) ||
        !AUDIT(vm, "os.truncate", file.shown, small_int(size)) || !io_flush_pending(vm))
        return VALUE_NULL;
    if (file.path && !sandbox_may_change(vm, AT_FDCWD, file.path, CHANGE_CONTENTS, true, arguments[0]))
        return VALUE_NULL;
    return (file.path ? truncate(file.path, (off_t)size) : ftruncate(file.descriptor, (off_t)size)) ? raise_for(vm, arguments[0])
                                                                                                     : NONE;
}

static bool seconds_of(struct vm *vm, value v, struct timespec *out)
{
    double seconds, whole;
    if (is_int(v)) {
        int64_t number;
        if (!value_to_int64(vm, v, &number))
            return false;
        *out = (struct timespec){(time_t)number, 0};
        return true;
    }
    if (!value_to_double(vm, v, &seconds))
        return false;
    if (seconds != seconds) {
        raise_error(vm, &exc_ValueError, "Invalid value NaN (not a number)");
        return false;
    }
    if (seconds >= 9.2e18 || seconds <= -9.2e18) {
        raise_error(vm, &exc_OverflowError, "timestamp out of range for platform time_t");
        return false;
    }
    whole = (double)(int64_t)seconds;
    if (whole > seconds)
        whole -= 1;
    *out = (struct timespec){(time_t)whole, (long)((seconds - whole) * 1e9)};
    return true;
}

static bool nanoseconds_of(struct vm *vm, value v, struct timespec *out)
{
    if (!is_int(v)) {
        raise_error(vm, &exc_TypeError, "unsupported operand type(s) for divmod(): '%T' and 'int'", v);
        return false;
    }
    value billion = small_int(1000000000);
    value high = int_binary(vm, BINARY_FLOOR_DIVIDE, v, billion), low = int_binary(vm, BINARY_REMAINDER, v, billion);
    int64_t seconds, rest;
    if (high == VALUE_NULL || low == VALUE_NULL || !value_to_int64(vm, high, &seconds) || !value_to_int64(vm, low, &rest))
        return false;
    *out = (struct timespec){(time_t)seconds, (long)rest};
    return true;
}

static bool times_argument(struct vm *vm, value times, value nanoseconds, struct timespec out[2])
{
    bool by_seconds = times != VALUE_NULL && times != NONE, by_nanoseconds = nanoseconds != VALUE_NULL;
    if (by_seconds && by_nanoseconds) {
        raise_error(vm, &exc_ValueError, "utime: you may specify either 'times' or 'ns' but not both");
        return false;
    }
    value pair = by_seconds ? times : by_nanoseconds ? nanoseconds : VALUE_NULL;
    if (pair == VALUE_NULL) {
        int64_t now = clock_real(vm); /* the program's time, not the host's */
        out[0] = out[1] = (struct timespec){(time_t)(now / 1000000000), (long)(now % 1000000000)};
        return true;
    }
    if (!has_flag(pair, TYPE_TUPLE) || tuple_of(pair)->length != 2) {
        raise_error(vm, &exc_TypeError, by_seconds ? "utime: 'times' must be either a tuple of two ints or None"
                                                   : "utime: 'ns' must be a tuple of two ints");
        return false;
    }
    for (int i = 0; i < 2; i++)
        if (!(by_seconds ? seconds_of : nanoseconds_of)(vm, tuple_of(pair)->items[i], &out[i]))
            return false;
    return true;
}

FUNCTION(utime)
{
    UNUSED;
    struct file_argument file;
    struct timespec times[2];
    bool follow;
    if (!file_argument(vm, arguments[0], "utime", FILE_DESCRIPTOR, &file) ||
        !times_argument(vm, arguments[1], arguments[2], times) || !folder_argument(vm, arguments[3], &file.folder) ||
        !truth_argument(vm, arguments[4], true, &follow) ||
        !AUDIT(vm, "os.utime", file.shown, arguments[1], arguments[2], audit_folder(arguments[3])) ||
        !io_flush_pending(vm) || !may_change_status(vm, &file, follow))
        return VALUE_NULL;
    int failed = file.path ? utimensat(file.folder, file.path, times, follow ? 0 : AT_SYMLINK_NOFOLLOW)
                           : futimens(file.descriptor, times);
    return failed ? raise_for(vm, arguments[0]) : NONE;
}

FUNCTION(umask)
{
    UNUSED;
    int64_t mask;
    return value_to_int64(vm, arguments[0], &mask) ? small_int(umask((mode_t)mask)) : VALUE_NULL;
}

/* os.path.normpath's work, as CPython does it natively */
FUNCTION(_path_normpath)
{
    UNUSED;
    if (!is_string(arguments[0]))
        return raise_error(vm, &exc_TypeError, "_path_normpath() argument 'path' must be str, not %T", arguments[0]);
    struct span text = string_span(arguments[0]);
    size_t slashes = 0, i = 0;
    while (i < text.length && span_at(text, i) == '/')
        i++;
    slashes = i == 0 ? 0 : i == 2 ? 2 : 1;
    struct string_builder out = {NULL, 0, 0};
    for (size_t k = 0; k < slashes; k++)
        string_builder_add(&out, '/');
    size_t floor = slashes; /* what .. cannot take away */
    while (i < text.length) {
        size_t start = i;
        while (i < text.length && span_at(text, i) != '/')
            i++;
        size_t size = i - start;
        while (i < text.length && span_at(text, i) == '/')
            i++;
        bool dot = size == 1 && span_at(text, start) == '.';
        bool up = size == 2 && span_at(text, start) == '.' && span_at(text, start + 1) == '.';
        if (dot || !size)
            continue;
        if (up && out.length > floor) {
            while (out.length > floor && out.code_points[out.length - 1] != '/')
                out.length--;
            if (out.length > floor)
                out.length--;
            continue;
        }
        if (up && slashes)
            continue;
        if (out.length > slashes)
            string_builder_add(&out, '/');
        string_builder_add_span(&out, span_part(text, start, start + size));
        if (up)
            floor = out.length;
    }
    if (!out.length)
        string_builder_add(&out, '.');
    gc_keep(arguments[0]);
    return string_builder_finish(vm, &out);
}

const struct method_definition posix_path_functions[] = {
    ROW(fspath, "(path)"),
    ROW(getcwd, "()"),
    ROW(getcwdb, "()"),
    ROW(chdir, "(path)"),
    ROW(fchdir, "(fd)"),
    ROW(remove, "(path, *, dir_fd=None)"),
    ROW(unlink, "(path, *, dir_fd=None)"),
    ROW(rmdir, "(path, *, dir_fd=None)"),
    ROW(mkdir, "(path, mode=511, *, dir_fd=None)"),
    ROW(mkfifo, "(path, mode=438, *, dir_fd=None)"),
    ROW(rename, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)"),
    ROW(replace, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)"),
    ROW(link, "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)"),
    ROW(symlink, "(src, dst, target_is_directory=False, *, dir_fd=None)"),
    ROW(readlink, "(path, *, dir_fd=None)"),
    ROW(chmod, "(path, mode, *, dir_fd=None, follow_symlinks=True)"),
    ROW(fchmod, "(fd, mode)"),
    ROW(chown, "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)"),
    ROW(fchown, "(fd, uid, gid)"),
    ROW(lchown, "(path, uid, gid)"),
    ROW(truncate, "(path, length)"),
    ROW(utime, "(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True)"),
    ROW(umask, "(mask, /)"),
    ROW(_path_normpath, "(path)"),
    {0},
};
