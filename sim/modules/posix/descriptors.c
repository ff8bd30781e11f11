/* descriptors.c - module posix: files by descriptor. */
#include "sim/modules/posix/posix.h"
#include "sim/modules/channel.h"
#include "sim/runtime/audit.h"
#include "sim/runtime/thread.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

static value done(struct vm *vm, int failed)
{
    return failed ? raise_for(vm, VALUE_NULL) : NONE;
}

FUNCTION(open)
{
    UNUSED;
    struct file_argument file;
    int64_t flags, mode = 0777;
    if (!file_argument(vm, arguments[0], "open", 0, &file) || !value_to_int64(vm, arguments[1], &flags) ||
        (arguments[2] != VALUE_NULL && !value_to_int64(vm, arguments[2], &mode)) ||
        !folder_argument(vm, arguments[3], &file.folder) || !io_flush_pending(vm) ||
        !AUDIT(vm, "open", file.shown, NONE, small_int(flags | O_CLOEXEC)))
        return VALUE_NULL;
    int descriptor = sandbox_open(vm, file.folder, file.path, (int)flags, (mode_t)mode, arguments[0]);
    return descriptor < 0 ? VALUE_NULL : small_int(descriptor);
}

FUNCTION(close)
{
    UNUSED;
    int descriptor;
    if (!descriptor_argument(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    if (!channel_find(vm, descriptor))
        return done(vm, close(descriptor));
    channel_close(vm, descriptor);
    return NONE;
}

FUNCTION(closerange)
{
    UNUSED;
    int64_t from, to;
    if (!value_to_int64(vm, arguments[0], &from) || !value_to_int64(vm, arguments[1], &to))
        return VALUE_NULL;
    for (int64_t i = from < 0 ? 0 : from; i < to && i < 1 << 20; i++)
        close((int)i);
    return NONE;
}

/* Until a socket's stream can go on; the errno that it fails with, -1: an exception is pending. */
static int channel_await(struct vm *vm, int descriptor, int (*status)(struct channel *channel), struct channel **out)
{
    for (;;) {
        int error = (*out = channel_find(vm, descriptor)) ? status(*out) : EBADF;
        if (error >= 0)
            return error;
        if ((*out)->nonblocking)
            return EAGAIN;
        if (channel_wait(vm, -1) != WAIT_WOKEN)
            return -1;
    }
}

static value channel_failed(struct vm *vm, int error)
{
    return error < 0 ? VALUE_NULL : raise_os_error(vm, error, VALUE_NULL);
}

static value channel_read(struct vm *vm, int descriptor, int64_t limit)
{
    struct channel *channel;
    int error = channel_await(vm, descriptor, channel_receive_status, &channel);
    if (error || channel->type == SOCK_DGRAM)
        return channel_failed(vm, error ? error : EINVAL);
    size_t size = channel->size < (size_t)limit ? channel->size : (size_t)limit;
    value result = bytes_from(vm, NULL, size);
    if (result != VALUE_NULL && size)
        channel_take(vm, channel, bytes_of(result)->data, size);
    return result;
}

static value channel_put(struct vm *vm, int descriptor, struct span data)
{
    struct channel *channel = channel_find(vm, descriptor);
    if (channel->type == SOCK_DGRAM) {
        int error = network_send(vm, channel, NULL, data.data, data.length);
        return error == 0 ? int_from_uint64(vm, data.length) : channel_failed(vm, error == NETWORK_WAIT ? EAGAIN : error);
    }
    int error = channel_await(vm, descriptor, channel_send_status, &channel);
    return error ? channel_failed(vm, error) : int_from_uint64(vm, channel_write(vm, channel, data.data, data.length));
}

static value read_bytes(struct vm *vm, int descriptor, int64_t size, int64_t offset)
{
    if (size < 0) {
        errno = EINVAL;
        return raise_for(vm, VALUE_NULL);
    }
    if (offset < 0 && channel_find(vm, descriptor))
        return channel_read(vm, descriptor, size);
    value target = bytearray_from(vm, NULL, (size_t)size);
    if (target == VALUE_NULL)
        return VALUE_NULL;
    uint8_t *data = bytearray_of(target)->data;
    ssize_t got;
    if (!sandbox_wait_ready(vm, descriptor, POLLIN))
        return VALUE_NULL;
    do
        got = offset < 0 ? read(descriptor, data, (size_t)size) : pread(descriptor, data, (size_t)size, (off_t)offset);
    while (got < 0 && errno == EINTR && (!(vm->interrupt & INTERRUPT_SIGNAL) || thread_interrupted(vm)));
    if (vm->pending != VALUE_NULL)
        return VALUE_NULL;
    value result = got < 0 ? raise_for(vm, VALUE_NULL) : bytes_from(vm, data, (size_t)got);
    gc_keep(target);
    return result;
}

FUNCTION(read)
{
    UNUSED;
    int descriptor;
    int64_t size;
    return descriptor_argument(vm, arguments[0], &descriptor) && value_to_int64(vm, arguments[1], &size)
               ? read_bytes(vm, descriptor, size, -1) : VALUE_NULL;
}

FUNCTION(pread)
{
    UNUSED;
    int descriptor;
    int64_t size, offset;
    return descriptor_argument(vm, arguments[0], &descriptor) && value_to_int64(vm, arguments[1], &size) &&
                   value_to_int64(vm, arguments[2], &offset)
               ? read_bytes(vm, descriptor, size, offset) : VALUE_NULL;
}

FUNCTION(write)
{
    UNUSED;
    int descriptor;
    struct span data;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !bytes_like(vm, arguments[1], &data))
        return VALUE_NULL;
    if (channel_find(vm, descriptor))
        return channel_put(vm, descriptor, data);
    ADD_WORK(vm, characters, data.length);
    int64_t put = sandbox_write(vm, descriptor, data.data, data.length);
    return put == -2 ? VALUE_NULL : put < 0 ? raise_for(vm, VALUE_NULL) : small_int(put);
}

FUNCTION(pwrite)
{
    UNUSED;
    int descriptor;
    int64_t offset;
    struct span data;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !bytes_like(vm, arguments[1], &data) ||
        !value_to_int64(vm, arguments[2], &offset))
        return VALUE_NULL;
    ssize_t put = pwrite(descriptor, data.data, data.length, (off_t)offset);
    return put < 0 ? raise_for(vm, VALUE_NULL) : small_int(put);
}

