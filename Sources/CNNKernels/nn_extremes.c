#include "kernel.h"
#include "nn_kernels.h"
#include "nn_vector.h"

/* Convolutions of one channel with tall kernels, of which only the extremes over the bands are wanted.

   The bands are split in blocks of `block`. With `reuses`, 6 blocks of outputs and 4 blocks of taps (a chunk) take 12
   products instead of 24: outside Winograd's F(3, 2) on pairs of blocks (points 0, 1, -1 and infinity), inside Karatsuba's
   F(2, 2). Chunks are added before the products are combined. Without `reuses` there is one product: the sum itself. */
#define MAPS 6
#define COLUMNS 16
#define PRODUCTS 12

static int64_t products(const nn_extremes_shape *s) { return s->reuses ? PRODUCTS : 1; }

static int64_t groups(const nn_extremes_shape *s) { return (s->maps + MAPS - 1) / MAPS; }

static int64_t out_frames(const nn_extremes_shape *s) { return s->frames + 2 * s->padding - s->length + 1; }

/* Floats of a band: all that the last tile of frames reads. */
static int64_t row_length(const nn_extremes_shape *s) {
    return (out_frames(s) + COLUMNS - 1) / COLUMNS * COLUMNS + s->length + NN_V8;
}

static int64_t chunks(const nn_extremes_shape *s) {
    return s->reuses ? (s->height + 4 * s->block - 1) / (4 * s->block) : 1;
}

/* Bands of a product's input. */
static int64_t input_rows(const nn_extremes_shape *s) {
    return s->reuses ? 4 * s->block * (chunks(s) - 1) + 2 * s->block - 1 : s->bands;
}

/* Whether the kernels of a product have a tap in this row. */
static int has_row(const nn_extremes_shape *s, int64_t product, int64_t chunk, int64_t row) {
    if (!s->reuses) return 1;
    int64_t outer = product / 3, inner = product % 3;
    for (int64_t o = outer == 3; o <= (outer != 0); o++)
        for (int64_t i = inner == 2; i <= (inner != 0); i++)
            if ((4 * chunk + 2 * o + i) * s->block + row < s->height) return 1;
    return 0;
}

static int64_t rows_of_chunk(const nn_extremes_shape *s) { return s->reuses ? s->block : s->height; }

int64_t nn_extremes_rows(const nn_extremes_shape *s) {
    int64_t count = 0;
    for (int64_t product = 0; product < products(s); product++)
        for (int64_t chunk = 0; chunk < chunks(s); chunk++)
            for (int64_t row = 0; row < rows_of_chunk(s); row++) count += has_row(s, product, chunk, row);
    return count;
}

int64_t nn_extremes_kernel_count(const nn_extremes_shape *s) {
    return nn_extremes_rows(s) * s->length * groups(s) * MAPS;
}

int64_t nn_extremes_input_count(const nn_extremes_shape *s) {
    /* The bands themselves and one without sound come first. */
    return (s->bands + 1 + (s->reuses ? PRODUCTS * input_rows(s) : 0)) * row_length(s);
}

/* What the products multiply with, of one tap of a map's kernels in each block of a chunk. */
static void transformed(const float block[4], float out[PRODUCTS]) {
    for (int inner = 0; inner < 2; inner++) {
        float first = block[inner], second = block[2 + inner];
        int at = 2 * inner;
        out[at] = first;
        out[3 + at] = (first + second) / 2;
        out[6 + at] = (first - second) / 2;
        out[9 + at] = second;
    }
    for (int outer = 0; outer < 4; outer++) out[3 * outer + 1] = out[3 * outer] + out[3 * outer + 2];
}

/* One row of kernels of a group of maps, for all products: to[product][frame][map]. */
static void pack_row(const nn_extremes_shape *s, const float *kernels, int64_t group, int64_t chunk, int64_t row,
                     float *const to[PRODUCTS]) {
    for (int64_t m = 0; m < MAPS; m++) {
        int64_t map = group * MAPS + m;
        for (int64_t i = 0; i < s->length; i++) {
            const float *kernel = kernels + (map * s->length + i) * s->height;
            float values[PRODUCTS] = {0}, block[4];
            if (map < s->maps && !s->reuses) values[0] = kernel[row];
            if (map < s->maps && s->reuses) {
                for (int64_t b = 0; b < 4; b++) {
                    int64_t band = (4 * chunk + b) * s->block + row;
                    block[b] = band < s->height ? kernel[band] : 0.0f;
                }
                transformed(block, values);
            }
            for (int64_t p = 0; p < products(s); p++)
                if (to[p]) to[p][i * MAPS + m] = values[p];
        }
    }
}

