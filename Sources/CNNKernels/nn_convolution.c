#include "kernel.h"
#include "nn_kernels.h"
#include "nn_vector.h"

/* One row of gradients times one row of x, for one column of the kernel: acc += g[o] * x[o * stride + shift]. */
NN_INLINE void row_column(const float *g, int64_t block, int64_t columns, const float *x, int64_t width, int64_t stride,
                          int64_t shift, nn_v8 *sum) {
    int64_t first = shift < 0 ? (-shift + stride - 1) / stride : 0, last = (width - 1 - shift) / stride;
    if (last > columns - 1) last = columns - 1;
    nn_v8 acc = *sum;
    for (int64_t o = first; o <= last; o++) {
        nn_v8 v;
        NN_LOAD(v, g + o * block);
        acc += v * x[o * stride + shift];
    }
    *sum = acc;
}

/* All nine elements of a 3 x 3 kernel with stride 1 and padding 1, so that the gradient is read only once. Rows outside
   the input are NULL. */
NN_INLINE void rows_3x3(const float *g, int64_t block, int64_t columns, const float *const *rows, nn_v8 *sums) {
    nn_v8 a[9];
    for (int i = 0; i < 9; i++) a[i] = sums[i];
    for (int64_t o = 1; o + 1 < columns; o++) {
        nn_v8 v;
        NN_LOAD(v, g + o * block);
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 3; c++) a[3 * r + c] += v * rows[r][o + c - 1];
    }
    for (int i = 0; i < 9; i++) sums[i] = a[i];
    for (int64_t o = 0; o < columns; o += columns > 1 ? columns - 1 : 1) {
        nn_v8 v;
        NN_LOAD(v, g + o * block);
        for (int r = 0; r < 3; r++)
            for (int c = 0; c < 3; c++)
                if (o + c - 1 >= 0 && o + c - 1 < columns) sums[3 * r + c] += v * rows[r][o + c - 1];
    }
}

/* Two rows of a 4 x 4 kernel with stride 2 and padding 1: eight kernel elements at once. Rows outside the input are
   NULL. */
NN_INLINE void rows_2x4(const float *g, int64_t block, int64_t columns, const float *const rows[2], int64_t width,
                        nn_v8 *sums) {
    nn_v8 a[8];
    for (int i = 0; i < 8; i++) a[i] = sums[i];
    for (int64_t o = 1; o + 1 < columns; o++) {
        nn_v8 v;
        NN_LOAD(v, g + o * block);
        for (int r = 0; r < 2; r++)
            for (int c = 0; c < 4; c++) a[4 * r + c] += v * rows[r][2 * o + c - 1];
    }
    for (int i = 0; i < 8; i++) sums[i] = a[i];
    for (int64_t o = 0; o < columns; o += columns > 1 ? columns - 1 : 1) {
        nn_v8 v;
        NN_LOAD(v, g + o * block);
        for (int r = 0; r < 2; r++)
            for (int c = 0; c < 4; c++)
                if (2 * o + c - 1 >= 0 && 2 * o + c - 1 < width) sums[4 * r + c] += v * rows[r][2 * o + c - 1];
    }
}

SENTIO_KERNEL
void nn_kernel_gradient_1(const float *x, int64_t height, int64_t width, const float *gradient, int64_t groups,
                          int64_t block, int64_t rows, int64_t columns, const int64_t kernel[2], const int64_t stride[2],
                          const int64_t padding[2], int64_t apart, float *out, float *bias) {
        int is_3x3 = kernel[0] == 3 && kernel[1] == 3 && stride[0] == 1 && stride[1] == 1 && padding[0] == 1 &&
                 padding[1] == 1 && columns == width && columns > 1;
    int is_4x4 = kernel[0] == 4 && kernel[1] == 4 && stride[0] == 2 && stride[1] == 2 && padding[0] == 1 &&
                 padding[1] == 1 && columns > 1;
    for (int64_t group = 0; group < groups; group++)
        for (int64_t half = 0; half < block; half += NN_V8) {
            float *to = out + (group * block + half) * apart;
            for (int64_t row = 0; row < rows; row++) {
                const float *g = gradient + ((group * rows + row) * columns) * block + half;
                if (bias) {
                    nn_v8 a = {0}, v;
                    for (int64_t o = 0; o < columns; o++) {
                        NN_LOAD(v, g + o * block);
                        a += v;
                    }
                    for (int l = 0; l < NN_V8; l++) bias[group * block + half + l] += a[l];
                }
                if (is_3x3 && row > 0 && row + 1 < height) {
                    const float *r[3] = {x + (row - 1) * width, x + row * width, x + (row + 1) * width};
                    nn_v8 sums[9] = {0};
                    rows_3x3(g, block, columns, r, sums);
                    for (int tap = 0; tap < 9; tap++)
                        for (int l = 0; l < NN_V8; l++) to[l * apart + tap] += sums[tap][l];
                    continue;
                }
                if (is_4x4 && 2 * row - 1 >= 0 && 2 * row + 2 < height) {
                    for (int pair = 0; pair < 2; pair++) {
                        const float *first = x + (2 * row - 1 + 2 * pair) * width, *r[2] = {first, first + width};
                        nn_v8 sums[8] = {0};
                        rows_2x4(g, block, columns, r, width, sums);
                        for (int tap = 0; tap < 8; tap++)
                            for (int l = 0; l < NN_V8; l++) to[l * apart + 8 * pair + tap] += sums[tap][l];
                    }
                    continue;
                }
                for (int64_t i = 0; i < kernel[0]; i++) {
                    int64_t from = row * stride[0] + i - padding[0];
                    if (from < 0 || from >= height) continue;
                    for (int64_t j = 0; j < kernel[1]; j++) {
                        nn_v8 sum = {0};
                        row_column(g, block, columns, x + from * width, width, stride[1], j - padding[1], &sum);
                        for (int l = 0; l < NN_V8; l++) to[l * apart + i * kernel[1] + j] += sum[l];
                    }
                }
            }
        }
}
