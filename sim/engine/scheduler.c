/* scheduler.c - see sim/runtime/thread.h. Each thread has frame stacks like the main one's and a C stack, since calls out of
 * native routines go back into the loop; contexts are changed with ucontext. The collector finds a thread that does not run
 * through what switch_to saved.
 *
 * While several threads live, INTERRUPT_THREADS stays set and every jump comes by (thread_interrupted), where the running
 * thread's share is counted: jumps are the same under every ISA. */
#include "sim/engine/progress.h"
#include "sim/engine/frame.h"
#include "sim/engine/threads.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/clock.h"
#include "sim/runtime/thread.h"
#include "sim/runtime/traceback.h"

#include <stdlib.h>
#include <time.h>

enum {
    SHARE_JUMPS = 20000,  /* what CPython's 5 ms are worth, roughly */
    SWITCH_JUMPS = 64     /* a voluntary change of threads, against the time until deadlines are looked at */
};

static struct scheduler *scheduler_of(const struct vm *vm)
{
    return vm->scheduler;
}

/* ---- the queue and the wait lists ---- */

static void list_push(struct wait_list *list, struct thread *thread)
{
    thread->next = NULL;
    thread->list = list;
    if (list->last)
        list->last->next = thread;
    else
        list->first = thread;
    list->last = thread;
}

static void list_remove(struct thread *thread)
{
    struct wait_list *list = thread->list;
    struct thread *before = NULL;
    for (struct thread *at = list->first; at != thread; at = at->next)
        before = at;
    if (before)
        before->next = thread->next;
    else
        list->first = thread->next;
    if (list->last == thread)
        list->last = before;
    thread->list = NULL;
}

static void make_runnable(struct scheduler *scheduler, struct thread *thread, enum wait_outcome outcome)
{
    if (thread->list)
        list_remove(thread);
    thread->outcome = outcome;
    thread->waiting = false;
    thread->deadline = -1;
    list_push(&scheduler->runnable, thread);
}

/* ---- changing threads ---- */

static void save(struct vm *vm, struct thread *thread)
{
    thread->pending = vm->pending;
    thread->handled = vm->handled;
    thread->generator_result = vm->generator_result;
    thread->context = vm->context;
    memcpy(thread->async_hooks, vm->async_hooks, sizeof vm->async_hooks);
    thread->frame = vm->frame;
    thread->work = vm->work;
    thread->c_depth = vm->c_depth;
    thread->depth = vm->depth;
    thread->repr_guards = vm->repr_guards;
    thread->loop_base = vm->engine->loop_base;
    thread->trace = vm->engine->tracing.trace;
    thread->profile = vm->engine->tracing.profile;
    thread->tracing_running = vm->engine->tracing.running;
}

static void restore(struct vm *vm, const struct thread *thread)
{
    vm->pending = thread->pending;
    vm->handled = thread->handled;
    vm->generator_result = thread->generator_result;
    vm->context = thread->context;
    memcpy(vm->async_hooks, thread->async_hooks, sizeof vm->async_hooks);
    vm->frame = thread->frame;
    vm->work = thread->work;
    vm->c_depth = thread->c_depth;
    vm->depth = thread->depth;
    vm->repr_guards = thread->repr_guards;
    vm->engine->loop_base = thread->loop_base;
    vm->c_stack_end = thread->memory.c_stack_end;
    vm->engine->frames = thread->memory.frames;
    vm->engine->frames_end = thread->memory.frames_end;
    vm->engine->stack = thread->memory.stack;
    vm->engine->stack_end = thread->memory.stack_end;
}

/* On the thread's own stacks, because it may make objects. */
static void restore_tracing(struct vm *vm, const struct thread *thread)
{
    vm->engine->tracing.running = thread->tracing_running;
    if (vm->engine->tracing.trace != thread->trace)
        engine_set_trace(vm, thread->trace == VALUE_NULL ? NONE : thread->trace);
    if (vm->engine->tracing.profile != thread->profile)
        engine_set_profile(vm, thread->profile == VALUE_NULL ? NONE : thread->profile);
}

