#include <string.h>

#include "kernel.h"
#include "nn_kernels.h"
#include "nn_vector.h"

#define MOST_TAPS 64

/* Products of adjacent places with all taps: acc[place][tap] = sum over channels of g[channel] * w[channel][tap]. */
NN_INLINE void place_taps(const float *g, int64_t group_size, int64_t groups, int64_t block, const float *w,
                          int64_t vectors, int places, nn_v8 *acc) {
    for (int i = 0; i < places * vectors; i++) acc[i] = (nn_v8){0};
    for (int64_t group = 0; group < groups; group++, g += group_size)
        for (int64_t c = 0; c < block; c++, w += vectors * NN_V8)
            for (int64_t v = 0; v < vectors; v++) {
                nn_v8 taps;
                NN_LOAD(taps, w + v * NN_V8);
                for (int p = 0; p < places; p++) acc[p * vectors + v] += g[p * block + c] * taps;
            }
}

/* Adds the taps of one place to their positions in x. */
NN_INLINE void scatter(const nn_v8 *acc, int64_t row, int64_t column, const int64_t kernel[2], int64_t height,
                       int64_t width, float *x) {
    float taps[MOST_TAPS];
    memcpy(taps, acc, sizeof(float) * (size_t)(kernel[0] * kernel[1]));
    int inside = row >= 0 && column >= 0 && row + kernel[0] <= height && column + kernel[1] <= width;
    for (int64_t i = 0; i < kernel[0]; i++) {
        if (!inside && (row + i < 0 || row + i >= height)) continue;
        float *to = x + (row + i) * width + column;
        const float *from = taps + i * kernel[1];
        if (inside && kernel[1] == 4)
            for (int j = 0; j < 4; j++) to[j] += from[j];
        else
            for (int64_t j = 0; j < kernel[1]; j++)
                if (inside || (column + j >= 0 && column + j < width)) to[j] += from[j];
    }
}

SENTIO_KERNEL
void nn_wide_input_gradient(const float *gradient, int64_t groups, int64_t block, int64_t rows, int64_t columns,
                            const float *kernels, int64_t inputs, const int64_t kernel[2], const int64_t stride[2],
                            const int64_t padding[2], int64_t height, int64_t width, float *packed, float *x) {
    int64_t taps = kernel[0] * kernel[1], vectors = (taps + NN_V8 - 1) / NN_V8, outputs = groups * block;
    memset(x, 0, sizeof(float) * (size_t)(inputs * height * width));
    for (int64_t input = 0; input < inputs; input++, x += height * width) {
        for (int64_t output = 0; output < outputs; output++)
            for (int64_t tap = 0; tap < vectors * NN_V8; tap++)
                packed[output * vectors * NN_V8 + tap] = tap < taps ? kernels[(output * inputs + input) * taps + tap] : 0;
        for (int64_t row = 0; row < rows; row++) {
            const float *g = gradient + row * columns * block;
            int64_t column = 0, to = row * stride[0] - padding[0];
            nn_v8 acc[MOST_TAPS / NN_V8];
            if (vectors == 2)
                for (; column + 4 <= columns; column += 4) {
                    place_taps(g + column * block, rows * columns * block, groups, block, packed, 2, 4, acc);
                    for (int p = 0; p < 4; p++)
                        scatter(acc + 2 * p, to, (column + p) * stride[1] - padding[1], kernel, height, width, x);
                }
            for (; column < columns; column++) {
                place_taps(g + column * block, rows * columns * block, groups, block, packed, vectors, 1, acc);
                scatter(acc, to, column * stride[1] - padding[1], kernel, height, width, x);
            }
        }
    }
}

/* [channels][taps] to [groups][taps][block]. */
NN_INLINE void pack(const float *kernels, int64_t groups, int64_t block, int64_t taps, float *packed) {
    for (int64_t group = 0; group < groups; group++)
        for (int64_t tap = 0; tap < taps; tap++)
            for (int64_t c = 0; c < block; c++) *packed++ = kernels[(group * block + c) * taps + tap];
}

