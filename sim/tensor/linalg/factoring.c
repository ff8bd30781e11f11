/* factoring.c - numpy.linalg's orthogonal factorisations: qr, eig, eigh, svd. Operations are counted by the formulas of
 * G. H. Golub, C. F. Van Loan, "Matrix Computations", 4th edition (5.2, 7.5.6, 8.3, figure 8.6.1). */
#include "sim/tensor/linalg/linalg.h"

#include <stdio.h>

static int leading_of(int n)
{
    return n > 1 ? n : 1;
}

static int smaller_of(int a, int b)
{
    return a < b ? a : b;
}

static char *matrix_at(const struct ndarray *array, int64_t i, int64_t elements)
{
    return array->data + i * elements * array->item_size;
}

/* ---- QR ---- */

enum qr_mode { QR_REDUCED, QR_COMPLETE, QR_R, QR_RAW, QR_ECONOMIC };

static bool qr_mode_from(struct vm *vm, value given, enum qr_mode *mode)
{
    static const struct {
        const char *name;
        enum qr_mode mode;
        const char *warning;
    } modes[] = {
        {"reduced", QR_REDUCED, NULL},
        {"complete", QR_COMPLETE, NULL},
        {"r", QR_R, NULL},
        {"raw", QR_RAW, NULL},
        {"f", QR_REDUCED,
         "The 'full' option is deprecated in favor of 'reduced'.\nFor backward compatibility let mode default."},
        {"full", QR_REDUCED,
         "The 'full' option is deprecated in favor of 'reduced'.\nFor backward compatibility let mode default."},
        {"e", QR_ECONOMIC, "The 'economic' option is deprecated."},
        {"economic", QR_ECONOMIC, "The 'economic' option is deprecated."}};
    *mode = QR_REDUCED;
    if (given == VALUE_NULL)
        return true;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (!has_flag(given, TYPE_STRING) || !string_is(given, modes[i].name))
            continue;
        *mode = modes[i].mode;
        return !modes[i].warning || warning_issue(vm, &exc_DeprecationWarning, 1, "%s", modes[i].warning);
    }
    raise_error(vm, &exc_ValueError, "Unrecognized mode '%S'", given);
    return false;
}

struct qr {
    const struct stack *a;
    int rows, columns, rank, kept; /* rank: the smaller of both; kept: columns of q */
    char *factor, *q, *tau;
    void *work;
    int length;
};

/* The workspace LAPACK asks for, for both steps. */
static bool qr_prepare(struct vm *vm, struct workspace *space, struct qr *f)
{
    double sizes[2][2] = {{0}};
    int query = -1, info, leading = leading_of(f->rows);
    size_t widest = (size_t)(f->columns > f->kept ? f->columns : f->kept);
    f->factor = workspace_take(vm, space, (size_t)f->rows * (size_t)f->columns, f->a->bytes);
    f->q = f->factor ? workspace_take(vm, space, (size_t)f->rows * widest, f->a->bytes) : NULL;
    f->tau = f->q ? workspace_take(vm, space, (size_t)f->rank, f->a->bytes) : NULL;
    if (!f->tau)
        return false;
    if (f->a->complex) {
        zgeqrf_(&f->rows, &f->columns, f->factor, &leading, f->tau, sizes[0], &query, &info);
        zungqr_(&f->rows, &f->kept, &f->rank, f->q, &leading, f->tau, sizes[1], &query, &info);
    } else {
        dgeqrf_(&f->rows, &f->columns, f->factor, &leading, f->tau, sizes[0], &query, &info);
        dorgqr_(&f->rows, &f->kept, &f->rank, f->q, &leading, f->tau, sizes[1], &query, &info);
    }
    f->length = leading_of(f->columns > f->kept ? f->columns : f->kept);
    for (int i = 0; i < 2; i++)
        f->length = sizes[i][0] > f->length ? (int)sizes[i][0] : f->length;
    f->work = workspace_take(vm, space, (size_t)f->length, f->a->bytes);
    return f->work != NULL;
}

static void qr_factor(struct qr *f, int64_t i)
{
    int info, leading = leading_of(f->rows);
    to_columns(f->factor, leading, matrix_at(f->a->array, i, (int64_t)f->rows * f->columns), f->rows, f->columns,
               f->a->bytes);
    if (f->a->complex)
        zgeqrf_(&f->rows, &f->columns, f->factor, &leading, f->tau, f->work, &f->length, &info);
    else
        dgeqrf_(&f->rows, &f->columns, f->factor, &leading, f->tau, f->work, &f->length, &info);
}

