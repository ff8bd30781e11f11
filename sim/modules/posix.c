/* posix.c - module posix: what os.py and plain programs use of it. Changes to the file system are made by the first run only:
 * a run whose writes are private (vm->shadow_writes) refuses them by name, as it refuses what would reach other processes. */
#include "sim/modules/support.h"
#include "sim/runtime/replay.h"
#include "sim/runtime/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define FUNCTION(name)                                                                                                 \
    static value posix_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* ---- paths ---- */

FUNCTION(fspath)
{
    UNUSED;
    value path = arguments[0];
    if (is_string(path) || is_bytes(path))
        return path;
    value method = lookup_special(vm, path, "__fspath__");
    if (method == VALUE_NULL)
        return vm->pending != VALUE_NULL
                   ? VALUE_NULL
                   : raise_error(vm, &exc_TypeError, "expected str, bytes or os.PathLike object, not %T", path);
    value result = call_0(vm, method);
    if (result == VALUE_NULL || is_string(result) || is_bytes(result))
        return result;
    return raise_error(vm, &exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", path, result);
}

/* The path as the host takes it; NULL with an exception pending. */
static const char *path_text(struct vm *vm, value path)
{
    value v = posix_fspath(vm, VALUE_NULL, &path, 1, VALUE_NULL);
    if (v == VALUE_NULL)
        return NULL;
    size_t size = 0;
    const char *text = is_bytes(v) ? (const char *)bytes_of(v)->data : string_utf8(vm, v, &size);
    if (is_bytes(v))
        size = bytes_of(v)->length;
    if (text && strlen(text) != size) {
        raise_error(vm, &exc_ValueError, "embedded null byte");
        return NULL;
    }
    return text;
}

static value filename_value(struct vm *vm, const char *name, bool as_bytes)
{
    return as_bytes ? bytes_from(vm, name, strlen(name)) : bytes_decode(vm, (const uint8_t *)name, strlen(name), "utf-8",
                                                                        "surrogateescape");
}

static bool may_change(struct vm *vm, const char *what)
{
    if (!vm->shadow_writes)
        return true;
    raise_unsupported(vm, what);
    return false;
}

/* ---- stat ---- */

static value stat_value(struct vm *vm, value module, const struct stat *status)
{
    static const char *const names[] = {"st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size"};
    value items[10] = {small_int(status->st_mode), int_from_uint64(vm, status->st_ino), int_from_uint64(vm, status->st_dev),
                       int_from_uint64(vm, status->st_nlink), small_int(status->st_uid), small_int(status->st_gid),
                       int_from_int64(vm, status->st_size), int_from_int64(vm, status->st_atime),
                       int_from_int64(vm, status->st_mtime), int_from_int64(vm, status->st_ctime)};
    const struct timespec times[] = {status->st_atim, status->st_mtim, status->st_ctim};
    static const char *const time_names[][2] = {
        {"st_atime", "st_atime_ns"}, {"st_mtime", "st_mtime_ns"}, {"st_ctime", "st_ctime_ns"}};
    value class = dict_get_text(vm, support_dict(module), "stat_result"), tuple = tuple_from(vm, items, 10);
    value result = tuple == VALUE_NULL ? VALUE_NULL : call_1(vm, class, tuple);
    for (int i = 0; result != VALUE_NULL && i < 7; i++)
        if (!set_attribute(vm, result, intern_text(vm, names[i]), items[i]))
            return VALUE_NULL;
    for (int i = 0; result != VALUE_NULL && i < 3; i++) {
        int64_t whole = (int64_t)times[i].tv_sec * 1000000000 + times[i].tv_nsec;
        value seconds = float_value(vm, (double)times[i].tv_sec + 1e-9 * (double)times[i].tv_nsec);
        if (!set_attribute(vm, result, intern_text(vm, time_names[i][0]), seconds) ||
            !set_attribute(vm, result, intern_text(vm, time_names[i][1]), int_from_int64(vm, whole)))
            return VALUE_NULL;
    }
    return result;
}

static value stat_path(struct vm *vm, value module, value path, int (*look)(const char *, struct stat *))
{
    struct stat status;
    if (is_int(path)) {
        int64_t descriptor;
        if (!value_to_int64(vm, path, &descriptor))
            return VALUE_NULL;
        if (fstat((int)descriptor, &status) != 0)
            return raise_os_error(vm, errno, VALUE_NULL);
        return stat_value(vm, module, &status);
    }
    const char *text = path_text(vm, path);
    if (!text)
        return VALUE_NULL;
    return look(text, &status) ? raise_os_error(vm, errno, path) : stat_value(vm, module, &status);
}

FUNCTION(stat)
{
    UNUSED;
    if ((arguments[1] != VALUE_NULL && arguments[1] != NONE))
        return raise_unsupported(vm, "os.stat with dir_fd");
    return stat_path(vm, self, arguments[0], arguments[2] == FALSE ? lstat : stat);
}

FUNCTION(lstat)
{
    UNUSED;
    return stat_path(vm, self, arguments[0], lstat);
}

FUNCTION(access)
{
    UNUSED;
    const char *path = path_text(vm, arguments[0]);
    int64_t mode;
    return path && value_to_int64(vm, arguments[1], &mode) ? bool_value(access(path, (int)mode) == 0) : VALUE_NULL;
}

/* ---- directories ---- */

FUNCTION(getcwd)
{
    UNUSED;
    char path[PATH_MAX];
    return getcwd(path, sizeof path) ? filename_value(vm, path, false) : raise_os_error(vm, errno, VALUE_NULL);
}

FUNCTION(getcwdb)
{
    UNUSED;
    char path[PATH_MAX];
    return getcwd(path, sizeof path) ? filename_value(vm, path, true) : raise_os_error(vm, errno, VALUE_NULL);
}

FUNCTION(listdir)
{
    UNUSED;
    bool current = arguments[0] == VALUE_NULL || arguments[0] == NONE, as_bytes = !current && is_bytes(arguments[0]);
    const char *path = current ? "." : path_text(vm, arguments[0]);
    if (!path)
        return VALUE_NULL;
    DIR *directory = opendir(path);
    if (!directory)
        return raise_os_error(vm, errno, current ? intern_text(vm, ".") : arguments[0]);
    value list = list_new(vm, 0);
    for (struct dirent *entry; list != VALUE_NULL && (entry = readdir(directory));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        value name = filename_value(vm, entry->d_name, as_bytes);
        if (name == VALUE_NULL || !list_append(vm, list_of(list), name))
            list = VALUE_NULL;
    }
    closedir(directory);
    return list;
}

static value change_path(struct vm *vm, const char *what, value path, int (*change)(const char *))
{
    const char *text = path_text(vm, path);
    if (!text || !may_change(vm, what))
        return VALUE_NULL;
    return change(text) ? raise_os_error(vm, errno, path) : NONE;
}

FUNCTION(remove)
{
    UNUSED;
    return change_path(vm, "os.remove in a run whose files are private", arguments[0], unlink);
}

FUNCTION(rmdir)
{
    UNUSED;
    return change_path(vm, "os.rmdir in a run whose files are private", arguments[0], rmdir);
}

FUNCTION(mkdir)
{
    UNUSED;
    const char *path = path_text(vm, arguments[0]);
    int64_t mode = 0777;
    if (!path || !may_change(vm, "os.mkdir in a run whose files are private") ||
        (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &mode)))
        return VALUE_NULL;
    return mkdir(path, (mode_t)mode) ? raise_os_error(vm, errno, arguments[0]) : NONE;
}

