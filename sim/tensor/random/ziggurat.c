/* ziggurat.c - normal and exponential numbers by the ziggurat of 256 layers (G. Marsaglia, W. W. Tsang, 2000). The
 * tables are made by scripts/ziggurat_tables.py. */
#include "sim/tensor/random/sampler.h"
#include "ziggurat_tables.inc"

#define NORMAL_EDGE 3.6541528853610087963519472518
#define NORMAL_EDGE_INVERSE 0.27366123732975827203338247596
#define EXPONENTIAL_EDGE 7.6971174701310497140446280481

/* Beyond the outermost layer: G. Marsaglia's method for the tail. `bit` chooses the side. */
static double normal_tail(struct sampler *s, bool negative)
{
    for (;;) {
        double x = -NORMAL_EDGE_INVERSE * s_log1p(s, -s_uniform(s));
        double y = -s_log1p(s, -s_uniform(s));
        if (y + y > x * x)
            return negative ? -(NORMAL_EDGE + x) : NORMAL_EDGE + x;
    }
}

double sample_standard_normal(struct sampler *s)
{
    for (;;) {
        uint64_t word = next_64(s->bits);
        unsigned layer = word & 0xff;
        uint64_t magnitude = word >> 9 & 0x000fffffffffffffu;
        double x = (double)magnitude * normal_width[layer];
        if (word & 0x100)
            x = -x;
        if (magnitude < normal_inside[layer])
            return x;
        if (layer == 0)
            return normal_tail(s, magnitude >> 8 & 1);
        double slice = normal_height[layer - 1] - normal_height[layer];
        if (slice * s_uniform(s) + normal_height[layer] < s_exp(s, -0.5 * x * x))
            return x;
    }
}

static float normal_tail_single(struct sampler *s, bool negative)
{
    for (;;) {
        float x = -(float)NORMAL_EDGE_INVERSE * s_log1pf(s, -next_float(s->bits));
        float y = -s_log1pf(s, -next_float(s->bits));
        if (y + y > x * x)
            return negative ? -((float)NORMAL_EDGE + x) : (float)NORMAL_EDGE + x;
    }
}

float sample_standard_normal_single(struct sampler *s)
{
    for (;;) {
        uint32_t word = next_32(s->bits);
        unsigned layer = word & 0xff;
        uint32_t magnitude = word >> 9;
        float x = (float)magnitude * normal_width_single[layer];
        if (word & 0x100)
            x = -x;
        if (magnitude < normal_inside_single[layer])
            return x;
        if (layer == 0)
            return normal_tail_single(s, magnitude >> 8 & 1);
        float slice = normal_height_single[layer - 1] - normal_height_single[layer];
        float y = slice * next_float(s->bits) + normal_height_single[layer];
        if ((double)y < s_exp(s, -0.5 * (double)x * (double)x))
            return x;
    }
}

double sample_standard_exponential(struct sampler *s)
{
    for (;;) {
        uint64_t word = next_64(s->bits) >> 3;
        unsigned layer = word & 0xff;
        word >>= 8;
        double x = (double)word * exponential_width[layer];
        if (word < exponential_inside[layer])
            return x;
        if (layer == 0)
            return EXPONENTIAL_EDGE - s_log1p(s, -s_uniform(s));
        double slice = exponential_height[layer - 1] - exponential_height[layer];
        if (slice * s_uniform(s) + exponential_height[layer] < s_exp(s, -x))
            return x;
    }
}

float sample_standard_exponential_single(struct sampler *s)
{
    for (;;) {
        uint32_t word = next_32(s->bits) >> 1;
        unsigned layer = word & 0xff;
        word >>= 8;
        float x = (float)word * exponential_width_single[layer];
        if (word < exponential_inside_single[layer])
            return x;
        if (layer == 0)
            return (float)EXPONENTIAL_EDGE - s_log1pf(s, -next_float(s->bits));
        float slice = exponential_height_single[layer - 1] - exponential_height_single[layer];
        if (slice * next_float(s->bits) + exponential_height_single[layer] < s_expf(s, -x))
            return x;
    }
}

/* log(k!): from the table, else by Stirling's series. */
double log_factorial(struct sampler *s, int64_t k)
{
    const double half_log_two_pi = 0.9189385332046728;
    if (k < (int64_t)(sizeof log_factorials / sizeof *log_factorials))
        return log_factorials[k];
    double n = (double)k;
    return (n + 0.5) * s_log(s, n) - n + (half_log_two_pi + (1.0 / n) * (1 / 12.0 - 1 / (360.0 * n * n)));
}
