/* contract.c - products of arrays in other forms than dot: inner, vdot, tensordot and einsum where they are matrix products,
 * perhaps of operands with their axes in another order. Whatever else they are is done by the library's Python part. */
#include "sim/tensor/ndarray.h"

#include "sim/profile/profile.h"
#include "sim/runtime/text.h"

#include <string.h>

/* The library's own, which the native one is not for these arguments: no product was made here. */
static value leave_to_library(struct vm *vm, const char *name, const value *arguments, size_t count, value keyword_names)
{
    if (vm->record_shape)
        vm->record_shape(vm, SHAPE_NONE, 0, 0, 0, 0);
    return library_call(vm, name, arguments, count, keyword_names);
}

static bool is_numeric(const struct ndarray *array)
{
    return array_dtype(array) < DTYPE_NUMERIC_COUNT;
}

/* Both are arrays of numbers. */
static bool take_arrays(value a, value b, struct ndarray **x, struct ndarray **y)
{
    if (!is_array(a) || !is_array(b))
        return false;
    *x = array_of(a);
    *y = array_of(b);
    return is_numeric(*x) && is_numeric(*y);
}

static value contract_inner(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct ndarray *x, *y;
    (void)self;
    bool plain = count == 2 && !keyword_count(keyword_names) && take_arrays(arguments[0], arguments[1], &x, &y);
    if (!plain || x->dimensions - 1u > 1 || y->dimensions - 1u > 1 || x->shape[x->dimensions - 1] != y->shape[y->dimensions - 1])
        return leave_to_library(vm, "_inner", arguments, count, keyword_names);
    static const uint32_t turned[] = {1, 0};
    struct ndarray *columns = y->dimensions == 2 ? array_permute(vm, y, turned) : y;
    return columns ? array_dot(vm, arguments[0], object_value(columns)) : VALUE_NULL;
}

static value contract_vdot(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct ndarray *x, *y;
    (void)self;
    bool plain = count == 2 && !keyword_count(keyword_names) && take_arrays(arguments[0], arguments[1], &x, &y);
    if (!plain || x->dimensions != 1 || y->dimensions != 1 || x->size != y->size || is_complex_dtype(array_dtype(x)))
        return leave_to_library(vm, "_vdot", arguments, count, keyword_names);
    return array_dot(vm, arguments[0], arguments[1]);
}

static int64_t product_of(const int64_t *lengths, uint32_t count)
{
    int64_t product = 1;
    for (uint32_t i = 0; i < count; i++)
        product *= lengths[i];
    return product;
}

/* tensordot(a, b, n): the last n axes of a with the first n of b. */
static value contract_tensordot(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct ndarray *x, *y;
    (void)self;
    size_t given = count + keyword_count(keyword_names);
    bool plain = given - 2 <= 1 && count >= 2 && take_arrays(arguments[0], arguments[1], &x, &y) &&
                 (given == 2 || is_small_int(arguments[2])) &&
                 (count == given || string_is(tuple_of(keyword_names)->items[0], "axes"));
    int64_t axes = plain && given > 2 ? small_int_value(arguments[2]) : 2;
    plain = plain && axes > 0 && axes <= x->dimensions && axes <= y->dimensions && x->size && y->size;
    uint32_t kept = plain ? x->dimensions - (uint32_t)axes : 0, rest = plain ? y->dimensions - (uint32_t)axes : 0;
    if (!plain || memcmp(x->shape + kept, y->shape, (size_t)axes * sizeof *y->shape) != 0 || kept + rest > DIMENSIONS_MAX)
        return leave_to_library(vm, "_tensordot", arguments, count, keyword_names);
    int64_t depth = product_of(y->shape, (uint32_t)axes), shape[DIMENSIONS_MAX];
    const int64_t left[2] = {x->size / depth, depth}, right[2] = {depth, y->size / depth};
    memcpy(shape, x->shape, kept * sizeof *shape);
    memcpy(shape + kept, y->shape + axes, rest * sizeof *shape);
    value a = array_reshape(vm, x, left, 2), b = a == VALUE_NULL ? a : array_reshape(vm, y, right, 2);
    value result = b == VALUE_NULL ? b : array_dot(vm, a, b);
    return result == VALUE_NULL ? result : array_reshape(vm, array_of(result), shape, kept + rest);
}

/* ---- einsum ---- */

