/* progress.h - how many instructions a run has executed so far, told when the process is asked with SIGURG. The signal's handler
 * sets a bit of vm->interrupt, and the engine adds the blocks' counters up at the next jump: a run that is not asked does nothing. */
#ifndef HYBRIDSIM_SIM_ENGINE_PROGRESS_H
#define HYBRIDSIM_SIM_ENGINE_PROGRESS_H

struct vm;

/* At a jump, when INTERRUPT_PROGRESS is set: stores the number where session_options.progress says. */
void engine_tell_progress(struct vm *vm);

#endif
