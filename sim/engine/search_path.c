/* search_path.c - see search_path.h. */
#include "sim/engine/search_path.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Each folder once, but the first one is not looked at for that: CPython puts it there when the others are together. */
static void add(struct search_path *path, const char *folder)
{
    for (int i = 1; i < path->count; i++)
        if (strcmp(path->folders[i], folder) == 0)
            return;
    path->folders = realloc(path->folders, ((size_t)path->count + 1) * sizeof *path->folders);
    char *copy = strdup(folder);
    if (!path->folders || !copy)
        abort();
    path->folders[path->count++] = copy;
}

/* PREFIX/RELATIVE, when it is a folder. */
static void add_site(struct search_path *path, const char *prefix, const char *relative)
{
    char *folder;
    struct stat status;
    if (asprintf(&folder, "%s/%s", prefix, relative) < 0)
        abort();
    if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode))
        add(path, folder);
    free(folder);
}

/* `folder` without its last `levels` parts; malloc'd. */
static char *parent_of(const char *folder, int levels)
{
    char *text = strdup(folder);
    if (!text)
        abort();
    for (; levels > 0 && strrchr(text, '/'); levels--)
        *strrchr(text, '/') = 0;
    return text;
}

static void add_entries(struct search_path *path, const char *python_path)
{
    char *here = NULL;
    for (const char *rest = python_path; rest && *python_path;) {
        size_t size = strcspn(rest, ":");
        char *entry = strndup(rest, size), *whole = NULL;
        if (!entry)
            abort();
        here = here ? here : realpath(".", NULL);
        bool relative = *entry != '/';
        if (relative && asprintf(&whole, "%s%s%s", here ? here : "", *entry ? "/" : "", entry) < 0)
            abort();
        add(path, relative ? whole : entry);
        free(whole);
        free(entry);
        rest = rest[size] ? rest + size + 1 : NULL;
    }
    free(here);
}

/* The line `include-system-site-packages = true` of pyvenv.cfg */
static bool includes_system(FILE *configuration)
{
    char line[512], key[64], answer[16];
    bool includes = false;
    while (fgets(line, sizeof line, configuration))
        if (sscanf(line, " %63[^= ] = %15s", key, answer) == 2 && !strcasecmp(key, "include-system-site-packages"))
            includes = !strcasecmp(answer, "true");
    return includes;
}

/* Of a virtual environment. False: those of the system do not count. */
static bool add_environment(struct search_path *path, const char *executable, const char *version)
{
    char *prefix = parent_of(executable, 2), *name, *site;
    if (asprintf(&name, "%s/pyvenv.cfg", prefix) < 0 || asprintf(&site, "lib/%s/site-packages", version) < 0)
        abort();
    FILE *configuration = fopen(name, "r");
    bool system_too = !configuration || includes_system(configuration);
    if (configuration) {
        add_site(path, prefix, site);
        fclose(configuration);
    }
    free(prefix);
    free(name);
    free(site);
    return system_too;
}

static void add_system(struct search_path *path, const char *library, const char *version)
{
    /* Where Debian's Python looks, then where others do. */
    static const char *const forms[] = {"local/lib/%s/dist-packages", "lib/python3/dist-packages", "lib/%s/dist-packages",
                                        "lib/%s/site-packages"};
    char *prefix = parent_of(library, 2), relative[128];
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *mark = strstr(forms[i], "%s");
        int before = (int)(mark ? mark - forms[i] : (long)strlen(forms[i]));
        snprintf(relative, sizeof relative, "%.*s%s%s", before, forms[i], mark ? version : "", mark ? mark + 2 : "");
        add_site(path, prefix, relative);
    }
    free(prefix);
}

/* The library's archive beside it (python311.zip), the library, its extension modules. */
static void add_library(struct search_path *path, const char *library, const char *version)
{
    char *above = parent_of(library, 1), *text, plain[64];
    size_t size = 0;
    for (const char *at = version; *at && size + 1 < sizeof plain; at++)
        if (*at != '.')
            plain[size++] = *at;
    plain[size] = 0;
    if (asprintf(&text, "%s/%s.zip", above, plain) < 0)
        abort();
    add(path, text);
    add(path, library);
    free(text);
    free(above);
    if (asprintf(&text, "%s/lib-dynload", library) < 0)
        abort();
    add(path, text);
    free(text);
}

struct search_path search_path_make(const char *first, const char *python_path, const char *library, const char *executable,
                                    const char *home)
{
    struct search_path path = {NULL, 0};
    const char *version = strrchr(library, '/') ? strrchr(library, '/') + 1 : library; /* "python3.11" */
    char user[128];
    add(&path, first);
    add_entries(&path, python_path);
    add_library(&path, library, version);
    if (executable && !add_environment(&path, executable, version))
        return path;
    snprintf(user, sizeof user, ".local/lib/%s/site-packages", version);
    if (home)
        add_site(&path, home, user);
    add_system(&path, library, version);
    return path;
}

void search_path_free(struct search_path *path)
{
    for (int i = 0; i < path->count; i++)
        free(path->folders[i]);
    free(path->folders);
}
