/* page_provenance.c - see page_provenance.h. */
#include "reports/page_provenance.h"

#include "core/version.h"

static void add_fact(struct page_table *table, const struct page_fact *fact)
{
    if (!fact->value || !*fact->value)
        return;
    struct page_cell *row = page_table_row(table);
    page_cell_text(&row[0], fact->name);
    page_cell_text(&row[1], fact->value);
}

void page_add_provenance(struct page *page, const struct page_fact *facts, int count)
{
    static const struct page_column columns[] = {{"what", PAGE_TEXT, NULL}, {"value", PAGE_CODE, NULL}};
    static const struct page_fact common[] = {
        {"hybridsim", HYBRIDSIM_VERSION}, {"compiler", "CPython 3.11"}, {"hash seed", "0 (PYTHONHASHSEED=0)"}};
    page_add_tab(page, "provenance", "Provenance");
    struct page_table *table = page_add_table(page, "origin", "Where the figures come from",
                                              "The same command with the same programs, input, specs and version gives this page "
                                              "again, byte for byte.", columns, 2);
    table->fixed = true;
    for (int i = 0; i < count; i++)
        add_fact(table, &facts[i]);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        add_fact(table, &common[i]);
}

/* FNV-1a, 64 bits: tells whether two specs are the same. */
static uint64_t fingerprint(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3u;
    return hash;
}

void page_add_spec(struct page *page, int place, const char *isa, const char *machine, const char *text)
{
    struct arena *arena = page_arena(page);
    page_add_text(page, arena_printf(arena, "spec-%d", place),
                  arena_printf(arena, "ISA %s%s%s, fingerprint %016llx", isa, machine ? " on machine " : "", machine ? machine : "",
                               (unsigned long long)fingerprint(text)), text);
}
