/* fortran_support.c - the two things LAPACK wants of its surroundings: joined texts (for names of options) and a report
 * of wrong arguments. With them here, gfortran's run-time library is not needed, whose start-up would open units and
 * read the environment. */
#include "sim/tensor/linalg/lapack.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

/* out = a // b, cut or filled with blanks to its length. */
void _gfortran_concat_string(size_t length, char *out, size_t length_a, const char *a, size_t length_b, const char *b)
{
    size_t first = length_a < length ? length_a : length,
           second = length_b < length - first ? length_b : length - first;
    memcpy(out, a, first);
    memcpy(out + first, b, second);
    memset(out + first + second, ' ', length - first - second);
}

/* The callers give what LAPACK asks for: this is a mistake of ours, unless LAPACK scales a matrix by a norm that is NaN. */
void xerbla_(const char *routine, const int *argument, size_t routine_length)
{
    bool scales = routine_length >= 6 && !memcmp(routine + 1, "LASCL", 5);
    (void)argument;
    assert(scales && "a wrong argument for LAPACK");
    (void)scales;
}
