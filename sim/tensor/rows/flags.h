/* flags.h - the floating-point flags that are raised, to return to: what is raised while rows are computed means nothing. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_FLAGS_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_FLAGS_H

#include <fenv.h>

#ifdef __AVX2__
#include <immintrin.h>
typedef unsigned flag_state;

static inline flag_state flags_now(void)
{
    return _mm_getcsr();
}

static inline void flags_restore(flag_state state)
{
    __asm__ volatile("" ::: "memory"); /* what was computed has been */
    _mm_setcsr(state);
}

/* To be raised, too, when the state is returned to; flags are those of fenv.h, whose bits the register has. */
static inline void flags_add(flag_state *state, int raised)
{
    *state |= (unsigned)raised;
}
#else /* without fused products of its own the processor's library may compute, with flags of another unit */
typedef fexcept_t flag_state;

static inline flag_state flags_now(void)
{
    flag_state state;
    fegetexceptflag(&state, FE_ALL_EXCEPT);
    return state;
}

static inline void flags_restore(flag_state state)
{
    __asm__ volatile("" ::: "memory");
    fesetexceptflag(&state, FE_ALL_EXCEPT);
}

static inline void flags_add(flag_state *state, int raised)
{
    if (!raised)
        return;
    flags_restore(*state);
    feraiseexcept(raised);
    *state = flags_now();
}
#endif

#endif
