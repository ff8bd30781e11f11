/* deque.h - collections.deque's types, for collections.c. */
#ifndef HYBRIDSIM_SIM_MODULES_DEQUE_H
#define HYBRIDSIM_SIM_MODULES_DEQUE_H

#include "sim/runtime/object.h"

extern struct type deque_type, deque_iterator_type, deque_reverse_iterator_type;

#endif