/* Every register that a caller may hold a value in goes on the stack, whose part in use is remembered. */
__attribute__((noinline)) static void switch_to(struct vm *vm, struct thread *next)
{
    struct scheduler *scheduler = scheduler_of(vm);
    struct thread *self = scheduler->current;
    ADD_WORK(vm, switches, 1);
    vm->loops_entered++; /* Python code runs before the native code that called this goes on */
    scheduler->share = SHARE_JUMPS;
    save(vm, self);
    __builtin_unwind_init();
    void *volatile here = __builtin_frame_address(0);
    uintptr_t low = (uintptr_t)here - 512;
    self->stack_low = low < (uintptr_t)&here ? low : (uintptr_t)&here;
    scheduler->current = next;
    restore(vm, next);
    gc_set_stack(vm, next->memory.c_stack_base);
    thread_memory_switch(&self->memory, &next->memory);
    restore_tracing(vm, self);
    if (scheduler->ended) {
        thread_memory_release(scheduler, &scheduler->ended->memory);
        free(scheduler->ended);
        scheduler->ended = NULL;
    }
}

/* ---- time ---- */

int64_t thread_clock(struct vm *vm)
{
    return clock_now(vm);
}

/* Nobody can run before `deadline`. */
static void pass_time(struct vm *vm, int64_t deadline)
{
    clock_advance(vm, deadline - clock_now(vm));
}

static int64_t next_deadline(const struct scheduler *scheduler)
{
    int64_t next = scheduler->alarm;
    for (const struct thread *thread = scheduler->threads; thread; thread = thread->sibling)
        if (thread->deadline >= 0 && (next < 0 || thread->deadline < next))
            next = thread->deadline;
    return next;
}

/* Wakes those whose deadline is not after `now`, in the order of their deadlines. */
static void expire(struct vm *vm, int64_t now)
{
    struct scheduler *scheduler = scheduler_of(vm);
    for (;;) {
        struct thread *due = NULL;
        for (struct thread *thread = scheduler->threads; thread; thread = thread->sibling)
            if (thread->deadline >= 0 && thread->deadline <= now &&
                (!due || thread->deadline < due->deadline ||
                 (thread->deadline == due->deadline && thread->wait_number < due->wait_number)))
                due = thread;
        if (!due)
            break;
        make_runnable(scheduler, due, WAIT_TIMED_OUT);
    }
    if (scheduler->alarm >= 0 && scheduler->alarm <= now) {
        scheduler->alarm = -1;
        scheduler->alarm_expire(vm);
    }
}

static bool has_deadlines(const struct scheduler *scheduler)
{
    return next_deadline(scheduler) >= 0;
}

bool thread_has_deadlines(const struct vm *vm)
{
    return has_deadlines(scheduler_of(vm));
}

bool thread_is_last(const struct vm *vm)
{
    const struct scheduler *scheduler = scheduler_of(vm);
    return !scheduler->runnable.first && !has_deadlines(scheduler);
}

/* ---- waiting ---- */

static bool signal_arrived(const struct vm *vm)
{
    return (vm->interrupt & INTERRUPT_SIGNAL) != 0;
}

/* The main thread goes on, whatever it waits for. */
static void wake_main(struct scheduler *scheduler, enum wait_outcome outcome)
{
    if (scheduler->main.waiting)
        make_runnable(scheduler, &scheduler->main, outcome);
}

/* The next thread to run, when the running one cannot. Time passes if nobody can. */
static struct thread *choose_next(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    scheduler->until_deadlines -= SWITCH_JUMPS;
    if (scheduler->until_deadlines <= 0) {
        scheduler->until_deadlines = SHARE_JUMPS;
        if (has_deadlines(scheduler))
            expire(vm, thread_clock(vm));
    }
    for (;;) {
        if (signal_arrived(vm))
            wake_main(scheduler, WAIT_FAILED);
        struct thread *next = scheduler->runnable.first;
        if (scheduler->finishing)
            next = scheduler->current->waiting ? NULL : scheduler->current;
        if (next) {
            list_remove(next);
            return next;
        }
        int64_t deadline = scheduler->finishing ? scheduler->current->deadline : next_deadline(scheduler);
        if (deadline < 0) { /* nothing will ever happen again */
            scheduler->deadlock = true;
            if (scheduler->finishing || !scheduler->main.waiting)
                make_runnable(scheduler, scheduler->current, WAIT_FAILED);
            else
                wake_main(scheduler, WAIT_FAILED);
            continue;
        }
        pass_time(vm, deadline);
        if (!signal_arrived(vm))
            expire(vm, deadline);
    }
}