void nn_extremes_kernels(const nn_extremes_shape *s, const float *kernels, int32_t *rows, float *out) {
    int32_t *offset = rows + PRODUCTS;
    for (int64_t product = 0; product < products(s); product++) {
        rows[product] = 0;
        for (int64_t chunk = 0; chunk < chunks(s); chunk++)
            for (int64_t row = 0; row < rows_of_chunk(s); row++) {
                if (!has_row(s, product, chunk, row)) continue;
                rows[product]++;
                *offset++ = (int32_t)((4 * s->block * chunk + row) * row_length(s));
            }
    }
    for (int64_t group = 0; group < groups(s); group++) {
        float *next[PRODUCTS], *to[PRODUCTS];
        for (int64_t product = 0; product < products(s); product++) {
            next[product] = out;
            out += rows[product] * s->length * MAPS;
        }
        for (int64_t chunk = 0; chunk < chunks(s); chunk++)
            for (int64_t row = 0; row < rows_of_chunk(s); row++) {
                for (int64_t product = 0; product < products(s); product++) {
                    to[product] = has_row(s, product, chunk, row) ? next[product] : NULL;
                    if (to[product]) next[product] += s->length * MAPS;
                }
                pack_row(s, kernels, group, chunk, row, to);
            }
    }
}

/* out = a - b, a + b or a */
NN_INLINE void combine(const float *restrict a, const float *restrict b, int sign, int64_t count, float *restrict out) {
    for (int64_t i = 0; i < count; i++) out[i] = sign < 0 ? a[i] - b[i] : sign > 0 ? a[i] + b[i] : a[i];
}

SENTIO_KERNEL
void nn_extremes_input(const nn_extremes_shape *s, const float *x, float *out) {
    int64_t length = row_length(s), rows = input_rows(s), n = s->block;
    memset(out, 0, (size_t)((s->bands + 1) * length) * sizeof(float));
    for (int64_t band = 0; band < s->bands; band++)
        for (int64_t frame = 0; frame < s->frames; frame++)
            out[band * length + s->padding + frame] = x[frame * s->bands + band];
    if (!s->reuses) return;
    float *made = out + (s->bands + 1) * length;
    for (int64_t row = 0; row < rows; row++) {
        const float *band[4][3];
        for (int64_t outer = 0; outer < 4; outer++)
            for (int64_t inner = 0; inner < 3; inner++) {
                int64_t at = row + (2 * outer + inner) * n;
                band[outer][inner] = out + (at < s->bands ? at : s->bands) * length;
            }
        for (int64_t outer = 0; outer < 4; outer++) {
            /* F(3, 2): x0 - x2, x1 + x2, x2 - x1, x3 - x1 */
            static const int first[4] = {0, 1, 2, 3}, second[4] = {2, 2, 1, 1}, sign[4] = {-1, 1, -1, -1};
            float *target[3];
            for (int64_t inner = 0; inner < 3; inner++) {
                target[inner] = made + ((3 * outer + inner) * rows + row) * length;
                /* The middle one of F(2, 2) is x1, which the other two need. */
                combine(band[first[outer]][inner], band[second[outer]][inner], sign[outer], length, target[inner]);
            }
            for (int64_t i = 0; i < length; i++) {
                target[0][i] -= target[1][i];
                target[2][i] -= target[1][i];
            }
        }
    }
}

/* The sums of one product for MAPS kernels and COLUMNS frames. */
NN_INLINE const float *product(const float *kernels, int64_t length, const int32_t *rows, int64_t count, const float *x,
                               nn_v8 sums[MAPS][2]) {
    nn_v8 c[MAPS][2];
    for (int m = 0; m < MAPS; m++) c[m][0] = c[m][1] = (nn_v8){0};
    for (int64_t row = 0; row < count; row++) {
        const float *b = x + rows[row];
        for (int64_t i = 0; i < length; i++, b++, kernels += MAPS) {
            nn_v8 first, second;
            NN_LOAD(first, b);
            NN_LOAD(second, b + NN_V8);
            for (int m = 0; m < MAPS; m++) {
                float k = kernels[m];
                nn_v8 wide = {k, k, k, k, k, k, k, k};
                c[m][0] += wide * first;
                c[m][1] += wide * second;
            }
        }
    }
    for (int m = 0; m < MAPS; m++) {
        sums[m][0] = c[m][0];
        sums[m][1] = c[m][1];
    }
    return kernels;
}

