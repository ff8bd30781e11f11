/* tables.h - made by scripts/row_tables.py, do not edit: numbers whose sum, HIGH and LOW, is what the name says, and
 * polynomials, the coefficient of the lowest power first. */
#ifndef HYBRIDSIM_SIM_TENSOR_ROWS_TABLES_H
#define HYBRIDSIM_SIM_TENSOR_ROWS_TABLES_H
#include <stdint.h>

/* The bits of 2^(j / 16), less j << 48; and what is to be added to 1 for what that lacks. */
static const double POWER_BASE[16] = {
    0x1.0000000000000p+0, 0x1.fb5586cf9890fp-1, 0x1.f72b83c7d517bp-1, 0x1.f387a6e756238p-1,
    0x1.f06fe0a31b715p-1, 0x1.edea64c123422p-1, 0x1.ebfdad5362a27p-1, 0x1.eab07dd485429p-1,
    0x1.ea09e667f3bcdp-1, 0x1.ea11473eb0187p-1, 0x1.eace5422aa0dbp-1, 0x1.ec49182a3f090p-1,
    0x1.ee89f995ad3adp-1, 0x1.f199bdd85529cp-1, 0x1.f5818dcfba487p-1, 0x1.fa4afa2a490dap-1};
static const double POWER_REST[16] = {
    0x0.0p+0, 0x1.79aa65d837b6dp-54, -0x1.01b15eaa59348p-55, 0x1.68efde3a8a894p-54,
    0x1.34d754db0abb6p-55, 0x1.59f48a72a4c6dp-55, 0x1.690cebb7aafb0p-56, 0x1.063e1e21c5409p-54,
    -0x1.3b3efbf5e2228p-54, -0x1.b32dcb94da51dp-56, 0x1.db72fc1f0eab4p-55, 0x1.1affc2b91ce27p-56,
    0x1.c1a7792cb3387p-55, 0x1.36eae30af0cb3p-56, 0x1.4a385a63d07a7p-56, -0x1.ff7128fd391f0p-55};
/* (e^r - 1 - r) / r^2 */
static const double EXP_SERIES[6] = {
    0x1.0000000000001p-1, 0x1.5555555555556p-3, 0x1.55555554e9468p-5, 0x1.11111110e10a8p-7,
    0x1.6c17ed4cc4834p-10, 0x1.a01b0c2edab7cp-13};
static const double LN2_PART_HIGH = 0x1.62e42fefa39efp-5;
static const double LN2_PART_LOW = 0x1.abc9e3b39803fp-60;
static const double LN2_HIGH = 0x1.62e42fefa39efp-1;
static const double LN2_LOW = 0x1.abc9e3b39803fp-56;
static const double PARTS_A_LN2 = 0x1.71547652b82fep+4;
static const int64_t LOG_START = 0x3fe5800000000000;
static const double INVERSE[16] = {
    0x1.7000000000000p+0, 0x1.6000000000000p+0, 0x1.5800000000000p+0, 0x1.4800000000000p+0,
    0x1.3800000000000p+0, 0x1.3000000000000p+0, 0x1.2800000000000p+0, 0x1.1800000000000p+0,
    0x1.1000000000000p+0, 0x1.0800000000000p+0, 0x1.0000000000000p+0, 0x1.e000000000000p-1,
    0x1.c800000000000p-1, 0x1.b000000000000p-1, 0x1.9800000000000p-1, 0x1.8800000000000p-1};
static const double LOG_HIGH[16] = {
    -0x1.739d7f6bbe000p-2, -0x1.4618bc21c6000p-2, -0x1.2e8e2bae12000p-2, -0x1.fb9186d5e4000p-3,
    -0x1.9525a9cf46000p-3, -0x1.5ff3070a7a000p-3, -0x1.29552f8200000p-3, -0x1.6f0d28ae58000p-4,
    -0x1.f0a30c0118000p-5, -0x1.f829b0e790000p-6, 0x0.0p+0, 0x1.08598b59e0000p-4,
    0x1.da72763844000p-4, 0x1.5bf406b542000p-3, 0x1.d1037f2654000p-3, 0x1.1178e8227e000p-2};
static const double LOG_LOW[16] = {
    0x1.ff2c63b67580ap-43, 0x1.3d82f484c84ccp-46, 0x1.67b1e99b72bd8p-45, 0x1.d572aab993c87p-47,
    0x1.297137d9f158fp-44, 0x1.8586f183bebf2p-44, 0x1.5b967f4471dfcp-44, 0x1.4b4641b664613p-44,
    0x1.d599e83368e91p-45, 0x1.99ff660e07d87p-43, 0x0.0p+0, 0x1.d034451fecdfbp-43,
    0x1.a89401fa71733p-46, 0x1.db1fb8292ecfdp-43, 0x1.e7b5818a49092p-43, 0x1.1ef78ce2d07f2p-44};
