#include "kernel.h"
#include "nn_kernels.h"

SENTIO_KERNEL
void nn_adamw(float *restrict values, const float *restrict gradient, float *restrict m, float *restrict v,
              int64_t count, float rate, float beta1, float beta2, float epsilon, float decay, float correction1,
              float correction2, float gradient_scale) {
    float step = rate / correction1, root = 1.0f / __builtin_sqrtf(correction2);
    for (int64_t i = 0; i < count; i++) {
        float g = gradient[i] * gradient_scale;
        m[i] = beta1 * m[i] + (1.0f - beta1) * g;
        v[i] = beta2 * v[i] + (1.0f - beta2) * g * g;
        values[i] = values[i] * (1.0f - rate * decay) - step * m[i] / (__builtin_sqrtf(v[i]) * root + epsilon);
    }
}

SENTIO_KERNEL
double nn_squared_norm(const float *values, int64_t count) {
    double lanes[16] = {0}, sum = 0;
    int64_t i = 0;
    for (; i + 16 <= count; i += 16)
        for (int l = 0; l < 16; l++) lanes[l] += (double)values[i + l] * (double)values[i + l];
    for (; i < count; i++) lanes[0] += (double)values[i] * (double)values[i];
    for (int l = 0; l < 16; l++) sum += lanes[l];
    return sum;
}