static void qr_generate(struct qr *f)
{
    int info, leading = leading_of(f->rows), shared = smaller_of(f->columns, f->kept);
    memcpy(f->q, f->factor, (size_t)f->rows * (size_t)shared * f->a->bytes);
    if (f->a->complex)
        zungqr_(&f->rows, &f->kept, &f->rank, f->q, &leading, f->tau, f->work, &f->length, &info);
    else
        dorgqr_(&f->rows, &f->kept, &f->rank, f->q, &leading, f->tau, f->work, &f->length, &info);
}

/* The upper triangle's first rows, C order. */
static void triangle_store(const struct qr *f, char *target, int rows)
{
    size_t bytes = f->a->bytes;
    for (int i = 0; i < rows; i++)
        for (int j = i; j < f->columns; j++)
            memcpy(target + ((size_t)i * (size_t)f->columns + (size_t)j) * bytes,
                   f->factor + ((size_t)j * (size_t)f->rows + (size_t)i) * bytes, bytes);
}

static void qr_account(struct vm *vm, const struct qr *f, bool with_q)
{
    double m = f->rows, n = f->columns, k = f->rank, kept = f->kept;
    double operations = m >= n ? 2 * n * n * (m - n / 3) : 2 * m * m * (n - m / 3);
    if (with_q)
        operations += 4 * m * kept * k - 2 * (m + kept) * k * k + 4. / 3 * k * k * k;
    account_operations(vm, (double)f->a->count * operations, f->a->complex);
}

value linalg_qr(struct vm *vm, value given, value mode_given)
{
    enum qr_mode mode;
    struct stack a;
    bool complex;
    int dtype;
    struct workspace space = {{0}, 0};
    struct ndarray *array = qr_mode_from(vm, mode_given, &mode) ? matrix_operand(vm, given) : NULL, *q = NULL,
                   *r = NULL;
    if (!array || !linalg_dtype(vm, &array, 1, &complex, &dtype) || !stack_from(vm, array, complex, &a))
        return VALUE_NULL;
    int rank = smaller_of(a.rows, a.columns), work = work_dtype(complex);
    struct qr f = {
        .a = &a, .rows = a.rows, .columns = a.columns, .rank = rank, .kept = mode == QR_COMPLETE ? a.rows : rank};
    if (mode == QR_RAW) {
        q = stack_result(vm, &a, work, 2, a.columns, a.rows);
        r = stack_result(vm, &a, work, 1, rank, 0);
    } else if (mode == QR_ECONOMIC) {
        q = r = stack_result(vm, &a, work, 2, a.rows, a.columns);
    } else {
        q = stack_result(vm, &a, work, 2, a.rows, f.kept);
        r = stack_result(vm, &a, work, 2, f.kept, a.columns);
    }
    bool good = q && r && qr_prepare(vm, &space, &f);
    for (int64_t i = 0; good && i < a.count; i++) {
        qr_factor(&f, i);
        if (mode == QR_RAW) {
            memcpy(matrix_at(q, i, (int64_t)a.rows * a.columns), f.factor,
                   (size_t)a.rows * (size_t)a.columns * a.bytes);
            memcpy(matrix_at(r, i, rank), f.tau, (size_t)rank * a.bytes);
        } else if (mode == QR_ECONOMIC) {
            from_columns(matrix_at(q, i, (int64_t)a.rows * a.columns), f.factor, leading_of(a.rows), a.rows, a.columns,
                         a.bytes);
        } else {
            triangle_store(&f, matrix_at(r, i, (int64_t)f.kept * a.columns), smaller_of(f.kept, rank));
            if (mode != QR_R) {
                qr_generate(&f);
                from_columns(matrix_at(q, i, (int64_t)a.rows * f.kept), f.q, leading_of(a.rows), a.rows, f.kept,
                             a.bytes);
            }
        }
    }
    workspace_free(&space);
    if (!good)
        return VALUE_NULL;
    qr_account(vm, &f, mode == QR_REDUCED || mode == QR_COMPLETE);
    value r_value = linalg_cast(vm, r, dtype);
    if (mode == QR_R || mode == QR_ECONOMIC || r_value == VALUE_NULL)
        return r_value;
    value q_value = linalg_cast(vm, q, dtype);
    return q_value == VALUE_NULL ? q_value : tuple_pack(vm, 2, q_value, r_value);
}

