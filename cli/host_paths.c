/* host_paths.c - see host_paths.h. */
#include "cli/host_paths.h"

#include "frontend/python_path.h"
#include "frontend/source_version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *host_cache_directory(void)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char *path = NULL;
    int length = 0;
    if (cache && cache[0] == '/')
        length = asprintf(&path, "%s/hybridsim", cache);
    else if (home && *home)
        length = asprintf(&path, "%s/.cache/hybridsim", home);
    if (length < 0)
        abort();
    return path;
}

char *host_find_python(const char *asked)
{
    char **paths = python_paths(asked ? asked : getenv("HYBRIDSIM_PYTHON"), cpython311.name, environ);
    char *found = *paths ? strdup(*paths) : NULL;
    python_paths_free(paths);
    return found;
}
