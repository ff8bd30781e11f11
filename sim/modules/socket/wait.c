/* wait.c - waiting as long as a socket's timeout allows. */
#include "sim/modules/socket/socket.h"

#include <errno.h>
#include <math.h>

bool socket_wait(struct vm *vm, value self, struct socket_wait *wait)
{
    double timeout = socket_of(self)->timeout;
    if (timeout == 0 || wait->flags & MSG_DONTWAIT) {
        raise_os_error(vm, EAGAIN, VALUE_NULL);
        return false;
    }
    if (!wait->started)
        wait->deadline = timeout < 0 ? -1 : thread_clock(vm) + (int64_t)fmin(ceil(timeout * 1e9), 9e18 / 4);
    wait->started = true;
    enum wait_outcome outcome = channel_wait(vm, wait->deadline);
    if (outcome == WAIT_TIMED_OUT)
        raise_error(vm, &exc_TimeoutError, "%s", wait->message ? wait->message : "timed out");
    return outcome == WAIT_WOKEN;
}
