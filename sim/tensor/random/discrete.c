/* discrete.c - Generator's discrete distributions; RandomState shares most of them. */
#include "sim/tensor/random/sampler.h"

/* log(gamma(x)) by the asymptotic series of S. Zhang, J. Jin, "Computation of Special Functions", 1996. */
double log_gamma(struct sampler *s, double x)
{
    static const double coefficients[10] = {8.333333333333333e-02,  -2.777777777777778e-03, 7.936507936507937e-04,
                                            -5.952380952380952e-04, 8.417508417508418e-04,  -1.917526917526918e-03,
                                            6.410256410256410e-03,  -2.955065359477124e-02, 1.796443723688307e-01,
                                            -1.39243221690590e+00};
    const double log_two_pi = 1.8378770664093453e+00;
    if (x == 1.0 || x == 2.0)
        return 0.0;
    int64_t steps = x < 7.0 ? (int64_t)(7 - x) : 0; /* the series is good from 7 on */
    double y = x + (double)steps, inverse_square = (1.0 / y) * (1.0 / y), sum = coefficients[9];
    for (int k = 8; k >= 0; k--)
        sum = sum * inverse_square + coefficients[k];
    double result = sum / y + 0.5 * log_two_pi + (y - 0.5) * s_log(s, y) - y;
    for (int64_t k = 0; k < steps; k++, y -= 1.0)
        result -= s_log(s, y - 1.0);
    return result;
}

/* ---- Poisson ---- */

static int64_t poisson_by_products(struct sampler *s, double lam)
{
    double limit = s_exp(s, -lam), product = 1.0;
    for (int64_t x = 0;; x++) {
        product *= s_uniform(s);
        if (!(product > limit))
            return x;
    }
}

/* W. Hörmann, "The Transformed Rejection Method for Generating Poisson Random Variables", 1993 (PTRS). */
static int64_t poisson_by_rejection(struct sampler *s, double lam)
{
    double root = s_sqrt(s, lam), log_lam = s_log(s, lam), b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), limit = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
        double u = s_uniform(s) - 0.5, v = s_uniform(s), us = 0.5 - fabs(u);
        int64_t k = (int64_t)floor((2 * a / us + b) * u + lam + 0.43);
        if (us >= 0.07 && v <= limit)
            return k;
        if (k < 0 || (us < 0.013 && v > us))
            continue;
        double left = s_log(s, v) + s_log(s, inverse_alpha) - s_log(s, a / (us * us) + b);
        if (left <= -lam + (double)k * log_lam - log_gamma(s, (double)(k + 1)))
            return k;
    }
}

int64_t sample_poisson(struct sampler *s, double lam)
{
    if (lam >= 10)
        return poisson_by_rejection(s, lam);
    return lam == 0 ? 0 : poisson_by_products(s, lam);
}

int64_t sample_negative_binomial(struct sampler *s, double n, double p)
{
    return sample_poisson(s, sample_gamma(s, n, (1 - p) / p));
}

/* ---- binomial ---- */

static int64_t binomial_by_inversion(struct sampler *s, double p, int64_t n)
{
    double q = 1.0 - p, none = s_exp(s, (double)n * s_log(s, q)), mean = (double)n * p;
    double limit = mean + 10.0 * s_sqrt(s, mean * q + 1);
    int64_t bound = (int64_t)((double)n < limit ? (double)n : limit), x = 0;
    double probability = none, u = s_uniform(s);
    while (u > probability) {
        if (++x > bound) {
            x = 0;
            probability = none;
            u = s_uniform(s);
        } else {
            u -= probability;
            probability = ((double)(n - x + 1) * p * probability) / ((double)x * q);
        }
    }
    return x;
}

/* V. Kachitvichyanukul, B. W. Schmeiser, "Binomial Random Variate Generation", 1988 (BTPE): triangle, parallelograms
 * and exponential tails over the histogram; names as in the paper. */
struct btpe {
    int64_t n, m;
    double r, q, nrq, p1, xm, xl, xr, c, laml, lamr, p2, p3, p4;
};

