/* gc.h - the collector: non-moving mark-sweep over size classes, with the C stack and the engine's frames scanned
 * conservatively and the heap precisely.
 *
 * The law:
 *  - C code holds plain values in local variables; whatever a local variable (or a register) holds stays alive.
 *  - A compiler forgets a variable after its last use: code that goes on with a pointer to the items of a container it alone
 *    knows says gc_keep(container) when it is done with them. (Storage that the stack points into is searched too.)
 *  - What lives in memory of ours (malloc'd, static) is a root only when it was registered with gc_add_root, or is marked by
 *    its owner's type->trace.
 *  - gc_object and gc_storage may collect. An object must be traceable (all its values valid words; zeroed memory is: the
 *    word 0 is the int 0) whenever a later allocation can happen.
 *  - Storage cells (gc_storage) hold a container's items; they have no header, belong to one object, and are marked by its
 *    trace with gc_mark_storage. They can be freed early with gc_free_storage when nobody else can see them.
 *  - Requests beyond memory return NULL with MemoryError pending.
 */
#ifndef HYBRIDSIM_SIM_RUNTIME_GC_H
#define HYBRIDSIM_SIM_RUNTIME_GC_H

#include "sim/runtime/object.h"

struct gc;
struct list_object;

/* A zeroed object of `size` bytes whose shape is `shape`. NULL: MemoryError pending. Counts WORK objects and bytes. */
void *gc_object(struct vm *vm, size_t size, struct shape *shape);
#define GC_NEW(vm, structure, type) ((structure *)gc_object_inline((vm), sizeof(structure), &(type)->shape)) /* vm.h */

/* Zeroed item storage of at least `size` bytes (size 0 gives NULL without error). Counts WORK bytes. */
void *gc_storage(struct vm *vm, size_t size);
/* Likewise for who never holds values there: numbers, bytes. It is not searched. */
void *gc_storage_plain(struct vm *vm, size_t size);
/* gc_storage_plain with whatever is in it: for who fills all of it. */
void *gc_storage_raw(struct vm *vm, size_t size);
void *gc_resize_storage(struct vm *vm, void *storage, size_t old_size, size_t new_size); /* new part zeroed */
void gc_free_storage(struct vm *vm, void *storage, size_t size);
uint32_t gc_storage_birth(struct vm *vm, void *storage); /* vm->large_born when it was made; 0: it is small */

void gc_mark(struct vm *vm, value v);              /* from trace functions */
void gc_mark_object(struct vm *vm, void *object);  /* likewise, NULL allowed */
void gc_mark_storage(struct vm *vm, void *storage);
void gc_add_root(struct vm *vm, value *root);      /* root must stay where it is */
/* What refers to nothing on the heap, and lives as long as the vm (a built-in type's): no collection looks at it any more.
 * False: it is too large for that. */
bool gc_keep_leaf(struct vm *vm, value v);
void gc_add_tracer(struct vm *vm, void (*trace)(struct vm *vm, void *context), void *context);
void gc_collect(struct vm *vm);
/* Likewise, when what lies below `stack_low` on the C stack, and in registers, is known to hold nothing that counts (see
 * engine_direct_base; 0: that is not known). */
void gc_collect_above(struct vm *vm, uintptr_t stack_low);
/* Collects like that and runs finalisers, because the program may look at what has died. Does nothing once the program has done
 * so very often. `sought`: where the object is named that it looks at, or NULL (the value itself, held by the caller, would keep
 * it alive); when that lives and the program has done so some times already, it is all that is found out. */
void gc_collect_promptly(struct vm *vm, uintptr_t stack_low, const value *sought);
/* A module has been imported: what was allocated lately is taken for alive, and no reason to collect soon. */
void gc_settle(struct vm *vm);
bool gc_death_matters(struct vm *vm, value v); /* somebody notices: it has a finaliser to run, or weak references */
/* Questions about the heap, answered by looking at all of it. */
/* gc_collect_above; answers how many objects died that reference counts would have left to CPython's collector: those in cycles
 * and what only they reach, of those that `counts` accepts. */
size_t gc_collect_counting(struct vm *vm, uintptr_t stack_low, bool (*counts)(value v));
/* References to the object from living objects and from variables of running functions. Collects. */
size_t gc_count_references(struct vm *vm, value v);
bool gc_add_referents(struct vm *vm, value v, struct list_object *list); /* false: an exception is pending */
/* Objects that hold a reference to one in `targets`. Collects. */
bool gc_add_referrers(struct vm *vm, const value *targets, size_t count, struct list_object *list);
bool gc_add_objects(struct vm *vm, struct list_object *list); /* every living object. Collects. */
/* Threads: the C stack that is in use now, by its highest address; and the part in use of another one. */
void gc_set_stack(struct vm *vm, uintptr_t base);
uintptr_t gc_stack(const struct vm *vm);
void gc_mark_stack(struct vm *vm, uintptr_t low, uintptr_t high);
void gc_account_external(struct vm *vm, int64_t bytes); /* malloc'd memory that objects hold */

/* The value is in use until here. */
static inline void gc_keep(value v)
{
    __asm__ volatile("" : : "r"(v));
}

/* One word that may or may not be a pointer (plain, tagged, interior): tracers of the engine's frames call it on each slot. */
void gc_mark_conservative(struct vm *vm, uint64_t word);
bool gc_is_marked(struct vm *vm, const void *object);   /* during a collection; true for what is not on the heap */

/* Finalisers (__del__) and weak references' callbacks of what died are queued; vm->finalizers_pending tells that there are
 * some. gc_run_pending runs them, at a moment when Python code may run. gc_finish finalises what still lives at exit. */
void gc_run_pending(struct vm *vm);
void gc_finish(struct vm *vm);
void gc_watch_death(struct vm *vm, void *object); /* its type->finalize is to be called; TYPE_HAS_FINALIZER does it for all */
bool gc_was_finalized(const struct vm *vm, value v); /* its __del__ has run, and it lives on */
void gc_queue(struct vm *vm, value callee, value argument); /* call callee(argument) at the next gc_run_pending */

/* The allocator's front: free lists by size class, heads and links with the low bit set (1: empty). gc_object_inline, at the
 * end of vm.h, pops from it; struct gc starts with it. */
enum { GC_CLASS_COUNT = 28, GC_SMALL_MAX = 2048, GC_FINE_MAX = 256 };
struct gc_front {
    uintptr_t free_objects[GC_CLASS_COUNT], free_storage[GC_CLASS_COUNT];
};

struct gc *gc_new(struct vm *vm, void *stack_base);
void gc_release_classes(struct vm *vm); /* at vm end: what classes hold outside the heap */
void gc_free(struct gc *gc);

/* Weak references: registers `object`'s death; `weak` (a weak reference object) is cleared and queued. gc.c, weakref.c */
void gc_watch(struct vm *vm, value object, value watcher);
size_t gc_watchers(struct vm *vm, value object, value *watchers, size_t capacity); /* newest first; how many there are */

/* A number that identifies the object as long as it lives, the same in every run: id() and default hashes use it. */
uint64_t object_identity(struct vm *vm, value v);

#endif
