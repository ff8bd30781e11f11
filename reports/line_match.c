/* line_match.c - see line_match.h. Equal beginnings and ends are taken off first; what is between is usually a few lines. */
#include "reports/line_match.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS_MAX = 16 << 20 };

struct texts {
    const char *const *before, *const *after;
    uint32_t before_count, after_count;
};

static bool equal(const struct texts *texts, uint32_t before, uint32_t after)
{
    return strcmp(texts->before[before], texts->after[after]) == 0;
}

/* lengths[i][j]: of the longest common subsequence of the lines from i and from j on. */
static void match_middle(const struct texts *texts, uint32_t *matches, uint32_t first)
{
    size_t rows = texts->before_count - first, columns = texts->after_count - first, width = columns + 1;
    if (!rows || !columns || rows * columns > CELLS_MAX)
        return;
    uint32_t *lengths = calloc((rows + 1) * width, sizeof *lengths);
    if (!lengths)
        abort();
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint32_t *at = &lengths[i * width + j];
            if (equal(texts, first + (uint32_t)i, first + (uint32_t)j))
                *at = at[width + 1] + 1;
            else
                *at = at[width] > at[1] ? at[width] : at[1];
        }
    for (size_t i = 0, j = 0; i < rows && j < columns;) {
        const uint32_t *at = &lengths[i * width + j];
        if (equal(texts, first + (uint32_t)i, first + (uint32_t)j)) {
            matches[first + i++] = first + (uint32_t)j++;
        } else if (at[width] >= at[1]) {
            i++;
        } else {
            j++;
        }
    }
    free(lengths);
}

void line_match(const char *const *before, uint32_t before_count, const char *const *after, uint32_t after_count,
                uint32_t *matches)
{
    struct texts texts = {before, after, before_count, after_count};
    uint32_t first = 0;
    for (uint32_t i = 0; i < before_count; i++)
        matches[i] = UINT32_MAX;
    while (first < before_count && first < after_count && equal(&texts, first, first)) {
        matches[first] = first;
        first++;
    }
    while (texts.before_count > first && texts.after_count > first &&
           equal(&texts, texts.before_count - 1, texts.after_count - 1))
        matches[--texts.before_count] = --texts.after_count;
    match_middle(&texts, matches, first);
}
