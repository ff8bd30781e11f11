/* library.c - shared libraries: dlopen, dlsym, dlclose, and what a program may load and call. Native code goes around the
 * sandbox, so without --allow-native only the C and mathematical libraries can be opened, and only functions that touch nothing
 * outside the memory given to them (allowed.c) can be called. */
#include "sim/modules/ctypes/ctypes.h"
#include "sim/modules/ctypes/library_cache.h"
#include "sim/modules/sandbox.h"
#include "sim/runtime/file_rules.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static const char *const own_libraries[] = {"libc.so.6", "libm.so.6"};
enum { OWN_LIBRARIES = sizeof own_libraries / sizeof *own_libraries };

static bool native_allowed(const struct vm *vm)
{
    return !vm->files || vm->files->native_code;
}

static void refuse(struct vm *vm, const char *kind, const char *name)
{
    value text = string_printf(vm, "%s '%s': native code that may do anything is not permitted inside hybridsim; --allow-native "
                               "permits it", kind, name);
    value error = text == VALUE_NULL ? text : call_2(vm, object_value(&exc_PermissionError), small_int(EPERM), text);
    if (error != VALUE_NULL)
        raise_value(vm, error);
}

/* ---- what may be called ---- */

static int order_functions(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const struct allowed_function *)a)->address;
    uintptr_t y = (uintptr_t)((const struct allowed_function *)b)->address;
    return (x > y) - (x < y);
}

/* The same function has several addresses when a sanitizer or the linker puts its own before it. */
static bool find_allowed(struct ctypes_state *state)
{
    void *const libraries[] = {RTLD_DEFAULT, dlopen(own_libraries[0], RTLD_LAZY), dlopen(own_libraries[1], RTLD_LAZY)};
    enum { LIBRARIES = sizeof libraries / sizeof *libraries };
    size_t count = 0, used = 0;
    while (allowed_names[count])
        count++;
    state->allowed = malloc((count * LIBRARIES + 2) * sizeof *state->allowed);
    if (!state->allowed)
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < LIBRARIES; k++) {
            void *address = k && !libraries[k] ? NULL : dlsym(libraries[k], allowed_names[i]);
            if (address)
                state->allowed[used++] = (struct allowed_function){address, allowed_callback(allowed_names[i])};
        }
    state->allowed[used++] = (struct allowed_function){__extension__(void *) memmove, -1};
    state->allowed[used++] = (struct allowed_function){__extension__(void *) memset, -1};
    qsort(state->allowed, used, sizeof *state->allowed, order_functions);
    state->allowed_count = used;
    return true;
}

static const struct allowed_function *allowed_at(const struct ctypes_state *state, void *address)
{
    const struct allowed_function wanted = {address, -1};
    return bsearch(&wanted, state->allowed, state->allowed_count, sizeof wanted, order_functions);
}

/* What is called back must be allowed as well. */
static bool callback_allowed(struct vm *vm, int position, const struct passed_argument *arguments, size_t count, void **callback)
{
    if ((size_t)position >= count)
        return false;
    *callback = arguments[position].content.pointer;
    const struct allowed_function *allowed = allowed_at(vm->ctypes, *callback);
    return !*callback || callback_exists(vm, *callback) || (allowed && allowed->callback < 0);
}

bool library_may_call(struct vm *vm, void *address, value name, const struct passed_argument *arguments, size_t count)
{
    struct ctypes_state *state = vm->ctypes;
    if (native_allowed(vm))
        return true;
    if (!state->allowed && !find_allowed(state)) {
        raise_no_memory(vm);
        return false;
    }
    const struct allowed_function *allowed = allowed_at(state, address);
    void *refused = address;
    if (allowed && (allowed->callback < 0 || callback_allowed(vm, allowed->callback, arguments, count, &refused)))
        return true;
    if (!allowed && callback_exists(vm, address))
        return true;
    Dl_info info;
    size_t size;
    if (name != VALUE_NULL && refused == address)
        refuse(vm, "function", string_utf8(vm, name, &size));
    else
        refuse(vm, "function", dladdr(refused, &info) && info.dli_sname && info.dli_saddr == refused ? info.dli_sname
                                                                                                      : "at this address");
    return false;
}

/* ---- libraries ---- */