static const double LOG2_HIGH[16] = {
    -0x1.0c10500d64000p-1, -0x1.d6753e032f000p-2, -0x1.b47ebf7389000p-2, -0x1.6e221cd9d1000p-2,
    -0x1.24407ab0e1000p-2, -0x1.fbc16b9028000p-3, -0x1.acf5e2db50000p-3, -0x1.08c588cda8000p-3,
    -0x1.663f6fac94000p-4, -0x1.6bad3758f0000p-5, 0x0.0p+0, 0x1.7d60496cf8000p-4,
    0x1.563dc29ffa000p-3, 0x1.f5fd8a9062000p-3, 0x1.4f6fbb2cec000p-2, 0x1.8a8980abfb000p-2};
static const double LOG2_LOW[16] = {
    0x1.5669df6a2b592p-43, 0x1.7c407050799bfp-44, 0x1.abeb7d7220e05p-43, 0x1.90d43956fa5d8p-45,
    0x1.18cfb748d68b7p-43, 0x1.7f5dc57266758p-43, 0x1.36c101ee13440p-43, 0x1.871a7610e40bdp-45,
    0x1.674c199d63ecfp-43, 0x1.3c6764fc87b4ap-48, 0x0.0p+0, 0x1.da6339da288fcp-43,
    0x1.964190e41bca7p-44, 0x1.e34908fef64f1p-43, 0x1.661e393a16b95p-44, 0x1.a64ccd536fc5cp-43};
/* (log(1 + r) - r + r^2 / 2) / r^3; the same by log(2); and one more term left out */
static const double LOG_SERIES[8] = {
    0x1.555555555553dp-2, -0x1.fffffffffffd4p-3, 0x1.9999999ada1bfp-3, -0x1.555555567b241p-3,
    0x1.2492343d70a7fp-3, -0x1.ffffd9ad5d8b0p-4, 0x1.c7fbbd87074d8p-4, -0x1.9a664aa170bfbp-4};
static const double LOG2_SERIES[8] = {
    0x1.ec709dc3a03dbp-2, -0x1.71547652b82dep-2, 0x1.2776c50fe0f2bp-2, -0x1.ec709dc5481fbp-3,
    0x1.a617447fa0f3fp-3, -0x1.71545aadd7b0bp-3, 0x1.48ec26c598f32p-3, -0x1.280a6c697976fp-3};
static const double LOG_FOURTH[9] = {
    -0x1.0000000000000p-2, 0x1.99999999998e3p-3, -0x1.55555555554acp-3, 0x1.249249268eea8p-3,
    -0x1.00000001d84f4p-3, 0x1.c71c42032b864p-4, -0x1.99996d3edd685p-4, 0x1.7531af767a2fbp-4,
    -0x1.561abed21ae0dp-4};
static const double LOG2E_HIGH = 0x1.71547652b82fep+0;
static const double LOG2E_LOW = 0x1.777d0ffda0d24p-56;
static const double LN2_GRID_HIGH = 0x1.62e42fefa3800p-1;
static const double LN2_GRID_LOW = 0x1.ef35793c76730p-45;
static const double THIRD_HIGH = 0x1.5555555555555p-2;
static const double THIRD_LOW = 0x1.5555555555555p-56;
/* Sines and cosines of n * pi / 16, each pair times a number of its own that EXCESS tells: 1 / (1 - excess). */
static const double SINE[16] = {
    0x0.0p+0, 0x1.8f8b83c69c508p-3, 0x1.87de2a6aeade8p-2, 0x1.1c73b39ae884ap-1,
    0x1.6a09e667f3d8bp-1, 0x1.a9b66290eba66p-1, 0x1.d906bcf3292bbp-1, 0x1.f6297cff76436p-1,
    0x1.0000000000000p+0, 0x1.f6297cff76436p-1, 0x1.d906bcf3292bbp-1, 0x1.a9b66290eba66p-1,
    0x1.6a09e667f3bcep-1, 0x1.1c73b39ae884ap-1, 0x1.87de2a6aec455p-2, 0x1.8f8b83c6a100bp-3};
