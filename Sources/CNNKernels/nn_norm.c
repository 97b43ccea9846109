#include "kernel.h"
#include "nn_kernels.h"
#include "nn_math.h"

/* Sums consist of LANES partial sums: their order is fixed, and the loops vectorize without reassociation. */
#define LANES 16

NN_INLINE float lane_sum(const float *lanes) {
    float sum = 0;
    for (int i = 0; i < LANES; i++) sum += lanes[i];
    return sum;
}

SENTIO_KERNEL
void nn_layer_norm(const float *x, int64_t rows, int64_t columns, const float *weight, const float *bias, float epsilon,
                   float *mean, float *inverse, float *out) {
    for (int64_t row = 0; row < rows; row++, x += columns, out += columns) {
        float lanes[LANES] = {0}, squares[LANES] = {0};
        int64_t c = 0;
        for (; c + LANES <= columns; c += LANES)
            for (int l = 0; l < LANES; l++) lanes[l] += x[c + l];
        for (; c < columns; c++) lanes[0] += x[c];
        float m = lane_sum(lanes) / (float)columns;
        for (c = 0; c + LANES <= columns; c += LANES)
            for (int l = 0; l < LANES; l++) squares[l] += (x[c + l] - m) * (x[c + l] - m);
        for (; c < columns; c++) squares[0] += (x[c] - m) * (x[c] - m);
        float r = 1.0f / __builtin_sqrtf(lane_sum(squares) / (float)columns + epsilon);
        for (c = 0; c < columns; c++) out[c] = (x[c] - m) * r * weight[c] + bias[c];
        mean[row] = m;
        inverse[row] = r;
    }
}

SENTIO_KERNEL
void nn_layer_norm_gradient(const float *x, int64_t rows, int64_t columns, const float *weight, const float *mean,
                            const float *inverse, const float *gradient, int accumulates, float *x_gradient,
                            float *weight_gradient, float *bias_gradient) {
    for (int64_t row = 0; row < rows; row++, x += columns, gradient += columns) {
        float m = mean[row], r = inverse[row];
        if (weight_gradient)
            for (int64_t c = 0; c < columns; c++) weight_gradient[c] += gradient[c] * (x[c] - m) * r;
        if (bias_gradient)
            for (int64_t c = 0; c < columns; c++) bias_gradient[c] += gradient[c];
        if (!x_gradient) continue;
        float sums[LANES] = {0}, dots[LANES] = {0};
        int64_t c = 0;
        for (; c + LANES <= columns; c += LANES)
            for (int l = 0; l < LANES; l++) {
                float g = gradient[c + l] * weight[c + l];
                sums[l] += g;
                dots[l] += g * (x[c + l] - m) * r;
            }
        for (; c < columns; c++) {
            float g = gradient[c] * weight[c];
            sums[0] += g;
            dots[0] += g * (x[c] - m) * r;
        }
        float a = lane_sum(sums) / (float)columns, b = lane_sum(dots) / (float)columns;
        float *out = x_gradient + row * columns;
        if (accumulates)
            for (c = 0; c < columns; c++) out[c] += (gradient[c] * weight[c] - a - (x[c] - m) * r * b) * r;
        else
            for (c = 0; c < columns; c++) out[c] = (gradient[c] * weight[c] - a - (x[c] - m) * r * b) * r;
    }
}
