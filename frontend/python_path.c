/* python_path.c - see python_path.h. What is first on PATH may be a launcher, a shell script that takes longer than Python itself
 * and names itself as sys.executable: Debian's own interpreter comes before it. */
#include "frontend/python_path.h"

#include "core/buffer.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct path_list {
    char **paths;
    size_t count;
    const char *version; /* "3.11"; NULL: any */
};

static const char *environment_value(char *const *environment, const char *name)
{
    size_t size = strlen(name);
    for (char *const *entry = environment; entry && *entry; entry++)
        if (strncmp(*entry, name, size) == 0 && (*entry)[size] == '=')
            return *entry + size + 1;
    return NULL;
}

static void add_path(struct path_list *list, const char *path)
{
    list->paths = realloc(list->paths, (list->count + 2) * sizeof *list->paths);
    char *copy = strdup(path);
    if (!list->paths || !copy)
        abort();
    list->paths[list->count++] = copy;
    list->paths[list->count] = NULL;
}

/* "python3.9" behind the links is not 3.11; any other name may be. */
static bool is_other_version(const char *path, const char *version)
{
    char *real = version ? realpath(path, NULL) : NULL;
    const char *name = real ? strrchr(real, '/') : NULL;
    bool other = name && strncmp(name, "/python", 7) == 0 && isdigit((unsigned char)name[7]) && strchr(name + 7, '.') &&
                 strcmp(name + 7, version) != 0;
    free(real);
    return other;
}

/* `name` in the folder, if it is there and no other version. */
static void add_fitting(struct path_list *list, const char *folder, size_t folder_size, const char *name)
{
    struct buffer path = {0};
    buffer_printf(&path, "%.*s/%s", (int)folder_size, folder_size ? folder : "", name);
    if (folder_size && access(path.bytes, X_OK) == 0 && !is_other_version(path.bytes, list->version))
        add_path(list, path.bytes);
    buffer_free(&path);
}

static void add_named(struct path_list *list, const char *folders, const char *name)
{
    while (folders && *folders) {
        const char *end = strchrnul(folders, ':');
        add_fitting(list, folders, (size_t)(end - folders), name);
        folders = *end ? end + 1 : end;
    }
}

char **python_paths(const char *asked, const char *version, char *const *environment)
{
    struct path_list list = {calloc(1, sizeof *list.paths), 0, version};
    struct buffer versioned = {0};
    const char *search = environment_value(environment, "PATH");
    if (!list.paths)
        abort();
    buffer_printf(&versioned, "python%s", version);
    if (asked && strchr(asked, '/')) {
        add_path(&list, asked);
    } else if (asked && *asked) {
        list.version = NULL; /* what it is, its greeting says */
        add_named(&list, search, asked);
    } else {
        const char *virtual = environment_value(environment, "VIRTUAL_ENV");
        add_fitting(&list, virtual, virtual ? strlen(virtual) : 0, "bin/python");
        add_fitting(&list, "/usr/bin", 8, "python3");
        add_fitting(&list, "/usr/bin", 8, versioned.bytes);
        add_named(&list, search, versioned.bytes);
        add_named(&list, search, "python3");
    }
    buffer_free(&versioned);
    return list.paths;
}

void python_paths_free(char **paths)
{
    for (char **path = paths; *path; path++)
        free(*path);
    free(paths);
}
