/* line_match.h - which line of one text is which of another: the lines of a longest common subsequence. */
#ifndef HYBRIDSIM_REPORTS_LINE_MATCH_H
#define HYBRIDSIM_REPORTS_LINE_MATCH_H

#include <stdint.h>

/* matches[i]: the place in `after` of line i of `before`, or UINT32_MAX. Texts whose changed parts are too long to compare (the
 * product of their lengths is above 16 million) match at their beginnings and ends only. */
void line_match(const char *const *before, uint32_t before_count, const char *const *after, uint32_t after_count,
                uint32_t *matches);

#endif
