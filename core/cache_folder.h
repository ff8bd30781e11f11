/* cache_folder.h - keeps a folder of cached files from growing without end. */
#ifndef HYBRIDSIM_CORE_CACHE_FOLDER_H
#define HYBRIDSIM_CORE_CACHE_FOLDER_H

#include <stdint.h>

enum { CACHE_FOLDER_LIMIT = 256 << 20 /* bytes */ };

/* Called after an entry was written, with a number that differs from entry to entry (its key): once in 256 such numbers the
 * folder is looked through, and when its files hold more than `limit` bytes the ones not used for longest are removed until
 * half of that is left. Other processes may do the same at the same time; a reader that loses an entry makes it again. */
void cache_folder_written(const char *directory, uint64_t number, int64_t limit);

/* The looking through itself. */
void cache_folder_prune(const char *directory, int64_t limit);

#endif
