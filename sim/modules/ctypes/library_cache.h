/* library_cache.h - /etc/ld.so.cache, the loader's list of the shared libraries it finds by name. */
#ifndef HYBRIDSIM_SIM_MODULES_CTYPES_LIBRARY_CACHE_H
#define HYBRIDSIM_SIM_MODULES_CTYPES_LIBRARY_CACHE_H

#include <stdbool.h>

/* The path of a library in the list, malloc'd; NULL: it is not there. */
char *library_cache_find(const char *name);
/* The list as `ldconfig -p` prints it, malloc'd; NULL: there is no list in the known format. */
char *library_cache_print(void);

#endif
