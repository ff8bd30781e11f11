/* status.c - module posix: what files are: stat, access, listdir, scandir. What the host says of a file (times, numbers) is
 * recorded, so that every ISA's run sees the same. */
#include "sim/modules/posix/posix.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/replay.h"
#include "sim/runtime/type.h"

#include <dirent.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>

/* ---- stat ---- */

static const char *const stat_fields[] = {
    "st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "st_atime", "st_mtime", "st_ctime",
    "st_atime", "st_mtime", "st_ctime", "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev"};
enum { STAT_VISIBLE = 10, STAT_TOTAL = sizeof stat_fields / sizeof *stat_fields };

static value stat_construct(struct vm *vm, struct type *type, const value *arguments, size_t count, value keyword_names)
{
    value result = record_construct(vm, type, arguments, count, keyword_names);
    for (uint32_t i = 0; result != VALUE_NULL && i < 3; i++) /* times given as integers only */
        if (tuple_of(result)->items[STAT_VISIBLE + i] == NONE)
            tuple_of(result)->items[STAT_VISIBLE + i] = tuple_of(result)->items[7 + i];
    return result;
}

static struct record_type stat_result = {
    .type = {.name = "os.stat_result", .flags = TYPE_TUPLE | TYPE_SEQUENCE | TYPE_GETATTR_PLAIN, .base = &tuple_type,
             .methods = record_methods, .trace = record_trace, .new = stat_construct, .repr = record_repr},
    .fields = stat_fields, .visible = STAT_VISIBLE, .total = STAT_TOTAL};

value stat_of_status(struct vm *vm, const struct stat *status)
{
    const struct timespec times[] = {status->st_atim, status->st_mtim, status->st_ctim};
    value items[STAT_TOTAL] = {
        small_int(status->st_mode), int_from_uint64(vm, status->st_ino), int_from_uint64(vm, status->st_dev),
        int_from_uint64(vm, status->st_nlink), small_int(status->st_uid), small_int(status->st_gid),
        int_from_int64(vm, status->st_size)};
    for (int i = 0; i < 3; i++) {
        items[7 + i] = int_from_int64(vm, times[i].tv_sec);
        items[10 + i] = float_value(vm, (double)times[i].tv_sec + 1e-9 * (double)times[i].tv_nsec);
        items[13 + i] = int_from_int64(vm, (int64_t)times[i].tv_sec * 1000000000 + times[i].tv_nsec);
    }
    items[16] = int_from_int64(vm, status->st_blksize);
    items[17] = int_from_int64(vm, status->st_blocks);
    items[18] = int_from_uint64(vm, status->st_rdev);
    return record_new(vm, &stat_result, items);
}

/* stat(2) and its relatives as the first run saw it; false: errno is set. */
static bool look(struct vm *vm, const struct file_argument *file, bool follow, struct stat *status)
{
    struct { int error; struct stat status; } answer;
    memset(&answer, 0, sizeof answer);
    int failed = file->path ? fstatat(file->folder, file->path, &answer.status, follow ? 0 : AT_SYMLINK_NOFOLLOW)
                            : fstat(file->descriptor, &answer.status);
    answer.error = failed ? errno : 0;
    replay_bytes(vm->replay, &answer, sizeof answer);
    *status = answer.status;
    errno = answer.error;
    return answer.error == 0;
}

static value stat_argument(struct vm *vm, value path, value folder, bool follow, const char *function, unsigned allowed)
{
    struct file_argument file;
    struct stat status;
    int at;
    if (!file_argument(vm, path, function, allowed, &file) || !folder_argument(vm, folder, &at) ||
        !sandbox_may_read(vm, path) || !io_flush_pending(vm))
        return VALUE_NULL;
    if (!file.path && at != AT_FDCWD)
        return raise_error(vm, &exc_ValueError, "%s: can't specify dir_fd without matching path", function);
    if (!file.path && !follow)
        return raise_error(vm, &exc_ValueError, "%s: cannot use fd and follow_symlinks together", function);
    file.folder = at;
    return look(vm, &file, follow, &status) ? stat_of_status(vm, &status) : raise_for(vm, file.path ? file.shown : VALUE_NULL);
}