FUNCTION(writev)
{
    UNUSED;
    int descriptor;
    value parts = tuple_from_iterable(vm, arguments[1]);
    if (parts == VALUE_NULL || !descriptor_argument(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    int64_t total = 0;
    for (size_t i = 0; i < tuple_of(parts)->length; i++) {
        struct span data;
        if (!bytes_like(vm, tuple_of(parts)->items[i], &data))
            return VALUE_NULL;
        int64_t put = sandbox_write(vm, descriptor, data.data, data.length);
        if (put < 0)
            return put == -2 ? VALUE_NULL : raise_for(vm, VALUE_NULL);
        total += put;
        if ((size_t)put < data.length)
            break;
    }
    return small_int(total);
}

FUNCTION(lseek)
{
    UNUSED;
    int descriptor;
    int64_t offset, whence;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !value_to_int64(vm, arguments[1], &offset) ||
        !value_to_int64(vm, arguments[2], &whence))
        return VALUE_NULL;
    off_t at = lseek(descriptor, (off_t)offset, (int)whence);
    return at < 0 ? raise_for(vm, VALUE_NULL) : int_from_int64(vm, at);
}

FUNCTION(ftruncate)
{
    UNUSED;
    int descriptor;
    int64_t size;
    return descriptor_argument(vm, arguments[0], &descriptor) && value_to_int64(vm, arguments[1], &size)
               ? done(vm, ftruncate(descriptor, (off_t)size)) : VALUE_NULL;
}

FUNCTION(fsync)
{
    UNUSED;
    int descriptor;
    return descriptor_argument(vm, arguments[0], &descriptor) ? done(vm, fsync(descriptor)) : VALUE_NULL;
}

FUNCTION(sync)
{
    UNUSED;
    return NONE;
}

FUNCTION(posix_fallocate)
{
    UNUSED;
    int descriptor;
    int64_t offset, size;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !value_to_int64(vm, arguments[1], &offset) ||
        !value_to_int64(vm, arguments[2], &size))
        return VALUE_NULL;
    errno = posix_fallocate(descriptor, (off_t)offset, (off_t)size);
    return done(vm, errno != 0);
}

FUNCTION(posix_fadvise)
{
    UNUSED;
    int descriptor;
    return descriptor_argument(vm, arguments[0], &descriptor) ? NONE : VALUE_NULL;
}

