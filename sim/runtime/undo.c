/* undo.c - see undo.h. A record is written out before the change it is about. */
#include "sim/runtime/undo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum undo_kind { UNDO_RESTORE, UNDO_STATUS, UNDO_MADE, UNDO_FOLDER, UNDO_LINK, UNDO_RENAME, UNDO_SPECIAL };

struct record {
    int32_t kind;
    uint32_t mode;
    struct timespec times[2];          /* access, modification */
    uint32_t path_size, other_size;    /* the texts follow: path, and the copy, the link's target or the other name */
};

struct undo_log {
    FILE *file;
    char *folder;
    unsigned copies;
    char **known; /* hash set: paths whose first state is in the journal, folders with a '/' put before */
    size_t known_count, known_size;
};

/* ---- paths already noted ---- */

static size_t place_of(const struct undo_log *log, const char *path)
{
    uint64_t hash = 14695981039346656037u;
    for (const char *p = path; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u;
    size_t place = hash & (log->known_size - 1);
    while (log->known[place] && strcmp(log->known[place], path))
        place = (place + 1) & (log->known_size - 1);
    return place;
}

static bool is_known(const struct undo_log *log, const char *path)
{
    return log->known_size && log->known[place_of(log, path)];
}

static void know(struct undo_log *log, const char *path)
{
    if (2 * (log->known_count + 1) > log->known_size) {
        char **old = log->known;
        size_t old_size = log->known_size;
        log->known_size = old_size ? 2 * old_size : 64;
        log->known = calloc(log->known_size, sizeof *log->known);
        if (!log->known)
            abort();
        for (size_t i = 0; i < old_size; i++)
            if (old[i])
                log->known[place_of(log, old[i])] = old[i];
        free(old);
    }
    size_t place = place_of(log, path);
    if (log->known[place])
        return;
    log->known[place] = strdup(path);
    log->known_count++;
}

static void forget_all(struct undo_log *log)
{
    for (size_t i = 0; i < log->known_size; i++)
        free(log->known[i]);
    free(log->known);
    log->known = NULL;
    log->known_count = log->known_size = 0;
}

/* ---- writing ---- */

struct undo_log *undo_open(const char *folder)
{
    char path[PATH_MAX];
    struct undo_log *log = calloc(1, sizeof *log);
    if (!log)
        return NULL;
    snprintf(path, sizeof path, "%s/journal", folder);
    log->file = fopen(path, "wbe");
    log->folder = strdup(folder);
    if (log->file && log->folder)
        return log;
    undo_close(log);
    return NULL;
}

void undo_close(struct undo_log *log)
{
    if (!log)
        return;
    if (log->file)
        fclose(log->file);
    forget_all(log);
    free(log->folder);
    free(log);
}

static bool add_record(struct undo_log *log, enum undo_kind kind, const struct stat *status, const char *path, const char *other)
{
    struct record record = {.kind = kind, .path_size = (uint32_t)strlen(path), .other_size = (uint32_t)strlen(other)};
    if (status) {
        record.mode = status->st_mode;
        record.times[0] = status->st_atim;
        record.times[1] = status->st_mtim;
    }
    return fwrite(&record, sizeof record, 1, log->file) == 1 &&
           fwrite(path, 1, record.path_size, log->file) == record.path_size &&
           fwrite(other, 1, record.other_size, log->file) == record.other_size && fflush(log->file) == 0;
}

static bool copy_file(int from, int to)
{
    char bytes[1 << 16];
    for (;;) {
        ssize_t got = read(from, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        for (ssize_t done = 0; done < got;) {
            ssize_t put = write(to, bytes + done, (size_t)(got - done));
            if (put < 0 && errno == EINTR)
                continue;
            if (put < 0)
                return false;
            done += put;
        }
    }
}

/* Keeps a copy of the file in the folder; its name goes to `copy`. */
static bool keep_copy(struct undo_log *log, const char *path, char copy[PATH_MAX])
{
    snprintf(copy, PATH_MAX, "%s/copy.%u", log->folder, log->copies++);
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int to = from < 0 ? -1 : open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool copied = to >= 0 && copy_file(from, to);
    int error = errno;
    if (from >= 0)
        close(from);
    if (to >= 0 && close(to) != 0)
        copied = false;
    errno = error;
    return copied;
}

/* The times of the folder that `path` is in. */
static bool note_folder(struct undo_log *log, const char *path)
{
    char folder[PATH_MAX + 1];
    struct stat status;
    snprintf(folder, sizeof folder, "/%s", path);
    char *slash = strrchr(folder, '/');
    if (slash <= folder + 1)
        slash = folder + 2;
    *slash = 0;
    if (is_known(log, folder) || stat(folder + 1, &status) != 0)
        return true;
    know(log, folder);
    return add_record(log, UNDO_STATUS, &status, folder + 1, "");
}

bool undo_note_contents(struct undo_log *log, const char *path)
{
    struct stat status;
    char copy[PATH_MAX];
    if (is_known(log, path))
        return true;
    if (lstat(path, &status) != 0) {
        if (!note_folder(log, path) || !add_record(log, UNDO_MADE, NULL, path, ""))
            return false;
        know(log, path);
        return true;
    }
    if (!S_ISREG(status.st_mode))
        return true; /* devices and pipes keep nothing */
    if (!keep_copy(log, path, copy) || !add_record(log, UNDO_RESTORE, &status, path, copy))
        return false;
    know(log, path);
    return true;
}

bool undo_note_status(struct undo_log *log, const char *path)
{
    struct stat status;
    return is_known(log, path) || lstat(path, &status) != 0 || add_record(log, UNDO_STATUS, &status, path, "");
}

bool undo_note_make(struct undo_log *log, const char *path)
{
    struct stat status;
    if (lstat(path, &status) == 0)
        return true; /* it will fail */
    return note_folder(log, path) && add_record(log, UNDO_MADE, NULL, path, "");
}

bool undo_note_remove(struct undo_log *log, const char *path)
{
    struct stat status;
    char other[PATH_MAX] = "";
    if (lstat(path, &status) != 0)
        return true;
    if (!note_folder(log, path))
        return false;
    if (S_ISDIR(status.st_mode))
        return add_record(log, UNDO_FOLDER, &status, path, "");
    if (S_ISLNK(status.st_mode)) {
        ssize_t size = readlink(path, other, sizeof other - 1);
        if (size < 0)
            return false;
        other[size] = 0;
        return add_record(log, UNDO_LINK, &status, path, other);
    }
    if (is_known(log, path))
        return true;
    if (S_ISSOCK(status.st_mode) || S_ISFIFO(status.st_mode))
        return add_record(log, UNDO_SPECIAL, &status, path, "");
    if (!S_ISREG(status.st_mode)) {
        errno = EPERM;
        return false;
    }
    if (!keep_copy(log, path, other) || !add_record(log, UNDO_RESTORE, &status, path, other))
        return false;
    know(log, path);
    return true;
}

bool undo_note_rename(struct undo_log *log, const char *from, const char *to)
{
    struct stat status;
    if (lstat(from, &status) != 0 || !strcmp(from, to))
        return true;
    bool noted = note_folder(log, from) && undo_note_remove(log, to) && note_folder(log, to) &&
                 add_record(log, UNDO_RENAME, NULL, from, to);
    forget_all(log); /* the names no longer mean what they did */
    return noted;
}

/* ---- undoing ---- */

static bool restore_file(const struct record *record, const char *path, const char *copy)
{
    int from = open(copy, O_RDONLY | O_CLOEXEC);
    int to = from < 0 ? -1 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0 && from >= 0 && errno == EACCES && chmod(path, 0600) == 0)
        to = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
    bool good = to >= 0 && copy_file(from, to) && fchmod(to, record->mode & 07777) == 0 && futimens(to, record->times) == 0;
    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    return good;
}

static bool restore_status(const struct record *record, const char *path)
{
    bool good = S_ISLNK(record->mode) || chmod(path, record->mode & 07777) == 0;
    return utimensat(AT_FDCWD, path, record->times, AT_SYMLINK_NOFOLLOW) == 0 && good;
}

static bool undo_record(const struct record *record, const char *path, const char *other)
{
    struct stat status;
    switch ((enum undo_kind)record->kind) {
    case UNDO_RESTORE:
        return restore_file(record, path, other);
    case UNDO_STATUS:
        return restore_status(record, path) || errno == ENOENT;
    case UNDO_MADE:
        return unlink(path) == 0 || errno == ENOENT || (errno == EISDIR && (rmdir(path) == 0 || errno == ENOENT));
    case UNDO_FOLDER:
        return (mkdir(path, 0700) == 0 || errno == EEXIST) && restore_status(record, path);
    case UNDO_LINK:
        return (symlink(other, path) == 0 || errno == EEXIST) && restore_status(record, path);
    case UNDO_SPECIAL:
        return (mknod(path, record->mode & (S_IFMT | 07777), 0) == 0 || errno == EEXIST) && restore_status(record, path);
    case UNDO_RENAME:
        return lstat(other, &status) != 0 || rename(other, path) == 0;
    }
    return false;
}

struct entry {
    struct record record;
    char *path, *other;
};

static bool read_entry(FILE *file, struct entry *entry)
{
    struct record *record = &entry->record;
    if (fread(record, sizeof *record, 1, file) != 1 || record->path_size >= 2 * PATH_MAX || record->other_size >= 2 * PATH_MAX)
        return false;
    entry->path = calloc(1, record->path_size + 1u);
    entry->other = calloc(1, record->other_size + 1u);
    if (!entry->path || !entry->other)
        abort();
    return fread(entry->path, 1, record->path_size, file) == record->path_size &&
           fread(entry->other, 1, record->other_size, file) == record->other_size;
}

void undo_discard(const char *folder)
{
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        unlinkat(dirfd(directory), entry->d_name, 0); /* . and .. are refused */
    if (directory)
        closedir(directory);
}

int undo_apply(const char *folder)
{
    char path[PATH_MAX];
    struct entry *entries = NULL;
    size_t count = 0, capacity = 0;
    int failures = 0;
    snprintf(path, sizeof path, "%s/journal", folder);
    FILE *file = fopen(path, "rbe");
    for (bool more = file != NULL; more;) {
        if (count == capacity) {
            capacity = capacity ? 2 * capacity : 16;
            entries = realloc(entries, capacity * sizeof *entries);
            if (!entries)
                abort();
        }
        entries[count] = (struct entry){.path = NULL, .other = NULL};
        more = read_entry(file, &entries[count]);
        if (more) {
            count++;
        } else {
            free(entries[count].path);
            free(entries[count].other);
        }
    }
    if (file)
        fclose(file);
    unlink(path);
    while (count--) {
        struct entry *entry = &entries[count];
        failures += !undo_record(&entry->record, entry->path, entry->other);
        if (entry->record.kind == UNDO_RESTORE)
            unlink(entry->other);
        free(entry->path);
        free(entry->other);
    }
    free(entries);
    return failures;
}
