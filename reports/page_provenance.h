/* page_provenance.h - the part of a page that says what its figures come from: facts, versions, the specs in full. */
#ifndef HYBRIDSIM_REPORTS_PAGE_PROVENANCE_H
#define HYBRIDSIM_REPORTS_PAGE_PROVENANCE_H

#include "reports/page.h"

struct page_fact {
    const char *name, *value; /* value NULL or "": left out */
};

/* The tab, and a table of these facts and of what all reports have in common: versions and the seed of hashes. */
void page_add_provenance(struct page *page, const struct page_fact *facts, int count);
/* An ISA's spec in full, with a number by which two can be told apart; machine NULL: the one in the spec. `place` makes the
 * section's name: another one for each spec. */
void page_add_spec(struct page *page, int place, const char *isa, const char *machine, const char *text);

#endif
