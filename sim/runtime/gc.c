/* gc.c - the collector: blocks of 64 KB cut into cells of one size class, mark bytes in the block's header, sweeping on
 * demand. See gc.h for the law.
 *
 * All blocks lie in one reserved range of addresses, so that one subtraction tells whether a word points into them. Larger
 * objects and storage are malloc'd and found through an array sorted by address at the start of each collection.
 *
 * A free cell's first word is the link to the next one with the low bit set; an object's first word is its shape, which is
 * aligned. Storage has no header: the side byte of a free storage cell is CELL_FREE. What gc_keep_leaf was given keeps its mark.
 *
 * Over 1000 lines: allocating, marking, sweeping and deaths all work on one heap whose layout no other file may know. */
#include "sim/runtime/gc.h"
#include "sim/runtime/exception.h"
#include "sim/runtime/gc_survey.h"
#include "sim/runtime/gc_tables.h"
#include "sim/runtime/structures.h"
#include "sim/runtime/types.h"
#include "sim/runtime/vm.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum {
    BLOCK_SIZE = 65536,
    BLOCKS_PER_CHUNK = 16,           /* how many are made accessible at a time */
    SMALL_HEAP = 4 * 1024 * 1024,    /* while it is no larger, blocks are cut in steps, since most classes need few cells */
    CUT_STEP = 8192,
    PAGE_BYTES = 4096,
    COLLECT_MINIMUM = 1024 * 1024, /* bytes: a collection of a small heap costs 0.03 ms, and this is most of such a heap */
    COLLECT_GROWING = 2 << 20, /* while most of what is allocated stays alive */
    PLAIN_MINIMUM = 12 << 20, PLAIN_FACTOR = 16,
    HEAP_LARGE = 12 << 20,         /* one that is larger may not double until the next */
    SETTLED_LIMIT = 32 << 20,      /* bytes that gc_settle takes for alive from one collection to the next */
};
enum { PROMPT_BYTES = 1 << 30, PROMPT_MOST = 800, PROMPT_LEAST = 50, PROMPT_THOROUGH = 24 }; /* of prompt collections */
enum { CELL_UNMARKED = 0, CELL_MARKED = 1, CELL_FREE = 2, CELL_PERMANENT = 4 | CELL_MARKED }; /* CELL_FREE: storage only */

struct heap_block {
    struct heap_block *next;      /* of the same class and kind, or in the pool of empty blocks */
    uint32_t cell_size, cell_count; /* count: of those cut so far; the memory behind them is untouched */
    uint32_t capacity;       /* how many there is room for */
    uint32_t first_cell;     /* offset of cell 0 */
    uint32_t reciprocal;     /* ceil(2^32 / cell_size): offset * reciprocal >> 32 is exact for offsets below 64 KB */
    uint8_t size_class;
    bool storage;
    bool unswept;
    bool permanent;          /* has cells that are */
    uint8_t idle;            /* empty: in the pool since so many collections */
    uint8_t marks[];
};

struct large { /* before every malloc'd object or storage */
    size_t size;
    uint32_t index;
    uint8_t mark;
    bool storage;
    bool plain; /* storage without values: nothing is to be found in it */
    uint8_t shift; /* bytes from where the allocated memory starts to here */
    uint32_t birth; /* vm->large_born then */
};
enum { LARGE_ALIGNMENT = 16, CACHE_LINE = 64 }; /* bytes; the first is malloc's */
#define LARGE_HEADER ((sizeof(struct large) + LARGE_ALIGNMENT - 1) / LARGE_ALIGNMENT * LARGE_ALIGNMENT)

struct tracer {
    void (*trace)(struct vm *vm, void *context);
    void *context;
};

enum { SPARE_COUNT = 64, SPARE_LEAST = 1 << 17, SPARE_BYTES = 64 << 20, HUGE_LEAST = 4 << 20 };

struct gc {
    struct gc_front front; /* first: gc_object_inline reads it */
    struct large *spare[SPARE_COUNT]; /* big storage to be used again */
    uint32_t spare_count;
    size_t spare_bytes;
    struct heap_block *blocks[2][GC_CLASS_COUNT];  /* all blocks: [storage][class] */
    struct heap_block *unswept[2][GC_CLASS_COUNT]; /* where the sweep goes on in that list */
    struct heap_block *empty;
    char *base;              /* the reserved range */
    size_t used, accessible, reserved;

    struct large **large;
    size_t large_count, large_capacity;
    bool large_sorted;

    struct object **mark_stack;
    size_t mark_count, mark_capacity;
    struct pointer_list deferred; /* see mark_until */
    value **roots;
    size_t root_count, root_capacity;
    struct tracer *tracers;
    size_t tracer_count, tracer_capacity;

    uintptr_t stack_base;
    int64_t allocated;       /* bytes since the last collection */
    int64_t live;            /* bytes marked by the last one */
    int64_t permanent;       /* of these, bytes that need no marking */
    int64_t external;        /* malloc'd memory held by objects */
    int64_t trigger;
    int64_t plain_allocated, plain_live, plain_trigger; /* likewise, of large plain storage: marking it costs nothing */
    int64_t settled;         /* bytes that gc_settle has taken for alive since the last collection */
    bool collecting;
    bool telling;            /* a callback of a weak reference runs, for a collection has just been made */
    uint32_t stress_counter, stress_period; /* see HYBRIDSIM_GC_STRESS */
    struct gc_survey *survey; /* gc_survey.c: who wants to see references and the dead; usually NULL */

    struct identity_table identities;
    struct watch_list watches;
    struct pointer_list finalizable; /* objects with __del__ not yet run */
    struct pointer_list finalized;   /* objects whose __del__ has run, as long as they live */
    struct pointer_list classes;     /* every class on the heap; low bit set: found dead by the last collection */
    struct value_list queue;         /* pairs (callee, argument); a null callee: finalise the argument */
    size_t queue_first;              /* those before it have been run, and are zero */
};

static const uint16_t class_sizes[GC_CLASS_COUNT] = {
    16,  32,  48,  64,  80,  96,  112, 128, 144, 160, 176,  192,  208,  224,
    240, 256, 320, 384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1792, 2048};

static unsigned size_class_of(size_t size)
{
    if (size <= GC_FINE_MAX)
        return size ? (unsigned)((size + 15) / 16 - 1) : 0;
    if (size <= 512)
        return 16 + (unsigned)((size - 257) / 64);
    if (size <= 1024)
        return 20 + (unsigned)((size - 513) / 128);
    return 24 + (unsigned)((size - 1025) / 256);
}

/* ---- blocks ---- */

static bool range_reserve(struct gc *gc)
{
    for (size_t size = (size_t)1 << 38; size >= (size_t)1 << 28; size >>= 1) {
        void *range = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (range == MAP_FAILED)
            continue;
        uintptr_t aligned = ((uintptr_t)range + BLOCK_SIZE - 1) & ~(uintptr_t)(BLOCK_SIZE - 1);
        gc->base = (char *)aligned;
        madvise(range, 2 * SMALL_HEAP, MADV_NOHUGEPAGE); /* one would be more than most programs need */
        gc->reserved = size - BLOCK_SIZE;
        return true;
    }
    return false;
}

