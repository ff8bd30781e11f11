/* cache.h - compiled code kept on disk: CPython's __pycache__ (read only) and our own directory. For the frontend's own files. */
#ifndef HYBRIDSIM_FRONTEND_CACHE_H
#define HYBRIDSIM_FRONTEND_CACHE_H

#include "core/content_key.h"
#include "frontend/compiler.h"

#include <sys/stat.h>

enum { PYC_HEADER_SIZE = 16 };

/* What is wrong with a .pyc file's first bytes, as an error in diag; true when nothing is. */
bool pyc_header_check(const struct source_version *version, const struct buffer *pyc, const char *path, struct diag *diag)
    __attribute__((warn_unused_result));

/* The .pyc in __pycache__ of a source file when it is up to date, as CPython decides that: 1. Not there or stale: 0. */
int pycache_read(const struct source_version *version, const char *source_path, const struct stat *source_status,
                 struct buffer *pyc) __attribute__((warn_unused_result));

struct content_key cache_key_of(const struct source_version *version, const char *python,
                              const struct compile_request *request);

/* A complete entry, or false. */
bool cache_read(const char *directory, struct content_key key, struct compile_answer *answer)
    __attribute__((warn_unused_result));

/* Writes an entry whole or not at all. A cache that cannot be written is no error: the next run compiles again. */
void cache_write(const char *directory, struct content_key key, const struct compile_answer *answer);

/* The whole file. False with errno set. */
bool file_read(const char *path, struct buffer *contents, struct stat *status) __attribute__((warn_unused_result));

#endif
