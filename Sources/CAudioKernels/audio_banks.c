#include "audio_kernels.h"
#include "kernel.h"

#define L AUDIO_LANES

SENTIO_KERNEL
void audio_sparse_bank(const float *power, const float *weights, const int32_t *first, const int32_t *length,
                       int64_t rows, float *out, int64_t stride) {
#pragma clang fp contract(fast)
    for (int64_t row = 0; row < rows; row++) {
        float total[L] = {0};
        const float *bin = power + (int64_t)first[row] * L;
        for (int32_t i = 0; i < length[row]; i++, bin += L) {
            float weight = *weights++;
            for (int lane = 0; lane < L; lane++) total[lane] += weight * bin[lane];
        }
        for (int lane = 0; lane < L; lane++) out[row * stride + lane] = total[lane];
    }
}

SENTIO_KERNEL
void audio_chroma_bank(const float *power, const float *weights, int64_t bins, float *out, int64_t stride) {
#pragma clang fp contract(fast)
    /* The sums of six rows fit the registers. */
    for (int half = 0; half < 12; half += 6) {
        float total[6][L] = {{0}};
        for (int64_t bin = 0; bin < bins; bin++) {
            const float *value = power + bin * L, *weight = weights + bin * 12 + half;
            for (int row = 0; row < 6; row++)
                for (int lane = 0; lane < L; lane++) total[row][lane] += weight[row] * value[lane];
        }
        for (int row = 0; row < 6; row++)
            for (int lane = 0; lane < L; lane++) out[(half + row) * stride + lane] = total[row][lane];
    }
}

SENTIO_KERNEL
void audio_cosine_transform(const float *table, int64_t rows, int64_t columns, const float *in, float *out,
                            int64_t stride, int64_t count) {
#pragma clang fp contract(fast)
    for (int64_t from = 0; from < count; from += L) {
        for (int64_t row = 0; row < rows; row++) {
            const float *weight = table + row * columns;
            const float *value = in + from;
            float base[L], total[L] = {0};
            /* Rows 1... sum to 0: subtract the first value, so that a constant column gives exactly 0. */
            for (int lane = 0; lane < L; lane++) base[lane] = row == 0 ? 0 : value[lane];
            for (int64_t m = 0; m < columns; m++, value += stride)
                for (int lane = 0; lane < L; lane++) total[lane] += weight[m] * (value[lane] - base[lane]);
            for (int lane = 0; lane < L; lane++) out[row * stride + from + lane] = total[lane];
        }
    }
}