/* Why a wait failed, as an exception; true: it did not, and goes on. */
static bool explain_failure(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    if (scheduler->deadlock) {
        scheduler->deadlock = false;
        raise_unsupported(vm, "a deadlock: every thread waits for another");
        return false;
    }
    if (scheduler->thrown != VALUE_NULL) {
        vm->pending = scheduler->thrown;
        scheduler->thrown = VALUE_NULL;
        return false;
    }
    return thread_interrupted(vm);
}

static enum wait_outcome wait_once(struct vm *vm, struct wait_list *list, int64_t deadline)
{
    struct scheduler *scheduler = scheduler_of(vm);
    struct thread *self = scheduler->current;
    self->deadline = deadline;
    self->wait_number = ++scheduler->wait_count;
    self->waiting = true;
    if (list)
        list_push(list, self);
    struct thread *next = choose_next(vm);
    if (next != self)
        switch_to(vm, next);
    return self->outcome;
}

enum wait_outcome thread_wait(struct vm *vm, struct wait_list *list, int64_t deadline)
{
    for (;;) {
        enum wait_outcome outcome = wait_once(vm, list, deadline);
        if (outcome != WAIT_FAILED)
            return outcome;
        if (!explain_failure(vm))
            return WAIT_FAILED;
        if (list) /* a signal's handler ran: it may have done what is waited for, while nobody stood in the list */
            return WAIT_WOKEN;
    }
}

bool thread_pause(struct vm *vm)
{
    while (wait_once(vm, NULL, -1) != WAIT_FAILED)
        continue;
    return explain_failure(vm);
}

bool thread_wake(struct vm *vm, struct wait_list *list)
{
    struct thread *thread = list->first;
    if (!thread)
        return false;
    make_runnable(scheduler_of(vm), thread, WAIT_WOKEN);
    return true;
}

bool thread_sleep(struct vm *vm, int64_t nanoseconds)
{
    if (nanoseconds <= 0) {
        thread_yield(vm);
        return !vm->interrupt || thread_interrupted(vm);
    }
    return thread_wait(vm, NULL, thread_clock(vm) + nanoseconds) != WAIT_FAILED;
}

void thread_yield(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    if (scheduler->finishing)
        return;
    if (has_deadlines(scheduler))
        expire(vm, thread_clock(vm));
    struct thread *next = scheduler->runnable.first;
    if (!next)
        return;
    list_remove(next);
    list_push(&scheduler->runnable, scheduler->current);
    switch_to(vm, next);
}

/* ---- interruptions ---- */

bool thread_end_program(struct vm *vm)
{
    vm->engine->finishing = true;
    vm->interrupt |= INTERRUPT_SIGNAL; /* native code that swallows exceptions meets the next */
    raise_value(vm, object_value(&exc_SystemExit));
    return false;
}

static bool run_signals(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    if (scheduler->current != &scheduler->main) {
        wake_main(scheduler, WAIT_FAILED);
        return true;
    }
    vm->interrupt &= ~INTERRUPT_SIGNAL;
    if (scheduler->run_signals)
        return scheduler->run_signals(vm);
    if (vm->ended_by)
        return thread_end_program(vm);
    vm->interrupt &= ~INTERRUPT_KEYBOARD;
    raise_value(vm, object_value(&exc_KeyboardInterrupt));
    return false;
}

bool thread_interrupted(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    if (vm->interrupt & INTERRUPT_PROGRESS) {
        vm->interrupt &= ~INTERRUPT_PROGRESS;
        engine_tell_progress(vm);
    }
    if (vm->interrupt & INTERRUPT_FINALIZERS) {
        vm->interrupt &= ~INTERRUPT_FINALIZERS;
        gc_run_pending(vm);
    }
    if ((vm->interrupt & INTERRUPT_SIGNAL) && !run_signals(vm))
        return false;
    if (!(vm->interrupt & INTERRUPT_THREADS))
        return true;
    if (scheduler->thrown != VALUE_NULL && scheduler->current == &scheduler->main) {
        vm->pending = scheduler->thrown;
        scheduler->thrown = VALUE_NULL;
        return false;
    }
    if (--scheduler->share <= 0) {
        scheduler->share = SHARE_JUMPS;
        thread_yield(vm);
    }
    return true;
}

static void watch_jumps(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    if ((scheduler->count && !scheduler->finishing) || scheduler->alarm >= 0)
        vm->interrupt |= INTERRUPT_THREADS;
    else
        vm->interrupt &= ~INTERRUPT_THREADS;
}