static struct heap_block *block_take(struct gc *gc)
{
    struct heap_block *block = gc->empty;
    if (block) {
        gc->empty = block->next;
        return block;
    }
    if (gc->used == gc->accessible) {
        size_t more = (size_t)BLOCKS_PER_CHUNK * BLOCK_SIZE;
        if (gc->accessible + more > gc->reserved ||
            mprotect(gc->base + gc->accessible, more, PROT_READ | PROT_WRITE))
            return NULL;
        gc->accessible += more;
    }
    block = (struct heap_block *)(void *)(gc->base + gc->used);
    gc->used += BLOCK_SIZE;
    return block;
}

static struct heap_block *block_new(struct gc *gc, unsigned size_class, bool storage)
{
    struct heap_block *block = block_take(gc);
    if (!block)
        return NULL;
    uint32_t size = class_sizes[size_class];
    uint32_t header = (uint32_t)offsetof(struct heap_block, marks);
    uint32_t count = (BLOCK_SIZE - header - 15) / (size + 1);
    block->cell_size = size;
    block->cell_count = 0;
    block->capacity = count;
    block->first_cell = (header + count + 15) & ~15u;
    block->reciprocal = (uint32_t)((((uint64_t)1 << 32) + size - 1) / size);
    block->size_class = (uint8_t)size_class;
    block->storage = storage;
    block->unswept = block->permanent = false;
    block->idle = 0;
    memset(block->marks, storage ? CELL_FREE : CELL_UNMARKED, count);
    block->next = gc->blocks[storage][size_class];
    gc->blocks[storage][size_class] = block;
    return block;
}

static inline struct heap_block *block_of(const void *address)
{
    return (struct heap_block *)((uintptr_t)address & ~(uintptr_t)(BLOCK_SIZE - 1));
}

static inline void *block_cell(struct heap_block *block, uint32_t index)
{
    return (char *)block + block->first_cell + (size_t)index * block->cell_size;
}

/* The cell an address lies in; cell_count or more: none. */
static inline uint32_t cell_index(const struct heap_block *block, const void *address)
{
    uint32_t offset = (uint32_t)((uintptr_t)address & (BLOCK_SIZE - 1)) - block->first_cell;
    if (offset >= BLOCK_SIZE)
        return UINT32_MAX; /* in the header */
    return (uint32_t)((uint64_t)offset * block->reciprocal >> 32);
}

static inline bool in_blocks(const struct gc *gc, const void *address)
{
    return (uintptr_t)address - (uintptr_t)gc->base < gc->used;
}

static inline uintptr_t cell_word(const void *cell)
{
    uintptr_t word;
    memcpy(&word, cell, sizeof word);
    return word;
}

static inline void cell_link(void *cell, uintptr_t link)
{
    memcpy(cell, &link, sizeof link);
}

/* Cuts more cells of the block and puts them on the empty list. */
static void block_cut(struct gc *gc, struct heap_block *block, uintptr_t *head)
{
    uint32_t old = block->cell_count, left = block->capacity - old;
    uint32_t more = gc->used > SMALL_HEAP ? left : (CUT_STEP + block->cell_size - 1) / block->cell_size;
    if (more > left)
        more = left;
    if (!old && more == left) /* all of it: its pages at once, a kernel may refuse */
        madvise((char *)block + PAGE_BYTES, BLOCK_SIZE - PAGE_BYTES, MADV_POPULATE_WRITE);
    block->cell_count = old + more;
    for (uint32_t i = old + more; i-- > old;) {
        void *cell = block_cell(block, i);
        cell_link(cell, *head);
        *head = (uintptr_t)cell | 1;
    }
    gc->allocated += (int64_t)more * block->cell_size;
}

/* ---- sweeping ---- */

/* Frees the unmarked cells, puts all free ones in address order on a list that starts at *head; their number. */
static uint32_t block_sweep(struct vm *vm, struct heap_block *block, uintptr_t *head)
{
    uint32_t free_count = 0;
    uintptr_t list = *head;
    block->unswept = false;
    for (uint32_t i = block->cell_count; i-- > 0;) {
        void *cell = block_cell(block, i);
        if (block->marks[i] & CELL_MARKED) {
            if (block->marks[i] != CELL_PERMANENT)
                block->marks[i] = CELL_UNMARKED;
            continue;
        }
        if (block->storage) {
            block->marks[i] = CELL_FREE;
        } else {
            uintptr_t word = cell_word(cell);
            if (word && !(word & 1)) {
                const struct type *type = ((struct shape *)word)->type;
                if (type->release)
                    type->release(vm, cell);
            }
        }
#ifdef HYBRIDSIM_GC_STRESS
        memset(cell, 0xdb, block->cell_size); /* whoever still uses it shall notice */
#endif
        cell_link(cell, list);
        list = (uintptr_t)cell | 1;
        free_count++;
    }
    *head = list;
    return free_count;
}

/* Blocks that no allocation has reached since the last collection are swept before the next; empty ones go to the pool. */
static void sweep_finish(struct vm *vm, struct gc *gc)
{
    for (int storage = 0; storage < 2; storage++) {
        for (int c = 0; c < GC_CLASS_COUNT; c++) {
            struct heap_block **link = gc->unswept[storage][c] ? &gc->blocks[storage][c] : NULL;
            while (link && *link) {
                struct heap_block *block = *link;
                uintptr_t list = 1;
                if (block->unswept && block_sweep(vm, block, &list) == block->cell_count) {
                    *link = block->next;
                    block->next = gc->empty;
                    gc->empty = block;
                    continue;
                }
                link = &block->next;
            }
            gc->unswept[storage][c] = NULL;
        }
    }
}

/* Gives back the memory of blocks that stayed in the pool since the last collection, but for the page of their header. */
static void pool_release(struct gc *gc)
{
    for (struct heap_block *block = gc->empty; block; block = block->next)
        if (block->idle < 2 && ++block->idle == 2)
            madvise((char *)block + PAGE_BYTES, BLOCK_SIZE - PAGE_BYTES, MADV_DONTNEED);
}

/* ---- large objects ---- */

static struct large *large_of(void *content)
{
    return (struct large *)(void *)((char *)content - LARGE_HEADER);
}

static void *large_content(struct large *large)
{
    return (char *)large + LARGE_HEADER;
}

static void *large_start(struct large *large)
{
    return (char *)large - large->shift;
}

static bool large_register(struct gc *gc, struct large *large)
{
    if (gc->large_count == gc->large_capacity) {
        size_t capacity = gc->large_capacity ? 2 * gc->large_capacity : 64;
        struct large **grown = realloc(gc->large, capacity * sizeof *grown);
        if (!grown)
            return false;
        gc->large = grown;
        gc->large_capacity = capacity;
    }
    large->index = (uint32_t)gc->large_count;
    gc->large[gc->large_count++] = large;
    gc->large_sorted = false;
    return true;
}

