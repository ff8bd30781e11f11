/* storage.c - the files of databases: libsqlite3's own virtual file system with the sandbox before it. A database that may not be
 * written is opened for reading. Time and randomness inside SQL are the program's, not the host's. */
#include "sim/modules/sandbox.h"
#include "sim/modules/sqlite/sqlite.h"
#include "sim/runtime/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

struct storage {
    sqlite3_vfs face;
    sqlite3_vfs *host;
    struct vm *vm;
    uint64_t random;
    char name[32];
};

static struct storage *storage_of(sqlite3_vfs *face) { return face->pAppData; }

static int storage_open(sqlite3_vfs *face, const char *name, sqlite3_file *file, int flags, int *given)
{
    struct storage *storage = storage_of(face);
    struct vm *vm = storage->vm;
    if (name) {
        value shown = string_from_text(vm, name), pending = exception_take(vm);
        bool readable = shown != VALUE_NULL && sandbox_may_read(vm, shown);
        bool writable = readable && (!(flags & (SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) || !vm->files ||
                                     sandbox_may_change(vm, AT_FDCWD, name, CHANGE_CONTENTS, true, shown));
        exception_clear(vm);
        vm->pending = pending;
        if (!readable)
            return SQLITE_CANTOPEN;
        if (!writable)
            flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    return storage->host->xOpen(storage->host, name, file, flags, given);
}

static int storage_delete(sqlite3_vfs *face, const char *name, int sync)
{
    struct storage *storage = storage_of(face);
    struct vm *vm = storage->vm;
    value shown = string_from_text(vm, name), pending = exception_take(vm);
    bool allowed = shown != VALUE_NULL && (!vm->files || sandbox_may_change(vm, AT_FDCWD, name, CHANGE_REMOVE, false, shown));
    exception_clear(vm);
    vm->pending = pending;
    return allowed ? storage->host->xDelete(storage->host, name, sync) : SQLITE_IOERR_DELETE;
}

static int storage_access(sqlite3_vfs *face, const char *name, int flags, int *result)
{
    return storage_of(face)->host->xAccess(storage_of(face)->host, name, flags, result);
}

static int storage_full_name(sqlite3_vfs *face, const char *name, int size, char *out)
{
    return storage_of(face)->host->xFullPathname(storage_of(face)->host, name, size, out);
}

static int storage_random(sqlite3_vfs *face, int size, char *out)
{
    struct storage *storage = storage_of(face);
    for (int i = 0; i < size; i++) {
        storage->random = storage->random * 6364136223846793005u + 1442695040888963407u;
        out[i] = (char)(storage->random >> 56);
    }
    return size;
}

static int storage_sleep(sqlite3_vfs *face, int microseconds)
{
    clock_advance(storage_of(face)->vm, (int64_t)microseconds * 1000);
    return microseconds;
}

static int storage_milliseconds(sqlite3_vfs *face, sqlite3_int64 *out)
{
    const sqlite3_int64 epoch = 24405875LL * 8640000; /* 1970 in the library's Julian milliseconds */
    *out = epoch + clock_real(storage_of(face)->vm) / 1000000;
    return SQLITE_OK;
}

static int storage_time(sqlite3_vfs *face, double *out)
{
    sqlite3_int64 milliseconds;
    storage_milliseconds(face, &milliseconds);
    *out = (double)milliseconds / 86400000.0;
    return SQLITE_OK;
}

static int storage_error(sqlite3_vfs *face, int size, char *out)
{
    (void)face, (void)size, (void)out;
    return 0;
}

const char *sqlite_storage(struct vm *vm)
{
    char name[32];
    snprintf(name, sizeof name, "hybridsim-%p", (void *)vm);
    sqlite3_vfs *known = sqlite3_vfs_find(name), *host = sqlite3_vfs_find("unix");
    if (known || !host)
        return known ? known->zName : NULL;
    struct storage *storage = calloc(1, sizeof *storage); /* the library's list holds it from now on */
    if (!storage)
        return NULL;
    memcpy(storage->name, name, sizeof name);
    storage->host = host;
    storage->vm = vm;
    storage->face = (sqlite3_vfs){.iVersion = 2, .szOsFile = host->szOsFile, .mxPathname = host->mxPathname,
                                  .zName = storage->name, .pAppData = storage, .xOpen = storage_open,
                                  .xDelete = storage_delete, .xAccess = storage_access, .xFullPathname = storage_full_name,
                                  .xRandomness = storage_random, .xSleep = storage_sleep, .xCurrentTime = storage_time,
                                  .xGetLastError = storage_error, .xCurrentTimeInt64 = storage_milliseconds};
    return sqlite3_vfs_register(&storage->face, 0) == SQLITE_OK ? storage->name : NULL;
}