/* A piece of a file into a socket, as much as it takes at once. */
static value channel_send_file(struct vm *vm, int out, int in, int64_t offset, size_t size)
{
    enum { PIECE_MAXIMUM = 1 << 16 };
    struct channel *channel;
    value piece = bytes_from(vm, NULL, size < PIECE_MAXIMUM ? size : PIECE_MAXIMUM);
    int error = piece == VALUE_NULL ? -1 : channel_await(vm, out, channel_send_status, &channel);
    if (error)
        return channel_failed(vm, error);
    bool at_place = offset >= 0;
    void *data = bytes_of(piece)->data;
    ssize_t got = at_place ? pread(in, data, bytes_of(piece)->length, (off_t)offset) : read(in, data, bytes_of(piece)->length);
    if (got < 0)
        return raise_for(vm, VALUE_NULL);
    size_t put = got ? channel_write(vm, channel, data, (size_t)got) : 0;
    if (!at_place && put < (size_t)got && lseek(in, (off_t)put - (off_t)got, SEEK_CUR) < 0)
        return raise_for(vm, VALUE_NULL);
    gc_keep(piece);
    return int_from_uint64(vm, put);
}

FUNCTION(sendfile)
{
    UNUSED;
    int out, in;
    int64_t offset = 0, size;
    if (!descriptor_argument(vm, arguments[0], &out) || !descriptor_argument(vm, arguments[1], &in) ||
        (arguments[2] != NONE && !value_to_int64(vm, arguments[2], &offset)) || !value_to_int64(vm, arguments[3], &size))
        return VALUE_NULL;
    const struct channel *channel = channel_find(vm, out);
    if (channel && channel->type == SOCK_STREAM && size >= 0)
        return channel_send_file(vm, out, in, arguments[2] == NONE ? -1 : offset, (size_t)size);
    off_t from = (off_t)offset;
    ssize_t sent = sendfile(out, in, arguments[2] == NONE ? NULL : &from, (size_t)size);
    return sent < 0 ? raise_for(vm, VALUE_NULL) : small_int(sent);
}