static void *large_enter(struct vm *vm, struct large *large, size_t size, bool storage)
{
    struct gc *gc = vm->gc;
    if (!large || !large_register(gc, large)) {
        free(large ? large_start(large) : NULL);
        raise_no_memory(vm);
        return NULL;
    }
    large->size = size;
    large->storage = storage;
    large->birth = ++vm->large_born;
    *(large->plain ? &gc->plain_allocated : &gc->allocated) += (int64_t)size;
    return large_content(large);
}

static void *large_new(struct vm *vm, size_t size, bool storage)
{
    if (size > (size_t)1 << 46) {
        raise_no_memory(vm);
        return NULL;
    }
    return large_enter(vm, calloc(1, LARGE_HEADER + size), size, storage);
}

/* Big storage that died is kept for the next that need not be cleared: fresh pages from the system cost as much as filling them. */
static bool large_spare(struct gc *gc, struct large *large)
{
    if (!large->plain || large->size < SPARE_LEAST || large->size > SPARE_BYTES)
        return false;
    while (gc->spare_count == SPARE_COUNT || gc->spare_bytes + large->size > SPARE_BYTES) {
        gc->spare_bytes -= gc->spare[0]->size; /* kept for long, and nobody wanted it */
        free(large_start(gc->spare[0]));
        memmove(gc->spare, gc->spare + 1, --gc->spare_count * sizeof *gc->spare);
    }
    gc->spare[gc->spare_count++] = large;
    gc->spare_bytes += large->size;
    return true;
}

/* One that is large enough, and not much larger; NULL: there is none. */
static struct large *large_take_spare(struct gc *gc, size_t size)
{
    for (uint32_t i = gc->spare_count; i-- > 0;) {
        struct large *large = gc->spare[i];
        if (large->size < size || large->size - size > size / 8)
            continue;
        gc->spare_bytes -= large->size;
        memmove(gc->spare + i, gc->spare + i + 1, (--gc->spare_count - i) * sizeof *gc->spare);
        return large;
    }
    return NULL;
}

static void large_free(struct gc *gc, struct large *large)
{
    struct large *last = gc->large[--gc->large_count];
    gc->large[large->index] = last;
    last->index = large->index;
    gc->large_sorted = false;
    if (!large_spare(gc, large))
        free(large_start(large));
}

static int large_order(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)*(struct large *const *)a, y = (uintptr_t)*(struct large *const *)b;
    return (x > y) - (x < y);
}

static void large_sort(struct gc *gc)
{
    if (gc->large_sorted || !gc->large_count)
        return;
    qsort(gc->large, gc->large_count, sizeof *gc->large, large_order);
    for (size_t i = 0; i < gc->large_count; i++)
        gc->large[i]->index = (uint32_t)i;
    gc->large_sorted = true;
}

/* The large object that an address lies in, or NULL; needs large_sort. */
static struct large *large_find(const struct gc *gc, const void *address)
{
    uintptr_t a = (uintptr_t)address;
    size_t low = 0, high = gc->large_count;
    if (!high || a < (uintptr_t)gc->large[0])
        return NULL;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if ((uintptr_t)gc->large[middle] <= a)
            low = middle;
        else
            high = middle;
    }
    struct large *large = gc->large[low];
    uintptr_t start = (uintptr_t)large_content(large);
    return a >= start && a - start < large->size ? large : NULL;
}

static void large_sweep(struct vm *vm, struct gc *gc)
{
    size_t kept = 0;
    for (size_t i = 0; i < gc->large_count; i++) {
        struct large *large = gc->large[i];
        if (large->mark) {
            large->mark = 0;
            large->index = (uint32_t)kept;
            gc->large[kept++] = large;
            continue;
        }
        if (!large->storage) {
            struct object *object = large_content(large);
            if (object->shape && object_type(object)->release)
                object_type(object)->release(vm, object);
        }
        if (!large_spare(gc, large))
            free(large_start(large));
    }
    gc->large_count = kept;
}

/* ---- marking ---- */

static void mark_push(struct gc *gc, struct object *object)
{
    if (gc->mark_count == gc->mark_capacity) {
        size_t capacity = gc->mark_capacity ? 2 * gc->mark_capacity : 4096;
        struct object **grown = realloc(gc->mark_stack, capacity * sizeof *grown);
        if (!grown) {
            fputs("hybridsim: out of memory while collecting\n", stderr);
            abort();
        }
        gc->mark_stack = grown;
        gc->mark_capacity = capacity;
    }
    gc->mark_stack[gc->mark_count++] = object;
}

/* Marks the cell at `index`; true when it was not marked before. */
static inline bool block_mark(struct gc *gc, struct heap_block *block, uint32_t index)
{
    if (block->marks[index] != CELL_UNMARKED)
        return false;
    block->marks[index] = CELL_MARKED;
    gc->live += block->cell_size;
    return true;
}

static inline bool large_mark(struct gc *gc, struct large *large)
{
    if (large->mark)
        return false;
    large->mark = 1;
    *(large->plain ? &gc->plain_live : &gc->live) += (int64_t)large->size;
    return true;
}

void gc_mark_object(struct vm *vm, void *object)
{
    struct gc *gc = vm->gc;
    if (!object)
        return;
    if (__builtin_expect(gc->survey != NULL, 0) && !gc->survey->reference(gc->survey, object))
        return;
    if (in_blocks(gc, object)) {
        struct heap_block *block = block_of(object);
        assert(!(cell_word(object) & 1)); /* whoever holds this holds a dead object */
        if (block_mark(gc, block, cell_index(block, object)))
            mark_push(gc, object);
        return;
    }
    struct large *large = large_find(gc, object);
    if (large && large_mark(gc, large))
        mark_push(gc, object);
}

void gc_mark(struct vm *vm, value v)
{
    if (is_pointer(v))
        gc_mark_object(vm, value_object(v));
}

void gc_mark_storage(struct vm *vm, void *storage)
{
    struct gc *gc = vm->gc;
    if (!storage || (gc->survey && gc->survey->only_looks))
        return;
    if (in_blocks(gc, storage)) {
        struct heap_block *block = block_of(storage);
        block_mark(gc, block, cell_index(block, storage));
        return;
    }
    struct large *large = large_find(gc, storage);
    if (large)
        large_mark(gc, large);
}

/* Marks what a word may point to or into; answers the storage newly marked so, and its size. */
static inline const uint64_t *mark_word(struct gc *gc, uint64_t word, size_t *size)
{
    const void *address = (const void *)(uintptr_t)word;
    if (in_blocks(gc, address)) {
        struct heap_block *block = block_of(address);
        if (!block->cell_size)
            return NULL;
        uint32_t index = cell_index(block, address);
        if (index >= block->cell_count)
            return NULL;
        void *cell = block_cell(block, index);
        if (block->storage) {
            *size = block->cell_size;
            return block_mark(gc, block, index) ? cell : NULL;
        }
        uintptr_t first = cell_word(cell);
        if (first && !(first & 1) && block_mark(gc, block, index))
            mark_push(gc, cell);
        return NULL;
    }
    struct large *large = large_find(gc, address);
    if (!large || !large_mark(gc, large) || large->plain)
        return NULL;
    if (large->storage) {
        *size = large->size;
        return large_content(large);
    }
    if (((struct object *)large_content(large))->shape)
        mark_push(gc, large_content(large));
    return NULL;
}

