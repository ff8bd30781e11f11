/* lapack.h - the routines of LAPACK 3.11 that module numpy.linalg stands on, as gfortran compiles them: arguments by
 * address, the lengths of texts at the end. Matrices are in column order. numpy calls the same ones, so results agree
 * to the bit.
 */
#ifndef HYBRIDSIM_SIM_TENSOR_LINALG_LAPACK_H
#define HYBRIDSIM_SIM_TENSOR_LINALG_LAPACK_H

#include <stddef.h>

typedef void fortran_matrix; /* of double, or pairs of them */

#define LAPACK_FOR_BOTH(name, parameters)                                                                              \
    void d##name##_ parameters;                                                                                        \
    void z##name##_ parameters
LAPACK_FOR_BOTH(gesv, (const int *n, const int *nrhs, fortran_matrix *a, const int *lda, int *pivots, fortran_matrix *b,
                       const int *ldb, int *info));
LAPACK_FOR_BOTH(getrf, (const int *m, const int *n, fortran_matrix *a, const int *lda, int *pivots, int *info));
LAPACK_FOR_BOTH(potrf,
                (const char *uplo, const int *n, fortran_matrix *a, const int *lda, int *info, size_t uplo_length));
LAPACK_FOR_BOTH(geqrf, (const int *m, const int *n, fortran_matrix *a, const int *lda, fortran_matrix *tau,
                        fortran_matrix *work, const int *lwork, int *info));
#undef LAPACK_FOR_BOTH
void dorgqr_(const int *m, const int *n, const int *k, fortran_matrix *a, const int *lda, const fortran_matrix *tau,
             fortran_matrix *work, const int *lwork, int *info);
void zungqr_(const int *m, const int *n, const int *k, fortran_matrix *a, const int *lda, const fortran_matrix *tau,
             fortran_matrix *work, const int *lwork, int *info);
void dgeev_(const char *jobvl, const char *jobvr, const int *n, double *a, const int *lda, double *wr, double *wi,
            double *vl, const int *ldvl, double *vr, const int *ldvr, double *work, const int *lwork, int *info,
            size_t jobvl_length, size_t jobvr_length);
void zgeev_(const char *jobvl, const char *jobvr, const int *n, fortran_matrix *a, const int *lda, fortran_matrix *w,
            fortran_matrix *vl, const int *ldvl, fortran_matrix *vr, const int *ldvr, fortran_matrix *work,
            const int *lwork, double *rwork, int *info, size_t jobvl_length, size_t jobvr_length);
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info, size_t jobz_length, size_t uplo_length);
void zheevd_(const char *jobz, const char *uplo, const int *n, fortran_matrix *a, const int *lda, double *w,
             fortran_matrix *work, const int *lwork, double *rwork, const int *lrwork, int *iwork, const int *liwork,
             int *info, size_t jobz_length, size_t uplo_length);
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s, double *u,
             const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork, int *iwork, int *info,
             size_t jobz_length);
void zgesdd_(const char *jobz, const int *m, const int *n, fortran_matrix *a, const int *lda, double *s,
             fortran_matrix *u, const int *ldu, fortran_matrix *vt, const int *ldvt, fortran_matrix *work,
             const int *lwork, double *rwork, int *iwork, int *info, size_t jobz_length);
void dgelsd_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb,
             double *s, const double *rcond, int *rank, double *work, const int *lwork, int *iwork, int *info);
void zgelsd_(const int *m, const int *n, const int *nrhs, fortran_matrix *a, const int *lda, fortran_matrix *b,
             const int *ldb, double *s, const double *rcond, int *rank, fortran_matrix *work, const int *lwork,
             double *rwork, int *iwork, int *info);

/* What LAPACK calls of gfortran's run-time library, and its report of a wrong argument. fortran_support.c */
void xerbla_(const char *routine, const int *argument, size_t routine_length);
void _gfortran_concat_string(size_t length, char *out, size_t length_a, const char *a, size_t length_b, const char *b);

#endif
