#include "kernel.h"
#include "nn_kernels.h"
#include "nn_math.h"

#define LANES 16

NN_INLINE float kept(uint64_t key, uint32_t counter, uint32_t threshold, float keep) {
    return nn_random(key, counter) >= threshold ? keep : 0.0f;
}

SENTIO_KERNEL
void nn_softmax_block(float *scores, int64_t rows, int64_t columns, float scale, uint64_t key, uint32_t first,
                      uint32_t threshold, float keep, float *inverse, float *lse) {
    for (int64_t row = 0; row < rows; row++, scores += columns, first += (uint32_t)columns) {
        float lanes[LANES], sums[LANES] = {0};
        for (int l = 0; l < LANES; l++) lanes[l] = -3.4e38f;
        int64_t c = 0;
        for (; c + LANES <= columns; c += LANES)
            for (int l = 0; l < LANES; l++) lanes[l] = scores[c + l] > lanes[l] ? scores[c + l] : lanes[l];
        for (; c < columns; c++) lanes[0] = scores[c] > lanes[0] ? scores[c] : lanes[0];
        float largest = lanes[0];
        for (int l = 1; l < LANES; l++) largest = lanes[l] > largest ? lanes[l] : largest;
        largest *= scale;
        for (c = 0; c + LANES <= columns; c += LANES)
            for (int l = 0; l < LANES; l++) {
                float p = nn_exp(scores[c + l] * scale - largest);
                sums[l] += p;
                scores[c + l] = p;
            }
        for (; c < columns; c++) {
            scores[c] = nn_exp(scores[c] * scale - largest);
            sums[0] += scores[c];
        }
        float sum = 0;
        for (int l = 0; l < LANES; l++) sum += sums[l];
        if (threshold)
            for (c = 0; c < columns; c++) scores[c] *= kept(key, first + (uint32_t)c, threshold, keep);
        inverse[row] = 1.0f / sum;
        lse[row] = largest + __builtin_logf(sum);
    }
}

SENTIO_KERNEL
void nn_softmax_block_gradient(float *restrict scores, float *restrict dp, int64_t rows, int64_t columns, float scale,
                               const float *lse, const float *delta, uint64_t key, uint32_t first, uint32_t threshold,
                               float keep) {
    for (int64_t row = 0; row < rows; row++, scores += columns, dp += columns, first += (uint32_t)columns) {
        float l = lse[row], d = delta[row];
        if (threshold)
            for (int64_t c = 0; c < columns; c++) {
                float p = nn_exp(scores[c] * scale - l), mask = kept(key, first + (uint32_t)c, threshold, keep);
                scores[c] = p * mask;
                dp[c] = p * (dp[c] * mask - d) * scale;
            }
        else
            for (int64_t c = 0; c < columns; c++) {
                float p = nn_exp(scores[c] * scale - l);
                scores[c] = p;
                dp[c] = p * (dp[c] - d) * scale;
            }
    }
}

SENTIO_KERNEL
void nn_row_dots(const float *a, int64_t a_stride, const float *b, int64_t b_stride, int64_t rows, int64_t columns,
                 float *out) {
    for (int64_t row = 0; row < rows; row++, a += a_stride, b += b_stride) {
        float lanes[LANES] = {0}, sum = 0;
        int64_t c = 0;
        for (; c + LANES <= columns; c += LANES)
            for (int l = 0; l < LANES; l++) lanes[l] += a[c + l] * b[c + l];
        for (; c < columns; c++) lanes[0] += a[c] * b[c];
        for (int l = 0; l < LANES; l++) sum += lanes[l];
        out[row] = sum;
    }
}
