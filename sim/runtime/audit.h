/* audit.h - audit hooks (PEP 578): functions of the program that are told what is about to happen and may forbid it. */
#ifndef HYBRIDSIM_SIM_RUNTIME_AUDIT_H
#define HYBRIDSIM_SIM_RUNTIME_AUDIT_H

#include "sim/runtime/vm.h"

/* Tells every hook. False: one of them raised. */
bool audit_event(struct vm *vm, value event, value arguments);
bool audit_values(struct vm *vm, const char *event, const value *arguments, size_t count); /* VALUE_NULL among them: None */
bool audit_add(struct vm *vm, value hook);

static inline bool audit_wanted(const struct vm *vm)
{
    return vm->audit_hooks != VALUE_NULL;
}

/* AUDIT(vm, "event", values...): true without hooks */
#define AUDIT(vm, event, ...)                                                                                          \
    (!audit_wanted(vm) ||                                                                                              \
     audit_values((vm), (event), (value[]){__VA_ARGS__}, sizeof((value[]){__VA_ARGS__}) / sizeof(value)))

/* How events show the optional folder that a path is relative to. */
static inline value audit_folder(value v)
{
    return v == VALUE_NULL || v == NONE ? small_int(-1) : v;
}

#endif