/* Likewise a word of storage: ints among them look like addresses of large objects, which are low; but storage points to the
 * beginnings of those only. */
static inline void mark_stored_word(struct gc *gc, uint64_t word)
{
    size_t size;
    if (!in_blocks(gc, (const void *)(uintptr_t)word)) {
        const void *address = is_pointer(word) ? (const void *)value_object(word) : (const void *)(uintptr_t)word;
        const struct large *large = (uintptr_t)address % LARGE_ALIGNMENT ? NULL : large_find(gc, address);
        if (!large || address != (const char *)large + LARGE_HEADER)
            return;
    }
    mark_word(gc, word, &size);
}

/* Storage may outlive the object it belongs to while C code works on it, so its words count as well; storage does not point to
 * storage whose owner is not in sight. */
void gc_mark_conservative(struct vm *vm, uint64_t word)
{
    struct gc *gc = vm->gc;
    size_t size = 0;
    if (gc->survey && is_object(word) && !gc->survey->reference(gc->survey, value_object(word)))
        return;
    if (gc->survey && gc->survey->only_looks)
        return;
    const uint64_t *words = mark_word(gc, word, &size);
    for (size_t i = 0; words && i < size / 8; i++)
        mark_stored_word(gc, words[i]);
}

bool gc_keep_leaf(struct vm *vm, value v)
{
    struct gc *gc = vm->gc;
    if (!is_pointer(v))
        return true;
    if (!in_blocks(gc, value_object(v)))
        return false;
    struct heap_block *block = block_of(value_object(v));
    uint8_t *mark = &block->marks[cell_index(block, value_object(v))];
    gc->permanent += *mark == CELL_PERMANENT ? 0 : block->cell_size;
    *mark = CELL_PERMANENT;
    block->permanent = true;
    return true;
}

bool gc_is_marked(struct vm *vm, const void *object)
{
    struct gc *gc = vm->gc;
    if (in_blocks(gc, object)) {
        struct heap_block *block = block_of(object);
        return block->marks[cell_index(block, object)] & CELL_MARKED;
    }
    struct large *large = large_find(gc, object);
    return !large || large->mark;
}

static inline void mark_content(struct vm *vm, struct object *object)
{
    struct type *type = object_type(object);
    if (type->flags & TYPE_HEAP)
        gc_mark_object(vm, type);
    if (type->trace)
        type->trace(vm, object);
}

static void mark_drain(struct vm *vm)
{
    struct gc *gc = vm->gc;
    while (gc->mark_count)
        mark_content(vm, gc->mark_stack[--gc->mark_count]);
}

/* The stack between here and the base, word by word. Not instrumented: it reads whatever lies there. */
#if defined(__clang__) || defined(__GNUC__)
__attribute__((noinline, no_sanitize("address"), no_sanitize("undefined")))
#endif
static void mark_stack_words(struct vm *vm, uintptr_t low, uintptr_t high)
{
    for (uintptr_t at = low & ~(uintptr_t)7; at + 8 <= high; at += 8) {
        const volatile uint64_t *word = (const volatile uint64_t *)at;
        gc_mark_conservative(vm, *word);
    }
}

void gc_mark_stack(struct vm *vm, uintptr_t low, uintptr_t high)
{
    mark_stack_words(vm, low, high);
}

void gc_set_stack(struct vm *vm, uintptr_t base)
{
    vm->gc->stack_base = base;
}

uintptr_t gc_stack(const struct vm *vm)
{
    return vm->gc->stack_base;
}

static void mark_roots(struct vm *vm)
{
    struct gc *gc = vm->gc;
    const value words[] = {vm->pending, vm->handled, vm->empty_tuple, vm->empty_string, vm->empty_bytes, vm->builtins,
                           vm->modules, vm->sys_module, vm->interned, vm->generator_result};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        gc_mark_conservative(vm, words[i]); /* some are not set yet while the vm starts */
    for (size_t i = 0; i < gc->root_count; i++)
        gc_mark(vm, *gc->roots[i]);
    for (size_t i = 0; i < gc->queue.count; i++)
        gc_mark(vm, gc->queue.items[i]);
    for (size_t i = 0; i < gc->tracer_count; i++)
        gc->tracers[i].trace(vm, gc->tracers[i].context);
}

/* ---- deaths ---- */

static bool wants_finalizing(const struct object *object)
{
    const struct type *type = object_type(object);
    return !type->wants_finalizing || type->wants_finalizing(object);
}

static void finalizers_queue(struct vm *vm)
{
    struct gc *gc = vm->gc;
    size_t kept = 0;
    for (size_t i = 0; i < gc->finalizable.count; i++) {
        void *object = gc->finalizable.items[i];
        if (gc_is_marked(vm, object)) {
            gc->finalizable.items[kept++] = object;
            continue;
        }
        if (!wants_finalizing(object))
            continue;
        value_list_add(&gc->queue, VALUE_NULL);
        value_list_add(&gc->queue, object_value(object));
        vm->finalizers_pending = true;
        vm->interrupt |= INTERRUPT_FINALIZERS;
    }
    gc->finalizable.count = kept;
    for (size_t i = 0; i < gc->queue.count; i++) /* they live once more */
        gc_mark(vm, gc->queue.items[i]);
    mark_drain(vm);
    size_t living = 0;
    for (size_t i = 0; i < gc->finalized.count; i++)
        if (gc_is_marked(vm, gc->finalized.items[i]))
            gc->finalized.items[living++] = gc->finalized.items[i];
    gc->finalized.count = living;
}

/* A dead instance is swept some time after the collection that found it dead, and its shape leads to its class: so a class
 * is freed one collection after it was found dead. Metaclasses stay: their dead classes are in the same position. */
static void classes_keep(struct vm *vm)
{
    struct gc *gc = vm->gc;
    size_t kept = 0;
    for (size_t i = 0; i < gc->classes.count; i++) {
        uintptr_t word = (uintptr_t)gc->classes.items[i];
        struct type *class = (struct type *)(word & ~(uintptr_t)1);
        bool dead = !gc_is_marked(vm, class);
        if (dead && (word & 1) && !(class->flags & TYPE_TYPE))
            continue;
        if (dead)
            gc_mark_object(vm, class);
        gc->classes.items[kept++] = (char *)class + dead;
    }
    gc->classes.count = kept;
    mark_drain(vm);
}

/* All of a dead object's references, the newest first, as CPython tells them. */
static void watches_of_dead(struct vm *vm, const void *object)
{
    const struct watch_list *list = &vm->gc->watches;
    for (size_t at = watch_list_find(list, object); at; at = list->items[at - 1].next)
        if (gc_is_marked(vm, list->items[at - 1].watcher))
            weakref_clear(vm, object_value(list->items[at - 1].watcher));
}

