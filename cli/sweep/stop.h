/* stop.h - the signals that ask a sweep to stop. They are held back except while a program is executed, which has handlers of its
 * own, and looked for between points: so a sweep ends in good order whenever they come. */
#ifndef HYBRIDSIM_CLI_SWEEP_STOP_H
#define HYBRIDSIM_CLI_SWEEP_STOP_H

#include <signal.h>
#include <stdbool.h>

/* SIGINT, SIGTERM and SIGHUP, without those that are ignored. */
sigset_t stop_signals(void);

/* From now on they wait to be looked for. Gives what was blocked before. */
sigset_t stop_hold(void);

/* The one that came, which is taken; 0: none. */
int stop_look(void);

#endif