SENTIO_KERNEL
void nn_narrow_forward(const float *x, int64_t groups, int64_t block, int64_t height, int64_t width,
                       const float *kernels, float bias, const int64_t kernel[2], const int64_t stride[2],
                       const int64_t padding[2], int64_t rows, int64_t columns, float *packed, float *y) {
    int64_t taps = kernel[0] * kernel[1];
    pack(kernels, groups, block, taps, packed);
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns; column++) {
            nn_v8 sum = {0};
            for (int64_t i = 0; i < kernel[0]; i++)
                for (int64_t j = 0; j < kernel[1]; j++) {
                    int64_t r = row * stride[0] - padding[0] + i, c = column * stride[1] - padding[1] + j;
                    if (r < 0 || r >= height || c < 0 || c >= width) continue;
                    const float *from = x + (r * width + c) * block, *w = packed + (i * kernel[1] + j) * block;
                    for (int64_t group = 0; group < groups; group++, from += height * width * block, w += taps * block)
                        for (int64_t half = 0; half < block; half += NN_V8) {
                            nn_v8 v, u;
                            NN_LOAD(v, from + half);
                            NN_LOAD(u, w + half);
                            sum += v * u;
                        }
                }
            float total = bias;
            for (int l = 0; l < NN_V8; l++) total += sum[l];
            y[row * columns + column] = total;
        }
}

SENTIO_KERNEL
void nn_narrow_input_gradient(const float *gradient, int64_t groups, int64_t block, int64_t height, int64_t width,
                              const float *kernels, const int64_t kernel[2], const int64_t stride[2],
                              const int64_t padding[2], int64_t rows, int64_t columns, float *packed, float *x) {
    int64_t taps = kernel[0] * kernel[1];
    pack(kernels, groups, block, taps, packed);
    memset(x, 0, sizeof(float) * (size_t)(groups * block * height * width));
    for (int64_t group = 0; group < groups; group++)
        for (int64_t row = 0; row < rows; row++)
            for (int64_t column = 0; column < columns; column++) {
                float g = gradient[row * columns + column];
                for (int64_t i = 0; i < kernel[0]; i++)
                    for (int64_t j = 0; j < kernel[1]; j++) {
                        int64_t r = row * stride[0] - padding[0] + i, c = column * stride[1] - padding[1] + j;
                        if (r < 0 || r >= height || c < 0 || c >= width) continue;
                        float *to = x + ((group * height + r) * width + c) * block;
                        const float *w = packed + (group * taps + i * kernel[1] + j) * block;
                        for (int64_t half = 0; half < block; half += NN_V8) {
                            nn_v8 v, u;
                            NN_LOAD(v, to + half);
                            NN_LOAD(u, w + half);
                            v += g * u;
                            NN_STORE(to + half, v);
                        }
                    }
            }
}

SENTIO_KERNEL
void nn_narrow_kernel_gradient(const float *x, const float *gradient, int64_t groups, int64_t block, int64_t height,
                               int64_t width, const int64_t kernel[2], const int64_t stride[2],
                               const int64_t padding[2], int64_t rows, int64_t columns, float *out) {
    int64_t taps = kernel[0] * kernel[1];
    for (int64_t group = 0; group < groups; group++)
        for (int64_t half = 0; half < block; half += NN_V8)
            for (int64_t i = 0; i < kernel[0]; i++)
                for (int64_t j = 0; j < kernel[1]; j++) {
                    nn_v8 sum = {0};
                    for (int64_t row = 0; row < rows; row++) {
                        int64_t r = row * stride[0] - padding[0] + i;
                        if (r < 0 || r >= height) continue;
                        const float *from = x + (group * height + r) * width * block + half;
                        for (int64_t column = 0; column < columns; column++) {
                            int64_t c = column * stride[1] - padding[1] + j;
                            if (c < 0 || c >= width) continue;
                            nn_v8 v;
                            NN_LOAD(v, from + c * block);
                            sum += gradient[row * columns + column] * v;
                        }
                    }
                    for (int l = 0; l < NN_V8; l++)
                        out[(group * block + half + l) * taps + i * kernel[1] + j] += sum[l];
                }
}