static void btpe_prepare(struct sampler *s, struct btpe *b, double p, int64_t n)
{
    double count = (double)n;
    b->n = n;
    b->r = p < 1.0 - p ? p : 1.0 - p;
    b->q = 1.0 - b->r;
    double fm = count * b->r + b->r;
    b->m = (int64_t)floor(fm);
    b->p1 = floor(2.195 * s_sqrt(s, count * b->r * b->q) - 4.6 * b->q) + 0.5;
    b->xm = (double)b->m + 0.5;
    b->xl = b->xm - b->p1;
    b->xr = b->xm + b->p1;
    b->c = 0.134 + 20.5 / (15.3 + (double)b->m);
    double a = (fm - b->xl) / (fm - b->xl * b->r);
    b->laml = a * (1.0 + a / 2.0);
    a = (b->xr - fm) / (b->xr * b->q);
    b->lamr = a * (1.0 + a / 2.0);
    b->p2 = b->p1 * (1.0 + 2.0 * b->c);
    b->p3 = b->p2 + b->c / b->laml;
    b->p4 = b->p3 + b->c / b->lamr;
    b->nrq = count * b->r * b->q;
}

static double stirling_term(double x)
{
    double square = x * x;
    return (13680. - (462. - (132. - (99. - 140. / square) / square) / square) / square) / x / 166320.;
}

/* Is y, with height v, under the histogram? */
static bool btpe_accepts(struct sampler *s, const struct btpe *b, int64_t y, double v)
{
    int64_t k = y > b->m ? y - b->m : b->m - y;
    double n = (double)b->n, m = (double)b->m;
    if (!(k > 20 && (double)k < b->nrq / 2.0 - 1)) { /* the ratio of the probabilities, factor by factor */
        double odds = b->r / b->q, a = odds * (double)(b->n + 1), f = 1.0;
        for (int64_t i = b->m + 1; i <= y; i++)
            f *= a / (double)i - odds;
        for (int64_t i = y + 1; i <= b->m; i++)
            f /= a / (double)i - odds;
        return !(v > f);
    }
    double distance = (double)k;
    double rho = (distance / b->nrq) * ((distance * (distance / 3.0 + 0.625) + 0.16666666666666666) / b->nrq + 0.5);
    double t = (double)(-k * k) / (2 * b->nrq), logarithm = s_log(s, v);
    if (logarithm < t - rho)
        return true;
    if (logarithm > t + rho)
        return false;
    double x1 = (double)(y + 1), f1 = (double)(b->m + 1), z = (double)(b->n + 1 - b->m), w = (double)(b->n - y + 1);
    double bound = b->xm * s_log(s, f1 / x1) + (n - m + 0.5) * s_log(s, z / w) +
                   (double)(y - b->m) * s_log(s, w * b->r / (x1 * b->q)) + stirling_term(f1) + stirling_term(z) +
                   stirling_term(x1) + stirling_term(w);
    return !(logarithm > bound);
}

static int64_t binomial_by_rejection(struct sampler *s, double p, int64_t n)
{
    struct btpe b;
    btpe_prepare(s, &b, p, n);
    for (;;) {
        double u = s_uniform(s) * b.p4, v = s_uniform(s);
        int64_t y;
        if (u <= b.p1)
            return (int64_t)floor(b.xm - b.p1 * v + u);
        if (u <= b.p2) {
            double x = b.xl + (u - b.p1) / b.c;
            v = v * b.c + 1.0 - fabs((double)b.m - x + 0.5) / b.p1;
            if (v > 1.0)
                continue;
            y = (int64_t)floor(x);
        } else if (u <= b.p3) {
            y = (int64_t)floor(b.xl + s_log(s, v) / b.laml);
            if (y < 0 || v == 0.0)
                continue;
            v = v * (u - b.p2) * b.laml;
        } else {
            y = (int64_t)floor(b.xr - s_log(s, v) / b.lamr);
            if (y > n || v == 0.0)
                continue;
            v = v * (u - b.p3) * b.lamr;
        }
        if (btpe_accepts(s, &b, y, v))
            return y;
    }
}

int64_t sample_binomial_positive(struct sampler *s, double p, int64_t n)
{
    double smaller = p <= 0.5 ? p : 1.0 - p;
    int64_t y =
        smaller * (double)n <= 30.0 ? binomial_by_inversion(s, smaller, n) : binomial_by_rejection(s, smaller, n);
    return p <= 0.5 ? y : n - y;
}

int64_t sample_binomial(struct sampler *s, double p, int64_t n)
{
    return n == 0 || p == 0.0 ? 0 : sample_binomial_positive(s, p, n);
}

void sample_multinomial(struct sampler *s, int64_t n, const double *p, int64_t count, int64_t *out)
{
    double remaining = 1.0;
    for (int64_t i = 0; i < count - 1; i++) {
        out[i] = sample_binomial(s, p[i] / remaining, n);
        n -= out[i];
        if (n <= 0)
            break;
        remaining -= p[i];
    }
    if (n > 0)
        out[count - 1] = n;
}

/* ---- the others ---- */

