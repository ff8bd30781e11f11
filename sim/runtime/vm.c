/* vm.c - the beginning and the end of a program's world. */
#include "sim/runtime/vm.h"

#include "sim/runtime/clock.h"
#include "sim/runtime/container.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/module.h"
#include "sim/runtime/namespace.h"
#include "sim/runtime/native_counters.h"
#include "sim/runtime/replay.h"
#include "sim/runtime/text.h"
#include "sim/runtime/type.h"

#include <stdlib.h>
#include <unistd.h>

enum { RECURSION_LIMIT = 1000 };

struct vm *vm_new(const struct vm_options *options)
{
    struct vm *vm = calloc(1, sizeof *vm);
    if (!vm)
        abort();
    vm->pending = vm->handled = vm->exit_functions = VALUE_NULL;
    vm->codec_search = vm->codec_cache = vm->codec_handlers = VALUE_NULL;
    vm->audit_hooks = vm->log_identity = vm->semaphore_names = vm->readline = VALUE_NULL;
    vm->context = vm->async_hooks[0] = vm->async_hooks[1] = NONE;
    vm->generator_result = vm->builtins = vm->modules = vm->sys_module = VALUE_NULL;
    vm->empty_tuple = vm->empty_string = vm->empty_bytes = VALUE_NULL;
    vm->work = options->work;
    vm->engine = options->engine;
    vm->frame = options->frame;
    vm->frontend = options->frontend;
    vm->profile = options->profile;
    vm->argv = options->argv;
    vm->argc = options->argc;
    vm->path = options->path;
    vm->path_count = options->path_count;
    vm->executable = options->executable;
    vm->library = options->library;
    vm->files = options->files;
    vm->c_stack_end = options->c_stack_end;
    vm->recursion_limit = RECURSION_LIMIT;
    vm->replay = replay_open(options->replay_path, options->replay_record, options->replay_complete);
    if (!vm->replay)
        vm->replay = replay_open(NULL, false, NULL);
    vm->clock = clock_new(options->clock);
    vm->none = NONE;
    vm->true_value = TRUE;
    vm->false_value = FALSE;
    vm->ellipsis = object_value(&ellipsis_object);
    vm->not_implemented = object_value(&not_implemented_object);
    vm->in = stream_new(options->stdin_fd, false);
    vm->out = stream_new(options->stdout_fd, isatty(options->stdout_fd)); /* as CPython: a line at a time on a terminal */
    vm->err = stream_new(options->stderr_fd, true);
    if (!gc_new(vm, options->c_stack_base))
        abort();
    value *const roots[] = {&vm->pending, &vm->unsupported, &vm->handled,     &vm->generator_result, &vm->builtins,    &vm->modules,
                            &vm->sys_module, &vm->empty_tuple, &vm->empty_string,     &vm->empty_bytes, &vm->exit_functions,
                            &vm->codec_search, &vm->codec_cache, &vm->codec_handlers, &vm->audit_hooks, &vm->log_identity,
                            &vm->semaphore_names, &vm->readline};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        gc_add_root(vm, roots[i]);
    gc_add_root(vm, &vm->context);
    gc_add_root(vm, &vm->async_hooks[0]);
    gc_add_root(vm, &vm->async_hooks[1]);
    types_start(vm);
    vm->empty_string = intern_text(vm, "");
    vm->empty_tuple = tuple_new(vm, 0);
    vm->empty_bytes = bytes_from(vm, "", 0);
    object_types_ready(vm);
    container_types_ready(vm);
    type_ready(vm, &namespace_type);
    modules_start(vm);
    return vm;
}

void vm_free(struct vm *vm)
{
    io_state_free(vm);
    signal_state_free(vm);
    channels_free(vm);
    decimal_state_free(vm);
    ctypes_state_free(vm);
    asyncio_state_free(vm);
    pickle_state_free(vm);
    numpy_state_free(vm);
    etree_state_free(vm);
    stream_free(vm->in);
    stream_free(vm->out);
    stream_free(vm->err);
    gc_release_classes(vm);
    types_free(vm);
    string_state_free(vm);
    native_counters_free(vm);
    clock_free(vm->clock);
    replay_close(vm->replay);
    gc_free(vm->gc);
    free(vm);
}