typedef struct {
    nn_v8 highest[MAPS][2], lowest[MAPS][2];
} extremes;

NN_INLINE void see(extremes *e, int m, int v, const nn_v8 *at) {
    nn_v8 y = *at;
    e->highest[m][v] = NN_SELECT(y > e->highest[m][v], y, e->highest[m][v]);
    e->lowest[m][v] = NN_SELECT(y < e->lowest[m][v], y, e->lowest[m][v]);
}

/* All outputs of MAPS kernels and COLUMNS frames. */
NN_INLINE void tile(const nn_extremes_shape *s, int64_t length, const float *kernels, const int32_t *rows,
                    const float *x, int64_t row_floats, extremes *e) {
    int64_t positions = s->bands - s->height + 1, n = s->block;
    if (!s->reuses) {
        for (int64_t at = 0; at < positions; at++) {
            nn_v8 sums[MAPS][2];
            product(kernels, length, rows + PRODUCTS, rows[0], x + at * row_floats, sums);
            for (int m = 0; m < MAPS; m++)
                for (int v = 0; v < 2; v++) see(e, m, v, &sums[m][v]);
        }
        return;
    }
    int64_t plane = input_rows(s) * row_floats;
    for (int64_t at = 0; at < n; at++) {
        nn_v8 sums[PRODUCTS][MAPS][2];
        const float *k = kernels;
        const int32_t *offsets = rows + PRODUCTS;
        for (int64_t p = 0; p < PRODUCTS; offsets += rows[p], p++)
            k = product(k, length, offsets, rows[p], x + p * plane + at * row_floats, sums[p]);
        for (int m = 0; m < MAPS; m++)
            for (int v = 0; v < 2; v++)
                for (int inner = 0; inner < 2; inner++) {
                    nn_v8 q[4];
                    for (int outer = 0; outer < 4; outer++)
                        q[outer] = sums[3 * outer + 2 * inner][m][v] + sums[3 * outer + 1][m][v];
                    int64_t first = inner * n + at;
                    nn_v8 y[3] = {q[0] + q[1] + q[2], q[1] - q[2], q[1] + q[2] + q[3]};
                    for (int outer = 0; outer < 3; outer++)
                        if (first + 2 * outer * n < positions) see(e, m, v, &y[outer]);
                }
    }
}

SENTIO_KERNEL
void nn_extremes(const nn_extremes_shape *s, const float *kernels, const int32_t *rows, const float *input,
                 const float *bias, float *out) {
    int64_t row_floats = row_length(s), frames = out_frames(s);
    int64_t group_floats = nn_extremes_rows(s) * s->length * MAPS;
    if (s->reuses) input += (s->bands + 1) * row_floats;
    for (int64_t frame = 0; frame < frames; frame += COLUMNS)
        for (int64_t group = 0; group < groups(s); group++) {
            extremes e;
            for (int m = 0; m < MAPS; m++)
                for (int v = 0; v < 2; v++) {
                    e.highest[m][v] = (nn_v8){0} - __builtin_inff();
                    e.lowest[m][v] = (nn_v8){0} + __builtin_inff();
                }
            const float *k = kernels + group * group_floats;
            /* Timbral filters are seven frames long: a constant that the compiler unrolls. */
            if (s->length == 7) tile(s, 7, k, rows, input + frame, row_floats, &e);
            else tile(s, s->length, k, rows, input + frame, row_floats, &e);
            for (int m = 0; m < MAPS && group * MAPS + m < s->maps; m++) {
                int64_t map = group * MAPS + m;
                for (int64_t i = 0; i < COLUMNS && frame + i < frames; i++) {
                    float *to = out + (map * frames + frame + i) * 2;
                    to[0] = e.highest[m][i / NN_V8][i % NN_V8] + (bias ? bias[map] : 0.0f);
                    to[1] = e.lowest[m][i / NN_V8][i % NN_V8] + (bias ? bias[map] : 0.0f);
                }
            }
        }
}
