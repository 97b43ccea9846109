#include "kernel.h"
#include "nn_kernels.h"
#include "nn_vector.h"

/* Batch normalization, ReLU, max pooling and dropout of one group of channels in one pass over x. */

#define NONE 255

/* For each of the elements first..<first + 8 of the sample: all bits set if dropout keeps it. */
NN_INLINE void kept_lanes(uint64_t key, uint32_t first, uint32_t threshold, nn_i8 *kept) {
    nn_u8 x = {0, 1, 2, 3, 4, 5, 6, 7};
    x = (x + first) ^ (uint32_t)key;
    for (int round = 0; round < 2; round++) {
        x ^= x >> 16;
        x *= 0x85ebca6bu;
        x ^= x >> 13;
        x *= 0xc2b2ae35u;
        x ^= x >> 16;
        if (round == 0) x += (uint32_t)(key >> 32);
    }
    *kept = (nn_i8)(x >= threshold);
}

NN_INLINE void widen(const uint8_t *places, nn_i8 *out) {
    nn_b8 b;
    NN_LOAD(b, places);
    *out = __builtin_convertvector(b, nn_i8);
}

SENTIO_KERNEL
void nn_norm_pool(const float *x, int64_t height, int64_t width, int64_t block, const float *scale, const float *shift,
                  int64_t pool_height, int64_t pool_width, uint64_t key, uint32_t first, uint32_t threshold, float keep,
                  float *out, float *found, uint8_t *places) {
    int64_t rows = height / pool_height, columns = width / pool_width;
    for (int64_t row = 0; row < rows; row++)
        for (int64_t column = 0; column < columns; column++)
            for (int64_t half = 0; half < block; half += NN_V8) {
                nn_v8 a, b, best, at, v;
                NN_LOAD(a, scale + half);
                NN_LOAD(b, shift + half);
                const float *from = x + ((row * pool_height) * width + column * pool_width) * block + half;
                NN_LOAD(at, from);
                best = at * a + b;
                nn_i8 place = {0}, k = {0};
                for (int64_t i = 0; i < pool_height; i++)
                    for (int64_t j = 0; j < pool_width; j++) {
                        NN_LOAD(v, from + (i * width + j) * block);
                        nn_v8 y = v * a + b;
                        nn_i8 more = y > best;
                        best = NN_SELECT(more, y, best);
                        at = NN_SELECT(more, v, at);
                        place = NN_SELECT(more, k, place);
                        k += 1;
                    }
                nn_v8 zero = {0};
                nn_i8 alive = best > zero;
                best = (nn_v8)((nn_i8)best & alive);
                int64_t to = (row * columns + column) * block + half;
                if (threshold) {
                    nn_i8 kept;
                    kept_lanes(key, first + (uint32_t)to, threshold, &kept);
                    best = (nn_v8)((nn_i8)(best * keep) & kept);
                    alive &= kept;
                }
                NN_STORE(out + to, best);
                if (!places) continue;
                NN_STORE(found + to, at);
                nn_i8 none = (nn_i8){0} + NONE;
                place = NN_SELECT(alive, place, none);
                nn_b8 narrow = __builtin_convertvector((nn_u8)place, nn_b8);
                NN_STORE(places + to, narrow);
            }
}

SENTIO_KERNEL
void nn_norm_pool_dots(const float *gradient, const float *found, const uint8_t *places, int64_t count, int64_t block,
                       const float *mean, double *sums, double *dots) {
    for (int64_t half = 0; half < block; half += NN_V8) {
        nn_v8 m, g, v;
        nn_i8 place;
        NN_LOAD(m, mean + half);
        for (int64_t start = 0; start < count; start += 512) {
            int64_t end = start + 512 < count ? start + 512 : count;
            nn_v8 a = {0}, b = {0};
            for (int64_t i = start; i < end; i++) {
                int64_t at = i * block + half;
                NN_LOAD(g, gradient + at);
                NN_LOAD(v, found + at);
                widen(places + at, &place);
                g = (nn_v8)((nn_i8)g & (place != NONE));
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
void nn_norm_pool_gradient(const float *x, int64_t height, int64_t width, int64_t block, const float *gradient,
                           const uint8_t *places, int64_t pool_height, int64_t pool_width, const float *by_gradient,
                           const float *constant, const float *by_x, int accumulates, float *out) {
    int64_t rows = height / pool_height, columns = width / pool_width;
    for (int64_t h = 0; h < height; h++)
        for (int64_t column = 0; column * pool_width < width; column++) {
            int64_t row = h / pool_height, base = (h % pool_height) * pool_width, start = column * pool_width;
            int64_t end = start + pool_width < width ? start + pool_width : width;
            int is_inside = row < rows && column < columns;
            for (int64_t half = 0; half < block; half += NN_V8) {
                nn_v8 a, b, c, g = {0}, v, o;
                nn_i8 place = {0};
                place += NONE;
                NN_LOAD(a, by_gradient + half);
                NN_LOAD(b, constant + half);
                NN_LOAD(c, by_x + half);
                if (is_inside) {
                    int64_t at = (row * columns + column) * block + half;
                    NN_LOAD(g, gradient + at);
                    widen(places + at, &place);
                    g *= a;
                }
                for (int64_t w = start; w < end; w++) {
                    float *to = out + (h * width + w) * block + half;
                    nn_i8 mine = place == (int32_t)(base + w - start);
                    NN_LOAD(v, x + (h * width + w) * block + half);
                    v = (nn_v8)((nn_i8)g & mine) + b + v * c;
                    if (accumulates) {
                        NN_LOAD(o, to);
                        v += o;
                    }
                    NN_STORE(to, v);
                }
            }
        }
}