/* ---- eigenvalues of any square matrix ---- */

struct eigen {
    int n, leading, length, info;
    bool complex, vectors;
    char *a, *w, *v; /* complex w and v */
    double *real, *imaginary, *real_vectors, *real_work;
    void *work;
};

static void eigen_run(struct eigen *e, void *work, int length)
{
    const char *job = e->vectors ? "V" : "N";
    if (e->complex)
        zgeev_("N", job, &e->n, e->a, &e->leading, e->w, NULL, &e->leading, e->v, &e->leading, work, &length,
               e->real_work, &e->info, 1, 1);
    else
        dgeev_("N", job, &e->n, (double *)(void *)e->a, &e->leading, e->real, e->imaginary, NULL, &e->leading,
               e->real_vectors, &e->leading, work, &length, &e->info, 1, 1);
}

static bool eigen_prepare(struct vm *vm, struct workspace *space, struct eigen *e)
{
    size_t n = (size_t)e->n, elements = n * n;
    double size[2] = {0};
    e->a = workspace_take(vm, space, elements, e->complex ? 16 : 8);
    e->w = e->a ? workspace_take(vm, space, n, 16) : NULL;
    e->v = e->w ? workspace_take(vm, space, elements, 16) : NULL;
    e->real = e->v ? workspace_take(vm, space, n, sizeof(double)) : NULL;
    e->imaginary = e->real ? workspace_take(vm, space, n, sizeof(double)) : NULL;
    e->real_vectors = e->imaginary ? workspace_take(vm, space, elements, sizeof(double)) : NULL;
    e->real_work = e->real_vectors ? workspace_take(vm, space, 2 * n, sizeof(double)) : NULL;
    if (!e->real_work)
        return false;
    eigen_run(e, size, -1);
    e->length = size[0] > 1 ? (int)size[0] : 1;
    e->work = workspace_take(vm, space, (size_t)e->length, 16);
    return e->work != NULL;
}

/* dgeev's answer as complex numbers: conjugate pairs have their vectors' real and imaginary parts in two columns. */
static void eigen_unpack(struct eigen *e)
{
    complex_double *w = (complex_double *)(void *)e->w, *v = (complex_double *)(void *)e->v;
    for (int i = 0; i < e->n; i++)
        w[i] = (complex_double){e->real[i], e->imaginary[i]};
    for (int j = 0; e->vectors && j < e->n; j++) {
        const double *column = e->real_vectors + (size_t)j * (size_t)e->n;
        bool pair = e->imaginary[j] != 0 && j + 1 < e->n;
        for (int i = 0; i < e->n; i++) {
            double imaginary = pair ? column[e->n + i] : 0;
            v[(size_t)j * (size_t)e->n + (size_t)i] = (complex_double){column[i], imaginary};
            if (pair)
                v[(size_t)(j + 1) * (size_t)e->n + (size_t)i] = (complex_double){column[i], -imaginary};
        }
        j += pair;
    }
}

static bool all_real(const struct ndarray *w)
{
    for (int64_t i = 0; i < w->size; i++)
        if (((complex_double *)(void *)w->data)[i].imaginary != 0)
            return false;
    return true;
}

/* The real parts, as numbers of that type. */
static value real_parts(struct vm *vm, struct ndarray *array, int dtype)
{
    struct ndarray *parts = array_new(vm, DTYPE_FLOAT64, array->dimensions, array->shape);
    for (int64_t i = 0; parts && i < array->size; i++)
        ((double *)(void *)parts->data)[i] = ((complex_double *)(void *)array->data)[i].real;
    return parts ? linalg_cast(vm, parts, dtype) : VALUE_NULL;
}

