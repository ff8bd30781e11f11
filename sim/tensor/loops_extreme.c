/* loops_extreme.c - where the extreme of a row is: the first one; a NaN is more extreme than any number. */
#include "sim/tensor/loops.h"

/* Of adjoining elements most pieces have nothing that is more extreme: that is found out without branches. */
enum { FINDER_PIECE = 256 };
#define PIECE_HAS(name, T, ABOVE, BELOW)                                                                     \
    static bool name(const T *v, T found, bool greatest)                                                     \
    {                                                                                                        \
        unsigned any = 0;                                                                                    \
        if (greatest) {                                                                                      \
            for (int i = 0; i < FINDER_PIECE; i++)                                                           \
                any |= (unsigned)(ABOVE(v[i], found));                                                       \
        } else {                                                                                             \
            for (int i = 0; i < FINDER_PIECE; i++)                                                           \
                any |= (unsigned)(BELOW(v[i], found));                                                       \
        }                                                                                                    \
        return any;                                                                                          \
    }
#define SKIP_PIECES(N, T)                                                                                    \
    if (i % FINDER_PIECE == 0 && step == sizeof(T))                                                          \
        while (i + FINDER_PIECE <= count && !has_##N((const T *)(const void *)data + i, found, greatest))    \
            i += FINDER_PIECE;                                                                               \
    if (i >= count)                                                                                          \
        break;
#define WHOLE_ABOVE(x, y) ((x) > (y))
#define WHOLE_BELOW(x, y) ((x) < (y))
#define FLOAT_ABOVE(x, y) (!((x) <= (y)))
#define FLOAT_BELOW(x, y) (!((x) >= (y)))

#define WHOLE_EXTREME(op, N, T, U)                                                                           \
    PIECE_HAS(has_##N, T, WHOLE_ABOVE, WHOLE_BELOW)                                                          \
    static int64_t extreme_##N(const char *data, int64_t count, int64_t step, bool greatest)                 \
    {                                                                                                        \
        int64_t best = 0;                                                                                    \
        T found = *(const T *)(const void *)data;                                                            \
        for (int64_t i = 1; i < count; i++) {                                                                \
            SKIP_PIECES(N, T)                                                                                \
            const T x = *(const T *)(const void *)(data + i * step);                                         \
            if (greatest ? x > found : x < found) {                                                          \
                found = x;                                                                                   \
                best = i;                                                                                    \
            }                                                                                                \
        }                                                                                                    \
        return best;                                                                                         \
    }
#define FLOAT_EXTREME(N, STORED, T, LOAD, SKIP)                                                                    \
    static int64_t extreme_##N(const char *data, int64_t count, int64_t step, bool greatest)                 \
    {                                                                                                        \
        int64_t best = 0;                                                                                    \
        T found = LOAD(*(const STORED *)(const void *)data);                                                 \
        for (int64_t i = 1; i < count && found == found; i++) {                                              \
            SKIP(N, T)                                                                                       \
            const T x = LOAD(*(const STORED *)(const void *)(data + i * step));                              \
            if (greatest ? !(x <= found) : !(x >= found)) {                                                  \
                found = x;                                                                                   \
                best = i;                                                                                    \
            }                                                                                                \
        }                                                                                                    \
        return best;                                                                                         \
    }
#define AS_IT_IS(x) (x)
#define SKIP_NOTHING(N, T)
WHOLE_EXTREME(, BOOL, npbool, )
EACH_INTEGER(WHOLE_EXTREME, )
FLOAT_EXTREME(FLOAT16, half, float, half_to_float, SKIP_NOTHING)
PIECE_HAS(has_FLOAT32, float, FLOAT_ABOVE, FLOAT_BELOW)
FLOAT_EXTREME(FLOAT32, float, float, AS_IT_IS, SKIP_PIECES)
PIECE_HAS(has_FLOAT64, double, FLOAT_ABOVE, FLOAT_BELOW)
FLOAT_EXTREME(FLOAT64, double, double, AS_IT_IS, SKIP_PIECES)
#define COMPLEX_EXTREME(op, N, T, P)                                                                         \
    static int64_t extreme_##N(const char *data, int64_t count, int64_t step, bool greatest)                 \
    {                                                                                                        \
        int64_t best = 0;                                                                                    \
        T found = *(const T *)(const void *)data;                                                            \
        for (int64_t i = 1; i < count && found.real == found.real && found.imaginary == found.imaginary;     \
             i++) {                                                                                          \
            const T x = *(const T *)(const void *)(data + i * step);                                         \
            bool nan = x.real != x.real || x.imaginary != x.imaginary;                                       \
            bool above = x.real > found.real || (x.real == found.real && x.imaginary > found.imaginary);     \
            bool below = x.real < found.real || (x.real == found.real && x.imaginary < found.imaginary);     \
            if (nan || (greatest ? above : below)) {                                                         \
                found = x;                                                                                   \
                best = i;                                                                                    \
            }                                                                                                \
        }                                                                                                    \
        return best;                                                                                         \
    }
EACH_COMPLEX(COMPLEX_EXTREME, )
const extreme_table LOOPS(extreme) = {
#define DTYPE(name, type, text, kind, character, base, class) extreme_##name,
#include "sim/tensor/dtypes.def"
};