FUNCTION(stat)
{
    UNUSED;
    bool follow;
    return truth_argument(vm, arguments[2], true, &follow)
               ? stat_argument(vm, arguments[0], arguments[1], follow, "stat", FILE_DESCRIPTOR) : VALUE_NULL;
}

FUNCTION(lstat)
{
    UNUSED;
    return stat_argument(vm, arguments[0], arguments[1], false, "lstat", 0);
}

FUNCTION(fstat)
{
    UNUSED;
    int descriptor;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !io_flush_pending(vm))
        return VALUE_NULL;
    struct file_argument file = {.path = NULL, .descriptor = descriptor};
    struct stat status;
    return look(vm, &file, true, &status) ? stat_of_status(vm, &status) : raise_for(vm, VALUE_NULL);
}

static const char *const space_fields[] = {"f_bsize", "f_frsize", "f_blocks", "f_bfree", "f_bavail", "f_files",
                                           "f_ffree", "f_favail", "f_flag",   "f_namemax", "f_fsid"};
static struct record_type statvfs_result = RECORD_TYPE("os.statvfs_result", space_fields, 10, 11, NULL);

static value space_value(struct vm *vm, int failed, struct statvfs *space, value shown)
{
    int error = failed ? errno : 0;
    replay_bytes(vm->replay, &error, sizeof error);
    replay_bytes(vm->replay, space, sizeof *space);
    if (error)
        return raise_os_error(vm, error, shown);
    const uint64_t numbers[] = {space->f_bsize, space->f_frsize, space->f_blocks, space->f_bfree, space->f_bavail, space->f_files,
                                space->f_ffree, space->f_favail, space->f_flag, space->f_namemax, space->f_fsid};
    value items[11];
    for (int i = 0; i < 11; i++)
        items[i] = int_from_uint64(vm, numbers[i]);
    return record_new(vm, &statvfs_result, items);
}

FUNCTION(statvfs)
{
    UNUSED;
    struct file_argument file;
    struct statvfs space = {0};
    if (!file_argument(vm, arguments[0], "statvfs", FILE_DESCRIPTOR, &file) || !sandbox_may_read(vm, arguments[0]))
        return VALUE_NULL;
    return space_value(vm, file.path ? statvfs(file.path, &space) : fstatvfs(file.descriptor, &space), &space, arguments[0]);
}

