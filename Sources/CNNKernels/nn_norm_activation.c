#include "kernel.h"
#include "nn_kernels.h"
#include "nn_vector.h"

/* As in nn_channels.c, sums are in float over at most CHUNK places, and in double beyond. */
#define LANES 16
#define CHUNK 512

/* No vectors are passed by value: the clone for processors without AVX would use another calling convention. */
#define LEAKY(v, slope) NN_SELECT((v) > 0, v, (v) * (slope))
#define THROUGH(activation, gradient, slope) NN_SELECT((activation) > 0, gradient, (gradient) * (slope))

SENTIO_KERNEL
void nn_norm_activation(const float *x, int64_t places, int64_t block, const float *scale, const float *shift,
                        float slope, float *out) {
    if (block == 1) {
        float a = scale[0], b = shift[0];
        for (int64_t i = 0; i < places; i++) {
            float v = x[i] * a + b;
            out[i] = v > 0 ? v : v * slope;
        }
        return;
    }
    for (int64_t half = 0; half < block; half += NN_V8) {
        nn_v8 a, b, v;
        NN_LOAD(a, scale + half);
        NN_LOAD(b, shift + half);
        for (int64_t i = 0; i < places; i++) {
            NN_LOAD(v, x + i * block + half);
            v = v * a + b;
            v = LEAKY(v, slope);
            NN_STORE(out + i * block + half, v);
        }
    }
}

SENTIO_KERNEL
void nn_norm_activation_dots(const float *x, const float *gradient, int64_t places, int64_t block, const float *scale,
                             const float *shift, float slope, const float *mean, double *sums, double *dots) {
    if (block == 1) {
        float s = scale[0], t = shift[0], m = mean[0];
        for (int64_t start = 0; start < places; start += CHUNK) {
            int64_t end = start + CHUNK < places ? start + CHUNK : places, i = start;
            float a[LANES] = {0}, b[LANES] = {0}, tail = 0, tail2 = 0;
            for (; i + LANES <= end; i += LANES)
                for (int l = 0; l < LANES; l++) {
                    float g = x[i + l] * s + t > 0 ? gradient[i + l] : gradient[i + l] * slope;
                    a[l] += g;
                    b[l] += g * (x[i + l] - m);
                }
            for (; i < end; i++) {
                float g = x[i] * s + t > 0 ? gradient[i] : gradient[i] * slope;
                tail += g;
                tail2 += g * (x[i] - m);
            }
            for (int l = 0; l < LANES; l++) {
                tail += a[l];
                tail2 += b[l];
            }
            sums[0] += tail;
            dots[0] += tail2;
        }
        return;
    }
    for (int64_t half = 0; half < block; half += NN_V8) {
        nn_v8 s, t, m, v, g;
        NN_LOAD(s, scale + half);
        NN_LOAD(t, shift + half);
        NN_LOAD(m, mean + half);
        for (int64_t start = 0; start < places; start += CHUNK) {
            int64_t end = start + CHUNK < places ? start + CHUNK : places;
            nn_v8 a = {0}, b = {0};
            for (int64_t i = start; i < end; i++) {
                NN_LOAD(v, x + i * block + half);
                NN_LOAD(g, gradient + i * block + half);
                g = THROUGH(v * s + t, g, slope);
                a += g;
                b += g * (v - m);
            }
            for (int l = 0; l < NN_V8; l++) {
                sums[half + l] += (double)a[l];
                dots[half + l] += (double)b[l];
            }
        }
    }
}

SENTIO_KERNEL
void nn_norm_activation_gradient(const float *x, const float *gradient, int64_t places, int64_t block,
                                 const float *scale, const float *shift, float slope, const float *by_gradient,
                                 const float *constant, const float *by_x, int accumulates, float *out) {
    if (block == 1) {
        float s = scale[0], t = shift[0], a = by_gradient[0], b = constant[0], c = by_x[0];
        for (int64_t i = 0; i < places; i++) {
            float g = x[i] * s + t > 0 ? gradient[i] : gradient[i] * slope, value = g * a + b + x[i] * c;
            out[i] = accumulates ? out[i] + value : value;
        }
        return;
    }
    for (int64_t half = 0; half < block; half += NN_V8) {
        nn_v8 s, t, a, b, c, v, g, o = {0};
        NN_LOAD(s, scale + half);
        NN_LOAD(t, shift + half);
        NN_LOAD(a, by_gradient + half);
        NN_LOAD(b, constant + half);
        NN_LOAD(c, by_x + half);
        for (int64_t i = 0; i < places; i++) {
            NN_LOAD(v, x + i * block + half);
            NN_LOAD(g, gradient + i * block + half);
            if (accumulates) NN_LOAD(o, out + i * block + half);
            o = (accumulates ? o : (nn_v8){0}) + THROUGH(v * s + t, g, slope) * a + b + v * c;
            NN_STORE(out + i * block + half, o);
        }
    }
}