value linalg_eig(struct vm *vm, value given, bool vectors)
{
    struct ndarray *array = matrix_operand(vm, given);
    struct stack a;
    bool complex;
    int dtype;
    struct workspace space = {{0}, 0};
    if (!array || !matrix_square(vm, array) || !matrix_finite(vm, array) ||
        !linalg_dtype(vm, &array, 1, &complex, &dtype) || !stack_from(vm, array, complex, &a))
        return VALUE_NULL;
    struct eigen e = {.n = a.rows, .leading = leading_of(a.rows), .complex = complex, .vectors = vectors};
    int64_t elements = (int64_t)a.rows * a.rows;
    struct ndarray *w = stack_result(vm, &a, DTYPE_COMPLEX128, 1, a.rows, 0);
    struct ndarray *v = w ? stack_result(vm, &a, DTYPE_COMPLEX128, 2, a.rows, a.rows) : NULL;
    bool good = v && eigen_prepare(vm, &space, &e);
    for (int64_t i = 0; good && i < a.count && e.info == 0; i++) {
        to_columns(e.a, e.leading, matrix_at(a.array, i, elements), a.rows, a.rows, a.bytes);
        eigen_run(&e, e.work, e.length);
        if (!complex)
            eigen_unpack(&e);
        memcpy(matrix_at(w, i, a.rows), e.w, (size_t)a.rows * sizeof(complex_double));
        if (vectors)
            from_columns(matrix_at(v, i, elements), e.v, e.leading, a.rows, a.rows, sizeof(complex_double));
    }
    workspace_free(&space);
    if (!good)
        return VALUE_NULL;
    if (e.info)
        return raise_error(vm, &linalg_error_type, "Eigenvalues did not converge");
    account_operations(vm, (double)a.count * (vectors ? 25. : 10.) * a.rows * a.rows * a.rows, complex);
    bool real = !complex && all_real(w);
    value w_value = real ? real_parts(vm, w, real_dtype(dtype)) : linalg_cast(vm, w, complex_dtype(dtype));
    if (!vectors || w_value == VALUE_NULL)
        return w_value;
    value v_value = real ? real_parts(vm, v, real_dtype(dtype)) : linalg_cast(vm, v, complex_dtype(dtype));
    return v_value == VALUE_NULL ? v_value : tuple_pack(vm, 2, w_value, v_value);
}

/* ---- of a Hermitian one ---- */

struct hermitian {
    int n, leading, length, real_length, integer_length, info;
    bool complex;
    const char *job, *triangle;
    char *a;
    double *w, *real_work;
    void *work;
    int *integer_work;
};

static void hermitian_run(struct hermitian *h)
{
    if (h->complex)
        zheevd_(h->job, h->triangle, &h->n, h->a, &h->leading, h->w, h->work, &h->length, h->real_work, &h->real_length,
                h->integer_work, &h->integer_length, &h->info, 1, 1);
    else
        dsyevd_(h->job, h->triangle, &h->n, (double *)(void *)h->a, &h->leading, h->w, h->work, &h->length,
                h->integer_work, &h->integer_length, &h->info, 1, 1);
}

static bool hermitian_prepare(struct vm *vm, struct workspace *space, struct hermitian *h)
{
    double size[2] = {0}, real_size = 0;
    int integers = 0;
    h->a = workspace_take(vm, space, (size_t)h->n * (size_t)h->n, h->complex ? 16 : 8);
    h->w = h->a ? workspace_take(vm, space, (size_t)h->n, sizeof(double)) : NULL;
    if (!h->w)
        return false;
    h->work = size;
    h->real_work = &real_size;
    h->integer_work = &integers;
    h->length = h->real_length = h->integer_length = -1;
    hermitian_run(h);
    h->length = (int)size[0];
    h->real_length = (int)real_size;
    h->integer_length = integers;
    h->work = workspace_take(vm, space, (size_t)h->length + 1, 16);
    h->real_work = h->work ? workspace_take(vm, space, (size_t)h->real_length + 1, sizeof(double)) : NULL;
    h->integer_work = h->real_work ? workspace_take(vm, space, (size_t)integers + 1, sizeof(int)) : NULL;
    return h->integer_work != NULL;
}

static const char *triangle_from(struct vm *vm, value given)
{
    if (given == VALUE_NULL)
        return "L";
    value upper = call_method(vm, given, "upper", NULL, 0);
    if (upper == VALUE_NULL)
        return NULL;
    if (has_flag(upper, TYPE_STRING) && string_is(upper, "L"))
        return "L";
    if (has_flag(upper, TYPE_STRING) && string_is(upper, "U"))
        return "U";
    raise_error(vm, &exc_ValueError, "UPLO argument must be 'L' or 'U'");
    return NULL;
}