static void watches_clear(struct vm *vm)
{
    struct gc *gc = vm->gc;
    size_t kept = 0;
    for (size_t i = 0; i < gc->watches.count; i++) {
        struct watch watch = gc->watches.items[i];
        bool oldest = !watch.next; /* until then nothing that is linked to it was moved */
        if (gc_is_marked(vm, watch.object)) {
            if (gc_is_marked(vm, watch.watcher))
                gc->watches.items[kept++] = watch;
        } else if (oldest) {
            watches_of_dead(vm, watch.object);
        }
    }
    if (gc->watches.count != kept) {
        gc->watches.count = kept;
        watch_list_index(&gc->watches);
    }
    for (size_t i = 0; i < gc->queue.count; i++)
        gc_mark(vm, gc->queue.items[i]);
    mark_drain(vm);
}

/* Roots and temporaries keep alive; only what variables and objects refer to is counted. */
static void mark_surveyed(struct vm *vm)
{
    struct gc_survey *survey = vm->gc->survey;
    mark_roots(vm);
    survey->looks = true;
    mark_drain(vm);
    survey->looks = false;
}

void gc_set_survey(struct vm *vm, struct gc_survey *survey)
{
    vm->gc->survey = survey;
}

void gc_visit_objects(struct vm *vm, bool marked, void (*visit)(struct vm *vm, struct object *object, void *context),
                      void *context)
{
    struct gc *gc = vm->gc;
    for (int c = 0; c < GC_CLASS_COUNT; c++) {
        for (struct heap_block *block = gc->blocks[false][c]; block; block = block->next) {
            for (uint32_t i = 0; i < block->cell_count; i++) {
                uintptr_t word = cell_word(block_cell(block, i));
                if (word && !(word & 1) && (block->marks[i] & CELL_MARKED) == marked)
                    visit(vm, block_cell(block, i), context);
            }
        }
    }
    for (size_t i = 0; i < gc->large_count; i++) {
        struct object *object = large_content(gc->large[i]);
        if (!gc->large[i]->storage && object->shape && (gc->large[i]->mark != 0) == marked)
            visit(vm, object, context);
    }
}

/* Whether nothing in a block is alive, when that is cheaply made sure of and acted on: else its sweep finds out. */
static bool block_is_dead(struct vm *vm, struct heap_block *block)
{
    if ((!block->storage && block->cell_size <= GC_FINE_MAX) || block->permanent ||
        memchr(block->marks, CELL_MARKED, block->cell_count))
        return false;
    for (uint32_t i = 0; !block->storage && i < block->cell_count; i++) {
        uintptr_t word = cell_word(block_cell(block, i));
        const struct type *type = word && !(word & 1) ? ((struct shape *)word)->type : NULL;
        if (type && type->release)
            type->release(vm, block_cell(block, i));
    }
#ifdef HYBRIDSIM_GC_STRESS
    memset(block_cell(block, 0), 0xdb, (size_t)block->cell_count * block->cell_size);
#endif
    return true;
}

/* Blocks in which nothing lives can at once be used for other sizes, the rest is swept when it is needed. */
static void blocks_pass_on(struct vm *vm, struct heap_block **list)
{
    struct gc *gc = vm->gc;
    for (struct heap_block **link = list; *link;) {
        struct heap_block *block = *link;
        if (block_is_dead(vm, block)) {
            *link = block->next;
            block->next = gc->empty;
            gc->empty = block;
            block->cell_count = 0; /* no word points to anything in it */
        } else {
            block->unswept = true;
            link = &block->next;
        }
    }
}

/* What large arrays cost is the filling of fresh memory, not the collection that gives back the memory of dead ones: so it is made
 * soon, unless there are many objects to mark. */
static void set_trigger(struct gc *gc, int64_t least)
{
    const int64_t held = gc->live + gc->external, large = HEAP_LARGE / 2 + held / 2;
    gc->trigger = held < least ? least : held < large ? held : large;
    const int64_t all = gc->live + gc->plain_live, some = PLAIN_FACTOR * gc->live;
    gc->plain_trigger = all < some ? all : some;
    if (gc->plain_trigger < PLAIN_MINIMUM)
        gc->plain_trigger = PLAIN_MINIMUM;
}

void gc_settle(struct vm *vm)
{
    struct gc *gc = vm->gc;
    if (gc->collecting || gc->settled + gc->allocated > SETTLED_LIMIT)
        return;
    gc->settled += gc->allocated;
    gc->live += gc->allocated;
    gc->allocated = 0;
    set_trigger(gc, gc->trigger < COLLECT_GROWING ? gc->trigger : COLLECT_GROWING);
}

/* ---- is it alive? ---- */

/* Sweeps what is unswept. The free cells were part of the last collection's plan already: they do not count as allocated. */
static void sweep_all(struct vm *vm, struct gc *gc)
{
    for (int storage = 0; storage < 2; storage++) {
        for (int c = 0; c < GC_CLASS_COUNT; c++) {
            uintptr_t *head = storage ? &gc->front.free_storage[c] : &gc->front.free_objects[c];
            for (struct heap_block *block = gc->unswept[storage][c]; block; block = block->next)
                if (block->unswept)
                    block_sweep(vm, block, head);
            gc->unswept[storage][c] = NULL;
        }
    }
}

static void marks_clear(struct gc *gc)
{
    for (int storage = 0; storage < 2; storage++)
        for (int c = 0; c < GC_CLASS_COUNT; c++)
            for (struct heap_block *block = gc->blocks[storage][c]; block; block = block->next)
                for (uint32_t i = 0; i < block->cell_count; i++)
                    block->marks[i] &= block->marks[i] == CELL_PERMANENT ? CELL_PERMANENT : (uint8_t)~CELL_MARKED;
    for (size_t i = 0; i < gc->large_count; i++)
        gc->large[i]->mark = 0;
    gc->mark_count = 0;
}

/* Code and classes lead to all modules: what they refer to is looked at last. */
static bool is_scenery(const struct type *type)
{
    return type->flags & TYPE_TYPE || type == &function_type || type == &module_type || type == &code_type;
}

/* Marks until `sought` is; false when it is reached from nothing but code and classes, if at all. */
static bool mark_until(struct vm *vm, const void *sought)
{
    struct gc *gc = vm->gc;
    gc->deferred.count = 0;
    while (!gc_is_marked(vm, sought)) {
        if (!gc->mark_count)
            return false;
        struct object *object = gc->mark_stack[--gc->mark_count];
        if (is_scenery(object_type(object)))
            pointer_list_add(&gc->deferred, object);
        else
            mark_content(vm, object);
    }
    return true;
}