struct term {
    char letters[DIMENSIONS_MAX];
    uint32_t count;
};

struct subscripts {
    struct term a, b, out;
    char batch[DIMENSIONS_MAX], shared[DIMENSIONS_MAX], left[DIMENSIONS_MAX], right[DIMENSIONS_MAX];
    uint32_t batches, shares, lefts, rights;
};

static bool has_letter(const struct term *term, char letter)
{
    return memchr(term->letters, letter, term->count) != NULL;
}

/* Letters up to the text `end`, none of them twice. NULL: something else. */
static const char *read_term(const char *at, const char *end, struct term *term)
{
    size_t length = strlen(end);
    for (; strncmp(at, end, length) != 0 || (!length && *at); at++) {
        bool is_letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (*at == ' ')
            continue;
        if (!is_letter || term->count == DIMENSIONS_MAX || has_letter(term, *at))
            return NULL;
        term->letters[term->count++] = *at;
    }
    return at + length;
}

/* "ij,jk->ik" and the like: each letter in both operands, the others in one of them and the result. */
static bool read_subscripts(const char *text, struct subscripts *s)
{
    text = read_term(text, ",", &s->a);
    text = text ? read_term(text, "->", &s->b) : NULL;
    if (!text || !read_term(text, "", &s->out))
        return false;
    for (uint32_t i = 0; i < s->a.count; i++) {
        char letter = s->a.letters[i];
        bool in_b = has_letter(&s->b, letter), in_out = has_letter(&s->out, letter);
        if (in_b && in_out)
            s->batch[s->batches++] = letter;
        else if (in_b)
            s->shared[s->shares++] = letter;
        else if (in_out)
            s->left[s->lefts++] = letter;
        else
            return false;
    }
    for (uint32_t i = 0; i < s->b.count; i++) {
        char letter = s->b.letters[i];
        if (!has_letter(&s->a, letter) && !has_letter(&s->out, letter))
            return false;
        if (!has_letter(&s->a, letter))
            s->right[s->rights++] = letter;
    }
    return s->shares && s->out.count == s->batches + s->lefts + s->rights;
}

static bool lengths_agree(const struct subscripts *s, const struct ndarray *x, const struct ndarray *y)
{
    if (x->dimensions != s->a.count || y->dimensions != s->b.count || !x->size || !y->size)
        return false;
    for (uint32_t i = 0; i < s->a.count; i++)
        for (uint32_t k = 0; k < s->b.count; k++)
            if (s->a.letters[i] == s->b.letters[k] && x->shape[i] != y->shape[k])
                return false;
    return true;
}

/* Places in the term of those letters. */
static void find_places(const struct term *term, const char *letters, uint32_t *places)
{
    for (uint32_t i = 0; letters[i]; i++)
        places[i] = (uint32_t)((const char *)memchr(term->letters, letters[i], term->count) - term->letters);
}

static uint32_t join(char *text, const char *first, uint32_t firsts, const char *second, uint32_t seconds, const char *third,
                     uint32_t thirds)
{
    memcpy(text, first, firsts);
    memcpy(text + firsts, second, seconds);
    memcpy(text + firsts + seconds, third, thirds);
    text[firsts + seconds + thirds] = 0;
    return firsts + seconds + thirds;
}

/* The operand as a stack of matrices: its axes in the order of the letters, those behind the batch's as two. */
static value stack_of(struct vm *vm, struct ndarray *array, const struct term *term, const char *letters, uint32_t batches,
                      uint32_t rows, uint32_t columns)
{
    uint32_t places[DIMENSIONS_MAX];
    find_places(term, letters, places);
    struct ndarray *turned = array_permute(vm, array, places);
    if (!turned)
        return VALUE_NULL;
    int64_t shape[DIMENSIONS_MAX + 2];
    memcpy(shape, turned->shape, batches * sizeof *shape);
    shape[batches] = product_of(turned->shape + batches, rows);
    shape[batches + 1] = product_of(turned->shape + batches + rows, columns);
    return array_reshape(vm, turned, shape, batches + 2);
}