static bool exists(const char *name)
{
    static const char *const folders[] = {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib",
                                          "/usr/lib"};
    if (strchr(name, '/'))
        return access(name, F_OK) == 0;
    char *listed = library_cache_find(name);
    bool found = listed != NULL;
    free(listed);
    for (size_t i = 0; !found && i < sizeof folders / sizeof *folders; i++) {
        char path[512];
        found = snprintf(path, sizeof path, "%s/%s", folders[i], name) < (int)sizeof path && access(path, F_OK) == 0;
    }
    return found;
}

static bool is_own(const char *name)
{
    const char *slash = strrchr(name, '/');
    for (int i = 0; i < OWN_LIBRARIES; i++)
        if (!strcmp(slash ? slash + 1 : name, own_libraries[i]))
            return true;
    return false;
}

#define METHOD(name) \
    static value name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)self, (void)count, (void)keyword_names

METHOD(library_open)
{
    UNUSED;
    int64_t mode = 0;
    if (arguments[1] != VALUE_NULL && !value_to_int64(vm, arguments[1], &mode))
        return VALUE_NULL;
    const char *name = arguments[0] == NONE ? NULL : path_text(vm, arguments[0]);
    if (!name && arguments[0] != NONE)
        return VALUE_NULL;
    int flags = (int)mode | RTLD_NOW;
    if (name && !native_allowed(vm)) {
        if (!exists(name))
            return raise_error(vm, &exc_OSError, "%s: cannot open shared object file: No such file or directory", name);
        void *loaded = is_own(name) ? dlopen(name, flags | RTLD_NOLOAD) : NULL; /* nothing of it runs: it is there already */
        if (loaded)
            return int_from_uint64(vm, (uint64_t)(uintptr_t)loaded);
        refuse(vm, "library", name);
        return VALUE_NULL;
    }
    void *handle = dlopen(name, flags);
    if (handle)
        return int_from_uint64(vm, (uint64_t)(uintptr_t)handle);
    const char *error = dlerror();
    return raise_error(vm, &exc_OSError, "%s", error ? error : "dlopen() error");
}

METHOD(library_close)
{
    UNUSED;
    uint64_t handle;
    if (!is_int(arguments[0]) || !c_mask(vm, arguments[0], &handle))
        return raise_error(vm, &exc_TypeError, "an integer is required");
    if (dlclose((void *)(uintptr_t)handle) == 0)
        return NONE;
    return raise_error(vm, &exc_OSError, "%s", dlerror());
}

/* Our own program exports what CPython's does not: CDLL(None) shows the C and mathematical libraries only. */
static void *find_symbol(struct vm *vm, void *handle, const char *name)
{
    void *program = dlopen(NULL, RTLD_NOW), *found = NULL;
    if (handle != program || native_allowed(vm))
        return dlsym(handle, name);
    for (int i = 0; i < OWN_LIBRARIES && !found; i++) {
        void *library = dlopen(own_libraries[i], RTLD_NOW | RTLD_NOLOAD);
        found = library ? dlsym(library, name) : NULL;
    }
    return found;
}

static void *symbol_of(struct vm *vm, value library, const char *name, struct type *error)
{
    uint64_t handle;
    if (!c_mask(vm, library, &handle))
        return NULL;
    bool in_program = (void *)(uintptr_t)handle == dlopen(NULL, RTLD_NOW);
    dlerror();
    void *found = find_symbol(vm, (void *)(uintptr_t)handle, name);
    if (found)
        return found;
    const char *message = dlerror();
    if (in_program || !message)
        raise_error(vm, error, "%s: undefined symbol: %s", vm->executable ? vm->executable : "python3", name);
    else
        raise_error(vm, error, "%s", message);
    return NULL;
}

void *library_symbol(struct vm *vm, value library, const char *name)
{
    return symbol_of(vm, library, name, &exc_AttributeError);
}

METHOD(library_find)
{
    UNUSED;
    size_t size;
    if (!is_int(arguments[0]) || !is_string(arguments[1]))
        return raise_error(vm, &exc_TypeError, "dlsym() takes an integer and a str");
    void *found = symbol_of(vm, arguments[0], string_utf8(vm, arguments[1], &size), &exc_OSError);
    return found ? int_from_uint64(vm, (uint64_t)(uintptr_t)found) : VALUE_NULL;
}

const struct method_definition library_functions[] = {
    {"dlopen", "(name, flag=0, /)", library_open, 0, "dlopen(name, flag={RTLD_GLOBAL|RTLD_LOCAL}) open a shared library"},
    {"dlclose", "(handle, /)", library_close, 0, "dlclose a library"},
    {"dlsym", "(handle, name, /)", library_find, 0, "find symbol in shared library"},
    {0}};
