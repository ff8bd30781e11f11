/* stop.c - see stop.h. */
#include "cli/sweep/stop.h"

#include <stddef.h>
#include <time.h>

sigset_t stop_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t signals;
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction action; /* what is held back is not ignored any more: nohup, for instance, means it to be */
        if (sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(&signals, numbers[i]);
    }
    return signals;
}

sigset_t stop_hold(void)
{
    sigset_t signals = stop_signals(), before;
    sigprocmask(SIG_BLOCK, &signals, &before);
    return before;
}

int stop_look(void)
{
    sigset_t signals = stop_signals();
    const struct timespec at_once = {0};
    int number = sigtimedwait(&signals, NULL, &at_once);
    return number > 0 ? number : 0;
}
