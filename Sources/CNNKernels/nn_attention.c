#include "kernel.h"
#include "nn_kernels.h"
#include "nn_math.h"

#define LANES 16
#define HALF (LANES / 2)

/* The factor that keeps or drops a probability. Two columns that are 8 apart share 32 random bits, 16 each. */
typedef struct {
    uint64_t key;
    uint32_t threshold;
    float keep;
} mask_t;
NN_INLINE float kept(mask_t mask, uint32_t bits) { return bits >= mask.threshold ? mask.keep : 0.0f; }
NN_INLINE float kept_at(mask_t mask, uint32_t first, int64_t column) {
    uint32_t bits = nn_random(mask.key, first + (uint32_t)(column / LANES * HALF + column % HALF));
    return kept(mask, column % LANES < HALF ? bits & 0xffff : bits >> 16);
}

NN_INLINE float largest_of(const float *values, int64_t count) {
    float lanes[LANES];
    for (int l = 0; l < LANES; l++) lanes[l] = -3.4e38f;
    int64_t c = 0;
    for (; c + LANES <= count; c += LANES)
        for (int l = 0; l < LANES; l++) lanes[l] = values[c + l] > lanes[l] ? values[c + l] : lanes[l];
    for (; c < count; c++) lanes[0] = values[c] > lanes[0] ? values[c] : lanes[0];
    float largest = lanes[0];
    for (int l = 1; l < LANES; l++) largest = lanes[l] > largest ? lanes[l] : largest;
    return largest;
}

NN_INLINE float softmax_row(const int drops, float *restrict scores, int64_t columns, float scale, float largest, mask_t mask,
                            uint32_t first) {
    float sums[LANES] = {0}, sum = 0;
    int64_t c = 0;
    for (; c + LANES <= columns; c += LANES, first += HALF) {
        float p[LANES];
        for (int l = 0; l < LANES; l++) p[l] = nn_exp_below(scores[c + l] * scale - largest);
        for (int l = 0; l < LANES; l++) sums[l] += p[l];
        if (drops)
            for (int l = 0; l < HALF; l++) {
                uint32_t bits = nn_random(mask.key, first + (uint32_t)l);
                p[l] *= kept(mask, bits & 0xffff);
                p[l + HALF] *= kept(mask, bits >> 16);
            }
        for (int l = 0; l < LANES; l++) scores[c + l] = p[l];
    }
    for (int64_t rest = 0; c < columns; c++, rest++) {
        float p = nn_exp_below(scores[c] * scale - largest);
        sums[0] += p;
        scores[c] = drops ? p * kept_at(mask, first, rest) : p;
    }
    for (int l = 0; l < LANES; l++) sum += sums[l];
    return sum;
}

SENTIO_KERNEL
void nn_softmax_block(float *scores, int64_t rows, int64_t columns, float scale, uint64_t key, uint32_t first,
                      uint32_t step, uint32_t threshold, float keep, float *inverse, float *lse) {
    mask_t mask = {key, threshold, keep};
    for (int64_t row = 0; row < rows; row++, scores += columns, first += step) {
        float largest = largest_of(scores, columns) * scale;
        float sum = threshold ? softmax_row(1, scores, columns, scale, largest, mask, first)
                              : softmax_row(0, scores, columns, scale, largest, mask, first);
        inverse[row] = 1.0f / sum;
        lse[row] = largest + __builtin_logf(sum);
    }
}

NN_INLINE void gradient_row(const int drops, float *restrict scores, float *restrict dp, int64_t columns, float scale,
                            float lse, float delta, mask_t mask, uint32_t first) {
    int64_t c = 0;
    for (; c + LANES <= columns; c += LANES, first += HALF) {
        float p[LANES], kept_of[LANES];
        for (int l = 0; l < LANES; l++) p[l] = nn_exp_below(scores[c + l] * scale - lse);
        if (drops)
            for (int l = 0; l < HALF; l++) {
                uint32_t bits = nn_random(mask.key, first + (uint32_t)l);
                kept_of[l] = kept(mask, bits & 0xffff);
                kept_of[l + HALF] = kept(mask, bits >> 16);
            }
        for (int l = 0; l < LANES; l++) {
            float m = drops ? kept_of[l] : 1.0f;
            scores[c + l] = p[l] * m;
            dp[c + l] = p[l] * (dp[c + l] * m - delta) * scale;
        }
    }
    for (int64_t rest = 0; c < columns; c++, rest++) {
        float p = nn_exp_below(scores[c] * scale - lse), m = drops ? kept_at(mask, first, rest) : 1.0f;
        scores[c] = p * m;
        dp[c] = p * (dp[c] * m - delta) * scale;
    }
}

SENTIO_KERNEL
void nn_softmax_block_gradient(float *scores, float *dp, int64_t rows, int64_t columns, float scale, const float *lse,
                               const float *delta, uint64_t key, uint32_t first, uint32_t step, uint32_t threshold,
                               float keep) {
    mask_t mask = {key, threshold, keep};
    for (int64_t row = 0; row < rows; row++, scores += columns, dp += columns, first += step) {
        if (threshold)
            gradient_row(1, scores, dp, columns, scale, lse[row], delta[row], mask, first);
        else
            gradient_row(0, scores, dp, columns, scale, lse[row], delta[row], mask, first);
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
