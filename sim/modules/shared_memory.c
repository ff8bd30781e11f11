/* shared_memory.c - modules _posixshmem and multiprocessing.resource_tracker. Segments are made under the rules of the temporary
 * folder (sandbox.h). The tracker, elsewhere a process that removes what the program left, has nothing to do: there is one. */
#include "sim/modules/sandbox.h"
#include "sim/modules/support.h"
#include "sim/runtime/text.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#define FUNCTION(name)                                                                                                 \
    static value memory_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

/* Where a segment of this name is: shm_overview(7). */
static bool path_read(struct vm *vm, value v, const char *function, char out[PATH_MAX])
{
    if (!is_string(v)) {
        raise_error(vm, &exc_TypeError, "%s() argument 'path' must be str, not %T", function, v);
        return false;
    }
    const char *name = string_utf8(vm, v, NULL);
    if (!name)
        return false;
    name += strspn(name, "/");
    if (!*name || strchr(name, '/') || strlen(name) >= NAME_MAX) {
        raise_os_error(vm, EINVAL, v);
        return false;
    }
    snprintf(out, PATH_MAX, "/dev/shm/%s", name);
    return true;
}

FUNCTION(shm_open)
{
    UNUSED;
    int64_t flags, mode = 0777;
    char path[PATH_MAX];
    if (!path_read(vm, arguments[0], "shm_open", path) || !value_to_index(vm, arguments[1], &flags) ||
        (arguments[2] != VALUE_NULL && !value_to_index(vm, arguments[2], &mode)))
        return VALUE_NULL;
    int descriptor = sandbox_open(vm, AT_FDCWD, path, (int)flags | O_NOFOLLOW, (mode_t)mode, arguments[0]);
    return descriptor < 0 ? VALUE_NULL : small_int(descriptor);
}

FUNCTION(shm_unlink)
{
    UNUSED;
    char path[PATH_MAX];
    if (!path_read(vm, arguments[0], "shm_unlink", path) ||
        !sandbox_may_change(vm, AT_FDCWD, path, CHANGE_REMOVE, false, arguments[0]))
        return VALUE_NULL;
    return unlink(path) ? raise_os_error(vm, errno, arguments[0]) : NONE;
}

static const struct method_definition functions[] = {
    {"shm_open", "(path, flags, mode=511)", memory_shm_open, 0, NULL},
    {"shm_unlink", "(path)", memory_shm_unlink, 0, NULL},
    {0},
};
const struct native_module shared_memory_module = {"_posixshmem", NULL, functions};

FUNCTION(nothing)
{
    UNUSED;
    return NONE;
}

static const struct method_definition tracker_functions[] = {
    {"register", "(name, rtype)", memory_nothing, 0, NULL},
    {"unregister", "(name, rtype)", memory_nothing, 0, NULL},
    {"ensure_running", "()", memory_nothing, 0, NULL},
    {0},
};
const struct native_module resource_tracker_module = {"multiprocessing.resource_tracker", NULL, tracker_functions};