void thread_set_signal_runner(struct vm *vm, signal_runner runner)
{
    scheduler_of(vm)->run_signals = runner;
}

void thread_set_alarm(struct vm *vm, int64_t deadline, void (*expire_alarm)(struct vm *vm))
{
    struct scheduler *scheduler = scheduler_of(vm);
    scheduler->alarm = deadline;
    scheduler->alarm_expire = expire_alarm;
    watch_jumps(vm);
}

/* ---- threads ---- */

uint64_t thread_identity(const struct vm *vm) { return scheduler_of(vm)->current->identity; }
bool thread_is_main(const struct vm *vm) { return scheduler_of(vm)->current == &scheduler_of(vm)->main; }
uint64_t thread_count(const struct vm *vm) { return scheduler_of(vm)->count; }
value *thread_locals(struct vm *vm) { return &scheduler_of(vm)->current->locals; }

void thread_at_end(struct vm *vm, void (*run)(struct vm *vm, value argument), value argument)
{
    struct thread *self = scheduler_of(vm)->current;
    self->at_end = run;
    self->at_end_argument = argument;
}

/* What ended the thread's function. "Not supported here" ends the program: the main thread gets it. */
static void end_exception(struct vm *vm, struct thread *self)
{
    struct scheduler *scheduler = scheduler_of(vm);
    if (unsupported_pending(vm)) {
        scheduler->thrown = exception_take(vm);
        wake_main(scheduler, WAIT_FAILED);
    } else if (exception_matches(vm, &exc_SystemExit)) {
        exception_clear(vm);
    } else {
        unraisable_report(vm, "in thread started by", self->callee);
    }
}

static void thread_run(void *context)
{
    struct vm *vm = context;
    struct scheduler *scheduler = scheduler_of(vm);
    struct thread *self = scheduler->current;
    restore_tracing(vm, self);
    if (call_with_dict(vm, self->callee, self->arguments, self->keywords) == VALUE_NULL)
        end_exception(vm, self);
    if (self->at_end)
        self->at_end(vm, self->at_end_argument);
    struct thread **link = &scheduler->threads;
    while (*link != self)
        link = &(*link)->sibling;
    *link = self->sibling;
    scheduler->count--;
    watch_jumps(vm);
    if (scheduler->ended) {
        thread_memory_release(scheduler, &scheduler->ended->memory);
        free(scheduler->ended);
    }
    scheduler->ended = self;
    switch_to(vm, choose_next(vm));
}

uint64_t thread_start(struct vm *vm, value callee, value arguments, value keywords)
{
    struct scheduler *scheduler = scheduler_of(vm);
    struct thread *thread = calloc(1, sizeof *thread);
    if (!thread || !thread_memory_take(scheduler, &thread->memory)) {
        free(thread);
        raise_error(vm, &exc_RuntimeError, "can't start new thread");
        return 0;
    }
    thread->identity = ++scheduler->last_identity;
    thread->callee = callee;
    thread->arguments = arguments;
    thread->keywords = keywords;
    thread->pending = thread->handled = thread->generator_result = VALUE_NULL;
    thread->locals = thread->at_end_argument = VALUE_NULL;
    thread->context = thread->async_hooks[0] = thread->async_hooks[1] = NONE;
    thread->frame = thread->memory.frames;
    thread->trace = thread->profile = VALUE_NULL; /* sys.settrace is about the calling thread */
    thread->work = scheduler->main_work;
    thread->deadline = -1;
    thread->stack_low = thread->memory.c_stack_base;
    thread_memory_prepare(&thread->memory, thread_run, vm);
    thread->sibling = scheduler->threads;
    scheduler->threads = thread;
    scheduler->count++;
    list_push(&scheduler->runnable, thread);
    watch_jumps(vm);
    return thread->identity;
}

/* ---- the collector's view ---- */