value linalg_eigh(struct vm *vm, value given, value uplo, bool vectors)
{
    struct stack a;
    bool complex;
    int dtype;
    struct workspace space = {{0}, 0};
    struct hermitian h = {.job = vectors ? "V" : "N", .triangle = triangle_from(vm, uplo)};
    struct ndarray *array = h.triangle ? matrix_operand(vm, given) : NULL;
    char function[16] = "";
    if (h.triangle)
        snprintf(function, sizeof function, "eig%sh_%s", vectors ? "" : "vals", *h.triangle == 'L' ? "lo" : "up");
    if (!array || !matrix_square(vm, array) || !linalg_dtype(vm, &array, 1, &complex, &dtype) ||
        !matrix_castable(vm, array, complex, function, -1) || !stack_from(vm, array, complex, &a))
        return VALUE_NULL;
    h.n = a.rows;
    h.leading = leading_of(a.rows);
    h.complex = complex;
    int64_t elements = (int64_t)a.rows * a.rows;
    struct ndarray *w = stack_result(vm, &a, DTYPE_FLOAT64, 1, a.rows, 0);
    struct ndarray *v = w ? stack_result(vm, &a, work_dtype(complex), 2, a.rows, a.rows) : NULL;
    bool good = v && hermitian_prepare(vm, &space, &h);
    for (int64_t i = 0; good && i < a.count && h.info == 0; i++) {
        to_columns(h.a, h.leading, matrix_at(a.array, i, elements), a.rows, a.rows, a.bytes);
        hermitian_run(&h);
        memcpy(matrix_at(w, i, a.rows), h.w, (size_t)a.rows * sizeof(double));
        if (vectors)
            from_columns(matrix_at(v, i, elements), h.a, h.leading, a.rows, a.rows, a.bytes);
    }
    workspace_free(&space);
    if (!good)
        return VALUE_NULL;
    if (h.info)
        return raise_error(vm, &linalg_error_type, "Eigenvalues did not converge");
    account_operations(vm, (double)a.count * (vectors ? 9. : 4. / 3) * a.rows * a.rows * a.rows, complex);
    value w_value = linalg_cast(vm, w, real_dtype(dtype));
    if (!vectors || w_value == VALUE_NULL)
        return w_value;
    value v_value = linalg_cast(vm, v, dtype);
    return v_value == VALUE_NULL ? v_value : tuple_pack(vm, 2, w_value, v_value);
}

/* ---- singular values ---- */

struct singular {
    int m, n, smaller, leading, vt_rows, u_columns, length, info;
    bool complex;
    const char *job; /* all of U and V, as many vectors as singular values, none */
    char *a, *u, *vt;
    double *s, *real_work;
    void *work;
    int *integer_work;
};

static void singular_run(struct singular *f)
{
    int leading_vt = leading_of(f->vt_rows);
    if (f->complex)
        zgesdd_(f->job, &f->m, &f->n, f->a, &f->leading, f->s, f->u, &f->leading, f->vt, &leading_vt, f->work,
                &f->length, f->real_work, f->integer_work, &f->info, 1);
    else
        dgesdd_(f->job, &f->m, &f->n, (double *)(void *)f->a, &f->leading, f->s, (double *)(void *)f->u, &f->leading,
                (double *)(void *)f->vt, &leading_vt, f->work, &f->length, f->integer_work, &f->info, 1);
}

static bool singular_prepare(struct vm *vm, struct workspace *space, struct singular *f)
{
    size_t m = (size_t)f->m, n = (size_t)f->n, smaller = (size_t)f->smaller, larger = m > n ? m : n,
           bytes = f->complex ? 16 : 8;
    double size[2] = {0};
    f->a = workspace_take(vm, space, m * n, bytes);
    f->s = f->a ? workspace_take(vm, space, smaller, sizeof(double)) : NULL;
    f->u = f->s ? workspace_take(vm, space, m * (size_t)f->u_columns, bytes) : NULL;
    f->vt = f->u ? workspace_take(vm, space, (size_t)f->vt_rows * n, bytes) : NULL;
    f->integer_work = f->vt ? workspace_take(vm, space, 8 * smaller, sizeof(int)) : NULL;
    size_t real_length =
        smaller * (5 * smaller + 7 > 2 * larger + 2 * smaller + 1 ? 5 * smaller + 7 : 2 * larger + 2 * smaller + 1) + 1;
    f->real_work = !f->integer_work ? NULL : workspace_take(vm, space, f->complex ? real_length : 1, sizeof(double));
    if (!f->real_work)
        return false;
    f->work = size;
    f->length = -1;
    singular_run(f);
    f->length = size[0] > 1 ? (int)size[0] : 1;
    f->work = workspace_take(vm, space, (size_t)f->length, 16);
    return f->work != NULL;
}