FUNCTION(rename)
{
    UNUSED;
    const char *from = path_text(vm, arguments[0]), *to = from ? path_text(vm, arguments[1]) : NULL;
    if (!to || !may_change(vm, "os.rename in a run whose files are private"))
        return VALUE_NULL;
    return rename(from, to) ? raise_os_error(vm, errno, arguments[0]) : NONE;
}

FUNCTION(chdir)
{
    UNUSED;
    const char *path = path_text(vm, arguments[0]);
    if (!path)
        return VALUE_NULL;
    return chdir(path) ? raise_os_error(vm, errno, arguments[0]) : NONE;
}

FUNCTION(readlink)
{
    UNUSED;
    const char *path = path_text(vm, arguments[0]);
    char target[PATH_MAX];
    if (!path)
        return VALUE_NULL;
    ssize_t size = readlink(path, target, sizeof target - 1);
    if (size < 0)
        return raise_os_error(vm, errno, arguments[0]);
    target[size] = 0;
    return filename_value(vm, target, is_bytes(arguments[0]));
}

/* ---- descriptors ---- */

FUNCTION(open)
{
    UNUSED;
    const char *path = path_text(vm, arguments[0]);
    int64_t flags, mode = 0777;
    if (!path || !value_to_int64(vm, arguments[1], &flags) ||
        (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &mode)))
        return VALUE_NULL;
    if ((flags & (O_ACCMODE | O_CREAT | O_TRUNC)) && !may_change(vm, "os.open for writing in a run whose files are private"))
        return VALUE_NULL;
    int descriptor = open(path, (int)flags | O_CLOEXEC, (mode_t)mode);
    return descriptor < 0 ? raise_os_error(vm, errno, arguments[0]) : small_int(descriptor);
}

