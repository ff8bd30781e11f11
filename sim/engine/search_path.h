/* search_path.h - where modules are looked for: sys.path as the program finds it. */
#ifndef HYBRIDSIM_SIM_ENGINE_SEARCH_PATH_H
#define HYBRIDSIM_SIM_ENGINE_SEARCH_PATH_H

struct search_path {
    char **folders;
    int count;
};

/* CPython's: `first` (the script's folder), what PYTHONPATH says (NULL: nothing), the library with its archive and its folder of
 * extension modules, then where packages are installed for this interpreter: the user's own, a virtual environment's, the
 * system's. Files named *.pth there are not read. */
struct search_path search_path_make(const char *first, const char *python_path, const char *library, const char *executable,
                                    const char *home);
void search_path_free(struct search_path *path);

#endif