static double singular_operations(double m, double n, const char *job)
{
    if (m < n) {
        double rows = m;
        m = n;
        n = rows;
    }
    switch (*job) {
    case 'N': return 4 * m * n * n - 4. / 3 * n * n * n;
    case 'S': return 14 * m * n * n + 8 * n * n * n;
    default: return 4 * m * m * n + 8 * m * n * n + 9 * n * n * n;
    }
}

static void unit_store(char *target, int n, size_t bytes)
{
    for (int k = 0; k < n; k++)
        *(double *)(void *)(target + (size_t)k * (size_t)(n + 1) * bytes) = 1.0;
}

value linalg_svd(struct vm *vm, value given, bool full, bool vectors)
{
    struct ndarray *array = matrix_operand(vm, given);
    struct stack a;
    bool complex;
    int dtype;
    struct workspace space = {{0}, 0};
    if (!array || !linalg_dtype(vm, &array, 1, &complex, &dtype))
        return VALUE_NULL;
    bool wide = array->shape[array->dimensions - 2] < array->shape[array->dimensions - 1];
    const char *function = !vectors ? (wide ? "svd_m" : "svd_n")
                           : full   ? (wide ? "svd_m_f" : "svd_n_f")
                                    : (wide ? "svd_m_s" : "svd_n_s");
    if (!matrix_castable(vm, array, complex, function, -1) || !stack_from(vm, array, complex, &a))
        return VALUE_NULL;
    int smaller = smaller_of(a.rows, a.columns), u_columns = !vectors ? 0 : full ? a.rows : smaller;
    int vt_rows = !vectors ? 0 : full ? a.columns : smaller;
    struct singular f = {.m = a.rows,
                         .n = a.columns,
                         .smaller = smaller,
                         .leading = leading_of(a.rows),
                         .vt_rows = vt_rows,
                         .u_columns = u_columns,
                         .complex = complex,
                         .job = !vectors ? "N"
                                : full   ? "A"
                                         : "S"};
    struct ndarray *s = stack_result(vm, &a, DTYPE_FLOAT64, 1, smaller, 0);
    struct ndarray *u = s ? stack_result(vm, &a, work_dtype(complex), 2, a.rows, u_columns) : NULL;
    struct ndarray *vt = u ? stack_result(vm, &a, work_dtype(complex), 2, vt_rows, a.columns) : NULL;
    bool good = vt && singular_prepare(vm, &space, &f);
    for (int64_t i = 0; good && i < a.count && f.info == 0; i++) {
        to_columns(f.a, f.leading, matrix_at(a.array, i, (int64_t)a.rows * a.columns), a.rows, a.columns, a.bytes);
        singular_run(&f);
        if (vectors && full && smaller == 0) {
            unit_store(f.u, a.rows, a.bytes);
            unit_store(f.vt, a.columns, a.bytes);
        }
        memcpy(matrix_at(s, i, smaller), f.s, (size_t)smaller * sizeof(double));
        from_columns(matrix_at(u, i, (int64_t)a.rows * u_columns), f.u, f.leading, a.rows, u_columns, a.bytes);
        from_columns(matrix_at(vt, i, (int64_t)vt_rows * a.columns), f.vt, leading_of(vt_rows), vt_rows, a.columns,
                     a.bytes);
    }
    workspace_free(&space);
    if (!good)
        return VALUE_NULL;
    if (f.info)
        return raise_error(vm, &linalg_error_type, "SVD did not converge");
    account_operations(vm, (double)a.count * singular_operations(a.rows, a.columns, f.job), complex);
    value s_value = linalg_cast(vm, s, real_dtype(dtype));
    if (!vectors || s_value == VALUE_NULL)
        return s_value;
    value u_value = linalg_cast(vm, u, dtype), vt_value = linalg_cast(vm, vt, dtype);
    return u_value == VALUE_NULL || vt_value == VALUE_NULL ? VALUE_NULL : tuple_pack(vm, 3, u_value, s_value, vt_value);
}

/* ---- of Hermitian matrices: the eigenvalues' sizes, greatest first, signs going into V ---- */

