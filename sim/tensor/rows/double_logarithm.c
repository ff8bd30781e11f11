/* double_logarithm.c - logarithms of doubles, and inverses of hyperbolic functions. */
#include "sim/tensor/rows/lane_logarithm.h"

LOGARITHM_TO(log10, LOG10)

ROW(log10)
ROW_RIGHT_AT_ZERO(log1p)
ROW_RIGHT_AT_ZERO(arcsinh)
ROW(arccosh)
ROW_RIGHT_AT_ZERO(arctanh)
