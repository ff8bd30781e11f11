/* thread_memory.c - the stacks of the program's threads, and going from one to another. Address space is reserved as for the
 * main thread; pages are touched as recursion deepens, and given back when a thread ends. */
#include "sim/engine/threads.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER 1
#endif
#endif
#ifdef ADDRESS_SANITIZER
#include <sanitizer/common_interface_defs.h>
#endif

enum { C_STACK_SIZE = 16 << 20, KEPT_SIZE = 64 << 10 };
enum { ROOMY_THREADS = 4, SMALLER = 16 }; /* so many threads may recurse as deeply as the main one; later ones, a part of it */

static void *reserve(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

static size_t frames_size(const struct thread_memory *memory)
{
    return (size_t)((char *)memory->frames_end - (char *)memory->frames);
}

static size_t stack_size(const struct thread_memory *memory)
{
    return (size_t)((char *)memory->stack_end - (char *)memory->stack);
}

static void unmap(struct thread_memory *memory)
{
    if (memory->frames)
        munmap(memory->frames, frames_size(memory));
    if (memory->stack)
        munmap(memory->stack, stack_size(memory));
    if (memory->c_stack)
        munmap(memory->c_stack, memory->c_stack_size);
}

bool thread_memory_take(struct scheduler *scheduler, struct thread_memory *memory)
{
    if (scheduler->pool_count) {
        *memory = scheduler->pool[--scheduler->pool_count];
        return true;
    }
    const struct thread_memory *main = &scheduler->main.memory;
    memset(memory, 0, sizeof *memory);
    size_t part = scheduler->count < ROOMY_THREADS ? 1 : SMALLER;
    size_t frames = (size_t)(main->frames_end - main->frames) / part, values = (size_t)(main->stack_end - main->stack) / part;
    memory->frames = reserve(frames * sizeof *memory->frames);
    memory->stack = reserve(values * sizeof *memory->stack);
    memory->c_stack = reserve(C_STACK_SIZE);
    memory->c_stack_size = C_STACK_SIZE;
    memory->frames_end = memory->frames ? memory->frames + frames : NULL;
    memory->stack_end = memory->stack ? memory->stack + values : NULL;
    if (!memory->frames || !memory->stack || !memory->c_stack ||
        mprotect(memory->c_stack, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE)) {
        unmap(memory);
        return false;
    }
    memory->c_stack_base = (uintptr_t)memory->c_stack + C_STACK_SIZE;
    memory->c_stack_end = (uintptr_t)memory->c_stack + C_STACK_MARGIN;
    return true;
}

void thread_memory_release(struct scheduler *scheduler, struct thread_memory *memory)
{
    if (scheduler->pool_count == THREAD_POOL_SIZE) {
        unmap(memory);
        return;
    }
    madvise((char *)memory->frames + KEPT_SIZE, frames_size(memory) - KEPT_SIZE, MADV_DONTNEED);
    madvise((char *)memory->stack + KEPT_SIZE, stack_size(memory) - KEPT_SIZE, MADV_DONTNEED);
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    madvise(memory->c_stack + page, memory->c_stack_size - page - KEPT_SIZE, MADV_DONTNEED);
    scheduler->pool[scheduler->pool_count++] = *memory;
}

void thread_pool_free(struct scheduler *scheduler)
{
    while (scheduler->pool_count)
        unmap(&scheduler->pool[--scheduler->pool_count]);
}

static void arrive(struct thread_memory *memory)
{
#ifdef ADDRESS_SANITIZER
    __sanitizer_finish_switch_fiber(memory->fake_stack, NULL, NULL);
#else
    (void)memory;
#endif
}

/* makecontext passes ints only. */
static void enter(unsigned high, unsigned low)
{
    struct thread_memory *memory = (struct thread_memory *)((uintptr_t)high << 32 | low);
    arrive(memory);
    memory->run(memory->context);
    abort(); /* run never returns */
}

void thread_memory_prepare(struct thread_memory *memory, void (*run)(void *context), void *context)
{
    memory->run = run;
    memory->context = context;
    memory->fake_stack = NULL;
    getcontext(&memory->registers);
    memory->registers.uc_stack.ss_sp = memory->c_stack;
    memory->registers.uc_stack.ss_size = memory->c_stack_size;
    memory->registers.uc_link = NULL;
    uintptr_t address = (uintptr_t)memory;
    makecontext(&memory->registers, (void (*)(void))enter, 2, (unsigned)(address >> 32), (unsigned)address);
}

void thread_memory_switch(struct thread_memory *from, struct thread_memory *to)
{
#ifdef ADDRESS_SANITIZER
    const void *bottom = to->c_stack;
    size_t size = to->c_stack_size;
    if (!bottom) { /* the main thread's: as much of it as matters */
        size = (size_t)8 << 20;
        bottom = (const char *)to->c_stack_base - size;
    }
    __sanitizer_start_switch_fiber(&from->fake_stack, bottom, size);
#endif
    swapcontext(&from->registers, &to->registers);
    arrive(from);
}
