/* set_order.c - restores the order of set constants (see compiler.h). What does not fit the unit is left alone: it can only
 * come from a damaged cache, and an order is all that it could change. */
#include "frontend/compiler.h"
#include "frontend/unit_read.h"

static void order_set(struct code_unit *unit, const struct constant *row)
{
    if (row->kind != CONSTANT_TUPLE || row->size != 3 || row->items[0].kind != CONSTANT_INT ||
        row->items[1].kind != CONSTANT_INT || row->items[2].kind != CONSTANT_TUPLE)
        return;
    uint64_t code = (uint64_t)row->items[0].integer, constant = (uint64_t)row->items[1].integer;
    if (code >= unit->code_count || constant >= unit->codes[code]->constant_count)
        return;
    struct constant *set = (struct constant *)(uintptr_t)&unit->codes[code]->constants[constant];
    if (set->kind == CONSTANT_FROZENSET && set->size == row->items[2].size)
        set->items = row->items[2].items;
}

void sets_order(struct code_unit *unit, const struct source_version *version, const struct buffer *orders)
{
    struct diag ignored;
    struct constant rows;
    if (!orders->size)
        return;
    diag_init(&ignored);
    if (constant_read(version, unit->arena, (const uint8_t *)orders->bytes, orders->size, unit->filename, &rows, &ignored) &&
        rows.kind == CONSTANT_TUPLE)
        for (size_t i = 0; i < rows.size; i++)
            order_set(unit, &rows.items[i]);
    diag_free(&ignored);
}
