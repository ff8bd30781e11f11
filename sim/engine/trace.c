/* trace.c - see trace.h. */
#include "sim/engine/trace.h"

#include "sim/engine/contexts.h"

void trace_branch(struct vm *vm, const word *pc, bool taken)
{
    const struct session_options *options = vm->engine->options;
    struct code_state *state = vm->frame->state;
    uint32_t block = state->code->instructions[state->word_source[pc - state->words]].block;
    if (options->on_branch(options->branch_context, state->profile, block, taken))
        frame_profile(vm, vm->frame)->mispredicted[block]++;
}
