/* data_folder.c - see data_folder.h. */
#include "cli/data_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder_list {
    char **paths;
    size_t count;
};

/* Takes the path over. */
static void add_folder(struct folder_list *list, char *path)
{
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        free(path);
        return;
    }
    list->paths = realloc(list->paths, (list->count + 2) * sizeof *list->paths);
    if (!list->paths)
        abort();
    list->paths[list->count++] = path;
    list->paths[list->count] = NULL;
}

static void add_of_environment(struct folder_list *list, const char *variable)
{
    const char *text = variable ? getenv(variable) : NULL;
    char *copy = text ? strdup(text) : NULL, *rest = copy;
    for (char *part; rest && (part = strsep(&rest, ":"));)
        if (*part)
            add_folder(list, strdup(part));
    free(copy);
}

static void add_below(struct folder_list *list, const char *folder, const char *place, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s/%s/%s", folder, place, name) < 0)
        abort();
    add_folder(list, path);
}

char **data_folders(const char *name, const char *environment_variable)
{
    static const char *const beside_program[] = {"../share/hybridsim", "..", "../..", "../../.."};
    struct folder_list list = {calloc(1, sizeof(char *)), 0};
    if (!list.paths)
        abort();
    add_of_environment(&list, environment_variable);
    char program[4096];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length > 0) {
        program[length] = 0;
        *strrchr(program, '/') = 0;
        for (size_t i = 0; i < sizeof beside_program / sizeof *beside_program; i++)
            add_below(&list, program, beside_program[i], name);
    }
#ifdef HYBRIDSIM_SOURCE
    add_below(&list, HYBRIDSIM_SOURCE, ".", name);
#endif
    return list.paths;
}

void data_folders_free(char **list)
{
    for (size_t i = 0; list[i]; i++)
        free(list[i]);
    free(list);
}