/* Whether the object is alive for certain; nothing is collected. */
static bool object_lives(struct vm *vm, uintptr_t stack_low, const void *object)
{
    struct gc *gc = vm->gc;
    const int64_t live = gc->live, plain_live = gc->plain_live;
    sweep_all(vm, gc);
    large_sort(gc);
    mark_stack_words(vm, stack_low, gc->stack_base);
    mark_roots(vm);
    bool lives = mark_until(vm, object);
    for (size_t i = 0; !lives && i < gc->deferred.count; i++)
        mark_push(gc, gc->deferred.items[i]);
    if (!lives)
        mark_drain(vm);
    lives = gc_is_marked(vm, object);
    marks_clear(gc);
    gc->live = live;
    gc->plain_live = plain_live;
    return lives;
}

__attribute__((noinline)) static void collect_marked(struct vm *vm, uintptr_t stack_low)
{
    struct gc *gc = vm->gc;
    sweep_finish(vm, gc);
    pool_release(gc);
    large_sort(gc);
    const int64_t live_before = gc->live, allocated = gc->allocated;
    gc->live = gc->permanent;
    gc->plain_live = 0;
    if (vm->export_probe) { /* first what holds views for certain: variables and the heap, not the stacks' temporaries */
        mark_roots(vm);
        mark_drain(vm);
        vm->export_probe = NULL;
    }
    if (gc->survey)
        mark_surveyed(vm);
    mark_stack_words(vm, stack_low, gc->stack_base);
    mark_roots(vm);
    mark_drain(vm);
    if (gc->survey && gc->survey->marked)
        gc->survey->marked(vm, gc->survey);
    finalizers_queue(vm);
    watches_clear(vm);
    classes_keep(vm);
    identity_table_sweep(vm, &gc->identities);
    if (vm->collected)
        vm->collected(vm);
    large_sweep(vm, gc);
    for (int c = 0; c < GC_CLASS_COUNT; c++) {
        gc->front.free_objects[c] = gc->front.free_storage[c] = 1;
        for (int storage = 0; storage < 2; storage++) {
            blocks_pass_on(vm, &gc->blocks[storage][c]);
            gc->unswept[storage][c] = gc->blocks[storage][c];
        }
    }
    gc->allocated = gc->plain_allocated = gc->settled = 0;
    set_trigger(gc, 2 * (gc->live - live_before) > allocated ? COLLECT_GROWING : COLLECT_MINIMUM);
}

__attribute__((noinline)) void gc_collect(struct vm *vm)
{
    struct gc *gc = vm->gc;
    if (gc->collecting)
        return;
    gc->collecting = true;
    __builtin_unwind_init(); /* puts every callee-saved register on the stack; setjmp would scramble some */
    void *volatile here = __builtin_frame_address(0);
    collect_marked(vm, (uintptr_t)here - 512 < (uintptr_t)&here ? (uintptr_t)here - 512 : (uintptr_t)&here);
    gc->collecting = false;
}

void gc_collect_above(struct vm *vm, uintptr_t stack_low)
{
    struct gc *gc = vm->gc;
    if (!stack_low) {
        gc_collect(vm);
    } else if (!gc->collecting) {
        gc->collecting = true;
        collect_marked(vm, stack_low);
        gc->collecting = false;
    }
}

/* So many collections are made of a heap that large: some seconds altogether. Sizes are rounded, so that a stale word here or
 * there makes no difference. */
static uint32_t prompt_limit(const struct gc *gc)
{
    uint32_t limit = PROMPT_MOST;
    for (int64_t size = gc->live; size > PROMPT_BYTES / PROMPT_MOST && limit > PROMPT_LEAST; size /= 2)
        limit /= 2;
    return limit;
}

void gc_collect_promptly(struct vm *vm, uintptr_t stack_low, const value *sought)
{
    struct gc *gc = vm->gc;
    if (gc->telling || gc->collecting || vm->weak_collections >= prompt_limit(gc))
        return;
    bool only_seeks = vm->weak_collections++ >= PROMPT_THOROUGH && sought && stack_low;
    if (!only_seeks || gc->survey || vm->export_probe || !object_lives(vm, stack_low, value_object(*sought)))
        gc_collect_above(vm, stack_low);
    if (vm->finalizers_pending)
        gc_run_pending(vm);
}

bool gc_death_matters(struct vm *vm, value v)
{
    if (!is_object(v))
        return false;
    const struct object *object = value_object(v);
    const struct type *type = object_type(object);
    return type->flags & TYPE_HAS_FINALIZER || (type->finalize && type->wants_finalizing && type->wants_finalizing(object)) ||
           (vm->gc->watches.count && watch_list_find(&vm->gc->watches, (void *)object));
}

/* ---- allocation ---- */

static void collect_if_due(struct vm *vm)
{
    struct gc *gc = vm->gc;
#ifdef HYBRIDSIM_GC_STRESS
    if (++gc->stress_counter >= gc->stress_period) {
        gc->stress_counter = 0;
        gc_collect(vm);
        return;
    }
#endif
    if (gc->allocated >= gc->trigger) /* what is plain is looked at by plain_new: right after it, the new storage could not die */
        gc_collect(vm);
}

/* Fills the free list of a class: sweeps blocks until one has room, else takes a new block. */
static bool refill(struct vm *vm, unsigned size_class, bool storage)
{
    struct gc *gc = vm->gc;
    uintptr_t *head = storage ? &gc->front.free_storage[size_class] : &gc->front.free_objects[size_class];
    for (;;) {
        if (*head != 1)
            return true;
        struct heap_block *block = gc->unswept[storage][size_class];
        while (block && !block->unswept)
            block = block->next;
        if (!block)
            break;
        gc->unswept[storage][size_class] = block->next;
        uint32_t count = block_sweep(vm, block, head);
        gc->allocated += (int64_t)count * block->cell_size;
    }
    gc->unswept[storage][size_class] = NULL;
    struct heap_block *block = gc->blocks[storage][size_class]; /* all others are cut */
    if (!block || block->cell_count == block->capacity)
        block = block_new(gc, size_class, storage);
    if (!block) {
        raise_no_memory(vm);
        return false;
    }
    block_cut(gc, block, head);
    return true;
}

static void *cell_pop(uintptr_t *head)
{
    void *cell = (void *)(*head - 1);
    *head = cell_word(cell);
    return cell;
}

void *gc_object(struct vm *vm, size_t size, struct shape *shape)
{
    struct gc *gc = vm->gc;
    struct object *object;
    if (size <= GC_SMALL_MAX) {
        unsigned size_class = size_class_of(size);
        uintptr_t *head = &gc->front.free_objects[size_class];
#ifdef HYBRIDSIM_GC_STRESS
        collect_if_due(vm);
#endif
        if (*head == 1) {
            collect_if_due(vm);
            if (!refill(vm, size_class, false))
                return NULL;
        }
        object = cell_pop(head);
        memset(object, 0, size);
    } else {
        collect_if_due(vm);
        object = large_new(vm, size, false);
        if (!object)
            return NULL;
    }
    object->shape = shape;
    if (shape->type->flags & TYPE_HAS_FINALIZER)
        pointer_list_add(&gc->finalizable, object);
    if (shape->type->flags & TYPE_TYPE) {
        pointer_list_add(&gc->classes, object);
        size = size - sizeof(struct type) + CLASS_BYTES;
    }
    ADD_WORK(vm, objects, 1);
    ADD_WORK(vm, bytes, size);
    return object;
}

