/* time_calendar.h - the half of module time that needs no clock: calendar times as tuples and as text, zones. */
#ifndef HYBRIDSIM_SIM_MODULES_TIME_CALENDAR_H
#define HYBRIDSIM_SIM_MODULES_TIME_CALENDAR_H

#include "sim/runtime/types.h"

/* Nanoseconds since 1970 as the program sees them; time.c. */
long long time_now(struct vm *vm);
/* Adds localtime, strftime, struct_time, tzname, ... to module time. */
bool time_calendar_initialize(struct vm *vm, value module);

#endif
