/* host_paths.h - where things are on this host, as the environment says: the cache, the reference interpreter. */
#ifndef HYBRIDSIM_CLI_HOST_PATHS_H
#define HYBRIDSIM_CLI_HOST_PATHS_H

/* $XDG_CACHE_HOME/hybridsim or ~/.cache/hybridsim, to be freed; NULL when there is no home. */
char *host_cache_directory(void);

/* The interpreter by its path, without starting it, to be freed: `asked`, as --python has it, or the first of those there are.
 * NULL: none found. */
char *host_find_python(const char *asked);

#endif
