/* single_logarithm.c - logarithms of floats, and inverses of hyperbolic functions. */
#define SINGLE
#include "sim/tensor/rows/lane_logarithm.h"

LOGARITHM_TO(log, LOG)
LOGARITHM_TO(log2, LOG2)
LOGARITHM_TO(log10, LOG10)

ROW(log)
ROW(log2)
ROW(log10)
ROW_RIGHT_AT_ZERO(log1p)
ROW_RIGHT_AT_ZERO(arcsinh)
ROW(arccosh)
ROW_RIGHT_AT_ZERO(arctanh)
