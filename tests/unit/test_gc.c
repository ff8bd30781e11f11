/* test_gc.c - the collector: what must survive does (stack, interior pointers, roots, traced items), what must die does,
 * freed storage is used again, large objects, identities, a long chain (no recursion), absurd requests. */
#include "sim/runtime/exception.h"
#include "sim/runtime/gc.h"
#include "sim/runtime/types.h"
#include "tests/unit/vm_suite.h"

#include <stdio.h>

static struct vm *vm;

/* A type whose deaths are counted. */
struct node {
    struct object head;
    value next;
    int64_t number;
};
static int64_t deaths;
static void node_trace(struct vm *machine, struct object *object)
{
    gc_mark(machine, ((struct node *)object)->next);
}
static void node_release(struct vm *machine, struct object *object)
{
    (void)machine, (void)object;
    deaths++;
}
static struct type node_type = {
    .name = "node", .instance_size = sizeof(struct node), .trace = node_trace, .release = node_release};

static struct node *node_of(value v)
{
    return (struct node *)value_object(v);
}

static value node_new(value next, int64_t number)
{
    struct node *node = GC_NEW(vm, struct node, &node_type);
    node->next = next;
    node->number = number;
    return object_value(node);
}

__attribute__((noinline)) static void make_garbage(int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        node_new(NONE, i);
}

/* Overwrites what earlier calls left on the stack. */
__attribute__((noinline)) static void clean_stack(void)
{
    volatile char area[4096];
    for (size_t i = 0; i < sizeof area; i++)
        area[i] = 0;
}

static void collect_all(void)
{
    clean_stack();
    gc_collect(vm);
    gc_collect(vm); /* sweeping is on demand: the second collection finishes the first one's */
}

static void test_garbage_dies(void)
{
    deaths = 0;
    make_garbage(10000);
    collect_all();
    CU_ASSERT_TRUE(deaths > 9900); /* a few may still be seen on the stack */
}

static void test_stack_keeps(void)
{
    value v = node_new(NONE, 7);
    const int64_t *interior = &node_of(node_new(NONE, 8))->number;
    make_garbage(1000);
    collect_all();
    make_garbage(1000);
    CU_ASSERT_EQUAL(node_of(v)->number, 7);
    CU_ASSERT_EQUAL(*interior, 8);
}

/* A chain is built and walked in functions of their own, lest a stale word in the test's frame keep all of it. */
__attribute__((noinline)) static void chain_build(value *root, int64_t length)
{
    for (int64_t i = 0; i < length; i++)
        *root = node_new(*root == VALUE_NULL ? NONE : *root, i);
}

__attribute__((noinline)) static int64_t chain_length(const value *root)
{
    int64_t length = 0;
    for (value at = *root; at != NONE; at = node_of(at)->next)
        length++;
    return length;
}

static void test_roots_and_chain(void)
{
    static value root = VALUE_NULL;
    gc_add_root(vm, &root);
    chain_build(&root, 1000000);
    collect_all();
    CU_ASSERT_EQUAL(chain_length(&root), 1000000);
    deaths = 0;
    root = VALUE_NULL;
    collect_all();
    CU_ASSERT_TRUE(deaths > 999900);
}

static void test_storage(void)
{
    for (size_t size = 1; size < 10000; size = size * 3 / 2 + 1) {
        uint8_t *storage = gc_storage(vm, size);
        memset(storage, 0xab, size);
        storage = gc_resize_storage(vm, storage, size, 2 * size);
        bool kept = true, zeroed = true;
        for (size_t i = 0; i < size; i++) {
            kept = kept && storage[i] == 0xab;
            zeroed = zeroed && storage[size + i] == 0;
        }
        CU_ASSERT_TRUE(kept);
        CU_ASSERT_TRUE(zeroed);
        gc_free_storage(vm, storage, 2 * size);
        if (2 * size <= GC_SMALL_MAX)
            CU_ASSERT_PTR_EQUAL(gc_storage(vm, 2 * size), storage);
    }
    CU_ASSERT_PTR_NULL(gc_storage(vm, 0));
}

static void test_lists_survive(void)
{
    value list = list_new(vm, 0);
    for (int64_t i = 0; i < 200000; i++)
        list_append(vm, list_of(list), i % 3 ? small_int(i) : node_new(NONE, i));
    collect_all();
    bool same = true;
    for (int64_t i = 0; i < 200000; i++) {
        value item = list_of(list)->items[i];
        same = same && (i % 3 ? item == small_int(i) : node_of(item)->number == i);
    }
    CU_ASSERT_TRUE(same);
}

static void test_identity(void)
{
    value a = node_new(NONE, 1), b = node_new(NONE, 2);
    uint64_t first = object_identity(vm, a);
    CU_ASSERT_NOT_EQUAL(first, object_identity(vm, b));
    collect_all();
    CU_ASSERT_EQUAL(first, object_identity(vm, a));
    CU_ASSERT_EQUAL(object_identity(vm, small_int(5)), object_identity(vm, small_int(5)));
    CU_ASSERT_NOT_EQUAL(object_identity(vm, small_int(5)), object_identity(vm, small_int(6)));
    node_of(b)->number++; /* alive until here */
}

static void test_absurd_requests(void)
{
    CU_ASSERT_PTR_NULL(gc_storage(vm, (size_t)1 << 60));
    CU_ASSERT_TRUE(exception_matches(vm, &exc_MemoryError));
    exception_clear(vm);
    CU_ASSERT_PTR_NULL(gc_object(vm, (size_t)1 << 60, &node_type.shape));
    CU_ASSERT_TRUE(exception_matches(vm, &exc_MemoryError));
    exception_clear(vm);
}

int main(void)
{
    vm = VM_START();
    type_ready(vm, &node_type);
    CU_initialize_registry();
    CU_pSuite suite = CU_add_suite("gc", NULL, NULL);
    CU_ADD_TEST(suite, test_garbage_dies);
    CU_ADD_TEST(suite, test_stack_keeps);
    CU_ADD_TEST(suite, test_roots_and_chain);
    CU_ADD_TEST(suite, test_storage);
    CU_ADD_TEST(suite, test_lists_survive);
    CU_ADD_TEST(suite, test_identity);
    CU_ADD_TEST(suite, test_absurd_requests);
    return vm_suite_finish(vm);
}