FUNCTION(access)
{
    UNUSED;
    struct file_argument file;
    int64_t mode;
    bool effective, follow;
    if (!file_argument(vm, arguments[0], "access", 0, &file) || !value_to_int64(vm, arguments[1], &mode) ||
        !folder_argument(vm, arguments[2], &file.folder) || !truth_argument(vm, arguments[3], false, &effective) ||
        !truth_argument(vm, arguments[4], true, &follow) || !sandbox_may_read(vm, arguments[0]))
        return VALUE_NULL;
    int flags = (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
    return bool_value(faccessat(file.folder, file.path, (int)mode, flags) == 0);
}

/* ---- folders ---- */

static DIR *open_folder(struct vm *vm, value path, const char *function, struct file_argument *file)
{
    if (!file_argument(vm, path, function, FILE_DESCRIPTOR | FILE_CURRENT, file) || !sandbox_may_read(vm, path) ||
        !io_flush_pending(vm))
        return NULL;
    int copy = file->path ? -1 : fcntl(file->descriptor, F_DUPFD_CLOEXEC, 0);
    DIR *folder = file->path ? opendir(file->path) : copy < 0 ? NULL : fdopendir(copy);
    if (!folder) {
        int error = errno;
        if (copy >= 0)
            close(copy);
        raise_os_error(vm, error, path == VALUE_NULL ? intern_text(vm, ".") : path);
        return NULL;
    }
    if (!file->path)
        rewinddir(folder);
    return folder;
}

static bool is_dots(const char *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

FUNCTION(listdir)
{
    UNUSED;
    struct file_argument file;
    DIR *folder = AUDIT(vm, "os.listdir", arguments[0]) ? open_folder(vm, arguments[0], "listdir", &file) : NULL;
    value list = folder ? list_new(vm, 0) : VALUE_NULL;
    for (struct dirent *entry; list != VALUE_NULL && (entry = readdir(folder));) {
        if (is_dots(entry->d_name))
            continue;
        value name = filename_value(vm, entry->d_name, file.as_bytes);
        if (name == VALUE_NULL || !list_append(vm, list_of(list), name))
            list = VALUE_NULL;
    }
    if (folder)
        closedir(folder);
    return list;
}

/* ---- scandir ---- */

struct entry_object { /* DirEntry */
    struct object head;
    value name, path;
    value status, link_status;  /* stat results once asked for; VALUE_NULL */
    uint64_t inode;
    int folder;                 /* scandir of a descriptor; -1 */
    unsigned char kind;         /* DT_... */
};

struct entries_object { /* the iterator: names were read at once, so nothing stays open */
    struct object head;
    value entries;              /* list */
    uint64_t next;
};

static struct entry_object *entry_of(value v)
{
    return (struct entry_object *)value_object(v);
}

static void entry_trace(struct vm *vm, struct object *object)
{
    struct entry_object *entry = (struct entry_object *)object;
    gc_mark(vm, entry->name);
    gc_mark(vm, entry->path);
    gc_mark(vm, entry->status);
    gc_mark(vm, entry->link_status);
}

static bool entry_look(struct vm *vm, struct entry_object *entry, bool follow, struct stat *status)
{
    struct file_argument file = {.folder = AT_FDCWD, .shown = entry->path};
    file.path = path_text(vm, entry->folder >= 0 ? entry->name : entry->path);
    if (entry->folder >= 0)
        file.folder = entry->folder;
    return file.path && sandbox_may_read(vm, entry->path) && look(vm, &file, follow, status);
}

static value entry_status(struct vm *vm, struct entry_object *entry, bool follow)
{
    bool is_link = entry->kind == DT_LNK || entry->kind == DT_UNKNOWN;
    value *kept = follow && is_link ? &entry->status : &entry->link_status;
    struct stat status;
    if (*kept == VALUE_NULL) {
        if (!entry_look(vm, entry, follow && is_link, &status))
            return vm->pending != VALUE_NULL ? VALUE_NULL : raise_for(vm, entry->path);
        *kept = stat_of_status(vm, &status);
    }
    return *kept;
}

static value entry_test(struct vm *vm, struct entry_object *entry, bool follow, unsigned mode, unsigned char kind)
{
    struct stat status;
    if (entry->kind != DT_UNKNOWN && (entry->kind != DT_LNK || !follow))
        return bool_value(entry->kind == kind);
    if (!entry_look(vm, entry, follow, &status))
        return vm->pending != VALUE_NULL ? VALUE_NULL : errno == ENOENT ? FALSE : raise_for(vm, entry->path);
    return bool_value((status.st_mode & S_IFMT) == mode);
}

#define ENTRY(name)                                                                                                    \
    static value entry_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
ENTRY(is_dir)
{
    UNUSED;
    bool follow;
    return truth_argument(vm, arguments[0], true, &follow) ? entry_test(vm, entry_of(self), follow, S_IFDIR, DT_DIR) : VALUE_NULL;
}

ENTRY(is_file)
{
    UNUSED;
    bool follow;
    return truth_argument(vm, arguments[0], true, &follow) ? entry_test(vm, entry_of(self), follow, S_IFREG, DT_REG) : VALUE_NULL;
}

ENTRY(is_symlink)
{
    UNUSED;
    return entry_test(vm, entry_of(self), false, S_IFLNK, DT_LNK);
}

ENTRY(stat)
{
    UNUSED;
    bool follow;
    return truth_argument(vm, arguments[0], true, &follow) ? entry_status(vm, entry_of(self), follow) : VALUE_NULL;
}

ENTRY(inode)
{
    UNUSED;
    return int_from_uint64(vm, entry_of(self)->inode);
}

ENTRY(fspath)
{
    UNUSED;
    return entry_of(self)->path;
}

static value entry_repr(struct vm *vm, value self)
{
    return string_printf(vm, "<DirEntry %R>", entry_of(self)->name);
}

static value entry_name(struct vm *vm, value self) { (void)vm; return entry_of(self)->name; }
static value entry_path(struct vm *vm, value self) { (void)vm; return entry_of(self)->path; }

#define ENTRY_ROW(name, signature) {#name, signature, entry_##name, METHOD_INSTANCE, NULL}
static const struct method_definition entry_methods[] = {
    ENTRY_ROW(is_dir, "(*, follow_symlinks=True)"), ENTRY_ROW(is_file, "(*, follow_symlinks=True)"),
    ENTRY_ROW(is_symlink, "()"), ENTRY_ROW(stat, "(*, follow_symlinks=True)"), ENTRY_ROW(inode, "()"),
    {"__fspath__", "()", entry_fspath, METHOD_INSTANCE, NULL},
    {"__class_getitem__", "(object, /)", container_class_getitem, METHOD_CLASS, "See PEP 585"}, {0}};
static const struct property_definition entry_properties[] = {{"name", entry_name, NULL}, {"path", entry_path, NULL}, {0}};
static struct type entry_type = {.name = "posix.DirEntry", .flags = TYPE_GETATTR_PLAIN,
                                 .instance_size = sizeof(struct entry_object), .methods = entry_methods,
                                 .properties = entry_properties, .trace = entry_trace, .repr = entry_repr};

static void entries_trace(struct vm *vm, struct object *object)
{
    gc_mark(vm, ((struct entries_object *)object)->entries);
}

static value entries_iter(struct vm *vm, value self)
{
    (void)vm;
    return self;
}

static value entries_next(struct vm *vm, value self)
{
    (void)vm;
    struct entries_object *entries = (struct entries_object *)value_object(self);
    if (entries->entries == VALUE_NULL || entries->next >= list_of(entries->entries)->length)
        return VALUE_NULL;
    return list_of(entries->entries)->items[entries->next++];
}

ENTRY(enter)
{
    UNUSED;
    return self;
}

ENTRY(close)
{
    UNUSED;
    ((struct entries_object *)value_object(self))->entries = VALUE_NULL;
    return NONE;
}

static const struct method_definition entries_methods[] = {
    {"__enter__", "()", entry_enter, METHOD_INSTANCE, NULL}, {"__exit__", NULL, entry_close, METHOD_INSTANCE, NULL},
    {"close", "()", entry_close, METHOD_INSTANCE, NULL}, {0}};
static struct type entries_type = {.name = "posix.ScandirIterator", .flags = TYPE_GETATTR_PLAIN,
                                   .instance_size = sizeof(struct entries_object), .methods = entries_methods,
                                   .trace = entries_trace, .iter = entries_iter, .next = entries_next};

static value join_path(struct vm *vm, const struct file_argument *file, value name)
{
    if (!file->path)
        return name;
    size_t size = strlen(file->path), length = file->shown == VALUE_NULL ? 0 : size;
    const char *text = file->shown == VALUE_NULL ? "./" : file->path; /* scandir(): "./name" */
    value folder = filename_value(vm, text, file->as_bytes);
    if (length && text[length - 1] != '/') {
        value slash = filename_value(vm, "/", file->as_bytes);
        folder = folder == VALUE_NULL ? folder : binary_operation(vm, BINARY_ADD, folder, slash);
    }
    return folder == VALUE_NULL ? VALUE_NULL : binary_operation(vm, BINARY_ADD, folder, name);
}

static value entry_new(struct vm *vm, const struct file_argument *file, const struct dirent *found)
{
    value name = filename_value(vm, found->d_name, file->as_bytes);
    value path = name == VALUE_NULL ? VALUE_NULL : join_path(vm, file, name);
    struct entry_object *entry = path == VALUE_NULL ? NULL : GC_NEW(vm, struct entry_object, &entry_type);
    if (!entry)
        return VALUE_NULL;
    entry->name = name;
    entry->path = path;
    entry->status = entry->link_status = VALUE_NULL;
    entry->inode = (uint64_t)replay_number(vm->replay, (long long)found->d_ino);
    entry->folder = file->path ? -1 : file->descriptor;
    entry->kind = found->d_type;
    return object_value(entry);
}

FUNCTION(scandir)
{
    UNUSED;
    struct file_argument file;
    DIR *folder = AUDIT(vm, "os.scandir", arguments[0]) ? open_folder(vm, arguments[0], "scandir", &file) : NULL;
    value list = folder ? list_new(vm, 0) : VALUE_NULL;
    for (struct dirent *found; list != VALUE_NULL && (found = readdir(folder));) {
        if (is_dots(found->d_name))
            continue;
        value entry = entry_new(vm, &file, found);
        if (entry == VALUE_NULL || !list_append(vm, list_of(list), entry))
            list = VALUE_NULL;
    }
    if (folder)
        closedir(folder);
    struct entries_object *entries = list == VALUE_NULL ? NULL : GC_NEW(vm, struct entries_object, &entries_type);
    if (!entries)
        return VALUE_NULL;
    entries->entries = list;
    return object_value(entries);
}

/* ---- device numbers ---- */

static bool two_numbers(struct vm *vm, const value *arguments, int64_t *first, int64_t *second)
{
    return value_to_int64(vm, arguments[0], first) && (!second || value_to_int64(vm, arguments[1], second));
}

FUNCTION(major)
{
    UNUSED;
    int64_t device;
    return two_numbers(vm, arguments, &device, NULL) ? small_int(major((dev_t)device)) : VALUE_NULL;
}

FUNCTION(minor)
{
    UNUSED;
    int64_t device;
    return two_numbers(vm, arguments, &device, NULL) ? small_int(minor((dev_t)device)) : VALUE_NULL;
}

FUNCTION(makedev)
{
    UNUSED;
    int64_t high, low;
    return two_numbers(vm, arguments, &high, &low) ? int_from_uint64(vm, makedev((unsigned)high, (unsigned)low)) : VALUE_NULL;
}

const struct method_definition posix_status_functions[] = {
    ROW(stat, "(path, *, dir_fd=None, follow_symlinks=True)"),
    ROW(lstat, "(path, *, dir_fd=None)"),
    ROW(fstat, "(fd)"),
    ROW(statvfs, "(path)"),
    {"fstatvfs", "(fd, /)", posix_statvfs, 0, NULL},
    ROW(access, "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)"),
    ROW(listdir, "(path=None)"),
    ROW(scandir, "(path=None)"),
    ROW(major, "(device, /)"),
    ROW(minor, "(device, /)"),
    ROW(makedev, "(major, minor, /)"),
    {0},
};

bool posix_status_ready(struct vm *vm, struct dict_object *dict)
{
    type_ready(vm, &entry_type);
    type_ready(vm, &entries_type);
    return record_ready(vm, &stat_result) && record_ready(vm, &statvfs_result) &&
           dict_set_text(vm, stat_result.type.dict, "n_unnamed_fields", small_int(3)) &&
           dict_set_text(vm, stat_result.type.dict, "__match_args__",
                         tuple_from(vm, tuple_of(dict_get_text(vm, stat_result.type.dict, "__match_args__"))->items, 7)) &&
           dict_set_text(vm, dict, "stat_result", object_value(&stat_result.type)) &&
           dict_set_text(vm, dict, "statvfs_result", object_value(&statvfs_result.type)) &&
           dict_set_text(vm, dict, "DirEntry", object_value(&entry_type));
}
