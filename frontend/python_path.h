/* python_path.h - which interpreters there are to choose from, by their paths and without starting one. For the frontend, which
 * starts the first that works, and for sys.executable, which is its path. */
#ifndef HYBRIDSIM_FRONTEND_PYTHON_PATH_H
#define HYBRIDSIM_FRONTEND_PYTHON_PATH_H

/* Paths in the order of preference, ended by NULL. `asked`, a path or a name to find on PATH, leaves no other choice; NULL or
 * empty: $VIRTUAL_ENV's, Debian's own, then PATH's, of those whose file is not named after another version. */
char **python_paths(const char *asked, const char *version, char *const *environment);
void python_paths_free(char **paths);

#endif