static value contract_product(struct vm *vm, struct ndarray *x, struct ndarray *y, const struct subscripts *s)
{
    char letters[2 * DIMENSIONS_MAX + 1];
    struct term made = {.count = 0};
    int64_t shape[DIMENSIONS_MAX];
    uint32_t places[DIMENSIONS_MAX];
    join(letters, s->batch, s->batches, s->left, s->lefts, s->shared, s->shares);
    value a = stack_of(vm, x, &s->a, letters, s->batches, s->lefts, s->shares);
    join(letters, s->batch, s->batches, s->shared, s->shares, s->right, s->rights);
    value b = a == VALUE_NULL ? a : stack_of(vm, y, &s->b, letters, s->batches, s->shares, s->rights);
    value product = b == VALUE_NULL ? b : array_matmul(vm, a, b);
    if (product == VALUE_NULL)
        return product;
    made.count = join(letters, s->batch, s->batches, s->left, s->lefts, s->right, s->rights);
    memcpy(made.letters, letters, made.count);
    for (uint32_t i = 0; i < made.count; i++) {
        const char *in_a = memchr(s->a.letters, letters[i], s->a.count), *in_b = memchr(s->b.letters, letters[i], s->b.count);
        shape[i] = in_a ? x->shape[in_a - s->a.letters] : y->shape[in_b - s->b.letters];
    }
    value result = array_reshape(vm, array_of(product), shape, made.count);
    if (result == VALUE_NULL)
        return result;
    if (!made.count)
        return array_result(vm, array_of(result));
    memcpy(letters, s->out.letters, s->out.count);
    letters[s->out.count] = 0;
    find_places(&made, letters, places);
    return array_value(array_permute(vm, array_of(result), places));
}

static value contract_einsum(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct ndarray *x, *y;
    struct subscripts subscripts = {.batches = 0};
    (void)self;
    bool plain = count == 3 && !keyword_count(keyword_names) && is_exact(arguments[0], &string_type) &&
                 take_arrays(arguments[1], arguments[2], &x, &y);
    const char *text = plain ? string_utf8(vm, arguments[0], NULL) : NULL;
    if (plain && !text)
        return VALUE_NULL;
    if (!plain || !read_subscripts(text, &subscripts) || !lengths_agree(&subscripts, x, y))
        return leave_to_library(vm, "_einsum", arguments, count, keyword_names);
    return contract_product(vm, x, y, &subscripts);
}

/* The product of a column and a row: one multiplication for each element, none of which is added to another. */
static value contract_outer(struct vm *vm, value self, const value *arguments, size_t count, value keyword_names)
{
    struct ndarray *x, *y;
    (void)self;
    bool plain = count == 2 && !keyword_count(keyword_names) && take_arrays(arguments[0], arguments[1], &x, &y);
    if (!plain || x->dimensions != 1 || y->dimensions != 1 || !x->size || !y->size || x->size > UINT32_MAX || y->size > UINT32_MAX)
        return leave_to_library(vm, "_outer", arguments, count, keyword_names);
    const int64_t column[] = {x->size, 1}, row[] = {1, y->size};
    value a = array_reshape(vm, x, column, 2), b = a == VALUE_NULL ? a : array_reshape(vm, y, row, 2), product = VALUE_NULL;
    void (*record)(struct vm *, int, uint32_t, uint32_t, uint32_t, uint32_t) = vm->record_shape;
    vm->record_shape = NULL; /* as a product of matrices, below */
    if (b != VALUE_NULL)
        WORK_UNTRACKED(vm, product = array_binary(vm, BINARY_MUL, a, b));
    vm->record_shape = record;
    if (product == VALUE_NULL)
        return product;
    const struct ndarray *made = array_of(product);
    ADD_WORK(vm, objects, 1);
    ADD_WORK(vm, bytes, sizeof *made + (uint64_t)made->size * made->item_size);
    ADD_WORK(vm, multiply_adds, made->size);
    if (record)
        record(vm, SHAPE_MATMUL, (uint32_t)x->size, (uint32_t)y->size, 1, made->item_size);
    return product;
}

const struct method_definition contract_functions[] = {
    {"outer", NULL, contract_outer, METHOD_STATIC, NULL},
    {"inner", NULL, contract_inner, METHOD_STATIC, NULL},
    {"vdot", NULL, contract_vdot, METHOD_STATIC, NULL},
    {"tensordot", NULL, contract_tensordot, METHOD_STATIC, NULL},
    {"einsum", NULL, contract_einsum, METHOD_STATIC, NULL},
    {NULL, NULL, NULL, 0, NULL},
};