void *gc_storage(struct vm *vm, size_t size)
{
    struct gc *gc = vm->gc;
    if (!size)
        return NULL;
    ADD_WORK(vm, bytes, size);
    if (size > GC_SMALL_MAX) {
        collect_if_due(vm);
        return large_new(vm, size, true);
    }
    unsigned size_class = size_class_of(size);
    uintptr_t *head = &gc->front.free_storage[size_class];
#ifdef HYBRIDSIM_GC_STRESS
    collect_if_due(vm);
#endif
    if (*head == 1) {
        collect_if_due(vm);
        if (!refill(vm, size_class, true))
            return NULL;
    }
    void *storage = cell_pop(head);
    struct heap_block *block = block_of(storage);
    block->marks[cell_index(block, storage)] = CELL_UNMARKED;
    memset(storage, 0, size);
    return storage;
}

/* Big storage lies on huge pages where there are any: fewer faults, fewer misses of the TLB. Its content starts with a line of the
 * cache, so that no row of eight elements lies in two. */
static struct large *large_from_system(size_t size, bool zeroed)
{
    const size_t all = size + LARGE_HEADER + (size < SPARE_LEAST ? 0 : CACHE_LINE - LARGE_ALIGNMENT);
    char *start = zeroed ? calloc(1, all) : malloc(all);
    if (!start)
        return NULL;
    uint8_t shift = size < SPARE_LEAST ? 0 : -(uintptr_t)(start + LARGE_HEADER) % CACHE_LINE;
    struct large *large = (struct large *)(void *)(start + shift);
    if (size >= HUGE_LEAST) {
        uintptr_t page = ((uintptr_t)large + PAGE_BYTES - 1) & ~(uintptr_t)(PAGE_BYTES - 1);
        madvise((void *)page, (uintptr_t)large + size - page, MADV_HUGEPAGE); /* refused: nothing is lost */
    }
    if (!zeroed)
        memset(large, 0, LARGE_HEADER);
    large->shift = shift;
    return large;
}

static void *plain_new(struct vm *vm, size_t size, bool zeroed)
{
    struct gc *gc = vm->gc;
    ADD_WORK(vm, bytes, size);
    if (gc->plain_allocated && gc->plain_allocated + (int64_t)size > gc->plain_trigger)
        gc_collect(vm); /* before, not after: what is used again is still in the cache */
    else
        collect_if_due(vm);
    struct large *large = size < SPARE_LEAST ? NULL : large_take_spare(gc, size);
    if (!large)
        large = large_from_system(size, zeroed);
    else if (zeroed)
        memset(large_content(large), 0, size);
    if (large)
        large->plain = true;
    return large_enter(vm, large, size, true);
}

void *gc_storage_raw(struct vm *vm, size_t size)
{
    return size < SPARE_LEAST || size > (size_t)1 << 46 ? gc_storage_plain(vm, size) : plain_new(vm, size, false);
}

void *gc_storage_plain(struct vm *vm, size_t size)
{
    return size <= GC_SMALL_MAX || size > (size_t)1 << 46 ? gc_storage(vm, size) : plain_new(vm, size, true);
}

uint32_t gc_storage_birth(struct vm *vm, void *storage)
{
    return in_blocks(vm->gc, storage) ? 0 : large_of(storage)->birth;
}

void gc_free_storage(struct vm *vm, void *storage, size_t size)
{
    struct gc *gc = vm->gc;
    if (!storage)
        return;
    if (!in_blocks(gc, storage)) {
        int64_t *allocated = large_of(storage)->plain ? &gc->plain_allocated : &gc->allocated;
        *allocated -= *allocated > (int64_t)size ? (int64_t)size : *allocated;
        large_free(gc, large_of(storage));
        return;
    }
    struct heap_block *block = block_of(storage);
    uint32_t index = cell_index(block, storage);
    if (block->unswept) { /* its sweep frees the cell */
        block->marks[index] = CELL_UNMARKED;
        return;
    }
    block->marks[index] = CELL_FREE;
    cell_link(storage, gc->front.free_storage[block->size_class]);
    gc->front.free_storage[block->size_class] = (uintptr_t)storage | 1;
}

static void *large_resize(struct vm *vm, void *storage, size_t old_size, size_t new_size)
{
    struct gc *gc = vm->gc;
    struct large *large = large_of(storage);
    uint32_t index = large->index;
    const uint8_t shift = large->shift;
    char *start = new_size > (size_t)1 << 46 ? NULL : realloc(large_start(large), shift + LARGE_HEADER + new_size);
    if (!start) {
        raise_no_memory(vm);
        return NULL;
    }
    large = (struct large *)(void *)(start + shift); /* where a line of the cache starts no more, perhaps */
    gc->large[index] = large;
    gc->large_sorted = false;
    large->size = new_size;
    if (new_size > old_size) {
        memset((char *)large_content(large) + old_size, 0, new_size - old_size);
        gc->allocated += (int64_t)(new_size - old_size);
    }
    return large_content(large);
}

void *gc_resize_storage(struct vm *vm, void *storage, size_t old_size, size_t new_size)
{
    struct gc *gc = vm->gc;
    if (!storage)
        return gc_storage(vm, new_size);
    if (!new_size) {
        gc_free_storage(vm, storage, old_size);
        return NULL;
    }
    if (!in_blocks(gc, storage) && new_size > GC_SMALL_MAX) {
        if (new_size > old_size)
            ADD_WORK(vm, bytes, new_size - old_size);
        return large_resize(vm, storage, old_size, new_size);
    }
    if (in_blocks(gc, storage) && new_size <= GC_SMALL_MAX &&
        size_class_of(new_size) == block_of(storage)->size_class) {
        if (new_size > old_size) {
            memset((char *)storage + old_size, 0, new_size - old_size);
            ADD_WORK(vm, bytes, new_size - old_size);
        }
        return storage;
    }
    void *moved = gc_storage(vm, new_size);
    if (!moved)
        return NULL;
    memcpy(moved, storage, old_size < new_size ? old_size : new_size);
    gc_free_storage(vm, storage, old_size);
    return moved;
}

void gc_account_external(struct vm *vm, int64_t bytes)
{
    struct gc *gc = vm->gc;
    gc->external += bytes;
    if (bytes > 0)
        gc->allocated += bytes;
}

/* ---- roots, watchers, identities ---- */

void gc_add_root(struct vm *vm, value *root)
{
    struct gc *gc = vm->gc;
    if (gc->root_count == gc->root_capacity) {
        gc->root_capacity = gc->root_capacity ? 2 * gc->root_capacity : 32;
        gc->roots = list_grown(gc->roots, gc->root_capacity * sizeof *gc->roots);
    }
    gc->roots[gc->root_count++] = root;
}

