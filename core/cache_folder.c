/* cache_folder.c - see cache_folder.h. */
#include "core/cache_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct cached_file {
    char *name;
    int64_t used, size; /* seconds, bytes */
};

struct cached_files {
    struct cached_file *items;
    size_t count, capacity;
    int64_t bytes;
};

static int64_t last_use(const struct stat *status)
{
    return status->st_atime > status->st_mtime ? status->st_atime : status->st_mtime;
}

static int use_order(const void *a, const void *b)
{
    const struct cached_file *x = a, *y = b;
    return x->used != y->used ? (x->used < y->used ? -1 : 1) : strcmp(x->name, y->name);
}

static void add_file(struct cached_files *files, const char *name, const struct stat *status)
{
    if (files->count == files->capacity) {
        size_t capacity = files->capacity ? 2 * files->capacity : 256;
        struct cached_file *items = realloc(files->items, capacity * sizeof *items);
        if (!items)
            return; /* what is not listed is not removed */
        files->items = items;
        files->capacity = capacity;
    }
    char *copy = strdup(name);
    if (!copy)
        return;
    files->items[files->count++] = (struct cached_file){copy, last_use(status), status->st_size};
    files->bytes += status->st_size;
}

void cache_folder_prune(const char *directory, int64_t limit)
{
    struct cached_files files = {0};
    DIR *folder = opendir(directory);
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        struct stat status;
        if (fstatat(dirfd(folder), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode))
            add_file(&files, entry->d_name, &status);
    }
    if (files.bytes > limit && files.count) {
        qsort(files.items, files.count, sizeof *files.items, use_order);
        for (size_t i = 0; i < files.count && files.bytes > limit / 2; i++) {
            unlinkat(dirfd(folder), files.items[i].name, 0);
            files.bytes -= files.items[i].size;
        }
    }
    for (size_t i = 0; i < files.count; i++)
        free(files.items[i].name);
    free(files.items);
    closedir(folder);
}

void cache_folder_written(const char *directory, uint64_t number, int64_t limit)
{
    if ((number & 0xff) == 0)
        cache_folder_prune(directory, limit);
}
