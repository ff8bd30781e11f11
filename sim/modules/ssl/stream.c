/* stream.c - connections over sockets: OpenSSL reads and writes the socket's channel, and waits between two tries. */
#include "sim/modules/ssl/ssl.h"
#include "sim/modules/socket/socket.h"

#include <errno.h>
#include <poll.h>

static struct connection_object *stream_connection(BIO *bio)
{
    return BIO_get_data(bio);
}

static struct vm *stream_vm(BIO *bio)
{
    return SSL_get_ex_data(stream_connection(bio)->ssl, 1);
}

static struct channel *stream_channel(BIO *bio)
{
    struct channel *channel = channel_find(stream_vm(bio), socket_of(stream_connection(bio)->socket)->descriptor);
    if (!channel)
        stream_connection(bio)->error_number = EBADF;
    return channel;
}

/* -1, to be tried again, or with errno noted. */
static int bio_failed(BIO *bio, int error, int retry_flag)
{
    if (error < 0)
        BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
    else
        stream_connection(bio)->error_number = error;
    return -1;
}

static int bio_read(BIO *bio, char *out, int size)
{
    BIO_clear_retry_flags(bio);
    struct channel *channel = stream_channel(bio);
    int status = channel ? channel_receive_status(channel) : EBADF;
    if (status)
        return bio_failed(bio, status, BIO_FLAGS_READ);
    size_t taken = channel->size < (size_t)size ? channel->size : (size_t)size;
    if (taken)
        channel_take(stream_vm(bio), channel, (uint8_t *)out, taken);
    else
        stream_connection(bio)->ended = true;
    return (int)taken;
}

static int bio_write(BIO *bio, const char *bytes, int size)
{
    BIO_clear_retry_flags(bio);
    struct channel *channel = stream_channel(bio);
    int status = channel ? channel_send_status(channel) : EBADF;
    if (status)
        return bio_failed(bio, status, BIO_FLAGS_WRITE);
    return (int)channel_write(stream_vm(bio), channel, (const uint8_t *)bytes, (size_t)size);
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)number, (void)pointer;
    return command == BIO_CTRL_EOF ? stream_connection(bio)->ended : command == BIO_CTRL_FLUSH;
}

bool stream_attach(struct vm *vm, struct connection_object *connection, value socket)
{
    BIO_METHOD *method = connection->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "channel");
    BIO *bio = method ? BIO_new(method) : NULL;
    if (!bio) {
        ssl_fail_plain(vm, "failed to allocate BIO");
        return false;
    }
    BIO_meth_set_read(method, bio_read);
    BIO_meth_set_write(method, bio_write);
    BIO_meth_set_ctrl(method, bio_control);
    BIO_set_data(bio, connection);
    BIO_set_init(bio, 1);
    connection->socket = socket;
    SSL_set_bio(connection->ssl, bio, bio);
    return true;
}

int stream_again(struct vm *vm, value self, int result, struct socket_wait *wait)
{
    value socket = connection_of(self)->socket;
    int wanted = SSL_get_error(connection_of(self)->ssl, result);
    if (result > 0 || socket == NONE || socket_of(socket)->timeout == 0 ||
        (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE))
        return 0;
    int events = (wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT) | POLLERR | POLLHUP;
    for (;;) {
        const struct channel *channel = channel_find(vm, socket_of(socket)->descriptor);
        if (!channel) {
            ssl_fail_plain(vm, "Underlying socket has been closed.");
            return -1;
        }
        if (channel_events(channel) & events)
            break;
        if (!socket_wait(vm, socket, wait))
            return -1;
    }
    ERR_clear_error();
    return 1;
}
