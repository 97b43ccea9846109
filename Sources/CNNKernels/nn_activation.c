#include "kernel.h"
#include "nn_kernels.h"
#include "nn_math.h"

SENTIO_KERNEL
void nn_leaky_relu(const float *restrict x, int64_t count, float slope, float *restrict out) {
    for (int64_t i = 0; i < count; i++) out[i] = x[i] > 0 ? x[i] : slope * x[i];
}

SENTIO_KERNEL
void nn_leaky_relu_gradient(const float *restrict y, const float *restrict gradient, int64_t count, float slope,
                            int accumulates, float *restrict out) {
    if (accumulates)
        for (int64_t i = 0; i < count; i++) out[i] += y[i] > 0 ? gradient[i] : slope * gradient[i];
    else
        for (int64_t i = 0; i < count; i++) out[i] = y[i] > 0 ? gradient[i] : slope * gradient[i];
}

SENTIO_KERNEL
void nn_tanh_all(const float *restrict x, int64_t count, float *restrict out) {
    for (int64_t i = 0; i < count; i++) out[i] = nn_tanh(x[i]);
}

SENTIO_KERNEL
void nn_tanh_gradient(const float *restrict y, const float *restrict gradient, int64_t count, int accumulates,
                      float *restrict out) {
    if (accumulates)
        for (int64_t i = 0; i < count; i++) out[i] += gradient[i] * (1.0f - y[i] * y[i]);
    else
        for (int64_t i = 0; i < count; i++) out[i] = gradient[i] * (1.0f - y[i] * y[i]);
}

SENTIO_KERNEL
void nn_sigmoid_all(const float *restrict x, int64_t count, float *restrict out) {
    for (int64_t i = 0; i < count; i++) out[i] = nn_sigmoid(x[i]);
}

SENTIO_KERNEL
void nn_sigmoid_gradient(const float *restrict y, const float *restrict gradient, int64_t count, int accumulates,
                         float *restrict out) {
    if (accumulates)
        for (int64_t i = 0; i < count; i++) out[i] += gradient[i] * y[i] * (1.0f - y[i]);
    else
        for (int64_t i = 0; i < count; i++) out[i] = gradient[i] * y[i] * (1.0f - y[i]);
}
