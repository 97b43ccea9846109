#include "kernel.h"
#include "nn_kernels.h"
#include "nn_vector.h"

/* Channels are in groups of `block`: 1 (no groups) or a multiple of eight. Sums are in float over at most CHUNK places,
   and in double beyond. */
#define LANES 16
#define CHUNK 512

SENTIO_KERNEL
void nn_channel_sums(const float *x, int64_t places, int64_t block, const float *pivot, double *sums, double *squares) {
    if (block == 1) {
        float p = pivot[0];
        for (int64_t start = 0; start < places; start += CHUNK) {
            int64_t end = start + CHUNK < places ? start + CHUNK : places, i = start;
            float a[LANES] = {0}, b[LANES] = {0}, tail = 0, tail2 = 0;
            for (; i + LANES <= end; i += LANES)
                for (int l = 0; l < LANES; l++) {
                    float d = x[i + l] - p;
                    a[l] += d;
                    b[l] += d * d;
                }
            for (; i < end; i++) {
                float d = x[i] - p;
                tail += d;
                tail2 += d * d;
            }
            for (int l = 0; l < LANES; l++) {
                tail += a[l];
                tail2 += b[l];
            }
            sums[0] += tail;
            squares[0] += tail2;
        }
        return;
    }
    for (int64_t half = 0; half < block; half += NN_V8) {
        nn_v8 p, v, w;
        NN_LOAD(p, pivot + half);
        for (int64_t start = 0; start < places; start += CHUNK) {
            int64_t end = start + CHUNK < places ? start + CHUNK : places, i = start;
            nn_v8 a = {0}, b = {0}, c = {0}, d = {0};
            for (; i + 2 <= end; i += 2) {
                NN_LOAD(v, x + i * block + half);
                NN_LOAD(w, x + (i + 1) * block + half);
                v -= p;
                w -= p;
                a += v;
                b += v * v;
                c += w;
                d += w * w;
            }
            for (; i < end; i++) {
                NN_LOAD(v, x + i * block + half);
                v -= p;
                a += v;
                b += v * v;
            }
            for (int l = 0; l < NN_V8; l++) {
                sums[half + l] += (double)a[l] + (double)c[l];
                squares[half + l] += (double)b[l] + (double)d[l];
            }
        }
    }
}

SENTIO_KERNEL
void nn_channel_dots(const float *x, const float *gradient, int64_t places, int64_t block, const float *mean,
                     double *sums, double *dots) {
    if (block == 1) {
        float m = mean[0];
        for (int64_t start = 0; start < places; start += CHUNK) {
            int64_t end = start + CHUNK < places ? start + CHUNK : places, i = start;
            float a[LANES] = {0}, b[LANES] = {0}, tail = 0, tail2 = 0;
            for (; i + LANES <= end; i += LANES)
                for (int l = 0; l < LANES; l++) {
                    a[l] += gradient[i + l];
                    b[l] += gradient[i + l] * (x[i + l] - m);
                }
            for (; i < end; i++) {
                tail += gradient[i];
                tail2 += gradient[i] * (x[i] - m);
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
        nn_v8 m, v, g;
        NN_LOAD(m, mean + half);
        for (int64_t start = 0; start < places; start += CHUNK) {
            int64_t end = start + CHUNK < places ? start + CHUNK : places;
            nn_v8 a = {0}, b = {0};
            for (int64_t i = start; i < end; i++) {
                NN_LOAD(v, x + i * block + half);
                NN_LOAD(g, gradient + i * block + half);
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
void nn_channel_affine(const float *x, int64_t places, int64_t block, const float *scale, const float *shift,
                       float *out) {
    if (block == 1) {
        float a = scale[0], b = shift[0];
        for (int64_t i = 0; i < places; i++) out[i] = x[i] * a + b;
        return;
    }
    for (int64_t i = 0; i < places; i++)
        for (int64_t half = 0; half < block; half += NN_V8) {
            nn_v8 a, b, v;
            NN_LOAD(a, scale + half);
            NN_LOAD(b, shift + half);
            NN_LOAD(v, x + i * block + half);
            v = v * a + b;
            NN_STORE(out + i * block + half, v);
        }
}

SENTIO_KERNEL
void nn_channel_gradient(const float *restrict x, const float *restrict gradient, int64_t places, int64_t block,
                         const float *by_gradient, const float *constant, const float *by_x, int accumulates,
                         float *restrict out) {
    if (block == 1) {
        float a = by_gradient[0], b = constant[0], c = by_x[0];
        if (accumulates)
            for (int64_t i = 0; i < places; i++) out[i] += gradient[i] * a + b + x[i] * c;
        else
            for (int64_t i = 0; i < places; i++) out[i] = gradient[i] * a + b + x[i] * c;
        return;
    }
    for (int64_t i = 0; i < places; i++)
        for (int64_t half = 0; half < block; half += NN_V8) {
            nn_v8 a, b, c, v, g, o = {0};
            NN_LOAD(a, by_gradient + half);
            NN_LOAD(b, constant + half);
            NN_LOAD(c, by_x + half);
            NN_LOAD(v, x + i * block + half);
            NN_LOAD(g, gradient + i * block + half);
            if (accumulates) NN_LOAD(o, out + i * block + half);
            o += g * a + b + v * c;
            NN_STORE(out + i * block + half, o);
        }
}
