/* double_root.c - cube roots of doubles, and lengths of complex numbers. */
#include "sim/tensor/rows/lane_root.h"

ROW_RIGHT_AT_ZERO(cbrt)
ROW_OF_TWO(length)
ROW_OF_COMPLEX(complex_length, length)