FUNCTION(dup)
{
    UNUSED;
    int descriptor;
    if (!descriptor_argument(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    struct channel *channel = channel_find(vm, descriptor);
    if (channel) {
        int64_t same = channel_open(vm, channel);
        return same < 0 ? VALUE_NULL : int_from_int64(vm, same);
    }
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? raise_for(vm, VALUE_NULL) : small_int(copy);
}

FUNCTION(dup2)
{
    UNUSED;
    int descriptor, target;
    bool inheritable;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !descriptor_argument(vm, arguments[1], &target) ||
        !truth_argument(vm, arguments[2], true, &inheritable) || !stream_flush(vm, vm->out))
        return VALUE_NULL;
    struct channel *channel = channel_find(vm, descriptor);
    if (channel && target >= CHANNEL_FIRST_DESCRIPTOR) {
        if (descriptor != target && !channel_open_at(vm, channel, target))
            return VALUE_NULL;
        return int_from_int64(vm, target);
    }
    int copy = inheritable || descriptor == target ? dup2(descriptor, target) : dup3(descriptor, target, O_CLOEXEC);
    return copy < 0 ? raise_for(vm, VALUE_NULL) : small_int(copy);
}

static value make_pipe(struct vm *vm, int flags)
{
    int ends[2];
    if (pipe2(ends, flags) != 0)
        return raise_for(vm, VALUE_NULL);
    if (!sandbox_note_pipe(vm, ends[0]))
        return VALUE_NULL;
    return tuple_pack(vm, 2, small_int(ends[0]), small_int(ends[1]));
}

FUNCTION(pipe)
{
    UNUSED;
    return make_pipe(vm, O_CLOEXEC);
}

FUNCTION(pipe2)
{
    UNUSED;
    int64_t flags;
    return value_to_int64(vm, arguments[0], &flags) ? make_pipe(vm, (int)flags) : VALUE_NULL;
}

FUNCTION(isatty)
{
    UNUSED;
    int descriptor;
    return descriptor_argument(vm, arguments[0], &descriptor) ? bool_value(isatty(descriptor)) : VALUE_NULL;
}

FUNCTION(ttyname)
{
    UNUSED;
    int descriptor;
    char name[PATH_MAX];
    if (!descriptor_argument(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    errno = ttyname_r(descriptor, name, sizeof name);
    return errno ? raise_for(vm, VALUE_NULL) : filename_value(vm, name, false);
}

FUNCTION(device_encoding)
{
    UNUSED;
    int descriptor;
    if (!descriptor_argument(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    return isatty(descriptor) ? intern_text(vm, "UTF-8") : NONE;
}

static value flag_of(struct vm *vm, const value *arguments, int get, int flag, bool when_clear)
{
    int descriptor;
    if (!descriptor_argument(vm, arguments[0], &descriptor))
        return VALUE_NULL;
    int flags = fcntl(descriptor, get);
    return flags < 0 ? raise_for(vm, VALUE_NULL) : bool_value(((flags & flag) == 0) == when_clear);
}

static value set_flag(struct vm *vm, const value *arguments, int get, int set, int flag)
{
    int descriptor;
    bool clear;
    if (!descriptor_argument(vm, arguments[0], &descriptor) || !truth_argument(vm, arguments[1], false, &clear))
        return VALUE_NULL;
    int flags = fcntl(descriptor, get);
    return done(vm, flags < 0 || fcntl(descriptor, set, clear ? flags & ~flag : flags | flag) < 0);
}

/* A socket's descriptor: inherited by nobody, since there are no other processes. */
static struct channel *channel_argument(struct vm *vm, value v)
{
    int64_t descriptor;
    return is_small_int(v) && value_to_int64(vm, v, &descriptor) ? channel_find(vm, descriptor) : NULL;
}

FUNCTION(get_blocking)
{
    UNUSED;
    const struct channel *channel = channel_argument(vm, arguments[0]);
    if (channel)
        return bool_value(!channel->nonblocking);
    return flag_of(vm, arguments, F_GETFL, O_NONBLOCK, true);
}

FUNCTION(set_blocking)
{
    UNUSED;
    struct channel *channel = channel_argument(vm, arguments[0]);
    if (channel) {
        int blocking = value_truth(vm, arguments[1]);
        channel->nonblocking = blocking == 0;
        return blocking < 0 ? VALUE_NULL : NONE;
    }
    return set_flag(vm, arguments, F_GETFL, F_SETFL, O_NONBLOCK);
}

FUNCTION(get_inheritable)
{
    UNUSED;
    const struct channel *channel = channel_argument(vm, arguments[0]);
    if (channel)
        return bool_value(channel->inheritable);
    return flag_of(vm, arguments, F_GETFD, FD_CLOEXEC, true);
}

FUNCTION(set_inheritable)
{
    UNUSED;
    struct channel *channel = channel_argument(vm, arguments[0]);
    if (channel) {
        int inheritable = value_truth(vm, arguments[1]);
        channel->inheritable = inheritable > 0;
        return inheritable < 0 ? VALUE_NULL : NONE;
    }
    return set_flag(vm, arguments, F_GETFD, F_SETFD, FD_CLOEXEC);
}

FUNCTION(lockf)
{
    UNUSED;
    int descriptor;
    int64_t command, size;
    return descriptor_argument(vm, arguments[0], &descriptor) && value_to_int64(vm, arguments[1], &command) &&
                   value_to_int64(vm, arguments[2], &size)
               ? done(vm, lockf(descriptor, (int)command, (off_t)size)) : VALUE_NULL;
}

const struct method_definition posix_descriptor_functions[] = {
    ROW(open, "(path, flags, mode=511, *, dir_fd=None)"),
    ROW(close, "(fd)"),
    ROW(closerange, "(fd_low, fd_high, /)"),
    ROW(read, "(fd, length, /)"),
    ROW(pread, "(fd, length, offset, /)"),
    ROW(write, "(fd, data, /)"),
    ROW(pwrite, "(fd, buffer, offset, /)"),
    ROW(writev, "(fd, buffers, /)"),
    ROW(lseek, "(fd, position, whence, /)"),
    ROW(ftruncate, "(fd, length, /)"),
    ROW(fsync, "(fd)"),
    {"fdatasync", "(fd)", posix_fsync, 0, NULL},
    ROW(sync, "()"),
    ROW(posix_fallocate, "(fd, offset, length, /)"),
    ROW(posix_fadvise, "(fd, offset, length, advice, /)"),
    ROW(sendfile, "(out_fd, in_fd, offset, count)"),
    ROW(dup, "(fd, /)"),
    ROW(dup2, "(fd, fd2, inheritable=True)"),
    ROW(pipe, "()"),
    ROW(pipe2, "(flags, /)"),
    ROW(isatty, "(fd, /)"),
    ROW(ttyname, "(fd, /)"),
    ROW(device_encoding, "(fd)"),
    ROW(get_blocking, "(fd, /)"),
    ROW(set_blocking, "(fd, blocking, /)"),
    ROW(get_inheritable, "(fd, /)"),
    ROW(set_inheritable, "(fd, inheritable, /)"),
    ROW(lockf, "(fd, command, length, /)"),
    {0},
};