static const double COSINE[16] = {
    0x1.0000000000000p+0, 0x1.f6297cff783a3p-1, 0x1.d906bcf3292bbp-1, 0x1.a9b66290ed0cap-1,
    0x1.6a09e667f3d8bp-1, 0x1.1c73b39ae7954p-1, 0x1.87de2a6aeade8p-2, 0x1.8f8b83c69ac07p-3,
    0x0.0p+0, -0x1.8f8b83c69ac07p-3, -0x1.87de2a6aeade8p-2, -0x1.1c73b39ae7954p-1,
    -0x1.6a09e667f3bcep-1, -0x1.a9b66290ed0cap-1, -0x1.d906bcf32adcdp-1, -0x1.f6297cff7e1eap-1};
static const double EXCESS[16] = {
    0x0.0p+0, 0x1.3db16270c0f21p-40, 0x1.79fb83b998c83p-43, 0x1.c5ad392c83ba1p-40,
    0x1.3bad6f738ab1ap-44, 0x1.dc7d5d1ab1767p-41, 0x1.79fb8318f8237p-43, 0x1.eae3fbc578041p-43,
    0x0.0p+0, 0x1.eae3fbc578041p-43, 0x1.79fb8318f8237p-43, 0x1.dc7d5d1ab1767p-41,
    0x1.03d4b2317266fp-52, 0x1.c5ad392c83ba1p-40, 0x1.19a7435f15740p-40, 0x1.0fac02f017023p-38};
static const double SLICE_HIGH = 0x1.921fb54442d18p-3;
static const double SLICE_MIDDLE = 0x1.1a62632000000p-57;
static const double SLICE_LOW = 0x1.145c06e0e6895p-85;
static const double SLICES_A_RADIAN = 0x1.45f306dc9c883p+2;
/* (sin(r) - r) / r^3, (cos(r) - 1 + r^2 / 2) / r^4 and (tan(r) - r) / r^3, of r^2 */
static const double SINE_SERIES[4] = {
    -0x1.5555555555555p-3, 0x1.111111111046fp-7, -0x1.a01a0139b7b08p-13, 0x1.71cda207f289bp-19};
static const double COSINE_SERIES[3] = {
    0x1.55555555550fep-5, -0x1.6c16c12cbd076p-10, 0x1.a008e48d0dc64p-16};
static const double TANGENT_SERIES[6] = {
    0x1.5555555555555p-2, 0x1.11111111111acp-3, 0x1.ba1ba1b964190p-5, 0x1.664f4afcfeefbp-6,
    0x1.226a5732b1e0ap-7, 0x1.dc62ff22b2450p-9};
/* 1 / pi = 0.these words, but the first */
static const uint64_t INVERSE_PI[32] = {
    0x0000000000000000, 0x517cc1b727220a94, 0xfe13abe8fa9a6ee0, 0x6db14acc9e21c820,
    0xff28b1d5ef5de2b0, 0xdb92371d2126e970, 0x0324977504e8c90e, 0x7f0ef58e5894d39f,
    0x74411afa975da242, 0x74ce38135a2fbf20, 0x9cc8eb1cc1a99cfa, 0x4e422fc5defc941d,
    0x8ffc4bffef02cc07, 0xf79788c5ad05368f, 0xb69b3f6793e584db, 0xa7a31fb34f2ff516,
    0xba93dd63f5f2f8bd, 0x9e839cfbc5294975, 0x35fdafd88fc6ae84, 0x2b0198237e3db5d5,
    0xf867de104d7a1b0e, 0xd4f1c8b0af730d84, 0x32ccc2af8a503420, 0x46ffec4026b99398,
    0x83030aab6539d464, 0xb0713de04635a3e2, 0x0ce1b3e6ee740495, 0x41ace23b45cb0e53,
    0x6ed7a268ab8c829f, 0x52ff83829fbf19f4, 0x19616f27cc193edd, 0xe19e9377b58f2f7c};
/* The directions that angles are measured from, and theirs: to the x axis, and to the other side of it. */
static const double DIRECTION_X[16] = {
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0,
    0x1.0000000000000p+0, 0x0.0p+0, 0x0.0p+0, 0x0.0p+0};
static const double DIRECTION_Y[16] = {
    0x0.0p+0, 0x1.4000000000000p-3, 0x1.c000000000000p-3, 0x1.4000000000000p-2,
    0x1.c000000000000p-2, 0x1.4000000000000p-1, 0x1.c000000000000p-1, 0x1.4000000000000p+0,
    0x1.c000000000000p+0, 0x1.4000000000000p+1, 0x1.c000000000000p+1, 0x1.4000000000000p+2,
    0x1.c000000000000p+2, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000000p+0};