/* A. W. Kemp, "Efficient Generation of Logarithmically Distributed Pseudo-Random Variables", 1981. */
int64_t sample_logseries(struct sampler *s, double p)
{
    double r = s_log1p(s, -p);
    for (;;) {
        double v = s_uniform(s);
        if (v >= p)
            return 1;
        double q = -s_expm1(s, r * s_uniform(s));
        if (v <= q * q) {
            int64_t result = (int64_t)floor(1 + s_log(s, v) / s_log(s, q));
            if (result < 1 || v == 0.0)
                continue;
            return result;
        }
        return v >= q ? 1 : 2;
    }
}

int64_t geometric_by_search(struct sampler *s, double p)
{
    double sum = p, product = p, q = 1.0 - p, u = s_uniform(s);
    int64_t x = 1;
    for (; u > sum; x++) {
        product *= q;
        sum += product;
    }
    return x;
}

int64_t sample_geometric(struct sampler *s, double p)
{
    if (p >= 0.333333333333333333333333)
        return geometric_by_search(s, p);
    double numerator = -sample_standard_exponential(s);
    return (int64_t)ceil(numerator / s_log1p(s, -p));
}

/* L. Devroye, "Non-Uniform Random Variate Generation", 1986, X.6. */
int64_t sample_zipf(struct sampler *s, double a)
{
    double am1 = a - 1.0, b = s_pow(s, 2.0, am1);
    for (;;) {
        double u = 1.0 - s_uniform(s), v = s_uniform(s), x = floor(s_pow(s, u, -1.0 / am1));
        if (x > (double)INT64_MAX || x < 1.0)
            continue;
        double t = s_pow(s, 1.0 + 1.0 / x, am1);
        if (v * x * (t - 1.0) / (b - 1.0) <= t / b)
            return (int64_t)x;
    }
}

/* Draws one by one. */
static int64_t hypergeometric_by_drawing(struct sampler *s, int64_t good, int64_t bad, int64_t sample)
{
    int64_t total = good + bad, left_good = good, left = total;
    bool complement = sample > total / 2;
    int64_t draws = complement ? total - sample : sample;
    for (; draws > 0 && left_good > 0 && left > left_good; draws--) {
        left--;
        if ((int64_t)sample_interval(s, (uint64_t)left) < left_good)
            left_good--;
    }
    if (left == left_good)
        left_good -= draws;
    return complement ? left_good : good - left_good;
}

/* E. Stadlober, "The Ratio of Uniforms Approach for Generating Discrete Random Variates", 1990 (HRUA). */
static int64_t hypergeometric_by_ratio(struct sampler *s, int64_t good, int64_t bad, int64_t sample)
{
    const double d1 = 1.7155277699214135, d2 = 0.8989161620588988; /* 2*sqrt(2/e), 3 - 2*sqrt(3/e) */
    int64_t total = good + bad, draws = sample < total - sample ? sample : total - sample;
    int64_t few = good < bad ? good : bad, many = good < bad ? bad : good, k;
    double p = (double)few / (double)total, q = (double)many / (double)total, a = (double)draws * p + 0.5;
    double variance = (double)(total - draws) * (double)draws * p * q / (double)(total - 1);
    double c = s_sqrt(s, variance + 0.5), h = d1 * c + d2;
    int64_t mode = (int64_t)floor((double)(draws + 1) * (double)(few + 1) / (double)(total + 2));
    double g = log_factorial(s, mode) + log_factorial(s, few - mode) + log_factorial(s, draws - mode) +
               log_factorial(s, many - draws + mode);
    double most = (double)((draws < few ? draws : few) + 1), edge = floor(a + 16 * c),
           bound = most < edge ? most : edge;
    for (;;) {
        double u = s_uniform(s), v = s_uniform(s), x = a + h * (v - 0.5) / u;
        if (x < 0.0 || x >= bound)
            continue;
        k = (int64_t)floor(x);
        double t = g - (log_factorial(s, k) + log_factorial(s, few - k) + log_factorial(s, draws - k) +
                        log_factorial(s, many - draws + k));
        if (u * (4.0 - u) - 3.0 <= t)
            break;
        if (u * (u - t) >= 1)
            continue;
        if (2.0 * s_log(s, u) <= t)
            break;
    }
    if (good > bad)
        k = draws - k;
    return draws < sample ? good - k : k;
}

int64_t sample_hypergeometric(struct sampler *s, int64_t good, int64_t bad, int64_t sample)
{
    return sample >= 10 && sample <= good + bad - 10 ? hypergeometric_by_ratio(s, good, bad, sample)
                                                     : hypergeometric_by_drawing(s, good, bad, sample);
}
