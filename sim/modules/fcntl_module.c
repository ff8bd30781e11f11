/* fcntl_module.c - module fcntl: flags and locks of open files. ioctl is refused: what it does cannot be told. */
#include "sim/modules/channel.h"
#include "sim/modules/sandbox.h"
#include "sim/modules/support.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#define FUNCTION(name)                                                                                                 \
    static value fcntl_##name(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
#define UNUSED (void)vm, (void)self, (void)arguments, (void)count, (void)keyword_names

static bool descriptor_argument(struct vm *vm, value v, int *out)
{
    int64_t number;
    if (!is_int(v)) {
        value method = get_attribute_text(vm, v, "fileno");
        if (method == VALUE_NULL) {
            if (!exception_matches(vm, &exc_AttributeError))
                return false;
            exception_clear(vm);
            raise_error(vm, &exc_TypeError, "argument must be an int, or have a fileno() method.");
            return false;
        }
        v = call_0(vm, method);
    }
    if (v == VALUE_NULL || !value_to_int64(vm, v, &number))
        return false;
    if (number < 0) {
        raise_error(vm, &exc_ValueError, "file descriptor cannot be a negative integer (%ld)", (long)number);
        return false;
    }
    *out = (int)number;
    return true;
}

FUNCTION(fcntl)
{
    UNUSED;
    int descriptor;
    int64_t command, argument = 0;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !value_to_int64(vm, arguments[1], &command))
        return VALUE_NULL;
    if (arguments[2] != VALUE_NULL && !is_int(arguments[2]))
        return raise_unsupported(vm, "fcntl.fcntl with a structure");
    if (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &argument))
        return VALUE_NULL;
    struct channel *channel = channel_find(vm, descriptor);
    if (channel && command == F_GETFL)
        return small_int(O_RDWR | (channel->nonblocking ? O_NONBLOCK : 0));
    if (channel && command == F_GETFD)
        return small_int(channel->inheritable ? 0 : FD_CLOEXEC);
    if (channel && command == F_SETFL)
        return channel->nonblocking = (argument & O_NONBLOCK) != 0, small_int(0);
    if (channel && command == F_SETFD)
        return channel->inheritable = !(argument & FD_CLOEXEC), small_int(0);
    int result = fcntl(descriptor, (int)command, (int)argument);
    return result < 0 ? raise_os_error(vm, errno, VALUE_NULL) : small_int(result);
}

FUNCTION(flock)
{
    UNUSED;
    int descriptor;
    int64_t operation;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !value_to_int64(vm, arguments[1], &operation))
        return VALUE_NULL;
    return flock(descriptor, (int)operation) ? raise_os_error(vm, errno, VALUE_NULL) : NONE;
}

FUNCTION(lockf)
{
    UNUSED;
    int descriptor;
    int64_t command, length = 0, start = 0, whence = 0;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !value_to_int64(vm, arguments[1], &command) ||
        (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &length)) ||
        (arguments[3] != VALUE_NULL && !value_to_int64(vm, arguments[3], &start)) ||
        (arguments[4] != VALUE_NULL && !value_to_int64(vm, arguments[4], &whence)))
        return VALUE_NULL;
    struct flock lock = {.l_start = (off_t)start, .l_len = (off_t)length, .l_whence = (short)whence};
    if (command == LOCK_UN)
        lock.l_type = F_UNLCK;
    else if (command & LOCK_SH)
        lock.l_type = F_RDLCK;
    else if (command & LOCK_EX)
        lock.l_type = F_WRLCK;
    else
        return raise_error(vm, &exc_ValueError, "unrecognized lockf argument");
    return fcntl(descriptor, command & LOCK_NB ? F_SETLK : F_SETLKW, &lock) ? raise_os_error(vm, errno, VALUE_NULL) : NONE;
}

FUNCTION(ioctl)
{
    UNUSED;
    return raise_unsupported(vm, "fcntl.ioctl");
}

static const struct method_definition functions[] = {
    {"fcntl", "(fd, cmd, arg=0, /)", fcntl_fcntl, 0, NULL},
    {"flock", "(fd, operation, /)", fcntl_flock, 0, NULL},
    {"lockf", "(fd, cmd, len=0, start=0, whence=0, /)", fcntl_lockf, 0, NULL},
    {"ioctl", NULL, fcntl_ioctl, 0, NULL},
    {0},
};

#define CONSTANT(name) {#name, name}
static const struct integer_constant constants[] = {
    CONSTANT(FD_CLOEXEC), CONSTANT(F_DUPFD), CONSTANT(F_DUPFD_CLOEXEC), CONSTANT(F_GETFD), CONSTANT(F_GETFL), CONSTANT(F_GETLK),
    CONSTANT(F_GETOWN), CONSTANT(F_GETPIPE_SZ), CONSTANT(F_RDLCK), CONSTANT(F_SETFD), CONSTANT(F_SETFL), CONSTANT(F_SETLK),
    CONSTANT(F_SETLKW), CONSTANT(F_SETOWN), CONSTANT(F_SETPIPE_SZ), CONSTANT(F_UNLCK), CONSTANT(F_WRLCK), CONSTANT(LOCK_EX),
    CONSTANT(LOCK_NB), CONSTANT(LOCK_SH), CONSTANT(LOCK_UN), CONSTANT(F_GETSIG), CONSTANT(F_SETSIG), CONSTANT(F_GETLEASE),
    CONSTANT(F_SETLEASE), CONSTANT(F_NOTIFY), {"FASYNC", 8192}, {0}};

static bool fcntl_initialize(struct vm *vm, value module)
{
    return support_add_constants(vm, module, constants);
}

const struct native_module fcntl_module = {"fcntl", fcntl_initialize, functions};