/* How the values of each row are to be ordered. false: no memory */
static bool sizes_order(struct vm *vm, struct ndarray *w, struct ndarray *sizes, int64_t *order)
{
    int64_t n = w->shape[w->dimensions - 1];
    for (int64_t row = 0; n && row < w->size; row += n) {
        for (int64_t i = row; i < row + n; i++)
            order[i] = i - row;
        if (!elements_argsort(vm, sizes->dtype, sizes->data + row * sizes->item_size, n, order + row, false))
            return false;
        for (int64_t i = 0; i < n / 2; i++) {
            int64_t other = order[row + i];
            order[row + i] = order[row + n - 1 - i];
            order[row + n - 1 - i] = other;
        }
    }
    return true;
}

/* A column of u, and its conjugate times a sign as a row of vh. */
static void hermitian_vectors_store(const struct ndarray *v, int64_t matrix, int64_t from, int64_t to, double sign,
                                    struct ndarray *u, struct ndarray *vh)
{
    int64_t n = v->shape[v->dimensions - 1], base = matrix * n * n;
    for (int64_t i = 0; i < n; i++) {
        const char *source = v->data + (base + i * n + from) * v->item_size;
        char *column = u->data + (base + i * n + to) * u->item_size,
             *row = vh->data + (base + to * n + i) * vh->item_size;
        memcpy(column, source, v->item_size);
        if (v->dtype == DTYPE_COMPLEX128) {
            const complex_double *x = (const complex_double *)(const void *)source;
            /* x * (sign + 0i), conjugated */
            *(complex_double *)(void *)row =
                (complex_double){x->real * sign - x->imaginary * 0.0, -(x->real * 0.0 + x->imaginary * sign)};
        } else if (v->dtype == DTYPE_COMPLEX64) {
            const complex_float *x = (const complex_float *)(const void *)source;
            float s = (float)sign;
            *(complex_float *)(void *)row =
                (complex_float){x->real * s - x->imaginary * 0.0f, -(x->real * 0.0f + x->imaginary * s)};
        } else if (v->dtype == DTYPE_FLOAT64) {
            *(double *)(void *)row = *(const double *)(const void *)source * sign;
        } else {
            *(float *)(void *)row = *(const float *)(const void *)source * (float)sign;
        }
    }
}

value linalg_svd_hermitian(struct vm *vm, value given, bool vectors)
{
    value parts = linalg_eigh(vm, given, VALUE_NULL, vectors);
    if (parts == VALUE_NULL)
        return parts;
    struct ndarray *w = array_of(vectors ? tuple_of(parts)->items[0] : parts),
                   *v = vectors ? array_of(tuple_of(parts)->items[1]) : NULL;
    value w_value = object_value(w), sizes_value = ufunc_apply(vm, "absolute", &w_value, 1);
    struct ndarray *sizes = sizes_value == VALUE_NULL ? NULL : array_of(sizes_value);
    struct ndarray *s = sizes ? array_new(vm, w->dtype, w->dimensions, w->shape) : NULL;
    struct ndarray *u = s && v ? array_new(vm, v->dtype, v->dimensions, v->shape) : NULL;
    struct ndarray *vh = u ? array_new(vm, v->dtype, v->dimensions, v->shape) : NULL;
    struct workspace space = {{0}, 0};
    int64_t *order = s && (vh || !v) ? workspace_take(vm, &space, (size_t)w->size, sizeof *order) : NULL;
    int64_t n = w->shape[w->dimensions - 1];
    bool good = order && sizes_order(vm, w, sizes, order);
    for (int64_t i = 0; good && i < w->size; i++) {
        int64_t from = i / n * n + order[i];
        double eigenvalue = element_float(w->dtype, w->data + from * w->item_size);
        memcpy(s->data + i * s->item_size, sizes->data + from * sizes->item_size, s->item_size);
        if (v)
            hermitian_vectors_store(v, i / n, order[i], i % n,
                                    eigenvalue > 0   ? 1
                                    : eigenvalue < 0 ? -1
                                                     : eigenvalue,
                                    u, vh);
    }
    workspace_free(&space);
    if (!good)
        return VALUE_NULL;
    ADD_WORK(vm, elements, w->size + (v ? 2 * v->size : 0));
    return v ? tuple_pack(vm, 3, object_value(u), object_value(s), object_value(vh)) : object_value(s);
}
