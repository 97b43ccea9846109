#include "kernel.h"
#include "nn_kernels.h"
#include "nn_math.h"

SENTIO_KERNEL
void nn_add(const float *a, const float *b, int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++) out[i] = a[i] + b[i];
}

SENTIO_KERNEL
void nn_accumulate(const float *a, int64_t count, float *out) {
    for (int64_t i = 0; i < count; i++) out[i] += a[i];
}

SENTIO_KERNEL
void nn_scale(float *values, int64_t count, float factor) {
    for (int64_t i = 0; i < count; i++) values[i] *= factor;
}

SENTIO_KERNEL
void nn_broadcast_rows(const float *bias, int64_t rows, int64_t columns, float *out) {
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns; column++) out[row * columns + column] = bias[column];
}

SENTIO_KERNEL
void nn_sum_rows(const float *values, int64_t rows, int64_t columns, float *out) {
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns; column++) out[column] += values[row * columns + column];
}

SENTIO_KERNEL
void nn_gelu(const float *restrict x, int64_t count, float *restrict out) {
    for (int64_t i = 0; i < count; i++) out[i] = 0.5f * x[i] * (1.0f + nn_erf(x[i] * 0.70710678f));
}

NN_INLINE float gelu_slope(float x) {
    float phi = 0.5f * (1.0f + nn_erf(x * 0.70710678f));
    return phi + x * 0.39894228f * nn_exp(-0.5f * x * x);
}

SENTIO_KERNEL
void nn_gelu_gradient(const float *restrict x, const float *restrict gradient, int64_t count, int accumulates,
                      float *restrict out) {
    if (accumulates)
        for (int64_t i = 0; i < count; i++) out[i] += gradient[i] * gelu_slope(x[i]);
    else
        for (int64_t i = 0; i < count; i++) out[i] = gradient[i] * gelu_slope(x[i]);
}

SENTIO_KERNEL
void nn_dropout(const float *restrict x, int64_t count, uint64_t key, uint32_t first, uint32_t threshold, float scale,
                int accumulates, float *restrict out) {
    if (accumulates)
        for (int64_t i = 0; i < count; i++)
            out[i] += nn_random(key, first + (uint32_t)i) >= threshold ? x[i] * scale : 0.0f;
    else
        for (int64_t i = 0; i < count; i++)
            out[i] = nn_random(key, first + (uint32_t)i) >= threshold ? x[i] * scale : 0.0f;
}