FUNCTION(close)
{
    UNUSED;
    int64_t descriptor;
    if (!value_to_int64(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    return close((int)descriptor) ? raise_os_error(vm, errno, VALUE_NULL) : NONE;
}

FUNCTION(read)
{
    UNUSED;
    int64_t descriptor, size;
    if (!value_to_int64(vm, arguments[0], &descriptor) || !value_to_int64(vm, arguments[1], &size))
        return VALUE_NULL;
    if (descriptor == 0)
        return raise_unsupported(vm, "os.read of standard input");
    if (size < 0)
        return raise_os_error(vm, EINVAL, VALUE_NULL);
    char *buffer = malloc((size_t)size + 1);
    if (!buffer)
        return raise_no_memory(vm);
    ssize_t got = read((int)descriptor, buffer, (size_t)size);
    value result = got < 0 ? raise_os_error(vm, errno, VALUE_NULL) : bytes_from(vm, buffer, (size_t)got);
    free(buffer);
    return result;
}

FUNCTION(write)
{
    UNUSED;
    int64_t descriptor;
    const uint8_t *data;
    size_t size;
    if (!value_to_int64(vm, arguments[0], &descriptor) || !buffer_of(vm, arguments[1], &data, &size))
        return VALUE_NULL;
    if (descriptor == 1 || descriptor == 2) { /* the streams of this run, in order with print */
        struct stream *stream = descriptor == 1 ? vm->out : vm->err;
        return stream_write(vm, stream, (const char *)data, size) ? int_from_uint64(vm, size) : VALUE_NULL;
    }
    ssize_t put = write((int)descriptor, data, size);
    return put < 0 ? raise_os_error(vm, errno, VALUE_NULL) : small_int(put);
}

FUNCTION(isatty)
{
    UNUSED;
    int64_t descriptor;
    return value_to_int64(vm, arguments[0], &descriptor) ? bool_value(isatty((int)descriptor)) : VALUE_NULL;
}

/* ---- the process ---- */

FUNCTION(urandom)
{
    UNUSED;
    int64_t size;
    if (!value_to_int64(vm, arguments[0], &size))
        return VALUE_NULL;
    if (size < 0)
        return raise_error(vm, &exc_ValueError, "negative argument not allowed");
    uint8_t *bytes = malloc((size_t)size + 1);
    if (!bytes)
        return raise_no_memory(vm);
    replay_entropy(vm->replay, bytes, (size_t)size);
    value result = bytes_from(vm, bytes, (size_t)size);
    free(bytes);
    return result;
}

FUNCTION(getpid)
{
    UNUSED;
    return small_int(replay_number(vm->replay, getpid()));
}

FUNCTION(getppid)
{
    UNUSED;
    return small_int(replay_number(vm->replay, getppid()));
}

FUNCTION(getuid)
{
    UNUSED;
    return small_int(getuid());
}

FUNCTION(getgid)
{
    UNUSED;
    return small_int(getgid());
}

FUNCTION(cpu_count)
{
    UNUSED;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 1 ? NONE : small_int(processors);
}

FUNCTION(strerror)
{
    UNUSED;
    int64_t code;
    return value_to_int64(vm, arguments[0], &code) ? string_from_text(vm, strerror((int)code)) : VALUE_NULL;
}

FUNCTION(getrandom)
{
    UNUSED;
    return posix_urandom(vm, self, arguments, 1, VALUE_NULL);
}

FUNCTION(exit)
{
    UNUSED;
    return raise_unsupported(vm, "os._exit");
}

FUNCTION(system)
{
    UNUSED;
    return raise_unsupported(vm, "os.system");
}

FUNCTION(kill)
{
    UNUSED;
    return raise_unsupported(vm, "os.kill");
}

FUNCTION(scandir)
{
    UNUSED;
    return raise_unsupported(vm, "os.scandir");
}

FUNCTION(get_terminal_size)
{
    UNUSED;
    return raise_os_error(vm, ENOTTY, VALUE_NULL);
}

/* os.environ keeps the values itself; the host's environment is left alone. */
FUNCTION(putenv)
{
    UNUSED;
    return NONE;
}

static const struct method_definition functions[] = {
    {"fspath", "(path)", posix_fspath, 0, NULL},
    {"stat", "(path, *, dir_fd=None, follow_symlinks=True)", posix_stat, 0, NULL},
    {"lstat", "(path, *, dir_fd=None)", posix_lstat, 0, NULL},
    {"fstat", "(fd)", posix_lstat, 0, NULL},
    {"access", "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", posix_access, 0, NULL},
    {"getcwd", "()", posix_getcwd, 0, NULL},
    {"getcwdb", "()", posix_getcwdb, 0, NULL},
    {"listdir", "(path=None)", posix_listdir, 0, NULL},
    {"scandir", "(path=None)", posix_scandir, 0, NULL},
    {"remove", "(path, *, dir_fd=None)", posix_remove, 0, NULL},
    {"unlink", "(path, *, dir_fd=None)", posix_remove, 0, NULL},
    {"rmdir", "(path, *, dir_fd=None)", posix_rmdir, 0, NULL},
    {"mkdir", "(path, mode=511, *, dir_fd=None)", posix_mkdir, 0, NULL},
    {"rename", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", posix_rename, 0, NULL},
    {"replace", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", posix_rename, 0, NULL},
    {"chdir", "(path)", posix_chdir, 0, NULL},
    {"readlink", "(path, *, dir_fd=None)", posix_readlink, 0, NULL},
    {"open", "(path, flags, mode=511, *, dir_fd=None)", posix_open, 0, NULL},
    {"close", "(fd)", posix_close, 0, NULL},
    {"read", "(fd, length, /)", posix_read, 0, NULL},
    {"write", "(fd, data, /)", posix_write, 0, NULL},
    {"isatty", "(fd, /)", posix_isatty, 0, NULL},
    {"urandom", "(size, /)", posix_urandom, 0, NULL},
    {"getrandom", "(size, flags=0)", posix_getrandom, 0, NULL},
    {"getpid", "()", posix_getpid, 0, NULL},
    {"getppid", "()", posix_getppid, 0, NULL},
    {"getuid", "()", posix_getuid, 0, NULL},
    {"geteuid", "()", posix_getuid, 0, NULL},
    {"getgid", "()", posix_getgid, 0, NULL},
    {"getegid", "()", posix_getgid, 0, NULL},
    {"cpu_count", "()", posix_cpu_count, 0, NULL},
    {"strerror", "(code, /)", posix_strerror, 0, NULL},
    {"get_terminal_size", "(fd=1, /)", posix_get_terminal_size, 0, NULL},
    {"putenv", "(name, value, /)", posix_putenv, 0, NULL},
    {"unsetenv", "(name, /)", posix_putenv, 0, NULL},
    {"_exit", "(status)", posix_exit, 0, NULL},
    {"system", "(command)", posix_system, 0, NULL},
    {"kill", "(pid, signal, /)", posix_kill, 0, NULL},
    {0},
};

static const struct integer_constant constants[] = {
    {"F_OK", F_OK}, {"R_OK", R_OK}, {"W_OK", W_OK}, {"X_OK", X_OK}, {"O_RDONLY", O_RDONLY}, {"O_WRONLY", O_WRONLY},
    {"O_RDWR", O_RDWR}, {"O_APPEND", O_APPEND}, {"O_CREAT", O_CREAT}, {"O_EXCL", O_EXCL}, {"O_TRUNC", O_TRUNC},
    {"O_NONBLOCK", O_NONBLOCK}, {"O_CLOEXEC", O_CLOEXEC}, {"O_NOFOLLOW", O_NOFOLLOW}, {"O_DIRECTORY", O_DIRECTORY},
    {"EX_OK", 0}, {"WNOHANG", WNOHANG}, {0},
};

static value tuple_class(struct vm *vm, const char *name)
{
    value bases = tuple_pack(vm, 1, object_value(&tuple_type)), namespace = dict_new(vm);
    if (bases == VALUE_NULL || namespace == VALUE_NULL ||
        !dict_set_text(vm, dict_of(namespace), "__module__", intern_text(vm, "os")))
        return VALUE_NULL;
    return type_new_class(vm, &type_type, intern_text(vm, name), bases, namespace, VALUE_NULL);
}

static value environment(struct vm *vm)
{
    value dict = dict_new(vm);
    for (char **entry = environ; dict != VALUE_NULL && entry && *entry; entry++) {
        const char *equals = strchr(*entry, '=');
        if (!equals)
            continue;
        value name = bytes_from(vm, *entry, (size_t)(equals - *entry)), text = bytes_from(vm, equals + 1, strlen(equals + 1));
        value ignored;
        int found = name == VALUE_NULL || text == VALUE_NULL ? -1 : dict_find(vm, dict_of(dict), name, &ignored);
        if (found < 0 || (!found && !dict_set(vm, dict_of(dict), name, text)))
            return VALUE_NULL;
    }
    return dict;
}

static bool posix_initialize(struct vm *vm, value module)
{
    struct dict_object *dict = support_dict(module);
    value stat_result = tuple_class(vm, "stat_result"), terminal_size = tuple_class(vm, "terminal_size"),
          variables = environment(vm), abilities = list_new(vm, 0);
    return stat_result != VALUE_NULL && terminal_size != VALUE_NULL && variables != VALUE_NULL && abilities != VALUE_NULL &&
           support_add_constants(vm, module, constants) && dict_set_text(vm, dict, "stat_result", stat_result) &&
           dict_set_text(vm, dict, "terminal_size", terminal_size) && dict_set_text(vm, dict, "environ", variables) &&
           dict_set_text(vm, dict, "_have_functions", abilities) &&
           dict_set_text(vm, dict, "error", object_value(&exc_OSError));
}

const struct native_module posix_module = {"posix", posix_initialize, functions};