static void mark_threads(struct vm *vm, void *context)
{
    struct scheduler *scheduler = context;
    gc_mark_conservative(vm, scheduler->thrown);
    for (struct thread *thread = scheduler->threads; thread; thread = thread->sibling) {
        const value held[] = {thread->callee, thread->arguments, thread->keywords, thread->locals, thread->at_end_argument};
        for (size_t i = 0; i < sizeof held / sizeof *held; i++)
            gc_mark_conservative(vm, held[i]);
        if (thread == scheduler->current)
            continue;
        const value saved[] = {thread->pending, thread->handled, thread->generator_result, thread->context,
                               thread->async_hooks[0], thread->async_hooks[1], thread->trace, thread->profile};
        for (size_t i = 0; i < sizeof saved / sizeof *saved; i++)
            gc_mark_conservative(vm, saved[i]);
        engine_mark_frames(vm, thread->memory.frames, thread->frame);
        gc_mark_stack(vm, thread->stack_low, thread->memory.c_stack_base);
    }
}

size_t engine_count_variables(struct vm *vm, value v)
{
    struct scheduler *scheduler = scheduler_of(vm);
    size_t found = 0;
    for (struct thread *thread = scheduler->threads; thread; thread = thread->sibling) {
        const struct frame *top = thread == scheduler->current ? vm->frame : thread->frame;
        for (const struct frame *frame = thread->memory.frames + 1; frame <= top; frame++) {
            found += frame->function && object_value(frame->function) == v;
            for (uint32_t i = 0; i < frame->state->code->local_count; i++)
                found += frame->slots[frame->state->function->local_slots[i]] == v;
        }
    }
    return found;
}

value threads_frames(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    value result = dict_new(vm);
    for (struct thread *thread = scheduler->threads; thread && result != VALUE_NULL; thread = thread->sibling) {
        struct frame *top = thread == scheduler->current ? vm->frame : thread->frame;
        if (!top || !top->state) /* it has not begun */
            continue;
        struct frame_object *object = frame_observe(vm, top);
        if (!object || !dict_set(vm, dict_of(result), small_int((int64_t)thread->identity), object_value(object)))
            return VALUE_NULL;
        object->shared = true;
    }
    return result;
}

value threads_exceptions(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    value result = dict_new(vm);
    for (struct thread *thread = scheduler->threads; thread && result != VALUE_NULL; thread = thread->sibling) {
        value handled = thread == scheduler->current ? vm->handled : thread->handled, parts[3] = {NONE, NONE, NONE};
        if (is_object(handled) && handled != NONE) {
            value traceback = ((struct exception_object *)value_object(handled))->traceback;
            parts[0] = object_value(object_type(value_object(handled)));
            parts[1] = handled;
            parts[2] = is_object(traceback) ? traceback : NONE;
        }
        value information = tuple_from(vm, parts, 3);
        if (information == VALUE_NULL ||
            !dict_set(vm, dict_of(result), small_int((int64_t)thread->identity), information))
            return VALUE_NULL;
    }
    return result;
}

bool threads_start(struct vm *vm)
{
    struct scheduler *scheduler = calloc(1, sizeof *scheduler);
    if (!scheduler)
        return false;
    vm->scheduler = scheduler;
    struct thread *main = &scheduler->main;
    main->identity = scheduler->last_identity = 1;
    main->callee = main->arguments = main->keywords = main->locals = main->at_end_argument = VALUE_NULL;
    main->deadline = scheduler->alarm = -1;
    main->memory.frames = vm->engine->frames;
    main->memory.frames_end = vm->engine->frames_end;
    main->memory.stack = vm->engine->stack;
    main->memory.stack_end = vm->engine->stack_end;
    main->memory.c_stack_base = gc_stack(vm);
    main->memory.c_stack_end = vm->c_stack_end;
    scheduler->current = scheduler->threads = main;
    scheduler->thrown = VALUE_NULL;
    scheduler->main_work = vm->work;
    scheduler->share = scheduler->until_deadlines = SHARE_JUMPS;
    gc_add_tracer(vm, mark_threads, scheduler);
    return true;
}

void threads_finish(struct vm *vm)
{
    scheduler_of(vm)->finishing = true;
    watch_jumps(vm);
}

void threads_free(struct vm *vm)
{
    struct scheduler *scheduler = scheduler_of(vm);
    for (struct thread *thread = scheduler->threads, *next; thread; thread = next) {
        next = thread->sibling;
        if (thread == &scheduler->main)
            continue;
        thread_memory_release(scheduler, &thread->memory);
        free(thread);
    }
    if (scheduler->ended) {
        thread_memory_release(scheduler, &scheduler->ended->memory);
        free(scheduler->ended);
    }
    thread_pool_free(scheduler);
    free(scheduler);
    vm->scheduler = NULL;
}
