/* spec_path.c - see spec_path.h. */
#include "cli/spec_path.h"

#include "cli/data_folder.h"
#include "core/buffer.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

static char *join(const char *folder, const char *name, const char *suffix)
{
    char *path = NULL;
    if (asprintf(&path, "%s%s%s%s", folder, *folder ? "/" : "", name, suffix) < 0)
        abort();
    return path;
}

char **spec_path_folders(void)
{
    return data_folders("isa-specs", "HYBRIDSIM_SPECS");
}

/* Adds the names of the specs in the folder that are not there yet. */
static void add_names(struct buffer *names, const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        size_t length = strlen(entries[i]->d_name);
        if (length > 5 && strcmp(entries[i]->d_name + length - 5, ".yaml") == 0) {
            char *word = NULL;
            if (asprintf(&word, " %.*s,", (int)(length - 5), entries[i]->d_name) < 0)
                abort();
            if (!names->bytes || !strstr(names->bytes, word))
                buffer_add_text(names, word);
            free(word);
        }
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
}

static char *find_spec(const char *name, const char *subfolder, const char *what, struct diag *diag)
{
    if (is_file(name))
        return strdup(name);
    char **folders = spec_path_folders();
    char *found = NULL;
    struct buffer names = {0};
    for (size_t i = 0; folders[i] && !found; i++) {
        char *folder = *subfolder ? join(folders[i], subfolder, "") : strdup(folders[i]);
        for (int suffix = 0; suffix < 2 && !found && !strchr(name, '/'); suffix++) {
            char *path = join(folder, name, suffix ? ".yaml" : "");
            if (is_file(path))
                found = path;
            else
                free(path);
        }
        add_names(&names, folder);
        free(folder);
    }
    if (!found) {
        if (names.size)
            names.size--, names.bytes[names.size] = 0;
        diag_error(diag, NULL, 0, 0, "no %s spec '%s': expected a file, or one of:%s", what, name,
                   names.size ? names.bytes : " (no spec folder was found)");
    }
    buffer_free(&names);
    data_folders_free(folders);
    return found;
}

char *spec_path_isa(const char *name, struct diag *diag)
{
    return find_spec(name, "", "ISA", diag);
}

char *spec_path_machine(const char *name, struct diag *diag)
{
    return find_spec(name, "machines", "machine", diag);
}

char *spec_path_categories(const char *name, struct diag *diag)
{
    return find_spec(name, "categories", "category", diag);
}
