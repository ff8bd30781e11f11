/* linalg.h - numpy.linalg's functions, on values. VALUE_NULL: an exception is pending. */
#ifndef HYBRIDSIM_SIM_TENSOR_LINALG_LINALG_H
#define HYBRIDSIM_SIM_TENSOR_LINALG_LINALG_H

#include "sim/tensor/linalg/matrices.h"

/* solving.c */
value linalg_solve(struct vm *vm, value a, value b);
value linalg_inv(struct vm *vm, value a);
value linalg_inv_or_nan(struct vm *vm, value a);               /* NaNs for singular ones; float64, whatever a is */
value linalg_det(struct vm *vm, value a, bool with_logarithm); /* det, slogdet */
value linalg_cholesky(struct vm *vm, value a);
value linalg_lstsq(struct vm *vm, value a, value b, value rcond);

/* factoring.c */
value linalg_qr(struct vm *vm, value a, value mode);
value linalg_eig(struct vm *vm, value a, bool vectors);              /* eig, eigvals */
value linalg_eigh(struct vm *vm, value a, value uplo, bool vectors); /* eigh, eigvalsh */
value linalg_svd(struct vm *vm, value a, bool full, bool vectors);
value linalg_svd_hermitian(struct vm *vm, value a, bool vectors); /* from eigenvalues */

/* derived.c: what is put together from other functions */
value linalg_norm(struct vm *vm, value x, value order, value axis, value keepdims);
value linalg_matrix_power(struct vm *vm, value a, value n);
value linalg_pinv(struct vm *vm, value a, value rcond, bool hermitian);
value linalg_matrix_rank(struct vm *vm, value a, value tolerance, bool hermitian);
value linalg_cond(struct vm *vm, value x, value p);
value linalg_multi_dot(struct vm *vm, value arrays);
value linalg_tensorsolve(struct vm *vm, value a, value b, value axes);
value linalg_tensorinv(struct vm *vm, value a, value ind);

#endif
