/* operations.h - what handlers call when their fast path does not fit: one function an op, with CPython's semantics. All take
 * the frame from vm->frame; errors as in vm.h. */
#ifndef HYBRIDSIM_SIM_ENGINE_OPERATIONS_H
#define HYBRIDSIM_SIM_ENGINE_OPERATIONS_H

#include "sim/engine/frame.h"
#include "sim/runtime/args.h"
#include "sim/runtime/native_counters.h"

/* arithmetic, comparison */
value arithmetic_slow(struct vm *vm, enum binary_kind kind, value a, value b);
value inplace_slow(struct vm *vm, enum binary_kind kind, value a, value b);
value compare_slow(struct vm *vm, enum compare_kind kind, value a, value b);
static inline bool same_object(value a, value b) { return a == b; }
static inline int truth_of(struct vm *vm, value v)
{
    if (v == TRUE)
        return 1;
    if (v == FALSE || v == NONE)
        return 0;
    if (is_small_int(v))
        return v != 0;
    return value_truth(vm, v);
}

/* names */
value raise_name_error(struct vm *vm, value name);
value raise_unbound_local(struct vm *vm, uint32_t local);
value raise_unbound_cell(struct vm *vm, uint32_t local);
value load_class_cell(struct vm *vm, value cell, uint32_t local);
value load_name(struct vm *vm, value name);
value load_foreign_builtin(struct vm *vm, value name); /* of what stands in __builtins__ and is no plain dict; else NameError */
int find_in_globals(struct vm *vm, value name, value *result); /* as g[name]: 1 found, 0 not there, -1: an exception is pending */
bool store_name(struct vm *vm, value name, value item);
bool delete_name(struct vm *vm, value name);
bool delete_global(struct vm *vm, value name);
void finalize_promptly(struct vm *vm);
value load_build_class(struct vm *vm);
bool setup_annotations(struct vm *vm);
value engine_import(struct vm *vm, value name, value from_list, value level);
bool print_expression(struct vm *vm, value v);

/* building and taking apart */
value build_set(struct vm *vm, const value *items, uint32_t count);
value build_map(struct vm *vm, const value *items, uint32_t pairs);
value build_const_key_map(struct vm *vm, const value *items, uint32_t count); /* keys tuple at items[count] */
bool display_extend(struct vm *vm, value list, value iterable);
bool display_update(struct vm *vm, value dict, value mapping);
value callee_text(struct vm *vm, value callee); /* "module.function()", in messages about calls */
bool keywords_merge(struct vm *vm, value dict, value keywords, value callee);
bool unpack_iterable(struct vm *vm, value iterable, value *items, uint32_t count); /* first item first */
bool unpack_window(struct vm *vm, value iterable, value *window, uint32_t count);  /* first item last */
bool unpack_star(struct vm *vm, value iterable, value *window, uint32_t before, uint32_t after);
value format_for_string(struct vm *vm, value v, value specification, uint32_t flags);
value make_function(struct vm *vm, const value *window, uint32_t flags);
value match_keys(struct vm *vm, value mapping, value keys);
value match_class(struct vm *vm, value subject, value type, value names, uint32_t positional);

/* exceptions, with */
void raise_statement(struct vm *vm, const value *window, uint32_t count);
/* 1: __enter__'s frame was pushed, result[1] is still missing; -1: an exception is pending */
int before_with(struct vm *vm, value manager, value result[2]);
bool before_async_with(struct vm *vm, value manager, value result[2]);
value with_except_start(struct vm *vm, value exit_function, value exception);

/* calls (call.c) */
bool call_push_general(struct vm *vm, struct function_object *function, value *arguments, uint32_t count, value keyword_names);
/* It was called before, and so many positional arguments are all its parameters. */
static inline bool native_takes(const struct native_function_object *function, uint32_t count)
{
    return function->counter && function->signature &&
           count == ((const struct signature_front *)(const void *)function->signature)->count &&
           signature_fits(function->signature, count);
}
static inline value native_call_counted(struct vm *vm, struct native_function_object *function, value self,
                                        const value *arguments, uint32_t count)
{
    function->counter->calls++;
    ADD_WORK(vm, calls, 1);
    return function->definition->function(vm, self, arguments, count, VALUE_NULL);
}
value call_native(struct vm *vm, struct native_function_object *function, const value *arguments, uint32_t count,
                  value keyword_names); /* count includes keyword arguments */
value call_other(struct vm *vm, value callee, const value *arguments, uint64_t positional, value keyword_names);
int construct_push(struct vm *vm, value type, value *window, uint32_t count, value keyword_names); /* 1: frame pushed */
int call_ex_push(struct vm *vm, value *window, uint32_t flags, value *result);
/* Not an instance of a class of the program's; numbers: exactly int or float. */
bool guard_value(value v, bool numbers);
/* The native function that a call of it runs: itself, an unbound method, or what an object such as a ufunc stands for; NULL: none. */
struct native_function_object *native_function_behind(value callee);
/* What is called by that path in patterns: a native function, or a number such as math.pi. */
bool guard_native(struct vm *vm, value callee, const char *path, value *known);

/* generators (generator_frames.c) */
value send_to_iterator(struct vm *vm, value receiver, value sent);
value get_awaitable(struct vm *vm, value v, uint32_t where);
value get_yield_from_iterator(struct vm *vm, value v);
value get_async_iterator(struct vm *vm, value v);
value get_async_next(struct vm *vm, value v);

#endif
