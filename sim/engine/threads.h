/* threads.h - what a thread of the program consists of, for scheduler.c and thread_memory.c. */
#ifndef HYBRIDSIM_SIM_ENGINE_THREADS_H
#define HYBRIDSIM_SIM_ENGINE_THREADS_H

#include "sim/engine/frame.h"
#include "sim/runtime/thread.h"

#include <ucontext.h>

struct thread_memory { /* the stacks a thread runs on */
    struct frame *frames, *frames_end;
    value *stack, *stack_end;
    char *c_stack;          /* lowest address; its first page is never accessible. NULL: the main thread's, the host gave it */
    size_t c_stack_size;
    uintptr_t c_stack_end;  /* vm.h's, while it runs */
    uintptr_t c_stack_base; /* where the collector's search of it ends */
    ucontext_t registers;
    void (*run)(void *context);
    void *context;
    void *fake_stack;       /* the address sanitizer's */
};

struct thread {
    struct thread *next;     /* in `list` */
    struct wait_list *list;  /* where it stands: the runnable ones, those that wait for the same; NULL: it runs, or sleeps */
    struct thread *sibling;  /* of all threads */
    uint64_t identity;
    struct thread_memory memory;
    uintptr_t stack_low;     /* while it does not run: the lowest address of its C stack in use */
    value callee, arguments, keywords;
    value locals;
    void (*at_end)(struct vm *vm, value argument);
    value at_end_argument;
    bool waiting;            /* inside thread_wait, and not chosen to go on yet */
    enum wait_outcome outcome;
    int64_t deadline;        /* negative: none */
    uint64_t wait_number;    /* order of waits with equal deadlines */
    /* vm's fields of the same names, while it does not run */
    value pending, handled, generator_result, context, async_hooks[2];
    value trace, profile;    /* of engine->tracing, likewise */
    uint32_t tracing_running;
    struct frame *frame;
    uint64_t *work;
    uint32_t c_depth, depth;
    struct repr_guard *repr_guards;
    uintptr_t loop_base;
};

enum { THREAD_POOL_SIZE = 8 };

struct scheduler {
    struct thread main;
    struct thread *current, *threads;
    struct thread *ended;    /* ended, but its stack was still in use */
    struct wait_list runnable;
    uint64_t count;          /* threads besides the main one */
    uint64_t last_identity, wait_count;
    uint64_t *main_work;     /* for what runs outside Python code */
    int share;               /* jumps until the others' turn */
    int until_deadlines;     /* jumps until deadlines are looked at although nobody lacks work */
    bool finishing, deadlock;
    value thrown;            /* for the main thread to raise */
    signal_runner run_signals;
    int64_t alarm;
    void (*alarm_expire)(struct vm *vm);
    struct thread_memory pool[THREAD_POOL_SIZE]; /* of ended threads, for new ones */
    uint32_t pool_count;
};

/* thread_memory.c */
bool thread_memory_take(struct scheduler *scheduler, struct thread_memory *memory); /* false: the host has no more */
void thread_memory_release(struct scheduler *scheduler, struct thread_memory *memory);
void thread_pool_free(struct scheduler *scheduler);
void thread_memory_prepare(struct thread_memory *memory, void (*run)(void *context), void *context); /* run must not return */
void thread_memory_switch(struct thread_memory *from, struct thread_memory *to);

#endif