static const double ANGLE_HIGH[16] = {
    0x0.0p+0, 0x1.3d6eee8c6626cp-3, 0x1.b90d7529260a2p-3, 0x1.362773707ebccp-2,
    0x1.a64eec3cc23fdp-2, 0x1.1e00babdefeb4p-1, 0x1.700a7c5784634p-1, 0x1.cac7c57846f9ep-1,
    0x1.0d38f2c5ba09fp+0, 0x1.30b6d796a4da8p+0, 0x1.4ae10fc6589a5p+0, 0x1.5f97315254857p+0,
    0x1.6dcc57bb565fdp+0, 0x1.921fb54442d18p+0, 0x1.921fb54442d18p+0, 0x1.921fb54442d18p+0};
static const double ANGLE_LOW[16] = {
    0x0.0p+0, 0x1.61a3b0ce9281bp-57, 0x1.17b10d2e0e5abp-61, -0x1.963a544b672d8p-57,
    -0x1.24dec1b50b7ffp-56, -0x1.928df287a668fp-58, -0x1.8c34d25aadef6p-56, 0x1.0dae13ad18a6bp-55,
    -0x1.bd0dc231bfd70p-54, 0x1.6254cb03bb199p-54, -0x1.3b03e8a27f555p-54, -0x1.31151a43b51cap-55,
    -0x1.29c86447928e7p-54, 0x1.1a62633145c07p-54, 0x1.1a62633145c07p-54, 0x1.1a62633145c07p-54};
static const double TURNED_ANGLE_HIGH[16] = {
    0x1.921fb54442d18p+1, 0x1.7e48c65b7c6f2p+1, 0x1.768eddf1b070ep+1, 0x1.6b5ac6d632f9fp+1,
    0x1.5d55d7bcaa899p+1, 0x1.4a9f8694c6d6bp+1, 0x1.361d162e61b8bp+1, 0x1.1f6dc3e631131p+1,
    0x1.0b833be165cc9p+1, 0x1.f38892f1e0c88p+0, 0x1.d95e5ac22d08cp+0, 0x1.c4a83936311dap+0,
    0x1.b67312cd2f434p+0, 0x1.921fb54442d18p+0, 0x1.921fb54442d18p+0, 0x1.921fb54442d18p+0};
static const double TURNED_ANGLE_LOW[16] = {
    0x1.1a62633145c07p-53, -0x1.fbb7d7dba367bp-53, 0x1.329564482f642p-54, -0x1.9873ef1407997p-54,
    -0x1.4101c49818cf9p-53, 0x1.26f6d2c582f3bp-53, 0x1.4be8fd7c9b7e6p-53, -0x1.290921ba00694p-53,
    -0x1.c5aeed769504ep-59, 0x1.a4dff6bda0ceap-55, -0x1.206ea1f5ea53bp-55, -0x1.32b0ac7b99f0dp-54,
    -0x1.42e5aaabc3e17p-55, 0x1.1a62633145c07p-54, 0x1.1a62633145c07p-54, 0x1.1a62633145c07p-54};
/* (arctan(q) - q) / q^3 and (arcsin(q) - q) / q^3, of q^2 */
static const double ARCTAN_SERIES[7] = {
    -0x1.5555555555555p-2, 0x1.9999999999817p-3, -0x1.2492492433224p-3, 0x1.c71c70adc0c3cp-4,
    -0x1.745c50f6e6b40p-4, 0x1.3acbca7185046p-4, -0x1.0412b84459a60p-4};
static const double ARCSIN_SERIES[14] = {
    0x1.5555555555555p-3, 0x1.3333333333389p-4, 0x1.6db6db6dac0eap-5, 0x1.f1c71c7a5e151p-6,
    0x1.6e8ba121b9d5fp-6, 0x1.1c4efd20ebb99p-6, 0x1.c990a42b32b03p-7, 0x1.7b02ef007d23ep-7,
    0x1.3b462d121c5d2p-7, 0x1.31777489dfd29p-7, 0x1.8dcdf11997e0fp-9, 0x1.40c91fa8deb7ep-6,
    -0x1.3bd7e353ddbc2p-6, 0x1.e58a4f278e007p-6};
static const double QUARTER_HIGH = 0x1.921fb54442d18p+0;
static const double QUARTER_LOW = 0x1.1a62633145c07p-54;
static const double HALF_HIGH = 0x1.921fb54442d18p+1;
static const double HALF_LOW = 0x1.1a62633145c07p-53;
#endif