void gc_add_tracer(struct vm *vm, void (*trace)(struct vm *vm, void *context), void *context)
{
    struct gc *gc = vm->gc;
    if (gc->tracer_count == gc->tracer_capacity) {
        gc->tracer_capacity = gc->tracer_capacity ? 2 * gc->tracer_capacity : 8;
        gc->tracers = list_grown(gc->tracers, gc->tracer_capacity * sizeof *gc->tracers);
    }
    gc->tracers[gc->tracer_count++] = (struct tracer){trace, context};
}

void gc_watch(struct vm *vm, value object, value watcher)
{
    watch_list_add(&vm->gc->watches, value_object(object), value_object(watcher));
}

size_t gc_watchers(struct vm *vm, value object, value *watchers, size_t capacity)
{
    const struct watch_list *list = &vm->gc->watches;
    size_t count = 0;
    for (size_t at = watch_list_find(list, value_object(object)); at; at = list->items[at - 1].next, count++)
        if (count < capacity)
            watchers[count] = object_value(list->items[at - 1].watcher);
    return count;
}

void gc_watch_death(struct vm *vm, void *object)
{
    pointer_list_add(&vm->gc->finalizable, object);
}

bool gc_was_finalized(const struct vm *vm, value v)
{
    const struct pointer_list *finalized = &vm->gc->finalized;
    for (size_t i = 0; is_object(v) && i < finalized->count; i++)
        if (finalized->items[i] == value_object(v))
            return true;
    return false;
}

void gc_queue(struct vm *vm, value callee, value argument)
{
    value_list_add(&vm->gc->queue, callee);
    value_list_add(&vm->gc->queue, argument);
    vm->finalizers_pending = true;
    vm->interrupt |= INTERRUPT_FINALIZERS;
}

void gc_run_pending(struct vm *vm)
{
    struct gc *gc = vm->gc;
    vm->finalizers_pending = false;
    while (gc->queue.count) {
        value *pair = &gc->queue.items[gc->queue_first];
        value callee = pair[0], argument = pair[1];
        pair[0] = pair[1] = 0;
        gc->queue_first += 2;
        if (gc->queue_first == gc->queue.count)
            gc->queue.count = gc->queue_first = 0;
        value saved = vm->pending, handled = vm->handled;
        vm->pending = VALUE_NULL;
        bool telling = gc->telling;
        gc->telling = callee != VALUE_NULL;
        if (callee != VALUE_NULL)
            call_1(vm, callee, argument);
        else if (object_type(value_object(argument))->finalize) {
            pointer_list_add(&gc->finalized, value_object(argument));
            object_type(value_object(argument))->finalize(vm, argument);
        }
        gc->telling = telling;
        if (vm->pending != VALUE_NULL) {
            value method = callee == VALUE_NULL ? type_lookup(vm, object_type(value_object(argument)), NAMED(vm, __del__)) : callee;
            bool is_its_own =
                method == VALUE_NULL || is_exact(method, &slot_wrapper_type) || is_exact(method, &method_descriptor_type);
            unraisable_report(vm, "in", callee == VALUE_NULL && is_its_own ? argument : method);
        }
        vm->pending = saved;
        vm->handled = handled;
    }
}

void gc_finish(struct vm *vm)
{
    struct gc *gc = vm->gc;
    if (vm->open_files || vm->channels) { /* what is lost already hears so while the modules are there */
        gc_collect(vm);
        gc_run_pending(vm);
    }
    vm->modules_gone = true;
    for (size_t i = 0; i < gc->finalizable.count; i++) {
        if (!wants_finalizing(gc->finalizable.items[i]))
            continue;
        value_list_add(&gc->queue, VALUE_NULL);
        value_list_add(&gc->queue, object_value(gc->finalizable.items[i]));
    }
    gc->finalizable.count = 0;
    gc_run_pending(vm);
}

#define INT_BASE 0x558000000000u
#define IDENTITY_BASE 0x7f0000000000u

uint64_t object_identity(struct vm *vm, value v)
{
    /* Immediates: made from the number; they never meet an object's, which start at IDENTITY_BASE. */
    if (is_small_int(v)) {
        int64_t n = small_int_value(v);
        return n >= -((int64_t)1 << 32) && n < (int64_t)1 << 32 ? INT_BASE + (uint64_t)(n * 32) : v;
    }
    if (!is_pointer(v))
        return v;
    struct object *object = value_object(v);
    uint32_t *field = NULL;
    const struct type *type = object_type(object);
    if (type == &function_type) {
        field = &((struct function_object *)object)->identity;
    } else if (type->flags & TYPE_HEAP) {
        const struct type *base = type;
        while (base->flags & TYPE_HEAP)
            base = base->base;
        if (base == &object_type_object)
            field = &((struct instance *)object)->identity;
    }
    if (field) {
        if (!*field)
            *field = (uint32_t)++vm->next_identity;
        return IDENTITY_BASE + (uint64_t)*field * 16;
    }
    return IDENTITY_BASE + identity_table_get(vm, &vm->gc->identities, object) * 16;
}

/* ---- life ---- */

struct gc *gc_new(struct vm *vm, void *stack_base)
{
    struct gc *gc = calloc(1, sizeof *gc);
    if (!gc || !range_reserve(gc)) {
        free(gc);
        return NULL;
    }
    for (int c = 0; c < GC_CLASS_COUNT; c++)
        gc->front.free_objects[c] = gc->front.free_storage[c] = 1;
    gc->stack_base = (uintptr_t)stack_base;
    gc->trigger = COLLECT_MINIMUM;
    gc->plain_trigger = PLAIN_MINIMUM;
#ifdef HYBRIDSIM_GC_STRESS
    const char *period = getenv("HYBRIDSIM_GC_STRESS"); /* of a build for hunting only */
    gc->stress_period = period ? (uint32_t)atoi(period) : HYBRIDSIM_GC_STRESS;
#endif
    vm->gc = gc;
    return gc;
}

void gc_release_classes(struct vm *vm)
{
    struct pointer_list *classes = &vm->gc->classes;
    for (size_t i = 0; i < classes->count; i++) {
        struct object *class = (struct object *)((uintptr_t)classes->items[i] & ~(uintptr_t)1);
        if (object_type(class)->release)
            object_type(class)->release(vm, class);
    }
    classes->count = 0;
}

void gc_free(struct gc *gc)
{
    if (!gc)
        return;
    for (size_t i = 0; i < gc->large_count; i++)
        free(large_start(gc->large[i]));
    for (uint32_t i = 0; i < gc->spare_count; i++)
        free(large_start(gc->spare[i]));
    munmap(gc->base, gc->reserved);
    free(gc->large);
    free(gc->mark_stack);
    free(gc->deferred.items);
    free(gc->roots);
    free(gc->tracers);
    free(gc->identities.entries);
    free(gc->watches.items);
    free(gc->watches.first.entries);
    free(gc->finalizable.items);
    free(gc->finalized.items);
    free(gc->classes.items);
    free(gc->queue.items);
    free(gc);
}
